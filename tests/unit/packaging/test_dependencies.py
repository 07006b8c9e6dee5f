"""What a bundle needs of the system: read from real programs of this system, copied into a folder."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import dependencies
import pytest

pytestmark = pytest.mark.skipif(
    not (shutil.which("dpkg-shlibdeps") and shutil.which("readelf")), reason="dpkg-dev is not installed"
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    shutil.copyfile("/usr/bin/dpkg-deb", tmp_path / "program")
    (tmp_path / "notes.so").write_text("not a library", encoding="utf-8")
    (tmp_path / "link").symlink_to("program")
    return tmp_path


def test_only_programs_and_libraries_are_looked_at(bundle: Path) -> None:
    assert dependencies.elf_files(bundle) == [bundle / "program"]


def test_what_the_bundle_has_is_not_wanted_of_the_system(bundle: Path) -> None:
    needed = dependencies.libraries(bundle)
    assert needed["liblzma.so.5"] == [bundle / "program"]
    shutil.copyfile(_system("liblzma.so.5"), bundle / "liblzma.so.5")
    assert "liblzma.so.5" not in dependencies.libraries(bundle)


def test_packages_are_named_with_the_version_that_has_the_symbols(bundle: Path) -> None:
    shutil.copyfile(_system("liblzma.so.5"), bundle / "liblzma.so.5")
    packages = {package.split()[0]: package for package in dependencies.debian_packages(bundle)}
    assert "liblzma5" not in packages
    assert packages["libc6"].startswith("libc6 (>= 2.")


def test_what_only_the_plugin_for_printers_needs_is_not_needed_at_the_start(bundle: Path) -> None:
    content = (bundle / "program").read_bytes()
    plugin = bundle / dependencies.PRINTER_PLUGIN
    plugin.write_bytes(content.replace(b"liblzma.so.5\0", b"libnone.so.5\0"))
    assert dependencies.libraries(bundle)["libnone.so.5"] == [plugin]
    assert any(package.startswith("libc6 ") for package in dependencies.debian_packages(bundle))


def test_a_library_of_no_package_is_a_plain_sentence(bundle: Path) -> None:
    content = (bundle / "program").read_bytes()
    (bundle / "program").write_bytes(content.replace(b"liblzma.so.5\0", b"libnone.so.5\0"))
    with pytest.raises(SystemExit, match="libnone"):
        dependencies.debian_packages(bundle)


def _system(name: str) -> str:
    output = subprocess.run(["ldd", "/usr/bin/dpkg-deb"], capture_output=True, text=True, check=True).stdout
    return next(line.split()[2] for line in output.splitlines() if line.split()[0] == name)
