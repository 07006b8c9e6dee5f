"""The document formats of ``qadesk.documents.formats``, listed for desktop entry, Info.plist and Inno Setup."""

from __future__ import annotations

import sys
from pathlib import Path

import facts

sys.path.insert(0, str(facts.ROOT))

from qadesk.documents import formats  # of these sources, not of an installed QADesk

_PROG_ID = "QADesk.Document"


def mime_types() -> list[str]:
    """The MIME types that QADesk opens, for Linux."""
    return [mime_type for row in formats.FORMATS for mime_type in row.mime_types]


def apple_types() -> list[str]:
    """The uniform type identifiers that QADesk opens, for macOS."""
    return [apple_type for row in formats.FORMATS for apple_type in row.apple_types]


def markdown_extensions() -> list[str]:
    """The suffixes of Markdown without their dots: macOS has no type of its own for it."""
    return [suffix.removeprefix(".") for suffix in formats.by_kind("markdown").suffixes]


def write_associations(path: Path) -> Path:
    """Write to ``path`` the lines of Inno Setup that list QADesk in 'Open with' for each format. Returns ``path``."""
    suffixes = [suffix for row in formats.FORMATS for suffix in row.open_with]
    path.write_text("".join(f"{_association(suffix)}\n" for suffix in suffixes), encoding="ascii")
    return path


def _association(suffix: str) -> str:
    return (
        rf'Root: HKCU; Subkey: "Software\Classes\{suffix}\OpenWithProgids"; ValueType: string; '
        f'ValueName: "{_PROG_ID}"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith'
    )
