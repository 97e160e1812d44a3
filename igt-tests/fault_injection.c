// SPDX-License-Identifier: MIT
/*
 * Every step of sharing fails once, with every error; each time both sides stay usable and
 * nothing is left behind.
 */
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "screen.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("failures of allocation, attaching, mapping and moving");

/* No power of two: so memory that nobody has asked anything about is in several pieces. */
#define WIDTH		640
#define HEIGHT		480
#define SIZE		(WIDTH * HEIGHT * 4)
#define COLOUR		0xff112233

/**
 * struct scene - what all operations use
 * @drm: primesim, DRM master.
 * @device: a GPU that wants memory in one piece.
 * @contig: its render node.
 */
struct scene {
	int drm;
	struct lab_plugged device;
	int contig;
};

static void scene_open(struct scene *scene)
{
	scene->drm = lab_open_primary("primesim");
	lab_plug(&scene->device, "primesim", "contig32");
	scene->contig = lab_plugged_render(&scene->device);
}

static void scene_close(struct scene *scene)
{
	lab_close(scene->contig);
	lab_unplug(&scene->device);
	lab_close(scene->drm);
}

static int allocate(struct scene *scene, uint32_t *handle)
{
	struct lab_dumb dumb;

	lab_dumb_create(&dumb, scene->drm, WIDTH, HEIGHT);
	*handle = dumb.handle;
	return lab_export(scene->drm, dumb.handle, DRM_RDWR);
}

/* Operations: each makes a buffer, tries one thing, frees all, and returns what became of it. */

static int gpu_uses_own(struct scene *scene)
{
	struct lab_dumb dumb;
	int ret;

	lab_dumb_create(&dumb, scene->drm, WIDTH, HEIGHT);
	ret = lab_try_gpu_fill(scene->drm, dumb.handle, SIZE, COLOUR);
	lab_dumb_close(&dumb);
	return ret;
}

/* @used: the owner's GPU has used it, so that it has memory of the wrong kind. */
static int gpu_uses_others(struct scene *scene, bool used)
{
	struct lab_dumb dumb;
	uint32_t handle;
	int dmabuf, ret = 0;

	lab_dumb_create(&dumb, scene->drm, WIDTH, HEIGHT);
	if (used)
		ret = lab_try_gpu_fill(scene->drm, dumb.handle, SIZE, COLOUR);
	dmabuf = lab_export(scene->drm, dumb.handle, DRM_RDWR);
	if (!ret)
		ret = lab_try_import(scene->contig, dmabuf, &handle);
	if (!ret) {
		ret = lab_try_gpu_fill(scene->contig, handle, SIZE, COLOUR);
		lab_close_handle(scene->contig, handle);
	}
	lab_close(dmabuf);
	lab_dumb_close(&dumb);
	return ret;
}

static int gpu_imports(struct scene *scene)
{
	return gpu_uses_others(scene, false);
}

static int gpu_has_it_moved(struct scene *scene)
{
	return gpu_uses_others(scene, true);
}

static int camera_queues_own(struct scene *scene)
{
	struct lab_camera camera;
	int ret;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
	ret = lab_camera_queue_own(&camera, 0);
	lab_camera_close(&camera);
	return ret;
}

static int camera_queues_others(struct scene *scene)
{
	struct lab_camera camera;
	struct lab_dumb dumb;
	int dmabuf, ret;

	lab_dumb_create(&dumb, scene->drm, WIDTH, HEIGHT);
	dmabuf = lab_export(scene->drm, dumb.handle, DRM_RDWR);
	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	ret = lab_camera_queue(&camera, 0, dmabuf);
	lab_camera_close(&camera);
	lab_close(dmabuf);
	lab_dumb_close(&dumb);
	return ret;
}

static int camera_is_read(struct scene *scene)
{
	struct lab_camera camera;
	char *frame;
	int ret;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	frame = malloc(camera.size);
	igt_assert(frame);
	ret = read(camera.fd, frame, camera.size) < 0 ? -errno : 0;
	free(frame);
	lab_camera_close(&camera);
	return ret;
}

static int display_shows(struct scene *scene)
{
	struct lab_screen screen;
	struct lab_dumb dumb;
	uint32_t framebuffer;
	int ret;

	lab_screen_open(&screen, scene->drm, WIDTH, HEIGHT);
	lab_dumb_create(&dumb, scene->drm, WIDTH, HEIGHT);
	framebuffer = lab_screen_framebuffer(&screen, dumb.handle, dumb.pitch);
	ret = drmModeSetCrtc(scene->drm, screen.crtc, framebuffer, 0, 0, &screen.connector, 1,
			     &screen.mode);
	lab_screen_close(&screen);
	igt_assert_eq(drmModeRmFB(scene->drm, framebuffer), 0);
	lab_dumb_close(&dumb);
	return ret;
}

