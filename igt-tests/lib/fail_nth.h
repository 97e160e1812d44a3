/* SPDX-License-Identifier: MIT */
/*
 * Failures of this task's allocations in the kernel, and of its copies from and to userspace, by
 * number: on kernels with fault injection.
 */
#ifndef LAB_FAIL_NTH_H
#define LAB_FAIL_NTH_H

/* From now on all allocations count. The test skips on kernels without; a file to close */
int lab_open_fail_nth(void);

/* The n-th one from now on fails; 0: none does. */
void lab_fail_nth(int fail_nth, int n);

/* How many more there would have to have been for one to fail; 0: one has. None fails any more. */
int lab_fail_nth_left(int fail_nth);

#endif /* LAB_FAIL_NTH_H */
