"""The Debian package of a tiny bundle: its content, its fields, and that it is the same every time."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import debian
import facts
import pytest

pytestmark = pytest.mark.skipif(not shutil.which("dpkg-shlibdeps"), reason="dpkg-dev is not installed")


def _bundle(folder: Path) -> Path:
    inner = folder / "qadesk" / "_internal"
    inner.mkdir(parents=True)
    for program in debian.PROGRAMS:
        shutil.copyfile("/bin/true", inner.parent / program)
        (inner.parent / program).chmod(0o755)
    (inner / "libthing.so.1").write_bytes(b"\x00")
    (inner / "libthing.so.1").chmod(0o755)
    (inner / "libthing.so").symlink_to("libthing.so.1")
    (inner / "METADATA").write_text("Name: thing\n", encoding="utf-8")
    (inner / "METADATA").chmod(0o755)
    return inner.parent


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("debian")
    return debian.make_deb(_bundle(folder), folder / "dist", fast=True)


def _listed(package: Path) -> dict[str, str]:
    """The lines of the package's content by path: mode, owner, size, date, path, target of a link."""
    output = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout
    return {line.split()[5]: line for line in output.splitlines()}


def _field(package: Path, name: str) -> str:
    command = ["dpkg-deb", "--field", str(package), name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_name_contains_the_version(package: Path) -> None:
    assert package.name == f"qadesk_{facts.version()}_amd64.deb"
    assert _field(package, "Version") == facts.version()
    assert [path.name for path in package.parent.iterdir()] == [package.name]


def test_commands_are_links_to_the_bundle(package: Path) -> None:
    listed = _listed(package)
    for program in debian.PROGRAMS:
        assert listed[f"./usr/bin/{program}"].endswith(f"-> ../lib/qadesk/{program}")
        assert listed[f"./usr/lib/qadesk/{program}"].startswith("-rwxr-xr-x root/root")
    assert listed["./usr/lib/qadesk/_internal/libthing.so"].endswith("-> libthing.so.1")


@pytest.mark.parametrize("name", ["libthing.so.1", "METADATA"])
def test_what_is_not_run_is_no_program(package: Path, name: str) -> None:
    assert _listed(package)[f"./usr/lib/qadesk/_internal/{name}"].startswith("-rw-r--r-- root/root")


def test_the_bundle_is_left_as_it_is(package: Path) -> None:
    library = package.parents[1] / "qadesk" / "_internal" / "libthing.so.1"
    assert library.stat().st_mode & 0o777 == 0o755
    assert library.stat().st_nlink == 1


def test_the_sums_name_every_file(package: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--raw-extract", package, tmp_path / "tree"], check=True)
    subprocess.run(["md5sum", "--check", "--quiet", "DEBIAN/md5sums"], cwd=tmp_path / "tree", check=True)
    lines = (tmp_path / "tree" / "DEBIAN" / "md5sums").read_text(encoding="utf-8").splitlines()
    files = [path for path in (tmp_path / "tree" / "usr").rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(lines) == len(files)


def test_what_it_depends_on_was_read_from_the_programs(package: Path) -> None:
    assert _field(package, "Depends").startswith("libc6 (>= ")


def test_equal_bundles_give_equal_packages(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    mask = os.umask(0o077)
    request.addfinalizer(lambda: os.umask(mask))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(facts.source_date_epoch()))
    second_deb = debian.make_deb(_bundle(tmp_path), tmp_path / "dist", fast=True)
    assert second_deb.read_bytes() == package.read_bytes()


def test_a_normalised_file_is_linked_and_not_copied(tmp_path: Path) -> None:
    source, target = tmp_path / "a.so", tmp_path / "b.so"
    source.write_bytes(b"\x00")
    source.chmod(0o644)
    os.utime(source, (facts.source_date_epoch(),) * 2)
    debian._link_or_copy(str(source), str(target))
    assert target.samefile(source)


def test_the_changelog_in_debian_form() -> None:
    text = (
        "# Changelog\n\n## 0.2.0 (2027-01-05)\n\n### Added\n- One thing.\n- Another that is\n  longer.\n\n"
        "## 0.1.0 (2026-12-01)\n\n### Added\n- The first.\n"
    )
    assert debian.changelog(text) == (
        "qadesk (0.2.0) stable; urgency=medium\n\n  * One thing.\n  * Another that is longer.\n\n"
        f" -- {debian.maintainer()}  Tue, 05 Jan 2027 00:00:00 +0000\n\n"
        "qadesk (0.1.0) stable; urgency=medium\n\n  * The first.\n\n"
        f" -- {debian.maintainer()}  Tue, 01 Dec 2026 00:00:00 +0000\n"
    )
