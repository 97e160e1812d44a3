/* SPDX-License-Identifier: MIT */
/*
 * libprimepipe: cameras, GPUs and displays that share buffers, for tests.
 */
#ifndef PRIMEPIPE_H
#define PRIMEPIPE_H

/**
 * DOC: rules
 *
 * A device is used by one thread at a time. There is no global state, and no
 * thread is started.
 *
 * What "out" says of an argument: it is written when the function succeeds;
 * what else it is before does not matter. Structs of devices may be read;
 * only the library writes them.
 *
 * File descriptors that the library opens have O_CLOEXEC. Those it gives away
 * as int are the caller's to close; those within a struct are closed with it.
 * Those it is given stay the caller's, and may be closed as soon as the
 * function has returned: the kernel has a reference of its own.
 */

#include "camera.h"
#include "display.h"
#include "dmabuf.h"
#include "drm_device.h"
#include "error.h"
#include "fence.h"
#include "format.h"
#include "gpu.h"
#include "stamp.h"

#endif
