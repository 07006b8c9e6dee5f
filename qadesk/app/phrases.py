"""Confidences, locations, dates and times as text, for the window and the command line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from qadesk.progress import Progress, rough_duration
from qadesk.records import Answer, Answers, Document, LibraryAnswers, RecentDocument

_SPACE = "\N{NO-BREAK SPACE}"
_FOLDER = 40  # characters of the path of a folder
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_ANY_BLANK_LINES = re.compile(r"(?>\r\n|\r|\n)[ \t]*(?>\r\n|\r|\n)\s*")  # atomic: \r\n is one line end, never two
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def per_cent(probability: float) -> str:
    """A probability (0 to 1) in whole per cent, never 0 or 100: '82 %', 'under 1 %', 'over 99 %'."""
    if probability < 0.01:
        return f"under 1{_SPACE}%"
    if probability > 0.99:
        return f"over 99{_SPACE}%"
    return f"{probability * 100:.0f}{_SPACE}%"


def counted(count: int, noun: str) -> str:
    """A number with its noun: '1 file', '1,204 files'."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def location(document: Document, offset: int) -> str:
    """Where ``offset`` is: 'page iv', 'slide 3' in a document with pages, else 'paragraph 12' or 'line 12'.

    In a spreadsheet it is 'sheet Prices, row 12', in a table without sheets 'row 12'.
    """
    return ", ".join(f"{unit} {number}" for unit, number in _units_and_numbers(document, offset))


def characters(start: int, end: int) -> str:
    """Where an answer is, in characters as 'qadesk ask --json' counts them: 'characters 1,204–1,228'."""
    return f"characters {start:,}–{end:,}"


def _units_and_numbers(document: Document, offset: int) -> list[tuple[str, str]]:
    """The page's unit and label and the number of its row, or 'paragraph' or 'line' with the number of that."""
    page, row = document.page_at(offset), document.row_at(offset)
    units = [(page.unit, page.label)] if page else []
    if row is not None:
        units.append(("row", str(row)))
    if units:
        return units
    unit, starts = _paragraphs_or_lines(document.text)
    return [(unit, str(max(1, bisect_right(starts, offset))))]


@lru_cache(maxsize=2)
def _paragraphs_or_lines(text: str) -> tuple[str, list[int]]:
    """'paragraph' with the offset of each paragraph; 'line' with the offset of each line where no line is blank."""
    first = len(text) - len(text.lstrip())
    blank_lines = _ANY_BLANK_LINES if "\r" in text else _BLANK_LINES  # which is looked for ten times as fast
    paragraphs = [match.end() for match in blank_lines.finditer(text, first)]
    if paragraphs:
        return "paragraph", [first, *paragraphs]
    return "line", [first, *(match.end() for match in _LINE_END.finditer(text, first))]


def capitalized(text: str) -> str:
    """``text`` with a capital letter at its beginning, and else as it is."""
    return text[:1].upper() + text[1:]


def folder_and_day(document: RecentDocument, today: date | None = None) -> str:
    """Where a document lies and when it was open last: '~/leases · 24 Nov 2026', 'Pasted text · today'."""
    day = datetime.fromtimestamp(document.opened).date()
    when = "today" if day == (today or date.today()) else short_date(day)
    if document.path is None:
        return f"Pasted text · {when}"
    folder, home = document.path.parent, Path.home()
    shown = str(Path("~") / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)
    return f"{shown if len(shown) <= _FOLDER else '…' + shown[1 - _FOLDER :]} · {when}"


def citation(document: Document, start: int, end: int) -> str:
    """``start:end`` of ``document`` with its source: '“text” (title, page 3, characters 1,204–1,228)'."""
    place = f"{location(document, start)}, {characters(start, end)}"
    return f"“{document.text[start:end]}” ({document.title}, {place})"


def answer_text(document: Document, answer: Answer) -> str:
    """The words of ``answer`` on one line; the items of a list on a line each."""
    spans = answer.items or ((answer.start, answer.end),)
    return "\n".join(" ".join(document.text[start:end].split()) for start, end in spans)


def description(document: Document) -> str:
    """The kind and length of a document: 'PDF · 12 pages'."""
    from qadesk.documents.formats import by_kind

    kind = "Pasted text" if document.kind == "pasted" else by_kind(document.kind).short_title
    if document.pages:
        count = len(document.pages)
        unit = document.pages[0].unit
        return f"{kind} · {counted(count, unit)}"
    return f"{kind} · {len(document.text):,} characters"


