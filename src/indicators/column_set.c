// SPDX-License-Identifier: Apache-2.0
#include "indicators/column_set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/mem.h"
#include "market/stretch.h"

/* Columns of a joint indicator below which its loop costs more than the columns by themselves. */
#define MIN_JOINT_COLUMNS 2

/* ---- choosing ----------------------------------------------------------------------------------------- */

/* A set while it is made: what each column asks for, and what each maker runs. */
typedef struct plan {
    pxi_column_set *set;
    const pxi_columns_setup *setup;
    bool *made;            /* by column: it has its source */
    pxi_column_spec *runs; /* by maker; of a joint indicator unused */
    px_error *err;
} plan;

static size_t state_size(const pxi_indicator *indicator, const double *values) {
    return indicator->state_size + (indicator->extra_size ? indicator->extra_size(values) : 0);
}

/* Of a zeroed state. */
static void init_maker(const pxi_column_set *set, pxi_column_maker *maker) {
    const pxi_indicator_setup setup = {
        .values = maker->values,
        .calendar = set->calendar,
        .twap = set->twap,
        .reference = set->reference,
    };
    if (maker->indicator->init)
        maker->indicator->init(maker->state, &setup);
}

static px_status add_maker(plan *p, const pxi_indicator *indicator, const double *values) {
    pxi_column_set *set = p->set;
    pxi_column_maker *maker = &set->makers[set->n_makers];
    *maker = (pxi_column_maker){indicator, pxi_new_array(1, state_size(indicator, values)), values,
                                set->n_outputs};
    if (!maker->state)
        return pxi_fail_memory(p->err);
    init_maker(set, maker);
    set->n_makers++;
    set->n_outputs += indicator->n_outputs;
    return PX_OK;
}

/* The output of a joint indicator that a column is; n_outputs = none. */
static size_t find_joint_output(const pxi_indicator *joint, const pxi_column_spec *outputs,
                                const pxi_column_spec *wanted) {
    size_t k = 0;
    while (k < joint->n_outputs && !pxi_column_spec_same(&outputs[k], wanted))
        k++;
    return k;
}

static size_t count_joint_outputs(const plan *p, const pxi_indicator *joint, const pxi_column_spec *outputs) {
    size_t n = 0;
    for (size_t k = 0; k < joint->n_outputs; k++) {
        bool asked = false;
        for (size_t c = 0; c < p->set->n; c++)
            asked |= pxi_column_spec_same(&outputs[k], &p->set->specs[c]);
        n += asked;
    }
    return n;
}

static px_status choose_joint(plan *p, const pxi_indicator *joint) {
    pxi_column_spec *outputs = pxi_new_array(joint->n_outputs, sizeof *outputs);
    px_status status = outputs ? PX_OK : pxi_fail_memory(p->err);
    for (size_t k = 0; k < joint->n_outputs && !status; k++)
        status = pxi_column_spec_parse(joint->outputs[k], p->setup->config, &outputs[k], p->err);
    if (!status && count_joint_outputs(p, joint, outputs) >= MIN_JOINT_COLUMNS) {
        const size_t first = p->set->n_outputs;
        status = add_maker(p, joint, NULL);
        for (size_t c = 0; c < p->set->n && !status; c++) {
            const size_t k = find_joint_output(joint, outputs, &p->set->specs[c]);
            if (k == joint->n_outputs)
                continue;
            p->set->source[c] = first + k;
            p->made[c] = true;
        }
    }
    free(outputs);
    return status;
}

static px_status choose_own(plan *p, size_t column) {
    pxi_column_set *set = p->set;
    const pxi_column_spec *wanted = &p->set->specs[column];
    size_t m = 0;
    while (m < set->n_makers && !pxi_column_spec_same_run(&p->runs[m], wanted))
        m++;
    if (m == set->n_makers) {
        px_status status = add_maker(p, wanted->indicator, wanted->values);
        if (status)
            return status;
        p->runs[m] = *wanted;
    }
    set->source[column] = set->makers[m].first + wanted->output;
    return PX_OK;
}

static px_status choose(plan *p, const char *const *columns) {
    const pxi_column_words words = {p->setup->config, p->setup->parameters, p->setup->values};
    px_status status = PX_OK;
    for (size_t c = 0; c < p->set->n && !status; c++)
        status = pxi_column_spec_read(columns[c], &words, &p->set->specs[c], p->err);
    for (size_t j = 0; pxi_joint_indicator_at(j) && !status; j++)
        status = choose_joint(p, pxi_joint_indicator_at(j));
    for (size_t c = 0; c < p->set->n && !status; c++)
        if (!p->made[c])
            status = choose_own(p, c);
    return status;
}

/* ---- making ------------------------------------------------------------------------------------------- */

