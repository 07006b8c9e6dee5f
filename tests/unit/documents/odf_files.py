"""Small OpenDocument files as bytes, made of raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join(
    [
        *(
            f'xmlns:{prefix}="{_OASIS}:{prefix}:1.0"'
            for prefix in ("office", "style", "text", "table", "chart", "presentation")
        ),
        f'xmlns:draw="{_OASIS}:drawing:1.0" xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0"',
        f'xmlns:svg="{_OASIS}:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"',
        'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"',
    ]
)
NUMBERED = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>'
    '<text:list-level-style-bullet text:level="3" text:bullet-char="•"/></text:list-style>'
)


def odf_file(
    body: str,
    automatic: str = "",
    *,
    styles: str = "",
    masters: str = "",
    kind: str = "text",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A document with the contents ``body``, and styles: ``automatic`` in content.xml, the others in styles.xml."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        out.writestr("content.xml", content(f"<office:{kind}>{body}</office:{kind}>", automatic))
        if styles or masters:
            out.writestr(
                "styles.xml",
                f"<office:document-styles {NAMESPACES}><office:styles>{styles}</office:styles>\n"
                f"<office:master-styles>{masters}</office:master-styles></office:document-styles>",
            )
        for name, data in (parts or {}).items():
            out.writestr(name, data)
    return file.getvalue()


def content(body: str, automatic: str = "") -> str:
    """The part content.xml."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {NAMESPACES}>'
        f"<office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>' if style else f"<text:p>{text}</text:p>"


def h(text: str, level: int = 1, more: str = "") -> str:
    return f'<text:h text:outline-level="{level}" {more}>{text}</text:h>'


def li(*contents: str, more: str = "") -> str:
    return f"<text:list-item {more}>{''.join(contents)}</text:list-item>"


def ul(*items: str, style: str = "L1", more: str = "") -> str:
    name = f'text:style-name="{style}"' if style else ""
    return f"<text:list {name} {more}>{''.join(items)}</text:list>"


def style(name: str, properties: str = "", *, family: str = "paragraph", more: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" {more}>'
        f"<style:text-properties {properties}/></style:style>"
    )


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{p(text)}</table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"
