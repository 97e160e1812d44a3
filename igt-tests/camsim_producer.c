// SPDX-License-Identifier: MIT
/*
 * The virtual webcam: frames of a program's, queued on camsim's output node, come out of the
 * camera.
 *
 * Each test has a camera of its own. A frame is one number in all of its words, so a glance says
 * which one it is; tests of exact pixels write a pattern instead.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "producer.h"
#include "simbuf.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("camsim's producer node: frames of a program's, at the camera's rate");

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE
#define OUTPUT		V4L2_BUF_TYPE_VIDEO_OUTPUT
#define FOURCC		V4L2_PIX_FMT_XBGR32
#define WIDTH		128
#define HEIGHT		128
#define SIZE		(WIDTH * HEIGHT * 4)
#define FRAMES		8	/* buffers of the producer's, at most */
#define SHOTS		3	/* buffers of the consumer's */
#define PATTERN		(-1)	/* what is in a frame of the camera's own */
#define PATIENCE	300	/* frames until something has to be seen */

/**
 * struct scene - a camera, and both ends of it
 * @plugged: the camera.
 * @camera: the capture node, without stamps.
 * @producer: the output node.
 * @frames: dma-bufs of the producer's buffers.
 * @num_frames: how many.
 * @memory: what they are to the output node.
 * @shots: dma-bufs of the consumer's buffers.
 * @last: the buffer that was dequeued last.
 */
struct scene {
	struct lab_plugged plugged;
	struct lab_camera camera;
	struct lab_camera producer;
	int frames[FRAMES];
	int num_frames;
	uint32_t memory;
	int shots[SHOTS];
	struct v4l2_buffer last;
};

static void fill(int dmabuf, uint32_t number)
{
	uint32_t *words = lab_map(dmabuf, SIZE, PROT_READ | PROT_WRITE, 0);

	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_WRITE);
	for (int i = 0; i < SIZE / 4; i++)
		words[i] = number;
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_WRITE);
	lab_unmap(words, SIZE);
}

/* The number of the frame, or PATTERN */
static int number_of(int dmabuf)
{
	const uint32_t *words = lab_map(dmabuf, SIZE, PROT_READ, 0);
	int number;

	lab_cpu_begin(dmabuf, DMA_BUF_SYNC_READ);
	number = words[0];
	for (int i = 1; i < SIZE / 4; i++)
		if (words[i] != words[0])
			number = PATTERN;
	lab_cpu_end(dmabuf, DMA_BUF_SYNC_READ);
	lab_unmap(words, SIZE);
	return number;
}

static void scene_open_profile(struct scene *scene, const char *profile)
{
	*scene = (struct scene){};
	lab_plug_prepare(&scene->plugged, "camsim", "producer");
	lab_plug_set(&scene->plugged, "device/profile", profile);
	lab_plug_set(&scene->plugged, "producer", "1");
	lab_plug_start(&scene->plugged);
	lab_camera_setup(&scene->camera, lab_plugged_camera(&scene->plugged), FOURCC, WIDTH,
			 HEIGHT);
	lab_camera_set(&scene->camera, V4L2_CID_CAMSIM_FRAME_STAMP, 0);
	lab_producer_setup(&scene->producer, lab_plugged_producer(&scene->plugged), FOURCC, WIDTH,
			   HEIGHT, 0);
}

static void scene_open(struct scene *scene)
{
	scene_open_profile(scene, "ideal");
}

static void scene_close(struct scene *scene)
{
	for (int i = 0; i < scene->num_frames; i++)
		lab_close(scene->frames[i]);
	for (int i = 0; i < SHOTS; i++)
		if (scene->shots[i])
			lab_close(scene->shots[i]);
	lab_close(scene->producer.fd);
	lab_camera_close(&scene->camera);
	lab_unplug(&scene->plugged);
}

/* Buffers of the output node's own; frame i has the number i + 1. */
static void frames_own(struct scene *scene, int count)
{
	scene->memory = V4L2_MEMORY_MMAP;
	scene->num_frames = count;
	lab_camera_request(&scene->producer, scene->memory, count);
	for (int i = 0; i < count; i++) {
		scene->frames[i] = lab_camera_export(&scene->producer, i, O_RDWR);
		fill(scene->frames[i], i + 1);
	}
}

/* The same of a DRM driver's */
static void frames_prime(struct scene *scene, const char *exporter, int count)
{
	int drm = lab_open_primary(exporter);
	struct lab_dumb dumb;

	scene->memory = V4L2_MEMORY_DMABUF;
	scene->num_frames = count;
	lab_camera_request(&scene->producer, scene->memory, count);
	for (int i = 0; i < count; i++) {
		lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
		scene->frames[i] = lab_export(drm, dumb.handle, DRM_RDWR);
		fill(scene->frames[i], i + 1);
	}
	lab_close(drm);
}

static int try_queue(const struct scene *scene, int i, int64_t timestamp)
{
	bool own = scene->memory == V4L2_MEMORY_MMAP;

	return lab_producer_queue(&scene->producer, i, own ? -1 : scene->frames[i], timestamp);
}

static void queue(const struct scene *scene, int i)
{
	igt_assert_eq(try_queue(scene, i, 0), 0);
}

static void produce(const struct scene *scene)
{
	lab_camera_start(&scene->producer);
}

/* The buffer that comes back is the one with that index. */
static void comes_back(const struct scene *scene, uint32_t index)
{
	struct v4l2_buffer buffer = lab_camera_dequeue(&scene->producer, scene->memory);

	igt_assert_eq_u32(buffer.index, index);
}

/* The camera has said why. */
static void refused(const struct scene *scene, uint64_t since, int err, const char *why)
{
	lab_assert_refused_by(since, err, lab_plugged_name(&scene->plugged, ""), why);
}

static long count(const struct scene *scene, const char *name)
{
	return lab_producer_count(&scene->plugged, name);
}

static void capture(struct scene *scene)
{
	lab_camera_request(&scene->camera, V4L2_MEMORY_MMAP, SHOTS);
	for (int i = 0; i < SHOTS; i++) {
		scene->shots[i] = lab_camera_export(&scene->camera, i, O_RDWR);
		igt_assert_eq(lab_camera_queue_own(&scene->camera, i), 0);
	}
	lab_camera_start(&scene->camera);
}

