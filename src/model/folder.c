// SPDX-License-Identifier: Apache-2.0
#include "model/folder.h"

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/card.h"
#include "store/home.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const char *const endings[PXI_N_MODEL_FILES] = {
    [PXI_EVENTS_FILE] = "_events.csv",
    [PXI_CONFIG_FILE] = "_config.json",
    [PXI_MODEL_FILE] = ".ubj",
    [PXI_CARD_FILE] = ".card.json",
};

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

px_status pxi_model_own_name(const px_dataset *data, char out[PX_NAME_SIZE], px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    px_timeframe_format(data->timeframe_minutes, timeframe);
    char *symbol = pxi_percent_encode(data->instrument.symbol, " &+()");
    if (!symbol)
        return pxi_fail_memory(err);
    bool whole = (size_t)snprintf(out, PX_NAME_SIZE, "%s_%s", symbol, timeframe) < PX_NAME_SIZE;
    free(symbol);
    return whole ? pxi_model_name_check(out, err)
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

bool pxi_model_exists(px_home *home, const char *name) {
    bool found = false;
    char *folder = models_folder(home);
    for (int f = PXI_MODEL_FILE; f <= PXI_CARD_FILE && folder; f++) {
        char *path = path_of(folder, name, endings[f]);
        found = found || (path && pxi_path_exists(path));
        free(path);
    }
    free(folder);
    return found;
}

/* ---- saving ------------------------------------------------------------------------------------------- */

static px_status write_staged(const char *staging, const char *name, const pxi_model_content *files,
                              px_error *err) {
    px_status status = pxi_make_folder(staging, err);
    for (int f = 0; f < PXI_N_MODEL_FILES && !status; f++) {
        char *path = path_of(staging, name, endings[f]);
        status = path ? pxi_file_write(path, files[f].bytes, files[f].length, err) : pxi_fail_memory(err);
        free(path);
    }
    return status;
}

static px_status rename_staged(const char *staging, const char *folder, const char *name, px_error *err) {
    px_status status = PX_OK;
    for (int f = 0; f < PXI_N_MODEL_FILES && !status; f++) {
        char *from = path_of(staging, name, endings[f]), *to = path_of(folder, name, endings[f]);
        if (!from || !to)
            status = pxi_fail_memory(err);
        else if (rename(from, to) != 0)
            status = pxi_fail_errno(err, "write", to);
        free(from);
        free(to);
    }
    return status ? status : pxi_sync_path(folder, err);
}

px_status pxi_model_save(px_home *home, const char *name, const pxi_model_content files[PXI_N_MODEL_FILES],
                         px_error *err) {
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
    if (!(status = write_staged(staging, name, files, err)))
        status = rename_staged(staging, folder, name, err);
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
    for (struct dirent *entry; listing && !status && (entry = readdir(listing));)
        for (int f = PXI_MODEL_FILE; f <= PXI_CARD_FILE; f++)
            if (entry->d_name[0] != '.' && has_ending(entry->d_name, endings[f]) &&
                !add_name(&names, entry->d_name, endings[f]))
                status = pxi_fail_memory(err);
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
        char *path = path_of(folder, name, endings[f]);
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

/* Folder and name of what a user calls `text`: a name in the home folder, or a path to a .ubj file. */
static px_status locate(px_home *home, const char *text, char **folder, char **name, px_error *err) {
    bool is_path = has_ending(text, endings[PXI_MODEL_FILE]);
    const char *slash = is_path ? strrchr(text, '/') : NULL;
    const char *file = slash ? slash + 1 : text;
    px_status status;
    if (!is_path && strchr(text, '/'))
        return pxi_fail(
            err, PX_EINPUT,
            "model \"%.200s\" is neither a name nor the path of a .ubj file (a model made elsewhere "
            "cannot be used: train one)",
            text);
    if (!is_path && (status = pxi_model_name_check(text, err)))
        return status;
    if (!is_path && !home)
        return pxi_fail(err, PX_EINPUT, "model \"%.100s\" is a name in a home folder, and none is open",
                        text);
    if (!is_path && !pxi_model_exists(home, text))
        return fail_unknown(home, text, err);
    char *in = !is_path ? models_folder(home) : slash ? strndup(text, (size_t)(slash - text)) : strdup(".");
    char *called = strndup(file, strlen(file) - (is_path ? strlen(endings[PXI_MODEL_FILE]) : 0));
    if (!in || !called) {
        free(in);
        free(called);
        return pxi_fail_memory(err);
    }
    *folder = in;
    *name = called;
    return PX_OK;
}

static px_status check_bytes(const pxi_stored_model *model, const char *path, px_error *err) {
    char is[PXI_HASH_TEXT_SIZE];
    const char *says = pxi_card_model_hash(model->card);
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, model->bytes, model->length);
    pxi_hash_hex(&hash, is);
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
        return pxi_fail(err, PX_ECORRUPT, "the model has no %s: %s is missing; train the model again", what,
                        path);
    return status;
}

static px_status read_parts(const char *folder, pxi_stored_model *model, px_error *err) {
    size_t card_length;
    char *card_path = path_of(folder, model->name, endings[PXI_CARD_FILE]);
    char *model_path = path_of(folder, model->name, endings[PXI_MODEL_FILE]);
    px_status status = card_path && model_path ? PX_OK : pxi_fail_memory(err);
    if (!status && !pxi_path_exists(card_path) && !pxi_path_exists(model_path))
        status = pxi_fail(err, PX_ENOTFOUND, "no such file: %s", model_path);
    if (!status && !(status = read_part(card_path, "card", &model->card_text, &card_length, err)) &&
        !(status = pxi_card_read(model->card_text, card_length, card_path, &model->card, err)) &&
        !(status = read_part(model_path, "model file", &model->bytes, &model->length, err)))
        status = check_bytes(model, model_path, err);
    free(card_path);
    free(model_path);
    return status;
}

px_status pxi_model_load(px_home *home, const char *name, pxi_stored_model *out, px_error *err) {
    pxi_stored_model model = {0};
    char *folder = NULL, *file = NULL;
    px_status status = locate(home, name, &folder, &file, err);
    if (!status && !pxi_copy(model.name, sizeof model.name, file))
        status =
            pxi_fail(err, PX_EINPUT, "the model's file name is longer than %d bytes: %s", PX_NAME_SIZE, file);
    if (!status)
        status = read_parts(folder, &model, err);
    free(folder);
    free(file);
    if (status)
        pxi_stored_model_free(&model);
    else
        *out = model;
    return status;
}
