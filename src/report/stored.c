// SPDX-License-Identifier: Apache-2.0
#include "report/stored.h"

#include "base/error.h"
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *pxi_text_at(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

double pxi_number_at(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static px_status fail_damaged(const char *run_id, const char *what, px_error *err) {
    return pxi_fail(err, PX_ECORRUPT, "run %s is damaged: its run.json has no %s that reads", run_id, what);
}

static px_status read_document(px_home *home, const char *run_id, json_t **out, px_error *err) {
    char *text = NULL;
    px_status status = px_run_read(home, run_id, &text, err);
    if (status)
        return status;
    status = pxi_json_parse(text, strlen(text), "run.json", out, err);
    free(text);
    if (status == PX_EINPUT) {
        if (err)
            err->code = PX_ECORRUPT;
        return pxi_fail_prefix(err, PX_ECORRUPT, "run %s is damaged", run_id);
    }
    if (status)
        return status;
    const char *state = pxi_text_at(*out, "status"), *reason = pxi_text_at(*out, "message");
    if (state && strcmp(state, "failed") == 0)
        return pxi_fail(err, PX_EMISMATCH, "run %s failed and has no results to show: %s", run_id,
                        reason ? reason : "no reason is stored");
    return PX_OK;
}

static px_status read_config(const json_t *document, const char *run_id, px_config *out, px_error *err) {
    char *text = NULL;
    const json_t *config = json_object_get(document, "config");
    if (!json_is_object(config))
        return fail_damaged(run_id, "config", err);
    px_status status = pxi_json_dump(config, &text, err);
    *out = px_config_default();
    if (!status && px_config_read(out, text, strlen(text), "config", err))
        status = pxi_fail_prefix(err, PX_ECORRUPT, "the settings of run %s", run_id);
    free(text);
    return status;
}

/* An absent date is left as it is. */
static bool read_date(const json_t *object, const char *key, int32_t *date) {
    const char *text = pxi_text_at(object, key);
    return !text || px_date_parse(text, date, NULL) == PX_OK;
}

static bool read_timeframe(const json_t *object, const char *key, int *minutes) {
    const char *text = pxi_text_at(object, key);
    return !text || px_timeframe_parse(text, minutes, NULL) == PX_OK;
}

/* Bars that came later are none of the run's: an open end is its last date. */
static px_status read_request(pxi_stored_run *run, const char *run_id, px_error *err) {
    const json_t *asked = json_object_get(run->document, "request");
    const char *stamp = pxi_text_at(asked, "stamp");
    run->first_date = run->last_date = PX_NO_DATE;
    run->request = (px_data_request){
        .symbol = pxi_text_at(asked, "symbol"),
        .exchange = pxi_text_at(asked, "exchange"),
        .start_date = PX_NO_DATE,
        .end_date = PX_NO_DATE,
        .input = pxi_text_at(asked, "input"),
        .data_dir = pxi_text_at(asked, "data_dir"),
        .input_stamped_at_close = stamp && strcmp(stamp, "close") == 0,
        .detail = run->config.detail,
        .input_adjustments = pxi_text_at(asked, "input_adjustments"),
    };
    px_data_request *request = &run->request;
    bool good = read_date(asked, "start", &request->start_date) &&
                read_date(asked, "end", &request->end_date) &&
                read_date(run->document, "start", &run->first_date) &&
                read_date(run->document, "end", &run->last_date) &&
                read_timeframe(asked, "timeframe", &request->timeframe_minutes) &&
                read_timeframe(asked, "input_timeframe", &request->input_timeframe_minutes);
    if (!good || request->timeframe_minutes == 0)
        return fail_damaged(run_id, "request", err);
    if (request->end_date == PX_NO_DATE)
        request->end_date = run->last_date;
    return PX_OK;
}

px_status pxi_stored_run_open(px_home *home, const char *run_id, pxi_stored_run *out, px_error *err) {
    pxi_stored_run run = {0};
    px_status status = read_document(home, run_id, &run.document, err);
    if (!status)
        status = read_config(run.document, run_id, &run.config, err);
    if (!status)
        status = read_request(&run, run_id, err);
    if (!status)
        status = px_calendar_open(run.request.exchange ? run.request.exchange : "NSE", &run.calendar, err);
    if (status) {
        pxi_stored_run_close(&run);
        return status;
    }
    *out = run;
    return PX_OK;
}

void pxi_stored_run_close(pxi_stored_run *run) {
    if (!run)
        return;
    json_decref(run->document);
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
