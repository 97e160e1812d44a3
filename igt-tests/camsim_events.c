// SPDX-License-Identifier: MIT
/*
 * What the camera tells besides frames: events, and what poll() and select() say.
 */
#include <fcntl.h>
#include <linux/camsim.h>
#include <poll.h>
#include <pthread.h>
#include <sys/select.h>
#include <unistd.h>
#include "camera.h"
#include "device.h"
#include "lab.h"

IGT_TEST_DESCRIPTION("the camera's events, poll() and select() are V4L2's");

#define CAPTURE		V4L2_BUF_TYPE_VIDEO_CAPTURE
#define BUFFERS		4

/* A camera that has buffers and does not stream, each call returning at once */
static void camera_open(struct lab_camera *camera)
{
	lab_camera_open(camera, V4L2_PIX_FMT_YUYV, 320, 240);
	igt_assert_eq(fcntl(camera->fd, F_SETFL, O_NONBLOCK), 0);
	lab_camera_request(camera, V4L2_MEMORY_MMAP, BUFFERS);
}

static void queue_all(const struct lab_camera *camera)
{
	for (int i = 0; i < BUFFERS; i++)
		igt_assert_eq(lab_camera_queue_own(camera, i), 0);
}

static int subscription(int fd, unsigned long request, uint32_t type, uint32_t id)
{
	struct v4l2_event_subscription arg = { .type = type, .id = id };

	return lab_ioctl(fd, request, &arg);
}

static void subscribe(const struct lab_camera *camera, uint32_t type, uint32_t id)
{
	igt_assert_eq(subscription(camera->fd, VIDIOC_SUBSCRIBE_EVENT, type, id), 0);
}

static int try_event(const struct lab_camera *camera, struct v4l2_event *event)
{
	return lab_ioctl(camera->fd, VIDIOC_DQEVENT, event);
}

static struct v4l2_event wait_event(const struct lab_camera *camera, uint32_t type)
{
	struct v4l2_event event;

	igt_assert(lab_poll(camera->fd, POLLPRI, LAB_FRAME_MS));
	igt_assert_eq(try_event(camera, &event), 0);
	igt_assert_eq_u32(event.type, type);
	return event;
}

static void no_event(const struct lab_camera *camera)
{
	struct v4l2_event event;

	igt_assert(!lab_poll(camera->fd, POLLPRI, 0));
	igt_assert_eq(try_event(camera, &event), -ENOENT);
}

/* Events */

static void control(const char *unused)
{
	struct lab_camera camera, other;
	struct v4l2_event event;

	lab_camera_open(&other, V4L2_PIX_FMT_YUYV, 320, 240);
	camera_open(&camera);
	subscribe(&other, V4L2_EVENT_CTRL, V4L2_CID_CAMSIM_EARLY_FENCES);
	igt_assert_eq(fcntl(other.fd, F_SETFL, O_NONBLOCK), 0);
	no_event(&other);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_EARLY_FENCES, 1);
	event = wait_event(&other, V4L2_EVENT_CTRL);
	igt_assert_eq_u32(event.id, V4L2_CID_CAMSIM_EARLY_FENCES);
	igt_assert(event.u.ctrl.changes & V4L2_EVENT_CTRL_CH_VALUE);
	igt_assert_eq(event.u.ctrl.value, 1);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_EARLY_FENCES, 0);
	lab_camera_close(&other);
	lab_camera_close(&camera);
}

static void end_of_stream(const char *unused)
{
	struct v4l2_buffer buffer;
	struct lab_camera camera;

	camera_open(&camera);
	subscribe(&camera, V4L2_EVENT_EOS, 0);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_END_IN, 2);
	queue_all(&camera);
	lab_camera_start(&camera);
	wait_event(&camera, V4L2_EVENT_EOS);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	igt_assert(!(buffer.flags & V4L2_BUF_FLAG_LAST));
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	igt_assert(buffer.flags & V4L2_BUF_FLAG_LAST);
	no_event(&camera);

	/* Not when the client itself stops. */
	lab_camera_stop(&camera);
	no_event(&camera);
	lab_camera_close(&camera);
}

static void source_change(const char *unused)
{
	struct lab_camera camera;
	struct v4l2_event event;

	camera_open(&camera);
	subscribe(&camera, V4L2_EVENT_SOURCE_CHANGE, 0);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_SOURCE_CHANGE_IN, 2);
	queue_all(&camera);
	lab_camera_start(&camera);
	event = wait_event(&camera, V4L2_EVENT_SOURCE_CHANGE);
	igt_assert_eq_u32(event.u.src_change.changes, V4L2_EVENT_SRC_CH_RESOLUTION);
	for (int i = 0; i < BUFFERS; i++)
		lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	no_event(&camera);
	lab_camera_close(&camera);
}

/* Who is slow misses some, and V4L2 counts them. */
static void frame_sync(const char *unused)
{
	uint32_t first_frame = 0, first_event = 0;
	struct v4l2_buffer buffer;
	struct lab_camera camera;
	struct v4l2_event event;

	camera_open(&camera);
	subscribe(&camera, V4L2_EVENT_FRAME_SYNC, 0);
	lab_camera_start(&camera);
	for (int i = 0; i < 20; i++) {
		event = wait_event(&camera, V4L2_EVENT_FRAME_SYNC);
		if (!i) {
			first_frame = event.u.frame_sync.frame_sequence;
			first_event = event.sequence;
		}
		igt_assert_eq_u32(event.u.frame_sync.frame_sequence - first_frame,
				  event.sequence - first_event);
	}
	/* A frame's event comes before the frame. */
	queue_all(&camera);
	buffer = lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	while (event.u.frame_sync.frame_sequence < buffer.sequence)
		igt_assert_eq(try_event(&camera, &event), 0);
	lab_camera_close(&camera);
}

