// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <xf86drmMode.h>
#include "device.h"
#include "driver.h"
#include "igt.h"
#include "lab.h"
#include "play.h"
#include "plug.h"
#include "simbuf.h"

#define SEATS		48
#define SECONDS		3	/* without LAB_STRESS_SECONDS */
#define LOOK_MS		20

/* Of one act. A job that hangs takes half a second, an early fence five; the rest is load. */
#define STUCK_SECONDS	60

#define SITES		3

/**
 * struct company - a play while it goes on
 * @stage: what the actors share.
 * @seats: where they say what they do, in memory shared with them.
 * @kinds: of the actors in @seats.
 * @seen: &seat.count when it was looked at last, and when it changed.
 * @patience_us: the longest time that one act may take.
 * @count: of the actors.
 * @sites: devices that are there all the time.
 * @me: for random numbers.
 */
struct company {
	struct stage stage;
	struct seat *seats;
	const struct actor_kind *kinds[SEATS];
	struct {
		uint32_t count;
		uint64_t when;
	} seen[SEATS];
	uint64_t patience_us;
	unsigned int count;
	struct lab_plugged sites[SITES];
	struct actor me;
};

static unsigned int play_seconds(void)
{
	const char *seconds = getenv("LAB_STRESS_SECONDS");

	return seconds ? atoi(seconds) : SECONDS;
}

static uint64_t play_seed(void)
{
	const char *seed = getenv("LAB_STRESS_SEED");

	return seed ? strtoull(seed, NULL, 0) : (lab_now() ^ (uint64_t)getpid() << 20) % 1000000;
}

static void print_act(const struct act *act, uint64_t until)
{
	igt_info("  %8.3f s before, %d: %s %#llx %#llx", (until - act->when) / 1e6, act->pid,
		 act->what, (unsigned long long)act->a, (unsigned long long)act->b);
	if (act->result == ACT_PENDING)
		igt_info(": not done\n");
	else
		igt_info(": %d\n", act->result);
}

/* What the actor did last, oldest first */
static void print_acts(const struct company *company, unsigned int which)
{
	const struct seat *seat = &company->seats[which];
	uint32_t end = seat->count, i = end > ACTOR_ACTS ? end - ACTOR_ACTS : 0;
	uint64_t until = lab_now();

	igt_info("%s, process %d, %u acts:\n", company->kinds[which]->name, seat->pid, end);
	for (; i < end; i++)
		print_act(&seat->acts[i % ACTOR_ACTS], until);
}

/* Where in the kernel everybody is who sleeps there and takes no signal */
static void print_stuck(void)
{
	struct dirent *entry;
	char path[300], state;
	DIR *processes = opendir("/proc");

	while (processes && (entry = readdir(processes))) {
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		file = atoi(entry->d_name) ? fopen(path, "r") : NULL;
		if (!file)
			continue;
		if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
			state = '?';
		fclose(file);
		if (state != 'D')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		lab_print_file(path);
		snprintf(path, sizeof(path), "/proc/%s/stack", entry->d_name);
		lab_print_file(path);
	}
	if (processes)
		closedir(processes);
}

static void print_stack(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	lab_print_file(path);
	print_stuck();
}

static void start_actor(struct company *company, unsigned int which)
{
	struct seat *seat = &company->seats[which];
	uint64_t seed = actor_random(&company->me);
	pid_t pid = fork();

	igt_assert_f(pid >= 0, "fork: %m\n");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		actor_main(company->kinds[which], &company->stage, seat, seed);
	}
	seat->pid = pid;
	company->seen[which].when = lab_now();
}

static const char *last_act(const struct seat *seat)
{
	return seat->count ? seat->acts[(seat->count - 1) % ACTOR_ACTS].what : "none";
}

static void end_all(struct company *company)
{
	*company->stage.stop = true;
	for (unsigned int i = 0; i < company->count; i++)
		if (company->seats[i].pid)
			kill(company->seats[i].pid, SIGKILL);
	for (int i = 0; i < 200 && waitpid(-1, NULL, WNOHANG) >= 0; i++)
		lab_sleep(LOOK_MS);
}

