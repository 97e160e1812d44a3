// SPDX-License-Identifier: MIT
/*
 * camsim as a V4L2 camera: pixels, pacing, memory, and what it answers to wrong arguments.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <drm/vgem_drm.h>
#include <xf86drm.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "driver.h"
#include "lab.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("the camera's frames are what they claim to be, whoever owns the memory");

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE
#define BUFFERS		4
#define RATE		60	/* that lab_camera_open() sets */
#define UNTOUCHED	0xa5
#define PAGE		4096

/* Formats and how to read a pixel */

struct pixel {
	int value[3];	/* Y', Cb, Cr or R', G', B' */
};

static struct pixel pixel_packed(const uint8_t *frame, const struct lab_camera *camera, uint32_t x,
				 uint32_t y, int luma)
{
	const uint8_t *group = frame + (size_t)y * camera->stride + x / 2 * 4;

	return (struct pixel){ { group[luma + x % 2 * 2], group[1 - luma], group[3 - luma] } };
}

static struct pixel pixel_yuyv(const uint8_t *frame, const struct lab_camera *camera, uint32_t x,
			       uint32_t y)
{
	return pixel_packed(frame, camera, x, y, 0);
}

static struct pixel pixel_uyvy(const uint8_t *frame, const struct lab_camera *camera, uint32_t x,
			       uint32_t y)
{
	return pixel_packed(frame, camera, x, y, 1);
}

static struct pixel pixel_nv12(const uint8_t *frame, const struct lab_camera *camera, uint32_t x,
			       uint32_t y)
{
	const uint8_t *chroma = frame + (size_t)(camera->height + y / 2) * camera->stride +
				x / 2 * 2;

	return (struct pixel){ { frame[(size_t)y * camera->stride + x], chroma[0], chroma[1] } };
}

static struct pixel pixel_xrgb(const uint8_t *frame, const struct lab_camera *camera, uint32_t x,
			       uint32_t y)
{
	const uint8_t *bgrx = frame + (size_t)y * camera->stride + 4 * x;

	return (struct pixel){ { bgrx[2], bgrx[1], bgrx[0] } };
}

static const struct format {
	const char *name;
	uint32_t fourcc;
	bool rgb;
	unsigned int bytes_per_line_and_2_pixels;
	unsigned int rows_per_2_lines;
	struct pixel (*pixel)(const uint8_t *frame, const struct lab_camera *camera, uint32_t x,
			      uint32_t y);
} formats[] = {
	{ "yuyv", V4L2_PIX_FMT_YUYV, false, 4, 2, pixel_yuyv },
	{ "uyvy", V4L2_PIX_FMT_UYVY, false, 4, 2, pixel_uyvy },
	{ "nv12", V4L2_PIX_FMT_NV12, false, 2, 3, pixel_nv12 },
	{ "xbgr32", V4L2_PIX_FMT_XBGR32, true, 8, 2, pixel_xrgb },
};

static const struct format *format_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	igt_assert_f(false, "no format %s\n", name);
	return NULL;
}

/* What the frame should show */

static const uint32_t bars[] = {
	0xffffff, 0xffff00, 0x00ffff, 0x00ff00, 0xff00ff, 0xff0000, 0x0000ff, 0x000000,
};

#define BOX	0xff8000

/* The definitions of ITU-R BT.601 and BT.709, limited range, in floating point */
static struct pixel reference(uint32_t rgb, const struct format *format, uint32_t height)
{
	double red = (rgb >> 16) / 255.0, green = (rgb >> 8 & 0xff) / 255.0;
	double blue = (rgb & 0xff) / 255.0;
	double kr = height >= 720 ? 0.2126 : 0.299, kb = height >= 720 ? 0.0722 : 0.114;
	double luma = kr * red + (1 - kr - kb) * green + kb * blue;

	if (format->rgb)
		return (struct pixel){ { rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff } };
	return (struct pixel){ {
		16.5 + 219 * luma,
		128.5 + 224 * (blue - luma) / (2 * (1 - kb)),
		128.5 + 224 * (red - luma) / (2 * (1 - kr)),
	} };
}

