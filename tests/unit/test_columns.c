// SPDX-License-Identifier: Apache-2.0
/* Columns for charts: their two forms, and the rows that a long curve keeps. */
#include "report_kit.h"

#include "report/columns.h"

#include <jansson.h>

/* ---- columns ------------------------------------------------------------------------------------------ */

static uint32_t u32_at(const char *bytes) {
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static float f32_at(const char *bytes) {
    uint32_t bits = u32_at(bytes);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Three rows: an exact price, one that floats round, an undefined one. */
static px_columns small_columns(void) {
    static const pxi_series_def defs[] = {{"close", "price"}, {"vol_z", ""}};
    px_columns columns = {0};
    px_zone *zone = NULL;
    assert_ok(pxi_columns_init(&columns, defs, 2, 3, err));
    const double close[] = {1000.5, 1234.05, 1e-7};
    for (size_t i = 0; i < 3; i++) {
        columns.time_s[i] = 1660641300 + (int64_t)i * 900;
        columns.columns[0].values[i] = close[i];
    }
    columns.columns[1].values[2] = -0.25;
    columns.timeframe_minutes = 15;
    assert_ok(px_zone_open("Asia/Kolkata", &zone, err));
    pxi_columns_set_zone(&columns, zone);
    px_zone_close(&zone);
    return columns;
}

static void test_bytes(void **state) {
    (void)state;
    px_columns columns = small_columns();
    char *bytes = NULL;
    size_t length = 0;
    assert_ok(px_columns_to_binary(&columns, &bytes, &length, err));
    assert_memory_equal(bytes, "PXC1", 4);
    size_t header_length = u32_at(bytes + 4);
    assert_int_equal(header_length % 4, 0);
    assert_int_equal(length, 8 + header_length + 3 * 3 * 4);
    json_t *header = json_loadb(bytes + 8, header_length, 0, NULL),
           *list = json_object_get(header, "columns");
    assert_int_equal(json_integer_value(json_object_get(header, "rows")), 3);
    assert_string_equal(json_string_value(json_object_get(header, "timeframe")), "15m");
    assert_string_equal(json_string_value(json_object_get(header, "zone")), "Asia/Kolkata");
    assert_string_equal(json_string_value(json_object_get(header, "utc_offset")), "+05:30");
    assert_null(json_object_get(header, "same_data"));
    assert_int_equal(json_array_size(list), 3);
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "type")), "u32");
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 1), "name")), "close");
    const char *data = bytes + 8 + header_length;
    assert_int_equal(u32_at(data + 4), 1660642200);
    assert_true(f32_at(data + 12) == 1000.5f && f32_at(data + 16) == 1234.05f && f32_at(data + 20) == 1e-7f);
    assert_true(isnan(f32_at(data + 24)) && isnan(f32_at(data + 28)) && f32_at(data + 32) == -0.25f);
    json_decref(header);
    free(bytes);
    columns.time_s[0] = -1;
    assert_fails(px_columns_to_binary(&columns, &bytes, &length, err), PX_EINPUT, "1970 to 2106");
    px_columns_free(&columns);
}

static void test_json(void **state) {
    (void)state;
    px_columns columns = small_columns();
    char *text = NULL;
    size_t length = 0;
    columns.same_data = 0;
    assert_ok(px_columns_to_json(&columns, &text, &length, err));
    assert_string_equal(
        text, "{\"rows\":3,\"total\":3,\"bars_per_point\":1,\"timeframe\":\"15m\",\"zone\":\"Asia/Kolkata\","
              "\"utc_offset\":\"+05:30\",\"same_data\":false,"
              "\"units\":{\"time\":\"s\",\"close\":\"price\",\"vol_z\":\"\"},"
              "\"columns\":{\"time\":[1660641300,1660642200,1660643100],"
              "\"close\":[1000.5,1234.05,1e-07],\"vol_z\":[null,null,-0.25]}}\n");
    assert_int_equal(length, strlen(text));
    free(text);
    px_columns_free(&columns);
}

