// SPDX-License-Identifier: MIT
/* camera-to-screen - the GPU allocates, camera and display import: frames with no copy. */
#include <poll.h>
#include <primepipe/primepipe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WIDTH	640
#define HEIGHT	480
#define FRAMES	10

struct lab {
	struct pp_error error;
	struct pp_camera camera;
	struct pp_gpu gpu;
	struct pp_display display;
	struct pp_framebuffer screen[2];	/* one is shown, the other one is drawn */
	uint32_t from[3], to[2];	/* the GPU's handles: the camera's buffers, the display's */
	int dmabuf[3];			/* of the camera's */
};

static void check(const struct lab *lab, int ret)
{
	if (ret >= 0)
		return;
	fprintf(stderr, "camera-to-screen: %s\n", lab->error.text);
	exit(1);
}

static void wait_readable(int fd)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };

	poll(&readable, 1, -1);
}

static int allocate(struct lab *lab, size_t size, uint32_t *handle)
{
	int dmabuf;

	check(lab, pp_gpu_create(&lab->gpu, size, handle));
	check(lab, pp_drm_export(&lab->gpu.device, *handle, &dmabuf));
	return dmabuf;
}

static void set_up(struct lab *lab)
{
	struct pp_layout picture;

	check(lab, pp_camera_open(&lab->camera, NULL, &lab->error));
	check(lab, pp_gpu_open(&lab->gpu, NULL, &lab->error));
	check(lab, pp_display_open(&lab->display, NULL, "primesim", &lab->error));
	check(lab, pp_display_choose_mode(&lab->display, WIDTH, HEIGHT));
	pp_layout_init(&picture, pp_format_by_name("XRGB8888"), lab->display.mode.hdisplay,
		       lab->display.mode.vdisplay, 0);
	for (int i = 0; i < 2; i++) {
		int dmabuf = allocate(lab, picture.size, &lab->to[i]);

		check(lab, pp_framebuffer_import(&lab->display, &picture, dmabuf, &lab->screen[i]));
		close(dmabuf);
	}
	check(lab, pp_camera_set_format(&lab->camera, pp_format_by_name("YUYV"), WIDTH, HEIGHT, 0));
	check(lab, pp_camera_request_buffers(&lab->camera, V4L2_MEMORY_DMABUF, 3));
	for (unsigned int i = 0; i < 3; i++) {
		lab->dmabuf[i] = allocate(lab, lab->camera.layout.size, &lab->from[i]);
		check(lab, pp_camera_queue(&lab->camera, i, lab->dmabuf[i]));
	}
	check(lab, pp_display_enable(&lab->display, &lab->screen[0]));
	check(lab, pp_camera_start(&lab->camera));
}

/* Nobody waits for the GPU but display and camera, by the fences. */
static void show(struct lab *lab, int at)
{
	struct simbuf_info drawn = { 0 };
	struct pp_shown shown;
	struct pp_frame frame;
	struct pp_flip flip;
	int fence;

	wait_readable(lab->camera.fd);
	check(lab, pp_camera_dequeue(&lab->camera, &frame));
	check(lab, pp_gpu_blit(&lab->gpu, lab->from[frame.index], &lab->camera.layout, lab->to[at],
			       &lab->screen[at].layout, &fence));
	check(lab, pp_camera_queue(&lab->camera, frame.index, lab->dmabuf[frame.index]));
	check(lab, pp_display_flip(&lab->display, &lab->screen[at], fence));
	close(fence);
	wait_readable(lab->display.device.fd);
	check(lab, pp_display_read_flip(&lab->display, &flip));
	check(lab, pp_display_read_shown(&lab->display, &lab->screen[at], NULL, &shown));
	pp_gpu_buffer_info(&lab->gpu, lab->to[at], &drawn);
	printf("frame %u: %s on the screen after %.1f ms, %s memory\n", frame.sequence,
	       shown.stamp_status == PP_STAMP_VALID && shown.stamp.sequence == frame.sequence ?
	       "is" : "is not",
	       (double)(flip.timestamp_ns - frame.timestamp_ns) / 1e6,
	       pp_same_pages(&drawn, &shown.info) ? "the same" : "other");
}

int main(void)
{
	static struct lab lab;

	set_up(&lab);
	for (int i = 1; i <= FRAMES; i++)
		show(&lab, i % 2);
	pp_display_restore(&lab.display);	/* all else is closed by the kernel */
	return 0;
}
