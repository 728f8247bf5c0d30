// SPDX-License-Identifier: Apache-2.0
/* Bars as columns: of a series, of a run, around its trades. */
#include "report/run_bars.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "indicators/frame.h"
#include "report/columns.h"
#include "report/holes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

px_columns_request px_columns_request_default(void) {
    return (px_columns_request){.start_date = PX_NO_DATE, .end_date = PX_NO_DATE};
}

/* ---- indicators --------------------------------------------------------------------------------------- */

static px_status add_indicator(pxi_indicators *list, const char *name, px_error *err) {
    const px_config config = px_config_default();
    pxi_column_spec spec;
    px_status status = pxi_column_spec_parse(name, &config, &spec, err);
    if (status)
        return status;
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->name[i], name) == 0)
            return PX_OK;
    if (list->n == PXI_MAX_INDICATORS)
        return pxi_fail(err, PX_EINPUT, "more than %d indicators at a time, the next is \"%.40s\"",
                        PXI_MAX_INDICATORS, name);
    if (!pxi_copy(list->name[list->n], sizeof list->name[0], name))
        return pxi_fail(err, PX_EINPUT, "column \"%.40s...\" is longer than any can be", name);
    list->n++;
    return PX_OK;
}

/* Length of what stands before the next comma outside of parentheses. */
static size_t item_length(const char *text) {
    size_t length = 0;
    for (bool inside = false; text[length] && (inside || text[length] != ','); length++)
        inside = text[length] == '(' || (inside && text[length] != ')');
    return length;
}

px_status pxi_indicators_parse(const char *text, pxi_indicators *out, px_error *err) {
    char name[128];
    px_status status = PX_OK;
    memset(out, 0, sizeof *out);
    for (const char *at = text; at && *at && !status; at += *at == ',') {
        size_t length = item_length(at);
        size_t kept = length < sizeof name ? length : sizeof name - 1;
        memcpy(name, at, kept);
        name[kept] = '\0';
        status = add_indicator(out, name, err);
        at += length;
    }
    return status;
}

static void list_columns(const pxi_indicators *list, const char *columns[PXI_MAX_INDICATORS + 1]) {
    for (size_t i = 0; i < list->n; i++)
        columns[i] = list->name[i];
    columns[list->n] = NULL;
}

static const char *unit_of(const char *name) {
    const px_config config = px_config_default();
    pxi_column_spec spec;
    return pxi_column_spec_parse(name, &config, &spec, NULL) == PX_OK ? spec.indicator->unit : "";
}

/* ---- loading ------------------------------------------------------------------------------------------ */

void pxi_bar_view_free(pxi_bar_view *view) {
    px_feature_frame_free(&view->frame);
    px_dataset_free(&view->data);
}

/* Of all bars, warm-up included, as a backtest computes them. */
static px_status find_indicators(pxi_bar_view *view, const px_config *config, px_error *err) {
    const px_dataset *data = &view->data;
    const char *columns[PXI_MAX_INDICATORS + 1];
    view->config = config;
    list_columns(&view->indicators, columns);
    if (view->indicators.n == 0 || pxi_frame_is_causal(columns, data->bars.n, config))
        return PX_OK;
    const pxi_columns_setup setup = pxi_frame_setup(&data->bars, data->calendar, config);
    return pxi_frame_compute(&data->bars, columns, &setup, &view->frame, err);
}

/* What is shown: bars of the dates inside the loaded window. */
static void cut(pxi_bar_view *view, int32_t start_date, int32_t end_date) {
    const px_dataset *data = &view->data;
    view->begin = data->begin;
    view->end = data->end;
    if (start_date != PX_NO_DATE) {
        size_t at =
            px_bars_lower_bound(&data->bars, px_calendar_session(data->calendar, start_date).midnight_us);
        view->begin = at > view->begin ? at : view->begin;
    }
    if (end_date != PX_NO_DATE) {
        size_t at =
            px_bars_lower_bound(&data->bars, px_calendar_session(data->calendar, end_date).next_midnight_us);
        view->end = at < view->end ? at : view->end;
    }
    if (view->begin > view->end)
        view->begin = view->end;
}

/* ---- as columns --------------------------------------------------------------------------------------- */

enum { OPEN, HIGH, LOW, CLOSE, VOLUME };

