// SPDX-License-Identifier: Apache-2.0
/* Files of signals: what a row may say, what is rejected and why, order, identity, and the bars they stand
 * on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/signals.h"
#include "replay_kit.h"
#include "files/duck/duck.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static px_zone *india;

static px_status parse_as(const char *text, const px_instrument *instrument, px_signal_rows *out,
                          px_error *err) {
    px_signals_config config = {.zone = india, .instrument = instrument};
    return px_signals_parse(text, strlen(text), "s.csv", &config, out, err);
}

static px_signal_rows parse(const char *text) {
    px_signal_rows rows = {0};
    px_error err = {0};
    if (parse_as(text, NULL, &rows, &err))
        fail_msg("%s", err.message);
    return rows;
}

/* A row after a valid one is rejected for this reason. */
static void assert_rejected(const char *header, const char *row, const char *reason) {
    char text[512], blanks[32] = "";
    for (const char *h = strchr(header, ',') + 1; (h = strchr(h, ',')); h++)
        strcat(blanks, ",");
    snprintf(text, sizeof text, "%s\n2025-01-06 09:15,BUY%s\n%s\n", header, blanks, row);
    px_signal_rows rows = parse(text);
    assert_true(rows.n == 1 && rows.n_read == 2 && rows.n_rejected == 1);
    assert_int_equal(rows.rejections[0].line, 3);
    assert_string_equal(rows.rejections[0].reason, reason);
    px_signal_rows_free(&rows);
}

