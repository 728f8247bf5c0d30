# SPDX-License-Identifier: Apache-2.0
"""The table of what can be asked against the verbs: whoever is named there is there, and keeps what it is given."""
import json
import re

from harness import main, pixity, SOURCE, test

TABLE = (SOURCE / "src/requests/request_table.c").read_text()
PROGRAM = "".join(path.read_text() for path in sorted((SOURCE / "cli").rglob("*.c")))
# Rows of several verbs, by the macro that has them.
SHARED = {macro: re.findall(r"\"([\w-]+)\",", body) for macro, body in
          re.findall(r"#define (CLI_\w+_PLACES)\(at\)(.*?)\n\n", (SOURCE / "cli/frame/cli.h").read_text(), re.S)}


def own_options(verb):
    """Options under the title Options of a verb's help, which the table tells."""
    text = pixity(*verb.split(), "--help").stdout
    return set(re.findall(r"^  --([\w-]+)", text.partition("\nOptions:\n")[2].partition("\n\n")[0], re.M))


def verbs_of_table():
    return {verb for names in re.findall(r"\.verbs = \"([^\"]+)\"", TABLE) for verb in names.split(", ")}


@test
def whoever_the_table_names_is_a_verb():
    verbs = set(re.findall(r"\.name = \"([a-z -]+)\"", PROGRAM))
    assert len(verbs_of_table()) > 12 and verbs_of_table() <= verbs, verbs_of_table() - verbs
    for verb in verbs_of_table():
        assert own_options(verb), verb


@test
def a_verb_keeps_its_own_options_and_no_others():
    n = 0
    for name, places in re.findall(r"\.name = \"([a-z -]+)\",(?:(?!\.name = ).)*?\.places = (\w+),", PROGRAM, re.S):
        for body in re.findall(rf"const cli_place {places}\[\] = {{(.*?)\n}};", PROGRAM, re.S):
            kept = set(re.findall(r"\{\"([\w-]+)\"", body))
            kept |= {option for macro in re.findall(r"(CLI_\w+_PLACES)\(", body) for option in SHARED[macro]}
            n += kept == own_options(name)
    assert n == len(verbs_of_table()), n


@test
def requests_have_what_verbs_have():
    """A member is an option of the verb that does the work, or one of its arguments, as what is sent for a file."""
    arguments = {"undo": {"symbol", "entry"}, "delete": {"symbol"}, "rename": {"symbol", "name"}, "verify": {"symbol"}}
    for request, schema in json.loads(pixity("requests").stdout).items():
        job = request.removesuffix("Request").lower()
        verb = f"data {job}" if job == "check" or job in arguments else job
        options = set(re.findall(r"^  --([\w-]+)", pixity(*verb.split(), "--help").stdout, re.M))
        other = {"parameters": {"param", "learner"}, "name": {"model-out"}, "symbols": {"symbol"}}
        for member in set(schema["properties"]) - {"upload"} - arguments.get(job, set()):
            assert other.get(member, {member.replace("_", "-")}) & options, (request, member)


main()
