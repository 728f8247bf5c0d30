// SPDX-License-Identifier: Apache-2.0
#include "learners/flat.h"

#include "base/error.h"
#include "base/mem.h"
#include "pixity/events.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A row is walked as whole numbers in the order of its floats, once with what is missing below all of them
 * and once above: a node that sends missing ones left looks at the former, one that sends them right at the
 * latter. So `x >= condition` decides for every row. The last number is below every condition: a leaf looks
 * at it and stays where it is, which lets all rows take as many steps as the tree is deep. */
enum {
    KEY_BITS = 2 * PX_N_INPUTS < 16   ? 4
               : 2 * PX_N_INPUTS < 32 ? 5
               : 2 * PX_N_INPUTS < 64 ? 6
                                      : 7,
    N_KEYS = 1 << KEY_BITS,
    NEVER = N_KEYS - 1,
    KEY_MASK = N_KEYS - 1
};
_Static_assert(2 * PX_N_INPUTS <= NEVER, "a row's keys fit");
static const size_t most_nodes = (size_t)1 << (32 - KEY_BITS);

typedef struct node {
    int32_t bound; /* key of the condition; of a leaf: the bits of its value, which are not INT32_MIN */
    uint32_t next; /* left child, of a leaf itself; and in the last bits which key is compared */
} node;

typedef struct root {
    uint32_t at;
    uint32_t depth;
} root;

struct pxi_flat {
    size_t n;
    root *roots;
    node *nodes;
};

/* ---- making ------------------------------------------------------------------------------------------- */

/* Keys are ordered as floats are; both zeros have one. */
static int32_t key_of(float value) {
    int32_t bits;
    value += 0.0F;
    memcpy(&bits, &value, sizeof bits);
    return bits ^ (bits >> 31 & INT32_MAX);
}

static node make_node(const pxi_tree_node *from, size_t begin, size_t i) {
    node made;
    if (from->left < 0) {
        const float value = from->value + 0.0F; /* -0 adds as 0 does */
        memcpy(&made.bound, &value, sizeof made.bound);
        made.next = (uint32_t)(begin + i) << KEY_BITS | NEVER;
        return made;
    }
    const int key = from->input + (from->missing_left ? 0 : PX_N_INPUTS);
    made.bound = key_of(from->value);
    made.next = (uint32_t)(begin + (size_t)from->left) << KEY_BITS | (uint32_t)key;
    return made;
}

/* Nodes stand behind their parents. `level` has room for the tree's nodes. */
static uint32_t depth_of(const pxi_tree *tree, uint32_t *level) {
    uint32_t depth = 0;
    level[0] = 0;
    for (size_t i = 1; i < tree->n; i++) {
        level[i] = level[tree->nodes[i].parent] + 1;
        depth = level[i] > depth ? level[i] : depth;
    }
    return depth;
}

px_status pxi_flat_make(const pxi_tree *trees, size_t n, pxi_flat **out, px_error *err) {
    size_t n_nodes = 0, largest = 0;
    for (size_t t = 0; t < n; t++) {
        n_nodes += trees[t].n;
        largest = trees[t].n > largest ? trees[t].n : largest;
        if (n_nodes > most_nodes)
            return pxi_fail(err, PX_EINPUT, "the trees have more than %zu nodes in all", most_nodes);
    }
    pxi_flat *flat = pxi_new_array(1, sizeof *flat);
    uint32_t *level = pxi_new_array(largest, sizeof *level);
    if (flat) {
        flat->n = n;
        flat->roots = pxi_new_array(n, sizeof *flat->roots);
        flat->nodes = pxi_new_array(n_nodes, sizeof *flat->nodes);
    }
    if (!flat || !level || !flat->roots || !flat->nodes) {
        free(level);
        pxi_flat_free(flat);
        return pxi_fail_memory(err);
    }
    for (size_t t = 0, begin = 0; t < n; begin += trees[t++].n) {
        flat->roots[t] = (root){(uint32_t)begin, depth_of(&trees[t], level)};
        for (size_t i = 0; i < trees[t].n; i++)
            flat->nodes[begin + i] = make_node(&trees[t].nodes[i], begin, i);
    }
    free(level);
    *out = flat;
    return PX_OK;
}

void pxi_flat_free(pxi_flat *flat) {
    if (!flat)
        return;
    free(flat->roots);
    free(flat->nodes);
    free(flat);
}

/* ---- walking ------------------------------------------------------------------------------------------ */

enum { LANES = 8, BLOCK = 128, STEPS = 8 };

