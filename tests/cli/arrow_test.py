# SPDX-License-Identifier: Apache-2.0
"""Arrow as pandas 3.1.1, polars 2.1.0 and pyarrow 26.0.1 write it (tests/cli/arrow/make.py): files and streams, plain and
compressed, every kind of column; what is damaged is refused and leaves nothing."""
import csv
import io
import pathlib
import random
import zipfile

from harness import SOURCE, main, pixity, test

FILES = SOURCE / "tests/cli/arrow"
OPEN = ["2648.95", "2650", "2651.05", "2649.4", "2648.1"]
VOLUME = ["5", "3", "9", "2", "7"]
SPECIAL = {"half.arrow", "period-weeks.feather", "empty.arrow", "no-price.arrow", "gap.arrow", "deltas.arrows", "replaced.arrows"}


def rows_of(path, *options, symbol="ABC"):
    home = {"PIXITY_HOME": f"home-{pathlib.Path(path).name}"}
    pixity("import", path, *options, env=home)
    return list(csv.DictReader(io.StringIO(pixity("data", "export", "--symbol", symbol, "--csv", env=home).stdout)))


def check(path, *options, places=range(5), volume=None):
    rows = rows_of(path, *options)
    volume = volume or VOLUME
    assert [r["timestamp"] for r in rows] == [f"2024-05-06 09:{15 + i}:00" for i in places], (path, rows)
    for name in ("open", "high", "low", "close"):
        assert [r[name] for r in rows] == [OPEN[i] for i in places], (path, rows)
    assert [r["volume"] for r in rows] == [volume[i] for i in places], (path, rows)


def refused(path, *words):
    result = pixity("import", path, "--symbol", "ABC", status=2)
    for word in words:
        assert word in result.stderr, (path, word, result.stderr)
    assert pixity("data", "list", "--csv").stdout.count("\n") <= 1


@test
def every_writer_unit_and_kind_of_column_gives_the_same_bars():
    paths = [p for p in sorted(FILES.iterdir()) if p.suffix != ".py" and p.name not in SPECIAL]
    assert len(paths) == 33, len(paths)
    for path in paths:
        check(path, "--symbol", "ABC")


@test
def a_column_of_symbols_divides_a_file_whatever_it_is_made_of():
    for name in ("pandas.feather", "pandas-zstd.feather", "polars.arrow", "polars-oldest.arrow", "polars-categories.arrow", "polars.arrows",
                 "large-text.arrow", "view-text.arrow", "words.arrow", "beside.arrow", "beside-zstd.arrow"):
        check(FILES / name)


@test
def dictionaries_that_grow_or_are_replaced_mean_what_they_say_then():
    for name in ("deltas.arrows", "replaced.arrows"):
        check(FILES / name, places=range(4))
        rows = list(csv.DictReader(io.StringIO(
            pixity("data", "export", "--symbol", "XYZ", "--csv", env={"PIXITY_HOME": f"home-{name}"}).stdout)))
        assert [r["open"] for r in rows] == [OPEN[4]], rows


@test
def what_is_missing_is_missing():
    check(FILES / "gap.arrow", "--symbol", "ABC", volume=["5", "0", "9", "2", "7"])
    check(FILES / "no-price.arrow", "--symbol", "ABC", places=[0, 1, 3, 4])
    refused(FILES / "empty.arrow", "there are no rows")


@test
def numbers_and_times_that_say_too_little_are_refused():
    refused(FILES / "half.arrow", '"open"', "half floats")
    refused(FILES / "period-weeks.feather", '"datetime"', "to_timestamp")


@test
def by_what_it_is_and_in_an_archive_too():
    data = (FILES / "polars.arrow").read_bytes()
    pathlib.Path("ABC.csv").write_bytes(data)
    check("ABC.csv")
    with zipfile.ZipFile("ABC.zip", "w") as archive:
        archive.writestr("ABC.arrow", data)
        archive.writestr("more/ABC.arrows", (FILES / "polars.arrows").read_bytes())
    check("ABC.zip")
    said = pixity("import", FILES / "polars.arrow", "--preview").stdout
    assert "column datetime         time" in said and "column note" in said, said
    pathlib.Path("none.feather").write_text("datetime,open\n")
    refused("none.feather", "is no Arrow file, though its name says so")


@test
def what_is_cut_off_is_never_a_part_of_a_file():
    data = (FILES / "words.arrow").read_bytes()
    for length in (9, 200, len(data) // 2, len(data) - 200, len(data) - 6, len(data) - 1):
        pathlib.Path("cut.arrow").write_bytes(data[:length])
        refused("cut.arrow", "cut.arrow is damaged")
    stream = (FILES / "deltas.arrows").read_bytes()
    for length in (20, 300, len(stream) // 2, len(stream) - 20):
        pathlib.Path("cut.arrows").write_bytes(stream[:length])
        refused("cut.arrows", "cut.arrows is damaged")


@test
def whatever_is_changed_in_it_is_read_or_refused():
    draw = random.Random(26)
    for name in ("beside-zstd.arrow", "words.arrow", "polars-categories.arrow", "replaced.arrows"):
        data = (FILES / name).read_bytes()
        for _ in range(10):
            bad = bytearray(data)
            for _ in range(draw.randint(1, 3)):
                bad[draw.randrange(8, len(bad))] = draw.choice([0, 1, 0x7F, 0x80, 0xFF])
            pathlib.Path("bad.arrow").write_bytes(bad)
            assert pixity("import", "bad.arrow", "--preview", status=None).returncode in (0, 2), name


@test
def limits_hold_for_what_it_unfolds_to():
    refused_by = pixity("import", FILES / "beside-zstd.arrow", "--symbol", "ABC", "--max-memory", "100", status=2).stderr
    assert "--max-memory" in refused_by, refused_by
    refused_by = pixity("import", FILES / "polars.arrow", "--symbol", "ABC", "--max-rows", "4", status=2).stderr
    assert "--max-rows" in refused_by, refused_by


@test
def what_is_written_is_read_again_batch_by_batch():
    pixity("synth", "--symbol", "ABC", "--days", 200, "--seed", 1)
    rows = pixity("data", "export", "--symbol", "ABC", "--csv").stdout
    assert rows.count("\n") > 65536 + 2048
    for option in ("--arrow", "--jsonl"):
        pixity("data", "export", "--symbol", "ABC", option, f"all.{option[2:]}")
        home = {"PIXITY_HOME": f"again{option}"}
        pixity("import", f"all.{option[2:]}", "--symbol", "ABC", env=home)
        assert pixity("data", "export", "--symbol", "ABC", "--csv", env=home).stdout == rows, option
    pixity("data", "export", "--symbol", "ABC", "--out", "bars.feather")
    assert pathlib.Path("bars.feather").read_bytes()[:6] == b"ARROW1"
    refusal = pixity("data", "export", "--symbol", "ABC", "--out", "bars.xlsx", status=2).stderr
    assert ".csv, .json, .parquet, .arrow, .jsonl" in refusal, refusal


@test
def a_table_goes_to_one_file():
    pixity("synth", "--symbol", "ABC", "--days", 2, "--seed", 1)
    export = ["data", "export", "--symbol", "ABC"]
    assert "--arrow excludes --parquet" in pixity(*export, "--parquet", "a.parquet", "--arrow", "a.arrow", status=2).stderr
    assert "--jsonl writes a table" in pixity(*export, "--json", "--jsonl", "a.jsonl", status=2).stderr


main()
