// SPDX-License-Identifier: MIT
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/camera.h"
#include "port.h"

/* Some drivers want no fewer; one of them is used. */
#define BUFFERS 2
#define RATE 60

struct camera {
	struct port port;
	struct pp_camera camera;
	int dmabuf;		/* what is queued, for imported buffers */
	bool queued;
	bool streaming;
};

static bool stamps(const struct camera *camera)
{
	return !strcmp((const char *)camera->camera.capability.driver, "camsim");
}

static enum result queue(struct camera *camera)
{
	int ret;

	if (camera->queued)
		return RESULT_WORKS;
	ret = pp_camera_queue(&camera->camera, 0, camera->dmabuf);
	if (ret)
		return outcome_refused(camera->port.outcome, ret, "VIDIOC_QBUF");
	camera->queued = true;
	return RESULT_WORKS;
}

static enum result start(struct camera *camera)
{
	int ret;

	if (camera->streaming)
		return RESULT_WORKS;
	ret = pp_camera_start(&camera->camera);
	if (ret)
		return outcome_refused(camera->port.outcome, ret, "VIDIOC_STREAMON");
	camera->streaming = true;
	return RESULT_WORKS;
}

static enum result dequeue(struct camera *camera, struct pp_frame *frame)
{
	struct pollfd poll_fd = { .fd = camera->camera.fd, .events = POLLIN };
	int ret;

	if (poll(&poll_fd, 1, PORT_WAIT_MS) != 1)
		return outcome_error(camera->port.outcome, ETIME, "the camera's frame");
	ret = pp_camera_dequeue(&camera->camera, frame);
	if (ret < 0)
		return outcome_error(camera->port.outcome, ret, NULL);
	if (!ret || frame->damaged)
		return outcome_error(camera->port.outcome, EIO, "the camera's frame");
	camera->queued = false;
	return RESULT_WORKS;
}

static enum result camera_write(struct port *port, struct content *content)
{
	struct camera *camera = (struct camera *)port;
	enum result result = queue(camera);
	struct pp_frame frame;

	if (result == RESULT_WORKS)
		result = start(camera);
	if (result == RESULT_WORKS)
		result = dequeue(camera, &frame);
	if (result != RESULT_WORKS)
		return result;
	*content = (struct content) {
		.kind = stamps(camera) ? CONTENT_STAMPED : CONTENT_ANYTHING,
		.number = frame.sequence,
	};
	return RESULT_WORKS;
}

static enum result camera_import(struct port *port, int dmabuf)
{
	struct camera *camera = (struct camera *)port;

	camera->dmabuf = dmabuf;
	return queue(camera);
}

static struct camera *camera_open(const struct port_base *base, const char *path,
				  enum v4l2_memory memory)
{
	struct camera *camera = calloc(1, sizeof(*camera));

	if (!camera) {
		outcome_error(base->outcome, ENOMEM, "a port");
		return NULL;
	}
	camera->port = (struct port) {
		.name = "the camera",
		.images = base->images,
		.outcome = base->outcome,
		.write = camera_write,
		.writes_frames = true,
	};
	if (!pp_camera_open(&camera->camera, path, &base->outcome->why) &&
	    !pp_camera_set_format(&camera->camera, pp_format_by_name("XRGB8888"), IMAGE_WIDTH,
				  IMAGE_HEIGHT, IMAGE_PITCH) &&
	    !pp_camera_set_rate(&camera->camera, RATE) &&
	    !pp_camera_request_buffers(&camera->camera, memory, BUFFERS))
		return camera;
	free(camera);
	return NULL;
}

struct port *camera_port(const struct port_base *base, const char *path)
{
	struct camera *camera = camera_open(base, path, V4L2_MEMORY_DMABUF);

	if (!camera)
		return NULL;
	camera->port.import = camera_import;
	return &camera->port;
}

struct port *camera_port_own(const struct port_base *base, const char *path, int *dmabuf)
{
	struct camera *camera = camera_open(base, path, V4L2_MEMORY_MMAP);

	if (!camera)
		return NULL;
	if (!pp_camera_export(&camera->camera, 0, dmabuf))
		return &camera->port;
	free(camera);
	return NULL;
}