/* The driver's fixed point may round the other way. */
static bool same(const struct pixel *a, const struct pixel *b)
{
	for (int i = 0; i < 3; i++)
		if (abs(a->value[i] - b->value[i]) > 1)
			return false;
	return true;
}

/* Bars are whole in the lines between the stamp and the upper quarter's end. */
static void check_bars(const uint8_t *frame, const struct lab_camera *camera,
		       const struct format *format)
{
	uint32_t y = camera->height / 6;

	for (size_t i = 0; i < ARRAY_SIZE(bars); i++) {
		struct pixel want = reference(bars[i], format, camera->height);
		uint32_t x = camera->width * (2 * i + 1) / (2 * ARRAY_SIZE(bars));
		struct pixel got = format->pixel(frame, camera, x, y);

		igt_assert_f(same(&got, &want), "bar %zu: %d %d %d instead of %d %d %d\n", i,
			     got.value[0], got.value[1], got.value[2], want.value[0],
			     want.value[1], want.value[2]);
	}
}

/* The box has its full size and lies where the upper left corner is returned to be. */
static uint32_t find_box(const uint8_t *frame, const struct lab_camera *camera,
			 const struct format *format)
{
	uint32_t shorter = camera->width < camera->height ? camera->width : camera->height;
	uint32_t size = shorter / 8 & ~1U, count = 0, corner = 0;
	struct pixel box = reference(BOX, format, camera->height);

	for (uint32_t i = camera->width * camera->height; i-- > 0;) {
		struct pixel got = format->pixel(frame, camera, i % camera->width,
						 i / camera->width);

		if (same(&got, &box)) {
			count++;
			corner = i;
		}
	}
	igt_assert_eq_u32(count, size * size);
	return corner;
}

static void check_stamp(const uint8_t *frame, const struct lab_camera *camera,
			const struct v4l2_buffer *buffer)
{
	struct simstamp stamp;

	igt_assert(lab_stamp_read(frame, camera, &stamp));
	igt_assert_eq_u32(stamp.sequence, buffer->sequence);
	igt_assert_eq_u32(stamp.camera, 0);
	igt_assert_eq_u64(stamp.timestamp / 1000, buffer->timestamp.tv_sec * 1000000ull +
						  buffer->timestamp.tv_usec);
}

/* Buffers of userspace's own, to be imported */

struct import {
	int dmabuf;
	uint64_t size;
	uint8_t *pixels;
};

static struct import import_create(uint64_t bytes)
{
	struct import import = { .size = (bytes + PAGE - 1) / PAGE * PAGE };

	import.dmabuf = lab_udmabuf(import.size);
	import.pixels = (uint8_t *)lab_map(import.dmabuf, import.size, PROT_READ | PROT_WRITE, 0);
	memset(import.pixels, UNTOUCHED, import.size);
	return import;
}

static void import_destroy(const struct import *import)
{
	lab_unmap(import->pixels, import->size);
	lab_close(import->dmabuf);
}

/* Pixels */

/* Asks for lines that are @padding bytes longer than they need to be. */
static void set_padding(struct lab_camera *camera, uint32_t padding)
{
	struct v4l2_format format = { .type = CAPTURE };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_G_FMT, &format), 0);
	format.fmt.pix.bytesperline += padding;
	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_S_FMT, &format), 0);
	igt_assert_eq_u32(format.fmt.pix.bytesperline, camera->stride + padding);
	camera->stride = format.fmt.pix.bytesperline;
	camera->size = format.fmt.pix.sizeimage;
}

static void check_untouched(const uint8_t *from, size_t bytes, const char *where)
{
	for (size_t i = 0; i < bytes; i++)
		igt_assert_f(from[i] == UNTOUCHED, "%s was written, byte %zu\n", where, i);
}