static void fill_keys(const float *x, int32_t keys[N_KEYS]) {
    for (int k = 0; k < PX_N_INPUTS; k++) {
        const bool missing = x[k] != x[k];
        const int32_t key = key_of(x[k]);
        keys[k] = missing ? INT32_MIN : key;
        keys[PX_N_INPUTS + k] = missing ? INT32_MAX : key;
    }
    keys[NEVER] = INT32_MIN;
}

static inline uint32_t step(const node *nodes, const int32_t *keys, uint32_t at) {
    const node here = nodes[at];
    return (here.next >> KEY_BITS) + (uint32_t)(keys[here.next & KEY_MASK] >= here.bound);
}

static bool all_arrived(const node *nodes, const uint32_t at[LANES]) {
    bool arrived = true;
    for (int lane = 0; lane < LANES; lane++)
        arrived &= (nodes[at[lane]].next & KEY_MASK) == NEVER;
    return arrived;
}

/* Walks LANES ways to their leaves; the keys of a lane stand `stride` after those of the one before. */
static inline void walk(const node *nodes, const int32_t *keys, size_t stride, uint32_t depth,
                        uint32_t at[LANES]) {
    for (uint32_t done = 0; done < depth; done += STEPS) {
        const uint32_t n = depth - done < STEPS ? depth - done : STEPS;
        for (uint32_t i = 0; i < n; i++)
            for (size_t lane = 0; lane < LANES; lane++)
                at[lane] = step(nodes, keys + lane * stride, at[lane]);
        if (done + n < depth && all_arrived(nodes, at)) /* most ways end far above the deepest */
            return;
    }
}

static inline float leaf(const node *nodes, uint32_t at) {
    float value;
    memcpy(&value, &nodes[at].bound, sizeof value);
    return value;
}

/* A full block or the LANES rows of it that are asked for, through the trees [begin, end). */
static void add_block(const pxi_flat *flat, const int32_t keys[][N_KEYS], size_t n_groups,
                      const size_t trees[2], float *part) {
    for (size_t t = trees[0]; t < trees[1]; t++) {
        const root from = flat->roots[t];
        for (size_t g = 0; g < n_groups; g++) {
            uint32_t at[LANES];
            for (int lane = 0; lane < LANES; lane++)
                at[lane] = from.at;
            walk(flat->nodes, keys[g * LANES], N_KEYS, from.depth, at);
            for (size_t lane = 0; lane < LANES; lane++)
                part[g * LANES + lane] += leaf(flat->nodes, at[lane]);
        }
    }
}

/* One row through the trees [begin, end), LANES trees at once, added in their order. */
static float add_alone(const pxi_flat *flat, const int32_t keys[N_KEYS], size_t begin, size_t end,
                       float part) {
    for (size_t t = begin; t < end; t += LANES) {
        const size_t n = end - t < LANES ? end - t : LANES;
        uint32_t at[LANES], depth = 0;
        for (size_t lane = 0; lane < LANES; lane++) {
            const root from = flat->roots[t + (lane < n ? lane : 0)];
            at[lane] = from.at;
            depth = from.depth > depth ? from.depth : depth;
        }
        walk(flat->nodes, keys, 0, depth, at);
        for (size_t lane = 0; lane < n; lane++)
            part += leaf(flat->nodes, at[lane]);
    }
    return part;
}

/* ---- adding up ---------------------------------------------------------------------------------------- */

/* Rows of one block: whole groups of LANES together, the rest one by one. */
static void add_rows(const pxi_flat *flat, const float *x, size_t n, size_t step_trees, float start,
                     double *sum) {
    int32_t keys[BLOCK][N_KEYS];
    float part[BLOCK];
    const size_t n_groups = n / LANES;
    for (size_t i = 0; i < n; i++)
        fill_keys(&x[i * PX_N_INPUTS], keys[i]);
    for (size_t begin = 0; begin < flat->n; begin += step_trees) {
        const size_t end = flat->n - begin < step_trees ? flat->n : begin + step_trees;
        for (size_t i = 0; i < n; i++)
            part[i] = start;
        add_block(flat, (const int32_t(*)[N_KEYS])keys, n_groups, (const size_t[]){begin, end}, part);
        for (size_t i = n_groups * LANES; i < n; i++)
            part[i] = add_alone(flat, keys[i], begin, end, part[i]);
        for (size_t i = 0; i < n; i++)
            sum[i] += (double)part[i];
    }
}

void pxi_flat_add(const pxi_flat *flat, const float *x, size_t n, size_t step_trees, float start,
                  double *sum) {
    for (size_t i = 0; i < n; i += BLOCK)
        add_rows(flat, &x[i * PX_N_INPUTS], n - i < BLOCK ? n - i : BLOCK, step_trees, start, &sum[i]);
}
