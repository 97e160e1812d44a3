// SPDX-License-Identifier: MIT
/*
 * The camera writes into everybody's buffers.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/camsim.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "lab.h"
#include "simbuf.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("camsim streams into dma-bufs of primesim, virtio-gpu, vgem and udmabuf");

#define WIDTH		320
#define HEIGHT		240
#define BUFFERS		4
#define FRAMES		12

/**
 * struct pool - dma-bufs for a camera
 * @drm: the file that owns them, or -1.
 * @dmabufs: the buffers.
 */
struct pool {
	int drm;
	int dmabufs[BUFFERS];
};

/* An object of whole lines of 32-bit pixels, at least @size bytes */
static int allocate(int drm, uint32_t size)
{
	struct lab_dumb dumb;
	int dmabuf;

	lab_dumb_create(&dumb, drm, WIDTH, (size + WIDTH * 4 - 1) / (WIDTH * 4));
	dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
	lab_dumb_close(&dumb);
	return dmabuf;
}

static void pool_open(struct pool *pool, const char *exporter, uint32_t size)
{
	uint32_t pages = (size + getpagesize() - 1) / getpagesize();
	bool is_drm = strcmp(exporter, "udmabuf");

	pool->drm = is_drm ? lab_open_primary(exporter) : -1;
	for (int i = 0; i < BUFFERS; i++)
		pool->dmabufs[i] = is_drm ? allocate(pool->drm, size) :
					    lab_udmabuf(pages * getpagesize());
}

static void pool_close(struct pool *pool)
{
	for (int i = 0; i < BUFFERS; i++)
		lab_close(pool->dmabufs[i]);
	if (pool->drm != -1)
		lab_close(pool->drm);
}

static void start(struct lab_camera *camera, const struct pool *pool)
{
	lab_camera_request(camera, V4L2_MEMORY_DMABUF, BUFFERS);
	for (int i = 0; i < BUFFERS; i++)
		igt_assert_eq(lab_camera_queue(camera, i, pool->dmabufs[i]), 0);
	lab_camera_start(camera);
}

static void stream(struct lab_camera *camera, const struct pool *pool)
{
	uint32_t last = 0;

	start(camera, pool);
	for (int frame = 0; frame < FRAMES; frame++) {
		struct v4l2_buffer buffer = lab_camera_dequeue(camera, V4L2_MEMORY_DMABUF);

		igt_assert(frame == 0 || buffer.sequence > last);
		last = buffer.sequence;
		lab_stamp_check(pool->dmabufs[buffer.index], camera, &buffer);
		igt_assert_eq(lab_camera_queue(camera, buffer.index, pool->dmabufs[buffer.index]),
			      0);
	}
	lab_camera_stop(camera);
	lab_camera_request(camera, V4L2_MEMORY_DMABUF, 0);
}

static void frames(const char *exporter)
{
	struct lab_camera camera;
	struct pool pool;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	pool_open(&pool, exporter, camera.size);
	stream(&camera, &pool);
	pool_close(&pool);
	lab_camera_close(&camera);
}

static void every_format(const char *exporter)
{
	static const uint32_t formats[] = {
		V4L2_PIX_FMT_XBGR32, V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_UYVY, V4L2_PIX_FMT_NV12,
	};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct lab_camera camera;
		struct pool pool;

		igt_debug("format %.4s\n", (const char *)&formats[i]);
		lab_camera_open(&camera, formats[i], WIDTH, HEIGHT);
		pool_open(&pool, exporter, camera.size);
		stream(&camera, &pool);
		pool_close(&pool);
		lab_camera_close(&camera);
	}
}

static void exporter_closed(const char *exporter)
{
	struct lab_camera camera;
	struct pool pool;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	pool_open(&pool, exporter, camera.size);
	start(&camera, &pool);
	pool_close(&pool);
	for (int i = 0; i < BUFFERS; i++)
		lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
	lab_camera_close(&camera);
}

static void camera_closed(const char *exporter)
{
	struct lab_camera camera;
	struct pool pool;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	pool_open(&pool, exporter, camera.size);
	start(&camera, &pool);
	lab_camera_close(&camera);
	pool_close(&pool);
}

static void swapped_buffers(const char *exporter)
{
	struct lab_camera camera;
	struct pool pool;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	pool_open(&pool, exporter, camera.size);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	lab_camera_start(&camera);
	for (int frame = 0; frame < FRAMES; frame++) {
		int dmabuf = pool.dmabufs[frame % BUFFERS];
		struct v4l2_buffer buffer;

		igt_assert_eq(lab_camera_queue(&camera, 0, dmabuf), 0);
		buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
		lab_stamp_check(dmabuf, &camera, &buffer);
	}
	lab_camera_close(&camera);
	pool_close(&pool);
}

static const struct lab_test tests[] = {
	{ "frames", frames,
	  "Every frame is in the buffer that VIDIOC_DQBUF names: its stamp says so." },
	{ "every-format", every_format,
	  "The same in all pixel formats." },
	{ "exporter-closed", exporter_closed,
	  "Queued buffers are filled, though the exporter has closed all it had." },
	{ "camera-closed", camera_closed,
	  "Closing a streaming camera gives the buffers back." },
	{ "swapped-buffers", swapped_buffers,
	  "One index may be given another dma-buf each time." },
};

