/* SPDX-License-Identifier: MIT */
/*
 * What there is in the system before and after: nothing more, but for what the kernel keeps.
 */
#ifndef BALANCE_H
#define BALANCE_H

#include <stddef.h>

enum balance_item {
	BALANCE_SIMBUFS,	/* buffers of simbuf.ko */
	BALANCE_DMABUFS,	/* of anybody */
	BALANCE_MAPPINGS,	/* of all simulated devices */
	BALANCE_ATTACHMENTS,	/* of all buffers of simbuf.ko, to simulated devices */
	BALANCE_FENCES,		/* of anybody, made since balance_take() */
	BALANCE_FILES,		/* open ones of all processes */
	BALANCE_PAGES_KIB,	/* of the kernel, but for slabs and page cache */
	BALANCE_SLAB_KIB,	/* of objects that the kernel cannot give back */
	BALANCE_ITEMS
};

/**
 * struct balance - counts of one moment
 * @items: of each kind; what is larger later is left behind.
 */
struct balance {
	long items[BALANCE_ITEMS];
};

/* Empties the kernel's caches, and counts. */
void balance_take(struct balance *before);
/*
 * Counts again, and writes what there is more of than before into @text: "", or like
 * " 2 buffers, 1 open files,".
 */
void balance_compare(const struct balance *before, char *text, size_t size);
/* Fails when there is more than before, after giving deferred releases some time. */
void balance_check(const struct balance *before);

#endif /* BALANCE_H */
