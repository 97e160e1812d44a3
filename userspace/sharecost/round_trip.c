// SPDX-License-Identifier: MIT
#include "round_trip.h"

#include <unistd.h>

enum { STEP_CREATE, STEP_EXPORT, STEP_IMPORT, STEP_CLOSE };

int round_trip_open(struct round_trip *trip, struct pp_drm_device *device)
{
	trip->device = device;
	trip->create = pp_drm_is(device, "vgem") ? create_on_vgem : create_on_primesim;
	return lab_open_again(device, &trip->again);
}

void round_trip_close(struct round_trip *trip)
{
	pp_drm_close(&trip->again);
}

struct operation round_trip_operation(const char *table, const struct round_trip *trip,
				      size_t size)
{
	return (struct operation) {
		.table = table, .driver = trip->device->driver, .exporter = trip->device->driver,
		.size = size, .steps = { "create", "HANDLE_TO_FD", "FD_TO_HANDLE", "close" },
	};
}

int round_trip_measure(struct round_trip *trip, size_t size, struct operation *op)
{
	uint64_t start = pp_now_ns();
	uint32_t handle, imported;
	int dmabuf, ret;

	ret = trip->create(trip->device, size, &handle);
	operation_step(op, STEP_CREATE, start);
	if (ret)
		return ret;
	start = pp_now_ns();
	ret = pp_drm_export(trip->device, handle, &dmabuf);
	operation_step(op, STEP_EXPORT, start);
	if (ret)
		return ret;
	start = pp_now_ns();
	ret = pp_drm_import(&trip->again, dmabuf, &imported);
	operation_step(op, STEP_IMPORT, start);
	if (ret)
		return ret;
	start = pp_now_ns();
	pp_drm_close_handle(&trip->again, imported);
	pp_drm_close_handle(trip->device, handle);
	close(dmabuf);
	operation_step(op, STEP_CLOSE, start);
	return 0;
}

int round_trip_keep(struct round_trip *trip, size_t size)
{
	uint32_t handle;
	int dmabuf, ret;

	ret = trip->create(trip->device, size, &handle);
	if (!ret)
		ret = pp_drm_export(trip->device, handle, &dmabuf);
	if (ret)
		return ret;
	ret = pp_drm_import(&trip->again, dmabuf, &handle);
	close(dmabuf);
	return ret;
}
