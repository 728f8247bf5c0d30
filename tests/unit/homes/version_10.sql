-- SPDX-License-Identifier: Apache-2.0
-- pixity.db of schema version 10: an account keeps what was accepted, and what was known to be wrong when it began.
PRAGMA journal_mode = WAL;
CREATE TABLE instruments (key TEXT PRIMARY KEY COLLATE NOCASE, symbol TEXT NOT NULL COLLATE NOCASE,
 exchange TEXT NOT NULL COLLATE NOCASE) WITHOUT ROWID;
CREATE INDEX instruments_by_symbol ON instruments (symbol);
CREATE TABLE instrument_aliases (alias TEXT NOT NULL COLLATE NOCASE, key TEXT NOT NULL COLLATE NOCASE,
 PRIMARY KEY (alias, key)) WITHOUT ROWID;
CREATE TABLE instrument_ticks (key TEXT NOT NULL COLLATE NOCASE, from_date TEXT NOT NULL,
 tick REAL NOT NULL, lot_size REAL NOT NULL, PRIMARY KEY (key, from_date)) WITHOUT ROWID;
CREATE TABLE runs (run INTEGER PRIMARY KEY, run_id TEXT UNIQUE NOT NULL, created_us INTEGER, status TEXT, strategy TEXT,
 symbol TEXT, timeframe TEXT, profile TEXT, start TEXT, "end" TEXT, fingerprint TEXT, message TEXT);
CREATE INDEX runs_by_series ON runs (symbol, timeframe, strategy);
CREATE TABLE metric_keys (metric INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL);
CREATE TABLE run_metrics (metric INTEGER NOT NULL, run INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (metric, run))
 WITHOUT ROWID;
CREATE TABLE runs_agreed (one INTEGER PRIMARY KEY CHECK (one = 1), changed_s INTEGER NOT NULL,
 changed_ns INTEGER NOT NULL, links INTEGER NOT NULL, n INTEGER NOT NULL);
CREATE TABLE accounts (name TEXT PRIMARY KEY, strategy TEXT NOT NULL, instrument TEXT NOT NULL, symbol TEXT
 NOT NULL, exchange TEXT NOT NULL, timeframe_minutes INTEGER NOT NULL, config TEXT NOT NULL, model TEXT NOT
 NULL, version TEXT NOT NULL, warmup TEXT NOT NULL, digest TEXT NOT NULL, halt TEXT NOT NULL,
 parameters TEXT NOT NULL DEFAULT '', accept TEXT NOT NULL DEFAULT '', findings TEXT NOT NULL DEFAULT '')
 WITHOUT ROWID;
CREATE TABLE account_bars (account TEXT NOT NULL, ts_us INTEGER NOT NULL, open REAL NOT NULL, high REAL NOT
 NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL, PRIMARY KEY (account, ts_us)) WITHOUT
 ROWID;
CREATE TABLE account_actions (account TEXT NOT NULL, seq INTEGER NOT NULL, after_us INTEGER NOT NULL, action
 TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (account, seq)) WITHOUT ROWID;
CREATE TABLE account_signals (account TEXT NOT NULL, id TEXT NOT NULL, ts_us INTEGER NOT NULL, side TEXT NOT
 NULL, event_type TEXT, probability REAL, fate TEXT NOT NULL, quantity REAL, capped_by TEXT,
 PRIMARY KEY (account, id)) WITHOUT ROWID;
CREATE TABLE account_orders (account TEXT NOT NULL, seq INTEGER NOT NULL, ts_us INTEGER NOT NULL, side TEXT
 NOT NULL, quantity REAL NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, done_us INTEGER NOT NULL, PRIMARY
 KEY (account, seq)) WITHOUT ROWID;
CREATE TABLE account_fills (account TEXT NOT NULL, seq INTEGER NOT NULL, ts_us INTEGER NOT NULL, side TEXT NOT
 NULL, quantity REAL NOT NULL, price REAL NOT NULL, fees REAL NOT NULL, kind TEXT NOT NULL, trade INTEGER NOT
 NULL, PRIMARY KEY (account, seq)) WITHOUT ROWID;
CREATE TABLE account_trades (account TEXT NOT NULL, seq INTEGER NOT NULL, entry_us INTEGER NOT NULL, exit_us
 INTEGER NOT NULL, direction TEXT NOT NULL, quantity REAL NOT NULL, entry_price REAL NOT NULL, exit_price REAL
 NOT NULL, stop REAL, target REAL, pnl REAL NOT NULL, fees REAL NOT NULL, bars_held INTEGER NOT NULL,
 exit_reason TEXT NOT NULL, event_type TEXT, probability REAL, tag TEXT, PRIMARY KEY (account, seq)) WITHOUT
 ROWID;
CREATE TABLE account_equity (account TEXT NOT NULL, ts_us INTEGER NOT NULL, equity REAL NOT NULL, cash REAL
 NOT NULL, position REAL NOT NULL, realised_gross REAL NOT NULL, unrealised REAL NOT NULL, fees_paid REAL NOT
 NULL, PRIMARY KEY (account, ts_us)) WITHOUT ROWID;
INSERT INTO instruments VALUES ('NSE_EQ|INE002A01018', 'RELIANCE', 'NSE'), ('NSE_EQ|MINE', 'MINE', 'NSE');
INSERT INTO instrument_aliases VALUES ('RELIANCE INDUSTRIES', 'NSE_EQ|INE002A01018'), ('MY OWN', 'NSE_EQ|MINE');
INSERT INTO instrument_ticks VALUES ('NSE_EQ|INE002A01018', '', 0.05, 1), ('NSE_EQ|MINE', '', 0.25, 1),
 ('NSE_EQ|MINE', '2023-01-01', 0.5, 40);
INSERT INTO runs VALUES (1, 'stays', 1704164645000000, 'done', 'ema_cross', 'MINE', '1h', 'honest', '2020-01-01',
 '2020-12-31', 'abc', NULL),
 (2, 'gone', 1704164645000001, 'done', 'ema_cross', 'MINE', '1h', 'honest', '2020-01-01', '2020-12-31', 'def', NULL);
INSERT INTO metric_keys VALUES (1, '# Trades'), (2, 'PnL [Rs]'), (3, 'Return [%]');
INSERT INTO run_metrics VALUES (1, 1, 7), (1, 2, 1), (2, 1, 1.5), (3, 1, 0.25), (3, 2, 1);
INSERT INTO runs_agreed VALUES (1, 1704164645, 5, 4, 2);
INSERT INTO accounts VALUES ('paper', 'ema_cross', 'NSE_EQ|MINE', 'MINE', 'NSE', 15, '{}', '', '0.1.0', '', '', '', '', '', '');
INSERT INTO account_bars VALUES ('paper', 1660621500000000, 100, 101, 99, 100.5, 1000);
INSERT INTO account_trades VALUES ('paper', 1, 1660621500000000, 1660625100000000, 'long', 10, 100, 101, NULL, NULL,
 10.0, 1.5, 4, 'exit_signal', NULL, NULL, NULL);
PRAGMA user_version = 10;
