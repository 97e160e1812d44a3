// SPDX-License-Identifier: MIT
/*
 * camsim's formats, on nodes with either API and in either kind of memory; what else is set of a
 * frame; and what is refused. That each sample is right in each format, size and setting is
 * tested without a guest: drivers/media/camsim/tests.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <linux/dma-buf.h>
#include <math.h>
#include <poll.h>
#include <sys/mman.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"
#include "stamp.h"

IGT_TEST_DESCRIPTION("the camera's formats, multi-planar buffers, selection, colours and controls");

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE
#define UNTOUCHED	0xa5
#define PAGE		4096u
#define PLANES		3
#define RATE		120
#define SHARED_BYTES	(40 * PAGE)

/* A camera of the test's own, with either API; always spoken to as a multi-planar one here */

struct node {
	struct lab_plugged plugged;
	int fd;
	bool mplane;
	uint32_t type;
	struct v4l2_pix_format_mplane pix;
};

/* Where the planes of the one buffer are */
struct memory {
	int dmabuf[PLANES];
	uint32_t offset[PLANES];
	uint64_t size[PLANES];
	uint8_t *pixels[PLANES];
};

static struct node node_open(bool mplane)
{
	struct v4l2_streamparm parm = { .parm.capture.timeperframe = { 1, RATE } };
	struct node node = { .mplane = mplane };

	lab_plug_prepare(&node.plugged, "camsim", "formats");
	lab_plug_set(&node.plugged, "mplane", mplane ? "1" : "0");
	lab_plug_start(&node.plugged);
	igt_assert_eq(lab_plug_write(&node.plugged, "mplane", "0"), -EBUSY);
	node.fd = lab_plugged_camera(&node.plugged);
	node.type = mplane ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : CAPTURE;
	parm.type = node.type;
	igt_assert_eq(lab_ioctl(node.fd, VIDIOC_S_PARM, &parm), 0);
	return node;
}

static void node_close(const struct node *node)
{
	lab_close(node->fd);
	lab_unplug(&node->plugged);
}

static int node_try_format(struct node *node, unsigned long request)
{
	struct v4l2_format format = { .type = node->type };
	struct v4l2_pix_format *pix = &format.fmt.pix;
	int ret;

	if (node->mplane) {
		format.fmt.pix_mp = node->pix;
		ret = lab_ioctl(node->fd, request, &format);
		node->pix = format.fmt.pix_mp;
		return ret;
	}
	*pix = (struct v4l2_pix_format){
		.width = node->pix.width, .height = node->pix.height,
		.pixelformat = node->pix.pixelformat, .priv = V4L2_PIX_FMT_PRIV_MAGIC,
		.bytesperline = node->pix.plane_fmt[0].bytesperline,
		.sizeimage = node->pix.plane_fmt[0].sizeimage,
		.flags = node->pix.flags, .ycbcr_enc = node->pix.ycbcr_enc,
		.quantization = node->pix.quantization, .colorspace = node->pix.colorspace,
	};
	ret = lab_ioctl(node->fd, request, &format);
	node->pix = (struct v4l2_pix_format_mplane){
		.width = pix->width, .height = pix->height, .pixelformat = pix->pixelformat,
		.num_planes = 1, .plane_fmt[0] = { .bytesperline = pix->bytesperline,
						   .sizeimage = pix->sizeimage },
		.ycbcr_enc = pix->ycbcr_enc, .quantization = pix->quantization,
		.colorspace = pix->colorspace,
	};
	return ret;
}

static void node_set_format(struct node *node, uint32_t fourcc, uint32_t width, uint32_t height,
			    uint32_t padding)
{
	node->pix = (struct v4l2_pix_format_mplane){
		.width = width, .height = height, .pixelformat = fourcc,
	};
	igt_assert_eq(node_try_format(node, VIDIOC_TRY_FMT), 0);
	for (int i = 0; i < node->pix.num_planes; i++)
		node->pix.plane_fmt[i].bytesperline += padding;
	igt_assert_eq(node_try_format(node, VIDIOC_S_FMT), 0);
	igt_assert_eq_u32(node->pix.pixelformat, fourcc);
	igt_assert_eq_u32(node->pix.width, width);
	igt_assert_eq_u32(node->pix.height, height);
}

