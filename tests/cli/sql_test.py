# SPDX-License-Identifier: Apache-2.0
"""pixity runs sql, and every query of examples/sql beside the same question asked in pandas."""
import io
import pathlib

import pandas

from harness import SOURCE, main, pixity, test
from lab import document, fails, listing, rows_of

QUERIES = SOURCE / "examples/sql"
RUNS = {"plain": [], "choosy": ["--set", "long_threshold=0.55", "--set", "short_threshold=0.55"], "slow": ["--set", "cooldown_bars=30"]}


def make_runs():
    pixity("synth", "--symbol", "S", "--days", 150, "--seed", 1, "--kind", "trend", "--start", "2022-01-03")
    pixity("train", "--symbol", "S", "--timeframe", "15m", "--end", "2022-04-29", "--model-out", "m")
    for name, settings in RUNS.items():
        pixity("backtest", "--strategy", "pixityAI_meta", "--model", "m", "--symbol", "S", "--timeframe", "15m",
               "--run-id", name, *settings)


def frame_of(*args):
    return pandas.read_csv(io.StringIO(pixity(*args, "--csv").stdout), float_precision="round_trip")


def ask(name):
    return frame_of("runs", "sql", QUERIES / f"{name}.sql")


def tables(verb):
    """The tables of all runs as one frame, with run_id."""
    frames = []
    for name in RUNS:
        frames.append(frame_of("runs", *verb, name).assign(run_id=name))
    frame = pandas.concat(frames, ignore_index=True)
    for column in frame.columns[frame.columns.str.endswith("ts")]:
        frame[column] = pandas.to_datetime(frame[column])
    return frame


def same(found, wanted, keys):
    found = found[list(wanted.columns)].sort_values(keys).reset_index(drop=True)
    wanted = wanted.sort_values(keys).reset_index(drop=True)
    pandas.testing.assert_frame_equal(found, wanted, check_dtype=False, rtol=1e-9)


def check_best_runs():
    found = ask("best_runs")
    runs = {name: document("runs", "show", name) for name in RUNS}
    order = sorted(RUNS, key=lambda name: -runs[name]["metrics"]["Return [%]"])
    assert list(found.run_id) == order and list(found.place) == [1, 2, 3]
    for _, row in found.iterrows():
        run = runs[row.run_id]
        assert (row.tp_mult, row.n_trades) == (run["config"]["tp_mult"], run["metrics"]["# Trades"])
        for column, metric in (("return_gross_pct", "Return [%] (gross)"), ("return_net_pct", "Return [%]"),
                               ("sharpe_net", "Sharpe Ratio"), ("max_drawdown_net_pct", "Max. Drawdown [%]")):
            assert row[column] == run["metrics"][metric], (row.run_id, column)


def check_trades_by_month():
    trades = tables(["trades"])
    wanted = trades.assign(month=trades.entry_ts.dt.strftime("%Y-%m"), won=100.0 * (trades.pnl_net > 0)).groupby(
        ["run_id", "month"]).agg(n_trades=("pnl", "size"), pnl_gross=("pnl", "sum"), fees=("fees", "sum"),
                                 pnl_net=("pnl_net", "sum"), win_rate_net_pct=("won", "mean")).reset_index()
    same(ask("trades_by_month"), wanted, ["run_id", "month"])


def check_pnl_by_hour():
    trades = tables(["trades", "--full"])
    wanted = trades.assign(entry_hour=trades.entry_ts.dt.hour).groupby(["entry_hour", "direction"]).agg(
        n_trades=("pnl", "size"), pnl_gross=("pnl", "sum"), pnl_net=("pnl_net", "sum"),
        average_r_net=("r_net", "mean")).reset_index()
    same(ask("pnl_by_hour"), wanted, ["entry_hour", "direction"])


def check_worst_drawdowns():
    equity = tables(["export", "--table", "equity"])
    found = ask("worst_drawdowns").set_index("run_id")
    for name, curve in equity.groupby("run_id"):
        bottom = curve.loc[curve.drawdown_pct.idxmin()]
        before = curve[curve.ts <= bottom.ts]
        row = found.loc[name]
        assert row.drawdown_net_pct == bottom.drawdown_pct and row.bottom_ts == str(bottom.ts)
        assert row.peak_equity == before.equity_net.max() and row.bottom_equity == bottom.equity_net
        assert row.peak_ts == str(before.ts[before.equity_net == row.peak_equity].max())
        shown = document("runs", "show", name)["metrics"]["Max. Drawdown [%]"]
        assert abs(row.drawdown_net_pct - shown) < 1e-9


