"""Messages that Outlook saved (.msg): compound files with the properties of the message."""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qadesk
from qadesk import documents
from qadesk.documents import outlook
from qadesk.documents.outlook.compressed_rtf import decompressed
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError

sys.path.append(str(Path(qadesk.__file__).parents[1] / "packaging"))
from outlook_file import compound_file, properties

SENT = 132645060000000000  # 3 May 2021, 9:00 UTC
HEAD = {0x001A: "IPM.Note", 0x0037: "Rent", 0x0C1A: "Ida Lee", 0x5D01: "ida@example.org"}
COMPRESSED = bytes.fromhex(  # the example of [MS-OXRTFCP]
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def read(tree: dict[str, Any]) -> Parsed:
    return outlook.read(Source(io.BytesIO(compound_file(tree)), "'a.msg'"))


def message(values: dict[int, Any], header: int = 32, **parts: Any) -> dict[str, Any]:
    return {**properties(header, HEAD | values, {0x0039: SENT}), **parts}


def body_of(parsed: Parsed) -> str:
    return parsed.text.partition("Subject: Rent\n\n")[2]


def recipient(number: int, kind: int, name: str, mail: str) -> dict[str, Any]:
    values = {0x0C15: kind, 0x3001: name, 0x39FE: mail}
    return {f"__recip_version1.0_#{number:08X}": properties(8, values)}


def attachment(number: int, values: dict[int, Any], **inner: Any) -> dict[str, Any]:
    return {f"__attach_version1.0_#{number:08X}": {**properties(8, values), **inner}}


def test_the_header_and_the_text() -> None:
    people = recipient(0, 1, "Bo", "bo@example.org") | recipient(1, 1, "c@example.org", "c@example.org")
    people |= recipient(2, 2, "Ann", "/O=EXCHANGE/CN=ann") | recipient(3, 3, "'Eve'", "eve@example.org")
    parsed = read(message({0x1000: "Hi,\r\n\r\nthe rent is 900.\r\n- one\r\n"}, **people))
    assert parsed.text == (
        "From: Ida Lee <ida@example.org>\nTo: Bo <bo@example.org>; c@example.org\nCc: Ann\n"
        "Bcc: Eve <eve@example.org>\nDate: Mon, 03 May 2021 09:00:00 +0000\nSubject: Rent\n\n"
        "Hi,\n\nthe rent is 900.\n- one"
    )
    assert [block.kind for block in parsed.blocks] == ["pair"] * 6 + ["paragraph", "paragraph", "item"]


@pytest.mark.parametrize(
    ("values", "body"),
    [
        ({0x1000: "plain", 0x1013: b"<p>page"}, "plain"),
        ({0x1000: " ", 0x1013: b"<p>page<table><tr><th>a<td>b</table>"}, "page\n\na\tb"),
        ({0x1013: "<p>Straße".encode("cp1252"), 0x3FDE: 1252}, "Straße"),
        ({0x1013: "<p>Straße"}, "Straße"),
        ({0x1009: COMPRESSED}, "hello world"),
        ({0x1000: "x" * 5000}, "x" * 5000),  # in sectors of its own
        ({}, ""),
    ],
    ids=["plain", "page", "code page", "string", "rich text", "long", "none"],
)
def test_the_text(values: dict[int, Any], body: str) -> None:
    assert body_of(read(message(values))) == body


def test_texts_that_are_not_in_unicode() -> None:
    tree = message({0x3FFD: 1251})
    tree["__substg1.0_1000001E"] = "Привет".encode("cp1251")
    assert body_of(read(tree)) == "Привет"


def test_attachments_are_named() -> None:
    parts = attachment(0, {0x3707: "Über uns.pdf", 0x370E: "application/pdf", 0x3701: b"x" * 34_000})
    parts |= attachment(1, {0x3704: "A.ZIP", 0x3701: b"x"})
    parts |= attachment(2, {0x3707: "logo.png", 0x3712: "logo@x", 0x3701: b"x"})
    parsed = read(message({0x1000: "text"}, **parts))
    assert body_of(parsed) == "text\n\nAttachments:\n• Über uns.pdf (application/pdf, 34 kB)\n• A.ZIP (1 byte)"
    assert parsed.notes == ("2 attachments were not read: 'Über uns.pdf', 'A.ZIP'. Save and open them by themselves.",)


def test_messages_inside() -> None:
    inner = message({0x1000: "It was 800."}, 24)
    parsed = read(message({0x1000: "text"}, **attachment(0, {0x3001: "Old"}, __substg1_0=inner)))
    assert "800" not in parsed.text
    parsed = read(message({0x1000: "text"}, **attachment(0, {0x3001: "Old"}, **{"__substg1.0_3701000D": inner})))
    assert body_of(parsed).startswith("text\n\nAttached message:\n\nFrom: Ida Lee")
    assert parsed.text.endswith("Subject: Rent\n\nIt was 800.")


def test_what_is_no_mail_says_so() -> None:
    assert read(message({0x001A: "IPM.Contact", 0x1000: "x"})).notes[0].startswith("Outlook calls it IPM.Contact")
    assert read(message({0x001A: "IPM.Note.SMIME"})).notes[0].startswith("A message is encrypted")


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="is not a message of Outlook but another Office file"):
        read({"WordDocument": b"x"})
    (tmp_path / "a.doc").write_bytes(compound_file({"WordDocument": b"x"}))
    with pytest.raises(DocumentError, match=r"is an old Word \(\.doc\)"):
        documents.read(tmp_path / "a.doc")
    (tmp_path / "a.docx").write_bytes(compound_file({"EncryptedPackage": b"x"}))
    with pytest.raises(DocumentError, match="is protected by a password"):
        documents.read(tmp_path / "a.docx")
    (tmp_path / "a.msg").write_bytes(compound_file(message({0x1000: "text"})))
    assert documents.read(tmp_path / "a.msg").kind == "msg"


def test_compressed_rich_text() -> None:
    assert decompressed(COMPRESSED, lambda: None) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    plain = struct.pack("<IIII", 20, 8, 0x414C454D, 0) + b"{\\rtf1 }"
    assert decompressed(plain, lambda: None) == b"{\\rtf1 }"
    assert decompressed(b"", lambda: None) == decompressed(b"x" * 40, lambda: None) == b""


SAMPLE = compound_file(
    message(
        {0x1000: "text " * 1000, 0x1009: COMPRESSED},
        **recipient(0, 1, "Bo", "bo@x"),
        **attachment(0, {0x3707: "a.pdf", 0x3701: b"x"}, **{"__substg1.0_3701000D": message({0x1013: b"<p>x"}, 24)}),
    )
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated_messages_are_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 20))):
        place = data.draw(st.integers(0, len(changed) - 5))
        value = data.draw(st.one_of(st.integers(0, 40), st.sampled_from([0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF])))
        changed[place : place + 4] = struct.pack("<I", value)
    end = data.draw(st.sampled_from([len(changed), len(changed) // 2, 600, 511]))
    try:
        parsed = outlook.read(Source(io.BytesIO(bytes(changed[:end])), "'a.msg'"))
    except DocumentError:
        return
    for block in parsed.blocks:
        assert 0 <= block.start <= block.body <= block.end <= len(parsed.text)
