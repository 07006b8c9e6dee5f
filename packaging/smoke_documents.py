"""Writes the small documents of the smoke test, with nothing but the standard library."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

TEXT = (
    "The bridge over the Wye was opened on 3 May 1921 by the mayor, Clara Hume.",
    "It cost 41,000 pounds and took three years to build.",
)
QUESTION = "Who opened the bridge?"
ANSWER = "Clara Hume"
UNANSWERED = "How many pupils does the school have?"

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def _html() -> bytes:
    return f"<!doctype html><title>Bridge</title>{''.join(f'<p>{line}' for line in TEXT)}".encode()


def _tex() -> str:
    paragraphs = "\n\n".join(TEXT)
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{paragraphs}\n\\end{{document}}\n"


def _pdf() -> bytes:
    """A page with the lines of ``TEXT``, and the cross-reference table of the objects."""
    lines = "".join(f"({line}) Tj T* " for line in TEXT)
    content = f"BT /F1 11 Tf 14 TL 50 700 Td {lines}ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, offsets = "%PDF-1.4\n", []
    for number, value in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{value}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{body}{end}startxref\n{len(body)}\n%%EOF\n".encode("ascii")


def _write_docx(path: Path) -> None:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in TEXT)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}</w:body></w:document>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')


_WRITERS: Mapping[str, Callable[[Path], object]] = {
    "paper.txt": lambda path: path.write_text("\n\n".join(TEXT), encoding="utf-8"),
    "paper.md": lambda path: path.write_text("# Bridge\n\n" + "\n\n".join(TEXT), encoding="utf-8"),
    "paper.rst": lambda path: path.write_text("Bridge\n======\n\n" + "\n\n".join(TEXT), encoding="utf-8"),
    "paper.tex": lambda path: path.write_text(_tex(), encoding="utf-8"),
    "paper.html": lambda path: path.write_bytes(_html()),
    "paper.pdf": lambda path: path.write_bytes(_pdf()),
    "paper.docx": _write_docx,
}


def write(folder: Path) -> list[Path]:
    """Write ``TEXT`` to ``folder`` in each format. Returns the paths."""
    for name, writer in _WRITERS.items():
        writer(folder / name)
    return [folder / name for name in _WRITERS]
