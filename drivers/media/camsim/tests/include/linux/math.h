/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define round_down(x, y)	((x) / (y) * (y))
#define round_up(x, y)		round_down((x) + (y) - 1, y)

/* Of signed numbers, the divisor positive. */
#define DIV_ROUND_CLOSEST(n, d)	(((n) > 0 ? (n) + (d) / 2 : (n) - (d) / 2) / (d))

#endif
