// SPDX-License-Identifier: MIT
/*
 * Devices with the limits of real ones: each profile does what it says, to memory of ours and of
 * others.
 */
#include <drm/primesim_drm.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xf86drm.h>
#include "buffer.h"
#include "device.h"
#include "fence.h"
#include "gpu.h"
#include "lab.h"
#include "plug.h"
#include "simbuf.h"

IGT_TEST_DESCRIPTION("device models: profiles, properties, and what they do to buffers");

/* No power of two: so memory that nobody has asked anything about is in several pieces. */
#define WIDTH		1024
#define HEIGHT		100
#define FIRST		0x11111111
#define SECOND		0x22222222
#define THIRD		0x33333333

static const char *const profiles[] = {
	"ideal", "no-iommu", "contig32", "low1g", "low1g-bounce", "noncoherent", "tiny-segments",
};

static void check_model(const struct lab_plugged *device, const char *part, const char *profile)
{
	const char *name = lab_plugged_name(device, part);
	char wanted[256], model[256];

	igt_assert_f(lab_profile_model(profile, wanted, sizeof(wanted)), "no profile %s\n",
		     profile);
	igt_assert_f(lab_simdev_model(name, model, sizeof(model)), "no device %s\n", name);
	igt_assert_f(!strcmp(model, wanted), "%s is %s, not %s", name, model, wanted);
}

static void profile_shown(const char *argument)
{
	for (size_t i = 0; i < ARRAY_SIZE(profiles); i++) {
		struct lab_plugged gpu, camera;

		lab_plug(&gpu, "primesim", profiles[i]);
		lab_plug(&camera, "camsim", profiles[i]);
		check_model(&gpu, "gpu", profiles[i]);
		check_model(&gpu, "display", profiles[i]);
		check_model(&camera, "", profiles[i]);
		lab_unplug(&camera);
		lab_unplug(&gpu);
	}
}

static void assert_property(const char *model, const char *property)
{
	igt_assert_f(strstr(model, property), "no %s in %s", property, model);
}

static void properties_shown(const char *argument)
{
	static const char *const values[][3] = {
		{ "gpu/iommu", "0", "iommu=0 " }, { "gpu/dma_bits", "33", "dma_bits=33 " },
		{ "gpu/max_segments", "17", "max_segments=17 " },
		{ "gpu/max_segment_size", "8192", "max_segment_size=8192 " },
		{ "gpu/boundary", "65536", "boundary=65536 " },
		{ "gpu/alignment", "8192", "alignment=8192" },
		{ "gpu/count_faults", "1", "count_faults=1 " },
	};
	struct lab_plugged device;
	char model[256];

	lab_plug_prepare(&device, "primesim", "custom");
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		lab_plug_set(&device, values[i][0], values[i][1]);
	lab_plug_start(&device);
	igt_assert(lab_simdev_model(lab_plugged_name(&device, "gpu"), model, sizeof(model)));
	assert_property(model, "profile=custom ");
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		assert_property(model, values[i][2]);
	check_model(&device, "display", "ideal");
	lab_unplug(&device);
}

/**
 * struct contradiction - a device that cannot be
 * @attributes: what is written, pairs of a name and a value.
 * @reason: what the log says.
 */
struct contradiction {
	const char *attributes[6];
	const char *reason;
};

static void try_contradiction(const struct contradiction *contradiction)
{
	int log = lab_log_open();
	struct lab_plugged device;

	lab_plug_prepare(&device, "camsim", "contradiction");
	for (int i = 0; contradiction->attributes[i]; i += 2)
		lab_plug_set(&device, contradiction->attributes[i],
			     contradiction->attributes[i + 1]);
	igt_assert_eq(lab_plug_write(&device, "live", "1"), -EINVAL);
	igt_assert_f(lab_log_has(log, contradiction->reason), "the log does not say: %s\n",
		     contradiction->reason);
	/* It can be put right. */
	lab_plug_set(&device, "device/profile", "ideal");
	lab_plug_start(&device);
	lab_unplug(&device);
	lab_close(log);
}

