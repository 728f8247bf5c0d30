# SPDX-License-Identifier: Apache-2.0
"""Findings: each is made to happen, stands on the run in the order of the table, and errors refuse it unless accepted."""
import csv
import datetime
import io
import json
import pathlib
import re

from harness import main, pixity, test
from lab import document, fails, walk, write_bars

DAY = 375


def scaled(row, factor):
    return [row[0], *(f"{float(price) * factor:.2f}" for price in row[1:5]), row[5]]


def run(path, *more, timeframe="5m", strategy="ema_cross"):
    """The findings of a run by code, after what holds of all of them is seen to hold."""
    result = document("backtest", "--input", path, "--timeframe", timeframe, "--strategy", strategy, *more)
    found = result["findings"]
    severities = [finding["severity"] for finding in found]
    assert severities == sorted(severities, key=["error", "warning", "info"].index), severities
    assert [finding["code"] for finding in found] == sorted((f["code"] for f in found), key=order().index)
    for finding, text in zip(found, result["warnings"], strict=True):
        assert finding["what"] in text and finding["effect"] and finding["remedy"], finding
        assert finding["severity"] != "error" or finding["accepted"] is True
    return {finding["code"]: finding for finding in found}


def order():
    """The codes as docs/findings.md lists them."""
    text = (pathlib.Path(__file__).parents[2] / "docs/findings.md").read_text()
    return re.findall(r"^\| `(\w+)` \|", text, re.M)


def refused(path, code, *more, timeframe="5m"):
    """An error finding refuses the run and names itself; accepted, it stands first."""
    args = ("backtest", "--input", path, "--timeframe", timeframe, "--strategy", "ema_cross", *more)
    fails(*args, words=(f"{code}: ", f"--accept {code}"))
    found = run(path, "--accept", code, *more, timeframe=timeframe)
    assert next(iter(found)) == code and found[code]["severity"] == "error"
    return found[code]


@test
def clean_bars_have_no_error_and_no_finding_of_their_bars():
    write_bars("ABC.csv", walk(10, start="2025-01-06"))
    assert set(run("ABC.csv", "--set", "slippage_bps=1")) <= {"few_trades", "overnight_leverage", "quantity_cut"}
    assert "no_slippage" in run("ABC.csv")


@test
def prices_of_another_level_and_back():
    rows = walk(10)
    for i in range(4 * DAY + 60, 4 * DAY + 180):
        rows[i] = scaled(rows[i], 1 / 12)
    write_bars("BAD.csv", rows)
    found = refused("BAD.csv", "bad_price")
    assert found["count"] == 120 and found["where"].startswith("2022-01-07 10:15"), found


@test
def a_split_that_nobody_recorded():
    rows = walk(12)
    write_bars("SPL.csv", rows[: 6 * DAY] + [scaled(row, 0.5) for row in rows[6 * DAY :]])
    assert refused("SPL.csv", "split")["where"] == "2022-01-11 09:15"
    pathlib.Path("splits.csv").write_text("ex_date,factor\n2022-01-11,2\n")
    assert "split" not in run("SPL.csv", "--adjustments", "splits.csv")
    # Neither the window nor its warm-up holds it.
    assert "split" not in run("SPL.csv", "--end", "2022-01-10")
    assert "split" not in run("SPL.csv", "--start", "2022-01-12", "--set", "warmup_days=0")


@test
def what_is_wrong_in_the_warm_up_bends_the_indicators_of_the_window():
    rows = walk(12)
    split = rows[: 6 * DAY] + [scaled(row, 0.5) for row in rows[6 * DAY :]]
    write_bars("SPL.csv", split)
    pixity("import", "SPL.csv", "--symbol", "KEPT")
    for start in ("2022-01-11", "2022-01-12"):  # in the night before it, and inside
        found = refused("SPL.csv", "split", "--start", start)
        assert found["where"] == "2022-01-11 09:15" and ("warm-up" in found["what"]) == (start > "2022-01-11"), found
        fails("backtest", "--symbol", "KEPT", "--timeframe", "5m", "--strategy", "ema_cross", "--start", start,
              words=("split: ", "--accept split"))
    for i in range(2 * DAY + 60, 2 * DAY + 180):
        rows[i] = scaled(rows[i], 1 / 12)
    write_bars("BAD.csv", rows)
    assert "warm-up" in refused("BAD.csv", "bad_price", "--start", "2022-01-12")["what"]
    # What is odd, but no error, is told of the window alone.
    rows = walk(12)
    del rows[2 * DAY + 60 : 2 * DAY + 70]
    write_bars("GAP.csv", rows)
    assert run("GAP.csv")["gap"]["count"] == 10 and "gap" not in run("GAP.csv", "--start", "2022-01-12")


