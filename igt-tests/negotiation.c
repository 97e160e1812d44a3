// SPDX-License-Identifier: MIT
/*
 * Where memory is, given who wants to reach it: chosen late, moved when somebody joins who needs
 * it elsewhere, and refused with the reason where that cannot be.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include <xf86drmMode.h>
#include "buffer.h"
#include "camera.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "screen.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("late allocation, moves for devices that join later, and why one is refused");

/* No power of two: so memory that nobody has asked anything about is in several pieces. */
#define WIDTH		640
#define HEIGHT		480
#define SIZE		(WIDTH * HEIGHT * 4)
#define SEED		0x5eed
#define COLOUR		0xff336699
#define ALARM_MS	500

/**
 * struct buffer - a buffer of the default GPU's
 * @drm: the file that owns it.
 * @dumb: the object.
 * @dmabuf: its dma-buf.
 */
struct buffer {
	int drm;
	struct lab_dumb dumb;
	int dmabuf;
};

static void buffer_create_on(struct buffer *buffer, int drm)
{
	buffer->drm = drm;
	lab_dumb_create(&buffer->dumb, drm, WIDTH, HEIGHT);
	igt_assert_eq_u64(buffer->dumb.size, SIZE);
	buffer->dmabuf = lab_export(drm, buffer->dumb.handle, DRM_RDWR);
}

static void buffer_create(struct buffer *buffer)
{
	buffer_create_on(buffer, lab_open_primary("primesim"));
}

static void buffer_close(struct buffer *buffer)
{
	lab_close(buffer->dmabuf);
	lab_close(buffer->drm);
}

/**
 * struct joiner - a GPU with demands that imports a buffer
 * @device: the device.
 * @drm: its render node.
 * @handle: the buffer.
 */
struct joiner {
	struct lab_plugged device;
	int drm;
	uint32_t handle;
};

/* With one property of its GPU's that differs from the profile */
static void join_with(struct joiner *joiner, const char *profile, const char *property,
		      const char *value, int dmabuf)
{
	lab_plug_prepare(&joiner->device, "primesim", profile);
	lab_plug_set(&joiner->device, "gpu/profile", profile);
	lab_plug_set(&joiner->device, property, value);
	lab_plug_start(&joiner->device);
	joiner->drm = lab_plugged_render(&joiner->device);
	joiner->handle = lab_import(joiner->drm, dmabuf);
}

static void join(struct joiner *joiner, const char *profile, int dmabuf)
{
	lab_plug(&joiner->device, "primesim", profile);
	joiner->drm = lab_plugged_render(&joiner->device);
	joiner->handle = lab_import(joiner->drm, dmabuf);
}

static void leave(struct joiner *joiner)
{
	lab_close(joiner->drm);
	lab_unplug(&joiner->device);
}

/* The joiner's GPU reads the buffer; 0 or the negative error number */
static int use(const struct joiner *joiner)
{
	uint32_t copy = lab_bo_create(joiner->drm, SIZE, 0);
	struct drm_primesim_op op = lab_op_copy(joiner->handle, copy, SIZE);
	int ret = lab_submit(joiner->drm, &op, NULL, NULL);

	lab_close_handle(joiner->drm, copy);
	return ret;
}

static void assert_refused(const struct joiner *joiner, int err, const char *words)
{
	uint64_t since = lab_now();

	igt_assert_eq(use(joiner), err);
	lab_assert_refused(since, err, words);
	lab_assert_refused(since, err, lab_plugged_name(&joiner->device, "gpu"));
}

/* Late allocation */

static void none_until_mapped(const char *argument)
{
	int other = lab_open_render("primesim");
	struct lab_simbuf state;
	struct buffer buffer;

	buffer_create(&buffer);
	lab_assert_placement(buffer.dmabuf, "none");
	lab_import(other, buffer.dmabuf);
	lab_assert_placement(buffer.dmabuf, "none");
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, COLOUR);
	lab_assert_placement(buffer.dmabuf, "scattered");
	lab_simbuf_state(buffer.dmabuf, &state);
	igt_assert_lt(1, state.chunks);
	igt_assert_eq_u32(state.pins, 0);
	lab_close(other);
	buffer_close(&buffer);
}

