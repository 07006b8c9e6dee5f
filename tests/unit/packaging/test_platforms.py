"""The arguments of PyInstaller on Windows and macOS."""

from __future__ import annotations

import ast
import plistlib
import sys
from pathlib import Path

import facts
import platforms
import pytest

from qadesk.documents.formats import FORMATS, by_kind

HERE = Path(platforms.__file__).parent


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("1.2.3", (1, 2, 3, 0)), ("0.1", (0, 1, 0, 0)), ("1.2.3.4.5", (1, 2, 3, 4)), ("2.0.0rc1", (2, 0, 0, 0))],
)
def test_a_version_in_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert platforms.numbers(version) == numbers


def test_the_version_of_a_program_file_is_ours() -> None:
    text = platforms.version_info("qadesk-window")
    calls = [node for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Call)]
    names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
    assert names == {
        *("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct"),
        *("VarFileInfo", "VarStruct"),
    }
    strings = dict(
        ast.literal_eval(ast.Tuple(call.args, ast.Load()))
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "StringStruct"
    )
    assert strings["ProductVersion"] == strings["FileVersion"] == facts.version()
    assert strings["OriginalFilename"] == "qadesk-window.exe"


def test_only_windows_needs_more_for_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert platforms.exe_options("qadesk", tmp_path) == {}
    monkeypatch.setattr(sys, "platform", "win32")
    options = platforms.exe_options("qadesk", tmp_path)
    assert Path(options["icon"]).read_bytes()[:4] == b"\0\0\1\0"
    assert facts.version() in Path(options["version"]).read_text(encoding="utf-8")


def test_the_app_says_who_it_is(tmp_path: Path) -> None:
    options = platforms.app_options(tmp_path)
    assert (options["name"], options["bundle_identifier"], options["version"]) == (
        "QADesk.app",
        facts.APP_ID,
        facts.version(),
    )
    assert Path(options["icon"]).read_bytes()[:4] == b"icns"
    plist = options["info_plist"]
    assert plist["CFBundleVersion"] == facts.version()
    assert plist["CFBundleExecutable"] == "qadesk-window"
    assert plist["LSBackgroundOnly"] is False


def test_the_app_opens_documents_and_takes_none_over() -> None:
    (documents,) = platforms.info_plist()["CFBundleDocumentTypes"]
    assert documents["LSHandlerRank"] == "Alternate"
    assert documents["LSItemContentTypes"] == [apple_type for row in FORMATS for apple_type in row.apple_types]
    assert "com.adobe.pdf" in documents["LSItemContentTypes"]
    (markdown,) = platforms.info_plist()["UTImportedTypeDeclarations"]
    assert markdown["UTTypeIdentifier"] in documents["LSItemContentTypes"]
    suffixes = {f".{extension}" for extension in markdown["UTTypeTagSpecification"]["public.filename-extension"]}
    assert suffixes == set(by_kind("markdown").suffixes)


def test_the_entitlements_are_these_and_no_more() -> None:
    allowed = plistlib.loads((HERE / "macos" / "entitlements.plist").read_bytes())
    assert allowed == {
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
        "com.apple.security.cs.disable-library-validation": True,
    }
