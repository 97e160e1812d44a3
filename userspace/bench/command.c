// SPDX-License-Identifier: MIT
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/error.h"

int command_start(pid_t *pid, const char *const *words, struct pp_error *error)
{
	posix_spawn_file_actions_t actions;
	int ret;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	ret = posix_spawnp(pid, words[0], &actions, NULL, (char *const *)words, environ);
	posix_spawn_file_actions_destroy(&actions);
	return ret ? pp_fail(error, ret, "%s: %s", words[0], strerror(ret)) : 0;
}

int command_wait(pid_t pid, const char *const *words, int status, struct pp_error *error)
{
	int ended;

	if (waitpid(pid, &ended, 0) == pid && WIFEXITED(ended) && WEXITSTATUS(ended) <= status)
		return 0;
	return pp_fail(error, EIO, "%s %s failed", words[0], words[1] ? words[1] : "");
}