static void check_frame(const struct import *import, const struct lab_camera *camera,
			const struct format *format, const struct v4l2_buffer *buffer)
{
	uint32_t used = camera->width / 2 * format->bytes_per_line_and_2_pixels;
	uint32_t rows = camera->height / 2 * format->rows_per_2_lines;

	igt_assert_eq_u32(camera->size, rows * camera->stride);
	check_stamp(import->pixels, camera, buffer);
	check_bars(import->pixels, camera, format);
	for (uint32_t row = 0; row < rows; row++)
		check_untouched(import->pixels + (size_t)row * camera->stride + used,
				camera->stride - used, "the padding");
	check_untouched(import->pixels + camera->size, import->size - camera->size,
			"memory after the frame");
}

static struct v4l2_buffer capture_into(const struct lab_camera *camera, const struct import *import)
{
	igt_assert_eq(lab_camera_queue(camera, 0, import->dmabuf), 0);
	return lab_camera_dequeue(camera, V4L2_MEMORY_DMABUF);
}

static void check_size(const struct format *format, uint32_t width, uint32_t height,
		       uint32_t padding)
{
	uint32_t first_corner, second_corner;
	struct v4l2_buffer buffer;
	struct lab_camera camera;
	struct import import;

	lab_camera_open(&camera, format->fourcc, width, height);
	if (padding)
		set_padding(&camera, padding);
	import = import_create(camera.size + PAGE);

	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	lab_camera_start(&camera);
	buffer = capture_into(&camera, &import);
	check_frame(&import, &camera, format, &buffer);
	first_corner = find_box(import.pixels, &camera, format);

	buffer = capture_into(&camera, &import);
	check_frame(&import, &camera, format, &buffer);
	second_corner = find_box(import.pixels, &camera, format);
	igt_assert_neq_u32(first_corner, second_corner);

	lab_camera_close(&camera);
	import_destroy(&import);
}

static void pixels_standard(const char *name)
{
	check_size(format_by_name(name), 640, 360, 0);
}

static void pixels_hd(const char *name)
{
	check_size(format_by_name(name), 1280, 720, 0);
}

static void pixels_smallest(const char *name)
{
	check_size(format_by_name(name), 160, 120, 0);
}

/* In the camera's own memory: there is a limit to what udmabuf takes. */
static void pixels_largest(const char *name)
{
	const struct format *format = format_by_name(name);
	struct v4l2_buffer buffer;
	struct lab_camera camera;
	const uint8_t *pixels;
	int dmabuf;

	lab_camera_open(&camera, format->fourcc, 7680, 4320);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	dmabuf = lab_camera_export(&camera, 0, O_RDONLY);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	lab_camera_start(&camera);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	pixels = (const uint8_t *)lab_map(dmabuf, camera.size, PROT_READ, 0);
	check_stamp(pixels, &camera, &buffer);
	check_bars(pixels, &camera, format);
	lab_unmap(pixels, camera.size);
	lab_close(dmabuf);
	lab_camera_close(&camera);
}

static void pixels_odd(const char *name)
{
	check_size(format_by_name(name), 162, 122, 0);
	check_size(format_by_name(name), 1030, 126, 0);
}

static void pixels_padded(const char *name)
{
	check_size(format_by_name(name), 322, 242, 64);
}

static void sizes_adjusted(const char *name)
{
	static const struct {
		uint32_t asked[2], given[2];
	} sizes[] = {
		{ { 0, 0 }, { 16, 16 } },
		{ { UINT32_MAX, UINT32_MAX }, { 7680, 4320 } },
		{ { 640, 480 }, { 640, 480 } },
		{ { 3840, 120 }, { 3840, 120 } },
	};
	struct lab_camera camera;

	lab_camera_open(&camera, format_by_name(name)->fourcc, 320, 240);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct v4l2_format format = { .type = CAPTURE, .fmt.pix = {
			.width = sizes[i].asked[0],
			.height = sizes[i].asked[1],
			.pixelformat = camera.fourcc,
		} };

		igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_TRY_FMT, &format), 0);
		igt_assert_eq_u32(format.fmt.pix.width, sizes[i].given[0]);
		igt_assert_eq_u32(format.fmt.pix.height, sizes[i].given[1]);
		igt_assert_eq_u32(format.fmt.pix.pixelformat, camera.fourcc);
	}
	lab_camera_close(&camera);
}

