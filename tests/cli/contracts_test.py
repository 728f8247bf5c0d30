# SPDX-License-Identifier: Apache-2.0
"""Futures and options are series of their own: never the underlying's, one a contract, whatever its spelling."""
import json

from harness import main, pixity, test
from lab import document, fails, rows_of, walk, write_bars

HEADER = "Date,Symbol,Expiry,Strike,OptionType,Open,High,Low,Close,Volume\n"


def days(*dates):
    return [[f"{date} 00:00:00", *map(str, (100 + i, 101 + i, 99 + i, 100 + i, 10))] for i, date in enumerate(dates)]


def write(path, rows, header=HEADER):
    with open(path, "w", encoding="utf-8") as file:
        file.write(header + "".join(",".join(map(str, row)) + "\n" for row in rows))


def symbols():
    return sorted({row["symbol"] for row in json.loads(pixity("data", "list", "--json").stdout)})


def times(symbol):
    return [row[0][:10] for row in rows_of(pixity("data", "export", "--symbol", symbol, "--timeframe", "1d", "--csv"))[1]]


def daily(name, dates, *options, **how):
    write_bars(name, days(*dates))
    return pixity("import", name, "--timeframe", "1d", *options, **how)


@test
def columns_make_contracts_and_a_roll_breaks_the_series():
    write("chain.csv", [
        ["2022-01-25", "NIFTY", "27-JAN-2022", 0, "XX", 100, 101, 99, 100, 5],
        ["2022-01-27", "NIFTY", "27-JAN-2022", 0, "XX", 100, 101, 99, 100, 5],
        ["2022-01-28", "NIFTY", "24-FEB-2022", 0, "XX", 110, 111, 109, 110, 5],
        ["2022-01-25", "NIFTY", "27-JAN-2022", 17200, "CE", 10, 11, 9, 10, 5],
        ["2022-01-25", "NIFTY", "27-JAN-2022", "17200.00", "PE", 12, 13, 11, 12, 5],
        ["2022-01-25", "NIFTY", "03-FEB-2022", 17200, "CE", 14, 15, 13, 14, 5],
    ])
    pixity("import", "chain.csv", "--timeframe", "1d")
    assert symbols() == ["NIFTY03FEB2217200CE", "NIFTY24FEB22FUT", "NIFTY27JAN2217200CE", "NIFTY27JAN2217200PE", "NIFTY27JAN22FUT"]


@test
def what_columns_say_is_never_ambiguous():
    write("chain.csv", [["2025-11-10", symbol, "2025-11-25", strike, "CE", 20, 21, 19, 20, 5]
                        for symbol, strike in (("RELIANCE", 1440), ("SBIN", 900), ("NIFTY", 25000))])
    pixity("import", "chain.csv", "--timeframe", "1d")
    assert symbols() == ["NIFTY25NOV2525000CE", "RELIANCE 25 NOV 2025 1440 CE", "SBIN 25 NOV 2025 900 CE"]


@test
def a_refused_file_leaves_the_others_their_contracts():
    for symbol, price in (("NIFTY2580724650PE", 100), ("NIFTY2581424650PE", 300)):
        write_bars(f"{symbol}.csv", [["2025-08-05 00:00:00", *[str(price)] * 4, "1"]])
        pixity("import", f"{symbol}.csv", "--timeframe", "1d")
    with open("bad.csv", "w", encoding="utf-8") as file:
        file.write("no bars\n")
    for symbol, price in (("NIFTY07AUG2524650PE", 101), ("NIFTY14AUG2524650PE", 301)):
        write_bars(f"{symbol}.csv", [["2025-08-06 00:00:00", *[str(price)] * 4, "1"]])
    pixity("import", "bad.csv", "NIFTY07AUG2524650PE.csv", "NIFTY14AUG2524650PE.csv", "--timeframe", "1d", status=None)
    for symbol, closes in (("NIFTY2580724650PE", ["100", "101"]), ("NIFTY2581424650PE", ["300", "301"])):
        rows = rows_of(pixity("data", "export", "--symbol", symbol, "--timeframe", "1d", "--csv"))[1]
        assert [str(float(row[4])).removesuffix(".0") for row in rows] == closes, (symbol, rows)


