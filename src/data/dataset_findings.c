// SPDX-License-Identifier: Apache-2.0
#include "data/dataset_findings.h"

#include "base/error.h"
#include "base/text.h"
#include "findings/findings.h"
#include "market/bars.h"
#include "market/bins.h"
#include "market/odd_hours.h"
#include "market/stretch.h"
#include "pixity/quality.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_SIZE 80

/* "2024-05-06 10:15"; of days without the clock. */
static const char *time_text(const px_dataset *data, int64_t ts_us, int length, char buf[PX_TIME_TEXT_SIZE]) {
    px_time_format_local(ts_us, px_calendar_zone(data->calendar), buf);
    buf[length] = '\0';
    return buf;
}

static const char *minute_text(const px_dataset *data, int64_t ts_us, char buf[PX_TIME_TEXT_SIZE]) {
    return time_text(data, ts_us, 16, buf);
}

/* "2024-05-06 10:15 and 2 more places". */
static void place_text(const char *first, size_t n, char buf[PLACE_SIZE]) {
    if (n > 1)
        snprintf(buf, PLACE_SIZE, "%s and %zu more place%s", first, n - 1, n > 2 ? "s" : "");
    else
        snprintf(buf, PLACE_SIZE, "%s", first);
}

static px_status check_memory(bool failed, px_error *err) {
    return failed ? pxi_fail_memory(err) : PX_OK;
}

/* Puts a finding without a place whose words are made here. */
static void put_words(px_dataset *data, px_finding_code code, size_t count, pxi_text *words, bool *failed) {
    *failed |= words->failed;
    if (!words->failed && words->length)
        pxi_findings_put(&data->findings, code, (int64_t)count, NULL, words->data, failed);
    pxi_text_free(words);
}

px_status pxi_dataset_count_conflicts(const px_bars *bars, int64_t begin_us, int64_t end_us,
                                      pxi_conflicts *sum, px_error *err) {
    size_t *order = NULL, kept = 0;
    px_status status = pxi_bars_order(bars, &order, err);
    for (size_t i = 1; !status && order && i < bars->n; i++) {
        const int64_t ts_us = bars->ts_us[order[i]];
        if (ts_us != bars->ts_us[order[kept]]) {
            kept = i;
            continue;
        }
        if (ts_us < begin_us || ts_us >= end_us || pxi_bars_equal(bars, order[kept], order[i]))
            continue;
        if (sum->n++ == 0 || ts_us < sum->first_us)
            sum->first_us = ts_us;
    }
    free(order);
    return status;
}

px_status pxi_dataset_found_conflicts(const pxi_conflicts *found, px_dataset *dataset, px_error *err) {
    char first[PX_TIME_TEXT_SIZE], what[120];
    bool failed = false;
    if (!found->n)
        return PX_OK;
    snprintf(what, sizeof what, "%zu row%s the time of another with other values", found->n,
             found->n == 1 ? " repeats" : "s repeat");
    pxi_findings_put(&dataset->findings, PX_FINDING_CONFLICT, (int64_t)found->n,
                     minute_text(dataset, found->first_us, first), what, &failed);
    return check_memory(failed, err);
}

px_status pxi_dataset_found_longer(const pxi_longer *found, px_dataset *dataset, px_error *err) {
    char first[PX_TIME_TEXT_SIZE], named[PX_TIMEFRAME_TEXT_SIZE], likely[PX_TIMEFRAME_TEXT_SIZE];
    pxi_text what = {0};
    if (!found->n)
        return PX_OK;
    pxi_text_puts(&what, found->file);
    if (found->n_files > 1)
        pxi_text_printf(&what, " and %zu more", found->n_files - 1);
    pxi_text_printf(&what, ": %zu bars look like %s bars, not %s", found->n,
                    px_timeframe_format(found->likely, likely), px_timeframe_format(found->named, named));
    bool failed = what.failed;
    if (!failed)
        pxi_findings_put(&dataset->findings, PX_FINDING_TIMEFRAME, (int64_t)found->n,
                         minute_text(dataset, found->first_us, first), what.data, &failed);
    pxi_text_free(&what);
    return check_memory(failed, err);
}

/* ---- the bars ----------------------------------------------------------------------------------------- */

/* What is reported with more where it comes from: rows of a file, bars that are counted when left out, and
 * what of the whole file was reported already. */
static bool is_told_elsewhere(const px_dataset *data, px_quality_check check) {
    const char *code = px_quality_describe(check).name;
    for (size_t i = 0; i < data->findings.n; i++)
        if (check == PX_QUALITY_TIMEFRAME && strcmp(data->findings.items[i].code, code) == 0)
            return true;
    return check == PX_QUALITY_REJECTED_ROW || check == PX_QUALITY_OUT_OF_SESSION;
}

