"""The files for Linux desktops: the entry names the program and the MIME types that QADesk opens; icons; manuals."""

from __future__ import annotations

import configparser
import gzip
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import desktop
import facts
import pytest

from qadesk.documents.formats import FORMATS


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    desktop.write(folder)
    return folder


def _entry(share: Path) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as the library's documentation says
    parser.read(share / "applications" / f"{facts.APP_ID}.desktop")
    return parser["Desktop Entry"]


def test_every_format_can_be_opened_with_it(share: Path) -> None:
    types = _entry(share)["MimeType"].split(";")
    described = ET.parse(share / "metainfo" / f"{facts.APP_ID}.metainfo.xml").getroot()  # our own file
    provided = [part.text for part in described.findall("provides/mediatype")]
    assert provided == types[:-1]
    assert types[:-1] == [mime_type for row in FORMATS for mime_type in row.mime_types]
    assert {"text/plain", "text/markdown", "text/html", "application/pdf"} <= set(types)


def test_the_entry_starts_the_window_with_files(share: Path) -> None:
    assert _entry(share)["Exec"] == "qadesk-window %F"
    assert _entry(share)["Icon"] == facts.APP_ID


def test_the_window_bears_the_name_of_the_entry() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (facts.ROOT / "qadesk" / "ui" / "shell").glob("*.py")]
    assert any(f'setDesktopFileName("{facts.APP_ID}")' in source for source in sources)


def test_icons_lie_where_their_size_belongs(share: Path) -> None:
    folders = sorted(
        path.relative_to(share / "icons" / "hicolor").parts[0] for path in share.rglob(f"{facts.APP_ID}.*g")
    )
    assert {"16x16", "48x48", "256x256", "512x512", "scalable"} <= set(folders)
    for path in (share / "icons").rglob("*.png"):
        width = int.from_bytes(path.read_bytes()[16:20], "big")
        assert path.parts[-3] == f"{width}x{width}"


def test_manual_pages_are_packed_alike_on_every_day(share: Path) -> None:
    for path in (share / "man").rglob("*.gz"):
        assert path.read_bytes()[4:8] == bytes(4)  # gzip's own time
        assert gzip.decompress(path.read_bytes()).startswith(b".TH QADESK")


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils is not installed")
def test_the_entry_is_valid(share: Path) -> None:
    _check("desktop-file-validate", "--warn-kde", share / "applications" / f"{facts.APP_ID}.desktop")


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstream is not installed")
def test_the_description_is_valid(share: Path) -> None:
    _check("appstreamcli", "validate", "--no-net", share / "metainfo" / f"{facts.APP_ID}.metainfo.xml")


def _check(*command: str | Path) -> None:
    process = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
