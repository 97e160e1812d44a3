// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The output node: /dev/videoN for the producer, and its ioctls.
 */
#include <linux/module.h>
#include <linux/simbuf.h>
#include <linux/string.h>

#include <media/v4l2-fh.h>
#include <media/v4l2-ioctl.h>

#include "camsim_drv.h"
#include "camsim_format.h"
#include "camsim_pix.h"
#include "camsim_producer.h"
#include "camsim_queue.h"
#include "camsim_video.h"

static struct camsim_producer *camsim_producer_of_file(struct file *file)
{
	return container_of(video_devdata(file), struct camsim_producer, vdev);
}

static int camsim_producer_querycap(struct file *file, void *priv, struct v4l2_capability *caps)
{
	struct camsim *cam = camsim_producer_of_file(file)->cam;

	strscpy(caps->driver, CAMSIM_NAME);
	snprintf(caps->card, sizeof(caps->card), "%s producer %u", CAMSIM_NAME, cam->index);
	snprintf(caps->bus_info, sizeof(caps->bus_info), "platform:%s-%03u", CAMSIM_NAME,
		 cam->index);
	return 0;
}

/* Output: there is one, the camera. */

static int camsim_producer_enum_output(struct file *file, void *priv, struct v4l2_output *output)
{
	if (output->index)
		return -EINVAL;

	strscpy(output->name, "Camera");
	output->type = V4L2_OUTPUT_TYPE_ANALOG;
	return 0;
}

static int camsim_producer_g_output(struct file *file, void *priv, unsigned int *output)
{
	*output = 0;
	return 0;
}

static int camsim_producer_s_output(struct file *file, void *priv, unsigned int output)
{
	return output ? -EINVAL : 0;
}

/* Format */

/* The only one there is while the capture node has buffers for it */
static const struct v4l2_pix_format_mplane *camsim_producer_fixed(struct camsim_producer *producer)
{
	struct camsim *cam = producer->cam;

	return vb2_is_busy(&cam->queue) ? &cam->pix : NULL;
}

static int camsim_producer_enum_fmt(struct file *file, void *priv, struct v4l2_fmtdesc *desc)
{
	struct camsim_producer *producer = camsim_producer_of_file(file);

	return camsim_pix_enum(desc, producer->cam->mplane, camsim_producer_fixed(producer));
}

static int camsim_producer_enum_framesizes(struct file *file, void *priv,
					   struct v4l2_frmsizeenum *sizes)
{
	struct camsim_producer *producer = camsim_producer_of_file(file);

	return camsim_pix_enum_sizes(sizes, producer->cam->mplane, camsim_producer_fixed(producer));
}

/*
 * Clients begin with what G_FMT said. Of another picture, the length of its lines is
 * no wish: who does not look at what comes out of S_FMT has lines without padding.
 */
static void camsim_producer_forget_lines(const struct camsim_producer *producer,
					 struct v4l2_pix_format_mplane *pix)
{
	const struct v4l2_pix_format_mplane *now = &producer->pix;
	unsigned int i;

	if (camsim_pix_same_picture(pix, now))
		return;
	for (i = 0; i < now->num_planes; i++) {
		if (pix->plane_fmt[i].bytesperline == now->plane_fmt[i].bytesperline)
			pix->plane_fmt[i].bytesperline = 0;
		if (pix->plane_fmt[i].sizeimage == now->plane_fmt[i].sizeimage)
			pix->plane_fmt[i].sizeimage = 0;
	}
}

/* What a producer says of its colours is so: nobody else can know. */
static void camsim_producer_adjust(struct camsim_producer *producer,
				   struct v4l2_pix_format_mplane *pix)
{
	camsim_producer_forget_lines(producer, pix);
	pix->flags = V4L2_PIX_FMT_FLAG_SET_CSC;
	camsim_format_adjust(pix, producer->cam->mplane);
}

static void camsim_producer_try_pix(struct camsim_producer *producer,
				    struct v4l2_pix_format_mplane *pix)
{
	const struct v4l2_pix_format_mplane *fixed = camsim_producer_fixed(producer);

	camsim_producer_adjust(producer, pix);
	if (fixed) {
		camsim_pix_set_picture(pix, fixed);
		camsim_format_adjust(pix, producer->cam->mplane);
	}
}

/* No buffer has the format before. */
static void camsim_producer_take_pix(struct camsim_producer *producer,
				     const struct v4l2_pix_format_mplane *pix)
{
	const struct v4l2_rect whole = { .width = pix->width, .height = pix->height };

	producer->pix = *pix;
	camsim_format_layout(pix, &whole, &producer->layout);
}

static int camsim_producer_set_pix(struct camsim_producer *producer,
				   struct v4l2_pix_format_mplane *pix)
{
	const struct v4l2_pix_format_mplane *fixed = camsim_producer_fixed(producer);

	if (vb2_is_busy(&producer->queue))
		return -EBUSY;

	camsim_producer_adjust(producer, pix);
	if (fixed && !camsim_pix_same_picture(pix, fixed))
		return simbuf_refuse(-EBUSY, NULL, producer->cam->sd,
				     "the capture node has buffers for %ux%u %.4s, so a producer cannot have %ux%u %.4s",
				     fixed->width, fixed->height, (const char *)&fixed->pixelformat,
				     pix->width, pix->height, (const char *)&pix->pixelformat);
	camsim_producer_try_pix(producer, pix);
	camsim_producer_take_pix(producer, pix);
	return 0;
}

/* Both kinds of nodes have the same operations, for both APIs: each has the buffer type of one. */

static int camsim_producer_g_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct camsim_producer *producer = camsim_producer_of_file(file);

	return camsim_pix_write(format, &producer->pix, producer->cam->mplane);
}

