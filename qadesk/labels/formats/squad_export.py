"""Writes SQuAD 1.1 and 2.0: imported questions where they were in their file, the user's own after them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from qadesk.labels.formats.writing import Entry, dumps
from qadesk.labels.squad_blocks import paragraph_of
from qadesk.records import LABELLED, OPEN, Label

_LAST = 1 << 60  # sorts after all numbers from files
_Article = tuple[int, int]  # the number of its file, its number in that
# Its number in the article, the id of its text: so a changed text is apart from the old one.
_Paragraph = tuple[int, int]


@dataclass(slots=True)
class _ArticleRows:
    """An article to write: its keys, and its paragraphs with their numbered questions."""

    head: dict[str, Any]
    contexts: dict[_Paragraph, dict[str, Any]] = field(default_factory=dict)
    questions: dict[_Paragraph, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        paragraphs = []
        for position in sorted(self.contexts):
            questions = [question for _, question in sorted(self.questions.get(position, ()), key=lambda row: row[0])]
            paragraphs.append({"qas": questions} | self.contexts[position])
        return {"paragraphs": paragraphs} | self.head


def keeps(label: Label, *, has_flag: bool) -> bool:
    """Whether SQuAD 2.0 (with ``has_flag``) or 1.1 (without) can hold ``label``.

    An open question only if it was imported from such a file without answers: programs expect answers otherwise.
    """
    if label.state == OPEN:
        return json.loads(label.extra or "{}").get("squad", {}).get("answers", "") is None
    return label.state == LABELLED and (has_flag or not label.is_impossible)


def write(entries: Sequence[Entry], *, has_flag: bool) -> Iterator[str]:
    """The file in pieces. With ``has_flag`` questions have ``is_impossible``, as in SQuAD 2.0."""
    builder = _Builder(entries, has_flag)
    for entry in entries:
        builder.add(entry)
        yield ""  # so that the export can report progress and be cancelled while the file is put together
    head = dumps(builder.head())[1:-1]
    yield f'{{{head}{", " if head else ""}"data": ['
    for number, article in enumerate(builder.articles()):
        yield f"{',' if number else ''}\n{dumps(article)}"
    yield "\n]}\n"


class _Builder:
    """Puts the entries of a data set into articles and paragraphs."""

    def __init__(self, entries: Sequence[Entry], has_flag: bool) -> None:
        self._has_flag = has_flag
        self._files: dict[str, int] = {}
        self._marked: set[str] = set()  # files in which any question has is_impossible
        self._heads: dict[str, dict[str, Any]] = {}
        self._articles: dict[_Article, _ArticleRows] = {}
        self._places: dict[int, tuple[_Article, _Paragraph]] = {}  # of each text, by its id
        self._groups: dict[str, _Article] = {}
        for entry in entries:
            if "squad" in entry.extra:
                self._add_origin(entry)

    def _add_origin(self, entry: Entry) -> None:
        squad = entry.extra["squad"]
        file = squad["file"]
        article = (self._files.setdefault(file, len(self._files)), squad["at"][0])
        self._places.setdefault(entry.text.id, (article, (squad["at"][1], entry.text.id)))
        self._groups.setdefault(entry.text.group, article)
        if squad["marked"]:
            self._marked.add(file)
        if "file" in entry.extra:
            self._heads[file] = entry.extra["file"]

    def add(self, entry: Entry) -> None:
        article, paragraph, number = self._place(entry)
        rows = self._articles.setdefault(article, _ArticleRows({"title": entry.title}))
        rows.head = entry.extra.get("article", rows.head)
        if paragraph not in rows.contexts:
            rows.contexts[paragraph] = paragraph_of(entry.text.text, entry.text.blocks)
        rows.contexts[paragraph].update(entry.extra.get("paragraph", {}))
        rows.questions.setdefault(paragraph, []).append((number, self._question(entry)))

    def _place(self, entry: Entry) -> tuple[_Article, _Paragraph, int]:
        if squad := entry.extra.get("squad"):
            a, p, q = squad["at"]
            return (self._files[squad["file"]], a), (p, entry.text.id), q
        if entry.text.id not in self._places:
            article = self._groups.setdefault(entry.text.group, (_LAST, len(self._groups)))
            self._places[entry.text.id] = (article, (_LAST, entry.text.id))
        return *self._places[entry.text.id], _LAST

    def _question(self, entry: Entry) -> dict[str, Any]:
        label, squad = entry.label, entry.extra.get("squad", {})
        number = squad.get("id")  # the id, if it was a number
        key = number if str(number) == label.key else label.key
        row: dict[str, Any] = {"id": key, "question": label.question, **entry.extra.get("row", {})}
        answers = _answers(label, squad)
        if answers is not None:
            row["answers"] = answers
        had_no_mark = squad.get("file") in self._marked and not squad["marked"]
        if self._has_flag and (label.is_impossible or not had_no_mark):
            row["is_impossible"] = label.is_impossible
        return row

    def head(self) -> dict[str, Any]:
        """The keys of the file: those of the imported file, if all came from one file of this version."""
        version = "v2.0" if self._has_flag else "1.1"
        if len(self._files) != 1:
            return {"version": version}
        (file,) = self._files
        head: dict[str, Any] = {key: value for key, value in self._heads.get(file, {}).items() if key != "rest"}
        return head if (file in self._marked) == self._has_flag else {**head, "version": version}

    def articles(self) -> Iterator[dict[str, Any]]:
        """The articles in order, with those without questions from the imported files."""
        empty = {}
        for file, number in self._files.items():
            for a, p, value in self._heads.get(file, {}).get("rest", ()):
                if p < 0:
                    empty[number, a] = value
                elif (number, a) in self._articles:
                    self._articles[number, a].contexts[p, 0] = value
        for position in sorted(empty.keys() | self._articles.keys()):
            yield empty[position] if position in empty else self._articles[position].as_json()


def _answers(label: Label, squad: dict[str, Any]) -> list[Any] | None:
    """The answers: the imported ones if they are unchanged; None if the question had no key for them and has none."""
    answers = [{"text": span.text, "answer_start": span.start} for span in label.answers]
    if "answers" not in squad:
        return answers
    imported = squad["answers"]
    if imported is None:
        return answers or None
    if not isinstance(imported, list) or not all(isinstance(row, dict) for row in imported):
        return answers
    known = [{"text": row.get("text"), "answer_start": row.get("answer_start")} for row in imported]
    return imported if [row for row in known if row["text"] != ""] == answers else answers
