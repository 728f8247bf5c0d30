// SPDX-License-Identifier: Apache-2.0
#include "files/csv/gz_lines.h"

#include "base/error.h"
#include "base/mem.h"
#include "pixity/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#define BLOCK    ((size_t)1 << 18)
#define MAX_LINE ((size_t)1 << 20)

struct pxi_lines {
    gzFile file; /* NULL: what is left of a text in memory */
    const char *text;
    size_t text_length;
    char *path;
    char *buffer; /* MAX_LINE + BLOCK bytes and a terminator */
    size_t begin, end;
    size_t number;
    bool ended;
};

static px_status new_lines(const char *name, pxi_lines **out, px_error *err) {
    pxi_lines *lines = pxi_new_array(1, sizeof *lines);
    if (!lines)
        return pxi_fail_memory(err);
    lines->path = strdup(name);
    lines->buffer = malloc(MAX_LINE + BLOCK + 1);
    if (!lines->path || !lines->buffer) {
        pxi_lines_close(&lines);
        return pxi_fail_memory(err);
    }
    *out = lines;
    return PX_OK;
}

px_status pxi_lines_open(const char *path, pxi_lines **out, px_error *err) {
    struct stat info;
    pxi_lines *lines = NULL;
    if (stat(path, &info) != 0)
        return errno == ENOENT || errno == ENOTDIR ? pxi_fail(err, PX_ENOTFOUND, "no such file: %s", path)
                                                   : pxi_fail_errno(err, "open", path);
    if (S_ISDIR(info.st_mode))
        return pxi_fail(err, PX_EINPUT, "%s is a folder, not a file", path);
    px_status status = new_lines(path, &lines, err);
    if (status)
        return status;
    lines->file = gzopen(path, "rbe");
    if (!lines->file) {
        status = errno ? pxi_fail_errno(err, "open", path) : pxi_fail_memory(err);
        pxi_lines_close(&lines);
        return status;
    }
    gzbuffer(lines->file, BLOCK);
    *out = lines;
    return PX_OK;
}

px_status pxi_lines_open_text(const char *text, size_t length, const char *name, pxi_lines **out,
                              px_error *err) {
    px_status status = new_lines(name, out, err);
    if (status)
        return status;
    (*out)->text = text;
    (*out)->text_length = length;
    return PX_OK;
}

void pxi_lines_close(pxi_lines **lines) {
    if (!lines || !*lines)
        return;
    if ((*lines)->file)
        gzclose((*lines)->file);
    free((*lines)->path);
    free((*lines)->buffer);
    free(*lines);
    *lines = NULL;
}

size_t pxi_lines_number(const pxi_lines *lines) {
    return lines->number;
}

static px_status read_failure(const pxi_lines *lines, px_error *err) {
    int code;
    const char *message = gzerror(lines->file, &code);
    if (code == Z_ERRNO)
        return pxi_fail_errno(err, "read", lines->path);
    if (code == Z_BUF_ERROR)
        return pxi_fail(err, PX_EINPUT, "%s: the gzip data end early after line %zu; the file is truncated",
                        lines->path, lines->number);
    return pxi_fail(err, PX_EINPUT, "%s: damaged gzip data after line %zu (%s)", lines->path, lines->number,
                    message);
}

/* At most one block more of the text in memory. */
static size_t copy_text(pxi_lines *lines) {
    size_t got = lines->text_length < BLOCK ? lines->text_length : BLOCK;
    if (got == 0)
        return 0;
    memcpy(lines->buffer + lines->end, lines->text, got);
    lines->text += got;
    lines->text_length -= got;
    return got;
}

static px_status read_block(pxi_lines *lines, size_t *out, px_error *err) {
    if (!lines->file) {
        *out = copy_text(lines);
        return PX_OK;
    }
    errno = 0;
    int got = gzread(lines->file, lines->buffer + lines->end, (unsigned)BLOCK);
    int code = Z_OK;
    gzerror(lines->file, &code);
    if (got < 0 || code != Z_OK)
        return read_failure(lines, err);
    *out = (size_t)got;
    return PX_OK;
}

/* Moves the rest of the buffer to its start and reads one more block. */
static px_status refill(pxi_lines *lines, px_error *err) {
    memmove(lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
    lines->end -= lines->begin;
    lines->begin = 0;
    if (lines->end > MAX_LINE)
        return pxi_fail(err, PX_EINPUT, "%s: line %zu is longer than 1 MiB; this is no table of rows",
                        lines->path, lines->number + 1);
    size_t got = 0;
    px_status status = read_block(lines, &got, err);
    if (status)
        return status;
    if (got == 0)
        lines->ended = true;
    if (memchr(lines->buffer + lines->end, '\0', got))
        return pxi_fail(err, PX_EINPUT, "%s: zero bytes after line %zu; this is binary data, not a text file",
                        lines->path, lines->number);
    lines->end += got;
    return PX_OK;
}

px_status pxi_lines_next(pxi_lines *lines, char **line, size_t *length, bool *more, px_error *err) {
    char *start, *feed;
    for (size_t searched = 0;;) {
        start = lines->buffer + lines->begin;
        feed = memchr(start + searched, '\n', lines->end - lines->begin - searched);
        if (feed || lines->ended)
            break;
        searched = lines->end - lines->begin;
        px_status status = refill(lines, err);
        if (status)
            return status;
    }
    if (!feed && lines->begin == lines->end) {
        *more = false;
        return PX_OK;
    }
    char *stop = feed ? feed : lines->buffer + lines->end;
    lines->begin = (size_t)(stop - lines->buffer) + (feed != NULL);
    lines->number++;
    if (stop > start && stop[-1] == '\r')
        stop--;
    *stop = '\0';
    *line = start;
    *length = (size_t)(stop - start);
    *more = true;
    return PX_OK;
}

const char *px_zlib_version(void) {
    return zlibVersion();
}