static void close_exchange(struct company *company)
{
	lab_close(company->stage.exchange[0]);
	lab_close(company->stage.exchange[1]);
}

static void fail_actor(struct company *company, unsigned int which, const char *why)
{
	const struct seat *seat = &company->seats[which];

	print_acts(company, which);
	print_stack(seat->pid);
	end_all(company);
	/* With what is on its way in it, which would hold devices until this program ends */
	close_exchange(company);
	igt_assert_f(false, "%s: %s; its last act: %s\n", company->kinds[which]->name, why,
		     last_act(seat));
}

static int seat_of(const struct company *company, pid_t pid)
{
	for (unsigned int i = 0; i < company->count; i++)
		if (company->seats[i].pid == pid)
			return i;
	return -1;
}

/* A child of an actor's that it has left to us, or one that we have killed, dies as it likes. */
static void reap(struct company *company)
{
	char why[ACTOR_FAILURE + 32];
	int status, which;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		which = seat_of(company, pid);
		if (which < 0)
			continue;
		if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL) {
			snprintf(why, sizeof(why), "died of signal %d", WTERMSIG(status));
			fail_actor(company, which, why);
		}
		if (WIFEXITED(status) && WEXITSTATUS(status))
			fail_actor(company, which, company->seats[which].failure);
		company->seats[which].pid = 0;
		if (!*company->stage.stop)
			start_actor(company, which);
	}
}

static void look_for_stuck(struct company *company)
{
	uint64_t now = lab_now();

	for (unsigned int i = 0; i < company->count; i++) {
		struct seat *seat = &company->seats[i];

		if (!seat->pid || seat->count != company->seen[i].count) {
			company->seen[i].count = seat->count;
			company->seen[i].when = now;
		} else if (now - company->seen[i].when > company->patience_us) {
			fail_actor(company, i, "does not come to an end");
		}
	}
}

static void kill_one(struct company *company)
{
	unsigned int which = actor_pick(&company->me, company->count);

	if (company->seats[which].pid && !company->kinds[which]->alone)
		kill(company->seats[which].pid, SIGKILL);
}

static void watch(struct company *company)
{
	uint64_t until = lab_now() + play_seconds() * 1000000ull;
	unsigned int kills = 0;

	while (lab_now() < until) {
		lab_sleep(LOOK_MS);
		reap(company);
		look_for_stuck(company);
		if (actor_odds(&company->me, 10)) {
			kill_one(company);
			kills++;
		}
	}
	igt_info("%u killed\n", kills);
}

static bool anybody_left(const struct company *company)
{
	for (unsigned int i = 0; i < company->count; i++)
		if (company->seats[i].pid)
			return true;
	return false;
}

/* Those who do not hear of it in time have failed. */
static void finish(struct company *company)
{
	*company->stage.stop = true;
	while (anybody_left(company)) {
		lab_sleep(LOOK_MS);
		reap(company);
		look_for_stuck(company);
	}
	/* Children of actors, who outlive them */
	for (int i = 0; i < 1000 && waitpid(-1, NULL, WNOHANG) >= 0; i++)
		lab_sleep(LOOK_MS);
}

/* One with little memory of its own, one that everybody's buffers must move for, one camera */
static void plug_sites(struct company *company)
{
	struct lab_plugged *site = company->sites;

	lab_plug_prepare(&site[0], "primesim", "local");
	lab_plug_set(&site[0], "local_mib", "2");
	lab_plug_set(&site[0], "displays", "2");
	lab_plug_prepare(&site[1], "primesim", "contig");
	lab_plug_set(&site[1], "gpu/profile", "contig32");
	lab_plug_set(&site[1], "display/profile", "low1g");
	for (int i = 0; i < 2; i++) {
		lab_plug_set(&site[i], "job_timeout_ms", "500");
		lab_plug_set(&site[i], "client_memory_mib", "32");
		lab_plug_start(&site[i]);
	}
	lab_plug_prepare(&site[2], "camsim", "webcam");
	lab_plug_set(&site[2], "device/profile", "noncoherent");
	lab_plug_set(&site[2], "producer", "1");
	lab_plug_start(&site[2]);
}

