// SPDX-License-Identifier: MIT
/*
 * primesim's monitors: refresh rates, variable ones, flips that do not wait for vblank, and
 * what happens to monitors at run time. Times are those of the vblanks' own timestamps, which
 * do not depend on how late a busy machine notices them.
 */
#include <drm_fourcc.h>
#include <linux/netlink.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include "canvas.h"
#include "device.h"
#include "lab.h"
#include "plug.h"
#include "screen.h"

IGT_TEST_DESCRIPTION("primesim's refresh rates, VRR, asynchronous flips, hotplug, EDID and links");

enum { WIDTH = 1280, HEIGHT = 720, FRAMES = 8, FLIPS = 30, TRIES = 500, BLOCKERS = 800 };

#define MICRO	1e6

static double frame_seconds(const drmModeModeInfo *mode)
{
	return mode->htotal * (double)mode->vtotal / mode->clock / 1000;
}

/* Switches to the mode of this size at this rate. */
static void set_rate(struct lab_canvas *canvas, uint32_t width, uint32_t height, uint32_t rate)
{
	drmModeConnector *connector = drmModeGetConnector(canvas->drm, canvas->connector);
	bool found = false;
	uint32_t blob;

	igt_assert(connector);
	for (int i = 0; i < connector->count_modes && !found; i++) {
		canvas->mode = connector->modes[i];
		found = canvas->mode.hdisplay == width && canvas->mode.vdisplay == height &&
			canvas->mode.vrefresh == rate;
	}
	drmModeFreeConnector(connector);
	igt_assert_f(found, "no mode %ux%u at %u Hz\n", width, height, rate);

	igt_assert_eq(drmModeCreatePropertyBlob(canvas->drm, &canvas->mode, sizeof(canvas->mode),
						&blob), 0);
	lab_canvas_set(canvas, canvas->crtc, "MODE_ID", blob);
	igt_assert_eq(lab_canvas_try_commit(canvas, DRM_MODE_ATOMIC_ALLOW_MODESET), 0);
	igt_assert_eq(drmModeDestroyPropertyBlob(canvas->drm, blob), 0);
}

/**
 * struct moment - when something was shown
 * @sequence: vblank count.
 * @seconds: the vblank's timestamp.
 */
struct moment {
	uint32_t sequence;
	double seconds;
};

static struct moment next_vblank(const struct lab_canvas *canvas)
{
	drmVBlank vblank = { .request = { .type = DRM_VBLANK_RELATIVE, .sequence = 1 } };

	igt_assert_eq(drmWaitVBlank(canvas->drm, &vblank), 0);
	return (struct moment) {
		vblank.reply.sequence, vblank.reply.tval_sec + vblank.reply.tval_usec / 1e6,
	};
}

static struct moment flip(const struct lab_canvas *canvas, const struct lab_picture *picture,
			  uint32_t flags)
{
	struct drm_event_vblank event;

	igt_assert_eq(drmModePageFlip(canvas->drm, canvas->crtc, picture->id,
				      DRM_MODE_PAGE_FLIP_EVENT | flags, NULL), 0);
	igt_assert(lab_poll(canvas->drm, POLLIN, LAB_FLIP_MS));
	igt_assert_eq(read(canvas->drm, &event, sizeof(event)), sizeof(event));
	return (struct moment){ event.sequence, event.tv_sec + event.tv_usec / 1e6 };
}

static void start(struct lab_canvas *canvas, struct lab_picture *picture, uint32_t rate)
{
	lab_canvas_open(canvas, lab_open_primary("primesim"), 0, WIDTH, HEIGHT);
	lab_picture_create(picture, canvas->drm, DRM_FORMAT_XRGB8888, WIDTH, HEIGHT);
	lab_canvas_put(canvas, canvas->planes[0], picture,
		       (struct lab_place){ 0, 0, WIDTH, HEIGHT });
	lab_canvas_commit(canvas);
	set_rate(canvas, WIDTH, HEIGHT, rate);
}

