# SPDX-License-Identifier: Apache-2.0
"""What the linker knows of the house: who calls whom, file by file, from the objects of the library."""
import os
import pathlib
import re
import subprocess

from harness import SOURCE, main, test

# A stage is called by the engine. Its own folder is free; everything else is told here, with the reason.
STAGES = {
    "px_features_compute": {"audit/audit_prefix": "prefixes of the bars have frames only"},
    "px_features_step": {},
    "px_events_find": {"audit/audit_prefix": "prefixes of the bars have frames only",
                       "strategies/pixityai_meta": "finds them in the frame that the engine gives it"},
    "px_events_step": {},
    "pxi_events_scan": {},
    "px_labels_compute": {},
    "pxi_replay_run": {"audit/audit_context": "what a test may replace"},
    "pxi_replay_new": {},
    "pxi_bar_signals_batch": {},
    "pxi_bar_signals_stream": {},
}


def build_folder():
    return pathlib.Path(os.environ["PIXITY_BIN"]).parent


def files(top="src", archive="libpixity_core.a"):
    """The files below a folder as folder/name, with the symbols that each defines and those that it wants."""
    defined, wanted = {}, {}
    sources = {path.relative_to(SOURCE / top).with_suffix("").as_posix()
               for ending in ("*.c", "*.cc") for path in (SOURCE / top).rglob(ending)}
    prefix = "src_" if top == "src" else ""  # as Meson names objects, by where they are built
    by_object = {prefix + name.replace("/", "_"): name for name in sources}
    command = ["nm", "-A", build_folder() / archive]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        found = re.match(r".*?([^:/]+)\.(?:c|cc)\.o:.*\b([TDBRU]) (\w+)$", line)
        name = found and by_object.get(found[1])
        if name and found[2] != "U":
            defined[found[3]] = name
        elif name:
            wanted.setdefault(name, set()).add(found[3])
    assert len(wanted) > len(sources) / 2, f"{len(wanted)} files of {len(sources)} seen"
    return defined, wanted


def folder(name):
    return name.rpartition("/")[0]


@test
def only_the_engine_runs_stages():
    defined, wanted = files()
    for stage, reasons in STAGES.items():
        assert stage in defined, stage
        callers = {name for name, symbols in wanted.items() if stage in symbols}
        others = {name for name in callers if folder(name) not in ("engine", folder(defined[stage]))}
        assert others == set(reasons), f"{stage} is called by {sorted(others)}, known: {sorted(reasons)}"


def find_circles(defined, wanted):
    calls = {name: {defined[symbol] for symbol in symbols if symbol in defined} - {name} for name, symbols in wanted.items()}
    left = dict(calls)
    while leaves := [name for name in left if not left[name] & left.keys()]:
        for name in leaves:
            del left[name]
    # What is left lies on a circle, or above one.
    while tops := [name for name in left if not any(name in others for key, others in left.items() if key != name)]:
        for name in tops:
            del left[name]
    return sorted(left)


@test
def no_files_of_the_library_call_each_other_in_a_circle():
    assert find_circles(*files()) == []


@test
def no_files_of_the_server_call_each_other_in_a_circle():
    assert find_circles(*files("server", "server/libpixity_server.a")) == []


@test
def a_circle_is_found():
    assert find_circles({"f": "a", "g": "b", "h": "c", "i": "d"}, {"a": {"g"}, "b": {"f"}, "c": {"f"}, "d": set()}) == ["a", "b"]


main()
