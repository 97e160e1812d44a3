// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "calls.h"
#include "cover.h"
#include "files.h"
#include "input.h"
#include "klog.h"

static const char usage[] =
	"Usage: fuzz --nodes FILE... [--seconds N] [--seed N] [--corpus FILE] [--patterns FILE]\n"
	"            [--out DIR]\n"
	"       fuzz --nodes FILE... --replay FILE [--patterns FILE]\n"
	"\n"
	"Feed primesim and camsim what no program would: calls with made-up arguments, a few at a\n"
	"time, in a process of their own. Where the kernel has KCOV, inputs that reach something\n"
	"new are kept and changed further.\n"
	"\n"
	"  --nodes FILE     paths of device nodes, a line each: the file \"nodes\" of a device in\n"
	"                   configfs\n"
	"  --seconds N      how long (60)\n"
	"  --seed N         what decides which inputs come (the time; it is printed)\n"
	"  --corpus FILE    inputs to start from\n"
	"  --patterns FILE  what counts as a complaint of the kernel's (vm/guest/dmesg-patterns);\n"
	"                   without it nothing does\n"
	"  --out DIR        current.txt there holds the last inputs before they run, for the case\n"
	"                   that the kernel dies; crash.txt does after a complaint; corpus.txt,\n"
	"                   where there is KCOV, those that reach all that was reached\n"
	"  --replay FILE    run the inputs of a file and nothing else\n"
	"\n"
	"Status: 0; 1 when the kernel complained; 2 when the arguments are wrong.\n";

#define CHILD_SECONDS	20
#define HISTORY		8	/* inputs that may have to do with a crash */

/**
 * struct fuzz - one run
 * @seconds: how long it may take.
 * @random: state of the random numbers.
 * @corpus_path: of the inputs to start from, or NULL.
 * @replay_path: of those to run, or NULL.
 * @out: directory for results, or NULL.
 * @patterns: see fuzz_klog_open().
 * @current: DIR/current.txt, or NULL.
 * @nodes: what there is to open.
 * @cover: what was reached.
 * @klog: the kernel's log.
 * @corpus: inputs that reached something new.
 * @history: the last inputs, in a ring.
 * @runs: how many there were.
 */
struct fuzz {
	unsigned int seconds;
	uint64_t random;
	const char *corpus_path;
	const char *replay_path;
	const char *out;
	const char *patterns;
	FILE *current;
	struct fuzz_nodes nodes;
	struct fuzz_cover cover;
	struct fuzz_klog klog;
	struct fuzz_inputs corpus;
	struct fuzz_input history[HISTORY];
	unsigned long runs;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
	interrupted = 1;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void print_history(const struct fuzz *fuzz, FILE *stream)
{
	unsigned long first = fuzz->runs > HISTORY ? fuzz->runs - HISTORY : 0;

	for (unsigned long i = first; i < fuzz->runs; i++)
		fuzz_input_print(&fuzz->history[i % HISTORY], stream);
}

/* On the host before the input runs: the directory is the host's, and its files are not cached. */
static void remember(struct fuzz *fuzz, const struct fuzz_input *input)
{
	fuzz->history[fuzz->runs++ % HISTORY] = *input;
	if (!fuzz->current)
		return;
	(void)fseek(fuzz->current, 0, SEEK_SET);
	print_history(fuzz, fuzz->current);
	fflush(fuzz->current);
	(void)!ftruncate(fileno(fuzz->current), ftell(fuzz->current));
}

/* What hangs longer than the alarm does so in the kernel, which will complain in its time. */
static void child(struct fuzz *fuzz, const struct fuzz_input *input)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	alarm(CHILD_SECONDS);
	fuzz_cover_watch(&fuzz->cover);
	fuzz_run(input, &fuzz->nodes);
	_exit(0);
}

/* Returns how much the input reached that none did that was kept. */
static unsigned int run(struct fuzz *fuzz, const struct fuzz_input *input)
{
	pid_t pid;

	remember(fuzz, input);
	fuzz_cover_clear(&fuzz->cover);
	pid = fork();
	if (!pid)
		child(fuzz, input);
	if (pid < 0)
		perror("fork");
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	fuzz_files_clean();
	return fuzz_cover_new(&fuzz->cover);
}