static const struct lab_test format_tests[] = {
	{ "standard", pixels_standard,
	  "Stamp, bars in BT.601, a box that moves; nothing else is written." },
	{ "hd", pixels_hd, "The same from 720 lines on, in BT.709." },
	{ "smallest", pixels_smallest, "The same in the smallest size." },
	{ "largest", pixels_largest, "Stamp and bars in the largest size." },
	{ "odd", pixels_odd, "The same in sizes that no cell, bar or chroma sample fits into." },
	{ "padded", pixels_padded, "The same with lines longer than their pixels." },
	{ "sizes-adjusted", sizes_adjusted, "Sizes the camera does not have become ones it has." },
};

/* Pacing */

static void camera_open_streaming(struct lab_camera *camera, unsigned int queued)
{
	lab_camera_open(camera, V4L2_PIX_FMT_YUYV, 320, 240);
	lab_camera_request(camera, V4L2_MEMORY_MMAP, BUFFERS);
	for (unsigned int i = 0; i < queued; i++)
		igt_assert_eq(lab_camera_queue_own(camera, i), 0);
	lab_camera_start(camera);
}

static int64_t microseconds(const struct v4l2_buffer *buffer)
{
	return buffer->timestamp.tv_sec * 1000000ll + buffer->timestamp.tv_usec;
}

static struct v4l2_buffer next_frame(const struct lab_camera *camera)
{
	struct v4l2_buffer buffer = lab_camera_dequeue(camera, V4L2_MEMORY_MMAP);

	igt_assert_eq(lab_camera_queue_own(camera, buffer.index), 0);
	return buffer;
}

/* Whether so many frames took the time they should, within one frame's. */
static bool keeps_rate(const struct lab_camera *camera, int frames)
{
	struct v4l2_buffer first = next_frame(camera), previous = first, buffer = first;
	int64_t expected, took;

	for (int i = 0; i < frames; i++, previous = buffer) {
		buffer = next_frame(camera);
		igt_assert_lt_u64(previous.sequence, buffer.sequence);
		igt_assert(microseconds(&previous) < microseconds(&buffer));
		igt_assert_eq_u32(buffer.field, V4L2_FIELD_NONE);
		igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK,
				  V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC);
	}
	took = microseconds(&buffer) - microseconds(&first);
	expected = (buffer.sequence - first.sequence) * 1000000ll / RATE;
	igt_assert_f(took > expected - 1000000 / RATE, "%u frames in only %lld us\n",
		     buffer.sequence - first.sequence, (long long)took);
	return took < expected + 1000000 / RATE;
}

/* A machine with other things to do makes the camera late: not every time. */
static void pacing(const char *unused)
{
	struct lab_camera camera;
	int tries = 10;

	camera_open_streaming(&camera, BUFFERS);
	while (!keeps_rate(&camera, RATE / 3))
		igt_assert_f(--tries, "the frame rate is never kept\n");
	lab_camera_close(&camera);
}

static void gap_without_buffers(const char *unused)
{
	struct v4l2_buffer before, after;
	struct lab_camera camera;

	camera_open_streaming(&camera, 1);
	before = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	lab_sleep(1000);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	after = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	igt_assert_lt_u64(before.sequence + RATE / 4, after.sequence);
	lab_camera_close(&camera);
}

static int64_t now_microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ll + now.tv_nsec / 1000;
}

static void restart_counts_anew(const char *unused)
{
	struct v4l2_buffer buffer;
	struct lab_camera camera;
	int64_t start;

	camera_open_streaming(&camera, BUFFERS);
	lab_sleep(300);
	lab_camera_stop(&camera);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	start = now_microseconds();
	lab_camera_start(&camera);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	igt_assert_lt_u64(buffer.sequence, (microseconds(&buffer) - start) * RATE / 1000000 + 1);
	lab_camera_close(&camera);
}

