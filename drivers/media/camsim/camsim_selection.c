// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: selection
 *
 * The crop rectangle is the part of the sensor that is seen, the compose rectangle
 * the part of the frame where it appears, and the camera scales the one to the other,
 * each direction by itself, by any factor. What of the frame is outside of the
 * compose rectangle is never written: two cameras can share one.
 *
 * Setting a format makes the picture as large as the frame, and leaves what is seen
 * as it is.
 */
#include <linux/math.h>
#include <linux/minmax.h>

#include <media/videobuf2-v4l2.h>

#include "camsim_drv.h"
#include "camsim_format.h"
#include "camsim_producer.h"
#include "camsim_selection.h"
#include "camsim_sensor.h"

const struct v4l2_rect camsim_selection_sensor = {
	.width = CAMSIM_SENSOR_WIDTH,
	.height = CAMSIM_SENSOR_HEIGHT,
};

static struct v4l2_rect camsim_whole_frame(const struct camsim *cam)
{
	return (struct v4l2_rect) { .width = cam->pix.width, .height = cam->pix.height };
}

int camsim_g_selection(struct file *file, void *priv, struct v4l2_selection *sel)
{
	struct camsim *cam = video_drvdata(file);

	if (sel->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
		return -EINVAL;

	switch (sel->target) {
	case V4L2_SEL_TGT_CROP:
		camsim_sensor_get_crop(cam, &sel->r);
		return 0;
	case V4L2_SEL_TGT_CROP_BOUNDS:
	case V4L2_SEL_TGT_CROP_DEFAULT:
	case V4L2_SEL_TGT_NATIVE_SIZE:
		sel->r = camsim_selection_sensor;
		return 0;
	case V4L2_SEL_TGT_COMPOSE:
	case V4L2_SEL_TGT_COMPOSE_PADDED:
		sel->r = cam->compose;
		return 0;
	case V4L2_SEL_TGT_COMPOSE_BOUNDS:
	case V4L2_SEL_TGT_COMPOSE_DEFAULT:
		sel->r = camsim_whole_frame(cam);
		return 0;
	default:
		return -EINVAL;
	}
}

/* One direction of a rectangle, within 0 and @limit, of whole steps and as near as can be. */
static void camsim_fit(s32 *start, u32 *length, u32 least, u32 limit, u32 step, u32 flags)
{
	u32 wanted = clamp(*length, least, limit);

	*length = round_down(wanted, step);
	if (*length < wanted && !(flags & V4L2_SEL_FLAG_LE))
		*length = min(round_up(wanted, step), limit);
	*start = clamp(*start, 0, (s32)(limit - *length));
	*start = round_down(*start, step);
}

static void camsim_fit_rect(struct v4l2_rect *r, const struct v4l2_rect *bounds, u32 least,
			    u32 step, u32 flags)
{
	camsim_fit(&r->left, &r->width, least, bounds->width, step, flags);
	camsim_fit(&r->top, &r->height, least, bounds->height, 2, flags);
}

/* What can be seen of the sensor: @r becomes the nearest such rectangle. */
void camsim_selection_fit_crop(struct v4l2_rect *r, u32 flags)
{
	camsim_fit_rect(r, &camsim_selection_sensor, CAMSIM_MIN_WIDTH, 2, flags);
}

/* What cannot be both at least and at most what the client wants is ERANGE. */
static bool camsim_fits_flags(const struct v4l2_rect *got, const struct v4l2_rect *wanted,
			      u32 flags)
{
	if (flags & V4L2_SEL_FLAG_GE && (got->width < wanted->width ||
					 got->height < wanted->height))
		return false;
	return !(flags & V4L2_SEL_FLAG_LE && (got->width > wanted->width ||
					      got->height > wanted->height));
}

int camsim_s_selection(struct file *file, void *priv, struct v4l2_selection *sel)
{
	struct camsim *cam = video_drvdata(file);
	struct v4l2_rect r = sel->r;

	if (sel->type != V4L2_BUF_TYPE_VIDEO_CAPTURE ||
	    sel->flags & ~(V4L2_SEL_FLAG_GE | V4L2_SEL_FLAG_LE))
		return -EINVAL;

	switch (sel->target) {
	case V4L2_SEL_TGT_CROP:
		camsim_selection_fit_crop(&r, sel->flags);
		break;
	case V4L2_SEL_TGT_COMPOSE: {
		const struct v4l2_rect frame = camsim_whole_frame(cam);
		const struct camsim_format *format =
			camsim_format_by_fourcc(cam->pix.pixelformat, true);

		/* A producer's frames are as large as the camera's, and are not scaled. */
		if (camsim_producer_picture(cam))
			r = frame;
		camsim_fit_rect(&r, &frame, CAMSIM_MIN_WIDTH, camsim_format_group(format),
				sel->flags);
		break;
	}
	default:
		return -EINVAL;
	}

	if (!camsim_fits_flags(&r, &sel->r, sel->flags))
		return -ERANGE;
	/* What is being written is laid out already. */
	if (vb2_is_streaming(&cam->queue))
		return -EBUSY;

	if (sel->target == V4L2_SEL_TGT_CROP)
		camsim_sensor_set_crop(cam, &r);
	else
		cam->compose = r;
	sel->r = r;
	return 0;
}

void camsim_selection_reset_compose(struct camsim *cam)
{
	cam->compose = camsim_whole_frame(cam);
}
