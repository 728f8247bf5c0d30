// SPDX-License-Identifier: Apache-2.0
/* What the fuzz targets share. A target gives bytes to one parser, as a file or an option would, and checks
 * what must hold of whatever the parser accepts and of how it refuses the rest. */
#ifndef FUZZ_H
#define FUZZ_H

#include "pixity/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* An assertion that libFuzzer takes for a finding. */
#define fuzz_check(condition)                                                                                \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            fuzz_broken(__FILE__, __LINE__, #condition);                                                     \
    } while (0)
_Noreturn static inline void fuzz_broken(const char *file, int line, const char *what) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

/* True if the call did its work. A refusal says why, in text that any program can show. */
static inline bool fuzz_accepted(px_status status, const px_error *err) {
    if (status == PX_OK)
        return true;
    json_t *text = json_string(err->message);
    fuzz_check(text && *err->message);
    fuzz_check(err->code == status && status != PX_EIO && status != PX_ELIBRARY);
    json_decref(text);
    return false;
}

/* The bytes as a text that ends where its memory ends. */
static inline char *fuzz_text(const uint8_t *bytes, size_t length) {
    char *text = malloc(length + 1);
    fuzz_check(text);
    if (length)
        memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}

/* The bytes as a file, for parsers that are given a path. */
typedef struct fuzz_file {
    int descriptor;
    char path[40];
} fuzz_file;

static inline fuzz_file fuzz_file_open(const void *bytes, size_t length) {
    fuzz_file file = {.descriptor = memfd_create("fuzz", MFD_CLOEXEC)};
    fuzz_check(file.descriptor >= 0 && write(file.descriptor, bytes, length) == (ssize_t)length);
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.descriptor);
    return file;
}

static inline void fuzz_file_close(fuzz_file *file) {
    close(file->descriptor);
}

/* True for what a reader of files takes for Parquet or DuckDB, which DuckDB reads. */
static inline bool fuzz_is_duckdbs(const uint8_t *bytes, size_t length) {
    return length >= 12 && (memcmp(bytes, "PAR1", 4) == 0 || memcmp(bytes + 8, "DUCK", 4) == 0);
}

#endif
