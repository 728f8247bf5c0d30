// SPDX-License-Identifier: Apache-2.0
#include "store/runs/run_trials.h"

#include "base/error.h"
#include "base/mem.h"
#include "store/runs/run_index.h"
#include "store/home/sql.h"

#include <math.h>
#include <stdlib.h>

/* min() passes over NULL; runs of one fingerprint have one Sharpe ratio. */
static px_status ask(px_home *home, const pxi_trial *own, sqlite3_stmt **query, px_error *err) {
    static const char sql[] =
        "SELECT min(sharpe) FROM (SELECT fingerprint, (SELECT value FROM run_metrics m"
        " WHERE m.run = r.run AND m.metric = (SELECT metric FROM metric_keys WHERE key = ?)) AS sharpe FROM "
        "runs r"
        " WHERE status = 'done' AND fingerprint IS NOT NULL AND strategy = ? AND symbol = ?"
        " AND timeframe = ? AND start <= ? AND \"end\" >= ?"
        " UNION ALL SELECT ?, ?) GROUP BY fingerprint ORDER BY fingerprint";
    return pxi_sql_query(home->db, query, err, sql, "tttttttd", own->sharpe_key, own->strategy, own->symbol,
                         own->timeframe, own->end, own->start, own->fingerprint, own->session_sharpe);
}

px_status pxi_trial_sharpes(px_home *home, const pxi_trial *own, double **sharpes, size_t *n, px_error *err) {
    sqlite3_stmt *query = NULL;
    double *values = NULL;
    size_t used = 0, capacity = 0;
    bool more = true;
    px_status status = pxi_runs_agree(home, err);
    if (!status)
        status = ask(home, own, &query, err);
    while (!status && !(status = pxi_sql_row(query, &more, err)) && more) {
        bool undefined = sqlite3_column_type(query, 0) == SQLITE_NULL;
        if (pxi_grow(&values, &capacity, used + 1, sizeof *values))
            values[used++] = undefined ? NAN : sqlite3_column_double(query, 0);
        else
            status = pxi_fail_memory(err);
    }
    sqlite3_finalize(query);
    if (status) {
        free(values);
        return status;
    }
    *sharpes = values;
    *n = used;
    return PX_OK;
}
