/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * What simbuf.ko tells userspace about one buffer, as seen by one simulated
 * device. primesim and camsim embed it in their own ioctls.
 */
#ifndef _UAPI_LINUX_SIMBUF_H
#define _UAPI_LINUX_SIMBUF_H

#include <linux/types.h>

/* enum simbuf_placement values for &struct simbuf_info.placement */
#define SIMBUF_PLACEMENT_NONE		0	/* no backing pages chosen yet */
#define SIMBUF_PLACEMENT_SCATTERED	1	/* folios, as large as could be had */
#define SIMBUF_PLACEMENT_FOREIGN	2	/* chosen by another driver's exporter */
#define SIMBUF_PLACEMENT_CONTIGUOUS	3	/* one range of physical addresses */
#define SIMBUF_PLACEMENT_LOW		4	/* several ranges, address-limited */
#define SIMBUF_PLACEMENT_CARVEOUT	5	/* one range of the pool reserved at load */
#define SIMBUF_PLACEMENT_LOCAL		6	/* the exporting device's local memory */

/**
 * struct simbuf_info - one buffer and the mapping one device has of it
 * @buffer_id: identity of the buffer in simbuf.ko, unique until reboot, never 0.
 *	The same memory has the same @buffer_id in both drivers.
 * @size: size of the buffer in bytes.
 * @page_id: identity of the pages behind this device's mapping, 0 when it has
 *	none. Two mappings with the same non-zero value reach the same physical
 *	pages in the same order. A keyed hash: it says nothing about addresses.
 * @device_read: bytes that simulated devices have read from the buffer.
 * @device_written: bytes that simulated devices have written to the buffer.
 * @cpu_copied: bytes the kernel's CPU has copied into or out of the buffer,
 *	moves from one placement to another included.
 * @cpu_faulted: bytes of pages userspace has faulted in through mmap.
 * @cpu_mappings: number of CPU mappings (mmap and vmap) alive now.
 * @segments: number of DMA segments in this device's mapping, 0 when it has none.
 * @page_runs: number of physically contiguous runs behind this device's mapping.
 * @placement: where the backing memory is (SIMBUF_PLACEMENT_*).
 *
 * For memory of foreign exporters (@placement is SIMBUF_PLACEMENT_FOREIGN)
 * the CPU counters cover only what went through simbuf.ko.
 */
struct simbuf_info {
	__u64 buffer_id;
	__u64 size;
	__u64 page_id;
	__u64 device_read;
	__u64 device_written;
	__u64 cpu_copied;
	__u64 cpu_faulted;
	__u32 cpu_mappings;
	__u32 segments;
	__u32 page_runs;
	__u32 placement;
};

#endif /* _UAPI_LINUX_SIMBUF_H */
