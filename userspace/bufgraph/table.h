/* SPDX-License-Identifier: MIT */
/* Columns as wide as what is in them. */
#ifndef TABLE_H
#define TABLE_H

#include <stdio.h>

#define TABLE_COLUMNS 12

struct table {
	char **cells;		/* row by row; the first row is the head */
	unsigned int columns;
	unsigned int count;
};

void table_start(struct table *table, unsigned int columns);
__attribute__((format(printf, 2, 3)))
void table_cell(struct table *table, const char *format, ...);
/* Prints and frees it. */
void table_end(struct table *table, FILE *file);

#endif
