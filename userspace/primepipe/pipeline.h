/* SPDX-License-Identifier: MIT */
/*
 * The pipeline: devices, the buffers between them, and what happened to each
 * frame. One of these is all the state there is.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/primepipe.h"
#include "../lib/stats.h"
#include "options.h"
#include "timeline.h"

#define MAX_BUFFERS 8

/* A buffer that the camera writes. Its number is the camera's. */
struct source {
	int dmabuf;		/* -1: none. Owned, but for route direct: the target's */
	uint32_t gpu_handle;	/* 0: the GPU does not have it */
	struct pp_map map;	/* --copy: the camera's buffer */
	uint64_t frames;	/* that came in it */
	uint64_t queued;	/* when the camera got it, counted; 0: it has not got it */
	bool announced;		/* the frame that comes has a fence already */
	bool submitted;		/* and a job that waits for it */
};

enum target_state {
	TARGET_FREE,
	TARGET_AT_CAMERA,	/* route direct: to be written by the camera */
	TARGET_READY,		/* holds a frame, or will when its fence signals */
	TARGET_FLIPPING,
	TARGET_SHOWN,
};

/* A buffer that the display shows. */
struct target {
	struct pp_framebuffer fb;
	uint32_t gpu_handle;	/* 0: the GPU does not have it */
	struct pp_map map;	/* for the stamp, the picture, and --copy */
	enum target_state state;
	struct source *awaits;	/* the frame that is going to come there; NULL: none */
	int fence;		/* owned; of the job that writes it, -1: none */
	struct frame_record record;	/* of the frame in it */
	uint64_t frames;	/* shown of it */
	bool memory_checked;	/* the framebuffer is made of this memory */
	struct simbuf_info scanout;	/* what primesim's display saw last */
};

/* --copy: the GPU's own buffers, which frames are copied into and out of. */
struct staging {
	uint32_t in_handle;
	uint32_t out_handle;
	struct pp_map in;
	struct pp_map out;
};

/* How long after the camera's timestamp */
struct latency {
	struct pp_samples ready_us;	/* the GPU had finished */
	struct pp_samples flip_us;	/* the picture was on the screen */
};

struct counters {
	uint64_t frames;	/* shown */
	uint64_t stamp_errors;	/* frames shown that are not the frame that came in */
	uint64_t damaged;	/* frames that the camera gave with its error flag */
	uint64_t dropped_by_camera;	/* gaps in its sequence numbers */
	uint64_t dropped_by_display;	/* came while the one before still waited */
	uint64_t job_errors;	/* GPU jobs whose fence carries an error */
	uint64_t memcpy_bytes;
	uint64_t stamp_read_bytes;
	uint64_t first_flip_ns;
	uint64_t last_flip_ns;
	struct latency latency;
	struct latency early_latency;	/* of frames that were queued before they existed */
	uint32_t last_flip_us;
	struct pp_cpu_time cpu_start;	/* at the first flip: what came before is set-up */
	struct pp_cpu_time cpu_end;
	char first_stamp_error[128];
};

struct pipeline {
	const struct options *options;
	const struct route *route;
	struct pp_error *error;
	struct pp_camera camera;
	struct pp_gpu gpu;
	struct pp_display display;
	struct source sources[MAX_BUFFERS];
	unsigned int source_count;
	struct target targets[MAX_BUFFERS];
	unsigned int target_count;
	struct staging staging;
	struct counters counters;
	struct timeline timeline;
	uint32_t next_sequence;	/* the camera's next frame, if it skips none */
	uint32_t first_sequence;	/* shown */
	uint32_t last_sequence;
	uint64_t queued;	/* buffers that the camera was given, counted */
	bool early;		/* the camera's fences are on */
	bool interrupted;
};

/* The camera writes straight into the display's buffers. */
static inline bool pipeline_is_direct(const struct pipeline *pipeline)
{
	return !route_converts(pipeline->route) && !pipeline->options->copy;
}

/* The first target in this state, or NULL. */
struct target *pipeline_target(struct pipeline *pipeline, enum target_state state);

/* Opens the devices and allocates the buffers. On failure pipeline_close() is still due. */
int pipeline_open(struct pipeline *pipeline, const struct options *options,
		  struct pp_error *error);
void pipeline_close(struct pipeline *pipeline);

#endif
