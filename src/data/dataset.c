// SPDX-License-Identifier: Apache-2.0
/* A request's bars: from the home folder or in place, inside sessions, resampled, with warm-up in front. */
#include "data/dataset.h"

#include "base/error.h"
#include "base/text.h"
#include "base/work.h"
#include "data/chain.h"
#include "data/dataset_findings.h"
#include "data/series_choice.h"
#include "findings/findings.h"
#include "market/bars.h"
#include "pixity/resample.h"
#include "store/candles/candles.h"
#include "files/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static px_status check_request(const px_home *home, const px_data_request *request, px_error *err) {
    char start[PX_TIME_TEXT_SIZE], end[PX_TIME_TEXT_SIZE];
    const px_continuous_config *continuous = &request->continuous;
    if (!continuous->rank && (continuous->roll || continuous->adjust))
        return pxi_fail(err, PX_EINPUT,
                        "roll and back-adjust are for a continuous series: say which, front or next");
    if (continuous->rank && (request->input || request->data_dir))
        return pxi_fail(
            err, PX_EINPUT,
            "a continuous series is made of stored contracts, not of bars that are read in place: "
            "import them");
    if (!(continuous->rank && request->timeframe_minutes == 0) &&
        (request->timeframe_minutes < 1 || request->timeframe_minutes > PX_TIMEFRAME_DAY))
        return pxi_fail(err, PX_EINPUT, "a timeframe is 1 minute to 1 day, not %d minutes",
                        request->timeframe_minutes);
    if (request->input_adjustments && !request->input && !request->data_dir)
        return pxi_fail(err, PX_EINPUT, "a file of adjustments goes with bars that are read in place");
    if (request->input && request->data_dir)
        return pxi_fail(err, PX_EINPUT, "bars come from a file or from a data folder, not from both");
    if (!request->symbol && !request->input)
        return pxi_fail(err, PX_EINPUT, "name a symbol, or a file to read in place");
    if (!home && !request->input && !request->data_dir)
        return pxi_fail(err, PX_EINPUT, "bars of %s need a home folder", request->symbol);
    if (request->start_date != PX_NO_DATE && request->end_date != PX_NO_DATE &&
        request->start_date > request->end_date)
        return pxi_fail(err, PX_EINPUT, "the start %s is after the end %s",
                        px_date_format(request->start_date, start), px_date_format(request->end_date, end));
    return PX_OK;
}

static pxi_span make_span(const px_data_request *request, const px_calendar *calendar, int warmup_days) {
    pxi_span made = {INT64_MIN, INT64_MIN, INT64_MAX};
    if (request->end_date != PX_NO_DATE)
        made.end_us = px_calendar_session(calendar, request->end_date).next_midnight_us;
    if (request->start_date == PX_NO_DATE)
        return made;
    made.begin_us = px_calendar_session(calendar, request->start_date).midnight_us;
    if (warmup_days >= 0)
        made.series_us = px_calendar_session(calendar, request->start_date - warmup_days).midnight_us;
    return made;
}

