/* SPDX-License-Identifier: MIT */
/*
 * The driver of a default device, primesim.0 or camsim.0, that is taken from it and given back, as
 * root does in sysfs.
 */
#ifndef LAB_DRIVER_H
#define LAB_DRIVER_H

#include <stdbool.h>

/* "primesim" or "camsim"; these assert that the kernel agrees. */
void lab_bind(const char *driver);
void lab_unbind(const char *driver);
bool lab_is_bound(const char *driver);

#endif /* LAB_DRIVER_H */
