"""What drives the window in the tests beside it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QPushButton
from pytestqt.qtbot import QtBot

from qadesk.progress import Clock, Progress
from qadesk.qa.askable import check_question
from qadesk.qa.devices import Choice
from qadesk.qa.engine import Context
from qadesk.records import Answer, Answers, Document, Reading
from qadesk.ui.ask.answers_panel import AnswersPanel
from qadesk.ui.ask.ask_bar import AskBar
from qadesk.ui.ask.ask_place import AskPlace
from qadesk.ui.ask.ask_session import AskSession
from qadesk.ui.ask.document_pane import DocumentPane
from qadesk.ui.ask.empty_view import EmptyView
from qadesk.ui.document.document_view import DocumentView
from qadesk.ui.document.find_bar import FindBar
from qadesk.ui.document.highlights import Mark
from qadesk.ui.kit.question_field import QuestionField
from qadesk.ui.label.answer_panel import AnswerPanel
from qadesk.ui.label.label_place import LabelPlace
from qadesk.ui.label.label_session import LabelSession
from qadesk.ui.label.label_view import LabelView
from qadesk.ui.label.queue_panel import QueuePanel
from qadesk.ui.label.span_view import SpanView
from qadesk.ui.shell.main_window import MainWindow

MakeWindow = Callable[..., MainWindow]


@dataclass
class ScriptedReader:
    """A reader whose answers are given: ``found`` holds (words, confidence), best first.

    Words that are not in the text are left out; if they stand in it again, these are places. ``items`` are those of the
    list that the first answer is.

    Answering yields ``windows`` times, each after ``pause`` seconds; reading ahead yields ``pieces`` times alike.
    """

    found: Sequence[tuple[str, float]] = ()
    no_answer: float | None = 0.1
    items: Sequence[str] = ()
    windows: int = 1
    pause: float = 0.0
    asked: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    notice: str = ""
    pieces: int = 0
    ahead: list[str] = field(default_factory=list)
    model = SimpleNamespace(name="opinions", folder=Path("opinions"), onnx=Path("model_int8.onnx"), safetensors=())
    choice = Choice("cpu", "onnx", "int8", "a test")

    def prepare(self, context: Context) -> Generator[Progress, None, None]:
        clock = Clock("Preparing", self.pieces)
        for read in range(self.pieces):
            time.sleep(self.pause)
            yield clock.at(read)
        self.ahead.append(text_of(context))

    def answer(self, question: str, context: Context, _options: object = None) -> Generator[Reading, None, Answers]:
        self.asked.append(question)
        clock = Clock("Reading", self.windows)
        try:
            for read in range(1, self.windows + 1):
                time.sleep(self.pause)
                yield Reading(clock.at(read), self._answers(question, text_of(context), read))
        except GeneratorExit:
            self.closed.append(question)
            raise
        return self._answers(question, text_of(context), self.windows)

    def answer_many(
        self, rows: Sequence[tuple[str, Context]], options: object = None
    ) -> Generator[Progress, None, list[Answers]]:
        clock = Clock("Reading", len(rows))
        answers = []
        for question, context in rows:
            yield clock.at(len(answers))
            answers.append((yield from self.answer(question, context, options)))
        return answers

    def check(self, question: str, context: Context, _options: object = None) -> None:
        check_question(question, text_of(context))

    def _answers(self, question: str, text: str, read: int) -> Answers:
        spans = []
        for words, confidence in self.found:
            if words not in text:
                continue
            start = text.index(words)
            sure = min(1.0, confidence + 0.05)
            items = tuple((text.index(item), text.index(item) + len(item)) for item in self.items if not spans)
            places = () if items else tuple(match.span() for match in re.finditer(re.escape(words), text))[1:]
            spans.append(Answer(start, start + len(words), words, confidence, sure, sure, 5.0, 5.0, 0.0, places, items))
        return Answers(question, tuple(spans), self.no_answer, read, self.windows, 0.25, self.notice)


def text_of(context: Context) -> str:
    """The text of what a reader is given."""
    return context.text if isinstance(context, Document) else context


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


def ask_session(window: MainWindow) -> AskSession:
    """The open document with its question and answers."""
    return ask_place(window).session


def ask_bar(window: MainWindow) -> AskBar:
    """The line with the question."""
    return ask_place(window).view.ask_bar


def question_field(window: MainWindow) -> QuestionField:
    """The field in which a question is typed."""
    return ask_bar(window).field


def answers_panel(window: MainWindow) -> AnswersPanel:
    """The cards beside the document."""
    return ask_place(window).view.answers


def document_pane(window: MainWindow) -> DocumentPane:
    """The document with its title, notes and find bar, or the empty view."""
    return ask_place(window).view.pane


def document_view(window: MainWindow) -> DocumentView:
    """The text of the open document."""
    return document_pane(window).view


def find_bar(window: MainWindow) -> FindBar:
    """The find bar of the Ask place."""
    return document_pane(window).find_bar


def empty_view(window: MainWindow) -> EmptyView:
    """What is shown while no document is open."""
    return document_pane(window).empty


def answer_marks(view: DocumentView) -> Sequence[Mark]:
    """How ``view`` marks answers; the chosen one is the strong one."""
    return view._answers


def label_session(window: MainWindow) -> LabelSession:
    """The label that is shown, with the marked words."""
    return label_place(window).controller.session


def label_view(window: MainWindow) -> LabelView:
    """The view of the Label place."""
    return label_place(window).controller.view


def queue_panel(window: MainWindow) -> QueuePanel:
    """The list of labels."""
    return label_view(window).queue


def label_answers(window: MainWindow) -> AnswerPanel:
    """The answers and the note of the label that is shown."""
    return label_view(window).answers


def span_view(window: MainWindow) -> SpanView:
    """The text of the label that is shown."""
    return label_view(window).view


def current_place(window: MainWindow) -> object:
    """The place that is shown."""
    return window._current


def ask(qtbot: QtBot, window: MainWindow, question: str) -> None:
    """Type ``question``, press Enter and wait for the last answer."""
    field_ = question_field(window)
    field_.setText(question)
    with qtbot.waitSignal(ask_session(window).finished, timeout=20_000):
        field_.returnPressed.emit()


def document(window: MainWindow) -> Document:
    """The open document."""
    assert ask_session(window).document is not None
    return ask_session(window).document


def buttons_in(layout: QBoxLayout) -> list[QPushButton]:
    """The buttons of ``layout``, in order."""
    items = [layout.itemAt(index) for index in range(layout.count())]
    widgets = [item.widget() for item in items if item]
    return [widget for widget in widgets if isinstance(widget, QPushButton)]


def message_button(window: MainWindow, text: str) -> QAbstractButton:
    """The button of the message that is shown."""
    return next(button for button in window.services.messages.findChildren(QAbstractButton) if button.text() == text)