static px_status init(const pxi_bar_view *view, size_t n_rows, px_columns *out, px_error *err) {
    pxi_series_def defs[PXI_N_PRICES + PXI_MAX_INDICATORS] = {[OPEN] = {"open", "price"},
                                                              [HIGH] = {"high", "price"},
                                                              [LOW] = {"low", "price"},
                                                              [CLOSE] = {"close", "price"},
                                                              [VOLUME] = {"volume", "shares"}};
    for (size_t i = 0; i < view->indicators.n; i++)
        defs[PXI_N_PRICES + i] =
            (pxi_series_def){view->indicators.name[i], unit_of(view->indicators.name[i])};
    return pxi_columns_init(out, defs, PXI_N_PRICES + view->indicators.n, n_rows, err);
}

/* Makes rows, one after the other: indicators are taken from the frame, or run along. */
typedef struct row_maker {
    const pxi_bar_view *view;
    px_columns *out;
    pxi_column_set set;                          /* empty = there is a frame, or no indicator */
    double block[PXI_MAX_INDICATORS][PXI_BLOCK]; /* what it made last, */
    size_t begin, end;                           /* of these bars */
} row_maker;

static px_status maker_new(const pxi_bar_view *view, px_columns *out, row_maker **made, px_error *err) {
    const pxi_columns_setup setup = pxi_frame_setup(&view->data.bars, view->data.calendar, view->config);
    const char *names[PXI_MAX_INDICATORS + 1];
    row_maker *maker = *made = pxi_new_array(1, sizeof *maker);
    if (!maker)
        return pxi_fail_memory(err);
    maker->view = view;
    maker->out = out;
    if (view->indicators.n == 0 || view->frame.n > 0)
        return PX_OK;
    list_columns(&view->indicators, names);
    return pxi_columns_open(&maker->set, names, &setup, err);
}

static void maker_free(row_maker *maker) {
    if (!maker)
        return;
    pxi_columns_close(&maker->set);
    free(maker);
}

static void run_block(row_maker *maker) {
    const px_bars *bars = &maker->view->data.bars;
    double *out[PXI_MAX_INDICATORS];
    maker->begin = maker->end;
    maker->end = bars->n - maker->begin < PXI_BLOCK ? bars->n : maker->begin + PXI_BLOCK;
    const px_bars block = px_bars_slice(bars, maker->begin, maker->end);
    for (size_t c = 0; c < maker->set.n; c++)
        out[c] = maker->block[c];
    pxi_columns_run(&maker->set, &block, out);
}

static void set_indicators(row_maker *maker, size_t bar, size_t row) {
    const pxi_bar_view *view = maker->view;
    while (maker->set.n && bar >= maker->end)
        run_block(maker);
    for (size_t i = 0; i < view->indicators.n; i++)
        maker->out->columns[PXI_N_PRICES + i].values[row] =
            maker->set.n ? maker->block[i][bar - maker->begin] : view->frame.column[i][bar];
}

/* One row of the bars [begin, end); bars of later rows come later. */
static void set_row(row_maker *maker, size_t begin, size_t end, size_t row) {
    const pxi_bar_view *view = maker->view;
    const px_bars *bars = &view->data.bars;
    px_columns *out = maker->out;
    double high = bars->high[begin], low = bars->low[begin], volume = 0.0;
    for (size_t i = begin; i < end; i++) {
        high = fmax(high, bars->high[i]);
        low = fmin(low, bars->low[i]);
        volume += bars->volume[i];
    }
    out->time_s[row] = pxi_wall_seconds(bars->ts_us[begin], px_calendar_zone(view->data.calendar));
    out->columns[OPEN].values[row] = bars->open[begin];
    out->columns[HIGH].values[row] = high;
    out->columns[LOW].values[row] = low;
    out->columns[CLOSE].values[row] = bars->close[end - 1];
    out->columns[VOLUME].values[row] = volume;
    set_indicators(maker, end - 1, row);
}

static void describe(const pxi_bar_view *view, px_columns *out) {
    out->timeframe_minutes = view->data.timeframe_minutes;
    out->same_data = view->same_data;
    pxi_columns_set_zone(out, px_calendar_zone(view->data.calendar));
}

