// SPDX-License-Identifier: Apache-2.0
/* Work that its caller stops at every place where it asks: it says so, and leaves what was there as it was.
 */
#include "depth.h"
#include "model_kit.h"

#include <ftw.h>

/* ---- a caller that stops the work ---------------------------------------------------------------------- */

typedef struct stopper {
    long calls, at; /* stops at this call; negative: never */
    char phase[32]; /* the one that it stopped */
} stopper;

static bool go_on(void *user, const char *phase, size_t done, size_t total) {
    stopper *s = user;
    (void)done, (void)total;
    if (s->calls <= s->at && *phase)
        snprintf(s->phase, sizeof s->phase, "%s", phase);
    return s->calls++ != s->at;
}

/* Names and sizes of all files that anybody would miss. */
static pxi_text listing;
static int list_file(const char *path, const struct stat *info, int kind, struct FTW *where) {
    (void)where;
    if (kind == FTW_F && !strstr(path, "pixity.db"))
        pxi_text_printf(&listing, "%s %lld\n", path, (long long)info->st_size);
    return 0;
}

static char *list_home(const kit *k) {
    char *text = NULL;
    listing = (pxi_text){0};
    assert_int_equal(nftw(k->home_path, list_file, 16, FTW_PHYS), 0);
    kit_ok(pxi_text_take(&listing, &text, &kit_err));
    return text;
}

/* Does the work whole, for how often it asks; then stops it at `tries` of these calls, first and last among
 * them. */
typedef px_status (*work_fn)(kit *k, const px_work *work, px_error *err);
static void stop_everywhere(kit *k, work_fn run, int threads, int all_tries) {
    const long tries = cases(all_tries, 3);
    stopper s = {.at = -1};
    const px_work work = {go_on, &s, threads};
    kit_ok(run(k, &work, &kit_err));
    const long n = s.calls;
    char *before = list_home(k);
    assert_true(n > 2);
    for (long t = 0; t < tries; t++) {
        px_error err = {0};
        s = (stopper){.at = t * (n - 1) / (tries - 1)};
        const px_status status = run(k, &work, &err);
        if (threads > 1 && status == PX_OK) { /* the others did it all: fewer calls */
            if (s.calls > s.at)
                fail_msg("call %ld of %ld, of phase \"%s\", was not heard", s.at, n, s.phase);
            continue;
        }
        if (status != PX_EINTERRUPTED || !strstr(err.message, "interrupted"))
            fail_msg("call %ld of %ld: status %d, %s", s.at, n, status, err.message);
        if (threads == 1)
            assert_int_equal(s.calls, s.at + 1); /* nothing more is begun */
        char *after = list_home(k);
        assert_string_equal(after, before);
        free(after);
    }
    s = (stopper){.at = -1};
    kit_ok(run(k, &work, &kit_err));
    if (threads == 1)
        assert_int_equal(s.calls, n);
    free(before);
}

/* ---- what is stopped ----------------------------------------------------------------------------------- */

static px_status read_source(kit *k, const px_work *work, px_error *err) {
    px_source source = {0};
    const px_source_config config = {.path = k->input,
                                     .zone = px_calendar_zone(k->calendar),
                                     .timeframe_minutes = 1,
                                     .calendar = k->calendar,
                                     .work = *work};
    px_status status = px_source_read(&config, &source, err);
    assert_true(status == PX_OK || source.n_series == 0);
    px_source_free(&source);
    return status;
}

static void test_reading_csv(void **state) {
    stop_everywhere(*state, read_source, 1, 6);
}

static void test_reading_parquet(void **state) {
    kit *k = *state;
    px_dataset data = {0};
    char csv[sizeof k->input];
    memcpy(csv, k->input, sizeof csv);
    k->request.data.timeframe_minutes = 1;
    kit_load(k, &data);
    snprintf(k->input, sizeof k->input, "%s/bars.parquet", k->folder);
    kit_ok(px_bars_export(&data.bars, "KIT", px_calendar_zone(k->calendar), k->input, &kit_err));
    px_dataset_free(&data);
    stop_everywhere(k, read_source, 1, 6);
    memcpy(k->input, csv, sizeof csv);
    k->request.data.timeframe_minutes = 5;
}

/* Every round stores other values, so that there is something to write. */
static px_status merge(kit *k, const px_work *work, px_error *err) {
    static double shift;
    px_dataset data = {0};
    px_instrument instrument;
    px_data_request request = k->request.data;
    request.timeframe_minutes = 1;
    kit_ok(px_dataset_load(NULL, &request, k->config.resample_anchor, 0, &data, &kit_err));
    shift++;
    for (size_t i = 0; i < data.bars.n; i++)
        data.bars.volume[i] = 1000 + shift;
    kit_ok(px_instrument_ensure(k->home, "MERGED", "NSE", &instrument, &kit_err));
    const px_work before = px_home_set_work(k->home, work);
    px_status status = px_candles_merge(k->home, &instrument, 1, &data.bars, PX_CONFLICT_REPLACE, NULL, err);
    px_home_set_work(k->home, &before);
    px_dataset_free(&data);
    return status;
}

static void test_storing_bars(void **state) {
    kit_ok(merge(*state, &(px_work){0}, &kit_err)); /* from now on there are bars to read */
    stop_everywhere(*state, merge, 1, 8);
}

