# SPDX-License-Identifier: Apache-2.0
"""A run as text for a terminal, and as docs/performance.md."""
import pathlib
import sys


def is_there(program):
    """Whether its file exists; says so where not: a floor that this build could not make."""
    path = pathlib.Path(program.command[0])
    if path.exists():
        return True
    print(f"bench/run: left out: {path.name} was not built", file=sys.stderr)
    return False


# ---- numbers ----

def seconds_text(seconds):
    for least, scale, unit in ((1, 1, "s"), (1e-3, 1e3, "ms"), (1e-6, 1e6, "us"), (0, 1e9, "ns")):
        if seconds >= least:
            return f"{seconds * scale:.3g} {unit}"
    return "0"


def each(row, samples, what="cpu"):
    """The median, of one unit."""
    return samples.median(what) / (1 if row.unit in ("process", "run") else samples.n)


def agrees(row, result, wanted):
    """None: there is nothing to compare."""
    if not row.alike or not result or not wanted:
        return None
    return len(result) == len(wanted) and all(
        abs(a - b) <= max(row.alike * max(abs(a), abs(b)), 0) for a, b in zip(result, wanted))


def cell(row, samples, wanted):
    """CPU of a floor or peer, or why it does not count."""
    if agrees(row, samples.result, wanted) is False:
        return "result differs: " + ", ".join(f"{x:.10g}" for x in samples.result[:3])
    first = f", first {seconds_text(each(row, samples, 'first'))}" if samples.first else ""
    return seconds_text(each(row, samples)) + first


def wanted_of(row, samples):
    """The result that all must have: the program's, else the floor's."""
    for name in (row.name, f"floor.{row.name}"):
        if name in samples and samples[name].result:
            return samples[name].result
    return []


def peers_of(row, samples):
    return {name.rpartition(".")[0]: of for name, of in samples.items()
            if name.endswith(f".{row.name}") and not name.startswith("floor.")}


def goal_of(row, own):
    """The goal, and whether it is missed."""
    goal, missed = row.goal * (1e-3 if row.unit == "process" else 1e-9), False
    parts = []
    if row.goal:
        parts.append(seconds_text(goal))
        missed = each(row, own) > goal
    if row.memory and own.peak:
        parts.append(f"{row.memory:g} MB")
        missed = missed or own.median("peak") > row.memory * 1e6
    return ", ".join(parts), missed


def floor_note(row, samples):
    """Says that a floor does not give what it must."""
    floor = samples.get(f"floor.{row.name}")
    if floor and row.stated and any(abs(a - b) > 0.005001 for a, b in zip(floor.result, row.stated)):
        return "not the stated " + ", ".join(f"{x:.10g}" for x in row.stated)
    return ""


def fields(row, samples):
    """What a line shows, as texts: what, unit, CPU, wall, peak, floor, ratio, peers, goal."""
    own, floor, wanted = samples.get(row.name), samples.get(f"floor.{row.name}"), wanted_of(row, samples)
    peers = "; ".join(f"{name} {cell(row, of, wanted)}" for name, of in sorted(peers_of(row, samples).items()))
    text = {"cpu": "", "wall": "", "peak": "", "floor": "", "times": "", "peers": peers, "goal": ""}
    if floor:
        text["floor"] = floor_note(row, samples) or cell(row, floor, wanted)
    if own and own.cpu:
        text |= {"cpu": seconds_text(each(row, own)), "wall": seconds_text(each(row, own, "wall"))}
        if own.peak and row.unit == "process":
            text["peak"] = f"{own.median('peak') / 1e6:.0f} MB"
        if row.name.startswith("serve_") and row.unit == "request":
            text["wall"] = f"{own.n / own.median('wall'):.0f}/s"
        if floor and agrees(row, floor.result, wanted) is not False and each(row, floor):
            text["times"] = f"{each(row, own) / each(row, floor):.1f}"
        goal, missed = goal_of(row, own)
        text["goal"] = goal + (" MISSED" if missed else "")
    return text


def there(rows, samples):
    return [row for row in rows if row.name in samples or f"floor.{row.name}" in samples or peers_of(row, samples)]


def header(run):
    about = run["machine"]
    lines = [f"{about['program']} ({about['commit']}), {about['compiler']}",
             f"{about['processor']}, {about['cores']} cores, {about['memory_gb']} GB, {about['system']}",
             f"load {run['load'][0]:.1f} before, {run['load'][1]:.1f} after; medians of {run['rounds']} rounds, {run['data']} data"]
    if run["peers"]:
        lines.append("; ".join(f"{name} {version}" for name, version in run["peers"].items()))
    return lines


def text(run, rows, samples):
    print("\n".join(header(run)))
    print(f"{'':24}{'CPU':>10}{'wall':>10}{'peak':>9}{'floor':>10}{'times':>7}  goal")
    for row in there(rows, samples):
        f = fields(row, samples)
        print(f"{row.name:24}{f['cpu']:>10}{f['wall']:>10}{f['peak']:>9}{f['floor']:>10}{f['times']:>7}  {f['goal']}"
              f"{' a ' + row.unit if row.unit != 'process' else ''}")
        if f["peers"]:
            print(f"{'':24}  {f['peers']}")


# ---- the document ----

INTRODUCTION = """# Performance

`bench/run --write-docs` writes this page. The figure is CPU time (user and system), the median of fresh processes, or of
work on fresh memory inside fresh processes; wall time and peak memory stand beside it. The *floor* is the same work as a
plain loop in C that does nothing else ([bench/floor](../bench/floor)); *times* is how many floors the program takes.
Peers are other libraries ([bench/peers](../bench/peers)); a time counts only where the result agrees, and what a first call takes,
which compiles, is told apart from later ones. A time a bar, row, event or request is that of the whole divided by their
number. Goals are judged by the median.

"""


def document(run, rows, samples):
    lines = [f"- {line}" for line in header(run)] + [f"- `{run['command'].strip()}`", ""]
    lines += ["| work | a | CPU | wall | peak | floor | times | goal |", "|---|---|---|---|---|---|---|---|"]
    rows = there(rows, samples)
    for row in rows:
        f = fields(row, samples)
        cells = [row.what, row.unit, f["cpu"], f["wall"], f["peak"], f["floor"], f["times"], f["goal"]]
        lines.append("| " + " | ".join(cells) + " |")
    late = [row for row in rows if row.spent and fields(row, samples)["goal"].endswith("MISSED")]
    if late:
        lines += ["", "## Missed goals: where the time goes", ""]
        lines += [f"- {row.what}: {row.spent}." for row in late]
    lines += ["", "## Peers", "", "| work | pixity | floor | peers |", "|---|---|---|---|"]
    for row in rows:
        f = fields(row, samples)
        if f["peers"]:
            lines.append(f"| {row.what} | {f['cpu']} | {f['floor']} | {f['peers']} |")
    if not run["peers"]:
        lines = lines[:-5]
    return INTRODUCTION + "\n".join(lines) + "\n"