static void none_until_touched(const char *argument)
{
	volatile uint32_t *pixels;
	struct buffer buffer;

	buffer_create(&buffer);
	pixels = lab_map(buffer.dmabuf, SIZE, PROT_READ | PROT_WRITE, 0);
	lab_assert_placement(buffer.dmabuf, "none");
	igt_assert_eq_u32(pixels[0], 0);
	lab_assert_placement(buffer.dmabuf, "scattered");
	lab_unmap((void *)pixels, SIZE);
	buffer_close(&buffer);
}

/* Whoever maps first, everybody who is attached counts. */
static void tightest(const char *argument)
{
	struct joiner contig, low;
	struct buffer buffer;

	buffer_create(&buffer);
	join(&contig, "contig32", buffer.dmabuf);
	join(&low, "low1g", buffer.dmabuf);
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, COLOUR);
	igt_assert_eq_u32(lab_gpu_sees(contig.drm, contig.handle, SIZE), COLOUR);
	igt_assert_eq_u32(lab_gpu_sees(low.drm, low.handle, SIZE), COLOUR);
	lab_assert_moves(buffer.dmabuf, 0);
	leave(&low);
	leave(&contig);
	buffer_close(&buffer);
}

/* What the camera allocates is placed for the GPU that joined before it was queued. */
static void tightest_of_camera(const char *argument)
{
	struct lab_camera camera;
	struct joiner joiner;
	int dmabuf;

	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_MMAP, 2);
	dmabuf = lab_camera_export(&camera, 0, O_RDWR);
	lab_assert_placement(dmabuf, "none");
	join(&joiner, "contig32", dmabuf);
	igt_assert_eq(lab_camera_queue_own(&camera, 0), 0);
	igt_assert_eq(use(&joiner), 0);
	lab_assert_moves(dmabuf, 0);
	leave(&joiner);
	lab_close(dmabuf);
	lab_camera_close(&camera);
}

/* Moves */

static void move_keeps_content(const char *argument)
{
	struct lab_simbuf before, after;
	struct joiner joiner;
	struct buffer buffer;

	buffer_create(&buffer);
	lab_write_pattern(buffer.dmabuf, SIZE, SEED);
	lab_simbuf_state(buffer.dmabuf, &before);
	igt_assert_lt(1, before.chunks);
	join(&joiner, "contig32", buffer.dmabuf);
	lab_assert_moves(buffer.dmabuf, 0);
	igt_assert_eq(use(&joiner), 0);
	lab_simbuf_state(buffer.dmabuf, &after);
	igt_assert_eq_u32(after.chunks, 1);
	igt_assert_eq_u32(after.moves, 1);
	igt_assert_eq_u64(after.cpu_copied - before.cpu_copied, SIZE);
	lab_check_pattern(buffer.dmabuf, SIZE, SEED);
	leave(&joiner);
	buffer_close(&buffer);
}

/*
 * The largest alignment there is, more than the last of several pieces has that were taken
 * as they came. That all of them start where the device wants them is checked by its mapping.
 */
#define ALIGNMENT	"4194304"

static void move_aligns(const char *argument)
{
	struct lab_simbuf state;
	struct joiner joiner;
	struct buffer buffer;

	buffer_create(&buffer);
	lab_write_pattern(buffer.dmabuf, SIZE, SEED);
	join_with(&joiner, "no-iommu", "gpu/alignment", ALIGNMENT, buffer.dmabuf);
	igt_assert_eq(use(&joiner), 0);
	lab_simbuf_state(buffer.dmabuf, &state);
	igt_assert_eq_u32(state.moves, 1);
	igt_assert_eq_u32(state.chunks, 1);
	lab_check_pattern(buffer.dmabuf, SIZE, SEED);
	leave(&joiner);
	buffer_close(&buffer);
}

/* One piece of less than 4 GiB, at an address that is a multiple: of all that is asked */
static void aligned_from_the_start(const char *argument)
{
	struct joiner aligned, contig;
	struct buffer buffer;

	buffer_create(&buffer);
	join_with(&aligned, "no-iommu", "gpu/alignment", ALIGNMENT, buffer.dmabuf);
	join(&contig, "contig32", buffer.dmabuf);
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, COLOUR);
	igt_assert_eq_u32(lab_gpu_sees(aligned.drm, aligned.handle, SIZE), COLOUR);
	igt_assert_eq_u32(lab_gpu_sees(contig.drm, contig.handle, SIZE), COLOUR);
	lab_assert_moves(buffer.dmabuf, 0);
	leave(&contig);
	leave(&aligned);
	buffer_close(&buffer);
}

