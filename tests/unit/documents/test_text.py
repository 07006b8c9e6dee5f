from __future__ import annotations

import io

import pytest

from qadesk.documents import text
from qadesk.documents.parsing import Source
from qadesk.errors import DocumentError, EncodingNeeded
from qadesk.structure import Block


def test_text_is_verbatim() -> None:
    data = "one\r\ntwo\rthree\n\n  four\t\u00a0\u2028five ".encode()
    assert text.read(Source(io.BytesIO(data), "'x'")).text == data.decode()


def test_a_guess_is_noted() -> None:
    parsed = text.read(Source(io.BytesIO("café".encode("cp1252")), "'x'"))
    assert (parsed.text, parsed.notes) == ("café", ("The encoding was guessed as Windows-1252.",))
    assert parsed.blocks == (Block("paragraph", 0, 4),)


def test_binary_is_refused() -> None:
    with pytest.raises(DocumentError, match="'x' does not hold text") as excinfo:
        text.read(Source(io.BytesIO(b"\0\1\2\3"), "'x'"))
    assert not isinstance(excinfo.value, EncodingNeeded)
    assert excinfo.value.hint == "QADesk opens text, Markdown, CSV, HTML, PDF, Word (.docx) and Excel (.xlsx) files."


def test_what_may_be_text_needs_its_encoding() -> None:
    data = b"Name".ljust(20, b"\0") + b"Anna Berg".ljust(20, b"\0")
    with pytest.raises(EncodingNeeded, match="'x' does not hold text in any encoding that could"):
        text.read(Source(io.BytesIO(data), "'x'"))
    assert text.read(Source(io.BytesIO(data), "'x'", encoding="UTF-8")).text.startswith("Name\ufffd")


@pytest.mark.parametrize("data", [b"x" * 11, b"x" * 45], ids=["characters", "bytes"])
def test_too_long(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_CHARACTERS", 10)
    monkeypatch.setattr(text, "_MAX_BYTES", 44)
    with pytest.raises(DocumentError, match="'x' holds more than 20 million characters"):
        text.read(Source(io.BytesIO(data), "'x'"))
    assert text.read(Source(io.BytesIO(b"x" * 10), "'x'")).text == "x" * 10
