"""docs/install.md has the right names of the files and the right folders of the data."""

from __future__ import annotations

import re
from pathlib import Path

import facts
import pytest
from platformdirs.api import PlatformDirsABC
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows

from qadesk import layout
from qadesk.store import backups, database

GUIDE = (facts.ROOT / "docs" / "install.md").read_text(encoding="utf-8")
README = (facts.ROOT / "packaging" / "README.md").read_text(encoding="utf-8")


def row(text: str, name: str) -> list[str]:
    """The cells of the table row that begins with ``name``, without their quotes."""
    match = re.search(rf"^\| {re.escape(name)} \|(.*)\|$", text, re.MULTILINE)
    assert match, name
    return [cell.strip().strip("`") for cell in match[1].split("|")]


@pytest.mark.parametrize(
    ("name", "system", "short"), [("Linux", Unix, "~"), ("macOS", MacOS, "~"), ("Windows", Windows, "%LOCALAPPDATA%")]
)
def test_the_users_folders(
    monkeypatch: pytest.MonkeyPatch, name: str, system: type[PlatformDirsABC], short: str
) -> None:
    monkeypatch.setattr("platformdirs.windows.get_win_folder", lambda _name: "/home/visitor")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/visitor"))
    monkeypatch.setenv("HOME", "/home/visitor")
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    dirs = system("qadesk", appauthor=False)
    real = (dirs.user_data_dir, dirs.user_config_dir, dirs.user_log_dir)
    listed = [cell.replace("\\", "/") for cell in row(GUIDE, name)]
    assert listed == [folder.replace("\\", "/").replace("/home/visitor", short) for folder in real]


def test_what_is_in_the_data_folder() -> None:
    section = GUIDE.partition("In the data folder:")[2].partition("Your documents stay")[0]
    names_in_docs = set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
    assert {database.FILE_NAME, f"{backups._FOLDER}/", layout.FILE_NAME} <= names_in_docs
    laid_out = set(re.findall(r"^    data/(\S+)", layout.__doc__ or "", re.MULTILINE))
    assert names_in_docs == laid_out | {f"{backups._FOLDER}/"}
    assert backups.MAX_BACKUPS == 5
    assert "the last five" in section


@pytest.mark.parametrize("text", [GUIDE, README], ids=["guide", "readme"])
def test_the_names_of_the_files(text: str) -> None:
    for name in (
        *("qadesk_VERSION_amd64.deb", "qadesk-VERSION-linux-x86_64.tar.gz"),
        *("qadesk-VERSION-windows-x64-setup.exe", "qadesk-VERSION-macos-arm64.dmg"),
    ):
        assert name in text


def test_the_readme_names_every_script_and_none_that_is_gone() -> None:
    table = README.partition("## The files")[2].partition("##")[0]
    names_in_docs = {name.rstrip("/") for name in re.findall(r"`([\w.]+/?)`", table)}
    folder = facts.ROOT / "packaging"
    assert {name for name in names_in_docs if not (folder / name).exists()} == set()
    scripts = {path.name for path in folder.glob("*.py")}
    assert scripts <= names_in_docs
