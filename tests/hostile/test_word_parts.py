"""Word documents whose parts were made to be slow, endless or huge: lists, styles, fields, embedded documents."""

from __future__ import annotations

import io
import random
import sys
import zipfile
from pathlib import Path

import pytest
from bounds import within_bounds
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qadesk.documents import docx
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError
from qadesk.structure.serial import from_lists, to_lists

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))
from word_files import NAMESPACES, item, level, numbering, paragraph, run, word_file

MANY = 20_000

PIECES = [
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>text</w:t>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>",
    "</w:tc>", "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>", "<w:trPr><w:del/></w:trPr>", "<w:tcPr><w:cellDel/></w:tcPr>",
    "<w:tcPr><w:vMerge/><w:gridSpan w:val='3'/></w:tcPr>", "<w:trPr><w:gridBefore w:val='2'/></w:trPr>",
    "<w:fldChar w:fldCharType='begin'/>", "<w:fldChar w:fldCharType='separate'/>", "<w:fldChar w:fldCharType='end'/>",
    "<w:instrText>PAGE</w:instrText>", "<w:sdt>", "</w:sdt>", "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>",
    "<w:sdtContent>", "</w:sdtContent>", "<mc:AlternateContent>", "</mc:AlternateContent>", "<mc:Choice>",
    "</mc:Choice>", "<mc:Fallback>", "</mc:Fallback>", "<w:txbxContent>", "</w:txbxContent>", "<m:oMath>",
    "</m:oMath>", "<m:f>", "</m:f>", "<m:num>", "</m:num>", "<m:t>x</m:t>", "<w:br/>", "<w:tab/>",
    "<w:footnoteReference w:id='1'/>", "<w:sectPr>", "</w:sectPr>", "<w:altChunk r:id='a'/>", "<w:sym w:char='F0B7'/>",
    "<w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr></w:pPr>", "<w:rPr><w:vanish/></w:rPr>",
    "<w:pPr><w:pStyle w:val='Heading1'/></w:pPr>", "<w:del>", "</w:del>",
]  # fmt: skip


def read(data: bytes) -> Parsed:
    """What the reader makes of ``data``, within the bounds of hostile files, with blocks that can be stored."""
    with within_bounds():
        parsed = docx.read(Source(io.BytesIO(data), "'a.docx'"))
    from_lists(to_lists(parsed.blocks), len(parsed.text))
    return parsed


def closed(pieces: list[str]) -> str:
    """``pieces`` of XML with each end tag that fits nothing left out, and with the ends that are missing."""
    xml, names = "", []
    for piece in pieces:
        name = piece.strip("</>").split()[0]
        if piece.startswith("</"):
            if name not in names:
                continue
            while names[-1] != name:
                xml += f"</{names.pop()}>"
            names.pop()
        elif not piece.endswith("/>") and "</" not in piece:
            names.append(name)
        xml += piece
    return xml + "".join(f"</{name}>" for name in reversed(names))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=80).map(closed))
@example("<m:f><m:oMath><w:trPr><w:del/></w:trPr></m:oMath></m:f>")
def test_any_order_of_elements_is_read(body: str) -> None:
    levels = numbering(level(0, "%1."), level(1, "%1.%2"))
    read(word_file(body, numbering=levels, footnotes=f'<w:footnote w:id="1">{paragraph("note")}</w:footnote>'))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("<w:p>", "</w:p>"),
        ("<w:txbxContent>", "</w:txbxContent>"),
        ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>", "</w:sdtContent></w:sdt>"),
        ("<mc:AlternateContent><mc:Choice>", "</mc:Choice></mc:AlternateContent>"),
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<m:oMath><m:f><m:num>", "</m:num></m:f></m:oMath>"),
        ("<w:fldSimple w:instr='DATE'>", "</w:fldSimple>"),
    ],
)
def test_deep_nesting(start: str, end: str) -> None:
    text = read(word_file(f"{start * MANY}<w:p>{run('deep ' * 100)}</w:p>{end * MANY}")).text
    assert text.count("deep") == 100


