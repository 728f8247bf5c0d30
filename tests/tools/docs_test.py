# SPDX-License-Identifier: Apache-2.0
"""tools/run-docs, and what README.md, docs/tour.md and docs/data.md say with it."""
import os
import pathlib
import subprocess

from harness import BIN, SOURCE, main, shared, test

RUN_DOCS = SOURCE / "tools" / "run-docs"


def run_docs(*arguments, status=0):
    result = subprocess.run([RUN_DOCS, *map(str, arguments)], capture_output=True, text=True,
                            env={**os.environ, "PIXITY_BIN": BIN})
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout[-6000:]}\n{result.stderr[-2000:]}"
    return result.stdout


def page(*lines):
    path = pathlib.Path("page.md")
    path.write_text("```console\n" + "\n".join(lines) + "\n```\n")
    return path


@test
def the_readme_says_what_the_program_prints():
    run_docs(SOURCE / "README.md")


@test
def the_tour_says_what_the_program_prints():
    shared("data")
    run_docs(SOURCE / "docs" / "tour.md")


@test
def the_guide_by_source_says_what_the_program_prints():
    run_docs(SOURCE / "docs" / "data.md")


@test
def a_page_that_says_something_else_fails_and_is_shown():
    run_docs(page("$ printf 'one\\ntwo\\n'", "one", "two"))
    assert "-three" in run_docs(page("$ printf 'one\\ntwo\\n'", "one", "three"), status=1)
    run_docs(page("$ printf 'one\\ntwo\\n'", "one"), status=1)


@test
def dots_stand_for_any_lines_but_not_for_other_ones_around_them():
    run_docs(page("$ seq 9", "1", "...", "4", "5", "...", "9"))
    run_docs(page("$ seq 9", "1", "...", "5", "4", "...", "9"), status=1)
    run_docs(page("$ seq 9", "2", "...", "9"), status=1)
    run_docs(page("$ seq 9", "1", "...", "8"), status=1)


@test
def writing_mends_a_page_and_keeps_its_dots():
    written = page("$ printf 'a 1\\nb 2\\nc 3\\nd 4\\n'", "a 0", "...", "c 3", "...")
    run_docs("--write", written)
    assert "a 1\n...\nc 3\n...\n```" in written.read_text(), written.read_text()
    run_docs(written)


@test
def a_page_without_its_data_is_skipped_aloud():
    path = page("$ false")
    path.write_text("<!-- data: x.csv=data/no/such/file.csv -->\n" + path.read_text())
    assert "skipped: no data/no/such/file.csv" in run_docs(path)


main()
