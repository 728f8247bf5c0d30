// SPDX-License-Identifier: Apache-2.0
/* Collecting the rows of a bar file: columns by name, series by symbol, rejected rows. */
#include "files/meaning/meaning.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/work.h"
#include "market/bars.h"

#include <inttypes.h>
#include <search.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void pxi_source_note(px_source *source, const char *format, ...) {
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (size_t i = 0; i < source->n_notes; i++)
        if (strcmp(source->notes[i], text) == 0)
            return;
    char *copy = strdup(text);
    if (copy && pxi_grow(&source->notes, &source->notes_capacity, source->n_notes + 1, sizeof *source->notes))
        source->notes[source->n_notes++] = copy;
    else
        free(copy); /* a note is no reason to fail */
}

void pxi_source_note_time(px_source *source, const char *text, size_t length, px_time_form form,
                          int64_t ts_us) {
    if (source->time_form != PX_TIME_UNKNOWN)
        return;
    if (length >= sizeof source->time_text)
        length = sizeof source->time_text - 1;
    memcpy(source->time_text, text, length);
    source->time_text[length] = '\0';
    source->time_form = form;
    source->time_us = ts_us;
}

/* ---- limits -------------------------------------------------------------------------------------------- */

static uint64_t or_usual(uint64_t given, uint64_t usual) {
    return given ? given : usual;
}

px_status pxi_limits_check(const px_source_limits *limits, const char *path, uint64_t rows, uint64_t bytes,
                           px_error *err) {
    uint64_t most_rows = or_usual(limits->rows, PX_SOURCE_MOST_ROWS);
    uint64_t most_bytes = or_usual(limits->bytes, PX_SOURCE_MOST_BYTES);
    if (rows > most_rows)
        return pxi_fail(err, PX_EINPUT, "%s has more than %" PRIu64 " rows; --max-rows raises this limit",
                        path, most_rows);
    if (bytes > most_bytes)
        return pxi_fail(err, PX_EINPUT,
                        "%s unfolds to more than %" PRIu64 " bytes; --max-bytes raises this limit", path,
                        most_bytes);
    return PX_OK;
}

uint64_t pxi_limits_memory(const px_source_limits *limits) {
    return or_usual(limits->memory, PX_SOURCE_MOST_MEMORY);
}

px_status pxi_limits_fail_memory(const px_source_limits *limits, const char *path, px_error *err) {
    return pxi_fail(err, PX_EINPUT,
                    "%s takes more than %" PRIu64 " bytes of memory to read; --max-memory raises this limit",
                    path, pxi_limits_memory(limits));
}

px_status pxi_source_count(const px_source_config *config, px_source *out, size_t rows, uint64_t bytes,
                           px_error *err) {
    const size_t asked = out->n_read / PXI_ASK_EVERY;
    out->n_read += rows;
    out->n_bytes += bytes;
    px_status status = out->n_read / PXI_ASK_EVERY == asked ? PX_OK : pxi_work_ask(&config->work, err);
    if (status || !out->spent)
        return status ? status
                      : pxi_limits_check(&config->limits, config->path, out->n_read, out->n_bytes, err);
    pxi_spent *spent = out->spent;
    const uint64_t all_rows = atomic_fetch_add(&spent->rows, rows) + rows;
    const uint64_t all_bytes = atomic_fetch_add(&spent->bytes, bytes) + bytes;
    status = pxi_limits_check(&config->limits, spent->path, all_rows, all_bytes, err);
    if (status)
        spent->is_over = spent->is_limited = true;
    return status;
}

bool pxi_source_is_enough(const px_source_config *config, px_source *out) {
    out->is_cut = config->first_rows && out->n_read >= config->first_rows;
    return out->is_cut;
}

/* ---- series -------------------------------------------------------------------------------------------- */

typedef struct named_series {
    char symbol[PX_NAME_SIZE];
    int timeframe_minutes;
    size_t at; /* in the source's series, which move as they grow in number; SIZE_MAX: it has no bar yet */
    px_source_tally tally; /* until then */
} named_series;

