// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <linux/module.h>
#include <linux/string.h>

#include <media/v4l2-event.h>
#include <media/v4l2-fh.h>
#include <media/v4l2-ioctl.h>

#include <uapi/linux/camsim.h>

#include "camsim_drv.h"
#include "camsim_event.h"
#include "camsim_format.h"
#include "camsim_mem.h"
#include "camsim_picture.h"
#include "camsim_pix.h"
#include "camsim_producer.h"
#include "camsim_queue.h"
#include "camsim_selection.h"
#include "camsim_stream.h"
#include "camsim_video.h"

static const struct v4l2_fract camsim_interval_min = { 1, CAMSIM_MAX_RATE };
static const struct v4l2_fract camsim_interval_max = { 1, 1 };

static int camsim_querycap(struct file *file, void *priv, struct v4l2_capability *caps)
{
	struct camsim *cam = video_drvdata(file);

	strscpy(caps->driver, CAMSIM_NAME);
	snprintf(caps->card, sizeof(caps->card), "%s camera %u", CAMSIM_NAME, cam->index);
	snprintf(caps->bus_info, sizeof(caps->bus_info), "platform:%s-%03u", CAMSIM_NAME,
		 cam->index);
	return 0;
}

/* Format */

static int camsim_enum_fmt(struct file *file, void *priv, struct v4l2_fmtdesc *desc)
{
	struct camsim *cam = video_drvdata(file);
	const struct camsim_format *format;

	format = camsim_graph_enum_format(cam, desc->mbus_code, desc->index);
	if (!format)
		return -EINVAL;

	desc->pixelformat = format->fourcc;
	/* Of a producer's frames the colours are what it says. */
	desc->flags = camsim_producer_picture(cam) ? 0 : camsim_format_csc_flags(format);
	return 0;
}

/* Clients begin with what G_FMT said. Of another format, its size is no wish. */
static void camsim_forget_sizes(const struct camsim *cam, struct v4l2_pix_format_mplane *pix)
{
	const struct v4l2_pix_format_mplane *now = &cam->pix;
	unsigned int i;

	for (i = 0; i < now->num_planes; i++)
		if ((pix->pixelformat != now->pixelformat || pix->width != now->width ||
		     pix->height != now->height ||
		     pix->plane_fmt[i].bytesperline != now->plane_fmt[i].bytesperline) &&
		    pix->plane_fmt[i].sizeimage == now->plane_fmt[i].sizeimage)
			pix->plane_fmt[i].sizeimage = 0;
}

static void camsim_try_pix(struct camsim *cam, struct v4l2_pix_format_mplane *pix)
{
	const struct v4l2_pix_format_mplane *fixed = camsim_producer_picture(cam);

	camsim_forget_sizes(cam, pix);
	if (fixed)
		camsim_pix_set_picture(pix, fixed);
	camsim_format_adjust(pix, cam->mplane);
}

/**
 * camsim_video_take_format - change the capture node's format
 * @cam: the camera, its lock held.
 * @pix: the format, as camsim_format_adjust() made it.
 */
void camsim_video_take_format(struct camsim *cam, const struct v4l2_pix_format_mplane *pix)
{
	cam->pix = *pix;
	camsim_selection_reset_compose(cam);
	camsim_graph_set_format(cam);
}

static int camsim_set_pix(struct camsim *cam, struct v4l2_pix_format_mplane *pix)
{
	if (vb2_is_busy(&cam->queue))
		return -EBUSY;

	camsim_try_pix(cam, pix);
	camsim_video_take_format(cam, pix);
	return 0;
}

/* Both kinds of nodes have the same operations, for both APIs: each has the buffer type of one. */

static int camsim_g_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct camsim *cam = video_drvdata(file);

	return camsim_pix_write(format, &cam->pix, cam->mplane);
}

static int camsim_try_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct camsim *cam = video_drvdata(file);
	struct v4l2_pix_format_mplane pix;
	int err;

	err = camsim_pix_read(&pix, format, cam->mplane);
	if (err)
		return err;
	camsim_try_pix(cam, &pix);
	return camsim_pix_write(format, &pix, cam->mplane);
}

static int camsim_s_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct camsim *cam = video_drvdata(file);
	struct v4l2_pix_format_mplane pix;
	int err;

	err = camsim_pix_read(&pix, format, cam->mplane);
	if (!err)
		err = camsim_set_pix(cam, &pix);
	return err ? err : camsim_pix_write(format, &pix, cam->mplane);
}

