// SPDX-License-Identifier: Apache-2.0
#include "train/panel.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/text.h"
#include "data/dataset.h"
#include "engine/labelling.h"
#include "files/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool pxi_label_complete(const px_label *label) {
    return label->complete && label->label != PX_LABEL_UNRESOLVED;
}

static void member_free(pxi_member *member) {
    px_label_list_free(&member->labels);
    px_event_list_free(&member->events);
    px_dataset_free(&member->data);
}

void pxi_panel_free(pxi_panel *panel) {
    for (size_t i = 0; i < panel->n; i++)
        member_free(&panel->members[i]);
    free(panel->members);
    free(panel->left_out);
    free(panel->labels);
    free(panel->times);
    *panel = (pxi_panel){0};
}

/* ---- names -------------------------------------------------------------------------------------------- */

typedef struct named {
    const char *symbol; /* as asked for; NULL: the only one of a file */
    char key[PX_NAME_SIZE];
} named;

static int by_key(const void *a, const void *b) {
    return strcmp(((const named *)a)->key, ((const named *)b)->key);
}

/* In place a name is its own key. */
static px_status find_key(px_home *home, const px_data_request *data, const px_calendar *calendar,
                          named *name, px_error *err) {
    px_instrument instrument;
    if (data->source) /* the file's own spelling */
        name->symbol = pxi_source_find(data->source, name->symbol)->symbol;
    if (!home || data->input || data->data_dir)
        return pxi_copy(name->key, sizeof name->key, name->symbol)
                   ? PX_OK
                   : pxi_fail(err, PX_EINPUT, "the symbol \"%.40s...\" is longer than %d characters",
                              name->symbol, PX_NAME_SIZE - 1);
    if (data->continuous.rank) /* a root is no instrument */
        return px_continuous_check_root(home, name->symbol, px_calendar_name(calendar), name->key, err);
    px_status status = px_instrument_find(home, name->symbol, px_calendar_name(calendar), data->start_date,
                                          &instrument, err);
    if (!status)
        pxi_copy(name->key, sizeof name->key, instrument.key);
    return status;
}

/* One file of several symbols is read once for all of them. */
static px_status read_file(px_train_request *request, px_source *out, px_error *err) {
    px_data_request *data = &request->data;
    px_calendar *calendar = NULL;
    px_status status = px_calendar_open(data->exchange, &calendar, err);
    if (!status) {
        const px_source_config config = pxi_source_config_of(data, calendar);
        status = px_source_read(&config, out, err);
    }
    if (!status && (status = px_source_choose(out, 1, request->symbols, request->n_symbols, err)))
        pxi_fail_prefix(err, status, "%s", data->input);
    px_calendar_close(&calendar);
    data->source = out;
    return status;
}

static px_status find_keys(px_home *home, const px_train_request *request, named *names, px_error *err) {
    const size_t n = request->n_symbols;
    px_calendar *calendar = NULL;
    if (n > 1 && request->data.input_adjustments)
        return pxi_fail(err, PX_EINPUT,
                        "%s: a file of adjustments is for one symbol, not for %zu: import them",
                        request->data.input_adjustments, n);
    px_status status = px_calendar_open(request->data.exchange, &calendar, err);
    for (size_t i = 0; i < n && !status; i++) {
        names[i].symbol = request->symbols[i];
        status = find_key(home, &request->data, calendar, &names[i], err);
    }
    px_calendar_close(&calendar);
    if (!status)
        qsort(names, n, sizeof *names, by_key);
    for (size_t i = 1; i < n && !status; i++)
        if (strcmp(names[i - 1].key, names[i].key) == 0)
            status = pxi_fail(err, PX_EINPUT, "%s and %s are names of one instrument, %s: name it once",
                              names[i - 1].symbol, names[i].symbol, names[i].key);
    return status;
}

/* ---- one instrument ----------------------------------------------------------------------------------- */