struct pxi_series_index {
    void *tree; /* of named_series */
    size_t capacity;
    uint64_t memory; /* bytes that series and bars take */
};

static int compare_names(const void *a, const void *b) {
    const named_series *left = a, *right = b;
    int order = strcmp(left->symbol, right->symbol);
    return order ? order : left->timeframe_minutes - right->timeframe_minutes;
}

static void free_index(px_source *source) {
    if (source->by_name)
        tdestroy(source->by_name->tree, free);
    free(source->by_name);
    source->by_name = NULL;
}

/* Gives back what is taken now, of a folder by all of its files. */
static uint64_t take_memory(px_source *source, uint64_t bytes) {
    source->by_name->memory += bytes;
    return source->spent ? atomic_fetch_add(&source->spent->memory, bytes) + bytes : source->by_name->memory;
}

static px_status add_name(px_source *source, const named_series *named, named_series **out, px_error *err) {
    named_series *kept = pxi_new_array(1, sizeof *kept);
    if (!kept)
        return pxi_fail_memory(err);
    *kept = *named;
    if (!tsearch(kept, &source->by_name->tree, compare_names)) {
        free(kept);
        return pxi_fail_memory(err);
    }
    take_memory(source, sizeof *kept);
    *out = kept;
    return PX_OK;
}

/* What is known of a symbol, from the first row on that names it. */
static px_status find_name(px_source *source, const char symbol[PX_NAME_SIZE], int timeframe_minutes,
                           named_series **out, px_error *err) {
    named_series wanted = {.at = SIZE_MAX, .timeframe_minutes = timeframe_minutes};
    if (!source->by_name && !(source->by_name = pxi_new_array(1, sizeof *source->by_name)))
        return pxi_fail_memory(err);
    memcpy(wanted.symbol, symbol, sizeof wanted.symbol);
    named_series *const *found = tfind(&wanted, &source->by_name->tree, compare_names);
    if (found)
        *out = *found;
    return found ? PX_OK : add_name(source, &wanted, out, err);
}

/* The place of a symbol's series, which is made when it has a bar. */
static px_status find_series(px_source *source, const char symbol[PX_NAME_SIZE], int timeframe_minutes,
                             size_t *out, px_error *err) {
    named_series *named = NULL;
    px_status status = find_name(source, symbol, timeframe_minutes, &named, err);
    if (status)
        return status;
    if (named->at == SIZE_MAX) {
        struct pxi_series_index *index = source->by_name;
        if (!pxi_grow(&source->series, &index->capacity, source->n_series + 1, sizeof *source->series))
            return pxi_fail_memory(err);
        px_source_series *made = &source->series[source->n_series];
        memset(made, 0, sizeof *made);
        memcpy(made->symbol, named->symbol, sizeof made->symbol);
        made->timeframe_minutes = timeframe_minutes;
        made->days_only = source->days_only; /* of the file that is read */
        made->tally = named->tally;
        take_memory(source, sizeof *made);
        named->at = source->n_series++;
    }
    *out = named->at;
    return PX_OK;
}

static px_status join_series(px_source *to, px_source_series *from, px_error *err) {
    size_t at = SIZE_MAX;
    px_status status = find_series(to, from->symbol, from->timeframe_minutes, &at, err);
    if (status)
        return status;
    px_source_series *series = &to->series[at];
    const bool is_first = !series->bars.n;
    series->days_only = from->days_only && (is_first || series->days_only);
    if (is_first) {
        px_bars_free(&series->bars);
        series->bars = from->bars;
        memset(&from->bars, 0, sizeof from->bars);
    } else
        status = px_bars_append_range(&series->bars, &from->bars, 0, from->bars.n, err);
    pxi_tally_add(&series->tally.rejected, &from->tally.rejected);
    return status;
}

px_status px_source_join(px_source *source, px_error *err) {
    px_status status = PX_OK;
    for (size_t f = 0; f < source->n_files && !status; f++) {
        px_source *file = &source->files[f];
        for (size_t i = 0; i < file->n_series && !status; i++)
            status = join_series(source, &file->series[i], err);
        pxi_tally_add(&source->unnamed.rejected, &file->unnamed.rejected);
        pxi_tally_add(&source->lost, &file->lost);
        px_source_free(file);
    }
    if (!status)
        source->n_files = 0;
    free_index(source);
    return status;
}

