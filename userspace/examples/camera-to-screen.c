// SPDX-License-Identifier: MIT
/* camera-to-screen - GPU and display allocate, camera and GPU import: ten frames, no copy. */
#include <err.h>
#include <poll.h>
#include <primepipe/primepipe.h>
#include <stdio.h>
#include <unistd.h>

static struct pp_error error;

static void check(int ret)
{
	if (ret < 0)
		errx(1, "%s", error.text);
}

int main(void)
{
	struct pp_framebuffer screen[2];	/* one is shown, the other one drawn */
	struct pp_display display;
	struct pp_camera camera;
	struct pp_gpu gpu;
	uint32_t from, to[2];	/* the GPU's handles of the camera's buffer and of these */
	int dmabuf, fence;	/* of the camera's buffer; of the GPU's job */

	check(pp_camera_open(&camera, NULL, &error));
	check(pp_gpu_open(&gpu, NULL, &error));
	check(pp_display_open(&display, NULL, "primesim", &error));
	check(pp_camera_set_format(&camera, pp_format_by_name("YUYV"), 640, 480, 0));
	check(pp_gpu_create(&gpu, camera.layout.size, &from));
	check(pp_drm_export(&gpu.device, from, &dmabuf));
	check(pp_camera_request_buffers(&camera, V4L2_MEMORY_DMABUF, 1));
	check(pp_display_choose_mode(&display, 640, 480));
	for (int i = 0; i < 2; i++) {
		check(pp_framebuffer_create(&display, &screen[i]));
		check(pp_drm_import(&gpu.device, screen[i].dmabuf, &to[i]));
	}
	check(pp_display_enable(&display, &screen[0]));
	check(pp_camera_start(&camera));
	for (int i = 1; i <= 10; i++) {
		struct pp_framebuffer *next = &screen[i % 2];
		struct simbuf_info drawn = { 0 };
		struct pp_frame frame;
		struct pp_shown shown;
		struct pp_flip flip;

		check(pp_camera_queue(&camera, 0, dmabuf));
		poll(&(struct pollfd) { .fd = camera.fd, .events = POLLIN }, 1, -1);
		check(pp_camera_dequeue(&camera, &frame));
		check(pp_gpu_blit(&gpu, from, &camera.layout, to[i % 2], &next->layout, &fence));
		check(pp_display_flip(&display, next, fence));
		close(fence);
		check(pp_display_read_flip(&display, &flip));
		check(pp_display_read_shown(&display, next, NULL, &shown));
		pp_gpu_buffer_info(&gpu, to[i % 2], &drawn);
		printf("frame %u: the screen shows %u, %s memory\n", frame.sequence,
		       shown.stamp.sequence, pp_same_pages(&drawn, &shown.info) ? "same" : "other");
	}
	pp_display_restore(&display);	/* the kernel closes all else */
}
