// SPDX-License-Identifier: Apache-2.0
/* Instruments: names, ticks and lots with effective dates. */
#include "store/candles/candles.h"
#include "store/home/home.h"

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "pixity/requests.h"
#include "store/home/sql.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the built-in table -------------------------------------------------------------------------------- */

typedef struct seed_instrument {
    const char *key, *symbol;
    const char *aliases[3];
    struct {
        const char *from_date; /* "" = always */
        double tick;
    } ticks[3];
} seed_instrument;

/* Ticks of the cash segment: 0.05 for long; 0.01 for prices below Rs 250 from 2024-06-10 (NSE circular of
 * 2024-05-24); by price band 0.01 (below 250), 0.05 (to 1,000), 0.10 (to 5,000), 0.50 (to 10,000), 1 (to
 * 20,000), 5 from 2025-04-15 (NSE circular of 2025-02-24), by the close of the month before. Rows stand here
 * where a price was clear of its band's edges on the date; px_instrument_set_tick adds what comes later. An
 * index is a number, not traded: no tick. ISINs are those of the depositories (NSDL, CDSL). */
#define TICK_005                                                                                             \
    {                                                                                                        \
        { "", 0.05 }                                                                                         \
    }
#define TICK_010_2025                                                                                        \
    {                                                                                                        \
        {"", 0.05}, {                                                                                        \
            "2025-04-15", 0.10                                                                               \
        }                                                                                                    \
    }
#define TICK_1_2025                                                                                          \
    {                                                                                                        \
        {"", 0.05}, {                                                                                        \
            "2025-04-15", 1.0                                                                                \
        }                                                                                                    \
    }
#define TICK_001_2024                                                                                        \
    {                                                                                                        \
        {"", 0.05}, {                                                                                        \
            "2024-06-10", 0.01                                                                               \
        }                                                                                                    \
    }
#define NO_TICK                                                                                              \
    {                                                                                                        \
        { "", 0.0 }                                                                                          \
    }

static const seed_instrument seeds[] = {
    {"NSE_INDEX|Nifty 50", "NIFTY 50", {"NIFTY", "NIFTY50"}, NO_TICK},
    {"NSE_INDEX|Nifty Bank", "BANKNIFTY", {"NIFTY BANK", "NIFTYBANK"}, NO_TICK},
    {"NSE_EQ|INE002A01018", "RELIANCE", {"RELIANCE INDUSTRIES"}, TICK_010_2025},
    {"NSE_EQ|INE742F01042", "ADANIPORTS", {"ADANI PORTS"}, TICK_010_2025},
    {"NSE_EQ|INE021A01026", "ASIANPAINT", {"ASIAN PAINTS"}, TICK_010_2025},
    {"NSE_EQ|INE238A01034", "AXISBANK", {"AXIS BANK"}, TICK_010_2025},
    {"NSE_EQ|INE397D01024", "BHARTIARTL", {"BHARTI AIRTEL"}, TICK_010_2025},
    {"NSE_EQ|INE059A01026", "CIPLA", {NULL}, TICK_010_2025},
    {"NSE_EQ|INE522F01014", "COALINDIA", {"COAL INDIA"}, TICK_005},
    {"NSE_EQ|INE047A01021", "GRASIM", {"GRASIM INDUSTRIES"}, TICK_010_2025},
    {"NSE_EQ|INE860A01027", "HCLTECH", {"HCL TECHNOLOGIES"}, TICK_010_2025},
    {"NSE_EQ|INE038A01020", "HINDALCO", {"HINDALCO INDUSTRIES"}, TICK_005},
    {"NSE_EQ|INE030A01027", "HINDUNILVR", {"HINDUSTAN UNILEVER"}, TICK_010_2025},
    {"NSE_EQ|INE090A01021", "ICICIBANK", {"ICICI BANK"}, TICK_010_2025},
    {"NSE_EQ|INE009A01021", "INFY", {"INFOSYS"}, TICK_010_2025},
    {"NSE_EQ|INE154A01025", "ITC", {NULL}, TICK_005},
    {"NSE_EQ|INE018A01030", "LT", {"LARSEN & TOUBRO"}, TICK_010_2025},
    {"NSE_EQ|INE101A01026", "M&M", {"MAHINDRA & MAHINDRA"}, TICK_010_2025},
    {"NSE_EQ|INE585B01010", "MARUTI", {"MARUTI SUZUKI"}, TICK_1_2025},
    {"NSE_EQ|INE733E01010", "NTPC", {NULL}, TICK_005},
    {"NSE_EQ|INE752E01010", "POWERGRID", {"POWER GRID"}, TICK_005},
    {"NSE_EQ|INE062A01020", "SBIN", {"STATE BANK OF INDIA"}, TICK_005},
    {"NSE_EQ|INE044A01036", "SUNPHARMA", {"SUN PHARMA"}, TICK_010_2025},
    {"NSE_EQ|INE081A01020", "TATASTEEL", {"TATA STEEL"}, TICK_001_2024},
    {"NSE_EQ|INE467B01029", "TCS", {"TATA CONSULTANCY SERVICES"}, TICK_010_2025},
    {"NSE_EQ|INE669C01036", "TECHM", {"TECH MAHINDRA"}, TICK_010_2025},
    {"NSE_EQ|INE280A01028", "TITAN", {NULL}, TICK_010_2025},
    {"NSE_EQ|INE481G01011", "ULTRACEMCO", {"ULTRATECH CEMENT"}, TICK_1_2025},
};
#define N_SEEDS (sizeof seeds / sizeof *seeds)

