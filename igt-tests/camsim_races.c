// SPDX-License-Identifier: MIT
/*
 * Everything at once on one camera, and everybody may go away at any moment.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "producer.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("threads, killed clients, removal: the camera survives, and nothing is left");

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE
#define OUTPUT		V4L2_BUF_TYPE_VIDEO_OUTPUT
#define WIDTH		160
#define HEIGHT		120
#define SIZE		(WIDTH * HEIGHT * 4)
#define BUFFERS		4
#define THREADS		4

/**
 * struct hammer - what one thread does
 * @thread: the thread.
 * @camera: the node, blocking calls returning at once.
 * @type: of its buffers.
 * @gpu: primesim's render node.
 * @handle: a buffer of the GPU's.
 * @dmabuf: its dma-buf.
 * @seed: of its random numbers.
 * @stop: the threads are to end.
 * @may_vanish: the camera is going to be unplugged.
 */
struct hammer {
	pthread_t thread;
	int camera;
	uint32_t type;
	int gpu;
	uint32_t handle;
	int dmabuf;
	unsigned int seed;
	const volatile bool *stop;
	bool may_vanish;
};

static unsigned int choose(struct hammer *hammer, unsigned int count)
{
	return (unsigned int)rand_r(&hammer->seed) % count;
}

static struct v4l2_buffer some_buffer(struct hammer *hammer)
{
	struct v4l2_buffer buffer = {
		.type = hammer->type,
		.memory = choose(hammer, 2) ? V4L2_MEMORY_MMAP : V4L2_MEMORY_DMABUF,
		.index = choose(hammer, BUFFERS),
		.bytesused = SIZE,
	};

	if (buffer.memory == V4L2_MEMORY_DMABUF)
		buffer.m.fd = hammer->dmabuf;
	return buffer;
}

static int request(struct hammer *hammer)
{
	struct v4l2_requestbuffers arg = {
		.count = choose(hammer, BUFFERS + 1),
		.type = hammer->type,
		.memory = choose(hammer, 2) ? V4L2_MEMORY_MMAP : V4L2_MEMORY_DMABUF,
	};

	return lab_ioctl(hammer->camera, VIDIOC_REQBUFS, &arg);
}

static int queue(struct hammer *hammer)
{
	struct v4l2_buffer arg = some_buffer(hammer);

	return lab_ioctl(hammer->camera, VIDIOC_QBUF, &arg);
}

static int prepare(struct hammer *hammer)
{
	struct v4l2_buffer arg = some_buffer(hammer);

	return lab_ioctl(hammer->camera, VIDIOC_PREPARE_BUF, &arg);
}

static int dequeue(struct hammer *hammer)
{
	struct v4l2_buffer arg = some_buffer(hammer);

	return lab_ioctl(hammer->camera, VIDIOC_DQBUF, &arg);
}

static int stream_on(struct hammer *hammer)
{
	int type = hammer->type;

	return lab_ioctl(hammer->camera, VIDIOC_STREAMON, &type);
}

static int stream_off(struct hammer *hammer)
{
	int type = hammer->type;

	return lab_ioctl(hammer->camera, VIDIOC_STREAMOFF, &type);
}

static int remove_buffers(struct hammer *hammer)
{
	struct v4l2_remove_buffers arg = {
		.index = choose(hammer, BUFFERS), .count = 1, .type = hammer->type,
	};

	return lab_ioctl(hammer->camera, VIDIOC_REMOVE_BUFS, &arg);
}

static int export(struct hammer *hammer)
{
	struct v4l2_exportbuffer arg = {
		.type = hammer->type, .index = choose(hammer, BUFFERS), .flags = O_RDWR | O_CLOEXEC,
	};
	int ret = lab_ioctl(hammer->camera, VIDIOC_EXPBUF, &arg);

	if (!ret)
		lab_close(arg.fd);
	return ret;
}

static int map(struct hammer *hammer)
{
	struct v4l2_buffer arg = { .type = hammer->type, .index = choose(hammer, BUFFERS) };
	int ret = lab_ioctl(hammer->camera, VIDIOC_QUERYBUF, &arg);
	volatile const char *pixels;

	if (ret || arg.memory != V4L2_MEMORY_MMAP)
		return ret;
	pixels = mmap(NULL, arg.length, PROT_READ, MAP_SHARED, hammer->camera, arg.m.offset);
	if (pixels == MAP_FAILED)
		return -errno;
	(void)pixels[0];
	lab_unmap((void *)pixels, arg.length);
	return 0;
}

