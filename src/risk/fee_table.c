// SPDX-License-Identifier: Apache-2.0
#include "risk/fee_table.h"

#include "base/error.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* Where the numbers come from:
 *   brokerage  the usual discount broker's tariff: delivery free, else 0.03 %, at most 20 rupees an order
 *   STT        Finance (No. 2) Act 2004, chapter VII, section 98. Intraday sales 0.025 %; delivery 0.1 % on
 *              both sides since 2012-07-01 (Finance Act 2012). Sales of futures: 0.01 % since 2013-06-01
 *              (Finance Act 2013), 0.02 % since 2024-10-01 (Finance (No. 2) Act 2024), 0.05 % since
 *              2026-04-01 (Finance Bill 2026, clause 143)
 *   exchange   NSE, revision of transaction charges of 2024-09-27 (after SEBI's circular of 2024-07-01 on
 *              uniform charges), a lakh each side from 2024-10-01: cash 2.97 rupees, futures 1.73; and 10
 *              rupees a crore to the Investor Protection Fund Trust (NSE, 2023-03-24): together 0.00307 %
 *              and 0.00183 %
 *   SEBI       turnover fee of 10 rupees a crore (since 2021-04-01)
 *   stamp      Indian Stamp Act 1899, schedule I, article 56A, uniform since 2020-07-01, buyer's side:
 * delivery 0.015 %, intraday 0.003 %, futures 0.002 % GST        18 % on services (since 2017-07-01):
 * brokerage, exchange and SEBI fees A row's date is the latest of these: before it, some number differed. The
 * first row of futures is older: it has the STT of its time, but for 0.0125 % from 2023-04-01 to 2024-09-30
 * (Finance Act 2023), and otherwise the numbers of 2024-10-01. */
#define NSE_CHARGES "NSE, transaction charges of 2024-09-27"
#define FUTURES_RATES                                                                                        \
    .segment = PX_SEGMENT_FUTURES, .brokerage_pct = 0.03, .brokerage_cap = 20, .exchange_pct = 0.00183,      \
    .sebi_pct = 0.0001, .stamp_buy_pct = 0.002, .gst_pct = 18

static const px_fee_rates builtin_rows[] = {
    {
        .segment = PX_SEGMENT_INTRADAY,
        .from = {2024, 10, 1},
        .brokerage_pct = 0.03,
        .brokerage_cap = 20,
        .stt_sell_pct = 0.025,
        .exchange_pct = 0.00307,
        .sebi_pct = 0.0001,
        .stamp_buy_pct = 0.003,
        .gst_pct = 18,
        .source = NSE_CHARGES "; Finance (No. 2) Act 2004, section 98",
    },
    {
        .segment = PX_SEGMENT_DELIVERY,
        .from = {2024, 10, 1},
        .stt_buy_pct = 0.1,
        .stt_sell_pct = 0.1,
        .exchange_pct = 0.00307,
        .sebi_pct = 0.0001,
        .stamp_buy_pct = 0.015,
        .gst_pct = 18,
        .source = NSE_CHARGES "; Finance Act 2012",
    },
    {FUTURES_RATES, .from = {2013, 6, 1}, .stt_sell_pct = 0.01, .approximate = true,
     .source = "Finance Act 2013; the rest as of 2024-10-01"},
    {FUTURES_RATES, .from = {2024, 10, 1}, .stt_sell_pct = 0.02,
     .source = NSE_CHARGES "; Finance (No. 2) Act 2024"},
    {FUTURES_RATES, .from = {2026, 4, 1}, .stt_sell_pct = 0.05,
     .source = NSE_CHARGES "; Finance Bill 2026, clause 143"},
    /* The original system's own rule, at every date: both sides pay as if each were buy and sale. */
    {
        .segment = PX_SEGMENT_FLAT_SIDES,
        .from = {1900, 1, 1},
        .brokerage_flat = 20,
        .stt_buy_pct = 0.025,
        .stt_sell_pct = 0.025,
        .exchange_pct = 0.00345,
        .sebi_pct = 0.0001,
        .stamp_buy_pct = 0.003,
        .stamp_sell_pct = 0.003,
        .gst_pct = 18,
        .source = "the original system's rule, without dates",
    },
};

