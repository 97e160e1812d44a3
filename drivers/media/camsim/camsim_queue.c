// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/cleanup.h>
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/simbuf.h>

#include "camsim_drv.h"
#include "camsim_mem.h"
#include "camsim_queue.h"
#include "camsim_source.h"
#include "camsim_stream.h"

static struct camsim_buffer *to_camsim_buffer(struct vb2_buffer *vb)
{
	return container_of(to_vb2_v4l2_buffer(vb), struct camsim_buffer, base);
}

/* %NULL for a V4L2_MEMORY_DMABUF buffer that was never queued. */
struct camsim_mem *camsim_queue_mem(struct vb2_buffer *vb, unsigned int plane)
{
	return vb->planes[plane].mem_priv;
}

/**
 * camsim_queue_take_offsets - note where in its dma-bufs a client wants a frame
 * @cam: the camera, its lock held.
 * @arg: what is about to be queued or prepared.
 *
 * V4L2 lets a driver choose the data offset of what it captures. This one chooses
 * what the client asks for, so that several planes can be in one dma-buf.
 */
void camsim_queue_take_offsets(struct camsim *cam, const struct v4l2_buffer *arg)
{
	struct vb2_buffer *vb = vb2_get_buffer(&cam->queue, arg->index);
	unsigned int i;

	/* Of another type, arg->m.planes is not what the V4L2 core copied in. */
	if (!cam->mplane || arg->type != cam->queue.type || arg->memory != V4L2_MEMORY_DMABUF ||
	    !vb)
		return;
	/* One that is prepared or queued already stays as it is. */
	if (vb->state != VB2_BUF_STATE_DEQUEUED || vb->prepared)
		return;

	for (i = 0; i < min(vb->num_planes, arg->length); i++)
		to_camsim_buffer(vb)->data_offset[i] = arg->m.planes[i].data_offset;
}

static int camsim_queue_explain_plane(struct camsim *cam, const struct vb2_plane *plane, int fd,
				      u32 length)
{
	struct dma_buf *dmabuf = dma_buf_get(fd);
	size_t size;

	if (IS_ERR(dmabuf))
		return simbuf_refuse(-EINVAL, NULL, cam->sd, "file descriptor %d is no dma-buf",
				     fd);

	size = length ?: dmabuf->size;
	dma_buf_put(dmabuf);
	if (size < plane->min_length)
		return simbuf_refuse(-EINVAL, NULL, cam->sd,
				     "dma-buf has %zu bytes, a frame needs %u", size,
				     plane->min_length);
	return 0;
}

static int camsim_queue_explain_dmabuf(struct camsim *cam, const struct vb2_buffer *vb,
				       const struct v4l2_buffer *arg, int err)
{
	unsigned int i;

	if (!cam->mplane) {
		camsim_queue_explain_plane(cam, &vb->planes[0], arg->m.fd, arg->length);
		return err;
	}
	if (arg->length < vb->num_planes)
		return simbuf_refuse(err, NULL, cam->sd, "%u planes, buffer %u has %u",
				     arg->length, arg->index, vb->num_planes);
	for (i = 0; i < vb->num_planes; i++)
		if (camsim_queue_explain_plane(cam, &vb->planes[i], arg->m.planes[i].m.fd,
					       arg->m.planes[i].length))
			break;
	return err;
}

/**
 * camsim_queue_explain - say why videobuf2 did not take a buffer
 * @queue: a queue of a camera whose lock is held.
 * @arg: what userspace wanted to be queued or prepared.
 * @err: the error it gets.
 *
 * For what videobuf2 refuses by itself, and silently.
 *
 * Return: @err.
 */
int camsim_queue_explain(struct vb2_queue *queue, const struct v4l2_buffer *arg, int err)
{
	const struct vb2_buffer *vb = vb2_get_buffer(queue, arg->index);
	struct camsim *cam = vb2_get_drv_priv(queue);

	if (err != -EINVAL)
		return err;
	if (arg->type != queue->type)
		return simbuf_refuse(err, NULL, cam->sd,
				     "the node's buffers are of type %u, not %u", queue->type,
				     arg->type);
	if (!vb)
		return simbuf_refuse(err, NULL, cam->sd, "there is no buffer %u", arg->index);
	if (arg->memory != vb->memory)
		return simbuf_refuse(err, NULL, cam->sd, "buffer %u is of memory type %u, not %u",
				     arg->index, vb->memory, arg->memory);
	if (vb->state != VB2_BUF_STATE_DEQUEUED)
		return simbuf_refuse(err, NULL, cam->sd, "buffer %u is queued already",
				     arg->index);
	if (vb->memory == VB2_MEMORY_DMABUF)
		return camsim_queue_explain_dmabuf(cam, vb, arg, err);
	return err;
}

