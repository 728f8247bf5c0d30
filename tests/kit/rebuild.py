# SPDX-License-Identifier: Apache-2.0
"""The program built anew with some of its files changed or added, the rest of the build as it is."""
import json
import os
import pathlib
import re
import shlex
import subprocess

from harness import BIN, SOURCE

BUILD = pathlib.Path(BIN).parent


def blocks(document, n):
    """The n blocks of C code in a document."""
    found = re.findall(r"^```c\n(.*?)^```$", (SOURCE / document).read_text(), re.M | re.S)
    assert len(found) == n, found
    return found


def compile_with_the_flags_of_the_build(source, like, output):
    """As the build compiles the file `like`, but for input and output."""
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    (command,) = [c["command"] for c in commands if c["file"].endswith(like) and "libpixity_core" in c["output"]]
    words = shlex.split(command)
    for option, value in (("-o", output), ("-c", source)):
        words[words.index(option) + 1] = str(value)
    for option in ("-MF", "-MQ"):
        words[words.index(option) + 1] = f"{output}.d"
    subprocess.run(words, cwd=BUILD, check=True)


def link(objects, output):
    """The program from its own objects, these and the library's, in which these come first."""
    rules = subprocess.run(["ninja", "-C", BUILD, "-t", "commands", "pixity"], capture_output=True, text=True,
                           check=True).stdout
    links = {words[words.index("-o") + 1]: words for words in map(shlex.split, rules.splitlines())
             if "-o" in words and "-c" not in words}
    program = links["pixity"]
    library = next(words for name, words in links.items() if name.startswith("libpixity.so"))
    own = [word for word in program if word.endswith(".o")]
    server = [word for word in program if re.search(r"\.(so|a)$", word)]
    parts = [word for word in library
             if re.search(r"\.(so|a)$", word) and "core" not in word or word.startswith(("-l", "-L", "-pthread"))]
    shared = [*(BUILD / part for part in parts if part.endswith(".so")), pathlib.Path(os.environ["PIXITY_DUCKDB"])]
    paths = [f"-Wl,-rpath,{part.resolve().parent}" for part in shared]
    command = [program[0], "-o", output, *own, *objects, *server, "libpixity_core.a", *parts, *paths]
    subprocess.run(command, cwd=BUILD, check=True)


def rebuild(folder, files):
    """The program with these texts, by the file of the build that each replaces or is compiled like."""
    objects = []
    for name, (like, text) in files.items():
        (folder / f"{name}.c").write_text(text)
        compile_with_the_flags_of_the_build(folder / f"{name}.c", like, folder / f"{name}.o")
        objects.append(folder / f"{name}.o")
    link(objects, folder / "pixity")
    return folder / "pixity"


def with_line(table, line):
    """The text of a table's file with a line before all others."""
    text = (SOURCE / table).read_text()
    first = re.search(r"^ +X\(\w+\) +\\\n", text, re.M)
    return text[:first.start()] + line + text[first.start():]
