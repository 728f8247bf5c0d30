# SPDX-License-Identifier: Apache-2.0
"""What the tests of the program share: small bar files, listings of a data folder, and how an error looks."""
import csv
import datetime
import hashlib
import io
import json
import pathlib
import random
import re
import zipfile

from harness import pixity

HEADER = "timestamp,open,high,low,close,volume"
HOME = pathlib.Path("home")


def weekdays(n, start="2022-01-03"):
    day = datetime.date.fromisoformat(start)
    while n:
        if day.weekday() < 5:
            yield day
            n -= 1
        day += datetime.timedelta(days=1)


def walk(days, seed=1, start="2022-01-03", price=1000.0, minutes=375):
    """One-minute bars as texts: a random walk in steps of 0.05, times exchange-local."""
    rng = random.Random(seed)
    rows, ticks = [], round(price * 20)
    for day in weekdays(days, start):
        for minute in range(minutes):
            path = [ticks]
            for _ in range(4):
                path.append(path[-1] + rng.randint(-6, 6))
            ticks = path[-1]
            stamp = datetime.datetime.combine(day, datetime.time(9, 15)) + datetime.timedelta(minutes=minute)
            prices = [f"{value / 20:.2f}" for value in (path[0], max(path), min(path), path[-1])]
            rows.append([str(stamp), *prices, str(rng.randint(1, 5000))])
    return rows


def moved(rows, minutes):
    """The rows with their times so many minutes later."""
    shift = datetime.timedelta(minutes=minutes)
    return [[str(datetime.datetime.fromisoformat(row[0]) + shift), *row[1:]] for row in rows]


def write_bars(path, rows, header=HEADER):
    lines = [header, *(",".join(row) for row in rows)]
    pathlib.Path(path).write_text("\n".join(lines) + "\n")
    return path


def listing(folder=HOME):
    """Name and content of every file in a folder; {} where there is none."""
    folder = pathlib.Path(folder)
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def fails(*args, status=2, words=(), stdin=None, env=None):
    """The command fails with this status, prints nothing but one message that has these words, and leaves the
    data folder as it was: not a byte of it changes. A new one may be made, but nothing put into it."""
    before, existed = listing(), HOME.exists()
    result = pixity(*args, status=status, stdin=stdin, env=env)
    command = " ".join(map(str, args))
    assert result.stdout == "", f"{command}: printed {result.stdout[:500]!r}"
    lines = [line for line in result.stderr.splitlines() if not line.startswith("Try 'pixity")]
    assert len(lines) == 1 and lines[0].startswith("pixity: "), f"{command}: {result.stderr!r}"
    for word in words:
        assert str(word).lower() in lines[0].lower(), f"{command}: {word!r} is not in {lines[0]!r}"
    after = listing()
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed <= (set() if existed else {"pixity.db", ".lock"}), f"{command}: changed {sorted(changed)}"
    return lines[0]


def rows_of(result):
    """CSV on standard output as a header and a list of rows."""
    lines = list(csv.reader(io.StringIO(result.stdout)))
    return lines[0], lines[1:]


def table(*args):
    """A verb's --csv rows as dictionaries."""
    return list(csv.DictReader(io.StringIO(pixity(*args, "--csv").stdout)))


def document(*args):
    return json.loads(pixity(*args, "--json").stdout)


def columns(run, part):
    """A table of a stored run: column -> texts."""
    header, rows = rows_of(pixity("runs", "export", run, "--table", part))
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def is_local_time(text):
    return re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text) is not None


def is_iso_time(text):
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30", text) is not None


def pack(folder):
    """A zip beside a folder of files, with all of them."""
    with zipfile.ZipFile(f"{folder}.zip", "w") as archive:
        for file in sorted(pathlib.Path(folder).iterdir()):
            archive.write(file, file.name)
    return f"{folder}.zip"