static px_status insert_instrument(sqlite3 *db, const char *key, const char *symbol, const char *exchange,
                                   px_error *err) {
    return pxi_sql_run(db, err, "INSERT INTO instruments (key, symbol, exchange) VALUES (?, ?, ?)", "ttt",
                       key, symbol, exchange);
}

static px_status insert_tick(sqlite3 *db, const char *key, const char *from_date, double tick,
                             double lot_size, px_error *err) {
    return pxi_sql_run(
        db, err,
        "INSERT OR REPLACE INTO instrument_ticks (key, from_date, tick, lot_size) VALUES (?, ?, ?, ?)",
        "ttdd", key, from_date, tick, lot_size);
}

static px_status seed_one(sqlite3 *db, const seed_instrument *seed, px_error *err) {
    px_status status = insert_instrument(db, seed->key, seed->symbol, PX_USUAL_EXCHANGE, err);
    for (int i = 0; !status && i < 3 && seed->aliases[i]; i++)
        status = pxi_sql_run(db, err, "INSERT INTO instrument_aliases (alias, key) VALUES (?, ?)", "tt",
                             seed->aliases[i], seed->key);
    for (int i = 0; !status && i < 3 && seed->ticks[i].from_date; i++)
        status = insert_tick(db, seed->key, seed->ticks[i].from_date, seed->ticks[i].tick, 1.0, err);
    return status;
}

px_status pxi_instruments_seed(sqlite3 *db, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < N_SEEDS; i++)
        status = seed_one(db, &seeds[i], err);
    return status;
}

/* ---- keys ---------------------------------------------------------------------------------------------- */

static bool has_calendar(const char *exchange) {
    px_calendar *calendar = NULL;
    bool known = px_calendar_open(exchange, &calendar, NULL) == PX_OK;
    px_calendar_close(&calendar);
    return known;
}

/* Splits "NSE_EQ|SYMBOL", or makes such a key of a symbol. `exchange` NULL is NSE, or what the key says. */
static px_status make_instrument(const char *name, const char *exchange, px_instrument *out, px_error *err) {
    const char *bar = strchr(name, '|'), *underscore = strchr(name, '_');
    size_t prefix = underscore && bar && underscore < bar ? (size_t)(underscore - name) : 0;
    memset(out, 0, sizeof *out);
    out->lot_size = 1.0;
    for (const char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr(" .,&_|:()/+-", *p))
            return pxi_fail(
                err, PX_EINPUT,
                "\"%s\" cannot be an instrument's name: use letters, digits, spaces and .,&_|:()/+-", name);
    if (bar && (prefix == 0 || prefix >= sizeof out->exchange || !bar[1] || strchr(bar + 1, '|')))
        return pxi_fail(err, PX_EINPUT, "\"%s\" is no instrument key: those look like NSE_EQ|RELIANCE", name);
    if (bar) {
        memcpy(out->exchange, name, prefix);
        if (exchange && strcasecmp(exchange, out->exchange) != 0 && has_calendar(out->exchange))
            return pxi_fail(err, PX_EINPUT, "\"%s\" is traded on %s, not on %s: name that exchange", name,
                            out->exchange, exchange);
        pxi_copy(out->key, sizeof out->key, name);
        pxi_copy(out->symbol, sizeof out->symbol, bar + 1);
        return PX_OK;
    }
    if (!exchange)
        exchange = PX_USUAL_EXCHANGE;
    if (!pxi_copy(out->exchange, sizeof out->exchange, exchange) ||
        snprintf(out->key, sizeof out->key, "%s_EQ|%s", exchange, name) >= (int)sizeof out->key)
        return pxi_fail(err, PX_EINPUT, "the name \"%s\" on \"%s\" is too long", name, exchange);
    pxi_copy(out->symbol, sizeof out->symbol, name);
    return PX_OK;
}