static void contradictions(const char *argument)
{
	static const struct contradiction all[] = {
		{ { "device/dma_bits", "23" }, "contradiction/device: dma_bits must be" },
		{ { "device/max_segment_size", "100" }, "max_segment_size must be" },
		{ { "device/boundary", "12288" }, "boundary must be" },
		{ { "device/boundary", "512" }, "boundary must be" },
		{ { "device/alignment", "12288" }, "alignment must be" },
		{ { "device/alignment", "512" }, "alignment must be" },
		{ { "device/alignment", "8388608" }, "alignment must be" },
		{ { "device/alignment", "65536", "device/max_segment_size", "32768" },
		  "must be multiples of alignment" },
		{ { "device/alignment", "65536", "device/boundary", "32768" },
		  "must be multiples of alignment" },
		{ { "device/bounce", "1" }, "behind an IOMMU does not bounce" },
		{ { "device/profile", "low1g-bounce", "device/coherent", "0" },
		  "bounce and non-coherent" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		try_contradiction(&all[i]);
}

static void bad_values(const char *argument)
{
	int log = lab_log_open();
	struct lab_plugged device;

	lab_plug_prepare(&device, "camsim", "bad");
	igt_assert_eq(lab_plug_write(&device, "device/profile", "perfect"), -EINVAL);
	igt_assert(lab_log_has(log, "no profile perfect"));
	igt_assert_eq(lab_plug_write(&device, "policy", "never"), -EINVAL);
	igt_assert(lab_log_has(log, "no policy never"));
	igt_assert_eq(lab_plug_write(&device, "live", "maybe"), -EINVAL);
	igt_assert_eq(lab_plug_write(&device, "device/iommu", "2"), -ERANGE);
	igt_assert_eq(lab_plug_write(&device, "device/dma_bits", "65"), -ERANGE);
	igt_assert_eq(lab_plug_write(&device, "device/dma_bits", "many"), -EINVAL);
	igt_assert_eq(lab_plug_write(&device, "device/max_segments", "-1"), -EINVAL);
	lab_plug_start(&device);
	check_model(&device, "", "ideal");
	lab_unplug(&device);
	lab_close(log);
}

static void live_is_fixed(const char *argument)
{
	struct lab_plugged device;

	lab_plug(&device, "primesim", "no-iommu");
	igt_assert_eq(lab_plug_write(&device, "gpu/profile", "ideal"), -EBUSY);
	igt_assert_eq(lab_plug_write(&device, "display/dma_bits", "32"), -EBUSY);
	igt_assert_eq(lab_plug_write(&device, "policy", "early"), -EBUSY);
	check_model(&device, "gpu", "no-iommu");
	lab_plug_set(&device, "live", "0");
	lab_plug_set(&device, "gpu/profile", "contig32");
	lab_plug_start(&device);
	check_model(&device, "gpu", "contig32");
	check_model(&device, "display", "no-iommu");
	lab_unplug(&device);
}

static void assert_attribute(const struct lab_plugged *device, const char *attribute,
			     const char *value)
{
	char text[256];

	lab_plug_read(device, attribute, text, sizeof(text));
	igt_assert_f(!strcmp(text, value), "%s is: %s\n", attribute, text);
}

static void assert_driver(int drm, const char *driver)
{
	drmVersion *version = drmGetVersion(drm);

	igt_assert(version);
	igt_assert_f(!strcmp(version->name, driver), "a node of %s\n", version->name);
	drmFreeVersion(version);
	lab_close(drm);
}

/* The directory tells which device it has become: number and nodes. */
static void nodes(const char *argument)
{
	struct v4l2_capability capability;
	struct lab_plugged gpu, camera;
	char bus[32];
	int fd;

	lab_plug_prepare(&gpu, "primesim", "nodes");
	assert_attribute(&gpu, "id", "");
	assert_attribute(&gpu, "nodes", "");
	lab_plug_start(&gpu);
	assert_driver(lab_plugged_primary(&gpu), "primesim");
	assert_driver(lab_plugged_render(&gpu), "primesim");

	lab_plug(&camera, "camsim", "ideal");
	fd = lab_plugged_camera(&camera);
	igt_assert_eq(lab_ioctl(fd, VIDIOC_QUERYCAP, &capability), 0);
	snprintf(bus, sizeof(bus), "platform:%s", lab_plugged_name(&camera, ""));
	igt_assert_f(!strcmp((const char *)capability.bus_info, bus), "%s is at %s\n", bus,
		     capability.bus_info);
	lab_close(fd);
	lab_unplug(&camera);

	lab_plug_set(&gpu, "live", "0");
	assert_attribute(&gpu, "id", "");
	assert_attribute(&gpu, "nodes", "");
	lab_unplug(&gpu);
}

static void autoprobe(const char *value)
{
	lab_write_file("/sys/bus/platform/drivers_autoprobe", value);
}

/* What no driver takes is no device. */
static void not_set_up(const char *argument)
{
	static const char *const drivers[] = { "primesim", "camsim" };

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		int log = lab_log_open(), ret;
		struct lab_plugged device;

		lab_plug_prepare(&device, drivers[i], "orphan");
		autoprobe("0");
		ret = lab_plug_write(&device, "live", "1");
		autoprobe("1");
		igt_assert_eq(ret, -EIO);
		igt_assert(lab_log_has(log, "orphan: the driver could not set up"));
		assert_attribute(&device, "live", "0\n");
		assert_attribute(&device, "nodes", "");
		lab_plug_start(&device);
		lab_unplug(&device);
		lab_close(log);
	}
}

static void assert_model_has(const struct lab_plugged *device, const char *property)
{
	const char *name = lab_plugged_name(device, "gpu");
	char model[256];

	igt_assert_f(lab_simdev_model(name, model, sizeof(model)), "no device %s\n", name);
	assert_property(model, property);
}

/* A profile of the user's is named like the others, and can be changed and removed at any time. */
static void own_profile(const char *argument)
{
	struct lab_plugged profile, other, gpu, camera;
	char model[256];

	lab_plug_prepare(&profile, "simbuf", "pi4.display");
	lab_plug_set(&profile, "profile", "low1g");
	lab_plug_set(&profile, "dma_bits", "29");
	igt_assert(lab_profile_model("pi4.display", model, sizeof(model)));
	assert_property(model, "dma_bits=29 ");
	lab_plug(&gpu, "primesim", "pi4.display");
	check_model(&gpu, "gpu", "pi4.display");
	check_model(&gpu, "display", "pi4.display");
	lab_plug(&camera, "camsim", "pi4.display");
	check_model(&camera, "", "pi4.display");
	lab_unplug(&camera);

	/* What was copied stays as it was. */
	lab_plug_set(&profile, "dma_bits", "28");
	assert_model_has(&gpu, "profile=pi4.display ");
	assert_model_has(&gpu, "dma_bits=29 ");
	lab_plug_prepare(&other, "simbuf", "copy");
	lab_plug_set(&other, "profile", "pi4.display\n");
	assert_attribute(&other, "profile", "pi4.display\n");
	lab_unplug(&profile);
	igt_assert(!lab_profile_model("pi4.display", model, sizeof(model)));
	assert_attribute(&other, "dma_bits", "28\n");
	assert_model_has(&gpu, "dma_bits=29 ");
	lab_plug_set(&gpu, "live", "0");
	igt_assert_eq(lab_plug_write(&gpu, "gpu/profile", "pi4.display"), -EINVAL);
	lab_plug_set(&gpu, "gpu/profile", "copy");
	lab_plug_start(&gpu);
	assert_model_has(&gpu, "profile=copy ");
	assert_model_has(&gpu, "dma_bits=28 ");
	lab_unplug(&gpu);
	lab_unplug(&other);
}

/* Its own name is a name, too; a property can contradict others for a while. */
static void own_profile_wrong(const char *argument)
{
	struct lab_plugged profile, device;
	int log = lab_log_open();

	lab_plug_prepare(&profile, "simbuf", "wrong");
	assert_attribute(&profile, "profile", "ideal\n");
	lab_plug_set(&profile, "profile", "wrong");
	assert_attribute(&profile, "profile", "wrong\n");
	igt_assert_eq(lab_plug_write(&profile, "profile", "nobody"), -EINVAL);
	lab_plug_set(&profile, "bounce", "1");
	lab_plug_prepare(&device, "camsim", "wrong");
	lab_plug_set(&device, "device/profile", "wrong");
	igt_assert_eq(lab_plug_write(&device, "live", "1"), -EINVAL);
	igt_assert(lab_log_has(log, "wrong/device: a device behind an IOMMU does not bounce"));
	lab_unplug(&device);
	lab_unplug(&profile);
	lab_close(log);
}

static void profile_names(const char *argument)
{
	static const struct {
		const char *name;
		int err;
		const char *reason;
	} all[] = {
		{ "contig32", EEXIST, "a profile contig32 already, built in" },
		{ "custom", EEXIST, "a model is called custom when" },
		{ "two words", EINVAL, "may have letters, digits" },
		{ "a=b", EINVAL, "may have letters, digits" },
		{ "a-name-of-more-than-31-characters", ENAMETOOLONG, "longer than 31 characters" },
	};
	int log = lab_log_open();

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		char path[96];

		snprintf(path, sizeof(path), "/sys/kernel/config/simbuf/%s", all[i].name);
		igt_assert_f(mkdir(path, 0755) < 0, "there is a profile %s\n", all[i].name);
		igt_assert_eq(errno, all[i].err);
		igt_assert_f(lab_log_has(log, all[i].reason), "the log does not say: %s\n",
			     all[i].reason);
	}
	lab_close(log);
}