@pytest.mark.parametrize(
    ("one", "before"),
    [
        ("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>", ""),
        ("<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:t>x</w:t></w:r></w:p>", ""),
        ("<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:fldChar w:fldCharType='separate'/></w:r></w:p>", ""),
        ("<w:r><w:footnoteReference w:id='1'/></w:r>", "<w:p>"),
        ("<w:r><w:t>Key: </w:t><w:tab/></w:r>", "<w:p>"),
        ("<w:sectPr><w:headerReference r:id='none'/></w:sectPr>", ""),
        ("<w:tr><w:tc><w:p/></w:tc></w:tr>", "<w:tbl>"),
        ("<w:tc><w:p/></w:tc>", "<w:tbl><w:tr>"),
        ("<w:p><w:r><w:br/></w:r></w:p>", ""),
        ("<w:p><w:pPr><w:pStyle w:val='Code'/></w:pPr></w:p>", "<w:p><w:pPr><w:pStyle w:val='Code'/></w:pPr></w:p>"),
    ],
)
def test_many_of_one_kind(one: str, before: str) -> None:
    ends = {"<w:p>": "</w:p>", "<w:tbl>": "</w:tbl>", "<w:tbl><w:tr>": "</w:tr></w:tbl>"}
    read(word_file(before + one * MANY + ends.get(before, "")))


# Lists and styles


def test_huge_numbers_and_formats_of_lists() -> None:
    formats = ("lowerRoman", "upperLetter", "cardinalText", "ordinalText", "chineseCounting", "decimalZero", "x")
    levels = [level(number, "%1%2%3" * 5000, style, start=999_999_999) for number, style in enumerate(formats)]
    body = "".join(item("x", number) for number in (*range(7), -5, 99999999999, 6, 0))
    assert len(read(word_file(body, numbering=numbering(*levels))).text) < 20_000


def test_a_formula_of_empty_parts() -> None:
    assert read(word_file(f"<w:p><m:oMath>{'<m:sSup/>' * MANY}<m:r><m:t>=x</m:t></m:r></m:oMath></w:p>")).text == "=x"


def test_lists_that_lead_in_circles() -> None:
    link = "<w:numStyleLink w:val='S'/>"
    lists = numbering(link)
    numbered = "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>"
    styles = f"<w:style w:styleId='S'>{numbered}<w:basedOn w:val='S'/></w:style>"
    assert read(word_file(item("x"), numbering=lists, styles=styles)).text == "x"


def test_a_long_chain_of_styles() -> None:
    styles = "".join(
        f"<w:style w:styleId='s{number}'><w:basedOn w:val='s{number + 1}'/></w:style>" for number in range(MANY)
    )
    body = "".join(paragraph("x", f"<w:pStyle w:val='s{number}'/>") for number in range(2000))
    assert len(read(word_file(body, styles=styles)).blocks) == 2000


def test_many_styles_that_are_not_there() -> None:
    body = "".join(paragraph("x", f"<w:pStyle w:val='s{number}'/>") for number in range(MANY))
    assert len(read(word_file(body)).blocks) == MANY


@pytest.mark.parametrize("part", ["styles", "numbering", "settings", "footnotes", "header"])
def test_parts_with_entities_are_refused(part: str) -> None:
    body = paragraph("x") + "<w:sectPr><w:headerReference r:id='header'/></w:sectPr>"
    data = io.BytesIO(word_file(body, **{part: ""}))
    changed = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            doctype = b'<!DOCTYPE a [<!ENTITY e "x">]>' if name == f"word/{part}.xml" else b""
            new.writestr(name, doctype + old.read(name))
    with pytest.raises(DocumentError, match="damaged"):
        read(changed.getvalue())


def test_a_bomb_among_the_small_parts() -> None:
    with pytest.raises(DocumentError, match="far too large"):
        read(word_file(paragraph("x"), styles=" " * 60_000_000))


# Embedded documents


def chunk(identifier: str = "c") -> str:
    return f'<w:altChunk r:id="{identifier}"/>'


def test_a_document_that_embeds_itself() -> None:
    text = read(word_file(paragraph("x") + chunk(), embedded={"c": ("aFChunk", "../word/./document.xml", b"")})).text
    assert text.startswith("x")