/* [key, symbol, exchange] of each folder that is named as an instrument is. */
static px_status list_folders(px_home *home, json_t *out, px_error *err) {
    char key[PX_NAME_SIZE];
    char *path = pxi_path_join(home->path, "candles");
    DIR *folder = path ? opendir(path) : NULL;
    px_status status = path ? PX_OK : pxi_fail_memory(err);
    if (path && !folder && errno != ENOENT)
        status = pxi_fail_errno(err, "read folder", path);
    for (struct dirent *entry; !status && folder && (entry = readdir(folder));) {
        px_instrument it;
        if (entry->d_name[0] == '.' || !pxi_percent_decode(entry->d_name, key, sizeof key) ||
            !strchr(key, '|') || make_instrument(key, NULL, &it, NULL) != PX_OK)
            continue;
        if (json_array_append_new(out, json_pack("[sss]", it.key, it.symbol, it.exchange)) != 0)
            status = pxi_fail_memory(err);
    }
    if (folder)
        closedir(folder);
    free(path);
    return status;
}

/* Asks first, as most often nothing is new: what is written waits for others. */
static px_status adopt(sqlite3 *db, const char *folders, size_t *n_new, px_error *err) {
    sqlite3_stmt *query = NULL;
    bool any = false;
    px_status status = pxi_sql_query(db, &query, err,
                                     "SELECT 1 FROM json_each(?) AS folder WHERE NOT EXISTS "
                                     "(SELECT 1 FROM instruments WHERE key = folder.value->>0) LIMIT 1",
                                     "t", folders);
    if (!status)
        status = pxi_sql_row(query, &any, err);
    sqlite3_finalize(query);
    if (!status && any)
        status = pxi_sql_run(db, err,
                             "INSERT OR IGNORE INTO instruments (key, symbol, exchange) "
                             "SELECT value->>0, value->>1, value->>2 FROM json_each(?)",
                             "t", folders);
    *n_new = !status && any ? (size_t)sqlite3_changes(db) : 0;
    return status;
}

px_status pxi_instruments_adopt(px_home *home, size_t *n_new, px_error *err) {
    char *text = NULL;
    json_t *folders = json_array();
    px_status status = folders ? list_folders(home, folders, err) : pxi_fail_memory(err);
    *n_new = 0;
    if (!status)
        status = pxi_json_dump(folders, &text, err);
    if (!status)
        status = adopt(home->db, text, n_new, err);
    json_decref(folders);
    free(text);
    return status;
}

px_status pxi_instruments_look_again(px_home *home, size_t *n_new, px_error *err) {
    *n_new = 0;
    px_status status = pxi_home_protect(home, false, err);
    return status ? status : pxi_home_protect_again(home, pxi_instruments_adopt(home, n_new, err), err);
}

/* ---- finding ------------------------------------------------------------------------------------------- */

/* "RELIANCE [FO]" names RELIANCE: a segment in brackets is cut off. False if nothing is left or it is too
 * long. */
static bool clean_name(const char *name, char out[PX_NAME_SIZE]) {
    while (isspace((unsigned char)*name))
        name++;
    if (!pxi_copy(out, PX_NAME_SIZE, name))
        return false;
    char *bracket = strrchr(out, '[');
    if (bracket && bracket > out && bracket[strlen(bracket) - 1] == ']')
        *bracket = '\0';
    for (size_t n = strlen(out); n > 0 && isspace((unsigned char)out[n - 1]); n--)
        out[n - 1] = '\0';
    return *out != '\0';
}