static void end(struct lab_canvas *canvas, struct lab_picture *picture)
{
	lab_canvas_close(canvas);
	lab_picture_close(picture);
	lab_close(canvas->drm);
}

static void expect_frames(const struct lab_canvas *canvas, struct moment a, struct moment b)
{
	double frames = (b.seconds - a.seconds) / frame_seconds(&canvas->mode);

	igt_assert_f(fabs(frames - (int32_t)(b.sequence - a.sequence)) < .01,
		     "vblanks %u and %u are %.3f frames apart\n", a.sequence, b.sequence, frames);
}

static void rates(const char *argument)
{
	static const struct {
		uint32_t width;
		uint32_t height;
		uint32_t rate;
	} modes[] = {
		{ 1280, 720, 24 }, { 1280, 720, 50 }, { 1920, 1080, 60 }, { 1280, 720, 120 },
		{ 640, 480, 240 },
	};
	struct lab_canvas canvas;

	lab_canvas_open(&canvas, lab_open_primary("primesim"), 0, WIDTH, HEIGHT);
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct moment first, last;

		set_rate(&canvas, modes[i].width, modes[i].height, modes[i].rate);
		first = next_vblank(&canvas);
		for (int n = 0; n < FRAMES; n++)
			last = next_vblank(&canvas);
		expect_frames(&canvas, first, last);
		igt_assert_lte(FRAMES, last.sequence - first.sequence);
	}
	lab_canvas_close(&canvas);
	lab_close(canvas.drm);
}

/* Whether a flip came between the vblanks that a fixed rate would have */
static bool flip_was_between(const struct lab_canvas *canvas, const struct lab_picture *picture)
{
	struct moment before = flip(canvas, picture, 0);

	for (int i = 0; i < FLIPS; i++) {
		struct moment now;
		double frames;

		lab_sleep(11);
		now = flip(canvas, picture, 0);
		frames = (now.seconds - before.seconds) / frame_seconds(&canvas->mode);
		igt_assert_f(frames > .99, "a frame was %.3f frames long\n", frames);
		if (fabs(frames - round(frames)) > .05)
			return true;
		before = now;
	}
	return false;
}

static void variable_rate(const char *argument)
{
	struct lab_picture picture;
	struct lab_canvas canvas;
	struct moment a, b;

	start(&canvas, &picture, 120);
	igt_assert_eq_u64(lab_property(canvas.drm, canvas.connector, "vrr_capable"), 1);
	igt_assert(!flip_was_between(&canvas, &picture));

	lab_canvas_set(&canvas, canvas.crtc, "VRR_ENABLED", 1);
	lab_canvas_commit(&canvas);
	igt_assert(flip_was_between(&canvas, &picture));
	/* Nothing to show: as slow as the monitor can be. */
	next_vblank(&canvas);
	a = next_vblank(&canvas);
	b = next_vblank(&canvas);
	igt_assert_f(b.seconds - a.seconds > .99 / 24, "a frame without a picture took %f s\n",
		     b.seconds - a.seconds);

	lab_canvas_set(&canvas, canvas.crtc, "VRR_ENABLED", 0);
	lab_canvas_commit(&canvas);
	next_vblank(&canvas);
	next_vblank(&canvas);
	a = next_vblank(&canvas);
	expect_frames(&canvas, a, next_vblank(&canvas));
	end(&canvas, &picture);
}

/* More than one flip within a frame */
static void asynchronous_flips(const char *argument)
{
	struct lab_picture pictures[2];
	struct lab_canvas canvas;
	struct moment before, now;
	bool same_frame = false;

	start(&canvas, &pictures[0], 24);
	lab_picture_create(&pictures[1], canvas.drm, DRM_FORMAT_XRGB8888, WIDTH, HEIGHT);
	before = flip(&canvas, &pictures[0], 0);
	for (int i = 0; i < 4; i++) {
		now = flip(&canvas, &pictures[i % 2], 0);
		igt_assert_lt(before.sequence, now.sequence);
		before = now;
	}
	for (int i = 0; i < TRIES && !same_frame; i++) {
		now = flip(&canvas, &pictures[i % 2], DRM_MODE_PAGE_FLIP_ASYNC);
		same_frame = now.sequence == before.sequence;
		before = now;
	}
	igt_assert(same_frame);
	lab_canvas_close(&canvas);
	for (int i = 0; i < 2; i++)
		lab_picture_close(&pictures[i]);
	lab_close(canvas.drm);
}

