/* SPDX-License-Identifier: MIT */
/* The format codes that the driver knows, for hosts without libdrm's headers. */
#ifndef _DRM_FOURCC_H
#define _DRM_FOURCC_H

#define FOURCC(a, b, c, d)	((u32)(a) | (u32)(b) << 8 | (u32)(c) << 16 | (u32)(d) << 24)

#define DRM_FORMAT_XRGB8888	FOURCC('X', 'R', '2', '4')
#define DRM_FORMAT_ARGB8888	FOURCC('A', 'R', '2', '4')
#define DRM_FORMAT_XBGR8888	FOURCC('X', 'B', '2', '4')
#define DRM_FORMAT_ABGR8888	FOURCC('A', 'B', '2', '4')
#define DRM_FORMAT_RGB888	FOURCC('R', 'G', '2', '4')
#define DRM_FORMAT_BGR888	FOURCC('B', 'G', '2', '4')
#define DRM_FORMAT_R8		FOURCC('R', '8', ' ', ' ')
#define DRM_FORMAT_RGB565	FOURCC('R', 'G', '1', '6')
#define DRM_FORMAT_NV12		FOURCC('N', 'V', '1', '2')
#define DRM_FORMAT_NV21		FOURCC('N', 'V', '2', '1')
#define DRM_FORMAT_YUV420	FOURCC('Y', 'U', '1', '2')
#define DRM_FORMAT_P010		FOURCC('P', '0', '1', '0')
#define DRM_FORMAT_YUYV		FOURCC('Y', 'U', 'Y', 'V')
#define DRM_FORMAT_UYVY		FOURCC('U', 'Y', 'V', 'Y')
#define DRM_FORMAT_XRGB2101010	FOURCC('X', 'R', '3', '0')
#define DRM_FORMAT_ARGB2101010	FOURCC('A', 'R', '3', '0')
#define DRM_FORMAT_XBGR2101010	FOURCC('X', 'B', '3', '0')
#define DRM_FORMAT_ABGR2101010	FOURCC('A', 'B', '3', '0')
#define DRM_FORMAT_XRGB16161616	FOURCC('X', 'R', '4', '8')
#define DRM_FORMAT_ARGB16161616	FOURCC('A', 'R', '4', '8')
#define DRM_FORMAT_XBGR16161616	FOURCC('X', 'B', '4', '8')
#define DRM_FORMAT_ABGR16161616	FOURCC('A', 'B', '4', '8')
#define DRM_FORMAT_BGRA8888	FOURCC('B', 'A', '2', '4')
#define DRM_FORMAT_BGRX8888	FOURCC('B', 'X', '2', '4')
#define DRM_FORMAT_RGBA8888	FOURCC('R', 'A', '2', '4')
#define DRM_FORMAT_RGBX8888	FOURCC('R', 'X', '2', '4')
#define DRM_FORMAT_BGR565	FOURCC('B', 'G', '1', '6')
#define DRM_FORMAT_R1		FOURCC('R', '1', ' ', ' ')
#define DRM_FORMAT_R2		FOURCC('R', '2', ' ', ' ')
#define DRM_FORMAT_R4		FOURCC('R', '4', ' ', ' ')
#define DRM_FORMAT_NV16		FOURCC('N', 'V', '1', '6')
#define DRM_FORMAT_NV61		FOURCC('N', 'V', '6', '1')
#define DRM_FORMAT_NV24		FOURCC('N', 'V', '2', '4')
#define DRM_FORMAT_NV42		FOURCC('N', 'V', '4', '2')
#define DRM_FORMAT_YVU420	FOURCC('Y', 'V', '1', '2')
#define DRM_FORMAT_YUV422	FOURCC('Y', 'U', '1', '6')
#define DRM_FORMAT_YVU422	FOURCC('Y', 'V', '1', '6')
#define DRM_FORMAT_YUV444	FOURCC('Y', 'U', '2', '4')
#define DRM_FORMAT_YVU444	FOURCC('Y', 'V', '2', '4')
#define DRM_FORMAT_P012		FOURCC('P', '0', '1', '2')
#define DRM_FORMAT_P016		FOURCC('P', '0', '1', '6')

#define DRM_FORMAT_MOD_LINEAR			0ull
#define DRM_FORMAT_MOD_GENERIC_16_16_TILE	1ull

#endif