/* The camera's next frame */
static int next(struct scene *scene)
{
	int number;

	scene->last = lab_camera_dequeue(&scene->camera, V4L2_MEMORY_MMAP);
	number = number_of(scene->shots[scene->last.index]);
	igt_assert_eq(lab_camera_queue_own(&scene->camera, scene->last.index), 0);
	return number;
}

/* Frame @number comes, and until then @before only */
static void becomes(struct scene *scene, int before, int number)
{
	int seen = before;

	for (int i = 0; i < PATIENCE && seen == before; i++)
		seen = next(scene);
	igt_assert_eq(seen, number);
}

static void remains(struct scene *scene, int number)
{
	for (int i = 0; i < SHOTS + 2; i++)
		igt_assert_eq(next(scene), number);
}

/* A fence that a device which writes the frame has yet to signal */
static void fence_frame(const struct scene *scene, int i, struct lab_fence *fence)
{
	int sync_file;

	lab_fence_open(fence, 16, 16);
	sync_file = lab_fence_sync_file(fence);
	lab_import_sync_file(scene->frames[i], DMA_BUF_SYNC_WRITE, sync_file);
	lab_close(sync_file);
}

static void fence_end(struct lab_fence *fence)
{
	lab_fence_signal(fence);
	lab_fence_close(fence);
}

/* Pixels */

/* From the first frame on: it was there before. */
static void exact(struct scene *scene)
{
	lab_write_pattern(scene->frames[0], SIZE, 7);
	queue(scene, 0);
	produce(scene);
	capture(scene);
	for (int i = 0; i < 3; i++) {
		struct v4l2_buffer buffer = lab_camera_dequeue(&scene->camera, V4L2_MEMORY_MMAP);

		lab_check_pattern(scene->shots[buffer.index], SIZE, 7);
	}
	igt_assert_eq(count(scene, "shown"), 1);
	igt_assert_lte(2, count(scene, "repeated"));
	scene_close(scene);
}

static void own_buffers(const char *unused)
{
	struct scene scene;

	scene_open(&scene);
	frames_own(&scene, 2);
	exact(&scene);
}

static void imported_buffers(const char *exporter)
{
	struct scene scene;

	scene_open(&scene);
	frames_prime(&scene, exporter, 2);
	exact(&scene);
}

static void from_primesim(const char *unused)
{
	imported_buffers("primesim");
}

static void from_vgem(const char *unused)
{
	imported_buffers("vgem");
}

/* Without an IOMMU the rows of a frame are in pieces for the camera. */
static void scattered(const char *unused)
{
	struct scene scene;

	scene_open_profile(&scene, "no-iommu");
	scene.memory = V4L2_MEMORY_DMABUF;
	scene.num_frames = 2;
	lab_camera_request(&scene.producer, scene.memory, 2);
	for (int i = 0; i < 2; i++)
		scene.frames[i] = lab_udmabuf_scattered(SIZE);
	exact(&scene);
}

/* A camera only reads what a producer queues. */
static void read_only(const char *unused)
{
	int drm = lab_open_primary("vgem");
	struct lab_dumb dumb;
	struct scene scene;
	int shared;

	scene_open(&scene);
	lab_camera_request(&scene.producer, V4L2_MEMORY_DMABUF, 2);
	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	shared = lab_export(drm, dumb.handle, 0);
	igt_assert_eq(lab_producer_queue(&scene.producer, 0, shared, 0), 0);
	produce(&scene);
	capture(&scene);
	igt_assert_eq(next(&scene), 0);
	lab_close(shared);
	lab_close(drm);
	scene_close(&scene);
}

/* Lines of the producer's and of the consumer's may be of different length. */
static void padded_lines(const char *unused)
{
	const uint32_t *wide, *narrow;
	struct v4l2_buffer buffer;
	struct scene scene;
	int source;

	scene_open(&scene);
	lab_producer_setup(&scene.producer, scene.producer.fd, FOURCC, WIDTH, HEIGHT, 64);
	igt_assert_eq_u32(scene.producer.stride, scene.camera.stride + 64);
	lab_camera_request(&scene.producer, V4L2_MEMORY_MMAP, 2);
	source = lab_camera_export(&scene.producer, 0, O_RDWR);
	lab_write_pattern(source, scene.producer.size, 3);
	igt_assert_eq(lab_producer_queue(&scene.producer, 0, -1, 0), 0);
	produce(&scene);
	capture(&scene);
	buffer = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_MMAP);

	wide = lab_map(source, scene.producer.size, PROT_READ, 0);
	narrow = lab_map(scene.shots[buffer.index], SIZE, PROT_READ, 0);
	for (uint32_t y = 0; y < HEIGHT; y++)
		igt_assert_f(!memcmp(wide + y * scene.producer.stride / 4, narrow + y * WIDTH,
				     WIDTH * 4), "line %u\n", y);
	lab_unmap(wide, scene.producer.size);
	lab_unmap(narrow, SIZE);
	lab_close(source);
	scene_close(&scene);
}

/* The stamp is the camera's, and is over the frame. */
static void stamped(const char *unused)
{
	struct v4l2_buffer buffer;
	struct scene scene;
	uint32_t below;
	const uint32_t *words;

	scene_open(&scene);
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_FRAME_STAMP, 1);
	frames_own(&scene, 2);
	queue(&scene, 0);
	produce(&scene);
	capture(&scene);
	for (int i = 0; i < 3; i++) {
		buffer = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_MMAP);
		lab_stamp_check(scene.shots[buffer.index], &scene.camera, &buffer);
		words = lab_map(scene.shots[buffer.index], SIZE, PROT_READ, 0);
		below = simstamp_cell_start(HEIGHT, SIMSTAMP_V_CELLS, SIMSTAMP_LINES);
		for (uint32_t j = below * WIDTH; j < WIDTH * HEIGHT; j++)
			igt_assert_eq_u32(words[j], 1);
		lab_unmap(words, SIZE);
	}
	scene_close(&scene);
}

static struct simbuf_info info_of(int fd, uint32_t index)
{
	struct camsim_buffer_info arg = { .index = index };

	igt_assert_eq(lab_ioctl(fd, VIDIOC_CAMSIM_BUFFER_INFO, &arg), 0);
	return arg.info;
}