def test_one_part_embedded_a_thousand_times() -> None:
    page = b"<p>" + b"words " * 100_000
    names = {f"c{number}": ("aFChunk", "c.html", page) for number in range(3)}
    assert len(read(word_file("".join(map(chunk, names)) * 300, embedded=names)).text) < 700_000


def test_embedded_documents_that_are_damaged() -> None:
    rng = random.Random(7)
    inner = word_file(paragraph("inner"))
    for _ in range(100):
        damaged = bytearray(inner)
        for _ in range(4):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        text = read(word_file(paragraph("x") + chunk(), embedded={"c": ("aFChunk", "c.docx", bytes(damaged))})).text
        assert text.startswith("x")


def test_a_bomb_that_is_embedded() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("_rels/.rels", "<a><b Type='x/officeDocument' Target='d.xml'/></a>")
        out.writestr("d.xml", b"<a>" + b" " * 60_000_000 + b"</a>")
    parsed = read(word_file(paragraph("x") + chunk(), embedded={"c": ("aFChunk", "c.docx", bomb.getvalue())}))
    assert parsed.text == "x"
    assert "far too large" in parsed.notes[0]


def test_relations_to_places_outside() -> None:
    targets = ("../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x", "\\\\host\\share")
    for target in targets:
        data = word_file(paragraph("x") + chunk(), embedded={"c": ("aFChunk", "c.html", b"<p>no")})
        changed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(b'Target="c.html"', f'Target="{target}"'.encode()))
        assert read(changed.getvalue()).text == "x"


@pytest.mark.parametrize(
    "xml",
    [
        "<c:title>" + "<a:p><a:t>x</a:t></a:p>" * MANY + "</c:title>",
        "<c:ser><c:cat>" + "<c:lvl><c:pt idx='1'><c:v>x</c:v></c:pt></c:lvl>" * MANY + "</c:cat></c:ser>",
        "<c:ser><c:val>" + "".join(f"<c:pt idx='{n}'><c:v>1</c:v></c:pt>" for n in range(MANY)) + "</c:val></c:ser>",
        "<c:ser><c:val><c:pt idx='1'><c:v>1</c:v></c:pt></c:val></c:ser>" * MANY,
        f"<c:ser><c:val><c:formatCode>0.{'0' * MANY}</c:formatCode><c:pt><c:v>1e300</c:v></c:pt></c:val></c:ser>",
        f"<c:ser><c:val><c:formatCode>{'[' * MANY}</c:formatCode>{'<c:pt><c:v>1</c:v></c:pt>' * 100}</c:val></c:ser>",
        "<c:ser><c:val><c:formatCode>dd</c:formatCode><c:pt idx='-9'><c:v>1999999</c:v></c:pt></c:val></c:ser>",
        "<c:ser>" * 1000 + "<c:v>1</c:v>" + "</c:ser>" * 1000,
        "<c:v>1</c:v><c:tx><c:v>1</c:v></c:tx><c:lvl/><c:pt idx='x'/>",
    ],
    ids=lambda value: value[:24],
)
def test_charts_made_to_stop_the_reader(xml: str) -> None:
    data = f"<c:chartSpace {NAMESPACES}>{xml}</c:chartSpace>".encode()
    body = '<w:p><w:r><w:drawing><c:chart r:id="d"/></w:drawing></w:r></w:p>' + paragraph("after")
    assert read(word_file(body, embedded={"d": ("chart", "charts/c.xml", data)})).text.endswith("after")


def test_a_diagram_without_end() -> None:
    points = "<dgm:pt><a:p><a:t>x</a:t></a:p></dgm:pt>" * MANY
    data = f"<dgm:dataModel {NAMESPACES}>{points}</dgm:dataModel>".encode()
    body = '<w:p><w:r><dgm:relIds r:dm="d"/></w:r></w:p>'
    text = read(word_file(body * 50, embedded={"d": ("diagramData", "d.xml", data)})).text
    assert text == "\n".join(["x"] * MANY)
