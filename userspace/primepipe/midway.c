// SPDX-License-Identifier: MIT
#include "midway.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The command gets signals as usual, though this program blocks some. */
static int spawn_shell(pid_t *pid, const char *command)
{
	/* posix_spawn() does not write to what argv points to. */
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)command, NULL };
	posix_spawnattr_t attr;
	sigset_t none;
	int ret;

	ret = posix_spawnattr_init(&attr);
	if (ret)
		return ret;
	sigemptyset(&none);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	ret = posix_spawn(pid, "/bin/sh", NULL, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	return ret;
}

int midway_reached(struct midway *midway, struct pipeline *p)
{
	unsigned int half = p->options->frames / 2 + p->options->frames % 2;
	int ret;

	if (!p->options->midway || midway->pid || p->counters.frames < half)
		return 0;
	ret = spawn_shell(&midway->pid, p->options->midway);
	if (ret)
		return pp_fail(p->error, ret, "cannot run the --midway command: %s",
			       strerror(ret));
	return 0;
}

int midway_end(struct midway *midway, struct pipeline *p)
{
	int status;

	if (!midway->pid)
		return 0;
	while (waitpid(midway->pid, &status, 0) < 0) {
		if (errno != EINTR)
			return pp_fail(p->error, errno, "waitpid: %s", strerror(errno));
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return pp_fail(p->error, EIO, "the --midway command failed (status %d)",
			       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
