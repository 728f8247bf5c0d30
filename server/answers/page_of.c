// SPDX-License-Identifier: Apache-2.0
/* Rows of a table as the query wants them: filtered, sorted, a page of them. */
#include "server/server.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { USUAL_LIMIT = 100, MOST_ROWS = 1000, MAX_FILTERS = 16 };

static const char *const own_names[] = {"limit", "offset", "sort", "order", "q", "format", "formulas"};
#define N_OWN (sizeof own_names / sizeof *own_names)

/* A wanted value of a column. */
typedef struct filter {
    size_t column;
    const char *text;
    double number;
} filter;

typedef struct page {
    const px_table *table;
    const px_zone *zone;
    const char *const *read_already; /* parameters of whoever made the table */
    size_t limit, offset;
    size_t sort; /* column; SIZE_MAX = as the table stands */
    bool descending, csv, keep_formulas;
    const char *q; /* NULL = all */
    size_t n_filters;
    filter filters[MAX_FILTERS];
    const char *unknown; /* a parameter that is neither of ours nor a column */
    bool too_many;
    size_t *rows, n_rows; /* those that match, in order */
} page;

static bool is_number(const px_column *column) {
    return column->type != PX_COLUMN_TIME && column->type != PX_COLUMN_TEXT;
}

static bool is_defined(const px_column *column, size_t row) {
    return px_column_is_real(column->type) ? !isnan(column->u.f64[row]) : column->u.i64[row] != PX_NULL_I64;
}

/* ---- what is asked for -------------------------------------------------------------------------------- */

static bool take_parameter(void *user, const char *name, const char *value) {
    page *p = user;
    for (size_t i = 0; i < N_OWN; i++)
        if (!strcmp(own_names[i], name))
            return true;
    for (size_t i = 0; p->read_already && p->read_already[i]; i++)
        if (!strcmp(p->read_already[i], name))
            return true;
    size_t column = px_table_find(p->table, name);
    if (column == SIZE_MAX)
        p->unknown = name;
    else if (p->n_filters == MAX_FILTERS)
        p->too_many = true;
    else
        p->filters[p->n_filters++] = (filter){.column = column, .text = value};
    return !p->unknown && !p->too_many;
}

/* The name nearest to a word among the columns and, where `ours`, the parameters. */
static px_status fail_name(const page *p, const char *what, const char *word, bool ours, px_error *err) {
    size_t n = p->table->n_columns + (ours ? N_OWN : 0);
    const char **names = malloc(n * sizeof *names);
    if (!names)
        return server_fail(err, PX_ENOMEM, "out of memory");
    for (size_t i = 0; i < n; i++)
        names[i] = i < p->table->n_columns ? p->table->columns[i].name : own_names[i - p->table->n_columns];
    px_status status = server_fail_unknown(what, word, names, n, err);
    free(names);
    return status;
}

static px_status read_filters(page *p, px_error *err) {
    if (p->unknown)
        return fail_name(p, "unknown query parameter", p->unknown, true, err);
    if (p->too_many)
        return server_fail(err, PX_EINPUT, "at most %d filters", MAX_FILTERS);
    for (size_t i = 0; i < p->n_filters; i++) {
        filter *f = &p->filters[i];
        const px_column *column = &p->table->columns[f->column];
        char *end;
        f->number = strtod(f->text, &end);
        if (is_number(column) && *f->text && (*end || end == f->text))
            return server_fail(err, PX_EINPUT, "%s=%.60s: the column holds numbers", column->name, f->text);
    }
    return PX_OK;
}

px_status query_word(server_call *call, const char *name, const char *first, const char *second,
                     bool *is_second, px_error *err) {
    const char *text = http_query(call->request, name);
    *is_second = text && !strcmp(text, second);
    if (!text || *is_second || !strcmp(text, first))
        return PX_OK;
    return server_fail(err, PX_EINPUT, "%s=%.60s: %s or %s is wanted", name, text, first, second);
}