static FILE *create(const struct fuzz *fuzz, const char *name)
{
	char path[4096];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", fuzz->out, name);
	stream = fopen(path, "w");
	if (!stream)
		perror(path);
	return stream;
}

static bool complains(struct fuzz *fuzz)
{
	char line[512];
	FILE *stream;

	if (!fuzz_klog_complains(&fuzz->klog, line, sizeof(line)))
		return false;
	printf("The kernel complained: %s\nThe last inputs, the culprit probably last:\n", line);
	print_history(fuzz, stdout);
	stream = fuzz->out ? create(fuzz, "crash.txt") : NULL;
	if (stream) {
		fprintf(stream, "# %s\n", line);
		print_history(fuzz, stream);
		fclose(stream);
	}
	return true;
}

static int replay(struct fuzz *fuzz)
{
	struct fuzz_inputs inputs = {};

	if (!fuzz_inputs_read(&inputs, fuzz->replay_path))
		return 2;
	for (unsigned int i = 0; i < inputs.count && !interrupted; i++) {
		run(fuzz, &inputs.at[i]);
		if (complains(fuzz))
			return 1;
	}
	printf("%u inputs, no complaint\n", inputs.count);
	return 0;
}

static void show_progress(const struct fuzz *fuzz, double start)
{
	printf("%5.0f s  %lu inputs, %u kept, %u pairs of places reached\n", now() - start,
	       fuzz->runs, fuzz->corpus.count, fuzz->cover.seen_count);
	fflush(stdout);
}

/* Also what reaches nothing new: it was kept because it once did. */
static bool run_corpus(struct fuzz *fuzz)
{
	for (unsigned int i = 0; i < fuzz->corpus.count && !interrupted; i++) {
		run(fuzz, &fuzz->corpus.at[i]);
		fuzz_cover_keep(&fuzz->cover);
		if (complains(fuzz))
			return false;
	}
	return true;
}

static const struct fuzz_input *any_of_corpus(struct fuzz *fuzz)
{
	static const struct fuzz_input none;
	unsigned int count = fuzz->corpus.count;

	/* New ones more often: what they reached is known least. */
	if (count > 8 && fuzz_random(&fuzz->random, 3) == 0)
		return &fuzz->corpus.at[count - 1 - fuzz_random(&fuzz->random, 8)];
	return count ? &fuzz->corpus.at[fuzz_random(&fuzz->random, count)] : &none;
}

static bool search(struct fuzz *fuzz)
{
	double start = now(), shown = start;

	while (!interrupted && now() - start < fuzz->seconds) {
		struct fuzz_input input = *any_of_corpus(fuzz), other = *any_of_corpus(fuzz);

		fuzz_mutate(&input, &other, &fuzz->random);
		if (run(fuzz, &input)) {
			fuzz_cover_keep(&fuzz->cover);
			fuzz_inputs_add(&fuzz->corpus, &input);
		}
		if (complains(fuzz))
			return false;
		if (now() - shown >= 10) {
			shown = now();
			show_progress(fuzz, start);
		}
	}
	show_progress(fuzz, start);
	return true;
}

static unsigned int input_size(const struct fuzz_input *input)
{
	unsigned int size = 0;

	for (unsigned int i = 0; i < input->count; i++)
		size += 8 + input->calls[i].length;
	return size;
}

static int by_size(const void *a, const void *b)
{
	const struct fuzz_input *first = a, *second = b;

	return (int)input_size(first) - (int)input_size(second);
}

/* Leave out the calls without which the input reaches as much that is new. */
static void shorten(struct fuzz *fuzz, struct fuzz_input *input, unsigned int reached)
{
	for (unsigned int i = input->count; i-- && input->count > 1;) {
		struct fuzz_input shorter = *input;

		fuzz_input_remove(&shorter, i);
		if (run(fuzz, &shorter) >= reached)
			*input = shorter;
	}
}

