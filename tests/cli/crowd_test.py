# SPDX-License-Identifier: Apache-2.0
"""Many commands at once on one data folder: all do what they do alone."""
import concurrent.futures
import json
import pathlib

from harness import main, pixity, test
from lab import HOME, document, table, walk, write_bars

WRITERS, EACH = 4, 5


def backtest(run_id):
    return pixity("backtest", "--strategy", "ema_cross", "--symbol", "S", "--timeframe", "15m", "--run-id", run_id)


@test
def backtests_readers_and_one_who_deletes():
    pixity("synth", "--symbol", "S", "--days", 40, "--seed", 1, "--start", "2022-01-03")
    backtest("first")
    wanted = pixity("runs", "trades", "first", "--csv").stdout
    done = []

    def write(who):
        for i in range(EACH):
            backtest(f"w{who}-{i}")

    def read(who):
        seen = rounds = 0
        while len(done) < WRITERS or not rounds:
            rows = table("runs", "list")
            assert {row["status"] for row in rows} == {"done"}, rows
            kept = sum(row["run_id"].startswith("w") for row in rows)
            assert kept >= seen, f"{seen} runs were listed, then {kept}"
            seen, rounds = kept, rounds + 1
            newest = max((row["run_id"] for row in rows if row["run_id"].startswith("w")), default="first")
            assert pixity("runs", "trades", newest, "--csv").stdout == wanted
            pixity("runs", "export", newest, "--out", f"out-{who}-{rounds}")
            assert json.loads(pathlib.Path(f"out-{who}-{rounds}/run.json").read_text())["run_id"] == newest

    def delete():
        rounds = 0
        while len(done) < WRITERS or not rounds:
            rounds += 1
            backtest(f"d{rounds}")
            pixity("runs", "delete", f"d{rounds}")

    with concurrent.futures.ThreadPoolExecutor() as pool:
        others = [pool.submit(read, 1), pool.submit(read, 2), pool.submit(delete)]
        writers = [pool.submit(write, who) for who in range(WRITERS)]
        for writer in writers:
            writer.add_done_callback(done.append)
        for job in [*writers, *others]:
            job.result()
    names = {f"w{who}-{i}" for who in range(WRITERS) for i in range(EACH)} | {"first"}
    assert {row["run_id"] for row in table("runs", "list")} == names
    assert {path.name for path in (HOME / "runs").iterdir()} - {".lock"} == names


@test
def imports_of_one_symbol_and_of_several():
    rows = walk(8)
    jobs = []
    for i in range(8):
        write_bars(f"part{i}.csv", rows[i * 375 : (i + 1) * 375])
        jobs.append(["import", f"part{i}.csv", "--symbol", "ONE" if i % 2 else f"S{i}"])
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda job: pixity(*job), jobs))
    held = {row["symbol"]: row["bars"] for row in document("data", "list")}
    assert held == {"ONE": 4 * 375, "S0": 375, "S2": 375, "S4": 375, "S6": 375}
    lines = pixity("data", "export", "--symbol", "ONE").stdout.splitlines()[1:]
    wanted = [row for i in range(1, 8, 2) for row in rows[i * 375 : (i + 1) * 375]]
    assert [line[:19] for line in lines] == [row[0] for row in wanted]
    assert [float(line.split(",")[4]) for line in lines] == [float(row[4]) for row in wanted]


main()