static px_status load_bars(px_home *home, const px_data_request *request, const px_config *config,
                           px_dataset *out, px_error *err) {
    px_status status =
        px_dataset_load(home, request, config->resample_anchor, px_config_warmup_research(config), out, err);
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    if (!status && out->end < PX_EVENT_MIN_BAR)
        return pxi_fail(
            err, PX_EINPUT,
            "%.600s make %zu bars of %s up to the end of the window, training needs at least %d: widen "
            "the window or take a shorter timeframe",
            out->source, out->end, px_timeframe_format(out->timeframe_minutes, timeframe), PX_EVENT_MIN_BAR);
    return status;
}

static px_status find_labels(const px_config *config, pxi_member *member, px_error *err) {
    pxi_labelled_events found = {0};
    px_status status = pxi_labelled_find(&pxi_real_stages, &member->data, config, &found, err);
    px_feature_frame_free(&found.frame);
    member->events = found.events;
    member->labels = found.labels;
    for (size_t i = 0; i < member->labels.n; i++)
        member->n_complete += pxi_label_complete(&member->labels.items[i]);
    return status;
}

/* Prices are done with; hundreds of instruments' would fill the memory. */
static px_status keep_times(px_dataset *data, px_error *err) {
    px_bars *bars = &data->bars;
    px_bars times = {.n = bars->n, .capacity = bars->n};
    times.ts_us = pxi_new_array(times.n, sizeof *times.ts_us);
    if (!times.ts_us)
        return pxi_fail_memory(err);
    memcpy(times.ts_us, bars->ts_us, times.n * sizeof *times.ts_us);
    px_bars_free(bars);
    *bars = times;
    px_detail_free(&data->detail);
    return PX_OK;
}

static px_status make_member(px_home *home, const px_data_request *request, const px_config *config,
                             pxi_member *out, px_error *err) {
    pxi_member member = {0};
    px_status status;
    if ((status = load_bars(home, request, config, &member.data, err)) ||
        (status = find_labels(config, &member, err)) || (status = keep_times(&member.data, err)))
        member_free(&member);
    else
        *out = member;
    return status;
}

/* ---- joining ----------------------------------------------------------------------------------------- */

/* The union of two ascending lists of times. */
static px_status add_times(pxi_panel *panel, const px_bars *bars, px_error *err) {
    size_t n = 0, a = 0, b = 0;
    if (panel->n_times > SIZE_MAX - bars->n)
        return pxi_fail_memory(err);
    int64_t *times = pxi_new_array(panel->n_times + bars->n, sizeof *times);
    if (!times)
        return pxi_fail_memory(err);
    while (a < panel->n_times || b < bars->n) {
        int64_t x = a < panel->n_times ? panel->times[a] : INT64_MAX;
        int64_t y = b < bars->n ? bars->ts_us[b] : INT64_MAX;
        times[n++] = x < y ? x : y;
        a += x <= y && a < panel->n_times;
        b += y <= x && b < bars->n;
    }
    free(panel->times);
    panel->times = times;
    panel->n_times = n;
    return PX_OK;
}

/* What became of one instrument that was asked for. */
typedef struct made {
    pxi_member member;
    bool is_left_out; /* it cannot be trained on: */
    px_error reason;
} made;

/* What the jobs share: each fills the instrument of its number. */
typedef struct loading {
    const px_train_request *request;
    const px_config *config;
    const named *names;
    px_home **homes; /* one a thread: the caller's first, the others opened when first needed */
    made *made;
} loading;

static px_status find_home(const loading *l, int thread, px_error *err) {
    if (!l->homes[0] || l->homes[thread])
        return PX_OK;
    return px_home_open(px_home_path(l->homes[0]), &l->homes[thread], err);
}

