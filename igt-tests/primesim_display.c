// SPDX-License-Identifier: MIT
/*
 * primesim's display: what it takes for a picture, what it shows and since when. What is shown is
 * known by its checksum, which the display makes of the pixels it reads through its own DMA.
 */
#include <drm_fourcc.h>
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "device.h"
#include "driver.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("primesim's framebuffers, scan-out and checksums");

#define CRC_FILE	"/sys/kernel/debug/dri/primesim.0/crtc-0/crc/data"
#define FRAME_MS	3000	/* for one frame, on a slow machine */
#define FLIPS		20

/**
 * struct display - the one CRTC with its monitor
 * @drm: primary node; its file is DRM master.
 * @crc: checksums are read from it; -1 until first used.
 * @crtc: KMS object.
 * @connector: KMS object.
 * @plane: KMS object, the primary plane.
 * @mode: the preferred mode.
 */
struct display {
	int drm;
	int crc;
	uint32_t crtc;
	uint32_t connector;
	uint32_t plane;
	drmModeModeInfo mode;
};

static void find_objects(struct display *display)
{
	drmModeRes *resources = drmModeGetResources(display->drm);
	drmModePlaneRes *planes;
	drmModeConnector *connector;

	igt_assert(resources && resources->count_crtcs == 1 && resources->count_connectors == 1);
	display->crtc = resources->crtcs[0];
	display->connector = resources->connectors[0];
	drmModeFreeResources(resources);

	connector = drmModeGetConnector(display->drm, display->connector);
	igt_assert(connector && connector->count_modes > 0);
	display->mode = connector->modes[0];
	drmModeFreeConnector(connector);

	igt_assert_eq(drmSetClientCap(display->drm, DRM_CLIENT_CAP_UNIVERSAL_PLANES, 1), 0);
	planes = drmModeGetPlaneResources(display->drm);
	igt_assert(planes && planes->count_planes > 0);
	display->plane = planes->planes[0];
	drmModeFreePlaneResources(planes);
}

static struct display display_open(void)
{
	struct display display = { .drm = lab_open_primary("primesim"), .crc = -1 };

	find_objects(&display);
	return display;
}

static void display_close(struct display *display)
{
	if (display->crc >= 0)
		lab_close(display->crc);
	igt_assert_eq(drmModeSetCrtc(display->drm, display->crtc, 0, 0, 0, NULL, 0, NULL), 0);
	lab_close(display->drm);
}

static void show_at(struct display *display, uint32_t framebuffer, uint32_t x, uint32_t y)
{
	igt_assert_eq(drmModeSetCrtc(display->drm, display->crtc, framebuffer, x, y,
				     &display->connector, 1, &display->mode), 0);
}

static void show(struct display *display, uint32_t framebuffer)
{
	show_at(display, framebuffer, 0, 0);
}

static struct drm_primesim_scanout_info scanout(const struct display *display)
{
	struct drm_primesim_scanout_info info = { .crtc_id = display->crtc };

	igt_assert_eq(lab_ioctl(display->drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), 0);
	return info;
}

/* One line of the file is one frame: "0x<frame> 0x<checksum>". */
static uint32_t read_crc(struct display *display, uint32_t *frame)
{
	char line[64] = "";
	uint32_t crc;

	igt_assert(lab_poll(display->crc, POLLIN, FRAME_MS));
	igt_assert(read(display->crc, line, sizeof(line) - 1) > 0);
	igt_assert_eq(sscanf(line, "%x %x", frame, &crc), 2);
	return crc;
}

/* The checksum of what is shown now */
static uint32_t crc_now(struct display *display)
{
	uint64_t since = scanout(display).vblank;
	uint32_t frame, crc;

	if (display->crc < 0)
		display->crc = open(CRC_FILE, O_RDONLY | O_CLOEXEC);
	igt_require_f(display->crc >= 0, "%s: %m\n", CRC_FILE);
	do
		crc = read_crc(display, &frame);
	while (frame <= since);
	return crc;
}

