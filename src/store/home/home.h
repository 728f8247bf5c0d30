// SPDX-License-Identifier: Apache-2.0
/* The home folder's inside, shared by instruments, candles and runs. */
#ifndef PXI_HOME_H
#define PXI_HOME_H

#include <sqlite3.h>
#include <stdbool.h>
#include "pixity/store.h"
#include "files/duck/duck.h"

struct px_home {
    char *path;
    sqlite3 *db; /* pixity.db; its copy in memory where the home is read only */
    bool read_only;
    pxi_duck *duck; /* opened when first needed */
    px_work work;
    struct {
        sqlite3_stmt *query; /* of the database's own count of others' writes */
        bool known;
        int64_t others, own;         /* writes when the version was made, by others and by this connection */
        int64_t folder_s, folder_ns; /* change of runs/ */
        int64_t folder_links;        /* folders in it, where the file system counts them */
        bool digested;               /* the version is that of what was seen */
        uint64_t version;
    } runs_seen;
    bool runs_settled; /* what others left behind was put in order since this home was opened */
};

/* The home's DuckDB. It lives as long as the home. */
px_status pxi_home_duck(px_home *home, pxi_duck **out, px_error *err);

/* Puts the built-in instruments into a new database. */
px_status pxi_instruments_seed(sqlite3 *db, px_error *err);
/* Enters instruments that only folders in candles/ tell of; *n_new is how many. */
px_status pxi_instruments_adopt(px_home *home, size_t *n_new, px_error *err);
/* The same of an open home folder, one that is read only too. */
px_status pxi_instruments_look_again(px_home *home, size_t *n_new, px_error *err);

/* The symbol under which the contract that a name means is known by another spelling (NIFTY2580724650PE of
 * NIFTY07AUG2524650PE); "" = none is, or the name is no contract's. */
px_status pxi_instrument_spelling(sqlite3 *db, const char *name, const char *exchange,
                                  char found[PX_NAME_SIZE], px_error *err);

/* Tick and lot on a date, and what they change to, of an instrument that is a contract: as its exchange has
 * published them. Other instruments stay as they are. */
void pxi_instrument_units(int32_t date, px_instrument *instrument);

/* After a call that ended with `status`: where that was PX_EIO, as on a full disk, the home goes on as one
 * that cannot be written, from a copy of its database in memory. PX_OK where it then does, else the status.
 */
px_status pxi_home_without_room(px_home *home, px_status status);

/* A read-only home refuses changes of its copy in memory; that is taken off while the copy is mended. The
 * second puts it on again and gives what came first. */
px_status pxi_home_protect(px_home *home, bool protect, px_error *err);
px_status pxi_home_protect_again(px_home *home, px_status status, px_error *err);

/* Bytes other than letters, digits and ._- (and those of `keep`) as %XX, and so a leading dot; malloc'ed,
 * NULL on out of memory. */
char *pxi_percent_encode(const char *text, const char *keep);
/* The inverse; false if `text` is no such encoding or does not fit. */
bool pxi_percent_decode(const char *text, char *buf, size_t size);

/* Opens (making it) a lock file and locks it: `how` as in flock(2). With LOCK_NB *fd is -1 where another
 * holds it. The kernel drops the lock when its owner ends, however it ends. */
px_status pxi_lock_take(const char *path, int how, int *fd, px_error *err);
void pxi_lock_drop(int *fd);

#endif
