"""Labels of files that an earlier version read stay on their words when this version reads the files.

The earlier texts are written out as they were read then. What is read now is not: only that the labels are on the same
words, between the same neighbours.
"""

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import docx
import pytest

from qadesk.app.documents import open_document
from qadesk.app.labelling import labels
from qadesk.app.labelling.relocate import relocate_labels
from qadesk.app.open_store import open_store
from qadesk.records import LABELLED, LOST, Document, GoldSpan
from qadesk.settings import Settings

sys.path.append(str(Path(__file__).parents[2] / "documents"))
from pdf_files import make_pdf

PAGES = (
    (
        "House rules of Linden Court",
        "",
        "Every tenant of the house receives two keys, and the caretaker of the prop-",
        "erty keeps a third one for emergencies. Bicycles are parked in the cellar, which",
        "is locked at ten in the evening by Mr Okoro.",
        "",
        "Rubbish is collected on Tuesday; a self-",
        "employed cleaner washes the stairs every sec-",
    ),
    (
        "House rules of Linden Court",
        "",
        "ond Friday of the month. She is paid by the owners of the flats, who share the",
        "costs of cleaning by the size of their flats and meet in the cellar once a year.",
        "",
        "Council tax    Tenants    148",
        "Water    Landlord    62",
        "Heating    Tenants    310",
        "Sums are in euros and for a year.",
    ),
)
PDF_TEXT = (
    "House rules of Linden Court\n"
    "Every tenant of the house receives two keys, and the caretaker of the property keeps a third one for emergencies. "
    "Bicycles are parked in the cellar, which\nis locked at ten in the evening by Mr Okoro.\n"
    "Rubbish is collected on Tuesday; a selfemployed cleaner washes the stairs every sec-\n\n"
    "House rules of Linden Court\nond Friday of the month. She is paid by the owners of the flats, who share the\n"
    "costs of cleaning by the size of their flats and meet in the cellar once a year.\nCouncil tax Tenants 148\n"
    "Water Landlord 62\nHeating Tenants 310\nSums are in euros and for a year."
)
PDF_LABELS = (
    ("receives", "two keys", "and the"),
    ("of the", "property", "keeps"),
    ("in the cellar, which", "is locked at ten", "in the evening"),
    ("cellar,", "which\nis locked", "at ten"),
    ("Tuesday; a", "selfemployed cleaner", "washes"),
    ("is paid by", "the owners of the flats", "who share"),
    ("who share", "the\ncosts of cleaning", "by the size"),
    ("Tenants", "148", "Water"),
    ("Landlord", "62", "Heating"),
)

CLAUSES = (
    "The rent is 900 euros a month and is due on the third working day.",
    "The deposit is two months' rent; it is paid back within six weeks.",
    "Pets are allowed after written consent of the landlord.",
)
ROWS = (("Charge", "Paid by", "Amount"), ("Council tax", "Tenants", "148"), ("Water", "Landlord", "62"))
WORD_TEXT = "\n\n".join(
    (
        "Tenancy agreement",
        "The parties agree on the following clauses.",
        *CLAUSES,
        "\n".join("\t".join(row) for row in ROWS),
        "Signed by Ilse Varga and Nils Okoro in Basel.",
    )
)
WORD_LABELS = (
    ("The rent is", "900 euros", "a month"),
    ("due on", "the third working day", ""),
    ("", "The deposit is two months' rent", "it is paid"),
    ("paid back", "within six weeks", ""),
    ("Landlord", "62", "Signed"),
    ("Amount", "Council tax", "Tenants"),
    ("Signed by", "Ilse Varga and Nils Okoro", "in Basel"),
)

HTML = """<!DOCTYPE html><html><head><title>Fees</title></head><body><h1>Fees of the library</h1>
<p>The library of the town lends books, films and tools to everybody who has a card.</p>
<ol><li>A card costs 12 euros a year.</li><li>Children pay nothing until they are sixteen.</li>
<li>A lost card costs five euros.</li></ol><table><tr><th>Day</th><th>Opens</th><th>Closes</th></tr>
<tr><td>Monday</td><td>9:30</td><td>18:00</td></tr><tr><td>Saturday</td><td>10:00</td><td>13:45</td></tr></table>
<p>The library is closed on public holidays.</p></body></html>"""
HTML_TEXT = (
    "Fees of the library\n\nThe library of the town lends books, films and tools to everybody who has a card.\n\n"
    "A card costs 12 euros a year.\nChildren pay nothing until they are sixteen.\nA lost card costs five euros.\n\n"
    "Day\tOpens\tCloses\nMonday\t9:30\t18:00\nSaturday\t10:00\t13:45\n\nThe library is closed on public holidays."
)
HTML_LABELS = (
    ("lends", "books, films and tools", "to everybody"),
    ("card costs", "12 euros", "a year"),
    ("", "Children pay nothing until they are sixteen.", ""),
    ("card costs", "five euros", ""),
    ("Opens", "Closes", "Monday"),
    ("10:00", "13:45", "The library"),
)