static int read_only_buffer(uint32_t size)
{
	int drm = lab_open_primary("vgem");
	struct lab_dumb dumb;
	int dmabuf;

	lab_dumb_create(&dumb, drm, WIDTH, size / WIDTH / 4);
	dmabuf = lab_export(drm, dumb.handle, 0);
	lab_close(drm);
	return dmabuf;
}

static void read_only(const char *unused)
{
	uint64_t since = lab_now();
	struct lab_camera camera;
	int dmabuf;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	dmabuf = read_only_buffer(camera.size);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, dmabuf), -EACCES);
	lab_assert_refused_by(since, -EACCES, "camsim-000",
			      "dma-buf is read-only, a camera writes");
	lab_close(dmabuf);
	lab_camera_close(&camera);
}

static void too_small(const char *unused)
{
	struct lab_camera camera;
	int dmabuf;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	dmabuf = lab_udmabuf(getpagesize());
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, dmabuf), -EINVAL);
	lab_close(dmabuf);
	lab_camera_close(&camera);
}

static void wrong_file(const char *unused)
{
	int memfd = memfd_create("lab", MFD_CLOEXEC);
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, -1), -EINVAL);
	igt_assert_eq(lab_camera_queue(&camera, 0, memfd), -EINVAL);
	igt_assert_eq(lab_camera_queue(&camera, 0, camera.fd), -EINVAL);
	igt_assert_eq(lab_camera_queue(&camera, 1, memfd), -EINVAL);
	lab_close(memfd);
	lab_camera_close(&camera);
}

static void failed_then_good(const char *unused)
{
	struct lab_camera camera;
	int small, good;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	small = lab_udmabuf(getpagesize());
	good = lab_udmabuf((camera.size + getpagesize() - 1) / getpagesize() * getpagesize());
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	lab_camera_start(&camera);
	for (int i = 0; i < 3; i++) {
		struct v4l2_buffer buffer;

		igt_assert_eq(lab_camera_queue(&camera, 0, small), -EINVAL);
		igt_assert_eq(lab_camera_queue(&camera, 0, good), 0);
		buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
		lab_stamp_check(good, &camera, &buffer);
	}
	lab_close(small);
	lab_close(good);
	lab_camera_close(&camera);
}

/* The camera's own buffers, as dma-bufs */

static void own_buffers(const char *unused)
{
	struct lab_camera camera;
	int dmabufs[BUFFERS];

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, BUFFERS);
	for (int i = 0; i < BUFFERS; i++) {
		dmabufs[i] = lab_camera_export(&camera, i, O_RDWR);
		igt_assert_lte(camera.size, lab_dmabuf_size(dmabufs[i]));
		igt_assert_eq(lab_camera_queue_own(&camera, i), 0);
	}
	lab_camera_start(&camera);
	for (int frame = 0; frame < FRAMES; frame++) {
		struct v4l2_buffer buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);

		lab_stamp_check(dmabufs[buffer.index], &camera, &buffer);
		igt_assert_eq(lab_camera_queue_own(&camera, buffer.index), 0);
	}
	lab_camera_close(&camera);
	/* The exports hold the memory. */
	for (int i = 0; i < BUFFERS; i++) {
		igt_assert_eq(lab_try_map(dmabufs[i], camera.size, PROT_READ, 0), 0);
		lab_close(dmabufs[i]);
	}
}

/* To the camera, its own export is a dma-buf like any other. */
static void own_export_queued(const char *unused)
{
	struct lab_camera owner, camera;
	struct v4l2_buffer buffer;
	int dmabuf;

	lab_camera_open(&owner, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&owner, V4L2_MEMORY_MMAP, 2);
	dmabuf = lab_camera_export(&owner, 0, O_RDWR);
	lab_camera_close(&owner);

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, dmabuf), 0);
	lab_camera_start(&camera);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
	lab_stamp_check(dmabuf, &camera, &buffer);
	lab_close(dmabuf);
	lab_camera_close(&camera);
}

static const struct lab_test other_tests[] = {
	{ "read-only", read_only,
	  "EACCES for a dma-buf that may not be written." },
	{ "too-small", too_small,
	  "EINVAL for a dma-buf that a frame does not fit into." },
	{ "wrong-file", wrong_file,
	  "EINVAL for what is no dma-buf and for an index without a buffer." },
	{ "failed-then-good", failed_then_good,
	  "A refused dma-buf does no harm to the next one." },
	{ "own-buffers", own_buffers,
	  "Exports of the camera's own buffers show the frames and outlive the camera." },
	{ "own-export-queued", own_export_queued,
	  "The camera takes back, as a dma-buf, a buffer that was its own." },
};

igt_main()
{
	static const char *const exporters[] = { "primesim", "virtio_gpu", "vgem", "udmabuf" };

	for (size_t i = 0; i < ARRAY_SIZE(exporters); i++)
		lab_run(tests, exporters[i]);
	lab_run(other_tests, NULL);
}
