# SPDX-License-Identifier: Apache-2.0
"""--symbol A,B and --symbol @FILE: what a list is, and what a verb of one symbol says to it."""
import pathlib

from harness import main, pixity, test
from lab import fails, walk, write_bars


def stored(*names):
    for seed, name in enumerate(names, 1):
        write_bars(f"{name}.csv", walk(1, seed=seed))
    pixity("import", *(f"{name}.csv" for name in names))


@test
def lists_that_are_wrong():
    stored("ABC")
    pathlib.Path("empty.txt").write_text("\n# nothing\n   \n")
    pathlib.Path("twice.txt").write_text("ABC\nXYZ\n abc # again\n")
    pathlib.Path("long.txt").write_text("A" * 300 + "\n")
    pathlib.Path("folder").mkdir()
    cases = {
        "@none.txt": ["none.txt", "no such file"],
        "@folder": ["folder"],
        "@empty.txt": ["empty.txt", "names none"],
        "@twice.txt": ["twice.txt", "line 3", "abc is named twice"],
        "@long.txt": ["long.txt", "line 1", "no symbol"],
        "@": ["cannot open"],
        "ABC,": ["empty"],
        ",": ["empty"],
        "ABC,,XYZ": ["empty"],
        "ABC, abc": ["abc is named twice"],
        "ABC,ABC [FO]": ["ABC [FO] is named twice"],
        "A" * 300: ["no symbol"],
        "ABC,@twice.txt": ["@twice.txt", "stands alone"],
        " @twice.txt": ["@twice.txt", "stands alone"],
    }
    for text, words in cases.items():
        fails("data", "export", "--symbol", text, words=["--symbol", *words])


@test
def verbs_of_one_symbol_refuse_several():
    stored("ABC")
    for verb in (["features", "--timeframe", "15m"], ["backtest", "--strategy", "ema_cross", "--timeframe", "15m"],
                 ["data", "export"], ["resample", "--timeframe", "15m"]):
        fails(*verb, "--symbol", "ABC,XYZ", words=["--symbol", "one symbol at a time", "2 (ABC, XYZ)"])
    fails("synth", "--symbol", "A,B", "--days", "1", "--seed", "1", words=["one symbol at a time"])
    fails("synth", "--symbol", "@f", "--days", "1", "--seed", "1", words=["one symbol at a time"])


@test
def a_list_of_one_is_a_symbol():
    stored("ABC")
    plain = pixity("data", "export", "--symbol", "ABC").stdout
    pathlib.Path("one.txt").write_bytes(b"\xef\xbb\xbf# what I trade\r\n\r\n  ABC [FO]  # the stock\r\n")
    assert pixity("data", "export", "--symbol", "@one.txt").stdout == plain
    pathlib.Path("key.txt").write_text("NSE_EQ|ABC")
    assert pixity("data", "export", "--symbol", "@key.txt").stdout == plain


main()