static void node_request(const struct node *node, uint32_t memory, uint32_t count)
{
	struct v4l2_requestbuffers request = {
		.count = count, .type = node->type, .memory = memory,
	};

	igt_assert_eq(lab_ioctl(node->fd, VIDIOC_REQBUFS, &request), 0);
}

static void node_stream(const struct node *node, unsigned long request)
{
	int type = node->type;

	igt_assert_eq(lab_ioctl(node->fd, request, &type), 0);
}

/* QBUF or DQBUF of the one buffer; @memory: NULL for the camera's own. */
static int node_buffer(const struct node *node, unsigned long request, struct v4l2_buffer *buffer,
		       struct v4l2_plane planes[PLANES], const struct memory *memory)
{
	*buffer = (struct v4l2_buffer){
		.type = node->type, .memory = memory ? V4L2_MEMORY_DMABUF : V4L2_MEMORY_MMAP,
	};
	memset(planes, 0, PLANES * sizeof(*planes));
	for (int i = 0; memory && i < node->pix.num_planes; i++) {
		planes[i].m.fd = memory->dmabuf[i];
		planes[i].data_offset = memory->offset[i];
	}
	if (node->mplane) {
		buffer->m.planes = planes;
		buffer->length = node->pix.num_planes;
	} else if (memory) {
		buffer->m.fd = memory->dmabuf[0];
	}
	return lab_ioctl(node->fd, request, buffer);
}

static int node_queue(const struct node *node, const struct memory *memory)
{
	struct v4l2_plane planes[PLANES];
	struct v4l2_buffer buffer;

	return node_buffer(node, VIDIOC_QBUF, &buffer, planes, memory);
}

static struct v4l2_buffer node_frame(const struct node *node, const struct memory *memory,
				     struct v4l2_plane planes[PLANES])
{
	struct v4l2_buffer buffer;

	igt_assert(lab_poll(node->fd, POLLIN, LAB_FRAME_MS));
	igt_assert_eq(node_buffer(node, VIDIOC_DQBUF, &buffer, planes, memory), 0);
	igt_assert_eq_u32(buffer.flags & V4L2_BUF_FLAG_ERROR, 0);
	return buffer;
}

static struct memory memory_import(const struct node *node)
{
	struct memory memory = {};

	for (int i = 0; i < node->pix.num_planes; i++) {
		memory.size[i] = (node->pix.plane_fmt[i].sizeimage + PAGE - 1) / PAGE * PAGE + PAGE;
		memory.dmabuf[i] = lab_udmabuf(memory.size[i]);
		memory.pixels[i] = (uint8_t *)lab_map(memory.dmabuf[i], memory.size[i],
						      PROT_READ | PROT_WRITE, 0);
		memset(memory.pixels[i], UNTOUCHED, memory.size[i]);
	}
	return memory;
}

static struct memory memory_export(const struct node *node)
{
	struct memory memory = {};

	for (int i = 0; i < node->pix.num_planes; i++) {
		struct v4l2_exportbuffer export = {
			.type = node->type, .plane = i, .flags = O_RDWR | O_CLOEXEC,
		};

		igt_assert_eq(lab_ioctl(node->fd, VIDIOC_EXPBUF, &export), 0);
		memory.dmabuf[i] = export.fd;
		memory.size[i] = lab_dmabuf_size(export.fd);
		memory.pixels[i] = (uint8_t *)lab_map(export.fd, memory.size[i], PROT_READ, 0);
	}
	return memory;
}

static void memory_close(const struct node *node, const struct memory *memory)
{
	for (int i = 0; i < node->pix.num_planes; i++) {
		lab_unmap(memory->pixels[i], memory->size[i]);
		lab_close(memory->dmabuf[i]);
	}
}

static struct simstamp stamp_of(const struct node *node, const uint8_t *pixels)
{
	const struct lab_camera format = {
		.fourcc = node->pix.pixelformat, .width = node->pix.width,
		.height = node->pix.height, .stride = node->pix.plane_fmt[0].bytesperline,
	};
	struct simstamp stamp;

	igt_assert_f(lab_stamp_read(pixels, &format, &stamp), "no stamp in %.4s %ux%u\n",
		     (const char *)&format.fourcc, format.width, format.height);
	return stamp;
}

/* Every format, in every memory */

