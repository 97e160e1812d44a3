// SPDX-License-Identifier: MIT
/*
 * What modules cost that nobody uses: loading and unloading them, a second in which they are there,
 * and the kernel's memory for an object that has no pages yet.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/error.h"
#include "../lib/stats.h"
#include "busy.h"
#include "groups.h"
#include "lab.h"

/* Where vm/guest/bench-rows has put all of them: in memory, not compressed. */
#define FILES		"/run/bench/"
#define MODULES		3
#define ROUNDS		5
#define OBJECTS		4000
#define PAGE		4096
/* Until nobody has anything to do any more that the last module has started. */
#define SETTLE_S	1
#define IDLE_S		60

struct module {
	const char *name;
	const char *parameters;
	struct pp_error *error;
};

static const struct module simbuf = { "simbuf", "", NULL };
static const struct module primesim = { "primesim", "", NULL };
static const struct module camsim = { "camsim", "", NULL };
static const struct module vgem = { "vgem", "", NULL };
static const struct module vkms = { "vkms", "", NULL };
static const struct module vivid = { "vivid", "n_devs=1 node_types=1 num_inputs=1", NULL };

static int load(const struct module *module, struct pp_error *error)
{
	char path[64];
	int fd, ret = 0;

	snprintf(path, sizeof(path), FILES "%s.ko", module->name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return pp_fail(error, errno, "%s: %s", path, strerror(errno));
	if (syscall(SYS_finit_module, fd, module->parameters, 0))
		ret = pp_fail(error, errno, "loading %s: %s", path, strerror(errno));
	close(fd);
	return ret;
}

static int unload(const struct module *module, struct pp_error *error)
{
	if (syscall(SYS_delete_module, module->name, O_NONBLOCK))
		return pp_fail(error, errno, "unloading %s: %s", module->name, strerror(errno));
	return 0;
}

static const char *const load_steps[] = { "load", "unload", NULL };

static int measure_load(void *context, uint64_t *values)
{
	const struct module *module = context;
	uint64_t start;
	int ret;

	sleep(SETTLE_S);
	start = pp_now_ns();
	ret = load(module, module->error);
	values[0] = pp_now_ns() - start;
	if (ret)
		return ret;
	sleep(SETTLE_S);
	start = pp_now_ns();
	ret = unload(module, module->error);
	values[1] = pp_now_ns() - start;
	return ret;
}

static int run_load(const struct bench *bench, const char *what, struct module ours,
		    struct module peer)
{
	struct bench_row row = { .unit = "ns", .steps = load_steps, .rounds = ROUNDS };

	ours.error = bench->error;
	peer.error = bench->error;
	bench_row_name(&row, "module of a %s", what);
	bench_row_add(&row, ours.name, BENCH_OURS, measure_load, &ours);
	bench_row_add(&row, peer.name, BENCH_PEER, measure_load, &peer);
	return bench_row_run(bench, &row);
}

/* @modules: loaded in that order for the time of a measurement; ends with NULL. */
struct crowd {
	const struct module *modules[MODULES + 1];
	struct pp_error *error;
};

static int load_all(const struct crowd *crowd)
{
	int ret = 0;

	for (unsigned int i = 0; crowd->modules[i] && !ret; i++)
		ret = load(crowd->modules[i], crowd->error);
	return ret;
}

static int unload_all(const struct crowd *crowd)
{
	int ret = 0;

	/* Whoever looks at new devices has done so. */
	sleep(SETTLE_S);
	for (unsigned int i = MODULES; i-- && !ret;) {
		if (crowd->modules[i])
			ret = unload(crowd->modules[i], crowd->error);
	}
	return ret;
}

static int measure_idle(void *context, uint64_t *values)
{
	const struct crowd *crowd = context;
	uint64_t before = 0, after = 0;
	int ret = load_all(crowd);

	sleep(SETTLE_S);
	if (!ret)
		ret = busy_ns(&before, crowd->error);
	sleep(IDLE_S);
	if (!ret)
		ret = busy_ns(&after, crowd->error);
	values[0] = (after - before) / IDLE_S;
	return ret ? ret : unload_all(crowd);
}

static int run_idle(const struct bench *bench, struct crowd *ours, struct crowd *peers)
{
	struct bench_row row = { .unit = "ns", .rounds = ROUNDS };
	struct crowd nobody = { .error = bench->error };

	bench_row_name(&row, "idle for a second");
	bench_row_add(&row, "simbuf, primesim, camsim", BENCH_OURS, measure_idle, ours);
	bench_row_add(&row, "vgem, vkms, vivid", BENCH_PEER, measure_idle, peers);
	bench_row_add(&row, "without modules", BENCH_LIMIT, measure_idle, &nobody);
	return bench_row_run(bench, &row);
}

static uint64_t slab_bytes(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128];
	uint64_t kib = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Slab: %" SCNu64, &kib) == 1)
			break;
	}
	if (file)
		fclose(file);
	return kib * 1024;
}

struct owner {
	const char *driver;
	int (*create)(struct pp_drm_device *device, size_t size, uint32_t *handle);
	struct pp_error *error;
};

static int measure_memory(void *context, uint64_t *values)
{
	const struct owner *owner = context;
	struct pp_drm_device device;
	uint64_t before, after;
	uint32_t handle;
	int ret = pp_drm_open(&device, PP_DRM_PRIMARY, NULL, owner->driver, owner->error);

	if (ret)
		return ret;
	before = slab_bytes();
	for (unsigned int i = 0; i < OBJECTS && !ret; i++)
		ret = owner->create(&device, PAGE, &handle);
	after = slab_bytes();
	values[0] = (after > before ? after - before : 0) / OBJECTS;
	pp_drm_close(&device);
	return ret;
}

static int run_memory(const struct bench *bench)
{
	struct bench_row row = { .unit = "bytes", .rounds = ROUNDS };
	struct owner ours = { "primesim", create_on_primesim, bench->error };
	struct owner peer = { "vgem", create_dumb, bench->error };

	bench_row_name(&row, "memory of an object without pages");
	bench_row_add(&row, "primesim", BENCH_OURS, measure_memory, &ours);
	bench_row_add(&row, "vgem", BENCH_PEER, measure_memory, &peer);
	return bench_row_run(bench, &row);
}

/* All are loaded before, and after. */
int bench_modules(const struct bench *bench)
{
	struct crowd ours = { { &simbuf, &primesim, &camsim }, bench->error };
	struct crowd peers = { { &vgem, &vkms, &vivid }, bench->error };
	int ret = run_memory(bench);

	if (!ret)
		ret = unload_all(&ours);
	if (!ret)
		ret = unload_all(&peers);
	if (!ret)
		ret = run_idle(bench, &ours, &peers);
	if (!ret)
		ret = run_load(bench, "core", simbuf, vgem);
	if (!ret)
		ret = load(&simbuf, bench->error);
	if (!ret)
		ret = run_load(bench, "display", primesim, vkms);
	if (!ret)
		ret = run_load(bench, "camera", camsim, vivid);
	if (!ret)
		ret = unload(&simbuf, bench->error);
	if (!ret)
		ret = load_all(&ours);
	return ret ? ret : load_all(&peers);
}