static int camsim_enum_framesizes(struct file *file, void *priv, struct v4l2_frmsizeenum *sizes)
{
	struct camsim *cam = video_drvdata(file);

	return camsim_pix_enum_sizes(sizes, cam->mplane, camsim_producer_picture(cam));
}

/* Frame rate */

static int camsim_enum_frameintervals(struct file *file, void *priv,
				      struct v4l2_frmivalenum *intervals)
{
	struct camsim *cam = video_drvdata(file);

	if (intervals->index || !camsim_format_by_fourcc(intervals->pixel_format, cam->mplane) ||
	    !camsim_format_size_valid(intervals->width, intervals->height))
		return -EINVAL;

	intervals->type = V4L2_FRMIVAL_TYPE_CONTINUOUS;
	intervals->stepwise = (struct v4l2_frmival_stepwise) {
		.min = camsim_interval_min,
		.max = camsim_interval_max,
		.step = { 1, 1 },
	};
	return 0;
}

static bool camsim_interval_shorter(const struct v4l2_fract *a, const struct v4l2_fract *b)
{
	return (u64)a->numerator * b->denominator < (u64)b->numerator * a->denominator;
}

static struct v4l2_fract camsim_interval_adjust(struct v4l2_fract wanted)
{
	/* V4L2: zero asks for the default. */
	if (!wanted.numerator || !wanted.denominator)
		return (struct v4l2_fract) {};
	if (camsim_interval_shorter(&wanted, &camsim_interval_min))
		return camsim_interval_min;
	if (camsim_interval_shorter(&camsim_interval_max, &wanted))
		return camsim_interval_max;
	return wanted;
}

static int camsim_g_parm(struct file *file, void *priv, struct v4l2_streamparm *parm)
{
	struct camsim *cam = video_drvdata(file);

	if (parm->type != cam->queue.type)
		return -EINVAL;

	parm->parm.capture = (struct v4l2_captureparm) {
		.capability = V4L2_CAP_TIMEPERFRAME,
		.readbuffers = 2,
	};
	camsim_sensor_get_interval(cam, &parm->parm.capture.timeperframe);
	return 0;
}

static int camsim_s_parm(struct file *file, void *priv, struct v4l2_streamparm *parm)
{
	struct camsim *cam = video_drvdata(file);
	struct v4l2_fract interval;

	if (parm->type != cam->queue.type)
		return -EINVAL;
	if (vb2_is_streaming(&cam->queue))
		return -EBUSY;

	interval = camsim_interval_adjust(parm->parm.capture.timeperframe);
	camsim_sensor_set_interval(cam, &interval);
	return camsim_g_parm(file, priv, parm);
}

/* Buffers */

static int camsim_qbuf(struct file *file, void *priv, struct v4l2_buffer *arg)
{
	int err;

	camsim_queue_take_offsets(video_drvdata(file), arg);
	err = vb2_ioctl_qbuf(file, priv, arg);
	return err ? camsim_queue_explain(video_devdata(file)->queue, arg, err) : 0;
}

static int camsim_dqbuf(struct file *file, void *priv, struct v4l2_buffer *arg)
{
	/* Set by drivers. videobuf2 (as of 7.2) looks at what clients left there. */
	arg->flags = 0;
	return vb2_ioctl_dqbuf(file, priv, arg);
}

static int camsim_prepare_buf(struct file *file, void *priv, struct v4l2_buffer *arg)
{
	int err;

	camsim_queue_take_offsets(video_drvdata(file), arg);
	err = vb2_ioctl_prepare_buf(file, priv, arg);
	return err ? camsim_queue_explain(video_devdata(file)->queue, arg, err) : 0;
}

/* Status, and what is private */

static int camsim_log_status(struct file *file, void *priv)
{
	struct camsim *cam = video_drvdata(file);

	camsim_stream_log(cam);
	return v4l2_ctrl_log_status(file, priv);
}

static int camsim_buffer_info(struct vb2_queue *queue, struct camsim_buffer_info *arg)
{
	struct vb2_buffer *vb = vb2_get_buffer(queue, arg->index);
	struct camsim_mem *mem;

	if (!vb || arg->plane >= vb->num_planes)
		return -EINVAL;

	mem = camsim_queue_mem(vb, arg->plane);
	if (!mem)
		return -EINVAL;

	camsim_mem_describe(mem, &arg->info);
	return 0;
}