static void rates(const char *unused)
{
	static const struct v4l2_fract wanted[][2] = {
		{ { 0, 0 }, { 1, 30 } }, { { 1, 1000 }, { 1, 120 } }, { { 10, 1 }, { 1, 1 } },
		{ { 1001, 30000 }, { 1001, 30000 } }, { { 1, 120 }, { 1, 120 } },
		{ { UINT32_MAX, 1 }, { 1, 1 } }, { { 1, UINT32_MAX }, { 1, 120 } },
	};
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		struct v4l2_streamparm parm = {
			.type = CAPTURE, .parm.capture.timeperframe = wanted[i][0],
		};

		igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_PARM, &parm), 0);
		igt_assert_eq_u32(parm.parm.capture.timeperframe.numerator,
				  wanted[i][1].numerator);
		igt_assert_eq_u32(parm.parm.capture.timeperframe.denominator,
				  wanted[i][1].denominator);
	}
	lab_camera_close(&camera);
}

/* Memory */

static struct simbuf_info buffer_info(const struct lab_camera *camera, uint32_t index)
{
	struct camsim_buffer_info arg = { .index = index };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_CAMSIM_BUFFER_INFO, &arg), 0);
	return arg.info;
}

static void *map_own(const struct lab_camera *camera, uint32_t index)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .index = index };

	igt_assert_eq(lab_ioctl(camera->fd, VIDIOC_QUERYBUF, &buffer), 0);
	return lab_map(camera->fd, buffer.length, PROT_READ, buffer.m.offset);
}

static void mmap_shows_frames(const char *unused)
{
	struct v4l2_buffer buffer;
	struct simbuf_info info;
	struct lab_camera camera;
	void *pixels;

	camera_open_streaming(&camera, 1);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	pixels = map_own(&camera, 0);
	check_stamp(pixels, &camera, &buffer);

	info = buffer_info(&camera, 0);
	igt_assert_eq_u64(info.device_written, camera.size);
	igt_assert_eq_u64(info.cpu_copied, 0);
	igt_assert_eq_u32(info.cpu_mappings, 1);
	lab_unmap(pixels, camera.size);
	igt_assert_eq_u32(buffer_info(&camera, 0).cpu_mappings, 0);
	lab_camera_close(&camera);
}

static void read_copies(const char *unused)
{
	struct simstamp first, second;
	struct lab_camera camera;
	uint8_t *frame;

	lab_camera_open(&camera, V4L2_PIX_FMT_NV12, 320, 240);
	frame = malloc(camera.size);
	igt_assert_eq(read(camera.fd, frame, camera.size), camera.size);
	igt_assert(lab_stamp_read(frame, &camera, &first));
	igt_assert_eq(read(camera.fd, frame, camera.size), camera.size);
	igt_assert(lab_stamp_read(frame, &camera, &second));
	free(frame);
	igt_assert_lt_u64(first.sequence, second.sequence);
	igt_assert_eq_u64(buffer_info(&camera, 0).cpu_copied % camera.size, 0);
	igt_assert_lt_u64(0, buffer_info(&camera, 0).cpu_copied);
	lab_camera_close(&camera);
}

static void export_outlives_queue(const char *unused)
{
	struct v4l2_buffer buffer;
	struct lab_camera camera;
	int dmabuf;

	camera_open_streaming(&camera, 1);
	dmabuf = lab_camera_export(&camera, 0, O_RDWR);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	lab_camera_close(&camera);
	lab_stamp_check(dmabuf, &camera, &buffer);
	lab_close(dmabuf);
}

static void own_buffer_back(const char *unused)
{
	struct v4l2_buffer buffer;
	struct lab_camera camera;
	uint64_t id;
	int dmabuf;

	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	id = buffer_info(&camera, 0).buffer_id;
	dmabuf = lab_camera_export(&camera, 0, O_RDWR);

	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, dmabuf), 0);
	igt_assert_eq_u64(buffer_info(&camera, 0).buffer_id, id);
	lab_camera_start(&camera);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
	lab_stamp_check(dmabuf, &camera, &buffer);
	lab_close(dmabuf);
	lab_camera_close(&camera);
}