/* The nearest of all names, for the message. */
static px_status fail_unknown(sqlite3 *db, const char *name, px_error *err) {
    const char *all[4096];
    size_t n = 0;
    bool more = true;
    char hint[PX_NAME_SIZE + 32] = "";
    sqlite3_stmt *query = NULL;
    px_status status = pxi_sql_query(db, &query, err,
                                     "SELECT symbol FROM instruments UNION SELECT alias FROM "
                                     "instrument_aliases UNION SELECT key FROM instruments LIMIT 4096",
                                     "");
    while (!status && !(status = pxi_sql_row(query, &more, err)) && more) {
        char *copy = strdup(pxi_sql_text(query, 0));
        if (copy)
            all[n++] = copy;
    }
    sqlite3_finalize(query);
    if (!status)
        status = pxi_fail(err, PX_ENOTFOUND, "no instrument is named \"%s\"%s", name,
                          pxi_did_you_mean(name, all, n, hint, sizeof hint));
    while (n > 0)
        free((char *)(uintptr_t)all[--n]);
    return status;
}

static void take_instrument(sqlite3_stmt *query, px_instrument *out) {
    memset(out, 0, sizeof *out);
    pxi_copy(out->key, sizeof out->key, pxi_sql_text(query, 0));
    pxi_copy(out->symbol, sizeof out->symbol, pxi_sql_text(query, 1));
    pxi_copy(out->exchange, sizeof out->exchange, pxi_sql_text(query, 2));
    out->lot_size = 1.0;
}

/* By name alone, key before symbol before alias; *found tells. */
static px_status look_up(sqlite3 *db, const char *name, const char *exchange, px_instrument *out, bool *found,
                         px_error *err) {
    static const char sql[] =
        "SELECT key, symbol, exchange, min(rank) FROM ("
        " SELECT key, symbol, exchange, 0 AS rank FROM instruments WHERE key = ?1"
        " UNION ALL SELECT key, symbol, exchange, 1 FROM instruments WHERE symbol = ?1"
        " UNION ALL SELECT key, symbol, exchange, 2 FROM instruments"
        "  WHERE key IN (SELECT key FROM instrument_aliases WHERE alias = ?1)"
        ") WHERE ?2 IS NULL OR exchange = ?2 COLLATE NOCASE GROUP BY key ORDER BY min(rank) LIMIT 2";
    sqlite3_stmt *query = NULL;
    bool more = false;
    int rank = 0;
    px_instrument instrument;
    px_status status = pxi_sql_query(db, &query, err, sql, "tt", name, exchange);
    if (!status)
        status = pxi_sql_row(query, &more, err);
    *found = more;
    if (more) {
        take_instrument(query, &instrument);
        rank = sqlite3_column_int(query, 3);
        status = pxi_sql_row(query, &more, err);
    }
    if (!status && more && sqlite3_column_int(query, 3) == rank)
        status = pxi_fail(err, PX_EINPUT, "\"%s\" is traded on %s and %s: name the exchange", name,
                          instrument.exchange, pxi_sql_text(query, 2));
    sqlite3_finalize(query);
    if (!status && *found)
        *out = instrument;
    return status;
}

/* The same, once more where folders of candles tell of instruments that the table does not know, and where it
 * knows a contract by another spelling. */
static px_status look_up_anywhere(px_home *home, const char *name, const char *exchange, px_instrument *out,
                                  bool *found, px_error *err) {
    size_t n_new = 0;
    char spelling[PX_NAME_SIZE] = "";
    px_status status = look_up(home->db, name, exchange, out, found, err);
    if (status || *found)
        return status;
    status = pxi_instruments_look_again(home, &n_new, err);
    if (!status && n_new > 0)
        status = look_up(home->db, name, exchange, out, found, err);
    if (!status && !*found)
        status = pxi_instrument_spelling(home->db, name, exchange, spelling, err);
    return !status && *spelling ? look_up(home->db, spelling, exchange, out, found, err) : status;
}

/* On another exchange, or nowhere. */
static px_status fail_not_found(sqlite3 *db, const char *name, const char *exchange, px_error *err) {
    px_instrument elsewhere;
    bool found = false;
    px_status status = exchange ? look_up(db, name, NULL, &elsewhere, &found, err) : PX_OK;
    if (status)
        return status;
    return found ? pxi_fail(err, PX_ENOTFOUND, "\"%s\" is traded on %s, not on %s: name that exchange", name,
                            elsewhere.exchange, exchange)
                 : fail_unknown(db, name, err);
}

