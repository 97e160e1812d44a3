/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * Private V4L2 interface of camsim: what no standard ioctl tells.
 */
#ifndef _UAPI_LINUX_CAMSIM_H
#define _UAPI_LINUX_CAMSIM_H

#include <linux/simbuf.h>
#include <linux/types.h>
#include <linux/videodev2.h>

/**
 * struct camsim_buffer_info - argument of VIDIOC_CAMSIM_BUFFER_INFO
 * @index: in: index of a buffer of the capture queue, as in struct v4l2_buffer.
 * @plane: in: memory plane of that buffer, 0 for single-planar formats.
 * @info: out: the buffer as the camera's DMA sees it. For a V4L2_MEMORY_DMABUF
 *	buffer @info.page_id is that of the last time the camera mapped it, so
 *	that it can also be asked for after the buffer was dequeued.
 *
 * Errors: EINVAL: no such buffer or plane, or (V4L2_MEMORY_DMABUF) none was
 * ever queued at that index.
 */
struct camsim_buffer_info {
	__u32 index;
	__u32 plane;
	struct simbuf_info info;
};

#define VIDIOC_CAMSIM_BUFFER_INFO \
	_IOWR('V', BASE_VIDIOC_PRIVATE + 0, struct camsim_buffer_info)

/*
 * Private controls. They are there for programs that must cope with cameras which do
 * not behave, and take effect while the camera streams; what is left when a stream
 * ends goes on in the next one.
 *
 * "For the next N frames": reading tells for how many more. "In N frames": it happens
 * at the N-th frame from then on; reading tells what is left; 0 calls it off. Frames
 * count for which a buffer is queued that nobody else uses any more.
 */
#define V4L2_CID_CAMSIM_CLASS		(0x00f10000 | 1)
#define V4L2_CID_CAMSIM_BASE		(0x00f10000 | 0xf000)

/*
 * Boolean. While it is on, a buffer that is handed over to the stream (by VIDIOC_QBUF
 * while streaming, by VIDIOC_STREAMON if it was queued before) gets a write fence in
 * the reservation object of each of its planes. DMA_BUF_IOCTL_EXPORT_SYNC_FILE gives
 * it to userspace, and GPUs and displays wait for it by themselves: work on a frame can
 * be submitted before the frame exists. The camera waits for work that was submitted
 * before the hand-over, and not for what came later.
 *
 * The fence signals when the frame is complete, before VIDIOC_DQBUF returns it. Errors,
 * which SYNC_IOC_FILE_INFO tells as status: ECANCELED: VIDIOC_STREAMOFF, or the file
 * was closed, or the machine went to sleep; ENODEV: unplugged; EFAULT: DMA fault;
 * EIO: V4L2_BUF_FLAG_ERROR, or the device failed; ENODATA: end of the stream, or of its size;
 * ETIMEDOUT: no frame within five seconds. For the last one the buffer comes back with
 * V4L2_BUF_FLAG_ERROR: at low frame rates queue only as many as are filled in time.
 */
#define V4L2_CID_CAMSIM_EARLY_FENCES	(V4L2_CID_CAMSIM_BASE + 0)

/* Read only: frames of this stream that were not made because the machine was slow. */
#define V4L2_CID_CAMSIM_LATE_FRAMES	(V4L2_CID_CAMSIM_BASE + 1)

/*
 * For the next N frames.
 *
 * DROP: the frame is lost, its number is missing from the sequence.
 * FREEZE: the picture, with its stamp, is the last one before; struct v4l2_buffer goes
 *	on to count.
 * CORRUPT: a stripe of the picture, and the stamp's checksum with it, is destroyed, and
 *	nobody says so.
 * ERROR: V4L2_BUF_FLAG_ERROR, though the picture is whole.
 * FAULT: the camera writes to an address that is not mapped. The pixels are
 *	lost, V4L2_BUF_FLAG_ERROR is set; the fault is counted and logged.
 * SHORT: bytesused is half of what a frame has.
 * WRONG_SEQUENCE: struct v4l2_buffer has the number before the right one.
 */
#define V4L2_CID_CAMSIM_DROP_FRAMES	(V4L2_CID_CAMSIM_BASE + 2)
#define V4L2_CID_CAMSIM_FREEZE_FRAMES	(V4L2_CID_CAMSIM_BASE + 3)
#define V4L2_CID_CAMSIM_CORRUPT_FRAMES	(V4L2_CID_CAMSIM_BASE + 4)
#define V4L2_CID_CAMSIM_ERROR_FRAMES	(V4L2_CID_CAMSIM_BASE + 5)
#define V4L2_CID_CAMSIM_FAULT_FRAMES	(V4L2_CID_CAMSIM_BASE + 6)
#define V4L2_CID_CAMSIM_SHORT_FRAMES	(V4L2_CID_CAMSIM_BASE + 7)
#define V4L2_CID_CAMSIM_WRONG_SEQUENCE_FRAMES	(V4L2_CID_CAMSIM_BASE + 8)

