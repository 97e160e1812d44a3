// SPDX-License-Identifier: MIT
/*
 * What a flip of a display costs the machine, from one to the next: when nobody looks at the
 * picture, when its checksums are read, and when a picture of each is taken by writeback. The least
 * of the latter two is to copy the picture.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/display.h"
#include "../lib/error.h"
#include "../lib/stats.h"
#include "busy.h"
#include "groups.h"
#include "writeback.h"

#define WIDTH		1920
#define HEIGHT		1080
#define FRAME		((size_t)WIDTH * HEIGHT * 4)
#define ROUNDS		5
#define FLIP_MS		10000
/* How much slower than at 60 Hz frames come where vkms must draw each before the next one. */
#define SLOWER		20

enum reader { READER_NONE, READER_CRC, READER_WRITEBACK, READERS };

static const char *const reader_names[] = {
	[READER_NONE] = "no reader", [READER_CRC] = "CRC", [READER_WRITEBACK] = "writeback",
};

/* Of which the mean is taken. Those that nobody reads are next to nothing. */
static const unsigned int flip_counts[] = {
	[READER_NONE] = 40, [READER_CRC] = 4, [READER_WRITEBACK] = 4,
};

/* @crc: where checksums are read, or -1. */
struct screen {
	struct pp_display display;
	struct pp_framebuffer fbs[2];
	struct writeback writeback;
	unsigned int shown;
	enum reader reader;
	int crc;
	struct pp_error *error;
};

static int wait_for_flip(struct pp_display *display)
{
	struct pollfd ready = { .fd = display->device.fd, .events = POLLIN };
	struct pp_flip flip;
	int ret;

	do {
		if (poll(&ready, 1, FLIP_MS) <= 0)
			return pp_fail(display->device.error, ETIMEDOUT, "%s does not flip",
				       display->device.path);
		ret = pp_display_read_flip(display, &flip);
	} while (!ret);
	return ret < 0 ? ret : 0;
}

static int flip(struct screen *screen)
{
	struct pp_framebuffer *fb = &screen->fbs[screen->shown ^= 1];
	int ret;

	if (screen->reader == READER_WRITEBACK)
		return writeback_flip(&screen->writeback, &screen->display, fb->fb_id);
	ret = pp_display_flip(&screen->display, fb, -1);
	return ret ? ret : wait_for_flip(&screen->display);
}

static int open_crc(struct screen *screen, const char *file, int flags)
{
	const char *number = strpbrk(screen->display.device.path, "0123456789");
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/%s/crtc-0/crc/%s", number, file);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return pp_fail(screen->error, errno, "%s: %s", path, strerror(errno));
	return fd;
}

static int start_crc(struct screen *screen)
{
	static const char source[] = "auto";
	int control = open_crc(screen, "control", O_WRONLY);

	if (control < 0)
		return control;
	if (write(control, source, strlen(source)) < 0) {
		close(control);
		return pp_fail(screen->error, errno, "%s has no checksums: %s",
			       screen->display.device.path, strerror(errno));
	}
	close(control);
	screen->crc = open_crc(screen, "data", O_RDONLY | O_NONBLOCK);
	return screen->crc < 0 ? screen->crc : 0;
}

static int start_reader(struct screen *screen)
{
	switch (screen->reader) {
	case READER_CRC:
		return start_crc(screen);
	case READER_WRITEBACK:
		return writeback_start(&screen->writeback, &screen->display);
	default:
		return 0;
	}
}

static void stop_reader(struct screen *screen)
{
	if (screen->reader == READER_CRC) {
		close(screen->crc);
		screen->crc = -1;
	} else if (screen->reader == READER_WRITEBACK) {
		writeback_stop(&screen->writeback, &screen->display);
	}
}

static void forget_checksums(struct screen *screen)
{
	char lines[4096];

	while (screen->crc >= 0 && read(screen->crc, lines, sizeof(lines)) > 0)
		;
}

static int flips(struct screen *screen, unsigned int count)
{
	int ret = 0;

	while (count-- && !ret) {
		ret = flip(screen);
		forget_checksums(screen);
	}
	return ret;
}

/*
 * The first flips only get it going. When all work for the display before is done, and its
 * vblanks, which the kernel leaves on for 5 seconds, are off.
 */
