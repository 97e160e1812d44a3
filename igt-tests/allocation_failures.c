// SPDX-License-Identifier: MIT
/*
 * Each call is made with the first allocation failing that the kernel makes for it, then with
 * the second one, and so on until none was left to fail: by /proc/self/fail-nth, on kernels
 * with fault injection. Copies from and to userspace fail, too. The call says so, and works
 * when it is made again.
 */
#include <drm/primesim_drm.h>
#include <drm_fourcc.h>
#include <fcntl.h>
#include <linux/camsim.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "fail_nth.h"
#include "gpu.h"
#include "lab.h"
#include "leaks.h"
#include "plug.h"
#include "screen.h"

IGT_TEST_DESCRIPTION("the n-th allocation of a call fails");

#define WIDTH		640
#define HEIGHT		480
#define PAGES_SIZE	(4 * 4096)
#define PLENTY		1000000	/* more than any call allocates */

/**
 * struct scene - what the calls work on: opened anew for each of them
 * @device: a GPU and display that wants memory in one piece, for all of a test.
 * @drm: primesim, DRM master.
 * @other: @device, DRM master.
 * @handle: an object of @drm's.
 * @dmabuf: of that object.
 * @imported: the same object, of @other.
 * @syncobj: of @drm.
 * @screen: of @drm.
 * @framebuffers: two that the display can show.
 * @camera: a camera that has a format.
 * @path: a node, or a directory of configfs.
 * @pipe: somewhere to write a byte to, for all of a test.
 */
struct scene {
	struct lab_plugged device;
	int drm;
	int other;
	uint32_t handle;
	int dmabuf;
	uint32_t imported;
	uint32_t syncobj;
	struct lab_screen screen;
	uint32_t framebuffers[2];
	struct lab_camera camera;
	char path[64];
	int pipe[2];
};

/**
 * struct call - something to be done with an allocation failing
 * @name: of the test.
 * @prepare: what it needs.
 * @run: 0 or a negative error number, and then it can be called again.
 * @finish: undoes what closing all files does not; may be %NULL.
 * @about: one sentence.
 */
struct call {
	const char *name;
	void (*prepare)(struct scene *scene);
	int (*run)(struct scene *scene);
	void (*finish)(struct scene *scene);
	const char *about;
};

/* Calls */

static void open_drm(struct scene *scene)
{
	scene->drm = lab_open_primary("primesim");
}

static void create_object(struct scene *scene)
{
	open_drm(scene);
	scene->handle = lab_bo_create(scene->drm, PAGES_SIZE, 0);
	igt_assert_eq(drmSyncobjCreate(scene->drm, 0, &scene->syncobj), 0);
}

static void export_object(struct scene *scene)
{
	create_object(scene);
	scene->dmabuf = lab_export(scene->drm, scene->handle, DRM_RDWR);
	scene->other = lab_plugged_primary(&scene->device);
}

static void import_object(struct scene *scene)
{
	export_object(scene);
	scene->imported = lab_import(scene->other, scene->dmabuf);
	igt_assert_eq(drmSyncobjCreate(scene->other, 0, &scene->syncobj), 0);
}

static void find_path_of(struct scene *scene, int fd)
{
	char link[32];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, scene->path, sizeof(scene->path) - 1);
	igt_assert(length > 0);
	scene->path[length] = 0;
	lab_close(fd);
}

static void find_render_node(struct scene *scene)
{
	find_path_of(scene, lab_open_render("primesim"));
}

static void find_camera(struct scene *scene)
{
	find_path_of(scene, lab_open_camera());
}