/**
 * camsim_queue_sizes - how large buffers are
 * @pix: the queue's format.
 * @num_planes: in and out: see &vb2_ops.queue_setup.
 * @sizes: in and out: likewise.
 *
 * Return: 0 or -EINVAL.
 */
int camsim_queue_sizes(const struct v4l2_pix_format_mplane *pix, unsigned int *num_planes,
		       unsigned int sizes[])
{
	unsigned int i;

	/* CREATE_BUFS brings its own sizes. */
	if (*num_planes && *num_planes != pix->num_planes)
		return -EINVAL;
	for (i = 0; i < *num_planes; i++)
		if (sizes[i] < pix->plane_fmt[i].sizeimage)
			return -EINVAL;
	if (*num_planes)
		return 0;

	*num_planes = pix->num_planes;
	for (i = 0; i < *num_planes; i++)
		sizes[i] = pix->plane_fmt[i].sizeimage;
	return 0;
}

static int camsim_queue_setup(struct vb2_queue *queue, unsigned int *num_buffers,
			      unsigned int *num_planes, unsigned int sizes[],
			      struct device *alloc_devs[])
{
	struct camsim *cam = vb2_get_drv_priv(queue);

	return camsim_queue_sizes(&cam->pix, num_planes, sizes);
}

/**
 * camsim_queue_map - make all planes of a buffer ready for the camera's DMA
 * @vb: the buffer.
 *
 * Return: 0, or why one cannot be mapped; then none is.
 */
int camsim_queue_map(struct vb2_buffer *vb)
{
	unsigned int i;
	int err;

	for (i = 0; i < vb->num_planes; i++) {
		err = camsim_mem_prepare(camsim_queue_mem(vb, i));
		if (err)
			goto err_finish;
	}
	return 0;

err_finish:
	while (i--)
		camsim_mem_finish(camsim_queue_mem(vb, i));
	return err;
}

/* Undoes camsim_queue_map(). */
void camsim_queue_unmap(struct vb2_buffer *vb)
{
	unsigned int i;

	for (i = 0; i < vb->num_planes; i++)
		camsim_mem_finish(camsim_queue_mem(vb, i));
}

static int camsim_plane_check(struct camsim *cam, struct vb2_buffer *vb, unsigned int plane)
{
	u32 offset = to_camsim_buffer(vb)->data_offset[plane];
	u32 needed = cam->pix.plane_fmt[plane].sizeimage;
	unsigned long size = vb2_plane_size(vb, plane);

	/* read() gives back what it has read, though the source has become larger: none comes. */
	if (vb2_fileio_is_active(vb->vb2_queue))
		return 0;
	if (size < needed)
		return simbuf_refuse(-EINVAL, NULL, cam->sd,
				     "plane %u of buffer %u has %lu bytes, a frame needs %u",
				     plane, vb->index, size, needed);
	if (offset > size - needed)
		return simbuf_refuse(-EINVAL, NULL, cam->sd,
				     "plane %u of buffer %u has %lu bytes, a frame at offset %u needs %u",
				     plane, vb->index, size, offset, needed);
	return 0;
}

static int camsim_buf_prepare(struct vb2_buffer *vb)
{
	struct camsim *cam = vb2_get_drv_priv(vb->vb2_queue);
	unsigned long used;
	unsigned int i;
	u32 offset;
	int err;

	for (i = 0; i < vb->num_planes; i++) {
		err = camsim_plane_check(cam, vb, i);
		if (err)
			return err;
	}

	err = camsim_queue_map(vb);
	if (err)
		return err;

	for (i = 0; i < vb->num_planes; i++) {
		/* What is used includes what is left out before. */
		offset = to_camsim_buffer(vb)->data_offset[i];
		vb->planes[i].data_offset = offset;
		used = offset + cam->pix.plane_fmt[i].sizeimage;
		vb2_set_plane_payload(vb, i, min(used, vb2_plane_size(vb, i)));
	}
	return 0;
}

