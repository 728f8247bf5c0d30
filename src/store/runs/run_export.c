// SPDX-License-Identifier: Apache-2.0
/* Runs out of the house: a folder of files, one JSON document, or one table. */
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "store/home/export.h"
#include "store/runs/run_index.h"
#include "store/runs/run_json.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what a run has ------------------------------------------------------------------------------------ */

px_status px_run_calendar(px_home *home, const char *id, px_calendar **out, px_error *err) {
    px_run run = {0};
    px_status status = px_run_load(home, id, &run, err);
    if (status)
        return status;
    status = px_calendar_open(run.request.exchange, out, err);
    px_run_free(&run);
    return status;
}

typedef px_status (*table_fn)(void *user, const char *name, const px_table *table, px_error *err);

static px_status each_table(px_home *home, const char *id, table_fn each, void *user, px_error *err) {
    char **names = NULL;
    size_t n = 0;
    px_status status = pxi_run_tables(home, id, &names, &n, err);
    for (size_t i = 0; i < n && !status; i++) {
        px_table table = {0};
        status = px_run_read_table(home, id, names[i], &table, err);
        if (!status)
            status = each(user, names[i], &table, err);
        px_table_free(&table);
    }
    pxi_run_ids_free(names, n);
    return status;
}

/* ---- one document -------------------------------------------------------------------------------------- */

typedef struct document {
    const px_zone *zone;
    px_write_fn write;
    void *user;
    size_t n; /* tables written */
} document;

static px_status put(const document *d, const char *text, size_t length, px_error *err) {
    return d->write(d->user, text, length) ? PX_OK : pxi_fail(err, PX_EIO, "the output was refused");
}

static px_status add_table(void *user, const char *name, const px_table *table, px_error *err) {
    document *d = user;
    char before[NAME_MAX + 16];
    int length = snprintf(before, sizeof before, "%s\n\"%s\": ", d->n++ ? "," : "", name);
    px_status status = put(d, before, (size_t)length, err);
    return status ? status : px_table_write(table, PX_TABLE_JSON, d->zone, d->write, d->user, err);
}

/* run.json, whose last member `tables` is left open for them. */
static px_status put_head(px_home *home, const char *id, const document *d, px_error *err) {
    static const char open_end[] = "{}\n}\n";
    px_run run = {0};
    json_t *whole = NULL;
    char *stored = NULL, *text = NULL;
    px_status status = px_run_read(home, id, &stored, err);
    if (!status)
        status = pxi_run_parse(id, stored, &run, &whole, err);
    if (!status && json_object_set_new(whole, "tables", json_object()) != 0)
        status = pxi_fail_memory(err);
    if (!status)
        status = pxi_json_dump(whole, &text, err);
    if (!status)
        status = put(d, text, strlen(text) - strlen(open_end) + 1, err);
    free(text);
    free(stored);
    json_decref(whole);
    px_run_free(&run);
    return status;
}

px_status px_run_write_json(px_home *home, const char *id, px_write_fn write, void *user, px_error *err) {
    document d = {.write = write, .user = user};
    px_calendar *calendar = NULL;
    px_status status = px_run_calendar(home, id, &calendar, err);
    if (status)
        return status;
    d.zone = px_calendar_zone(calendar);
    status = put_head(home, id, &d, err);
    if (!status)
        status = each_table(home, id, add_table, &d, err);
    if (!status)
        status = put(&d, "}\n}\n", 4, err);
    px_calendar_close(&calendar);
    return status;
}

static px_status export_document(px_home *home, const char *id, const char *path, px_error *err) {
    pxi_new_file file;
    px_status status = pxi_new_file_begin(path, &file, err);
    if (!status)
        status = px_run_write_json(home, id, pxi_new_file_write, &file, err);
    return pxi_new_file_end(&file, status, err);
}

/* ---- a folder ------------------------------------------------------------------------------------------ */

typedef struct folder {
    px_home *home;
    const px_zone *zone;
    px_file_format format;
    char *path;
} folder;

static px_status export_table(void *user, const char *name, const px_table *table, px_error *err) {
    const folder *f = user;
    const px_file_format format = f->format == PX_FILE_CSV_AS_IS ? PX_FILE_CSV : f->format;
    char *path;
    if (asprintf(&path, "%s/%s.%s", f->path, name, px_file_format_name(format)) < 0)
        return pxi_fail_memory(err);
    px_status status = pxi_table_export(f->home, table, f->format, f->zone, path, err);
    free(path);
    return status;
}

static px_status copy_json(px_home *home, const char *id, const char *to, px_error *err) {
    char *text = NULL, *path = pxi_path_join(to, "run.json");
    px_status status = path ? px_run_read(home, id, &text, err) : pxi_fail_memory(err);
    if (!status)
        status = pxi_file_write(path, text, strlen(text), err);
    free(text);
    free(path);
    return status;
}

static px_status fill_folder(px_home *home, const char *id, folder *f, px_error *err) {
    px_calendar *calendar = NULL;
    px_status status = px_run_calendar(home, id, &calendar, err);
    if (!status)
        f->zone = px_calendar_zone(calendar);
    if (!status)
        status = each_table(home, id, export_table, f, err);
    if (!status)
        status = copy_json(home, id, f->path, err);
    if (!status)
        status = pxi_sync_path(f->path, err);
    px_calendar_close(&calendar);
    return status;
}

/* Filled beside its place and renamed. */
static px_status export_folder(px_home *home, const char *id, px_file_format format, const char *path,
                               px_error *err) {
    folder f = {.home = home, .format = format};
    if (asprintf(&f.path, "%s.%ld.tmp", path, (long)getpid()) < 0)
        return pxi_fail_memory(err);
    px_status status = pxi_remove_tree(f.path, err);
    if (!status && mkdir(f.path, 0777) != 0)
        status = pxi_fail_errno(err, "make folder", f.path);
    if (!status)
        status = fill_folder(home, id, &f, err);
    if (!status && rename(f.path, path) != 0)
        status = errno == EEXIST || errno == ENOTEMPTY ? pxi_fail_exists(path, err)
                                                       : pxi_fail_errno(err, "rename to", path);
    if (status)
        (void)pxi_remove_tree(f.path, NULL);
    free(f.path);
    return status;
}

/* ---- out ----------------------------------------------------------------------------------------------- */

static px_status export_part(px_home *home, const char *id, const char *part, px_file_format format,
                             const char *path, px_error *err) {
    px_table table = {0};
    px_calendar *calendar = NULL;
    px_status status = px_run_calendar(home, id, &calendar, err);
    if (!status)
        status = px_run_read_table(home, id, part, &table, err);
    if (!status)
        status = pxi_table_export(home, &table, format, px_calendar_zone(calendar), path, err);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

px_status px_run_export(px_home *home, const char *id, const char *part, px_file_format format,
                        const char *path, px_error *err) {
    char *place;
    px_status status = pxi_duplicate(path, &place, err);
    if (status)
        return status;
    for (size_t n = strlen(place); n > 1 && place[n - 1] == '/'; n--)
        place[n - 1] = '\0';
    if (!*place)
        status = pxi_fail(err, PX_EINPUT, "the name of what to write is empty");
    else if ((status = pxi_check_new_path(place, err)))
        ;
    else if (part)
        status = export_part(home, id, part, format, place, err);
    else
        status = format == PX_FILE_JSON ? export_document(home, id, place, err)
                                        : export_folder(home, id, format, place, err);
    free(place);
    return status;
}