/* "2022-08-16 to 2022-09-28". */
static void format_dates(const px_calendar *calendar, int64_t first_us, int64_t last_us, char *buf,
                         size_t size) {
    char first[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    snprintf(buf, size, "%s to %s", px_date_format(px_calendar_date(calendar, first_us), first),
             px_date_format(px_calendar_date(calendar, last_us), last));
}

/* ---- from the home folder ------------------------------------------------------------------------------ */

static px_status fail_no_bars(px_home *home, const px_data_request *request, const px_dataset *dataset,
                              const int *timeframes, size_t n, px_error *err) {
    char window[100], dates[100], name[PX_TIMEFRAME_TEXT_SIZE];
    pxi_text stored = {0};
    for (size_t i = 0; i < n; i++) {
        pxi_coverage coverage = {0};
        px_status status = pxi_candles_coverage(home, dataset->instrument.key, timeframes[i], &coverage, err);
        if (status) {
            pxi_text_free(&stored);
            return status;
        }
        if (coverage.n == 0)
            continue;
        format_dates(dataset->calendar, coverage.first_us, coverage.last_us, dates, sizeof dates);
        pxi_text_printf(&stored, "%s%s from %s", stored.length ? ", " : "",
                        px_timeframe_format(timeframes[i], name), dates);
    }
    pxi_format_window(request, window, sizeof window);
    px_timeframe_format(pxi_wants_minutes(request) ? 1 : request->timeframe_minutes, name);
    px_status status =
        stored.length ? pxi_fail(err, PX_EINPUT, "no bars of %s that make %s bars from %s; stored are: %s",
                                 dataset->instrument.symbol, name, window, stored.data)
                      : pxi_fail(err, PX_ENOTFOUND, "no bars of %s are stored in %s: import some",
                                 dataset->instrument.symbol, px_home_path(home));
    pxi_text_free(&stored);
    return status;
}

/* The finest series that covers the window best. */
static px_status read_stored(px_home *home, const px_data_request *request, const pxi_span *wanted,
                             px_dataset *out, int *input_minutes, px_error *err) {
    pxi_series_choice choice = {0};
    char name[PX_TIMEFRAME_TEXT_SIZE];
    px_status status = px_instrument_find(home, request->symbol, px_calendar_name(out->calendar),
                                          request->start_date, &out->instrument, err);
    if (!status) /* before they are read: what comes in meanwhile counts as later */
        status = pxi_candles_last_entry(home, out->instrument.key, &out->entry, err);
    if (!status)
        status = pxi_series_choose(home, out->instrument.key,
                                   pxi_wants_minutes(request) ? 1 : request->timeframe_minutes,
                                   wanted->begin_us, wanted->end_us, &choice, err);
    if (!status && choice.timeframe_minutes)
        status = px_candles_read(home, &out->instrument, choice.timeframe_minutes, wanted->series_us,
                                 wanted->end_us, &out->bars, err);
    if (status == PX_ENOTFOUND &&
        out->instrument.key[0]) /* a folder without a year: its first import failed */
        status = PX_OK;
    if (!status && px_bars_lower_bound(&out->bars, wanted->begin_us) == out->bars.n)
        status = fail_no_bars(home, request, out, choice.stored, choice.n_stored, err);
    if (!status) { /* the tick of the window's first day */
        size_t begin = px_bars_lower_bound(&out->bars, wanted->begin_us);
        status = px_instrument_find(home, out->instrument.key, NULL,
                                    px_calendar_date(out->calendar, out->bars.ts_us[begin]), &out->instrument,
                                    err);
    }
    if (!status) {
        *input_minutes = choice.timeframe_minutes;
        snprintf(out->source, sizeof out->source, "%s bars of %s in %s",
                 px_timeframe_format(*input_minutes, name), out->instrument.key, px_home_path(home));
        pxi_copy(out->passed_over, sizeof out->passed_over, choice.passed_over);
    }
    pxi_series_choice_free(&choice);
    return status;
}

/* Of a continuous series its last contract is asked. */
static px_status ask_whether_it_goes_on(px_home *home, const px_data_request *request, const px_dataset *data,
                                        pxi_reading *reading, px_error *err) {
    const char *key = data->instrument.key;
    pxi_coverage coverage = {0};
    if (!request->check || reading->end_us == INT64_MAX)
        return PX_OK;
    for (size_t i = 0; i < data->chain.n; i++)
        if (data->chain.contracts[i].n_bars)
            key = data->chain.contracts[i].key;
    px_status status = pxi_candles_coverage(home, key, reading->timeframe_minutes, &coverage, err);
    reading->goes_on = coverage.n > 0 && coverage.last_us >= reading->end_us;
    return status;
}

/* What the window asks for and the bars do not have, at its two ends. Two days may be holidays that no table
 * knows. */
static void tell_what_lacks(const px_data_request *request, px_dataset *out) {
    enum { TOLD_FROM = 3 };
    char window[100], dates[100];
    if (out->begin == out->end)
        return;
    const int64_t first_us = out->bars.ts_us[out->begin], last_us = out->bars.ts_us[out->end - 1];
    const int32_t first = px_calendar_date(out->calendar, first_us),
                  last = px_calendar_date(out->calendar, last_us);
    const bool late =
        request->start_date != PX_NO_DATE &&
        pxi_calendar_count_sessions(out->calendar, request->start_date, first, TOLD_FROM) == TOLD_FROM;
    const bool early =
        request->end_date != PX_NO_DATE &&
        pxi_calendar_count_sessions(out->calendar, last + 1, request->end_date + 1, TOLD_FROM) == TOLD_FROM;
    if (!late && !early)
        return;
    pxi_format_window(request, window, sizeof window);
    format_dates(out->calendar, first_us, last_us, dates, sizeof dates);
    snprintf(out->lacks, sizeof out->lacks, "bars exist only from %s, asked for is %s", dates, window);
}

/* ---- in place ------------------------------------------------------------------------------------------ */

px_source_config pxi_source_config_of(const px_data_request *request, const px_calendar *calendar) {
    return (px_source_config){
        .path = request->input ? request->input : request->data_dir,
        .zone = px_calendar_zone(calendar),
        .symbol = request->data_dir ? request->symbol : NULL,
        .as_symbol = request->data_dir ? request->symbol : NULL,
        .timeframe_minutes =
            request->input_timeframe_minutes || request->input ? request->input_timeframe_minutes : 1,
        .stamped_at_close = request->input_stamped_at_close,
        .calendar = calendar,
        .reading = request->input_reading,
        .limits = request->input_limits,
        .work = request->work,
    };
}

/* What messages call it. */
static const char *name_of(const px_source_config *from, const px_source *file) {
    return file->path ? file->path : from->path;
}

/* No clock is asked: the same file is the same bars at any time. */
static px_status admit(const px_source_config *from, const px_source *file, px_source_series *series,
                       px_dataset *out, px_error *err) {
    px_zone *zone = NULL;
    px_admission admission = {0};
    px_status status = from->reading.tz ? px_zone_open(from->reading.tz, &zone, err) : PX_OK;
    const px_admission_config config = {
        .calendar = out->calendar,
        .zone = zone,
        .zone_is_named = zone || file->zone_is_known,
        .are_instants = file->time_form != PX_TIME_LOCAL,
        .stamped_at_close = file->stamped_at_close,
        .timeframe_minutes = series->timeframe_minutes,
        .volume = from->reading.volume,
        .now_us = INT64_MAX,
        .file_us = INT64_MAX,
        .of_series = series->tally.rejected,
        .of_file = px_source_rejected(file, series),
        .keep_good = from->reading.keep_good,
        .as_is = from->reading.as_is,
    };
    if (!status)
        status = px_bars_admit(&config, &series->bars, &admission, err);
    px_zone_close(&zone);
    px_admission_add(&out->admission, &admission);
    if (status || !admission.is_refused)
        return status;
    const px_admission_note *note = &admission.notes[admission.n - 1];
    return pxi_fail(err, PX_EINPUT, "%s: %s%s", name_of(from, file), note->text,
                    note->check == PX_ADMISSION_REJECTED ? "" : " (--as-is takes bars as they are)");
}

static px_status fail_empty(const px_source *source, const char *path, px_error *err) {
    return source->n_rejected
               ? pxi_fail(err, PX_EINPUT, "%s: none of its %zu rows is a bar; row %zu: %s", path,
                          source->n_read, source->rejections[0].line, source->rejections[0].reason)
               : pxi_fail(err, PX_EINPUT, "%s holds no bars", path);
}

static bool is_of_series(const px_source_series *a, const px_source_series *b) {
    return a->timeframe_minutes == b->timeframe_minutes && strcmp(a->symbol, b->symbol) == 0;
}

/* The series that the symbol names, the finest of several timeframes, as it stands in one of the files; of a
 * source with one series that one, whatever its name. */
static px_status choose_series(px_source *source, const px_data_request *request, const char *path,
                               const px_source_series **out, px_error *err) {
    const px_source_series *first = NULL;
    size_t n_symbols = 0;
    pxi_text names = {0};
    *out = NULL;
    for (size_t f = 0; f < px_source_n_files(source); f++) {
        const px_source *file = px_source_file(source, f);
        for (size_t i = 0; i < file->n_series; i++) {
            const px_source_series *series = &file->series[i];
            if (request->symbol && px_symbol_same(series->symbol, request->symbol) &&
                (!*out || series->timeframe_minutes < (*out)->timeframe_minutes))
                *out = series;
            if (names.length < 300 && (!first || !is_of_series(first, series)))
                pxi_text_printf(&names, "%s%s", first ? ", " : "", series->symbol);
            first = first ? first : series;
            n_symbols += series == first || !is_of_series(first, series);
        }
    }
    if (!*out && n_symbols == 1 && !request->source)
        *out = first;
    px_status status = PX_OK;
    if (!first)
        status = fail_empty(source, path, err);
    else if (!*out)
        status = pxi_fail(err, PX_EINPUT, "%s holds several symbols, name one of them: %s", path,
                          names.data ? names.data : "");
    pxi_text_free(&names);
    return status;
}

/* The instrument of bars in place is a mere name. */
static px_status name_instrument(const px_source_config *config, const char *symbol,
                                 const px_calendar *calendar, px_instrument *out, px_error *err) {
    char stem[PX_NAME_SIZE];
    px_status status = pxi_source_stem(config, config->path, stem, err);
    if (status)
        return status;
    const char *name = symbol ? symbol : stem;
    status = px_name_check("symbol", name, err);
    if (status)
        return status;
    memset(out, 0, sizeof *out);
    out->lot_size = 1.0;
    if (!*name || !pxi_copy(out->key, sizeof out->key, name) ||
        !pxi_copy(out->symbol, sizeof out->symbol, name))
        return pxi_fail(err, PX_EINPUT, "the symbol \"%.40s\" is empty or longer than %d characters", name,
                        PX_NAME_SIZE - 1);
    pxi_copy(out->exchange, sizeof out->exchange, px_calendar_name(calendar));
    return PX_OK;
}

/* A series on its way out of its files. */
typedef struct taking {
    const px_source_config *from;
    const px_data_request *request;
    const pxi_span *wanted;
    px_dataset *out;
    pxi_conflicts found; /* of those rows the first is kept */
    pxi_longer longer;   /* bars of a longer timeframe than they are named */
} taking;

static px_status sort_bars(taking *t, px_bars *bars, px_error *err) {
    size_t n = 0;
    int64_t first_us = 0;
    px_status status = t->request->check ? pxi_dataset_count_conflicts(bars, t->wanted->series_us,
                                                                       t->wanted->end_us, &t->found, err)
                                         : PX_OK;
    if (!status)
        status = px_bars_normalize(bars, NULL, &n, &first_us, err);
    if (!t->request->check)
        t->found = (pxi_conflicts){n, first_us};
    return status;
}

/* Such rows are an error, or a finding, which may be accepted. */
static px_status fail_conflicts(const taking *t, const char *path, px_error *err) {
    char text[PX_TIME_TEXT_SIZE];
    if (!t->found.n || t->request->check)
        return PX_OK;
    return pxi_fail(err, PX_EINPUT,
                    "%s: %zu rows repeat the time of another with other values, the first at %s: clean the "
                    "file, or import it and choose which to keep",
                    path, t->found.n,
                    px_time_format_iso(t->found.first_us, px_calendar_zone(t->out->calendar), text));
}

static px_status add_bars(px_bars *to, px_bars *from, px_error *err) {
    px_status status = PX_OK;
    if (!to->n) {
        px_bars_free(to);
        *to = *from;
        memset(from, 0, sizeof *from);
    } else
        status = px_bars_append_range(to, from, 0, from->n, err);
    px_bars_free(from);
    return status;
}

/* Bars of a longer timeframe are an error, or a finding, which may be accepted. */
static px_status check_timeframe(taking *t, const px_source_series *series, const char *file, px_error *err) {
    const px_bars *bars = &series->bars;
    const int named = series->timeframe_minutes,
              likely = t->request->check ? px_bars_likely_timeframe(bars) : 0;
    px_status status = PX_OK;
    if (likely <= named)
        return (status = px_bars_check_timeframe(bars, named, err)) ? pxi_fail_prefix(err, status, "%s", file)
                                                                    : PX_OK;
    if (t->longer.n == 0)
        t->longer = (pxi_longer){.first_us = bars->ts_us[0], .named = named, .likely = likely, .file = file};
    t->longer.n += bars->n;
    t->longer.n_files++;
    return PX_OK;
}

/* What one file holds of a series, checked. */
static px_status take_part(taking *t, const px_source *file, px_source_series *series, px_error *err) {
    const char *name = name_of(t->from, file);
    px_status status = sort_bars(t, &series->bars, err);
    if (!status)
        status = fail_conflicts(t, name, err);
    if (!status)
        status = check_timeframe(t, series, name, err);
    if (!status)
        status = admit(t->from, file, series, t->out, err);
    return status ? status : add_bars(&t->out->bars, &series->bars, err);
}

/* All of it, file by file. */
static px_status take_series(taking *t, px_source *source, const px_source_series *chosen, px_error *err) {
    size_t n_parts = 0;
    px_status status = PX_OK;
    for (size_t f = 0; f < px_source_n_files(source) && !status; f++) {
        px_source *file = px_source_file(source, f);
        for (size_t i = 0; i < file->n_series && !status; i++)
            if (is_of_series(&file->series[i], chosen)) {
                status = take_part(t, file, &file->series[i], err);
                n_parts++;
            }
    }
    if (!status && n_parts > 1)
        status = sort_bars(t, &t->out->bars, err);
    if (!status)
        status = fail_conflicts(t, t->from->path, err);
    if (!status)
        status = pxi_dataset_found_longer(&t->longer, t->out, err);
    return status ? status : pxi_dataset_found_conflicts(&t->found, t->out, err);
}

static px_status fail_outside(const px_data_request *request, const px_calendar *calendar, const char *what,
                              const px_bars *bars, px_error *err) {
    char window[100], dates[100];
    pxi_format_window(request, window, sizeof window);
    format_dates(calendar, bars->ts_us[0], bars->ts_us[bars->n - 1], dates, sizeof dates);
    return pxi_fail(err, PX_EINPUT, "%s has no bars from %s: it goes from %s", what, window, dates);
}

static px_status check_input(const px_data_request *request, const char *path, int input_minutes,
                             px_error *err) {
    char have[PX_TIMEFRAME_TEXT_SIZE], want[PX_TIMEFRAME_TEXT_SIZE];
    px_timeframe_format(input_minutes, have);
    if (request->timeframe_minutes % input_minutes != 0)
        return pxi_fail(err, PX_EINPUT, "%s bars of %s do not make %s bars", have, path,
                        px_timeframe_format(request->timeframe_minutes, want));
    if (pxi_wants_minutes(request) && input_minutes > 1)
        return pxi_fail(err, PX_EINPUT, "detail=1m needs one-minute bars, and those of %s are %s", path,
                        have);
    return PX_OK;
}

static px_status read_in_place(const px_data_request *request, const pxi_span *wanted, px_dataset *out,
                               pxi_reading *reading, px_error *err) {
    px_source own = {0}, *source = request->source ? request->source : &own;
    const px_source_series *series = NULL;
    const px_source_config config = pxi_source_config_of(request, out->calendar);
    const char *path = config.path;
    char have[PX_TIMEFRAME_TEXT_SIZE];
    px_status status =
        config.timeframe_minutes ? check_input(request, path, config.timeframe_minutes, err) : PX_OK;
    if (!status)
        status = name_instrument(&config, request->symbol, out->calendar, &out->instrument, err);
    if (!status && !request->source)
        status = px_source_read(&config, &own, err);
    if (!status)
        status = choose_series(source, request, path, &series, err);
    if (!status) {
        reading->timeframe_minutes = series->timeframe_minutes;
        status = check_input(request, path, series->timeframe_minutes, err);
    }
    if (!status)
        status = take_series(&(taking){.from = &config, .request = request, .wanted = wanted, .out = out},
                             source, series, err);
    if (!status &&
        px_bars_lower_bound(&out->bars, wanted->begin_us) == px_bars_lower_bound(&out->bars, wanted->end_us))
        status = fail_outside(request, out->calendar, path, &out->bars, err);
    reading->goes_on = px_bars_lower_bound(&out->bars, wanted->end_us) < out->bars.n;
    if (!status)
        status = pxi_bars_cut(&out->bars, wanted->series_us, wanted->end_us, err);
    out->n_rejected = source->n_rejected;
    out->rejection = source->rejections[0];
    if (!status)
        snprintf(out->source, sizeof out->source, "%s bars of %s%s",
                 px_timeframe_format(reading->timeframe_minutes, have), path,
                 source->stamped_at_close ? ", stamped at their close" : "");
    px_source_free(&own);
    return status;
}

/* ---- splits and bonuses ------------------------------------------------------------------------------- */

/* Keeps, of the given ones, those that change some bar. */
static px_status keep_applied(const px_adjustments *given, px_dataset *out, px_error *err) {
    int32_t first = out->bars.n ? px_calendar_date(out->calendar, out->bars.ts_us[0]) : INT32_MAX;
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < given->n; i++)
        if (given->items[i].ex_date > first)
            status = px_adjustments_put(&out->adjustments, &given->items[i], false, NULL, err);
    return status;
}

