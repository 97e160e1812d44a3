// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: the output queue, and whose format it is
 *
 * The first who streams decides on the format. A producer sets that of a capture
 * node which has no buffers, and announces it there (V4L2_EVENT_SOURCE_CHANGE); as
 * long as it streams, the capture node has no other. Where the capture node has
 * buffers already, the producer may only have its format.
 */
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/simbuf.h>

#include "camsim_drv.h"
#include "camsim_event.h"
#include "camsim_mem.h"
#include "camsim_pix.h"
#include "camsim_producer.h"
#include "camsim_producer_frames.h"
#include "camsim_queue.h"
#include "camsim_sensor.h"
#include "camsim_video.h"

/* One is shown, the other one is being made. */
#define CAMSIM_PRODUCER_MIN_BUFFERS	2

static struct camsim_producer_buffer *to_camsim_producer_buffer(struct vb2_buffer *vb)
{
	return container_of(to_vb2_v4l2_buffer(vb), struct camsim_producer_buffer, base);
}

static struct camsim_producer *camsim_producer_of(struct vb2_queue *queue)
{
	return container_of(queue, struct camsim_producer, queue);
}

static int camsim_producer_queue_setup(struct vb2_queue *queue, unsigned int *num_buffers,
				       unsigned int *num_planes, unsigned int sizes[],
				       struct device *alloc_devs[])
{
	return camsim_queue_sizes(&camsim_producer_of(queue)->pix, num_planes, sizes);
}

static int camsim_producer_buf_out_validate(struct vb2_buffer *vb)
{
	to_vb2_v4l2_buffer(vb)->field = V4L2_FIELD_NONE;
	return 0;
}

static int camsim_producer_plane_check(struct camsim_producer *producer, struct vb2_buffer *vb,
				       unsigned int plane)
{
	unsigned long used = vb2_get_plane_payload(vb, plane);
	u32 offset = vb->planes[plane].data_offset;
	u32 needed = producer->layout.sizeimage[plane];

	if (used > vb2_plane_size(vb, plane) || offset > used || used - offset < needed)
		return simbuf_refuse(-EINVAL, NULL, producer->cam->sd,
				     "plane %u of buffer %u has %lu bytes from offset %u on, a frame needs %u",
				     plane, vb->index, used - min_t(unsigned long, offset, used),
				     offset, needed);
	return 0;
}

static int camsim_producer_buf_prepare(struct vb2_buffer *vb)
{
	struct camsim_producer *producer = camsim_producer_of(vb->vb2_queue);
	unsigned int i;
	int err;

	/* Of write(): copied from the client, and full, though videobuf2 says it is empty. */
	if (vb2_fileio_is_active(vb->vb2_queue)) {
		vb2_set_plane_payload(vb, 0, vb2_plane_size(vb, 0));
		camsim_mem_account_copy(camsim_queue_mem(vb, 0), vb2_plane_size(vb, 0));
	}
	for (i = 0; i < vb->num_planes; i++) {
		err = camsim_producer_plane_check(producer, vb, i);
		if (err)
			return err;
	}
	return camsim_queue_map(vb);
}

/* Half of a camera's frame */
static s64 camsim_producer_margin(struct camsim *cam)
{
	struct v4l2_fract interval;

	camsim_sensor_get_interval(cam, &interval);
	return div_u64((u64)interval.numerator * NSEC_PER_SEC, interval.denominator) / 2;
}

static void camsim_producer_buf_queue(struct vb2_buffer *vb)
{
	struct camsim_producer *producer = camsim_producer_of(vb->vb2_queue);
	struct camsim_producer_buffer *buf = to_camsim_producer_buffer(vb);
	s64 due;

	buf->base.sequence = producer->sequence++;
	due = camsim_timeline_place(&producer->timeline, vb->timestamp, ktime_get_ns(),
				    camsim_producer_margin(producer->cam),
				    vb2_get_num_buffers(vb->vb2_queue) - 1);
	buf->due = ns_to_ktime(due);
	camsim_producer_add(producer, buf);
}

