// SPDX-License-Identifier: Apache-2.0
/* The card: what a model is for, and what vouches for its file. */
#ifndef PXI_CARD_H
#define PXI_CARD_H

#include "base/json.h"
#include "learners/learner.h"
#include "pixity/config.h"
#include "pixity/dataset.h"

/* Newest layout that this version writes and reads. */
#define PXI_CARD_VERSION 4 /* 1: one instrument; 2: no rows to check by; 3: inputs by name only */

/* The window of all: start of the first bar, start and end of the last one. */
typedef struct pxi_window {
    int64_t begin_us, last_us, end_us;
} pxi_window;

/* What makes a card. The JSON is stolen; a NULL is out of memory, json_null() is not known. */
typedef struct pxi_card_content {
    const char *name;
    json_t *instruments, *training_window, *data, *events, *learner, *out_of_fold, *check, *findings;
    int timeframe_minutes;
    const px_config *config;
    const pxi_columns *inputs;
    const char *ending; /* of the model file, with its length and SHA-256 */
    size_t length;
    const char *hash;
} pxi_card_content;
px_status pxi_card_make(const pxi_card_content *content, char **out, px_error *err);

/* Ends a card: puts its own SHA-256 last. Steals `card`, which may be NULL (out of memory). */
px_status pxi_card_seal(json_t *card, char **out, px_error *err);
/* Reads a card, checks its own SHA-256 and layout, and brings an older layout to the newest. `path` is for
 * messages. Errors: PX_ECORRUPT, and PX_EMISMATCH where a newer version made it. */
px_status pxi_card_read(const char *text, size_t length, const char *path, json_t **out, px_error *err);
/* Layout that the card was written in; from PXI_CARD_WITH_CHECK on it has check rows (check.h). */
#define PXI_CARD_WITH_CHECK 3
int pxi_card_version(const json_t *card);
/* SHA-256 that the model file must have. */
const char *pxi_card_model_hash(const json_t *card);

json_t *pxi_window_json(const pxi_window *window, const px_zone *zone);
/* The settings that a model depends on, as in config files; NULL on out of memory. */
json_t *pxi_card_rules(const px_config *config);
/* Refuses what does not fit, naming both values of every difference. Another instrument is not looked at. */
px_status pxi_card_check(const json_t *card, const char *name, const px_dataset *data,
                         const px_config *config, px_error *err);
/* The instruments that a model was trained on, each an object with key, symbol, exchange, tick and, except in
 * cards of version 1, its training_window. NULL past the end, or where no instrument has the key. */
size_t pxi_card_count_instruments(const json_t *card);
const json_t *pxi_card_instrument(const json_t *card, size_t i);
const json_t *pxi_card_find_instrument(const json_t *card, const char *key);
/* A text of each ("key", "symbol"), for people: "A, B, C and 175 more"; malloc'ed. Errors: PX_ENOMEM. */
px_status pxi_card_name_instruments(const json_t *card, const char *path, char **out, px_error *err);
/* "timeframe", "learner/name", ...: a text of the card by its path, "" if absent. */
const char *pxi_card_text(const json_t *card, const char *path);
const json_t *pxi_card_get(const json_t *card, const char *path);

#endif