/* Pointers from before the move reach the memory after it. */
static void move_keeps_pointers(const char *argument)
{
	volatile uint32_t *pixels;
	struct joiner joiner;
	struct buffer buffer;

	buffer_create(&buffer);
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, COLOUR);
	pixels = lab_map(buffer.dmabuf, SIZE, PROT_READ | PROT_WRITE, 0);
	igt_assert_eq_u32(pixels[0], COLOUR);
	join(&joiner, "contig32", buffer.dmabuf);
	igt_assert_eq_u32(lab_gpu_sees(joiner.drm, joiner.handle, SIZE), COLOUR);
	lab_assert_moves(buffer.dmabuf, 1);
	igt_assert_eq_u32(pixels[0], COLOUR);
	igt_assert_eq_u32(pixels[SIZE / 4 - 1], COLOUR);
	lab_gpu_fill(joiner.drm, joiner.handle, SIZE, SEED);
	igt_assert_eq_u32(pixels[SIZE / 8], SEED);
	pixels[0] = COLOUR;
	igt_assert_eq_u64(lab_gpu_counts(joiner.drm, joiner.handle, SIZE, COLOUR), 1);
	igt_assert_eq_u64(lab_gpu_counts(buffer.drm, buffer.dumb.handle, SIZE, COLOUR), 1);
	lab_unmap((void *)pixels, SIZE);
	leave(&joiner);
	buffer_close(&buffer);
}

/* Two devices take turns; who was there first stays content with the new place. */
static void no_ping_pong(const char *argument)
{
	struct joiner contig, plain;
	struct buffer buffer;

	buffer_create(&buffer);
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, 0);
	for (uint32_t round = 1; round <= 5; round++) {
		join(&contig, "contig32", buffer.dmabuf);
		join(&plain, "no-iommu", buffer.dmabuf);
		lab_gpu_fill(contig.drm, contig.handle, SIZE, round);
		igt_assert_eq_u32(lab_gpu_sees(plain.drm, plain.handle, SIZE), round);
		igt_assert_eq_u32(lab_gpu_sees(buffer.drm, buffer.dumb.handle, SIZE), round);
		lab_assert_moves(buffer.dmabuf, 1);
		leave(&plain);
		leave(&contig);
	}
	buffer_close(&buffer);
}

/* Pinned: refused, and the refusal says by whom */

static void pinned_by_camera(const char *argument)
{
	struct drm_primesim_bo_info info;
	struct lab_camera camera;
	struct joiner joiner;
	struct buffer buffer;
	char words[96];

	buffer_create(&buffer);
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, COLOUR);
	lab_bo_info(buffer.drm, buffer.dumb.handle, &info);
	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, buffer.dmabuf), 0);
	join(&joiner, "contig32", buffer.dmabuf);
	snprintf(words, sizeof(words),
		 "takes 1 segments, memory has %u and is pinned by camsim-000\n",
		 info.info.page_runs);
	assert_refused(&joiner, -EBUSY, words);
	lab_assert_moves(buffer.dmabuf, 0);
	lab_camera_close(&camera);
	igt_assert_eq(use(&joiner), 0);
	lab_assert_moves(buffer.dmabuf, 1);
	leave(&joiner);
	buffer_close(&buffer);
}

/* A GPU uses the buffer too: it is not who holds it where it is. */
static void pinned_not_by_gpu(const char *argument)
{
	struct lab_camera camera;
	struct joiner joiner;
	struct buffer buffer;

	buffer_create(&buffer);
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, COLOUR);
	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, buffer.dmabuf), 0);
	join(&joiner, "contig32", buffer.dmabuf);
	assert_refused(&joiner, -EBUSY, "pinned by camsim-000");
	lab_camera_close(&camera);
	leave(&joiner);
	buffer_close(&buffer);
}

static void pinned_by_display(const char *argument)
{
	struct lab_screen screen;
	struct joiner joiner;
	struct buffer buffer;
	uint32_t framebuffer;

	buffer_create(&buffer);
	lab_screen_open(&screen, buffer.drm, WIDTH, HEIGHT);
	framebuffer = lab_screen_framebuffer(&screen, buffer.dumb.handle, buffer.dumb.pitch);
	lab_screen_show(&screen, framebuffer);
	join(&joiner, "contig32", buffer.dmabuf);
	assert_refused(&joiner, -EBUSY, "pinned by primesim-display0");
	lab_screen_close(&screen);
	igt_assert_eq(drmModeRmFB(buffer.drm, framebuffer), 0);
	igt_assert_eq(use(&joiner), 0);
	lab_assert_moves(buffer.dmabuf, 1);
	leave(&joiner);
	buffer_close(&buffer);
}

