"""Small e-books as bytes, made of raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

XHTML = "application/xhtml+xml"
NCX = "application/x-dtbncx+xml"


def book_file(
    *pages: str,
    contents: str = "",
    old_contents: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    spine: str | None = None,
) -> bytes:
    """A book of ``pages``, given as what is in their bodies: text/p1.xhtml, text/p2.xhtml ...

    ``contents``: the list of the table of contents; ``old_contents``: the points of that of EPUB 2.
    """
    numbers = range(1, len(pages) + 1)
    items = [f'<item id="p{number}" href="p{number}.xhtml" media-type="{XHTML}"/>' for number in numbers]
    members: dict[str, str | bytes] = {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="text/book.opf"/></rootfiles></container>'
    }
    if contents:
        items.append(f'<item id="nav" href="nav.xhtml" properties="nav" media-type="{XHTML}"/>')
        members["text/nav.xhtml"] = page_source(f'<nav epub:type="toc"><h1>Contents</h1><ol>{contents}</ol></nav>')
    if old_contents:
        items.append(f'<item id="ncx" href="toc.ncx" media-type="{NCX}"/>')
        members["text/toc.ncx"] = (
            '<?xml version="1.0"?>\n<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" '
            f'"http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">\n<ncx><docTitle><text>Book</text></docTitle>'
            f"<navMap>{old_contents}</navMap></ncx>"
        )
    references = "".join(f'<itemref idref="p{number}"/>' for number in numbers) if spine is None else spine
    members["text/book.opf"] = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{"".join(items)}</manifest>'
        f'<spine toc="ncx">{references}</spine></package>'
    )
    members |= {f"text/p{number}.xhtml": page_source(body) for number, body in zip(numbers, pages, strict=True)}
    members |= parts or {}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, data in members.items():
            out.writestr(name, data)
    return file.getvalue()


def page_source(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{body}</body></html>'
    )


def point(title: str, target: str, *inner: str) -> str:
    """An entry of the table of contents of EPUB 2."""
    return f'<navPoint><navLabel><text>{title}</text></navLabel><content src="{target}"/>{"".join(inner)}</navPoint>'


def entry(title: str, target: str, *inner: str) -> str:
    """An entry of the table of contents of EPUB 3."""
    return f'<li><a href="{target}">{title}</a>{f"<ol>{chr(10).join(inner)}</ol>" if inner else ""}</li>'