static sigjmp_buf at_sigbus;

static void on_sigbus(int signal)
{
	siglongjmp(at_sigbus, 1);
}

/* -EFAULT for SIGBUS */
static int touch(const volatile uint32_t *pixels)
{
	struct sigaction action = { .sa_handler = on_sigbus }, before;
	volatile int ret = -EFAULT;

	igt_assert_eq(sigaction(SIGBUS, &action, &before), 0);
	if (!sigsetjmp(at_sigbus, 1)) {
		(void)pixels[0];
		ret = 0;
	}
	igt_assert_eq(sigaction(SIGBUS, &before, NULL), 0);
	return ret;
}

static int cpu_touches(struct scene *scene)
{
	struct lab_dumb dumb;
	uint32_t *pixels;
	int dmabuf, ret;

	lab_dumb_create(&dumb, scene->drm, WIDTH, HEIGHT);
	dmabuf = lab_export(scene->drm, dumb.handle, DRM_RDWR);
	pixels = lab_map(dmabuf, SIZE, PROT_READ | PROT_WRITE, 0);
	ret = touch(pixels);
	lab_unmap(pixels, SIZE);
	lab_close(dmabuf);
	lab_dumb_close(&dumb);
	return ret;
}

static int early_exports(struct scene *scene)
{
	struct lab_plugged device;
	struct lab_dumb dumb;
	int drm, dmabuf, ret;

	lab_plug_policy(&device, "primesim", "ideal", "early");
	drm = lab_plugged_primary(&device);
	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	ret = lab_try_export(drm, dumb.handle, DRM_RDWR, &dmabuf);
	if (!ret)
		lab_close(dmabuf);
	lab_close(drm);
	lab_unplug(&device);
	return ret;
}

/**
 * struct operation - something that can fail
 * @name: of its tests.
 * @run: tries it; 0 or a negative error number.
 * @points: where it can be made to fail.
 * @own_error: it fails with this, whatever happens; 0: with the error that happened.
 */
struct operation {
	const char *name;
	int (*run)(struct scene *scene);
	const char *points[4];
	int own_error;
};

static const struct operation operations[] = {
	{ "gpu-uses-own", gpu_uses_own, { "alloc", "map" }, 0 },
	{ "gpu-imports", gpu_imports, { "attach", "alloc", "map" }, 0 },
	{ "gpu-has-it-moved", gpu_has_it_moved, { "attach", "move" }, 0 },
	{ "camera-queues-own", camera_queues_own, { "alloc", "map" }, 0 },
	{ "camera-queues-others", camera_queues_others, { "attach", "alloc", "map" }, 0 },
	{ "camera-is-read", camera_is_read, { "vmap" }, -EINVAL },
	{ "display-shows", display_shows, { "alloc", "map" }, 0 },
	{ "cpu-touches", cpu_touches, { "alloc" }, -EFAULT },
	{ "early-exports", early_exports, { "alloc" }, 0 },
};

static const struct operation *find_operation(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
		if (!strcmp(operations[i].name, name))
			return &operations[i];
	igt_assert_f(false, "no operation %s\n", name);
	return NULL;
}

static void sweep_point(struct scene *scene, const struct operation *operation, const char *point)
{
	static const int errors[] = { -ENOMEM, -EINVAL, -EIO, -EREMOTEIO, -ENOSPC };

	char why[48];

	snprintf(why, sizeof(why), "failed on purpose, by fail_%s in debugfs", point);
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		uint64_t since = lab_now();

		igt_debug("fail_%s: %d\n", point, errors[i]);
		/* For want of memory that suits all, it is tried once more for who asks. */
		lab_inject(point, errors[i], strcmp(point, "alloc") ? 1 : 2);
		igt_assert_eq(operation->run(scene), operation->own_error ?: errors[i]);
		lab_assert_refused_by(since, errors[i], "-", why);
		lab_inject_off();
		igt_assert_eq(operation->run(scene), 0);
	}
}

static void sweep(const char *name)
{
	const struct operation *operation = find_operation(name);
	struct scene scene;

	scene_open(&scene);
	for (const char *const *point = operation->points; *point; point++)
		sweep_point(&scene, operation, *point);
	scene_close(&scene);
}

#define STORM_ROUNDS	6

/* Everything fails now and then. What fails does not matter, if only everything works later. */
static void storm(const char *argument)
{
	static const char *const points[] = { "alloc", "attach", "map", "vmap", "move" };
	unsigned int failed = 0;
	struct scene scene;

	scene_open(&scene);
	for (size_t i = 0; i < ARRAY_SIZE(points); i++)
		lab_inject_some(points[i], -ENOMEM, -1, 2, 50);
	for (int round = 0; round < STORM_ROUNDS; round++)
		for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
			failed += operations[i].run(&scene) != 0;
	lab_inject_off();
	igt_debug("%u failures\n", failed);
	igt_assert_lt(0, failed);
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
		igt_assert_eq(operations[i].run(&scene), 0);
	scene_close(&scene);
}

