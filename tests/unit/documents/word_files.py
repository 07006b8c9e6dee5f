"""Small Word documents as bytes, made of raw XML: what the library that writes such files cannot make."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from qadesk.documents import docx
from qadesk.documents.parsing import Parsed, Source

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)
_ROOTS = {"header": "hdr", "footer": "ftr"}


def word_file(
    body: str,
    *,
    embedded: Mapping[str, tuple[str, str, bytes]] | None = None,
    folder: str = "word",
    **parts: str,
) -> bytes:
    """A document with the contents ``body``.

    ``parts``: contents of parts by their purpose: styles, numbering, settings, footnotes, endnotes, header ...; a name
    such as header_2 is of the purpose before the underscore, and the name is the id of its relation. ``embedded``:
    relation ids with purpose, path and bytes of other parts.
    """
    relations, members = [], {}
    for name, xml in parts.items():
        purpose = name.partition("_")[0]
        root = _ROOTS.get(purpose, purpose)
        members[f"{folder}/{name}.xml"] = f"<w:{root} {NAMESPACES}>{xml}</w:{root}>".encode()
        relations.append((name, purpose, f"{name}.xml"))
    for name, (purpose, path, data) in (embedded or {}).items():
        members[f"{folder}/{path}"] = data
        relations.append((name, purpose, path))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("_rels/.rels", _relationships([("r", "officeDocument", f"{folder}/document.xml")]))
        out.writestr(f"{folder}/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        out.writestr(f"{folder}/_rels/document.xml.rels", _relationships(relations))
        for path, data in members.items():
            out.writestr(path, data)
    return file.getvalue()


def parsed(data: bytes) -> Parsed:
    """What the reader makes of ``data``."""
    return docx.read(Source(io.BytesIO(data), "'x'"))


def blocks(data: bytes) -> list[tuple[str, int, str, str]]:
    """Kind, level, number or key, and the text after it, of each block."""
    result = parsed(data)
    return [
        (block.kind, block.level, result.text[block.start : block.body], result.text[block.body : block.end])
        for block in result.blocks
    ]


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{run(text) if text else ''}</w:p>"


def item(text: str, level: int = 0, num_id: int = 1) -> str:
    """A paragraph of a list."""
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>')


def level(number: int, text: str, style: str = "decimal", more: str = "", start: int = 1) -> str:
    """A level of a list for numbering.xml."""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


def numbering(*levels: str, more: str = "") -> str:
    """One abstract list with ``levels``, and the list 1; ``more`` follows."""
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'
    )


def _relationships(relations: list[tuple[str, str, str]]) -> str:
    rows = (f'<Relationship Id="{key}" Type="http://x/{purpose}" Target="{path}"/>' for key, purpose, path in relations)
    return f"<Relationships>{''.join(rows)}</Relationships>"