@test
def rows_of_one_time_with_other_values():
    rows = walk(3)
    write_bars("TWO.csv", [*rows, scaled(rows[500], 1.01)])
    assert refused("TWO.csv", "conflict")["count"] == 1
    # Those that the run does not read do not concern it.
    assert "conflict" not in run("TWO.csv", "--end", "2022-01-03")
    assert "conflict" not in run("TWO.csv", "--start", "2022-01-05", "--set", "warmup_days=0")
    assert refused("TWO.csv", "conflict", "--start", "2022-01-05")["where"] == "2022-01-04 11:20"


@test
def bars_of_a_longer_timeframe():
    write_bars("FIVE.csv", walk(12)[::5])
    found = refused("FIVE.csv", "timeframe", "--input-timeframe", "1m", timeframe="15m")
    assert found["count"] == 12 * 75 and "look like 5m bars, not 1m" in found["what"], found
    # The whole file tells, also where what the run reads is too little to.
    refused("FIVE.csv", "timeframe", "--input-timeframe", "1m", "--start", "2022-01-18", "--set", "warmup_days=3", timeframe="5m")
    assert "timeframe" not in run("FIVE.csv", timeframe="15m")
    # A name that is too long cannot be accepted: bins of such bars would be empty.
    fails("backtest", "--input", "FIVE.csv", "--input-timeframe", "15m", "--timeframe", "15m", "--strategy", "ema_cross",
          "--accept", "timeframe", words=("no 15m bars",))


@test
def a_damaged_file_ends_a_run_whatever_is_accepted():
    write_bars("ABC.csv", walk(5))
    write_bars("DEF.csv", walk(5))
    pixity("import", "ABC.csv", "DEF.csv")
    next(pathlib.Path("home/candles").glob("*ABC/1m/*.parquet")).write_bytes(b"junk")
    args = ("--timeframe", "5m", "--strategy", "ema_cross")
    for accept in ((), ("--accept", "unreadable")):
        said = pixity("backtest", "--symbol", "ABC", *args, *accept, status=1).stderr
        assert "damaged" in said and "remove it and import that year again" in said, said
    pixity("backtest", "--symbol", "DEF", *args)  # no other series is concerned


@test
def bars_later_than_now():
    start = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=10)
    write_bars("LATE.csv", walk(3, start=str(start)))
    assert 3 * 360 <= refused("LATE.csv", "future", "--accept", "hours")["count"] <= 3 * DAY  # as the hours of that day are


@test
def what_was_accepted_is_stored_and_shown():
    rows = walk(12)
    write_bars("SPL.csv", rows[: 6 * DAY] + [scaled(row, 0.5) for row in rows[6 * DAY :]])
    pixity("import", "SPL.csv")
    args = ("backtest", "--symbol", "SPL", "--timeframe", "5m", "--strategy", "ema_cross", "--run-id", "r1")
    fails(*args, words=("split: ", "--accept split", "SPL"))
    fails(*args, "--accept", "splitt", words=("splitt", '"split"'))
    pixity(*args, "--accept", "jump", "--accept", "split")
    stored = document("runs", "show", "r1")
    assert stored["findings"][0]["code"] == "split" and stored["findings"][0]["accepted"] is True
    assert stored["request"]["accept"] == "jump,split"
    assert pixity("runs", "show", "r1").stdout.startswith("ACCEPTED  split: ")


@test
def what_is_accepted_changes_no_fingerprint():
    write_bars("ABC.csv", walk(5))
    args = ("backtest", "--input", "ABC.csv", "--timeframe", "5m", "--strategy", "ema_cross")
    assert document(*args)["fingerprint"] == document(*args, "--accept", "split")["fingerprint"]


@test
def jumps_and_spikes():
    rows = walk(12)
    for i in range(6 * DAY, 12 * DAY):
        rows[i] = scaled(rows[i], 1.42)
    rows[DAY + 50][2] = str(float(rows[DAY + 50][2]) * 1.2)
    write_bars("JMP.csv", rows)
    found = run("JMP.csv")
    assert (found["jump"]["count"], found["spike"]["count"]) == (1, 1)
    assert found["jump"]["severity"] == found["spike"]["severity"] == "warning"