@test
def a_continuous_name_beside_an_expiry_is_broken_at_the_roll():
    write("cont.csv", [["2022-01-27", "NIFTY-I", "2022-01-27", "", "", 100, 101, 99, 100, 5],
                       ["2022-01-28", "NIFTY-I", "2022-02-24", "", "", 110, 111, 109, 110, 5]])
    pixity("import", "cont.csv", "--timeframe", "1d")
    assert symbols() == ["NIFTY24FEB22FUT", "NIFTY27JAN22FUT"]


@test
def a_symbol_that_names_the_contract_keeps_its_name():
    write("kite.csv", [["2022-01-25", "NIFTY22JAN17200CE", "2022-01-27", 17200, "CE", 10, 11, 9, 10, 5]])
    pixity("import", "kite.csv", "--timeframe", "1d")
    assert symbols() == ["NIFTY22JAN17200CE"]


@test
def without_a_column_for_the_symbol_the_file_names_the_underlying():
    write("BANKNIFTY.csv", [["2022-01-25", "2022-01-27", 100, 101, 99, 100, 5], ["2022-01-28", "2022-02-24", 100, 101, 99, 100, 5]],
          "Date,Expiry,Open,High,Low,Close,Volume\n")
    pixity("import", "BANKNIFTY.csv", "--timeframe", "1d")
    assert symbols() == ["BANKNIFTY24FEB22FUT", "BANKNIFTY27JAN22FUT"]


@test
def a_file_called_after_a_contract_is_not_its_underlying():
    write("NIFTY22JAN17200CE.csv", [["2022-01-25", "NIFTY", 10, 11, 9, 10, 5]], "Date,Symbol,Open,High,Low,Close,Volume\n")
    pixity("import", "NIFTY22JAN17200CE.csv", "--timeframe", "1d")
    write("NIFTY_240125.csv", [["2022-01-25", "NIFTY", 1000, 1100, 900, 1000, 5]], "Date,Symbol,Open,High,Low,Close,Volume\n")
    pixity("import", "NIFTY_240125.csv", "--timeframe", "1d")
    assert symbols() == ["NIFTY 50", "NIFTY22JAN17200CE"]


@test
def a_strike_without_a_side_is_refused():
    write("half.csv", [["2022-01-25", "NIFTY", "2022-01-27", 17200, 10, 11, 9, 10, 5]],
          "Date,Symbol,Expiry,Strike,Open,High,Low,Close,Volume\n")
    fails("import", "half.csv", "--timeframe", "1d", words=("NIFTY27JAN2217200", "no word on its side", "nothing stored"))
    assert "no word on its side" in document("import", "half.csv", "--timeframe", "1d", "--preview")["problem"]


@test
def a_moved_expiry_is_one_contract_in_one_command():
    write("a.csv", [["2023-06-20", "NIFTY", "2023-06-29", 0, "XX", 100, 101, 99, 100, 5], ["2023-06-20", "NIFTY", "2023-06-29", 19000, "CE", 9, 9, 9, 9, 5]])
    write("b.csv", [["2023-06-27", "NIFTY", "2023-06-28", 0, "XX", 100, 101, 99, 100, 5], ["2023-06-27", "NIFTY", "2023-06-28", 19000, "CE", 9, 9, 9, 9, 5]])
    told = pixity("import", "a.csv", "b.csv", "--timeframe", "1d")
    assert "NIFTY29JUN23FUT and NIFTY28JUN23FUT are one contract" in told.stderr and "from 2023-06-29 to 2023-06-28" in told.stderr
    assert symbols() == ["NIFTY28JUN2319000CE", "NIFTY28JUN23FUT"]
    assert times("NIFTY28JUN23FUT") == ["2023-06-20", "2023-06-27"]


