// SPDX-License-Identifier: MIT
/* stampread - print the camera's stamp in a PNG picture. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/error.h"
#include "../lib/picture.h"
#include "../lib/stamp.h"

enum status {
	STATUS_VALID,
	STATUS_NONE,
	STATUS_UNREADABLE,
};

static int print_help(FILE *to, enum status status)
{
	fputs("Usage: stampread FILE.png\n\n"
	      "Prints the stamp that camsim left in a picture: \"SEQUENCE TIMESTAMP CAMERA\",\n"
	      "the time in nanoseconds of CLOCK_MONOTONIC.\n\n"
	      "Status: 0 found, 1 no valid stamp in the picture, 2 no picture.\n", to);
	return (int)status;
}

int main(int argc, char **argv)
{
	enum simstamp_status found;
	struct simstamp stamp;
	struct pp_layout layout;
	struct pp_error error;
	void *pixels;

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return print_help(stdout, STATUS_VALID);
	if (argc != 2 || argv[1][0] == '-')
		return print_help(stderr, STATUS_UNREADABLE);
	if (pp_png_read(argv[1], &layout, &pixels, &error)) {
		fprintf(stderr, "stampread: %s\n", error.text);
		return STATUS_UNREADABLE;
	}
	found = pp_stamp_read(&layout, pixels, &stamp, NULL);
	free(pixels);
	if (found != SIMSTAMP_VALID) {
		fprintf(stderr, "stampread: %s: %s\n", argv[1],
			found == SIMSTAMP_NONE ? "no stamp" : "the stamp is damaged");
		return STATUS_NONE;
	}
	printf("%" PRIu32 " %" PRIu64 " %u\n", stamp.sequence, stamp.timestamp, stamp.camera);
	return STATUS_VALID;
}