/* Memory after a frame that was imported with a page to spare */
static void check_end(const struct node *node, const struct memory *memory)
{
	for (int i = 0; i < node->pix.num_planes; i++)
		for (uint64_t at = node->pix.plane_fmt[i].sizeimage; at < memory->size[i]; at++)
			igt_assert_eq(memory->pixels[i][at], UNTOUCHED);
}

static void check_frame(const struct node *node, const struct memory *memory, bool imported)
{
	struct v4l2_plane planes[PLANES];
	struct v4l2_buffer buffer;

	node_stream(node, VIDIOC_STREAMON);
	igt_assert_eq(node_queue(node, imported ? memory : NULL), 0);
	buffer = node_frame(node, imported ? memory : NULL, planes);
	for (int i = 0; i < node->pix.num_planes; i++) {
		uint32_t used = node->mplane ? planes[i].bytesused : buffer.bytesused;

		igt_assert_eq_u32(used, node->pix.plane_fmt[i].sizeimage);
		lab_cpu_begin(memory->dmabuf[i], DMA_BUF_SYNC_READ);
	}
	igt_assert_eq_u32(stamp_of(node, memory->pixels[0]).sequence, buffer.sequence);
	for (int i = 0; i < node->pix.num_planes; i++)
		lab_cpu_end(memory->dmabuf[i], DMA_BUF_SYNC_READ);
	node_stream(node, VIDIOC_STREAMOFF);
}

static void check_format(struct node *node, uint32_t fourcc, uint32_t width, uint32_t height,
			 uint32_t padding)
{
	struct memory memory;

	node_set_format(node, fourcc, width, height, padding);
	node_request(node, V4L2_MEMORY_MMAP, 1);
	memory = memory_export(node);
	check_frame(node, &memory, false);
	memory_close(node, &memory);
	node_request(node, V4L2_MEMORY_DMABUF, 1);
	memory = memory_import(node);
	check_frame(node, &memory, true);
	check_end(node, &memory);
	memory_close(node, &memory);
	node_request(node, V4L2_MEMORY_DMABUF, 0);
}

static uint32_t check_formats(bool mplane)
{
	struct node node = node_open(mplane);
	struct v4l2_fmtdesc desc = { .type = node.type };

	for (; !lab_ioctl(node.fd, VIDIOC_ENUM_FMT, &desc); desc.index++) {
		check_format(&node, desc.pixelformat, 64, 48, 0);
		check_format(&node, desc.pixelformat, 162, 122, 0);
		check_format(&node, desc.pixelformat, 642, 358, 54);
	}
	node_close(&node);
	return desc.index;
}

static void formats_single(const char *unused)
{
	igt_assert_eq_u32(check_formats(false), 21);
}

static void formats_multi(const char *unused)
{
	igt_assert_eq_u32(check_formats(true), 23);
}

/* Planes that share a dma-buf, and what is no place for them */

static void shared_dmabuf(const char *unused)
{
	struct node node = node_open(true);
	uint32_t sizes[PLANES], total = PAGE;
	struct v4l2_plane planes[PLANES];
	struct v4l2_buffer buffer;
	struct memory memory = {};
	uint8_t *pixels;

	node_set_format(&node, V4L2_PIX_FMT_YUV420M, 320, 240, 0);
	node_request(&node, V4L2_MEMORY_DMABUF, 1);
	memory.dmabuf[0] = lab_udmabuf(SHARED_BYTES);
	pixels = (uint8_t *)lab_map(memory.dmabuf[0], SHARED_BYTES, PROT_READ | PROT_WRITE, 0);
	memset(pixels, UNTOUCHED, SHARED_BYTES);
	/* A gap of 64 bytes before each */
	for (int i = 0; i < PLANES; i++) {
		sizes[i] = node.pix.plane_fmt[i].sizeimage;
		memory.dmabuf[i] = memory.dmabuf[0];
		memory.offset[i] = total + 64;
		total = memory.offset[i] + sizes[i];
	}

	node_stream(&node, VIDIOC_STREAMON);
	igt_assert_eq(node_queue(&node, &memory), 0);
	buffer = node_frame(&node, &memory, planes);
	igt_assert_eq_u32(stamp_of(&node, pixels + memory.offset[0]).sequence, buffer.sequence);
	for (int i = 0; i < PLANES; i++) {
		igt_assert_eq_u32(planes[i].data_offset, memory.offset[i]);
		igt_assert_eq_u32(planes[i].bytesused, memory.offset[i] + sizes[i]);
		for (int gap = 1; gap <= 64; gap++)
			igt_assert_eq(pixels[memory.offset[i] - gap], UNTOUCHED);
		igt_assert_neq_u32(pixels[memory.offset[i]], UNTOUCHED);
		igt_assert_neq_u32(pixels[memory.offset[i] + sizes[i] - 1], UNTOUCHED);
	}
	igt_assert_eq(pixels[total], UNTOUCHED);
	lab_unmap(pixels, SHARED_BYTES);
	lab_close(memory.dmabuf[0]);
	node_close(&node);
}