/* These look at bars that are left out before the others look. */
static bool is_of_times(px_quality_check check) {
    return check == PX_QUALITY_HOURS || check == PX_QUALITY_ZONE || check == PX_QUALITY_HOLIDAY;
}

/* A place before `begin_us` is said to be one of the warm-up. */
static void put_check(px_dataset *data, const px_quality *quality, px_quality_check check, int64_t begin_us,
                      bool *failed) {
    const px_quality_sum sum = px_quality_of(quality, check);
    const px_quality_info info = px_quality_describe(check);
    const size_t n = sum.end - sum.begin;
    char first[PX_TIME_TEXT_SIZE], place[PLACE_SIZE] = "";
    pxi_text what = {0};
    if (n == 0 || is_told_elsewhere(data, check))
        return;
    const px_quality_place *found = &quality->findings[sum.begin];
    if (found->ts_us != PX_FINDING_NO_TIME)
        place_text(minute_text(data, found->ts_us, first), n, place);
    pxi_text_printf(&what, "%.*s: %zu %s%s; %s%s", (int)strcspn(info.help, "."), info.help, sum.n_bars,
                    info.unit, sum.n_bars == 1 ? "" : "s", n > 1 ? "the first: " : "", found->detail);
    if (*place && found->ts_us < begin_us)
        pxi_text_puts(&what, "; before the window, in its warm-up");
    *failed |= what.failed;
    if (!what.failed)
        pxi_findings_put(&data->findings, info.code, (int64_t)sum.n_bars, *place ? place : NULL, what.data,
                         failed);
    pxi_text_free(&what);
}

static px_status put_quality(const px_quality_config *config, const px_bars *bars, int64_t begin_us,
                             px_dataset *data, px_error *err) {
    px_quality quality = {0};
    bool failed = false;
    px_status status = px_quality_find(config, bars, &quality, err);
    for (int check = 0; !status && check < PX_N_QUALITY_CHECKS; check++)
        if (is_of_times((px_quality_check)check) == (config->part == PX_QUALITY_TIMES))
            put_check(data, &quality, (px_quality_check)check, begin_us, &failed);
    px_quality_free(&quality);
    return status ? status : check_memory(failed, err);
}

/* What is wrong with the warm-up bends the indicators of the window; what is merely odd there concerns no
 * trade. */
static px_status look_at_bars(const px_data_request *request, const pxi_reading *reading,
                              const px_bars *window, px_dataset *data, px_error *err) {
    const bool has_warmup = window->n < data->bars.n;
    px_quality_config config = {
        .calendar = data->calendar,
        .timeframe_minutes = reading->timeframe_minutes,
        .now_us = request->now_us ? request->now_us : INT64_MAX,
        .part = has_warmup ? PX_QUALITY_ERRORS : PX_QUALITY_ALL,
    };
    px_status status = put_quality(&config, &data->bars, reading->begin_us, data, err);
    if (status || !has_warmup)
        return status;
    config.part = PX_QUALITY_OTHERS;
    return put_quality(&config, window, reading->begin_us, data, err);
}

static px_status take_odd_hours(const pxi_reading *reading, px_dataset *dataset, px_error *err) {
    pxi_odd_hours *hours = NULL;
    size_t n = 0;
    px_status status =
        pxi_odd_hours_find(&dataset->bars, dataset->calendar, reading->timeframe_minutes, &hours, &n);
    if (!status && n)
        status = pxi_calendar_take_hours(dataset->calendar, hours, n);
    free(hours);
    return status ? pxi_fail_memory(err) : PX_OK;
}

px_status pxi_dataset_look_at_times(const px_data_request *request, const pxi_reading *reading,
                                    px_dataset *dataset, px_error *err) {
    const px_quality_config config = {
        .calendar = dataset->calendar,
        .timeframe_minutes = reading->timeframe_minutes,
        .now_us = INT64_MAX,
        .part = PX_QUALITY_TIMES,
    };
    px_status status =
        request->check ? put_quality(&config, &dataset->bars, reading->begin_us, dataset, err) : PX_OK;
    if (!status && pxi_findings_accepts(request->accept, PX_FINDING_HOURS))
        status = take_odd_hours(reading, dataset, err);
    return status;
}