/*
 * Short inputs first; one that reaches no place that those before it did not is left out. In which
 * order places were reached does not count here: that would keep most of what was found, which is
 * too much to run in each make check.
 */
static void write_corpus(struct fuzz *fuzz)
{
	FILE *stream = create(fuzz, "corpus.txt");
	unsigned int kept = 0;

	if (!stream)
		return;
	fputs("# Inputs of igt-tests/fuzz, left by make fuzz. They reach all that was reached.\n",
	      stream);
	qsort(fuzz->corpus.at, fuzz->corpus.count, sizeof(*fuzz->corpus.at), by_size);
	fuzz_cover_count_places(&fuzz->cover);
	for (unsigned int i = 0; i < fuzz->corpus.count && !interrupted; i++) {
		struct fuzz_input *input = &fuzz->corpus.at[i];
		unsigned int reached = run(fuzz, input);

		if (!reached)
			continue;
		shorten(fuzz, input, reached);
		run(fuzz, input);
		fuzz_cover_keep(&fuzz->cover);
		fuzz_input_print(input, stream);
		kept++;
	}
	fclose(stream);
	printf("%u of %u inputs reach all %u places: %s/corpus.txt\n", kept, fuzz->corpus.count,
	       fuzz->cover.seen_count, fuzz->out);
}

static int fuzz_all(struct fuzz *fuzz)
{
	if (fuzz->corpus_path && !fuzz_inputs_read(&fuzz->corpus, fuzz->corpus_path))
		return 2;
	printf("seed %" PRIu64 ", %u inputs to start from, %s\n", fuzz->random, fuzz->corpus.count,
	       fuzz->cover.fd < 0 ? "not guided: this kernel has no KCOV" : "guided by KCOV");
	fflush(stdout);
	if (!run_corpus(fuzz) || !search(fuzz))
		return 1;
	if (fuzz->out && fuzz->cover.fd >= 0)
		write_corpus(fuzz);
	return complains(fuzz);
}

static bool parse_args(struct fuzz *fuzz, int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' },
		{ "corpus", required_argument, NULL, 'c' },
		{ "patterns", required_argument, NULL, 'p' },
		{ "out", required_argument, NULL, 'o' },
		{ "replay", required_argument, NULL, 'R' },
		{ "nodes", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{}
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			if (!fuzz_nodes_add(&fuzz->nodes, optarg))
				return false;
			break;
		case 's':
			fuzz->seconds = strtoul(optarg, NULL, 10);
			break;
		case 'r':
			fuzz->random = strtoull(optarg, NULL, 10);
			break;
		case 'c':
			fuzz->corpus_path = optarg;
			break;
		case 'p':
			fuzz->patterns = optarg;
			break;
		case 'o':
			fuzz->out = optarg;
			break;
		case 'R':
			fuzz->replay_path = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			return false;
		}
	}
	return optind == argc;
}

int main(int argc, char **argv)
{
	static struct fuzz fuzz = { .seconds = 60 };
	const struct sigaction act = { .sa_handler = on_signal };

	if (!parse_args(&fuzz, argc, argv)) {
		fputs("fuzz: see --help\n", stderr);
		return 2;
	}
	/* The generator needs a state that is not 0. */
	fuzz.random = fuzz.random ?: (uint64_t)time(NULL) ?: 1;
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	fuzz_calls_init();
	if (!fuzz.nodes.count) {
		fputs("fuzz: no nodes; igt-tests/fuzz/on-devices makes some\n", stderr);
		return 2;
	}
	fuzz_nodes_find_objects(&fuzz.nodes);
	if (!fuzz_klog_open(&fuzz.klog, fuzz.patterns))
		return 2;
	if (!fuzz.replay_path && !fuzz_cover_open(&fuzz.cover))
		fuzz.cover.fd = -1;
	if (fuzz.replay_path)
		fuzz.cover.fd = -1;
	fuzz.current = fuzz.out ? create(&fuzz, "current.txt") : NULL;
	return fuzz.replay_path ? replay(&fuzz) : fuzz_all(&fuzz);
}
