"""The encoding that a LaTeX file, or another text that editors mark, names itself."""

from __future__ import annotations

import re

_HEAD = 4096  # bytes
_PREAMBLE = 20_000  # bytes
_INPUTENC = re.compile(rb"^[^%\n]*?\\usepackage\s*\[\s*([\w-]+)\s*\]\s*\{inputenc\}", re.M)
_CODING = re.compile(rb"(?:\bcoding|!TEX encoding)\s*[:=]\s*([\w.-]+)")
_NAMES = {
    "latin9": "iso-8859-15", "latin10": "iso-8859-16", "ansinew": "windows-1252", "applemac": "macintosh",
    "utf8x": "utf-8", "isolatin": "iso-8859-1",
}  # fmt: skip


def tex_label(data: bytes) -> str:
    """The label that the package inputenc or a comment names, '' if none does."""
    label = _INPUTENC.search(data, 0, _PREAMBLE) or _CODING.search(data, 0, _HEAD)
    return _known(label)


def coding_label(data: bytes) -> str:
    """The label in a comment for editors, '' if there is none."""
    return _known(_CODING.search(data, 0, _HEAD) if data.lstrip().startswith(b"..") else None)


def _known(label: re.Match[bytes] | None) -> str:
    name = label[1].decode("ascii", "replace") if label else ""
    return _NAMES.get(name.lower(), name)