static void camsim_buf_finish(struct vb2_buffer *vb)
{
	struct vb2_queue *queue = vb->vb2_queue;

	/* Who has the last frame may ask for the format of those to come. */
	if (to_camsim_buffer(vb)->base.flags & V4L2_BUF_FLAG_LAST)
		camsim_source_settle(vb2_get_drv_priv(queue));

	camsim_queue_unmap(vb);

	/* Every frame that read() dequeues is copied to the client. */
	if (vb2_fileio_is_active(queue) && vb2_is_streaming(queue) &&
	    vb->state == VB2_BUF_STATE_DONE)
		camsim_mem_account_copy(camsim_queue_mem(vb, 0), vb2_get_plane_payload(vb, 0));
}

/* False when the stream takes no more buffers. */
static bool camsim_queue_add(struct camsim *cam, struct camsim_buffer *buf, int *closed)
{
	guard(spinlock)(&cam->queued.lock);
	*closed = cam->queued.closed;
	if (!*closed)
		list_add_tail(&buf->link, &cam->queued.buffers);
	return !*closed;
}

static void camsim_buf_done(struct camsim_buffer *buf, enum vb2_buffer_state state, int err)
{
	/* First, so that whoever has dequeued a frame finds its fence signalled. */
	camsim_fence_finish(buf, err);
	vb2_buffer_done(&buf->base.vb2_buf, state);
}

/* There is no frame in it: for read() that is the end of the file. */
static void camsim_buf_clear(struct camsim_buffer *buf)
{
	struct vb2_buffer *vb = &buf->base.vb2_buf;
	unsigned int i;

	for (i = 0; i < vb->num_planes; i++)
		vb2_set_plane_payload(vb, i, 0);
}

static void camsim_buf_queue(struct vb2_buffer *vb)
{
	struct camsim *cam = vb2_get_drv_priv(vb->vb2_queue);
	struct camsim_buffer *buf = to_camsim_buffer(vb);
	int err = 0;

	if (cam->stream)
		err = camsim_fence_hand_over(cam, buf);
	if (err || !camsim_queue_add(cam, buf, &err)) {
		camsim_buf_clear(buf);
		camsim_buf_done(buf, VB2_BUF_STATE_ERROR, err);
	}
}

/**
 * camsim_queue_first - the buffer to be filled next
 * @cam: the camera.
 *
 * It stays queued until camsim_queue_done(). Only the stream takes buffers, so
 * it cannot go away before.
 *
 * Return: the buffer, or %NULL when none is queued.
 */
struct camsim_buffer *camsim_queue_first(struct camsim *cam)
{
	guard(spinlock)(&cam->queued.lock);
	return list_first_entry_or_null(&cam->queued.buffers, struct camsim_buffer, link);
}

/**
 * camsim_queue_done - give a buffer back to videobuf2
 * @cam: the camera.
 * @buf: the buffer.
 * @state: what has become of it.
 * @err: 0, or what is wrong with its frame.
 */
void camsim_queue_done(struct camsim *cam, struct camsim_buffer *buf,
		       enum vb2_buffer_state state, int err)
{
	spin_lock(&cam->queued.lock);
	list_del(&buf->link);
	spin_unlock(&cam->queued.lock);
	camsim_buf_done(buf, state, err);
}

/* Without a frame, and for good */
static void camsim_queue_return(struct camsim *cam, struct camsim_buffer *buf, int err)
{
	camsim_buf_clear(buf);
	camsim_queue_done(cam, buf, VB2_BUF_STATE_ERROR, err);
}

static void camsim_queue_return_all(struct camsim *cam, int err)
{
	struct camsim_buffer *buf;

	while ((buf = camsim_queue_first(cam)))
		camsim_queue_return(cam, buf, err);
}

/* There was no stream. They stay as they were queued, for the next one. */
static void camsim_queue_keep_all(struct camsim *cam, int err)
{
	struct camsim_buffer *buf;

	while ((buf = camsim_queue_first(cam)))
		camsim_queue_done(cam, buf, VB2_BUF_STATE_QUEUED, err);
}

/**
 * camsim_queue_hand_over - give the stream what was queued before it began
 * @cam: the camera, its lock held. The stream does not run yet.
 *
 * Return: 0 or -ENOMEM.
 */
int camsim_queue_hand_over(struct camsim *cam)
{
	struct camsim_buffer *buf;
	int err = 0;

	list_for_each_entry(buf, &cam->queued.buffers, link) {
		err = camsim_fence_hand_over(cam, buf);
		if (err)
			break;
	}
	return err;
}

