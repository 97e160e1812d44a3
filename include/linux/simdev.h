/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * simdev - a simulated device's view of memory.
 */
#ifndef _LINUX_SIMDEV_H
#define _LINUX_SIMDEV_H

#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/types.h>

struct sg_table;
struct simbuf_stats;
struct simdev;
struct simdev_mapping;

/* Room for the name of a profile, with its end */
#define SIMDEV_PROFILE_NAME	32

/* What the page allocator can serve wherever it runs, and more than any device asks. */
#define SIMDEV_MAX_ALIGNMENT	(4ULL << 20)
/* What a model is called that is no profile's */
#define SIMDEV_CUSTOM		"custom"

/**
 * struct simdev_model - how a simulated device reaches memory
 * @name: name of the profile, for messages.
 * @iommu: scattered pages appear to the device as one range of I/O virtual
 *	addresses; otherwise it sees physical addresses.
 * @coherent: the device sees what the CPU's caches hold. Otherwise it sees
 *	memory as of the last synchronisation for it, and the CPU what the device
 *	wrote as of the last synchronisation for the CPU.
 * @bounce: memory beyond @dma_bits is replaced by a copy within, silently, and
 *	copied again only at synchronisations; otherwise it is refused.
 * @count_faults: a DMA fault is counted and recorded, and the engine goes on: it
 *	reads zeroes, and its writes are lost. Otherwise the fault is an error of
 *	that frame or job.
 * @vmap_fallback: what an exporter cannot map for the device is reached through
 *	the kernel's CPU mapping of it instead, if it has one; counted.
 * @dma_bits: width of the device's DMA addresses, 24 .. 64.
 * @max_segments: segments it can be programmed with; 0: any number.
 * @max_segment_size: bytes in one segment; 0: any number.
 * @boundary: no segment may cross a multiple of this power of two; 0: none.
 * @alignment: every segment starts at a multiple of this power of two, from a page
 *	to SIMDEV_MAX_ALIGNMENT; 0: at any page.
 *
 * Pure data.
 */
struct simdev_model {
	char name[SIMDEV_PROFILE_NAME];
	bool iommu;
	bool coherent;
	bool bounce;
	bool count_faults;
	bool vmap_fallback;
	unsigned int dma_bits;
	unsigned int max_segments;
	unsigned int max_segment_size;
	u64 boundary;
	u64 alignment;
};

int simdev_model_get(const char *name, struct simdev_model *model);
const char *simdev_model_valid(const struct simdev_model *model);

struct simdev *simdev_create(struct device *parent, const char *name,
			     const struct simdev_model *model);
void simdev_unplug(struct simdev *sd);
struct simdev *simdev_get(struct simdev *sd);
void simdev_put(struct simdev *sd);
struct device *simdev_device(struct simdev *sd);
const char *simdev_name(const struct simdev *sd);
u64 simdev_faults(const struct simdev *sd);

/**
 * struct simdev_window - an engine's access to memory, one piece at a time
 * @sd: the device whose engine accesses memory.
 * @sgt: the DMA addresses the engine was programmed with, a descriptor list:
 *	offsets count from the start of its first segment. Must stay mapped while
 *	the window is open; if it does not, accesses are DMA faults.
 * @dir: DMA_TO_DEVICE when the device reads memory, DMA_FROM_DEVICE when it
 *	writes.
 * @staging: memory of the caller's for pieces that are not contiguous; may be
 *	%NULL when @staging_size is 0.
 * @staging_size: bytes in @staging: the longest piece that may be asked for.
 *
 * A window belongs to one thread. Nothing is allocated and nothing sleeps
 * while it is open, so it may be used where a dma-fence is being signalled.
 */
struct simdev_window {
	struct simdev *sd;
	const struct sg_table *sgt;
	enum dma_data_direction dir;
	void *staging;
	size_t staging_size;
	/* private: the contiguous run under the window */
	struct simdev_mapping *mapping;
	size_t first;
	size_t last;
	u8 *cpu;
	/* private: what waits in @staging to be written back */
	size_t staged_at;
	size_t staged;
	u64 bytes;
	int error;
};

void simdev_window_open(struct simdev_window *win, struct simdev *sd,
			const struct sg_table *sgt, enum dma_data_direction dir,
			void *staging, size_t staging_size);
void *simdev_window_at(struct simdev_window *win, size_t offset, size_t len);
int simdev_window_write_rows(struct simdev_window *win, size_t offset, size_t stride,
			     size_t rows, const void *row, size_t len);
int simdev_window_close(struct simdev_window *win);

#endif /* _LINUX_SIMDEV_H */
