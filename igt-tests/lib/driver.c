// SPDX-License-Identifier: MIT
#include <unistd.h>
#include "driver.h"
#include "lab.h"

#define DRIVERS	"/sys/bus/platform/drivers"

static void write_driver(const char *driver, const char *attribute)
{
	char path[96], device[32];

	snprintf(path, sizeof(path), DRIVERS "/%s/%s", driver, attribute);
	snprintf(device, sizeof(device), "%s.0", driver);
	lab_write_file(path, device);
}

void lab_bind(const char *driver)
{
	write_driver(driver, "bind");
}

void lab_unbind(const char *driver)
{
	write_driver(driver, "unbind");
}

bool lab_is_bound(const char *driver)
{
	char path[96];

	snprintf(path, sizeof(path), DRIVERS "/%s/%s.0", driver, driver);
	return !access(path, F_OK);
}
