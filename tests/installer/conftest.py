"""The packages under test, and a clean system to install them in. Where there is none, the tests are skipped."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))

import build
import clean_root
import debian
import facts
from clean_root import GONE, OLDER, USER


def _why_not() -> str:
    """What is missing for installing here, in words; empty where nothing is."""
    if sys.platform != "linux" or platform.freedesktop_os_release().get("ID") != "debian":
        return "needs Debian"
    if os.geteuid() != 0:
        return "needs root"
    tools = ("debootstrap", "dpkg-shlibdeps", "readelf", "unshare")
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        return f"needs {', '.join(missing)}"
    return "" if os.environ.get("QADESK_BUNDLE") else _why_no_bundle()


def _why_no_bundle() -> str:
    if not importlib.util.find_spec("PyInstaller"):
        return "needs the extra 'installer'"
    try:
        build.check_torch()
    except SystemExit as sentence:
        return str(sentence)
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    why = _why_not()
    installer_tests = [item for item in items if item.path.parent == Path(__file__).parent]
    for item in installer_tests:
        item.add_marker(pytest.mark.timeout(600))  # the first of them builds what the others install
        if why:
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder for several gigabytes, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="qadesk-installer-") as name:
        yield Path(name)


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The frozen program: the one that ``QADESK_BUNDLE`` names, else what the sources give, built if they changed."""
    bundle_path = os.environ.get("QADESK_BUNDLE")
    if bundle_path:
        return Path(bundle_path)
    command = [sys.executable, str(facts.ROOT / "packaging" / "build.py"), "bundle", "--if-changed"]
    subprocess.run(command, check=True)
    return facts.ROOT / "dist" / facts.COMMAND


@pytest.fixture(scope="session")
def package(bundle: Path, place: Path) -> Path:
    """The package of the program, not compressed."""
    return debian.make_deb(bundle, place / "new", fast=True)


@pytest.fixture(scope="session")
def older_package(package: Path, place: Path) -> Path:
    """An older version: it has one more file."""
    tree, older = place / "older", place / "older.deb"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    (tree / GONE).write_text("old\n", encoding="utf-8")
    control = tree / "DEBIAN" / "control"
    text = control.read_text(encoding="utf-8")
    control.write_text(text.replace(f"\nVersion: {facts.version()}\n", f"\nVersion: {OLDER}\n"), encoding="utf-8")
    subprocess.run(["dpkg-deb", "-Znone", "--build", tree, older], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return older


@pytest.fixture(scope="session")
def root(place: Path) -> clean_root.CleanRoot:
    """A Debian of the release that runs here, with its base and a user without rights."""
    system = clean_root.unpack(place, platform.freedesktop_os_release()["VERSION_CODENAME"])
    system.add_user(USER)
    return system
