"""A mailbox: its messages one after another, each a page."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qadesk import documents
from qadesk.documents import parsing
from qadesk.documents.mail import mbox
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError

LINE = b"From ida@example.org Mon May  3 10:00:00 2021\n"


def message(number: int, body: bytes = b"text", header: bytes = b"") -> bytes:
    return LINE + b"From: ida@example.org\nSubject: Number %d\n" % number + header + b"\n" + body + b"\n\n"


def read(data: bytes) -> Parsed:
    return mbox.read(Source(io.BytesIO(data), "'a.mbox'"))


def test_each_message_is_a_part() -> None:
    parsed = read(message(1) + message(2, b"more"))
    first, second = parsed.pages
    assert (first.name, second.name) == ("part 1", "part 2")
    assert parsed.text[first.start : first.end] == "From: ida@example.org\nSubject: Number 1\n\ntext"
    assert parsed.text[second.start : second.end] == "From: ida@example.org\nSubject: Number 2\n\nmore"
    assert [(entry.title, parsed.text[entry.start :][:4]) for entry in parsed.outline] == [
        ("Number 1", "From"),
        ("Number 2", "From"),
    ]
    assert [parsed.text[block.start : block.end] for block in parsed.blocks][-1] == "more"


def test_lines_that_begin_with_from_are_text() -> None:
    body = b">From here on it is text.\n>>From two\n\nFrom now on: no.\n\nFrom me"
    (page,) = (parsed := read(message(1, body))).pages
    assert page.end == len(parsed.text)
    assert "\n\nFrom here on it is text.\n" in parsed.text
    assert "> From two" in parsed.text
    assert "From now on: no." in parsed.text


@pytest.mark.parametrize(
    "line",
    [b"From - Mon May 03 10:00:00 2021\r\n", b"From \n", b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n", b"From x\n"],
)
def test_lines_between_messages(line: bytes) -> None:
    assert len(read((line + b"From: a@b\nSubject: s\n\ntext\n\n") * 3).pages) == 3


def test_messages_that_the_mail_program_hides() -> None:
    deleted = message(2, header=b"X-Mozilla-Status: 0009\n")
    internal = LINE + b"From: x\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n\nx\n\n"
    parsed = read(message(1, header=b"X-Mozilla-Status: 0001\n") + deleted)
    assert (len(parsed.pages), parsed.notes) == (
        1,
        ("A message that was deleted in the mail program was left out.",),
    )
    assert len(read(internal + message(1)).pages) == 1


def test_a_message_without_a_subject_is_in_the_outline() -> None:
    parsed = read(LINE + b"From: a@b\nTo: c@d\n\ntext\n")
    assert [entry.title for entry in parsed.outline] == ["Message 1"]


def test_there_are_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "MAX_MESSAGES", 2)
    parsed = read(message(1) + message(2) + message(3))
    assert len(parsed.pages) == 2
    assert parsed.notes == ("Only the first 2 messages were read. Export the others to a mailbox of their own.",)
    monkeypatch.setattr(mbox, "MAX_MESSAGES", 20)
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 100)
    parsed = read(message(1) + message(2) + message(3))
    assert len(parsed.pages) == 2
    assert parsed.notes[0].startswith("Only the first 2 messages were read: more would be too long.")


def test_attachments_of_all_messages_are_counted() -> None:
    header = b"Content-Type: application/pdf; name=a.pdf\n"
    parsed = read(b"".join(message(number, header=header) for number in range(7)))
    assert parsed.notes == (
        "7 attachments were not read: 'a.pdf', 'a.pdf', 'a.pdf', 'a.pdf', 'a.pdf' …. Save and open them by themselves.",
    )


@pytest.mark.parametrize("data", [b"just text\n", b"From here on\nit is text\n", b"\0" * 100])
def test_what_is_no_mailbox_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"'a\.mbox' is not a mailbox"):
        read(data)


def test_it_is_recognised(tmp_path: Path) -> None:
    for name in ("a.mbox", "Inbox"):
        (tmp_path / name).write_bytes(message(1))
        document = documents.read(tmp_path / name)
        assert document.kind == "mbox"
        assert document.pages[0].unit == "part"


def test_a_text_that_begins_with_from_is_no_mailbox(tmp_path: Path) -> None:
    (tmp_path / "Paris").write_bytes(b"From Paris\nWe went home.\n")
    assert documents.read(tmp_path / "Paris").kind == "text"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([LINE, b"From \n", b"From: a\n", b"To: b\n", b"\n", b">From x\n", b"x", b"\0", b"\r"])))
def test_pages_lie_in_the_text(pieces: list[bytes]) -> None:
    try:
        parsed = read(b"".join((LINE, b"From: a\n", *pieces)))
    except DocumentError:
        return
    ends = [0]
    for page in parsed.pages:
        assert ends[-1] <= page.start < page.end <= len(parsed.text)
        assert not parsed.text[ends[-1] : page.start].strip()
        ends.append(page.end)
    assert not parsed.text[ends[-1] :].strip()