static void unsubscribed(const char *unused)
{
	struct lab_camera camera;

	camera_open(&camera);
	igt_assert_eq(subscription(camera.fd, VIDIOC_SUBSCRIBE_EVENT, V4L2_EVENT_MOTION_DET, 0),
		      -EINVAL);
	igt_assert_eq(subscription(camera.fd, VIDIOC_SUBSCRIBE_EVENT, V4L2_EVENT_ALL, 0),
		      -EINVAL);
	subscribe(&camera, V4L2_EVENT_FRAME_SYNC, 0);
	igt_assert_eq(subscription(camera.fd, VIDIOC_UNSUBSCRIBE_EVENT, V4L2_EVENT_ALL, 0), 0);
	queue_all(&camera);
	lab_camera_start(&camera);
	lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	no_event(&camera);
	lab_camera_close(&camera);
}

/* poll(), select(), DQBUF */

static short polled(const struct lab_camera *camera)
{
	struct pollfd pollfd = { .fd = camera->fd, .events = POLLIN };

	igt_assert(poll(&pollfd, 1, 0) >= 0);
	return pollfd.revents;
}

static void poll_states(const char *unused)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = V4L2_MEMORY_MMAP };
	struct lab_camera camera;

	camera_open(&camera);
	igt_assert_eq(polled(&camera), POLLERR);
	lab_camera_start(&camera);
	igt_assert_eq(polled(&camera), POLLERR);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &buffer), -EAGAIN);

	lab_camera_set(&camera, V4L2_CID_CAMSIM_STALL_MS, 60000);
	lab_sleep(100);
	queue_all(&camera);
	igt_assert_eq(polled(&camera), 0);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &buffer), -EAGAIN);

	lab_camera_stop(&camera);
	igt_assert_eq(polled(&camera), POLLERR);
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &buffer), -EINVAL);
	queue_all(&camera);
	lab_camera_start(&camera);
	igt_assert(lab_poll(camera.fd, POLLIN, LAB_FRAME_MS));
	igt_assert_eq(polled(&camera), POLLIN);
	lab_camera_close(&camera);
}

static void select_states(const char *unused)
{
	struct timeval at_once = {}, later = { .tv_sec = LAB_FRAME_MS / 1000 };
	struct lab_camera camera;
	fd_set set;

	camera_open(&camera);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_STALL_MS, 300);
	queue_all(&camera);
	lab_camera_start(&camera);
	FD_ZERO(&set);
	FD_SET(camera.fd, &set);
	igt_assert_eq(select(camera.fd + 1, &set, NULL, NULL, &at_once), 0);
	FD_SET(camera.fd, &set);
	igt_assert_eq(select(camera.fd + 1, &set, NULL, NULL, &later), 1);
	igt_assert(FD_ISSET(camera.fd, &set));
	lab_camera_dequeue(&camera, V4L2_MEMORY_MMAP);
	lab_camera_close(&camera);
}

static void *stop_later(void *camera)
{
	lab_sleep(200);
	lab_camera_stop(camera);
	return NULL;
}

/* Somebody sleeps in DQBUF while another thread ends the stream. */
static void stopped_while_waiting(const char *unused)
{
	struct v4l2_buffer buffer = { .type = CAPTURE, .memory = V4L2_MEMORY_MMAP };
	struct lab_camera camera;
	pthread_t thread;

	camera_open(&camera);
	igt_assert_eq(fcntl(camera.fd, F_SETFL, 0), 0);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_STALL_MS, 60000);
	queue_all(&camera);
	lab_camera_start(&camera);
	igt_assert_eq(pthread_create(&thread, NULL, stop_later, &camera), 0);
	igt_set_timeout(20, "DQBUF while another thread calls STREAMOFF");
	igt_assert_eq(lab_ioctl(camera.fd, VIDIOC_DQBUF, &buffer), -EINVAL);
	igt_reset_timeout();
	igt_assert_eq(pthread_join(thread, NULL), 0);
	lab_camera_set(&camera, V4L2_CID_CAMSIM_STALL_MS, 0);
	lab_camera_close(&camera);
}

static const struct lab_test tests[] = {
	{ "control", control, "Others hear of a changed control." },
	{ "end-of-stream", end_of_stream, "EOS with the last frame, and not with STREAMOFF." },
	{ "source-change", source_change, "The event comes once, and frames go on." },
	{ "frame-sync", frame_sync,
	  "One for each frame, with or without a buffer, and before it." },
	{ "unsubscribed", unsubscribed, "EINVAL for events no camera has; none without asking." },
	{ "poll", poll_states, "POLLERR without a stream or buffers, POLLIN with a frame." },
	{ "select", select_states, "Readable when there is a frame." },
	{ "stopped-while-waiting", stopped_while_waiting, "STREAMOFF wakes DQBUF with EINVAL." },
};

igt_main()
{
	lab_run(tests, NULL);
}