@test
def and_in_two_commands_in_any_order():
    write("a.csv", [["2023-06-20", "NIFTY", "2023-06-29", 0, "XX", 100, 101, 99, 100, 5]])
    write("b.csv", [["2023-06-27", "NIFTY", "2023-06-28", 0, "XX", 100, 101, 99, 100, 5]])
    pixity("import", "a.csv", "--timeframe", "1d")
    assert "are one contract" in pixity("import", "b.csv", "--timeframe", "1d").stderr
    assert symbols() == ["NIFTY28JUN23FUT"] and times("NIFTY28JUN23FUT") == ["2023-06-20", "2023-06-27"]
    write("c.csv", [["2023-06-21", "NIFTY", "2023-06-29", 0, "XX", 100, 101, 99, 100, 5]])
    assert "are one contract" in pixity("import", "c.csv", "--timeframe", "1d").stderr
    assert times("NIFTY28JUN23FUT") == ["2023-06-20", "2023-06-21", "2023-06-27"]


@test
def a_refused_import_renames_nothing():
    row = ["2023-06-20", "NIFTY", "2023-06-29", 0, "XX", 100, 101, 99, 100, 5]
    write("a.csv", [row])
    pixity("import", "a.csv", "--timeframe", "1d")
    log = document("data", "log", "NIFTY29JUN23FUT")
    moved = [["2023-06-27", "NIFTY", "2023-06-28", 0, "XX", 100, 101, 99, 100, 5]]
    write("other.csv", [["2023-06-20", "NIFTY", "2023-06-28", 0, "XX", 100, 101, 99, 100.5, 5], *moved])
    refused = pixity("import", "other.csv", "--timeframe", "1d", status=2).stderr
    assert "2023-06-20 00:00:00 has other values" in refused and "nothing stored" in refused, refused
    write("twice.csv", [*moved, [*moved[0][:-2], 100.5, 5]])
    assert "has other values" in pixity("import", "twice.csv", "--timeframe", "1d", status=2).stderr
    write("rows.csv", [*moved, *([*moved[0][:-1], "x"] for _ in range(12))])
    assert "--keep-good" in pixity("import", "rows.csv", "--timeframe", "1d", status=2).stderr
    # Another file, which is stored, does not bring the name of the refused one along.
    write_bars("RELIANCE.csv", days("2023-06-27"))
    pixity("import", "rows.csv", "RELIANCE.csv", "--timeframe", "1d")
    assert symbols() == ["NIFTY29JUN23FUT", "RELIANCE"]
    assert document("data", "log", "NIFTY29JUN23FUT") == log
    write("b.csv", moved)
    preview = document("import", "other.csv", "--timeframe", "1d", "--preview")
    assert preview["conflict"] == 1 and preview["new"] == 1, preview
    pixity("import", "b.csv", "--timeframe", "1d")
    assert symbols() == ["NIFTY28JUN23FUT", "RELIANCE"] and times("NIFTY28JUN23FUT") == ["2023-06-20", "2023-06-27"]


@test
def weeklies_that_trade_side_by_side_are_two():
    write("w.csv", [["2025-08-27", "NIFTY", "2025-08-28", 24650, "CE", 9, 9, 9, 9, 5], ["2025-08-27", "NIFTY", "2025-09-02", 24700, "CE", 9, 9, 9, 9, 5],
                    ["2025-08-29", "NIFTY", "2025-09-02", 24650, "CE", 9, 9, 9, 9, 5]])
    pixity("import", "w.csv", "--timeframe", "1d")
    assert len(symbols()) == 3


@test
def spellings_of_one_contract_are_one_series():
    daily("NIFTY2580724650PE.csv", ["2025-08-01", "2025-08-04"])
    daily("NIFTY07AUG2524650PE.csv", ["2025-08-05"])
    daily("NIFTY-07Aug2025-24650-PE.csv", ["2025-08-06"])
    assert symbols() == ["NIFTY2580724650PE"]
    assert times("NIFTY 24650 PE 07 AUG 25") == ["2025-08-01", "2025-08-04", "2025-08-05", "2025-08-06"]
    write_bars("NIFTY25O0724650PE.csv", days("2025-10-01"))
    write_bars("NIFTY07OCT2524650PE.csv", [["2025-10-01 00:00:00", "5", "6", "4", "5", "10"]])
    fails("import", "NIFTY25O0724650PE.csv", "NIFTY07OCT2524650PE.csv", "--timeframe", "1d", words=("has other values", "nothing stored"))
    assert symbols() == ["NIFTY2580724650PE"]