/* Each of three values does something, but those that are sizes and a rate */
static const struct {
	uint32_t id;
	int scale;
} controls[] = {
	{ V4L2_CID_CAMSIM_EARLY_FENCES, 1 }, { V4L2_CID_CAMSIM_DROP_FRAMES, 1 },
	{ V4L2_CID_CAMSIM_ERROR_FRAMES, 1 }, { V4L2_CID_CAMSIM_END_IN, 1 },
	{ V4L2_CID_CAMSIM_FAIL_IN, 1 }, { V4L2_CID_CAMSIM_STALL_MS, 1 },
	{ V4L2_CID_CAMSIM_DELAY_MS, 1 }, { V4L2_CID_CAMSIM_SOURCE_CHANGE_IN, 1 },
	{ V4L2_CID_CAMSIM_SOURCE_WIDTH, WIDTH }, { V4L2_CID_CAMSIM_SOURCE_HEIGHT, HEIGHT },
	{ V4L2_CID_CAMSIM_SOURCE_RATE, 60 },
};

static int control(struct hammer *hammer)
{
	unsigned int i = choose(hammer, ARRAY_SIZE(controls));
	struct v4l2_control arg = {
		.id = controls[i].id, .value = (int)choose(hammer, 3) * controls[i].scale,
	};

	/* The output node has none. */
	if (hammer->type != CAPTURE)
		return 0;
	return lab_ioctl(hammer->camera, VIDIOC_S_CTRL, &arg);
}

static int format(struct hammer *hammer)
{
	struct v4l2_format arg = { .type = hammer->type, .fmt.pix = {
		.width = WIDTH, .height = HEIGHT, .pixelformat = V4L2_PIX_FMT_XBGR32,
	} };

	return lab_ioctl(hammer->camera, VIDIOC_S_FMT, &arg);
}

static int look(struct hammer *hammer)
{
	struct pollfd pollfd = { .fd = hammer->camera, .events = POLLIN | POLLPRI };

	return poll(&pollfd, 1, choose(hammer, 20)) < 0 ? -errno : 0;
}

/* A job that may wait for a frame */
static int use(struct hammer *hammer)
{
	struct drm_primesim_surface surface = lab_surface(hammer->handle, WIDTH, HEIGHT,
							  WIDTH * 4);
	struct drm_primesim_op op = lab_op_fill(&surface, 0);

	return lab_submit(hammer->gpu, &op, NULL, NULL);
}

/* Those at the beginning keep a stream alive, so they come more often. */
static int (*const operations[])(struct hammer *hammer) = {
	queue, dequeue, queue, dequeue, queue, dequeue, stream_on, look,
	stream_on, use, stream_off, request, prepare, remove_buffers, export, map, control, format,
};

static bool expected(const struct hammer *hammer, int ret)
{
	switch (ret) {
	case 0:
	case -EINVAL:
	case -EBUSY:
	case -EAGAIN:
	case -EPIPE:
	case -EIO:
		return true;
	default:
		return ret == -ENODEV && hammer->may_vanish;
	}
}

static void *work(void *argument)
{
	struct hammer *hammer = argument;

	while (!*hammer->stop) {
		unsigned int operation = choose(hammer, ARRAY_SIZE(operations));
		int ret = operations[operation](hammer);

		igt_assert_f(expected(hammer, ret), "operation %u: %s\n", operation,
			     strerror(-ret));
	}
	return NULL;
}

/**
 * struct crowd - several threads that share a GPU buffer
 * @gpu: primesim's render node.
 * @dumb: the buffer.
 * @dmabuf: its dma-buf.
 * @hammers: the threads.
 * @stop: they are to end.
 */
struct crowd {
	int gpu;
	struct lab_dumb dumb;
	int dmabuf;
	struct hammer hammers[THREADS];
	volatile bool stop;
};

static void crowd_create(struct crowd *crowd)
{
	*crowd = (struct crowd){ .gpu = lab_open_primary("primesim") };
	lab_dumb_create(&crowd->dumb, crowd->gpu, WIDTH, HEIGHT);
	crowd->dmabuf = lab_export(crowd->gpu, crowd->dumb.handle, DRM_RDWR);
}

/* @cameras: one for each thread, or the same for all; the last @producers are the output node. */
static void crowd_start(struct crowd *crowd, const int cameras[THREADS], int producers,
			bool may_vanish)
{
	for (int i = 0; i < THREADS; i++) {
		struct hammer *hammer = &crowd->hammers[i];

		*hammer = (struct hammer){
			.camera = cameras[i],
			.type = i < THREADS - producers ? CAPTURE : OUTPUT,
			.gpu = crowd->gpu,
			.handle = crowd->dumb.handle,
			.dmabuf = crowd->dmabuf,
			.seed = i + 1,
			.stop = &crowd->stop,
			.may_vanish = may_vanish,
		};
		igt_assert_eq(pthread_create(&hammer->thread, NULL, work, hammer), 0);
	}
}

