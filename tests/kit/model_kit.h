// SPDX-License-Identifier: Apache-2.0
/* A folder with synthetic bars and a home, and trainings on them, for tests of models. */
#ifndef MODEL_KIT_H
#define MODEL_KIT_H

#include "base/file.h"
#include "base/json.h"
#include "pixity/pixity.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { KIT_SESSIONS = 100 };

typedef struct kit {
    char folder[64], input[96], home_path[96];
    px_home *home;
    px_calendar *calendar;
    px_config config;
    px_train_request request;
} kit;

#define kit_ok(call)                                                                                         \
    do {                                                                                                     \
        px_error kit_err;                                                                                    \
        if ((call) != PX_OK)                                                                                 \
            fail_msg("%s", kit_err.message);                                                                 \
    } while (0)

/* One-minute bars in bars.csv, trained at 5 minutes as KIT: some 160 events. */
static inline kit *kit_open(void) {
    kit *k = calloc(1, sizeof *k);
    px_bars bars = {0};
    assert_non_null(k);
    snprintf(k->folder, sizeof k->folder, "/tmp/pixity-model-XXXXXX");
    assert_non_null(mkdtemp(k->folder));
    snprintf(k->input, sizeof k->input, "%s/bars.csv", k->folder);
    snprintf(k->home_path, sizeof k->home_path, "%s/home", k->folder);
    kit_ok(px_calendar_open("NSE", &k->calendar, &kit_err));
    kit_ok(px_synth_bars(PX_SYNTH_TREND, 5, KIT_SESSIONS, px_date_from_civil((px_civil){2020, 1, 1}),
                         k->calendar, &bars, &kit_err));
    kit_ok(px_bars_export(&bars, "KIT", px_calendar_zone(k->calendar), k->input, &kit_err));
    px_bars_free(&bars);
    kit_ok(px_home_open(k->home_path, &k->home, &kit_err));
    k->config = px_config_default();
    k->request.data = (px_data_request){.symbol = "KIT",
                                        .timeframe_minutes = 5,
                                        .start_date = PX_NO_DATE,
                                        .end_date = PX_NO_DATE,
                                        .input = k->input};
    return k;
}

static inline void kit_close(kit *k) {
    px_home_close(&k->home);
    px_calendar_close(&k->calendar);
    kit_ok(pxi_remove_tree(k->folder, &kit_err));
    free(k);
}

/* Trains and gives the report. */
static inline json_t *kit_train(kit *k) {
    char *text = NULL;
    json_t *report = NULL;
    kit_ok(px_train(k->home, &k->request, &k->config, &text, &kit_err));
    kit_ok(pxi_json_parse(text, strlen(text), "report", &report, &kit_err));
    free(text);
    return report;
}

/* Where it does not matter what learns: the quickest does. */
static inline json_t *kit_train_quickly(kit *k) {
    k->request.learner = "logistic";
    return kit_train(k);
}

static inline void kit_load(kit *k, px_dataset *data) {
    kit_ok(px_dataset_load(k->home, &k->request.data, k->config.resample_anchor,
                           px_config_warmup_research(&k->config), data, &kit_err));
}

/* Path of a file in the models folder; static, for the next call to overwrite. */
static inline const char *kit_path(const kit *k, const char *file) {
    static char path[256];
    snprintf(path, sizeof path, "%s/models/%s", k->home_path, file);
    return path;
}

static inline char *kit_read(const char *path, size_t *length) {
    char *bytes = NULL;
    kit_ok(pxi_file_read(path, &bytes, length, &kit_err));
    return bytes;
}

static inline void kit_write(const char *path, const char *bytes, size_t length) {
    kit_ok(pxi_file_write(path, bytes, length, &kit_err));
}

static inline json_int_t kit_int(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

#endif
