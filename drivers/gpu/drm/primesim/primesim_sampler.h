/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A layer as it appears on the CRTC: rotated and scaled, a line at a time.
 */
#ifndef _PRIMESIM_SAMPLER_H_
#define _PRIMESIM_SAMPLER_H_

#include "primesim_reader.h"
#include "primesim_wide.h"

/**
 * struct primesim_sampler - lines of a layer
 * @reader: where its pixels come from.
 * @rows: two lines of the layer's source, scaled across, and the line that both are mixed to.
 * @held: the source lines that are in the first two of @rows, or -1: even ones in the first.
 * @across: from a source line to a line on the CRTC.
 * @down: the same from line to line.
 * @nearest: no pixels are mixed.
 *
 * Belongs to one thread. Between primesim_sampler_open() and _close() nothing is
 * allocated and nothing sleeps.
 */
struct primesim_sampler {
	struct primesim_reader reader;
	u64 *rows[3];
	s64 held[2];
	struct primesim_span across;
	struct primesim_span down;
	bool nearest;
};

int primesim_sampler_alloc(struct primesim_sampler *sampler, u32 source_pixels, u32 pixels);
void primesim_sampler_free(struct primesim_sampler *sampler);

int primesim_sampler_open(struct primesim_sampler *sampler, const struct primesim_layer *layer);
const u64 *primesim_sampler_line(struct primesim_sampler *sampler, u32 number);
bool primesim_sampler_is_narrow(const struct primesim_sampler *sampler);
u32 *primesim_sampler_narrow_line(struct primesim_sampler *sampler, u32 number);
int primesim_sampler_close(struct primesim_sampler *sampler);

#endif /* _PRIMESIM_SAMPLER_H_ */