/**
 * struct share - a buffer of one GPU's that a plugged GPU uses
 * @exporter: the file that owns it, or -1 when it is no primesim object.
 * @dumb: the object, of primesim or vgem.
 * @dmabuf: its dma-buf.
 * @size: bytes.
 * @pixels: the dma-buf, mapped.
 * @device: the plugged device.
 * @gpu: its render node.
 * @handle: the buffer there.
 */
struct share {
	int exporter;
	struct lab_dumb dumb;
	int dmabuf;
	uint64_t size;
	uint32_t *pixels;
	struct lab_plugged device;
	int gpu;
	uint32_t handle;
};

static void share_map(struct share *share)
{
	share->pixels = lab_map(share->dmabuf, share->size, PROT_READ | PROT_WRITE, 0);
}

static void share_allocate_lines(struct share *share, const char *exporter, unsigned int lines)
{
	*share = (struct share){ .exporter = -1, .size = (uint64_t)WIDTH * lines * 4 };
	if (!strcmp(exporter, "system-heap")) {
		share->dmabuf = lab_dma_heap("system", share->size);
	} else if (!strcmp(exporter, "udmabuf")) {
		share->dmabuf = lab_udmabuf(share->size);
	} else {
		share->exporter = lab_open_primary(exporter);
		lab_dumb_create(&share->dumb, share->exporter, WIDTH, lines);
		share->dmabuf = lab_export(share->exporter, share->dumb.handle, DRM_RDWR);
	}
	share_map(share);
}

