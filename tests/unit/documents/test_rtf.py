"""Rich Text: what Word, LibreOffice and others write, as small documents."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qadesk import documents
from qadesk.documents import rtf
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError
from qadesk.structure import units

FONTS = (
    rb"{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset2 Symbol;}{\f2\fcharset204{\*\falt x} Times;}"
    rb"{\f3\fcharset128 MS Mincho;}{\f4\fcharset2 Wingdings;}}"
)
STYLES = (
    rb"{\stylesheet{\ql Normal;}{\s1\sbasedon0 heading 1;}{\s2\outlinelevel1 \'dcberschrift 2;}{\s3 Title;}"
    rb"{\s4 caption;}{\*\cs10 Default Font;}}"
)


def document(body: bytes) -> bytes:
    return rb"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + STYLES + b"\n" + body + b"}"


def read(data: bytes) -> Parsed:
    return rtf.read(Source(io.BytesIO(data), "'a.rtf'"))


def text(body: bytes) -> str:
    return read(document(body)).text


def blocks(body: bytes) -> list[tuple[str, int, str]]:
    parsed = read(document(body))
    return [(block.kind, block.level, parsed.text[block.start : block.end]) for block in parsed.blocks]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (rb"one\par two", "one\n\ntwo"),
        (b"one\\\ntwo", "one\n\ntwo"),
        (rb"one\line two", "one\ntwo"),
        (b"one\r\ntwo", "onetwo"),
        (rb"a\tab b", "a\tb"),
        (rb"\{a\}\\", "{a}\\"),
        (rb"\lquote a\rquote  \ldblquote b\rdblquote\~\endash \emdash\_c\-d", "‘a’ “b”\xa0–—‑cd"),
        (rb"Caf\'e9", "Café"),
        (rb"\u8364?\u8364\'80\uc0\u8364 x", "€€€x"),
        (rb"{\uc2\u8364 ab}\u8364 ab", "€€b"),
        (rb"\u-10179?\u-8704?", "😀"),
        (rb"\u8211\endash x", "–x"),
        (rb"\u-10179?x", "x"),
        (rb"\u-8704?x", "\ufffdx"),
        (rb"{\f2\'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (rb"{\f3\'93\'fa\'96\'7b}", "日本"),
        (rb"{\f3\'93\'fa\'96{}", None),
        (rb"{\f1 \'b7a}{\f4\'fc}\u-3913?", "•α✓•"),
        (rb"a{\v hidden}{\v0 b}{\deleted gone}{\plain c}", "abc"),
        (rb"10{\super 3} m{\super 2} H{\sub 2}O Clara{\super 1}", "10^3 m^2 H2O Clara[1]"),
        (rb"a{\pict\pngblip 8950}{\*\unknown gone}{\object{\*\objdata 00}{\result b}}", "ab"),
        (rb"a{\xe\v entry}{\*\bkmkstart x}{\*\annotation note}b", "ab"),
        (b"a\\bin5 }}}}}b", "ab"),
        (rb"{\upr{old}{\*\ud{new}}}", "new"),
        (rb'{\field{\*\fldinst{HYPERLINK "http://x"}}{\fldrslt{\ul link}}}', "link"),
        (rb'{\field{\*\fldinst SYMBOL 183 \\f "Symbol"}{\fldrslt}}', "•"),
        (rb"{\field{\*\fldinst FORMCHECKBOX{\*\formfield{\ffres1{\*\ffname x}}}}{\fldrslt}} Yes", "☒ Yes"),
        (rb"{\field{\*\fldinst FORMCHECKBOX{\*\formfield{\ffres25\ffdefres0}}}{\fldrslt}} No", "☐ No"),
        (rb"\mmath{\mr x}", ""),
        (rb"after\par}{\par more", "after"),
    ],
)
def test_characters_and_groups(body: bytes, shown: str | None) -> None:
    if shown is not None:
        assert text(body) == shown
    else:
        assert text(body).startswith("日")


def test_headings_have_the_levels_of_their_styles() -> None:
    body = rb"\s3 T\par\pard\s1 A\par\pard\s2 B\par\pard\outlinelevel2 C\par\pard\s1\outlinelevel9 D\par\pard\s4 E\par"
    assert blocks(body) == [
        ("heading", 1, "T"), ("heading", 1, "A"), ("heading", 2, "B"), ("heading", 3, "C"), ("paragraph", 0, "D"),
        ("caption", 0, "E"),
    ]  # fmt: skip


def test_lists_have_their_printed_numbers() -> None:
    body = (
        rb"{\pntext\f1\'B7\tab}one\par{\listtext\f1\u-3913 ?\tab}two\par{\listtext\f0 (a)\tab}\ilvl1 three\par"
        rb"\pard\s1{\listtext 1.\tab}Head\par\pard - typed\par"
    )
    assert blocks(body) == [
        ("item", 1, "• one"), ("item", 1, "• two"), ("item", 2, "(a) three"), ("heading", 1, "1. Head"),
        ("item", 1, "- typed"),
    ]  # fmt: skip
    parsed = read(document(body))
    assert [parsed.text[start:end] for start, end in units(parsed.blocks)] == [
        "one",
        "two",
        "three",
        "1. Head",
        "typed",
    ]


def test_a_table_has_the_cells_that_it_shows() -> None:
    parsed = read(
        document(
            rb"before\par\trowd\trhdr\cellx1000\cellx2000\cellx3000\intbl Year\cell Staff\cell Sum\cell\row"
            rb"\trowd\cellx1000\cellx3010\intbl 2019\cell 47\par people\cell\row"
            rb"\trowd\clvmgf\cellx1000\clmgf\cellx2000\clmrg\cellx3000\intbl a\cell b\cell\cell\row"
            rb"\trowd\clvmrg\cellx1000\cellx2000\cellx3000\intbl\cell c\cell d\cell\row\pard after\par"
        )
    )
    assert parsed.text == "before\n\nYear\tStaff\tSum\n2019\t47\npeople\na\tb\n\tc\td\n\nafter"
    table = parsed.blocks[1]
    shown = [
        [(parsed.text[cell.start : cell.end], cell.column, cell.span, cell.is_header, cell.is_covered) for cell in row]
        for row in table.rows
    ]
    assert shown == [
        [("Year", 0, 1, True, False), ("Staff", 1, 1, True, False), ("Sum", 2, 1, True, False)],
        [("2019", 0, 1, False, False), ("47\npeople", 1, 2, False, False)],
        [("a", 0, 1, False, False), ("b", 1, 2, False, False)],
        [("", 0, 1, False, True), ("c", 1, 1, False, False), ("d", 2, 1, False, False)],
    ]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (rb"\trowd\cellx1\cellx2 a\cell b\cell\row", "a\tb"),  # without \intbl
        (rb"\trowd\cellx1\intbl a\cell\row\pard\par\trowd\cellx1\intbl b\cell\row", "a\n\nb"),
        (rb"\trowd\cellx1\cellx2\intbl a\cell b\par c", "a\tb\nc"),  # the end is missing
        (rb"\trowd\cellx1\intbl a\cell b\cell\row", "a\tb"),  # more cells than edges
        (
            rb"\intbl out\par\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\cellx1\nestrow}"
            rb"{\nonesttables\par}c\nestcell{\*\nesttableprops\nestrow}\pard\intbl\itap1 end\cell\row",
            "out\na\tb\nc\nend",
        ),
    ],
)
def test_odd_tables(body: bytes, shown: str) -> None:
    assert text(body) == shown


def test_notes_headers_and_footers() -> None:
    body = (
        rb"{\header\pard Report\par}{\headerr\pard Report\par}{\footer\pard Page {\field{\*\fldinst PAGE}{\fldrslt 3}}"
        rb" of \chpgn\par}{\footerl\pard Ida\par}"
        rb"opened{\super\chftn{\footnote\pard{\super\chftn} By Clara.}} and"
        rb"{\super\chftn{\*\footnote\ftnalt\pard\chftn End.}}{\super\chftn{\footnote Third.}}"
        rb"{\super *{\footnote * Own.}}\par"
    )
    assert blocks(body) == [
        ("header", 0, "Report"), ("paragraph", 0, "opened[1] and[i][2]*"), ("footnote", 0, "[1] By Clara."),
        ("footnote", 0, "[i] End."), ("footnote", 0, "[2] Third."), ("footnote", 0, "* Own."), ("footer", 0, "Ida"),
    ]  # fmt: skip


def test_a_text_box_goes_below_its_paragraph() -> None:
    box = rb"{\shp{\*\shpinst\shpleft0{\sp{\sn a}{\sv b}}{\shptxt\pard In a box\par}}{\shprslt twice}}"
    assert text(b"Be" + box + rb"fore\par After\par") == "Before\n\nIn a box\n\nAfter"
    assert text(rb"\trowd\cellx1\intbl a" + box + rb"\cell\row") == "a\nIn a box"


def test_keys_and_values() -> None:
    assert blocks(rb"Rent: 900 euros\par") == [("pair", 0, "Rent: 900 euros")]


@pytest.mark.parametrize(
    ("page", "shown"),
    [(b"1250", "ą"), (b"1251", "№"), (b"437", "╣"), (b"10000", "π"), (b"99999", "¹"), (b"65001", "�")],
)
def test_code_pages(page: bytes, shown: str) -> None:
    assert read(rb"{\rtf1\ansi\ansicpg" + page + rb" \'b9}").text == shown


def test_what_is_left_out_is_told() -> None:
    assert read(document(rb"a{\mmath x}")).notes == ("Formulas were left out.",)
    assert read(document(rb"a{\f4\'2b\'2b}")).notes[0].startswith("2 symbols of special fonts could not be read")
    assert read(document(b"cut here")[:-1]).notes[0].startswith("The file ends in the middle")


def test_only_pictures() -> None:
    with pytest.raises(DocumentError, match="holds only pictures") as excinfo:
        read(document(rb"{\pict 00}"))
    assert "OCR" in excinfo.value.hint


@pytest.mark.parametrize("data", [b"text", b"{\\html}", b"\0\1", b""])
def test_what_is_no_rich_text_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"'a\.rtf' is not a Rich Text document"):
        read(data)


def test_it_is_recognised_by_its_first_bytes(tmp_path: Path) -> None:
    for name in ("a.rtf", "a.doc", "a.docx", "a"):
        (tmp_path / name).write_bytes(b"\n" + document(b"text"))
        assert documents.read(tmp_path / name).kind == "rtf"
    (tmp_path / "b.rtf").write_bytes(b"text")
    with pytest.raises(DocumentError, match="is not a Rich Text document, although its name says so"):
        documents.read(tmp_path / "b.rtf")


PIECES = [
    b"{", b"}", b"a ", b"\\par ", b"\\cell ", b"\\row ", b"\\intbl ", b"\\trowd ", b"\\cellx9 ", b"\\clmrg ",
    b"\\pard ",
    b"{\\footnote x}", b"\\chftn ", b"{\\header ", b"\\u8364?", b"\\u-10179 ", b"\\'e9", b"\\bin3 ", b"{\\*\\x ",
    b"{\\pict ", b"\\f1 ", b"{\\fonttbl ", b"{\\stylesheet ", b"\\s1 ", b"{\\shp{\\*\\shpinst{\\shptxt ",
    b"\\nestcell ",
    b"\\itap2 ", b"{\\field{\\*\\fldinst PAGE}{\\fldrslt ", b"{\\listtext 1.}", b"\\super ", b"\\v ", b"\\uc3 ", b";",
    b"{\\*\\nesttableprops\\nestrow}", b"\\page ", b"\xff", b"\\", b"\\outlinelevel1 ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join))
def test_any_pieces_are_read(body: bytes) -> None:
    try:
        parsed = read(document(body))
    except DocumentError:
        return
    ends = [0]
    for block in parsed.blocks:
        assert ends[-1] <= block.start <= block.body <= block.end <= len(parsed.text)
        assert parsed.text[block.start : block.end].strip()
        ends.append(block.end)
    for start, end in units(parsed.blocks):
        assert 0 <= start < end <= len(parsed.text)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_mutated_rich_text_is_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(document(rb"\s1 A\par\trowd\cellx1\intbl a\cell\row{\footnote x}\u8364?{\f3\'93\'fa} end"))
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        read(bytes(changed))
    except DocumentError:
        return
