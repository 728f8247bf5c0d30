// SPDX-License-Identifier: Apache-2.0
/* The ledger of a paper account: what is written again under the same id is what is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "vocabulary.h"
#include "base/file.h"
#include "live/ledger/ledger.h"
#include "pixity/account.h"

#include <math.h>

static px_error err;

#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        if ((call) != PX_OK)                                                                                 \
            fail_msg("%s", err.message);                                                                     \
    } while (0)

enum { FATE = 4, QUANTITY = 5 };

typedef struct kit {
    char folder[64];
    px_home *home;
    pxi_ledger *ledger;
} kit;

static const pxi_ledger_terms terms = {"pixityAI_meta", "NSE_EQ|TEST", "TEST", "NSE", 15, "{}", "", ""};

static kit open_kit(void) {
    kit k = {.folder = "/tmp/pixity-ledger-XXXXXX"};
    assert_non_null(mkdtemp(k.folder));
    assert_ok(px_home_open(k.folder, &k.home, &err));
    assert_ok(pxi_ledger_open(k.home, "paper", &terms, &k.ledger, &err));
    return k;
}

static void close_kit(kit *k) {
    pxi_ledger_close(&k->ledger);
    px_home_close(&k->home);
    assert_ok(pxi_remove_tree(k->folder, &err));
}

/* An event at a time, with what has become of it. */
static void keep(kit *k, int64_t ts_us, px_outcome outcome, double quantity) {
    const px_candidate candidate = {
        .event = {.ts_us = ts_us, .side = PX_LONG, .type = KIT_TREND},
        .probability = 0.5,
        .quantity = quantity,
        .outcome = outcome,
    };
    px_signal signal = px_signal_make(PX_ACTION_ENTER, PX_LONG);
    signal.ts_us = ts_us;
    signal.event_type = KIT_TREND;
    const pxi_signal_id id = pxi_signal_id_make("paper", terms.strategy, terms.instrument, &signal);
    assert_ok(pxi_ledger_signal(k->ledger, &id, &candidate, &err));
}

static px_table signals(kit *k) {
    px_table table = {0};
    assert_ok(px_account_table(k->home, "paper", PX_ACCOUNT_SIGNALS, &table, &err));
    return table;
}

/* An order was placed, and at the next open it did not become a position after all. */
static void test_a_fate_that_changes_is_the_last_one(void **state) {
    (void)state;
    static const px_outcome later[] = {PX_OUTCOME_SESSION_END, PX_OUTCOME_STOP_BELOW_TICK,
                                       PX_OUTCOME_NO_NEXT_BAR};
    kit k = open_kit();
    for (size_t i = 0; i < 3; i++) {
        keep(&k, (int64_t)i, PX_OUTCOME_EXECUTED, 40);
        assert_ok(pxi_ledger_commit(k.ledger, "", &err)); /* the next open is another transaction */
        keep(&k, (int64_t)i, later[i], 40 + (double)i);
        assert_ok(pxi_ledger_commit(k.ledger, "", &err));
    }
    px_table table = signals(&k);
    assert_string_equal(table.columns[FATE].name, "fate");
    assert_string_equal(table.columns[QUANTITY].name, "quantity");
    assert_int_equal(table.n_rows, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(px_table_text(&table, FATE, i), px_outcome_name(later[i]));
        assert_true(table.columns[QUANTITY].u.f64[i] == 40.0 + (double)i);
    }
    px_table_free(&table);
    close_kit(&k);
}

static void test_what_was_not_committed_is_gone(void **state) {
    (void)state;
    kit k = open_kit();
    keep(&k, 1, PX_OUTCOME_EXECUTED, 40);
    assert_ok(pxi_ledger_commit(k.ledger, "", &err));
    keep(&k, 1, PX_OUTCOME_SESSION_END, 40);
    pxi_ledger_close(&k.ledger);
    px_table table = signals(&k);
    assert_int_equal(table.n_rows, 1);
    assert_string_equal(px_table_text(&table, FATE, 0), "executed");
    px_table_free(&table);
    close_kit(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fate_that_changes_is_the_last_one),
        cmocka_unit_test(test_what_was_not_committed_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
