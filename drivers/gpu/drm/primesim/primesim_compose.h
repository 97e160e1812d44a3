/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _PRIMESIM_COMPOSE_H_
#define _PRIMESIM_COMPOSE_H_

#include <linux/types.h>

struct primesim_picture;

int primesim_compose_crc(const struct primesim_picture *picture, u32 *crc);

#endif /* _PRIMESIM_COMPOSE_H_ */
