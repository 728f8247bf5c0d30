// SPDX-License-Identifier: Apache-2.0
/* Folders of any files, in folders that may be named the Hive way (symbol=TCS/year=2024): each file is read
 * by itself, with its own types, and has what its folders say as columns of text. */
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/parallel.h"
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

/* What the file has as a column of its own is read there. */
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

/* A file of a folder, and what the folders in between say of it. */
typedef struct listed {
    size_t n_partitions;
    pxi_partition partitions[MOST_DEPTH];
    px_source source; /* its path is the file's */
} listed;

typedef struct folder {
    const pxi_opening *opening;
    size_t n, capacity;
    listed *files; /* by name */
    pxi_spent spent;
} folder;

static void free_folder(folder *f) {
    for (size_t i = 0; i < f->n; i++)
        px_source_free(&f->files[i].source);
    free(f->files);
}

static px_status add_file(folder *f, const char *path, const pxi_partition *partitions, size_t n,
                          px_error *err) {
    if (!pxi_grow(&f->files, &f->capacity, f->n + 1, sizeof *f->files))
        return pxi_fail_memory(err);
    listed *file = &f->files[f->n];
    memset(file, 0, sizeof *file);
    px_status status = pxi_duplicate(path, &file->source.path, err);
    if (status)
        return status;
    file->n_partitions = n;
    if (n)
        memcpy(file->partitions, partitions, n * sizeof *partitions);
    f->n++;
    return PX_OK;
}

static px_status list_folder(folder *f, const char *path, const pxi_partition *outer, size_t n_outer,
                             int depth, px_error *err);

static px_status list_entry(folder *f, const char *path, const char *name, const pxi_partition *outer,
                            size_t n_outer, int depth, px_error *err) {
    struct stat info = {0};
    pxi_partition partitions[MOST_DEPTH];
    size_t n = n_outer;
    if (n)
        memcpy(partitions, outer, n * sizeof *partitions);
    if (lstat(path, &info) != 0)
        return PX_OK;
    if (S_ISDIR(info.st_mode)) {
        if (n < MOST_DEPTH)
            n += read_partition(name, &partitions[n]);
        return list_folder(f, path, partitions, n, depth + 1, err);
    }
    if (S_ISREG(info.st_mode))
        return add_file(f, path, partitions, n, err);
    if (S_ISLNK(info.st_mode))
        pxi_source_note(f->opening->out, "%.200s is a link and is passed over", path);
    return PX_OK;
}

static px_status list_folder(folder *f, const char *path, const pxi_partition *outer, size_t n_outer,
                             int depth, px_error *err) {
    struct dirent **found = NULL;
    const int n = depth > MOST_DEPTH ? 0 : scandir(path, &found, is_data, alphasort);
    px_status status = n < 0 ? pxi_fail_errno(err, "read folder", path) : PX_OK;
    for (int i = 0; i < n; i++) {
        char *inner = status ? NULL : pxi_path_join(path, found[i]->d_name);
        if (!status)
            status = inner ? list_entry(f, inner, found[i]->d_name, outer, n_outer, depth, err)
                           : pxi_fail_memory(err);
        free(inner);
        free(found[i]);
    }
    free(found);
    return status;
}

/* All but the path. */
static void forget(px_source *source) {
    const px_source unread = {.path = source->path};
    source->path = NULL;
    px_source_free(source);
    *source = unread;
}

/* Of the symbol that is asked for, a file may have no rows. */
static px_status read_file(folder *f, size_t at, const px_work *work, uint64_t first_rows, px_error *err) {
    listed *file = &f->files[at];
    px_source_config config = *f->opening->config;
    pxi_opening inner = *f->opening;
    px_error why = {0};
    config.path = inner.file = file->source.path;
    config.work = *work;
    config.first_rows = first_rows;
    inner.config = &config;
    inner.out = &file->source;
    inner.context = &inner;
    inner.partitions = file->partitions;
    inner.n_partitions = file->n_partitions;
    file->source.spent = &f->spent;
    px_status status = inner.open(&inner, &why);
    if (!status)
        status = pxi_source_end_file(&file->source, &why);
    file->source.spent = NULL;
    if (status == PX_ENOTFOUND && config.symbol)
        return PX_OK;
    if (status && config.keep_others && !f->spent.is_over) {
        forget(&file->source);
        return pxi_source_failed(&file->source, file->source.path, status, &why, err);
    }
    if (status && err)
        *err = why;
    return status;
}

static px_status read_job(void *user, const pxi_job *job, px_error *err) {
    return read_file(user, job->index, &job->work, 0, err);
}

/* Where a limit ends the reading, files are read again one after the other, so that what is told of it does
 * not hang on which thread read what. */
static px_status read_files(folder *f, px_error *err) {
    const px_work *work = &f->opening->config->work;
    px_status status = pxi_parallel_run(&(pxi_parallel){f->n, read_job, f, work, "read"}, err);
    if (!f->spent.is_limited || status == PX_EINTERRUPTED || pxi_parallel_threads(work, f->n) == 1)
        return status;
    status = PX_OK;
    f->spent.rows = f->spent.bytes = f->spent.memory = 0;
    f->spent.is_over = f->spent.is_limited = false;
    for (size_t i = 0; i < f->n; i++)
        forget(&f->files[i].source);
    for (size_t i = 0; i < f->n && !status; i++)
        status = read_file(f, i, work, 0, err);
    return status;
}

/* The first rows are those of the first files. */
static px_status look_into(folder *f, px_error *err) {
    const px_source_config *config = f->opening->config;
    uint64_t left = config->first_rows;
    px_status status = PX_OK;
    for (size_t i = 0; i < f->n && left && !status; i++) {
        status = read_file(f, i, &config->work, left, err);
        left -= f->files[i].source.n_read < left ? f->files[i].source.n_read : left;
        f->opening->out->is_cut |= !left && i + 1 < f->n;
    }
    return status;
}

static px_status take_files(folder *f, px_error *err) {
    px_source *out = f->opening->out;
    px_status status = PX_OK;
    for (size_t i = 0; i < f->n && !status; i++)
        status = pxi_source_take(out, &f->files[i].source, err);
    if (!status && f->n && out->n_failures == f->n && !f->opening->config->keep_others)
        status =
            pxi_fail(err, out->failures[0].why.code, "none of the %zu files of %s can be read; the first: %s",
                     f->n, f->opening->config->path, out->failures[0].why.message);
    return status;
}

px_status pxi_files_open(const pxi_opening *o, size_t *n_files, px_error *err) {
    const px_source_config *config = o->config;
    folder f = {.opening = o, .spent = {.path = config->path}};
    px_status status = list_folder(&f, config->path, NULL, 0, 0, err);
    *n_files = f.n;
    if (!status)
        status = config->first_rows ? look_into(&f, err) : read_files(&f, err);
    if (!status)
        status = take_files(&f, err);
    free_folder(&f);
    return status;
}
