/* SPDX-License-Identifier: MIT */
/* Modes: choosing one and making one up. Pure logic. */
#ifndef PP_DISPLAY_MODE_H
#define PP_DISPLAY_MODE_H

#include <stdint.h>
#include <xf86drmMode.h>

/* The connector's mode of that size, the nearest to 60 Hz; NULL when there is none. */
const drmModeModeInfo *pp_mode_find(const drmModeConnector *connector, uint32_t width,
				    uint32_t height);
/* Never NULL when the connector has modes. */
const drmModeModeInfo *pp_mode_preferred(const drmModeConnector *connector);
/* 60 Hz, with blanking that only a display without a cable would take. */
drmModeModeInfo pp_mode_make(uint32_t width, uint32_t height);

#endif