static int queue_changed(const struct node *node, struct memory memory, int plane, int dmabuf,
			 uint32_t offset)
{
	memory.dmabuf[plane] = dmabuf;
	memory.offset[plane] = offset;
	return node_queue(node, &memory);
}

static void refuse_planes(const struct node *node, struct memory memory, int plane, int dmabuf,
			  uint32_t offset, const char *why)
{
	uint64_t since = lab_now();

	igt_assert_eq(queue_changed(node, memory, plane, dmabuf, offset), -EINVAL);
	lab_assert_refused_by(since, -EINVAL, lab_plugged_name(&node->plugged, ""), why);
}

static void refuse_buffer(const struct node *node, struct v4l2_buffer buffer, const char *why)
{
	uint64_t since = lab_now();

	igt_assert_eq(lab_ioctl(node->fd, VIDIOC_QBUF, &buffer), -EINVAL);
	lab_assert_refused_by(since, -EINVAL, lab_plugged_name(&node->plugged, ""), why);
}

static void planes_refused(const char *unused)
{
	static const char *const too_small[] = {
		"dma-buf has 4096 bytes, a frame needs 76800",
		"dma-buf has 4096 bytes, a frame needs 38400",
	};
	struct node node = node_open(true);
	struct v4l2_plane planes[PLANES] = {};
	struct v4l2_buffer buffer = {
		.type = node.type, .memory = V4L2_MEMORY_DMABUF, .m.planes = planes, .length = 1,
	};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), small = lab_udmabuf(PAGE);
	struct memory memory;
	char no_dmabuf[48];
	uint32_t room;

	node_set_format(&node, V4L2_PIX_FMT_NV12M, 320, 240, 0);
	node_request(&node, V4L2_MEMORY_DMABUF, 1);
	memory = memory_import(&node);
	room = memory.size[1] - node.pix.plane_fmt[1].sizeimage;
	igt_assert_eq_u32(room, 6656);
	snprintf(no_dmabuf, sizeof(no_dmabuf), "file descriptor %d is no dma-buf", null);
	for (int plane = 0; plane < 2; plane++) {
		refuse_planes(&node, memory, plane, -1, 0, "file descriptor -1 is no dma-buf");
		refuse_planes(&node, memory, plane, null, 0, no_dmabuf);
		refuse_planes(&node, memory, plane, small, 0, too_small[plane]);
	}
	refuse_planes(&node, memory, 1, memory.dmabuf[1], room + 1,
		      "plane 1 of buffer 0 has 45056 bytes, a frame at offset 6657 needs 38400");
	refuse_planes(&node, memory, 1, memory.dmabuf[1], UINT32_MAX,
		      "plane 1 of buffer 0 has 45056 bytes, a frame at offset 4294967295 needs 38400");
	planes[0].m.fd = memory.dmabuf[0];
	refuse_buffer(&node, buffer, "1 planes, buffer 0 has 2");
	buffer.type = CAPTURE;
	refuse_buffer(&node, buffer, "the node's buffers are of type 9, not 1");

	/* After all this a good one is taken, to the last byte. */
	igt_assert_eq(queue_changed(&node, memory, 1, memory.dmabuf[1], room), 0);
	refuse_planes(&node, memory, 1, memory.dmabuf[1], 0, "buffer 0 is queued already");
	lab_close(small);
	lab_close(null);
	memory_close(&node, &memory);
	node_close(&node);
}

