// SPDX-License-Identifier: MIT
#include "round_trip.h"

#include <unistd.h>

#include "../lib/stats.h"

const char *const round_trip_steps[] = {
	[TRIP_CREATE] = "create",
	[TRIP_EXPORT] = "HANDLE_TO_FD",
	[TRIP_IMPORT] = "FD_TO_HANDLE",
	[TRIP_CLOSE] = "close",
	[TRIP_ALL] = "all",
	NULL
};

/* Of each step. Closing is that of two handles and a file descriptor. */
static const unsigned int calls[] = {
	[TRIP_CREATE] = 1, [TRIP_EXPORT] = 1, [TRIP_IMPORT] = 1, [TRIP_CLOSE] = 3, [TRIP_ALL] = 6,
};

int round_trip_open(struct round_trip *trip, struct pp_drm_device *device)
{
	trip->device = device;
	trip->create = pp_drm_is(device, "primesim") ? create_on_primesim : create_dumb;
	return lab_open_again(device, &trip->again);
}

void round_trip_close(struct round_trip *trip)
{
	pp_drm_close(&trip->again);
}

/* The time since @since, which becomes now. */
static uint64_t lap(uint64_t *since)
{
	uint64_t now = pp_now_ns();
	uint64_t ns = now - *since;

	*since = now;
	return ns;
}

int round_trip_measure(void *context, uint64_t *values)
{
	struct round_trip *trip = context;
	uint64_t start = pp_now_ns();
	uint64_t since = start;
	uint32_t handle, imported;
	int dmabuf, ret;

	ret = trip->create(trip->device, trip->size, &handle);
	if (ret)
		return ret;
	values[TRIP_CREATE] = lap(&since);
	ret = pp_drm_export(trip->device, handle, &dmabuf);
	if (ret)
		return ret;
	values[TRIP_EXPORT] = lap(&since);
	ret = pp_drm_import(&trip->again, dmabuf, &imported);
	if (ret)
		return ret;
	values[TRIP_IMPORT] = lap(&since);
	pp_drm_close_handle(&trip->again, imported);
	pp_drm_close_handle(trip->device, handle);
	close(dmabuf);
	values[TRIP_CLOSE] = lap(&since);
	values[TRIP_ALL] = since - start;
	return 0;
}

int round_trip_limit(void *context, uint64_t *values)
{
	const struct round_trip *trip = context;

	for (unsigned int step = 0; round_trip_steps[step]; step++)
		values[step] = empty_ioctls(trip->device, calls[step]);
	return 0;
}

int round_trip_keep(struct round_trip *trip)
{
	uint32_t handle;
	int dmabuf, ret;

	ret = trip->create(trip->device, trip->size, &handle);
	if (!ret)
		ret = pp_drm_export(trip->device, handle, &dmabuf);
	if (ret)
		return ret;
	ret = pp_drm_import(&trip->again, dmabuf, &handle);
	close(dmabuf);
	return ret;
}
