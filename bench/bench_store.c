// SPDX-License-Identifier: Apache-2.0
/* The home folder inside one process: merging and reading a million bars, saving and listing runs. */
#include "bench.h"

#include "base/file.h"
#include "pixity/store.h"

#include <math.h>

#define N_STORED 200

static char folder[] = "/tmp/pixity-bench.XXXXXX";
static px_error err;

static px_home *open_home(int number) {
    char path[64];
    px_home *home = NULL;
    snprintf(path, sizeof path, "%s/%d", folder, number);
    bench_check(px_home_open(path, &home, &err), &err);
    return home;
}

static void bench_candles(const px_bars *bars) {
    px_home *home = open_home(0);
    px_instrument instrument;
    px_bars out = {0};
    bench_check(px_instrument_ensure(home, "ACME", "NSE", &instrument, &err), &err);
    bench b = bench_start();
    bench_check(px_candles_merge(home, &instrument, 1, bars, PX_CONFLICT_ERROR, NULL, &err), &err);
    bench_done(&b, "store_merge_new", bars->n, 0);
    b = bench_start();
    bench_check(px_candles_merge(home, &instrument, 1, bars, PX_CONFLICT_ERROR, NULL, &err), &err);
    bench_done(&b, "store_merge_same", bars->n, 0);
    b = bench_start();
    bench_check(px_candles_read(home, &instrument, 1, INT64_MIN, INT64_MAX, &out, &err), &err);
    bench_done(&b, "store_read", bars->n, out.close[out.n - 1]);
    px_bars_free(&out);
    px_home_close(&home);
}

/* As many tables and rows as a backtest of two years of hours has. */
static void bench_runs(void) {
    static const px_column_def columns[] = {{"ts", PX_COLUMN_TIME},
                                            {"qty", PX_COLUMN_I64},
                                            {"pnl", PX_COLUMN_F64},
                                            {"fees", PX_COLUMN_F64},
                                            {"reason", PX_COLUMN_TEXT}};
    px_table trades = {0}, equity = {0};
    px_home *home = open_home(1);
    for (int i = 0; i < 3500; i++) {
        px_table *table = i < 200 ? &trades : &equity;
        if (!table->columns)
            bench_check(px_table_init(table, columns, 5, &err), &err);
        bench_check(px_table_add_row(table, &err), &err);
        px_table_set_i64(table, 0, i * PX_US_PER_MINUTE);
        px_table_set_i64(table, 1, i);
        px_table_set_f64(table, 2, sin(i));
        px_table_set_f64(table, 3, cos(i));
        bench_check(px_table_set_text(table, 4, "take_profit", &err), &err);
    }
    const px_run_part parts[] = {{"trades", &trades},
                                 {"signals", &trades},
                                 {"orders", &trades},
                                 {"fills", &trades},
                                 {"equity", &equity}};
    bench b = bench_start();
    for (int run = 0; run < N_STORED; run++) {
        char id[16];
        snprintf(id, sizeof id, "run%d", run);
        bench_check(px_run_save(home, id, "{\"status\": \"done\"}", parts, 5, &err), &err);
    }
    bench_done(&b, "run_save", N_STORED, 0);
    px_table out = {0};
    b = bench_start();
    bench_check(px_runs_list(home, &out, &err), &err);
    bench_done(&b, "runs_list", N_STORED, (double)out.n_rows);
    px_table_free(&out);
    px_home_close(&home);
    px_table_free(&trades);
    px_table_free(&equity);
}

int main(void) {
    px_calendar *calendar = bench_calendar();
    px_bars bars = bench_minutes(calendar);
    if (!mkdtemp(folder))
        return 1;
    bench_candles(&bars);
    bench_runs();
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    bench_check(pxi_remove_tree(folder, &err), &err);
    return 0;
}
