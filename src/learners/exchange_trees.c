// SPDX-License-Identifier: Apache-2.0
/* Trees without walking them: the leaves of a tree are bits, from left to right. A condition that sends a row
 * right takes the leaves on its left away from it, and the first leaf that all conditions leave is the one
 * where the row arrives (Lucchese and others, QuickScorer, 2015). What the conditions of one input leave is a
 * set that goes with its value, so that exchanging values exchanges sets, and nothing else is done again. */
#include "learners/exchange.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LEAVES = 128, MOST_NODES = 2 * MOST_LEAVES - 1 };

bool pxi_exchange_fits(const pxi_tree *trees, size_t n) {
    for (size_t t = 0; t < n; t++)
        if (trees[t].n > MOST_NODES)
            return false;
    return true;
}

/* ---- sets of leaves ----------------------------------------------------------------------------------- */

typedef struct leaves {
    uint64_t low, high;
} leaves;
static const leaves all_leaves = {UINT64_MAX, UINT64_MAX};

static inline leaves common(leaves a, leaves b) {
    return (leaves){a.low & b.low, a.high & b.high};
}

static uint64_t bits_below(size_t n) {
    return n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
}

static leaves leaves_below(size_t n) {
    return (leaves){bits_below(n), n > 64 ? bits_below(n - 64) : 0};
}

/* All but [begin, end). */
static leaves all_but(size_t begin, size_t end) {
    const leaves before = leaves_below(begin), until = leaves_below(end);
    return (leaves){before.low | ~until.low, before.high | ~until.high};
}

/* Not of an empty set. Which word it is goes at random: masks instead of a branch. */
static inline size_t first_leaf(leaves set) {
    const uint64_t above = -(uint64_t)(set.low == 0);
    return (size_t)__builtin_ctzll(set.low | (set.high & above)) + (64 & above);
}

/* ---- one tree ----------------------------------------------------------------------------------------- */

typedef struct condition {
    float value;
    bool missing_left;
    leaves kept; /* by a row that goes right */
} condition;

/* On one input. */
typedef struct conditions {
    size_t n;
    condition items[MOST_LEAVES - 1]; /* by value */
    leaves kept[MOST_LEAVES + 1]; /* by rows that meet the first so many; then, by those without the input */
} conditions;
_Static_assert(MOST_LEAVES <= UINT8_MAX, "a place in `kept` fits a byte");

typedef struct tree {
    conditions of[PX_N_INPUTS];
    float value[MOST_LEAVES];
} tree;

