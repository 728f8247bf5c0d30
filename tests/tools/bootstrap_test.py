# SPDX-License-Identifier: Apache-2.0
"""tools/get-duckdb, tools/build-web, tools/npm-install and tools/bootstrap on machines that lack things, with stand-ins
for npm, npx, mvn and apt."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import tarfile
import zipfile

from harness import SOURCE, main, test

HEADER, LIBRARY = "duckdb@9.9.9", "@duckdb/node-bindings-linux-x64@9.9.9-r.1"
JAR = "org.duckdb:duckdb_jdbc@10.0.0.1"
# Answers `npm pack --silent PACKAGE` with the tarball that stands ready for it.
NPM = '''#!/bin/sh
echo "$*" >>"$READY/npm"
[ "$1" != ci ] || { mkdir -p node_modules; exit; }
echo "$3" >>"$READY/asked"
cp "$READY/$(echo "$3" | tr -d /@).tgz" ./package.tgz
'''
# `mvn -q -B dependency:copy -Dartifact=... -DoutputDirectory=.`
MVN = '#!/bin/sh\necho "$*" >>"$READY/mvn"\ncp "$READY/library.jar" duckdb_jdbc-10.0.0.1.jar\n'
# `npx --no-install vite build --outDir FOLDER ...`
NPX = '#!/bin/sh\nmkdir -p "$5"\ncat index.html >"$5/index.html"\necho built >>"$READY/npx"\n'


def executable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def tarball(package, files):
    path = pathlib.Path("ready", package.replace("/", "").replace("@", "") + ".tgz")
    path.parent.mkdir(exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            pathlib.Path("member").write_text(text)
            archive.add("member", "package/" + name)
    return hashlib.sha512(path.read_bytes()).hexdigest()


def make_tree():
    """A source tree with both scripts, the sums of two small tarballs, and a stand-in npm."""
    for tool in ("get-duckdb", "bootstrap", "build-web", "npm-install"):
        pathlib.Path("tree/tools").mkdir(parents=True, exist_ok=True)
        shutil.copy(SOURCE / "tools" / tool, "tree/tools")
    sums = {
        HEADER: tarball(HEADER, {"src/duckdb/src/include/duckdb.h": "header", "LICENSE": "licence", "other": "x"}),
        LIBRARY: tarball(LIBRARY, {"libduckdb.so": "library", "other": "x"}),
    }
    with zipfile.ZipFile("ready/library.jar", "w") as jar:
        for machine in ("amd64", "arm64"):
            jar.writestr(f"libduckdb_java.so_linux_{machine}", f"library 2 for {machine}")
    sums[JAR] = hashlib.sha512(pathlib.Path("ready/library.jar").read_bytes()).hexdigest()
    pathlib.Path("tree/tools/duckdb.sha512").write_text("".join(f"{s}  {p}\n" for p, s in sums.items()))
    for folder in ("web", "tests/browser"):
        pathlib.Path("tree", folder).mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", "index.html"):
            pathlib.Path("tree", folder, name).write_text(name)
    for fetched in ("get-clang-format", "get-readers"):
        executable(pathlib.Path("tree/tools", fetched), "#!/bin/sh\n")
    executable(pathlib.Path("bin/apt-cache"), "#!/bin/sh\n")
    executable(pathlib.Path("bin/npm"), NPM)
    executable(pathlib.Path("bin/npx"), NPX)
    executable(pathlib.Path("bin/mvn"), MVN)
    executable(pathlib.Path("bin/uname"), "#!/bin/sh\necho x86_64\n")


def run(tool, *args, path=os.environ["PATH"]):
    env = {**os.environ, "PATH": f"{pathlib.Path('bin').resolve()}:{path}",
           "READY": str(pathlib.Path("ready").resolve())}
    return subprocess.run([f"tree/tools/{tool}", *args], capture_output=True, text=True, env=env)


def deps():
    return sorted(path.name for path in pathlib.Path("tree/.deps").glob("*"))


@test
def only_header_library_and_licence_are_kept():
    make_tree()
    result = run("get-duckdb")
    assert result.returncode == 0, result.stderr
    folder = pathlib.Path(result.stdout.strip())
    assert deps() == ["duckdb-9.9.9"] and folder.name == "duckdb-9.9.9"
    assert sorted(path.name for path in folder.iterdir()) == ["LICENSE", "PINNED", "duckdb.h", "libduckdb.so"]
    assert (folder / "duckdb.h").read_text() == "header" and (folder / "libduckdb.so").read_text() == "library"


@test
def duckdb_2_comes_out_of_the_jar_when_it_is_asked_for():
    make_tree()
    run("get-duckdb")
    assert not pathlib.Path("ready/mvn").exists(), "nobody else needs Maven"
    result = run("get-duckdb", "--2")
    assert result.returncode == 0, result.stderr
    folder = pathlib.Path(result.stdout.strip())
    assert deps() == ["duckdb-10.0.0.1", "duckdb-9.9.9"] and folder.name == "duckdb-10.0.0.1"
    assert (folder / "libduckdb.so").read_text() == "library 2 for amd64"
    assert (folder / "duckdb.h").read_text() == "header" and (folder / "LICENSE").read_text() == "licence"
    assert "org.duckdb:duckdb_jdbc:10.0.0.1" in pathlib.Path("ready/mvn").read_text()
    result = run("get-duckdb", "--2")
    assert (result.returncode, result.stderr) == (0, "") and pathlib.Path("ready/mvn").read_text().count("\n") == 1


@test
def a_jar_with_another_sum_is_refused():
    make_tree()
    with open("ready/library.jar", "ab") as jar:
        jar.write(b"more")
    result = run("get-duckdb", "--2")
    assert result.returncode == 1 and JAR in result.stderr and deps() == [], result.stderr


@test
def a_second_run_asks_for_nothing():
    make_tree()
    run("get-duckdb")
    asked = pathlib.Path("ready/asked").read_text()
    assert asked.split() == [HEADER, LIBRARY]
    result = run("get-duckdb")
    assert (result.returncode, result.stderr) == (0, "")
    assert pathlib.Path("ready/asked").read_text() == asked


@test
def changed_sums_fetch_again():
    make_tree()
    run("get-duckdb")
    sums = pathlib.Path("tree/tools/duckdb.sha512")
    sums.write_text(sums.read_text().replace(LIBRARY.rsplit("@", 1)[1], "9.9.9-r.2"))
    shutil.copy("ready/duckdbnode-bindings-linux-x649.9.9-r.1.tgz", "ready/duckdbnode-bindings-linux-x649.9.9-r.2.tgz")
    assert run("get-duckdb").returncode == 0
    assert pathlib.Path("ready/asked").read_text().split()[-1].endswith("r.2")


@test
def a_wrong_sum_is_refused_and_nothing_kept():
    make_tree()
    sums = pathlib.Path("tree/tools/duckdb.sha512")
    lines = sums.read_text().splitlines()
    sums.write_text(lines[0] + "\n" + "0" * 128 + "  " + LIBRARY + "\n")
    result = run("get-duckdb")
    assert result.returncode == 1 and LIBRARY in result.stderr and "0" * 128 in result.stderr, result.stderr
    assert deps() == []


@test
def a_failing_npm_is_explained():
    make_tree()
    executable(pathlib.Path("bin/npm"), "#!/bin/sh\necho no route to host >&2\nexit 1\n")
    result = run("get-duckdb")
    assert result.returncode == 1 and HEADER in result.stderr and "no route to host" in result.stderr
    assert "-Dduckdb_dir" in result.stderr and deps() == []


@test
def an_unknown_machine_is_named():
    make_tree()
    executable(pathlib.Path("bin/uname"), "#!/bin/sh\necho riscv64\n")
    result = run("get-duckdb")
    assert result.returncode == 1 and "riscv64" in result.stderr


def lines(name):
    path = pathlib.Path("ready", name)
    return path.read_text().splitlines() if path.exists() else []


@test
def the_page_is_built_when_its_sources_change():
    make_tree()
    folder = pathlib.Path("tree/.deps/page")
    for _ in range(2):
        result = run("build-web")
        assert (result.returncode, result.stdout.strip(), result.stderr) == (0, str(folder.resolve()), "")
    assert lines("npm") == ["ci --no-audit --no-fund --loglevel=error"] and lines("npx") == ["built"]
    pathlib.Path("tree/web/index.html").write_text("new")
    assert run("build-web").returncode == 0 and (folder / "index.html").read_text() == "new"
    assert len(lines("npm")) == 1 and len(lines("npx")) == 2
    pathlib.Path("tree/web/package-lock.json").write_text("newer packages")
    assert run("build-web").returncode == 0
    assert len(lines("npm")) == 2 and len(lines("npx")) == 3


@test
def a_page_that_cannot_be_built_leaves_the_old_one():
    make_tree()
    assert run("build-web").returncode == 0
    pathlib.Path("tree/web/index.html").write_text("new")
    executable(pathlib.Path("bin/npx"), "#!/bin/sh\necho TS2322 >&2\nexit 1\n")
    result = run("build-web")
    assert result.returncode == 1 and "TS2322" in result.stderr and "could not be built" in result.stderr
    assert pathlib.Path("tree/.deps/page/index.html").read_text() == "index.html"


@test
def packages_that_cannot_be_installed_are_explained():
    make_tree()
    executable(pathlib.Path("bin/npm"), "#!/bin/sh\necho no route to host >&2\nexit 1\n")
    result = run("npm-install", "web")
    assert result.returncode == 1 and "no route to host" in result.stderr and "packages of web" in result.stderr


def make_debian(missing, uid, sudo):
    """Stand-ins: `missing` is the one package not installed; apt-get writes down what it is asked."""
    make_tree()
    executable(pathlib.Path("bin/dpkg-query"),
               f'#!/bin/sh\nfor last; do :; done\n[ "$last" = "{missing}" ] && exit 1\necho installed\n')
    executable(pathlib.Path("bin/id"), f"#!/bin/sh\necho {uid}\n")
    executable(pathlib.Path("bin/sudo"), f'#!/bin/sh\n[ {sudo} = yes ] || exit 1\nshift\n"$@"\n')
    executable(pathlib.Path("bin/apt-get"), '#!/bin/sh\necho "$*" >>"$READY/apt"\n')


def apt_calls():
    return lines("apt")


@test
def nothing_missing_is_silent():
    make_debian("", 1000, "no")
    result = run("bootstrap", "test")
    assert (result.returncode, result.stdout, apt_calls()) == (0, "", []), result.stderr
    result = run("bootstrap", "test")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@test
def without_root_the_one_command_is_printed():
    make_debian("zlib1g-dev", 1000, "no")
    result = run("bootstrap")
    assert result.returncode == 2 and apt_calls() == []
    command = result.stderr.splitlines()[-1]
    assert "apt-get update && sudo apt-get install" in command and command.endswith(" zlib1g-dev"), result.stderr


@test
def root_installs_what_is_missing_only():
    make_debian("libxgboost-dev", 0, "no")
    assert run("bootstrap").returncode == 0
    update, install = apt_calls()
    assert update.startswith("update") and install.startswith("install")
    assert [word for word in install.split() if not word.startswith("-")] == ["install", "libxgboost-dev"]


@test
def sudo_without_password_will_do():
    make_debian("python3-pandas", 1000, "yes")
    assert run("bootstrap", "build").returncode == 0 and apt_calls() == []
    assert run("bootstrap", "test").returncode == 0
    assert apt_calls()[1].endswith(" python3-pandas")


def hide(command):
    """The commands of this machine without one of them; the value for PATH."""
    links = pathlib.Path("links")
    links.mkdir()
    for folder in os.environ["PATH"].split(":"):
        for path in pathlib.Path(folder).glob("*"):
            if path.name != command and not links.joinpath(path.name).is_symlink():
                links.joinpath(path.name).symlink_to(path)
    return str(links.resolve())


def bootstrap_without_chromium(apt_cache):
    make_debian("", 0, "no")
    executable(pathlib.Path("bin/apt-cache"), f"#!/bin/sh\n{apt_cache}\n")
    result = run("bootstrap", "test", path=hide("chromium"))
    assert result.returncode == 0, result.stderr
    return [line for line in apt_calls() if line.startswith("install")]


@test
def chromium_is_installed_where_there_is_a_package_of_it():
    (install,) = bootstrap_without_chromium("echo Package: chromium")
    assert install.endswith(" chromium")


@test
def a_package_that_leads_to_a_snap_or_none_at_all_is_no_chromium():
    assert bootstrap_without_chromium("echo Description: Transitional package - chromium snap") == []


@test
def no_package_of_chromium_is_no_fault():
    assert bootstrap_without_chromium("echo No packages found >&2; exit 100") == []


@test
def building_needs_neither_chromium_nor_the_test_library():
    make_debian("libcmocka-dev", 0, "no")
    executable(pathlib.Path("bin/apt-cache"), "#!/bin/sh\necho Package: chromium\n")
    assert run("bootstrap", "build", path=hide("chromium")).returncode == 0 and apt_calls() == []


main()