/* GPU to display by way of a virtual webcam: the camera reads a frame once and writes it once. */
static void one_device_write(const char *unused)
{
	struct lab_plugged sink;
	struct v4l2_buffer buffer;
	struct simbuf_info from, to;
	struct lab_dumb dumb;
	struct scene scene;
	int drm, dmabuf;

	lab_plug(&sink, "primesim", "ideal");
	drm = lab_plugged_primary(&sink);
	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
	scene_open(&scene);
	frames_prime(&scene, "primesim", 2);
	queue(&scene, 0);
	produce(&scene);
	lab_camera_request(&scene.camera, V4L2_MEMORY_DMABUF, 1);
	lab_camera_start(&scene.camera);
	for (int i = 1; i <= 5; i++) {
		igt_assert_eq(lab_camera_queue(&scene.camera, 0, dmabuf), 0);
		buffer = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_DMABUF);
		from = info_of(scene.producer.fd, 0);
		to = info_of(scene.camera.fd, buffer.index);
		igt_assert_eq_u64(from.device_read, i * SIZE);
		igt_assert_eq_u64(to.device_written, i * SIZE);
		igt_assert_eq_u64(from.device_written, 0);
		igt_assert_eq_u64(to.device_read, 0);
		igt_assert_eq_u64(from.cpu_copied, 0);
		igt_assert_eq_u64(to.cpu_copied, 0);
	}
	igt_assert_eq(number_of(dmabuf), 1);
	lab_close(dmabuf);
	lab_close(drm);
	scene_close(&scene);
	lab_unplug(&sink);
}

static void written(const char *unused)
{
	uint8_t frame[SIZE];
	struct scene scene;

	scene_open(&scene);
	capture(&scene);
	for (int i = 1; i <= 3; i++) {
		memset(frame, i, sizeof(frame));
		/* In two pieces: a frame is as long as it is. */
		igt_assert_eq(write(scene.producer.fd, frame, SIZE / 2), SIZE / 2);
		igt_assert_eq(write(scene.producer.fd, frame, SIZE / 2), SIZE / 2);
		becomes(&scene, i == 1 ? PATTERN : (i - 1) * 0x01010101, i * 0x01010101);
	}
	igt_assert_eq_u64(info_of(scene.producer.fd, 0).cpu_copied, 2 * SIZE);
	scene_close(&scene);
}

/* Rates */

static void slow_producer(const char *unused)
{
	struct scene scene;

	scene_open(&scene);
	frames_own(&scene, 3);
	produce(&scene);
	capture(&scene);
	remains(&scene, PATTERN);
	queue(&scene, 0);
	becomes(&scene, PATTERN, 1);
	remains(&scene, 1);
	queue(&scene, 1);
	becomes(&scene, 1, 2);
	comes_back(&scene, 0);
	remains(&scene, 2);
	igt_assert_eq(count(&scene, "queued"), 2);
	igt_assert_eq(count(&scene, "shown"), 2);
	igt_assert_lte(2 * (SHOTS + 2) - 1, count(&scene, "repeated"));
	igt_assert_eq(count(&scene, "dropped"), 0);
	scene_close(&scene);
}

/* Frames 2 to 4 come between two of the camera's, as a fence has it. */
static void fast_producer(const char *unused)
{
	struct v4l2_buffer buffer;
	struct lab_fence fence;
	struct scene scene;

	scene_open(&scene);
	frames_own(&scene, 5);
	produce(&scene);
	capture(&scene);
	igt_assert_eq(try_queue(&scene, 0, 1000000), 0);
	becomes(&scene, PATTERN, 1);
	fence_frame(&scene, 1, &fence);
	for (int i = 1; i < 5; i++)
		igt_assert_eq(try_queue(&scene, i, 1000000 + i), 0);
	remains(&scene, 1);
	lab_sleep(20);
	fence_end(&fence);
	becomes(&scene, 1, 5);
	remains(&scene, 5);
	for (uint32_t i = 0; i < 4; i++) {
		buffer = lab_camera_dequeue(&scene.producer, V4L2_MEMORY_MMAP);
		igt_assert_eq_u32(buffer.index, i);
		igt_assert_eq_u32(buffer.sequence, i);
		igt_assert_eq_s64(lab_camera_time(&buffer), 1000000 + i);
	}
	igt_assert(!lab_poll(scene.producer.fd, POLLOUT, 0));
	igt_assert_eq(count(&scene, "dropped"), 3);
	igt_assert_eq(count(&scene, "shown"), 2);
	scene_close(&scene);
}

static int64_t later_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/*
 * A producer of 8 frames a second, all there at once: the camera of 60 shows each when it is due.
 * That is known as exactly as the times before and after QBUF of the first one.
 */
static void timestamps(const char *unused)
{
	enum { PERIOD = 125000, MARGIN = 1000000 / 60 / 2, ROUNDING = 2 };
	int64_t earliest[FRAMES + 1], latest[FRAMES + 1], base = 5000000, before, after = 0, time;
	struct scene scene;
	int number = PATTERN;

	scene_open(&scene);
	frames_own(&scene, FRAMES);
	produce(&scene);
	capture(&scene);
	before = lab_now();
	for (int i = 0; i < FRAMES; i++) {
		igt_assert_eq(try_queue(&scene, i, base + i * PERIOD), 0);
		after = i ? after : (int64_t)lab_now();
		earliest[i] = before + MARGIN + i * PERIOD - ROUNDING;
		latest[i] = later_of(after + MARGIN + i * PERIOD + ROUNDING, lab_now());
	}
	latest[FRAMES] = INT64_MAX;
	while (number != FRAMES) {
		number = next(&scene);
		time = lab_camera_time(&scene.last);
		igt_assert_f(time < before + 30000000, "after 30 s frame %d\n", number);
		if (number == PATTERN)
			continue;
		igt_debug("%d at %lld\n", number, (long long)(time - before));
		/* What is shown first is shown at once. */
		igt_assert(number == 1 || time >= earliest[number - 1]);
		igt_assert(time < latest[number]);
	}
	scene_close(&scene);
}

/* Whoever has no clock, or another one from now on, is shown at once all the same. */
static void odd_timestamps(const char *unused)
{
	static const int64_t odd[] = { 1000000, 900000, 90000000000, 90000000001, 0, 5, 60000000 };
	struct scene scene;

	scene_open(&scene);
	frames_own(&scene, ARRAY_SIZE(odd));
	produce(&scene);
	capture(&scene);
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		igt_assert_eq(try_queue(&scene, i, odd[i]), 0);
		becomes(&scene, i ? (int)i : PATTERN, i + 1);
	}
	scene_close(&scene);
}