@test
def a_symbol_with_two_meanings_is_decided_by_its_bars_or_refused():
    name = "RELIANCE27JAN222300PE.csv"
    daily(name, ["2022-01-24", "2022-01-25"])
    assert times("RELIANCE 27 JAN 2022 2300 PE") == ["2022-01-24", "2022-01-25"]
    name = "NIFTY27JUN245000CE.csv"  # June 2024, or, listed for five years, June 2027 at 245000
    write_bars(name, days("2024-06-20"))
    fails("import", name, "--timeframe", "1d", words=("NIFTY call, strike 245000, expiry in 2027-06", "NIFTY call, strike 5000, expiry 2024-06-27",
                                                      "--symbol \"NIFTY JUN 2027 245000 CE\"", "nothing stored"))
    assert symbols() == ["RELIANCE27JAN222300PE"]
    write_bars("NIFTY.csv", [[f"2024-06-{day} 00:00:00", "5040", "5070", "5030", "5060", "10"] for day in (18, 19, 20)])
    pixity("import", "NIFTY.csv", "--timeframe", "1d")
    pixity("import", name, "--timeframe", "1d")
    assert times("NIFTY 27 JUN 2024 5000 CE") == ["2024-06-20"]


def units(symbol):
    """From when, tick and lot, as instruments are listed."""
    header, rows = rows_of(pixity("data", "instruments", "--csv"))
    listed = [dict(zip(header, row)) for row in rows]
    return [(row["from_date"], row["tick"], row["lot_size"]) for row in listed if row["symbol"] == symbol]


@test
def lots_and_ticks_of_contracts_are_listed_by_date():
    daily("BANKNIFTY24DECFUT.csv", ["2024-12-02"])
    daily("RELIANCE25NOV1400CE.csv", ["2025-11-03"])
    daily("RELIANCE.csv", ["2025-11-03"])
    assert units("BANKNIFTY24DECFUT") == [("", "0.05", "15")]
    assert units("RELIANCE25NOV1400CE") == [("", "0.05", "1"), ("2025-11-03", "", "1")]
    assert all(row[2] == "1" for row in units("RELIANCE"))


@test
def lots_come_from_the_exchange_and_a_users_take_their_place():
    minutes = [[f"2024-12-{day} {9 + (15 + m) // 60:02}:{(15 + m) % 60:02}:00", *map(str, price)] for day in (24, 26, 27, 30)
               for m in range(375) for price in [(100 + m % 7, 103 + m % 7, 98 + m % 7, 101 + m % 7, 10)]]
    write_bars("NIFTY25JUN24000CE.csv", minutes)
    pixity("import", "NIFTY25JUN24000CE.csv")
    run = ("backtest", "--symbol", "NIFTY25JUN24000CE", "--timeframe", "15m", "--strategy", "ema_cross", "--param", "fast=2", "--param", "slow=3",
           "--set", "product=futures", "--set", "fees=none", "--json")
    first = document(*run)
    trades = rows_of(pixity("runs", "trades", first["run_id"], "--csv"))
    at = trades[0].index("qty")
    before = [int(row[at]) for row in trades[1] if row[0] < "2024-12-27"]
    after = [int(row[at]) for row in trades[1] if row[0] >= "2024-12-27 10"]
    assert before and after and all(q % 25 == 0 for q in before) and any(q % 75 for q in before) and all(q % 75 == 0 for q in after), trades
    assert not any("lot" in warning for warning in first["warnings"]), first["warnings"]
    assert units("NIFTY25JUN24000CE") == [("", "0.05", "25"), ("2024-12-27", "0.05", "75")]
    pixity("data", "instruments", "NIFTY25JUN24000CE", "--lot", "40")
    assert units("NIFTY25JUN24000CE") == [("1900-01-01", "0.05", "40")]
    run_id = document(*run)["run_id"]
    assert all(int(row[at]) % 40 == 0 for row in rows_of(pixity("runs", "trades", run_id, "--csv"))[1])


main()