static void add_condition(conditions *list, condition added) {
    size_t at = list->n++;
    for (; at > 0 && list->items[at - 1].value > added.value; at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = added;
}

static void join(conditions *list) {
    leaves set = all_leaves, of_missing = all_leaves;
    for (size_t c = 0; c < list->n; c++) {
        list->kept[c] = set;
        set = common(set, list->items[c].kept);
        if (!list->items[c].missing_left)
            of_missing = common(of_missing, list->items[c].kept);
    }
    list->kept[list->n] = set;
    list->kept[list->n + 1] = of_missing;
}

/* Nodes stand behind their parents: leaves are counted from the last node on, numbered from the first. */
static void read_tree(const pxi_tree *from, tree *out) {
    size_t n_leaves[MOST_NODES], first[MOST_NODES] = {0};
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        out->of[k].n = 0;
    for (size_t i = from->n; i-- > 0;) {
        const int left = from->nodes[i].left;
        n_leaves[i] = left < 0 ? 1 : n_leaves[left] + n_leaves[left + 1];
    }
    for (size_t i = 0; i < from->n; i++) {
        const pxi_tree_node *node = &from->nodes[i];
        if (node->left < 0) {
            out->value[first[i]] = node->value;
            continue;
        }
        const size_t middle = first[i] + n_leaves[node->left];
        first[node->left] = first[i];
        first[node->left + 1] = middle;
        add_condition(&out->of[node->input],
                      (condition){node->value, node->missing_left, all_but(first[i], middle)});
    }
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        join(&out->of[k]);
}

/* ---- rows --------------------------------------------------------------------------------------------- */

/* A row by its value of one input. */
typedef struct ranked {
    float value;
    uint32_t row;
} ranked;

typedef struct workspace {
    ranked *ranks[PX_N_INPUTS]; /* n each: those that have the input by value, then the others */
    size_t n_defined[PX_N_INPUTS];
    uint8_t *place[PX_N_INPUTS]; /* n each: of a row in `kept` of the present tree's conditions */
    float *part;                 /* as the sums */
} workspace;

static void workspace_free(workspace *w) {
    free(w->ranks[0]);
    free(w->place[0]);
    free(w->part);
}

static int by_value(const void *a, const void *b) {
    const float x = ((const ranked *)a)->value, y = ((const ranked *)b)->value;
    return (x > y) - (x < y);
}

static void rank(workspace *w, const pxi_exchange *e, size_t k) {
    size_t begin = 0, end = e->n;
    for (size_t i = 0; i < e->n; i++) {
        const ranked row = {e->x[i * PX_N_INPUTS + k], (uint32_t)i};
        w->ranks[k][isnan(row.value) ? --end : begin++] = row;
    }
    w->n_defined[k] = end;
    qsort(w->ranks[k], end, sizeof *w->ranks[k], by_value);
}

static px_status prepare(workspace *w, const pxi_exchange *e, px_error *err) {
    w->ranks[0] = pxi_new_array(e->n * PX_N_INPUTS, sizeof *w->ranks[0]);
    w->place[0] = pxi_new_array(e->n * PX_N_INPUTS, sizeof *w->place[0]);
    w->part = pxi_new_array(e->n * PX_N_INPUTS * e->n_orders, sizeof *w->part);
    if (!w->ranks[0] || !w->place[0] || !w->part)
        return pxi_fail_memory(err);
    for (size_t k = 0; k < PX_N_INPUTS; k++) {
        w->ranks[k] = w->ranks[0] + k * e->n;
        w->place[k] = w->place[0] + k * e->n;
        rank(w, e, k);
    }
    return PX_OK;
}

/* Of the rows by value, each condition is met by all further ones. */
static void find_places(const workspace *w, size_t n, size_t k, const conditions *list) {
    const ranked *row = w->ranks[k], *defined = row + w->n_defined[k], *end = row + n;
    for (size_t c = 0; c < list->n; c++)
        for (; row < defined && row->value < list->items[c].value; row++)
            w->place[k][row->row] = (uint8_t)c;
    for (; row < defined; row++)
        w->place[k][row->row] = (uint8_t)list->n;
    for (; row < end; row++)
        w->place[k][row->row] = (uint8_t)(list->n + 1);
}

enum { BLOCK = 128 };

/* What all inputs but one leave, for each one of them. */
typedef struct others {
    leaves of[PX_N_INPUTS][BLOCK];
} others;

static void find_others(const workspace *w, const tree *t, size_t begin, size_t n, others *out) {
    for (size_t i = 0; i < n; i++) {
        leaves kept[PX_N_INPUTS], set = all_leaves;
        for (size_t k = 0; k < PX_N_INPUTS; k++) {
            kept[k] = t->of[k].kept[w->place[k][begin + i]];
            out->of[k][i] = set;
            set = common(set, kept[k]);
        }
        set = all_leaves;
        for (size_t k = PX_N_INPUTS; k-- > 0;) {
            out->of[k][i] = common(out->of[k][i], set);
            set = common(set, kept[k]);
        }
    }
}

/* Rows of one block in one order of input k. */
static void add_rows(const workspace *w, const tree *t, size_t k, const leaves *without, const uint32_t *from,
                     float *part, size_t n) {
    const leaves *kept = t->of[k].kept;
    const uint8_t *place = w->place[k];
    for (size_t i = 0; i < n; i++)
        part[i] += t->value[first_leaf(common(without[i], kept[place[from[i]]]))];
}

static void add_tree(const workspace *w, const pxi_exchange *e, const tree *t) {
    others without;
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        find_places(w, e->n, k, &t->of[k]);
    for (size_t begin = 0; begin < e->n; begin += BLOCK) {
        const size_t n = e->n - begin < BLOCK ? e->n - begin : BLOCK;
        find_others(w, t, begin, n, &without);
        for (size_t k = 0; k < PX_N_INPUTS; k++)
            for (size_t s = 0; s < e->n_orders; s++) {
                const size_t at = (k * e->n_orders + s) * e->n + begin;
                add_rows(w, t, k, without.of[k], &e->from[at], &w->part[at], n);
            }
    }
}

px_status pxi_exchange_add(const pxi_exchange *exchange, const pxi_ensemble *ensemble, size_t step_trees,
                           float start, double *sum, px_error *err) {
    const size_t n = exchange->n * PX_N_INPUTS * exchange->n_orders;
    workspace w = {0};
    tree t;
    px_status status = prepare(&w, exchange, err);
    for (size_t begin = 0; begin < ensemble->n && !status; begin += step_trees) {
        const size_t end = ensemble->n - begin < step_trees ? ensemble->n : begin + step_trees;
        for (size_t i = 0; i < n; i++)
            w.part[i] = start;
        for (size_t i = begin; i < end && !(status = pxi_work_ask(exchange->work, err)); i++) {
            read_tree(&ensemble->trees[i], &t);
            add_tree(&w, exchange, &t);
        }
        for (size_t i = 0; i < n; i++)
            sum[i] += (double)w.part[i];
    }
    workspace_free(&w);
    return status;
}
