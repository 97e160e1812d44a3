/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * simstamp - the frame number and time that a camera writes into its pixels.
 *
 * Pure logic, also compiled in userspace.
 */
#ifndef _LINUX_SIMSTAMP_H
#define _LINUX_SIMSTAMP_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stdint.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#endif

/*
 * The stamp is a grid of black and white cells in the picture's upper left
 * corner. Its place is relative to the picture, so it survives scaling; it has
 * no colour, so it survives conversion and chroma subsampling. A cell is 1/64
 * of the picture's width and 1/48 of its height; cell (column, line) covers
 * pixels from column * width / 64 to (column + 1) * width / 64, rounded down.
 * A picture must be at least SIMSTAMP_MIN_WIDTH x SIMSTAMP_MIN_HEIGHT.
 */
#define SIMSTAMP_COLUMNS	32
#define SIMSTAMP_LINES		4
#define SIMSTAMP_BYTES		(SIMSTAMP_COLUMNS * SIMSTAMP_LINES / 8)
#define SIMSTAMP_H_CELLS	64
#define SIMSTAMP_V_CELLS	48
#define SIMSTAMP_MIN_WIDTH	SIMSTAMP_H_CELLS
#define SIMSTAMP_MIN_HEIGHT	SIMSTAMP_V_CELLS
#define SIMSTAMP_MAGIC		0xa5

/**
 * struct simstamp - what a frame says about itself
 * @sequence: the camera's frame number.
 * @timestamp: CLOCK_MONOTONIC nanoseconds at which the frame was made.
 * @camera: number of the camera.
 */
struct simstamp {
	u32 sequence;
	u64 timestamp;
	u8 camera;
};

/* Results of simstamp_decode() */
enum simstamp_status {
	SIMSTAMP_NONE,		/* no stamp there */
	SIMSTAMP_VALID,
	SIMSTAMP_DAMAGED,	/* a stamp whose checksum is wrong */
};

/* First pixel of cell @cell of @cells along @pixels, and the pixel to sample. */
static inline u32 simstamp_cell_start(u32 pixels, u32 cells, u32 cell)
{
	return (u32)((u64)pixels * cell / cells);
}

static inline u32 simstamp_cell_centre(u32 pixels, u32 cells, u32 cell)
{
	return (u32)((u64)pixels * (2 * cell + 1) / (2 * cells));
}

void simstamp_encode(const struct simstamp *stamp, u8 bytes[SIMSTAMP_BYTES]);
enum simstamp_status simstamp_decode(const u8 bytes[SIMSTAMP_BYTES], struct simstamp *stamp);

/* The bit of cell (@column, @line): 1 is white. Most significant bit first. */
static inline bool simstamp_bit(const u8 bytes[SIMSTAMP_BYTES], u32 column, u32 line)
{
	u32 bit = line * SIMSTAMP_COLUMNS + column;

	return bytes[bit / 8] & (0x80 >> (bit % 8));
}

#endif /* _LINUX_SIMSTAMP_H */
