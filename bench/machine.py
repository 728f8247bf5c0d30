# SPDX-License-Identifier: Apache-2.0
"""What a run was made on: machine, compiler, versions."""
import json
import os
import pathlib
import platform
import re
import subprocess


def output(*command):
    try:
        return subprocess.run([str(word) for word in command], capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def processor():
    found = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return found[1] if found else platform.machine()


def describe(build):
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    system = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 1e9),
        "system": f"{system[1] if system else platform.system()}, {platform.release().split('-')[0]}",
        "compiler": output("cc", "--version").partition("\n")[0],
        "program": output(build / "pixity", "--version").partition("\n")[0],
        "commit": output("git", "-C", pathlib.Path(__file__).parent, "describe", "--always", "--dirty"),
    }


def peers(python, here):
    """Name -> version of what bench/peers/requirements.txt names, as installed; and of Python itself."""
    if not python:
        return {}
    names = [line.partition("==")[0] for line in (here / "peers" / "requirements.txt").read_text().splitlines()
             if line and not line.startswith("#")]
    script = """
import importlib.metadata, json, platform, sys
found = {"Python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        found[name] = "not installed"
print(json.dumps(found))"""
    return json.loads(output(python, "-c", script, *names))
