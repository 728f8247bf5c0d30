// SPDX-License-Identifier: Apache-2.0
/* Which column is what in a file that names none: its cells tell. A text in front names the instrument, then
 * comes the time, in one column or two, then four prices, of which one is never below the others and one
 * never above, then the volume; another price may stand between. */
#include "base/error.h"
#include "files/meaning/meaning.h"

#include <math.h>
#include <string.h>

typedef struct shape {
    bool moment, date, clock, number, varies;
} shape;

static bool read_cell(const pxi_meaning *m, const pxi_sample *sample, size_t row, size_t column,
                      double *out) {
    const char *text = pxi_sample_text(sample, row, column);
    return *text && pxi_number_read(&m->numbers, text, strlen(text), out);
}

static bool repeats_itself(const pxi_sample *sample, size_t column) {
    for (size_t row = 1; row < sample->n; row++)
        if (strcmp(pxi_sample_text(sample, row, column), pxi_sample_text(sample, row - 1, column)) == 0)
            return true;
    return false;
}

static shape look_at(const pxi_meaning *m, const pxi_sample *sample, size_t column) {
    shape s = {true, true, true, true, false};
    bool any = false;
    /* Digits alone ("0915", "1201.40") are times of day only behind a date that stands in more than one row.
     */
    const bool repeats = column && repeats_itself(sample, column - 1);
    for (size_t row = 0; row < sample->n; row++) {
        const char *text = pxi_sample_text(sample, row, column);
        const size_t length = strlen(text);
        pxi_read_time moment;
        int64_t us;
        double value;
        if (!length)
            continue;
        any = true;
        const bool is_time = !pxi_read_time_parse(text, length, PXI_ANY_ORDER, &moment);
        s.moment &= is_time && moment.has_clock;
        s.date &= is_time && !moment.has_clock;
        const bool colon = strchr(text, ':') != NULL || strspn(text, "0123456789. ") < length;
        s.clock &= colon || repeats;
        s.clock &= pxi_clock_parse(text, length, true, &us) || pxi_clock_parse(text, length, false, &us);
        s.number &= pxi_number_read(&m->numbers, text, length, &value);
        s.varies |= strcmp(text, pxi_sample_text(sample, 0, column)) != 0;
    }
    return any ? s : (shape){0};
}

/* ---- prices ---------------------------------------------------------------------------------------------
 */

/* Of how many rows column `at` of four is the extreme. */
static size_t count_extreme(const pxi_meaning *m, const pxi_sample *sample, size_t first, size_t at,
                            bool highest, size_t *n) {
    size_t found = 0;
    *n = 0;
    for (size_t row = 0; row < sample->n; row++) {
        double v[4];
        bool whole = true, is = true;
        for (size_t k = 0; k < 4; k++)
            whole &= read_cell(m, sample, row, first + k, &v[k]);
        for (size_t k = 0; k < 4; k++)
            is &= highest ? v[at] >= v[k] : v[at] <= v[k];
        *n += whole;
        found += whole && is;
    }
    return found;
}

static size_t find_extreme(const pxi_meaning *m, const pxi_sample *sample, size_t first, bool highest,
                           size_t usual) {
    size_t best = PXI_NO_COLUMN, best_count = 0, n;
    for (size_t k = 0; k < 4; k++) {
        const size_t at = (usual + k) % 4, count = count_extreme(m, sample, first, at, highest, &n);
        if (count > best_count && 10 * count >= 9 * n) {
            best = at;
            best_count = count;
        }
    }
    return best;
}

/* How far the first price of a row lies from the last price of the row before it in time. */
static double distance(const pxi_meaning *m, const pxi_sample *sample, size_t first, size_t last,
                       bool newest_first) {
    double sum = 0;
    for (size_t row = 1; row < sample->n; row++) {
        const size_t later = newest_first ? row - 1 : row, earlier = newest_first ? row : row - 1;
        double open, close;
        if (read_cell(m, sample, later, first, &open) && read_cell(m, sample, earlier, last, &close))
            sum += fabs(open - close);
    }
    return sum;
}

