# SPDX-License-Identifier: Apache-2.0
"""Writes the files of this folder: the same five bars as pandas 3.1.1, polars 2.1.0 and pyarrow 26.0.1 write them.

    python make.py [FOLDER]     with these libraries; FOLDER: here
"""
import datetime
import decimal
import pathlib
import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
OPEN = [2648.95, 2650.0, 2651.05, 2649.4, 2648.1]
VOLUME = [5, 3, 9, 2, 7]
WALL = [datetime.datetime(2024, 5, 6, 9, 15 + i) for i in range(5)]
PRICES = ["open", "high", "low", "close"]
TIMES = pd.DatetimeIndex(WALL)


def table(time=None, prices=None, volume=None, **more):
    columns = {"datetime": pa.array(WALL, pa.timestamp("us")) if time is None else time}
    columns |= {name: pa.array(OPEN) if prices is None else prices for name in PRICES}
    return pa.table(columns | {"volume": pa.array(VOLUME) if volume is None else volume} | more)


def file(name, rows, compression=None, chunk=None):
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_file(OUT / f"{name}.arrow", rows.schema, options=options) as writer:
        writer.write_table(rows, chunk)


def stream(name, batches, compression=None, **options):
    settings = pa.ipc.IpcWriteOptions(compression=compression, **options)
    with pa.ipc.new_stream(OUT / f"{name}.arrows", batches[0].schema, options=settings) as writer:
        for batch in batches:
            writer.write(batch)


def words(of):
    return pa.DictionaryArray.from_arrays(pa.array([0] * len(of), pa.int8()), pa.array(["ABC"]))


def frames():
    frame = pd.DataFrame({"datetime": TIMES.tz_localize("Asia/Kolkata"), **dict.fromkeys(PRICES, OPEN), "volume": VOLUME})
    frame["symbol"] = "ABC"
    frame.to_feather(OUT / "pandas.feather")
    frame.assign(symbol=frame.symbol.astype("category")).to_feather(OUT / "pandas-zstd.feather", compression="zstd")
    naive = frame.assign(datetime=TIMES, period=1)
    naive.to_feather(OUT / "pandas-plain.feather", compression="uncompressed")
    periods = frame.assign(datetime=pd.PeriodIndex(TIMES, freq="min"))
    periods.to_feather(OUT / "period.feather")
    weeks = frame.assign(datetime=pd.PeriodIndex(TIMES, freq="W"))
    weeks.to_feather(OUT / "period-weeks.feather")
    polars = pl.DataFrame({"datetime": WALL, **dict.fromkeys(PRICES, OPEN), "volume": VOLUME, "symbol": ["ABC"] * 5,
                           "note": ["a text that does not stand in its view " * 2] * 5})
    zoned = polars.with_columns(pl.col("datetime").dt.replace_time_zone("Asia/Kolkata"))
    zoned.write_ipc(OUT / "polars.arrow")
    zoned.write_ipc(OUT / "polars-lz4.arrow", compression="lz4")
    zoned.write_ipc(OUT / "polars-oldest.arrow", compat_level=pl.CompatLevel.oldest())
    zoned.write_ipc_stream(OUT / "polars.arrows")
    kinds = zoned.with_columns(pl.col("symbol").cast(pl.Enum(["ABC", "XYZ"])), pl.col("note").cast(pl.Categorical))
    kinds.write_ipc(OUT / "polars-categories.arrow")
    zoned.with_columns(pl.col("volume").cast(pl.Int128)).write_ipc(OUT / "polars-int128.arrow")
    zoned.with_columns(pl.col(PRICES).cast(pl.Float32)).write_ipc(OUT / "polars-float32.arrow", compression="zstd")


def kinds_of_values():
    for unit in ("s", "ms", "us", "ns"):
        file(f"wall-{unit}", table(pa.array(WALL, pa.timestamp(unit))))
        utc = [t - datetime.timedelta(hours=5.5) for t in WALL]
        stream(f"zone-{unit}", table(pa.array(utc, pa.timestamp(unit, "Asia/Kolkata"))).to_batches())
    exact = [decimal.Decimal(f"{x:.2f}") for x in OPEN]
    for bits, maker in ((32, pa.decimal32(6, 2)), (64, pa.decimal64(9, 2)), (128, pa.decimal128(20, 4)), (256, pa.decimal256(40, 4))):
        file(f"decimal{bits}", table(prices=pa.array(exact, maker)), "zstd")
    file("half", table(prices=pa.array(OPEN).cast(pa.float16())))
    file("float32", table(prices=pa.array(OPEN, pa.float32()), volume=pa.array(VOLUME, pa.uint64())), "lz4")
    file("large-text", table(symbol=pa.array(["ABC"] * 5, pa.large_string()), volume=pa.array(VOLUME, pa.uint16())), "lz4")
    file("view-text", table(symbol=pa.array(["ABC"] * 5, pa.string_view()), volume=pa.array(VOLUME, pa.int8())))
    file("texts", pa.table({"date": ["06-May-2024"] * 5, "time": [f"{t:%H:%M}" for t in WALL],
                            **{name: [f"{x}" for x in OPEN] for name in PRICES}, "volume": [f"{v}" for v in VOLUME]}))
    file("clock", pa.table({"date": pa.array([t.date() for t in WALL], pa.date32()), "time": pa.array([t.time() for t in WALL], pa.time64("ns")),
                            **dict.fromkeys(PRICES, OPEN), "volume": VOLUME}))
    file("clock-ms", pa.table({"date": pa.array([t.date() for t in WALL], pa.date64()), "time": pa.array([t.time() for t in WALL], pa.time32("ms")),
                               **dict.fromkeys(PRICES, OPEN), "volume": VOLUME}))


