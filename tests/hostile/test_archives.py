"""ZIP archives made to fill the memory before anything in them is read."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from bounds import reply_within_bounds, within_bounds

from qadesk.documents.formats import FORMATS, by_kind, format_of
from qadesk.documents.parsing import Source
from qadesk.errors import DocumentError

ARCHIVES = [row for row in FORMATS if row.media_types]


def archive_with_directory(members: int) -> bytes:
    """An archive that lists one empty member so many times."""
    name = b"a"
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + name
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + name
    size = members * len(entry)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, min(members, 65535), min(members, 65535), size, len(local), 0)
    return local + entry * members + end


@pytest.mark.parametrize("members", [20_000, 1_000_000])
@pytest.mark.parametrize("row", ARCHIVES, ids=lambda row: row.kind)
def test_a_list_of_a_million_members(row, members: int) -> None:
    file = io.BytesIO(archive_with_directory(members))
    path = Path(f"a{row.suffixes[0]}")
    with pytest.raises(DocumentError, match="would grow far too large when unpacked") as excinfo, within_bounds():
        format_of(path, file).read(Source(file, f"'{path.name}'"))
    assert excinfo.value.hint


def test_a_bomb_is_not_unpacked_to_find_out_what_it_is() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name in ("mimetype", "[Content_Types].xml"):
            with out.open(name, "w") as part:
                for _ in range(100):
                    part.write(b" " * 1_000_000)
    tracemalloc.start()
    with pytest.raises(DocumentError, match="is a ZIP archive or a file of another program"):
        format_of(Path("a"), file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    + "]>"
)
DOCTYPES = [
    LAUGHS,
    '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd" [<!ENTITY l9 "x">]>',
]
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
ODF = " ".join(f'xmlns:{prefix}="{OASIS}:{prefix}:1.0"' for prefix in ("office", "text", "table"))
OFFICE = "http://schemas.openxmlformats.org"
SLIDE = f'xmlns:p="{OFFICE}/presentationml/2006/main" xmlns:a="{OFFICE}/drawingml/2006/main"'


def parts_of(kind: str, text: str, doctype: str = "") -> dict[str, str]:
    """The parts of a small document whose main part has ``text`` in it."""
    reference = "&l9;" if doctype else ""
    if kind == "odt":
        content = f"<office:document-content {ODF}><office:body><office:text>{text}{reference}</office:text>"
        return {"content.xml": f"{doctype}{content}</office:body></office:document-content>"}
    if kind == "pptx":
        return {
            "_rels/.rels": '<R><R Type="x/officeDocument" Target="ppt/presentation.xml"/></R>',
            "ppt/presentation.xml": f'<p:presentation {SLIDE} xmlns:r="{OFFICE}/officeDocument/2006/relationships">'
            '<p:sldIdLst><p:sldId r:id="s"/></p:sldIdLst></p:presentation>',
            "ppt/_rels/presentation.xml.rels": '<R><R Id="s" Type="x/slide" Target="s.xml"/></R>',
            "ppt/s.xml": f"{doctype}<p:sld {SLIDE}>{text}{reference}</p:sld>",
        }
    return {
        "META-INF/container.xml": '<container><rootfile full-path="b.opf"/></container>',
        "b.opf": f'{doctype}<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        f'</manifest><spine>{reference}<itemref idref="a"/></spine></package>',
        "a.xhtml": text,
    }


def refusal(kind: str, parts: dict[str, str]) -> str:
    with pytest.raises(DocumentError) as excinfo:
        read_parts(kind, parts)
    assert excinfo.value.hint
    return excinfo.value.message


def archive_of(parts: dict[str, str]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            out.writestr(name, text)
    return file


def read_parts(kind: str, parts: dict[str, str]) -> str:
    """The text of the file with ``parts``, read within the bounds of hostile files."""
    file = archive_of(parts)
    with within_bounds():
        return by_kind(kind).read(Source(file, "'x'")).text


KINDS = ("odt", "pptx", "epub")
INSIDE = {
    "odt": "<text:p>{}</text:p>",
    "pptx": "<p:sp><p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>",
    "epub": "<p>{}</p>",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("doctype", DOCTYPES, ids=["laughs", "file", "network"])
def test_entities_are_refused_in_every_archive(kind: str, doctype: str) -> None:
    assert refusal(kind, parts_of(kind, "", doctype)) == "'x' is damaged or incomplete."


def test_entities_in_a_page_of_a_book_are_no_files() -> None:
    text = '<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e; text</p>'
    assert "root:" not in read_parts("epub", parts_of("epub", text))


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_is_not_unpacked(kind: str) -> None:
    assert refusal(kind, parts_of(kind, " " * 50_000_000)) == "'x' would grow far too large when unpacked."


@pytest.mark.parametrize(
    ("kind", "element"),
    [
        ("odt", "text:p"), ("odt", "text:list"), ("odt", "table:table"), ("odt", "text:span"),
        ("odt", "text:note-body"),
        ("pptx", "p:grpSp"), ("pptx", "p:sp"), ("pptx", "a:tbl"), ("pptx", "a:p"), ("epub", "div"), ("epub", "table"),
    ],
)  # fmt: skip
def test_deep_parts(kind: str, element: str) -> None:
    depth = 50_000
    text = f"<{element}>" * depth + INSIDE[kind].format("deep") + f"</{element}>" * depth
    assert read_parts(kind, parts_of(kind, text)) in ("deep", "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("text", "doctype", "message"),
    [
        (" " * 50_000_000, "", "'a' would grow far too large when unpacked."),
        ("", LAUGHS, "'a' is damaged or incomplete."),
        ("".join(f"{number} " for number in range(1_500_000)) * 2, "", "'a' holds more than 20 million characters"),
    ],
    ids=["bomb", "laughs", "long"],
)
def test_the_child_refuses_it_in_little_time_and_memory(
    tmp_path: Path, kind: str, text: str, doctype: str, message: str
) -> None:
    (tmp_path / "a").write_bytes(archive_of(parts_of(kind, INSIDE[kind].format(text), doctype)).getvalue())
    reply = reply_within_bounds(tmp_path / "a", kind)
    assert str(reply["message"]).startswith(message)
    assert reply["hint"]


def test_spans_and_repeats_without_end() -> None:
    cell = '<table:table-cell table:number-columns-repeated="{0}" table:number-columns-spanned="{0}"><text:p>a</text:p>'
    text = (
        f"<table:table><table:table-row>{cell.format(999_999_999)}</table:table-cell></table:table-row></table:table>"
    )
    spaces = '<text:p>b<text:s text:c="999999999"/>c</text:p>'
    result = read_parts("odt", parts_of("odt", text + spaces))
    assert result.split() == ["a", "b", "c"]
    assert len(result) < 2000


def test_slides_and_pages_that_are_named_again_and_again() -> None:
    parts = parts_of("pptx", INSIDE["pptx"].format("once"))
    again = '<p:sldId r:id="s"/>' * 20_000
    parts["ppt/presentation.xml"] = parts["ppt/presentation.xml"].replace('<p:sldId r:id="s"/>', again)
    assert read_parts("pptx", parts) == "once"
    parts = parts_of("epub", INSIDE["epub"].format("once"))
    parts["b.opf"] = parts["b.opf"].replace('<itemref idref="a"/>', '<itemref idref="a"/>' * 20_000)
    assert read_parts("epub", parts) == "once"


def test_many_headers_beside_many_styles() -> None:
    parts = parts_of("odt", "<text:p>text</text:p>")
    styles = "".join(f'<style:style style:name="{n}" style:family="paragraph"/>' for n in range(50_000))
    header = "<style:master-page style:name='{0}'><style:header><text:p>{0}</text:p></style:header></style:master-page>"
    pages = "".join(header.format(number) for number in range(4000))
    spaces = f'{ODF} xmlns:style="{OASIS}:style:1.0"'
    parts["styles.xml"] = f"<office:document-styles {spaces}>{styles}{pages}</office:document-styles>"
    assert read_parts("odt", parts) == "text"


def test_layouts_that_have_one_long_master() -> None:
    parts = parts_of("pptx", "")
    relation = '<R><R Id="{}" Type="x/{}" Target="{}"/></R>'
    numbers = range(200)
    parts["m.xml"] = f"<p:sldMaster {SLIDE}>{'<a:p/>' * 100_000}</p:sldMaster>"
    for number in numbers:
        parts[f"s{number}.xml"] = f"<p:sld {SLIDE}>{INSIDE['pptx'].format(number)}</p:sld>"
        parts[f"_rels/s{number}.xml.rels"] = relation.format("l", "slideLayout", f"l{number}.xml")
        parts[f"l{number}.xml"] = f"<p:sldLayout {SLIDE}/>"
        parts[f"_rels/l{number}.xml.rels"] = relation.format("m", "slideMaster", "m.xml")
    ids = "".join(f'<p:sldId r:id="s{number}"/>' for number in numbers)
    parts["ppt/presentation.xml"] = parts["ppt/presentation.xml"].replace('<p:sldId r:id="s"/>', ids)
    slides = "".join(f'<R Id="s{number}" Type="x/slide" Target="/s{number}.xml"/>' for number in numbers)
    parts["ppt/_rels/presentation.xml.rels"] = f"<R>{slides}</R>"
    assert read_parts("pptx", parts).split() == [str(number) for number in numbers]
