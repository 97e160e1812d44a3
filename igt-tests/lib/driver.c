// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>
#include "driver.h"
#include "lab.h"

#define DRIVERS	"/sys/bus/platform/drivers"

static void write_driver(const char *driver, const char *attribute)
{
	char path[96], device[32];
	int length = snprintf(device, sizeof(device), "%s.0", driver);
	int fd;

	snprintf(path, sizeof(path), DRIVERS "/%s/%s", driver, attribute);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	igt_assert_f(fd >= 0, "%s: %m\n", path);
	igt_assert_f(write(fd, device, length) == length, "%s %s: %m\n", attribute, device);
	lab_close(fd);
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
