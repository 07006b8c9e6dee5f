"""Writes the small documents of the smoke test, with nothing but the standard library."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

import outlook_file
import picture_file

TEXT = (
    "The bridge over the Wye was opened on 3 May 1921 by the mayor, Clara Hume.",
    "It cost 41,000 pounds and took three years to build.",
)
QUESTION = "Who opened the bridge?"
ANSWER = "Clara Hume"
UNANSWERED = "How many pupils does the school have?"
PICTURES = ("paper.png", "scan.pdf")
"""The files whose words are to be recognised."""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_POWERPOINT = "http://schemas.openxmlformats.org/presentationml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EXCEL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def _html() -> bytes:
    return f"<!doctype html><title>Bridge</title>{''.join(f'<p>{line}' for line in TEXT)}".encode()


def _tex() -> str:
    paragraphs = "\n\n".join(TEXT)
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{paragraphs}\n\\end{{document}}\n"


def _pdf() -> bytes:
    """A page with the lines of ``TEXT``."""
    lines = "".join(f"({line}) Tj T* " for line in TEXT)
    content = f"BT /F1 11 Tf 14 TL 50 700 Td {lines}ET"
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return _pdf_of((595, 842), content, "/Font << /F1 5 0 R >>", font)


def _scan() -> bytes:
    """A page that is a picture of the lines of ``TEXT``."""
    picture = picture_file.draw(TEXT)
    size = [round(pixels * 72 / picture_file.RESOLUTION) for pixels in (picture.width, picture.height)]
    data = zlib.compress(b"".join(picture.rows)).hex()
    image = (
        f"<< /Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /BitsPerComponent 1 "
        f"/ColorSpace /DeviceGray /Filter [/ASCIIHexDecode /FlateDecode] /Length {len(data) + 1} >>\n"
        f"stream\n{data}>\nendstream"
    )
    return _pdf_of(size, f"{size[0]} 0 0 {size[1]} 0 0 cm /I1 Do", "/XObject << /I1 5 0 R >>", image)


def _pdf_of(size: Sequence[int], content: str, resources: str, resource: str) -> bytes:
    """A file with one page, whose ``resource`` is the object 5, and the cross-reference table of the objects."""
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents 4 0 R "
        f"/Resources << {resources} >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        resource,
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
        "_rels/.rels": _relation("officeDocument", "word/document.xml"),
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}</w:body></w:document>',
    }
    _write_archive(path, {name: f"{_XML}{text}" for name, text in parts.items()})


def _write_pptx(path: Path) -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    names = f'xmlns:p="{_POWERPOINT}" xmlns:a="{drawing}" xmlns:r="{_OFFICE}"'
    paragraphs = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in TEXT)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/ppt/presentation.xml" ContentType="{_MAIN_SLIDES}"/></Types>',
        "_rels/.rels": _relation("officeDocument", "ppt/presentation.xml"),
        "ppt/presentation.xml": f"<p:presentation {names}><p:sldIdLst><p:sldId id='256' r:id='r1'/></p:sldIdLst>"
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relation("slide", "slides/slide1.xml"),
        "ppt/slides/slide1.xml": f"<p:sld {names}><p:cSld><p:spTree><p:sp><p:txBody>{paragraphs}</p:txBody></p:sp>"
        "</p:spTree></p:cSld></p:sld>",
    }
    _write_archive(path, {name: f"{_XML}{text}" for name, text in parts.items()})


def _relation(purpose: str, path: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/{purpose}" Target="{path}"/></Relationships>'
    )


def _write_odt(path: Path) -> None:
    names = f'xmlns:office="{_OASIS}:office:1.0" xmlns:text="{_OASIS}:text:1.0"'
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in TEXT)
    _write_archive(path, {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"{_XML}<office:document-content {names}><office:body><office:text>{paragraphs}</office:text>"
        "</office:body></office:document-content>",
    })  # fmt: skip


def _csv() -> bytes:
    """A row for each line of ``TEXT``, the first cell of which is its number."""
    rows = (f'{number},"{line}"' for number, line in enumerate(TEXT, 1))
    return "\r\n".join(("Number,Sentence", *rows)).encode()


def _write_xlsx(path: Path) -> None:
    cells = "".join(f'<row><c t="inlineStr"><is><t>{line}</t></is></c></row>' for line in TEXT)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_EXCEL_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_EXCEL_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_EXCEL}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="Bridge" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_EXCEL}"><sheetData>{cells}</sheetData></worksheet>',
    }
    _write_archive(path, {name: f"{_XML}{text}" for name, text in parts.items()})


def _write_epub(path: Path) -> None:
    page = "".join(f"<p>{line}</p>" for line in TEXT)
    container = '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
    item = '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
    _write_archive(path, {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f"{_XML}{container}",
        "book.opf": f'{_XML}<package><manifest>{item}</manifest><spine><itemref idref="a"/></spine></package>',
        "a.xhtml": f'{_XML}<html xmlns="http://www.w3.org/1999/xhtml"><body>{page}</body></html>',
    })  # fmt: skip


def _write_archive(path: Path, parts: Mapping[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)


def _rtf() -> bytes:
    return rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}" + "".join(f"{line}\\par\n" for line in TEXT).encode() + b"}"


def _mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ida@example.org", "bo@example.org", "Bridge"
    message["Date"] = "Mon, 3 May 2021 10:00:00 +0100"
    message.set_content("\n\n".join(TEXT))
    return message.as_bytes()


_WRITERS: Mapping[str, Callable[[Path], object]] = {
    "paper.txt": lambda path: path.write_text("\n\n".join(TEXT), encoding="utf-8"),
    "paper.md": lambda path: path.write_text("# Bridge\n\n" + "\n\n".join(TEXT), encoding="utf-8"),
    "paper.rst": lambda path: path.write_text("Bridge\n======\n\n" + "\n\n".join(TEXT), encoding="utf-8"),
    "paper.tex": lambda path: path.write_text(_tex(), encoding="utf-8"),
    "paper.html": lambda path: path.write_bytes(_html()),
    "paper.pdf": lambda path: path.write_bytes(_pdf()),
    "paper.png": lambda path: path.write_bytes(picture_file.png(picture_file.draw(TEXT))),
    "scan.pdf": lambda path: path.write_bytes(_scan()),
    "paper.docx": _write_docx,
    "paper.odt": _write_odt,
    "paper.pptx": _write_pptx,
    "paper.csv": lambda path: path.write_bytes(_csv()),
    "paper.xlsx": _write_xlsx,
    "paper.rtf": lambda path: path.write_bytes(_rtf()),
    "paper.eml": lambda path: path.write_bytes(_mail()),
    "paper.mbox": lambda path: path.write_bytes(b"From ida@example.org Mon May  3 10:00:00 2021\n" + _mail() + b"\n"),
    "paper.msg": lambda path: path.write_bytes(outlook_file.message("Bridge", "\r\n\r\n".join(TEXT))),
    "paper.epub": _write_epub,
}


def write(folder: Path) -> list[Path]:
    """Write ``TEXT`` to ``folder`` in each format. Returns the paths."""
    for name, writer in _WRITERS.items():
        writer(folder / name)
    return [folder / name for name in _WRITERS]
