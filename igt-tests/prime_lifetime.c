// SPDX-License-Identifier: MIT
/*
 * How long memory lives: as long as a handle, a dma-buf or a mapping, and no longer.
 */
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <pthread.h>
#include <sys/mman.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "lab.h"
#include "leaks.h"

IGT_TEST_DESCRIPTION("memory is kept and freed with handles, dma-bufs and mappings, in any order");

#define WIDTH		256
#define HEIGHT		64
#define SEED		0xcafe
#define RACE_ROUNDS	2000

/* Who can hold a buffer; used as bits */
enum holder {
	EXPORTER = 1 << 0,	/* handle of the file that allocated */
	IMPORTER = 1 << 1,	/* handle of a second file */
	DMABUF = 1 << 2,	/* file descriptor */
};

#define ALL_HOLDERS	(EXPORTER | IMPORTER | DMABUF)

/**
 * struct held - one buffer, up to three holders
 * @holders: those that still hold it, enum holder.
 * @exporter: file that allocated.
 * @importer: file that imported.
 * @dumb: the object on @exporter.
 * @imported: handle on @importer.
 * @dmabuf: file descriptor.
 */
struct held {
	unsigned int holders;
	int exporter;
	int importer;
	struct lab_dumb dumb;
	uint32_t imported;
	int dmabuf;
};

static void hold(struct held *held, const char *driver)
{
	held->holders = ALL_HOLDERS;
	held->exporter = lab_open_primary(driver);
	held->importer = lab_open_primary(driver);
	lab_dumb_create(&held->dumb, held->exporter, WIDTH, HEIGHT);
	held->dmabuf = lab_export(held->exporter, held->dumb.handle, DRM_RDWR);
	held->imported = lab_import(held->importer, held->dmabuf);
	lab_write_pattern(held->dmabuf, held->dumb.size, SEED);
}

/* Through whoever is left: a dma-buf, or a handle of which a dma-buf is made for this. */
static void check_content(const struct held *held)
{
	int dmabuf = held->dmabuf;

	if (held->holders & EXPORTER)
		dmabuf = lab_export(held->exporter, held->dumb.handle, DRM_RDWR);
	else if (held->holders & IMPORTER)
		dmabuf = lab_export(held->importer, held->imported, DRM_RDWR);
	lab_check_pattern(dmabuf, held->dumb.size, SEED);
	if (held->holders & (EXPORTER | IMPORTER))
		lab_close(dmabuf);
}

static void let_go(struct held *held, enum holder holder)
{
	if (holder == EXPORTER)
		lab_dumb_close(&held->dumb);
	else if (holder == IMPORTER)
		lab_close_handle(held->importer, held->imported);
	else
		lab_close(held->dmabuf);
	held->holders &= ~holder;
	if (held->holders)
		check_content(held);
}

static void close_in_order(const char *driver, const enum holder order[3])
{
	int before = lab_count_simbufs();
	struct held held;

	igt_debug("order: %d %d %d\n", order[0], order[1], order[2]);
	hold(&held, driver);
	for (int i = 0; i < 3; i++)
		let_go(&held, order[i]);
	/* Freed with the last holder, though both files are still open. */
	igt_assert(lab_wait_simbufs(before));
	lab_close(held.importer);
	lab_close(held.exporter);
}

