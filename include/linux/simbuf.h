/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * simbuf - shareable buffers for simulated devices.
 *
 * A &struct simbuf is one piece of memory. A &struct simbuf_attachment is one
 * simulated device's access to it. Drivers allocate with simbuf_create() and
 * export with simbuf_export(), or take a dma-buf of anybody's with
 * simbuf_attach_dmabuf(); from then on both look the same to them.
 */
#ifndef _LINUX_SIMBUF_H
#define _LINUX_SIMBUF_H

#include <linux/atomic.h>
#include <linux/dma-direction.h>
#include <linux/iosys-map.h>
#include <linux/simdev.h>
#include <linux/types.h>
#include <uapi/linux/simbuf.h>

struct dma_buf;
struct dma_resv;
struct module;
struct simbuf;
struct simbuf_attachment;
struct simbuf_budget;
struct simbuf_pool;
struct vm_area_struct;

/**
 * struct simbuf_stats - who moved how many bytes of one buffer
 * @device_read: bytes read by simulated devices.
 * @device_written: bytes written by simulated devices.
 * @cpu_copied: bytes copied by the kernel's CPU.
 * @cpu_faulted: bytes of pages faulted in by userspace.
 * @cpu_mappings: CPU mappings alive.
 */
struct simbuf_stats {
	atomic64_t device_read;
	atomic64_t device_written;
	atomic64_t cpu_copied;
	atomic64_t cpu_faulted;
	atomic_t cpu_mappings;
};

/**
 * struct simbuf_policy - what drivers do differently
 * @name: for module parameters and messages.
 * @pin_on_export: the memory is chosen when the buffer is exported and never
 *	moves again while it is, whoever attaches later; otherwise it is chosen
 *	and pinned at the first mapping, when the attached devices are known.
 * @before_map: called with the reservation held before a device gets addresses;
 *	may wait, interruptibly. An error fails the mapping. May be %NULL.
 */
struct simbuf_policy {
	const char *name;
	bool pin_on_export;
	int (*before_map)(struct simbuf *buf);
};

const struct simbuf_policy *simbuf_policy_find(const char *name);

/**
 * struct simbuf_pool_usage - how full a pool is
 * @size: bytes in all.
 * @free: bytes nobody has.
 * @evictions: how often a buffer had to leave to make room.
 */
struct simbuf_pool_usage {
	u64 size;
	u64 free;
	u32 evictions;
};

/* Local memory of a device */
struct simbuf_pool *simbuf_pool_create(struct device *home, size_t size);
void simbuf_pool_put(struct simbuf_pool *pool);
void simbuf_pool_usage(struct simbuf_pool *pool, struct simbuf_pool_usage *usage);

/* How much memory a client may have */
struct simbuf_budget *simbuf_budget_create(u64 limit);
void simbuf_budget_put(struct simbuf_budget *budget);
void simbuf_charge_to(struct simbuf *buf, struct simbuf_budget *budget);

/* Buffers of our own */
struct simbuf *simbuf_create(size_t size, const char *exporter,
			     const struct simbuf_policy *policy);
void simbuf_prefer(struct simbuf *buf, struct simbuf_pool *pool);
struct simbuf *simbuf_get(struct simbuf *buf);
void simbuf_put(struct simbuf *buf);
u32 simbuf_placement(const struct simbuf *buf);
size_t simbuf_size(const struct simbuf *buf);
struct dma_resv *simbuf_resv(struct simbuf *buf);
int simbuf_mmap(struct simbuf *buf, struct vm_area_struct *vma);
int simbuf_vmap(struct simbuf *buf, struct iosys_map *map);
void simbuf_vunmap(struct simbuf *buf, struct iosys_map *map);
int simbuf_vmap_unlocked(struct simbuf *buf, struct iosys_map *map);
void simbuf_vunmap_unlocked(struct simbuf *buf, struct iosys_map *map);
void simbuf_account_cpu_copy(struct simbuf *buf, size_t bytes);

/**
 * struct simbuf_export_info - how to export a buffer
 * @owner: module that the dma-buf's file keeps loaded: the driver, THIS_MODULE.
 * @flags: O_CLOEXEC, and O_RDWR or O_RDONLY: the file's access mode.
 * @device: identity of the exporting device, compared by simbuf_self_import(). Until
 *	@release it must stay what it is: something else at its address would be taken
 *	for it. %NULL when the driver does not take its own dma-bufs back.
 * @priv: the driver's own object, kept alive by the caller's reference to it,
 *	which moves to the dma-buf when simbuf_export() succeeds.
 * @release: drops that reference; called once, unlocked, when the dma-buf dies.
 */
struct simbuf_export_info {
	struct module *owner;
	int flags;
	const void *device;
	void *priv;
	void (*release)(void *priv);
};

struct dma_buf *simbuf_export(struct simbuf *buf, const struct simbuf_export_info *info);
void *simbuf_self_import(struct dma_buf *dmabuf, const void *device);

/* A device's access to a buffer of anybody's */
#define SIMBUF_ATTACH_DYNAMIC	(1 << 0)	/* the buffer may move: see simbuf_validate() */

struct simbuf_attachment *simbuf_attach(struct simbuf *buf, struct simdev *sd,
					unsigned int flags);
struct simbuf_attachment *simbuf_attach_dmabuf(struct dma_buf *dmabuf, struct simdev *sd,
					       unsigned int flags);
void simbuf_detach(struct simbuf_attachment *att);

int simbuf_map(struct simbuf_attachment *att, enum dma_data_direction dir);
int simbuf_map_unlocked(struct simbuf_attachment *att, enum dma_data_direction dir);
int simbuf_validate(struct simbuf_attachment *att);
void simbuf_unmap(struct simbuf_attachment *att);
void simbuf_unmap_unlocked(struct simbuf_attachment *att);

struct simbuf *simbuf_attachment_buf(const struct simbuf_attachment *att);
struct dma_buf_attachment *simbuf_attachment_base(const struct simbuf_attachment *att);
bool simbuf_attachment_writable(const struct simbuf_attachment *att);
void simbuf_window_open(struct simdev_window *win, struct simbuf_attachment *att,
			enum dma_data_direction dir, void *staging, size_t staging_size);
void simbuf_describe(struct simbuf_attachment *att, struct simbuf_info *info);
void simbuf_describe_buf(struct simbuf *buf, struct simbuf_info *info);

/* Saying why */
__printf(4, 5)
int simbuf_refuse(int err, const struct simbuf *buf, const struct simdev *sd,
		  const char *fmt, ...);

#endif /* _LINUX_SIMBUF_H */
