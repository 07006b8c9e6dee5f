"""The recipes of Windows and macOS: what they name is there, and the version comes from one place."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import document_types
import facts
import installers
import pytest
from platformdirs.windows import Windows

from qadesk.documents.formats import FORMATS
from qadesk.ui.shell import on_windows

ISS = (Path(installers.__file__).parent / "windows" / "qadesk.iss").read_text(encoding="utf-8")
posix = pytest.mark.skipif(sys.platform == "win32", reason="the recipe of macOS is a shell script")


def test_inno_setup_is_given_what_its_script_asks_for(tmp_path: Path) -> None:
    command = installers.windows_command("iscc", tmp_path / "bundle", tmp_path, tmp_path)
    defines = dict(argument[2:].split("=", 1) for argument in command if argument.startswith("/D"))
    assert {*re.findall(r"\{#(\w+)", ISS), *re.findall(r"^#include (\w+)$", ISS, re.MULTILINE)} == set(defines)
    assert Path(defines["Icon"]).read_bytes()[:4] == b"\0\0\1\0"
    assert ".docx" in Path(defines["Associations"]).read_text(encoding="utf-8")
    assert defines["Version"] == facts.version()
    assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", defines["Numbers"])
    assert Path(command[-1]).is_file()


def test_the_script_holds_no_version_of_its_own() -> None:
    assert facts.version() not in ISS
    assert re.search(r"^AppVersion=\{#Version\}$", ISS, re.MULTILINE)
    assert re.search(r"^OutputBaseFilename=qadesk-\{#Version\}-windows-x64-setup$", ISS, re.MULTILINE)


def test_the_script_names_the_programs_of_the_bundle() -> None:
    assert set(re.findall(r"\{app\}\\([\w.-]+)", ISS)) == {"qadesk-window.exe", "_internal"}
    assert (facts.ROOT / "LICENSE").is_file()
    assert r"LicenseFile=..\..\LICENSE" in ISS


def test_it_needs_no_administrator() -> None:
    assert "PrivilegesRequired=lowest" in ISS
    assert "PrivilegesRequiredOverridesAllowed" not in ISS
    assert set(re.findall(r"Root: (\w+)", ISS)) == {"HKCU"}


def test_open_with_is_for_what_the_table_says_and_takes_nothing_over(tmp_path: Path) -> None:
    lines = document_types.write_associations(tmp_path / "a.iss").read_text(encoding="utf-8").splitlines()
    assert [line.split("\\")[2] for line in lines] == [suffix for row in FORMATS for suffix in row.open_with]
    assert {".txt", ".pdf", ".docx", ".html", ".md"} <= {line.split("\\")[2] for line in lines}
    for line in lines:
        assert re.fullmatch(r'Root: HKCU; Subkey: "Software\\Classes\\\.\w+\\OpenWithProgids"; .*', line)
        assert 'ValueName: "QADesk.Document"' in line
        assert "uninsdeletevalue" in line
    assert r'Subkey: "Software\Classes\QADesk.Document"' in ISS
    assert "Classes\\." not in ISS  # no suffix beside the table
    registry = ISS.partition("\n[Registry]\n")[2].partition("\n[")[0]
    assert "\n#include Associations\n" in registry


def test_the_script_knows_an_open_window_and_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"\nAppMutex={on_windows.MUTEX}\n" in ISS
    monkeypatch.setattr("platformdirs.windows.get_win_folder", lambda _name: "LOCALAPPDATA")
    folders = Windows("qadesk", appauthor=False)
    for folder in (folders.user_data_path, folders.user_config_path, folders.user_log_path):
        assert folder.parts[:2] == ("LOCALAPPDATA", "qadesk")
    assert r"{localappdata}\qadesk" in ISS


def test_data_goes_only_where_the_user_says_so() -> None:
    assert ISS.count("DelTree") == 1
    question = ISS.index("SuppressibleMsgBox")
    assert ISS.index("UninstallSilent") < question < ISS.index("DelTree")
    assert "MB_DEFBUTTON2, IDNO) = IDYES" in ISS


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for the tools of a Mac: each writes down how it was called. Gives what was written."""
    calls, folder = tmp_path / "calls", tmp_path / "bin"
    folder.mkdir()
    programs = {
        "codesign": "",
        "ditto": 'cp -R "$1" "$2"',
        "hdiutil": 'ls "$5" >> "{calls}"; for last; do :; done; echo image > "$last"',
        "xcrun": "",
    }
    for name, does in programs.items():
        program = folder / name
        program.write_text(f'#!/bin/sh\nset -eu\necho "{name} $*" >> "{calls}"\n{does.format(calls=calls)}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return calls


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The bones of an app: two programs, a library, a framework, a text, and links to them."""
    contents = tmp_path / "a b" / "QADesk.app" / "Contents"
    mach_o, universal = bytes.fromhex("cffaedfe00"), bytes.fromhex("cafebabe00")
    files = {
        "MacOS/qadesk": mach_o,
        "MacOS/qadesk-window": mach_o,
        "Frameworks/libtorch.dylib": mach_o,
        "Frameworks/QtCore.framework/Versions/A/QtCore": universal,
        "Resources/resources/general.json": b"{}",
    }
    for name, content in files.items():
        path = contents / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (contents / "Frameworks" / "qadesk").symlink_to("../MacOS/qadesk")
    return contents.parent


@posix
def test_an_app_is_signed_from_the_inside_out(tools: Path, app: Path) -> None:
    subprocess.run([installers.MACOS / "sign.sh", app, "Developer ID"], check=True)
    calls = tools.read_text().splitlines()
    signed = [line.rpartition("QADesk.app")[2] for line in calls]
    assert signed == [
        "/Contents/Frameworks/QtCore.framework/Versions/A/QtCore",
        "/Contents/Frameworks/libtorch.dylib",
        "/Contents/Frameworks/QtCore.framework",
        "/Contents/MacOS/qadesk",
        "/Contents/MacOS/qadesk-window",
        "",
        "",
    ]
    assert all("--options runtime --timestamp --sign Developer ID" in line for line in calls[:-1])
    assert ["--entitlements" in line for line in calls] == [False, False, False, True, True, True, False]
    assert calls[-1].startswith("codesign --verify --deep --strict")


@posix
def test_the_image_holds_the_app_and_a_way_to_install_it(
    tools: Path, app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QADESK_SIGN_IDENTITY", raising=False)
    monkeypatch.setenv("QADESK_NOTARY_PROFILE", "ours")
    image = installers.macos(app, tmp_path)
    assert image == tmp_path / f"qadesk-{facts.version()}-macos-arm64.dmg"
    assert image.read_text() == "image\n"
    assert list(tmp_path.glob("*.part*")) == []
    calls = tools.read_text()
    assert "--timestamp=none --sign -" in calls
    assert "\nApplications\nQADesk.app\n" in calls
    assert f"xcrun notarytool submit {image} --keychain-profile ours --wait\nxcrun stapler staple {image}\n" in calls


def test_anything_else_is_shown_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert installers.main([]) == 2
    assert "windows|macos" in capsys.readouterr().out
