# SPDX-License-Identifier: Apache-2.0
"""Files as today's tools write them (cases/formats of the shared data): each gives its right bars, or is refused in the
words that name the way out."""
import csv
import json
import re

from harness import Skip, main, pixity, shared, test

REFUSED = {
    "close-and-Close": ["close and Close"],
    "decimal256-prices": ["decimals of more than 38 digits"],
    "float16-prices": ["half floats"],
    "int128-volume": ["raw bytes", "int64"],
    "parquet-encrypted": ["encrypted footer"],
    "delta-overwritten": ["Delta table"],
    "duckdb20-default": ["newer DuckDB", "STORAGE_VERSION"],
    "times-just-off-the-minute": ["the last second of a minute"],
}
READ_TOO = {"duckdb20-default",  # by a program with the library of DuckDB 2
            "times-just-off-the-minute"}
BEYOND_BARS = {"expected.csv", "README.md"}


def bars_of(rows, symbol):
    return [(r.get("symbol", symbol), r["timestamp"][:16].replace("T", " "),
             *(float(r[n]) for n in ("open", "high", "low", "close", "volume"))) for r in rows]


def stored(timeframe, home):
    found = []
    for row in json.loads(pixity("data", "list", "--json", env=home).stdout):
        if row["timeframe"] == timeframe:
            text = pixity("data", "export", "--symbol", row["symbol"], "--timeframe", timeframe, "--csv", env=home).stdout
            found += bars_of(csv.DictReader(text.splitlines()), row["symbol"])
    return sorted(found)


def check(case):
    folder = shared("cases", "formats", case)
    (path,) = [p for p in folder.iterdir() if p.name not in BEYOND_BARS]
    said = re.search("Options that should do: `([^`]*)`", (folder / "README.md").read_text())
    options = said[1].split() if said else []
    home = {"PIXITY_HOME": f"home-{case}"}
    result = pixity("import", path, *options, status=None, env=home)
    if case in REFUSED and not (case in READ_TOO and result.returncode == 0):
        assert result.returncode == 2, f"{case} is read, and was refused before: {result.stdout}"
        for word in REFUSED[case]:
            assert word in result.stderr, (case, word, result.stderr)
        return
    assert result.returncode == 0, (case, result.stderr)
    timeframe = options[options.index("--timeframe") + 1] if "--timeframe" in options else "1m"
    with open(folder / "expected.csv") as lines:
        wanted = sorted(bars_of(csv.DictReader(lines), path.stem))
    found = stored(timeframe, home)
    assert [b[1:] for b in found] == [b[1:] for b in wanted], (case, found[:2], wanted[:2], len(found), len(wanted))


@test
def every_case_gives_its_bars_or_says_why_not():
    cases = sorted(p.name for p in shared("cases", "formats").iterdir() if p.is_dir())
    assert cases
    broken = []
    for case in cases:
        try:
            check(case)
        except (AssertionError, Skip) as reason:
            broken.append(f"{case}: {reason}")
    assert not broken, "\n".join(broken)


main()