static void other_api_refused(const char *unused)
{
	for (int mplane = 0; mplane < 2; mplane++) {
		struct node node = node_open(mplane);
		struct v4l2_format format = {
			.type = mplane ? CAPTURE : V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE,
		};
		struct v4l2_requestbuffers request = {
			.count = 1, .type = format.type, .memory = V4L2_MEMORY_MMAP,
		};
		struct v4l2_streamparm parm = { .type = format.type };

		igt_assert_eq(lab_ioctl(node.fd, VIDIOC_G_FMT, &format), -EINVAL);
		igt_assert_eq(lab_ioctl(node.fd, VIDIOC_TRY_FMT, &format), -EINVAL);
		igt_assert_eq(lab_ioctl(node.fd, VIDIOC_S_FMT, &format), -EINVAL);
		igt_assert_eq(lab_ioctl(node.fd, VIDIOC_REQBUFS, &request), -EINVAL);
		igt_assert_eq(lab_ioctl(node.fd, VIDIOC_S_PARM, &parm), -EINVAL);
		node.pix.pixelformat = V4L2_PIX_FMT_NV12M;
		igt_assert_eq(node_try_format(&node, VIDIOC_TRY_FMT), 0);
		igt_assert_eq_u32(node.pix.pixelformat, mplane ? V4L2_PIX_FMT_NV12M :
								  V4L2_PIX_FMT_YUYV);
		node_close(&node);
	}
}

static void sizes_honoured(const char *unused)
{
	struct node node = node_open(false);
	uint32_t needed;

	node_set_format(&node, V4L2_PIX_FMT_NV12, 320, 240, 0);
	needed = node.pix.plane_fmt[0].sizeimage;
	igt_assert_eq_u32(needed, 320 * 360);
	node.pix.plane_fmt[0].sizeimage = needed + 5000;
	igt_assert_eq(node_try_format(&node, VIDIOC_S_FMT), 0);
	igt_assert_eq_u32(node.pix.plane_fmt[0].sizeimage, needed + 5000);

	/* What G_FMT says of that is no wish for another size. */
	node.pix.height = 238;
	igt_assert_eq(node_try_format(&node, VIDIOC_S_FMT), 0);
	igt_assert_eq_u32(node.pix.plane_fmt[0].sizeimage, 320 * 357);
	node.pix.plane_fmt[0].bytesperline = UINT32_MAX;
	node.pix.plane_fmt[0].sizeimage = UINT32_MAX;
	igt_assert_eq(node_try_format(&node, VIDIOC_TRY_FMT), 0);
	igt_assert_eq_u32(node.pix.plane_fmt[0].bytesperline, 61440);
	igt_assert_eq_u32(node.pix.plane_fmt[0].sizeimage, 61440 * 357);
	node_close(&node);
}

/* What a frame shows: a YUYV camera with frames of its own */

struct show {
	struct node node;
	struct lab_camera camera;
	struct memory memory;
};

static struct show show_open(uint32_t flags, uint32_t encoding, uint32_t quantization)
{
	struct show show = { .node = node_open(false) };

	show.node.pix = (struct v4l2_pix_format_mplane){
		.width = 320, .height = 240, .pixelformat = V4L2_PIX_FMT_YUYV, .flags = flags,
		.colorspace = V4L2_COLORSPACE_SMPTE170M,	/* or nothing else counts */
		.ycbcr_enc = encoding, .quantization = quantization,
	};
	igt_assert_eq(node_try_format(&show.node, VIDIOC_S_FMT), 0);
	show.camera = (struct lab_camera){
		.fd = show.node.fd, .fourcc = V4L2_PIX_FMT_YUYV, .width = 320, .height = 240,
		.stride = show.node.pix.plane_fmt[0].bytesperline,
	};
	return show;
}

static void show_start(struct show *show)
{
	node_request(&show->node, V4L2_MEMORY_MMAP, 1);
	show->memory = memory_export(&show->node);
	igt_assert_eq(node_queue(&show->node, NULL), 0);
	node_stream(&show->node, VIDIOC_STREAMON);
}

/* The next frame; it may not change any more. */
static const uint8_t *show_frame(struct show *show)
{
	struct v4l2_plane planes[PLANES];

	node_frame(&show->node, NULL, planes);
	return show->memory.pixels[0];
}

static void show_again(struct show *show)
{
	igt_assert_eq(node_queue(&show->node, NULL), 0);
}

static void show_close(struct show *show)
{
	memory_close(&show->node, &show->memory);
	node_close(&show->node);
}

struct weights {
	uint32_t encoding;
	double red, blue;
};