/* Who takes each output, and room for those that nobody takes. */
static px_status connect(pxi_column_set *set, px_error *err) {
    size_t n_idle = 0;
    set->taker = pxi_new_array(set->n_outputs, sizeof *set->taker);
    set->out = pxi_new_array(set->n_outputs, sizeof *set->out);
    set->at = pxi_new_array(set->n, sizeof *set->at);
    if (!set->taker || !set->out || !set->at)
        return pxi_fail_memory(err);
    for (size_t k = 0; k < set->n_outputs; k++)
        set->taker[k] = SIZE_MAX;
    for (size_t c = set->n; c-- > 0;)
        set->taker[set->source[c]] = c;
    set->in_order = set->n == set->n_outputs;
    for (size_t k = 0; k < set->n_outputs; k++) {
        n_idle += set->taker[k] == SIZE_MAX;
        set->in_order &= set->taker[k] == k;
    }
    set->scratch = pxi_new_array(n_idle * PXI_BLOCK, sizeof *set->scratch);
    return set->scratch ? PX_OK : pxi_fail_memory(err);
}

static size_t count_joint_indicators(void) {
    size_t n = 0;
    while (pxi_joint_indicator_at(n))
        n++;
    return n;
}

px_status pxi_columns_open(pxi_column_set *set, const char *const *columns, const pxi_columns_setup *setup,
                           px_error *err) {
    plan p = {.set = set, .setup = setup, .err = err};
    set->calendar = setup->calendar;
    set->holes = pxi_holes_by(setup->config, setup->calendar);
    set->twap = setup->twap;
    set->reference = setup->config->profile == PX_PROFILE_REFERENCE;
    while (columns[set->n])
        set->n++;
    const size_t most = set->n + count_joint_indicators();
    set->source = pxi_new_array(set->n, sizeof *set->source);
    set->makers = pxi_new_array(most, sizeof *set->makers);
    set->specs = pxi_new_array(set->n, sizeof *set->specs);
    p.made = pxi_new_array(set->n, sizeof *p.made);
    p.runs = pxi_new_array(most, sizeof *p.runs);
    const bool ok = set->source && set->makers && set->specs && p.made && p.runs;
    px_status status = ok ? choose(&p, columns) : pxi_fail_memory(err);
    if (!status)
        status = connect(set, err);
    free(p.made);
    free(p.runs);
    return status;
}

void pxi_columns_close(pxi_column_set *set) {
    for (size_t m = 0; m < set->n_makers; m++)
        free(set->makers[m].state);
    free(set->makers);
    free(set->specs);
    free(set->source);
    free(set->taker);
    free(set->out);
    free(set->at);
    free(set->scratch);
    *set = (pxi_column_set){0};
}

/* ---- running ------------------------------------------------------------------------------------------ */

/* Where each output goes. */
static void place_outputs(pxi_column_set *set, double *const *out) {
    double *idle = set->scratch;
    for (size_t k = 0; k < set->n_outputs; k++) {
        const bool taken = set->taker[k] != SIZE_MAX;
        set->out[k] = taken ? out[set->taker[k]] : idle;
        idle += taken ? 0 : PXI_BLOCK;
    }
}

/* To columns that are asked for a second time. */
static void copy_outputs(const pxi_column_set *set, size_t n, double *const *out) {
    for (size_t c = 0; c < set->n; c++)
        if (set->taker[set->source[c]] != c)
            memcpy(out[c], set->out[set->source[c]], n * sizeof(double));
}

static void run_stretch(pxi_column_set *set, const px_bars *block, double *const *out) {
    if (!set->in_order)
        place_outputs(set, out);
    double *const *to = set->in_order ? out : set->out;
    for (size_t m = 0; m < set->n_makers; m++)
        set->makers[m].indicator->run(set->makers[m].state, block, to + set->makers[m].first);
    if (!set->in_order)
        copy_outputs(set, block->n, out);
}

static void start_anew(pxi_column_set *set) {
    for (size_t m = 0; m < set->n_makers; m++) {
        pxi_column_maker *maker = &set->makers[m];
        memset(maker->state, 0, state_size(maker->indicator, maker->values));
        init_maker(set, maker);
    }
}

/* A block with holes inside. */
static void run_stretches(pxi_column_set *set, const px_bars *block, size_t end, double *const *out) {
    for (size_t begin = 0; begin < block->n; begin = end) {
        if (begin) {
            start_anew(set);
            end = pxi_next_hole(block, begin + 1, block->n, set->holes);
        }
        const px_bars part = px_bars_slice(block, begin, end);
        for (size_t c = 0; c < set->n; c++)
            set->at[c] = out[c] + begin;
        run_stretch(set, &part, set->at);
    }
}

void pxi_columns_run(pxi_column_set *set, const px_bars *block, double *const *out) {
    if (set->begun && pxi_is_hole(set->holes, set->last_us, block->ts_us[0]))
        start_anew(set);
    const size_t end = pxi_next_hole(block, 1, block->n, set->holes);
    if (end == block->n)
        run_stretch(set, block, out);
    else
        run_stretches(set, block, end, out);
    set->begun = true;
    set->last_us = block->ts_us[block->n - 1];
}
