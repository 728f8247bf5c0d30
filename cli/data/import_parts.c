// SPDX-License-Identifier: Apache-2.0
/* What is imported, series by series. Each file is judged as if it were the only one, whether it is named or
 * one of a folder; then the bars that a folder's files have of a series are put together, to be stored at
 * once. */
#include "cli/data/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- files --------------------------------------------------------------------------------------------- */

bool import_has_bars(px_source *source) {
    for (size_t f = 0; f < px_source_n_files(source); f++) {
        const px_source *file = px_source_file(source, f);
        for (size_t i = 0; i < file->n_series; i++)
            if (file->series[i].bars.n)
                return true;
    }
    return false;
}

/* Of a folder only bars of the symbol that is named are read, which
 * not every file has. */
px_status import_check_file(const import *im, size_t argument, const px_source *file, px_error *err) {
    const char *path = file->path ? file->path : import_path(im, argument);
    const bool may_lack = file->path && im->symbols.n == 1 && !file->n_rejected;
    if (may_lack || file->n_series || file->n_left_out)
        return PX_OK;
    if (!file->n_rejected)
        return cli_fail(err, PX_EINPUT, "%s: there are no rows; nothing stored", path);
    return cli_fail(err, PX_EINPUT, "%s: no row is a bar (%zu read; line %zu: %s); nothing stored", path,
                    file->n_read, file->rejections[0].line, file->rejections[0].reason);
}

/* ---- pieces and parts ---------------------------------------------------------------------------------- */

static int compare_pieces(const void *a, const void *b) {
    const import_piece *const *left = a, *const *right = b;
    const import_piece *x = *left, *y = *right;
    int order = (x->argument > y->argument) - (x->argument < y->argument);
    if (!order)
        order = strcasecmp(x->series->symbol, y->series->symbol);
    if (!order)
        order = x->series->timeframe_minutes - y->series->timeframe_minutes;
    return order ? order : (x > y) - (x < y); /* of one part, as they stand */
}

static bool are_of_one_part(const import_piece *x, const import_piece *y) {
    return x->argument == y->argument && x->series->timeframe_minutes == y->series->timeframe_minutes &&
           strcasecmp(x->series->symbol, y->series->symbol) == 0;
}

static size_t find_pieces(import *im, import_piece *out) {
    size_t n = 0;
    for (size_t a = 0; a < im->n_files; a++)
        for (size_t f = 0; f < px_source_n_files(&im->sources[a]); f++) {
            px_source *file = px_source_file(&im->sources[a], f);
            for (size_t i = 0; i < file->n_series; i++)
                if (file->series[i].bars.n) {
                    if (out)
                        out[n] = (import_piece){
                            .argument = a, .file = file, .series = &file->series[i], .next = SIZE_MAX};
                    n++;
                }
        }
    return n;
}

/* Gives back how many parts the pieces make. */
static size_t link_pieces(import *im, import_piece **sorted) {
    size_t n = 0;
    for (size_t i = 0; i < im->n_pieces; i++)
        sorted[i] = &im->pieces[i];
    if (im->n_pieces)
        qsort(sorted, im->n_pieces, sizeof *sorted, compare_pieces);
    for (size_t i = 0; i < im->n_pieces; i++) {
        const bool follows = i && are_of_one_part(sorted[i - 1], sorted[i]);
        sorted[i]->first = follows ? sorted[i - 1]->first : (size_t)(sorted[i] - im->pieces);
        if (follows)
            sorted[i - 1]->next = (size_t)(sorted[i] - im->pieces);
        n += !follows;
    }
    return n;
}

px_status import_list_parts(import *im, px_error *err) {
    im->n_pieces = find_pieces(im, NULL);
    im->pieces = calloc(im->n_pieces + 1, sizeof *im->pieces);
    import_piece **sorted = calloc(im->n_pieces + 1, sizeof *sorted);
    if (im->pieces && sorted) {
        find_pieces(im, im->pieces);
        im->parts = calloc(link_pieces(im, sorted) + 1, sizeof *im->parts);
    }
    free(sorted);
    if (!im->parts)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t i = 0; i < im->n_pieces; i++) {
        import_piece *piece = &im->pieces[i];
        if (piece->first != i) {
            piece->part = im->pieces[piece->first].part;
            continue;
        }
        piece->part = im->n_parts;
        im->parts[im->n_parts++] = (import_part){.file = piece->argument,
                                                 .piece = i,
                                                 .symbol = piece->series->symbol,
                                                 .timeframe_minutes = piece->series->timeframe_minutes};
    }
    return PX_OK;
}

