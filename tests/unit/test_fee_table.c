// SPDX-License-Identifier: Apache-2.0
/* Tables of rates as files: what is written reads back, and what is wrong is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "pixity/risk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *builtin_json(void) {
    char *text = NULL;
    assert_int_equal(px_fee_table_to_json(px_fee_table_builtin(), &text, NULL), PX_OK);
    return text;
}

/* The built-in file with the n-th `from` (from 0) replaced. */
static char *edited(const char *from, const char *to, int n) {
    char *text = builtin_json(), *at = text;
    for (int i = 0; i <= n; i++) {
        at = strstr(i ? at + 1 : at, from);
        assert_non_null(at);
    }
    pxi_text out = {0};
    pxi_text_add(&out, text, (size_t)(at - text));
    pxi_text_puts(&out, to);
    pxi_text_puts(&out, at + strlen(from));
    free(text);
    return out.data;
}

static px_fee_table *read_table(const char *json) {
    px_fee_table *table = NULL;
    px_error err = {0};
    if (px_fee_table_read(json, strlen(json), "fees.json", &table, &err))
        fail_msg("%s", err.message);
    return table;
}

static int32_t date_of(int year, int month, int day) {
    return px_date_from_civil((px_civil){year, month, day});
}

/* ---- reading and writing ------------------------------------------------------------------------------- */

static void test_built_in_reads_back(void **state) {
    (void)state;
    char *text = builtin_json(), *again = NULL;
    px_fee_table *table = read_table(text);
    const px_fee_rates *row, *same;
    size_t n = 0;
    for (; (row = px_fee_table_at(px_fee_table_builtin(), n)); n++) {
        assert_non_null(same = px_fee_table_at(table, n));
        assert_int_equal(row->segment, same->segment);
        assert_int_equal(px_date_from_civil(row->from), px_date_from_civil(same->from));
        assert_int_equal(row->approximate, same->approximate);
        assert_string_equal(row->source, same->source);
        for (size_t i = 0; px_fee_rate_name(i); i++)
            assert_true(px_fee_rate_value(row, i) == px_fee_rate_value(same, i));
    }
    assert_null(px_fee_table_at(table, n));
    assert_int_equal(n, 6);
    assert_int_equal(px_fee_table_to_json(table, &again, NULL), PX_OK);
    assert_string_equal(text, again);
    px_fee_table_free(&table);
    assert_null(table);
    free(again);
    free(text);
}

static void test_hash_is_of_the_bytes(void **state) {
    (void)state;
    char *text = builtin_json(), *spaced = edited("{", " {", 0);
    px_fee_table *first = read_table(text), *second = read_table(text), *other = read_table(spaced);
    assert_string_equal(px_fee_table_hash(px_fee_table_builtin()), "");
    assert_int_equal(strlen(px_fee_table_hash(first)), 64);
    assert_string_equal(px_fee_table_hash(first), px_fee_table_hash(second));
    assert_string_not_equal(px_fee_table_hash(first), px_fee_table_hash(other));
    px_fee_table_free(&first);
    px_fee_table_free(&second);
    px_fee_table_free(&other);
    free(spaced);
    free(text);
}

static void test_edited_rates_are_used(void **state) {
    (void)state;
    char *text = edited("\"brokerage_cap_rupees\": 20.0", "\"brokerage_cap_rupees\": null", 0);
    px_fee_table *table = read_table(text);
    const px_fee_rates *rates = px_fee_rates_on(table, PX_SEGMENT_INTRADAY, date_of(2025, 1, 6), NULL);
    assert_true(isinf(rates->brokerage_cap));
    /* one lakh: 30 rupees of brokerage instead of 20 */
    assert_true(fabs(px_fee(rates, PX_LONG, 100, 1000) - (1.18 * (30 + 3.17) + 3)) < 1e-9);
    px_fee_table_free(&table);
    free(text);
}

static void test_approximate_to_the_end_is_never_known(void **state) {
    (void)state;
    char *text = edited("\"gst_pct\": 18.0", "\"gst_pct\": 18.0, \"approximate\": true", 0);
    px_fee_table *table = read_table(text);
    int32_t known_from;
    px_fee_rates_on(table, PX_SEGMENT_INTRADAY, date_of(2030, 1, 1), &known_from);
    assert_int_equal(known_from, INT32_MAX);
    px_fee_table_free(&table);
    free(text);
}

/* ---- what is wrong ------------------------------------------------------------------------------------- */

static void check_refused(char *json, const char *message) {
    px_fee_table *table = NULL;
    px_error err = {0};
    assert_int_equal(px_fee_table_read(json, strlen(json), "fees.json", &table, &err), PX_EINPUT);
    assert_null(table);
    if (!strstr(err.message, message) || strncmp(err.message, "fees.json", 9) != 0)
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
    free(json);
}