static void share_allocate(struct share *share, const char *exporter)
{
	share_allocate_lines(share, exporter, HEIGHT);
}

static void share_import(struct share *share, const char *profile)
{
	lab_plug(&share->device, "primesim", profile);
	share->gpu = lab_plugged_render(&share->device);
	share->handle = lab_import(share->gpu, share->dmabuf);
}

static void share_free(struct share *share)
{
	lab_unmap(share->pixels, share->size);
	lab_close(share->dmabuf);
	if (share->exporter >= 0)
		lab_close(share->exporter);
}

static void share_close(struct share *share)
{
	lab_close(share->gpu);
	lab_unplug(&share->device);
	share_free(share);
}

static void cpu_fill(struct share *share, uint32_t value)
{
	for (uint64_t i = 0; i < share->size / 4; i++)
		((volatile uint32_t *)share->pixels)[i] = value;
}

/* Between brackets, as every program should */
static void cpu_fill_synced(struct share *share, uint32_t value)
{
	lab_cpu_begin(share->dmabuf, DMA_BUF_SYNC_WRITE);
	cpu_fill(share, value);
	lab_cpu_end(share->dmabuf, DMA_BUF_SYNC_WRITE);
}

static uint32_t cpu_sees(const struct share *share)
{
	const volatile uint32_t *pixels = share->pixels;

	for (uint64_t i = 0; i < share->size / 4; i++)
		igt_assert_eq_u32(pixels[i], pixels[0]);
	return pixels[0];
}

/**
 * struct limits - what a device of a profile sees of a buffer
 * @profile: the profile.
 * @least_segments: the fewest DMA segments.
 * @most_segments: the most.
 * @most_runs: pieces of physical memory at most.
 *
 * That memory is within reach of the device's addresses shows in its use: another address is
 * a DMA fault.
 */
struct limits {
	const char *profile;
	unsigned int least_segments;
	unsigned int most_segments;
	unsigned int most_runs;
};