#define CALLS	12

static unsigned int count_failures(struct scene *scene)
{
	unsigned int failed = 0;

	for (int i = 0; i < CALLS; i++)
		failed += gpu_uses_own(scene) != 0;
	return failed;
}

/* fail_map: one mapping a call */
static void knobs(const char *argument)
{
	struct scene scene;

	scene_open(&scene);
	lab_inject_some("map", -EIO, -1, 1, 100);
	igt_assert_eq_u32(count_failures(&scene), CALLS);
	lab_inject_some("map", -EIO, 3, 1, 100);
	igt_assert_eq_u32(count_failures(&scene), 3);
	lab_inject_some("map", -EIO, -1, 3, 100);
	igt_assert_eq_u32(count_failures(&scene), CALLS / 3);
	lab_inject_some("map", -EIO, -1, 1, 0);
	igt_assert_eq_u32(count_failures(&scene), 0);
	scene_close(&scene);
}

/* A failure to attach says who was refused. */
static void refusal(const char *argument)
{
	struct scene scene;
	uint64_t since;

	scene_open(&scene);
	since = lab_now();
	lab_inject("attach", -ENOMEM, 1);
	igt_assert_eq(gpu_imports(&scene), -ENOMEM);
	lab_assert_refused(since, -ENOMEM, "the exporter refused to attach");
	lab_assert_refused(since, -ENOMEM, lab_plugged_name(&scene.device, "gpu"));
	lab_inject("alloc", -ENOMEM, 2);
	igt_assert_eq(gpu_imports(&scene), -ENOMEM);
	lab_assert_refused(since, -ENOMEM, "no memory for primesim-gpu");
	scene_close(&scene);
}

/* vivid reaches buffers by the kernel's CPU mapping. */
static void vmap_of_others(const char *argument)
{
	struct lab_camera vivid;
	struct scene scene;
	uint32_t handle;
	int dmabuf;

	igt_require_f(!system("modprobe vivid n_devs=1 node_types=1"), "no vivid\n");
	/* dma-buf takes an exporter's failure for a bug. */
	lab_expect_kernel_message("dma_buf_vmap|Call Trace");
	scene_open(&scene);
	dmabuf = allocate(&scene, &handle);
	lab_camera_setup(&vivid, lab_open_video("vivid"), V4L2_PIX_FMT_XBGR32, 320, 180);
	lab_camera_request(&vivid, V4L2_MEMORY_DMABUF, 2);
	lab_inject("vmap", -ENOMEM, 1);
	igt_assert_eq(lab_camera_queue(&vivid, 0, dmabuf), -EFAULT);
	igt_assert_eq(lab_camera_queue(&vivid, 0, dmabuf), 0);
	lab_camera_close(&vivid);
	lab_close(dmabuf);
	igt_assert_eq(lab_try_gpu_fill(scene.drm, handle, SIZE, COLOUR), 0);
	scene_close(&scene);
	igt_assert_eq(system("rmmod vivid"), 0);
}

#define LOCAL_MIB	"2"	/* room for one of our buffers */
#define CROWD		6
#define PATIENCE	60	/* rounds until something must have failed */

static int plug_local(struct lab_plugged *device)
{
	lab_plug_prepare(device, "primesim", "local");
	lab_plug_set(device, "local_mib", LOCAL_MIB);
	lab_plug_start(device);
	return lab_plugged_primary(device);
}

static struct drm_primesim_device_info usage(int drm)
{
	struct drm_primesim_device_info info = {};

	igt_assert_eq(lab_ioctl(drm, DRM_IOCTL_PRIMESIM_DEVICE_INFO, &info), 0);
	return info;
}

/* By the CPU: the engine would bring the object back. */
static void check_content(int drm, uint32_t handle, uint32_t colour, const char *placement)
{
	int dmabuf = lab_export(drm, handle, DRM_RDWR);

	if (placement)
		lab_assert_placement(dmabuf, placement);
	lab_check_filled(dmabuf, SIZE, colour);
	lab_close(dmabuf);
}

/*
 * Who needs room does not notice that nobody could be made to leave: it is in system memory.
 * Every second allocation fails: the newcomer's first or, when that was tried once more, not;
 * then that of who is to leave.
 */
