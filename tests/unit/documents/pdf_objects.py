"""Makes PDF files of given objects for the tests of single parts of the PDF reader."""

from __future__ import annotations

from collections.abc import Sequence


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def escaped(text: str) -> bytes:
    """``text`` as it stands between the brackets of a string of a page's content."""
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of ``objects``, which are numbered from 1; the first is the catalog."""
    file = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(file)


def one_page(
    content: bytes, *more: bytes, catalog: bytes = b"", page: bytes = b"", resources: bytes = b"", font: bytes = b""
) -> bytes:
    """A PDF with one page of 600 x 800 points, whose number is 3; the objects ``more`` have the numbers from 6 on.

    The font /F1 is Helvetica, number 5; ``catalog``, ``page``, ``resources`` and ``font`` are more entries of these.
    """
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>%s>>%s>>" % (resources, page),
        stream(content),
        font or b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    return pdf_of([*objects, *more])


def text_at(x: int, y: int, text: str) -> bytes:
    """A piece of a page's content: ``text`` in 12 points."""
    return b"BT /F1 12 Tf %d %d Td (%s) Tj ET\n" % (x, y, escaped(text))


def drawn(*texts: tuple[float, float, str], size: float = 11, font: str = "F1") -> bytes:
    """A piece of a page's content: each text at its place (x, y)."""
    parts = []
    for x, y, text in texts:
        parts.append(b"BT /%s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (font.encode(), size, x, y, escaped(text)))
    return b"".join(parts)


def drawn_pages(*contents: bytes, page: bytes = b"", fonts: bytes = b"") -> bytes:
    """A PDF with a page of 600 x 800 points for each content. /F1 is Helvetica, /F2 the same in bold."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * index) for index in range(len(contents)))
    helvetica = b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(contents), kids),
        helvetica % b"Helvetica",
        helvetica % b"Helvetica-Bold",
    ]
    for index, content in enumerate(contents):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R/F2 4 0 R%s>>>>%s>>" % (6 + 2 * index, fonts, page)
        )
        objects.append(stream(content))
    return pdf_of(objects)
