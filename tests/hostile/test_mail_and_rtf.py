"""Mail, mailboxes, messages of Outlook and Rich Text made to fill or hang the program that reads them."""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bounds import reply_within_bounds, within_bounds

import qadesk
from qadesk.documents import outlook, rtf
from qadesk.documents.mail import eml, mbox
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError

sys.path.append(str(Path(qadesk.__file__).parents[1] / "packaging"))
from outlook_file import compound_file, properties

HEADER = b"From: a@b\nSubject: s\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"
LONG = HEADER + b"Content-Transfer-Encoding: base64\n\n" + b"YWFh" * 7_000_000
TOO_DEEP = "Parts that lie more than 20 levels deep in one another were left out."


def outcome(read: Callable[[Source], Parsed], data: bytes) -> Parsed | str:
    """What ``read`` makes of ``data``, within the bounds of hostile files."""
    try:
        with within_bounds():
            return read(Source(io.BytesIO(data), "'x'"))
    except DocumentError as error:
        return f"{error.message}{'' if error.hint else ' (and no hint)'}"


def notes(read: Callable[[Source], Parsed], data: bytes) -> tuple[str, ...]:
    parsed = outcome(read, data)
    assert isinstance(parsed, Parsed)
    return parsed.notes


def test_parts_in_parts() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(10_000)
    )
    assert notes(eml.read, HEADER + deep) == (TOO_DEEP,)


def test_messages_in_messages() -> None:
    assert notes(eml.read, (HEADER + b"Content-Type: message/rfc822\n\n") * 10_000) == (TOO_DEEP,)


def test_many_parts() -> None:
    data = HEADER + MIXED + b"--b\n\nx\n" * 100_000
    assert notes(eml.read, data) == ("Of a message only the first 2,000 parts were read.",)


@pytest.mark.parametrize(
    "data",
    [
        HEADER + MIXED + b"--b\n" * 100_000,
        HEADER + MIXED + b"--b" * 300_000,
        HEADER + MIXED + (b"--b\n" + MIXED) * 20_000,
        HEADER + b"To: " + b"a@b,\n " * 300_000 + b"\n\nx",
        HEADER + b"To: " + b"=?utf-8?q?a?= " * 70_000 + b"\n\nx",
        HEADER + b"To: " + b'"' * 1_000_000 + b"\n\nx",
        HEADER + b"Content-Type: text/plain; " + b'a="";' * 100_000 + b"\n\nx",
        HEADER + b"Content-Type: text/plain; " + b"name*0*=a;" * 100_000 + b"\n\nx",
        HEADER + b"\n" + b"> a\nb\n" * 20_000,
        HEADER + b"\n" + (b">" * 1000 + b" a\n") * 2000,
        HEADER + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 200_000,
        HEADER + b"\n" + b"\0" * 1_000_000,
    ],
    ids=range(12),
)
def test_mail_that_is_read_soon(data: bytes) -> None:
    assert outcome(eml.read, data)


def test_more_text_than_a_window_can_show() -> None:
    assert str(outcome(eml.read, LONG)).startswith("'x' holds more than 20 million characters")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.eml", LONG, "'a.eml' holds more than 20 million characters"),
        ("a.rtf", b"{\\rtf1 " + b"{" * 1_000_000, "'a.rtf' is nested too deep"),
        ("b.rtf", b"{\\rtf1 \\trowd\\cellx1 " + b"a\\cell " * 200_001, "'b.rtf' has tables of more than 200,000 cells"),
    ],
    ids=["long", "deep", "cells"],
)
def test_the_child_refuses_it_in_little_time_and_memory(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    reply = reply_within_bounds(tmp_path / name)
    assert str(reply["message"]).startswith(message)
    assert reply["hint"]


def test_a_mailbox_of_lines_between_messages() -> None:
    line = b"From x Mon May  3 10:00:00 2021\n"
    assert outcome(mbox.read, line + HEADER + b"\nhi\n\n" + b"From \n" * 30_000)
    assert outcome(mbox.read, line + HEADER + b"\nhi\n\n" + (line + b"A:\n\n") * 3000)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{" * 1_000_000, "'x' is nested too deep: it is damaged, or was made to harm programs."),
        (
            b"\\trowd\\cellx1 " + b"a\\cell " * 200_001,
            "'x' has tables of more than 200,000 cells, the most that QADesk opens.",
        ),
    ],
    ids=["deep", "cells"],
)
def test_rich_text_that_is_refused(body: bytes, message: str) -> None:
    assert outcome(rtf.read, b"{\\rtf1 " + body) == message


@pytest.mark.parametrize(
    "body",
    [
        b"{\\*\\x " * 300_000,
        b"text \\bin1000000000 " + b"x" * 1_000_000,
        b"{\\pict\\bin2147483647 }" * 100_000,
        b"{\\pict " + b"0123456789abcdef" * 1_000_000,
        b"\\trowd" + b"\\cellx1" * 2000 + b"a\\cell\\row " * 20_000,
        b"a\\chftn{\\footnote b}" * 10_000,
        b"\\intbl\\itap9 a\\nestcell{\\*\\nesttableprops\\nestrow}" * 20_000,
        b"\\u-10179?" * 100_000,
        b"{\\fonttbl" + b"".join(b"{\\f%d x;}" % number for number in range(30_000)),
        b"".join(b"{\\header h%d\\par}" % number for number in range(10_000)),
        b"{\\field{\\*\\fldinst PAGE" * 600,
        b"\\page" * 300_000,
        b"\\chftn{" + b" " * 100_000 + b"x}",
    ],
    ids=range(13),
)
def test_rich_text_that_is_read_soon(body: bytes) -> None:
    assert outcome(rtf.read, b"{\\rtf1 text\\par " + body + b"}")


def test_chains_of_sectors_that_lead_back() -> None:
    data = compound_file(properties(32, {0x1000: "text " * 2000}))
    table = data[-512:]
    for number in range(len(data) // 512 - 1):
        loop = data[:-512] + struct.pack("<I", number) * 128
        assert outcome(outlook.read, loop)
    assert outcome(outlook.read, data[:-512] + b"\xff" * 512)
    assert outcome(outlook.read, data[:512] + table * 100)


def test_folders_that_lead_back() -> None:
    data = compound_file(properties(32, {0x1000: "text", 0x0037: "Rent"}) | {"a": {"b": {"c": b"x"}}})
    root = data.index("Root Entry".encode("utf-16-le"))
    for entry in range(root, root + 128 * 7, 128):
        for place in (68, 72, 76):
            for number in range(8):
                changed = bytearray(data)
                changed[entry + place : entry + place + 4] = struct.pack("<I", number)
                assert outcome(outlook.read, bytes(changed))


def test_a_compound_file_that_claims_to_be_huge() -> None:
    data = bytearray(compound_file(properties(32, {0x1000: "text " * 2000})))
    for place in range(0, 512, 4):
        changed = bytearray(data)
        changed[44 + place % 400 : 48 + place % 400] = b"\xf0\xff\xff\x7f"
        assert outcome(outlook.read, bytes(changed))
    name = data.index("__substg1.0_1000001F".encode("utf-16-le"))
    data[name + 120 : name + 128] = b"\xff" * 8
    assert outcome(outlook.read, bytes(data))