static void test_wrong_rows_are_named(void **state) {
    (void)state;
    check_refused(edited("\"stt_sell_pct\"", "\"stt_sel_pct\"", 2),
                  "futures, row 1: unknown key \"stt_sel_pct\"; did you mean \"stt_sell_pct\"?");
    check_refused(edited("\"stt_sell_pct\": 0.02,", "", 0), "futures, row 2: stt_sell_pct is missing");
    check_refused(edited("18.0", "-18", 1),
                  "delivery, row 1: gst_pct is -18; it must be a number from 0 to 100");
    check_refused(edited("18.0", "100.5", 0), "gst_pct is 100.5");
    check_refused(edited("18.0", "\"18\"", 0), "gst_pct is \"18\"");
    check_refused(edited("18.0", "null", 0), "gst_pct is null");
    check_refused(edited("\"2026-04-01\"", "\"2026-04-31\"", 0),
                  "futures, row 3: from is \"2026-04-31\"; it must be a date");
    check_refused(edited("\"2026-04-01\"", "20260401", 0), "from is 20260401");
    check_refused(edited("\"2026-04-01\"", "\"2024-10-01\"", 0),
                  "row 3: from 2024-10-01 does not follow 2024-10-01");
    check_refused(edited("\"2026-04-01\"", "\"2020-10-01\"", 0),
                  "row 3: from 2020-10-01 does not follow 2024-10-01");
    check_refused(edited("\"approximate\": true", "\"approximate\": 1", 0), "approximate is 1");
    check_refused(
        edited("\"source\": \"Finance Act 2013; the rest as of 2024-10-01\"", "\"source\": 2013", 0),
        "futures, row 1: source is 2013");
}

static void test_wrong_files_are_named(void **state) {
    (void)state;
    check_refused(edited("\"delivery\"", "\"delivry\"", 0),
                  "segments: unknown key \"delivry\"; did you mean \"delivery\"?");
    check_refused(edited("\"format_version\": 1", "\"format_version\": 2", 0), "format_version is 2");
    check_refused(edited("\"segments\"", "\"segment\"", 0),
                  "unknown key \"segment\"; did you mean \"segments\"?");
    check_refused(edited("pixity fee table", "pixity fees", 0), "is no fee table");
    check_refused(strdup("[]"), "is no fee table");
    check_refused(strdup("{}"), "is no fee table");
    check_refused(strdup(""), "not valid JSON");
    check_refused(strdup("{\"format\": \"pixity fee table\", \"format_version\": 1}"), "segments is missing");
    check_refused(
        strdup("{\"format\": \"pixity fee table\", \"format_version\": 1, \"segments\": {\"intraday\": []}}"),
        "intraday: the segment is []");
    check_refused(strdup("{\"format\": \"pixity fee table\", \"format_version\": 1, \"segments\": {}}"),
                  "intraday: the segment is missing");
    check_refused(
        strdup(
            "{\"format\": \"pixity fee table\", \"format_version\": 1, \"segments\": {\"intraday\": [7]}}"),
        "intraday, row 1: the row is 7");
}

static void test_a_file_that_is_not_there(void **state) {
    (void)state;
    px_fee_table *table = NULL;
    px_error err = {0};
    assert_int_equal(px_fee_table_load("no/such/fees.json", &table, &err), PX_ENOTFOUND);
    assert_non_null(strstr(err.message, "no/such/fees.json"));
    assert_null(table);
}

/* Every beginning of the file is refused, and nothing is read past it. */
static void test_cut_files_are_refused(void **state) {
    (void)state;
    char *text = builtin_json();
    size_t length = strlen(text) - 2; /* without the last brace */
    for (size_t n = 0; n <= length; n += 7) {
        px_fee_table *table = NULL;
        char *part = malloc(n ? n : 1); /* no byte more than said */
        memcpy(part, text, n);
        assert_int_equal(px_fee_table_read(part, n, "fees.json", &table, NULL), PX_EINPUT);
        free(part);
    }
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in_reads_back),
        cmocka_unit_test(test_hash_is_of_the_bytes),
        cmocka_unit_test(test_edited_rates_are_used),
        cmocka_unit_test(test_approximate_to_the_end_is_never_known),
        cmocka_unit_test(test_wrong_rows_are_named),
        cmocka_unit_test(test_wrong_files_are_named),
        cmocka_unit_test(test_a_file_that_is_not_there),
        cmocka_unit_test(test_cut_files_are_refused),
    };
    return cmocka_run_group_tests_name("fee table", tests, NULL, NULL);
}
