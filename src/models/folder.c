// SPDX-License-Identifier: Apache-2.0
#include "models/folder.h"

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "models/card.h"
#include "learners/learner.h"
#include "pixity/requests.h"
#include "store/home/home.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* The model file's ending is its learner's. */
static const char *ending_of(int file, const px_learner *learner) {
    static const char *const endings[PXI_N_MODEL_FILES] = {
        [PXI_EVENTS_FILE] = "_events.csv",
        [PXI_CONFIG_FILE] = "_config.json",
        [PXI_CARD_FILE] = ".card.json",
    };
    return file == PXI_MODEL_FILE ? learner->ending : endings[file];
}

/* ---- names -------------------------------------------------------------------------------------------- */

px_status pxi_model_name_check(const char *name, px_error *err) {
    bool good = *name && *name != '.' && strlen(name) <= 100;
    for (const char *p = name; *p; p++)
        good = good && *p != '/' && (unsigned char)*p >= ' ' && *p != 127;
    if (!good)
        return pxi_fail(err, PX_EINPUT,
                        "\"%.100s\" cannot name a model: 1 to 100 characters, no / and no leading dot", name);
    return PX_OK;
}

px_status pxi_model_new_name_check(const char *name, px_error *err) {
    px_status status = pxi_model_name_check(name, err);
    return status ? status : px_name_check("model", name, err);
}

px_status pxi_model_text_check(const char *what, const char *text, px_error *err) {
    json_t *value = json_string(text);
    json_decref(value);
    return value ? PX_OK : pxi_fail(err, PX_EINPUT, "%s is not UTF-8 text: give it another name", what);
}

px_status pxi_model_own_name(const px_dataset *data, char out[PX_NAME_SIZE], px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    px_timeframe_format(data->timeframe_minutes, timeframe);
    char *symbol = pxi_percent_encode(data->instrument.symbol, " &+()");
    if (!symbol)
        return pxi_fail_memory(err);
    bool whole = (size_t)snprintf(out, PX_NAME_SIZE, "%s_%s", symbol, timeframe) < PX_NAME_SIZE;
    free(symbol);
    return whole ? pxi_model_new_name_check(out, err)
                 : pxi_fail(err, PX_EINPUT, "the symbol is too long to name a model: name it yourself");
}

/* ---- paths -------------------------------------------------------------------------------------------- */

static char *models_folder(px_home *home) {
    return pxi_path_join(px_home_path(home), "models");
}

/* Path of one of the files, malloc'ed; NULL on out of memory. */
static char *path_of(const char *folder, const char *name, const char *ending) {
    char *path = NULL;
    return asprintf(&path, "%s/%s%s", folder, name, ending) < 0 ? NULL : path;
}

static bool has_ending(const char *text, const char *ending) {
    size_t a = strlen(text), b = strlen(ending);
    return a > b && strcmp(text + a - b, ending) == 0;
}

/* The ending of a model file that the text has, or NULL. */
static const char *model_ending(const char *text) {
    const char *ending;
    for (size_t i = 0; (ending = pxi_learner_ending(i)); i++)
        if (has_ending(text, ending))
            return ending;
    return NULL;
}

static bool file_exists(const char *folder, const char *name, const char *ending) {
    char *path = path_of(folder, name, ending);
    bool found = path && pxi_path_exists(path);
    free(path);
    return found;
}

/* True if there is a model file, of whatever learner. */
static bool any_file_exists(const char *folder, const char *name) {
    const char *ending;
    for (size_t i = 0; (ending = pxi_learner_ending(i)); i++)
        if (file_exists(folder, name, ending))
            return true;
    return false;
}

bool pxi_model_exists(px_home *home, const char *name) {
    char *folder = models_folder(home);
    bool found = folder &&
                 (file_exists(folder, name, ending_of(PXI_CARD_FILE, NULL)) || any_file_exists(folder, name));
    free(folder);
    return found;
}

/* Removes the model files of all endings but one (NULL: of all). */
static px_status remove_files(const char *folder, const char *name, const char *but, px_error *err) {
    const char *ending;
    px_status status = PX_OK;
    for (size_t i = 0; (ending = pxi_learner_ending(i)) && !status; i++) {
        if (but && strcmp(ending, but) == 0)
            continue;
        char *path = path_of(folder, name, ending);
        status = path ? pxi_remove_tree(path, err) : pxi_fail_memory(err);
        free(path);
    }
    return status;
}