/**
 * struct picture - a framebuffer in one dumb buffer
 * @drm: owner of it all.
 * @format: DRM_FORMAT_*.
 * @width: pixels.
 * @height: lines.
 * @handle: the buffer.
 * @pitch: bytes per line.
 * @size: bytes of the buffer.
 * @pixels: mapping.
 * @framebuffer: KMS object, 0 until added.
 */
struct picture {
	int drm;
	uint32_t format;
	uint32_t width;
	uint32_t height;
	uint32_t handle;
	uint32_t pitch;
	uint64_t size;
	uint8_t *pixels;
	uint32_t framebuffer;
};

static bool is_nv12(const struct picture *picture)
{
	return picture->format == DRM_FORMAT_NV12;
}

static uint32_t format_bits(uint32_t format)
{
	switch (format) {
	case DRM_FORMAT_NV12:
		return 8;
	case DRM_FORMAT_RGB565:
		return 16;
	default:
		return 32;
	}
}

static void picture_create(struct picture *picture, int drm, uint32_t format, uint32_t width,
			   uint32_t height)
{
	uint64_t offset;

	*picture = (struct picture) {
		.drm = drm, .format = format, .width = width, .height = height,
	};
	igt_assert_eq(drmModeCreateDumbBuffer(drm, width,
					      is_nv12(picture) ? height * 3 / 2 : height,
					      format_bits(format), 0, &picture->handle,
					      &picture->pitch, &picture->size), 0);
	igt_assert_eq(drmModeMapDumbBuffer(drm, picture->handle, &offset), 0);
	picture->pixels = (uint8_t *)lab_map(drm, picture->size, PROT_READ | PROT_WRITE, offset);
}

static int picture_try_add(const struct picture *picture, uint32_t format, uint32_t pitch,
			   uint32_t offset, uint32_t *framebuffer)
{
	uint32_t handles[4] = { picture->handle, is_nv12(picture) ? picture->handle : 0 };
	uint32_t pitches[4] = { pitch, is_nv12(picture) ? pitch : 0 };
	uint32_t offsets[4] = { offset, is_nv12(picture) ? pitch * picture->height : 0 };

	return drmModeAddFB2(picture->drm, picture->width, picture->height, format, handles,
			     pitches, offsets, framebuffer, 0);
}

static uint32_t picture_add(struct picture *picture)
{
	igt_assert_eq(picture_try_add(picture, picture->format, picture->pitch, 0,
				      &picture->framebuffer), 0);
	return picture->framebuffer;
}

static void picture_close(struct picture *picture)
{
	if (picture->framebuffer)
		igt_assert_eq(drmModeRmFB(picture->drm, picture->framebuffer), 0);
	lab_unmap(picture->pixels, picture->size);
	lab_close_handle(picture->drm, picture->handle);
}

static void fill_32(const struct picture *picture, uint32_t value)
{
	uint32_t *pixel = (uint32_t *)picture->pixels;

	for (uint64_t i = 0; i < picture->size / 4; i++)
		pixel[i] = value;
}

static void fill_nv12(const struct picture *picture, uint8_t y, uint8_t cb, uint8_t cr)
{
	uint8_t *chroma = picture->pixels + (uint64_t)picture->pitch * picture->height;

	memset(picture->pixels, y, chroma - picture->pixels);
	for (uint64_t i = 0; i < (uint64_t)picture->pitch * picture->height / 2; i += 2) {
		chroma[i] = cb;
		chroma[i + 1] = cr;
	}
}

/* A picture in which no two places are alike */
static void fill_gradient(const struct picture *picture, uint32_t left, uint32_t top)
{
	for (uint32_t y = 0; y < picture->height; y++) {
		uint32_t *line = (uint32_t *)(picture->pixels + (uint64_t)y * picture->pitch);

		for (uint32_t x = 0; x < picture->width; x++)
			line[x] = (top + y) << 12 | (left + x);
	}
}

static void make_full(struct picture *picture, const struct display *display, uint32_t format)
{
	picture_create(picture, display->drm, format, display->mode.hdisplay,
		       display->mode.vdisplay);
}

