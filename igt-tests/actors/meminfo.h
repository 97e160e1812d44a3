/* SPDX-License-Identifier: MIT */
#ifndef MEMINFO_H
#define MEMINFO_H

/* A line of /proc/meminfo, such as "MemFree:", in KiB; 0 without such a line */
long meminfo_kib(const char *what);

#endif /* MEMINFO_H */