static int camsim_producer_try_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct camsim_producer *producer = camsim_producer_of_file(file);
	struct v4l2_pix_format_mplane pix;
	int err;

	err = camsim_pix_read(&pix, format, producer->cam->mplane);
	if (err)
		return err;
	camsim_producer_try_pix(producer, &pix);
	return camsim_pix_write(format, &pix, producer->cam->mplane);
}

static int camsim_producer_s_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct camsim_producer *producer = camsim_producer_of_file(file);
	struct v4l2_pix_format_mplane pix;
	int err;

	err = camsim_pix_read(&pix, format, producer->cam->mplane);
	if (!err)
		err = camsim_producer_set_pix(producer, &pix);
	return err ? err : camsim_pix_write(format, &pix, producer->cam->mplane);
}

/* Buffers */

/*
 * When videobuf2 (as of 7.2) lets go of a dma-buf, as it does after refusing it, it takes the
 * plane for one of no bytes, and would refuse whatever is queued there afterwards.
 */
static void camsim_producer_restore_length(struct vb2_queue *queue, const struct v4l2_buffer *arg)
{
	struct vb2_buffer *vb = vb2_get_buffer(queue, arg->index);

	if (vb && vb->memory == VB2_MEMORY_DMABUF && !vb->planes[0].mem_priv)
		vb->planes[0].length = vb->planes[0].min_length;
}

static int camsim_producer_qbuf(struct file *file, void *priv, struct v4l2_buffer *arg)
{
	int err;

	camsim_producer_restore_length(video_devdata(file)->queue, arg);
	err = vb2_ioctl_qbuf(file, priv, arg);
	return err ? camsim_queue_explain(video_devdata(file)->queue, arg, err) : 0;
}

static int camsim_producer_prepare_buf(struct file *file, void *priv, struct v4l2_buffer *arg)
{
	int err;

	camsim_producer_restore_length(video_devdata(file)->queue, arg);
	err = vb2_ioctl_prepare_buf(file, priv, arg);
	return err ? camsim_queue_explain(video_devdata(file)->queue, arg, err) : 0;
}

static const struct v4l2_ioctl_ops camsim_producer_ioctl_ops = {
	.vidioc_querycap = camsim_producer_querycap,

	.vidioc_enum_output = camsim_producer_enum_output,
	.vidioc_g_output = camsim_producer_g_output,
	.vidioc_s_output = camsim_producer_s_output,

	.vidioc_enum_fmt_vid_out = camsim_producer_enum_fmt,
	.vidioc_g_fmt_vid_out = camsim_producer_g_fmt,
	.vidioc_s_fmt_vid_out = camsim_producer_s_fmt,
	.vidioc_try_fmt_vid_out = camsim_producer_try_fmt,
	.vidioc_g_fmt_vid_out_mplane = camsim_producer_g_fmt,
	.vidioc_s_fmt_vid_out_mplane = camsim_producer_s_fmt,
	.vidioc_try_fmt_vid_out_mplane = camsim_producer_try_fmt,
	.vidioc_enum_framesizes = camsim_producer_enum_framesizes,

	.vidioc_reqbufs = vb2_ioctl_reqbufs,
	.vidioc_create_bufs = vb2_ioctl_create_bufs,
	.vidioc_remove_bufs = vb2_ioctl_remove_bufs,
	.vidioc_prepare_buf = camsim_producer_prepare_buf,
	.vidioc_querybuf = vb2_ioctl_querybuf,
	.vidioc_qbuf = camsim_producer_qbuf,
	.vidioc_dqbuf = vb2_ioctl_dqbuf,
	.vidioc_expbuf = vb2_ioctl_expbuf,
	.vidioc_streamon = vb2_ioctl_streamon,
	.vidioc_streamoff = vb2_ioctl_streamoff,

	.vidioc_default = camsim_ioctl_default,
};

static const struct v4l2_file_operations camsim_producer_file_ops = {
	.owner = THIS_MODULE,
	.open = v4l2_fh_open,
	.release = vb2_fop_release,
	.unlocked_ioctl = video_ioctl2,
	.write = vb2_fop_write,
	.poll = vb2_fop_poll,
	.mmap = vb2_fop_mmap,
};

/**
 * camsim_producer_video_register - register the output node
 * @producer: the producer, its queue set up.
 *
 * Return: 0 or an error.
 */
int camsim_producer_video_register(struct camsim_producer *producer)
{
	struct v4l2_pix_format_mplane pix = { .width = 640, .height = 480 };
	struct video_device *vdev = &producer->vdev;
	struct camsim *cam = producer->cam;

	camsim_format_adjust(&pix, cam->mplane);
	camsim_producer_take_pix(producer, &pix);

	snprintf(vdev->name, sizeof(vdev->name), "%s producer", cam->v4l2_dev.name);
	vdev->v4l2_dev = &cam->v4l2_dev;
	vdev->vfl_dir = VFL_DIR_TX;
	vdev->queue = &producer->queue;
	vdev->lock = &cam->lock;
	vdev->fops = &camsim_producer_file_ops;
	vdev->ioctl_ops = &camsim_producer_ioctl_ops;
	vdev->device_caps = V4L2_CAP_STREAMING | V4L2_CAP_READWRITE;
	vdev->device_caps |= cam->mplane ? V4L2_CAP_VIDEO_OUTPUT_MPLANE : V4L2_CAP_VIDEO_OUTPUT;
	/* It is part of struct camsim_producer, which v4l2_dev frees. */
	vdev->release = video_device_release_empty;
	video_set_drvdata(vdev, cam);
	return camsim_graph_register_node(vdev);
}
