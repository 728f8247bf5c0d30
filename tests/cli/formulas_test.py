# SPDX-License-Identifier: Apache-2.0
"""Texts that a spreadsheet would run: escaped in every CSV, read back as they were, and no names of new things."""
import csv
import io
import pathlib
import sqlite3

from harness import main, pixity, test
from lab import document, fails, walk, write_bars

BAD = ["=X", "+X", "-X", "@X"]
GOOD = ["M&M", "BAJAJ-AUTO", "NIFTY 50", "RELIANCE [FO]", "3MINDIA", "360ONE", "NSE_EQ|INE002A01018", "A+B"]


def rows(text):
    return list(csv.reader(io.StringIO(text, newline="")))


@test
def adjustments_come_back_as_they_were():
    notes = ["=1+1", "-> split", "'=x", "''@x", "plain, 'quoted'", "'", "+5:1"]
    write_bars("ABC.csv", walk(3, seed=1))
    pixity("import", "ABC.csv")
    for i, note in enumerate(notes, 1):
        pixity("data", "adjust", "--symbol", "ABC", "--ex-date", f"2024-02-{i:02}", "--factor", "2", f"--note={note}")
    told = pixity("data", "adjust", "--symbol", "ABC", "--csv").stdout
    assert [r[2] for r in rows(told)[1:]] == ["'=1+1", "'-> split", "''=x", "'''@x", "plain, 'quoted'", "'", "'+5:1"], told
    stored = next(pathlib.Path("home/candles").rglob("adjustments.csv")).read_text()
    assert [r[2] for r in rows(stored)[1:]] == [r[2] for r in rows(told)[1:]], stored
    assert [a["note"] for a in document("data", "adjust", "--symbol", "ABC")] == notes
    pathlib.Path("a.csv").write_text(told)
    write_bars("XYZ.csv", walk(3, seed=2))
    pixity("import", "XYZ.csv")
    pixity("data", "adjust", "--symbol", "XYZ", "--file", "a.csv")
    assert [a["note"] for a in document("data", "adjust", "--symbol", "XYZ")] == notes
    kept = pixity("data", "adjust", "--symbol", "ABC", "--csv", "--keep-formulas").stdout
    assert [r[2] for r in rows(kept)[1:]] == notes, kept


@test
def numbers_and_queries():
    write_bars("ABC.csv", walk(3, seed=1))
    pixity("import", "ABC.csv")
    pixity("backtest", "--strategy", "ema_cross", "--symbol", "ABC", "--timeframe", "5m", "--run-id", "r")
    query = "SELECT '=1+1' AS \"-name\", -1.5 AS x, -3 AS n, '-4' AS t, run_id FROM runs"
    assert pixity("runs", "sql", query, "--csv").stdout == "'-name,x,n,t,run_id\n'=1+1,-1.5,-3,'-4,r\n"
    assert pixity("runs", "sql", query, "--csv", "--keep-formulas").stdout == "-name,x,n,t,run_id\n=1+1,-1.5,-3,-4,r\n"
    flat = pixity("runs", "show", "r", "--csv").stdout
    assert any(r[1].startswith("-") for r in rows(flat)), flat
    assert not any(r[1].startswith("'") for r in rows(flat)), flat


@test
def old_homes_stay_readable():
    """An instrument that an older program let in is still found, listed and used; its name is escaped."""
    write_bars("ABC.csv", walk(3, seed=1))
    pixity("import", "ABC.csv")
    database = next(p for p in pathlib.Path("home").iterdir() if p.suffix in (".db", ".sqlite"))
    with sqlite3.connect(database) as home:
        home.execute("UPDATE instruments SET symbol = '-ABC' WHERE symbol = 'ABC'")
        home.execute("INSERT INTO instrument_aliases (alias, key) SELECT '=cmd', key FROM instruments WHERE symbol = '-ABC'")
    plain = pixity("data", "export", "--symbol=-ABC").stdout
    assert len(plain.splitlines()) > 300 and pixity("data", "export", "--symbol==cmd").stdout == plain
    assert any(r[1] == "'-ABC" and r[3] == "'=cmd" for r in rows(pixity("data", "instruments", "--csv").stdout))
    assert any("'-ABC" in r for r in rows(pixity("data", "list", "--csv").stdout))
    pixity("data", "export", "--symbol=-ABC", "--out", "out.csv")
    assert rows(pathlib.Path("out.csv").read_text())[1][-1] == "'-ABC"
    pixity("backtest", "--strategy", "ema_cross", "--symbol=-ABC", "--timeframe", "5m", "--run-id", "r")
    assert any("'-ABC" in r for r in rows(pixity("runs", "list", "--csv").stdout))


@test
def names_are_refused_at_the_door():
    write_bars("ABC.csv", walk(3, seed=1))
    head, *body = pathlib.Path("ABC.csv").read_text().splitlines()
    direct = ["features", "--timeframe", "5m", "--input"]
    for bad in BAD:
        pathlib.Path(f"{bad}.csv").write_text("\n".join([head, *body]) + "\n")
        pathlib.Path("named.csv").write_text("\n".join([head + ",symbol", *(f"{b},{bad}" for b in body)]) + "\n")
        wanted = [bad, "formula"]
        fails("import", f"./{bad}.csv", words=wanted)
        fails("import", "named.csv", words=wanted)
        fails(*direct, f"./{bad}.csv", words=wanted)
        fails(*direct, "named.csv", words=wanted)
        if bad != "@X":  # @FILE is a list
            fails("import", "ABC.csv", f"--symbol={bad}", words=[bad])
            fails("synth", f"--symbol={bad}", "--days", "1", "--seed", "1", words=[bad])
            fails(*direct, "ABC.csv", f"--symbol={bad}", words=wanted)
            fails("stream", f"--symbol={bad}", "--timeframe", "5m", "--warmup-days", "0", "--strategy", "ema_cross",
                  words=wanted)
        fails("import", "ABC.csv", f"--symbol=NSE_EQ|{bad}", words=[bad])
        fails("backtest", "--strategy", "ema_cross", "--timeframe", "5m", "--input", "ABC.csv", f"--run-id={bad}", words=[bad])
        fails("train", "--timeframe", "5m", "--input", "ABC.csv", f"--model-out={bad}", words=wanted)
        fails("stream", "--symbol", "ABC", "--timeframe", "5m", "--warmup-days", "0", "--strategy", "ema_cross", f"--account={bad}", words=[bad])
        pathlib.Path("s.csv").write_text(f"timestamp,side,tag\n{body[10].split(',')[0]},BUY,{bad}\n")
        fails("backtest", "--strategy", "precomputed", "--signals", "s.csv", "--timeframe", "1m", "--input", "ABC.csv",
              words=["tag", "formula"])
    for good in GOOD:
        pixity("import", "ABC.csv", "--symbol", good)
        pixity(*direct, "ABC.csv", "--symbol", good)


@test
def symbols_of_our_own_escape_are_those_of_old():
    """A symbol column that was escaped on the way out names what it named: here it is refused by its own name."""
    write_bars("ABC.csv", walk(3, seed=1))
    head, *body = pathlib.Path("ABC.csv").read_text().splitlines()
    pathlib.Path("named.csv").write_text("\n".join([head + ",symbol", *(f"{b},'-ABC" for b in body)]) + "\n")
    fails("import", "named.csv", words=['"-ABC"', "formula"])


main()