def beside():
    """Columns of every other kind in front of the bars, which are counted and passed over."""
    rows = table()
    others = {
        "list": pa.array([[1, 2], None, [], [3], [4]]),
        "large_list": pa.array([[["x"]], None, [], [["y", None]], [["z"]]], pa.large_list(pa.list_(pa.string()))),
        "fixed_list": pa.array([[1, 2]] * 5, pa.list_(pa.int8(), 2)),
        "struct": pa.array([{"a": 1, "b": "x"}] * 5),
        "map": pa.array([[("k", 1)]] * 5, pa.map_(pa.string(), pa.int32())),
        "sparse": pa.UnionArray.from_sparse(pa.array([0, 1] * 2 + [0], pa.int8()), [pa.array(range(5)), pa.array(list("abcde"))]),
        "dense": pa.UnionArray.from_dense(pa.array([0, 1] * 2 + [0], pa.int8()), pa.array([0, 0, 1, 1, 2], pa.int32()),
                                          [pa.array(range(3)), pa.array(list("ab"))]),
        "run_end": pa.RunEndEncodedArray.from_arrays(pa.array([2, 5], pa.int32()), pa.array(["p", "q"])),
        "list_view": pa.array([[1], [2, 3], None, [], [4]], pa.list_view(pa.int32())),
        "views": pa.array([["a text that is longer than its view"]] * 5, pa.list_(pa.string_view())),
        "binary_view": pa.array([b"some bytes that are longer than a view"] * 5, pa.binary_view()),
        "binary": pa.array([b"x"] * 5), "fixed": pa.array([b"xy"] * 5, pa.binary(2)), "null": pa.nulls(5),
        "bool": pa.array([True, None, False, True, True]), "duration": pa.array([1] * 5, pa.duration("s")),
        "span": pa.array([(1, 2, 3)] * 5, pa.month_day_nano_interval()),
        "nested_words": pa.StructArray.from_arrays([words(OPEN)], ["w"]),
        "dictionary_of_lists": pa.DictionaryArray.from_arrays(pa.array([0] * 5, pa.int16()), pa.array([[1, 2]])),
    }
    rows = pa.table(others | {name: rows[name] for name in rows.column_names})
    rows = rows.append_column("symbol", pa.array(["ABC"] * 5, pa.string_view()))
    file("beside", rows)
    file("beside-zstd", rows, "zstd", 2)


def dictionaries():
    file("words", table(symbol=words(OPEN)), "lz4", 2)
    times = pa.DictionaryArray.from_arrays(pa.array([4, 3, 2, 1, 0], pa.uint8()), pa.array(WALL[::-1], pa.timestamp("us")))
    prices = pa.DictionaryArray.from_arrays(pa.array(range(5), pa.int64()), pa.array(OPEN, pa.float32()))
    file("values-in-dictionaries", table(times, prices))
    rows = table().to_batches()[0]

    def batch(i, known):
        symbol = pa.DictionaryArray.from_arrays(pa.array([known.index("ABC" if i < 4 else "XYZ")], pa.int32()), pa.array(known))
        return pa.RecordBatch.from_arrays([*rows.slice(i, 1).columns, symbol], [*rows.schema.names, "symbol"])

    stream("deltas", [batch(i, ["ABC"] if i < 4 else ["ABC", "XYZ"]) for i in range(5)], emit_dictionary_deltas=True)
    stream("replaced", [batch(i, ["ABC"] if i < 4 else ["XYZ", "ABC"]) for i in range(5)], "zstd")
    gap = table(volume=pa.array([5, None, 9, 2, 7]))
    file("gap", gap, "lz4", 3)
    file("empty", table().slice(0, 0))
    prices = [None if i == 2 else x for i, x in enumerate(OPEN)]
    file("no-price", table(prices=pa.array(prices)))


frames()
kinds_of_values()
beside()
dictionaries()
