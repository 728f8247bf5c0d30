// SPDX-License-Identifier: Apache-2.0
/* Folders of any files, in folders that may be named the Hive way (symbol=TCS/year=2024): each file is read
 * by itself, with its own types, and has what its folders say as columns of text. */
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/column_names.h"
#include "files/containers/containers.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MOST_DEPTH = 8 };

/* ---- what folders say ---------------------------------------------------------------------------------- */

/* "symbol=M%26M" → symbol, M&M. False if the name says nothing that bars need: times stand in the files. */
static bool read_partition(const char *name, pxi_partition *out) {
    static const char none[] = "__HIVE_DEFAULT_PARTITION__";
    const char *equals = strchr(name, '=');
    pxi_bar_role role;
    int rank;
    size_t n = 0;
    if (!equals || equals == name || (size_t)(equals - name) >= sizeof out->name)
        return false;
    memcpy(out->name, name, (size_t)(equals - name));
    out->name[equals - name] = '\0';
    if (!pxi_name_role(out->name, &role, &rank) || role == PXI_ROLE_TIME)
        return false;
    for (const char *p = equals + 1; *p && n + 1 < sizeof out->value; p++) {
        const char digits[3] = {p[1], p[1] ? p[2] : '\0', '\0'};
        const bool coded =
            *p == '%' && isxdigit((unsigned char)digits[0]) && isxdigit((unsigned char)digits[1]);
        out->value[n++] = coded ? (char)strtol(digits, NULL, 16) : *p;
        p += coded ? 2 : 0;
    }
    out->value[n] = '\0';
    if (strcmp(out->value, none) == 0)
        out->value[0] = '\0';
    return true;
}

/* ---- rows with what their folders say ------------------------------------------------------------------ */

typedef struct labelled {
    pxi_rows base;
    pxi_rows *of;
    const pxi_partition *partitions; /* one for each column beyond those of the file */
    const size_t *wanted;
    size_t n_wanted, capacity;
    pxi_cells *cells;
    pxi_cell_text *texts; /* `capacity` for each partition */
    pxi_take_batch take;
    void *context;
} labelled;

static px_status make_texts(labelled *l, size_t n, px_error *err) {
    const size_t n_partitions = l->base.n_columns - l->of->n_columns;
    if (n <= l->capacity)
        return PX_OK;
    free(l->texts);
    l->capacity = 0;
    l->texts = pxi_new_array(n * n_partitions, sizeof *l->texts);
    if (!l->texts)
        return pxi_fail_memory(err);
    l->capacity = n;
    for (size_t p = 0; p < n_partitions; p++)
        for (size_t i = 0; i < n; i++)
            l->texts[p * n + i] = (pxi_cell_text){l->partitions[p].value, strlen(l->partitions[p].value)};
    return PX_OK;
}

static px_status take_batch(const pxi_batch *batch, void *context, bool *stop, px_error *err) {
    labelled *l = context;
    pxi_batch more = *batch;
    size_t own = 0;
    px_status status = make_texts(l, batch->n, err);
    if (status)
        return status;
    for (size_t i = 0; i < l->n_wanted; i++) {
        const size_t column = l->wanted[i];
        l->cells[i] = column < l->of->n_columns
                          ? batch->cells[own++]
                          : (pxi_cells){.u.text = l->texts + (column - l->of->n_columns) * l->capacity};
    }
    more.cells = l->cells;
    return l->take(&more, l->context, stop, err);
}

static px_status each_row(pxi_rows *rows, const size_t *columns, size_t n, pxi_take_batch take, void *context,
                          px_error *err) {
    labelled *l = (labelled *)rows;
    size_t own = 0, *inner = pxi_new_array(n, sizeof *inner);
    free(l->cells);
    l->cells = pxi_new_array(n, sizeof *l->cells);
    l->wanted = columns;
    l->n_wanted = n;
    l->take = take;
    l->context = context;
    for (size_t i = 0; inner && i < n; i++)
        if (columns[i] < l->of->n_columns)
            inner[own++] = columns[i];
    px_status status =
        inner && l->cells ? l->of->each(l->of, inner, own, take_batch, l, err) : pxi_fail_memory(err);
    free(inner);
    return status;
}

