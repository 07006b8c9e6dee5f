"""Where an answer of a label file stands in its text, whatever its offsets count and however its words are spelled."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from qadesk.labels.formats.offset_counting import CODE_POINTS, COUNTINGS, Counting, differs, has_whole_words, reading
from qadesk.labels.formats.raw_answers import RawAnswer
from qadesk.labels.text_files import is_text
from qadesk.labels.wording import shortened
from qadesk.records import GoldSpan

NO_TEXT = "An answer has no text."
_PAGE_BREAK = "\f"
_MAX_SPELLINGS = 1000  # characters of an answer that is compared in other spellings


@dataclass(frozen=True, slots=True)
class Placed:
    """The span of an answer, or None. ``what`` says why there is none, or what to know about it; '' if nothing.

    Without a span and a sentence the answer was empty.
    """

    span: GoldSpan | None
    what: str = ""


def place_answer(answer: RawAnswer, text: str, counting: Counting = CODE_POINTS) -> Placed:
    """Where ``answer`` stands in ``text``, if the offsets of its file count as ``counting`` says."""
    answer = answer.typed()
    problem = _type_problem(answer)
    if problem is not None:
        return Placed(None, problem)
    placed = _with_text(answer, text, counting) if answer.text is not None else _without_text(answer, text, counting)
    if placed.span and _PAGE_BREAK in placed.span.text:
        return Placed(None, f"The answer '{shortened(placed.span.text, 40)}' goes across pages.")
    return placed


def _type_problem(answer: RawAnswer) -> str | None:
    """Why the values of ``answer`` cannot be used: a sentence, '' for an empty answer, None if they can."""
    if answer.text in (None, "") and answer.start in (None, -1):  # some files write 'no answer' so
        return ""
    if answer.text is not None and not is_text(answer.text):
        return NO_TEXT
    if any(value is not None and type(value) is not int for value in (answer.start, answer.end)):
        return "An answer has an offset that is not a whole number."
    if answer.text is None and (answer.start is None or answer.end is None):
        return "An answer has neither a text nor an end."
    return None


def _without_text(answer: RawAnswer, text: str, counting: Counting) -> Placed:
    """The span of an answer that has offsets alone."""
    if answer.hint:
        for way in (counting, *COUNTINGS):
            span = reading(way, answer, text)
            if span and text[slice(*span)] == answer.hint:
                return Placed(_gold(text, *span))
    span = reading(counting, answer, text)
    if span is None:
        return Placed(None, f"An answer from {answer.start} to {answer.end} is not within the text.")
    gold = _gold(text, *span)
    if not gold.text.strip():
        return Placed(None, NO_TEXT)
    if differs(answer, text) and not has_whole_words(text, *span):
        words = shortened(gold.text, 40)
        return Placed(gold, f"The answer '{words}' may be shifted: it does not begin and end with words.")
    return Placed(gold)


def _with_text(answer: RawAnswer, text: str, counting: Counting) -> Placed:
    if answer.start is None:
        return _only_occurrence(answer.text, text)
    for start in _starts(answer, text, counting):
        if text.startswith(answer.text, start):
            return Placed(GoldSpan(start, start + len(answer.text), answer.text))
    for start in _starts(answer, text, counting):
        placed = _other_spelling(answer.text, text, start)
        if placed:
            return placed
    if answer.end is not None and 0 <= answer.start < answer.end:  # Label Studio writes line ends as '\n'
        words = text[answer.start : answer.end]
        if words.split() == answer.text.replace("\\n", "\n").split():
            return Placed(_gold(text, answer.start, answer.start + len(words)))
    return _elsewhere(answer.text, answer.start, text)


def _starts(answer: RawAnswer, text: str, counting: Counting) -> Iterator[int]:
    """The starts that ``answer`` can mean, the likeliest first."""
    for way in dict.fromkeys((counting, *COUNTINGS)):
        start = way.code_points(text, answer.start) if 0 <= answer.start <= 2 * len(text) else -1
        if start >= 0:
            yield start


def _other_spelling(answer: str, text: str, start: int) -> Placed | None:
    """The words of ``text`` from ``start`` on that are ``answer`` but for white space, case, or composed letters."""
    near = text[start : start + 10]
    start += len(near) - len(near.lstrip())
    wanted = _plainly(answer)
    window = text[start : start + 2 * len(answer) + 10]
    if len(answer) > _MAX_SPELLINGS or not _plainly(window).casefold().startswith(wanted.casefold()):
        return None
    for length in range(1, len(window) + 1):
        words = window[:length]
        if _plainly(words).casefold() == wanted.casefold() and not unicodedata.combining(
            window[length : length + 1] or " "
        ):
            is_same = _plainly(words) == wanted
            note = (
                ""
                if is_same
                else f"The answer '{shortened(answer, 40)}' is spelled '{shortened(words, 40)}' in the text."
            )
            return Placed(_gold(text, start, start + length), note)
    return None


def _plainly(words: str) -> str:
    """``words`` with composed letters and single blanks."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def _elsewhere(answer: str, start: int, text: str) -> Placed:
    """An answer that is not at its offset: if it stands in one place alone, that is meant."""
    at = text.find(answer.strip())
    if at < 0:
        return Placed(None, f"The answer '{shortened(answer, 40)}' is not in the text.")
    words = answer.strip()
    nearest = _nearest(words, start, text)
    problem = f"The answer '{shortened(answer, 40)}' is not at {start} but at {nearest}"
    is_only = text.find(words, at + 1) < 0 and has_whole_words(text, at, at + len(words))
    return (
        Placed(_gold(text, at, at + len(words)), f"{problem}: it was taken from there.")
        if is_only
        else Placed(None, f"{problem}.")
    )


def _nearest(words: str, start: int, text: str) -> int:
    """Where ``words``, which ``text`` has, stand next to ``start``."""
    at = max(0, start)
    before, after = text.rfind(words, 0, at + len(words)), text.find(words, at)
    return min((place for place in (before, after) if place >= 0), key=lambda place: abs(place - start))


def _only_occurrence(answer: str, text: str) -> Placed:
    words = answer.strip()
    first = text.find(words)
    if first < 0:
        return Placed(None, f"The answer '{shortened(answer, 40)}' is not in the text.")
    second = text.find(words, first + 1)
    if second >= 0:
        problem = f"The answer '{shortened(answer, 40)}' stands at {first} and at {second}, and no offset says which."
        return Placed(None, problem)
    if not has_whole_words(text, first, first + len(words)):
        return Placed(None, f"The answer '{shortened(answer, 40)}' stands in the text only inside a word, at {first}.")
    return Placed(_gold(text, first, first + len(words)))


def _gold(text: str, start: int, end: int) -> GoldSpan:
    return GoldSpan(start, end, text[start:end])
