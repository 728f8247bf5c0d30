// SPDX-License-Identifier: Apache-2.0
/* What is known of programs and exchanges that write bar files: one row each. `--source` names a row; most
 * are recognised by the names of their columns. */
#include "base/error.h"
#include "base/text.h"
#include "files/meaning/meaning.h"

#include <string.h>
#include <strings.h>

/* name, keys, exchange, zone, stamped at close, dates, orders */
static const pxi_profile profiles[] = {
    {"kite", NULL, "NSE", NULL, false, NULL, 0},
    {"upstox", NULL, "NSE", NULL, false, NULL, 0},
    {"angel", NULL, "NSE", NULL, false, NULL, 0},
    {"dhan", NULL, "NSE", NULL, false, NULL, 0},
    {"fyers", NULL, "NSE", NULL, false, NULL, 0},
    {"openalgo", NULL, "NSE", NULL, false, NULL, 0},
    {"historify", NULL, "NSE", NULL, false, NULL, 0},
    {"gdfl", "lasttradetime quotationlot", "NSE", NULL, false, NULL, 0},
    {"truedata", NULL, "NSE", NULL, true, NULL, 0},
    {"yahoo", NULL, NULL, NULL, false, NULL, 0},
    {"tradingview", NULL, NULL, NULL, false, NULL, 0},
    {"udiff", "traddt tckrsymb sctysrs clspric", "NSE", NULL, false, NULL, 0},
    {"bhavcopy", "symbol series tottrdqty", "NSE", NULL, false, NULL, 0},
    {"bhavcopy", "symbol series ttltrdqnty date1", "NSE", NULL, false, NULL, 0},
    {"bhavcopy", "instrument symbol expirydt strikepr", "NSE", NULL, false, NULL, 0},
    {"nse", "indexname date open", "NSE", NULL, false, NULL, 0},
    {"bse", "noofshares nooftrades date", "BSE", NULL, false, NULL, 0},
    {"metatrader", "date open tickvol spread", "24x7", NULL, false, NULL, 0},
    {"metatrader", "date time open tickvol", "24x7", NULL, false, NULL, 0},
    {"metatrader", "time tickvolume realvolume spread", "24x7", "UTC", false, NULL, 0},
    {"ninjatrader", NULL, NULL, NULL, true, NULL, 0},
    {"binance", "opentime closetime", "24x7", "UTC", false, NULL, 0},
    {"ccxt", NULL, "24x7", "UTC", false, NULL, 0},
    {"freqtrade", NULL, "24x7", "UTC", false, NULL, 0},
    {"bybit", "turnover timestamp date volume", "24x7", "UTC", false, NULL, 0},
    {"cryptodatadownload", "unix date symbol", "24x7", "UTC", false, NULL, 0},
    {"cryptodatadownload", "unixtimestamp date symbol", "24x7", "UTC", false, NULL, 0},
    {"stooq", NULL, NULL, NULL, false, NULL, 0},
    {"stooq", "ticker per date time", NULL, NULL, false, NULL, 0},
    {"dukascopy", "gmttime", "24x7", "UTC", false, "99.99.9999 99:99:99.999", PXI_DMY},
    {"histdata", NULL, "24x7", "-05:00", false, NULL, 0},
    {"lean", NULL, NULL, NULL, false, NULL, 0},
    {"amibroker", NULL, NULL, NULL, true, NULL, 0},
    {"alphavantage", NULL, NULL, NULL, true, NULL, 0},
    {"google", NULL, NULL, NULL, false, NULL, 0},
    {"nasdaq", "date closelast open high low", NULL, NULL, false, "99/99/9999", PXI_MDY},
    {"investing", "date price open high low change", NULL, NULL, false, NULL, 0},
    {"polygon", "windowstart ticker transactions", NULL, "UTC", false, NULL, 0},
    {"databento", "tsevent rtype publisherid", NULL, "UTC", false, NULL, 0},
};
enum { N_PROFILES = sizeof profiles / sizeof *profiles };

/* Rows of one program follow each other. */
const char *px_source_program(size_t i) {
    for (size_t k = 0; k < N_PROFILES; k++)
        if ((k == 0 || strcmp(profiles[k].name, profiles[k - 1].name) != 0) && i-- == 0)
            return profiles[k].name;
    return NULL;
}

px_status pxi_profile_named(const char *name, const pxi_profile **out, px_error *err) {
    const char *names[N_PROFILES + 1];
    char hint[80];
    size_t n = 0;
    for (size_t i = 0; i < N_PROFILES; i++)
        if (strcasecmp(profiles[i].name, name) == 0) {
            *out = &profiles[i];
            return PX_OK;
        }
    pxi_text known = {0};
    for (; (names[n] = px_source_program(n)); n++)
        pxi_text_printf(&known, "%s%s", n ? ", " : "", names[n]);
    px_status status =
        pxi_fail(err, PX_EINPUT, "--source \"%.40s\" is not known%s; there are: %s", name,
                 pxi_did_you_mean(name, names, n, hint, sizeof hint), known.data ? known.data : "");
    pxi_text_free(&known);
    return status;
}

static bool has_key(const pxi_rows *rows, const char *key, size_t length) {
    char have[PXI_NAME_KEY_SIZE];
    for (size_t i = 0; i < rows->n_columns; i++) {
        pxi_name_key(rows->columns[i].name, have);
        if (strlen(have) == length && memcmp(have, key, length) == 0)
            return true;
    }
    return false;
}

const pxi_profile *pxi_profile_of(const pxi_rows *rows) {
    for (size_t i = 0; i < N_PROFILES; i++) {
        const char *at = profiles[i].keys;
        bool all = at != NULL;
        for (size_t length; all && *at; at += length + (at[length] == ' ')) {
            length = strcspn(at, " ");
            all = has_key(rows, at, length);
        }
        if (all)
            return &profiles[i];
    }
    return NULL;
}