static int measure_flips(void *context, uint64_t *values)
{
	struct screen *screen = context;
	unsigned int count = flip_counts[screen->reader];
	uint64_t before = 0, after = 0;
	int ret;

	sleep(6);
	ret = start_reader(screen);
	if (ret)
		return ret;
	ret = flips(screen, 2);
	if (!ret)
		ret = busy_ns(&before, screen->error);
	if (!ret)
		ret = flips(screen, count);
	if (!ret)
		ret = busy_ns(&after, screen->error);
	values[0] = (after - before) / count;
	stop_reader(screen);
	return ret;
}

/* The mode that was chosen, with the pixels coming slower. */
static int slow_down(struct screen *screen)
{
	struct pp_display *display = &screen->display;
	uint32_t blob;

	display->mode.clock /= SLOWER;
	display->mode.vrefresh /= SLOWER;
	if (drmModeCreatePropertyBlob(display->device.fd, &display->mode, sizeof(display->mode),
				      &blob))
		return pp_fail(display->device.error, errno, "%s: a mode: %s", display->device.path,
			       strerror(errno));
	drmModeDestroyPropertyBlob(display->device.fd, display->mode_blob);
	display->mode_blob = blob;
	return pp_display_enable(display, &screen->fbs[screen->shown]);
}

static int open_screen(struct screen *screen, const char *driver, struct pp_error *error)
{
	struct pp_display *display = &screen->display;
	int ret = pp_display_open(display, NULL, driver, error);

	screen->error = error;
	screen->crc = -1;
	if (!ret)
		ret = pp_display_choose_mode(display, WIDTH, HEIGHT);
	for (unsigned int i = 0; i < 2 && !ret; i++)
		ret = pp_framebuffer_create(display, &screen->fbs[i]);
	if (!ret)
		ret = pp_display_enable(display, &screen->fbs[0]);
	if (!ret)
		ret = writeback_open(&screen->writeback, display);
	return ret;
}

static void close_screen(struct screen *screen)
{
	writeback_close(&screen->writeback, &screen->display);
	pp_display_restore(&screen->display);
	for (unsigned int i = 0; i < 2; i++)
		pp_framebuffer_destroy(&screen->display, &screen->fbs[i]);
	pp_display_close(&screen->display);
}

/* Two of a frame's size. */
static int measure_copy(void *context, uint64_t *values)
{
	uint8_t *frames = context;
	uint64_t start = pp_now_ns();

	memcpy(frames + FRAME, frames, FRAME);
	__asm__ volatile("" : : "r"(frames) : "memory");
	values[0] = pp_now_ns() - start;
	return 0;
}

static int run_row(const struct bench *bench, enum reader reader, struct screen *ours,
		   struct screen *peer, uint8_t *frames)
{
	struct bench_row row = { .unit = "ns", .rounds = ROUNDS };

	ours->reader = reader;
	peer->reader = reader;
	bench_row_name(&row, "flip, 1080p, %s", reader_names[reader]);
	bench_row_add(&row, "primesim", BENCH_OURS, measure_flips, ours);
	bench_row_add(&row, "vkms", BENCH_PEER, measure_flips, peer);
	if (reader != READER_NONE)
		bench_row_add(&row, "memcpy", BENCH_LIMIT, measure_copy, frames);
	return bench_row_run(bench, &row);
}

/* vkms draws for readers only. */
static int run_rows(const struct bench *bench, struct screen *ours, struct screen *peer,
		    uint8_t *frames)
{
	int ret = run_row(bench, READER_NONE, ours, peer, frames);

	if (!ret)
		ret = slow_down(peer);
	for (enum reader reader = READER_CRC; reader < READERS && !ret; reader++)
		ret = run_row(bench, reader, ours, peer, frames);
	return ret;
}

int bench_display(const struct bench *bench)
{
	struct screen ours = { 0 }, peer = { 0 };
	uint8_t *frames = calloc(2, FRAME);
	int ret;

	if (!frames)
		return pp_fail(bench->error, ENOMEM, "no memory for two frames");
	ret = open_screen(&ours, "primesim", bench->error);
	if (!ret)
		ret = open_screen(&peer, "vkms", bench->error);
	if (!ret)
		ret = run_rows(bench, &ours, &peer, frames);
	if (!ret) {
		close_screen(&peer);
		close_screen(&ours);
	}
	free(frames);
	return ret;
}