static px_status load(kit *k, const px_work *work, px_error *err) {
    px_dataset data = {0};
    px_data_request request = {.symbol = "MERGED",
                               .timeframe_minutes = 5,
                               .start_date = PX_NO_DATE,
                               .end_date = PX_NO_DATE,
                               .work = *work};
    px_status status = px_dataset_load(k->home, &request, k->config.resample_anchor, 0, &data, err);
    px_dataset_free(&data);
    return status;
}

static void test_loading_stored_bars(void **state) {
    stop_everywhere(*state, load, 1, 8);
}

static px_status backtest(kit *k, const px_work *work, px_error *err) {
    px_backtest_result *result = NULL;
    px_backtest_request request = {.data = k->request.data, .strategy_id = "ema_cross", .run_id = "r"};
    request.data.work = *work;
    request.data.timeframe_minutes = 1;
    px_status status = px_backtest_run(k->home, &request, &k->config, &result, err);
    assert_true((status == PX_OK) == (result != NULL));
    px_backtest_result_free(&result);
    return status;
}

static void test_a_backtest(void **state) {
    stop_everywhere(*state, backtest, 1, 20);
}

static px_status train(kit *k, const px_work *work, px_error *err) {
    char *report = NULL;
    k->request.data.work = *work;
    px_status status = px_train(k->home, &k->request, &k->config, &report, err);
    assert_true((status == PX_OK) == (report != NULL));
    k->request.data.work = (px_work){0};
    free(report);
    return status;
}

static void test_a_training(void **state) {
    kit *k = *state;
    k->request.learner = "rf";
    stop_everywhere(k, train, 1, 12);
    stop_everywhere(k, train, 3, 6);
    k->request.learner = "gbt";
    stop_everywhere(k, train, 1, 4);
}

static px_status audit(kit *k, const px_work *work, px_error *err) {
    px_audit_report report = {0};
    px_audit_request request = {.data = k->request.data, .strategy_id = "ema_cross"};
    request.data.work = *work;
    px_status status = px_audit_run(k->home, &request, &k->config, &report, err);
    assert_true((status == PX_OK) == (report.n > 0));
    px_audit_report_free(&report);
    return status;
}

static void test_an_audit(void **state) {
    stop_everywhere(*state, audit, 2, 10);
    stop_everywhere(*state, audit, 3, 4);
}

/* ---- threads change nothing ---------------------------------------------------------------------------- */

static void test_threads_change_nothing(void **state) {
    static const char *const files[] = {"KIT_5m.ubj", "KIT_5m.card.json", "KIT_5m_events.csv"};
    enum { N_FILES = sizeof files / sizeof *files };
    char *first[N_FILES], *report = NULL;
    size_t length[N_FILES];
    px_audit_report audits[4];
    static const int threads[] = {1, 3, 2, 7};
    const int n_threads = cases(4, 2);
    kit *k = *state;
    k->request.learner = "rf";
    for (int t = 0; t < n_threads; t++) {
        char *text = NULL;
        k->request.data.work = (px_work){.threads = threads[t]};
        kit_ok(px_train(k->home, &k->request, &k->config, &text, &kit_err));
        if (t)
            assert_string_equal(text, report);
        for (int f = 0; f < N_FILES; f++) {
            size_t n;
            char *bytes = kit_read(kit_path(k, files[f]), &n);
            if (t) {
                assert_int_equal(n, length[f]);
                assert_memory_equal(bytes, first[f], n);
                free(bytes);
            } else {
                first[f] = bytes;
                length[f] = n;
            }
        }
        if (t)
            free(text);
        else
            report = text;
        const px_audit_request request = {.data = k->request.data, .strategy_id = "ema_cross"};
        memset(&audits[t], 0, sizeof audits[t]);
        kit_ok(px_audit_run(k->home, &request, &k->config, &audits[t], &kit_err));
        assert_int_equal(audits[t].n, audits[0].n);
        for (size_t i = 0; i < audits[t].n; i++) {
            assert_string_equal(audits[t].checks[i].detail, audits[0].checks[i].detail);
            assert_string_equal(audits[t].checks[i].compared, audits[0].checks[i].compared);
            assert_int_equal(audits[t].checks[i].cases, audits[0].checks[i].cases);
            assert_int_equal(audits[t].checks[i].verdict, audits[0].checks[i].verdict);
        }
    }
    k->request.data.work = (px_work){0};
    for (int t = 0; t < n_threads; t++)
        px_audit_report_free(&audits[t]);
    for (int f = 0; f < N_FILES; f++)
        free(first[f]);
    free(report);
}

static int open_kit(void **state) {
    *state = kit_open();
    return 0;
}

static int close_kit(void **state) {
    kit_close(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading_csv),  cmocka_unit_test(test_reading_parquet),
        cmocka_unit_test(test_storing_bars), cmocka_unit_test(test_loading_stored_bars),
        cmocka_unit_test(test_a_backtest),   cmocka_unit_test(test_a_training),
        cmocka_unit_test(test_an_audit),     cmocka_unit_test(test_threads_change_nothing),
    };
    return cmocka_run_group_tests_name("interrupt", tests, open_kit, close_kit);
}