px_status pxi_view_columns(const pxi_bar_view *view, size_t points, px_columns *out, px_error *err) {
    size_t n = view->end - view->begin, step = pxi_bars_per_point(n, points);
    row_maker *maker = NULL;
    px_status status = maker_new(view, out, &maker, err);
    if (!status)
        status = init(view, n ? (n - 1) / step + 1 : 0, out, err);
    for (size_t row = 0; row < out->n_rows && !status; row++) {
        size_t begin = view->begin + row * step, left = view->end - begin;
        set_row(maker, begin, begin + (left < step ? left : step), row);
    }
    maker_free(maker);
    if (status)
        return status;
    out->total = n;
    out->bars_per_point = step;
    describe(view, out);
    const px_bars shown = px_bars_slice(&view->data.bars, view->begin, view->end);
    status = pxi_holes_find(&shown, view->data.calendar, out, err);
    if (status)
        px_columns_free(out);
    return status;
}

/* ---- around trades ------------------------------------------------------------------------------------ */

/* The last bar that begins at or before an instant; `begin` where all begin later. */
static size_t bar_at(const pxi_bar_view *view, int64_t ts_us) {
    size_t at = px_bars_lower_bound(&view->data.bars, ts_us + 1);
    return at > view->begin ? at - 1 : view->begin;
}

/* Marks the bars from `around` before a trade to as many after it. */
static void mark(const pxi_bar_view *view, int64_t entry_us, int64_t exit_us, size_t around, bool *marks) {
    size_t first = bar_at(view, entry_us), last = bar_at(view, exit_us);
    first = first - view->begin > around ? first - around : view->begin;
    for (size_t i = first; i < view->end && i <= last + around; i++)
        marks[i - view->begin] = true;
}

static px_status mark_trades(const pxi_bar_view *view, const px_table *trades, const char *run_id,
                             size_t around, bool *marks, px_error *err) {
    size_t entry, exit;
    px_status status = pxi_table_column(trades, "entry_ts", PX_COLUMN_TIME, run_id, &entry, err);
    if (!status)
        status = pxi_table_column(trades, "exit_ts", PX_COLUMN_TIME, run_id, &exit, err);
    for (size_t i = 0; i < trades->n_rows && !status; i++)
        mark(view, trades->columns[entry].u.i64[i], trades->columns[exit].u.i64[i], around, marks);
    return status;
}

/* *marks has one for each bar that may be shown. */
static px_status find_trade_bars(const pxi_bar_view *view, const px_table *trades, const char *run_id,
                                 size_t around, bool **marks, size_t *n_marked, px_error *err) {
    const size_t n = view->end - view->begin;
    bool *made = pxi_new_array(n, sizeof *made);
    px_status status = made ? mark_trades(view, trades, run_id, around, made, err) : pxi_fail_memory(err);
    *n_marked = 0;
    for (size_t i = 0; i < n && !status; i++)
        *n_marked += made[i];
    if (status)
        free(made);
    else
        *marks = made;
    return status;
}

px_status pxi_view_count_trade_bars(const pxi_bar_view *view, const px_table *trades, const char *run_id,
                                    size_t around, size_t *n, px_error *err) {
    bool *marks = NULL;
    px_status status = find_trade_bars(view, trades, run_id, around, &marks, n, err);
    free(marks);
    return status;
}

px_status pxi_view_trade_columns(const pxi_bar_view *view, const px_table *trades, const char *run_id,
                                 size_t around, px_columns *out, px_error *err) {
    size_t n = view->end - view->begin, n_rows = 0, row = 0;
    bool *marks = NULL;
    row_maker *maker = NULL;
    px_status status = find_trade_bars(view, trades, run_id, around, &marks, &n_rows, err);
    if (!status)
        status = maker_new(view, out, &maker, err);
    if (!status)
        status = init(view, n_rows, out, err);
    for (size_t i = 0; i < n && !status; i++)
        if (marks[i])
            set_row(maker, view->begin + i, view->begin + i + 1, row++);
    if (!status)
        describe(view, out);
    maker_free(maker);
    free(marks);
    return status;
}

/* ---- of a run ----------------------------------------------------------------------------------------- */

static px_status check_there(const pxi_stored_run *run, const char *run_id, px_error *err) {
    const char *path = run->request.input ? run->request.input : run->request.data_dir;
    if (!path || pxi_path_exists(path))
        return PX_OK;
    return pxi_fail(err, PX_ENOTFOUND,
                    "the bars of run %s were read from %s, which is not there now: its results are stored, "
                    "its bars are not",
                    run_id, path);
}