def progress(step: Progress) -> str:
    """Progress with the time left, if that is known: 'Reading 120 of 1,800 · 12 s left'."""
    text = f"{step.what} {step.done:,} of {step.total:,}"
    return text if step.seconds_left is None else f"{text} · {rough_duration(step.seconds_left)} left"


def duration(seconds: float) -> str:
    """A measured time: '0.04 s', '3.2 s', '2 min'."""
    if seconds < 0.1:
        return f"{seconds:.2f} s"
    return f"{seconds:.1f} s" if seconds < 60 else rough_duration(seconds)


def date_and_time(seconds: float) -> str:
    """A time since the epoch as '24 November 2026, 14:03', where the computer is."""
    when = datetime.fromtimestamp(seconds)
    return f"{long_date(when.date())}, {when:%H:%M}"


def long_date(day: date) -> str:
    """A date as '24 November 2026', whatever the locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """A date as '24 Nov 2026', whatever the locale."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def headline(answers: Answers, doubtful_below: float) -> str:
    """The headline of a ranking: 'No answer', or the ``likelihood`` of the best answer."""
    if answers.best is None or not answers.is_answered:
        return "No answer"
    return likelihood(answers.best.confidence, doubtful_below)


def doubt(answers: Answers) -> str:
    """Why to be careful with a doubtful answer, with the chance of none where that is likelier than this answer."""
    advice = "read the passage before you rely on it."
    if answers.best and answers.no_answer is not None and answers.no_answer > answers.best.confidence:
        chance = per_cent(answers.no_answer)
        return f"Doubtful: that there is no answer is likelier ({chance}) than this one. {capitalized(advice)}"
    return f"A doubtful answer: {advice}"


def rank_title(index: int, confidence: float, doubtful_below: float, *, is_answered: bool) -> str:
    """What the answer at ``index`` is: its ``likelihood``, 'Alternative', or 'Closest' where there is no answer."""
    if index:
        return "Alternative"
    return likelihood(confidence, doubtful_below) if is_answered else "Closest"


def rank_and_chance(index: int, confidence: float, doubtful_below: float, *, is_answered: bool) -> str:
    """The same with how sure the answer is: 'Likely · 82 %'."""
    title = rank_title(index, confidence, doubtful_below, is_answered=is_answered)
    return f"{title} · {per_cent(confidence)}"


def answer_location(document: Document, answer: Answer) -> str:
    """Where ``answer`` is, and in how many places: 'page iv, 3 places'."""
    first = location(document, answer.start)
    return f"{first}, {len(answer.places) + 1} places" if answer.places else first


def answer_origin(document: Document, answer: Answer) -> str:
    """'read by text recognition' where the words of ``answer`` were, else ''."""
    return "read by text recognition" if document.is_recognized(answer.start) else ""


def about_scans(document: Document) -> str:
    """Which pages are pictures whose text is not recognised yet: 'Pages 3-17 are pictures.'; '' for none."""
    from qadesk.documents.page_notes import page_note

    if document.scans and len(document.scans) == len(document.pages):
        return "This is a picture without text." if len(document.pages) == 1 else "All pages are pictures without text."
    return page_note(list(document.scans), "{} is a picture without text.", "{} are pictures without text.")


def not_recognized(pages: Sequence[int]) -> str:
    """'Page 3 could not be read.' of the numbers of the ``pages`` on which recognition failed; '' for none."""
    from qadesk.documents.page_notes import page_note

    return page_note(sorted(pages), "{} could not be read.", "{} could not be read.")


def read_as(answers: Answers | LibraryAnswers) -> str:
    """The question as it was read, where that is not as it was typed: 'Read as "how much is the deposit"'."""
    return f'Read as "{answers.read_as}"' if answers.read_as else ""


def unlikely(count: int) -> str:
    """'1 unlikely one', '3 unlikely ones'."""
    return f"{count} unlikely {'one' if count == 1 else 'ones'}"


def likelihood(confidence: float, doubtful_below: float) -> str:
    """'Doubtful' below ``doubtful_below``, 'Possible' below 0.6, 'Likely' below 0.85, else 'Very likely'."""
    if confidence < doubtful_below:
        return "Doubtful"
    if confidence < 0.6:
        return "Possible"
    return "Likely" if confidence < 0.85 else "Very likely"