static void run_on(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	igt_assert_eq(sched_setaffinity(0, sizeof(cpus), &cpus), 0);
}

static double seconds_now(void)
{
	struct timespec now;

	igt_assert_eq(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Timers that all end just before @seconds: interrupts of this CPU that are due then come late. */
static void set_blockers(const int *timers, double seconds)
{
	double start = seconds - 20 / MICRO;
	const struct itimerspec at = {
		.it_value = { (time_t)start, (long)((start - floor(start)) * 1e9) },
	};

	for (int i = 0; i < BLOCKERS; i++)
		igt_assert_eq(timerfd_settime(timers[i], TFD_TIMER_ABSTIME, &at, NULL), 0);
}

/*
 * CPU 0 has the vblank's timer, as the display was switched on there, and before it so many
 * others that it is late. Meanwhile CPU 1 flips.
 */
static void flip_after_vblank(struct lab_canvas *canvas, const struct lab_picture *picture,
			      const int *timers)
{
	const struct lab_place whole = { 0, 0, WIDTH, HEIGHT };
	struct drm_event_vblank event;
	double vblank, asked, shown;

	run_on(0);
	vblank = next_vblank(canvas).seconds + 4 * frame_seconds(&canvas->mode);
	set_blockers(timers, vblank);
	lab_canvas_put(canvas, canvas->planes[0], picture, whole);
	run_on(1);
	do
		asked = seconds_now();
	while (asked < vblank + 50 / MICRO);
	igt_assert_eq(lab_canvas_try_commit(canvas, DRM_MODE_PAGE_FLIP_EVENT), 0);

	igt_assert(lab_poll(canvas->drm, POLLIN, LAB_FLIP_MS));
	igt_assert_eq(read(canvas->drm, &event, sizeof(event)), sizeof(event));
	shown = event.tv_sec + event.tv_usec / 1e6;
	/* The event has whole microseconds. */
	igt_assert_f((asked - shown) * MICRO < 2, "shown %.0f us before it was asked for\n",
		     (asked - shown) * MICRO);
}

static void late_vblank(const char *argument)
{
	struct lab_picture picture;
	struct lab_canvas canvas;
	int timers[BLOCKERS];
	cpu_set_t cpus;

	/* The CPU that is busy with interrupts is the only one: nobody can flip meanwhile. */
	if (sysconf(_SC_NPROCESSORS_ONLN) == 1)
		return;

	igt_assert_eq(sched_getaffinity(0, sizeof(cpus), &cpus), 0);
	for (int i = 0; i < BLOCKERS; i++)
		igt_assert_fd(timers[i] = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
	run_on(0);
	start(&canvas, &picture, 60);
	for (int i = 0; i < FRAMES; i++)
		flip_after_vblank(&canvas, &picture, timers);
	end(&canvas, &picture);
	for (int i = 0; i < BLOCKERS; i++)
		lab_close(timers[i]);
	igt_assert_eq(sched_setaffinity(0, sizeof(cpus), &cpus), 0);
}

static uint64_t sequence_now(const struct lab_canvas *canvas)
{
	uint64_t sequence, ns;

	igt_assert_eq(drmCrtcGetSequence(canvas->drm, canvas->crtc, &sequence, &ns), 0);
	return sequence;
}

/* More than one move within a frame */
static void cursor_does_not_wait(const char *argument)
{
	struct lab_picture picture, pointer;
	struct lab_canvas canvas;
	bool same_frame = false;

	start(&canvas, &picture, 24);
	lab_picture_create(&pointer, canvas.drm, DRM_FORMAT_ARGB8888, 64, 64);
	lab_picture_fill(&pointer, 0xff00ff00);
	igt_assert_eq(drmModeSetCursor(canvas.drm, canvas.crtc, pointer.dumb.handle, 64, 64), 0);
	next_vblank(&canvas);
	for (int i = 0; i < TRIES && !same_frame; i++) {
		uint64_t before = sequence_now(&canvas);

		for (int n = 0; n < 4; n++)
			igt_assert_eq(drmModeMoveCursor(canvas.drm, canvas.crtc, i + n, i), 0);
		same_frame = sequence_now(&canvas) == before;
	}
	igt_assert(same_frame);

	/* It is where it was moved to. */
	igt_assert_eq(drmModeMoveCursor(canvas.drm, canvas.crtc, 200, 100), 0);
	lab_canvas_shoot(&canvas);
	igt_assert_eq_u32(*lab_picture_at(&canvas.shot, 200, 100) & 0xffffff, 0x00ff00);
	igt_assert_eq_u32(*lab_picture_at(&canvas.shot, 199, 100) & 0xffffff, 0);
	igt_assert_eq(drmModeSetCursor(canvas.drm, canvas.crtc, 0, 0, 0), 0);
	lab_picture_close(&pointer);
	end(&canvas, &picture);
}

/* The kernel's own announcements, without udev between */
static int open_events(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);

	igt_assert_fd(fd);
	igt_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static bool holds_word(const char *data, size_t size, const char *word)
{
	return memmem(data, size, word, strlen(word) + 1);
}

static void expect_hotplug(int events)
{
	char data[4096];
	ssize_t size;

	do {
		igt_assert(lab_poll(events, POLLIN, LAB_FLIP_MS));
		size = recv(events, data, sizeof(data), 0);
		igt_assert(size > 0);
	} while (!holds_word(data, size, "HOTPLUG=1"));
}

static drmModeConnection probe(const struct lab_canvas *canvas, int *modes)
{
	drmModeConnector *connector = drmModeGetConnector(canvas->drm, canvas->connector);
	drmModeConnection connection;

	igt_assert(connector);
	connection = connector->connection;
	*modes = connector->count_modes;
	drmModeFreeConnector(connector);
	return connection;
}

static void plug_monitor(struct lab_plugged *plugged, struct lab_canvas *canvas)
{
	lab_plug(plugged, "primesim", "ideal");
	lab_canvas_open(canvas, lab_plugged_primary(plugged), 0, WIDTH, HEIGHT);
}

static void unplug_monitor(struct lab_plugged *plugged, struct lab_canvas *canvas)
{
	lab_canvas_close(canvas);
	lab_close(canvas->drm);
	lab_unplug(plugged);
}

static void hotplug(const char *argument)
{
	struct lab_plugged plugged;
	struct lab_canvas canvas;
	int events, modes;

	plug_monitor(&plugged, &canvas);
	events = open_events();
	igt_assert_eq(probe(&canvas, &modes), DRM_MODE_CONNECTED);
	igt_assert_lt(0, modes);

	lab_plug_set(&plugged, "monitor0/connected", "0");
	expect_hotplug(events);
	igt_assert_eq(probe(&canvas, &modes), DRM_MODE_DISCONNECTED);
	igt_assert_eq(modes, 0);

	lab_plug_set(&plugged, "monitor0/connected", "1");
	expect_hotplug(events);
	igt_assert_eq(probe(&canvas, &modes), DRM_MODE_CONNECTED);
	igt_assert_lt(0, modes);
	lab_close(events);
	unplug_monitor(&plugged, &canvas);
}

static drmModePropertyBlobRes *get_edid(const struct lab_canvas *canvas)
{
	int modes;

	probe(canvas, &modes);
	return drmModeGetPropertyBlob(canvas->drm,
				      lab_property(canvas->drm, canvas->connector, "EDID"));
}

static int write_edid(const struct lab_plugged *plugged, const void *data, size_t size)
{
	char path[128];
	FILE *file;
	int ret;

	snprintf(path, sizeof(path), "%s/monitor0/edid", plugged->directory);
	file = fopen(path, "we");
	igt_assert_f(file, "%s: %m\n", path);
	igt_assert_eq(setvbuf(file, NULL, _IOFBF, 4096), 0);
	igt_assert_eq(fwrite(data, 1, size, file), size);
	/* What was written is looked at when the file is closed. */
	ret = fclose(file);
	return ret ? -errno : 0;
}

/* Only the serial number is another one. */
static void another_edid(const char *argument)
{
	drmModePropertyBlobRes *edid;
	struct lab_plugged plugged;
	struct lab_canvas canvas;
	uint8_t data[256];

	plug_monitor(&plugged, &canvas);
	edid = get_edid(&canvas);
	igt_assert(edid && edid->length == sizeof(data));
	memcpy(data, edid->data, sizeof(data));
	drmModeFreePropertyBlob(edid);

	data[12] += 5;
	write_edid(&plugged, data, sizeof(data));	/* a wrong checksum */
	edid = get_edid(&canvas);
	igt_assert(edid && memcmp(edid->data, data, sizeof(data)));
	drmModeFreePropertyBlob(edid);

	data[127] -= 5;
	igt_assert_eq(write_edid(&plugged, data, sizeof(data)), 0);
	edid = get_edid(&canvas);
	igt_assert(edid && edid->length == sizeof(data) && !memcmp(edid->data, data, sizeof(data)));
	drmModeFreePropertyBlob(edid);
	unplug_monitor(&plugged, &canvas);
}

static void bad_link(const char *argument)
{
	struct lab_plugged plugged;
	struct lab_canvas canvas;
	int events;

	lab_plug_prepare(&plugged, "primesim", "bad-link");
	igt_assert_eq(lab_plug_write(&plugged, "monitor0/link_status", "bad"), -ENODEV);
	lab_plug_start(&plugged);
	lab_canvas_open(&canvas, lab_plugged_primary(&plugged), 0, WIDTH, HEIGHT);
	events = open_events();
	igt_assert_eq(lab_plug_write(&plugged, "monitor0/link_status", "good"), -EINVAL);
	igt_assert_eq(lab_plug_write(&plugged, "monitor1/link_status", "bad"), -ENODEV);
	igt_assert_eq_u64(lab_property(canvas.drm, canvas.connector, "link-status"),
			  DRM_MODE_LINK_STATUS_GOOD);

	lab_plug_set(&plugged, "monitor0/link_status", "bad");
	expect_hotplug(events);
	igt_assert_eq_u64(lab_property(canvas.drm, canvas.connector, "link-status"),
			  DRM_MODE_LINK_STATUS_BAD);

	lab_canvas_set(&canvas, canvas.connector, "link-status", DRM_MODE_LINK_STATUS_GOOD);
	igt_assert_eq(lab_canvas_try_commit(&canvas, DRM_MODE_ATOMIC_ALLOW_MODESET), 0);
	igt_assert_eq_u64(lab_property(canvas.drm, canvas.connector, "link-status"),
			  DRM_MODE_LINK_STATUS_GOOD);
	lab_close(events);
	unplug_monitor(&plugged, &canvas);
}

static const struct lab_test tests[] = {
	{ "rates", rates, "Vblanks come at the mode's rate, from 24 to 240 Hz." },
	{ "variable-rate", variable_rate,
	  "With VRR a frame lasts until its picture comes, within the monitor's limits." },
	{ "asynchronous-flips", asynchronous_flips,
	  "Asynchronous flips do not wait for the vblank." },
	{ "late-vblank", late_vblank,
	  "What is flipped late is shown at the next vblank, also if the interrupt is late." },
	{ "cursor-does-not-wait", cursor_does_not_wait,
	  "Moving the cursor does not wait for the vblank." },
	{ "hotplug", hotplug, "Monitors are plugged in and out, and the kernel announces it." },
	{ "edid", another_edid,
	  "A monitor can be given another EDID; what is no EDID is refused." },
	{ "bad-link", bad_link, "A link that fails says so until a mode is set." },
};

igt_main()
{
	lab_run(tests, NULL);
}
