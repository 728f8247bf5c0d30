// SPDX-License-Identifier: Apache-2.0
/* Whether the index of runs says the same as before, and as the folders. The database counts the writes of
 * others, a connection its own, and a folder has the time of its last change and as many links as folders in
 * it: only when one of these moved is the index read. The mark that runs/ had when index and folders were
 * brought into agreement stands in the database, with the number of runs: while both are the same, no process
 * looks at the folders again. */
#include "store/runs/run_index.h"

#include "base/error.h"
#include "store/home/sql.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct marks {
    int64_t others, own, folder_s, folder_ns, folder_links;
} marks;

static px_status read_marks(px_home *home, marks *out, px_error *err) {
    struct stat folder = {0};
    bool more = false;
    sqlite3_stmt **query = &home->runs_seen.query;
    char *path = pxi_run_path(home, NULL, NULL);
    px_status status = path ? PX_OK : pxi_fail_memory(err);
    if (!status && !*query)
        status = pxi_sql_query(home->db, query, err, "PRAGMA data_version", "");
    if (!status)
        status = pxi_sql_row(*query, &more, err);
    if (!status) {
        bool there = stat(path, &folder) == 0;
        *out = (marks){more ? sqlite3_column_int64(*query, 0) : 0, sqlite3_total_changes(home->db),
                       there ? folder.st_mtim.tv_sec : 0, there ? folder.st_mtim.tv_nsec : 0,
                       there ? (int64_t)folder.st_nlink : 0};
        sqlite3_reset(*query);
    }
    free(path);
    return status;
}

/* FNV-1a, each text with its end. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * 1099511628211u;
    return hash;
}

static px_status digest_index(px_home *home, uint64_t *version, px_error *err) {
    sqlite3_stmt *query = NULL;
    bool more = true;
    uint64_t hash = 14695981039346656037u;
    px_status status = pxi_sql_query(
        home->db, &query, err,
        "SELECT run_id, created_us, status, fingerprint, message FROM runs ORDER BY run_id", "");
    while (!status && !(status = pxi_sql_row(query, &more, err)) && more)
        for (int c = 0; c < 5; c++) {
            const char *text = pxi_sql_text(query, c);
            hash = mix(hash, text, strlen(text) + 1);
        }
    sqlite3_finalize(query);
    if (!status)
        *version = hash;
    return status;
}

/* Whether what is stored of the last agreement is what there is now. */
static px_status agreed_before(px_home *home, const marks *now, bool *agreed, px_error *err) {
    sqlite3_stmt *query = NULL;
    px_status status = pxi_sql_query(home->db, &query, err,
                                     "SELECT 1 FROM runs_agreed WHERE changed_s = ? AND changed_ns = ? AND"
                                     " links = ? AND n = (SELECT count(*) FROM runs)",
                                     "iii", now->folder_s, now->folder_ns, now->folder_links);
    if (!status)
        status = pxi_sql_row(query, agreed, err);
    sqlite3_finalize(query);
    return status;
}

/* Of folders as they were before they were looked at: what changed meanwhile has another mark. Whoever cannot
 * write it down looks again the next time. */
static void write_agreement(px_home *home, const marks *before) {
    (void)pxi_sql_run(home->db, NULL,
                      "INSERT OR REPLACE INTO runs_agreed (one, changed_s, changed_ns, links, n)"
                      " SELECT 1, ?, ?, ?, count(*) FROM runs",
                      "iii", before->folder_s, before->folder_ns, before->folder_links);
}

static px_status settle(px_home *home, const marks *before, bool *left, px_error *err) {
    px_status status = pxi_runs_settle(home, left, err);
    if (status && pxi_home_without_room(home, status) == PX_OK)
        status = pxi_runs_settle(home, left, err);
    if (!status && !*left)
        write_agreement(home, before);
    return status;
}

px_status pxi_runs_agree(px_home *home, px_error *err) {
    marks now = {0};
    bool agreed = false, left = false;
    px_status status = read_marks(home, &now, err);
    if (status)
        return status;
    if (home->runs_seen.known && now.others == home->runs_seen.others && now.own == home->runs_seen.own &&
        now.folder_s == home->runs_seen.folder_s && now.folder_ns == home->runs_seen.folder_ns &&
        now.folder_links == home->runs_seen.folder_links)
        return PX_OK;
    home->runs_seen.known = home->runs_seen.digested = false;
    status = agreed_before(home, &now, &agreed, err);
    if (!status && !agreed)
        status = settle(home, &now, &left, err);
    if (status)
        return status;
    /* What changed since the marks were read moves them again, and is seen the next time. */
    home->runs_settled = true;
    home->runs_seen.known = !left; /* somebody is at work, or died: the next looks again */
    home->runs_seen.others = now.others;
    home->runs_seen.own = now.own;
    home->runs_seen.folder_s = now.folder_s;
    home->runs_seen.folder_ns = now.folder_ns;
    home->runs_seen.folder_links = now.folder_links;
    return PX_OK;
}

px_status px_runs_version(px_home *home, uint64_t *version, px_error *err) {
    px_status status = pxi_runs_agree(home, err);
    if (!status && !home->runs_seen.digested)
        status = digest_index(home, &home->runs_seen.version, err);
    if (status)
        return status;
    home->runs_seen.digested = true;
    *version = home->runs_seen.version;
    return PX_OK;
}