static void company_open(struct company *company, const struct role *roles, uint64_t seed)
{
	size_t size = SEATS * sizeof(struct seat) + sizeof(atomic_bool);
	char *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	igt_assert(shared != MAP_FAILED);
	*company = (struct company){
		.stage = { .stop = (void *)(shared + SEATS * sizeof(struct seat)) },
		.seats = (void *)shared,
		.me = { .random = seed | 1ull << 40 },
		.patience_us = STUCK_SECONDS * 1000000ull * (lab_on_debug_kernel() ? 6 : 1),
	};
	for (; roles->kind; roles++)
		for (unsigned int i = 0; i < roles->count; i++)
			company->kinds[company->count++] = roles->kind;
	igt_assert_lte(company->count, SEATS);
	igt_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, company->stage.exchange),
		      0);
	igt_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	plug_sites(company);
}

static void company_close(struct company *company)
{
	close_exchange(company);
	for (int i = 0; i < SITES; i++)
		lab_unplug(&company->sites[i]);
	lab_unplug_leftovers();
	munmap(company->seats, SEATS * sizeof(struct seat) + sizeof(atomic_bool));
}

static void print_counts(const struct company *company)
{
	for (unsigned int i = 0; i < company->count; i++)
		igt_info("%s: %u acts, %u succeeded\n", company->kinds[i]->name,
			 company->seats[i].count, company->seats[i].successes);
}

void play_run(const struct role *roles)
{
	struct company company;
	uint64_t seed = play_seed();

	/* What repeats it: vm/check shows these lines behind its command. */
	igt_info("LAB_STRESS_SEED=%llu\nLAB_STRESS_SECONDS=%u\n", (unsigned long long)seed,
		 play_seconds());
	/* In the console's log, should the guest die */
	igt_kmsg("<4>lab: LAB_STRESS_SEED=%llu\n", (unsigned long long)seed);
	company_open(&company, roles, seed);
	for (unsigned int i = 0; i < company.count; i++)
		start_actor(&company, i);
	watch(&company);
	finish(&company);
	print_counts(&company);
	company_close(&company);
	play_restore();
}

/*
 * DRM gives a cursor that was set by the legacy ioctl a framebuffer that is no file's: it stays
 * when its program has ended, on every driver, and with it its buffer.
 */
static void clear_cursors(void)
{
	int drm = lab_open_primary("primesim"), ret = 0;
	drmModeRes *resources = drmModeGetResources(drm);

	igt_assert(resources);
	for (int i = 0; i < resources->count_crtcs && !ret; i++)
		ret = drmModeSetCursor(drm, resources->crtcs[i], 0, 0, 0);
	if (ret)
		lab_print_file("/sys/kernel/debug/dri/primesim.0/clients");
	igt_assert_f(!ret, "clearing cursors: %s\n", strerror(-ret));
	drmModeFreeResources(resources);
	lab_close(drm);
}

static void processors_on(void)
{
	int fd = open("/sys/devices/system/cpu/cpu1/online", O_WRONLY | O_CLOEXEC);

	/* Already there: EINVAL, or none to begin with */
	if (fd >= 0 && write(fd, "1", 1) != 1)
		igt_debug("cpu1: %m\n");
	if (fd >= 0)
		close(fd);
}

void play_restore(void)
{
	processors_on();
	if (access("/sys/module/primesim", F_OK) || access("/sys/module/camsim", F_OK))
		igt_assert_eq(system("load-modules"), 0);
	lab_inject_off();
	if (!lab_is_bound("primesim"))
		lab_bind("primesim");
	/* Anew: its controls are what an actor set last, such as failing after so many frames. */
	if (lab_is_bound("camsim"))
		lab_unbind("camsim");
	lab_bind("camsim");
	clear_cursors();
}
