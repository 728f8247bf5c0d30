// SPDX-License-Identifier: Apache-2.0
/* Results on standard output. A write that failed is reported once, when main.c closes the output: results
 * count only when they have arrived. */
#include "cli/frame/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool table_saved; /* a table went to the file of --parquet or another such option */
static int write_errno;  /* of the first write that failed */

void cli_open_output(void) {
    static char buffer[1 << 16]; /* so that what printf writes is flushed on closing, where it is checked */
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
}

bool cli_write_output(void *unused, const char *text, size_t length) {
    (void)unused;
    if ((fwrite(text, 1, length, stdout) < length || fflush(stdout) != 0) && !write_errno)
        write_errno = errno;
    return !write_errno;
}

px_status cli_close_output(px_error *err) {
    if ((fflush(stdout) != 0 || fclose(stdout) != 0) && !write_errno)
        write_errno = errno;
    if (!write_errno)
        return PX_OK;
    if (write_errno == EPIPE) /* the reader has seen enough (`| head`): nothing to tell */
        return cli_fail(err, PX_EIO, "%s", "");
    return cli_fail(err, PX_EIO, "cannot write to standard output: %s", strerror(write_errno));
}

px_status cli_print_table(const cli_call *call, const px_table *table, px_table_style fallback,
                          const px_zone *zone, px_error *err) {
    if (call->file) {
        table_saved = true;
        return px_table_save(call->home, table, call->file_format, zone, call->file, err);
    }
    px_table_style style = call->format == CLI_FORMAT_JSON  ? PX_TABLE_JSON
                           : call->format == CLI_FORMAT_CSV ? PX_TABLE_CSV
                                                            : fallback;
    if (style == PX_TABLE_CSV && call->keep_formulas)
        style = PX_TABLE_CSV_AS_IS;
    px_status status = px_table_write(table, style, zone, cli_write_output, NULL, err);
    return write_errno ? PX_OK : status; /* cli_close_output tells of what could not be written */
}

px_status cli_check_table_saved(const cli_call *call, px_error *err) {
    if (!call->file || table_saved)
        return PX_OK;
    return cli_fail(err, PX_EINPUT, "there is no table to write to %s: --%s is for what --csv prints",
                    call->file, px_file_format_name(call->file_format));
}

px_status cli_print_narrow(const cli_call *call, const px_table *table, const char *const *narrow, size_t n,
                           const px_zone *zone, px_error *err) {
    px_table view = {0};
    const bool all = n == 0 || call->format != CLI_FORMAT_DEFAULT;
    px_status status = all ? PX_OK : cli_select_columns(table, narrow, n, &view, err);
    if (!status)
        status = cli_print_table(call, all ? table : &view, PX_TABLE_TEXT, zone, err);
    free(view.columns);
    return status;
}

px_status cli_print_made(const cli_call *call, px_status (*make)(px_table *, px_error *),
                         const char *const *narrow, size_t n, px_error *err) {
    px_table table = {0};
    px_status status = make(&table, err);
    if (!status)
        status = cli_print_narrow(call, &table, narrow, n, NULL, err);
    px_table_free(&table);
    return status;
}

px_status cli_check_free(const char *const *paths, size_t n, bool force, px_error *err) {
    for (size_t i = 0; i < n && !force; i++)
        if (paths[i] && access(paths[i], F_OK) == 0)
            return cli_fail(err, PX_EEXISTS, "%s is there already: name another file, or add --force",
                            paths[i]);
    return PX_OK;
}

px_status cli_print_list(cli_call *call, px_status (*list)(px_home *, px_table *, px_error *),
                         const char *const *narrow, size_t n, px_error *err) {
    px_table table = {0};
    px_calendar *calendar = NULL;
    px_status status = cli_open_home(call, err);
    if (!status)
        status = cli_open_calendar(NULL, &calendar, err);
    if (!status)
        status = list(call->home, &table, err);
    if (!status)
        status = cli_print_narrow(call, &table, narrow, n, px_calendar_zone(calendar), err);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

px_status cli_print_bars(const cli_call *call, const px_bars *bars, const px_zone *zone, px_error *err) {
    px_column columns[] = {
        {"timestamp", PX_COLUMN_TIME, {.i64 = bars->ts_us}}, {"open", PX_COLUMN_F64, {.f64 = bars->open}},
        {"high", PX_COLUMN_F64, {.f64 = bars->high}},        {"low", PX_COLUMN_F64, {.f64 = bars->low}},
        {"close", PX_COLUMN_F64, {.f64 = bars->close}},      {"volume", PX_COLUMN_F64, {.f64 = bars->volume}},
    };
    px_table view = {.n_rows = bars->n, .n_columns = sizeof columns / sizeof *columns, .columns = columns};
    return cli_print_table(call, &view, PX_TABLE_CSV, zone, err);
}

px_status cli_select_columns(const px_table *table, const char *const *names, size_t n, px_table *view,
                             px_error *err) {
    *view = *table;
    view->n_columns = 0;
    view->columns = calloc(n, sizeof *view->columns);
    if (!view->columns)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t i = 0; i < n; i++) {
        size_t c = px_table_find(table, names[i]);
        if (c != SIZE_MAX)
            view->columns[view->n_columns++] = table->columns[c];
    }
    return PX_OK;
}

void cli_print_text(const char *text) {
    cli_write_output(NULL, text, strlen(text));
}

px_status cli_open_calendar(const char *exchange, px_calendar **out, px_error *err) {
    return px_calendar_open(exchange, out, err);
}