static void imports_swapped(const char *unused)
{
	struct import imports[2];
	struct lab_camera camera;
	uint64_t pages[2];

	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	lab_camera_start(&camera);
	for (int i = 0; i < 2; i++)
		imports[i] = import_create(camera.size);

	for (int i = 0; i < 8; i++) {
		struct v4l2_buffer buffer = capture_into(&camera, &imports[i % 2]);
		struct simbuf_info info = buffer_info(&camera, 0);

		check_stamp(imports[i % 2].pixels, &camera, &buffer);
		igt_assert_neq_u64(info.page_id, 0);
		igt_assert_eq_u32(info.placement, SIMBUF_PLACEMENT_FOREIGN);
		igt_assert(i < 2 || info.page_id == pages[i % 2]);
		pages[i % 2] = info.page_id;
	}
	igt_assert_neq_u64(pages[0], pages[1]);
	lab_camera_close(&camera);
	for (int i = 0; i < 2; i++)
		import_destroy(&imports[i]);
}

/* A buffer that somebody uses: vgem lets userspace attach and signal fences. */
struct in_use {
	int drm;
	struct lab_dumb dumb;
	int dmabuf;
	uint32_t fence;
};

static struct in_use in_use_create(uint32_t flags)
{
	struct in_use buffer = { .drm = lab_open_primary("vgem") };
	struct drm_vgem_fence_attach attach = { .flags = flags };

	lab_dumb_create(&buffer.dumb, buffer.drm, 320, 240);
	buffer.dmabuf = lab_export(buffer.drm, buffer.dumb.handle, DRM_RDWR);
	attach.handle = buffer.dumb.handle;
	igt_assert_eq(lab_ioctl(buffer.drm, DRM_IOCTL_VGEM_FENCE_ATTACH, &attach), 0);
	buffer.fence = attach.out_fence;
	return buffer;
}

static void in_use_end(const struct in_use *buffer)
{
	struct drm_vgem_fence_signal signal = { .fence = buffer->fence };

	igt_assert_eq(lab_ioctl(buffer->drm, DRM_IOCTL_VGEM_FENCE_SIGNAL, &signal), 0);
}

static void in_use_destroy(struct in_use *buffer)
{
	lab_close(buffer->dmabuf);
	lab_dumb_close(&buffer->dumb);
	lab_close(buffer->drm);
}

static void camera_start_into(struct lab_camera *camera, int dmabuf)
{
	lab_camera_open(camera, V4L2_PIX_FMT_XBGR32, 320, 240);
	lab_camera_request(camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(camera, 0, dmabuf), 0);
	lab_camera_start(camera);
}

static void waits_for_fence(uint32_t flags)
{
	struct in_use in_use = in_use_create(flags);
	struct lab_camera camera;
	struct v4l2_buffer buffer;

	camera_start_into(&camera, in_use.dmabuf);
	igt_assert_f(!lab_poll(camera.fd, POLLIN, 300), "written while others use it\n");
	in_use_end(&in_use);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_DMABUF);
	igt_assert_lt_u64(1, buffer.sequence);
	lab_camera_close(&camera);
	in_use_destroy(&in_use);
}

static void waits_for_readers(const char *unused)
{
	waits_for_fence(0);
}

static void waits_for_writers(const char *unused)
{
	waits_for_fence(VGEM_FENCE_WRITE);
}

static void stop_while_waiting(const char *unused)
{
	struct in_use in_use = in_use_create(0);
	struct lab_camera camera;

	camera_start_into(&camera, in_use.dmabuf);
	lab_sleep(50);
	igt_set_timeout(2, "stopping a stream whose buffer is in use");
	lab_camera_stop(&camera);
	igt_reset_timeout();
	in_use_end(&in_use);
	lab_camera_close(&camera);
	in_use_destroy(&in_use);
}

/* Wrong arguments */

static void busy_while_in_use(const char *unused)
{
	struct v4l2_requestbuffers request = {
		.count = 1, .type = CAPTURE, .memory = V4L2_MEMORY_MMAP,
	};
	struct v4l2_streamparm parm = { .type = CAPTURE };
	struct v4l2_format format = { .type = CAPTURE };
	struct lab_camera camera;
	int second, type = CAPTURE;
	char byte;

	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_FMT, &format), 0);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_FMT, &format), -EBUSY);
	lab_camera_start(&camera);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_S_PARM, &parm), -EBUSY);

	second = lab_open_camera();
	igt_assert_eq(lab_ioctl(second, VIDIOC_REQBUFS, &request), -EBUSY);
	igt_assert_eq(lab_ioctl(second, VIDIOC_STREAMON, &type), -EBUSY);
	igt_assert_eq(read(second, &byte, 1), -1);
	igt_assert_eq(errno, EBUSY);
	igt_assert_eq(lab_ioctl(second, VIDIOC_G_FMT, &format), 0);
	lab_close(second);
	lab_camera_close(&camera);
}