/* What the file has as a column of its own is told there. */
static size_t keep_new(const pxi_rows *rows, const pxi_opening *o, pxi_partition out[MOST_DEPTH]) {
    size_t n = 0;
    for (size_t p = 0; p < o->n_partitions; p++) {
        bool is_there = false;
        for (size_t i = 0; i < rows->n_columns; i++)
            is_there |= strcasecmp(rows->columns[i].name, o->partitions[p].name) == 0;
        if (!is_there)
            out[n++] = o->partitions[p];
    }
    return n;
}

px_status pxi_labelled_read(pxi_rows *rows, const pxi_opening *o, px_error *err) {
    pxi_partition partitions[MOST_DEPTH];
    const size_t n = rows->n_columns + keep_new(rows, o, partitions);
    labelled l = {.base = *rows, .of = rows, .partitions = partitions};
    l.base.each = each_row;
    l.base.only = NULL;
    l.base.n_columns = n;
    l.base.columns = pxi_new_array(n, sizeof *l.base.columns);
    px_status status = l.base.columns ? PX_OK : pxi_fail_memory(err);
    for (size_t i = 0; !status && i < n; i++)
        l.base.columns[i] = i < rows->n_columns
                                ? rows->columns[i]
                                : (pxi_rows_column){partitions[i - rows->n_columns].name, PXI_TEXT, NULL};
    if (!status)
        status = pxi_rows_read(&l.base, o->config, o->out, err);
    free(l.base.columns);
    free(l.cells);
    free(l.texts);
    return status;
}

/* ---- the folder ---------------------------------------------------------------------------------------- */

static int is_data(const struct dirent *entry) {
    return entry->d_name[0] != '.' && entry->d_name[0] != '_';
}

static px_status read_file(const pxi_opening *o, const char *path, px_error *err) {
    px_source_config config = *o->config;
    pxi_opening inner = *o;
    config.path = path;
    inner.config = &config;
    inner.file = path;
    inner.context = &inner;
    return inner.open(&inner, err);
}

static px_status read_folder(const pxi_opening *o, const char *folder, int depth, size_t *n_files,
                             px_error *err) {
    struct dirent **found = NULL;
    int n = depth > MOST_DEPTH ? 0 : scandir(folder, &found, is_data, alphasort);
    px_status status = n < 0 ? pxi_fail_errno(err, "read folder", folder) : PX_OK;
    for (int i = 0; i < n; i++) {
        struct stat info = {0};
        pxi_partition partitions[MOST_DEPTH];
        pxi_opening inner = *o;
        char *path = status || o->out->is_cut ? NULL : pxi_path_join(folder, found[i]->d_name);
        if (!path && !status && !o->out->is_cut)
            status = pxi_fail_memory(err);
        if (path && lstat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
            if (o->n_partitions)
                memcpy(partitions, o->partitions, o->n_partitions * sizeof *partitions);
            inner.partitions = partitions;
            if (o->n_partitions < MOST_DEPTH)
                inner.n_partitions += read_partition(found[i]->d_name, &partitions[o->n_partitions]);
            inner.context = &inner;
            status = read_folder(&inner, path, depth + 1, n_files, err);
        } else if (path && S_ISREG(info.st_mode)) {
            ++*n_files;
            status = read_file(o, path, err);
        } else if (path && S_ISLNK(info.st_mode))
            pxi_source_note(o->out, "%.200s is a link and is passed over", path);
        free(path);
        free(found[i]);
    }
    free(found);
    return status;
}

px_status pxi_files_open(const pxi_opening *o, size_t *n_files, px_error *err) {
    *n_files = 0;
    return read_folder(o, o->config->path, 0, n_files, err);
}