/* While nobody captures a producer is not held up, and its newest frame is kept. */
static void nobody_captures(const char *unused)
{
	struct lab_fence fence;
	struct scene scene;

	scene_open(&scene);
	frames_own(&scene, 3);
	queue(&scene, 0);
	queue(&scene, 1);
	produce(&scene);
	comes_back(&scene, 0);
	igt_assert(!lab_poll(scene.producer.fd, POLLOUT, 0));
	fence_frame(&scene, 2, &fence);
	queue(&scene, 2);
	comes_back(&scene, 1);
	fence_end(&fence);
	igt_assert_eq(count(&scene, "passed"), 2);
	capture(&scene);
	igt_assert_eq(next(&scene), 3);

	/* And when nobody does any more */
	queue(&scene, 0);
	becomes(&scene, 3, 1);
	comes_back(&scene, 2);
	lab_camera_stop(&scene.camera);
	queue(&scene, 1);
	comes_back(&scene, 0);
	scene_close(&scene);
}

/* A stream that has come to its end takes no frames, though STREAMOFF is yet to come. */
static void camera_ends(const char *unused)
{
	struct scene scene;

	scene_open(&scene);
	frames_own(&scene, 3);
	produce(&scene);
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_END_IN, 3);
	capture(&scene);
	for (int i = 0; i < 2; i++)
		next(&scene);
	lab_camera_dequeue(&scene.camera, V4L2_MEMORY_MMAP);
	queue(&scene, 0);
	queue(&scene, 1);
	comes_back(&scene, 0);
	queue(&scene, 0);
	comes_back(&scene, 1);
	scene_close(&scene);
}

/* Fences */

static void waits_for_fence(const char *unused)
{
	struct lab_fence fence;
	struct scene scene;

	scene_open(&scene);
	frames_prime(&scene, "primesim", 3);
	queue(&scene, 0);
	produce(&scene);
	capture(&scene);
	igt_assert_eq(next(&scene), 1);
	fence_frame(&scene, 1, &fence);
	queue(&scene, 1);
	remains(&scene, 1);
	igt_assert_lt(0, count(&scene, "waited"));
	fence_end(&fence);
	becomes(&scene, 1, 2);
	comes_back(&scene, 0);
	scene_close(&scene);
}

/* The GPU draws when it may, which is long after QBUF. */
static void waits_for_gpu(const char *unused)
{
	int drm = lab_open_primary("primesim");
	struct drm_primesim_surface surface;
	struct drm_primesim_sync in = {};
	struct drm_primesim_op op;
	struct lab_fence fence;
	struct lab_dumb dumb;
	struct scene scene;
	int dmabuf;

	scene_open(&scene);
	lab_camera_request(&scene.producer, V4L2_MEMORY_DMABUF, 2);
	lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
	dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
	lab_fence_open(&fence, 16, 16);
	in.handle = lab_fence_syncobj(&fence, drm);
	surface = lab_surface(dumb.handle, WIDTH, HEIGHT, dumb.pitch);
	op = lab_op_fill(&surface, 0x123456);
	igt_assert_eq(lab_submit(drm, &op, &in, NULL), 0);
	igt_assert_eq(lab_producer_queue(&scene.producer, 0, dmabuf, 0), 0);
	produce(&scene);
	capture(&scene);
	remains(&scene, PATTERN);
	lab_fence_signal(&fence);
	becomes(&scene, PATTERN, 0x123456);
	lab_fence_close(&fence);
	igt_assert_eq(drmSyncobjDestroy(drm, in.handle), 0);
	lab_close(dmabuf);
	lab_close(drm);
	scene_close(&scene);
}

/* Somebody's frame that never comes: a camera's that is stopped before. */
static void broken_fence(const char *unused)
{
	struct lab_camera other;
	struct v4l2_buffer buffer;
	struct scene scene;

	scene_open(&scene);
	frames_prime(&scene, "primesim", 3);
	queue(&scene, 0);
	produce(&scene);
	capture(&scene);
	igt_assert_eq(next(&scene), 1);

	lab_camera_open(&other, FOURCC, WIDTH, HEIGHT);
	lab_camera_set(&other, V4L2_CID_CAMSIM_EARLY_FENCES, 1);
	lab_camera_set(&other, V4L2_CID_CAMSIM_STALL_MS, 60000);
	lab_camera_request(&other, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&other, 0, scene.frames[1]), 0);
	lab_camera_start(&other);
	queue(&scene, 1);
	queue(&scene, 2);
	remains(&scene, 1);
	lab_camera_set(&other, V4L2_CID_CAMSIM_EARLY_FENCES, 0);
	lab_camera_set(&other, V4L2_CID_CAMSIM_STALL_MS, 0);
	lab_camera_close(&other);

	becomes(&scene, 1, 3);
	igt_assert_eq(lab_camera_try_dequeue(&scene.producer, scene.memory, &buffer), 0);
	igt_assert_eq_u32(buffer.index, 1);
	igt_assert(buffer.flags & V4L2_BUF_FLAG_ERROR);
	comes_back(&scene, 0);
	igt_assert_eq(count(&scene, "broken"), 1);
	scene_close(&scene);
}

/* What waits for the camera's frame waits for nothing of the producer's. */
static void early_fence(const char *unused)
{
	struct lab_fence fence;
	struct scene scene;
	int frame;

	scene_open(&scene);
	frames_own(&scene, 2);
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_EARLY_FENCES, 1);
	fence_frame(&scene, 0, &fence);
	queue(&scene, 0);
	produce(&scene);
	capture(&scene);
	for (int i = 0; i < 5; i++) {
		frame = lab_export_sync_file(scene.shots[i % SHOTS], DMA_BUF_SYNC_READ);
		igt_assert(lab_signals(frame, LAB_FRAME_MS));
		igt_assert_eq(lab_sync_file_status(frame), 1);
		lab_close(frame);
		igt_assert_eq(next(&scene), PATTERN);
	}
	fence_end(&fence);
	becomes(&scene, PATTERN, 1);
	scene_close(&scene);
}