@test
def bars_that_are_missing():
    rows = walk(40)
    del rows[12 * DAY : 20 * DAY]
    del rows[2 * DAY + 100 : 2 * DAY + 103]
    del rows[DAY : DAY + 10]
    write_bars("GAP.csv", rows)
    found = run("GAP.csv")
    assert (found["missing_days"]["count"], found["data_hole"]["count"]) == (7, 7), found
    assert (found["gap"]["count"], found["partial_session"]["count"]) == (3, 10)
    # Five sessions are no hole yet.
    rows = walk(40)
    del rows[12 * DAY : 17 * DAY]
    write_bars("FIVE.csv", rows)
    assert "data_hole" not in run("FIVE.csv")


@test
def a_hole_is_told_whatever_stands_around_it():
    rows = walk(60)
    write_bars("HOLE.csv", rows[: 3 * DAY] + rows[57 * DAY :])
    count = run("HOLE.csv")["data_hole"]["count"]
    assert count == 51, count


def trades(run_id):
    return list(csv.DictReader(io.StringIO(pixity("runs", "trades", run_id, "--csv").stdout)))


@test
def nothing_is_held_across_a_hole_unless_it_is_ignored():
    rows = walk(60)
    write_bars("HELD.csv", rows[: 3 * DAY] + rows[57 * DAY :])
    late, first, after = (f"{rows[i][0][:10]} {at}:00" for i, at in ((2 * DAY, "14:00"), (2 * DAY, "15:15"), (57 * DAY, "09:15")))
    pathlib.Path("held.csv").write_text(f"timestamp,side,h_bars\n{late},BUY,40\n")
    pathlib.Path("waits.csv").write_text(f"timestamp,side,h_bars\n{first},BUY,40\n")
    close = float(rows[3 * DAY - 1][4])
    args = ("HELD.csv", "--signals")

    def traded(signals, run_id, *more):
        found = run(*args, signals, "--run-id", run_id, *more, timeframe="15m", strategy="precomputed")
        return found, trades(run_id)

    found, (trade,) = traded("held.csv", "stops")
    assert "data_hole" in found and "holes_ignored" not in found
    assert (trade["exit_reason"], trade["exit_ts"], float(trade["exit_price"])) == ("data_hole", first, close), trade
    assert trade["bars_held"] == "5", trade
    found, (trade,) = traded("held.csv", "across", "--set", "holes=ignore")
    assert found["holes_ignored"]["count"] == 1 and "data_hole" in found
    assert trade["exit_reason"] == "time_stop" and trade["exit_ts"] > after, trade
    found, none = traded("waits.csv", "dropped")
    assert not none and document("runs", "show", "dropped")["events"]["no_next_bar"] == 1
    found, (trade,) = traded("waits.csv", "waits", "--set", "holes=ignore")
    assert trade["entry_ts"] == after, trade


@test
def a_last_bar_that_goes_on():
    write_bars("OPEN.csv", walk(5)[:-3])
    assert run("OPEN.csv", "--set", "slippage_bps=1")["unfinished_bar"]["where"] == "2022-01-07 15:25"
    assert "unfinished_bar" not in run("OPEN.csv", "--end", "2022-01-06")
    assert "unfinished_bar" not in run("OPEN.csv", timeframe="1m")
    pixity("import", "OPEN.csv", "--symbol", "KEPT")
    for end in ("2022-01-07", "2022-01-08", "2022-01-31"):  # the last date of the data and later
        assert run("OPEN.csv", "--end", end)["unfinished_bar"]["where"] == "2022-01-07 15:25", end
        kept = document("backtest", "--symbol", "KEPT", "--timeframe", "5m", "--strategy", "ema_cross", "--end", end)
        assert "unfinished_bar" in [finding["code"] for finding in kept["findings"]], end
    # Where the data go on behind the window, minutes are merely missing.
    rows = walk(7)
    write_bars("LATER.csv", rows[: 5 * DAY - 3] + rows[5 * DAY :])
    pixity("import", "LATER.csv")
    for source in (("--input", "LATER.csv"), ("--symbol", "LATER")):
        for end in ("2022-01-07", "2022-01-09"):
            later = document("backtest", *source, "--timeframe", "5m", "--strategy", "ema_cross", "--end", end)
            codes = [finding["code"] for finding in later["findings"]]
            assert "unfinished_bar" not in codes and "partial_session" in codes, codes