/* ---- thinning ----------------------------------------------------------------------------------------- */

#define MANY 5000
static double wave(size_t i, size_t seed) {
    return (double)((i * 7919 + seed * 104729) % 10007) - 5000.0 + 3.0 * (double)(i % 311);
}

/* All rows of three curves, in blocks of this length. */
static pxi_thinning thin(double curves[3][MANY], size_t n, size_t points, size_t block) {
    static int64_t ts_us[MANY];
    pxi_thinning thinning = {0};
    assert_ok(pxi_thinning_begin(&thinning, n, 3, points, err));
    for (size_t i = 0; i < n; i++)
        ts_us[i] = 1000 + (int64_t)i;
    for (size_t at = 0; at < n; at += block) {
        const double *const here[] = {curves[0] + at, curves[1] + at, curves[2] + at};
        pxi_thinning_add(&thinning, ts_us + at, here, n - at < block ? n - at : block);
    }
    return thinning;
}

/* Each stretch between kept rows has nothing that lies beyond what is kept around it: the extremes of all
 * rows are kept, and of each stretch too. Where blocks begin changes nothing. */
static void test_thinned_curves_keep_their_extremes(void **state) {
    (void)state;
    static double curves[3][MANY];
    const size_t sizes[] = {1, 5, 30, 500, MANY}, limits[] = {0, 1, 8, 29, 100, 4000};
    const size_t blocks[] = {MANY, 1, 7, 512};
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < MANY; i++)
            curves[c][i] = wave(i, c + 1);
    for (size_t k = 0; k < 5 * 6 * 4; k++) {
        const size_t n = sizes[k % 5], limit = limits[k / 5 % 6], block = blocks[k / 30];
        pxi_thinning t = thin(curves, n, limit, block);
        assert_true(t.n_kept > 0 && t.n_kept <= (limit > 8 ? limit : limit ? 8 : n));
        assert_true(t.kept[0].row == 0 && t.kept[t.n_kept - 1].row == n - 1);
        if (n == MANY && limit == 29) /* the first row and four stretches of seven, which these waves fill */
            assert_int_equal(t.n_kept, 29);
        for (size_t i = 0; i < t.n_kept; i++) {
            assert_true(i == 0 || t.kept[i].row > t.kept[i - 1].row);
            assert_true(t.kept[i].ts_us == 1000 + (int64_t)t.kept[i].row);
            for (size_t c = 0; c < 3; c++)
                assert_true(t.kept[i].values[c] == curves[c][t.kept[i].row]);
        }
        for (size_t c = 0; c < 3; c++) {
            double low = INFINITY, high = -INFINITY, kept_low = INFINITY, kept_high = -INFINITY;
            for (size_t i = 0; i < n; i++)
                low = fmin(low, curves[c][i]), high = fmax(high, curves[c][i]);
            for (size_t i = 0; i < t.n_kept; i++) {
                kept_low = fmin(kept_low, t.kept[i].values[c]);
                kept_high = fmax(kept_high, t.kept[i].values[c]);
            }
            assert_true(low == kept_low && high == kept_high);
        }
        pxi_thinning whole = thin(curves, n, limit, MANY);
        assert_int_equal(whole.n_kept, t.n_kept);
        for (size_t i = 0; i < t.n_kept; i++)
            assert_int_equal(whole.kept[i].row, t.kept[i].row);
        pxi_thinning_free(&whole);
        pxi_thinning_free(&t);
    }
}

static void test_bars_per_point(void **state) {
    (void)state;
    for (size_t n = 1; n < 300; n++)
        for (size_t points = 1; points < 20; points++) {
            size_t step = pxi_bars_per_point(n, points);
            assert_true((n + step - 1) / step <= points);
            assert_true(step == 1 || (n + step - 2) / (step - 1) > points);
        }
    assert_int_equal(pxi_bars_per_point(100, 0), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_thinned_curves_keep_their_extremes),
        cmocka_unit_test(test_bars_per_point),
    };
    return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