/* One memory at both ends, with the camera's fence of it: nothing waits for itself. */
static void same_buffer(const char *unused)
{
	struct scene scene;

	scene_open(&scene);
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_EARLY_FENCES, 1);
	frames_prime(&scene, "primesim", 2);
	lab_camera_request(&scene.camera, V4L2_MEMORY_DMABUF, 1);
	lab_camera_start(&scene.camera);
	igt_assert_eq(lab_camera_queue(&scene.camera, 0, scene.frames[0]), 0);
	queue(&scene, 0);
	produce(&scene);
	for (int i = 0; i < 5; i++) {
		lab_camera_dequeue(&scene.camera, V4L2_MEMORY_DMABUF);
		igt_assert_eq(lab_camera_queue(&scene.camera, 0, scene.frames[0]), 0);
	}
	lab_camera_dequeue(&scene.camera, V4L2_MEMORY_DMABUF);
	scene_close(&scene);
}

/* Formats */

static struct v4l2_format format_of(int fd, uint32_t type)
{
	struct v4l2_format format = { .type = type };

	igt_assert_eq(lab_ioctl(fd, VIDIOC_G_FMT, &format), 0);
	return format;
}

static int num_formats(int fd, uint32_t type)
{
	struct v4l2_fmtdesc desc = { .type = type };

	while (lab_ioctl(fd, VIDIOC_ENUM_FMT, &desc) == 0)
		desc.index++;
	return desc.index;
}

static struct v4l2_frmsizeenum size_of(int fd, uint32_t fourcc)
{
	struct v4l2_frmsizeenum sizes = { .pixel_format = fourcc };

	igt_assert_eq(lab_ioctl(fd, VIDIOC_ENUM_FRAMESIZES, &sizes), 0);
	return sizes;
}

/* There is one format and one size. */
static void expect_fixed(int fd, uint32_t type, uint32_t fourcc, uint32_t width, uint32_t height)
{
	struct v4l2_frmsizeenum sizes = size_of(fd, fourcc);

	igt_assert_eq(num_formats(fd, type), 1);
	igt_assert_eq_u32(sizes.type, V4L2_FRMSIZE_TYPE_DISCRETE);
	igt_assert_eq_u32(sizes.discrete.width, width);
	igt_assert_eq_u32(sizes.discrete.height, height);
}

static bool source_changed(const struct scene *scene)
{
	struct v4l2_event event = {};
	int ret = lab_ioctl(scene->camera.fd, VIDIOC_DQEVENT, &event);

	igt_assert(ret == 0 || ret == -ENOENT);
	if (ret)
		return false;
	igt_assert_eq_u32(event.type, V4L2_EVENT_SOURCE_CHANGE);
	igt_assert_eq_u32(event.u.src_change.changes, V4L2_EVENT_SRC_CH_RESOLUTION);
	return true;
}

static void watch_source(const struct scene *scene)
{
	struct v4l2_event_subscription subscription = { .type = V4L2_EVENT_SOURCE_CHANGE };

	igt_assert_eq(lab_ioctl(scene->camera.fd, VIDIOC_SUBSCRIBE_EVENT, &subscription), 0);
	igt_assert_eq(fcntl(scene->camera.fd, F_SETFL, O_NONBLOCK), 0);
}

/* The producer comes first: size, pixel format and colours are what it says. */
static void producer_first(const char *unused)
{
	struct v4l2_format format = { .type = OUTPUT, .fmt.pix = {
		.width = 320, .height = 240, .pixelformat = V4L2_PIX_FMT_NV12,
		.colorspace = V4L2_COLORSPACE_REC709, .quantization = V4L2_QUANTIZATION_FULL_RANGE,
		.priv = V4L2_PIX_FMT_PRIV_MAGIC,
	} };
	struct scene scene;
	int all;

	scene_open(&scene);
	watch_source(&scene);
	all = num_formats(scene.camera.fd, CAPTURE);
	igt_assert_eq(num_formats(scene.producer.fd, OUTPUT), all);
	igt_assert_eq(lab_ioctl(scene.producer.fd, VIDIOC_S_FMT, &format), 0);
	scene.producer.size = format.fmt.pix.sizeimage;
	lab_camera_request(&scene.producer, V4L2_MEMORY_MMAP, 2);
	igt_assert_eq(lab_producer_queue(&scene.producer, 0, -1, 0), 0);
	igt_assert(!source_changed(&scene));
	igt_assert_eq(num_formats(scene.camera.fd, CAPTURE), all);

	produce(&scene);
	igt_assert(source_changed(&scene));
	expect_fixed(scene.camera.fd, CAPTURE, V4L2_PIX_FMT_NV12, 320, 240);
	format = format_of(scene.camera.fd, CAPTURE);
	igt_assert_eq_u32(format.fmt.pix.colorspace, V4L2_COLORSPACE_REC709);
	igt_assert_eq_u32(format.fmt.pix.quantization, V4L2_QUANTIZATION_FULL_RANGE);
	format.fmt.pix.width = 640;
	format.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
	igt_assert_eq(lab_ioctl(scene.camera.fd, VIDIOC_S_FMT, &format), 0);
	igt_assert_eq_u32(format.fmt.pix.width, 320);
	igt_assert_eq_u32(format.fmt.pix.height, 240);
	igt_assert_eq_u32(format.fmt.pix.pixelformat, V4L2_PIX_FMT_NV12);
	igt_assert_eq_u32(format.fmt.pix.bytesperline, 320);

	/* Nothing new is no event, and afterwards all are there again. */
	lab_camera_stop(&scene.producer);
	produce(&scene);
	igt_assert(!source_changed(&scene));
	lab_camera_stop(&scene.producer);
	igt_assert_eq(num_formats(scene.camera.fd, CAPTURE), all);
	igt_assert_eq_u32(format_of(scene.camera.fd, CAPTURE).fmt.pix.width, 320);
	scene_close(&scene);
}