/* The checksum of one colour all over, as XRGB8888 */
static uint32_t crc_of_colour(struct display *display, uint32_t colour)
{
	struct picture picture;
	uint32_t crc;

	make_full(&picture, display, DRM_FORMAT_XRGB8888);
	fill_32(&picture, colour);
	show(display, picture_add(&picture));
	crc = crc_now(display);
	picture_close(&picture);
	return crc;
}

static void framebuffer_refusals(const char *argument)
{
	static const uint32_t formats[] = {
		DRM_FORMAT_XRGB8888, DRM_FORMAT_RGB565, DRM_FORMAT_NV12,
	};
	struct display display = display_open();
	uint32_t framebuffer;

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		uint32_t format = formats[i];
		struct picture picture;
		uint32_t pitch;

		make_full(&picture, &display, format);
		pitch = picture.pitch;
		igt_assert_eq(picture_try_add(&picture, format, pitch, picture.size, &framebuffer),
			      -EINVAL);
		igt_assert_eq(picture_try_add(&picture, format, pitch - 1, 0, &framebuffer),
			      -EINVAL);
		igt_assert_eq(picture_try_add(&picture, format, pitch * 2, 0, &framebuffer),
			      -EINVAL);
		igt_assert_eq(picture_try_add(&picture, DRM_FORMAT_XRGB1555, pitch, 0,
					      &framebuffer), -EINVAL);
		picture_close(&picture);
	}
	display_close(&display);
}

static void crc_same_in_all_formats(const char *argument)
{
	static const uint32_t formats[] = { DRM_FORMAT_ARGB8888, DRM_FORMAT_RGB565 };
	struct display display = display_open();
	uint32_t white = crc_of_colour(&display, 0xffffff);

	igt_assert_eq_u32(crc_of_colour(&display, 0xffffffff), white);
	igt_assert_neq_u32(crc_of_colour(&display, 0xfffffe), white);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct picture picture;

		make_full(&picture, &display, formats[i]);
		memset(picture.pixels, 0xff, picture.size);
		show(&display, picture_add(&picture));
		igt_assert_eq_u32(crc_now(&display), white);
		picture_close(&picture);
	}
	display_close(&display);
}

static void set_plane_property(const struct display *display, const char *name, uint64_t value)
{
	drmModeObjectProperties *properties =
		drmModeObjectGetProperties(display->drm, display->plane, DRM_MODE_OBJECT_PLANE);
	uint32_t id = 0;

	for (uint32_t i = 0; i < properties->count_props; i++) {
		drmModePropertyRes *property = drmModeGetProperty(display->drm,
								  properties->props[i]);

		if (!strcmp(property->name, name))
			id = property->prop_id;
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(properties);
	igt_assert_f(id, "no property %s\n", name);
	igt_assert_eq(drmModeObjectSetProperty(display->drm, display->plane, DRM_MODE_OBJECT_PLANE,
					       id, value), 0);
}

/* Colours worked out by hand from the table in primesim_drm.h */
static void nv12_encodings(const char *argument)
{
	static const struct {
		uint64_t encoding;
		uint64_t range;
		uint32_t rgb;
	} cases[] = {	/* of Y 100, Cb 90, Cr 180 */
		{ DRM_PRIMESIM_ENCODING_BT601, DRM_PRIMESIM_RANGE_LIMITED, 0xb54615 },
		{ DRM_PRIMESIM_ENCODING_BT601, DRM_PRIMESIM_RANGE_FULL, 0xad4c21 },
		{ DRM_PRIMESIM_ENCODING_BT709, DRM_PRIMESIM_RANGE_LIMITED, 0xbf4e12 },
		{ DRM_PRIMESIM_ENCODING_BT709, DRM_PRIMESIM_RANGE_FULL, 0xb6531d },
		{ DRM_PRIMESIM_ENCODING_BT2020, DRM_PRIMESIM_RANGE_LIMITED, 0xb94710 },
		{ DRM_PRIMESIM_ENCODING_BT2020, DRM_PRIMESIM_RANGE_FULL, 0xb14d1d },
	};
	struct display display = display_open();
	struct picture picture;

	make_full(&picture, &display, DRM_FORMAT_NV12);
	fill_nv12(&picture, 100, 90, 180);
	picture_add(&picture);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t crc;

		set_plane_property(&display, "COLOR_ENCODING", cases[i].encoding);
		set_plane_property(&display, "COLOR_RANGE", cases[i].range);
		show(&display, picture.framebuffer);
		crc = crc_now(&display);
		igt_assert_eq_u32(crc, crc_of_colour(&display, cases[i].rgb));
	}
	set_plane_property(&display, "COLOR_ENCODING", DRM_PRIMESIM_ENCODING_BT601);
	set_plane_property(&display, "COLOR_RANGE", DRM_PRIMESIM_RANGE_LIMITED);
	picture_close(&picture);
	display_close(&display);
}

