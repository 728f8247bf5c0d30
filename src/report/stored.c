// SPDX-License-Identifier: Apache-2.0
#include "report/stored.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

static px_status check_facts(const px_run *facts, const char *run_id, px_error *err) {
    if (px_run_failed(facts))
        return pxi_fail(err, PX_EMISMATCH, "run %s failed and has no results to show: %s", run_id,
                        facts->message ? facts->message : "no reason is stored");
    if (facts->config_error)
        return pxi_fail(err, PX_ECORRUPT, "the settings of run %s: %s", run_id, facts->config_error);
    return PX_OK;
}

/* An absent date is left as it is. */
static bool read_date(const char *text, int32_t *date) {
    return !text || px_date_parse(text, date, NULL) == PX_OK;
}

static bool read_timeframe(const char *text, int *minutes) {
    return !text || px_timeframe_parse(text, minutes, NULL) == PX_OK;
}

static px_source_reading reading_of(const px_run_request *asked) {
    const char *volume = asked->volume ? asked->volume : "";
    return (px_source_reading){
        .tz = asked->tz,
        .columns = asked->columns,
        .no_header = asked->header != NULL,
        .date_format = asked->date_format,
        .source = asked->profile_of_source,
        .table = asked->table,
        .sheet = asked->sheet,
        .volume = !strcmp(volume, "traded")       ? PX_VOLUME_TRADED
                  : !strcmp(volume, "cumulative") ? PX_VOLUME_CUMULATIVE
                                                  : PX_VOLUME_SEEN,
        .as_is = asked->as_is != NULL,
        .keep_good = asked->keep_good != NULL,
    };
}

/* What is not said is none of them. */
static bool read_continuous(const px_run_request *asked, px_continuous_config *out) {
    return (!asked->continuous || px_continuous_rank_parse(asked->continuous, &out->rank, NULL) == PX_OK) &&
           (!asked->roll || px_roll_rule_parse(asked->roll, &out->roll, NULL) == PX_OK) &&
           (!asked->back_adjust || px_back_adjust_parse(asked->back_adjust, &out->adjust, NULL) == PX_OK);
}

/* Bars that came later are none of the run's: an open end is its last date. */
static px_status read_request(pxi_stored_run *run, const char *run_id, px_error *err) {
    const px_run_request *asked = &run->facts.request;
    run->first_date = run->last_date = PX_NO_DATE;
    run->request = (px_data_request){
        .symbol = asked->symbol,
        .exchange = asked->exchange,
        .start_date = PX_NO_DATE,
        .end_date = PX_NO_DATE,
        .input = asked->input,
        .data_dir = asked->data_dir,
        .input_stamped_at_close = asked->stamp && strcmp(asked->stamp, "close") == 0,
        .detail = run->config.detail,
        .input_adjustments = asked->input_adjustments,
        .input_reading = reading_of(asked),
        .accept = asked->accept, /* odd hours that are taken as regular ones are */
    };
    px_data_request *request = &run->request;
    bool good = read_continuous(asked, &request->continuous) &&
                read_date(asked->start, &request->start_date) && read_date(asked->end, &request->end_date) &&
                read_date(run->facts.start, &run->first_date) && read_date(run->facts.end, &run->last_date) &&
                read_timeframe(asked->timeframe, &request->timeframe_minutes) &&
                read_timeframe(asked->input_timeframe, &request->input_timeframe_minutes);
    if (!good || request->timeframe_minutes == 0)
        return pxi_fail(err, PX_ECORRUPT, "run %s is damaged: its run.json has no request that reads",
                        run_id);
    if (request->end_date == PX_NO_DATE)
        request->end_date = run->last_date;
    return PX_OK;
}

/* Takes what was read over. */
static px_status open_facts(pxi_stored_run *run, const char *run_id, px_status status, pxi_stored_run *out,
                            px_error *err) {
    if (!status)
        status = check_facts(&run->facts, run_id, err);
    run->config = run->facts.config;
    if (!status)
        status = read_request(run, run_id, err);
    if (!status)
        status = px_calendar_open(run->request.exchange, &run->calendar, err);
    if (status)
        pxi_stored_run_close(run);
    else
        *out = *run;
    return status;
}

px_status pxi_stored_run_open(px_home *home, const char *run_id, pxi_stored_run *out, px_error *err) {
    pxi_stored_run run = {0};
    return open_facts(&run, run_id, px_run_load(home, run_id, &run.facts, err), out, err);
}

px_status pxi_stored_run_open_whole(px_home *home, const char *run_id, pxi_stored_run *out, px_error *err) {
    pxi_stored_run run = {0};
    return open_facts(&run, run_id, px_backtest_load(home, run_id, &run.facts, &run.json, err), out, err);
}

void pxi_stored_run_close(pxi_stored_run *run) {
    if (!run)
        return;
    px_run_free(&run->facts);
    free(run->json);
    px_calendar_close(&run->calendar);
    memset(run, 0, sizeof *run);
}

px_status pxi_table_column(const px_table *table, const char *name, px_column_type type, const char *run_id,
                           size_t *out, px_error *err) {
    *out = px_table_find(table, name);
    if (*out == SIZE_MAX || table->columns[*out].type != type)
        return pxi_fail(err, PX_ECORRUPT, "run %s is damaged: a table of it has no column %s", run_id, name);
    return PX_OK;
}
