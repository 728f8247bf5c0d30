// SPDX-License-Identifier: Apache-2.0
/* Models on disk: four files a model, of which the card, renamed last, makes it one. */
#ifndef PXI_FOLDER_H
#define PXI_FOLDER_H

#include "base/json.h"
#include "pixity/model.h"

/* The files of a model by its name. */
typedef enum pxi_model_file {
    PXI_EVENTS_FILE,
    PXI_CONFIG_FILE,
    PXI_MODEL_FILE,
    PXI_CARD_FILE,
    PXI_N_MODEL_FILES
} pxi_model_file;

/* Bytes to be saved; NULL: there is no such file. */
typedef struct pxi_model_content {
    const char *bytes;
    size_t length;
} pxi_model_content;

/* A name that can stand in the folder. Errors: PX_EINPUT. */
px_status pxi_model_name_check(const char *name, px_error *err);
/* And whether a new one may. */
px_status pxi_model_new_name_check(const char *name, px_error *err);
/* Card and report are JSON: what is written there must be text. `what` is for the message. Errors: PX_EINPUT.
 */
px_status pxi_model_text_check(const char *what, const char *text, px_error *err);
/* "<symbol>_<timeframe>", the symbol's own model. Errors: PX_EINPUT for a symbol that no name can hold. */
px_status pxi_model_own_name(const px_dataset *data, char out[PX_NAME_SIZE], px_error *err);
/* True if the home folder has a file of this model. */
bool pxi_model_exists(px_home *home, const char *name);
/* SHA-256 of a model file. */
void pxi_model_hash(const char *bytes, size_t length, char out[65]);
/* The settings, ready for a backtest with the model; malloc'ed. `symbol` "" = several. */
px_status pxi_model_config_json(const px_config *config, const char *symbol, int timeframe_minutes,
                                const char *name, char **out, px_error *err);
/* Replaces a model whole: written beside, flushed, renamed, the card last; then a former model's file of
 * another ending goes. Errors: PX_EIO. */
px_status pxi_model_save(px_home *home, const char *name, const px_learner *learner,
                         const pxi_model_content files[PXI_N_MODEL_FILES], px_error *err);

/* A model's bytes and the card that vouches for them. */
typedef struct pxi_stored_model {
    char name[PX_NAME_SIZE];
    json_t *card;
    char *card_text;
    const px_learner *learner; /* that the card names: it reads the bytes */
    char *bytes;
    size_t length;
} pxi_stored_model;
/* `name` as in px_model_open. Errors: PX_ENOTFOUND with the nearest name, PX_ECORRUPT, PX_EMISMATCH, PX_EIO.
 */
px_status pxi_model_load(px_home *home, const char *name, pxi_stored_model *out, px_error *err);
void pxi_stored_model_free(pxi_stored_model *model);

/* Names in the home folder, sorted; free with pxi_model_names_free. */
typedef struct pxi_model_names {
    size_t n, capacity;
    char **items;
} pxi_model_names;
px_status pxi_model_names_read(px_home *home, pxi_model_names *out, px_error *err);
void pxi_model_names_free(pxi_model_names *names);
px_status pxi_model_remove(px_home *home, const char *name, px_error *err);

#endif
