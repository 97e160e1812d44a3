// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The DMA operations of simulated devices. Whoever maps memory for one - our
 * exporter, GEM helpers, udmabuf, dma-heaps, videobuf2 - arrives here and gets
 * addresses of the device's own address space.
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/memremap.h>
#include <linux/mm.h>

#include "simdev_internal.h"

/*
 * Applies @sync to what is mapped at each DMA address of @sgl. References keep
 * the mapping while the lock of the address space is dropped.
 */
static void sync_range(struct simdev *sd, dma_addr_t addr, enum dma_data_direction dir,
		       void (*sync)(struct simdev_mapping *mapping))
{
	struct simdev_mapping *mapping = simdev_space_find(&sd->space, addr, dir);

	if (!mapping)
		return;
	sync(mapping);
	simdev_mapping_put(mapping);
}

static void sync_sg(struct device *dev, struct scatterlist *sgl, int nents,
		    enum dma_data_direction dir,
		    void (*sync)(struct simdev_mapping *mapping))
{
	struct simdev *sd = to_simdev(dev);
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		if (!sg_dma_len(sg))
			break;
		sync_range(sd, sg_dma_address(sg), dir, sync);
	}
}

static void simdev_sync_sg_for_cpu(struct device *dev, struct scatterlist *sgl, int nents,
				   enum dma_data_direction dir)
{
	sync_sg(dev, sgl, nents, dir, simdev_view_sync_for_cpu);
}

static void simdev_sync_sg_for_device(struct device *dev, struct scatterlist *sgl, int nents,
				      enum dma_data_direction dir)
{
	sync_sg(dev, sgl, nents, dir, simdev_view_sync_for_device);
}

static void simdev_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
				       enum dma_data_direction dir)
{
	sync_range(to_simdev(dev), addr, dir, simdev_view_sync_for_cpu);
}

static void simdev_sync_single_for_device(struct device *dev, dma_addr_t addr, size_t size,
					  enum dma_data_direction dir)
{
	sync_range(to_simdev(dev), addr, dir, simdev_view_sync_for_device);
}

/* Memory behind a PCI BAR is not in the direct map: we cannot play its device. */
static bool reachable(struct scatterlist *sgl, int nents)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		if (!sg_page(sg) || is_pci_p2pdma_page(sg_page(sg)))
			return false;
	}
	return true;
}

static void simdev_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents,
			    enum dma_data_direction dir, unsigned long attrs)
{
	struct simdev *sd = to_simdev(dev);
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		if (!sg_dma_len(sg))
			break;
		if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
			sync_range(sd, sg_dma_address(sg), dir, simdev_view_sync_for_cpu);
		simdev_space_unmap(&sd->space, sg_dma_address(sg), sg_dma_len(sg), dir);
		sg_dma_len(sg) = 0;
	}
}

static int simdev_map_sg(struct device *dev, struct scatterlist *sgl, int nents,
			 enum dma_data_direction dir, unsigned long attrs)
{
	struct simdev *sd = to_simdev(dev);
	struct scatterlist *in = sgl, *out = sgl;
	int left = nents, mapped = 0, n, ret, i;
	dma_addr_t addr;
	u64 len;

	if (!reachable(sgl, nents))
		return -EREMOTEIO;

	for (; left; left -= n, mapped++, out = sg_next(out)) {
		n = simdev_space_mergeable(&sd->space, in, left);
		len = simdev_sg_bytes(in, n);
		ret = simdev_space_map(&sd->space, in, n, dir, GFP_KERNEL, &addr);
		if (ret)
			goto err_unmap;
		for (i = 0; i < n; i++)
			in = sg_next(in);
		sg_dma_address(out) = addr;
		sg_dma_len(out) = len;
		if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
			sync_range(sd, addr, dir, simdev_view_sync_for_device);
	}
	if (out)
		sg_dma_len(out) = 0;
	return mapped;

err_unmap:
	simdev_unmap_sg(dev, sgl, mapped, dir, attrs | DMA_ATTR_SKIP_CPU_SYNC);
	return ret;
}

static dma_addr_t simdev_map_phys(struct device *dev, phys_addr_t phys, size_t size,
				  enum dma_data_direction dir, unsigned long attrs)
{
	struct simdev *sd = to_simdev(dev);
	struct scatterlist sg;
	dma_addr_t addr;

	if (attrs & DMA_ATTR_MMIO)
		return DMA_MAPPING_ERROR;

	sg_init_table(&sg, 1);
	sg_set_page(&sg, phys_to_page(phys), size, offset_in_page(phys));
	if (simdev_space_map(&sd->space, &sg, 1, dir, GFP_KERNEL, &addr))
		return DMA_MAPPING_ERROR;
	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		sync_range(sd, addr, dir, simdev_view_sync_for_device);
	return addr;
}

SIMLAB_DEFINE_MAP_PHYS(simdev_map_phys)

static void simdev_unmap_phys(struct device *dev, dma_addr_t addr, size_t size,
			      enum dma_data_direction dir, unsigned long attrs)
{
	struct simdev *sd = to_simdev(dev);

	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		sync_range(sd, addr, dir, simdev_view_sync_for_cpu);
	simdev_space_unmap(&sd->space, addr, size, dir);
}

static int simdev_dma_supported(struct device *dev, u64 mask)
{
	return mask >= DMA_BIT_MASK(to_simdev(dev)->model.dma_bits);
}

const struct dma_map_ops simdev_dma_ops = {
	.map_sg = simdev_map_sg,
	.unmap_sg = simdev_unmap_sg,
	SIMLAB_MAP_PHYS(simdev_map_phys),
	.unmap_phys = simdev_unmap_phys,
	.sync_single_for_cpu = simdev_sync_single_for_cpu,
	.sync_single_for_device = simdev_sync_single_for_device,
	.sync_sg_for_cpu = simdev_sync_sg_for_cpu,
	.sync_sg_for_device = simdev_sync_sg_for_device,
	.dma_supported = simdev_dma_supported,
};