def check_exits():
    wanted = tables(["trades", "--full"]).groupby(["run_id", "exit_reason"]).agg(
        n_trades=("pnl", "size"), average_bars_held=("bars_held", "mean"), pnl_gross=("pnl", "sum"),
        pnl_net=("pnl_net", "sum"), average_r_gross=("r", "mean"), average_r_net=("r_net", "mean")).reset_index()
    same(ask("exits"), wanted, ["run_id", "exit_reason"])


def check_fates():
    events = tables(["events"])
    wanted = events.groupby(["run_id", "fate"]).agg(
        n_events=("fate", "size"), buys=("side", lambda side: (side == "BUY").sum()),
        sells=("side", lambda side: (side == "SELL").sum()), mean_probability=("probability", "mean")).reset_index()
    same(ask("fates"), wanted, ["run_id", "fate"])


def check_in_sample():
    trades = tables(["trades", "--full"])
    assert set(trades.in_sample) == {0, 1}
    wanted = trades.assign(sample=trades.in_sample.map({1: "in sample", 0: "out of sample"}),
                           won=100.0 * (trades.pnl_net > 0)).groupby(["run_id", "sample"]).agg(
        n_trades=("pnl", "size"), win_rate_net_pct=("won", "mean"), average_r_net=("r_net", "mean"),
        pnl_net=("pnl_net", "sum")).reset_index()
    same(ask("in_sample"), wanted, ["run_id", "sample"])


@test
def the_examples_say_what_pandas_says():
    make_runs()
    checks = {name[len("check_"):]: check for name, check in globals().items() if name.startswith("check_")}
    assert set(checks) == {path.stem for path in QUERIES.glob("*.sql")}
    for check in checks.values():
        check()


@test
def a_query_from_the_command_line_a_file_and_standard_input():
    pixity("synth", "--symbol", "S", "--days", 30, "--seed", 1, "--start", "2022-01-03")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "15m", "--run-id", "a")
    query = "SELECT run_id, count(*) AS n, min(entry_ts) AS first FROM trades GROUP BY 1"
    header, rows = rows_of(pixity("runs", "trades", "a", "--csv"))
    wanted = f"run_id,n,first\na,{len(rows)},{rows[0][0]}\n"
    pathlib.Path("q.sql").write_text(f"-- a question\n{query};\n")
    pathlib.Path("q").write_text(query)
    for argument, stdin in ((query, None), ("q.sql", None), ("q", None), ("-", query)):
        assert pixity("runs", "sql", argument, "--csv", stdin=stdin).stdout == wanted, argument
    (row,) = document("runs", "sql", query)
    assert row["run_id"] == "a" and row["first"] == rows[0][0].replace(" ", "T") + "+05:30"
    assert pixity("runs", "sql", "SELECT min(entry_ts) AS t FROM trades", "--exchange", "24x7", "--csv").stdout \
        != pixity("runs", "sql", "SELECT min(entry_ts) AS t FROM trades", "--csv").stdout
    views = pixity("runs", "sql", "--views").stdout
    assert views.startswith("SET TimeZone = 'Asia/Kolkata';\nCREATE VIEW runs AS") and "trades.parquet" in views


@test
def wrong_queries_and_forbidden_ones():
    pixity("synth", "--symbol", "S", "--days", 30, "--seed", 1, "--start", "2022-01-03")
    fails("runs", "sql", "SELECT 1", words=["no runs are stored"])
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "15m", "--run-id", "a")
    for query, words in (
        ("SELECT * FROM tradess", ["tradess", 'Did you mean "trades"']),
        ("SELECT pnll FROM trades", ["pnll"]),
        ("SELEC 1", ["SELEC"]),
        ("", ["one query"]),
        ("SELECT 1; SELECT 2", ["one query"]),
        ("none.sql", ["none.sql"]),
        ("DROP VIEW runs", ["only queries"]),
        ("COPY (SELECT 1) TO 'out.csv'", ["only queries"]),
        ("SELECT * FROM read_csv('/etc/passwd')", ["read_csv"]),
        ("SELECT * FROM enable_logging(storage = 'file', storage_path = 'log')", ["enable_logging"]),
    ):
        fails("runs", "sql", query, words=words)
    fails("runs", "sql", words=["QUERY is missing"])
    fails("runs", "sql", "--views", "SELECT 1", words=["--views"])
    fails("runs", "sql", "SELECT 1", "--exchange", "XXXX", words=["XXXX"])
    assert set(listing(".")) == set(listing(".")) - {"out.csv", "log"}


main()
