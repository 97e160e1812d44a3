/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Composition: all layers of a picture to one, a line at a time.
 */
#ifndef _PRIMESIM_COMPOSE_H_
#define _PRIMESIM_COMPOSE_H_

#include <linux/types.h>

struct primesim_composer;
struct primesim_picture;

/* Takes line @y of the monitor's picture, XRGB8888. An error ends the composition. */
typedef int (*primesim_line_fn)(void *context, u32 y, const u32 *line, u32 width);
/* The same with 16 bits a channel, before that is rounded */
typedef int (*primesim_wide_line_fn)(void *context, u32 y, const u64 *line, u32 width);

struct primesim_composer *primesim_composer_create(void);
void primesim_composer_destroy(struct primesim_composer *composer);

int primesim_compose(struct primesim_composer *composer, const struct primesim_picture *picture,
		     primesim_line_fn take, void *context);
int primesim_compose_wide(struct primesim_composer *composer,
			  const struct primesim_picture *picture, primesim_wide_line_fn take,
			  void *context);
int primesim_compose_crc(struct primesim_composer *composer,
			 const struct primesim_picture *picture, u32 *crc);

#endif /* _PRIMESIM_COMPOSE_H_ */