/**
 * camsim_queue_return_fenced - give those back whose frames others wait for
 * @cam: the camera. Its stream stands still.
 * @err: why.
 */
void camsim_queue_return_fenced(struct camsim *cam, int err)
{
	struct camsim_buffer *buf, *next;

	list_for_each_entry_safe(buf, next, &cam->queued.buffers, link)
		if (buf->fences.frame)
			camsim_queue_return(cam, buf, err);
}

/**
 * camsim_queue_expire - give the first buffer back if others wait too long for it
 * @cam: the camera.
 *
 * Return: whether there was one: there may be more.
 */
bool camsim_queue_expire(struct camsim *cam)
{
	struct camsim_buffer *buf = camsim_queue_first(cam);

	if (!buf || ktime_before(ktime_get(), buf->fences.deadline))
		return false;
	simbuf_refuse(-ETIMEDOUT, NULL, cam->sd,
		      "buffer %u: no frame within 5 s, and others wait for its fence",
		      buf->base.vb2_buf.index);
	camsim_queue_return(cam, buf, -ETIMEDOUT);
	return true;
}

/**
 * camsim_queue_close - there will be no more frames
 * @cam: the camera.
 * @err: why. All buffers are given back with it, and those that come, at once.
 *
 * Until the stream is stopped.
 */
void camsim_queue_close(struct camsim *cam, int err)
{
	spin_lock(&cam->queued.lock);
	cam->queued.closed = err;
	spin_unlock(&cam->queued.lock);
	camsim_queue_return_all(cam, err);
}

/**
 * camsim_queue_may_start - may a queue begin to stream?
 * @vdev: its node, whose lock is held.
 *
 * Who reads, writes or polls may have waited for the lock while the camera went: nobody would stop
 * what it starts.
 *
 * Return: 0 or -ENODEV.
 */
int camsim_queue_may_start(struct video_device *vdev)
{
	return video_is_registered(vdev) ? 0 : -ENODEV;
}

static int camsim_start_streaming(struct vb2_queue *queue, unsigned int count)
{
	struct camsim *cam = vb2_get_drv_priv(queue);
	int err;

	err = camsim_queue_may_start(&cam->vdev);
	if (err)
		goto err_return;
	/*
	 * A client before that closed its file after the last frame, without
	 * STREAMOFF, left it (videobuf2 as of 7.2).
	 */
	vb2_clear_last_buffer_dequeued(queue);
	err = camsim_graph_start(cam);
	if (err)
		goto err_return;
	err = camsim_stream_start(cam);
	if (err)
		goto err_stop;
	return 0;

err_stop:
	camsim_graph_stop(cam);
err_return:
	camsim_queue_keep_all(cam, err);
	return err;
}

static void camsim_stop_streaming(struct vb2_queue *queue)
{
	struct camsim *cam = vb2_get_drv_priv(queue);
	int err = video_is_registered(&cam->vdev) ? -ECANCELED : -ENODEV;

	camsim_stream_stop(cam);
	camsim_graph_stop(cam);
	camsim_queue_return_all(cam, err);
	cam->queued.closed = 0;
	camsim_source_settle(cam);
}

static const struct vb2_ops camsim_queue_ops = {
	.queue_setup = camsim_queue_setup,
	.buf_prepare = camsim_buf_prepare,
	.buf_finish = camsim_buf_finish,
	.buf_queue = camsim_buf_queue,
	.start_streaming = camsim_start_streaming,
	.stop_streaming = camsim_stop_streaming,
	SIMLAB_VB2_WAIT
};

int camsim_queue_init(struct camsim *cam)
{
	struct vb2_queue *queue = &cam->queue;

	spin_lock_init(&cam->queued.lock);
	INIT_LIST_HEAD(&cam->queued.buffers);

	queue->type = cam->mplane ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE :
				    V4L2_BUF_TYPE_VIDEO_CAPTURE;
	queue->io_modes = VB2_MMAP | VB2_DMABUF | VB2_READ;
	queue->dev = simdev_device(cam->sd);
	queue->lock = &cam->lock;
	queue->ops = &camsim_queue_ops;
	queue->mem_ops = &camsim_mem_ops;
	queue->drv_priv = cam;
	queue->buf_struct_size = sizeof(struct camsim_buffer);
	/* The time in the stamp, which must be known before the pixels are written. */
	queue->timestamp_flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_TSTAMP_SRC_SOE;
	return vb2_queue_init(queue);
}