static void viewport(const char *argument)
{
	enum { X = 37, Y = 21 };
	struct display display = display_open();
	struct picture large, part;
	uint32_t crc;

	make_full(&part, &display, DRM_FORMAT_XRGB8888);
	fill_gradient(&part, X, Y);
	show(&display, picture_add(&part));
	crc = crc_now(&display);

	picture_create(&large, display.drm, DRM_FORMAT_XRGB8888, part.width + 64, part.height + 64);
	fill_gradient(&large, 0, 0);
	picture_add(&large);
	show_at(&display, large.framebuffer, X, Y);
	igt_assert_eq_u32(crc_now(&display), crc);
	show_at(&display, large.framebuffer, X + 1, Y);
	igt_assert_neq_u32(crc_now(&display), crc);

	picture_close(&large);
	picture_close(&part);
	display_close(&display);
}

static void fill_rectangle(const struct picture *picture, uint32_t left, uint32_t top,
			   uint32_t size, uint32_t value)
{
	for (uint32_t y = top; y < top + size; y++) {
		uint32_t *line = (uint32_t *)(picture->pixels + (uint64_t)y * picture->pitch);

		for (uint32_t x = left; x < left + size; x++)
			line[x] = value;
	}
}

/* Blended by hand: premultiplied 0x80400000 lets 127/255 of the white below through. */
static void cursor(const char *argument)
{
	enum { SIZE = 64, X = 301, Y = 77 };
	struct display display = display_open();
	struct picture picture, pointer;
	uint32_t crc;

	make_full(&picture, &display, DRM_FORMAT_XRGB8888);
	fill_32(&picture, 0xffffff);
	fill_rectangle(&picture, X, Y, SIZE, 0xbf7f7f);
	show(&display, picture_add(&picture));
	crc = crc_now(&display);
	fill_32(&picture, 0xffffff);
	show(&display, picture.framebuffer);

	picture_create(&pointer, display.drm, DRM_FORMAT_ARGB8888, SIZE, SIZE);
	fill_32(&pointer, 0x80400000);
	igt_assert_eq(drmModeSetCursor(display.drm, display.crtc, pointer.handle, SIZE, SIZE), 0);
	igt_assert_eq(drmModeMoveCursor(display.drm, display.crtc, X, Y), 0);
	igt_assert_eq_u32(crc_now(&display), crc);

	igt_assert_eq(drmModeSetCursor(display.drm, display.crtc, 0, 0, 0), 0);
	picture_close(&pointer);
	picture_close(&picture);
	display_close(&display);
}