static bool has_bars(const import *im, const import_part *part) {
    for (size_t i = part->piece; i != SIZE_MAX; i = im->pieces[i].next)
        if (im->pieces[i].series->bars.n)
            return true;
    return false;
}

void import_drop_empty(import *im) {
    size_t kept = 0;
    for (size_t i = 0; i < im->n_parts; i++) {
        const bool has_own_name = im->parts[i].symbol == im->parts[i].name;
        if (!has_bars(im, &im->parts[i]))
            continue;
        import_part *to = &im->parts[kept++];
        *to = im->parts[i];
        if (has_own_name)
            to->symbol = to->name;
        for (size_t k = to->piece; k != SIZE_MAX; k = im->pieces[k].next)
            im->pieces[k].part = kept - 1;
    }
    im->n_parts = kept;
}

/* Two names may be those of one instrument. */
static px_status find_instruments(import *im, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; im->call->home && i < im->n_parts && !status; i++) {
        import_part *part = &im->parts[i];
        if (part->is_asked)
            continue;
        status =
            px_instrument_find(im->call->home, part->symbol, import_exchange(im), 0, &part->instrument, err);
        part->is_asked = true;
        part->is_known = !status;
        status = status == PX_ENOTFOUND ? PX_OK : status;
    }
    return status;
}

static const char *key_of(const import_part *part) {
    return part->is_known ? part->instrument.key : part->symbol;
}

static int compare_parts(const void *a, const void *b) {
    const import_part *const *left = a, *const *right = b;
    int order = strcasecmp(key_of(*left), key_of(*right));
    if (!order)
        order = (*left)->timeframe_minutes - (*right)->timeframe_minutes;
    return order ? order : *left < *right ? -1 : 1; /* of one symbol, as they stand */
}

px_status import_link_parts(import *im, px_error *err) {
    px_status status = find_instruments(im, err);
    if (status)
        return status;
    import_part **sorted = calloc(im->n_parts ? im->n_parts : 1, sizeof *sorted);
    if (!sorted)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t i = 0; i < im->n_parts; i++)
        sorted[i] = &im->parts[i];
    qsort(sorted, im->n_parts, sizeof *sorted, compare_parts);
    for (size_t i = 0; i < im->n_parts; i++) {
        const size_t at = (size_t)(sorted[i] - im->parts);
        import_part *before = i ? sorted[i - 1] : NULL;
        const bool follows = before && !strcasecmp(key_of(before), key_of(sorted[i])) &&
                             before->timeframe_minutes == sorted[i]->timeframe_minutes;
        sorted[i]->first = follows ? before->first : at;
        sorted[i]->next = SIZE_MAX;
        if (follows)
            before->next = at;
    }
    free(sorted);
    return PX_OK;
}

void import_free_parts(import *im) {
    for (size_t i = 0; i < im->n_parts; i++)
        px_bars_free(&im->parts[i].joined);
    free(im->parts);
    free(im->pieces);
}

/* ---- one file ------------------------------------------------------------------------------------------ */

static px_status fail_timeframe(const import *im, const import_piece *piece, px_status status,
                                px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    int likely = px_bars_likely_timeframe(&piece->series->bars);
    if (likely > piece->series->timeframe_minutes)
        return cli_fail(err, status, "%s: these look like %s bars: --timeframe %s; nothing stored",
                        import_path_of(im, piece), px_timeframe_format(likely, timeframe), timeframe);
    return cli_fail_prefix(err, status, "%s", import_path_of(im, piece));
}

static px_status fail_bar(const import *im, const import_piece *piece, int64_t ts_us, const char *with,
                          px_error *err) {
    char when[PX_TIME_TEXT_SIZE];
    return cli_fail(
        err, PX_EINPUT,
        "%s: the %s bar of %s has other values than %s; nothing stored (--on-conflict skip keeps the "
        "first, replace takes the new one)",
        import_path_of(im, piece), im->parts[piece->part].symbol,
        px_time_format_local(ts_us, import_zone(im), when), with);
}

