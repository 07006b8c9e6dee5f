"""What is written of an entry, in words: the same in all formats for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from qadesk.app import phrases
from qadesk.app.entries import DEPTH_KEY, FILTERS
from qadesk.app.excerpts import Excerpt, excerpt_in
from qadesk.documents.open_file import title_of, without_surrogates
from qadesk.errors import SettingError
from qadesk.records import EVERYTHING, HistoryAnswer, HistoryEntry
from qadesk.settings import row

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class EntryWords:
    """How entries are put into words: answers with less than ``doubtful_below`` are doubtful; ``shows_unlikely``
    lists those that the window lists on request only.
    """

    doubtful_below: float = 0.4
    shows_unlikely: bool = False

    def answers(self, entry: HistoryEntry) -> list[tuple[int, HistoryAnswer]]:
        """Those of ``entry`` that are written, with their indices: the likely ones, at least the best."""
        return list(enumerate(entry.answers if self.shows_unlikely else entry.likely))

    def rank(self, entry: HistoryEntry, index: int) -> str:
        """What an answer is: 'Likely' and the like, 'Alternative', or 'Closest' where there is no answer."""
        confidence = entry.answers[index].confidence
        return phrases.rank_title(index, confidence, self.doubtful_below, is_answered=entry.is_answered)

    def confidence(self, entry: HistoryEntry, index: int) -> str:
        """The same with the number: 'Likely, 82 %'."""
        return f"{self.rank(entry, index)}, {phrases.per_cent(entry.answers[index].confidence)}"


def safe_text(text: str) -> str:
    """``text`` with what no file for people can hold (control characters, lone surrogates) as U+FFFD."""
    return _CONTROLS.sub("\ufffd", without_surrogates(text)).replace("\r\n", "\n").replace("\r", "\n")


def on_line(text: str) -> str:
    """``safe_text`` on one line."""
    return " ".join(safe_text(text).split())


def file_of(answer: HistoryAnswer | HistoryEntry) -> str:
    """The whole path of a file, '' for a pasted text."""
    return without_surrogates(str(answer.path)) if answer.path else ""


def title_in_words(answer: HistoryAnswer | HistoryEntry) -> str:
    """The title of a document, or the name of its file."""
    return on_line(answer.title) or (title_of(answer.path) if answer.path else "Pasted text")


def place_in_words(answer: HistoryAnswer) -> str:
    """Where an answer stands: 'lease.pdf, page 3, characters 1,204\N{EN DASH}1,228'."""
    characters = phrases.characters(answer.start, answer.end)
    return ", ".join(filter(None, (title_in_words(answer), on_line(answer.page), characters)))


_PLAIN: dict[str, str | dict[str, str]] = {
    "qa.expected": {
        "usually": "the documents usually hold the answer",
        "maybe": "the documents may not hold the answer",
        "surely": "the documents surely hold the answer",
    },
    "qa.top_k": "up to {} answers",
    "qa.max_answer_tokens": "answers of up to {} tokens",
    "qa.overlap": {"True": "answers may overlap"},
    "qa.max_seq_length": "windows of up to {} tokens",
    "qa.split_length": "of {} in long texts",
    "qa.doc_stride": "{} tokens shared by neighbouring windows",
}


def asked_of(entry: HistoryEntry) -> str:
    """What was asked: 'lease.pdf', or 'Library: Contracts'."""
    if entry.library == EVERYTHING:
        return "The whole library"
    return f"Library: {on_line(entry.library)}" if entry.library else title_in_words(entry)


def asked_in_words(entry: HistoryEntry) -> str:
    """What was asked, by whom it was read and when."""
    return " \N{MIDDLE DOT} ".join(
        filter(None, (asked_of(entry), on_line(entry.model), phrases.date_and_time(entry.asked)))
    )


def no_answer_in_words(entry: HistoryEntry) -> str:
    """How likely it is that nothing answers; '' for a model that does not tell."""
    if entry.no_answer is None:
        return "" if entry.answers else "There is no answer."
    chance = phrases.per_cent(entry.no_answer)
    if entry.is_answered:
        return f"No answer: {chance}"
    return f"Probably not in {'the library' if entry.library else 'this document'}: {chance}"


def options_in_words(entry: HistoryEntry) -> str:
    """'Answers to list: 5, Let answers overlap: no' and so on."""
    return ", ".join(f"{_title_of_option(key)}: {_value_in_words(key, value)}" for key, value in entry.options)


def asked_with(entry: HistoryEntry) -> str:
    """What the question was asked with, in plain words; of what most users do not change only what was changed.

    'the documents usually hold the answer, up to 9 answers, in files with: lease'.
    """
    return ", ".join(filter(None, (_in_plain_words(key, value) for key, value in entry.options)))


def _in_plain_words(key: str, value: str) -> str:
    if key in FILTERS:
        return f"{FILTERS[key][:1].lower()}{FILTERS[key][1:]}: {on_line(value)}"
    if key == DEPTH_KEY:
        return f"the best {on_line(value)} passages read"
    words = _PLAIN.get(key, "")
    if isinstance(words, str):
        return words.format(on_line(value)) if words and value != str(row(key).default) else ""
    return words.get(value, "")


def iso_time(seconds: float) -> str:
    """A time since the epoch as ISO 8601, with the offset of the computer's zone."""
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")


def _title_of_option(key: str) -> str:
    if key in FILTERS:
        return FILTERS[key]
    if key == DEPTH_KEY:
        return "Passages to read"
    try:
        return row(key).title
    except SettingError:  # of another version
        return on_line(key)


def _value_in_words(key: str, value: str) -> str:
    try:
        return row(key).title_of({"True": "yes", "False": "no"}.get(value, on_line(value)))
    except SettingError:
        return on_line(value)


def around(answer: HistoryAnswer) -> Excerpt:
    """The sentence of an answer; where it is not known which of its words the answer is, all of it is before them."""
    sentence = excerpt_in(answer.sentence, answer.shown_start, answer.shown_end)
    return Excerpt(safe_text(sentence.before), safe_text(sentence.answer), safe_text(sentence.after))