static void check_limits(const struct limits *limits)
{
	struct drm_primesim_bo_info info;
	struct share share;

	share_allocate(&share, "primesim");
	share_import(&share, limits->profile);
	lab_assert_placement(share.dmabuf, "none");
	lab_gpu_fill(share.gpu, share.handle, share.size, FIRST);
	lab_check_filled(share.dmabuf, share.size, FIRST);
	lab_bo_info(share.gpu, share.handle, &info);
	igt_assert_lte(limits->least_segments, info.info.segments);
	igt_assert_lte(info.info.segments, limits->most_segments);
	igt_assert_lte(info.info.page_runs, limits->most_runs);
	share_close(&share);
}

static void placement(const char *argument)
{
	const unsigned int size = WIDTH * HEIGHT * 4, pages = size / 4096;
	const struct limits all[] = {
		{ "ideal", 1, 1, pages },
		{ "no-iommu", 1, pages, pages },
		{ "contig32", 1, 1, 1 },
		{ "low1g", 1, pages, pages },
		{ "low1g-bounce", 1, pages, pages },
		{ "tiny-segments", size / 16384, 4096, pages },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		igt_debug("profile %s\n", all[i].profile);
		check_limits(&all[i]);
	}
}

/* The CPU writes and the device reads; then the other way round. */
static void stale_until_sync(const char *exporter)
{
	struct share share;

	share_allocate(&share, exporter);
	share_import(&share, "noncoherent");
	lab_gpu_fill(share.gpu, share.handle, share.size, FIRST);

	lab_cpu_begin(share.dmabuf, DMA_BUF_SYNC_READ);
	igt_assert_eq_u32(cpu_sees(&share), FIRST);
	lab_cpu_end(share.dmabuf, DMA_BUF_SYNC_READ);

	cpu_fill(&share, SECOND);
	igt_assert_eq_u32(lab_gpu_sees(share.gpu, share.handle, share.size), FIRST);
	lab_cpu_end(share.dmabuf, DMA_BUF_SYNC_WRITE);
	igt_assert_eq_u32(lab_gpu_sees(share.gpu, share.handle, share.size), SECOND);

	lab_gpu_fill(share.gpu, share.handle, share.size, THIRD);
	igt_assert_eq_u32(cpu_sees(&share), SECOND);
	lab_cpu_begin(share.dmabuf, DMA_BUF_SYNC_READ);
	igt_assert_eq_u32(cpu_sees(&share), THIRD);
	lab_cpu_end(share.dmabuf, DMA_BUF_SYNC_READ);
	share_close(&share);
}

static void *signal_soon(void *fence)
{
	lab_sleep(200);
	lab_fence_signal(fence);
	return NULL;
}

/* The job has not even begun when the CPU asks to look: its brackets alone must do. */
static void waits_then_synchronises(const char *exporter)
{
	struct drm_primesim_sync in = { };
	struct drm_primesim_surface surface;
	struct drm_primesim_op op;
	struct lab_fence fence;
	struct share share;
	pthread_t thread;

	share_allocate(&share, exporter);
	share_import(&share, "noncoherent");
	lab_gpu_fill(share.gpu, share.handle, share.size, FIRST);

	lab_fence_open(&fence, 16, 16);
	in.handle = lab_fence_syncobj(&fence, share.gpu);
	surface = lab_surface(share.handle, WIDTH, HEIGHT, WIDTH * 4);
	op = lab_op_fill(&surface, SECOND);
	igt_assert_eq(lab_submit(share.gpu, &op, &in, NULL), 0);
	igt_assert_eq(pthread_create(&thread, NULL, signal_soon, &fence), 0);
	lab_cpu_begin(share.dmabuf, DMA_BUF_SYNC_READ);
	igt_assert_eq(pthread_join(thread, NULL), 0);
	igt_assert_eq_u32(cpu_sees(&share), SECOND);
	lab_cpu_end(share.dmabuf, DMA_BUF_SYNC_READ);
	lab_fence_close(&fence);
	share_close(&share);
}

/* Two devices that are not coherent share memory, if not the CPU's view of it. */
static void device_to_device(const char *exporter)
{
	struct lab_plugged device;
	struct share share;
	int gpu;

	share_allocate(&share, exporter);
	share_import(&share, "noncoherent");
	lab_plug_policy(&device, "primesim", "noncoherent", "early");
	gpu = lab_plugged_render(&device);
	lab_gpu_fill(share.gpu, share.handle, share.size, FIRST);
	igt_assert_eq_u32(lab_gpu_sees(gpu, lab_import(gpu, share.dmabuf), share.size), FIRST);
	lab_gpu_fill(share.gpu, share.handle, share.size, SECOND);
	igt_assert_eq_u32(lab_gpu_sees(gpu, lab_import(gpu, share.dmabuf), share.size), SECOND);
	lab_close(gpu);
	lab_unplug(&device);
	share_close(&share);
}

