/* SPDX-License-Identifier: MIT */
/* One graph, for people, for programs and for Graphviz. */
#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>
#include <stdio.h>

struct graph;
struct wanted;

void print_table(const struct graph *graph, const struct wanted *wanted, FILE *file);
/* @pretty: for people who look at it; else one line. */
void print_json(const struct graph *graph, const struct wanted *wanted, bool pretty, FILE *file);
void print_dot(const struct graph *graph, FILE *file);

/* "3.5 MiB"; @text takes 16 characters. */
#define SIZE_TEXT 16
const char *size_text(char *text, unsigned long long bytes);

#endif
