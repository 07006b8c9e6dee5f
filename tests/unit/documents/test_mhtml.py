"""A browser's single file of a page: a mail whose parts are the page and its pictures."""

from __future__ import annotations

import io
from base64 import encodebytes
from quopri import encodestring

import pytest

from qadesk import documents
from qadesk.documents import html, parsing
from qadesk.errors import DocumentError

PAGE = (
    "<!doctype html><p>Café: the code is 4410. A line that is long enough to be divided by soft line ends = twice.</p>"
)
TEXT = "Café: the code is 4410. A line that is long enough to be divided by soft line ends = twice."


def part(body: bytes, *headers: str) -> bytes:
    return b"--b==\r\n" + "".join(f"{header}\r\n" for header in headers).encode() + b"\r\n" + body + b"\r\n"


def archive(*parts: bytes, more: str = "") -> bytes:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/a\r\n"
        "Subject: =?utf-8?Q?Caf=C3=A9?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        f'\ttype="text/html"{more};\r\n\tboundary="b=="\r\n\r\n\r\n'
    )
    return head.encode() + b"".join(parts) + b"--b==--\r\n"


def read(data: bytes) -> parsing.Parsed:
    return html.read(parsing.Source(io.BytesIO(data), "'a.mht'"))


QUOTED = part(
    encodestring(PAGE.encode()),
    "Content-Type: text/html; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "Content-Location: https://example.org/a",
)
FRAME = part(b"<p>A frame", "Content-Type: text/html", "Content-ID: <f>", "Content-Location: https://example.org/f")
PICTURE = part(encodebytes(b"\x89PNG"), "Content-Type: image/png", "Content-Transfer-Encoding: base64")


@pytest.mark.parametrize(
    "data",
    [
        archive(QUOTED, PICTURE, FRAME),
        archive(PICTURE, FRAME, QUOTED),
        archive(QUOTED).removesuffix(b"--b==--\r\n"),
        archive(QUOTED).replace(b"\r\n", b"\n"),
        archive(
            part(
                encodebytes(PAGE.encode("utf-16")),
                "Content-Type: text/html; charset=utf-16",
                "Content-Transfer-Encoding: base64",
            )
        ),
        archive(part(PAGE.encode("cp1252"), 'Content-Type: text/html; charset="windows-1252"')),
    ],
    ids=["first", "last", "cut", "lf", "base64", "charset"],
)
def test_the_page_is_read(data: bytes) -> None:
    assert read(data).text == TEXT


def test_the_page_is_named_by_its_id() -> None:
    assert read(archive(QUOTED, FRAME, more=';\r\n\tstart="<f>"')).text == "A frame"


def test_a_page_that_is_the_only_part() -> None:
    data = b"MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>a=3Db"
    assert read(data).text == "a=b"


def test_parts_in_parts() -> None:
    inner = archive(QUOTED).replace(b"b==", b"c==")
    assert (
        read(
            archive(part(inner.partition(b"\r\n\r\n\r\n")[2], 'Content-Type: multipart/alternative; boundary="c=="'))
        ).text
        == TEXT
    )


@pytest.mark.parametrize("data", [archive(), archive(PICTURE)])
def test_an_archive_without_a_page_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"'a\.mht' holds no web page"):
        read(data)


def test_a_page_that_looks_like_a_mail_is_none() -> None:
    assert read(b"Note: a page\n<p>text").text == "Note: a page\n\ntext"


def test_it_is_recognised_by_its_head(tmp_path) -> None:
    for name in ("a.mhtml", "a.mht", "download"):
        (tmp_path / name).write_bytes(archive(QUOTED))
        assert documents.read(tmp_path / name).kind == "html"