static const px_fee_table builtin = {.rows = builtin_rows, .n = sizeof builtin_rows / sizeof *builtin_rows};

const px_fee_table *px_fee_table_builtin(void) {
    return &builtin;
}

const px_fee_rates *px_fee_table_at(const px_fee_table *table, size_t i) {
    return i < table->n ? &table->rows[i] : NULL;
}

const char *px_fee_table_hash(const px_fee_table *table) {
    return table->hash;
}

void px_fee_table_free(px_fee_table **table) {
    if (!table || !*table)
        return;
    json_decref((*table)->document);
    free((*table)->own);
    free(*table);
    *table = NULL;
}

/* ---- the numbers of a row ------------------------------------------------------------------------------ */

#define PERCENT(name)                                                                                        \
    { #name, offsetof(px_fee_rates, name), 100, false }
#define RUPEES(name, field, nullable)                                                                        \
    { name, offsetof(px_fee_rates, field), 1e9, nullable }

const pxi_fee_field pxi_fee_fields[PXI_N_FEE_FIELDS] = {
    PERCENT(brokerage_pct),
    RUPEES("brokerage_cap_rupees", brokerage_cap, true),
    RUPEES("brokerage_flat_rupees", brokerage_flat, false),
    PERCENT(stt_buy_pct),
    PERCENT(stt_sell_pct),
    PERCENT(exchange_pct),
    PERCENT(sebi_pct),
    PERCENT(stamp_buy_pct),
    PERCENT(stamp_sell_pct),
    PERCENT(gst_pct),
};

const char *px_fee_rate_name(size_t i) {
    return i < PXI_N_FEE_FIELDS ? pxi_fee_fields[i].name : NULL;
}

double px_fee_rate_value(const px_fee_rates *rates, size_t i) {
    return *(const double *)(const void *)((const char *)rates + pxi_fee_fields[i].offset);
}

/* ---- writing ------------------------------------------------------------------------------------------- */

static json_t *row_json(const px_fee_rates *row) {
    char from[PX_TIME_TEXT_SIZE];
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "from", json_string(px_date_format(px_date_from_civil(row->from), from)), &failed);
    for (size_t i = 0; i < PXI_N_FEE_FIELDS; i++)
        pxi_json_put(object, pxi_fee_fields[i].name, pxi_json_real(px_fee_rate_value(row, i)), &failed);
    if (row->approximate)
        pxi_json_put(object, "approximate", json_true(), &failed);
    if (*row->source)
        pxi_json_put(object, "source", pxi_json_text(row->source), &failed);
    return pxi_json_built(object, failed);
}

static json_t *segments_json(const px_fee_table *table) {
    bool failed = false;
    json_t *segments = json_object();
    for (size_t i = 0; i < table->n; i++) {
        const char *name = px_segment_name(table->rows[i].segment);
        if (!json_object_get(segments, name))
            pxi_json_put(segments, name, json_array(), &failed);
        json_t *rows = json_object_get(segments, name);
        failed |= json_array_append_new(rows, row_json(&table->rows[i])) != 0;
    }
    return pxi_json_built(segments, failed);
}

px_status px_fee_table_to_json(const px_fee_table *table, char **out, px_error *err) {
    bool failed = false;
    json_t *document = json_object();
    pxi_json_put(document, "format", json_string(PXI_FEE_FORMAT), &failed);
    pxi_json_put(document, "format_version", json_integer(PXI_FEE_VERSION), &failed);
    pxi_json_put(document, "segments", segments_json(table), &failed);
    document = pxi_json_built(document, failed);
    px_status status = document ? pxi_json_dump(document, out, err) : pxi_fail_memory(err);
    json_decref(document);
    return status;
}

const char *px_segment_name(px_segment segment) {
    static const char *const names[PX_N_SEGMENTS] = {"none", "intraday", "delivery", "futures", "flat_sides"};
    return names[segment];
}

/* From when on the numbers are those of their date: the next row of the segment that is not approximate. */
