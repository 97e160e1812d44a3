// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The profiles: device models with a name. Data only; Documentation/profiles has
 * a page on each.
 */
#include <linux/array_size.h>
#include <linux/dma-mapping.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "simdev_internal.h"

static const struct simdev_model models[] = {
	{
		.name = "ideal",
		.iommu = true, .coherent = true, .dma_bits = 40,
	}, {
		.name = "no-iommu",
		.coherent = true, .dma_bits = 64,
	}, {
		.name = "contig32",
		.coherent = true, .dma_bits = 32, .max_segments = 1,
	}, {
		.name = "low1g",
		.coherent = true, .dma_bits = 30,
	}, {
		.name = "low1g-bounce",
		.coherent = true, .bounce = true, .dma_bits = 30,
	}, {
		.name = "noncoherent",
		.iommu = true, .dma_bits = 40,
	}, {
		.name = "tiny-segments",
		.coherent = true, .dma_bits = 64, .max_segments = 4096,
		.max_segment_size = SZ_16K, .boundary = SZ_64K,
	},
};

/* A profile of ours, or %NULL */
const struct simdev_model *simdev_model_builtin(const char *name)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(models); i++) {
		if (!strcmp(name, models[i].name))
			return &models[i];
	}
	return NULL;
}

/* What the model asks of memory. One that bounces asks for no address. */
void simdev_model_constraints(const struct simdev_model *model, struct simbuf_constraints *c)
{
	*c = SIMBUF_UNCONSTRAINED;
	if (model->iommu)
		return;
	if (!model->bounce)
		c->last_address = DMA_BIT_MASK(model->dma_bits);
	if (model->max_segments)
		c->max_segments = model->max_segments;
	if (model->max_segment_size)
		c->max_segment_size = model->max_segment_size;
	c->boundary = model->boundary;
	c->alignment = model->alignment;
}

/**
 * simdev_model_valid - is this a device that could exist?
 * @model: the properties.
 *
 * Return: %NULL, or what is wrong with it.
 */
const char *simdev_model_valid(const struct simdev_model *model)
{
	/* So that the page allocator has chunks which are aligned that much */
	static_assert(PAGE_SIZE << MAX_PAGE_ORDER >= SIMDEV_MAX_ALIGNMENT);

	if (model->dma_bits < 24 || model->dma_bits > 64)
		return "dma_bits must be 24 to 64";
	if (model->max_segment_size && model->max_segment_size < PAGE_SIZE)
		return "max_segment_size must be 0 (any) or at least one page";
	if (model->boundary && (!is_power_of_2(model->boundary) || model->boundary < PAGE_SIZE))
		return "boundary must be 0 (none) or a power of two of at least one page";
	if (model->alignment &&
	    (!is_power_of_2(model->alignment) || model->alignment < PAGE_SIZE ||
	     model->alignment > SIMDEV_MAX_ALIGNMENT))
		return "alignment must be 0 (any) or a power of two from one page to 4 MiB";
	if (model->alignment && (model->max_segment_size % model->alignment ||
				 (model->boundary && model->boundary < model->alignment)))
		return "max_segment_size and boundary must be multiples of alignment";
	if (model->bounce && model->iommu)
		return "a device behind an IOMMU does not bounce";
	if (model->bounce && !model->coherent)
		return "bounce and non-coherent cannot be combined";
	return NULL;
}
EXPORT_SYMBOL_NS_GPL(simdev_model_valid, "SIMBUF");

void simdev_model_show(const struct simdev_model *model, struct seq_file *m)
{
	seq_printf(m, "profile=%s iommu=%d coherent=%d bounce=%d count_faults=%d vmap_fallback=%d dma_bits=%u max_segments=%u max_segment_size=%u boundary=%llu alignment=%llu\n",
		   model->name, model->iommu, model->coherent, model->bounce,
		   model->count_faults, model->vmap_fallback, model->dma_bits,
		   model->max_segments, model->max_segment_size, model->boundary,
		   model->alignment);
}

void simdev_models_show(struct seq_file *m)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(models); i++)
		simdev_model_show(&models[i], m);
}