static bool read_moment(const pxi_meaning *m, const pxi_sample *sample, size_t row, int64_t *out) {
    const char *text = pxi_sample_text(sample, row, m->at[PXI_ROLE_TIME]);
    pxi_read_time moment;
    int64_t clock_us = 0;
    if (pxi_read_time_parse(text, strlen(text), PXI_ANY_ORDER, &moment))
        return false;
    if (m->clock != PXI_NO_COLUMN) {
        text = pxi_sample_text(sample, row, m->clock);
        if (!pxi_clock_parse(text, strlen(text), strlen(text) > 4, &clock_us))
            return false;
    }
    *out = moment.us + clock_us;
    return true;
}

static bool is_newest_first(const pxi_meaning *m, const pxi_sample *sample) {
    int64_t first, last;
    return sample->n > 1 && read_moment(m, sample, 0, &first) &&
           read_moment(m, sample, sample->n - 1, &last) && first > last;
}

/* Prices of a row are of one size: what is many times another is a volume or an amount. */
static bool are_of_one_size(const pxi_meaning *m, const pxi_sample *sample, size_t first) {
    size_t n = 0, apart = 0;
    for (size_t row = 0; row < sample->n; row++) {
        double least = INFINITY, most = 0, value;
        for (size_t k = 0; k < 4; k++)
            if (read_cell(m, sample, row, first + k, &value)) {
                least = fmin(least, value);
                most = fmax(most, value);
            }
        n += most > 0;
        apart += most > 4 * least;
    }
    return 10 * apart < n || !n;
}

/* A column that follows the price is one of its own (an average, an adjusted close), and no volume. */
static bool follows_price(const pxi_meaning *m, const pxi_sample *sample, size_t column) {
    double before = 0, first = NAN;
    size_t n = 0, near = 0;
    bool varies = false;
    for (size_t row = 0; row < sample->n; row++) {
        double value, close;
        if (!read_cell(m, sample, row, column, &value) ||
            !read_cell(m, sample, row, m->at[PXI_ROLE_CLOSE], &close) || close <= 0)
            continue;
        varies |= value != (isnan(first) ? (first = value) : first);
        const double ratio = value / close;
        n += before > 0;
        near += before > 0 && fabs(ratio / before - 1) < 0.05;
        before = ratio;
    }
    return varies && n > 0 && 20 * near >= 19 * n;
}

static const char unclear[] = "the file names no columns and its cells do not tell which of the prices is "
                              "what: name them with --columns "
                              "1=time,2=open,3=high,4=low,5=close";

static px_status find_prices(const pxi_sample *sample, size_t first, pxi_meaning *out, px_error *err) {
    const size_t high = find_extreme(out, sample, first, true, 1);
    size_t low = find_extreme(out, sample, first, false, 2), rest[2], n = 0;
    if (high == PXI_NO_COLUMN || low == PXI_NO_COLUMN || high == low || !are_of_one_size(out, sample, first))
        return pxi_fail(err, PX_EINPUT, "%s", unclear);
    for (size_t k = 0; k < 4; k++)
        if (k != high && k != low)
            rest[n++] = first + k;
    const bool newest_first = is_newest_first(out, sample);
    const double straight = distance(out, sample, rest[0], rest[1], newest_first);
    const double reversed = distance(out, sample, rest[1], rest[0], newest_first);
    const bool usual = high == 1 && low == 2;
    if (sample->n > 8 && reversed < straight / 2) {
        if (usual)
            return pxi_fail(err, PX_EINPUT, "%s", unclear);
        const size_t swap = rest[0];
        rest[0] = rest[1];
        rest[1] = swap;
    } else if (!usual && (sample->n <= 8 || straight > reversed / 2))
        return pxi_fail(err, PX_EINPUT, "%s", unclear);
    out->at[PXI_ROLE_OPEN] = rest[0];
    out->at[PXI_ROLE_HIGH] = first + high;
    out->at[PXI_ROLE_LOW] = first + low;
    out->at[PXI_ROLE_CLOSE] = rest[1];
    return PX_OK;
}

/* ---- columns --------------------------------------------------------------------------------------------
 */