/* ---- contents ----------------------------------------------------------------------------------------- */

void pxi_model_hash(const char *bytes, size_t length, char out[65]) {
    _Static_assert(PXI_HASH_TEXT_SIZE == 65, "a hash is 64 hexadecimal digits");
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, bytes, length);
    pxi_hash_hex(&hash, out);
}

px_status pxi_model_config_json(const px_config *config, const char *symbol, int timeframe_minutes,
                                const char *name, char **out, px_error *err) {
    px_config own = *config;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    pxi_copy(own.strategy_id, sizeof own.strategy_id, PX_USUAL_STRATEGY);
    pxi_copy(own.symbol, sizeof own.symbol, symbol);
    pxi_copy(own.timeframe, sizeof own.timeframe, px_timeframe_format(timeframe_minutes, timeframe));
    pxi_copy(own.model_path, sizeof own.model_path, name);
    own.bar_minutes = timeframe_minutes;
    return px_config_to_json(&own, out, err);
}

/* ---- saving ------------------------------------------------------------------------------------------- */

static px_status write_staged(const char *staging, const char *name, const px_learner *learner,
                              const pxi_model_content *files, px_error *err) {
    px_status status = pxi_make_folder(staging, err);
    for (int f = 0; f < PXI_N_MODEL_FILES && !status; f++) {
        char *path = path_of(staging, name, ending_of(f, learner));
        if (!path)
            status = pxi_fail_memory(err);
        else if (files[f].bytes)
            status = pxi_file_write(path, files[f].bytes, files[f].length, err);
        free(path);
    }
    return status;
}

static px_status rename_staged(const char *staging, const char *folder, const char *name,
                               const px_learner *learner, px_error *err) {
    px_status status = PX_OK;
    for (int f = 0; f < PXI_N_MODEL_FILES && !status; f++) {
        const char *ending = ending_of(f, learner);
        char *from = path_of(staging, name, ending), *to = path_of(folder, name, ending);
        if (!from || !to)
            status = pxi_fail_memory(err);
        else if (!pxi_path_exists(from)) /* a former model's is not this one's */
            status = pxi_remove_tree(to, err);
        else if (rename(from, to) != 0)
            status = pxi_fail_errno(err, "write", to);
        free(from);
        free(to);
    }
    if (!status)
        status = pxi_sync_path(folder, err);
    return status ? status : remove_files(folder, name, learner->ending, err);
}

px_status pxi_model_save(px_home *home, const char *name, const px_learner *learner,
                         const pxi_model_content files[PXI_N_MODEL_FILES], px_error *err) {
    int lock = -1;
    char *folder = models_folder(home), *staging = NULL, *lock_path = NULL;
    px_status status = PX_ENOMEM;
    if (folder) {
        staging = pxi_path_join(folder, ".saving"); /* one at a time: what stands there is a dead save's */
        lock_path = pxi_path_join(folder, ".lock");
    }
    if (!folder || !staging || !lock_path) {
        status = pxi_fail_memory(err);
        goto done;
    }
    if ((status = pxi_make_folder(folder, err)) || (status = pxi_lock_take(lock_path, LOCK_EX, &lock, err)) ||
        (status = pxi_remove_tree(staging, err)))
        goto done;
    if (!(status = write_staged(staging, name, learner, files, err)))
        status = rename_staged(staging, folder, name, learner, err);
    px_status cleared = pxi_remove_tree(staging, status ? NULL : err);
    status = status ? status : cleared;
done:
    pxi_lock_drop(&lock);
    free(folder);
    free(staging);
    free(lock_path);
    return status;
}

/* ---- listing ------------------------------------------------------------------------------------------ */

