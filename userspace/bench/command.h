/* SPDX-License-Identifier: MIT */
/* Programs that are run, without what they print. */
#ifndef BENCH_COMMAND_H
#define BENCH_COMMAND_H

#include <sys/types.h>

struct pp_error;

/* @words: the command; ends with NULL. */
int command_start(pid_t *pid, const char *const *words, struct pp_error *error);
/* Waits for @words to end. @status: the greatest exit status that is no failure. */
int command_wait(pid_t pid, const char *const *words, int status, struct pp_error *error);

#endif
