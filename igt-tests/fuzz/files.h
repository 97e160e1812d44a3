/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_FILES_H
#define FUZZ_FILES_H

/* How the names of all directories begin that inputs make. */
#define FUZZ_PREFIX	"fuzz"

/* Remove what inputs left in configfs. */
void fuzz_files_clean(void);

#endif /* FUZZ_FILES_H */