/* The bars just read, before anything is made of them. */
static px_status adjust(px_home *home, const px_data_request *request, px_dataset *out, px_error *err) {
    px_adjustments given = {0};
    px_status status = PX_OK;
    if (request->input_adjustments)
        status = px_adjustments_load(request->input_adjustments, &request->input_limits, &given, err);
    else if (!request->input && !request->data_dir)
        status = px_adjustments_read(home, &out->instrument, &given, err);
    if (!status)
        status = keep_applied(&given, out, err);
    if (!status) {
        px_adjustments_apply(&out->adjustments, out->calendar, &out->bars);
        pxi_name_adjustments(&out->adjustments, out->source, sizeof out->source);
    }
    px_adjustments_free(&given);
    return status;
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

static px_status resample(px_dataset *dataset, px_anchor anchor, int input_minutes, bool keep,
                          px_error *err) {
    px_bars longer = {0};
    if (input_minutes == dataset->timeframe_minutes)
        return PX_OK;
    px_status status = px_bars_resample(&dataset->bars, dataset->calendar, anchor, input_minutes,
                                        dataset->timeframe_minutes, &longer, err);
    if (!status && keep)
        status = px_detail_make(&dataset->bars, input_minutes, &longer, &dataset->detail, err);
    if (status) {
        px_bars_free(&longer);
        return status;
    }
    px_bars_free(&dataset->bars);
    dataset->bars = longer;
    return PX_OK;
}

static void fingerprint(px_dataset *dataset) {
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_text(&hash, dataset->instrument.key);
    pxi_hash_bars(&hash, dataset->timeframe_minutes, &dataset->bars);
    if (px_detail_is_present(&dataset->detail))
        pxi_hash_bars(&hash, dataset->detail.minutes, &dataset->detail.bars);
    if (dataset->adjustments.n)
        pxi_hash_adjustments(&hash, &dataset->adjustments);
    pxi_hash_hex(&hash, dataset->fingerprint);
}

/* The window as indices. Resampled bars are named by their start, so none of it lies before its first day. */
static void find_window(px_dataset *dataset, const pxi_span *wanted) {
    dataset->begin = px_bars_lower_bound(&dataset->bars, wanted->begin_us);
    dataset->end = px_bars_lower_bound(&dataset->bars, wanted->end_us);
}

static px_status load(px_home *home, const px_data_request *request, px_anchor anchor, int warmup_days,
                      px_dataset *out, px_error *err) {
    px_dataset dataset = {.timeframe_minutes = request->timeframe_minutes, .entry = -1};
    pxi_span wanted = {0};
    pxi_reading reading = {0};
    bool in_place = request->input || request->data_dir;
    px_status status = check_request(home, request, err);
    if (!status)
        status = px_calendar_open(request->exchange, &dataset.calendar, err);
    if (!status) {
        wanted = make_span(request, dataset.calendar, warmup_days);
        reading.begin_us = wanted.begin_us;
        reading.end_us = wanted.end_us;
        status = in_place ? read_in_place(request, &wanted, &dataset, &reading, err)
                 : request->continuous.rank
                     ? pxi_chain_read(home, request, &wanted, &dataset, &reading.timeframe_minutes, err)
                     : read_stored(home, request, &wanted, &dataset, &reading.timeframe_minutes, err);
    }
    if (!status && !in_place)
        status = ask_whether_it_goes_on(home, request, &dataset, &reading, err);
    if (!status && !dataset.timeframe_minutes)
        dataset.timeframe_minutes = reading.timeframe_minutes;
    if (!status && !request->continuous.rank)
        status = adjust(home, request, &dataset, err);
    if (!status)
        status = pxi_work_ask(&request->work, err);
    if (!status) {
        size_t n_outside = 0; /* of a continuous series they were left out of each contract */
        dataset.n_source = dataset.bars.n + dataset.n_excluded;
        if (!request->continuous.rank)
            status = pxi_dataset_look_at_times(request, &reading, &dataset, err);
        if (!status && !request->continuous.rank)
            px_bars_drop_outside(&dataset.bars, dataset.calendar, reading.timeframe_minutes, &n_outside);
        dataset.n_excluded += n_outside;
    }
    if (!status && request->check)
        status = pxi_dataset_look_at(request, anchor, &reading, &dataset, err);
    if (!status)
        status = resample(&dataset, anchor, reading.timeframe_minutes, pxi_wants_minutes(request), err);
    if (!status)
        status = pxi_work_ask(&request->work, err);
    if (!status) {
        find_window(&dataset, &wanted);
        tell_what_lacks(request, &dataset);
    }
    if (!status && request->check)
        status = pxi_dataset_settle(request, &dataset, err);
    if (status) {
        px_dataset_free(&dataset);
        return status;
    }
    fingerprint(&dataset);
    *out = dataset;
    return PX_OK;
}

px_status px_dataset_load(px_home *home, const px_data_request *request, px_anchor anchor, int warmup_days,
                          px_dataset *out, px_error *err) {
    if (!home || !request->work.progress)
        return load(home, request, anchor, warmup_days, out, err);
    const px_work before = px_home_set_work(home, &request->work);
    px_status status = load(home, request, anchor, warmup_days, out, err);
    px_home_set_work(home, &before);
    return status;
}

void px_dataset_free(px_dataset *dataset) {
    if (!dataset)
        return;
    px_calendar_close(&dataset->calendar);
    px_bars_free(&dataset->bars);
    px_detail_free(&dataset->detail);
    px_adjustments_free(&dataset->adjustments);
    free(dataset->chain.contracts);
    free(dataset->chain.rolls);
    pxi_findings_free(&dataset->findings);
    memset(dataset, 0, sizeof *dataset);
}
