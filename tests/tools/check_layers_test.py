# SPDX-License-Identifier: Apache-2.0
"""tools/check-layers finds each kind of breach at its line, and passes a tree without one."""
import pathlib
import shutil
import subprocess

from harness import SOURCE, main, test

TABLE = """| `src/base` | `status.h` | |
| `src/store` | `store.h` | |
| `src/labels` | `labels.h` | |
| `src/engine` | - | |
| `src/backtest` | `backtest.h` | |
"""
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


def check(files):
    """Runs the checker over a small tree; gives exit status and output."""
    tree = {"docs/architecture.md": TABLE, **{name: SPDX + text for name, text in files.items()}}
    for name in ("status", "store", "labels", "backtest", "pixity"):
        tree.setdefault(f"include/pixity/{name}.h", SPDX)
    for name, text in tree.items():
        path = pathlib.Path("tree", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    result = subprocess.run([SOURCE / "tools/check-layers", "tree"], capture_output=True, text=True)
    return result.returncode, result.stdout


def assert_breach(path, text, words, line=2):
    status, output = check({path: text})
    assert status == 1, f"not found: {text!r}"
    assert output.startswith(f"{path}:{line}: ") and words in output, output
    assert output.count("\n") == 1, output


@test
def a_clean_tree_passes():
    status, output = check({
        "src/base/hash.c": '#include <openssl/sha.h>\n#include "base/text.h"\n#include "pixity/status.h"\n',
        "src/base/text.h": "",
        "src/store/run.c": '#include <sqlite3.h>\n#include "store/own.h"\n',
        "src/store/own.h": '#include "base/text.h"\n',
        "src/backtest/runner.c": '#include "pixity/backtest.h"\n',
        "cli/frame/main.c": '#include "pixity/pixity.h"\n#include "cli/cmd.h"\nint main(void) { printf("x"); exit(0); }\n',
        "cli/cmd.h": "",
    })
    assert (status, output) == (0, ""), output


@test
def a_folder_may_not_use_one_below_it():
    assert_breach("src/base/a.c", '#include "pixity/store.h"\n', "src/base stands above src/store")


@test
def a_private_header_counts_too():
    pathlib.Path("tree/src/backtest").mkdir(parents=True)
    pathlib.Path("tree/src/backtest/b.h").write_text(SPDX)
    assert_breach("src/labels/a.c", '\n#include "backtest/b.h"\n', "src/labels stands above", line=3)


@test
def a_public_header_obeys_the_order():
    assert_breach("include/pixity/store.h", '#include "pixity/backtest.h"\n', "src/store stands above")


@test
def third_party_headers_stay_in_their_place():
    assert_breach("src/backtest/a.c", "#include <duckdb.h>\n", "src/files/duck")


@test
def libraries_that_are_opened_when_first_used_have_one_header():
    assert_breach("src/store/a.c", "#include <duckdb.h>\n", "duckdb_library.h only")


@test
def the_command_line_may_not_see_third_party_headers():
    assert_breach("cli/a.c", "#include <sqlite3.h>\n", "src/store")


@test
def the_command_line_sees_public_headers_only():
    pathlib.Path("tree/src/base").mkdir(parents=True)
    pathlib.Path("tree/src/base/text.h").write_text(SPDX)
    assert_breach("cli/a.c", '#include "base/text.h"\n', "public headers only")


@test
def replay_may_not_see_labels():
    assert_breach("src/engine/replay.c", '#include "pixity/labels.h"\n', "look forward")


@test
def the_header_of_backtests_may_not_see_labels():
    assert_breach("include/pixity/backtest.h", '#include "pixity/labels.h"\n', "look forward")


@test
def the_engine_may_not_see_labels():
    assert_breach("src/engine/fill.c", '#include "pixity/labels.h"\n', "look forward")


@test
def stages_may_not_include_everything():
    assert_breach("src/store/a.c", '#include "pixity/pixity.h"\n', "pixity.h belongs in")


@test
def a_name_stands_for_one_file():
    status, output = check({"src/base/rows.c": "", "src/base/rows.h": "", "src/store/runs/rows.c": ""})
    assert (status, output) == (1, "src/store/runs/rows.c:1: src/base has a rows too\n"), output


@test
def what_is_registered_is_spelled_in_its_table_only():
    tables = {
        "docs/architecture.md": TABLE + "".join(f"| `src/{folder}` | none | |\n" for folder in ("market", "files", "events", "learners", "strategies")),
        "src/market/exchanges.c": '    {"NSE", "Asia/Kolkata"},\n',
        "src/learners/forest.c": '    .name = "rf",\n',
        "src/strategies/cross.c": '    .id = "ema_cross",\n',
        "src/events/trend.c": 'x = {.name = "TREND"};\n',
        "src/files/meaning/profiles.c": '    {"kite", NULL, "NSE"},\n',
    }
    assert check(tables) == (0, "")
    for name, kind in (("NSE", "an exchange"), ("rf", "a learner"), ("ema_cross", "a strategy"), ("TREND", "an event"), ("kite", "a source")):
        for path in ("src/store/a.c", "cli/a.c", "web/src/lib/a.ts"):
            shutil.rmtree("tree")
            status, output = check({**tables, path: f'\n/* "{name}" */\nx = "{name}";\n'})
            assert (status, output) == (1, f"{path}:4: \"{name}\" names {kind}, which its table alone does\n"), output


@test
def a_folder_stays_small():
    many = {f"src/store/f{i}.c": "" for i in range(21)}
    assert check({**many, "src/store/runs/a.c": ""}) == (1, "src/store:1: 21 sources, 21 lines; at most 20 and 4000\n")


@test
def subfolders_and_headers_count_for_themselves():
    twenty = {f"src/store/f{i}.c": "" for i in range(20)}
    assert check({**twenty, "src/store/runs/a.c": "", "src/store/f1.h": ""}) == (0, "")


@test
def comments_use_the_words_of_the_field():
    for path in ("src/base/a.c", "web/src/lib/a.ts"):
        shutil.rmtree("tree", ignore_errors=True)
        status, output = check({path: 'x("fate"); /* what\n * the Fate is */\n'})
        assert (status, output) == (1, f"{path}:3: Fate: say outcome\n"), output


@test
def functions_take_five_parameters():
    wide = "static int {}(int a, int (*b)(int, int), int c[2],\n            int d, int e, int f, px_error *err) {{\n}}\n"
    five = "int g(int a, int (*b)(int, int), int c, int d, int e, px_error *err) {\n}\nvoid h(void) {\n    g(1, 2, 3, 4, 5, 6);\n}\n"
    assert check({"src/base/a.c": five + wide.format("px_barrier_open")}) == (0, ""), "one that is older than the rule"
    assert check({"src/base/a.c": five + wide.format("f")}) == (1, "src/base/a.c:7: f() takes more than 5 parameters beside the error\n")


@test
def banned_functions_are_found():
    assert_breach("src/base/a.c", "void f(char *a) { strcpy(a, a); }\n", "strcpy()")


@test
def files_are_opened_in_few_places():
    assert_breach("src/store/a.c", "void f(void) { pxi_duck_open(&duck, err); }\n", "pxi_duck_open() belongs in")
    status, output = check({"src/store/a.c": "void f(void) { pxi_duck_open_sealed(&reach, &duck, err); }\n"})
    assert (status, output) == (0, ""), output
    assert_breach("src/engine/b.c", "void f(void) { sqlite3_open_v2(p, &d, 0, 0); }\n", "sqlite3_open_v2() belongs")


@test
def the_library_reads_no_clock():
    assert_breach("src/store/a.c", "long f(void) { return time(0); }\n", "time()")


@test
def the_library_never_prints():
    assert_breach("src/store/a.c", 'void f(void) { fputs("x", stderr); }\n', "never prints")


@test
def comments_strings_and_longer_names_are_no_calls():
    status, output = check({
        "src/base/a.c": '// exit(1)\n/* abort() */\nint f(void) { return my_time(0) + s->exit(") printf("); }\n',
    })
    assert (status, output) == (0, ""), output


@test
def the_spdx_line_is_required():
    pathlib.Path("tree/src/base").mkdir(parents=True)
    pathlib.Path("tree/src/base/z.c").write_text("int z;\n")
    status, output = check({})
    assert status == 1 and "src/base/z.c:1: " in output and "SPDX" in output, output


@test
def an_unknown_folder_is_named():
    assert_breach("src/magic/a.c", "", "src/magic is not in the table", line=1)


@test
def a_file_has_an_end():
    assert_breach("src/base/long.c", "\n" * 700, "longer than 700 lines", line=701)


@test
def lines_of_the_page_have_an_end():
    assert_breach("web/src/long.ts", "// short\n//" + "-" * 119, "longer than 120 columns", line=3)


@test
def only_the_codec_reads_a_runs_document():
    codec = 'static const member run_members[] = {\n    {"fingerprint", TEXT, AT(fingerprint), ALWAYS, NULL},\n};\n'
    for path in ("src/backtest/a.c", "cli/runs/a.c", "server/api/a.c"):
        status, output = check({
            "src/store/runs/run_json.c": codec,
            path: 'void f(void) {\n    g(json_object_get(json_object_get(run, "data"), "fingerprint"));\n}\n',
        })
        assert status == 1 and output.startswith(f"{path}:3: members of a run's document, as fingerprint"), output
        pathlib.Path("tree", path).unlink()
    assert check({"cli/data/a.c": 'int x = f(json_object_get(bars, "fingerprint"));\n'})[0] == 0


@test
def what_is_public_is_used_outside():
    header = "#define PX_API\n/* px_spoken( */\nPX_API int px_unused(\n    int x);\nPX_API int px_used(int x);\nPX_API int px_slow(int x);\n" \
        "static inline int px_fast(int x) {\n    return px_slow(x);\n}\n"
    status, output = check({"include/pixity/store.h": header, "cli/a.c": "int y = px_used(1);\n", "src/base/b.c": "int z = px_unused(1);\n"})
    assert status == 1 and output == "include/pixity/store.h:4: px_unused() is public, and nothing outside src/ uses it\n", output
    for user in ("server/a.c", "tests/unit/a.c", "bench/a.c", "examples/a.c"):
        assert check({"include/pixity/store.h": header, "cli/a.c": "int y = px_used(1);\n", user: "int y = px_unused(1);\n"})[1] == "", user
        pathlib.Path("tree", user).unlink()


@test
def keys_of_metrics_stand_in_their_table():
    table = 'static const px_metric metrics[] = {\n    OF_EQUITY("Sharpe Ratio", sharpe,\n    OF_TRADES("# Trades", n,\n};\n'
    for path, text in (("src/engine/a.c", 'f("# Trades");\n'), ("cli/a.c", 'f("Sharpe Ratio (gross)");\n'),
                       ("web/src/a.ts", "f(run['# Trades']);\n"), ("src/engine/a.c", 'f("metrics.\\"Sharp\\"");\n')):
        status, output = check({"docs/architecture.md": TABLE + "| `src/metrics` | - | |\n", "src/metrics/metric_table.c": table, path: text})
        assert status == 1 and output.startswith(f"{path}:2: "), (path, output)
        pathlib.Path("tree", path).unlink()
    clean = '// "# Trades"\nf("metrics.\\"# Trades\\"", "Trades");\n'
    assert check({"docs/architecture.md": TABLE + "| `src/metrics` | - | |\n", "src/metrics/metric_table.c": table, "src/engine/a.c": clean})[1] == ""


main()