static void assert_refused(const char *text, const char *message) {
    px_signal_rows rows = {0};
    px_error err = {0};
    assert_int_equal(parse_as(text, NULL, &rows, &err), PX_EINPUT);
    assert_string_equal(err.message, message);
    assert_true(rows.n == 0 && rows.items == NULL);
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static void test_every_column(void **state) {
    (void)state;
    px_signal_rows rows = parse("TimeStamp;Side;STOP;target_distance;h_bars;quantity;probability;Tag;note;\n"
                                "2025-01-06 09:15:00;sell;101.5;2.25;12.0;40;0.75;\"a \"\"b\"\"; c\";x;y\n");
    const px_signal *signal = &rows.items[0].signal;
    assert_true(rows.n == 1 && rows.n_read == 1 && rows.n_rejected == 0 && rows.items[0].line == 2);
    assert_true(signal->ts_us == kit_ts(0));
    assert_true(signal->action == PX_ACTION_ENTER && signal->side == PX_SHORT && signal->event_type == -1);
    assert_true(signal->stop.kind == PX_LEVEL_PRICE && signal->stop.value == 101.5);
    assert_true(signal->target.kind == PX_LEVEL_DISTANCE && signal->target.value == 2.25);
    assert_true(signal->h_bars == 12 && signal->quantity == 40 && signal->probability == 0.75);
    assert_true(signal->candidate == SIZE_MAX && isnan(signal->atr));
    assert_string_equal(signal->tag, "a \"b\"; c");
    assert_string_equal(rows.unread, "note, (unnamed)");
    px_signal_rows_free(&rows);
}

static void test_what_is_not_given_is_undefined(void **state) {
    (void)state;
    const char *const texts[] = {
        "ts,side\n2025-01-06 09:15,BUY\n",
        "ts,side,stop,target,h_bars,quantity,probability,tag\n2025-01-06 09:15,BUY,,,,,,\n",
        ("ts,side,stop,target,h_bars,quantity,probability,tag\n"
         "2025-01-06 09:15,BUY,nan,NaN,NAN,nan,nan,nan\n")};
    char sha256[65] = "";
    for (size_t i = 0; i < 3; i++) {
        px_signal_rows rows = parse(texts[i]);
        const px_signal *signal = &rows.items[0].signal;
        assert_true(signal->stop.kind == PX_LEVEL_NONE && signal->target.kind == PX_LEVEL_NONE);
        assert_true(signal->h_bars == 0 && isnan(signal->quantity) && isnan(signal->probability) &&
                    !signal->tag);
        if (i > 0)
            assert_string_equal(rows.sha256, sha256);
        strcpy(sha256, rows.sha256);
        px_signal_rows_free(&rows);
    }
}

static void test_sides(void **state) {
    (void)state;
    static const struct {
        const char *name;
        px_action action;
        px_side side;
    } sides[] = {{"BUY", PX_ACTION_ENTER, PX_LONG},   {"Long", PX_ACTION_ENTER, PX_LONG},
                 {"SELL", PX_ACTION_ENTER, PX_SHORT}, {"short", PX_ACTION_ENTER, PX_SHORT},
                 {"exit", PX_ACTION_CLOSE, PX_LONG},  {"CLOSE", PX_ACTION_CLOSE, PX_LONG}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        char text[80];
        snprintf(text, sizeof text, "ts,side\n2025-01-06 09:15,%s\n", sides[i].name);
        px_signal_rows rows = parse(text);
        assert_true(rows.items[0].signal.action == sides[i].action &&
                    rows.items[0].signal.side == sides[i].side);
        px_signal_rows_free(&rows);
    }
}

static void test_times(void **state) {
    (void)state;
    const char *const times[] = {"2025-01-06T09:15:00+05:30",
                                 "2025-01-06 03:45:00Z",
                                 "2025-01-06 09:15",
                                 "1736135100",
                                 "1736135100000",
                                 "1736135100000000",
                                 "1736135100000000000"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char text[80];
        snprintf(text, sizeof text, "timestamp,side\n%s,BUY\n", times[i]);
        px_signal_rows rows = parse(text);
        assert_true(rows.items[0].signal.ts_us == kit_ts(0));
        px_signal_rows_free(&rows);
    }
}

static void test_rows_that_are_no_signals(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"timestamp,side", ",BUY", "no timestamp"},
        {"timestamp,side", "soon,BUY", "\"soon\" is no time: it does not begin with a date like 2022-08-16"},
        {"timestamp,side", "2025-01-06 09:15,", "no side"},
        {"timestamp,side", "2025-01-06 09:15,HOLD", "side is \"HOLD\", not BUY, SELL or EXIT"},
        {"timestamp,side", "2025-01-06 09:15", "1 fields, the header has 2"},
        {"timestamp,side", "2025-01-06 09:15,\"BUY", "unbalanced quotes"},
        {"timestamp,side,stop", "2025-01-06 09:15,BUY,0", "stop is \"0\", not a number above 0"},
        {"timestamp,side,stop", "2025-01-06 09:15,BUY,inf", "stop is \"inf\", not a number above 0"},
        {"timestamp,side,target", "2025-01-06 09:15,BUY,x", "target is \"x\", not a number above 0"},
        {"timestamp,side,stop_distance", "2025-01-06 09:15,BUY,-1",
         "stop_distance is \"-1\", not a number above 0"},
        {"timestamp,side,stop,stop_distance", "2025-01-06 09:15,BUY,1,2",
         "both stop and stop_distance are given"},
        {"timestamp,side,h_bars", "2025-01-06 09:15,BUY,-1",
         "h_bars is \"-1\", not a whole number from 0 to 1000000"},
        {"timestamp,side,h_bars", "2025-01-06 09:15,BUY,1.5",
         "h_bars is \"1.5\", not a whole number from 0 to 1000000"},
        {"timestamp,side,h_bars", "2025-01-06 09:15,BUY,1e9",
         "h_bars is \"1e9\", not a whole number from 0 to 1000000"},
        {"timestamp,side,quantity", "2025-01-06 09:15,BUY,0", "quantity is \"0\", not a number above 0"},
        {"timestamp,side,probability", "2025-01-06 09:15,BUY,-0.1",
         "probability is \"-0.1\", not a number from 0 to 1"},
        {"timestamp,side,probability", "2025-01-06 09:15,BUY,1.01",
         "probability is \"1.01\", not a number from 0 to 1"},
        {"timestamp,side,tag", "2025-01-06 09:15,BUY,a\x01", "tag is not text of at most 64 bytes"},
        {"timestamp,side,tag", "2025-01-06 09:15,BUY,\xff", "tag is not text of at most 64 bytes"},
        {"timestamp,side,tag",
         "2025-01-06 09:15,BUY,12345678901234567890123456789012345678901234567890123456789012345",
         "tag is not text of at most 64 bytes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_rejected(cases[i][0], cases[i][1], cases[i][2]);
}

/* Frames have the columns of entries in every row. */
static void test_an_exit_has_no_levels(void **state) {
    (void)state;
    px_signal_rows rows = parse("ts,side,stop,quantity,tag\n2025-01-06 09:15,EXIT,-7,none,x\n");
    assert_true(rows.n == 1 && rows.items[0].signal.stop.kind == PX_LEVEL_NONE && !rows.items[0].signal.tag);
    px_signal_rows_free(&rows);
}

static void test_only_the_first_reasons_are_kept(void **state) {
    (void)state;
    char text[2000] = "ts,side\n2025-01-06 09:15,BUY\n";
    for (int i = 0; i < 50; i++)
        strcat(text, "2025-01-06 09:15,WAIT\n");
    px_signal_rows rows = parse(text);
    assert_true(rows.n == 1 && rows.n_read == 51 && rows.n_rejected == 50);
    assert_int_equal(rows.rejections[PX_MAX_REJECTIONS - 1].line, PX_MAX_REJECTIONS + 2);
    px_signal_rows_free(&rows);
}

/* ---- files --------------------------------------------------------------------------------------------- */

static void test_files_that_are_refused(void **state) {
    (void)state;
    assert_refused("", "s.csv is empty");
    assert_refused("timestamp,side\n", "s.csv: a header line but no rows");
    assert_refused(
        "timestamp,stop\n2025-01-06 09:15,1\n",
        "s.csv: no column \"side\"; signals have the columns timestamp, side and, where wanted, stop, "
        "target, stop_distance, target_distance, h_bars, quantity, probability, tag, symbol");
    assert_refused(
        "when,side\n2025-01-06 09:15,BUY\n",
        "s.csv: no column \"timestamp\"; signals have the columns timestamp, side and, where wanted, "
        "stop, target, stop_distance, target_distance, h_bars, quantity, probability, tag, symbol");
    assert_refused("ts,side,Date\n1,2,3\n",
                   "s.csv: columns \"ts\" and \"Date\" mean the same; rename or drop one");
    assert_refused(
        "ts,side\n2025-01-06 09:15,WAIT\n2025-01-06 09:30,HOLD\n",
        "s.csv: no row is a signal (2 read, 2 of them rejected; line 2: side is \"WAIT\", not BUY, SELL "
        "or EXIT)");
}

static void test_rows_of_other_symbols_are_passed_over(void **state) {
    (void)state;
    px_instrument instrument = {.symbol = "RELIANCE", .key = "NSE_EQ|INE002A01018"};
    const char *text = "symbol,ts,side\nRELIANCE,2025-01-06 09:15,BUY\nTCS,2025-01-06 09:15,WAIT\n"
                       "reliance [FO],2025-01-06 09:30,BUY\nNSE_EQ|INE002A01018,2025-01-06 09:45,BUY\n";
    px_signal_rows rows = {0};
    px_error err = {0};
    assert_int_equal(parse_as(text, &instrument, &rows, &err), PX_OK);
    assert_true(rows.n == 3 && rows.n_read == 4 && rows.n_other_symbols == 1 && rows.n_rejected == 0);
    px_signal_rows_free(&rows);
    assert_int_equal(parse_as("symbol,ts,side\nTCS,2025-01-06 09:15,BUY\n", &instrument, &rows, &err),
                     PX_EINPUT);
    assert_string_equal(err.message, "s.csv: none of its 1 rows is of RELIANCE");
}

static void test_order(void **state) {
    (void)state;
    px_signal_rows rows = parse("ts,side,tag\n"
                                "2025-01-06 10:00,BUY,late\n2025-01-06 09:30,SELL,b\n2025-01-06 09:30,EXIT,\n"
                                "2025-01-06 09:15,BUY,early\n2025-01-06 09:30,BUY,c\n");
    static const size_t lines[] = {5, 4, 3, 6, 2};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(rows.items[i].line, lines[i]);
    assert_string_equal(rows.items[0].signal.tag, "early");
    assert_string_equal(rows.items[3].signal.tag, "c");
    px_signal_rows_free(&rows);
}

/* What is traded decides, not how it was written; every cell that matters counts. */
static void test_identity(void **state) {
    (void)state;
    const char *head = "ts,side,stop,target,h_bars,quantity,probability,tag\n";
    const char *base = "2025-01-06 09:15,BUY,99,105,12,10,0.5,a\n";
    static const char *const same[] = {"1736135100,long,99.0,105.00,12.0,1e1,.5,\"a\"\n",
                                       "2025-01-06 09:15,BUY,99,105,12,10,0.5,a\nwrong\n"};
    static const char *const others[] = {
        "2025-01-06 09:30,BUY,99,105,12,10,0.5,a\n",  "2025-01-06 09:15,SELL,99,105,12,10,0.5,a\n",
        "2025-01-06 09:15,EXIT,99,105,12,10,0.5,a\n", "2025-01-06 09:15,BUY,98,105,12,10,0.5,a\n",
        "2025-01-06 09:15,BUY,99,106,12,10,0.5,a\n",  "2025-01-06 09:15,BUY,99,105,11,10,0.5,a\n",
        "2025-01-06 09:15,BUY,99,105,12,11,0.5,a\n",  "2025-01-06 09:15,BUY,99,105,12,10,0.6,a\n",
        "2025-01-06 09:15,BUY,99,105,12,10,0.5,b\n",  "2025-01-06 09:15,BUY,,105,12,10,0.5,a\n"};
    char text[512], sha256[65];
    snprintf(text, sizeof text, "%s%s", head, base);
    px_signal_rows rows = parse(text);
    strcpy(sha256, rows.sha256);
    px_signal_rows_free(&rows);
    for (size_t i = 0; i < sizeof same / sizeof *same + sizeof others / sizeof *others; i++) {
        bool equal = i < sizeof same / sizeof *same;
        snprintf(text, sizeof text, "%s%s", head, equal ? same[i] : others[i - sizeof same / sizeof *same]);
        rows = parse(text);
        if ((strcmp(rows.sha256, sha256) == 0) != equal)
            fail_msg("case %zu", i);
        px_signal_rows_free(&rows);
    }
}

/* ---- Parquet ------------------------------------------------------------------------------------------- */

/* Writes s.parquet from a statement. */
static void write_parquet(const char *rows) {
    pxi_duck *duck = NULL;
    px_error err = {0};
    assert_int_equal(pxi_duck_open(&duck, &err), PX_OK);
    if (pxi_duck_run(duck, &err, "COPY (%s) TO 's.parquet' (FORMAT parquet)", rows))
        fail_msg("%s", err.message);
    pxi_duck_close(&duck);
}

static px_signal_rows read_parquet(void) {
    px_signal_rows rows = {0};
    px_signals_config config = {.zone = india};
    px_error err = {0};
    if (px_signals_read("s.parquet", &config, &rows, &err))
        fail_msg("%s", err.message);
    return rows;
}

static void assert_same_as(const px_signal_rows *rows, const char *csv) {
    px_signal_rows expected = parse(csv);
    assert_string_equal(rows->sha256, expected.sha256);
    px_signal_rows_free(&expected);
}

static void test_parquet_is_read_as_csv(void **state) {
    (void)state;
    write_parquet("SELECT * FROM (VALUES (TIMESTAMP '2025-01-06 09:15:00', 'BUY', 0.1, 12, 0.3::FLOAT, 'a'),"
                  "(TIMESTAMP '2025-01-06 09:30:00', 'sell', 'nan'::DOUBLE, NULL, NULL, NULL),"
                  "(TIMESTAMP '2025-01-06 09:45:00', NULL, 1, 1, 1, 'no side'))"
                  " AS t(Timestamp, side, stop, h_bars, probability, tag)");
    px_signal_rows rows = read_parquet();
    assert_true(rows.n == 2 && rows.n_read == 3 && rows.n_rejected == 1);
    assert_int_equal(rows.rejections[0].line, 3);
    assert_string_equal(rows.rejections[0].reason, "no side");
    assert_same_as(&rows, "timestamp,side,stop,h_bars,probability,tag\n2025-01-06 09:15,BUY,0.1,12,0.3,a\n"
                          "2025-01-06 09:30,SELL,,,,\n");
    px_signal_rows_free(&rows);
}

/* Instants are instants, whatever their resolution; wall times are the exchange's. */
static void test_times_of_parquet(void **state) {
    (void)state;
    static const char *const times[] = {
        "TIMESTAMPTZ '2025-01-06 03:45:00+00'",
        "TIMESTAMP '2025-01-06 09:15:00'",
        "TIMESTAMP_NS '2025-01-06 09:15:00'",
        "TIMESTAMP_MS '2025-01-06 09:15:00'",
        "TIMESTAMP_S '2025-01-06 09:15:00'",
        "'2025-01-06T09:15:00+05:30'",
        "1736135100::BIGINT",
        "1736135100000::DOUBLE",
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char statement[120];
        snprintf(statement, sizeof statement, "SELECT %s AS ts, 'BUY' AS side", times[i]);
        write_parquet(statement);
        px_signal_rows rows = read_parquet();
        if (rows.items[0].signal.ts_us != kit_ts(0))
            fail_msg("%s", times[i]);
        px_signal_rows_free(&rows);
    }
    write_parquet("SELECT DATE '2025-01-06' AS date, 'BUY' AS side");
    px_signal_rows rows = read_parquet();
    assert_true(rows.items[0].signal.ts_us == kit_ts(0) - 555 * PX_US_PER_MINUTE);
    px_signal_rows_free(&rows);
}

static void test_many_rows_of_parquet(void **state) {
    (void)state;
    write_parquet(
        "SELECT 1736135100 + 60 * i AS ts, 'BUY' AS side, 'tag ' || i AS tag FROM range(5000) AS r(i)");
    px_signal_rows rows = read_parquet();
    assert_int_equal(rows.n, 5000);
    for (size_t i = 0; i < rows.n; i++) {
        char tag[32];
        snprintf(tag, sizeof tag, "tag %zu", i);
        assert_int_equal(rows.items[i].line, i + 1);
        assert_string_equal(rows.items[i].signal.tag, tag);
    }
    px_signal_rows_free(&rows);
}

/* ---- bars ---------------------------------------------------------------------------------------------- */

static void test_rows_find_their_bars(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 2 * KIT_BARS_A_DAY, 100); /* 2025-01-06 and 07 */
    k.data.begin = 4;                       /* 10:15 */
    px_signal_rows rows = parse("ts,side\n2025-01-07 15:15,BUY\n2025-01-07 15:30,BUY\n2025-01-06 10:15,BUY\n"
                                "2025-01-06 10:00,BUY\n2025-01-06 10:20,BUY\n2025-01-06 16:00,EXIT\n"
                                "2025-01-03 09:15,BUY\n2025-01-06 10:15:00.5,BUY\n");
    assert_int_equal(px_signals_place(&rows, &k.data, "s.csv", NULL), PX_OK);
    assert_true(rows.n == 2 && rows.n_outside == 3 && rows.n_rejected == 3);
    assert_int_equal(rows.n_read, rows.n + rows.n_outside + rows.n_rejected);
    assert_true(rows.items[0].signal.bar == 4 && rows.items[1].signal.bar == 2 * KIT_BARS_A_DAY - 1);
    static const size_t lines[] = {6, 7, 9};
    static const char *const reasons[] = {"no 15m bar starts at 2025-01-06 10:20:00",
                                          "no 15m bar starts at 2025-01-06 16:00:00",
                                          "no 15m bar starts at 2025-01-06 10:15:00.500000"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(rows.rejections[i].line, lines[i]);
        assert_string_equal(rows.rejections[i].reason, reasons[i]);
    }
    px_signal_rows_free(&rows);
    kit_free(&k);
}

