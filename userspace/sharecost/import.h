/* SPDX-License-Identifier: MIT */
/* Importing and using a dma-buf of somebody else's. */
#ifndef SHARECOST_IMPORT_H
#define SHARECOST_IMPORT_H

#include "memory.h"
#include "rows.h"

enum importer {
	IMPORTER_PRIMESIM,	/* maps at the first job that uses it */
	IMPORTER_VGEM,		/* maps when it imports */
};

/* The operation that import_measure() fills. */
struct operation import_operation(const char *table, enum importer importer,
				  const char *exporter, size_t size);
/* @op: NULL for a trial, to have the exporter's memory in place. */
int import_measure(struct cost_lab *lab, enum importer importer, int dmabuf,
		   struct operation *op);
/* Lets primesim's GPU map @count objects, all of them for a job's one pixel. */
int import_use(struct pp_gpu *gpu, const uint32_t *handles, unsigned int count);

#endif
