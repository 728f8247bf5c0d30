// SPDX-License-Identifier: Apache-2.0
/* pixity runs sql: a query over all stored runs. */
#include "cli/frame/cli.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct sql_options {
    const char *exchange;
    bool views;
} sql_options;

static const cli_place sql_places[] = {
    {"exchange", .offset = offsetof(sql_options, exchange)},
    {"views", .offset = offsetof(sql_options, views)},
    {0},
};

static px_status read_all(FILE *file, const char *name, char **out, px_error *err) {
    size_t used = 0, capacity = 1 << 16;
    char *text = malloc(capacity);
    while (text && !feof(file) && !ferror(file)) {
        used += fread(text + used, 1, capacity - used - 1, file);
        if (used + 1 < capacity)
            continue;
        char *larger = realloc(text, capacity *= 2);
        if (!larger)
            free(text);
        text = larger;
    }
    if (!text)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    if (ferror(file)) {
        free(text);
        return cli_fail(err, PX_EIO, "cannot read %s: %s", name, strerror(errno));
    }
    text[used] = '\0';
    *out = text;
    return PX_OK;
}

/* The argument itself, or what the file holds that it names; "-" is standard input. */
static px_status find_query(const char *argument, char **out, px_error *err) {
    size_t length = strlen(argument);
    bool named = length > 4 && !strcmp(argument + length - 4, ".sql");
    if (!strcmp(argument, "-"))
        return read_all(stdin, "standard input", out, err);
    if (!named && access(argument, F_OK) != 0) {
        *out = strdup(argument);
        return *out ? PX_OK : cli_fail(err, PX_ENOMEM, "out of memory");
    }
    FILE *file = fopen(argument, "r");
    if (!file)
        return cli_fail(err, errno == ENOENT ? PX_ENOTFOUND : PX_EIO, "cannot open %s: %s", argument,
                        strerror(errno));
    px_status status = read_all(file, argument, out, err);
    fclose(file);
    return status;
}

static px_status print_views(cli_call *call, const px_zone *zone, px_error *err) {
    char *views = NULL;
    px_status status = px_runs_views(call->home, &views, err);
    if (!status) {
        printf("SET TimeZone = '%s';\n", px_zone_name(zone));
        cli_print_text(views);
    }
    free(views);
    return status;
}

static px_status print_answer(cli_call *call, const px_zone *zone, px_error *err) {
    char *query = NULL;
    px_table table = {0};
    px_status status = find_query(call->arguments.items[0], &query, err);
    if (!status)
        status = px_runs_query(call->home, query, zone, &table, err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, zone, err);
    px_table_free(&table);
    free(query);
    return status;
}

static px_status run_sql(cli_call *call, px_error *err) {
    const sql_options *own = call->own;
    px_calendar *calendar = NULL;
    if (!own->views && call->arguments.n == 0)
        return cli_fail_usage(call, err,
                              "QUERY is missing: a query, a file that holds one, or - for standard input");
    if (own->views && call->arguments.n > 0)
        return cli_fail_usage(call, err, "--views takes no query");
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = cli_open_calendar(own->exchange, &calendar, err);
    if (!status)
        status = own->views ? print_views(call, px_calendar_zone(calendar), err)
                            : print_answer(call, px_calendar_zone(calendar), err);
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_runs_sql = {
    .name = "runs sql",
    .arguments = "[QUERY|FILE]",
    .max_arguments = 1,
    .summary = "Ask all stored runs a query in SQL",
    .details =
        "DuckDB's SQL over the views runs (a row a run) and trades, equity, signals, orders, fills (all "
        "runs, with run_id). DESCRIBE trades tells the columns. Names of money and ratios say gross or "
        "net; pnl of a trade is gross, pnl_net net. Reads the files of runs only and changes nothing.",
    .groups = PX_GROUP_OUTPUT,
    .places = sql_places,
    .own_size = sizeof(sql_options),
    .run = run_sql,
};
