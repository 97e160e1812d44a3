// SPDX-License-Identifier: MIT
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "graph.h"

static bool printable(unsigned char c)
{
	return c == '\t' || (c >= ' ' && c <= '~');
}

bool line_read(struct line *line, FILE *file)
{
	ssize_t length = getline(&line->text, &line->size, file);

	if (length < 0)
		return false;
	if (length && line->text[length - 1] == '\n')
		line->text[--length] = '\0';
	for (ssize_t i = 0; i < length; i++) {
		if (!printable((unsigned char)line->text[i]))
			line->text[i] = '?';
	}
	return true;
}

void line_free(struct line *line)
{
	free(line->text);
	*line = (struct line) { 0 };
}

void text_copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

const char *text_after(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) ? NULL : text + length;
}

/* Where a word that begins with @start begins, or NULL. */
static const char *find_word(const char *text, const char *start)
{
	for (const char *at = text; (at = strstr(at, start)); at++) {
		if (at == text || at[-1] == ' ')
			return at;
	}
	return NULL;
}

bool text_has_word(const char *text, const char *word)
{
	const char *at = find_word(text, word);

	return at && (at[strlen(word)] == '\0' || at[strlen(word)] == ' ');
}

uint64_t text_number(const char *text, const char *key)
{
	const char *at = find_word(text, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

uint64_t text_hex(const char *text, const char *key)
{
	const char *at = find_word(text, key);

	return at ? strtoull(at + strlen(key), NULL, 16) : 0;
}

void text_word(const char *text, const char *key, char *value, size_t size)
{
	const char *at = find_word(text, key);
	size_t length;

	value[0] = '\0';
	if (!at)
		return;
	at += strlen(key);
	length = strcspn(at, " ");
	snprintf(value, size, "%.*s", (int)length, at);
}

/* Cuts the last word off @text. */
static const char *cut_word(char *text)
{
	char *space = strrchr(text, ' ');

	if (!space)
		return "";
	*space = '\0';
	return space + 1;
}

/* "\tUSAGE fence:CONTEXT:SEQNO TIMELINE DRIVER [un]signalled"; signalled, it has no names. */
bool text_fence(struct buffer *buffer, const char *text)
{
	struct fence fence = { 0 };
	char rest[TEXT_SIZE];
	int end = 0;

	if (text[0] != '\t' ||
	    sscanf(text, "\t%15s fence:%" SCNu64 ":%" SCNu64 "%n", fence.usage, &fence.context,
		   &fence.seqno, &end) != 3)
		return false;
	text_copy(rest, sizeof(rest), text + end);
	fence.signalled = strcmp(cut_word(rest), "unsignalled");
	text_copy(fence.driver, sizeof(fence.driver), cut_word(rest));
	text_copy(fence.timeline, sizeof(fence.timeline), rest + strspn(rest, " "));
	buffer_add_fence(buffer, &fence);
	return true;
}
