# SPDX-License-Identifier: Apache-2.0
"""Thousands of random files of every kind that is read, from known bars: each gives these, or is refused with a message; none
gives others. Faults that they found are pinned. PIXITY_SEED draws others, and a failure names the member."""
import os

import kinds_odd
import kinds_sources
import kinds_text
from harness import main, reduced, test
from kinds import BAR, Reader, try_kind

ROUNDS = {kinds_text.any_text: 1500}
ROUNDS |= {getattr(kinds_sources, name): 120 for name in (
    "no_header", "ends_of_bars", "other_zone", "evenings", "bhavcopy", "nse_history", "yahoo", "tradingview", "metatrader", "crypto",
    "several_symbols", "any_json", "exchange_json")}
ROUNDS |= {getattr(kinds_odd, name): 60 for name in (
    "footers", "noon_and_midnight", "changes_of_clocks", "few_rows", "rows_twice", "two_of_a_kind", "two_times", "wide_yahoo", "longer_than_days",
    "investing", "stooq", "no_header_adjusted", "archives", "sqlite_file", "parquet_file", "duckdb_file", "hive_folder", "workbook")}
SHARE = 10 if reduced("a tenth of the random files") else 1


def add(kind, rounds):
    def members():
        try_kind(kind, max(rounds // SHARE, 10), os.environ.get("PIXITY_SEED", "1"))
    members.__name__ = f"members_of_{kind.__name__}"
    test(members)


for each, rounds in ROUNDS.items():
    add(each, rounds)


# ---- what they found ---------------------------------------------------------------------------------------

def read(text, **options):
    """What a text is read as: a message, or the bars of its one series, with its rejected rows."""
    with open("pinned.csv", "w", encoding="utf-8") as file:
        file.write(text)
    reader = Reader()
    answer = reader.read("pinned.csv", {key.replace("_", "-"): value for key, value in options.items()})
    reader.close()
    return answer


def bars(text, **options):
    answer = read(text, **options)
    assert not isinstance(answer, str), answer
    (series,) = answer[3].values()
    assert answer[1] == 0, answer
    return series[0]


PLAIN = ["2024-05-06 09:15:00,1234.5,1235.25,1230.05,1233,1200", "2024-05-06 09:16:00,1233,1236,1232,1235.5,90"]
HEADER = "time,open,high,low,close,volume"


def plain(rows=None):
    return bars("\n".join([HEADER, *(rows or PLAIN)]))


@test
def a_currency_with_a_point_is_no_decimal_comma():
    signed = [",".join([r.split(",")[0], *("Rs." + p for p in r.split(",")[1:5]), r.split(",")[5]]) for r in PLAIN]
    assert bars("\n".join([HEADER, *signed])) == plain()


@test
def quotes_may_stand_behind_a_blank():
    spaced = ['2024-05-06 09:15:00, "1,234.50", "1,235.25", "1,230.05", "1,233.00", "1,200"',
              '2024-05-06 09:16:00, "1,233.00", "1,236.00", "1,232.00", "1,235.50", 90']
    assert bars("\n".join([HEADER.replace(",", ", "), *spaced])) == plain()


@test
def a_program_is_known_by_the_form_of_its_dates_too():
    rows = ["02/06/2023,11885,11880,11950,11850", "02/07/2023,11955,11890,11960,11870"]
    assert len(bars("\n".join(["Date,Close/Last,Open,High,Low", *rows]), exchange="XNYS"))
    for dotted in (["06.02.23;11885;11880;11950;11850", "07.02.23;11955;11890;11960;11870"],
                   ["06/02/2023 10:00;11885;11880;11950;11850", "07/02/2023 10:00;11955;11890;11960;11870"]):
        said = read("\n".join(["Date;Close/Last;Open;High;Low", *dotted]), exchange="XNYS")
        assert isinstance(said, str) and "--date-format" in said, said


def first_rows(n, step, start="09:15"):
    hour, minute = map(int, start.split(":"))
    times = [hour * 60 + minute + step * k for k in range(n)]
    return "\n".join([HEADER, *(f"2024-05-06 {t // 60:02d}:{t % 60:02d}:00,{1000 + t},{1001 + t},{999 + t},{1000 + t},7" for t in times)])


def timeframe(text, **options):
    ((_, found),) = read(text, **options)[3]
    return found


@test
def three_rows_show_a_usual_timeframe():
    assert timeframe(first_rows(3, 15)) == "15m" and timeframe(first_rows(4, 60)) == "1h" and timeframe(first_rows(3, 1)) == "1m"
    assert timeframe(first_rows(3, 5, "09:17")) == "1m"  # a symbol that trades seldom
    assert timeframe(first_rows(3, 7)) == "1m" and timeframe(first_rows(2, 15)) == "1m"
    assert timeframe(first_rows(3, 15), timeframe="1m") == "1m"  # that was named


@test
def weeks_and_months_are_no_days():
    weeks = "\n".join([HEADER, *(f"2024-{1 + k // 4:02d}-{1 + 7 * (k % 4):02d},10,11,9,10,5" for k in range(4)), "2024-01-29,10,11,9,10,5"])
    said = read(weeks, timeframe="1d")
    assert isinstance(said, str) and "weekly" in said, said


@test
def prices_that_look_like_a_time_of_day_are_prices():
    rows = [f"2024-05-{d:02d},{1200 + d}.40,{1202 + d}.00,{1200 + d}.00,{1201 + d}.65,{900 + 317 * d % 500}" for d in range(6, 11)]
    named = "\n".join(["date,open,high,low,close,volume", *rows])
    assert bars("\n".join(rows), timeframe="1d") == bars(named, timeframe="1d")
    assert bars("\n".join(rows).replace(".40", "").replace(".65", ""), timeframe="1d") == bars(
        named.replace(".40", "").replace(".65", ""), timeframe="1d")


@test
def an_average_price_is_no_volume_and_an_amount_no_price():
    rows = [f"{1715000000 + 60 * k},{100 + k % 3},{102 + k % 3},{99 + k % 3},{101 + k % 3},{100 + k % 3}.7,{50 + 17 * k % 41},3" for k in range(20)]
    named = "\n".join(["time,open,high,low,close,vwap,volume,count", *rows])
    options = {"exchange": "24x7", "timeframe": "1m"}
    assert bars("\n".join(rows), **options) == bars(named, **options)
    assert bars("\n".join(row.rsplit(",", 2)[0] for row in rows), columns="6=volume", **options)
    last = read("\n".join(row.rsplit(",", 2)[0] for row in rows), **options)
    assert isinstance(last, str) and "--columns 6=volume" in last, last
    amounts = [f"{1715000000 + 60 * k},{5000 + 313 * k},{101 + k % 3},{102 + k % 3},{99 + k % 3},{100 + k % 3},7" for k in range(20)]
    said = read("\n".join(amounts), **options)
    assert isinstance(said, str) and "--columns" in said, said


@test
def newest_first_is_seen_with_a_time_of_day_apart():
    rows = [f"20240506,{9 + (15 + k) // 60:02d}{(15 + k) % 60:02d},{100 + k},{101 + k},{101 + k},{100 + k},{9 + k}" for k in range(20)]
    named = "\n".join(["date,time,open,close,high,low,volume", *reversed(rows)])
    assert bars("\n".join(reversed(rows))) == bars(named)


@test
def a_session_that_another_zone_makes_whole_is_of_that_zone():
    for zone, hour in (("Asia/Singapore", 11), ("Asia/Dubai", 7)):
        said = read(first_rows(375, 1, f"{hour:02d}:45"))
        assert isinstance(said, str) and f"--tz {zone}" in said, said
        assert BAR.unpack(bars(first_rows(375, 1, f"{hour:02d}:45"), tz=zone)[:BAR.size])[0] == 1714967100_000000
    assert len(bars(first_rows(390, 1, "09:00"))) == 390 * 48  # with what comes before the open


@test
def ends_may_lie_behind_a_close_that_cuts_the_last_bar():
    said = read(first_rows(13, 30, "09:45"), timeframe="30m")
    assert isinstance(said, str) and "--stamp close" in said, said


@test
def wall_times_beside_times_of_utc_are_the_exchanges():
    head, *rows = first_rows(5, 1).split("\n")
    both = [row.split(",")[0] + f",2024-05-06T03:{45 + k}:00Z," + row.split(",", 1)[1] for k, row in enumerate(rows)]
    assert bars("\n".join([head.replace("time,", "datetime,utc_time,"), *both])) == bars(first_rows(5, 1))


@test
def names_twice_are_told_by_their_place():
    said = read("Date,Close,Close,High,High,Low,Low,Open,Open\n2024-05-06,1,2,1,2,1,2,1,2\n2024-05-07,1,2,1,2,1,2,1,2", timeframe="1d")
    assert isinstance(said, str) and "number 2 and 3" in said and "--columns 2=close" in said, said


main()
