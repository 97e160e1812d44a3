/* SPDX-License-Identifier: MIT */
/* A check that says where and what, and ends the test. */
#ifndef TEST_H
#define TEST_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                           \
	do {                                                                       \
		if (!(condition)) {                                                \
			fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, \
				#condition);                                       \
			exit(1);                                                   \
		}                                                                  \
	} while (0)

#endif