static void put_holes(px_holes holes, const px_bars *window, px_dataset *data, bool *failed) {
    size_t n = 0, n_sessions = 0, longest = 0;
    char first[PX_TIME_TEXT_SIZE], from[PX_TIME_TEXT_SIZE] = "", until[PX_TIME_TEXT_SIZE] = "",
                                   place[PLACE_SIZE], what[200];
    for (size_t i = 1; (i = pxi_next_hole(window, i, window->n, data->calendar)) < window->n; i++) {
        const size_t missing = pxi_hole_sessions(data->calendar, window->ts_us[i - 1], window->ts_us[i]);
        if (n++ == 0)
            minute_text(data, window->ts_us[i - 1], first);
        if (missing > longest) {
            longest = missing;
            time_text(data, window->ts_us[i - 1], 10, from);
            time_text(data, window->ts_us[i], 10, until);
        }
        n_sessions += missing;
    }
    if (!n)
        return;
    snprintf(what, sizeof what, "%zu sessions without bars%s between %s and %s", n_sessions,
             n > 1 ? ", the longest stretch" : "", from, until);
    place_text(first, n, place);
    pxi_findings_put(&data->findings, PX_FINDING_DATA_HOLE, (int64_t)n_sessions, place, what, failed);
    snprintf(what, sizeof what, "holes=ignore: %zu hole%s run through as if nothing were missing", n,
             n == 1 ? " is" : "s are");
    if (holes == PX_HOLES_IGNORE)
        pxi_findings_put(&data->findings, PX_FINDING_HOLES_IGNORED, (int64_t)n, place, what, failed);
}

/* The last bin of the data, where its last minute is missing or it is now. A window that ends before its
 * source does says nothing of it. */
static void put_unfinished(const px_data_request *request, px_anchor anchor, const pxi_reading *reading,
                           px_dataset *data, bool *failed) {
    const px_bars *bars = &data->bars;
    const int64_t last_us = bars->ts_us[bars->n - 1], now_us = request->now_us;
    const int minutes = reading->timeframe_minutes;
    const px_session session = px_calendar_session(data->calendar, px_calendar_date(data->calendar, last_us));
    const int interval = pxi_interval_at(&session, last_us, minutes);
    char from[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE], what[120];
    if (interval < 0 || reading->goes_on)
        return;
    const pxi_bin bin = pxi_bin_at(&session, anchor, data->timeframe_minutes, last_us);
    const int64_t close_us = session.intervals[interval].end_us;
    const int64_t end_us = bin.end_us < close_us ? bin.end_us : close_us;
    const bool is_now = now_us && last_us <= now_us && now_us < end_us;
    if (!is_now && (minutes >= data->timeframe_minutes || last_us + minutes * PX_US_PER_MINUTE >= end_us))
        return;
    snprintf(what, sizeof what, "the last bar is made of bars up to %s, and %s still going on",
             time_text(data, last_us, 16, last) + 11, is_now ? "is" : "was");
    const int64_t begin_us = bin.begin_us > session.open_us ? bin.begin_us : session.open_us;
    pxi_findings_put(&data->findings, PX_FINDING_UNFINISHED_BAR, 1, minute_text(data, begin_us, from), what,
                     failed);
}

px_status pxi_dataset_look_at(const px_data_request *request, px_anchor anchor, const pxi_reading *reading,
                              px_dataset *dataset, px_error *err) {
    const px_bars *bars = &dataset->bars;
    const size_t begin = px_bars_lower_bound(bars, reading->begin_us);
    bool failed = false;
    if (begin == bars->n)
        return PX_OK;
    const px_bars window = px_bars_slice(bars, begin, bars->n);
    px_status status = look_at_bars(request, reading, &window, dataset, err);
    put_holes(request->holes, &window, dataset, &failed);
    put_unfinished(request, anchor, reading, dataset, &failed);
    return status ? status : check_memory(failed, err);
}

/* ---- how they were found ------------------------------------------------------------------------------ */

static px_finding_code code_of_note(px_admission_check check) {
    switch (check) {
    case PX_ADMISSION_REJECTED:
        return PX_FINDING_REJECTED_ROW;
    case PX_ADMISSION_GRID:
        return PX_FINDING_CLOCK_GRID;
    case PX_ADMISSION_UNFINISHED:
        return PX_FINDING_UNFINISHED_BAR;
    default:
        return PX_FINDING_CHANGED_BARS;
    }
}

static void put_admission(px_dataset *data, bool *failed) {
    for (size_t i = 0; i < data->admission.n; i++) {
        const px_admission_note *note = &data->admission.notes[i];
        pxi_text words = {0};
        pxi_text_printf(&words, "%s: %s", px_admission_name(note->check), note->text);
        put_words(data, code_of_note(note->check), note->n_bars, &words, failed);
    }
}