static void check_pixel(const struct show *show, const uint8_t *frame, uint32_t x, uint32_t y,
			const struct weights *w, uint32_t rgb)
{
	bool full = show->node.pix.quantization == V4L2_QUANTIZATION_FULL_RANGE;
	double r = (rgb >> 16) / 255.0, g = (rgb >> 8 & 0xff) / 255.0, b = (rgb & 0xff) / 255.0;
	double luma = w->red * r + (1 - w->red - w->blue) * g + w->blue * b;
	const double want[] = {
		full ? 255 * luma : 16 + 219 * luma,
		fmin(128 + (full ? 255 : 224) * (b - luma) / (2 * (1 - w->blue)), 255),
		fmin(128 + (full ? 255 : 224) * (r - luma) / (2 * (1 - w->red)), 255),
	};
	const uint8_t *group = frame + (size_t)y * show->camera.stride + x / 2 * 4;
	const uint8_t got[] = { group[x % 2 * 2], group[1], group[3] };

	for (int i = 0; i < 3; i++)
		igt_assert_f(fabs(got[i] - want[i]) < 0.500001, "%06x at %u,%u: %d: %u, not %f\n",
			     rgb, x, y, i, got[i], want[i]);
}

static const struct weights bt601 = { V4L2_YCBCR_ENC_601, 0.299, 0.114 };

static void colours(const char *unused)
{
	static const struct weights weights[] = {
		{ V4L2_YCBCR_ENC_601, 0.299, 0.114 }, { V4L2_YCBCR_ENC_709, 0.2126, 0.0722 },
		{ V4L2_YCBCR_ENC_BT2020, 0.2627, 0.0593 },
		{ V4L2_YCBCR_ENC_SMPTE240M, 0.212, 0.087 },
	};
	static const uint32_t bars[] = {
		0xffffff, 0xffff00, 0x00ffff, 0x00ff00, 0xff00ff, 0xff0000, 0x0000ff, 0x000000,
	};

	for (size_t i = 0; i < 2 * ARRAY_SIZE(weights); i++) {
		const struct weights *w = &weights[i / 2];
		uint32_t range = i % 2 ? V4L2_QUANTIZATION_FULL_RANGE : V4L2_QUANTIZATION_LIM_RANGE;
		struct show show = show_open(V4L2_PIX_FMT_FLAG_SET_CSC, w->encoding, range);
		const uint8_t *frame;

		igt_assert_eq_u32(show.node.pix.ycbcr_enc, w->encoding);
		igt_assert_eq_u32(show.node.pix.quantization, range);
		show_start(&show);
		frame = show_frame(&show);
		for (uint32_t bar = 0; bar < 8; bar++)
			for (uint32_t x = 40 * bar; x < 40 * bar + 40; x++)
				check_pixel(&show, frame, x, 40, w, bars[bar]);
		show_close(&show);
	}
}

static void colours_need_flag(const char *unused)
{
	struct show show = show_open(0, V4L2_YCBCR_ENC_709, V4L2_QUANTIZATION_FULL_RANGE);

	igt_assert_eq_u32(show.node.pix.ycbcr_enc, V4L2_YCBCR_ENC_601);
	igt_assert_eq_u32(show.node.pix.quantization, V4L2_QUANTIZATION_LIM_RANGE);
	igt_assert_eq_u32(show.node.pix.colorspace, V4L2_COLORSPACE_SMPTE170M);
	node_close(&show.node);
}

/* A frame that was begun before a control was set comes without it. */
static const uint8_t *show_with(struct show *show, uint32_t control, int32_t value)
{
	lab_camera_set(&show->camera, control, value);
	show_frame(show);
	show_again(show);
	return show_frame(show);
}