static px_status read_page(server_call *call, page *p, px_error *err) {
    const char *sort = http_query(call->request, "sort");
    http_each_query(call->request, take_parameter, p);
    px_status status = read_filters(p, err);
    if (!status)
        status = query_count(call, "limit", USUAL_LIMIT, MOST_ROWS, &p->limit, err);
    if (!status)
        status = query_count(call, "offset", 0, SIZE_MAX / 2, &p->offset, err);
    if (!status)
        status = query_word(call, "order", "asc", "desc", &p->descending, err);
    if (!status)
        status = query_word(call, "format", "json", "csv", &p->csv, err);
    if (!status)
        status = query_word(call, "formulas", "escape", "keep", &p->keep_formulas, err);
    p->q = http_query(call->request, "q");
    p->sort = sort ? px_table_find(p->table, sort) : SIZE_MAX;
    if (!status && sort && p->sort == SIZE_MAX)
        status = fail_name(p, "sort: unknown column", sort, false, err);
    if (!status && p->csv && !http_query(call->request, "limit")) /* a file is whole unless it is cut */
        p->limit = SIZE_MAX / 2;
    return status;
}

/* ---- choosing ----------------------------------------------------------------------------------------- */

/* Nothing means undefined. A time is known by how it begins: a day, a minute. */
static bool has_value(const page *p, const filter *f, size_t row) {
    const px_column *column = &p->table->columns[f->column];
    char buf[PX_TIME_TEXT_SIZE];
    if (!is_defined(column, row) || !*f->text)
        return !is_defined(column, row) && !*f->text;
    switch (column->type) {
    case PX_COLUMN_I64:
    case PX_COLUMN_FLAG:
    case PX_COLUMN_BOOL:
        return (double)column->u.i64[row] == f->number;
    case PX_COLUMN_F64:
    case PX_COLUMN_QUANTITY:
        return column->u.f64[row] == f->number;
    case PX_COLUMN_TIME:
        return !strncmp(px_time_format_iso(column->u.i64[row], p->zone, buf), f->text, strlen(f->text));
    case PX_COLUMN_TEXT:
        return !strcmp(px_table_text(p->table, f->column, row), f->text);
    }
    return false;
}

/* A column that is named more than once may have any of the values. */
static bool passes_filters(const page *p, size_t row) {
    for (size_t i = 0; i < p->n_filters; i++) {
        bool any = false;
        for (size_t j = 0; j < p->n_filters && !any; j++)
            any = p->filters[j].column == p->filters[i].column && has_value(p, &p->filters[j], row);
        if (!any)
            return false;
    }
    return true;
}

static bool has_text(const page *p, size_t row) {
    if (!p->q || !*p->q)
        return true;
    for (size_t c = 0; c < p->table->n_columns; c++)
        if (p->table->columns[c].type == PX_COLUMN_TEXT && is_defined(&p->table->columns[c], row) &&
            strcasestr(px_table_text(p->table, c, row), p->q))
            return true;
    return false;
}

static int compare_cells(const page *p, size_t a, size_t b) {
    const px_column *column = &p->table->columns[p->sort];
    if (column->type == PX_COLUMN_TEXT)
        return strcmp(px_table_text(p->table, p->sort, a), px_table_text(p->table, p->sort, b));
    if (px_column_is_real(column->type))
        return (column->u.f64[a] > column->u.f64[b]) - (column->u.f64[a] < column->u.f64[b]);
    return (column->u.i64[a] > column->u.i64[b]) - (column->u.i64[a] < column->u.i64[b]);
}

/* Undefined cells come last in either order; equal ones stay in the table's order. */
static int compare_rows(const void *left, const void *right, void *user) {
    const page *p = user;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const px_column *column = &p->table->columns[p->sort];
    bool has_a = is_defined(column, a), has_b = is_defined(column, b);
    int order = has_a && has_b ? compare_cells(p, a, b) : has_b - has_a;
    if (has_a && has_b && p->descending)
        order = -order;
    return order ? order : (a > b) - (a < b);
}

static px_status choose_rows(page *p, px_error *err) {
    size_t n = p->table->n_rows;
    p->rows = malloc((n ? n : 1) * sizeof *p->rows);
    if (!p->rows)
        return server_fail(err, PX_ENOMEM, "out of memory");
    for (size_t row = 0; row < n; row++)
        if (passes_filters(p, row) && has_text(p, row))
            p->rows[p->n_rows++] = row;
    if (p->sort != SIZE_MAX)
        qsort_r(p->rows, p->n_rows, sizeof *p->rows, compare_rows, p);
    else if (p->descending)
        for (size_t i = 0; i < p->n_rows / 2; i++) {
            size_t other = p->rows[i];
            p->rows[i] = p->rows[p->n_rows - 1 - i];
            p->rows[p->n_rows - 1 - i] = other;
        }
    return PX_OK;
}