static px_status check_piece(import *im, const import_piece *piece, px_error *err) {
    const import_part *part = &im->parts[piece->part];
    px_status status = px_instrument_check_name(part->symbol, import_exchange(im), err);
    if (status)
        return cli_fail_prefix(err, status, "%s", import_path_of(im, piece));
    if (*part->refusal)
        return cli_fail(err, PX_EINPUT, "%s: %s; nothing stored", import_path_of(im, piece), part->refusal);
    status = px_bars_check_timeframe(&piece->series->bars, part->timeframe_minutes, err);
    return status ? fail_timeframe(im, piece, status, err) : import_admit(im, piece, err);
}

px_status import_make_piece(import *im, const import_piece *piece, px_error *err) {
    import_part *part = &im->parts[piece->part];
    px_bars *bars = &piece->series->bars;
    size_t n_repeats = 0, n_skipped = 0, n_replaced = 0;
    int64_t first_us = 0;
    px_status status = im->own->on_conflict == PX_CONFLICT_REPLACE
                           ? px_bars_normalize_to_last(bars, &n_repeats, &n_replaced, err)
                           : px_bars_normalize(bars, &n_repeats, &n_skipped, &first_us, err);
    if (!status)
        status = check_piece(im, piece, err);
    if (!status && n_skipped && im->own->on_conflict == PX_CONFLICT_ERROR)
        status = fail_bar(im, piece, first_us, "another row of the file", err);
    if (!status || im->own->preview) {
        part->n_repeats += n_repeats;
        part->n_skipped += n_skipped;
        part->n_replaced += n_replaced;
    }
    return status;
}

/* ---- files together ------------------------------------------------------------------------------------ */

static size_t count_pieces(const import *im, const import_part *part) {
    size_t n = 0;
    for (size_t i = part->piece; i != SIZE_MAX; i = im->pieces[i].next)
        n += im->pieces[i].series->bars.n;
    return n;
}

static px_status append_pieces(const import *im, const import_part *part, px_bars *to, px_error *err) {
    px_status status = px_bars_reserve(to, to->n + count_pieces(im, part), err);
    for (size_t i = part->piece; i != SIZE_MAX && !status; i = im->pieces[i].next)
        status = px_bars_append_range(to, &im->pieces[i].series->bars, 0, im->pieces[i].series->bars.n, err);
    return status;
}

px_status import_join_part(const import *im, import_part *part, size_t *n_different, px_error *err) {
    const bool to_last = im->own->on_conflict == PX_CONFLICT_REPLACE;
    size_t n_repeats = 0, n = 0;
    px_status status = PX_OK;
    part->bars = &im->pieces[part->piece].series->bars;
    if (im->pieces[part->piece].next != SIZE_MAX) {
        part->bars = &part->joined;
        status = px_bars_reserve(part->bars, count_pieces(im, part), err);
        for (size_t i = part->piece; i != SIZE_MAX && !status; i = im->pieces[i].next) {
            status = px_bars_append_range(part->bars, &im->pieces[i].series->bars, 0,
                                          im->pieces[i].series->bars.n, err);
            if (!im->own->preview)
                px_bars_free(&im->pieces[i].series->bars);
        }
        if (!status)
            status = to_last ? px_bars_normalize_to_last(part->bars, &n_repeats, &n, err)
                             : px_bars_normalize(part->bars, &n_repeats, &n, NULL, err);
    }
    part->n_repeats += n_repeats;
    if (n_different)
        *n_different = n;
    else
        *(to_last ? &part->n_replaced : &part->n_skipped) += n;
    return status;
}

/* From the first bar of all pieces to behind the last. */
static void find_span(const import *im, const import_part *part, int64_t *begin_us, int64_t *end_us) {
    *begin_us = INT64_MAX;
    *end_us = INT64_MIN;
    for (size_t i = part->piece; i != SIZE_MAX; i = im->pieces[i].next) {
        const px_bars *bars = &im->pieces[i].series->bars;
        if (bars->n && bars->ts_us[0] < *begin_us)
            *begin_us = bars->ts_us[0];
        if (bars->n && bars->ts_us[bars->n - 1] >= *end_us)
            *end_us = bars->ts_us[bars->n - 1] + 1;
    }
}

static px_status append_of(const import *im, const px_instrument *instrument, const import_part *part,
                           px_bars *to, px_error *err) {
    int64_t begin_us, end_us;
    px_bars stored = {0};
    find_span(im, part, &begin_us, &end_us);
    px_status status =
        px_candles_read(im->call->home, instrument, part->timeframe_minutes, begin_us, end_us, &stored, err);
    if (!status)
        status = px_bars_append_range(to, &stored, 0, stored.n, err);
    px_bars_free(&stored);
    return status == PX_ENOTFOUND ? PX_OK : status;
}

