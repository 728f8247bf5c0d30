# SPDX-License-Identifier: Apache-2.0
"""The golden cases: what each one is, how its files are written, and the checks of `oracle.py --check` and
`--golden`.

A case is a folder of cases/: case.json, bars_1m.csv unless it borrows the bars of another case, and per profile
and timeframe bars, features, events, labels, trades (CSV) and fates (JSON)."""
import argparse
import filecmp
import json
import pathlib
import shutil
import tempfile

import generate
import oracle
import pandas as pd

HERE = pathlib.Path(__file__).resolve().parent
MINUTES = {"5m": 5, "15m": 15, "30m": 30, "1h": 60, "2h": 120}
SERIES = ["bars", "features", "events", "labels", "trades", "fates"]
OUTCOMES = ["labels", "trades", "fates"]  # of a case that only changes what follows the events

CASES = [
    dict(name="equity", make=generate.equity, timeframes=["5m", "15m", "1h", "2h"],
         about="defaults; zero-volume stretches, partial days, missing minutes, a Saturday evening, bars outside "
               "the session, gaps, a standstill; 2h bins differ between the profiles"),
    dict(name="index", make=generate.index, timeframes=["15m", "30m"],
         config=dict(product="index", swing_period=3, reversion_k=1.5, time_stop_bars=8),
         about="no volume; a short Saturday at noon; other event settings"),
    dict(name="thin", make=generate.thin, timeframes=["1h"],
         about="one minute of five is traded; enough hourly bars for hourly events"),
    dict(name="penny", make=generate.penny, timeframes=["5m", "15m"], tick=0.05,
         config=dict(sl_mult=0.24, tp_mult=0.55),
         about="levels rounded to the tick 0.05, stops nearer than a tick, quantities capped by leverage"),
    dict(name="square_off", bars="equity", timeframes=["5m", "15m", "1h"], config=dict(square_off="15:15"),
         about="positions closed by 15:15, with days that end early and bars missing around it"),
    dict(name="square_off_odd", bars="equity", timeframes=["5m", "15m"],
         config=dict(square_off="15:17", time_stop_bars=40, sl_mult=3.0, tp_mult=6.0),
         about="a square-off inside a bar: closed by the last bar that ends before it"),
    dict(name="kill_switch", bars="equity", timeframes=["5m", "15m"],
         config=dict(max_drawdown_limit=0.025, cooldown_bars=0),
         about="the drawdown limit is reached; no cooldown"),
    dict(name="guards", bars="equity", timeframes=["5m", "15m", "1h"],
         config=dict(max_daily_trades=2, cooldown_bars=10, risk_per_trade=4.0, max_position_size=2,
                     capital=20000.0, leverage=0.12),
         about="daily limit, long cooldown, orders below one share, position size and leverage caps"),
    dict(name="slippage", bars="equity", timeframes=["5m", "15m"],
         config=dict(slippage_bps=3.0, entry="signal_close", tp_mult=1.5, sl_mult=1.25),
         about="market fills move against the trade; entries at the signal bar's close; other levels"),
    dict(name="slippage_range", bars="equity", timeframes=["5m"], config=dict(slippage="range:0.2"),
         about="market fills pay a fifth of the range of the bar before"),
    dict(name="slippage_volume", bars="equity", timeframes=["15m"],
         config=dict(slippage="volume:0.7", entry="signal_close", on_opposite="reverse", risk_per_trade=20000.0),
         about="market fills pay by the root of their part of the volume, where there is one"),
    dict(name="slippage_ticks", bars="penny", timeframes=["5m"], tick=0.05,
         config=dict(slippage="ticks:2", sl_mult=0.5, tp_mult=1.0), about="market fills pay two ticks"),
    dict(name="intraday", bars="equity", timeframes=["15m", "1h"],
         config=dict(product="intraday", on_opposite="close", cooldown_bars=1, time_stop_bars=30, sl_mult=2.0,
                     tp_mult=3.0),
         about="squared off at 15:15 by the product; an opposite signal closes"),
    dict(name="delivery", bars="equity", timeframes=["5m", "15m"],
         config=dict(product="delivery", on_opposite="reverse", time_stop_bars=60, sl_mult=3.0, tp_mult=6.0),
         about="long only at leverage 1, delivery rates from the entry on; a short signal closes and does not enter"),
    dict(name="futures", make=generate.futures, timeframes=["5m"], tick=0.05, lot=75, files=OUTCOMES,
         config=dict(product="futures", on_opposite="reverse", risk_per_trade=400.0, capital=150000.0,
                     time_stop_bars=40, sl_mult=1.5, cooldown_bars=1, slippage_bps=1.0),
         about="lots of 75, shorts held overnight, rates before and after their changes, reversals"),
    dict(name="reverse", bars="equity", timeframes=["5m", "15m"],
         config=dict(on_opposite="reverse", max_drawdown_limit=0.02, max_daily_trades=4, time_stop_bars=40,
                     sl_mult=2.0, tp_mult=4.0, cooldown_bars=6),
         about="reversals until the kill switch fires"),
    dict(name="no_costs", bars="equity", timeframes=["5m", "15m"], config=dict(fees="none", stop_fill="market"),
         about="no fees and no slippage: what a label says is what the replay realises"),
]
PROFILES = ["honest", "reference"]
SERIES_KEYS = ["profile", "swing", "swing_period", "vwap_fallback", "reversion_k"]  # what bars, features, events ask