static void every_order(const char *driver)
{
	static const enum holder orders[][3] = {
		{ EXPORTER, IMPORTER, DMABUF }, { EXPORTER, DMABUF, IMPORTER },
		{ IMPORTER, EXPORTER, DMABUF }, { IMPORTER, DMABUF, EXPORTER },
		{ DMABUF, EXPORTER, IMPORTER }, { DMABUF, IMPORTER, EXPORTER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(orders); i++)
		close_in_order(driver, orders[i]);
}

static void files_first(const char *driver)
{
	struct held held;

	hold(&held, driver);
	lab_close(held.exporter);
	lab_check_pattern(held.dmabuf, held.dumb.size, SEED);
	lab_close(held.importer);
	lab_check_pattern(held.dmabuf, held.dumb.size, SEED);
	lab_close(held.dmabuf);
}

static void importer_outlives_exporter(const char *driver)
{
	struct held held;
	int dmabuf;

	hold(&held, driver);
	lab_close(held.dmabuf);
	lab_close(held.exporter);
	dmabuf = lab_export(held.importer, held.imported, DRM_RDWR);
	lab_check_pattern(dmabuf, held.dumb.size, SEED);
	lab_close(dmabuf);
	lab_close(held.importer);
}

static void mapping_outlives_all(const char *driver)
{
	struct held held;
	uint32_t *pixels;

	hold(&held, driver);
	pixels = lab_map(held.dmabuf, held.dumb.size, PROT_READ | PROT_WRITE, 0);
	lab_close(held.dmabuf);
	lab_close(held.importer);
	lab_close(held.exporter);
	pixels[held.dumb.size / 4 - 1] = SEED;
	igt_assert_eq_u32(pixels[0], SEED);
	igt_assert_eq_u32(pixels[held.dumb.size / 4 - 1], SEED);
	lab_unmap(pixels, held.dumb.size);
}

/* The dma-buf is all that a process gets of another's buffer. */
static void other_process(const char *driver)
{
	struct held held;

	hold(&held, driver);
	igt_fork(child, 1) {
		int own = lab_open_primary(driver);
		uint32_t handle = lab_import(own, held.dmabuf);
		int dmabuf = lab_export(own, handle, DRM_RDWR);

		lab_check_pattern(dmabuf, held.dumb.size, SEED);
		lab_write_pattern(dmabuf, held.dumb.size, ~SEED);
		/* Ends without closing anything. */
	}
	igt_waitchildren();
	lab_check_pattern(held.dmabuf, held.dumb.size, ~SEED);
	lab_close(held.dmabuf);
	lab_close(held.importer);
	lab_close(held.exporter);
}

static void new_memory_is_zero(const char *driver)
{
	int drm = lab_open_primary(driver);

	for (int round = 0; round < 3; round++) {
		struct lab_dumb dumb;
		uint32_t *pixels;
		int dmabuf;

		lab_dumb_create(&dumb, drm, WIDTH, HEIGHT);
		dmabuf = lab_export(drm, dumb.handle, DRM_RDWR);
		pixels = lab_map(dmabuf, dumb.size, PROT_READ | PROT_WRITE, 0);
		for (uint64_t i = 0; i < dumb.size / 4; i++)
			igt_assert_eq_u32(pixels[i], 0);
		memset(pixels, 0xff, dumb.size);
		lab_unmap(pixels, dumb.size);
		lab_close(dmabuf);
		lab_dumb_close(&dumb);
	}
	lab_close(drm);
}

static void many(const char *driver)
{
	int exporter = lab_open_primary(driver);
	int importer = lab_open_primary(driver);

	for (int i = 0; i < 200; i++) {
		struct lab_dumb dumb;
		int dmabuf;

		lab_dumb_create(&dumb, exporter, WIDTH, HEIGHT);
		dmabuf = lab_export(exporter, dumb.handle, DRM_RDWR);
		lab_import(importer, dmabuf);
		lab_close(dmabuf);
		lab_dumb_close(&dumb);
	}
	/* The importer's 200 handles go with its file. */
	lab_close(importer);
	lab_close(exporter);
}

/**
 * struct racer - a thread that imports and closes, over and over
 * @drm: a file both threads share.
 * @dmabuf: what they import.
 * @failure: error number of an import that failed, else 0.
 */
struct racer {
	int drm;
	int dmabuf;
	int failure;
};

/* The other thread may close our handle first: EINVAL is fair, a failed import is not. */
static void *race(void *data)
{
	struct racer *racer = data;

	for (int i = 0; i < RACE_ROUNDS && !racer->failure; i++) {
		uint32_t handle;
		int ret = lab_try_import(racer->drm, racer->dmabuf, &handle);

		if (ret)
			racer->failure = ret;
		else
			drmCloseBufferHandle(racer->drm, handle);
	}
	return NULL;
}

static void import_close_race(const char *driver)
{
	struct held held;
	struct racer racers[2];
	pthread_t thread;

	hold(&held, driver);
	lab_close_handle(held.importer, held.imported);
	for (int i = 0; i < 2; i++)
		racers[i] = (struct racer){ .drm = held.importer, .dmabuf = held.dmabuf };
	igt_assert_eq(pthread_create(&thread, NULL, race, &racers[0]), 0);
	race(&racers[1]);
	pthread_join(thread, NULL);
	igt_assert_eq(racers[0].failure, 0);
	igt_assert_eq(racers[1].failure, 0);
	lab_check_pattern(held.dmabuf, held.dumb.size, SEED);
	lab_close(held.dmabuf);
	lab_close(held.importer);
	lab_close(held.exporter);
}

static const struct lab_test tests[] = {
	{ "every-order", every_order,
	  "Content stays until the last of two handles and a dma-buf is closed, in any order." },
	{ "files-first", files_first,
	  "A dma-buf keeps the content when the files that exported and imported it are closed." },
	{ "importer-outlives-exporter", importer_outlives_exporter,
	  "An importer keeps the content when the exporter's file and the dma-buf are closed." },
	{ "mapping-outlives-all", mapping_outlives_all,
	  "A mapping keeps the content when everything else is closed." },
	{ "other-process", other_process,
	  "A process that imports, writes and ends leaves its content, and nothing else." },
	{ "new-memory-is-zero", new_memory_is_zero,
	  "Memory that was used before comes zeroed." },
	{ "many", many,
	  "Hundreds of objects, exported, imported and closed, leave nothing." },
	{ "import-close-race", import_close_race,
	  "Two threads import and close a dma-buf on one file; nothing is lost." },
};

igt_main()
{
	lab_run(tests, "primesim");
	lab_run(tests, "virtio_gpu");
	lab_run(tests, "vgem");
}
