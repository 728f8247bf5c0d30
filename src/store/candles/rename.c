// SPDX-License-Identifier: Apache-2.0
/* Another name for stored bars. The folder of the instrument's key gets the new key by one rename(2): that is
 * the commit. What stands in the database before it (the new instrument, its ticks) and after it (the old
 * one) is an instrument without bars, which nobody lists (instruments.c). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/candles/candles.h"
#include "store/candles/series_log.h"
#include "store/home/sql.h"

typedef struct renaming {
    px_home *home;
    const px_instrument *from, *to;
    int64_t at_us;
    int *timeframes;
    size_t n;
    pxi_series_change *changes; /* hold the locks of all series */
    size_t n_locked;
} renaming;

static px_status check_source(px_home *home, const px_instrument *from, px_error *err) {
    bool any = false;
    px_status status = pxi_candles_any(home, from->key, &any, err);
    return status || any ? status : pxi_fail(err, PX_ENOTFOUND, "no bars of %s are stored", from->symbol);
}

static px_status check_target(const renaming *r, px_error *err) {
    px_adjustments adjustments = {0};
    bool any = false;
    if (strcasecmp(r->from->key, r->to->key) == 0)
        return pxi_fail(err, PX_EINPUT, "%s and %s are names of one instrument", r->from->symbol,
                        r->to->symbol);
    px_status status = pxi_candles_any(r->home, r->to->key, &any, err);
    if (!status && any)
        return pxi_fail(
            err, PX_EEXISTS,
            "%s has bars of its own: delete them (`pixity data delete %s`), or import the others into it",
            r->to->symbol, r->to->symbol);
    if (!status)
        status = px_adjustments_read(r->home, r->to, &adjustments, err);
    if (!status && adjustments.n > 0)
        status = pxi_fail(err, PX_EEXISTS, "%s has splits and bonuses of its own: remove them first",
                          r->to->symbol);
    px_adjustments_free(&adjustments);
    return status;
}

static px_status lock_all(renaming *r, px_error *err) {
    px_status status = px_candles_timeframes(r->home, r->from->key, &r->timeframes, &r->n, err);
    if (!status && !(r->changes = pxi_new_array(r->n, sizeof *r->changes)))
        status = pxi_fail_memory(err);
    for (; !status && r->n_locked < r->n; r->n_locked += !status) {
        char *folder = pxi_series_folder(r->home, r->from->key, r->timeframes[r->n_locked]);
        status =
            folder ? pxi_series_change_begin(folder, &r->changes[r->n_locked], err) : pxi_fail_memory(err);
        free(folder);
    }
    return status;
}

static void unlock_all(renaming *r) {
    for (size_t i = 0; i < r->n_locked; i++)
        pxi_series_change_end(&r->changes[i]);
    free(r->changes);
    free(r->timeframes);
}

/* An entry that counts once the folder has the new key. */
static px_status write_entries(renaming *r, px_error *err) {
    int number = 0;
    px_status status = pxi_series_log_next(r->home, r->from->key, &number, err);
    for (size_t i = 0; !status && i < r->n; i++) {
        json_t *document = json_pack("{s:s, s:s}", "from", r->from->key, "to", r->to->key);
        const pxi_new_entry entry = {
            .number = number + (int)i, .kind = PXI_KIND_RENAME, .at_us = r->at_us, .document = document};
        status = document ? pxi_series_log_stage(&r->changes[i], NULL, &entry, err) : pxi_fail_memory(err);
        if (!status)
            status = pxi_series_change_commit(&r->changes[i], err);
        json_decref(document);
    }
    return status;
}

/* Ticks and lots go along where the new instrument has none of its own. */
static px_status copy_ticks(const renaming *r, px_error *err) {
    return pxi_sql_run(r->home->db, err,
                       "INSERT INTO instrument_ticks (key, from_date, tick, lot_size)"
                       " SELECT ?2, from_date, tick, lot_size FROM instrument_ticks WHERE key = ?1"
                       " AND NOT EXISTS (SELECT 1 FROM instrument_ticks WHERE key = ?2)",
                       "tt", r->from->key, r->to->key);
}

/* A folder that the new key has from before, without bars, changes places with the other. */
static px_status move_folder(const renaming *r, px_error *err) {
    char *from = pxi_key_folder(r->home, r->from->key), *to = pxi_key_folder(r->home, r->to->key);
    char *parent = pxi_path_join(r->home->path, "candles");
    px_status status = from && to && parent ? PX_OK : pxi_fail_memory(err);
    if (!status && renameat2(AT_FDCWD, from, AT_FDCWD, to, pxi_path_exists(to) ? RENAME_EXCHANGE : 0) != 0)
        status = pxi_fail_errno(err, "rename to", to);
    if (!status)
        status = pxi_sync_path(parent, err);
    free(from);
    free(to);
    free(parent);
    return status;
}

px_status px_candles_rename(px_home *home, const px_instrument *instrument, const char *name, int64_t at_us,
                            px_instrument *out, px_error *err) {
    px_instrument to = {0};
    renaming r = {.home = home, .from = instrument, .to = &to, .at_us = at_us};
    px_status status = check_source(home, instrument, err);
    if (!status)
        status = px_instrument_ensure(home, name, instrument->exchange, &to, err);
    if (!status)
        status = check_target(&r, err);
    if (!status)
        status = lock_all(&r, err);
    if (!status)
        status = copy_ticks(&r, err);
    if (!status)
        status = write_entries(&r, err);
    if (!status) /* again: it may have got bars while the locks were waited for */
        status = check_target(&r, err);
    if (!status)
        status = move_folder(&r, err);
    unlock_all(&r);
    if (!status)
        *out = to;
    return status;
}