/*
 * In N frames.
 *
 * SOURCE_CHANGE: V4L2_EVENT_SOURCE_CHANGE. Where SOURCE_WIDTH or SOURCE_HEIGHT says so
 *	that frame is the last one of its size, where SOURCE_RATE says so the last one of
 *	its rate, see there; else nothing changes.
 * END: that frame has V4L2_BUF_FLAG_LAST, V4L2_EVENT_EOS is sent, and VIDIOC_DQBUF
 *	fails with EPIPE from then on, until VIDIOC_STREAMOFF.
 * FAIL: instead of that frame the device fails: VIDIOC_QBUF and VIDIOC_DQBUF give EIO
 *	and poll() POLLERR, until VIDIOC_STREAMOFF.
 * UNPLUG: instead of that frame the camera is removed: everything gives ENODEV. It comes
 *	back through the driver's file "bind" in sysfs.
 */
#define V4L2_CID_CAMSIM_SOURCE_CHANGE_IN	(V4L2_CID_CAMSIM_BASE + 9)
#define V4L2_CID_CAMSIM_END_IN		(V4L2_CID_CAMSIM_BASE + 10)
#define V4L2_CID_CAMSIM_FAIL_IN		(V4L2_CID_CAMSIM_BASE + 11)
#define V4L2_CID_CAMSIM_UNPLUG_IN	(V4L2_CID_CAMSIM_BASE + 12)

/*
 * Milliseconds.
 *
 * STALL: once, no frame is made for so long, rounded up to whole frames. The next one
 *	has the next number: the sensor stood still.
 * DELAY: frames are delivered so long after the time in their stamp, until this is 0
 *	again.
 */
#define V4L2_CID_CAMSIM_STALL_MS	(V4L2_CID_CAMSIM_BASE + 13)
#define V4L2_CID_CAMSIM_DELAY_MS	(V4L2_CID_CAMSIM_BASE + 14)

/*
 * Pixels and lines that the source has after the next SOURCE_CHANGE, rounded as
 * VIDIOC_S_FMT does; 0: as many as before. With one of them set, the last frame of the
 * old size has V4L2_BUF_FLAG_LAST, VIDIOC_DQBUF fails with EPIPE after it, and
 * VIDIOC_G_FMT tells the new size from the event on, or from that frame on. VIDIOC_QBUF
 * refuses buffers that are too small for it with EINVAL. VIDIOC_STREAMOFF and
 * VIDIOC_STREAMON go on, with the buffers there are if they are large enough.
 */
#define V4L2_CID_CAMSIM_SOURCE_WIDTH	(V4L2_CID_CAMSIM_BASE + 15)
#define V4L2_CID_CAMSIM_SOURCE_HEIGHT	(V4L2_CID_CAMSIM_BASE + 16)

/*
 * Frames a second that the source has after the next SOURCE_CHANGE; 0: as many as before.
 * Unless its size changes too the stream goes on, with the same buffers: the frame after
 * that one comes in the new time. VIDIOC_G_PARM and V4L2_CID_VBLANK tell the new rate from
 * the event on, which has V4L2_EVENT_SRC_CH_RESOLUTION, the only kind of change V4L2 knows.
 */
#define V4L2_CID_CAMSIM_SOURCE_RATE	(V4L2_CID_CAMSIM_BASE + 17)

/*
 * Controls of the picture, among V4L2's of users.
 *
 * SOLID_COLOUR: 0xRRGGBB, what V4L2_CID_TEST_PATTERN "Solid Colour" shows.
 * MOVING_BOX: whether a box moves in front of the test pattern.
 * FRAME_STAMP: whether frames are stamped, see linux/simstamp.h.
 */
#define V4L2_CID_CAMSIM_PICTURE_BASE	(V4L2_CID_USER_BASE | 0xc000)
#define V4L2_CID_CAMSIM_SOLID_COLOUR	(V4L2_CID_CAMSIM_PICTURE_BASE + 0)
#define V4L2_CID_CAMSIM_MOVING_BOX	(V4L2_CID_CAMSIM_PICTURE_BASE + 1)
#define V4L2_CID_CAMSIM_FRAME_STAMP	(V4L2_CID_CAMSIM_PICTURE_BASE + 2)

#endif /* _UAPI_LINUX_CAMSIM_H */