MARKDOWN = """# Guide to the *old* mill

The mill was built by **Greta Holm** in 1742, see [the town records](https://example.org/records/1742.html "Records"),
and has been a museum since `1988`.

## Opening hours

1. From April to June it opens at ten o'clock.
2. From July on it opens at *nine* o'clock.

| Visitor  | Price |
|----------|------:|
| Adults   | 8.50  |
| Children | 3.20  |

* Dogs stay outside.
* Groups write to Selma Brandt first.
"""
MARKDOWN_LABELS = (
    ("Guide to", "the *old* mill", "The mill"),
    ("was built by", "**Greta Holm**", "in 1742"),
    ("", "Greta Holm", "in 1742"),
    ("see", "the town records", ""),
    ("museum since", "1988", "Opening"),
    ("it opens at", "*nine* o'clock", ""),
    ("Adults", "8.50", "Children"),
    ("Children", "3.20", ""),
    ("", "Dogs stay outside.", ""),
    ("write to", "Selma Brandt", "first"),
)

LETTER = """Dear neighbours,

on the fourth of May the water will be turned off from eight in the
morning until noon, because the old pipes under the pave-
ment in front of number 12 are replaced. Please fill a few
bottles before that.

- Flat 3 gets its meter on the same day.
- Flat 5 has to wait until the sixth of May.

Kind regards
Jonas Lind
"""
LETTER_LABELS = (
    ("turned off", "from eight in the\nmorning until noon", "because"),
    ("under the", "pave-\nment", "in front of"),
    ("until", "the sixth of May", "Kind"),
    ("Kind regards", "Jonas Lind", ""),
)


def write_word(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Tenancy agreement", 1)
    document.add_paragraph("The parties agree on the following clauses.")
    for clause in CLAUSES:
        document.add_paragraph(clause, style="List Number")
    table = document.add_table(rows=0, cols=3)
    for row in ROWS:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_paragraph("Signed by Ilse Varga and Nils Okoro in Basel.")
    document.save(str(path))


FILES: dict[str, tuple[Callable[[Path], object], str, tuple[tuple[str, str, str], ...]]] = {
    "rules.pdf": (lambda path: path.write_bytes(make_pdf(PAGES)), PDF_TEXT, PDF_LABELS),
    "lease.docx": (write_word, WORD_TEXT, WORD_LABELS),
    "fees.html": (lambda path: path.write_text(HTML, encoding="utf-8"), HTML_TEXT, HTML_LABELS),
    "guide.md": (lambda path: path.write_text(MARKDOWN, encoding="utf-8"), MARKDOWN, MARKDOWN_LABELS),
    "letter.txt": (lambda path: path.write_text(LETTER, encoding="utf-8"), LETTER, LETTER_LABELS),
}


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize("name", FILES)
def test_labels_stay_on_their_words(tmp_path: Path, name: str) -> None:
    write, text, rows = FILES[name]
    path = tmp_path / name
    write(path)
    document = open_document(path, Settings())
    earlier = Document(text, name, document.kind, path)
    with closing(open_store()) as store:
        for number, (_, words, _) in enumerate(rows):
            start = text.index(words)
            labels.answer(store, earlier, f"Question {number}?", [GoldSpan(start, start + len(words), words)])
        no_answer = labels.answer(store, earlier, "Who owns the moon?", (), is_impossible=True)
        relocate_labels(store, document)
        stored = {label.question: label for label in labels.labels(store)}
        (labelled_text,) = labels.texts(store)
    assert labelled_text.text == document.text
    for number, (before, words, after) in enumerate(rows):
        label = stored[f"Question {number}?"]
        assert label.state == LABELLED, words
        (answer,) = label.answers
        assert answer.stands_in(document.text)
        assert letters(answer.text) == letters(words)
        assert letters(document.text[: answer.start]).endswith(letters(before)), words
        assert letters(document.text[answer.end :]).startswith(letters(after)), words
    assert stored[no_answer.question].state == LABELLED


def test_what_cannot_be_placed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rules.pdf"
    path.write_bytes(make_pdf(PAGES))
    document = open_document(path, Settings())
    earlier_text = PDF_TEXT.replace("Water Landlord 62", "Water Landlord 63")
    earlier = Document(earlier_text, "rules.pdf", "pdf", path)
    start = earlier_text.index("63")
    with closing(open_store()) as store:
        label = labels.answer(store, earlier, "What does water cost?", [GoldSpan(start, start + 2, "63")])
        relocation = relocate_labels(store, document)
        assert (relocation.moved, relocation.lost) == (0, 1)
        assert "1 label could not be found again" in relocation.notice
        lost = labels.get(store, label.id)
    assert (lost.state, lost.answers) == (LOST, (GoldSpan(-1, -1, "63"),))
