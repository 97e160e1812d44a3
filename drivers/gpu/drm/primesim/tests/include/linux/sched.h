/* SPDX-License-Identifier: MIT */
/* What the driver's pure logic takes from the kernel's header of this name. */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define cond_resched()		do { } while (0)
#define schedule_timeout_uninterruptible(ticks)	do { } while (0)

#endif
