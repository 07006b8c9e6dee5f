"""Answers as Markdown. Nothing of a document is markup in it: all characters that could be are escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qadesk.app.export import entry_words
from qadesk.app.export.entry_words import EntryWords, on_line
from qadesk.records import HistoryAnswer, HistoryEntry

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&!$]")
_AT_LINE_START = re.compile(r"^(\s*)(?:(\d+)([.)])|([-+=:]))", re.MULTILINE)


def write(entries: Sequence[HistoryEntry], words: EntryWords) -> Iterator[str]:
    """The file in pieces: a heading a question, and under it its answers with their places."""
    yield "# Answers\n"
    for entry in entries:
        yield f"\n## {_escaped(on_line(entry.question))}\n\n{_escaped(entry_words.asked_in_words(entry))}\n"
        no_answer = entry_words.no_answer_in_words(entry)
        if no_answer:
            yield f"\n{_escaped(no_answer)}\n"
        for index, answer in words.answers(entry):
            yield _answer(index + 1, answer, words.confidence(entry, index))
        if entry.options:
            yield f"\nAsked with: {_escaped(entry_words.options_in_words(entry))}\n"


def _answer(number: int, answer: HistoryAnswer, confidence: str) -> str:
    """An item of a list: the answer, its confidence and place, and its sentence as a quotation."""
    indent = " " * len(f"{number}. ")
    lines = [_escaped(line) for line in entry_words.safe_text(answer.text).split("\n") if line.strip()]
    lines = [*lines, _escaped(confidence), _escaped(entry_words.place_in_words(answer))]
    item = f"\n{number}. **{lines[0].strip()}**" + "".join(f"  \n{indent}{line.strip()}" for line in lines[1:])
    around = entry_words.around(answer)
    sentence = " ".join(f"{_escaped(around.before)}{_strong(_escaped(around.answer))}{_escaped(around.after)}".split())
    return f"{item}\n\n{indent}> {sentence}\n" if sentence else f"{item}\n"


def _strong(text: str) -> str:
    """``text`` in bold letters; its blanks at both ends stay outside, where Markdown wants them."""
    words = text.strip()
    return text.replace(words, f"**{words}**", 1) if words else text


def _escaped(text: str) -> str:
    return _AT_LINE_START.sub(r"\1\2\\\3\4", _MARKUP.sub(r"\\\g<0>", text))
