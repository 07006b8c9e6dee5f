"""One life of the Debian package on a clean system, step by step: installed, used, upgraded, removed, purged.

The tests follow one another; each goes on from what the one before left. No program is mocked: dpkg, apt and the frozen
program do what they do on a user's computer.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import facts
import pytest
from clean_root import GONE, OLDER, USER, CleanRoot
from dependencies import PRINTER_PLUGIN

LABEL = {"context": "The lamp was lit in 1871 by Ada.", "question": "When was the lamp lit?", "answers": ["1871"]}
PROGRAM = "/usr/lib/qadesk"
_NOT_COMPRESSED = "uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball"
# without what prints, whose libraries the package only recommends
_LDD = f"""
export LD_LIBRARY_PATH={PROGRAM}/_internal
find {PROGRAM} -type f '(' -name '*.so*' -o -perm /100 ')' ! -name {PRINTER_PLUGIN} -exec ldd '{{}}' ';' 2>&1
"""


def test_an_older_version_installs_with_what_it_depends_on(root: CleanRoot, older_package: Path) -> None:
    _install(root, older_package)
    assert _version(root) == OLDER
    assert root.run("qadesk", "--version", user=USER) == f"qadesk {facts.version()}\n"


def test_no_library_is_missing(root: CleanRoot) -> None:
    output = root.run("sh", "-c", _LDD)
    assert output.count("libc.so.6 =>") > 50  # it did look at them
    assert [line.strip() for line in output.splitlines() if "not found" in line] == []


def test_every_dependency_is_needed(root: CleanRoot, older_package: Path) -> None:
    output = subprocess.run(
        ["dpkg-deb", "--field", older_package, "Depends"], capture_output=True, text=True, check=True
    )
    library_names = {line.split()[0] for line in output.stdout.replace("\n", " ").split(",")}
    loaded = {line.split()[2] for line in root.run("sh", "-c", _LDD).splitlines() if " => /" in line}
    owners = root.run("dpkg-query", "--search", *sorted(f"*/{Path(path).name}" for path in loaded))
    assert library_names <= {line.split(":")[0] for line in owners.splitlines()}


def test_a_user_makes_something_of_their_own(root: CleanRoot) -> None:
    (root.folder / "home" / USER / "labels.jsonl").write_text(json.dumps(LABEL) + "\n", encoding="utf-8")
    root.run("qadesk", "labels", "import", f"/home/{USER}/labels.jsonl", user=USER)
    root.run("qadesk", "settings", "qa.top_k", "7", user=USER)
    assert _user_files(root) == ("1871", "qa.top_k = 7")


def test_an_upgrade_keeps_what_the_user_made(root: CleanRoot, package: Path) -> None:
    assert (root.folder / GONE).exists()
    _install(root, package)
    assert _version(root) == facts.version()
    assert not (root.folder / GONE).exists()
    assert _user_files(root) == ("1871", "qa.top_k = 7")


def test_what_the_desktop_starts_is_there(root: CleanRoot) -> None:
    entry = (root.folder / "usr/share/applications" / f"{facts.APP_ID}.desktop").read_text(encoding="utf-8")
    assert "Exec=qadesk-window %F" in entry
    assert root.run("sh", "-c", "command -v qadesk-window", user=USER) == "/usr/bin/qadesk-window\n"


def test_the_smoke_test_passes_as_a_user_without_rights(root: CleanRoot) -> None:
    home = root.folder / "home" / USER
    smoke = [sys.executable, str(facts.ROOT / "packaging" / "smoke.py"), "/usr/bin"]
    smoke += ["--root", str(root.folder), "--user", USER]
    mounted = ["unshare", "--mount", "sh", "-c", 'mount -t proc proc "$1/proc" && shift && exec "$@"', "sh"]
    fingerprint = _fingerprint(home)
    process = subprocess.run([*mounted, str(root.folder), *smoke], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
    assert _fingerprint(home) == fingerprint  # it has a home of its own


def test_nothing_that_was_installed_has_changed(root: CleanRoot) -> None:
    assert root.run("dpkg", "--verify", facts.COMMAND) == ""


@pytest.mark.parametrize("way", ["--remove", "--purge"])
def test_removing_leaves_what_the_user_made_and_nothing_else(root: CleanRoot, way: str) -> None:
    home = root.folder / "home" / USER
    before = _fingerprint(home)
    root.run("dpkg", way, facts.COMMAND)
    remaining_files = {
        path for path in root.files() if facts.COMMAND in path.lower() and not path.startswith(f"home/{USER}/")
    }
    assert remaining_files == set()
    assert _fingerprint(home) == before
    root.run("dpkg-query", "--show", facts.COMMAND, fails=True)


@pytest.mark.skipif(not shutil.which("lintian"), reason="needs lintian")
def test_lintian_finds_no_error(package: Path) -> None:
    """Debian's own checker finds none that is not overridden with its reason."""
    command = ["lintian", "--fail-on", "error", "--suppress-tags", _NOT_COMPRESSED, str(package)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr


def _install(root: CleanRoot, package: Path) -> None:
    """As a user does who has downloaded the file: apt gets what it depends on."""
    inside = root.folder / "tmp" / "package.deb"
    try:
        os.link(package, inside)
    except OSError:  # another file system
        shutil.copyfile(package, inside)
    options = ["--yes", "--quiet", "--no-install-recommends", "-o", "Dpkg::Options::=--force-unsafe-io"]
    root.run("apt-get", "install", *options, f"/tmp/{inside.name}")
    inside.unlink()
    root.run("apt-get", "clean")


def _version(root: CleanRoot) -> str:
    return root.run("dpkg-query", "--show", "--showformat=${Version}", facts.COMMAND)


def _user_files(root: CleanRoot) -> tuple[str, str]:
    """The answer of the user's label, and the first line of the setting that they changed."""
    root.run("qadesk", "labels", "export", f"/home/{USER}/out.json", user=USER)
    exported = json.loads((root.folder / "home" / USER / "out.json").read_text(encoding="utf-8"))
    label = exported["data"][0]["paragraphs"][0]["qas"][0]["answers"][0]["text"]
    return label, root.run("qadesk", "settings", "qa.top_k", user=USER).splitlines()[0]


def _fingerprint(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