static px_status find_time(const pxi_sample *sample, const shape *shapes, size_t n, pxi_meaning *out,
                           px_error *err) {
    size_t at = out->base_us != INT64_MIN ? 0 : PXI_NO_COLUMN;
    for (size_t i = 0; i < n && at == PXI_NO_COLUMN; i++)
        if ((shapes[i].moment || shapes[i].date) &&
            (shapes[i].varies || sample->n < 3 || (i + 1 < n && shapes[i + 1].clock && shapes[i + 1].varies)))
            at = i;
    if (at == PXI_NO_COLUMN)
        for (size_t i = 0; i < n && at == PXI_NO_COLUMN; i++)
            at = shapes[i].moment || shapes[i].date ? i : PXI_NO_COLUMN;
    if (at == PXI_NO_COLUMN)
        return pxi_fail(
            err, PX_EINPUT,
            "the file names no columns, and none holds times: name them with --columns 1=time,2=open,...");
    out->at[PXI_ROLE_TIME] = at;
    if (shapes[at].date && at + 1 < n && shapes[at + 1].clock && shapes[at + 1].varies)
        out->clock = at + 1;
    for (size_t i = 0; i < at; i++)
        if (!shapes[i].number && !shapes[i].moment && !shapes[i].date &&
            out->at[PXI_ROLE_SYMBOL] == PXI_NO_COLUMN)
            out->at[PXI_ROLE_SYMBOL] = i;
    return PX_OK;
}

/* The first number behind the prices that is none itself. */
static px_status find_volume(const pxi_sample *sample, const shape *shapes, size_t behind, pxi_meaning *out,
                             px_error *err) {
    size_t at = behind;
    while (at < sample->n_columns && shapes[at].number && follows_price(out, sample, at))
        at++;
    if (at < sample->n_columns && shapes[at].number)
        out->at[PXI_ROLE_VOLUME] = at;
    else if (at > behind)
        return pxi_fail(err, PX_EINPUT,
                        "the file names no columns, and number %zu may be a volume or another price: "
                        "--columns %zu=volume, or all that are meant: 1=time,2=open,...",
                        at, at);
    return PX_OK;
}

px_status pxi_layout_find(const pxi_rows *rows, const pxi_sample *sample, pxi_meaning *out, px_source *notes,
                          px_error *err) {
    shape shapes[PXI_SAMPLE_COLUMNS];
    const size_t n = sample->n_columns;
    out->numbers = rows->separator == ';' ? (pxi_number_form){'.', 0} : (pxi_number_form){'.', ','};
    for (size_t i = 0; i < n; i++)
        shapes[i] = look_at(out, sample, i);
    if (rows->separator == ';' || rows->separator == '\t') { /* numbers may have a decimal comma */
        const pxi_number_form comma = {',', '.'};
        pxi_meaning with = *out;
        size_t points = 0, commas = 0;
        with.numbers = comma;
        for (size_t i = 0; i < n; i++) {
            points += shapes[i].number;
            commas += look_at(&with, sample, i).number;
        }
        if (commas > points) {
            out->numbers = comma;
            for (size_t i = 0; i < n; i++)
                shapes[i] = look_at(out, sample, i);
        }
    }
    px_status status = find_time(sample, shapes, n, out, err);
    if (status)
        return status;
    size_t first = (out->clock != PXI_NO_COLUMN ? out->clock : out->at[PXI_ROLE_TIME]) + 1;
    while (first < n && !shapes[first].number)
        first++;
    for (size_t k = 0; k < 4; k++)
        if (first + k >= n || !shapes[first + k].number)
            return pxi_fail(err, PX_EINPUT, "%s", unclear);
    status = find_prices(sample, first, out, err);
    if (!status && out->at[PXI_ROLE_VOLUME] == PXI_NO_COLUMN)
        status = find_volume(sample, shapes, first + 4, out, err);
    out->days_only = shapes[out->at[PXI_ROLE_TIME]].date && out->clock == PXI_NO_COLUMN;
    if (!status)
        pxi_source_note(notes,
                        "columns by their cells: time in %zu, open %zu, high %zu, low %zu, close %zu%s",
                        out->at[PXI_ROLE_TIME] + 1, out->at[PXI_ROLE_OPEN] + 1, out->at[PXI_ROLE_HIGH] + 1,
                        out->at[PXI_ROLE_LOW] + 1, out->at[PXI_ROLE_CLOSE] + 1,
                        out->at[PXI_ROLE_VOLUME] == PXI_NO_COLUMN ? ""
                        : out->at[PXI_ROLE_VOLUME] == first + 4   ? ", then the volume"
                                                                  : ", then another price, then the volume");
    return status;
}
