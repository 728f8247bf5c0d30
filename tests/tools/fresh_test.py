# SPDX-License-Identifier: Apache-2.0
"""tools/fresh asks for what it needs, installs a system, puts the last commit into it and hands the status of make on;
with stand-ins for what makes the system and for what enters it."""
import os
import pathlib
import shutil
import subprocess

from harness import SOURCE, Skip, main, test

STAND_INS = {
    "id": 'echo "${WHO:-0}"',
    "npm": "echo registry.example",
    "apt-get": '. /etc/os-release; echo "$VERSION_CODENAME mirror.example"; echo "other elsewhere.example"',
    # debootstrap OPTION... RELEASE FOLDER MIRROR
    "debootstrap": """shift 2
echo "$1 $3" >>"$SEEN/installed"
[ "$1" != nowhere ] || { echo "no such release"; exit 1; }
mkdir -p "$2/etc/apt" "$2/etc/dpkg/dpkg.cfg.d" "$2/root"
echo "VERSION_CODENAME=$1" >"$2/etc/os-release\"""",
    # Writes down what is started in the folder, and answers as make would.
    "unshare": """echo "$@" | tr '\\n' ' ' >>"$SEEN/entered"
echo "$folder" >>"$SEEN/folders"
cat "$folder/root/pixity/file" >>"$SEEN/files"
exit "${MAKE_STATUS:-0}\"""",
}


def git(*args):
    subprocess.run(["git", "-C", "tree", "-c", "user.name=a", "-c", "user.email=a@example.com", *args], check=True,
                   capture_output=True)


def commit(text):
    pathlib.Path("tree/file").write_text(text)
    git("add", ".")
    git("commit", "-m", "a")


def make_machine(without=()):
    for tool in ("git", "apt-get"):
        if shutil.which(tool) is None:
            raise Skip(f"no {tool}")
    pathlib.Path("tree/tools").mkdir(parents=True)
    shutil.copy(SOURCE / "tools/fresh", "tree/tools")
    subprocess.run(["git", "init", "-q", "tree"], check=True)
    pathlib.Path("tree/.gitignore").write_text("built\n")
    commit("first\n")
    pathlib.Path("tree/file").write_text("not committed\n")
    for folder in ("bin", "seen", "tmp"):
        pathlib.Path(folder).mkdir()
    for name, text in STAND_INS.items():
        if name not in without:
            pathlib.Path("bin", name).write_text("#!/bin/sh\n" + text + "\n")
            pathlib.Path("bin", name).chmod(0o755)


def fresh(*args, status=0, path=None, **env):
    here = pathlib.Path.cwd()
    result = subprocess.run(
        ["tree/tools/fresh", *map(str, args)], capture_output=True, text=True,
        env={**os.environ, "PATH": path or f"{here}/bin:{os.environ['PATH']}", "SEEN": f"{here}/seen",
             "TMPDIR": f"{here}/tmp", "XDG_CACHE_HOME": f"{here}/cache", **env})
    assert result.returncode == status, (result.returncode, result.stderr)
    return result.stderr


def seen(name):
    path = pathlib.Path("seen", name)
    return path.read_text().splitlines() if path.exists() else []


def left():
    return sorted(path.name for path in pathlib.Path("tmp").iterdir())


@test
def what_is_missing_is_said_and_nothing_is_made():
    make_machine()
    assert "usage" in fresh(status=2) and "usage" in fresh("trixie", status=2)
    assert "no system in tree" in fresh("--in", "tree", "demo", status=2)
    assert "needs root" in fresh("trixie", "demo", status=2, WHO="1000")
    pathlib.Path("bin/debootstrap").unlink()
    for tool in ("sh", "dirname", "git"):
        pathlib.Path("bin", tool).symlink_to(shutil.which(tool))
    assert "debootstrap is not installed" in fresh("trixie", "demo", status=2, path=f"{pathlib.Path.cwd()}/bin")
    assert left() == [] and seen("installed") == []


@test
def the_last_commit_is_made_in_a_system_that_goes_away():
    make_machine()
    fresh("trixie", "demo", "all", status=3, MAKE_STATUS="3")
    assert seen("installed") == ["trixie mirror.example"] and seen("files") == ["first"]
    (entered,) = seen("entered")
    assert entered.endswith(" sh demo all ") and "npm_config_registry=registry.example" in entered, entered
    assert left() == []


@test
def a_system_that_is_kept_is_gone_on_in_with_a_later_commit():
    make_machine()
    said = fresh("--keep", "trixie", "demo")
    (folder,) = pathlib.Path("tmp").iterdir()
    assert f"left in {folder.resolve()}" in said, said
    assert folder.stat().st_mode & 0o777 == 0o755  # the root folder of whoever runs in there
    (folder / "root/pixity/built").write_text("x")
    (folder / "root/pixity/of_before").write_text("x")
    commit("second\n")
    fresh("--in", folder, "test", status=2, MAKE_STATUS="2")
    assert seen("installed") == ["trixie mirror.example"] and seen("files") == ["first", "second"]
    assert (folder / "root/pixity/built").exists()
    assert not (folder / "root/pixity/of_before").exists()


@test
def a_release_that_cannot_be_installed_says_why():
    make_machine()
    said = fresh("nowhere", "demo", status=2)
    assert "no such release" in said and "could not install nowhere" in said
    assert seen("entered") == [] and left() == []


main()
