"""Makes a folder of mixed documents for measuring the library: the same one each time.

    python benchmarks/library_corpus.py FOLDER --files 1000 --megabytes 100

Sentences are those of the short texts that come with the program, in another order in each document, with names and
numbers that stand nowhere else, so that the words are about as different as in documents of people.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from qadesk import paths

_KINDS = (  # suffix, how many of a hundred files, how much longer than the mean its text is
    (".txt", 22, 1.2), (".md", 15, 0.6), (".html", 18, 0.7), (".csv", 5, 0.8), (".docx", 16, 1.0), (".pdf", 20, 1.5),
    (".eml", 4, 0.2),
)  # fmt: skip
_SPREAD = 1.1  # of the logarithm of lengths: most documents are short, a few are long
_LONGEST = 40.0  # times the mean
_LINES = 46  # of a page
_LINE = 95  # characters
_DATE = (1990, 1, 1, 0, 0, 0)


def make_corpus(folder: Path, files: int, characters: int) -> dict[str, int]:
    """Make ``files`` documents with about ``characters`` of text in ``folder``. Returns how many of each suffix.

    They lie in folders of about a hundred.
    """
    chance = random.Random(7)
    sentences = _sentences()
    suffixes = chance.choices([row[0] for row in _KINDS], [row[1] for row in _KINDS], k=files)
    share = {suffix: length for suffix, _, length in _KINDS}
    weights = [min(_LONGEST, chance.lognormvariate(0, _SPREAD)) * share[suffix] for suffix in suffixes]
    unit = characters / sum(weights)
    counts = dict.fromkeys(share, 0)
    for number, (suffix, weight) in enumerate(zip(suffixes, weights, strict=True)):
        inner = folder / f"{number // 1000:02}" / f"part {number // 100 % 10}"
        inner.mkdir(parents=True, exist_ok=True)
        paragraphs = list(_paragraphs(random.Random(number), sentences, max(200, int(unit * weight)), number))
        _WRITERS[suffix](inner / f"document {number:05}{suffix}", f"Report {number}", paragraphs)
        counts[suffix] += 1
    return counts


def _sentences() -> list[str]:
    data = json.loads(paths.general_set_path().read_text(encoding="utf-8"))["data"]
    texts = [paragraph["context"] for article in data for paragraph in article["paragraphs"]]
    return [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+", text) if 30 < len(sentence) < 400]


def _paragraphs(chance: random.Random, sentences: Sequence[str], characters: int, number: int) -> Iterator[str]:
    """Paragraphs of a document that ask and answer nothing but one thing: the code of its number."""
    yield f"The registration code of report {number} is {_name(chance)}-{number}."
    length = 0
    while length < characters:
        parts = chance.choices(sentences, k=chance.randrange(3, 9))
        parts.append(f"{_name(chance)} {_name(chance)} noted {chance.randrange(10**6)} of them.")
        paragraph = " ".join(parts)
        length += len(paragraph)
        yield paragraph


def _name(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(3)).capitalize()


def _write_text(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    path.write_text(f"{title}\n\n" + "\n\n".join(paragraphs) + "\n", encoding="utf-8")


def _write_markdown(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    parts = [f"# {title}"]
    for number, paragraph in enumerate(paragraphs):
        if number % 8 == 4:
            parts.append(f"## Section {number // 8 + 1}")
        if number % 11 == 7:
            parts.append("\n".join(f"- {item}" for item in paragraph.split(". ")))
        else:
            parts.append(paragraph)
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _write_html(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    parts = [f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>"]
    for number, paragraph in enumerate(paragraphs):
        if number % 8 == 4:
            parts.append(f"<h2>Section {number // 8 + 1}</h2>")
        parts.append(f"<p>{html.escape(paragraph)}</p>")
    path.write_text("\n".join(parts) + "</body></html>\n", encoding="utf-8")


def _write_table(path: Path, _title: str, paragraphs: Sequence[str]) -> None:
    rows = ["Number,Name,Remark"]
    rows += [
        f'{number},{paragraph.split(" ", 1)[0]},"{sentence.replace(chr(34), chr(39))}"'
        for number, paragraph in enumerate(paragraphs)
        for sentence in paragraph.split(". ")
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _write_mail(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    head = f"From: ada@example.org\nTo: ben@example.org\nSubject: {title}\nDate: Mon, 01 Jan 2024 10:00:00 +0000\n"
    kind = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    path.write_text(f"{head}{kind}\n" + "\n\n".join(paragraphs) + "\n", encoding="utf-8")


def _write_word(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    heading = f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>{title}</w:t></w:r></w:p>'
    body = "".join(f"<w:p><w:r><w:t>{html.escape(paragraph)}</w:t></w:r></w:p>" for paragraph in paragraphs)
    relation = f'<Relationship Id="r" Type="{office}" Target="word/document.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in (
            ("_rels/.rels", f'<Relationships xmlns="{package}">{relation}</Relationships>'),
            ("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{heading}{body}</w:body></w:document>'),
        ):
            member = zipfile.ZipInfo(name, _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(member, content)


def _write_pdf(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    lines = [title, ""]
    for paragraph in paragraphs:
        lines += [*_broken(paragraph), ""]
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, page in enumerate(pages):
        content = zlib.compress(_page_content(page))
        resources = "/Resources<</Font<</F 3 0 R>>>>/MediaBox[0 0 595 842]"
        objects.append(f"<</Type/Page/Parent 2 0 R{resources}/Contents {5 + 2 * number} 0 R>>".encode())
        objects.append(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content))
    path.write_bytes(_pdf(objects))


def _page_content(lines: Iterable[str]) -> bytes:
    shown = (re.sub(r"([\\()])", r"\\\1", line).encode("cp1252", "replace") for line in lines)
    return b"BT /F 10 Tf 16 TL 50 790 Td\n" + b"".join(b"(%s) Tj T*\n" % line for line in shown) + b"ET"


def _broken(paragraph: str) -> Iterator[str]:
    """``paragraph`` as lines."""
    line = ""
    for word in paragraph.split():
        if len(line) + len(word) >= _LINE:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _pdf(objects: Sequence[bytes]) -> bytes:
    data = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(data)


_WRITERS: dict[str, Callable[[Path, str, Sequence[str]], None]] = {
    ".txt": _write_text, ".md": _write_markdown, ".html": _write_html, ".csv": _write_table, ".docx": _write_word,
    ".pdf": _write_pdf, ".eml": _write_mail,
}  # fmt: skip


def main() -> None:
    """Make a corpus as the command says."""
    parser = argparse.ArgumentParser(description="Makes a folder of mixed documents.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--megabytes", type=float, default=100.0, help="of text, about")
    options = parser.parse_args()
    counts = make_corpus(options.folder, options.files, int(options.megabytes * 1e6))
    print(", ".join(f"{count} {suffix}" for suffix, count in counts.items()))


if __name__ == "__main__":
    main()
