"""SQuAD 1.1 and 2.0, out: imported questions at their old places, the user's own behind them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from qadesk.labels.formats.writing import Entry, dumps
from qadesk.records import LABELLED, OPEN, Label

_LAST = 1 << 60  # behind all that has a place
_Article = tuple[int, int]  # the number of its file and its own
_Paragraph = tuple[int, int]  # its own number and that of its text: a text that changed does not mix with the old one


@dataclass(slots=True)
class _Page:
    """What is known of an article: its keys, its paragraphs with numbered questions, those without any as they came."""

    head: dict[str, Any]
    contexts: dict[_Paragraph, dict[str, Any]] = field(default_factory=dict)
    questions: dict[_Paragraph, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        paragraphs = []
        for place in sorted(self.contexts):
            asked = [question for _, question in sorted(self.questions.get(place, ()), key=lambda row: row[0])]
            paragraphs.append({"qas": asked} | self.contexts[place])
        return {"paragraphs": paragraphs} | self.head


def keeps(label: Label, *, marks: bool) -> bool:
    """Whether SQuAD 2.0 (with ``marks``) or 1.1 (without) can hold ``label``.

    An open question goes out only where it came in from such a file without answers: programs expect them.
    """
    if label.state == OPEN:
        return json.loads(label.extra or "{}").get("squad", {}).get("answers", "") is None
    return label.state == LABELLED and (marks or not label.is_impossible)


def write(entries: Sequence[Entry], *, marks: bool) -> Iterator[str]:
    """A data set, piece by piece. With ``marks`` questions say whether they are impossible, as in SQuAD 2.0."""
    book = _Book(entries, marks)
    for entry in entries:
        book.add(entry)
        yield ""  # a sign of life: nothing can be written before all is in its place
    head = dumps(book.head())[1:-1]
    yield f'{{{head}{", " if head else ""}"data": ['
    for number, article in enumerate(book.articles()):
        yield f"{',' if number else ''}\n{dumps(article)}"
    yield "\n]}\n"


class _Book:
    """A data set while it is put together."""

    def __init__(self, entries: Sequence[Entry], marks: bool) -> None:
        self._marks = marks
        self._files: dict[str, int] = {}
        self._marked: set[str] = set()  # files in which any question is marked
        self._heads: dict[str, dict[str, Any]] = {}
        self._pages: dict[_Article, _Page] = {}
        self._homes: dict[int, tuple[_Article, _Paragraph]] = {}  # where a text stands
        self._groups: dict[str, _Article] = {}
        for entry in entries:
            if "squad" in entry.extra:
                self._know(entry)

    def _know(self, entry: Entry) -> None:
        squad = entry.extra["squad"]
        file = squad["file"]
        article = (self._files.setdefault(file, len(self._files)), squad["at"][0])
        self._homes.setdefault(entry.text.id, (article, (squad["at"][1], entry.text.id)))
        self._groups.setdefault(entry.text.group, article)
        if squad["marked"]:
            self._marked.add(file)
        if "file" in entry.extra:
            self._heads[file] = entry.extra["file"]

    def add(self, entry: Entry) -> None:
        article, paragraph, number = self._place(entry)
        page = self._pages.setdefault(article, _Page({"title": entry.title}))
        page.head = entry.extra.get("article", page.head)
        context = page.contexts.setdefault(paragraph, {"context": entry.text.text})
        context.update(entry.extra.get("paragraph", {}))
        page.questions.setdefault(paragraph, []).append((number, self._question(entry)))

    def _place(self, entry: Entry) -> tuple[_Article, _Paragraph, int]:
        if squad := entry.extra.get("squad"):
            a, p, q = squad["at"]
            return (self._files[squad["file"]], a), (p, entry.text.id), q
        if entry.text.id not in self._homes:
            article = self._groups.setdefault(entry.text.group, (_LAST, len(self._groups)))
            self._homes[entry.text.id] = (article, (_LAST, entry.text.id))
        return *self._homes[entry.text.id], _LAST

    def _question(self, entry: Entry) -> dict[str, Any]:
        label, squad = entry.label, entry.extra.get("squad", {})
        number = squad.get("id")  # an id that was no text
        key = number if str(number) == label.key else label.key
        made: dict[str, Any] = {"id": key, "question": label.question, **entry.extra.get("row", {})}
        answers = _answers(label, squad)
        if answers is not None:
            made["answers"] = answers
        came_without_mark = squad.get("file") in self._marked and not squad["marked"]
        if self._marks and (label.is_impossible or not came_without_mark):
            made["is_impossible"] = label.is_impossible
        return made

    def head(self) -> dict[str, Any]:
        """The keys of the file: as they came, where all that was imported came from one file of this version."""
        version = "v2.0" if self._marks else "1.1"
        if len(self._files) != 1:
            return {"version": version}
        (file,) = self._files
        head: dict[str, Any] = {key: value for key, value in self._heads.get(file, {}).items() if key != "rest"}
        return head if (file in self._marked) == self._marks else {**head, "version": version}

    def articles(self) -> Iterator[dict[str, Any]]:
        """The articles in order, with those that came without questions."""
        empty = {}
        for file, number in self._files.items():
            for a, p, came in self._heads.get(file, {}).get("rest", ()):
                if p < 0:
                    empty[number, a] = came
                elif (number, a) in self._pages:
                    self._pages[number, a].contexts[p, 0] = came
        for place in sorted(empty.keys() | self._pages.keys()):
            yield empty[place] if place in empty else self._pages[place].as_json()


def _answers(label: Label, squad: dict[str, Any]) -> list[Any] | None:
    """The answers; as they came where they have not changed; None where they came without and have none."""
    made = [{"text": span.text, "answer_start": span.start} for span in label.answers]
    if "answers" not in squad:
        return made
    came = squad["answers"]
    if came is None:
        return made or None
    if not isinstance(came, list) or not all(isinstance(each, dict) for each in came):
        return made
    said = [{"text": each.get("text"), "answer_start": each.get("answer_start")} for each in came]
    empty = [each for each in said if each["text"] == ""]
    return came if [each for each in said if each not in empty] == made else made