static void imports_refused(const char *unused)
{
	struct v4l2_buffer liar = { .type = CAPTURE, .memory = V4L2_MEMORY_DMABUF };
	int read_only, own, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct lab_camera camera;
	struct import small;

	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	small = import_create(camera.size - PAGE);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	read_only = lab_camera_export(&camera, 0, O_RDONLY);
	own = lab_camera_export(&camera, 0, O_RDWR);

	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, -1), -EINVAL);
	igt_assert_eq(lab_camera_queue(&camera, 0, 1000), -EINVAL);
	igt_assert_eq(lab_camera_queue(&camera, 0, null), -EINVAL);
	igt_assert_eq(lab_camera_queue(&camera, 0, camera.fd), -EINVAL);
	igt_assert_eq(lab_camera_queue(&camera, 0, small.dmabuf), -EINVAL);
	igt_assert_eq(lab_camera_queue(&camera, 0, read_only), -EACCES);
	igt_assert_eq(lab_camera_queue(&camera, 1, own), -EINVAL);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), -EINVAL);

	liar.m.fd = small.dmabuf;
	liar.length = camera.size;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_QBUF, &liar), -EINVAL);

	/* After all this the index still takes a good one. */
	igt_assert_eq(lab_camera_queue(&camera, 0, own), 0);
	igt_assert_eq(lab_camera_queue(&camera, 0, own), -EINVAL);
	lab_close(null);
	lab_close(own);
	lab_close(read_only);
	lab_camera_close(&camera);
	import_destroy(&small);
}

static void exports_refused(const char *unused)
{
	struct v4l2_exportbuffer export = { .type = CAPTURE };
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &export), -EINVAL);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &export), -EINVAL);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	export.plane = 1;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &export), -EINVAL);
	export.plane = 0;
	export.index = 1;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &export), -EINVAL);
	export.index = 0;
	export.flags = O_APPEND;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_EXPBUF, &export), -EINVAL);
	lab_camera_close(&camera);
}

static void info_refused(const char *unused)
{
	struct camsim_buffer_info arg = {};
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CAMSIM_BUFFER_INFO, &arg), -EINVAL);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CAMSIM_BUFFER_INFO, &arg), -EINVAL);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CAMSIM_BUFFER_INFO, &arg), 0);
	igt_assert_eq_u32(arg.info.placement, SIMBUF_PLACEMENT_NONE);
	arg.plane = 1;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CAMSIM_BUFFER_INFO, &arg), -EINVAL);
	arg = (struct camsim_buffer_info){ .index = UINT32_MAX };
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CAMSIM_BUFFER_INFO, &arg), -EINVAL);
	lab_camera_close(&camera);
}

static void buffers_created_and_removed(const char *unused)
{
	struct v4l2_create_buffers create = { .count = 2, .memory = V4L2_MEMORY_MMAP };
	struct v4l2_remove_buffers remove = { .index = 1, .count = 2, .type = CAPTURE };
	struct v4l2_buffer prepare = {
		.type = CAPTURE, .memory = V4L2_MEMORY_MMAP, .index = 1,
	};
	struct lab_camera camera;

	lab_camera_open(&camera, V4L2_PIX_FMT_YUYV, 320, 240);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 1);
	create.format.type = CAPTURE;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_G_FMT, &create.format), 0);
	create.format.fmt.pix.sizeimage /= 2;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CREATE_BUFS, &create), -EINVAL);
	create.format.fmt.pix.sizeimage *= 4;
	create.count = 2;
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_CREATE_BUFS, &create), 0);
	igt_assert_eq_u32(create.count, 2);

	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_PREPARE_BUF, &prepare), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_REMOVE_BUFS, &remove), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_REMOVE_BUFS, &remove), -EINVAL);
	lab_camera_close(&camera);
}