static void test_no_row_in_the_window_is_refused(void **state) {
    (void)state;
    kit k = kit_make();
    px_error err = {0};
    kit_quiet(&k, KIT_BARS_A_DAY, 100);
    px_signal_rows rows = parse("ts,side\n2025-01-06 09:20,BUY\n2025-02-06 09:15,BUY\n");
    assert_int_equal(px_signals_place(&rows, &k.data, "s.csv", &err), PX_EINPUT);
    assert_string_equal(err.message, "s.csv: none of its 2 signals is at the start of a 15m bar of TEST from "
                                     "2025-01-06 09:15:00 to 2025-01-06 15:15:00; the first is at 2025-01-06 "
                                     "09:20:00");
    assert_true(rows.n == 2 && rows.n_outside == 0 && rows.n_rejected == 0);
    px_signal_rows_free(&rows);
    kit_free(&k);
}

static void test_daily_bars_are_named_by_their_date(void **state) {
    (void)state;
    kit k = kit_make();
    k.data.timeframe_minutes = PX_TIMEFRAME_DAY;
    for (size_t day = 0; day < 5; day++) {
        px_bar bar = {kit_ts(day * KIT_BARS_A_DAY), 100, 101, 99, 100, 1};
        assert_int_equal(px_bars_append(&k.data.bars, &bar, NULL), PX_OK);
        k.data.end = k.data.bars.n;
    }
    px_signal_rows rows =
        parse("date,side\n2025-01-07 00:00,BUY\n2025-01-08 09:15,BUY\n2025-01-09 15:30,BUY\n"
              "2025-01-11 00:00,BUY\n");
    assert_int_equal(px_signals_place(&rows, &k.data, "s.csv", NULL), PX_OK);
    assert_true(rows.n == 3 && rows.n_outside == 1);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(rows.items[i].signal.bar, i + 1);
        assert_true(rows.items[i].signal.ts_us == k.data.bars.ts_us[i + 1]);
    }
    px_signal_rows_free(&rows);
    kit_free(&k);
}