/* A job that is done may hold its objects for a moment. */
static void wait_for_unmap(const struct share *share)
{
	const char *name = lab_plugged_name(&share->device, "gpu");

	for (int tries = 0; lab_simdev_mappings(name); tries++) {
		igt_assert_lt(tries, 500);
		lab_sleep(20);
	}
}

/* vgem has no CPU access brackets: what programs do right is of no use, until it is unmapped. */
static void stale_though_synced(const char *exporter)
{
	struct share share;

	share_allocate(&share, exporter);
	share_import(&share, "noncoherent");
	lab_gpu_fill(share.gpu, share.handle, share.size, FIRST);
	cpu_fill_synced(&share, SECOND);
	igt_assert_eq_u32(lab_gpu_sees(share.gpu, share.handle, share.size), FIRST);
	lab_close_handle(share.gpu, share.handle);
	wait_for_unmap(&share);
	share.handle = lab_import(share.gpu, share.dmabuf);
	igt_assert_eq_u32(lab_gpu_sees(share.gpu, share.handle, share.size), SECOND);
	share_close(&share);
}

/* Coherent devices see all at once, with or without brackets. */
static void fresh_without_sync(const char *exporter)
{
	struct share share;

	share_allocate(&share, exporter);
	share_import(&share, "ideal");
	lab_gpu_fill(share.gpu, share.handle, share.size, FIRST);
	igt_assert_eq_u32(cpu_sees(&share), FIRST);
	cpu_fill(&share, SECOND);
	igt_assert_eq_u32(lab_gpu_sees(share.gpu, share.handle, share.size), SECOND);
	share_close(&share);
}

/* A GPU of few address bits that is otherwise of the profile */
static int plug_low(struct lab_plugged *device, const char *profile, const char *bits)
{
	lab_plug_prepare(device, "primesim", profile);
	lab_plug_set(device, "gpu/profile", profile);
	lab_plug_set(device, "gpu/dma_bits", bits);
	lab_plug_start(device);
	return lab_plugged_render(device);
}

/*
 * Below, there is room for a copy on any kernel, and at most so much room for the chunks. The heap
 * takes pieces of a megabyte for both: smaller ones come from memory that chunks leave alone.
 */
#define BOUNCE_BITS	"29"
#define BOUNCE_LINES	(1024 * 1024 / WIDTH / 4)
#define CHUNKS		16
#define CHUNK_LINES	(32 * 1024 * 1024 / WIDTH / 4)

static bool is_beyond(int gpu, const struct share *share)
{
	uint32_t handle = lab_import(gpu, share->dmabuf);
	int ret = lab_try_gpu_fill(gpu, handle, share->size, 0);

	lab_close_handle(gpu, handle);
	return ret < 0;
}

/*
 * Memory that a device of few bits does not reach. The kernel may have low memory at hand first:
 * the exporter allocates that, too, until it is used up.
 */
static void allocate_beyond(struct share *share, const char *exporter)
{
	struct share low[2 * CHUNKS];
	struct lab_plugged prober;
	int used = 0, gpu = plug_low(&prober, "low1g", BOUNCE_BITS);

	share_allocate_lines(share, exporter, BOUNCE_LINES);
	while (!is_beyond(gpu, share)) {
		igt_require_f(used < 2 * CHUNKS, "all free memory is low\n");
		low[used++] = *share;
		share_allocate_lines(&low[used], exporter, CHUNK_LINES);
		is_beyond(gpu, &low[used++]);
		share_allocate_lines(share, exporter, BOUNCE_LINES);
	}
	while (used--)
		share_free(&low[used]);
	lab_close(gpu);
	lab_unplug(&prober);
}

static void share_bounced(struct share *share, const char *exporter)
{
	allocate_beyond(share, exporter);
	share->gpu = plug_low(&share->device, "low1g-bounce", BOUNCE_BITS);
}