static px_status load(px_home *home, const pxi_stored_run *run, const px_data_request *request,
                      px_dataset *out, px_error *err) {
    return px_dataset_load(home, request, run->config.resample_anchor,
                           px_config_warmup_backtest(&run->config), out, err);
}

px_status pxi_run_view(px_home *home, const pxi_stored_run *run, const char *run_id,
                       const pxi_indicators *indicators, pxi_bar_view *out, px_error *err) {
    pxi_bar_view view = {.indicators = *indicators};
    px_status status = check_there(run, run_id, err);
    if (!status)
        status = load(home, run, &run->request, &view.data, err);
    if (!status)
        status = find_indicators(&view, &run->config, err);
    if (status) {
        pxi_bar_view_free(&view);
        return status;
    }
    const char *fingerprint = run->facts.data.fingerprint;
    view.same_data = fingerprint && strcmp(fingerprint, view.data.fingerprint) == 0;
    cut(&view, run->first_date, run->last_date);
    *out = view;
    return PX_OK;
}

/* The same series at another timeframe, in place of the view's own; warm-up as for the run, because
 * indicators go on from where the series begins. */
static px_status change_timeframe(px_home *home, const pxi_stored_run *run, int minutes, pxi_bar_view *view,
                                  px_error *err) {
    px_data_request request = run->request;
    request.timeframe_minutes = minutes;
    request.detail = PX_DETAIL_NONE;
    int same_data = view->same_data;
    pxi_bar_view changed = {.indicators = view->indicators, .same_data = same_data};
    px_status status = load(home, run, &request, &changed.data, err);
    if (!status)
        status = find_indicators(&changed, &run->config, err);
    if (status) {
        pxi_bar_view_free(&changed);
        return status;
    }
    pxi_bar_view_free(view);
    *view = changed;
    cut(view, run->first_date, run->last_date);
    return PX_OK;
}

static px_status check_dates(const pxi_stored_run *run, const char *run_id, const px_columns_request *request,
                             px_error *err) {
    char first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    bool before = request->end_date != PX_NO_DATE && run->first_date != PX_NO_DATE &&
                  request->end_date < run->first_date;
    bool after = request->start_date != PX_NO_DATE && run->last_date != PX_NO_DATE &&
                 request->start_date > run->last_date;
    if (request->start_date != PX_NO_DATE && request->end_date != PX_NO_DATE &&
        request->start_date > request->end_date)
        return pxi_fail(err, PX_EINPUT, "the start %s is after the end %s",
                        px_date_format(request->start_date, first), px_date_format(request->end_date, last));
    if (before || after)
        return pxi_fail(err, PX_EINPUT, "run %s goes from %s to %s: it has no bars in the dates asked for",
                        run_id, px_date_format(run->first_date, first), px_date_format(run->last_date, last));
    return PX_OK;
}

/* Cuts what a view shows further. */
static void narrow(pxi_bar_view *view, const px_columns_request *request) {
    size_t begin = view->begin, end = view->end;
    cut(view, request->start_date, request->end_date);
    view->begin = view->begin > begin ? view->begin : begin;
    view->end = view->end < end ? view->end : end;
    if (view->begin > view->end)
        view->begin = view->end;
}

/* The whole window, held against the bars that the run was made on. */
static px_status open_whole(px_home *home, const pxi_stored_run *run, const char *run_id, int minutes,
                            const pxi_indicators *indicators, pxi_bar_view *out, px_error *err) {
    bool own = minutes == run->request.timeframe_minutes;
    pxi_indicators none = {0};
    px_status status = pxi_run_view(home, run, run_id, own ? indicators : &none, out, err);
    if (status || own)
        return status;
    out->indicators = *indicators;
    return change_timeframe(home, run, minutes, out, err);
}

/* Some dates of it: no more is read than they and their indicators need, so that a zoom costs what it shows.
 */