static void put_reading(px_dataset *data, bool *failed) {
    pxi_text excluded = {0}, lacks = {0}, passed_over = {0};
    if (data->n_excluded)
        pxi_text_printf(&excluded, "%zu of %zu source bars lie outside the sessions of %s and were left out",
                        data->n_excluded, data->n_source, px_calendar_name(data->calendar));
    pxi_text_puts(&lacks, data->lacks);
    pxi_text_puts(&passed_over, data->passed_over);
    put_words(data, PX_FINDING_WINDOW_NOT_COVERED, 0, &lacks, failed);
    put_words(data, PX_FINDING_COARSER_SERIES, 0, &passed_over, failed);
    put_words(data, PX_FINDING_OUT_OF_SESSION, data->n_excluded, &excluded, failed);
}

/* ---- continuous series ----------------------------------------------------------------------------------
 */

/* The window has bars of both. */
static bool is_in_window(const px_data_request *request, const px_roll *roll) {
    return request->start_date == PX_NO_DATE || roll->date >= request->start_date;
}

static void put_roll(const px_roll *roll, px_dataset *data, bool *failed) {
    const px_chain_contract *contracts = data->chain.contracts;
    char held[PX_TIME_TEXT_SIZE], joined[PX_TIME_TEXT_SIZE], first[PX_TIME_TEXT_SIZE];
    pxi_text what = {0};
    pxi_text_printf(&what, "%s, held until %s, to %s", contracts[roll->from].symbol,
                    px_date_format(roll->date, held), contracts[roll->to].symbol);
    if (isnan(roll->from_close))
        pxi_text_puts(&what, "; they have no bar at one time");
    else
        pxi_text_printf(&what, ": %.10g and %.10g at %s, difference %.10g, ratio %.7g", roll->from_close,
                        roll->to_close, minute_text(data, roll->joined_us, joined),
                        roll->to_close - roll->from_close, roll->to_close / roll->from_close);
    *failed |= what.failed;
    if (!what.failed)
        pxi_findings_put(&data->findings, PX_FINDING_ROLL, 1, minute_text(data, roll->first_us, first),
                         what.data, failed);
    pxi_text_free(&what);
}

static void put_missing_contract(const px_chain_contract *contract, px_dataset *data, bool *failed) {
    char first[PX_TIME_TEXT_SIZE], expiry[PX_TIME_TEXT_SIZE], what[PX_NAME_SIZE + 120];
    const char *s = contract->n_missing == 1 ? "" : "s";
    if (*contract->key)
        snprintf(what, sizeof what, "%s has no bars in %zu session%s", contract->symbol, contract->n_missing,
                 s);
    else
        snprintf(what, sizeof what, "%s, which expired on %s, is not stored: no bars in %zu session%s",
                 contract->symbol, px_date_format(contract->expiry, expiry), contract->n_missing, s);
    pxi_findings_put(&data->findings, PX_FINDING_MISSING_CONTRACT, (int64_t)contract->n_missing,
                     px_date_format(contract->first_missing, first), what, failed);
}

static void put_chain(const px_data_request *request, px_dataset *data, bool *failed) {
    const px_chain *chain = &data->chain;
    const bool adjusted = request->continuous.adjust != PX_BACK_ADJUST_NONE;
    int64_t n = 0;
    char what[120];
    for (size_t i = 0; i < chain->n; i++)
        if (chain->contracts[i].n_missing)
            put_missing_contract(&chain->contracts[i], data, failed);
    for (size_t r = 0; r < chain->n_rolls; r++)
        if (is_in_window(request, &chain->rolls[r])) {
            put_roll(&chain->rolls[r], data, failed);
            n++;
        }
    snprintf(what, sizeof what,
             adjusted ? "%" PRId64 " roll%s: what lies before is moved by the %s of the two prices"
                      : "%" PRId64 " roll%s between contracts whose prices differ",
             n, n == 1 ? "" : "s", px_back_adjust_name(request->continuous.adjust));
    if (n)
        pxi_findings_put(&data->findings, adjusted ? PX_FINDING_BACK_ADJUSTED : PX_FINDING_ROLL_GAP, n, NULL,
                         what, failed);
}

px_status px_dataset_find_chain(const px_data_request *request, px_dataset *dataset, px_error *err) {
    bool failed = false;
    put_chain(request, dataset, &failed);
    px_status status = check_memory(failed, err);
    return status ? status : pxi_findings_settle(&dataset->findings, request->accept, dataset->source, err);
}

px_status pxi_dataset_settle(const px_data_request *request, px_dataset *dataset, px_error *err) {
    bool failed = false;
    put_admission(dataset, &failed);
    put_reading(dataset, &failed);
    put_chain(request, dataset, &failed);
    px_status status = check_memory(failed, err);
    return status ? status : pxi_findings_settle(&dataset->findings, request->accept, dataset->source, err);
}