static int open_path(struct scene *scene)
{
	int fd = open(scene->path, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : close(fd);
}

static int creates(struct scene *scene)
{
	struct drm_primesim_bo_create create = { .size = PAGES_SIZE };

	return lab_ioctl(scene->drm, DRM_IOCTL_PRIMESIM_BO_CREATE, &create);
}

static int creates_context(struct scene *scene)
{
	struct drm_primesim_context_create create = {
		.priority = DRM_PRIMESIM_PRIORITY_NORMAL,
	};

	return lab_ioctl(scene->drm, DRM_IOCTL_PRIMESIM_CONTEXT_CREATE, &create);
}

static int asks(struct scene *scene)
{
	struct drm_primesim_bo_info info = {
		.handle = scene->handle,
		.device = DRM_PRIMESIM_DEVICE_GPU,
	};

	return lab_ioctl(scene->drm, DRM_IOCTL_PRIMESIM_BO_INFO, &info);
}

static int exports(struct scene *scene)
{
	struct drm_prime_handle prime = {
		.handle = scene->handle,
		.flags = DRM_CLOEXEC | DRM_RDWR,
	};

	return lab_ioctl(scene->drm, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime);
}

static int imports(struct scene *scene)
{
	struct drm_prime_handle prime = { .fd = scene->dmabuf };

	return lab_ioctl(scene->other, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime);
}

/* One byte read by the kernel: what would be SIGBUS here is EFAULT there. */
static int touch(struct scene *scene, int fd, uint64_t offset)
{
	void *pixels = mmap(NULL, PAGES_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	const struct iovec first = { pixels, 1 };
	int ret;

	if (pixels == MAP_FAILED)
		return -errno;
	ret = writev(scene->pipe[1], &first, 1) != 1 ? -errno : 0;
	munmap(pixels, PAGES_SIZE);
	return ret;
}

static int maps(struct scene *scene)
{
	struct drm_primesim_bo_mmap_offset map = { .handle = scene->handle };
	int ret = lab_ioctl(scene->drm, DRM_IOCTL_PRIMESIM_BO_MMAP_OFFSET, &map);

	return ret ?: touch(scene, scene->drm, map.offset);
}

static int maps_dmabuf(struct scene *scene)
{
	return touch(scene, scene->dmabuf, 0);
}

static int accesses(struct scene *scene)
{
	struct dma_buf_sync begin = { .flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW };
	struct dma_buf_sync end = { .flags = DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW };
	int ret = lab_ioctl(scene->dmabuf, DMA_BUF_IOCTL_SYNC, &begin);

	return ret ?: lab_ioctl(scene->dmabuf, DMA_BUF_IOCTL_SYNC, &end);
}

static int fences(struct scene *scene)
{
	struct dma_buf_export_sync_file fence = { .flags = DMA_BUF_SYNC_RW };
	struct dma_buf_import_sync_file back = { .flags = DMA_BUF_SYNC_WRITE };
	int ret = lab_ioctl(scene->dmabuf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &fence);

	if (ret)
		return ret;
	back.fd = fence.fd;
	ret = lab_ioctl(scene->dmabuf, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &back);
	close(fence.fd);
	return ret;
}

static int submit(int drm, uint32_t handle, uint32_t syncobj)
{
	const struct drm_primesim_surface dst = lab_surface(handle, 64, 64, 256);
	const struct drm_primesim_op op = lab_op_fill(&dst, 0);
	const struct drm_primesim_sync out = { .handle = syncobj };

	return lab_submit(drm, &op, NULL, &out);
}

static int submits(struct scene *scene)
{
	return submit(scene->drm, scene->handle, scene->syncobj);
}

static int submits_imported(struct scene *scene)
{
	return submit(scene->other, scene->imported, scene->syncobj);
}

static int submits_after(struct scene *scene)
{
	const struct drm_primesim_surface dst = lab_surface(scene->handle, 64, 64, 256);
	const struct drm_primesim_op op = lab_op_fill(&dst, 0);
	const struct drm_primesim_sync sync = { .handle = scene->syncobj };

	return lab_submit(scene->drm, &op, &sync, &sync);
}

static void submit_first(struct scene *scene)
{
	create_object(scene);
	igt_assert_eq(submits(scene), 0);
}

static void submit_imported_first(struct scene *scene)
{
	import_object(scene);
	igt_assert_eq(submits_imported(scene), 0);
}

/* The display of @device, with framebuffers that the GPU has drawn */
static void open_screen(struct scene *scene)
{
	scene->drm = lab_plugged_primary(&scene->device);
	lab_screen_open(&scene->screen, scene->drm, WIDTH, HEIGHT);
	for (int i = 0; i < 2; i++) {
		struct lab_dumb dumb;

		lab_dumb_create(&dumb, scene->drm, WIDTH, HEIGHT);
		lab_gpu_fill(scene->drm, dumb.handle, dumb.size, i);
		scene->framebuffers[i] = lab_screen_framebuffer(&scene->screen, dumb.handle,
								dumb.pitch);
		scene->handle = dumb.handle;
	}
}

static void show_first(struct scene *scene)
{
	open_screen(scene);
	lab_screen_show(&scene->screen, scene->framebuffers[0]);
}

static int adds_framebuffer(struct scene *scene)
{
	struct drm_mode_fb_cmd2 fb = {
		.width = WIDTH,
		.height = HEIGHT,
		.pixel_format = DRM_FORMAT_XRGB8888,
		.handles = { scene->handle },
		.pitches = { WIDTH * 4 },
	};

	return lab_ioctl(scene->drm, DRM_IOCTL_MODE_ADDFB2, &fb);
}

static int makes_blob(struct scene *scene)
{
	struct drm_mode_create_blob blob = {
		.data = (uintptr_t)&scene->screen.mode,
		.length = sizeof(scene->screen.mode),
	};

	return lab_ioctl(scene->drm, DRM_IOCTL_MODE_CREATEPROPBLOB, &blob);
}

static int lights(struct scene *scene)
{
	return drmModeSetCrtc(scene->drm, scene->screen.crtc, scene->framebuffers[0], 0, 0,
			      &scene->screen.connector, 1, &scene->screen.mode);
}

static int flips(struct scene *scene)
{
	int fence, ret = lab_screen_flip(&scene->screen, scene->framebuffers[1], -1, &fence);

	if (!ret)
		close(fence);
	return ret;
}

static int asks_display(struct scene *scene)
{
	struct drm_primesim_scanout_info info = { .crtc_id = scene->screen.crtc };

	return lab_ioctl(scene->drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info);
}

static void wait_for_flip(struct scene *scene)
{
	lab_screen_flipped(&scene->screen, LAB_FLIP_MS);
}

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE

static void open_camera(struct scene *scene)
{
	lab_camera_open(&scene->camera, V4L2_PIX_FMT_YUYV, 128, 64);
}

static void request_own(struct scene *scene)
{
	open_camera(scene);
	lab_camera_request(&scene->camera, V4L2_MEMORY_MMAP, 2);
}

static void queue_own(struct scene *scene)
{
	request_own(scene);
	for (int i = 0; i < 2; i++)
		igt_assert_eq(lab_camera_queue_own(&scene->camera, i), 0);
}

static void queue_early(struct scene *scene)
{
	queue_own(scene);
	lab_camera_set(&scene->camera, V4L2_CID_CAMSIM_EARLY_FENCES, 1);
}

static void stop_early(struct scene *scene)
{
	lab_camera_set(&scene->camera, V4L2_CID_CAMSIM_EARLY_FENCES, 0);
}

static void request_dmabuf(struct scene *scene)
{
	create_object(scene);
	scene->dmabuf = lab_export(scene->drm, scene->handle, DRM_RDWR);
	open_camera(scene);
	lab_camera_request(&scene->camera, V4L2_MEMORY_DMABUF, 1);
}

static int sets_format(struct scene *scene)
{
	struct v4l2_format format = {
		.type = CAPTURE,
		.fmt.pix = { .width = 128, .height = 96, .pixelformat = V4L2_PIX_FMT_NV12 },
	};

	return lab_ioctl(scene->camera.fd, VIDIOC_S_FMT, &format);
}

static int requests_own(struct scene *scene)
{
	struct v4l2_requestbuffers request = {
		.count = 2, .type = CAPTURE, .memory = V4L2_MEMORY_MMAP,
	};

	return lab_ioctl(scene->camera.fd, VIDIOC_REQBUFS, &request);
}

static int exports_own(struct scene *scene)
{
	struct v4l2_exportbuffer export = { .type = CAPTURE, .flags = O_CLOEXEC | O_RDWR };

	return lab_ioctl(scene->camera.fd, VIDIOC_EXPBUF, &export);
}

static int maps_own(struct scene *scene)
{
	return touch(scene, scene->camera.fd, 0);
}

static int queues_own(struct scene *scene)
{
	return lab_camera_queue_own(&scene->camera, 0);
}

static int queues_dmabuf(struct scene *scene)
{
	return lab_camera_queue(&scene->camera, 0, scene->dmabuf);
}

static int streams(struct scene *scene)
{
	int type = CAPTURE;

	return lab_ioctl(scene->camera.fd, VIDIOC_STREAMON, &type);
}

static int subscribes(struct scene *scene)
{
	struct v4l2_event_subscription event = {
		.type = V4L2_EVENT_CTRL, .id = V4L2_CID_CAMSIM_EARLY_FENCES,
	};

	return lab_ioctl(scene->camera.fd, VIDIOC_SUBSCRIBE_EVENT, &event);
}

/* Directories of configfs: @path is one that is not there yet, or is. */

static void name_gpu(struct scene *scene)
{
	snprintf(scene->path, sizeof(scene->path), "/sys/kernel/config/primesim/failing");
}

static void name_camera(struct scene *scene)
{
	snprintf(scene->path, sizeof(scene->path), "/sys/kernel/config/camsim/failing");
}

static void make_gpu(struct scene *scene)
{
	name_gpu(scene);
	igt_assert_eq(mkdir(scene->path, 0755), 0);
}

static int makes_directory(struct scene *scene)
{
	return mkdir(scene->path, 0755) ? -errno : 0;
}

static int set_attribute(struct scene *scene, const char *name, const char *value)
{
	char path[128];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/%s", scene->path, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = write(fd, value, strlen(value)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

static int sets_profile(struct scene *scene)
{
	return set_attribute(scene, "gpu/profile", "contig32");
}

static void remove_directory(struct scene *scene)
{
	igt_assert_f(!rmdir(scene->path), "rmdir %s: %m\n", scene->path);
}

static const struct call calls[] = {
	{ "gpu-open", find_render_node, open_path, NULL, "A render node is opened." },
	{ "gpu-create", open_drm, creates, NULL, "An object is created." },
	{ "gpu-context", open_drm, creates_context, NULL, "A context is created." },
	{ "gpu-info", create_object, asks, NULL, "Where is the object?" },
	{ "gpu-mmap", create_object, maps, NULL, "An object is mapped and touched." },
	{ "gpu-export", create_object, exports, NULL, "An object becomes a dma-buf." },
	{ "gpu-import", export_object, imports, NULL, "A dma-buf becomes an object." },
	{ "gpu-submit-first", create_object, submits, NULL,
	  "A job, and pages for what it writes." },
	{ "gpu-submit", submit_first, submits, NULL, "A job for pages that are there." },
	{ "gpu-submit-after", submit_first, submits_after, NULL, "A job that waits for another." },
	{ "gpu-submit-imported-first", import_object, submits_imported, NULL,
	  "A job that maps another device's object." },
	{ "gpu-submit-imported", submit_imported_first, submits_imported, NULL,
	  "A job on another device's object that is mapped." },
	{ "dmabuf-mmap", export_object, maps_dmabuf, NULL, "A dma-buf is mapped and touched." },
	{ "dmabuf-access", import_object, accesses, NULL, "The CPU's access begins and ends." },
	{ "dmabuf-fences", import_object, fences, NULL, "Fences go out and in." },
	{ "display-framebuffer", open_screen, adds_framebuffer, NULL, "A framebuffer is added." },
	{ "display-blob", open_screen, makes_blob, NULL, "A property blob is made." },
	{ "display-modeset", open_screen, lights, NULL, "The display is switched on." },
	{ "display-flip", show_first, flips, wait_for_flip, "Another picture." },
	{ "display-info", show_first, asks_display, NULL, "What is shown?" },
	{ "camera-open", find_camera, open_path, NULL, "A camera is opened." },
	{ "camera-format", open_camera, sets_format, NULL, "A format is set." },
	{ "camera-request", open_camera, requests_own, NULL, "Buffers are made." },
	{ "camera-export", request_own, exports_own, NULL, "A buffer becomes a dma-buf." },
	{ "camera-mmap", request_own, maps_own, NULL, "A buffer is mapped and touched." },
	{ "camera-queue", request_own, queues_own, NULL, "A buffer is queued." },
	{ "camera-queue-dmabuf", request_dmabuf, queues_dmabuf, NULL, "A dma-buf is queued." },
	{ "camera-stream", queue_own, streams, NULL, "The camera starts." },
	{ "camera-stream-fences", queue_early, streams, stop_early,
	  "The camera starts, with fences on its buffers." },
	{ "camera-event", open_camera, subscribes, NULL, "An event is subscribed." },
	{ "configfs-gpu", name_gpu, makes_directory, remove_directory,
	  "A directory for a GPU is made." },
	{ "configfs-camera", name_camera, makes_directory, remove_directory,
	  "A directory for a camera is made." },
	{ "configfs-profile", make_gpu, sets_profile, remove_directory, "A profile is chosen." },
	/*
	 * No device goes live here: DRM's core (as of 7.2) oopses when it has no memory for
	 * the device of a minor, in drm_minor_alloc_release().
	 */
};

static const struct call *find_call(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (!strcmp(calls[i].name, name))
			return &calls[i];
	igt_assert_f(false, "no call %s\n", name);
	return NULL;
}

/* What a call may fail with besides ENOMEM and EFAULT */
static const struct {
	const char *name;
	int error;
} other_errors[] = {
	/* videobuf2 knows no other one here. */
	{ "camera-export", -EINVAL },
};

static bool may_fail_with(const struct call *call, int ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(other_errors); i++)
		if (!strcmp(other_errors[i].name, call->name) && other_errors[i].error == ret)
			return true;
	return ret == -ENOMEM || ret == -EFAULT;
}

/* After EFAULT it may have been done, but for the answer; and is not done twice then. */
static void run_again(const struct call *call, struct scene *scene, int before, int n)
{
	int ret = call->run(scene);

	igt_assert_f(!ret || before == -EFAULT, "fails again after failure number %d: %s\n", n,
		     strerror(-ret));
}

/* Returns what lab_fail_nth_left() does. */
static int fail_once(const struct call *call, struct scene *scene, int fail_nth, int n)
{
	int ret, left;

	call->prepare(scene);
	lab_fail_nth(fail_nth, n);
	ret = call->run(scene);
	left = lab_fail_nth_left(fail_nth);
	igt_assert_f(!ret || !left, "without a failure: %s\n", strerror(-ret));
	igt_assert_f(!ret || may_fail_with(call, ret), "with failure number %d: %s\n", n,
		     strerror(-ret));
	if (ret)
		run_again(call, scene, ret, n);
	if (call->finish)
		call->finish(scene);
	lab_leaks_close_leftovers();
	igt_debug("%d: %s, %d; %d buffers are left\n", n, left ? "none" : "failed", ret,
		  lab_count_simbufs());
	return left;
}

static void fail_all(const char *name)
{
	const struct call *call = find_call(name);
	int fail_nth = lab_open_fail_nth(), count;
	struct scene scene = {};

	igt_assert_eq(pipe(scene.pipe), 0);
	lab_plug(&scene.device, "primesim", "contig32");
	fail_once(call, &scene, fail_nth, PLENTY);
	count = PLENTY - fail_once(call, &scene, fail_nth, PLENTY);
	for (int n = 1; n <= count; n++)
		fail_once(call, &scene, fail_nth, n);
	igt_info("%d failures\n", count);
	lab_unplug(&scene.device);
	lab_close(scene.pipe[0]);
	lab_close(scene.pipe[1]);
	lab_close(fail_nth);
}

static void subtest(const struct call *call)
{
	const struct lab_test test = { "fails", fail_all, call->about };

	lab_run_tests(&test, 1, call->name);
}

igt_main()
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		subtest(&calls[i]);
}
