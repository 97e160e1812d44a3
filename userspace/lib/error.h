/* SPDX-License-Identifier: MIT */
/*
 * One line that says what went wrong and what to do about it.
 */
#ifndef PP_ERROR_H
#define PP_ERROR_H

/**
 * DOC: errors
 *
 * Functions of this library that return int return 0, or 1 where that is said,
 * or a negative errno. When they fail they have left a line of text in the
 * struct pp_error that the device was opened with: it names the device, the
 * reason and, where there is one, the remedy. It must live as long as the
 * device. Nothing is printed, and errno is left as it comes.
 *
 * Functions that get the fence or the dma-buf alone (pp_fence_wait(),
 * pp_dmabuf_begin() and their neighbours) return the number only.
 */

/**
 * struct pp_error - the reason of the last failure
 * @text: one line without a newline; anything before the first failure.
 */
struct pp_error {
	char text[512];
};

/**
 * pp_fail - leave a line that says why
 * @error: gets the line.
 * @code: a positive errno.
 * @format: of the line, as printf() takes it.
 *
 * Return: -@code.
 */
__attribute__((format(printf, 3, 4)))
int pp_fail(struct pp_error *error, int code, const char *format, ...);

#endif
