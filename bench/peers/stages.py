# SPDX-License-Identifier: Apache-2.0
"""The stages by other libraries, on the data of the bench programs: `stages.py PEER STAGE FILES`."""
import numpy as np
from peer import bars, main, measure

MUMBAI_US = 19_800_000_000


# ---- the feature frame ----

def pandas_frame(path):
    import pandas as pd

    b = bars(path)
    df = pd.DataFrame({name: b[name] for name in ("open", "high", "low", "close", "volume")},
                      index=pd.to_datetime(b["ts"] + MUMBAI_US, unit="us"))

    def wilder(x):
        return x.ewm(alpha=1 / 14, adjust=False).mean()

    def swings(x, extreme):
        window = x.rolling(11)
        middle = x.shift(5)
        return middle.where(middle == (window.max() if extreme > 0 else window.min())).ffill()

    def vwap():
        session, typical = df.index.normalize(), (df.high + df.low + df.close) / 3
        weighted, volume = (typical * df.volume).groupby(session).cumsum(), df.volume.groupby(session).cumsum()
        plain = typical.groupby(session).cumsum() / (typical.groupby(session).cumcount() + 1)
        return (weighted / volume).where(volume > 0, plain)

    def directional():
        before = df.close.shift()
        ranges = pd.concat([df.high - df.low, (df.high - before).abs(), (df.low - before).abs()], axis=1).max(axis=1)
        up, down = df.high.diff(), -df.low.diff()
        up = up.where((up >= 0) & (up >= down), 0.0)
        down = down.where((down >= 0) & (down >= up), 0.0)
        plus, minus = wilder(up[1:]), wilder(down[1:])
        return wilder(ranges).where(np.arange(len(df)) >= 13), wilder(100 * (plus - minus).abs() / (plus + minus))

    def frame():
        atr, adx = directional()
        window = df.volume.rolling(100, min_periods=20)
        vol_z = ((df.volume - window.mean()) / window.std()).where(window.max() != window.min(), 0.0).fillna(0.0)
        return [df.close.ewm(span=20, adjust=False).mean(), df.close.ewm(span=50, adjust=False).mean(), atr, adx, vwap(),
                vol_z, swings(df.high, 1), swings(df.low, -1)]

    measure("features_frame", len(df), frame, lambda columns: [column.sum() for column in columns])
    measure("ema_indicator", len(df), lambda: df.close.ewm(span=20, adjust=False).mean(), lambda x: [x.iloc[-1]])


def talib_frame(path):
    import talib

    close = bars(path)["close"]
    measure("ema_indicator", len(close), lambda: talib.EMA(close, 20), lambda x: [x[-1]])


# ---- labels ----

def numba_labels(path, events):
    import numba

    b = bars(path)
    rows = np.fromfile(events, dtype=np.float64).reshape(-1, 3)

    @numba.njit
    def walk(o, h, l, rows):
        hits = np.zeros(3)
        for e in range(len(rows)):
            bar, side, atr = int(rows[e, 0]), rows[e, 1], rows[e, 2]
            hit = 2
            if bar + 1 < len(o):
                entry = o[bar + 1]
                stop = np.floor((entry - side * atr) / 0.05 + 0.5) * 0.05
                target = np.floor((entry + 2 * side * atr) / 0.05 + 0.5) * 0.05
                for i in range(bar + 1, min(bar + 13, len(o))):
                    worst, best = (l[i], h[i]) if side > 0 else (h[i], l[i])
                    if side * o[i] >= side * target:
                        hit = 0
                    elif side * worst <= side * stop:
                        hit = 1
                    elif side * best >= side * target:
                        hit = 0
                    else:
                        continue
                    break
            hits[hit] += 1
        return hits

    measure("labels", len(rows), lambda: walk(b["open"], b["high"], b["low"], rows))


# ---- resampling ----

def pandas_resample(path):
    import pandas as pd

    b = bars(path)
    df = pd.DataFrame({k: b[k] for k in b if k != "ts"}, index=pd.to_datetime(b["ts"], unit="us"))
    rules = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}
    measure("resample_15m", len(df), lambda: df.resample("15min").agg(rules).dropna(subset=["open"]), lambda x: [len(x)])


def polars_resample(path):
    import polars as pl

    df = pl.DataFrame(bars(path)).with_columns(pl.col("ts").cast(pl.Datetime("us")))
    col = pl.col

    def work():
        return df.group_by_dynamic("ts", every="15m").agg(
            col("open").first(), col("high").max(), col("low").min(), col("close").last(), col("volume").sum())

    measure("resample_15m", len(df), work, lambda x: [len(x)])


def duckdb_resample(path):
    import duckdb
    import pyarrow as pa

    connection = duckdb.connect(config={"threads": 1})
    connection.register("bars", pa.table(bars(path)))
    connection.execute("create table t as select * from bars")
    n = connection.execute("select count(*) from t").fetchall()[0][0]

    def work():
        return connection.sql(
            "select ts // 900000000 q, first(open order by ts), max(high), min(low), last(close order by ts), sum(volume) "
            "from t group by q order by q").to_arrow_table()

    measure("resample_15m", n, work, lambda x: [x.num_rows])


# ---- files: bars of a CSV, and a million of a Parquet file that the program wrote ----

def pandas_files(csv, parquet):
    import pandas as pd

    measure("import", 1, lambda: pd.read_csv(csv, parse_dates=[0]), lambda x: [])
    measure("read_million", 1, lambda: pd.read_parquet(parquet), lambda x: [])


def polars_files(csv, parquet):
    import polars as pl

    measure("import", 1, lambda: pl.read_csv(csv, try_parse_dates=True), lambda x: [])
    measure("read_million", 1, lambda: pl.read_parquet(parquet), lambda x: [])


def duckdb_files(csv, parquet):
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    measure("import", 1, lambda: connection.sql(f"select * from read_csv('{csv}')").to_arrow_table(), lambda x: [])
    measure("read_million", 1, lambda: connection.sql(f"select * from read_parquet('{parquet}')").to_arrow_table(),
            lambda x: [])


# ---- a forest: other trees, so that probabilities are not held against each other ----

def sklearn_forest(path):
    from sklearn.ensemble import RandomForestClassifier

    rows = np.fromfile(path, dtype=np.float32).reshape(-1, 8)
    x, y = np.ascontiguousarray(rows[:, :7]), rows[:, 7].astype(int)
    model = RandomForestClassifier(n_estimators=100, max_depth=7, max_features="sqrt", random_state=42, n_jobs=1)
    measure("rf_fit", len(x), lambda: model.fit(x, y), lambda _: [], calls=1)
    measure("rf_predict", len(x), lambda: model.predict_proba(x), lambda _: [], calls=1)
    measure("rf_predict_one", 20, lambda: [model.predict_proba(x[i:i + 1]) for i in range(20)], lambda _: [])


main({
    ("pandas", "frame"): pandas_frame,
    ("TA-Lib", "frame"): talib_frame,
    ("numba", "labels"): numba_labels,
    ("pandas", "resample"): pandas_resample,
    ("polars", "resample"): polars_resample,
    ("duckdb", "resample"): duckdb_resample,
    ("pandas", "files"): pandas_files,
    ("polars", "files"): polars_files,
    ("duckdb", "files"): duckdb_files,
    ("scikit-learn", "forest"): sklearn_forest,
})