# ---- computing ---------------------------------------------------------------------------------------------


def bars_of(case):
    makers = {each["name"]: each["make"] for each in CASES if "make" in each}
    return generate.csv_text(makers[case.get("bars", case["name"])]())


def series(one_minute, minutes, cfg):
    bars = oracle.resample(one_minute, minutes, cfg)
    features = oracle.features(bars, cfg)
    return bars, features, oracle.events(bars, features, cfg)


def compute(known, minutes, cfg, tick, lot=1):
    """All results of one profile and timeframe, by the name of their file, from bars, features and events."""
    bars, features, events = known
    result = oracle.replay(bars, events, cfg, minutes, tick, lot)
    fates = dict(candidates=len(events), fates=result["counts"], of_each_event=result["fates"],
                 final_equity=result["equity"][-1], capped_by=result["capped_by"])
    return dict(bars=bars, features=features, events=events[oracle.EVENT_COLUMNS],
                labels=oracle.labels(bars, events, cfg, minutes, tick), trades=result["trades"], fates=fates)


# ---- files -------------------------------------------------------------------------------------------------


def cell(value):
    """Shortest text that reads back exactly; empty where undefined."""
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    text = repr(float(value) + 0.0)  # no negative zero
    return text[:-2] if text.endswith(".0") else text


def write_csv(path, frame):
    lines = [",".join(frame.columns)]
    lines += [",".join(map(cell, row)) for row in frame.itertuples(index=False)]
    path.write_text("\n".join(lines) + "\n")


def files_of(case):
    return case.get("files", OUTCOMES if "bars" in case else SERIES)


def describe(case):
    settings = dict(case.get("config", {}))
    document = dict(
        about=case["about"], bars=case.get("bars", case["name"]), timeframes=case["timeframes"],
        files=files_of(case), tick=case.get("tick", 0), lot_size=case.get("lot", 1),
        capital=settings.pop("capital", oracle.DEFAULTS["capital"]),
        product=settings.pop("product", oracle.DEFAULTS["product"]), skip_meta_model=True, config=settings,
    )
    return json.dumps(document, indent=2) + "\n"


