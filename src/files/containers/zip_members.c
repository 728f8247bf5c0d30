// SPDX-License-Identifier: Apache-2.0
#include "files/containers/zip_members.h"

#include "base/error.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { MOST_MEMBERS = 100000, MOST_RATIO = 500, FREE_BYTES = 64 << 20 };

struct pxi_zip {
    zip_t *archive;
    char *path;
    const px_source_limits *limits;
    size_t n;
    uint64_t total; /* bytes that were unfolded */
};

typedef struct member_bytes {
    pxi_bytes base;
    pxi_zip *zip;
    zip_file_t *file;
    zip_uint64_t index, packed, unfolded;
    const char *name;
} member_bytes;

static px_status fail_zip(const pxi_zip *zip, const char *what, px_error *err) {
    return pxi_fail(err, PX_EINPUT, "%s: %s: damaged zip data (%s)", zip->path, what,
                    zip_strerror(zip->archive));
}

/* ---- members ------------------------------------------------------------------------------------------- */

static bool leads_out(const char *name) {
    if (*name == '/' || strchr(name, '\\') || strchr(name, ':'))
        return true;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return true;
    }
    return false;
}

static bool is_link(zip_t *archive, zip_uint64_t index) {
    enum { TYPE = 0170000, LINK = 0120000 };
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    return zip_file_get_external_attributes(archive, index, 0, &system, &attributes) == 0 &&
           system == ZIP_OPSYS_UNIX && (attributes >> 16 & TYPE) == LINK;
}

static px_status check_member(const pxi_zip *zip, zip_uint64_t index, px_error *err) {
    zip_stat_t info;
    zip_stat_init(&info);
    const char *name = zip_get_name(zip->archive, index, ZIP_FL_ENC_GUESS);
    if (!name || zip_stat_index(zip->archive, index, 0, &info) != 0)
        return fail_zip(zip, "a member", err);
    if (leads_out(name))
        return pxi_fail(
            err, PX_EINPUT,
            "%s: the member %.100s is named by a path that leads out of the archive: pack it anew", zip->path,
            name);
    if (is_link(zip->archive, index))
        return pxi_fail(err, PX_EINPUT, "%s: the member %.100s is a link: pack the file itself", zip->path,
                        name);
    if ((info.valid & ZIP_STAT_ENCRYPTION_METHOD) && info.encryption_method != ZIP_EM_NONE)
        return pxi_fail(err, PX_EINPUT,
                        "%s is encrypted: unpack it with its password and import what is in it", zip->path);
    return PX_OK;
}

px_status pxi_zip_open_members(const char *path, const px_source_limits *limits, pxi_zip **out,
                               px_error *err) {
    pxi_zip *zip = pxi_new_array(1, sizeof *zip);
    int code = 0;
    if (!zip || !(zip->path = strdup(path))) {
        free(zip);
        return pxi_fail_memory(err);
    }
    zip->limits = limits;
    zip->archive = zip_open(path, ZIP_RDONLY, &code);
    px_status status = PX_OK;
    if (!zip->archive)
        status = pxi_fail(err, PX_EINPUT, "%s: damaged zip archive; it may be truncated", path);
    const zip_int64_t n = zip->archive ? zip_get_num_entries(zip->archive, 0) : 0;
    zip->n = n > 0 ? (size_t)n : 0;
    if (!status && zip->n > MOST_MEMBERS)
        status =
            pxi_fail(err, PX_EINPUT, "%s has %zu members; %d are read at most", path, zip->n, MOST_MEMBERS);
    for (size_t i = 0; !status && i < zip->n; i++)
        status = check_member(zip, i, err);
    if (status)
        pxi_zip_close(&zip);
    else
        *out = zip;
    return status;
}

void pxi_zip_close(pxi_zip **zip) {
    if (!zip || !*zip)
        return;
    if ((*zip)->archive)
        zip_discard((*zip)->archive);
    free((*zip)->path);
    free(*zip);
    *zip = NULL;
}

size_t pxi_zip_n_members(const pxi_zip *zip) {
    return zip->n;
}

const char *pxi_zip_name(const pxi_zip *zip, size_t member) {
    const char *name = zip_get_name(zip->archive, member, ZIP_FL_ENC_GUESS);
    if (!name || !*name || name[strlen(name) - 1] == '/' || strncmp(name, "__MACOSX/", 9) == 0)
        return NULL;
    const char *slash = strrchr(name, '/');
    const char *own = slash ? slash + 1 : name;
    return *own == '.' || strcasecmp(own, "Thumbs.db") == 0 ? NULL : name;
}

size_t pxi_zip_find(const pxi_zip *zip, const char *name) {
    zip_int64_t at = zip_name_locate(zip->archive, name, ZIP_FL_ENC_GUESS);
    return at < 0 ? SIZE_MAX : (size_t)at;
}

/* ---- bytes --------------------------------------------------------------------------------------------- */

static px_status check_size(member_bytes *m, px_error *err) {
    if (m->unfolded > FREE_BYTES && m->unfolded / MOST_RATIO > m->packed)
        return pxi_fail(err, PX_EINPUT,
                        "%s: the member %.100s unfolds to more than %d times its size: no table does",
                        m->zip->path, m->name, MOST_RATIO);
    return pxi_limits_check(m->zip->limits, m->zip->path, 0, m->zip->total, err);
}

static px_status read_member(pxi_bytes *bytes, void *to, size_t size, size_t *got, px_error *err) {
    member_bytes *m = (member_bytes *)bytes;
    zip_int64_t n = zip_fread(m->file, to, size);
    if (n < 0)
        return pxi_fail(err, PX_EINPUT, "%s: %.100s: damaged zip data (%s)", m->zip->path, m->name,
                        zip_file_strerror(m->file));
    *got = (size_t)n;
    m->unfolded += (zip_uint64_t)n;
    m->zip->total += (zip_uint64_t)n;
    return check_size(m, err);
}

static px_status rewind_member(pxi_bytes *bytes, px_error *err) {
    member_bytes *m = (member_bytes *)bytes;
    zip_file_t *again = zip_fopen_index(m->zip->archive, m->index, 0);
    if (!again)
        return fail_zip(m->zip, m->name, err);
    zip_fclose(m->file);
    m->file = again;
    m->zip->total -= m->unfolded;
    m->unfolded = 0;
    return PX_OK;
}

static void close_member(pxi_bytes *bytes) {
    member_bytes *m = (member_bytes *)bytes;
    zip_fclose(m->file);
    free(m);
}

px_status pxi_zip_bytes(pxi_zip *zip, size_t member, pxi_bytes **out, px_error *err) {
    zip_stat_t info;
    zip_stat_init(&info);
    member_bytes *m = pxi_new_array(1, sizeof *m);
    if (!m)
        return pxi_fail_memory(err);
    const char *name = zip_get_name(zip->archive, member, ZIP_FL_ENC_GUESS);
    *m = (member_bytes){{read_member, rewind_member, close_member}, zip, NULL, member, 0, 0, name};
    m->file = zip_fopen_index(zip->archive, member, 0);
    if (!m->file || zip_stat_index(zip->archive, member, 0, &info) != 0) {
        px_status status = fail_zip(zip, name ? name : "a member", err);
        if (m->file)
            zip_fclose(m->file);
        free(m);
        return status;
    }
    m->packed = info.comp_size;
    *out = &m->base;
    return PX_OK;
}
