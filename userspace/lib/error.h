/* SPDX-License-Identifier: MIT */
/*
 * One line that says what went wrong and what to do about it.
 *
 * Functions of this library return 0 or a negative errno. When they fail they
 * have left such a line in the struct pp_error they were given.
 */
#ifndef PP_ERROR_H
#define PP_ERROR_H

struct pp_error {
	char text[512];
};

/* Returns -code. */
__attribute__((format(printf, 3, 4)))
int pp_fail(struct pp_error *error, int code, const char *format, ...);

#endif