/* The same pixels, allocated by another driver */
static void imported(const char *driver)
{
	struct display display = display_open();
	uint32_t crc = crc_of_colour(&display, 0x123456);
	int exporter = lab_open_primary(driver);
	struct drm_primesim_scanout_info info;
	struct picture picture = { .drm = display.drm, .format = DRM_FORMAT_XRGB8888,
				   .width = display.mode.hdisplay,
				   .height = display.mode.vdisplay };
	struct lab_dumb dumb;
	uint32_t *pixels;
	int dmabuf;

	lab_dumb_create(&dumb, exporter, picture.width, picture.height);
	dmabuf = lab_export(exporter, dumb.handle, DRM_RDWR);
	pixels = lab_map(dmabuf, dumb.size, PROT_READ | PROT_WRITE, 0);
	for (uint64_t i = 0; i < dumb.size / 4; i++)
		pixels[i] = 0x123456;
	lab_unmap(pixels, dumb.size);

	picture.handle = lab_import(display.drm, dmabuf);
	picture.pitch = dumb.pitch;
	show(&display, picture_add(&picture));
	igt_assert_eq_u32(crc_now(&display), crc);
	info = scanout(&display);
	igt_assert_eq(info.info.placement, SIMBUF_PLACEMENT_FOREIGN);
	igt_assert(info.info.page_id && info.info.device_read >= dumb.size);

	igt_assert_eq(drmModeRmFB(display.drm, picture.framebuffer), 0);
	lab_close_handle(display.drm, picture.handle);
	display_close(&display);
	lab_close(dmabuf);
	lab_dumb_close(&dumb);
	lab_close(exporter);
}

static void flip_and_wait(const struct display *display, uint32_t framebuffer,
			  struct drm_event_vblank *event)
{
	igt_assert_eq(drmModePageFlip(display->drm, display->crtc, framebuffer,
				      DRM_MODE_PAGE_FLIP_EVENT, NULL), 0);
	igt_assert(lab_poll(display->drm, POLLIN, FRAME_MS));
	igt_assert_eq(read(display->drm, event, sizeof(*event)), sizeof(*event));
	igt_assert_eq(event->base.type, DRM_EVENT_FLIP_COMPLETE);
}

static void flip_is_latched(const char *argument)
{
	struct display display = display_open();
	struct picture pictures[2];

	for (int i = 0; i < 2; i++) {
		make_full(&pictures[i], &display, DRM_FORMAT_XRGB8888);
		picture_add(&pictures[i]);
	}
	show(&display, pictures[1].framebuffer);
	for (int i = 0; i < FLIPS; i++) {
		uint32_t framebuffer = pictures[i % 2].framebuffer;
		struct drm_primesim_scanout_info info;
		struct drm_event_vblank event;

		flip_and_wait(&display, framebuffer, &event);
		info = scanout(&display);
		igt_assert_eq_u32(info.fb_id, framebuffer);
		igt_assert_eq_u32(info.vblank, event.sequence);
	}
	for (int i = 0; i < 2; i++)
		picture_close(&pictures[i]);
	display_close(&display);
}

/* A frame that shows what the one before it showed has a checksum, however slow the machine is. */
static void crc_of_every_frame(const char *argument)
{
	struct display display = display_open();
	struct picture picture;
	uint32_t first, frame;

	make_full(&picture, &display, DRM_FORMAT_XRGB8888);
	show(&display, picture_add(&picture));
	crc_now(&display);
	read_crc(&display, &first);
	for (uint32_t i = 1; i < FLIPS; i++) {
		read_crc(&display, &frame);
		igt_assert_eq_u32(frame, first + i);
	}
	picture_close(&picture);
	display_close(&display);
}

static void removed_framebuffer(const char *argument)
{
	struct display display = display_open();
	struct picture picture;

	make_full(&picture, &display, DRM_FORMAT_XRGB8888);
	show(&display, picture_add(&picture));
	igt_assert_eq_u32(scanout(&display).fb_id, picture.framebuffer);
	igt_assert_eq_u32(scanout(&display).stamp_status, DRM_PRIMESIM_STAMP_NONE);

	igt_assert_eq(drmModeRmFB(display.drm, picture.framebuffer), 0);
	picture.framebuffer = 0;
	igt_assert_eq_u32(scanout(&display).fb_id, 0);
	picture_close(&picture);
	display_close(&display);
}

