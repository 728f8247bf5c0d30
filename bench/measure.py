# SPDX-License-Identifier: Apache-2.0
"""Runs programs and keeps what they took: seconds of CPU (user and system), seconds on the clock, peak memory.

A program is started anew for every sample, and the programs of one round follow each other (A B C, A B C), so that
what else the machine does meets all of them. What counts is the median. The system counts the memory of the process
that starts a program as the program's peak too: this one stays small, and makes its data in others.
"""
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import time


@dataclasses.dataclass
class Program:
    """One that is timed as a whole has a `whole`, the name of its measurement; others print lines as bench.h says.
    `owner` is "" for the project, "floor", or the name of a peer. `before` runs ahead of every sample."""

    owner: str
    command: list
    whole: str = ""
    n: int = 1
    result: list = dataclasses.field(default_factory=list)
    rounds: int = 99
    before: object = None


@dataclasses.dataclass
class Samples:
    """Of one measurement: a list each; n and result are those of the last round."""

    n: int = 1
    result: list = dataclasses.field(default_factory=list)
    cpu: list = dataclasses.field(default_factory=list)
    wall: list = dataclasses.field(default_factory=list)
    peak: list = dataclasses.field(default_factory=list)  # bytes
    first: list = dataclasses.field(default_factory=list)  # seconds of CPU of a first call, which compiles

    def median(self, what):
        values = getattr(self, what)
        return statistics.median(values) if values else None


class Failed(Exception):
    pass


def start(program):
    """Runs it once: (output, cpu, wall, peak)."""
    if program.before:
        program.before()
    began = time.perf_counter()
    where = subprocess.DEVNULL if program.whole else subprocess.PIPE
    with subprocess.Popen([str(word) for word in program.command], stdout=where) as process:
        output = b"" if program.whole else process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode != 0:
        raise Failed(f"{' '.join(map(str, program.command))}: exit status {process.returncode}")
    return output.decode(), used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024


def lines_of(program):
    """The measurements of one start, as lists of fields."""
    output, cpu, wall, peak = start(program)
    if program.whole:
        return [{"name": program.whole, "cpu": cpu, "wall": wall, "peak": peak, "n": program.n, "result": program.result}]
    return [{"peak": peak, **json.loads(line)} for line in output.splitlines() if line.startswith("{")]


def run(programs, rounds, say):
    """Measures the programs in turn; name -> Samples, where a name is "features_frame" or "floor.features_frame". What
    fails is told and left out of later rounds."""
    samples, failed = {}, set()
    for number in range(rounds):
        for program in programs:
            if number >= program.rounds or id(program) in failed:
                continue
            say(f"round {number + 1} of {rounds}: {program.owner or 'pixity'} {program.whole or program.command[-1]}")
            try:
                lines = lines_of(program)
            except (Failed, OSError) as problem:
                failed.add(id(program))
                print(f"bench/run: left out: {problem}", file=sys.stderr)
                continue
            for line in lines:
                if "missing" in line:
                    failed.add(id(program))
                    print(f"bench/run: left out: {program.owner}: {line['missing']}", file=sys.stderr)
                    continue
                name = f"{program.owner}.{line['name']}" if program.owner else line["name"]
                of = samples.setdefault(name, Samples())
                of.n, of.result = line["n"], line["result"]
                for what in ("cpu", "wall", "peak", "first"):
                    if what in line:
                        getattr(of, what).append(line[what])
    return samples
