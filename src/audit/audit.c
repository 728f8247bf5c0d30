// SPDX-License-Identifier: Apache-2.0
/* The audit: one table of checks, run one after the other. */
#include "audit/audit.h"

#include "base/error.h"
#include "base/text.h"
#include "findings/findings.h"

#include <string.h>

static const pxi_audit_kind *const kinds[] = {
    &pxi_audit_data,      &pxi_audit_stream,      &pxi_audit_prefix, &pxi_audit_warmup,
    &pxi_audit_extension, &pxi_audit_label_exit,  &pxi_audit_fills,  &pxi_audit_sessions,
    &pxi_audit_actions,   &pxi_audit_seed,        &pxi_audit_serve,  &pxi_audit_martingale,
    &pxi_audit_ambiguity, &pxi_audit_determinism, &pxi_audit_costs,
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };
_Static_assert(N_KINDS <= PX_AUDIT_MAX_CHECKS, "the report holds every check");

const char *px_audit_verdict_name(px_audit_verdict verdict) {
    static const char *const names[] = {
        [PX_AUDIT_PASS] = "pass",
        [PX_AUDIT_FAIL] = "fail",
        [PX_AUDIT_SKIPPED] = "skipped",
        [PX_AUDIT_SHOWN] = "shown",
    };
    return names[verdict];
}

/* What is skipped is as little known as what was never asked. */
static const char *plain_of(const pxi_audit_kind *kind, px_audit_verdict verdict) {
    switch (verdict) {
    case PX_AUDIT_FAIL:
        return kind->fails;
    case PX_AUDIT_SKIPPED:
        return "";
    default:
        return kind->holds;
    }
}

static px_status run_checks(pxi_audit *audit, px_audit_report *report, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < N_KINDS && !status; i++) {
        px_audit_check *check = &report->checks[report->n++];
        check->name = audit->phase = kinds[i]->name;
        check->proves = kinds[i]->proves;
        check->first_us = PX_NULL_I64;
        if (kinds[i]->reads_journal_only)
            pxi_audit_keep_journal(audit);
        status = pxi_audit_tell(audit, 0, 0, err);
        if (!status)
            status = kinds[i]->run(audit, check, err);
        report->n_failed += check->verdict == PX_AUDIT_FAIL;
        check->plain = plain_of(kinds[i], check->verdict);
        if (status)
            status = pxi_fail_prefix(err, status, "check \"%s\"", kinds[i]->name);
    }
    return status;
}

px_status pxi_audit_run(px_home *home, const px_audit_request *request, const px_config *config,
                        const pxi_audit_drivers *drivers, px_audit_report *out, px_error *err) {
    px_audit_report report = {0};
    pxi_audit audit = {
        .home = home,
        .request = request,
        .config = *config,
        .drivers = drivers,
        .work = &request->data.work,
    };
    px_status status = pxi_audit_open(&audit, err);
    if (!status) {
        pxi_copy(report.zone, sizeof report.zone, px_zone_name(px_calendar_zone(audit.all.calendar)));
        status = run_checks(&audit, &report, err);
    }
    report.findings = audit.findings;
    audit.findings = (px_findings){0};
    pxi_audit_close(&audit);
    if (!status)
        *out = report;
    else
        px_audit_report_free(&report);
    return status;
}

void px_audit_report_free(px_audit_report *report) {
    if (!report)
        return;
    pxi_findings_free(&report->findings);
    memset(report, 0, sizeof *report);
}

px_status px_audit_run(px_home *home, const px_audit_request *request, const px_config *config,
                       px_audit_report *out, px_error *err) {
    const pxi_audit_drivers drivers = pxi_audit_real_drivers();
    return pxi_audit_run(home, request, config, &drivers, out, err);
}

static px_status add_row(const px_audit_check *check, px_table *table, px_error *err) {
    const char *const series = *check->series ? check->series : NULL;
    const char *texts[] = {
        check->name,   check->compared, NULL,   NULL, px_audit_verdict_name(check->verdict),
        check->detail, check->proves,   series, NULL, *check->plain ? check->plain : NULL};
    px_status status = px_table_add_row(table, err);
    for (size_t c = 0; c < sizeof texts / sizeof *texts && !status; c++)
        if (texts[c])
            status = px_table_set_text(table, c, texts[c], err);
    if (!status) {
        px_table_set_i64(table, 2, check->cases);
        px_table_set_i64(table, 3, check->mismatches);
        px_table_set_i64(table, 8, check->first_us);
    }
    return status;
}

px_status px_audit_table(const px_audit_report *report, px_table *out, px_error *err) {
    static const px_column_def defs[] = {
        {"check", PX_COLUMN_TEXT},     {"compared", PX_COLUMN_TEXT}, {"cases", PX_COLUMN_I64},
        {"mismatches", PX_COLUMN_I64}, {"verdict", PX_COLUMN_TEXT},  {"detail", PX_COLUMN_TEXT},
        {"proves", PX_COLUMN_TEXT},    {"series", PX_COLUMN_TEXT},   {"first", PX_COLUMN_TIME},
        {"plain", PX_COLUMN_TEXT},
    };
    px_table table = {0};
    px_status status = px_table_init(&table, defs, sizeof defs / sizeof *defs, err);
    for (size_t i = 0; i < report->n && !status; i++)
        status = add_row(&report->checks[i], &table, err);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}