static bool add_name(pxi_model_names *names, const char *file, const char *ending) {
    size_t length = strlen(file) - strlen(ending);
    for (size_t i = 0; i < names->n; i++)
        if (strncmp(names->items[i], file, length) == 0 && names->items[i][length] == '\0')
            return true;
    char *name = strndup(file, length);
    if (!name || !pxi_grow(&names->items, &names->capacity, names->n + 1, sizeof *names->items)) {
        free(name);
        return false;
    }
    names->items[names->n++] = name;
    return true;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

px_status pxi_model_names_read(px_home *home, pxi_model_names *out, px_error *err) {
    pxi_model_names names = {0};
    char *folder = models_folder(home);
    DIR *listing = folder ? opendir(folder) : NULL;
    px_status status = folder ? PX_OK : pxi_fail_memory(err);
    if (folder && !listing && errno != ENOENT)
        status = pxi_fail_errno(err, "read", folder);
    for (struct dirent *entry; listing && !status && (entry = readdir(listing));) {
        const char *file = entry->d_name, *card = ending_of(PXI_CARD_FILE, NULL);
        const char *ending = has_ending(file, card) ? card : model_ending(file);
        if (*file != '.' && ending && !add_name(&names, file, ending))
            status = pxi_fail_memory(err);
    }
    if (listing)
        closedir(listing);
    free(folder);
    if (status) {
        pxi_model_names_free(&names);
        return status;
    }
    if (names.n)
        qsort(names.items, names.n, sizeof *names.items, by_name);
    *out = names;
    return PX_OK;
}

void pxi_model_names_free(pxi_model_names *names) {
    for (size_t i = 0; i < names->n; i++)
        free(names->items[i]);
    free(names->items);
    *names = (pxi_model_names){0};
}

static px_status fail_unknown(px_home *home, const char *name, px_error *err) {
    char hint[256] = "";
    pxi_model_names names = {0};
    if (pxi_model_names_read(home, &names, NULL) == PX_OK)
        pxi_did_you_mean(name, (const char *const *)names.items, names.n, hint, sizeof hint);
    pxi_model_names_free(&names);
    return pxi_fail(err, PX_ENOTFOUND, "no model \"%.100s\" in %.256s%s", name, px_home_path(home), hint);
}

px_status pxi_model_remove(px_home *home, const char *name, px_error *err) {
    px_status status = pxi_model_name_check(name, err);
    if (status)
        return status;
    if (!pxi_model_exists(home, name))
        return fail_unknown(home, name, err);
    char *folder = models_folder(home);
    status = folder ? PX_OK : pxi_fail_memory(err);
    for (int f = PXI_N_MODEL_FILES - 1; f >= 0 && !status; f--) { /* the card first: then it is no model */
        char *path = f == PXI_MODEL_FILE ? NULL : path_of(folder, name, ending_of(f, NULL));
        if (f == PXI_MODEL_FILE)
            status = remove_files(folder, name, NULL, err);
        else
            status = path ? pxi_remove_tree(path, err) : pxi_fail_memory(err);
        free(path);
    }
    free(folder);
    return status;
}

/* ---- loading ------------------------------------------------------------------------------------------ */

void pxi_stored_model_free(pxi_stored_model *model) {
    json_decref(model->card);
    free(model->card_text);
    free(model->bytes);
    *model = (pxi_stored_model){0};
}

/* What a user calls a model. */
typedef struct location {
    char *folder, *name;
    const char *ending; /* of the file that was named; NULL: a name in the home folder */
} location;

static void location_free(location *at) {
    free(at->folder);
    free(at->name);
}

static px_status check_name(px_home *home, const char *text, px_error *err) {
    if (strchr(text, '/'))
        return pxi_fail(
            err, PX_EINPUT,
            "model \"%.200s\" is neither a name nor the path of a %s file (a scikit-learn forest is "
            "brought in with models import)",
            text, pxi_rf.ending);
    px_status status = pxi_model_name_check(text, err);
    if (!status && !home)
        status =
            pxi_fail(err, PX_EINPUT, "model \"%.100s\" is a name in a home folder, and none is open", text);
    if (!status && !pxi_model_exists(home, text))
        status = fail_unknown(home, text, err);
    return status;
}

px_status px_model_check_name(const char *name, px_error *err) {
    const char *ending = model_ending(name);
    px_status status = pxi_model_name_check(name, err);
    if (!status && ending)
        status = pxi_fail(err, PX_EINPUT, "\"%.100s\" cannot name a stored model: %s ends the path of a file",
                          name, ending);
    return status;
}

static px_status locate(px_home *home, const char *text, location *out, px_error *err) {
    location at = {.ending = model_ending(text)};
    const char *slash = at.ending ? strrchr(text, '/') : NULL;
    const char *file = slash ? slash + 1 : text;
    px_status status = at.ending ? PX_OK : check_name(home, text, err);
    if (status)
        return status;
    at.folder = !at.ending ? models_folder(home)
                : slash    ? strndup(text, (size_t)(slash - text))
                           : strdup(".");
    at.name = strndup(file, strlen(file) - (at.ending ? strlen(at.ending) : 0));
    if (!at.folder || !at.name) {
        location_free(&at);
        return pxi_fail_memory(err);
    }
    *out = at;
    return PX_OK;
}

static px_status check_bytes(const pxi_stored_model *model, const char *path, px_error *err) {
    char is[PXI_HASH_TEXT_SIZE];
    const char *says = pxi_card_model_hash(model->card);
    pxi_model_hash(model->bytes, model->length, is);
    if (strcmp(is, says) == 0)
        return PX_OK;
    return pxi_fail(
        err, PX_ECORRUPT,
        "the model file %s does not match its card: its SHA-256 is %.12s..., the card says %.12s...; "
        "train the model again",
        path, is, says);
}

static px_status read_part(const char *path, const char *what, char **out, size_t *length, px_error *err) {
    px_status status = pxi_file_read(path, out, length, err);
    if (status == PX_ENOTFOUND)
        return pxi_fail(err, PX_ECORRUPT,
                        "the model has no %s: %s is missing; put it there, or train the model again", what,
                        path);
    return status;
}

/* The card says which learner the model is of, and that one's file is read. */
static px_status find_learner(const location *at, pxi_stored_model *model, px_error *err) {
    const char *name = pxi_card_text(model->card, "learner/name");
    model->learner = pxi_learner_stored(name);
    if (!model->learner)
        return pxi_fail(
            err, PX_EMISMATCH,
            "model %s is of learner \"%.40s\", which this program does not know: it was made by pixity "
            "%s, this is %s",
            model->name, name, pxi_card_text(model->card, "versions/pixity"), px_version());
    if (at->ending && strcmp(at->ending, model->learner->ending) != 0)
        return pxi_fail(err, PX_EMISMATCH, "the card of model %s is of a %s file, not of %s: name that one",
                        model->name, model->learner->ending, at->ending);
    return PX_OK;
}

static px_status read_card(const location *at, pxi_stored_model *model, px_error *err) {
    size_t length;
    char *path = path_of(at->folder, model->name, ending_of(PXI_CARD_FILE, NULL));
    px_status status = path ? PX_OK : pxi_fail_memory(err);
    if (!status && !pxi_path_exists(path) && !any_file_exists(at->folder, model->name))
        status = pxi_fail(err, PX_ENOTFOUND, "no such file: %s/%s%s", at->folder, model->name,
                          at->ending ? at->ending : ending_of(PXI_CARD_FILE, NULL));
    if (!status && !(status = read_part(path, "card", &model->card_text, &length, err)))
        status = pxi_card_read(model->card_text, length, path, &model->card, err);
    free(path);
    return status;
}

static px_status read_file(const location *at, pxi_stored_model *model, px_error *err) {
    char *path = path_of(at->folder, model->name, model->learner->ending);
    px_status status =
        path ? read_part(path, "model file", &model->bytes, &model->length, err) : pxi_fail_memory(err);
    if (!status)
        status = check_bytes(model, path, err);
    free(path);
    return status;
}

px_status pxi_model_load(px_home *home, const char *name, pxi_stored_model *out, px_error *err) {
    pxi_stored_model model = {0};
    location at = {0};
    px_status status = locate(home, name, &at, err);
    if (!status && !pxi_copy(model.name, sizeof model.name, at.name))
        status = pxi_fail(err, PX_EINPUT, "the model's file name is longer than %d bytes: %s", PX_NAME_SIZE,
                          at.name);
    if (!status && !(status = read_card(&at, &model, err)) && !(status = find_learner(&at, &model, err)))
        status = read_file(&at, &model, err);
    if (status == PX_ECORRUPT && at.ending) { /* a file that the user named, not one that the store keeps */
        status = PX_EINPUT;
        if (err)
            err->code = status;
    }
    location_free(&at);
    if (status)
        pxi_stored_model_free(&model);
    else
        *out = model;
    return status;
}
