from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx as python_docx
import pytest
from docx.document import Document

from qadesk.documents import docx, parsing
from qadesk.documents.parsing import Source
from qadesk.errors import DocumentError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(data: bytes) -> str:
    return docx.read(Source(io.BytesIO(data), "'x'")).text


def docx_bytes(write: Callable[[Document], object]) -> bytes:
    document = python_docx.Document()
    write(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def archive(**parts: str) -> bytes:
    """A .docx with ``body`` as the contents of the document's body, and other parts as they are."""
    file = io.BytesIO()
    relation = f'<Relationship Type="http://x/officeDocument" Target="{parts.pop("main", "word/document.xml")}"/>'
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("_rels/.rels", f"<Relationships>{relation}</Relationships>")
        if "body" in parts:
            body = parts.pop("body")
            parts["document"] = f'<w:document xmlns:w="{parts.pop("space", W)}"><w:body>{body}</w:body></w:document>'
        for name, xml in parts.items():
            out.writestr(f"word/{name}.xml", xml)
    return file.getvalue()


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_what_word_writes_comes_out_in_order() -> None:
    def write(document: Document) -> None:
        document.add_heading("The lighthouse", 1)
        paragraph = document.add_paragraph("It was built ")
        paragraph.add_run("in 1854").bold = True
        paragraph.add_run(".\tTab,\nline")
        table = document.add_table(2, 2)
        for index, text in enumerate(("Year", "Event", "1854", "Built\nand lit")):
            table.cell(index // 2, index % 2).text = text
        table.cell(0, 1).add_paragraph("in short")
        document.add_paragraph("")
        document.add_paragraph("The end.")

    assert read(docx_bytes(write)) == (
        "The lighthouse\n\nIt was built in 1854.\tTab,\nline\n\nYear\tEvent\nin short\n1854\tBuilt\nand lit\n\nThe end."
    )


def test_comments_are_not_part_of_the_text() -> None:
    def write(document: Document) -> None:
        document.add_comment(document.add_paragraph("Body").runs, "Comment")

    assert read(docx_bytes(write)) == "Body"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:p>{run('a')}<w:ins>{run('new')}</w:ins></w:p>", "anew"),
        (f"<w:p>{run('a')}<w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>", "a"),
        (f"<w:p><w:moveFrom>{run('gone')}</w:moveFrom>{run('a')}<w:moveTo>{run('here')}</w:moveTo></w:p>", "ahere"),
        (f"<w:p><w:hyperlink>{run('a link')}</w:hyperlink></w:p>", "a link"),
        (f"<w:p><w:sdt><w:sdtContent>{run('a field')}</w:sdtContent></w:sdt></w:p>", "a field"),
        (f"<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>{run('7')}</w:p>", "7"),
        ("<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>", "a\tb"),
        ("<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r></w:p>", "a\nb\u2011c"),
        (
            f"<w:p><w:r><w:ruby><w:rt>{run('とう')}</w:rt><w:rubyBase>{run('灯')}</w:rubyBase></w:ruby></w:r></w:p>",
            "灯",
        ),
        (f"<w:p>{run('  kept  ')}</w:p>", "  kept  "),
        (f"<w:p>{run('&amp;&#x1F600;')}</w:p>", "&😀"),
    ],
)
def test_parts_of_paragraphs(body: str, text: str) -> None:
    assert read(archive(body=body)) == text


def test_text_boxes_follow_their_paragraph_and_come_once() -> None:
    box = f"<w:txbxContent><w:p>{run('in the box')}</w:p></w:txbxContent>"
    drawing = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    body = f"<w:p>{run('before')}<w:r>{drawing}</w:r>{run(' and after')}</w:p><w:p>{run('next')}</w:p>"
    assert read(archive(body=body)) == "before and after\n\nin the box\n\nnext"


def test_tables_in_tables() -> None:
    inner = f"<w:tbl><w:tr><w:tc><w:p>{run('x')}</w:p></w:tc><w:tc><w:p>{run('y')}</w:p></w:tc></w:tr></w:tbl>"
    row = f"<w:tr><w:tc><w:p>{run('a')}</w:p>{inner}<w:p/></w:tc><w:tc><w:p>{run('b')}</w:p></w:tc></w:tr>"
    assert read(archive(body=f"<w:tbl>{row}</w:tbl><w:p>{run('end')}</w:p>")) == "a\nx\ty\tb\n\nend"


def test_strict_documents_and_other_names_of_the_main_part() -> None:
    strict = archive(body=f"<w:p>{run('strict')}</w:p>", space="http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert read(strict) == "strict"
    document = f'<w:document xmlns:w="{W}"><w:body><w:p>{run("second")}</w:p></w:body></w:document>'
    assert read(archive(document2=document, main="/word/document2.xml")) == "second"


def test_other_archives_are_not_word_documents() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("mimetype", "application/epub+zip")
    for data in (file.getvalue(), archive(workbook="<workbook/>", main="word/workbook.xml")):
        with pytest.raises(DocumentError, match="'x' is a ZIP archive or a file of another program"):
            read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and no more",
        archive(main="word/missing.xml"),
        archive(document="<w:document"),
        archive(document="<a><b></a>"),
        archive(document='<?xml version="1.0" encoding="nonsense"?><a/>'),
        archive(body="x").replace(b"<w:body>x", b"<w:body>y"),
    ],
)
def test_damage_is_one_sentence(data: bytes) -> None:
    with pytest.raises(DocumentError, match="'x' is damaged or incomplete"):
        read(data)


def test_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 10)
    with pytest.raises(DocumentError, match="holds more than"):
        read(archive(body=f"<w:p>{run('12345')}</w:p><w:p>{run('6789')}</w:p>"))