static void count_lost(const void *node, VISIT visit, void *context) {
    const named_series *named = *(const named_series *const *)node;
    if ((visit == postorder || visit == leaf) && named->at == SIZE_MAX)
        pxi_tally_add(context, &named->tally.rejected);
}

void pxi_source_count_lost(px_source *out) {
    if (out->by_name)
        twalk_r(out->by_name->tree, count_lost, &out->lost);
    free_index(out); /* it has been read */
}

/* Adds a bar. Bars that have no room left get twice as much, beside what they have. */
static px_status add_bar(const px_source_config *config, px_source *source, px_bars *bars, const px_bar *bar,
                         px_error *err) {
    enum { BAR_BYTES = sizeof(px_bar), LEAST = 16 };
    const size_t capacity = bars->capacity, wanted = capacity ? 2 * capacity : LEAST;
    const uint64_t most = pxi_limits_memory(&config->limits);
    if (bars->n < capacity)
        return px_bars_append(bars, bar, err);
    if (source->by_name->memory + wanted * BAR_BYTES > most) {
        if (source->spent)
            source->spent->is_limited = true;
        return pxi_limits_fail_memory(&config->limits, config->path, err);
    }
    if (take_memory(source, (wanted - capacity) * BAR_BYTES) > most) { /* whatever else is read meanwhile */
        source->spent->is_over = source->spent->is_limited = true;
        return pxi_limits_fail_memory(&config->limits, source->spent->path, err);
    }
    return px_bars_append(bars, bar, err);
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

px_source_series *pxi_source_find(px_source *source, const char *symbol) {
    for (size_t f = 0; f < px_source_n_files(source); f++) {
        px_source *file = px_source_file(source, f);
        for (size_t i = 0; i < file->n_series; i++)
            if (px_symbol_same(file->series[i].symbol, symbol))
                return &file->series[i];
    }
    return NULL;
}

/* Of a symbol without what stands in brackets. */
static size_t bare_length(const char *symbol) {
    size_t n = strcspn(symbol, "[");
    while (n > 0 && symbol[n - 1] == ' ')
        n--;
    return n;
}

bool px_symbol_same(const char *a, const char *b) {
    size_t n = bare_length(a);
    return n == bare_length(b) && strncasecmp(a, b, n) == 0;
}

/* Without the blanks around, which quotes may keep. False if nothing is left, or too much. */
static bool clean_symbol(const char *symbol, char out[PX_NAME_SIZE]) {
    static const char blanks[] = " \t";
    symbol += strspn(symbol, blanks);
    size_t length = strlen(symbol);
    while (length && strchr(blanks, symbol[length - 1]))
        length--;
    if (!length || length >= PX_NAME_SIZE)
        return false;
    memcpy(out, symbol, length);
    out[length] = '\0';
    return true;
}

typedef enum { NAMED, TOO_LONG, FORMULA } naming;

/* The name of the series that a row belongs to. */
static naming name_row(const px_source_config *config, const pxi_bar_name *of, const char *stem,
                       char name[PX_NAME_SIZE]) {
    const bool blank = of->symbol && !of->symbol[strspn(of->symbol, " \t")];
    const bool says_none = !of->symbol || (blank && config->default_symbol);
    const bool series = *of->series && !says_none && !config->as_symbol;
    if (!clean_symbol(says_none || config->as_symbol ? stem : of->symbol, name) ||
        (series && strlen(name) + strlen(of->series) + 2 > PX_NAME_SIZE))
        return TOO_LONG;
    if (pxi_starts_formula(name))
        return FORMULA;
    const size_t length = strlen(name);
    if (series)
        snprintf(name + length, PX_NAME_SIZE - length, "%c%s", PXI_SERIES_MARK, of->series);
    return NAMED;
}

static bool is_wanted(const px_source_config *config, const pxi_bar_name *of) {
    char name[PX_NAME_SIZE];
    /* Of files in a folder that name no symbol, those that are called so. */
    const char *says = of->symbol ? of->symbol : config->default_symbol ? of->file : NULL;
    return !config->symbol || !says || (clean_symbol(says, name) && px_symbol_same(config->symbol, name));
}

static int minutes_of(const px_source_config *config, const pxi_bar_name *of) {
    return of->timeframe_minutes ? of->timeframe_minutes : config->timeframe_minutes;
}

px_status pxi_source_tally_of(const px_source_config *config, const pxi_bar_name *of, const char *stem,
                              px_source *out, px_source_tally **tally, px_error *err) {
    char name[PX_NAME_SIZE];
    named_series *named = NULL;
    *tally = is_wanted(config, of) ? &out->unnamed : NULL;
    if (!*tally || name_row(config, of, stem, name) != NAMED)
        return PX_OK;
    px_status status = find_name(out, name, minutes_of(config, of), &named, err);
    if (!status)
        *tally = named->at == SIZE_MAX ? &named->tally : &out->series[named->at].tally;
    return status;
}

px_status pxi_source_add(const px_source_config *config, const pxi_bar_name *of, const char *stem, px_bar bar,
                         size_t *last, px_source *out, px_error *err) {
    char name[PX_NAME_SIZE];
    const int minutes = minutes_of(config, of);
    if (!is_wanted(config, of)) {
        out->n_left_out++;
        return PX_OK;
    }
    const naming found = name_row(config, of, stem, name);
    if (found == TOO_LONG)
        pxi_source_reject(out, &out->unnamed, of->line, "symbol is empty or longer than %d characters",
                          PX_NAME_SIZE - 1);
    else if (found == FORMULA)
        pxi_source_reject(out, &out->unnamed, of->line,
                          "symbol \"%.40s\" starts like a formula: let it start with a letter or digit",
                          name);
    if (found != NAMED)
        return PX_OK;
    if (*last >= out->n_series || out->series[*last].timeframe_minutes != minutes ||
        strcmp(out->series[*last].symbol, name) != 0) {
        px_status status = find_series(out, name, minutes, last, err);
        if (status)
            return status;
    }
    out->unnamed.run = 0;
    pxi_tally_bar(&out->series[*last].tally);
    return add_bar(config, out, &out->series[*last].bars, &bar, err);
}

px_status pxi_source_stem(const px_source_config *config, const char *name, char out[PX_NAME_SIZE],
                          px_error *err) {
    const char *given = config->as_symbol ? config->as_symbol : config->default_symbol;
    if (!given)
        pxi_file_symbol(name, out);
    if (given ? !pxi_copy(out, PX_NAME_SIZE, given) || !*out : !*out)
        return pxi_fail(err, PX_EINPUT, "cannot name the bars after \"%s\"; name them with a symbol",
                        given ? given : name);
    return PX_OK;
}

/* ---- choosing ------------------------------------------------------------------------------------------ */

typedef struct choice {
    px_source *sources;
    size_t n_sources;
    const char *const *symbols;
    size_t n_symbols;
} choice;

/* One symbol is asked for, and every file has but one series, of one name. */
static bool names_all(const choice *c, px_source *source) {
    const char *only = NULL;
    for (size_t f = 0; f < px_source_n_files(source); f++) {
        const px_source *file = px_source_file(source, f);
        if (file->n_series > 1 || (file->n_series && only && strcmp(only, file->series[0].symbol) != 0))
            return false;
        only = file->n_series ? file->series[0].symbol : only;
    }
    return c->n_symbols == 1 && only;
}

static bool is_chosen(const choice *c, const char *symbol) {
    for (size_t i = 0; i < c->n_symbols; i++)
        if (px_symbol_same(c->symbols[i], symbol))
            return true;
    return false;
}

static bool is_there(const choice *c, const char *symbol) {
    for (size_t i = 0; i < c->n_sources; i++)
        if (names_all(c, &c->sources[i]) || pxi_source_find(&c->sources[i], symbol))
            return true;
    return false;
}

static size_t count_series(px_source *source) {
    size_t n = 0;
    for (size_t f = 0; f < px_source_n_files(source); f++)
        n += px_source_file(source, f)->n_series;
    return n;
}

/* Names without what stands in brackets: it would be far from what was meant. */
static size_t list_names(const choice *c, char (*bare)[PX_NAME_SIZE], const char **names, pxi_text *known) {
    size_t n = 0;
    for (size_t i = 0; i < c->n_sources; i++)
        for (size_t f = 0; f < px_source_n_files(&c->sources[i]); f++) {
            const px_source *file = px_source_file(&c->sources[i], f);
            for (size_t s = 0; s < file->n_series; s++) {
                const char *symbol = file->series[s].symbol;
                pxi_copy(bare[n], PX_NAME_SIZE, symbol);
                bare[n][bare_length(symbol)] = '\0';
                names[n] = bare[n];
                if (known->length < 200)
                    pxi_text_printf(known, "%s%s", n ? ", " : "", symbol);
                n++;
            }
        }
    return n;
}

static px_status fail_absent(const choice *c, const char *symbol, px_error *err) {
    char hint[PX_NAME_SIZE + 32];
    pxi_text known = {0};
    size_t n = 0;
    for (size_t i = 0; i < c->n_sources; i++)
        n += count_series(&c->sources[i]);
    char(*bare)[PX_NAME_SIZE] = pxi_new_array(n, sizeof *bare);
    const char **names = pxi_new_array(n, sizeof *names);
    px_status status = PX_ENOMEM;
    if (bare && names) {
        n = list_names(c, bare, names, &known);
        status = pxi_fail(err, PX_ENOTFOUND, "there are no bars of %s%s (of %zu: %s)", symbol,
                          pxi_did_you_mean(symbol, names, n, hint, sizeof hint), n,
                          known.data ? known.data : "none");
    } else
        pxi_fail_memory(err);
    pxi_text_free(&known);
    free(names);
    free(bare);
    return status;
}

static void keep_chosen(const choice *c, bool all, px_source *file) {
    size_t kept = 0;
    file->lost = (px_rejected){0};
    for (size_t i = 0; i < file->n_series; i++) {
        if (all || is_chosen(c, file->series[i].symbol)) {
            if (all)
                pxi_copy(file->series[i].symbol, sizeof file->series[i].symbol, c->symbols[0]);
            file->series[kept++] = file->series[i];
            continue;
        }
        file->n_left_out += file->series[i].bars.n;
        px_bars_free(&file->series[i].bars);
    }
    file->n_series = kept;
}

px_status px_source_choose(px_source *sources, size_t n_sources, const char *const *symbols, size_t n_symbols,
                           px_error *err) {
    const choice c = {sources, n_sources, symbols, n_symbols};
    for (size_t i = 0; i < n_symbols; i++)
        if (!is_there(&c, symbols[i]))
            return fail_absent(&c, symbols[i], err);
    for (size_t i = 0; n_symbols && i < n_sources; i++) {
        const bool all = names_all(&c, &sources[i]);
        for (size_t f = 0; f < px_source_n_files(&sources[i]); f++)
            keep_chosen(&c, all, px_source_file(&sources[i], f));
        for (size_t f = 0; f < sources[i].n_files; f++)
            sources[i].n_left_out += sources[i].files[f].n_left_out;
    }
    return PX_OK;
}

void px_source_free(px_source *source) {
    if (!source)
        return;
    free_index(source);
    for (size_t i = 0; i < source->n_files; i++)
        px_source_free(&source->files[i]);
    free(source->files);
    free(source->path);
    for (size_t i = 0; i < source->n_series; i++)
        px_bars_free(&source->series[i].bars);
    for (size_t i = 0; source->columns && i < source->n_columns; i++)
        free(source->columns[i].name);
    free(source->columns);
    for (size_t i = 0; i < source->n_notes; i++)
        free(source->notes[i]);
    free(source->notes);
    for (size_t i = 0; i < source->n_failures; i++)
        free(source->failures[i].file);
    free(source->failures);
    free(source->series);
    memset(source, 0, sizeof *source);
}