/* What is set for an instrument takes the place of what is known of contracts. */
static px_status has_own_units(sqlite3 *db, const char *key, bool *out, px_error *err) {
    sqlite3_stmt *query = NULL;
    px_status status =
        pxi_sql_query(db, &query, err, "SELECT 1 FROM instrument_ticks WHERE key = ? LIMIT 1", "t", key);
    if (!status)
        status = pxi_sql_row(query, out, err);
    sqlite3_finalize(query);
    return status;
}

/* Tick and lot in force on a date. */
static px_status look_up_tick(sqlite3 *db, int32_t date, px_instrument *instrument, px_error *err) {
    sqlite3_stmt *query = NULL;
    bool more = false;
    char text[PX_TIME_TEXT_SIZE];
    px_status status =
        pxi_sql_query(db, &query, err,
                      "SELECT tick, lot_size FROM instrument_ticks WHERE key = ? AND "
                      "from_date <= ? ORDER BY from_date DESC LIMIT 1",
                      "tt", instrument->key, date == PX_NO_DATE ? "9999-12-31" : px_date_format(date, text));
    if (!status)
        status = pxi_sql_row(query, &more, err);
    if (more) {
        instrument->tick = sqlite3_column_double(query, 0);
        instrument->lot_size = sqlite3_column_double(query, 1);
    }
    sqlite3_finalize(query);
    return status;
}

/* And what they change to after it. */
static px_status look_up_changes(sqlite3 *db, int32_t date, px_instrument *instrument, px_error *err) {
    sqlite3_stmt *query = NULL;
    bool more = true;
    char text[PX_TIME_TEXT_SIZE];
    px_status status = date == PX_NO_DATE
                           ? PX_OK
                           : pxi_sql_query(db, &query, err,
                                           "SELECT from_date, tick, lot_size FROM instrument_ticks WHERE key "
                                           "= ? AND from_date > ? ORDER BY from_date",
                                           "tt", instrument->key, px_date_format(date, text));
    while (query && !status && !(status = pxi_sql_row(query, &more, err)) && more) {
        if (instrument->n_changes == PX_MAX_UNIT_CHANGES) {
            status = pxi_fail(err, PX_EINPUT, "%s changes its tick or lot more than %d times after %s",
                              instrument->symbol, PX_MAX_UNIT_CHANGES, text);
            break;
        }
        px_trading_unit *unit = &instrument->changes[instrument->n_changes++];
        status = px_date_parse(pxi_sql_text(query, 0), &unit->from_date, err);
        unit->tick = sqlite3_column_double(query, 1);
        unit->lot_size = sqlite3_column_double(query, 2);
    }
    sqlite3_finalize(query);
    return status;
}

px_trading_unit px_instrument_unit(const px_instrument *instrument, int32_t date) {
    px_trading_unit unit = {INT32_MIN, instrument->tick, instrument->lot_size};
    for (size_t i = 0; i < instrument->n_changes && instrument->changes[i].from_date <= date; i++)
        unit = instrument->changes[i];
    return unit;
}

px_status px_instrument_find(px_home *home, const char *name, const char *exchange, int32_t date,
                             px_instrument *out, px_error *err) {
    px_instrument instrument;
    bool found = false, own = false;
    char clean[PX_NAME_SIZE];
    if (!clean_name(name, clean))
        return pxi_fail(err, PX_ENOTFOUND, "no instrument is named \"%.200s\"", name);
    px_status status = look_up_anywhere(home, clean, exchange, &instrument, &found, err);
    if (!status && !found)
        status = fail_not_found(home->db, clean, exchange, err);
    if (!status)
        status = look_up_tick(home->db, date, &instrument, err);
    if (!status)
        status = look_up_changes(home->db, date, &instrument, err);
    if (!status)
        status = has_own_units(home->db, instrument.key, &own, err);
    if (!status && !own)
        pxi_instrument_units(date, &instrument);
    if (!status)
        *out = instrument;
    return status;
}

/* ---- adding and listing -------------------------------------------------------------------------------- */