def write_case(case, folder, known):
    """`known` keeps the series, which cases that borrow their bars have in common."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "case.json").write_text(describe(case))
    text = bars_of(case)
    if "bars" not in case:
        (folder / "bars_1m.csv").write_text(text)
    with tempfile.NamedTemporaryFile("w+", suffix=".csv") as file:
        file.write(text)
        file.flush()
        one_minute, _ = oracle.session_filter(oracle.read_bars(file.name))
    for profile in PROFILES:
        (folder / profile).mkdir()
        cfg = oracle.config(profile, **case.get("config", {}))
        for timeframe in case["timeframes"]:
            key = case.get("bars", case["name"]), timeframe, *(cfg[name] for name in SERIES_KEYS)
            if key not in known:
                known[key] = series(one_minute, MINUTES[timeframe], cfg)
            results = compute(known[key], MINUTES[timeframe], cfg, case.get("tick", 0.0), case.get("lot", 1))
            for name in files_of(case):
                stem = folder / profile / f"{name}_{timeframe}"
                if name == "fates":
                    stem.with_suffix(".json").write_text(json.dumps(results[name]) + "\n")
                else:
                    write_csv(stem.with_suffix(".csv"), results[name])


def write_all(root):
    known = {}
    for case in CASES:
        write_case(case, root / case["name"], known)


def files_below(root):
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def compare_folders(fresh, root):
    """Byte by byte; returns the differences as lines, and how many files there should be."""
    wanted, found = files_below(fresh), files_below(root)
    lines = [f"{name}: missing" for name in sorted(wanted - found)]
    lines += [f"{name}: not written by the oracle" for name in sorted(found - wanted)]
    lines += [f"{name}: differs" for name in sorted(wanted & found)
              if not filecmp.cmp(fresh / name, root / name, shallow=False)]
    return lines, len(wanted)


def check(root):
    """Recomputes every case elsewhere and compares."""
    with tempfile.TemporaryDirectory(prefix="pixity-golden-") as folder:
        write_all(pathlib.Path(folder))
        return compare_folders(pathlib.Path(folder), root)


# ---- comparing with results of another program -------------------------------------------------------------


def close(x, y, relative=1e-9, absolute=1e-12):
    return x == y or abs(x - y) <= max(relative * max(abs(x), abs(y)), absolute)


def same_cell(x, y):
    """Texts and times exactly, numbers within 1e-9 relative, undefined where undefined."""
    try:
        return close(float(x), float(y)) if x and y else x == y
    except ValueError:
        return x == y


def differences(name, expected, actual, limit=5):
    """Compares two tables of text cells, the expected columns by name; returns the differences as lines."""
    missing = [column for column in expected.columns if column not in actual.columns]
    if missing:
        return [f"{name}: no column {', '.join(missing)}"]
    if len(expected) != len(actual):
        return [f"{name}: {len(actual)} rows, expected {len(expected)}"]
    lines = []
    for column in expected.columns:
        for row, (want, got) in enumerate(zip(expected[column], actual[column])):
            if not same_cell(want, got):
                lines.append(f"{name}: row {row + 1}, {column} is {got or 'empty'}, expected {want or 'empty'}")
    return lines[:limit] + ([f"{name}: and {len(lines) - limit} more"] if len(lines) > limit else [])


def read_text(path):
    """A CSV file as text cells."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def as_text(frame):
    return pd.DataFrame({name: [cell(value) for value in frame[name]] for name in frame.columns}, dtype=object)


def pinned_minutes(case):
    """The one-minute bars of a pinned case; those of nifty_2017h1 are a part of the data's NIFTY file."""
    if (case / "bars_1m.csv").exists():
        return oracle.read_bars(case / "bars_1m.csv")
    bars = oracle.read_bars(case.parent.parent / "data" / "nse_1m" / "NIFTY50_2012_2021.csv.gz")
    inside = (bars["timestamp"] >= "2017-01-01") & (bars["timestamp"] < "2017-07-01")
    return bars[inside].reset_index(drop=True)


def golden(root):
    """Compares profile `reference` with every file of a folder of pinned outputs."""
    lines, compared = [], 0
    for case in sorted(path for path in root.iterdir() if path.is_dir()):
        one_minute, _ = oracle.session_filter(pinned_minutes(case))
        for timeframe, minutes in MINUTES.items():
            if not (case / f"bars_{timeframe}.csv").exists():
                continue
            cfg = oracle.config("reference")
            results = compute(series(one_minute, minutes, cfg), minutes, cfg, 0.0)
            for name in ["bars", "features", "events", "labels"]:
                expected = read_text(case / f"{name}_{timeframe}.csv")
                lines += differences(f"{case.name}/{name}_{timeframe}.csv", expected, as_text(results[name]))
                compared += 1
    return lines, compared


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true", help="recompute the cases and compare")
    action.add_argument("--write", action="store_true", help="rewrite the cases; the folder must not exist")
    action.add_argument("--golden", metavar="DIR", type=pathlib.Path, help="compare with pinned outputs")
    parser.add_argument("--cases", metavar="DIR", type=pathlib.Path, default=HERE / "cases")
    arguments = parser.parse_args()
    if arguments.write:
        write_all(arguments.cases)
        print(f"{len(files_below(arguments.cases))} files written")
        return 0
    lines, count = golden(arguments.golden) if arguments.golden else check(arguments.cases)
    print("\n".join(lines + [f"{count} files compared, {len(lines)} differences"]))
    return 1 if lines or not count else 0