static bool gpu_sees_all(const struct share *share, uint32_t value)
{
	return lab_gpu_counts(share->gpu, share->handle, share->size, value) == share->size / 4;
}

/* The Raspberry Pi's display that went green: copied once, when it was mapped. */
static void bounced(const char *exporter)
{
	struct share share;

	share_bounced(&share, exporter);
	cpu_fill_synced(&share, FIRST);
	share.handle = lab_import(share.gpu, share.dmabuf);
	igt_assert(gpu_sees_all(&share, FIRST));
	cpu_fill(&share, SECOND);
	igt_assert(!gpu_sees_all(&share, SECOND));
	cpu_fill_synced(&share, THIRD);
	igt_assert(gpu_sees_all(&share, THIRD));
	share_close(&share);
}

/* vgem never synchronises: the device sees an empty copy. */
static void bounced_never_synced(const char *exporter)
{
	struct share share;

	share_bounced(&share, exporter);
	cpu_fill_synced(&share, FIRST);
	share.handle = lab_import(share.gpu, share.dmabuf);
	igt_assert(!gpu_sees_all(&share, FIRST));
	share_close(&share);
}

/* The device reaches less memory than the buffer has. */
#define REFUSED_BITS	"24"
#define REFUSED_LINES	((1 << 24) / WIDTH / 4 + HEIGHT)

/* Memory that others have chosen is refused where it is out of reach, not moved. */
static void foreign_refused(const char *exporter)
{
	struct share share;
	uint64_t since;
	uint32_t value;
	int ret;

	share_allocate_lines(&share, exporter, REFUSED_LINES);
	share.gpu = plug_low(&share.device, "low1g", REFUSED_BITS);
	share.handle = lab_import(share.gpu, share.dmabuf);
	since = lab_now();
	ret = lab_try_gpu_sees(share.gpu, share.handle, share.size, &value);
	igt_assert_lt(ret, 0);
	lab_assert_refused(since, ret,
			   "the device reaches addresses up to 0xffffff, the exporter's memory is at 0x");
	share_close(&share);
}

/* Pieces of physical memory behind a dma-buf, as a device sees it that has no demands */
static uint32_t page_runs(int dmabuf, uint64_t size)
{
	int gpu = lab_open_render("primesim");
	uint32_t handle = lab_import(gpu, dmabuf);
	struct drm_primesim_bo_info info;

	lab_gpu_counts(gpu, handle, size, 0);
	lab_bo_info(gpu, handle, &info);
	lab_close(gpu);
	return info.info.page_runs;
}

static void foreign_scattered(const char *exporter)
{
	struct share share = { .exporter = -1, .size = WIDTH * HEIGHT * 4 };
	uint64_t since;
	uint32_t value;

	share.dmabuf = lab_udmabuf_scattered(share.size);
	share_map(&share);
	cpu_fill(&share, FIRST);
	igt_require_f(page_runs(share.dmabuf, share.size) > 1,
		      "the memory is contiguous by chance\n");
	share_import(&share, "contig32");
	since = lab_now();
	igt_assert_eq(lab_try_gpu_sees(share.gpu, share.handle, share.size, &value), -EINVAL);
	lab_assert_refused(since, -EINVAL, "takes 1 segments, the exporter's memory has");
	share_close(&share);
}

/* Pages from all over memory, for a device that wants them at multiples of far more */
static void foreign_misaligned(const char *exporter)
{
	struct share share = { .exporter = -1, .size = WIDTH * HEIGHT * 4 };
	uint64_t since;
	uint32_t value;

	share.dmabuf = lab_udmabuf_scattered(share.size);
	share_map(&share);
	cpu_fill(&share, FIRST);
	lab_plug_prepare(&share.device, "primesim", "aligned");
	lab_plug_set(&share.device, "gpu/profile", "no-iommu");
	lab_plug_set(&share.device, "gpu/alignment", "4194304");
	lab_plug_start(&share.device);
	share.gpu = lab_plugged_render(&share.device);
	share.handle = lab_import(share.gpu, share.dmabuf);
	since = lab_now();
	igt_assert_eq(lab_try_gpu_sees(share.gpu, share.handle, share.size, &value), -EINVAL);
	lab_assert_refused(since, -EINVAL,
			   "the device takes addresses that are multiples of 0x400000, the exporter's memory has a segment at 0x");
	share_close(&share);
}

#define SPACE_BITS	"24"

