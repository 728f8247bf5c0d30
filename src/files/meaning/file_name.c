// SPDX-License-Identifier: Apache-2.0
/* What names of files say. */
#include "files/meaning/meaning.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool cut_ending(char *name) {
    static const char *const endings[] = {".gz",     ".zst",  ".zip",    ".csv",     ".tsv",     ".txt",
                                          ".prn",    ".json", ".jsonl",  ".ndjson",  ".parquet", ".pq",
                                          ".duckdb", ".db",   ".sqlite", ".sqlite3", ".feather", ".arrow",
                                          ".ipc",    ".orc",  ".xlsx"};
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t cut = strlen(endings[i]);
        if (length > cut && strcasecmp(name + length - cut, endings[i]) == 0) {
            name[length - cut] = '\0';
            return true;
        }
    }
    return false;
}

/* "5min", "1m", "M15", "H1", "1h", "day", "1440", "Daily": a timeframe as files are named after one. */
static bool is_timeframe(const char *text) {
    static const char *const words[] = {"daily",   "day",    "intraday", "minute",
                                        "minutes", "hourly", "weekly",   "eod"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    if ((toupper((unsigned char)*text) == 'M' || toupper((unsigned char)*text) == 'H' ||
         toupper((unsigned char)*text) == 'D') &&
        text[1] && strspn(text + 1, "0123456789") == strlen(text + 1))
        return true;
    return isdigit((unsigned char)*text) && pxi_timeframe_loose(text) > 0;
}

/* "NSE_TCS, 5": an exchange, a symbol, and the timeframe of a chart. */
static bool cut_chart(char *name) {
    char *comma = strstr(name, ", ");
    char *bar = strchr(name, '_');
    if (!comma || !bar || bar > comma || bar == name)
        return false;
    for (const char *p = name; p < bar; p++)
        if (!isupper((unsigned char)*p))
            return false;
    *comma = '\0';
    memmove(name, bar + 1, strlen(bar + 1) + 1);
    return *name != '\0';
}

/* "AXISBANK_5min", "BTC_USDT-1h", "EURUSD_M15": a timeframe at the end; "ADABTC-1m-2021-11-27" one and a
 * date. */
static bool cut_timeframe(char *name) {
    char copy[PX_NAME_SIZE];
    snprintf(copy, sizeof copy, "%s", name);
    size_t length = strlen(copy);
    if (length > 11 && copy[length - 11] == '-' && copy[length - 6] == '-' && copy[length - 3] == '-' &&
        isdigit((unsigned char)copy[length - 10]) && isdigit((unsigned char)copy[length - 1]))
        copy[length - 11] = '\0';
    char *last = strrchr(copy, '_'), *dash = strrchr(copy, '-');
    if (!last || (dash && dash > last))
        last = dash;
    if (!last || last == copy || !is_timeframe(last + 1))
        return false;
    *last = '\0';
    memcpy(name, copy, strlen(copy) + 1);
    return true;
}

void pxi_file_symbol(const char *path, char out[PX_NAME_SIZE]) {
    char name[PX_NAME_SIZE];
    const char *slash = strrchr(path, '/');
    snprintf(name, sizeof name, "%.*s", PX_NAME_SIZE - 1, slash ? slash + 1 : path);
    while (cut_ending(name))
        ;
    (void)(cut_chart(name) || cut_timeframe(name));
    memcpy(out, name, sizeof name);
}

bool pxi_lean_date(const char *path, int64_t *midnight_us) {
    pxi_read_time m;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (strlen(name) < 10 || name[8] != '_' || strspn(name, "0123456789") != 8 || !strstr(name, "_trade") ||
        pxi_read_time_parse(name, 8, PXI_ANY_ORDER, &m))
        return false;
    *midnight_us = m.us;
    return true;
}