/* Clients and devices that go away */

static void client_killed(const char *unused)
{
	for (int milliseconds = 0; milliseconds < 100; milliseconds += 20) {
		struct lab_camera camera;
		pid_t child = fork();

		igt_assert(child >= 0);
		if (!child) {
			camera_open_streaming(&camera, BUFFERS);
			for (;;)
				next_frame(&camera);
		}
		lab_sleep(60 + milliseconds);
		igt_assert_eq(kill(child, SIGKILL), 0);
		igt_assert_eq(waitpid(child, NULL, 0), child);
		camera_open_streaming(&camera, 1);
		lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
		lab_camera_close(&camera);
	}
}

static void device_unplugged(const char *unused)
{
	struct v4l2_buffer buffer, failed = { .type = CAPTURE, .memory = V4L2_MEMORY_MMAP };
	struct lab_camera camera, again;
	uint8_t *pixels;
	int dmabuf;

	camera_open_streaming(&camera, BUFFERS);
	dmabuf = lab_camera_export(&camera, 0, O_RDWR);
	pixels = map_own(&camera, 0);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	igt_assert_eq_u32(buffer.index, 0);
	lab_unbind("camsim");

	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &failed), -ENODEV);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), -ENODEV);
	check_stamp(pixels, &camera, &buffer);
	lab_stamp_check(dmabuf, &camera, &buffer);

	/* A new camera comes while the old one's file is still open. */
	lab_bind("camsim");
	lab_sleep(100);
	camera_open_streaming(&again, 1);
	lab_camera_dequeue(&again, V4L2_MEMORY_MMAP);
	lab_camera_close(&again);

	lab_camera_close(&camera);
	check_stamp(pixels, &camera, &buffer);
	lab_unmap(pixels, camera.size);
	lab_close(dmabuf);
}

static const struct lab_test tests[] = {
	{ "pacing", pacing, "The frame rate is kept, and sequence numbers and time agree." },
	{ "gap-without-buffers", gap_without_buffers,
	  "Frames that found no buffer are missing from the sequence." },
	{ "restart-counts-anew", restart_counts_anew, "STREAMON starts the sequence at 0." },
	{ "rates", rates, "S_PARM takes 1 to 120 frames a second." },
	{ "mmap-shows-frames", mmap_shows_frames, "mmap() shows what the camera wrote, uncopied." },
	{ "read-copies", read_copies, "read() gives frames, and the copies are counted." },
	{ "export-outlives-queue", export_outlives_queue,
	  "A dma-buf keeps its pixels after the camera was closed." },
	{ "own-buffer-back", own_buffer_back, "The camera's own dma-buf is the same buffer." },
	{ "imports-swapped", imports_swapped, "Each QBUF may bring another dma-buf." },
	{ "waits-for-readers", waits_for_readers, "No frame goes where a GPU still reads." },
	{ "waits-for-writers", waits_for_writers, "No frame goes where a GPU still writes." },
	{ "stop-while-waiting", stop_while_waiting,
	  "STREAMOFF ends in time though a buffer is in use." },
	{ "busy-while-in-use", busy_while_in_use, "What buffers depend on gives EBUSY." },
	{ "imports-refused", imports_refused, "QBUF of what is no good dma-buf, errno by errno." },
	{ "exports-refused", exports_refused, "EXPBUF with wrong arguments gives EINVAL." },
	{ "info-refused", info_refused, "BUFFER_INFO of no buffer gives EINVAL." },
	{ "create-prepare-remove", buffers_created_and_removed,
	  "CREATE_BUFS, PREPARE_BUF and REMOVE_BUFS, and no smaller buffers than frames." },
	{ "client-killed", client_killed, "SIGKILL of a streaming client leaves a good camera." },
	{ "unplugged", device_unplugged,
	  "Unbinding a streaming camera leaves its dma-bufs and mappings intact." },
};

igt_main()
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		lab_run(format_tests, formats[i].name);
	lab_run(tests, NULL);
}