/* More than there are addresses */
static void space_exhausted(const char *exporter)
{
	struct lab_plugged device;
	struct lab_dumb dumb;
	uint64_t since;
	uint32_t handle;
	int vgem, gpu, dmabuf;

	lab_plug_prepare(&device, "primesim", "narrow");
	lab_plug_set(&device, "gpu/dma_bits", SPACE_BITS);
	lab_plug_start(&device);
	gpu = lab_plugged_render(&device);
	vgem = lab_open_primary(exporter);
	lab_dumb_create(&dumb, vgem, 4096, 1100);
	dmabuf = lab_export(vgem, dumb.handle, DRM_RDWR);
	handle = lab_import(gpu, dmabuf);
	since = lab_now();
	igt_assert_eq(lab_try_gpu_fill(gpu, handle, dumb.size, FIRST), -ENOMEM);
	lab_assert_refused(since, -ENOMEM, "its exporter cannot map it for this device");
	lab_close(dmabuf);
	lab_close(vgem);
	lab_close(gpu);
	lab_unplug(&device);
}

static const struct lab_test configuration[] = {
	{ "profile-shown", profile_shown,
	  "A device made with a profile has its properties: cameras, GPUs and displays." },
	{ "properties-shown", properties_shown, "Each property can be set by itself." },
	{ "contradictions", contradictions,
	  "Properties that contradict each other are refused, and the log says which." },
	{ "bad-values", bad_values, "Names and numbers that do not exist are refused." },
	{ "live-is-fixed", live_is_fixed,
	  "The properties of a device do not change while it is live." },
	{ "nodes", nodes, "A directory that is live tells its device's number and nodes." },
	{ "not-set-up", not_set_up, "A device that no driver takes does not go live." },
	{ "own-profile", own_profile, "Profiles of the user's are copied by their name." },
	{ "own-profile-wrong", own_profile_wrong,
	  "A profile's properties are checked when a device is made of them." },
	{ "profile-names", profile_names, "Names that are taken or no words are refused." },
	{ "placement", placement, "Memory is where each profile's device reaches it." },
};

static const struct lab_test synchronised[] = {
	{ "stale-until-sync", stale_until_sync,
	  "Not coherent: what the CPU or the device wrote is seen after a synchronisation." },
	{ "device-to-device", device_to_device,
	  "Devices that are not coherent see each other's work." },
};

static const struct lab_test waiting[] = {
	{ "waits-then-synchronises", waits_then_synchronises,
	  "Not coherent: what pending jobs write is seen between brackets." },
};

static const struct lab_test unsynchronised[] = {
	{ "stale-though-synced", stale_though_synced,
	  "Not coherent, and an exporter without brackets: stale until it is unmapped." },
	{ "bounced-never-synced", bounced_never_synced,
	  "Bounced, and an exporter that never synchronises: the device sees nothing." },
};

static const struct lab_test everybody[] = {
	{ "fresh-without-sync", fresh_without_sync, "Coherent: everything is seen at once." },
};

static const struct lab_test out_of_reach[] = {
	{ "out-of-reach", foreign_refused,
	  "Others' memory out of a device's reach is refused." },
};

static const struct lab_test scattered[] = {
	{ "scattered", foreign_scattered,
	  "Others' scattered memory is refused by a device that wants one piece." },
	{ "misaligned", foreign_misaligned,
	  "Others' memory is refused by a device that wants it at other addresses." },
};

static const struct lab_test large[] = {
	{ "space-exhausted", space_exhausted,
	  "A buffer larger than the device's address space is refused." },
};

static const struct lab_test bouncing[] = {
	{ "bounced", bounced, "Bounced: stale after the first mapping, fresh when synchronised." },
};

igt_main()
{
	lab_run(configuration, NULL);
	lab_run(synchronised, "primesim");
	lab_run(synchronised, "system-heap");
	lab_run(waiting, "primesim");
	lab_run(unsynchronised, "vgem");
	lab_run(everybody, "primesim");
	lab_run(everybody, "vgem");
	lab_run(everybody, "system-heap");
	lab_run(bouncing, "system-heap");
	lab_run(out_of_reach, "vgem");
	lab_run(out_of_reach, "udmabuf");
	lab_run(out_of_reach, "system-heap");
	lab_run(scattered, "udmabuf");
	lab_run(large, "vgem");
}