/* The camera's clients are told, if it is another size or pixel format. */
static void camsim_producer_impose_format(struct camsim_producer *producer)
{
	struct camsim *cam = producer->cam;
	struct v4l2_pix_format_mplane pix = cam->pix;
	bool same = camsim_pix_same_picture(&pix, &producer->pix);

	camsim_pix_set_picture(&pix, &producer->pix);
	camsim_format_adjust(&pix, cam->mplane);
	camsim_video_take_format(cam, &pix);
	if (!same)
		camsim_event_source_change(cam);
}

/* The camera gets the producer's format, or has it already. */
static int camsim_producer_agree(struct camsim_producer *producer)
{
	const struct v4l2_pix_format_mplane *pix = &producer->pix;
	struct camsim *cam = producer->cam;

	lockdep_assert_held(&cam->lock);
	if (!vb2_is_busy(&cam->queue)) {
		camsim_producer_impose_format(producer);
		return 0;
	}
	if (!camsim_pix_same_picture(pix, &cam->pix))
		return simbuf_refuse(-EPIPE, NULL, cam->sd,
				     "the producer has %ux%u %.4s, the capture node has buffers for %ux%u %.4s",
				     pix->width, pix->height, (const char *)&pix->pixelformat,
				     cam->pix.width, cam->pix.height,
				     (const char *)&cam->pix.pixelformat);
	if (cam->compose.width != pix->width || cam->compose.height != pix->height)
		return simbuf_refuse(-EPIPE, NULL, cam->sd,
				     "the capture node composes into %ux%u of its frames, the producer has %ux%u",
				     cam->compose.width, cam->compose.height, pix->width,
				     pix->height);
	return 0;
}

/* Frames that come now begin at the beginning. */
static void camsim_producer_rewind(struct camsim_producer *producer)
{
	producer->timeline = (struct camsim_timeline) {};
	producer->sequence = 0;
}

static int camsim_producer_start_streaming(struct vb2_queue *queue, unsigned int count)
{
	struct camsim_producer *producer = camsim_producer_of(queue);
	int err;

	err = camsim_queue_may_start(&producer->vdev);
	if (!err)
		err = camsim_producer_agree(producer);
	if (err) {
		camsim_producer_return_all(producer, VB2_BUF_STATE_QUEUED);
		camsim_producer_rewind(producer);
		return err;
	}

	camsim_producer_start(producer);
	return 0;
}

static void camsim_producer_stop_streaming(struct vb2_queue *queue)
{
	struct camsim_producer *producer = camsim_producer_of(queue);

	camsim_producer_stop(producer);
	camsim_producer_return_all(producer, VB2_BUF_STATE_ERROR);
	camsim_producer_rewind(producer);
}

static const struct vb2_ops camsim_producer_queue_ops = {
	.queue_setup = camsim_producer_queue_setup,
	.buf_out_validate = camsim_producer_buf_out_validate,
	.buf_prepare = camsim_producer_buf_prepare,
	.buf_finish = camsim_queue_unmap,
	.buf_queue = camsim_producer_buf_queue,
	.start_streaming = camsim_producer_start_streaming,
	.stop_streaming = camsim_producer_stop_streaming,
	SIMLAB_VB2_WAIT
};

/**
 * camsim_producer_queue_init - prepare the output queue
 * @producer: the producer.
 *
 * Return: 0 or an error.
 */
int camsim_producer_queue_init(struct camsim_producer *producer)
{
	struct vb2_queue *queue = &producer->queue;
	struct camsim *cam = producer->cam;

	queue->type = cam->mplane ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE :
				    V4L2_BUF_TYPE_VIDEO_OUTPUT;
	queue->io_modes = VB2_MMAP | VB2_DMABUF | VB2_WRITE;
	queue->dev = simdev_device(cam->sd);
	queue->lock = &cam->lock;
	queue->ops = &camsim_producer_queue_ops;
	queue->mem_ops = &camsim_mem_ops;
	queue->drv_priv = cam;
	queue->buf_struct_size = sizeof(struct camsim_producer_buffer);
	queue->min_reqbufs_allocation = CAMSIM_PRODUCER_MIN_BUFFERS;
	queue->timestamp_flags = V4L2_BUF_FLAG_TIMESTAMP_COPY;
	return vb2_queue_init(queue);
}
