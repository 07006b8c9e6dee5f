"""A ZIP archive is recognised by what is in it, whatever its name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from qadesk.documents.formats import FORMATS, format_of
from qadesk.errors import DocumentError

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def archive(**members: str) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in members.items():
            out.writestr(name, text)
    return file


def content_types(*types: str) -> dict[str, str]:
    rows = "".join(f'<Override PartName="/x" ContentType="{media_type}"/>' for media_type in types)
    return {"[Content_Types].xml": f'<Types><Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'}


@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.pdf", "a.zip", "download", "a.html"])
@pytest.mark.parametrize(
    "members",
    [
        content_types("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", WORD_TYPE),
        content_types("application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
        {"Word\\document.xml": ""},
    ],
    ids=["document", "macros", "without types"],
)
def test_a_word_document_under_any_name(name: str, members: dict[str, str]) -> None:
    assert format_of(Path(name), archive(**members)).kind == "docx"


@pytest.mark.parametrize("row", [row for row in FORMATS if row.media_types], ids=lambda row: row.kind)
def test_every_archive_is_what_it_says_under_the_names_of_others(row) -> None:
    suffixes = [suffix for other in FORMATS for suffix in other.suffixes]
    for suffix in (*suffixes, ".zip", ""):
        for media_type in row.media_types:
            assert format_of(Path(f"a{suffix}"), archive(mimetype=f"{media_type}\n")) is row
            assert format_of(Path(f"a{suffix}"), archive(**content_types(f"{media_type}x.main+xml"))) is row
        assert format_of(Path(f"a{suffix}"), archive(**{row.main_member: ""})) is row


def test_what_says_nothing_is_what_its_suffix_says() -> None:
    assert format_of(Path("a.docx"), archive(x="")).kind == "docx"
    assert format_of(Path("a.docx"), io.BytesIO(b"PK\x03\x04 cut off")).kind == "docx"


@pytest.mark.parametrize("name", ["a.zip", "a.txt", "a.pdf", "a"])
@pytest.mark.parametrize(
    "members",
    [{}, {"x": ""}, content_types("application/vnd.ms-visio.drawing.main+xml"), {"mimetype": "image/png"}],
    ids=["empty", "other", "visio", "mimetype"],
)
def test_an_archive_of_something_else_is_refused(name: str, members: dict[str, str]) -> None:
    with pytest.raises(DocumentError, match=f"'{name}' is a ZIP archive or a file of another program") as excinfo:
        format_of(Path(name), archive(**members))
    assert excinfo.value.hint


def test_a_damaged_archive_under_another_name_is_refused() -> None:
    data = archive(**content_types(WORD_TYPE)).getvalue()
    with pytest.raises(DocumentError, match=r"'a\.txt' is damaged or incomplete"):
        format_of(Path("a.txt"), io.BytesIO(data[:-30]))


def test_members_that_cannot_be_read_say_nothing() -> None:
    data = archive(mimetype=WORD_TYPE * 9).getvalue().replace(b"\x08\x00", b"\x0c\x00")
    with pytest.raises(DocumentError, match="is a ZIP archive or a file of another program"):
        format_of(Path("a"), io.BytesIO(data))