/* Of several, one that cannot be trained on is noted and left out. */
static px_status run_job(void *user, const pxi_job *job, px_error *err) {
    const loading *l = user;
    const px_train_request *request = l->request;
    made *out = &l->made[job->index];
    px_data_request data = request->data;
    data.symbol = l->names[job->index].symbol;
    data.detail = l->config->detail;
    data.holes = l->config->holes;
    data.check = true;
    data.accept = PX_ACCEPT_ALL; /* the training refuses for all of them */
    data.work = job->work;
    px_status status = find_home(l, job->thread, err);
    if (status)
        return status;
    status = make_member(l->homes[job->thread], &data, l->config, &out->member, &out->reason);
    if (!status && request->n_symbols > 1 && out->member.n_complete == 0) {
        status = pxi_fail(&out->reason, PX_EINPUT,
                          "none of its %zu events has its whole horizon in the window", out->member.events.n);
        member_free(&out->member);
    }
    if (!status)
        return PX_OK;
    bool unknown = status == PX_ENOTFOUND && data.data_dir; /* in the home folder: known, without bars */
    if (request->n_symbols < 2 || unknown || (status != PX_EINPUT && status != PX_ENOTFOUND))
        return pxi_fail(err, status, "%s", out->reason.message);
    out->is_left_out = true;
    return PX_OK;
}

/* Takes the instrument in. */
static px_status add_member(pxi_panel *panel, const char *symbol, made *m, px_error *err) {
    if (m->is_left_out) {
        pxi_left_out *left_out = &panel->left_out[panel->n_left_out++];
        pxi_copy(left_out->symbol, sizeof left_out->symbol, symbol);
        left_out->reason = m->reason;
        return PX_OK;
    }
    px_status status = add_times(panel, &m->member.data.bars, err);
    if (status)
        return status;
    panel->members[panel->n++] = m->member;
    m->member = (pxi_member){0};
    return PX_OK;
}

static int by_time(const void *a, const void *b) {
    const pxi_labelled *x = a, *y = b;
    if (x->ts_us != y->ts_us)
        return x->ts_us < y->ts_us ? -1 : 1;
    if (x->member != y->member)
        return x->member < y->member ? -1 : 1;
    return (x->label > y->label) - (x->label < y->label);
}

static px_status order_labels(pxi_panel *panel, px_error *err) {
    size_t n = 0;
    for (size_t m = 0; m < panel->n; m++)
        if (__builtin_add_overflow(n, panel->members[m].labels.n, &n))
            return pxi_fail_memory(err);
    panel->labels = pxi_new_array(n, sizeof *panel->labels);
    if (!panel->labels)
        return pxi_fail_memory(err);
    for (size_t m = 0; m < panel->n; m++) {
        const pxi_member *member = &panel->members[m];
        for (size_t i = 0; i < member->labels.n; i++)
            panel->labels[panel->n_labels++] =
                (pxi_labelled){member->events.items[member->labels.items[i].event].ts_us, m, i};
    }
    qsort(panel->labels, n, sizeof *panel->labels, by_time);
    return PX_OK;
}

static px_status make_all(loading *l, size_t n, pxi_panel *panel, px_error *err) {
    const pxi_parallel all = {n, run_job, l, &l->request->data.work, "load and label"};
    px_status status = pxi_parallel_run(&all, err);
    for (size_t i = 0; i < n && !status; i++)
        status = add_member(panel, l->names[i].symbol, &l->made[i], err);
    for (size_t i = 0; i < n; i++)
        member_free(&l->made[i].member);
    if (!status && panel->n == 0)
        status = pxi_fail(err, PX_EINPUT, "none of the %zu symbols can be trained on; %s: %s", n,
                          panel->left_out[0].symbol, panel->left_out[0].reason.message);
    return status ? status : order_labels(panel, err);
}