px_status import_append_stored(const import *im, const import_part *part, px_bars *to, px_error *err) {
    px_status status = part->is_known ? append_of(im, &part->instrument, part, to, err) : PX_OK;
    for (size_t i = 0; i < im->n_renames && !status; i++)
        if (strcasecmp(im->renames[i].to, part->symbol) == 0)
            status = append_of(im, &im->renames[i].from, part, to, err);
    return status;
}

/* ---- conflicts, before anything is stored -------------------------------------------------------------- */

/* The bar of this time, in *out. */
static bool find_bar(const import_piece *piece, int64_t ts_us, px_bar *out) {
    const px_bars *bars = &piece->series->bars;
    const size_t i = px_bars_lower_bound(bars, ts_us);
    if (i >= bars->n || bars->ts_us[i] != ts_us)
        return false;
    *out = px_bars_at(bars, i);
    return true;
}

static bool are_equal(const px_bar *a, const px_bar *b) {
    return a->open == b->open && a->high == b->high && a->low == b->low && a->close == b->close &&
           a->volume == b->volume;
}

/* The first piece of the parts of a symbol up to `last` that has a bar of this time, with other values than
 * `than`, where that is given; or the last. */
static const import_piece *find_piece(const import *im, const import_part *last, int64_t ts_us,
                                      const px_bar *than) {
    const import_piece *found = NULL;
    px_bar bar;
    for (size_t p = last->first; p != SIZE_MAX; p = im->parts[p].next) {
        for (size_t i = im->parts[p].piece; i != SIZE_MAX; i = im->pieces[i].next) {
            if (!find_bar(&im->pieces[i], ts_us, &bar) || (than && are_equal(&bar, than)))
                continue;
            found = &im->pieces[i];
            if (than)
                return found;
        }
        if (&im->parts[p] == last)
            break;
    }
    return found;
}

px_status import_fail_conflict(const import *im, const import_part *part, int64_t ts_us, px_error *err) {
    px_bar bar = {0};
    const import_piece *piece = find_piece(im, part, ts_us, NULL);
    find_bar(piece, ts_us, &bar);
    const import_piece *other = find_piece(im, part, ts_us, &bar);
    char with[sizeof err->message];
    snprintf(with, sizeof with, "%s%s", other ? "that of " : "the stored one",
             other ? import_path_of(im, other) : "");
    return fail_bar(im, piece, ts_us, with, err);
}

/* Puts together what is stored of a symbol and all its parts, from part `first` on. */
static px_status gather(const import *im, size_t first, px_bars *all, px_error *err) {
    size_t n = 0;
    for (size_t i = first; i != SIZE_MAX; i = im->parts[i].next)
        n += count_pieces(im, &im->parts[i]);
    px_status status = px_bars_reserve(all, n, err);
    for (size_t i = first; !status && i != SIZE_MAX; i = im->parts[i].next) {
        if (im->call->home)
            status = import_append_stored(im, &im->parts[i], all, err);
        if (!status)
            status = append_pieces(im, &im->parts[i], all, err);
    }
    return status;
}

/* One piece alone is held against what is stored as it is. */
static px_status check_symbol(import *im, size_t first, px_error *err) {
    const import_piece *piece = &im->pieces[im->parts[first].piece];
    const bool alone = im->parts[first].next == SIZE_MAX && piece->next == SIZE_MAX && im->n_renames == 0;
    px_bars all = {0};
    size_t last = first;
    px_bars_meeting found = {0};
    px_status status = PX_OK;
    if (!alone)
        status = gather(im, first, &all, err);
    else if (im->call->home)
        status = import_append_stored(im, &im->parts[first], &all, err);
    if (!status && alone)
        found = px_bars_meet(&all, &piece->series->bars);
    else if (!status)
        status = px_bars_normalize(&all, NULL, &found.n_different, &found.first_different_us, err);
    while (im->parts[last].next != SIZE_MAX)
        last = im->parts[last].next;
    if (!status && found.n_different)
        status = import_fail_conflict(im, &im->parts[last], found.first_different_us, err);
    px_bars_free(&all);
    return status;
}

px_status import_check_conflicts(import *im, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < im->n_parts; i++)
        if (im->parts[i].first == i)
            status = check_symbol(im, i, err);
    return status;
}
