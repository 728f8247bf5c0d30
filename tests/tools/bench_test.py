#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""bench/run: medians, what became slower, goals, results that differ. Nothing is timed here."""
import importlib.machinery
import json
import subprocess
import sys
import types

from harness import SOURCE, main, test

sys.path.insert(0, str(SOURCE / "bench"))
import measure  # noqa: E402
import show  # noqa: E402
import table  # noqa: E402


def kept(path, data="synthetic", n=1000, **samples):
    """A run as --save writes it, of n units; name=cpu or (cpu, result)."""
    fields = {}
    for name, value in samples.items():
        cpu, result = value if isinstance(value, tuple) else (value, [])
        fields[name.replace("__", ".")] = {"n": n, "result": result, "cpu": cpu, "wall": cpu,
                                           "peak": [50e6] * len(cpu), "first": []}
    run = {"command": "bench/run", "peers": {}, "load": [0.5, 0.5], "data": data, "rounds": 3, "samples": fields,
           "machine": {"processor": "P", "cores": 2, "memory_gb": 8, "system": "S", "compiler": "C", "program": "pixity 1",
                       "commit": "abc"}}
    with open(path, "w") as out:
        json.dump(run, out)
    return path


def bench(*args, status=0):
    done = subprocess.run([SOURCE / "bench" / "run", *args], capture_output=True, text=True)
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    return done


@test
def median_decides_and_a_tenth_is_allowed():
    before = kept("before", events=[1.0, 1.0, 9.0], labels=[1.0, 1.0, 1.0], stream=[1.0, 1.0, 1.0])
    now = kept("now", events=[0.1, 1.09, 9.0], labels=[0.1, 1.11, 1.2], stream=[0.5, 0.5, 9.0])
    said = bench("--from", now, "--compare", before).stdout
    lines = [line.split() for line in said.splitlines() if "times the CPU" in line]
    assert [(line[0], line[-1]) for line in lines] == [("labels", "SLOWER"), ("stream", "CPU")], said
    assert "1 slower by more than 10 %" in said, said


@test
def what_is_told_as_a_whole_is_compared_as_a_whole():
    before, now = kept("before", n=1, ema=[1.0], events=[1.0]), kept("now", n=2, ema=[1.0], events=[1.0])
    said = bench("--from", now, "--compare", before).stdout
    assert "events                     0.50 times" in said and "0 slower" in said and "ema   " not in said.split("a run")[-1], said


@test
def slower_fails_only_when_asked():
    before, now = kept("before", events=[1.0]), kept("now", events=[2.0])
    bench("--from", now, "--compare", before)
    bench("--from", now, "--compare", before, "--fail", status=1)
    bench("--from", before, "--compare", now, "--fail")


@test
def runs_on_other_data_are_not_compared():
    done = bench("--from", kept("now", events=[1.0]), "--compare", kept("before", data="nifty", events=[1.0]), status=2)
    assert "nifty data then, synthetic now" in done.stderr, done.stderr


@test
def a_file_that_is_no_run_and_an_unknown_row_are_named():
    with open("other.json", "w") as other:
        other.write('{"samples": {"events": 3}}')
    for path in ("nowhere", "other.json"):
        assert f"{path} is no run" in bench("--from", path, status=2).stderr
    assert "no row evens" in bench("--from", kept("now", events=[1.0]), "evens", status=2).stderr


@test
def a_missed_goal_is_marked_and_fails_nothing():
    goal = next(row.goal for row in table.ROWS if row.name == "events")
    for ns, missed in ((goal * 0.9, False), (goal * 1.1, True)):
        seconds = ns * 1000e-9  # of 1,000 bars
        assert ("MISSED" in bench("--from", kept("now", events=[seconds]), "events").stdout) == missed


@test
def a_time_counts_only_where_results_agree():
    own, same, other = ([1.0], [7.0, 8.0]), ([0.5], [7.0, 8.0 + 1e-12]), ([0.5], [7.0, 8.1])
    said = bench("--from", kept("now", resample_15m=own, floor__resample_15m=other, polars__resample_15m=same)).stdout
    assert "result differs: 7, 8.1" in said and "polars 500 us" in said, said
    said = bench("--from", kept("now", resample_15m=own, floor__resample_15m=same, polars__resample_15m=other)).stdout
    assert "polars result differs: 7, 8.1" in said, said


@test
def a_first_call_is_told_by_the_same_unit():
    path = kept("now", resample_15m=[1.0], polars__resample_15m=[0.5])
    with open(path) as file:
        run = json.load(file)
    run["samples"]["polars.resample_15m"]["first"] = [2.0]  # seconds for 1,000 bars
    with open(path, "w") as file:
        json.dump(run, file)
    assert "polars 500 us, first 2 ms" in bench("--from", path).stdout


@test
def a_floor_must_give_what_is_stated():
    row = next(row for row in table.ROWS if row.name == "account")
    right, wrong = ([1.0], [22902, 95528.03]), ([1.0], [22902, 95528.05])
    assert "not the stated" not in bench("--from", kept("now", floor__account=right), row.name).stdout
    assert "not the stated 22902, 95528.03" in bench("--from", kept("now", floor__account=wrong), row.name).stdout


@test
def every_program_measures_a_row():
    class Anything:
        writes_parquet, symbol, here, folder, five = True, "S", SOURCE / "bench", SOURCE, [SOURCE] * 5
        home = million = rows = fresh = csv = minutes = events = forest = walk = parquet = SOURCE
        make_large = forget_run = forget_fresh = forget_model = forget_parquet = None

    names = {row.name for row in table.ROWS}
    programs = table.programs(SOURCE / "build", Anything, "python", 1)
    measured = [name for some in programs for program in some for name in table.measures(program)]
    assert all(table.measures(program) for some in programs for program in some)
    assert set(measured) <= names | {"gbt_predict_one", "logistic_predict_one"} and names == names & set(measured), (
        names ^ set(measured))


@test
def a_program_that_fails_is_told_and_left_out():
    good = measure.Program("", [sys.executable, "-c", "print('{\"name\": \"a\", \"cpu\": 2, \"n\": 1, \"result\": []}')"])
    bad = measure.Program("", [sys.executable, "-c", "raise SystemExit(3)"], "b")
    none = measure.Program("other", [sys.executable, "-c", "print('{\"missing\": \"no such library\"}')"])
    samples = measure.run([good, bad, none], 3, lambda text: None)
    assert set(samples) == {"a"} and samples["a"].cpu == [2, 2, 2], samples


@test
def the_document_says_machine_command_and_versions():
    with open(kept("now", events=([1.0], [5]), numba__events=([0.1], [5]))) as file:
        run = json.load(file)
    run["peers"] = {"numba": "0.1"}
    text = show.document(run, table.ROWS, {name: measure.Samples(**of) for name, of in run["samples"].items()})
    for part in ("pixity 1 (abc), C", "P, 2 cores, 8 GB, S", "load 0.5 before", "numba 0.1", "`bench/run`", "| events |"):
        assert part in text, (part, text)


@test
def the_command_that_is_told_holds_no_file_of_this_machine():
    """A commit of the document must not."""
    loader = importlib.machinery.SourceFileLoader("bench_run", str(SOURCE / "bench" / "run"))
    run = types.ModuleType("bench_run")
    run.__file__ = loader.path
    loader.exec_module(run)
    arguments = types.SimpleNamespace(rows=["events"], rounds=3, seconds=2, peers=True, data=None, save="/home/me/run")
    assert run.command_of(arguments) == "bench/run events --rounds 3 --seconds 2 --peers"


main()