px_status px_instrument_check_name(const char *name, const char *exchange, px_error *err) {
    px_instrument instrument;
    char clean[PX_NAME_SIZE];
    if (!clean_name(name, clean))
        return pxi_fail(err, PX_EINPUT, "\"%.200s\" cannot be an instrument's name: give 1 to %d characters",
                        name, PX_NAME_SIZE - 1);
    px_status status = make_instrument(clean, exchange, &instrument, err);
    if (!status)
        status = px_name_check("instrument", clean, err);
    return status ? status : px_name_check("instrument", instrument.symbol, err);
}

px_status px_instrument_ensure(px_home *home, const char *name, const char *exchange, px_instrument *out,
                               px_error *err) {
    px_instrument instrument;
    bool found = false;
    char clean[PX_NAME_SIZE];
    px_status status = px_instrument_check_name(name, exchange, err);
    if (status || !clean_name(name, clean))
        return status;
    status = look_up_anywhere(home, clean, exchange, &instrument, &found, err);
    if (status)
        return status;
    if (found)
        status = look_up_tick(home->db, PX_NO_DATE, &instrument, err);
    else {
        status = make_instrument(clean, exchange, &instrument, err);
        if (!status)
            status = pxi_sql_run(home->db, err,
                                 "INSERT OR IGNORE INTO instruments (key, symbol, exchange) VALUES (?, ?, ?)",
                                 "ttt", instrument.key, instrument.symbol, instrument.exchange);
    }
    if (!status)
        *out = instrument;
    return status;
}

/* Later rows that only went on with what changes here go on with the new value, up to the first one that has
 * another: a row for a new tick must not bring back an old lot. */
static px_status carry_on(sqlite3 *db, const char *key, const char *from_date, double old_tick, double tick,
                          double old_lot, double lot, px_error *err) {
    px_status status = pxi_sql_run(
        db, err,
        "UPDATE instrument_ticks SET tick = ?3 WHERE key = ?1 AND from_date > ?2 AND from_date < (SELECT "
        "ifnull(min(from_date), '9999-99') FROM instrument_ticks WHERE key = ?1 AND from_date > ?2 AND tick "
        "<> ?4)",
        "ttdd", key, from_date, tick, old_tick);
    if (status)
        return status;
    return pxi_sql_run(
        db, err,
        "UPDATE instrument_ticks SET lot_size = ?3 WHERE key = ?1 AND from_date > ?2 AND from_date < (SELECT "
        "ifnull(min(from_date), '9999-99') FROM instrument_ticks WHERE key = ?1 AND from_date > ?2 AND "
        "lot_size <> ?4)",
        "ttdd", key, from_date, lot, old_lot);
}

static px_status replace_tick(sqlite3 *db, const px_instrument *before, const char *from_date, double tick,
                              double lot_size, px_error *err) {
    px_status status = pxi_sql_begin(db, err);
    if (status)
        return status;
    status = insert_tick(db, before->key, from_date, tick, lot_size, err);
    if (!status)
        status = carry_on(db, before->key, from_date, before->tick, tick, before->lot_size, lot_size, err);
    return pxi_sql_end(db, status, err);
}

px_status px_instrument_set_tick(px_home *home, const char *key, int32_t from_date, double tick,
                                 double lot_size, px_error *err) {
    px_instrument instrument;
    char text[PX_TIME_TEXT_SIZE] = "";
    if (!isfinite(tick) || tick < 0 || !px_lot_is_valid(lot_size))
        return pxi_fail(
            err, PX_EINPUT,
            "%s: a tick is 0 (unknown) or more, and a lot 0 (any fraction) or from 1e-9 to 1e9, not "
            "%g and %g",
            key, tick, lot_size);
    const int32_t date = from_date == PX_NO_DATE ? px_date_from_civil((px_civil){1, 1, 1}) : from_date;
    px_status status = px_instrument_find(home, key, NULL, PX_NO_DATE, &instrument, err);
    if (status)
        return status;
    instrument.tick = 0.0;
    instrument.lot_size = 1.0;
    status = look_up_tick(home->db, date, &instrument, err);
    if (status)
        return status;
    if (from_date != PX_NO_DATE)
        px_date_format(from_date, text);
    return replace_tick(home->db, &instrument, text, tick, lot_size, err);
}

/* Of an instrument that bars have made there is nothing without bars: they were taken back, deleted, or have
 * another name now. */