static void evict_in_vain(int drm, const char *point, int err)
{
	struct lab_dumb resident, newcomer, next;
	uint32_t evictions = usage(drm).evictions;
	uint64_t since = lab_now();

	lab_dumb_create(&resident, drm, WIDTH, HEIGHT);
	lab_dumb_create(&newcomer, drm, WIDTH, HEIGHT);
	lab_dumb_create(&next, drm, WIDTH, HEIGHT);
	igt_assert_eq(lab_try_gpu_fill(drm, resident.handle, SIZE, COLOUR), 0);
	lab_inject_some(point, err, -1, strcmp(point, "alloc") ? 1 : 2, 100);
	igt_assert_eq(lab_try_gpu_fill(drm, newcomer.handle, SIZE, COLOUR + 1), 0);
	lab_inject_off();
	lab_assert_refused(since, err, "failed on purpose");
	igt_assert_eq_u32(usage(drm).evictions, evictions);
	check_content(drm, resident.handle, COLOUR, "local");
	check_content(drm, newcomer.handle, COLOUR + 1, "scattered");

	igt_assert_eq(lab_try_gpu_fill(drm, next.handle, SIZE, COLOUR + 2), 0);
	igt_assert_eq_u32(usage(drm).evictions, evictions + 1);
	check_content(drm, resident.handle, COLOUR, "scattered");
	check_content(drm, next.handle, COLOUR + 2, "local");
	lab_dumb_close(&next);
	lab_dumb_close(&newcomer);
	lab_dumb_close(&resident);
}

/* What finished jobs have held is given up a moment later. */
static void wait_for_room(int drm)
{
	for (int i = 0; i < 400 && usage(drm).local_free != usage(drm).local_size; i++)
		lab_sleep(25);
	igt_assert_eq_u64(usage(drm).local_free, usage(drm).local_size);
}

static void eviction(const char *argument)
{
	static const int errors[] = { -ENOMEM, -EIO, -ENOSPC };
	struct lab_plugged device;
	int drm = plug_local(&device);

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		evict_in_vain(drm, "move", errors[i]);
		wait_for_room(drm);
	}
	/* Any other error of an allocation would be the newcomer's, every second time. */
	evict_in_vain(drm, "alloc", -ENOMEM);
	wait_for_room(drm);
	lab_close(drm);
	lab_unplug(&device);
}

/* A newcomer, for which others may have to leave: those that have a place stay where they are. */
static void replace(int drm, struct lab_dumb *dumb)
{
	lab_dumb_close(dumb);
	lab_dumb_create(dumb, drm, WIDTH, HEIGHT);
}

/* A crowd that fits by one only, everything failing now and then: what was drawn stays. */
static void eviction_storm(const char *argument)
{
	static const char *const points[] = { "alloc", "map", "move" };
	uint32_t colours[CROWD] = {};
	struct lab_dumb dumbs[CROWD];
	struct lab_plugged device;
	unsigned int failed = 0;
	int drm = plug_local(&device);

	for (int i = 0; i < CROWD; i++)
		lab_dumb_create(&dumbs[i], drm, WIDTH, HEIGHT);
	for (size_t i = 0; i < ARRAY_SIZE(points); i++)
		lab_inject_some(points[i], -ENOMEM, -1, 1, 30);
	for (uint32_t i = 0; i < CROWD * STORM_ROUNDS || (!failed && i < CROWD * PATIENCE); i++) {
		if (i % CROWD == 0) {
			replace(drm, &dumbs[i / CROWD % CROWD]);
			colours[i / CROWD % CROWD] = 0;
		}
		if (lab_try_gpu_fill(drm, dumbs[i % CROWD].handle, SIZE, COLOUR + i))
			failed++;
		else
			colours[i % CROWD] = COLOUR + i;
	}
	lab_inject_off();
	igt_debug("%u failures\n", failed);
	igt_assert_lt(0, failed);
	for (int i = 0; i < CROWD; i++) {
		check_content(drm, dumbs[i].handle, colours[i], NULL);
		igt_assert_eq(lab_try_gpu_fill(drm, dumbs[i].handle, SIZE, COLOUR), 0);
		check_content(drm, dumbs[i].handle, COLOUR, NULL);
		lab_dumb_close(&dumbs[i]);
	}
	wait_for_room(drm);
	lab_close(drm);
	lab_unplug(&device);
}

static const struct lab_test tests[] = {
	{ "knobs", knobs, "Probability, interval and times do what they say." },
	{ "refusal", refusal, "What fails says for whom." },
	{ "vmap-of-others", vmap_of_others, "An importer's CPU mapping in the kernel fails." },
	{ "storm", storm, "Everything fails now and then." },
	{ "eviction", eviction,
	  "Who was to leave local memory cannot: both are usable where they are." },
	{ "eviction-storm", eviction_storm,
	  "Objects that do not fit into local memory at once, and everything fails now and then." },
};

static const struct lab_test sweeps[] = {
	{ "fails", sweep, "It fails once with every error wherever it can, and then works." },
};

igt_main()
{
	lab_run(tests, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
		lab_run(sweeps, operations[i].name);
}
