"""Files made to break, fill or take over the program that reads them."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bounds import reply_within_bounds, within_bounds
from hypothesis import given, settings
from hypothesis import strategies as st

import qadesk
from qadesk import documents
from qadesk.documents import docx, html
from qadesk.documents.parsing import Source
from qadesk.errors import DocumentError

HELPERS = Path(__file__).parents[1] / "unit" / "documents"
sys.path.append(str(HELPERS))
from pdf_files import encrypted_pdfs, make_pdf  # noqa: E402

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = '<Relationships><Relationship Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>'
MARKUP = [
    *"<>'\"=&;-/ a9\n\té", "<!", "<![", "<![if", "<![CDATA[", "]]>", "<!--", "-->", "<!doctype", "<?", "</", "/>",
    "&#", "&#x", "<p>", "<br>", "<pre>", "</pre>", "<td>", "<tr>", "<script>", "</script>", "<style", "<title>",
    "<template>", "</template>",
]  # fmt: skip


def refusal(path: Path) -> str:
    """The sentence that ``path`` is refused with, within the bounds of hostile files."""
    reply = reply_within_bounds(path)
    assert reply["hint"]
    return str(reply["message"])


def make_docx(path: Path, document: str | bytes, **more: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        out.writestr("_rels/.rels", RELATIONS)
        out.writestr("word/document.xml", document)
        for name, data in more.items():
            out.writestr(name, data)
    return path


def test_a_bomb_in_the_text_is_not_unpacked(tmp_path: Path) -> None:
    path = make_docx(tmp_path / "a.docx", b"<a>" + b" " * 100_000_000 + b"</a>")
    assert path.stat().st_size < 200_000
    assert refusal(path) == "'a.docx' would grow far too large when unpacked."


def test_a_bomb_that_lies_about_its_size_is_damage(tmp_path: Path) -> None:
    data = make_docx(tmp_path / "a.docx", b"<a>" + b" " * 30_000_000 + b"</a>").read_bytes()
    size = (30_000_007).to_bytes(4, "little")
    assert data.count(size) == 2
    (tmp_path / "a.docx").write_bytes(data.replace(size, (1000).to_bytes(4, "little")))
    assert refusal(tmp_path / "a.docx") == "'a.docx' is damaged or incomplete."


def test_an_archive_that_claims_gigabytes_in_all(tmp_path: Path) -> None:
    member = make_docx(tmp_path / "a.docx", "<a/>", picture=b"\0" * 999).read_bytes()
    size = (999).to_bytes(4, "little")
    (tmp_path / "a.docx").write_bytes(member.replace(size, (2_000_000_000).to_bytes(4, "little")))
    assert refusal(tmp_path / "a.docx") == "'a.docx' would grow far too large when unpacked."


def test_an_archive_of_too_many_members(tmp_path: Path) -> None:
    path = make_docx(tmp_path / "a.docx", "<a/>", **{str(number): b"" for number in range(10_001)})
    assert refusal(path) == "'a.docx' would grow far too large when unpacked."


def test_a_docx_with_bytes_changed(tmp_path: Path) -> None:
    document = f"<w:document xmlns:w='{W}'><w:p><w:r><w:t>text</w:t></w:r></w:p></w:document>"
    data = make_docx(tmp_path / "a.docx", document).read_bytes()
    rng = random.Random(7)
    outcomes = set()
    for _ in range(1000):
        damaged_data = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            damaged_data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            outcomes.add(docx.read(Source(io.BytesIO(damaged_data), "'a.docx'")).text)
        except DocumentError as error:
            outcomes.add(error.message)
    assert {"text", "'a.docx' is damaged or incomplete."} < outcomes


def test_members_outside_the_archive_are_not_written(tmp_path: Path) -> None:
    text = f'<w:document xmlns:w="{W}"><w:p><w:r><w:t>text</w:t></w:r></w:p></w:document>'
    path = make_docx(tmp_path / "a.docx", text, **{"../escaped.txt": b"x", "/tmp/escaped.txt": b"x"})
    assert documents.read(path).text == "text"
    assert [path.name for path in tmp_path.rglob("*") if "escaped" in path.name] == []


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY l0 "lol">'
        + "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
        + "]>",
        '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    ],
    ids=["laughs", "file", "network"],
)
@pytest.mark.parametrize("part", ["word/document.xml", "_rels/.rels"])
def test_entities_are_refused(tmp_path: Path, doctype: str, part: str) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(part, f"{doctype}<w:document xmlns:w='{W}'><w:t>&l9;</w:t></w:document>")
        if part != "_rels/.rels":
            out.writestr("_rels/.rels", RELATIONS)
    assert refusal(path) == "'a.docx' is damaged or incomplete."


def test_deep_xml(tmp_path: Path) -> None:
    depth = 200_000
    inside = "<w:p><w:r><w:t>deep</w:t></w:r></w:p>"
    xml = f"<w:document xmlns:w='{W}'>{'<w:tbl>' * depth}{inside}{'</w:tbl>' * depth}</w:document>"
    assert reply_within_bounds(make_docx(tmp_path / "a.docx", xml))["text"] == "deep"


def test_deep_html(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<div><b>" * 40_000 + "deep" + "</b></div>" * 40_000)
    assert reply_within_bounds(tmp_path / "a.html")["text"] == "deep"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>text<script>" + "<!-- <script>" * 1000, "text"),
        ("<p>text<!--" + "x" * 100_000, None),
        ("<p>text" + "<a b='" * 1000, None),
        ("text" + "</p>" * 100_000, "text"),
        ("text" + "<" * 100_000, None),
        ("text" + "<!" * 2000, None),
        ("text<![" * 2000, None),
        ("text" + "&" * 100_000, None),
        ("text" + "&#" + "9" * 5000 + ";", "text\ufffd"),
        ("text<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">end", "text\n\nend"),
    ],
    ids=lambda value: (value or "")[:20],
)
def test_broken_html_ends_soon(page: str, text: str | None) -> None:
    with within_bounds():
        parsed_text = html.read(Source(io.BytesIO(page.encode()), "'a.html'")).text
    assert parsed_text.startswith("text") if text is None else parsed_text == text


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKUP), max_size=60).map("".join))
def test_any_markup_is_read(page: str) -> None:
    html.read(Source(io.BytesIO(page.encode()), "'a.html'"))


def test_html_fetches_and_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<base href='http://127.0.0.1:9/'><script>document.write('run')</script><meta http-equiv=refresh content='0;x'>"
        "<img src=x onerror=alert(1)><object data=x>no</object><embed src=x><p onclick='x'>text"
    )
    assert documents.read(tmp_path / "a.html").text == "text"


def test_actions_in_a_pdf_are_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    actions = (
        f"<</S/Launch/F(/bin/sh)/Unix<</F(/bin/sh)/P(-c 'touch {mark}')>>/Win<</F(cmd)/P(/c echo > {mark})>>"
        "/Next<</S/JavaScript/JS(app.launchURL\\('http://127.0.0.1:9/'\\); while \\(true\\) {})"
        "/Next<</S/URI/URI(http://127.0.0.1:9/)>>>>>>"
    ).encode()
    data = make_pdf([["text"]], b"/OpenAction " + actions, b"/AA<</O " + actions + b">>")
    (tmp_path / "a.pdf").write_bytes(data)
    assert documents.read(tmp_path / "a.pdf").text == "text"
    assert not mark.exists()


def in_one_process(program: str, data: bytes) -> str:
    """Run ``program``, in which ``read`` calls ``pdf.read``, with ``data`` on standard input. A crash is an error."""
    begin = (
        "import io, sys; from qadesk.documents import parsing, pdf; from qadesk.errors import DocumentError\n"
        "data = sys.stdin.buffer.read()\n"
        "def read(data):\n"
        "    try: return pdf.read(parsing.Source(io.BytesIO(data), 'x')).text\n"
        "    except DocumentError as error: return error.message\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", begin + program],
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=Path(qadesk.__file__).parents[1],
    )
    assert process.returncode == 0, process.stderr.decode()
    return process.stdout.decode()


def test_a_pdf_cut_at_every_length() -> None:
    data = make_pdf([["first page"], ["second page"]])
    program = "print({read(data[:size]) for size in range(len(data))})"
    for outcome in eval(in_one_process(program, data)):
        assert outcome.startswith("x is damaged") or set(outcome.split()) <= {"first", "second", "page"}


@pytest.mark.parametrize("cipher", ["none", "AES-256"])
def test_a_pdf_with_bytes_changed(cipher: str) -> None:
    data = make_pdf([["first page"], ["second page"]]) if cipher == "none" else encrypted_pdfs()[cipher]
    program = (
        "import random; rng = random.Random(7)\n"
        "for _ in range(1000):\n"
        "    changed = bytearray(data)\n"
        "    for _ in range(rng.randrange(1, 9)): changed[rng.randrange(len(data))] = rng.randrange(256)\n"
        "    assert read(bytes(changed))\n"
    )
    in_one_process(program, data)


def test_a_pdf_of_pages_that_contain_themselves(tmp_path: Path) -> None:
    data = make_pdf([["text"]]).replace(b"/Kids[4 0 R]", b"/Kids[2 0 R]")
    (tmp_path / "a.pdf").write_bytes(data)
    assert refusal(tmp_path / "a.pdf").startswith("'a.pdf' is damaged")


def test_a_pdf_that_claims_more_pages_than_it_has(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf([["text"]]).replace(b"/Count 1/", b"/Count 50000/"))
    document = documents.read(tmp_path / "a.pdf")
    assert document.text == "text"
    assert document.notes == ("Pages 2-50000 are damaged and were left out.",)


def test_more_text_than_a_window_can_show(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>" + b"ten words " * 2_000_001)
    assert refusal(tmp_path / "a.html").startswith("'a.html' holds more than 20 million characters")