static void controls(const char *unused)
{
	struct show show = show_open(0, 0, 0);
	const uint8_t *frame;
	struct simstamp stamp;

	show_start(&show);
	frame = show_with(&show, V4L2_CID_CAMSIM_MOVING_BOX, 0);
	check_pixel(&show, frame, 300, 230, &bt601, 0x000000);
	show_again(&show);
	frame = show_with(&show, V4L2_CID_HFLIP, 1);
	check_pixel(&show, frame, 300, 230, &bt601, 0xffffff);
	check_pixel(&show, frame, 60, 230, &bt601, 0x0000ff);
	igt_assert(lab_stamp_read(frame, &show.camera, &stamp));
	show_again(&show);

	frame = show_with(&show, V4L2_CID_TEST_PATTERN, 3);
	check_pixel(&show, frame, 300, 230, &bt601, 0x808080);
	show_again(&show);
	frame = show_with(&show, V4L2_CID_CAMSIM_SOLID_COLOUR, 0x204060);
	check_pixel(&show, frame, 300, 230, &bt601, 0x204060);
	show_again(&show);
	frame = show_with(&show, V4L2_CID_GAIN, 200);
	check_pixel(&show, frame, 300, 230, &bt601, 0x4080c0);
	show_again(&show);
	frame = show_with(&show, V4L2_CID_EXPOSURE_ABSOLUTE, 50);
	check_pixel(&show, frame, 300, 230, &bt601, 0x204060);
	show_again(&show);
	frame = show_with(&show, V4L2_CID_BRIGHTNESS, 16);
	check_pixel(&show, frame, 300, 230, &bt601, 0x305070);
	show_again(&show);
	frame = show_with(&show, V4L2_CID_CONTRAST, 0);
	check_pixel(&show, frame, 300, 230, &bt601, 0x909090);
	show_again(&show);

	lab_camera_set(&show.camera, V4L2_CID_CONTRAST, 128);
	lab_camera_set(&show.camera, V4L2_CID_TEST_PATTERN, 1);
	frame = show_with(&show, V4L2_CID_VFLIP, 1);
	/* Blue on top now, and most of it on the left */
	check_pixel(&show, frame, 0, 30, &bt601, 0x1010ff);
	show_again(&show);
	frame = show_with(&show, V4L2_CID_CAMSIM_FRAME_STAMP, 0);
	igt_assert(!lab_stamp_read(frame, &show.camera, &stamp));
	check_pixel(&show, frame, 0, 0, &bt601, 0x1010ff);
	show_close(&show);
}

static void noise(const char *unused)
{
	struct show show = show_open(0, 0, 0);
	const uint8_t *frame;
	uint8_t line[320];

	show_start(&show);
	frame = show_with(&show, V4L2_CID_TEST_PATTERN, 4);
	stamp_of(&show.node, frame);
	memcpy(line, frame + 40 * 640, sizeof(line));
	igt_assert(memcmp(line, frame + 41 * 640, sizeof(line)));
	show_again(&show);
	frame = show_frame(&show);
	igt_assert(memcmp(line, frame + 40 * 640, sizeof(line)));
	show_close(&show);
}

/* Selection */

static int select_rect(const struct node *node, uint32_t target, uint32_t flags,
		       struct v4l2_rect *r)
{
	struct v4l2_selection selection = {
		.type = node->type, .target = target, .flags = flags, .r = *r,
	};
	int ret = lab_ioctl(node->fd, VIDIOC_S_SELECTION, &selection);

	*r = selection.r;
	return ret;
}

static void crop(const char *unused)
{
	struct v4l2_rect blue = { 5760, 0, 960, 4320 };
	struct show show = show_open(0, 0, 0);
	const uint8_t *frame;

	igt_assert_eq(select_rect(&show.node, V4L2_SEL_TGT_CROP, 0, &blue), 0);
	lab_camera_set(&show.camera, V4L2_CID_CAMSIM_MOVING_BOX, 0);
	show_start(&show);
	frame = show_frame(&show);
	for (uint32_t x = 0; x < 320; x++)
		check_pixel(&show, frame, x, 100, &bt601, 0x0000ff);
	stamp_of(&show.node, frame);
	igt_assert_eq(select_rect(&show.node, V4L2_SEL_TGT_CROP, 0, &blue), -EBUSY);
	show_close(&show);
}

/* Two halves of one dma-buf from two pictures */
static void compose(const char *unused)
{
	struct v4l2_rect half = { 160, 0, 160, 240 };
	struct show show = show_open(0, 0, 0);
	const struct lab_camera right = { .fourcc = V4L2_PIX_FMT_YUYV, .width = 160,
					  .height = 240, .stride = show.camera.stride };
	struct simstamp stamp;
	struct memory memory;

	igt_assert_eq(select_rect(&show.node, V4L2_SEL_TGT_COMPOSE, 0, &half), 0);
	node_request(&show.node, V4L2_MEMORY_DMABUF, 1);
	memory = memory_import(&show.node);
	check_end(&show.node, &memory);
	igt_assert_eq(node_queue(&show.node, &memory), 0);
	node_stream(&show.node, VIDIOC_STREAMON);
	node_frame(&show.node, &memory, (struct v4l2_plane[PLANES]) {});
	for (uint32_t y = 0; y < 240; y++)
		for (uint32_t x = 0; x < 320; x++)
			igt_assert_eq(memory.pixels[0][y * 640 + x], UNTOUCHED);
	igt_assert(lab_stamp_read(memory.pixels[0] + 320, &right, &stamp));
	memory_close(&show.node, &memory);
	node_close(&show.node);
}