/* The consumer comes first: a producer can have its format or none. */
static void consumer_first(const char *unused)
{
	uint64_t since = lab_now();
	struct lab_camera other;
	struct scene scene;

	scene_open(&scene);
	/* Set while it could be, and of no use later */
	lab_producer_setup(&scene.producer, scene.producer.fd, FOURCC, 2 * WIDTH, HEIGHT, 0);
	capture(&scene);
	lab_camera_request(&scene.producer, V4L2_MEMORY_MMAP, 2);
	igt_assert_eq(lab_producer_queue(&scene.producer, 0, -1, 0), 0);
	igt_assert_eq(lab_camera_try_start(&scene.producer), -EPIPE);
	refused(&scene, since, -EPIPE,
		"the producer has 256x128 XR24, the capture node has buffers for 128x128 XR24");
	lab_camera_request(&scene.producer, V4L2_MEMORY_MMAP, 0);

	expect_fixed(scene.producer.fd, OUTPUT, FOURCC, WIDTH, HEIGHT);
	igt_assert_eq(lab_producer_try_setup(&other, scene.producer.fd, V4L2_PIX_FMT_YUYV, WIDTH,
					     HEIGHT, 0), -EBUSY);
	igt_assert_eq(lab_producer_try_setup(&other, scene.producer.fd, FOURCC, WIDTH,
					     HEIGHT + 2, 0), -EBUSY);
	refused(&scene, since, -EBUSY,
		"the capture node has buffers for 128x128 XR24, so a producer cannot have 128x130 XR24");
	lab_producer_setup(&scene.producer, scene.producer.fd, FOURCC, WIDTH, HEIGHT, 32);
	lab_producer_setup(&scene.producer, scene.producer.fd, FOURCC, WIDTH, HEIGHT, 0);
	frames_own(&scene, 2);
	queue(&scene, 0);
	produce(&scene);
	becomes(&scene, PATTERN, 1);
	scene_close(&scene);
}

/* Of a frame that is composed into a part of a picture there is none of a producer's. */
static void composed(const char *unused)
{
	struct v4l2_selection half = {
		.type = CAPTURE, .target = V4L2_SEL_TGT_COMPOSE,
		.r = { .width = WIDTH / 2, .height = HEIGHT },
	};
	uint64_t since = lab_now();
	struct scene scene;

	scene_open(&scene);
	igt_assert_eq(lab_ioctl(scene.camera.fd, VIDIOC_S_SELECTION, &half), 0);
	lab_camera_request(&scene.camera, V4L2_MEMORY_MMAP, SHOTS);
	frames_own(&scene, 2);
	queue(&scene, 0);
	igt_assert_eq(lab_camera_try_start(&scene.producer), -EPIPE);
	refused(&scene, since, -EPIPE,
		"the capture node composes into 64x128 of its frames, the producer has 128x128");
	lab_camera_request(&scene.camera, V4L2_MEMORY_MMAP, 0);
	produce(&scene);
	half.r = (struct v4l2_rect){ .width = WIDTH / 2, .height = HEIGHT };
	igt_assert_eq(lab_ioctl(scene.camera.fd, VIDIOC_S_SELECTION, &half), 0);
	igt_assert_eq_u32(half.r.width, WIDTH);
	capture(&scene);
	igt_assert_eq(next(&scene), 1);
	scene_close(&scene);
}

/* A source that is told to change has another size than the producer's frames. */
static void source_change(const char *unused)
{
	struct v4l2_buffer buffer = {};
	struct scene scene;

	scene_open(&scene);
	frames_own(&scene, 2);
	queue(&scene, 0);
	produce(&scene);
	capture(&scene);
	igt_assert_eq(next(&scene), 1);
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_SOURCE_WIDTH, WIDTH / 2);
	lab_camera_set(&scene.camera, V4L2_CID_CAMSIM_SOURCE_CHANGE_IN, 1);
	while (!(buffer.flags & V4L2_BUF_FLAG_LAST))
		buffer = lab_camera_dequeue(&scene.camera, V4L2_MEMORY_MMAP);
	lab_camera_stop(&scene.camera);
	for (int i = 0; i < SHOTS; i++)
		igt_assert_eq(lab_camera_queue_own(&scene.camera, i), 0);
	lab_camera_start(&scene.camera);
	igt_assert_eq(lab_camera_try_dequeue(&scene.camera, V4L2_MEMORY_MMAP, &buffer), 0);
	igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_ERROR, 0);
	igt_assert_eq_u32(buffer.bytesused, SIZE / 2);
	scene_close(&scene);
}

#define OUTPUT_MPLANE	V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE
#define CAPTURE_MPLANE	V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE

static void mplane_stream(int fd, uint32_t type)
{
	igt_assert_eq(lab_ioctl(fd, VIDIOC_STREAMON, &type), 0);
}

static int mplane_export(int fd, uint32_t plane)
{
	struct v4l2_exportbuffer arg = {
		.type = CAPTURE_MPLANE, .plane = plane, .flags = O_RDWR | O_CLOEXEC,
	};

	igt_assert_eq(lab_ioctl(fd, VIDIOC_EXPBUF, &arg), 0);
	return arg.fd;
}

static void same_bytes(const uint8_t *expected, int dmabuf, uint32_t size)
{
	const void *pixels = lab_map(dmabuf, size, PROT_READ, 0);

	igt_assert(!memcmp(expected, pixels, size));
	lab_unmap(pixels, size);
}

