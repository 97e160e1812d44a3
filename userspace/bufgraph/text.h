/* SPDX-License-Identifier: MIT */
/* Reading the kernel's text files, line by line and word by word. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct buffer;

struct line {
	char *text;		/* without the newline */
	size_t size;
};

/*
 * The next line, or false at the end. Names in it come from anybody: what is not
 * printable ASCII becomes '?', so that none can speak to the terminal.
 */
bool line_read(struct line *line, FILE *file);
void line_free(struct line *line);

/* Copies as much as fits. */
void text_copy(char *to, size_t size, const char *from);
/* If @text begins with @prefix, what comes after it, else NULL. */
const char *text_after(const char *text, const char *prefix);
bool text_has_word(const char *text, const char *word);

/* The value of a KEY=VALUE word: @key with its "="; 0 or "" when there is none. */
uint64_t text_number(const char *text, const char *key);
uint64_t text_hex(const char *text, const char *key);
void text_word(const char *text, const char *key, char *value, size_t size);

/* A line of dma_resv_describe(); false when it is another one. */
bool text_fence(struct buffer *buffer, const char *text);

#endif