/* ---- replay -------------------------------------------------------------------------------------------- */

/* An exit of either side, and one with nothing to leave. */
static void test_exits_leave_whatever_is_open(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 20, 100);
    kit_standard(&k, 1, PX_ACTION_CLOSE, PX_LONG);
    kit_standard(&k, 2, PX_ACTION_ENTER, PX_LONG);
    kit_standard(&k, 5, PX_ACTION_CLOSE, PX_LONG);
    kit_standard(&k, 8, PX_ACTION_ENTER, PX_SHORT);
    kit_standard(&k, 11, PX_ACTION_CLOSE, PX_LONG);
    kit_standard(&k, 11, PX_ACTION_ENTER, PX_LONG);
    kit_run(&k);
    static const px_side sides[] = {PX_LONG, PX_SHORT, PX_LONG};
    static const size_t exits[] = {6, 12, 19};
    assert_int_equal(k.journal.n_trades, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(k.journal.trades[i].side == sides[i] && k.journal.trades[i].exit_bar == exits[i]);
    assert_int_equal(k.journal.orders[0].status, PXI_ORDER_VOID);
    assert_int_equal(k.journal.trades[2].entry_bar, 12);
    kit_free(&k);
}

static char folder[] = "/tmp/pixity-signals-XXXXXX";

static int set_up(void **state) {
    (void)state;
    return !mkdtemp(folder) || chdir(folder) != 0 || px_zone_open("Asia/Kolkata", &india, NULL) != PX_OK;
}

static int tear_down(void **state) {
    (void)state;
    px_zone_close(&india);
    unlink("s.parquet");
    return chdir("/") != 0 || rmdir(folder) != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_column),
        cmocka_unit_test(test_what_is_not_given_is_undefined),
        cmocka_unit_test(test_sides),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_rows_that_are_no_signals),
        cmocka_unit_test(test_an_exit_has_no_levels),
        cmocka_unit_test(test_only_the_first_reasons_are_kept),
        cmocka_unit_test(test_files_that_are_refused),
        cmocka_unit_test(test_rows_of_other_symbols_are_passed_over),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_parquet_is_read_as_csv),
        cmocka_unit_test(test_times_of_parquet),
        cmocka_unit_test(test_many_rows_of_parquet),
        cmocka_unit_test(test_rows_find_their_bars),
        cmocka_unit_test(test_no_row_in_the_window_is_refused),
        cmocka_unit_test(test_daily_bars_are_named_by_their_date),
        cmocka_unit_test(test_exits_leave_whatever_is_open),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