static px_status open_part(px_home *home, const pxi_stored_run *run, const char *run_id, int minutes,
                           const px_columns_request *request, const pxi_indicators *indicators,
                           pxi_bar_view *out, px_error *err) {
    pxi_bar_view view = {.indicators = *indicators, .same_data = -1};
    px_data_request part = run->request;
    part.timeframe_minutes = minutes;
    part.detail = PX_DETAIL_NONE;
    if (request->start_date != PX_NO_DATE && request->start_date > part.start_date)
        part.start_date = request->start_date;
    if (request->end_date != PX_NO_DATE && (part.end_date == PX_NO_DATE || request->end_date < part.end_date))
        part.end_date = request->end_date;
    int warmup_days = indicators->n ? px_config_warmup_backtest(&run->config) : 0;
    px_status status = check_there(run, run_id, err);
    if (!status)
        status = px_dataset_load(home, &part, run->config.resample_anchor, warmup_days, &view.data, err);
    if (!status)
        status = find_indicators(&view, &run->config, err);
    if (status) {
        pxi_bar_view_free(&view);
        return status;
    }
    cut(&view, run->first_date, run->last_date);
    *out = view;
    return PX_OK;
}

/* Under rules that look ahead, indicators of a part are not those of the whole; nor are the prices of a
 * continuous series that ends before its last roll. */
static bool may_be_cut(const pxi_stored_run *run, const pxi_indicators *indicators) {
    if (run->request.continuous.rank)
        return false;
    return indicators->n == 0 ||
           (run->config.swing == PX_SWING_CONFIRMED && run->config.vwap_fallback == PX_VWAP_SESSION);
}

px_status px_run_bars(px_home *home, const char *run_id, const px_columns_request *request, px_columns *out,
                      px_error *err) {
    pxi_stored_run run = {0};
    pxi_bar_view view = {0};
    pxi_indicators indicators;
    bool whole = request->start_date == PX_NO_DATE && request->end_date == PX_NO_DATE;
    px_status status = pxi_indicators_parse(request->indicators, &indicators, err);
    if (!status)
        status = pxi_stored_run_open(home, run_id, &run, err);
    if (!status)
        status = check_dates(&run, run_id, request, err);
    int minutes = request->timeframe_minutes ? request->timeframe_minutes : run.request.timeframe_minutes;
    if (!status)
        status = whole || !may_be_cut(&run, &indicators)
                     ? open_whole(home, &run, run_id, minutes, &indicators, &view, err)
                     : open_part(home, &run, run_id, minutes, request, &indicators, &view, err);
    if (!status) {
        narrow(&view, request);
        status = pxi_view_columns(&view, request->points, out, err);
    }
    pxi_bar_view_free(&view);
    pxi_stored_run_close(&run);
    return status;
}

px_status px_run_trade_bars(px_home *home, const char *run_id, size_t around, const char *indicators,
                            px_columns *out, px_error *err) {
    pxi_stored_run run = {0};
    pxi_bar_view view = {0};
    pxi_indicators wanted;
    px_table trades = {0};
    px_status status = pxi_indicators_parse(indicators, &wanted, err);
    if (!status)
        status = pxi_stored_run_open(home, run_id, &run, err);
    if (!status)
        status = px_run_read_table(home, run_id, "trades", &trades, err);
    if (!status)
        status = pxi_run_view(home, &run, run_id, &wanted, &view, err);
    if (!status)
        status = pxi_view_trade_columns(&view, &trades, run_id, around, out, err);
    pxi_bar_view_free(&view);
    px_table_free(&trades);
    pxi_stored_run_close(&run);
    return status;
}

/* ---- of a series -------------------------------------------------------------------------------------- */

px_status px_series_columns(px_home *home, const char *symbol, const char *exchange,
                            const px_columns_request *request, const px_config *config, px_columns *out,
                            px_error *err) {
    px_config usual = px_config_default();
    const px_config *settings = config ? config : &usual;
    pxi_bar_view view = {.same_data = -1};
    px_data_request data = {
        .symbol = symbol,
        .exchange = exchange,
        .continuous = request->continuous,
        .timeframe_minutes = request->timeframe_minutes,
        .start_date = request->start_date,
        .end_date = request->end_date,
    };
    px_status status = pxi_indicators_parse(request->indicators, &view.indicators, err);
    int warmup_days = view.indicators.n ? px_config_warmup_backtest(settings) : 0;
    if (!status)
        status = px_dataset_load(home, &data, settings->resample_anchor, warmup_days, &view.data, err);
    if (!status)
        status = find_indicators(&view, settings, err);
    if (!status) {
        cut(&view, PX_NO_DATE, PX_NO_DATE);
        if (request->last && view.end - view.begin > request->last)
            view.begin = view.end - request->last;
        status = pxi_view_columns(&view, request->points, out, err);
    }
    pxi_bar_view_free(&view);
    return status;
}
