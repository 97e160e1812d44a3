// SPDX-License-Identifier: MIT
/*
 * Files that go from one actor to another: through a socket, in which they also are when those who
 * had them are dead.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "actor.h"

void actor_keep(struct actor *me, int fd)
{
	unsigned int place = actor_pick(me, ACTOR_FDS);

	if (fd < 0)
		return;
	if (me->fds[place] >= 0)
		close(me->fds[place]);
	me->fds[place] = fd;
}

int actor_some_fd(struct actor *me)
{
	if (actor_odds(me, 40))
		return (int)actor_odd_number(me);
	for (int i = 0; i < 4; i++) {
		int fd = me->fds[actor_pick(me, ACTOR_FDS)];

		if (fd >= 0)
			return fd;
	}
	return -1;
}

/* Room for one file */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

void actor_give(struct actor *me)
{
	int fd = me->fds[actor_pick(me, ACTOR_FDS)];
	char byte = 0;
	struct iovec data = { &byte, 1 };
	union control control = {};
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (fd < 0)
		return;
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	actor_does(me, "give a file", fd, 0);
	actor_did(me, sendmsg(me->stage->exchange[0], &message, MSG_DONTWAIT) < 0 ? -errno : 0);
}

void actor_take(struct actor *me)
{
	char byte;
	struct iovec data = { &byte, 1 };
	union control control = {};
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int fd;

	actor_does(me, "take a file", 0, 0);
	if (recvmsg(me->stage->exchange[1], &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0) {
		actor_did(me, -errno);
		return;
	}
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	actor_did(me, fd);
	actor_keep(me, fd);
}
