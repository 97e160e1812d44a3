// SPDX-License-Identifier: MIT
/* camera-to-screen - the GPU allocates, camera and display import: frames with no copy. */
#include <poll.h>
#include <primepipe/primepipe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct lab {
	struct pp_error error;
	struct pp_camera camera;
	struct pp_gpu gpu;
	struct pp_display display;
	struct pp_framebuffer screen[2];	/* one is shown, the other one drawn */
	uint32_t from, to[2];	/* the GPU's handles of the camera's buffer and of these */
	int dmabuf;		/* of the camera's buffer */
};

static void check(const struct lab *lab, int ret)
{
	if (ret >= 0)
		return;
	fprintf(stderr, "camera-to-screen: %s\n", lab->error.text);
	exit(1);
}

static void wait_for(int fd)
{
	poll(&(struct pollfd) { .fd = fd, .events = POLLIN }, 1, -1);
}

static void set_up(struct lab *lab)
{
	struct pp_layout picture;

	check(lab, pp_camera_open(&lab->camera, NULL, &lab->error));
	check(lab, pp_gpu_open(&lab->gpu, NULL, &lab->error));
	check(lab, pp_display_open(&lab->display, NULL, "primesim", &lab->error));
	check(lab, pp_camera_set_format(&lab->camera, pp_format_by_name("YUYV"), 640, 480, 0));
	check(lab, pp_gpu_create(&lab->gpu, lab->camera.layout.size, &lab->from));
	check(lab, pp_drm_export(&lab->gpu.device, lab->from, &lab->dmabuf));
	check(lab, pp_camera_request_buffers(&lab->camera, V4L2_MEMORY_DMABUF, 1));
	check(lab, pp_display_choose_mode(&lab->display, 640, 480));
	pp_layout_init(&picture, pp_format_by_name("XRGB8888"), lab->display.mode.hdisplay,
		       lab->display.mode.vdisplay, 0);
	for (int i = 0; i < 2; i++) {
		int dmabuf;

		check(lab, pp_gpu_create(&lab->gpu, picture.size, &lab->to[i]));
		check(lab, pp_drm_export(&lab->gpu.device, lab->to[i], &dmabuf));
		check(lab, pp_framebuffer_import(&lab->display, &picture, dmabuf, &lab->screen[i]));
		close(dmabuf);
	}
	check(lab, pp_display_enable(&lab->display, &lab->screen[0]));
	check(lab, pp_camera_start(&lab->camera));
}

/* The program waits for the camera, and the display for the GPU. */
static void show_frame(struct lab *lab, int at)
{
	struct pp_framebuffer *screen = &lab->screen[at];
	struct simbuf_info drawn = { 0 };
	struct pp_shown shown;
	struct pp_frame frame;
	struct pp_flip flip;
	int fence;

	check(lab, pp_camera_queue(&lab->camera, 0, lab->dmabuf));
	wait_for(lab->camera.fd);
	check(lab, pp_camera_dequeue(&lab->camera, &frame));
	check(lab, pp_gpu_blit(&lab->gpu, lab->from, &lab->camera.layout, lab->to[at],
			       &screen->layout, &fence));
	check(lab, pp_display_flip(&lab->display, screen, fence));
	close(fence);
	wait_for(lab->display.device.fd);
	check(lab, pp_display_read_flip(&lab->display, &flip));
	check(lab, pp_display_read_shown(&lab->display, screen, NULL, &shown));
	pp_gpu_buffer_info(&lab->gpu, lab->to[at], &drawn);
	printf("frame %u: the screen shows %u, %s memory\n", frame.sequence, shown.stamp.sequence,
	       pp_same_pages(&drawn, &shown.info) ? "the same" : "other");
}

int main(void)
{
	static struct lab lab;

	set_up(&lab);
	for (int i = 1; i <= 10; i++)
		show_frame(&lab, i % 2);
	pp_display_restore(&lab.display);	/* the kernel closes all else */
	return 0;
}