static void crowd_stop(struct crowd *crowd)
{
	crowd->stop = true;
	for (int i = 0; i < THREADS; i++)
		igt_assert_eq(pthread_join(crowd->hammers[i].thread, NULL), 0);
	lab_close(crowd->dmabuf);
	lab_close(crowd->gpu);
}

static int duration(void)
{
	const char *seconds = getenv("LAB_STRESS_SECONDS");

	return seconds ? 1000 * atoi(seconds) : 1500;
}

static int open_nonblocking(void)
{
	int fd = lab_open_camera();

	igt_assert_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

/* After all that, the camera is as good as new. */
static void check_camera(void)
{
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	for (size_t i = 0; i < ARRAY_SIZE(controls); i++)
		lab_camera_set(&camera, controls[i].id, 0);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	lab_camera_start(&camera);
	lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	lab_camera_close(&camera);
}

static void one_file(const char *unused)
{
	int camera = open_nonblocking();
	struct crowd crowd;

	crowd_create(&crowd);
	crowd_start(&crowd, (int[THREADS]) { camera, camera, camera, camera }, 0, false);
	lab_sleep(duration());
	crowd_stop(&crowd);
	lab_close(camera);
	check_camera();
}

static void many_files(const char *unused)
{
	int cameras[THREADS];
	struct crowd crowd;

	for (int i = 0; i < THREADS; i++)
		cameras[i] = open_nonblocking();
	crowd_create(&crowd);
	crowd_start(&crowd, cameras, 0, false);
	lab_sleep(duration());
	crowd_stop(&crowd);
	for (int i = 0; i < THREADS; i++)
		lab_close(cameras[i]);
	check_camera();
}

/* mmap() of a buffer while another thread makes it, and takes it away */
static void *map_at_once(void *argument)
{
	const struct hammer *hammer = argument;
	off_t offset = 0;
	void *pixels;

	while (!*hammer->stop) {
		pixels = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, hammer->camera, offset);
		if (pixels == MAP_FAILED)
			igt_assert_eq(errno, EINVAL);
		else
			lab_unmap(pixels, SIZE);
	}
	return NULL;
}

static void map_and_request(const char *unused)
{
	volatile bool stop = false;
	struct hammer hammer = { .stop = &stop };
	struct lab_camera camera;
	uint64_t end;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	hammer.camera = camera.fd;
	igt_assert_eq(pthread_create(&hammer.thread, NULL, map_at_once, &hammer), 0);
	end = lab_now() + duration() * 1000;
	while (lab_now() < end) {
		lab_camera_request(&camera, V4L2_MEMORY_MMAP, BUFFERS);
		lab_camera_request(&camera, V4L2_MEMORY_MMAP, 0);
	}
	stop = true;
	igt_assert_eq(pthread_join(hammer.thread, NULL), 0);
	lab_camera_close(&camera);
}

static void killed(const char *unused)
{
	for (int round = 0; round < 8; round++) {
		pid_t child = fork();

		igt_assert(child >= 0);
		if (!child) {
			int camera = open_nonblocking();
			struct crowd crowd;

			crowd_create(&crowd);
			crowd_start(&crowd, (int[THREADS]) { camera, camera, camera, camera },
				    0, false);
			for (;;)
				pause();
		}
		lab_sleep(100 + 37 * round);
		igt_assert_eq(kill(child, SIGKILL), 0);
		igt_assert_eq(waitpid(child, NULL, 0), child);
	}
	check_camera();
}

/**
 * struct webcam - a camera with an output node
 * @plugged: the camera.
 * @camera: the capture node, blocking calls returning at once.
 * @producer: the output node, likewise.
 */
struct webcam {
	struct lab_plugged plugged;
	int camera;
	int producer;
};

