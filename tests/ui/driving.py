"""What drives the window in the tests beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtWidgets import QBoxLayout, QPushButton
from pytestqt.qtbot import QtBot

from qadesk.progress import Clock, Progress
from qadesk.qa.devices import Choice
from qadesk.records import Answer, Answers, Document, Reading
from qadesk.ui.ask.ask_place import AskPlace
from qadesk.ui.label.label_place import LabelPlace
from qadesk.ui.shell.main_window import MainWindow

MakeWindow = Callable[..., MainWindow]


@dataclass
class Opinions:
    """A reader that finds what it is told: (words, confidence), best first, in ``windows`` steps of ``pause`` s.

    Words that a text does not have are not found in it.

    Reading ahead takes as many ``pieces`` of ``pause`` s.
    """

    found: Sequence[tuple[str, float]] = ()
    no_answer: float | None = 0.1
    windows: int = 1
    pause: float = 0.0
    asked: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    notice: str = ""
    pieces: int = 0
    ahead: list[str] = field(default_factory=list)
    model = SimpleNamespace(name="opinions", folder=Path("opinions"), onnx=Path("model_int8.onnx"), safetensors=())
    choice = Choice("cpu", "onnx", "int8", "a test")

    def prepare(self, text: str) -> Generator[Progress, None, None]:
        clock = Clock("Preparing", self.pieces)
        for read in range(self.pieces):
            time.sleep(self.pause)
            yield clock.at(read)
        self.ahead.append(text)

    def answer(self, question: str, text: str, _options: object = None) -> Generator[Reading, None, Answers]:
        self.asked.append(question)
        clock = Clock("Reading", self.windows)
        try:
            for read in range(1, self.windows + 1):
                time.sleep(self.pause)
                yield Reading(clock.at(read), self._answers(question, text, read))
        except GeneratorExit:
            self.closed.append(question)
            raise
        return self._answers(question, text, self.windows)

    def answer_many(
        self, rows: Sequence[tuple[str, str]], options: object = None
    ) -> Generator[Progress, None, list[Answers]]:
        clock = Clock("Reading", len(rows))
        answers = []
        for question, text in rows:
            yield clock.at(len(answers))
            answers.append((yield from self.answer(question, text, options)))
        return answers

    def windows_of(self, question: str, text: str, _options: object = None) -> list[str]:
        return [question, text]

    def _answers(self, question: str, text: str, read: int) -> Answers:
        spans = []
        for words, confidence in self.found:
            if words not in text:
                continue
            start = text.index(words)
            sure = min(1.0, confidence + 0.05)
            spans.append(Answer(start, start + len(words), words, confidence, sure, sure, 5.0, 5.0, 0.0))
        return Answers(question, tuple(spans), self.no_answer, read, self.windows, 0.25, self.notice)


def ask_place(window: MainWindow) -> AskPlace:
    """The Ask place of ``window``."""
    place = window.place("ask")
    assert isinstance(place, AskPlace)
    return place


def label_place(window: MainWindow) -> LabelPlace:
    """The Label place of ``window``."""
    place = window.place("label")
    assert isinstance(place, LabelPlace)
    return place


def current_place(window: MainWindow) -> object:
    """The place that is shown."""
    return window.places[window.tabs.index]


def ask(qtbot: QtBot, window: MainWindow, question: str) -> None:
    """Type ``question``, press Enter and wait for the last answer."""
    field_ = ask_place(window).view.ask_bar.field
    field_.setText(question)
    with qtbot.waitSignal(ask_place(window).session.finished, timeout=20_000):
        field_.returnPressed.emit()


def document(window: MainWindow) -> Document:
    """The open document."""
    assert ask_place(window).session.document is not None
    return ask_place(window).session.document


def buttons_in(layout: QBoxLayout) -> list[QPushButton]:
    """The buttons of ``layout``, in order."""
    items = [layout.itemAt(index) for index in range(layout.count())]
    widgets = [item.widget() for item in items if item]
    return [widget for widget in widgets if isinstance(widget, QPushButton)]
