/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Colours as pixel formats store them. Pure logic, also compiled in userspace.
 */
#ifndef _CAMSIM_COLOUR_H_
#define _CAMSIM_COLOUR_H_

#include <linux/types.h>
#include <linux/videodev2.h>

/* What the samples of a format mean. */
enum camsim_model {
	CAMSIM_YCBCR,	/* Y', Cb, Cr */
	CAMSIM_RGB,	/* R', G', B' */
	CAMSIM_RAW,	/* the same as a sensor has them: always full range */
};

/**
 * struct camsim_coding - how colours become samples
 * @model: what the samples are.
 * @bits: of a sample, 8 or 10.
 * @full_range: from 0 to the largest number of so many bits, else limited range.
 * @encoding: matrix of Y'CbCr.
 */
struct camsim_coding {
	enum camsim_model model;
	u8 bits;
	bool full_range;
	enum v4l2_ycbcr_encoding encoding;
};

/* Of &camsim_colour.sample: besides the three of the model, what fills unused bits. */
#define CAMSIM_NUM_SAMPLES	4
#define CAMSIM_FILLER		3

/**
 * struct camsim_colour - one colour, ready to be stored
 * @sample: in the order of &enum camsim_model, then ones.
 */
struct camsim_colour {
	u16 sample[CAMSIM_NUM_SAMPLES];
};

bool camsim_colour_has_matrix(enum v4l2_ycbcr_encoding encoding);
void camsim_colour_init(struct camsim_colour *colour, u32 rgb, const struct camsim_coding *coding);

#endif /* _CAMSIM_COLOUR_H_ */