/* Both planes of the producer's are in one dma-buf; the consumer has one for each. */
static void planes(const char *unused)
{
	enum { LUMA = WIDTH * HEIGHT, CHROMA = LUMA / 2, OFFSET = LUMA + 4096 };
	struct v4l2_format format = { .type = OUTPUT_MPLANE, .fmt.pix_mp = {
		.width = WIDTH, .height = HEIGHT, .pixelformat = V4L2_PIX_FMT_NV12M,
	} };
	struct v4l2_requestbuffers request = {
		.type = OUTPUT_MPLANE, .memory = V4L2_MEMORY_DMABUF, .count = 2,
	};
	struct v4l2_control unstamped = { .id = V4L2_CID_CAMSIM_FRAME_STAMP };
	int camera, producer, source = lab_udmabuf(OFFSET + LUMA), shots[2];
	struct v4l2_plane planes[2] = {
		{ .m.fd = source, .length = OFFSET + LUMA, .bytesused = LUMA },
		{ .m.fd = source, .length = OFFSET + LUMA, .bytesused = OFFSET + CHROMA,
		  .data_offset = OFFSET },
	};
	struct v4l2_buffer buffer = {
		.type = OUTPUT_MPLANE, .memory = V4L2_MEMORY_DMABUF, .m.planes = planes,
		.length = 2,
	};
	struct lab_plugged plugged;
	const uint8_t *pixels;

	lab_plug_prepare(&plugged, "camsim", "producer");
	lab_plug_set(&plugged, "mplane", "1");
	lab_plug_set(&plugged, "producer", "1");
	lab_plug_start(&plugged);
	camera = lab_plugged_camera(&plugged);
	producer = lab_plugged_producer(&plugged);
	lab_write_pattern(source, OFFSET + LUMA, 5);
	igt_assert_eq(lab_ioctl(producer, VIDIOC_S_FMT, &format), 0);
	igt_assert_eq(lab_ioctl(producer, VIDIOC_REQBUFS, &request), 0);
	planes[1].bytesused--;
	igt_assert_eq(lab_ioctl(producer, VIDIOC_QBUF, &buffer), -EINVAL);
	planes[1].bytesused++;
	igt_assert_eq(lab_ioctl(producer, VIDIOC_QBUF, &buffer), 0);
	mplane_stream(producer, OUTPUT_MPLANE);

	igt_assert_eq(lab_ioctl(camera, VIDIOC_S_CTRL, &unstamped), 0);
	request = (struct v4l2_requestbuffers){
		.type = CAPTURE_MPLANE, .memory = V4L2_MEMORY_MMAP, .count = 1,
	};
	igt_assert_eq(lab_ioctl(camera, VIDIOC_REQBUFS, &request), 0);
	memset(planes, 0, sizeof(planes));
	buffer = (struct v4l2_buffer){
		.type = CAPTURE_MPLANE, .memory = V4L2_MEMORY_MMAP, .m.planes = planes, .length = 2,
	};
	igt_assert_eq(lab_ioctl(camera, VIDIOC_QBUF, &buffer), 0);
	for (int i = 0; i < 2; i++)
		shots[i] = mplane_export(camera, i);
	mplane_stream(camera, CAPTURE_MPLANE);
	igt_assert(lab_poll(camera, POLLIN, LAB_FRAME_MS));
	igt_assert_eq(lab_ioctl(camera, VIDIOC_DQBUF, &buffer), 0);
	igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_ERROR, 0);

	pixels = (const void *)lab_map(source, OFFSET + LUMA, PROT_READ, 0);
	same_bytes(pixels, shots[0], LUMA);
	same_bytes(pixels + OFFSET, shots[1], CHROMA);
	lab_unmap(pixels, OFFSET + LUMA);
	for (int i = 0; i < 2; i++)
		lab_close(shots[i]);
	lab_close(source);
	lab_close(camera);
	lab_close(producer);
	lab_unplug(&plugged);
}

/* Ends */

static void producer_stops(const char *unused)
{
	struct scene scene;

	scene_open(&scene);
	frames_own(&scene, 3);
	for (int i = 0; i < 3; i++) {
		queue(&scene, i);
		produce(&scene);
		if (i == 0)
			capture(&scene);
		becomes(&scene, PATTERN, i + 1);
		lab_camera_stop(&scene.producer);
		/* What was made before is still on its way. */
		becomes(&scene, i + 1, PATTERN);
		remains(&scene, PATTERN);
	}
	scene_close(&scene);
}

static void producer_killed(const char *unused)
{
	struct scene scene;
	pid_t child;

	scene_open(&scene);
	capture(&scene);
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		struct lab_camera own;
		int dmabuf;

		lab_producer_setup(&own, lab_plugged_producer(&scene.plugged), FOURCC, WIDTH,
				   HEIGHT, 0);
		lab_camera_request(&own, V4L2_MEMORY_MMAP, 2);
		dmabuf = lab_camera_export(&own, 0, O_RDWR);
		fill(dmabuf, 9);
		lab_producer_queue(&own, 0, -1, 0);
		lab_camera_start(&own);
		for (;;)
			pause();
	}
	becomes(&scene, PATTERN, 9);
	igt_assert_eq(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, NULL, 0), child);
	becomes(&scene, 9, PATTERN);

	/* The next one has the node for itself. */
	frames_own(&scene, 2);
	queue(&scene, 0);
	produce(&scene);
	becomes(&scene, PATTERN, 1);
	scene_close(&scene);
}

/* Exported buffers keep their pixels, whatever becomes of the node. */
static void unplugged(const char *unused)
{
	struct v4l2_buffer buffer;
	struct scene scene;

	scene_open(&scene);
	frames_own(&scene, 3);
	queue(&scene, 0);
	produce(&scene);
	capture(&scene);
	igt_assert_eq(next(&scene), 1);
	queue(&scene, 1);
	lab_unplug(&scene.plugged);
	igt_assert_eq(try_queue(&scene, 2, 0), -ENODEV);
	igt_assert(lab_poll(scene.producer.fd, POLLERR, 0));
	igt_assert_eq(lab_camera_try_dequeue(&scene.producer, scene.memory, &buffer), -ENODEV);
	igt_assert_eq(number_of(scene.frames[2]), 3);
	igt_assert_eq(lab_camera_try_dequeue(&scene.camera, V4L2_MEMORY_MMAP, &buffer), -ENODEV);
	for (int i = 0; i < scene.num_frames; i++)
		lab_close(scene.frames[i]);
	for (int i = 0; i < SHOTS; i++)
		lab_close(scene.shots[i]);
	lab_close(scene.producer.fd);
	lab_camera_close(&scene.camera);
}

/* Each side starts and stops as it likes. */
static void start_and_stop(const char *unused)
{
	enum { ROUNDS = 40 };
	struct scene scene;

	scene_open(&scene);
	frames_prime(&scene, "primesim", 3);
	igt_fork(child, 1) {
		for (int i = 0; i < ROUNDS; i++) {
			for (int j = 0; j < 3; j++)
				queue(&scene, j);
			produce(&scene);
			if (i % 2)
				lab_camera_dequeue(&scene.producer, scene.memory);
			if (i % 3)
				lab_sleep(i);
			lab_camera_stop(&scene.producer);
		}
	}
	for (int i = 0; i < ROUNDS; i++) {
		if (i == 0)
			capture(&scene);
		if (i % 4)
			next(&scene);
		lab_camera_stop(&scene.camera);
		for (int j = 0; j < SHOTS; j++)
			igt_assert_eq(lab_camera_queue_own(&scene.camera, j), 0);
		lab_camera_start(&scene.camera);
	}
	igt_waitchildren();
	scene_close(&scene);
}

/* Arguments */