@test
def prices_that_stand_still():
    rows = walk(5)
    for i in range(2 * DAY, 2 * DAY + 200):
        rows[i][1:5] = rows[2 * DAY][1:5]
    write_bars("STILL.csv", rows)
    assert "frozen" in run("STILL.csv")


@test
def rows_that_are_no_bars():
    rows = walk(10)
    rows[700][4] = "-"
    write_bars("DASH.csv", rows)
    found = run("DASH.csv")["rejected_row"]
    assert found["count"] == 1 and '"-"' in found["what"], found


@test
def a_window_that_no_bar_covers():
    write_bars("ABC.csv", walk(5))
    found = run("ABC.csv", "--start", "2021-01-01", "--end", "2023-12-31")["window_not_covered"]
    assert "2022-01-03 to 2022-01-07" in found["what"]


@test
def a_finer_series_that_covers_less():
    rows = walk(10)
    write_bars("FINE.csv", rows[: 2 * DAY])
    write_bars("FIVE.csv", rows[::5])
    pixity("import", "FINE.csv", "--symbol", "ABC")
    pixity("import", "FIVE.csv", "--symbol", "ABC", "--timeframe", "5m")
    result = document("backtest", "--symbol", "ABC", "--timeframe", "5m", "--strategy", "ema_cross")
    assert "coarser_series" in [finding["code"] for finding in result["findings"]]


@test
def what_a_run_does_with_its_bars():
    write_bars("ABC.csv", walk(30, start="2019-01-07"))
    found = run("ABC.csv", "--set", "max_drawdown_limit=0.001", "--set", "allow_short=true")
    assert {"fees_outside_dates", "no_slippage", "kill_switch"} <= set(found), set(found)
    assert "no_fees" in run("ABC.csv", "--set", "fees=none") and "no_fees" in run("ABC.csv", "--product", "index")
    assert "unknown_lot" in run("ABC.csv", "--product", "futures")
    held = run("ABC.csv")["few_trades"]
    assert held["count"] < 30 and "few" in held["what"]


@test
def longs_that_no_account_could_hold():
    rows = walk(10)
    write_bars("ABC.csv", rows)
    pathlib.Path("s.csv").write_text("timestamp,side,quantity,stop,mine\n2022-01-04 10:00:00,BUY,400,800,x\n2022-01-04 10:05:00,HOLD,1,,y\n")
    found = run("ABC.csv", "--signals", "s.csv", strategy="precomputed")
    assert "times the equity" in found["overnight_leverage"]["what"], found
    assert {"foreign_signals", "rejected_signal", "unread_column"} <= set(found)


@test
def advice_that_can_be_followed_where_bars_are_read_in_place():
    write_bars("ABC.csv", walk(10))
    args = ("--timeframe", "5m", "--strategy", "ema_cross", "--set", "slippage=ticks:1")
    fails("backtest", "--input", "ABC.csv", *args, words=("read in place", "import them", "bps:X"))
    assert "lot_size" in run("ABC.csv", "--product", "futures")["unknown_lot"]["what"]


@test
def quantities_that_a_cap_cuts():
    write_bars("ABC.csv", walk(20))
    found = run("ABC.csv", "--set", "skip_meta_model=true", "--set", "capital=10000", timeframe="15m", strategy="pixityAI_meta")
    assert "were cut" in found["quantity_cut"]["what"], found


@test
def look_ahead_and_ambiguous_bars():
    write_bars("ABC.csv", walk(20))
    found = run("ABC.csv", "--profile", "reference", "--set", "skip_meta_model=true", "--set", "sl_mult=0.1",
                "--set", "tp_mult=0.1", timeframe="15m", strategy="pixityAI_meta")
    assert {"look_ahead", "ambiguous_bar"} <= set(found), set(found)


@test
def a_bar_outside_of_the_session():
    rows = walk(5)
    rows.insert(DAY, ["2022-01-03 16:00:00", *rows[DAY - 1][1:]])
    write_bars("OUT.csv", rows)
    found = run("OUT.csv")
    assert (found["out_of_session"]["severity"], found["out_of_session"]["count"]) == ("info", 1)


@test
def bars_without_volume():
    rows = walk(6)
    for row in rows[: 2 * DAY]:
        row[5] = "0"
    rows[4 * DAY + 7][5] = "0"
    write_bars("VOL.csv", rows)
    found = run("VOL.csv")
    assert (found["no_volume"]["count"], found["zero_volume"]["count"]) == (2 * DAY, 1)


