// SPDX-License-Identifier: Apache-2.0
/* pixity doctor: versions, the data folder, disk, clock, and whether writing works. Changes nothing. */
#include "cli/frame/cli.h"
#include "server/serve.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

typedef enum verdict { OK, FAILED, UNKNOWN } verdict;

typedef struct examination {
    cli_call *call;
    px_table table;
    size_t n_failed;
    px_status status; /* of adding rows */
    px_error *err;
} examination;

static void PX_PRINTF(4, 5) note(examination *e, const char *check, verdict found, const char *format, ...) {
    static const char *const words[] = {[OK] = "ok", [FAILED] = "failed", [UNKNOWN] = "-"};
    const char *cells[] = {check, NULL, words[found]};
    char value[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    cells[1] = value;
    e->n_failed += found == FAILED;
    if (!e->status)
        e->status = px_table_add_row(&e->table, e->err);
    for (size_t c = 0; !e->status && c < 3; c++)
        e->status = px_table_set_text(&e->table, c, cells[c], e->err);
}

/* `version` NULL: it is loaded when first used, and could not be. */
static void note_library(examination *e, const char *name, const char *version) {
    if (version)
        note(e, name, OK, "%s", version);
    else
        note(e, name, FAILED, "cannot be loaded; install the package that has it, or Pixity, again");
}

static void check_versions(examination *e) {
    char xgboost[PX_XGBOOST_VERSION_SIZE];
    if (strcmp(px_version(), PX_VERSION) == 0)
        note(e, "pixity", OK, "%s", px_version());
    else
        note(e, "pixity", FAILED, "the library is %s, the program was built with %s", px_version(),
             PX_VERSION);
    note_library(e, "DuckDB", px_duckdb_version());
    note_library(e, "SQLite", px_sqlite_version());
    note_library(e, "XGBoost", px_xgboost_version(xgboost));
    note_library(e, "zlib", px_zlib_version());
    note_library(e, "jansson", jansson_version_str());
    note_library(e, "libcrypto", px_crypto_version());
    note_library(e, "libsodium", server_sodium_version());
    note_library(e, "cairo", px_cairo_version());
    note_library(e, "libmicrohttpd", server_http_version());
}

/* A home of an older version, or without database, is left as it is: opening it would change that. */
static bool is_left_alone(examination *e) {
    const char *path = e->call->home_path;
    int version = 0, newest = px_home_schema_version();
    if (access(path, F_OK) != 0 || px_home_read_version(path, &version, NULL) != PX_OK || version >= newest)
        return false;
    if (version == 0)
        note(e, "home folder", OK, "%s, no database yet; the next command that uses it makes one", path);
    else
        note(e, "home folder", OK,
             "%s, schema version %d; the next command that uses it brings it to version %d", path, version,
             newest);
    return true;
}

/* False where there is no folder, or none that can be used. */
static bool check_home(examination *e) {
    px_error err = {0};
    const char *path = e->call->home_path;
    if (is_left_alone(e))
        return true;
    px_status status = cli_open_home_if_there(e->call, &err);
    if (status)
        note(e, "home folder", FAILED, "%s", err.message);
    else if (e->call->home)
        note(e, "home folder", OK, "%s, schema version %d", path, px_home_schema_version());
    else
        note(e, "home folder", UNKNOWN, "%s: not there yet; `pixity import` or `pixity synth` makes it",
             path);
    return !status && e->call->home;
}

/* The folder or secret of the home folder that others may use, as "PATH has mode 0755"; NULL = there is none.
 */
static const char *find_open(const char *home, char *buf, size_t size) {
    const char *found = NULL;
    char path[1100];
    DIR *folder = opendir(home);
    for (struct dirent *entry; !found && folder && (entry = readdir(folder));) {
        struct stat about;
        bool itself = !strcmp(entry->d_name, ".");
        if (!strcmp(entry->d_name, ".."))
            continue;
        snprintf(path, sizeof path, "%s%s%s", home, itself ? "" : "/", itself ? "" : entry->d_name);
        bool private_kind =
            !lstat(path, &about) && (S_ISDIR(about.st_mode) || !strcmp(entry->d_name, "server.key") ||
                                     !strcmp(entry->d_name, "server.password"));
        if (!private_kind || !(about.st_mode & 077))
            continue;
        snprintf(buf, size, "%s has mode %04o", path, (unsigned)(about.st_mode & 07777));
        found = buf;
    }
    if (folder)
        closedir(folder);
    return found;
}

static void check_privacy(examination *e, const char *home) {
    char buf[1200];
    const char *open = find_open(home, buf, sizeof buf);
    if (open)
        note(e, "privacy", FAILED, "%.900s: others may look into it; chmod -R go= '%.200s'", open, home);
    else
        note(e, "privacy", OK, "the home folder, its folders and secrets are its user's alone");
}

static void check_disk(examination *e, const char *folder) {
    static const double few = 1e8;
    struct statvfs disk;
    if (statvfs(folder, &disk) != 0) {
        note(e, "free disk", FAILED, "%s: %s", folder, strerror(errno));
        return;
    }
    double available = (double)disk.f_bavail * (double)disk.f_frsize;
    note(e, "free disk", available < few ? FAILED : OK, "%.1f GB%s", available / 1e9,
         available < few ? ": too little to work with" : "");
}

/* A clock that is far off would date runs wrongly. */
static void check_clock(examination *e) {
    static const px_civil first = {2024, 1, 1}, last = {2100, 1, 1};
    px_calendar *calendar = NULL;
    char when[PX_TIME_TEXT_SIZE];
    int64_t now = cli_clock_us() / PX_US_PER_SECOND * PX_US_PER_SECOND;
    int64_t day = now / PX_US_PER_DAY;
    bool sane = day >= px_date_from_civil(first) && day < px_date_from_civil(last);
    if (cli_open_calendar(NULL, &calendar, NULL) == PX_OK)
        note(e, "clock", sane ? OK : FAILED, "%s on %s",
             px_time_format_iso(now, px_calendar_zone(calendar), when), px_calendar_name(calendar));
    px_calendar_close(&calendar);
}

static int write_and_read(int file) {
    static const char text[] = "pixity doctor";
    char back[sizeof text];
    bool good = write(file, text, sizeof text) == (ssize_t)sizeof text && fsync(file) == 0 &&
                pread(file, back, sizeof back, 0) == (ssize_t)sizeof back && !memcmp(text, back, sizeof text);
    return good ? 0 : errno ? errno : EIO;
}

static void check_writing(examination *e, const char *folder) {
    char path[1100];
    snprintf(path, sizeof path, "%s/.doctor-%ld", folder, (long)getpid());
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int problem = file < 0 ? errno : write_and_read(file);
    if (file >= 0) {
        close(file);
        unlink(path);
    }
    note(e, "write test", problem ? FAILED : OK, "%s: %s", folder,
         problem ? strerror(problem) : "written, flushed, read back, removed");
}

static px_status run(cli_call *call, px_error *err) {
    static const px_column_def defs[] = {
        {"check", PX_COLUMN_TEXT}, {"value", PX_COLUMN_TEXT}, {"verdict", PX_COLUMN_TEXT}};
    examination e = {.call = call, .err = err};
    e.status = px_table_init(&e.table, defs, 3, err);
    check_versions(&e);
    bool there = check_home(&e);
    const char *folder = there ? call->home_path : ".";
    if (there)
        check_privacy(&e, folder);
    check_disk(&e, folder);
    check_clock(&e);
    check_writing(&e, folder);
    if (!e.status)
        e.status = cli_print_table(call, &e.table, PX_TABLE_TEXT, NULL, err);
    if (!e.status && e.n_failed)
        e.status = cli_fail(err, PX_EIO, "%zu of %zu checks failed", e.n_failed, e.table.n_rows);
    px_table_free(&e.table);
    return e.status;
}

const cli_verb cli_doctor = {
    .name = "doctor",
    .arguments = "",
    .summary = "Check versions, libraries, data folder, disk, clock, and whether writing works",
    .details = "Exit status 1 if a check fails. Changes nothing, and makes no data folder.",
    .groups = PX_GROUP_OUTPUT,
    .run = run,
};