static void selection_limits(const char *unused)
{
	static const struct {
		uint32_t target, flags;
		struct v4l2_rect wanted;
		int ret;
		struct v4l2_rect got;
	} cases[] = {
		{ V4L2_SEL_TGT_CROP, 0, { 0, 0, 0, 0 }, 0, { 0, 0, 16, 16 } },
		{ V4L2_SEL_TGT_CROP, 0, { -5, 9000, 9000, 100 }, 0, { 0, 4220, 7680, 100 } },
		{ V4L2_SEL_TGT_CROP, 0, { 7, 3, 101, 99 }, 0, { 6, 2, 102, 100 } },
		{ V4L2_SEL_TGT_CROP, V4L2_SEL_FLAG_LE, { 0, 0, 101, 99 }, 0, { 0, 0, 100, 98 } },
		{ V4L2_SEL_TGT_CROP, V4L2_SEL_FLAG_LE, { 0, 0, 8, 99 }, -ERANGE, {} },
		{ V4L2_SEL_TGT_CROP, V4L2_SEL_FLAG_GE, { 0, 0, 9000, 99 }, -ERANGE, {} },
		{ V4L2_SEL_TGT_CROP, V4L2_SEL_FLAG_GE | V4L2_SEL_FLAG_LE, { 0, 0, 101, 98 },
		  -ERANGE, {} },
		{ V4L2_SEL_TGT_COMPOSE, 0, { 400, 400, 4000, 4000 }, 0, { 0, 0, 320, 240 } },
		{ V4L2_SEL_TGT_COMPOSE, 0, { INT32_MAX, INT32_MIN, 100, 100 }, 0,
		  { 220, 0, 100, 100 } },
		{ V4L2_SEL_TGT_CROP_BOUNDS, 0, { 0, 0, 100, 100 }, -EINVAL, {} },
		{ V4L2_SEL_TGT_NATIVE_SIZE, 0, { 0, 0, 100, 100 }, -EINVAL, {} },
		{ 0x7fff, 0, { 0, 0, 100, 100 }, -EINVAL, {} },
	};
	struct show show = show_open(0, 0, 0);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct v4l2_rect r = cases[i].wanted;

		igt_debug("case %zu\n", i);
		igt_assert_eq(select_rect(&show.node, cases[i].target, cases[i].flags, &r),
			      cases[i].ret);
		if (!cases[i].ret)
			igt_assert(!memcmp(&r, &cases[i].got, sizeof(r)));
	}
	node_close(&show.node);
}

static const struct lab_test tests[] = {
	{ "single-planar", formats_single,
	  "Each format, in the camera's memory and in imported: the stamp is there." },
	{ "multi-planar", formats_multi, "The same with the multi-planar API." },
	{ "shared-dmabuf", shared_dmabuf, "Three planes at offsets of one dma-buf." },
	{ "planes-refused", planes_refused, "QBUF of planes that are no good, errno by errno." },
	{ "other-api-refused", other_api_refused, "A node has one API, and EINVAL for the other." },
	{ "sizes-honoured", sizes_honoured, "Longer lines and larger images, within limits." },
	{ "colours", colours, "Each matrix and range that a client chooses is in the pixels." },
	{ "colours-need-flag", colours_need_flag, "Without SET_CSC the camera chooses." },
	{ "controls", controls, "Each control changes the pixels as documented, but no stamp." },
	{ "noise", noise, "Each line and frame is another, and stamped." },
	{ "crop", crop, "A crop rectangle within a bar fills the frame with it." },
	{ "compose", compose, "Outside of the compose rectangle nothing is written." },
	{ "selection-limits", selection_limits,
	  "Rectangles are adjusted, or refused with ERANGE." },
};

igt_main()
{
	lab_run(tests, NULL);
}