static void bad_buffers(const char *unused)
{
	struct v4l2_buffer buffer = { .type = OUTPUT, .memory = V4L2_MEMORY_DMABUF };
	uint64_t since = lab_now();
	struct scene scene;
	int small = lab_udmabuf(SIZE / 2), large = lab_udmabuf(SIZE), file;
	char words[64];

	scene_open(&scene);
	lab_camera_request(&scene.producer, V4L2_MEMORY_DMABUF, 2);
	file = open("/dev/null", O_RDWR | O_CLOEXEC);
	igt_assert_eq(lab_producer_queue(&scene.producer, 0, file, 0), -EINVAL);
	snprintf(words, sizeof(words), "file descriptor %d is no dma-buf", file);
	refused(&scene, since, -EINVAL, words);
	igt_assert_eq(lab_producer_queue(&scene.producer, 0, small, 0), -EINVAL);
	refused(&scene, since, -EINVAL, "dma-buf has 32768 bytes, a frame needs 65536");
	igt_assert_eq(lab_producer_queue(&scene.producer, 40, large, 0), -EINVAL);
	refused(&scene, since, -EINVAL, "there is no buffer 40");
	igt_assert_eq(lab_producer_queue(&scene.producer, 0, -1, 0), -EINVAL);

	/* A frame that is not whole */
	buffer.m.fd = large;
	buffer.bytesused = SIZE - 1;
	igt_assert_eq(lab_ioctl(scene.producer.fd, VIDIOC_QBUF, &buffer), -EINVAL);
	refused(&scene, since, -EINVAL,
		"plane 0 of buffer 0 has 65535 bytes from offset 0 on, a frame needs 65536");
	buffer.bytesused = SIZE + 1;
	igt_assert_eq(lab_ioctl(scene.producer.fd, VIDIOC_QBUF, &buffer), -EINVAL);
	buffer.type = CAPTURE;
	buffer.bytesused = SIZE;
	igt_assert_eq(lab_ioctl(scene.producer.fd, VIDIOC_QBUF, &buffer), -EINVAL);

	igt_assert_eq(lab_producer_queue(&scene.producer, 0, large, 0), 0);
	igt_assert_eq(lab_producer_queue(&scene.producer, 0, large, 0), -EINVAL);
	refused(&scene, since, -EINVAL, "buffer 0 is queued already");
	lab_close(file);
	lab_close(small);
	lab_close(large);
	scene_close(&scene);
}

static void second_producer(const char *unused)
{
	struct lab_camera other;
	struct scene scene;
	int fd;

	scene_open(&scene);
	frames_own(&scene, 2);
	fd = lab_plugged_producer(&scene.plugged);
	igt_assert_eq(lab_producer_try_setup(&other, fd, FOURCC, WIDTH, HEIGHT, 0), -EBUSY);
	other = scene.producer;
	other.fd = fd;
	igt_assert_eq(lab_producer_queue(&other, 0, -1, 0), -EBUSY);
	igt_assert_eq(lab_camera_try_start(&other), -EBUSY);
	lab_close(fd);
	scene_close(&scene);
}

/* Whoever does not ask for it has one node. */
static void not_by_default(const char *unused)
{
	struct lab_plugged plugged;
	char value[64];

	lab_plug_prepare(&plugged, "camsim", "producer");
	lab_plug_read(&plugged, "producer", value, sizeof(value));
	igt_assert(!strcmp(value, "0\n"));
	igt_assert_eq(lab_plug_write(&plugged, "producer", "maybe"), -EINVAL);
	lab_plug_start(&plugged);
	igt_assert_eq(lab_plug_write(&plugged, "producer", "1"), -EBUSY);
	lab_unplug(&plugged);
	igt_assert_eq(access("/sys/module/camsim/parameters/producer", R_OK), 0);
}

static const struct lab_test tests[] = {
	{ "own-buffers", own_buffers, "Frames of V4L2_MEMORY_MMAP come out bit by bit." },
	{ "from-primesim", from_primesim, "The same of a GPU's PRIME buffers" },
	{ "from-vgem", from_vgem, "and of another driver's," },
	{ "scattered", scattered, "also where a line is not in one piece." },
	{ "read-only", read_only, "A producer's dma-buf need not be writable." },
	{ "padded-lines", padded_lines, "Each side has lines as long as it likes." },
	{ "stamped", stamped, "The camera's stamp is over the frame, and the rest is the frame." },
	{ "one-device-write", one_device_write,
	  "Counted: a frame is read once and written once, and never by the CPU." },
	{ "written", written, "write() makes frames, too." },
	{ "slow-producer", slow_producer,
	  "The last frame is repeated until there is a newer one." },
	{ "fast-producer", fast_producer,
	  "Of several frames the newest is shown, the others are counted as dropped." },
	{ "timestamps", timestamps, "A frame is shown when its timestamp says so." },
	{ "odd-timestamps", odd_timestamps,
	  "Times that jump, or are none, are no reason to wait." },
	{ "nobody-captures", nobody_captures,
	  "Nobody captures: the newest frame is kept, the others go back." },
	{ "camera-ends", camera_ends, "A stream at its end holds nobody up." },
	{ "waits-for-fence", waits_for_fence,
	  "A frame that is not ready is not taken, and the camera does not wait." },
	{ "waits-for-gpu", waits_for_gpu, "The same with a GPU's job" },
	{ "broken-fence", broken_fence, "A frame that ends in an error is left out." },
	{ "early-fence", early_fence,
	  "Early fences of the camera signal, whatever the producer's frame waits for." },
	{ "same-buffer", same_buffer, "The same dma-buf at both ends does no harm." },
	{ "producer-first", producer_first,
	  "The producer's format is the camera's, with an event, and the only one." },
	{ "consumer-first", consumer_first,
	  "Another format than the camera's is refused while that has buffers." },
	{ "composed", composed, "A producer's frame is the whole picture." },
	{ "source-change", source_change, "The camera may be told to have another size than it." },
	{ "planes", planes, "Multi-planar: planes with offsets in one dma-buf." },
	{ "producer-stops", producer_stops, "After STREAMOFF comes the test pattern." },
	{ "producer-killed", producer_killed, "After SIGKILL, too." },
	{ "unplugged", unplugged, "ENODEV, with everything open." },
	{ "start-and-stop", start_and_stop, "Both sides start and stop at any time." },
	{ "bad-buffers", bad_buffers, "QBUF has V4L2's errors, and says why." },
	{ "second-producer", second_producer, "EBUSY for a second program." },
	{ "not-by-default", not_by_default, "There is no such node unless it is asked for." },
};

igt_main()
{
	lab_run(tests, NULL);
}