/* What is private, of all video nodes */
long camsim_ioctl_default(struct file *file, void *priv, bool valid_prio, unsigned int cmd,
			  void *arg)
{
	if (cmd == VIDIOC_CAMSIM_BUFFER_INFO)
		return camsim_buffer_info(video_devdata(file)->queue, arg);
	return -ENOTTY;
}

static const struct v4l2_ioctl_ops camsim_ioctl_ops = {
	.vidioc_querycap = camsim_querycap,

	.vidioc_enum_fmt_vid_cap = camsim_enum_fmt,
	.vidioc_g_fmt_vid_cap = camsim_g_fmt,
	.vidioc_s_fmt_vid_cap = camsim_s_fmt,
	.vidioc_try_fmt_vid_cap = camsim_try_fmt,
	.vidioc_g_fmt_vid_cap_mplane = camsim_g_fmt,
	.vidioc_s_fmt_vid_cap_mplane = camsim_s_fmt,
	.vidioc_try_fmt_vid_cap_mplane = camsim_try_fmt,
	.vidioc_g_selection = camsim_g_selection,
	.vidioc_s_selection = camsim_s_selection,
	.vidioc_enum_framesizes = camsim_enum_framesizes,
	.vidioc_enum_frameintervals = camsim_enum_frameintervals,
	.vidioc_g_parm = camsim_g_parm,
	.vidioc_s_parm = camsim_s_parm,

	.vidioc_reqbufs = vb2_ioctl_reqbufs,
	.vidioc_create_bufs = vb2_ioctl_create_bufs,
	.vidioc_remove_bufs = vb2_ioctl_remove_bufs,
	.vidioc_prepare_buf = camsim_prepare_buf,
	.vidioc_querybuf = vb2_ioctl_querybuf,
	.vidioc_qbuf = camsim_qbuf,
	.vidioc_dqbuf = camsim_dqbuf,
	.vidioc_expbuf = vb2_ioctl_expbuf,
	.vidioc_streamon = vb2_ioctl_streamon,
	.vidioc_streamoff = vb2_ioctl_streamoff,

	.vidioc_log_status = camsim_log_status,
	.vidioc_subscribe_event = camsim_event_subscribe,
	.vidioc_unsubscribe_event = v4l2_event_unsubscribe,
	.vidioc_default = camsim_ioctl_default,
};

static const struct v4l2_file_operations camsim_fops = {
	.owner = THIS_MODULE,
	.open = v4l2_fh_open,
	.release = vb2_fop_release,
	.unlocked_ioctl = video_ioctl2,
	.read = vb2_fop_read,
	.poll = vb2_fop_poll,
	.mmap = vb2_fop_mmap,
};

/**
 * camsim_video_init - prepare format and controls
 * @cam: the camera, about to be probed.
 *
 * Return: 0 or an error.
 */
int camsim_video_init(struct camsim *cam)
{
	int err;

	cam->pix = (struct v4l2_pix_format_mplane) { .width = 640, .height = 480 };
	camsim_format_adjust(&cam->pix, cam->mplane);
	camsim_selection_reset_compose(cam);

	v4l2_ctrl_handler_init(&cam->ctrls, 0);
	err = camsim_picture_add_controls(cam);
	if (err)
		return err;
	err = camsim_sensor_add_controls(cam);
	if (err)
		return err;
	return camsim_misbehave_init(cam);
}

/**
 * camsim_video_register - make the capture node known to userspace
 * @cam: the camera, its queue and its graph set up.
 *
 * Return: 0 or an error. Whatever it took is given back with the last reference.
 */
int camsim_video_register(struct camsim *cam)
{
	struct video_device *vdev = &cam->vdev;

	snprintf(vdev->name, sizeof(vdev->name), "%s capture", cam->v4l2_dev.name);
	vdev->v4l2_dev = &cam->v4l2_dev;
	vdev->ctrl_handler = &cam->ctrls;
	vdev->queue = &cam->queue;
	vdev->lock = &cam->lock;
	vdev->fops = &camsim_fops;
	vdev->ioctl_ops = &camsim_ioctl_ops;
	vdev->device_caps = V4L2_CAP_STREAMING | V4L2_CAP_READWRITE | V4L2_CAP_IO_MC;
	vdev->device_caps |= cam->mplane ? V4L2_CAP_VIDEO_CAPTURE_MPLANE : V4L2_CAP_VIDEO_CAPTURE;
	/* It is part of struct camsim, which v4l2_dev frees. */
	vdev->release = video_device_release_empty;
	video_set_drvdata(vdev, cam);
	return camsim_graph_register_node(vdev);
}
