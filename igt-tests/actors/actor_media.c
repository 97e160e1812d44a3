// SPDX-License-Identifier: MIT
/*
 * Media devices and sub-devices: links, formats of pads, controls of a sensor.
 */
#include <linux/media.h>
#include <linux/v4l2-subdev.h>
#include <string.h>
#include "actor.h"

/**
 * struct media - what it has
 * @fd: a media device, or -1.
 * @subdev: a sub-device, or -1.
 */
struct media {
	int fd;
	int subdev;
};

static struct media *media_of(struct actor *me)
{
	return me->state;
}

static void begin(struct actor *me)
{
	*media_of(me) = (struct media){ -1, -1 };
}

static void reopen(struct actor *me)
{
	if (media_of(me)->fd < 0 || actor_odds(me, 4))
		actor_reopen(me, &media_of(me)->fd, "media");
	if (media_of(me)->subdev < 0 || actor_odds(me, 4))
		actor_reopen(me, &media_of(me)->subdev, "v4l-subdev");
}

static void topology(struct actor *me)
{
	struct media_v2_entity entities[8];
	struct media_v2_topology topology = {
		.num_entities = actor_vary(me, 8),
		.ptr_entities = actor_vary(me, (uintptr_t)entities),
	};

	actor_ioctl(me, "G_TOPOLOGY", media_of(me)->fd, MEDIA_IOC_G_TOPOLOGY, &topology);
}

static void link(struct actor *me)
{
	struct media_link_desc link = {
		.source = { .entity = actor_vary(me, 1 + actor_pick(me, 5)),
			    .index = actor_vary(me, 0) },
		.sink = { .entity = actor_vary(me, 1 + actor_pick(me, 5)),
			  .index = actor_vary(me, 0) },
		.flags = actor_pick(me, 8),
	};

	actor_ioctl(me, "SETUP_LINK", media_of(me)->fd, MEDIA_IOC_SETUP_LINK, &link);
}

static void enumerate(struct actor *me)
{
	struct media_entity_desc entity = {
		.id = actor_vary(me, actor_pick(me, 6)) |
		      (actor_odds(me, 2) ? 0 : MEDIA_ENT_ID_FLAG_NEXT),
	};
	struct v4l2_subdev_frame_size_enum size = {
		.pad = actor_vary(me, 0), .index = actor_vary(me, 0),
		.code = actor_vary(me, MEDIA_BUS_FMT_SRGGB8_1X8), .which = actor_pick(me, 3),
	};

	actor_ioctl(me, "ENUM_ENTITIES", media_of(me)->fd, MEDIA_IOC_ENUM_ENTITIES, &entity);
	actor_ioctl(me, "SUBDEV_ENUM_FRAME_SIZE", media_of(me)->subdev,
		    VIDIOC_SUBDEV_ENUM_FRAME_SIZE, &size);
}

static void format(struct actor *me)
{
	struct v4l2_subdev_format format = {
		.which = actor_pick(me, 3), .pad = actor_vary(me, actor_pick(me, 2)),
		.format = {
			.width = actor_vary(me, 64), .height = actor_vary(me, 48),
			.code = actor_vary(me, actor_odds(me, 2) ? MEDIA_BUS_FMT_SRGGB8_1X8 :
								   MEDIA_BUS_FMT_RGB888_1X24),
		},
	};

	actor_ioctl(me, "SUBDEV_S_FMT", media_of(me)->subdev, VIDIOC_SUBDEV_S_FMT, &format);
}

static void selection(struct actor *me)
{
	struct v4l2_subdev_selection selection = {
		.which = actor_pick(me, 3), .pad = actor_vary(me, 0),
		.target = actor_odds(me, 2) ? V4L2_SEL_TGT_CROP : V4L2_SEL_TGT_NATIVE_SIZE,
		.r = { .width = actor_vary(me, 64), .height = actor_vary(me, 48) },
	};

	actor_ioctl(me, "SUBDEV_S_SELECTION", media_of(me)->subdev, VIDIOC_SUBDEV_S_SELECTION,
		    &selection);
}

static void control(struct actor *me)
{
	static const uint32_t controls[] = {
		V4L2_CID_VBLANK, V4L2_CID_HBLANK, V4L2_CID_EXPOSURE, V4L2_CID_ANALOGUE_GAIN,
		V4L2_CID_HFLIP,
	};
	struct v4l2_control control = {
		.id = actor_vary(me, controls[actor_pick(me, 5)]), .value = actor_pick(me, 2000),
	};

	actor_ioctl(me, "S_CTRL of a sub-device", media_of(me)->subdev, VIDIOC_S_CTRL, &control);
}

static const actor_step steps[] = {
	reopen, topology, link, enumerate, format, format, selection, control, NULL,
};

const struct actor_kind actor_media = {
	.name = "media", .size = sizeof(struct media), .begin = begin, .steps = steps,
};
