// SPDX-License-Identifier: Apache-2.0
/* Zip archives: each member is read as a file of its own would be. Text is read out of the archive; what
 * needs a file to be opened is unfolded into memory that has a path, and is never written anywhere. */
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/containers/containers.h"
#include "files/containers/pulled_text.h"
#include "files/containers/zip_members.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct member {
    size_t at;
    const char *name;
} member;

static int compare_members(const void *a, const void *b) {
    return strcmp(((const member *)a)->name, ((const member *)b)->name);
}

/* Words beside the data. */
static bool is_aside(const char *name) {
    static const char *const words[] = {"readme", "license", "licence", "disclaimer", "copyright"};
    static const char *const endings[] = {".md", ".pdf", ".html", ".htm", ".png", ".jpg", ".sha256", ".md5"};
    const char *slash = strrchr(name, '/'), *own = slash ? slash + 1 : name;
    const size_t length = strlen(own);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncasecmp(own, words[i], strlen(words[i])) == 0)
            return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (length > strlen(endings[i]) && strcasecmp(own + length - strlen(endings[i]), endings[i]) == 0)
            return true;
    return false;
}

/* ---- what needs a file --------------------------------------------------------------------------------- */

static px_status unfold(const pxi_opening *o, pxi_bytes *bytes, int fd, px_error *err) {
    enum { BLOCK = 1 << 16 };
    const uint64_t most = pxi_limits_memory(&o->config->limits);
    char *block = malloc(BLOCK);
    uint64_t total = 0;
    size_t got = 1;
    px_status status = block ? PX_OK : pxi_fail_memory(err);
    while (!status && got) {
        status = bytes->read(bytes, block, BLOCK, &got, err);
        total += got;
        if (!status && total > most)
            status = pxi_limits_fail_memory(&o->config->limits, o->config->path, err);
        for (size_t put = 0; !status && put < got;) {
            ssize_t n = write(fd, block + put, got - put);
            if (n < 0 && errno != EINTR)
                status = pxi_fail_errno(err, "unfold", o->config->path);
            put += n > 0 ? (size_t)n : 0;
        }
    }
    free(block);
    return status;
}

static px_status open_unfolded(const pxi_opening *o, pxi_bytes *bytes, px_error *err) {
    char path[64];
    pxi_opening inner = *o;
    int fd = memfd_create("member", MFD_CLOEXEC);
    if (fd < 0)
        return pxi_fail_errno(err, "unfold", o->config->path);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    inner.file = path;
    inner.context = &inner;
    px_status status = unfold(o, bytes, fd, err);
    if (!status)
        status = inner.open(&inner, err);
    close(fd);
    return status;
}

/* ---- members ------------------------------------------------------------------------------------------- */

static px_status read_head(pxi_bytes *bytes, unsigned char *head, size_t *n, px_error *err) {
    size_t got = 1;
    px_status status = PX_OK;
    *n = 0;
    while (!status && got && *n < PXI_HEAD_SIZE) {
        status = bytes->read(bytes, head + *n, PXI_HEAD_SIZE - *n, &got, err);
        *n += status ? 0 : got;
    }
    return status ? status : bytes->rewind(bytes, err);
}

static px_status read_bytes(const pxi_opening *o, pxi_bytes *bytes, px_error *err) {
    static const unsigned char packed[][2] = {{0x1f, 0x8b}, {0x28, 0xb5}};
    unsigned char head[PXI_HEAD_SIZE];
    size_t n = 0;
    pxi_file_kind kind = PXI_FILE_CSV;
    px_status status = read_head(bytes, head, &n, err);
    const bool again = n >= 2 && (memcmp(head, packed[0], 2) == 0 || memcmp(head, packed[1], 2) == 0);
    if (!status && !again)
        status = pxi_kind_of_bytes(head, n, o->config->path, &kind, err);
    if (!status && (kind == PXI_FILE_ZIP || kind == PXI_FILE_SQLITE || kind == PXI_FILE_DUCKDB))
        status = pxi_fail(err, PX_EINPUT, "%s is %s inside of an archive: take it out and import it",
                          o->config->path, pxi_file_kind_name(kind));
    if (!status && (again || kind != PXI_FILE_CSV))
        status = open_unfolded(o, bytes, err);
    if (status || again || kind != PXI_FILE_CSV) {
        pxi_bytes_close(&bytes);
        return status;
    }
    return pxi_pulled_take(o, bytes, o->config->path, o->config->reading.no_header, err);
}

/* A member on its way. */
typedef struct opened {
    pxi_zip *zip;
    const member *of;
    const char *path; /* of the archive and its own: its bars are named after it */
} opened;

static px_status read_member(const pxi_opening *o, void *context, px_error *err) {
    const opened *m = context;
    px_source_config config = *o->config;
    pxi_opening inner = *o;
    pxi_bytes *bytes = NULL;
    px_status status = pxi_zip_bytes(m->zip, m->of->at, &bytes, err);
    config.path = m->path;
    inner.config = &config;
    inner.context = &inner;
    if (!status)
        status = read_bytes(&inner, bytes, err);
    if (status && err && !strstr(err->message, m->of->name))
        pxi_fail_prefix(err, status, "%s/%.100s", o->config->path, m->of->name);
    return status;
}

/* The only member is what the archive is; of several, each is a file. */
static px_status take_member(const pxi_opening *o, pxi_zip *zip, const member *of, bool alone,
                             px_error *err) {
    pxi_text path = {0};
    pxi_text_printf(&path, "%s/%s", o->config->path, of->name);
    opened m = {zip, of, path.data};
    px_status status = path.failed ? pxi_fail_memory(err)
                       : alone     ? read_member(o, &m, err)
                                   : pxi_source_read_part(o, path.data, read_member, &m, err);
    pxi_text_free(&path);
    return status;
}

static px_status read_members(const pxi_opening *o, pxi_zip *zip, member *members, px_error *err) {
    pxi_spent own = {.path = o->config->path}, *before = o->out->spent;
    size_t n = 0, n_aside = 0;
    px_status status = PX_OK;
    for (size_t i = 0; i < pxi_zip_n_members(zip); i++) {
        const char *name = pxi_zip_name(zip, i);
        if (name && is_aside(name))
            n_aside++;
        else if (name)
            members[n++] = (member){i, name};
    }
    qsort(members, n, sizeof *members, compare_members);
    if (n_aside)
        pxi_source_note(o->out, "%zu members of the archive that are no data are passed over", n_aside);
    if (!before)
        o->out->spent = &own;
    for (size_t i = 0; !status && i < n && !o->out->is_cut; i++) {
        if (n <= 3)
            pxi_source_note(o->out, "the member %.100s is read", members[i].name);
        status = take_member(o, zip, &members[i], n == 1, err);
    }
    o->out->spent = before;
    if (!status && n == 0)
        status = pxi_fail(err, PX_EINPUT, "%s is an archive without data", o->config->path);
    return status;
}

px_status pxi_zip_open(const pxi_opening *o, px_error *err) {
    pxi_zip *zip = NULL;
    px_status status = pxi_zip_open_members(o->file, &o->config->limits, &zip, err);
    member *members = status ? NULL : pxi_new_array(pxi_zip_n_members(zip), sizeof *members);
    if (!status)
        status = members ? read_members(o, zip, members, err) : pxi_fail_memory(err);
    free(members);
    pxi_zip_close(&zip);
    return status;
}