static px_status fill(px_home *home, const px_train_request *request, const px_config *config,
                      const named *names, pxi_panel *panel, px_error *err) {
    const size_t n = request->n_symbols ? request->n_symbols : 1;
    const int n_threads = pxi_parallel_threads(&request->data.work, n);
    px_home **homes = pxi_new_array((size_t)n_threads, sizeof *homes);
    loading l = {request, config, names, homes, pxi_new_array(n, sizeof *l.made)};
    px_status status = homes && l.made ? PX_OK : pxi_fail_memory(err);
    if (!status) {
        homes[0] = home;
        status = make_all(&l, n, panel, err);
    }
    for (int t = 1; homes && t < n_threads; t++)
        px_home_close(&homes[t]);
    free(homes);
    free(l.made);
    return status;
}

px_status pxi_panel_load(px_home *home, const px_train_request *request, const px_config *config,
                         pxi_panel *out, px_error *err) {
    const size_t n = request->n_symbols ? request->n_symbols : 1;
    px_train_request asked = *request;
    px_source source = {0};
    named *names = pxi_new_array(n, sizeof *names);
    pxi_panel panel = {.members = pxi_new_array(n, sizeof *panel.members),
                       .left_out = pxi_new_array(n, sizeof *panel.left_out)};
    px_status status = names && panel.members && panel.left_out ? PX_OK : pxi_fail_memory(err);
    if (!status && n > 1 && request->data.input)
        status = read_file(&asked, &source, err);
    if (!status && request->n_symbols)
        status = find_keys(home, &asked, names, err);
    else if (!status)
        names[0].symbol = request->data.symbol;
    if (!status)
        status = fill(home, &asked, config, names, &panel, err);
    px_source_free(&source);
    free(names);
    if (status)
        pxi_panel_free(&panel);
    else
        *out = panel;
    return status;
}

/* ---- looking at it --------------------------------------------------------------------------------------
 */

size_t pxi_panel_bar(const pxi_panel *panel, int64_t ts_us) {
    size_t begin = 0, end = panel->n_times;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (panel->times[middle] < ts_us)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

size_t pxi_panel_count_bars(const pxi_panel *panel) {
    size_t n = 0;
    for (size_t m = 0; m < panel->n; m++)
        n += panel->members[m].data.end - panel->members[m].data.begin;
    return n;
}

size_t pxi_panel_count_events(const pxi_panel *panel) {
    size_t n = 0;
    for (size_t m = 0; m < panel->n; m++)
        n += panel->members[m].events.n;
    return n;
}

void pxi_panel_fingerprint(const pxi_panel *panel, char out[65]) {
    pxi_hash hash;
    if (panel->n == 1) {
        pxi_copy(out, 65, panel->members[0].data.fingerprint);
        return;
    }
    pxi_hash_init(&hash);
    for (size_t m = 0; m < panel->n; m++)
        pxi_hash_text(&hash, panel->members[m].data.fingerprint);
    pxi_hash_hex(&hash, out);
}

pxi_window pxi_member_window(const pxi_member *member) {
    const px_dataset *d = &member->data;
    px_session_cursor cursor = px_session_cursor_make(d->calendar);
    pxi_window window = {d->bars.ts_us[d->begin], d->bars.ts_us[d->end - 1], 0};
    px_session_advance(&cursor, window.last_us);
    window.end_us = px_session_bar_end(&cursor.session, window.last_us, d->timeframe_minutes);
    return window;
}

pxi_window pxi_panel_window(const pxi_panel *panel) {
    pxi_window all = pxi_member_window(&panel->members[0]);
    for (size_t m = 1; m < panel->n; m++) {
        const pxi_window window = pxi_member_window(&panel->members[m]);
        all.begin_us = window.begin_us < all.begin_us ? window.begin_us : all.begin_us;
        all.last_us = window.last_us > all.last_us ? window.last_us : all.last_us;
        all.end_us = window.end_us > all.end_us ? window.end_us : all.end_us;
    }
    return all;
}

char *pxi_panel_name(const pxi_panel *panel, char *buf, size_t size) {
    if (panel->n == 1)
        pxi_copy(buf, size, panel->members[0].data.source);
    else
        snprintf(buf, size, "%zu instruments", panel->n);
    return buf;
}