/* vivid reaches buffers by the kernel's CPU mapping. */
static void pinned_by_cpu(const char *argument)
{
	struct lab_camera vivid;
	struct joiner joiner;
	struct buffer buffer;

	igt_require_f(!system("modprobe vivid n_devs=1 node_types=1"), "no vivid\n");
	buffer_create(&buffer);
	lab_camera_setup(&vivid, lab_open_video("vivid"), V4L2_PIX_FMT_XBGR32, 320, 180);
	lab_camera_request(&vivid, V4L2_MEMORY_DMABUF, 2);
	igt_assert_eq(lab_camera_queue(&vivid, 0, buffer.dmabuf), 0);
	join(&joiner, "contig32", buffer.dmabuf);
	assert_refused(&joiner, -EBUSY, "and is pinned by the kernel's CPU mapping");
	lab_camera_close(&vivid);
	igt_assert_eq(use(&joiner), 0);
	lab_assert_moves(buffer.dmabuf, 1);
	leave(&joiner);
	buffer_close(&buffer);
	igt_assert_eq(system("rmmod vivid"), 0);
}

static void pinned_misaligned(const char *argument)
{
	struct lab_camera camera;
	struct joiner joiner;
	struct buffer buffer;

	buffer_create(&buffer);
	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, buffer.dmabuf), 0);
	join_with(&joiner, "no-iommu", "gpu/alignment", ALIGNMENT, buffer.dmabuf);
	assert_refused(&joiner, -EBUSY,
		       "takes addresses that are multiples of 0x400000, memory is at 0x");
	assert_refused(&joiner, -EBUSY, "and pinned by camsim-000");
	lab_camera_close(&camera);
	igt_assert_eq(use(&joiner), 0);
	lab_assert_moves(buffer.dmabuf, 1);
	leave(&joiner);
	buffer_close(&buffer);
}

#define LOW_BITS	"24"
#define HIGH_SIZE	((1 << 24) + SIZE)

/* Memory that somebody has pinned is beyond the reach of a device of few address bits: all. */
static void pinned_too_high(const char *argument)
{
	int drm = lab_open_render("primesim"), dmabuf;
	struct lab_camera camera;
	struct joiner joiner;
	uint64_t since;

	dmabuf = lab_export(drm, lab_bo_create(drm, HIGH_SIZE, 0), DRM_RDWR);
	lab_camera_open(&camera, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	lab_camera_request(&camera, V4L2_MEMORY_DMABUF, 1);
	igt_assert_eq(lab_camera_queue(&camera, 0, dmabuf), 0);

	join_with(&joiner, "low1g", "gpu/dma_bits", LOW_BITS, dmabuf);
	since = lab_now();
	igt_assert_eq(lab_try_gpu_fill(joiner.drm, joiner.handle, SIZE, COLOUR), -EBUSY);
	lab_assert_refused(since, -EBUSY, "reaches addresses up to 0xffffff, memory is at 0x");
	lab_assert_refused(since, -EBUSY, "and pinned by camsim-000");
	lab_camera_close(&camera);
	leave(&joiner);
	lab_close(dmabuf);
	lab_close(drm);
}

/* A device that wants a page at a time, and no more than two */
static void unavailable(const char *argument)
{
	struct joiner joiner;
	struct buffer buffer;

	buffer_create(&buffer);
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, COLOUR);
	join_with(&joiner, "tiny-segments", "gpu/max_segments", "2", buffer.dmabuf);
	igt_assert_eq(lab_try_gpu_fill(joiner.drm, joiner.handle, SIZE, 1), -ENOSPC);
	assert_refused(&joiner, -ENOSPC,
		       ": addresses up to 0xffffffffffffffff, at most 2 segments of 0x4000 bytes, at multiples of 0x1000\n");
	/* Who was there is not disturbed. */
	lab_assert_moves(buffer.dmabuf, 0);
	igt_assert_eq_u32(lab_gpu_sees(buffer.drm, buffer.dumb.handle, SIZE), COLOUR);
	leave(&joiner);
	buffer_close(&buffer);
}