static void scanout_info_errors(const char *argument)
{
	struct display display = display_open();
	struct drm_primesim_scanout_info info = { .crtc_id = display.plane };
	int render = lab_open_render("primesim");

	igt_assert_eq(lab_ioctl(display.drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), -ENOENT);
	info.crtc_id = display.crtc;
	igt_assert_eq(lab_ioctl(render, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), -EACCES);
	igt_assert_eq(drmDropMaster(display.drm), 0);
	igt_assert_eq(lab_ioctl(display.drm, DRM_IOCTL_PRIMESIM_SCANOUT_INFO, &info), -EACCES);
	igt_assert_eq(drmSetMaster(display.drm), 0);
	lab_close(render);
	display_close(&display);
}

static void try_mode(const struct display *display, uint32_t framebuffer, drmModeModeInfo mode)
{
	struct display other = *display;

	igt_assert_eq(drmModeSetCrtc(other.drm, other.crtc, framebuffer, 0, 0, &other.connector, 1,
				     &mode), -EINVAL);
}

static void mode_refusals(const char *argument)
{
	struct display display = display_open();
	struct picture picture;
	drmModeModeInfo mode;

	make_full(&picture, &display, DRM_FORMAT_XRGB8888);
	picture_add(&picture);

	mode = display.mode;
	mode.clock *= 8;	/* 480 Hz */
	try_mode(&display, picture.framebuffer, mode);
	mode.clock = display.mode.clock / 8;
	try_mode(&display, picture.framebuffer, mode);
	mode.clock = 1000000;
	try_mode(&display, picture.framebuffer, mode);
	mode = display.mode;
	mode.flags |= DRM_MODE_FLAG_INTERLACE;
	try_mode(&display, picture.framebuffer, mode);

	picture_close(&picture);
	display_close(&display);
}

/* Also closing the file of checksums after the device, which the DRM core does not provide for */
static void unplug_while_shown(const char *argument)
{
	struct display display = display_open();
	struct picture picture;

	make_full(&picture, &display, DRM_FORMAT_XRGB8888);
	show(&display, picture_add(&picture));
	crc_now(&display);

	lab_unbind("primesim");
	picture.pixels[0] = 1;
	lab_unmap(picture.pixels, picture.size);
	igt_assert_eq(drmModeRmFB(display.drm, picture.framebuffer), -ENODEV);
	lab_close(display.drm);
	lab_close(display.crc);

	lab_bind("primesim");
	lab_sleep(200);
	display = display_open();
	igt_assert_eq_u32(scanout(&display).fb_id, 0);
	display_close(&display);
}

static const struct lab_test tests[] = {
	{ "framebuffer-refusals", framebuffer_refusals,
	  "Framebuffers larger than their buffer, or of an unknown format, are refused." },
	{ "crc-same-in-all-formats", crc_same_in_all_formats,
	  "The same colours have the same checksum in every RGB format, alpha aside." },
	{ "nv12-encodings", nv12_encodings,
	  "NV12 becomes the colours that COLOR_ENCODING and COLOR_RANGE say." },
	{ "viewport", viewport, "Of a larger framebuffer the part is shown that was asked for." },
	{ "cursor", cursor, "The cursor is on top, its alpha premultiplied." },
	{ "flip-is-latched", flip_is_latched,
	  "Who gets a flip's event finds the new framebuffer shown, since that very vblank." },
	{ "crc-of-every-frame", crc_of_every_frame, "No frame of a still picture is left out." },
	{ "removed-framebuffer", removed_framebuffer,
	  "A framebuffer that is removed is shown no longer." },
	{ "scanout-info-errors", scanout_info_errors,
	  "SCANOUT_INFO is for the DRM master, and for CRTCs." },
	{ "mode-refusals", mode_refusals,
	  "Modes that would keep the machine busy, or commits waiting, are refused." },
	{ "unplug-while-shown", unplug_while_shown,
	  "The device goes away while it shows a picture and checksums are read." },
};

static const struct lab_test import_tests[] = {
	{ "imported", imported,
	  "Another driver's buffer is shown as it is, read by the display's own DMA." },
};

igt_main()
{
	lab_run(tests, NULL);
	lab_run(import_tests, "vgem");
	lab_run(import_tests, "virtio_gpu");
}