static void webcam_open(struct webcam *webcam)
{
	struct lab_camera producer;
	struct lab_camera camera;

	lab_plug_prepare(&webcam->plugged, "camsim", "races");
	lab_plug_set(&webcam->plugged, "producer", "1");
	lab_plug_start(&webcam->plugged);
	webcam->camera = lab_plugged_camera(&webcam->plugged);
	webcam->producer = lab_plugged_producer(&webcam->plugged);
	lab_camera_setup(&camera, webcam->camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_producer_setup(&producer, webcam->producer, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT, 0);
	igt_assert_eq(fcntl(webcam->camera, F_SETFL, O_NONBLOCK), 0);
	igt_assert_eq(fcntl(webcam->producer, F_SETFL, O_NONBLOCK), 0);
}

static void webcam_start(const struct webcam *webcam, struct crowd *crowd, bool may_vanish)
{
	const int nodes[THREADS] = {
		webcam->camera, webcam->camera, webcam->producer, webcam->producer,
	};

	crowd_create(crowd);
	crowd_start(crowd, nodes, 2, may_vanish);
}

static void webcam_close(struct webcam *webcam)
{
	lab_close(webcam->producer);
	lab_close(webcam->camera);
}

static void both_nodes(const char *unused)
{
	struct webcam webcam;
	struct crowd crowd;

	webcam_open(&webcam);
	webcam_start(&webcam, &crowd, false);
	lab_sleep(duration());
	crowd_stop(&crowd);
	webcam_close(&webcam);
	lab_unplug(&webcam.plugged);
}

static void both_killed(const char *unused)
{
	for (int round = 0; round < 4; round++) {
		struct webcam webcam;
		pid_t child;

		webcam_open(&webcam);
		child = fork();
		igt_assert(child >= 0);
		if (!child) {
			struct crowd crowd;

			webcam_start(&webcam, &crowd, false);
			for (;;)
				pause();
		}
		webcam_close(&webcam);
		lab_sleep(100 + 37 * round);
		igt_assert_eq(kill(child, SIGKILL), 0);
		igt_assert_eq(waitpid(child, NULL, 0), child);
		lab_unplug(&webcam.plugged);
	}
}

static void unplugged(const char *unused)
{
	for (int round = 0; round < 5; round++) {
		struct webcam webcam;
		struct crowd crowd;

		webcam_open(&webcam);
		webcam_start(&webcam, &crowd, true);
		lab_sleep(100 + 50 * round);
		lab_unplug(&webcam.plugged);
		lab_sleep(50);
		crowd_stop(&crowd);
		webcam_close(&webcam);
	}
}

/* read() from the one end or write() to the other, until it is gone */
static void *transfer(void *argument)
{
	const struct hammer *hammer = argument;
	uint8_t frame[SIZE] = {};
	ssize_t ret;

	do {
		ret = hammer->type == CAPTURE ? read(hammer->camera, frame, SIZE) :
						write(hammer->camera, frame, SIZE);
	} while (ret > 0 || errno == EAGAIN);
	igt_assert_eq(errno, ENODEV);
	return NULL;
}

static void transfer_unplugged(const char *unused)
{
	for (int round = 0; round < 10; round++) {
		struct hammer ends[2];
		struct webcam webcam;

		webcam_open(&webcam);
		for (int i = 0; i < 2; i++) {
			ends[i] = (struct hammer){
				.camera = i ? webcam.producer : webcam.camera,
				.type = i ? OUTPUT : CAPTURE,
			};
			igt_assert_eq(pthread_create(&ends[i].thread, NULL, transfer, &ends[i]), 0);
		}
		lab_sleep(10 * round);
		lab_unplug(&webcam.plugged);
		for (int i = 0; i < 2; i++)
			igt_assert_eq(pthread_join(ends[i].thread, NULL), 0);
		webcam_close(&webcam);
	}
}

/* 0 or the negative error number */
static int unload(void)
{
	return syscall(SYS_delete_module, "camsim", O_NONBLOCK) ? -errno : 0;
}

/* Whoever has something of the camera's has the module. */
static void module_in_use(const char *unused)
{
	struct lab_camera camera;
	int dmabuf;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	igt_assert_eq(unload(), -EAGAIN);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	dmabuf = lab_camera_export(&camera, 0, O_RDWR);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	lab_camera_start(&camera);
	igt_assert_eq(unload(), -EAGAIN);
	lab_camera_close(&camera);
	igt_assert_eq(unload(), -EAGAIN);
	lab_close(dmabuf);
}

static const struct lab_test tests[] = {
	{ "one-file", one_file, "Threads on one file: each errno is one that V4L2 names." },
	{ "many-files", many_files, "Threads with files of their own: EBUSY for all but one." },
	{ "module-in-use", module_in_use,
	  "EAGAIN for unloading while a file, a stream or a dma-buf is alive." },
	{ "map-and-request", map_and_request, "mmap() of buffers that are just being made" },
	{ "killed", killed, "SIGKILL at any moment leaves a good camera." },
	{ "both-nodes", both_nodes, "A producer's threads, too" },
	{ "both-killed", both_killed, "SIGKILL for both ends at once" },
	{ "unplugged", unplugged,
	  "Unplugging at any moment, both ends open: ENODEV from then on." },
	{ "transfer-unplugged", transfer_unplugged, "The same with read() and write()" },
};

igt_main()
{
	lab_run(tests, NULL);
}