def at_wall(rows, hours):
    """The rows with their clock turned, as another zone writes it."""
    return [[str(datetime.datetime.fromisoformat(row[0]) + datetime.timedelta(hours=hours)), *row[1:]] for row in rows]


@test
def bars_in_the_wall_time_of_another_zone():
    write_bars("UTC.csv", at_wall(walk(6), -5.5))
    found = refused("UTC.csv", "zone", "--as-is", timeframe="1m")
    assert "--tz UTC" in found["what"] and found["count"] == 6 * DAY, found
    pixity("import", "UTC.csv", "--symbol", "U", "--as-is")
    fails("backtest", "--symbol", "U", "--timeframe", "1m", "--strategy", "ema_cross", words=["zone: ", "--tz UTC"])
    assert "error    zone" in pixity("data", "check", "--symbol", "U").stdout.replace("  error", "error")


@test
def bars_on_days_without_trading():
    rows = walk(5)
    rows += [[row[0].replace("2022-01-07", "2022-01-08"), *row[1:]] for row in rows[-DAY:]]  # a Saturday
    rows += walk(1, start="2022-01-26")  # Republic Day
    found = run(write_bars("HOL.csv", rows))["holiday"]
    assert found["severity"] == "warning" and found["count"] == 2 * DAY, found
    assert found["where"] == "2022-01-08 09:15 and 1 more place" and "a Saturday" in found["what"], found
    assert "holiday" not in run(write_bars("HOL.csv", walk(5)))


def later(rows, minutes):
    """Each session goes on so many minutes behind 15:30."""
    out = []
    for i in range(0, len(rows), DAY):
        out += rows[i : i + DAY]
        last = datetime.datetime.fromisoformat(rows[i + DAY - 1][0])
        for minute in range(minutes):
            out.append([str(last + datetime.timedelta(minutes=minute + 1)), *rows[i + minute][1:]])
    return out


@test
def bars_of_most_sessions_behind_the_close():
    rows = walk(15)
    write_bars("LATE.csv", later(rows, 10))
    fails("backtest", "--input", "LATE.csv", "--timeframe", "15m", "--strategy", "ema_cross",
          words=["hours: ", "to 15:40 in 15 of 15 sessions", "--accept hours"])
    args = ("--input", "LATE.csv", "--timeframe", "15m", "--strategy", "ema_cross", "--run-id", "late")
    told = document("backtest", *args, "--accept", "hours")
    (found,) = [one for one in told["findings"] if one["code"] == "hours"]
    assert found["accepted"] is True and found["count"] == 15 * 10, found
    assert "out_of_session" not in [one["code"] for one in told["findings"]], "they are regular bars then"
    # a few sessions, the print behind the close and the call auction before the open are no other hours
    few = later(rows[: 2 * DAY], 10) + rows[2 * DAY :]
    assert "hours" not in run(write_bars("FEW.csv", few), timeframe="15m")
    prints = []
    for i in range(0, len(rows), DAY):
        day = rows[i][0][:10]
        prints += [[f"{day} 09:07:00", *rows[i][1:]], *rows[i : i + DAY], [f"{day} 15:30:00", *rows[i][1:]]]
    assert "hours" not in run(write_bars("PRINT.csv", prints), timeframe="15m")


@test
def a_square_off_that_nobody_has_announced():
    def found(start, *more):
        write_bars("SQ.csv", walk(6, start=start))
        return run("SQ.csv", "--set", "product=intraday", "--accept", "future", "--accept", "hours", *more)

    told = found("2026-12-01")["square_off_unknown"]
    assert "from 2026-12-07 on are not announced" in told["what"] and told["severity"] == "warning", told
    assert "square_off_unknown" not in found("2026-11-02")
    assert "square_off_unknown" not in found("2026-12-01", "--set", "square_off=15:00")


@test
def runs_of_older_versions_have_warnings_only():
    write_bars("ABC.csv", walk(5))
    pixity("backtest", "--input", "ABC.csv", "--timeframe", "5m", "--strategy", "ema_cross", "--run-id", "old")
    path = next(pathlib.Path("home").rglob("run.json"))
    older = json.loads(path.read_text())
    del older["findings"]
    path.write_text(json.dumps(older))
    assert document("runs", "show", "old")["warnings"] == older["warnings"]
    assert "WARNING   no slippage" in pixity("runs", "show", "old").stdout


@test
def each_row_of_the_table_is_listed_once():
    codes = order()
    assert len(codes) == len(set(codes)) > 35


main()