/* ---- answering ---------------------------------------------------------------------------------------- */

/* The page as a table of its own cells that shares the texts. Free with free_view. */
static px_status make_view(const page *p, px_table *view, px_error *err) {
    size_t begin = p->offset < p->n_rows ? p->offset : p->n_rows;
    size_t n = p->n_rows - begin < p->limit ? p->n_rows - begin : p->limit;
    const px_table *table = p->table;
    *view = (px_table){.n_rows = n, .n_columns = table->n_columns, .pool = table->pool};
    view->columns = calloc(table->n_columns, sizeof *view->columns);
    for (size_t c = 0; view->columns && c < table->n_columns; c++) {
        view->columns[c] = table->columns[c];
        int64_t *cells = view->columns[c].u.i64 = malloc((n ? n : 1) * sizeof *cells);
        if (!cells) {
            while (c--)
                free(view->columns[c].u.i64);
            free(view->columns);
            view->columns = NULL;
            break;
        }
        for (size_t i = 0; i < n; i++) /* cells of every type are eight bytes */
            memcpy(&cells[i], &table->columns[c].u.i64[p->rows[begin + i]], sizeof *cells);
    }
    return view->columns ? PX_OK : server_fail(err, PX_ENOMEM, "out of memory");
}

static void free_view(px_table *view) {
    for (size_t c = 0; view->columns && c < view->n_columns; c++)
        free(view->columns[c].u.i64);
    free(view->columns);
}

static px_status respond_list(server_call *call, const page *p, const char *items, px_error *err) {
    char *text = NULL;
    int length =
        asprintf(&text, "{\"total\": %zu, \"offset\": %zu, \"items\": %s}", p->n_rows, p->offset, items);
    return respond_json_text(call, 200, length < 0 ? NULL : text, length < 0 ? 0 : (size_t)length, err);
}

static px_status respond_file(server_call *call, char *text, size_t length, px_error *err) {
    const char *path = http_path(call->request), *name = strrchr(path, '/');
    px_status status = respond_bytes(call, "text/csv; charset=utf-8", text, length, err);
    http_set_header(call->response, "Content-Disposition", "attachment; filename=\"%.100s.csv\"",
                    name ? name + 1 : "table");
    return status;
}

px_status respond_table(server_call *call, const px_table *table, const px_zone *zone, px_error *err) {
    return respond_rows_of(call, table, zone, NULL, err);
}

px_status respond_rows_of(server_call *call, const px_table *table, const px_zone *zone,
                          const char *const *read_already, px_error *err) {
    page p = {.table = table, .zone = zone, .read_already = read_already};
    px_table view = {0};
    char *text = NULL;
    size_t length = 0;
    px_status status = read_page(call, &p, err);
    const px_table_style style = !p.csv ? PX_TABLE_JSON : p.keep_formulas ? PX_TABLE_CSV_AS_IS : PX_TABLE_CSV;
    if (!status)
        status = choose_rows(&p, err);
    if (!status)
        status = make_view(&p, &view, err);
    if (!status)
        status = px_table_render(&view, style, zone, &text, &length, err);
    if (!status && p.csv)
        status = respond_file(call, text, length, err);
    else if (!status) {
        status = respond_list(call, &p, text, err);
        free(text);
    }
    free_view(&view);
    free(p.rows);
    return status;
}

px_status respond_stored(server_call *call, px_status (*list)(px_home *, px_table *, px_error *),
                         px_error *err) {
    px_table table = {0};
    px_calendar *calendar = NULL;
    px_status status = server_home(call, err);
    if (!status)
        status = list(call->home, &table, err);
    if (!status)
        status = px_calendar_open(NULL, &calendar, err);
    if (!status)
        status = respond_table(call, &table, px_calendar_zone(calendar), err);
    px_calendar_close(&calendar);
    px_table_free(&table);
    return status;
}