/* A fence that does not signal keeps the buffer where it is. */
static void in_use(const char *argument)
{
	struct lab_fence fence;
	struct joiner joiner;
	struct buffer buffer;
	int sync_file;

	buffer_create(&buffer);
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, COLOUR);
	lab_fence_open(&fence, 64, 64);
	sync_file = lab_fence_sync_file(&fence);
	lab_import_sync_file(buffer.dmabuf, DMA_BUF_SYNC_WRITE, sync_file);
	join(&joiner, "contig32", buffer.dmabuf);
	assert_refused(&joiner, -EBUSY, "it must move, and is in use since 5 s");
	lab_fence_signal(&fence);
	igt_assert_eq(use(&joiner), 0);
	lab_assert_moves(buffer.dmabuf, 1);
	leave(&joiner);
	lab_close(sync_file);
	lab_fence_close(&fence);
	buffer_close(&buffer);
}

/* The wait for that fence ends with a signal, and nothing has happened. */
static void in_use_interrupted(const char *argument)
{
	struct drm_primesim_op op;
	struct lab_fence fence;
	struct joiner joiner;
	struct buffer buffer;
	int sync_file;

	buffer_create(&buffer);
	lab_gpu_fill(buffer.drm, buffer.dumb.handle, SIZE, COLOUR);
	lab_fence_open(&fence, 64, 64);
	sync_file = lab_fence_sync_file(&fence);
	lab_import_sync_file(buffer.dmabuf, DMA_BUF_SYNC_WRITE, sync_file);
	join(&joiner, "contig32", buffer.dmabuf);
	op = lab_op_copy(joiner.handle, joiner.handle, SIZE / 4);
	op.dst_offset = SIZE / 2;
	lab_alarm_every(ALARM_MS);
	igt_assert_eq(lab_submit_once(joiner.drm, &op), -EINTR);
	lab_alarm_every(0);
	lab_assert_moves(buffer.dmabuf, 0);
	lab_fence_signal(&fence);
	lab_execute(joiner.drm, &op);
	lab_assert_moves(buffer.dmabuf, 1);
	lab_check_filled(buffer.dmabuf, SIZE, COLOUR);
	leave(&joiner);
	lab_close(sync_file);
	lab_fence_close(&fence);
	buffer_close(&buffer);
}

static const struct lab_test tests[] = {
	{ "none-until-mapped", none_until_mapped, "No memory before a device uses the buffer." },
	{ "none-until-touched", none_until_touched,
	  "No memory before the CPU touches the buffer." },
	{ "aligned-from-the-start", aligned_from_the_start,
	  "Memory is aligned for a device that asks for it, in one piece for another." },
	{ "tightest", tightest, "Memory is right for all devices that are attached." },
	{ "tightest-of-camera", tightest_of_camera,
	  "What a camera allocates is right for all devices that are attached." },
	{ "move-keeps-content", move_keeps_content,
	  "For a device that joins later the buffer moves, with its content." },
	{ "move-aligns", move_aligns,
	  "For a device that joins later the buffer moves to where its pieces are aligned." },
	{ "move-keeps-pointers", move_keeps_pointers,
	  "CPU mappings reach the buffer wherever it has moved." },
	{ "no-ping-pong", no_ping_pong, "Memory that is right for all does not move again." },
	{ "pinned-by-camera", pinned_by_camera,
	  "A queued buffer does not move: refused, and why." },
	{ "pinned-not-by-gpu", pinned_not_by_gpu,
	  "Who is named has pinned the buffer, not just mapped it." },
	{ "pinned-by-display", pinned_by_display,
	  "A buffer that is shown does not move: refused, and why." },
	{ "pinned-by-cpu", pinned_by_cpu,
	  "A buffer that the kernel's CPU has mapped does not move: refused, and why." },
	{ "pinned-misaligned", pinned_misaligned,
	  "The refusal tells the alignment a device asks, and where the memory is." },
	{ "pinned-too-high", pinned_too_high,
	  "The refusal tells the address a device reaches, and where the memory is." },
	{ "unavailable", unavailable, "No memory can be what a device asks: refused, and why." },
	{ "in-use-interrupted", in_use_interrupted,
	  "A signal ends the wait for that work; then the buffer can move as before." },
	{ "in-use", in_use,
	  "A buffer with work that does not end does not move: refused, and why." },
};

igt_main()
{
	lab_run(tests, NULL);
}
