# SPDX-License-Identifier: Apache-2.0
"""Quantities in any lot: random bars, lots, products and capital, traded by the program and by the oracle. Quantities are
the same to the last bit, and cash balances: equity of every bar, trades, fates and caps are the oracle's."""
import csv
import json
import pathlib
import random
import sys
from datetime import datetime
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cases
import generate
import oracle
import program
from harness import main, pixity, reduced, test

LOTS = [1, 25, 0.1, 0.001, 0]
ROUNDS = 1 if reduced("one round of each lot") else 4


def bars_at(price, seed, path):
    """Bars of five minutes, some of them missing, at a price like a coin's or a share's."""
    market = generate.Market(seed, price=price, moves=6, step=max(price // 400, 2), drift=6, volume=50)
    rows = []
    for number, day in enumerate(generate.weekdays("2025-01-06", 6)):
        rows += generate.drop(market.rng, market.session(day, gap=price // 20)[::5], 5)
    path.write_text(generate.csv_text(rows))
    return oracle.read_bars(path)


def check(seed, lot):
    rng = random.Random(f"{seed} {lot}")
    price = 60 if lot == 25 else rng.choice([60, 2500, 60000])
    settings = dict(product=rng.choice(["any", "delivery", "futures"]), risk_per_trade=rng.choice([20.5, 500.0, 30000.0]),
                    capital=rng.choice([10000.0, 100000.0, 2500000.0]), on_opposite=rng.choice(["ignore", "reverse"]),
                    max_position_size=None if lot == 25 else rng.choice([None, 0.25, 7.3, 100.0]), sl_mult=rng.choice([1.0, 1.7]))
    run, path = f"lot-{lot}-{seed}".replace(".", "-"), pathlib.Path(f"bars-{seed}-{lot}.csv")
    bars = bars_at(price, seed * 31 + LOTS.index(lot), path)
    cfg = oracle.config("honest", **settings)
    events = oracle.events(bars, oracle.features(bars, cfg), cfg)
    expected = oracle.replay(bars, events, cfg, 5, 0.0, lot)
    arguments = [f"{key}={'none' if value is None else value}" for key, value in settings.items()]
    pixity("backtest", "--strategy", "pixityAI_meta", "--input", path, "--timeframe", "5m", "--run-id", run, "--accept", "split",
           *[word for each in ["skip_meta_model=true", f"lot_size={lot}", *arguments] for word in ("--set", each)], "--json")
    trades, name = program.table("runs", "trades", run), f"{run} {settings}"
    signals = program.table("runs", "events", run, "--full")
    assert signals["fate"].tolist() == expected["fates"], name
    assert signals["capped_by"].tolist() == [cap or "" for cap in expected["capped_by"]], name
    lines = cases.differences(name, cases.as_text(expected["trades"]), trades)
    assert not lines, "\n".join(lines)
    with open_table(run, "equity") as rows:
        equity = [float(row["equity_net"]) for row in csv.DictReader(rows)]
    assert len(equity) == len(expected["equity"]) and all(map(cases.close, equity, expected["equity"])), name
    check_lots(name, lot, trades, expected["trades"])
    return len(trades)


def open_table(run, table):
    path = pathlib.Path(f"{run}-{table}.csv")
    pixity("runs", "export", run, "--table", table, "--out", path)
    return path.open()


def check_lots(name, lot, trades, expected):
    """What is printed is a multiple of the lot, and the oracle's to the last digit; of lot 0 a delivery is cut to where the
    cash pays, and there two ways of looking may end a few doubles apart."""
    for got, wanted in zip(trades["qty"], expected["qty"]):
        quantity = Fraction(got)
        assert quantity > 0 and (not lot or (quantity % Fraction(repr(lot)) == 0 and float(got) == wanted)), (name, got, wanted)
        assert abs(float(got) - wanted) <= 1e-13 * wanted, (name, got, wanted)


def add(lot):
    def quantities():
        n_trades = sum(check(seed, lot) for seed in range(1, ROUNDS + 1))
        assert ROUNDS == 1 or n_trades > 0, "nothing was traded"

    quantities.__name__ = f"quantities_in_lots_of_{lot}".replace(".", "_")
    test(quantities)


for each in LOTS:
    add(each)

if __name__ == "__main__":
    main()
