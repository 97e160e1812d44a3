// SPDX-License-Identifier: MIT
#include "table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void table_start(struct table *table, unsigned int columns)
{
	*table = (struct table) { .columns = columns };
}

static void no_memory(void)
{
	fputs("bufgraph: out of memory\n", stderr);
	exit(1);
}

void table_cell(struct table *table, const char *format, ...)
{
	va_list args;

	table->cells = reallocarray(table->cells, table->count + 1, sizeof(*table->cells));
	if (!table->cells)
		no_memory();
	va_start(args, format);
	if (vasprintf(&table->cells[table->count++], format, args) < 0)
		no_memory();
	va_end(args);
}

static void measure(const struct table *table, size_t *widths)
{
	memset(widths, 0, table->columns * sizeof(*widths));
	for (unsigned int i = 0; i < table->count; i++) {
		size_t length = strlen(table->cells[i]);

		if (length > widths[i % table->columns])
			widths[i % table->columns] = length;
	}
}

void table_end(struct table *table, FILE *file)
{
	size_t widths[TABLE_COLUMNS];

	measure(table, widths);
	for (unsigned int i = 0; i < table->count; i++) {
		unsigned int column = i % table->columns;

		if (column + 1 == table->columns)
			fprintf(file, "%s\n", table->cells[i]);
		else
			fprintf(file, "%-*s  ", (int)widths[column], table->cells[i]);
		free(table->cells[i]);
	}
	free(table->cells);
	*table = (struct table) { 0 };
}
