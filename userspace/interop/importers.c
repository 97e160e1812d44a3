// SPDX-License-Identifier: MIT
#include "party.h"

static struct port *open_gpu(const struct port_base *base, const struct place *place)
{
	return gpu_port(base, place->devices->gpu);
}

static struct port *open_display(const struct port_base *base, const struct place *place)
{
	return display_port(base, place->devices->display);
}

static struct port *open_camsim(const struct port_base *base, const struct place *place)
{
	return camera_port(base, place->devices->camera);
}

static struct port *open_vivid(const struct port_base *base, const struct place *place)
{
	return camera_port(base, place->vivid);
}

static struct port *open_vgem(const struct port_base *base, const struct place *place)
{
	(void)place;
	return drm_cpu_port(base, NULL, "vgem");
}

static struct port *open_virtio(const struct port_base *base, const struct place *place)
{
	(void)place;
	return drm_cpu_port(base, NULL, "virtio_gpu");
}

const struct importer importers[] = {
	{ "primesim GPU", true, open_gpu },
	{ "primesim display", true, open_display },
	{ "camsim", true, open_camsim },
	{ "vgem", false, open_vgem },
	{ "virtio-gpu", false, open_virtio },
	{ "vivid", false, open_vivid },
	{ 0 },
};