static px_status is_listed(const px_home *home, sqlite3_stmt *row, bool *out, px_error *err) {
    char made[2 * PX_NAME_SIZE];
    const char *key = pxi_sql_text(row, 0);
    snprintf(made, sizeof made, "%s_EQ|%s", pxi_sql_text(row, 2), pxi_sql_text(row, 1));
    if (strcasecmp(made, key) == 0 && sqlite3_column_type(row, 3) == SQLITE_NULL)
        return pxi_candles_any(home, key, out, err);
    *out = true;
    return PX_OK;
}

enum { LIST_KEY, LIST_SYMBOL, LIST_EXCHANGE, LIST_ALIASES, LIST_FROM, LIST_TICK, LIST_LOT, N_LIST };

static px_status add_listed(px_table *table, sqlite3_stmt *query, const px_trading_unit *unit,
                            px_error *err) {
    char from[PX_TIME_TEXT_SIZE];
    const bool always = unit->from_date == INT32_MIN;
    px_status status = px_table_add_row(table, err);
    for (size_t c = LIST_KEY; !status && c <= LIST_ALIASES; c++)
        status = px_table_set_text(table, c, (const char *)sqlite3_column_text(query, (int)c), err);
    if (!status && !always)
        status = px_table_set_text(table, LIST_FROM, px_date_format(unit->from_date, from), err);
    if (!status) {
        px_table_set_f64(table, LIST_TICK, unit->tick > 0.0 ? unit->tick : NAN);
        px_table_set_f64(table, LIST_LOT, unit->lot_size);
    }
    return status;
}

/* Of an instrument for which nothing is set: of a contract what its exchange has published, from each date.
 */
static px_status add_published(px_table *table, sqlite3_stmt *query, px_error *err) {
    px_instrument instrument;
    take_instrument(query, &instrument);
    pxi_instrument_units(px_date_from_civil((px_civil){1, 1, 1}), &instrument);
    const px_trading_unit first = {INT32_MIN, instrument.tick, instrument.lot_size};
    px_status status = add_listed(table, query, &first, err);
    for (size_t i = 0; !status && i < instrument.n_changes; i++)
        status = add_listed(table, query, &instrument.changes[i], err);
    return status;
}

/* What is set, a row a date; "" is always. */
static px_status add_set(px_table *table, sqlite3_stmt *query, px_error *err) {
    px_trading_unit unit = {INT32_MIN, sqlite3_column_double(query, LIST_TICK),
                            sqlite3_column_double(query, LIST_LOT)};
    const char *from = pxi_sql_text(query, LIST_FROM);
    px_status status = *from ? px_date_parse(from, &unit.from_date, err) : PX_OK;
    return status ? status : add_listed(table, query, &unit, err);
}

px_status px_instruments_list(px_home *home, px_table *out, px_error *err) {
    static const px_column_def columns[N_LIST] = {
        [LIST_KEY] = {"key", PX_COLUMN_TEXT},           [LIST_SYMBOL] = {"symbol", PX_COLUMN_TEXT},
        [LIST_EXCHANGE] = {"exchange", PX_COLUMN_TEXT}, [LIST_ALIASES] = {"aliases", PX_COLUMN_TEXT},
        [LIST_FROM] = {"from_date", PX_COLUMN_TEXT},    [LIST_TICK] = {"tick", PX_COLUMN_F64},
        [LIST_LOT] = {"lot_size", PX_COLUMN_QUANTITY},
    };
    static const char sql[] =
        "SELECT i.key, symbol, exchange, (SELECT group_concat(alias, ', ') FROM instrument_aliases a"
        " WHERE a.key = i.key), from_date, tick, lot_size"
        " FROM instruments i LEFT JOIN instrument_ticks t ON t.key = i.key ORDER BY symbol, i.key, from_date";
    sqlite3_stmt *query = NULL;
    bool more = true;
    px_table table = {0};
    px_status status = px_table_init(&table, columns, N_LIST, err);
    if (!status)
        status = pxi_sql_query(home->db, &query, err, sql, "");
    while (!status && !(status = pxi_sql_row(query, &more, err)) && more) {
        bool listed = false;
        status = is_listed(home, query, &listed, err);
        if (status || !listed)
            continue;
        status = sqlite3_column_type(query, LIST_LOT) == SQLITE_NULL ? add_published(&table, query, err)
                                                                     : add_set(&table, query, err);
    }
    sqlite3_finalize(query);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}
