// SPDX-License-Identifier: Apache-2.0
#include "files/csv/text_lines.h"

#include "base/error.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK    ((size_t)1 << 18)
#define MAX_LINE ((size_t)1 << 20)

struct pxi_lines {
    pxi_bytes *bytes;
    char *name;
    char *buffer; /* MAX_LINE + BLOCK bytes and a terminator */
    size_t begin, end;
    size_t number;
    bool ended;
};

px_status pxi_lines_open_bytes(pxi_bytes *bytes, const char *name, pxi_lines **out, px_error *err) {
    pxi_lines *lines = pxi_new_array(1, sizeof *lines);
    if (!lines) {
        pxi_bytes_close(&bytes);
        return pxi_fail_memory(err);
    }
    lines->bytes = bytes;
    lines->name = strdup(name);
    lines->buffer = malloc(MAX_LINE + BLOCK + 1);
    px_status status = lines->name && lines->buffer ? PX_OK : pxi_fail_memory(err);
    if (!status)
        status = pxi_bytes_as_utf8(&lines->bytes, lines->name, err);
    if (status)
        pxi_lines_close(&lines);
    else
        *out = lines;
    return status;
}

px_status pxi_lines_open(const char *path, pxi_lines **out, px_error *err) {
    pxi_bytes *bytes = NULL;
    px_status status = pxi_bytes_open(path, &bytes, err);
    return status ? status : pxi_lines_open_bytes(bytes, path, out, err);
}

px_status pxi_lines_open_text(const char *text, size_t length, const char *name, pxi_lines **out,
                              px_error *err) {
    pxi_bytes *bytes = NULL;
    px_status status = pxi_bytes_of(text, length, &bytes, err);
    return status ? status : pxi_lines_open_bytes(bytes, name, out, err);
}

void pxi_lines_close(pxi_lines **lines) {
    if (!lines || !*lines)
        return;
    pxi_bytes_close(&(*lines)->bytes);
    free((*lines)->name);
    free((*lines)->buffer);
    free(*lines);
    *lines = NULL;
}

px_status pxi_lines_rewind(pxi_lines *lines, px_error *err) {
    lines->begin = lines->end = lines->number = 0;
    lines->ended = false;
    return lines->bytes->rewind(lines->bytes, err);
}

size_t pxi_lines_number(const pxi_lines *lines) {
    return lines->number;
}

/* Moves the rest of the buffer to its start and reads one more block. */
static px_status refill(pxi_lines *lines, px_error *err) {
    memmove(lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
    lines->end -= lines->begin;
    lines->begin = 0;
    if (lines->end > MAX_LINE)
        return pxi_fail(err, PX_EINPUT, "%s: line %zu is longer than 1 MiB; this is no table of rows",
                        lines->name, lines->number + 1);
    size_t got = 0;
    px_status status = lines->bytes->read(lines->bytes, lines->buffer + lines->end, BLOCK, &got, err);
    if (status)
        return status;
    if (got == 0)
        lines->ended = true;
    if (memchr(lines->buffer + lines->end, '\0', got))
        return pxi_fail(err, PX_EINPUT, "%s: zero bytes after line %zu; this is binary data, not a text file",
                        lines->name, lines->number);
    lines->end += got;
    return PX_OK;
}

/* Gives the line that begins where the buffer begins and ends at `feed`, NULL = at its end. */
static void give(pxi_lines *lines, char *feed, char **line, size_t *length) {
    char *start = lines->buffer + lines->begin;
    char *stop = feed ? feed : lines->buffer + lines->end;
    lines->begin = (size_t)(stop - lines->buffer) + (feed != NULL);
    if (lines->number++ == 0 && stop - start >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
        start += 3; /* byte order mark */
    if (stop > start && stop[-1] == '\r')
        stop--;
    *stop = '\0';
    *line = start;
    *length = (size_t)(stop - start);
}

px_status pxi_lines_next(pxi_lines *lines, char **line, size_t *length, bool *more, px_error *err) {
    char *feed;
    for (size_t searched = 0;;) {
        feed = memchr(lines->buffer + lines->begin + searched, '\n', lines->end - lines->begin - searched);
        if (feed || lines->ended)
            break;
        searched = lines->end - lines->begin;
        px_status status = refill(lines, err);
        if (status)
            return status;
    }
    *more = feed || lines->begin < lines->end;
    if (*more)
        give(lines, feed, line, length);
    return PX_OK;
}

bool pxi_lines_next_in_memory(pxi_lines *lines, char **line, size_t *length) {
    char *feed = memchr(lines->buffer + lines->begin, '\n', lines->end - lines->begin);
    if (feed)
        give(lines, feed, line, length);
    return feed != NULL;
}
