"""The reader of PDF files: the text of each page, as pdfium finds it. Scripts and actions are never run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

from qadesk.documents.parsing import MAX_CHARACTERS, Heartbeat, Parsed, Source, too_long
from qadesk.errors import DocumentError, PasswordNeeded
from qadesk.records import Page

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfiumError

_BETWEEN_PAGES = "\n\n"
_MAX_RANGES = 8

# What pdfium writes in place of a hyphen and line end within a word; also the soft hyphen.
_HYPHENATION = re.compile("[\x02\ufffe\xad]")
_CONTROLS = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n")


def read(source: Source) -> Parsed:
    """The text and the pages of ``source``. Raises ``DocumentError``, ``PasswordNeeded``."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source.file, password=source.password)
    except pypdfium2.PdfiumError as error:
        raise _cannot_load(source, error) from error
    with closing(document):
        texts, damaged = _page_texts(document, source.name, source.heartbeat)
        empty = sorted({number for number, text in enumerate(texts, 1) if not text} - set(damaged))
        if not any(texts):
            raise _no_text(source.name, has_damage=bool(damaged))
        text, pages = _joined(texts, [_label(document, index) for index in range(len(texts))])
    notes = (
        _page_note(damaged, "{} is damaged and was left out.", "{} are damaged and were left out."),
        _page_note(empty, "{} has no text: it is empty or a picture.", "{} have no text: they are empty or pictures."),
    )
    return Parsed(text, pages, tuple(filter(None, notes)))


def _cannot_load(source: Source, error: PdfiumError) -> DocumentError:
    from pypdfium2 import raw

    name = source.name
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        if source.password:
            return PasswordNeeded(f"The password does not open {name}.", "Check it and type it again.", wrong=True)
        return PasswordNeeded(f"{name} is protected by a password.", "Type the password to open it.")
    if error.err_code == raw.FPDF_ERR_SECURITY:
        return DocumentError(
            f"{name} is protected in a way that QADesk cannot open.",
            "Open it in the program it was made for, and print or save it as an ordinary PDF.",
        )
    return DocumentError(
        f"{name} is damaged or incomplete, or has no pages.",
        "Get the file again, or open it in a PDF viewer and print it to a new PDF.",
        str(error),
    )


def _no_text(name: str, *, has_damage: bool) -> DocumentError:
    if has_damage:
        return DocumentError(f"{name} is damaged: none of its pages could be read.", "Get the file again.")
    return DocumentError(
        f"The pages of {name} are pictures (a scan) without text. QADesk does not read pictures.",
        "Run a text recognition (OCR) program on it first, then open the result.",
    )


def _page_texts(document: PdfDocument, name: str, heartbeat: Heartbeat) -> tuple[list[str], list[int]]:
    """The text of each page, and the numbers of the pages that could not be read."""
    from pypdfium2 import PdfiumError

    texts: list[str] = []
    damaged: list[int] = []
    length = 0
    for index in range(len(document)):
        heartbeat()
        try:
            with closing(document[index]) as page, closing(page.get_textpage()) as textpage:
                texts.append(_clean(textpage.get_text_bounded()))
        except PdfiumError:
            texts.append("")
            damaged.append(index + 1)
        length += len(texts[-1]) + len(_BETWEEN_PAGES)
        if length > MAX_CHARACTERS:
            raise too_long(name)
    return texts, damaged


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HYPHENATION.sub(_hyphen_or_nothing, lines).translate(_CONTROLS).strip()


def _hyphen_or_nothing(hyphenation: re.Match[str]) -> str:
    """Nothing for "lang-/uage" and "LANG-/UAGE"; the hyphen for "Jean-/Luc" and "COVID-/19"."""
    before, after = hyphenation.string[: hyphenation.start()][-1:], hyphenation.string[hyphenation.end() :][:1]
    is_one_word = (before.islower() and after.islower()) or (before.isupper() and after.isupper())
    return "" if is_one_word else "-"


def _label(document: PdfDocument, index: int) -> str:
    """What is printed on the page as its number; the number itself where the file has no labels."""
    try:
        label = document.get_page_label(index)
    except UnicodeDecodeError:
        label = ""
    return "".join(filter(str.isprintable, label))[:40] or str(index + 1)


def _joined(texts: Iterable[str], labels: Iterable[str]) -> tuple[str, tuple[Page, ...]]:
    """The text of the document, and its pages. A page without text is empty: ``start == end``."""
    pieces: list[str] = []
    pages: list[Page] = []
    end = 0
    for number, (text, label) in enumerate(zip(texts, labels, strict=True), 1):
        if text and pieces:
            pieces.append(_BETWEEN_PAGES)
            end += len(_BETWEEN_PAGES)
        if text:
            pieces.append(text)
        pages.append(Page(number, label, end, end + len(text)))
        end += len(text)
    return "".join(pieces), tuple(pages)


def _page_note(numbers: list[int], one: str, several: str) -> str:
    """A note about pages: 'Pages 2, 5-7 and 12 have ...', with the first few ranges only; '' for no pages."""
    if not numbers:
        return ""
    if len(numbers) == 1:
        return one.format(f"Page {numbers[0]}")
    starts = [numbers[0]] + [after for before, after in pairwise(numbers) if after != before + 1]
    ends = [before for before, after in pairwise(numbers) if after != before + 1] + [numbers[-1]]
    ranges = [str(low) if low == high else f"{low}-{high}" for low, high in zip(starts, ends, strict=True)]
    if len(ranges) > _MAX_RANGES:
        return several.format(f"{len(numbers)} pages ({', '.join(ranges[:_MAX_RANGES])} and others)")
    named = " and ".join(filter(None, (", ".join(ranges[:-1]), ranges[-1])))
    return several.format(f"Pages {named}")
