// SPDX-License-Identifier: Apache-2.0
/* Writes what the floors and the peers work on, the same data that the bench programs make for themselves:
 *
 *     bench_make bars FILE     ts_us, open, high, low, close, volume: a column of 8-byte numbers after the
 * other bench_make events FILE   of those bars at one minute: bar, side, ATR; three 8-byte numbers an event
 *     bench_make rows FILE     of the learners: 7 inputs and the class, eight 4-byte floats a row
 *     bench_make forest FILE   the random forest trained on those rows: its trees as XGBoost prints them
 * (JSON) */
#include "bench.h"

#include "bench_rows.h"
#include "learners/trees.h"
#include "pixity/events.h"

static void put(FILE *out, const void *data, size_t size, size_t n) {
    if (fwrite(data, size, n, out) != n) {
        fprintf(stderr, "bench_make: cannot write\n");
        exit(1);
    }
}

static void put_bars(FILE *out, const px_bars *bars) {
    const void *columns[] = {bars->ts_us, bars->open, bars->high, bars->low, bars->close, bars->volume};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        put(out, columns[i], sizeof(double), bars->n);
}

static void put_events(FILE *out, const px_bars *bars, const px_calendar *calendar) {
    const px_config config = px_config_default();
    px_feature_frame frame = {0};
    px_event_list events = {0};
    px_error err;
    bench_check(px_features_compute(bars, calendar, &config, &frame, &err), &err);
    bench_check(px_events_find(bars, &frame, calendar, &config, 1, 0, bars->n, &events, &err), &err);
    for (size_t i = 0; i < events.n; i++) {
        const px_event *event = &events.items[i];
        put(out, (double[]){(double)event->bar, event->side, event->atr}, sizeof(double), 3);
    }
    px_event_list_free(&events);
    px_feature_frame_free(&frame);
}

static void put_rows(FILE *out, const bench_table *rows) {
    for (size_t i = 0; i < BENCH_ROWS; i++) {
        put(out, &rows->x[i * PX_N_INPUTS], sizeof(float), PX_N_INPUTS);
        put(out, &(float){rows->y[i]}, sizeof(float), 1);
    }
}

static void put_forest(FILE *out, const bench_table *rows) {
    const px_learner *learner = NULL;
    px_predictor *predictor = NULL;
    px_error err;
    bench_check(px_learner_find("rf", &learner, &err), &err);
    const px_learner_config config = px_learner_config_default(learner);
    bench_check(px_predictor_train(rows->x, rows->y, BENCH_ROWS, &config, &predictor, &err), &err);
    const pxi_ensemble *forest = pxi_trees_ensemble(predictor);
    int32_t root = 0;
    put(out, &(int32_t){(int32_t)forest->n}, sizeof root, 1);
    for (size_t t = 0; t < forest->n; root += (int32_t)forest->trees[t++].n)
        put(out, &root, sizeof root, 1);
    root = 0;
    for (size_t t = 0; t < forest->n; root += (int32_t)forest->trees[t++].n)
        for (size_t i = 0; i < forest->trees[t].n; i++) {
            const pxi_tree_node *node = &forest->trees[t].nodes[i];
            const bool leaf = node->left < 0;
            put(out, (int32_t[]){leaf ? -1 : node->input, leaf ? 0 : root + node->left}, sizeof root, 2);
            put(out, &node->value, sizeof node->value, 1);
        }
    px_predictor_free(&predictor);
}

int main(int argc, char **argv) {
    FILE *out = argc == 3 ? fopen(argv[2], "wb") : NULL;
    if (!out)
        return 2;
    if (strcmp(argv[1], "bars") == 0 || strcmp(argv[1], "events") == 0) {
        px_calendar *calendar = bench_calendar();
        px_bars bars = bench_minutes(calendar);
        if (argv[1][0] == 'b')
            put_bars(out, &bars);
        else
            put_events(out, &bars, calendar);
        px_bars_free(&bars);
        px_calendar_close(&calendar);
    } else {
        bench_table rows = bench_table_make();
        if (strcmp(argv[1], "rows") == 0)
            put_rows(out, &rows);
        else
            put_forest(out, &rows);
        bench_table_free(&rows);
    }
    return fclose(out) == 0 ? 0 : 1;
}
