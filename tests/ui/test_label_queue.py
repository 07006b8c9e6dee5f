"""The queue: its order and filter, suggestions in the background, questions that are added, files."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from driving import (
    MakeWindow,
    ScriptedReader,
    ask,
    ask_place,
    current_place,
    label_place,
    label_session,
    label_view,
    queue_panel,
)
from labels_driving import CTRL, FOUND, QUESTIONS, TEXT, kept, marked, opened, press, seed, settle, with_store
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from qadesk.app.labelling import labels
from qadesk.progress import Progress
from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, Answer, Answers, Document, GoldSpan, Label, LabelText
from qadesk.ui.label.add_questions_dialog import AddQuestionsDialog, questions_in
from qadesk.ui.label.import_dialog import ImportProblems
from qadesk.ui.label.label_queue import BY_MARGIN, DOCUMENT, NEWEST, QueueModel, ordered, state_phrase, state_sign
from qadesk.ui.services.label_service import LabelService
from qadesk.ui.shell.main_window import MainWindow

OPEN_LABEL = Label(1, 1, "k", "Who?", (), False, OPEN, made=1.0)
DONE = replace(OPEN_LABEL, id=2, answers=(GoldSpan(0, 3, "Ada"),), state=LABELLED, made=2.0)


class Margins(ScriptedReader):
    """A reader with a given margin for each question, else 1."""

    def __init__(self, margins: dict[str, float]) -> None:
        super().__init__(FOUND)
        self.margins = margins

    def answer_many(self, rows: object, _options: object = None) -> Generator[Progress, None, list[Answers]]:
        yield Progress("Reading", 0, 1)
        self.asked += [question for question, _ in rows]  # type: ignore[attr-defined]
        return [self._reply(question) for question, _ in rows]  # type: ignore[attr-defined]

    def _reply(self, question: str) -> Answers:
        margin = self.margins.get(question, 1.0)
        spans = (Answer(0, 3, "The", margin, margin, margin, 1.0, 1.0, 0.0),)
        return Answers(question, spans, 0.0, 1, 1)


def listed(window: MainWindow) -> list[str]:
    return [label.question for label in queue_panel(window).model.labels]


def question(window: MainWindow) -> str:
    label = label_session(window).label
    return label.question if label else ""


def choose(window: MainWindow, order: str) -> None:
    box = queue_panel(window).order
    box.setCurrentIndex(box.findData(order))


def test_the_order_of_the_queue() -> None:
    third = replace(OPEN_LABEL, id=3, made=3.0)
    skipped = replace(OPEN_LABEL, id=4, state=SKIPPED, made=0.5)
    labels_ = [skipped, DONE, OPEN_LABEL, third]
    margins = {1: 0.4, 3: 0.1, 2: 0.0}
    assert ordered(labels_, DOCUMENT, margins) == labels_
    assert [label.id for label in ordered(labels_, NEWEST, margins)] == [3, 2, 1, 4]
    assert [label.id for label in ordered(labels_, BY_MARGIN, margins)] == [3, 1, 2, 4]
    assert [label.id for label in ordered(labels_, BY_MARGIN, {})] == [1, 3, 4, 2]


def test_every_state_has_words_and_a_sign() -> None:
    labels_ = [
        OPEN_LABEL,
        DONE,
        replace(DONE, is_impossible=True, answers=()),
        replace(OPEN_LABEL, state=SKIPPED),
        replace(DONE, state=LOST),
    ]
    assert (
        len({state_sign(label) for label in labels_}) == len({state_phrase(label) for label in labels_}) == len(labels_)
    )
    margins = (0.1, 0.5, 0.9)
    assert [state_phrase(OPEN_LABEL, margin) for margin in margins] == [
        "Open · unsure",
        "Open · fairly sure",
        "Open · sure",
    ]
    assert state_phrase(replace(DONE, answers=DONE.answers * 3)) == "Labelled: Ada (+2)"


def test_the_list_model_passes_qts_tester() -> None:
    model = QueueModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show([OPEN_LABEL, DONE], {})
    model.reorder([DONE, OPEN_LABEL], {1: 0.5})
    model.update_label(replace(DONE, note="n"))
    assert model.row_of(1) == 1
    assert model.labels[0].note == "n"
    assert isinstance(tester.model(), QAbstractListModel)


def test_what_teaches_most_comes_first_and_enter_goes_there(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    reader = Margins({QUESTIONS[0]: 0.9, QUESTIONS[1]: 0.5, QUESTIONS[2]: 0.1})
    window = opened(qtbot, make_window, reader, order=BY_MARGIN)
    qtbot.waitUntil(lambda: listed(window) == [QUESTIONS[0], QUESTIONS[2], QUESTIONS[1]])
    assert label_session(window).label is not None
    assert label_session(window).label.question == QUESTIONS[0]  # the current label stays in its place
    press(window, qtbot, Qt.Key.Key_Return)
    settle(qtbot, window.services.labels)
    assert label_session(window).label.question == QUESTIONS[2]
    choose(window, DOCUMENT)
    assert label_session(window).label.question == QUESTIONS[2]
    choose(window, NEWEST)
    assert listed(window)[0] == QUESTIONS[2]
    assert [list(QUESTIONS)[::-1], QUESTIONS[2]] == [listed(window), label_session(window).label.question]


def test_states_and_words_filter_the_list(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    queue = queue_panel(window)
    press(window, qtbot, Qt.Key.Key_Return)
    settle(qtbot, window.services.labels)
    queue.state.setCurrentIndex(queue.state.findData(LABELLED))
    qtbot.waitUntil(lambda: listed(window) == [QUESTIONS[0]])
    queue.state.setCurrentIndex(0)
    queue.search.setText("TOWER")
    qtbot.waitUntil(lambda: listed(window) == [QUESTIONS[1]])
    queue.search.setText("no such words")
    qtbot.waitUntil(lambda: listed(window) == [])
    steps = label_view(window).next_steps
    assert steps.isVisible()
    assert "No label is like this" in steps.title.text()
    steps.buttons["all"].click()
    qtbot.waitUntil(lambda: listed(window) == list(QUESTIONS))
    assert not steps.isVisible()


def test_a_labelled_question_stays_in_its_row_until_the_list_is_read_again(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    seed()
    window = opened(qtbot, make_window)
    queue = queue_panel(window)
    queue.state.setCurrentIndex(queue.state.findData(OPEN))
    settle(qtbot, window.services.labels)
    press(window, qtbot, Qt.Key.Key_Return)
    settle(qtbot, window.services.labels)
    assert listed(window) == list(QUESTIONS)
    assert queue.model.labels[0].state == LABELLED


def test_suggestions_stop_while_the_ask_place_is_shown_and_go_on_afterwards(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    questions = [f"Question {number}?" for number in range(40)]
    seed(questions)
    reader = ScriptedReader(FOUND, pause=0.02)
    window = opened(qtbot, make_window, reader, order=BY_MARGIN)
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    window.services.documents.paste(TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    assert len(reader.asked) < 40
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    queue = queue_panel(window)
    qtbot.waitUntil(
        lambda: len(label_place(window).controller.suggester.margins(queue.model.labels)) == 40, timeout=10_000
    )


def test_a_question_goes_before_suggestions_which_go_on_afterwards(qtbot: QtBot, make_window: MakeWindow) -> None:
    questions = [f"Question {number}?" for number in range(40)]
    seed(questions)
    reader = ScriptedReader(FOUND, pause=0.02)
    window = opened(qtbot, make_window, reader, order=BY_MARGIN)
    place = label_place(window).controller
    answers: list[Answers] = []
    window.services.reader.ask(
        "Who lit the lamp?",
        Document(TEXT, "lamp.txt"),
        done=answers.append,
        progress=lambda _reading: None,
        failed=pytest.fail,
    )
    qtbot.waitUntil(lambda: bool(answers))
    assert len(place.suggester.margins(place.view.queue.model.labels)) < 30
    qtbot.waitUntil(lambda: len(place.suggester.margins(place.view.queue.model.labels)) == 40, timeout=10_000)
    assert reader.asked.index("Who lit the lamp?") < 40
    assert sorted(reader.asked) == sorted([*questions, "Who lit the lamp?"])  # suspended, not begun again


def test_the_current_question_is_read_next(qtbot: QtBot, make_window: MakeWindow) -> None:
    questions = [f"Question {number}?" for number in range(40)]
    seed(questions)
    reader = ScriptedReader(FOUND, pause=0.02)
    window = opened(qtbot, make_window, reader, order=BY_MARGIN)
    session = label_session(window)
    queue_panel(window).go_to(35)
    qtbot.waitUntil(lambda: question(window) == questions[35] and session.suggestion is not None, timeout=10_000)
    assert questions[30] not in reader.asked


def test_texts_that_are_read_at_once_are_few(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        seed(["Who lit the lamp?"], f"{TEXT} {number}", f"{number}.txt")
    requests: list[int] = []
    with_texts = LabelService.with_texts

    def count(service: LabelService, ids: Iterable[int], on_done: Callable[[dict[int, LabelText]], None]) -> None:
        requests.append(len([*ids]))
        with_texts(service, ids, on_done)

    monkeypatch.setattr(LabelService, "with_texts", count)
    window = opened(qtbot, make_window, order=BY_MARGIN)
    place = label_place(window).controller
    qtbot.waitUntil(lambda: len(place.suggester.margins(place.view.queue.model.labels)) == 20, timeout=10_000)
    assert max(requests) == 8


def test_another_question_needs_another_suggestion(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed(QUESTIONS[:1])
    reader = ScriptedReader(FOUND)
    window = opened(qtbot, make_window, reader)
    label_session(window).set_question("Who built it?")
    settle(qtbot, window.services.labels)
    qtbot.waitUntil(lambda: "Who built it?" in reader.asked)


def test_an_empty_queue_shows_how_to_begin(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(FOUND))
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    settle(qtbot, window.services.labels)
    steps = label_view(window).next_steps
    assert steps.isVisible()
    assert "Ctrl+Enter" in steps.sentence.text()
    assert list(steps.buttons) == ["add", "import", "ask"]
    assert steps.buttons["add"].hasFocus()
    for key in "nsae":  # there is no label
        press(window, qtbot, key)
    press(window, qtbot, Qt.Key.Key_Delete, Qt.Key.Key_Right)
    assert kept() == []
    steps.buttons["ask"].click()
    assert current_place(window) is ask_place(window)


def test_a_deleted_question_comes_back(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, Qt.Key.Key_Delete, modifiers=CTRL)
    settle(qtbot, window.services.labels)
    assert len(kept()) == 2
    qtbot.waitUntil(lambda: listed(window) == list(QUESTIONS[1:]))
    press(window, qtbot, Qt.Key.Key_Z, modifiers=CTRL)
    settle(qtbot, window.services.labels)
    qtbot.waitUntil(lambda: listed(window) == list(QUESTIONS))


def test_the_status_line_says_which_question_it_is(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    position = window.services.status.position
    assert position.text() == "Question 1 of 3"
    assert position.accessibleName().endswith(": Question 1 of 3")


# Adding questions


def test_lines_are_questions() -> None:
    assert questions_in(" Who? \n\n\tWhen  was it?\nWho?\r\n") == ["Who?", "When was it?"]
    assert len(questions_in("x" * 5000)[0]) == 2000


def test_questions_are_added_to_the_open_document(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(FOUND), text=TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    window.commands["add_questions"].trigger()
    qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, AddQuestionsDialog))
    dialog = window.services.dialogs.current
    assert isinstance(dialog, AddQuestionsDialog)
    dialog.field.setPlainText("Who built the tower?")
    dialog.reject()  # the next dialog has the text again
    window.commands["add_questions"].trigger()
    qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, AddQuestionsDialog))
    dialog = window.services.dialogs.current
    assert isinstance(dialog, AddQuestionsDialog)
    assert dialog.field.toPlainText() == "Who built the tower?"
    dialog.copy_history.click()
    assert dialog.add.text() == "Add 2"
    dialog.add.click()
    settle(qtbot, window.services.labels)
    assert [label.question for label in kept()] == ["Who built the tower?", "Who lit the lamp?"]
    assert "2 questions added to" in window.services.messages.text
    window.commands["show_label"].trigger()
    qtbot.waitUntil(lambda: marked(window) == "Isaac Penhale")


def test_without_a_document_there_is_nothing_to_add_to(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(FOUND))
    window.commands["add_questions"].trigger()
    assert "Open a document first." in window.services.messages.text


# Files


def squad(tmp_path: Path, start: int = 0) -> Path:
    good = {"id": "a", "question": "Who?", "answers": [{"text": "Ada", "answer_start": 0}]}
    bad = {"id": "b", "question": "When?", "answers": [{"text": "1843", "answer_start": start}]}
    data = {"version": "1.1", "data": [{"title": "T", "paragraphs": [{"context": "Ada in 1843.", "qas": [good, bad]}]}]}
    path = tmp_path / "set.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_a_file_without_problems_is_imported_and_can_be_undone(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(ScriptedReader(FOUND))
    path = squad(tmp_path, 7)
    filters: list[str] = []

    def choose(_window: object, _title: str, _folder: str, file_filter: str) -> tuple[str, str]:
        filters.append(file_filter)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    window.commands["import_labels"].trigger()
    assert filters == ["Labels (*.json *.jsonl *.ndjson *.csv *.tsv *.gz);;All files (*)"]
    qtbot.waitUntil(lambda: "2 labels imported." in window.services.messages.text)
    assert len(kept()) == 2
    window.services.messages.findChild(QPushButton).click()
    settle(qtbot, window.services.labels)
    assert kept() == []
    assert not window.services.messages.isVisible()


def test_problems_are_shown_first_and_cancel_changes_nothing(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(ScriptedReader(FOUND))
    for accept in (False, True):
        label_place(window).exchange.import_file(squad(tmp_path, 0))
        qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, ImportProblems))
        dialog = window.services.dialogs.current
        assert isinstance(dialog, ImportProblems)
        assert "1843" in dialog.list.toPlainText()
        box = dialog.findChild(QDialogButtonBox)
        copy = next(button for button in box.buttons() if button.text() == "Copy")
        copy.click()
        assert QGuiApplication.clipboard().text() == dialog.text
        assert kept() == []
        dialog.import_button.click() if accept else dialog.reject()
        settle(qtbot, window.services.labels)
    assert [label.question for label in kept()] == ["Who?", "When?"]


def test_a_file_that_is_no_data_set_is_an_error_message(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window(ScriptedReader(FOUND))
    path = tmp_path / "no.json"
    path.write_text("{", encoding="utf-8")
    label_place(window).exchange.import_file(path)
    qtbot.waitUntil(window.services.messages.isVisible)
    assert "no.json" in window.services.messages.text
    assert not label_place(window).exchange.is_working


def test_labels_are_exported_in_the_chosen_format(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels_ = seed()
    with_store(lambda store: labels.set_no_answer(store, labels_[0].id))
    window = make_window(ScriptedReader(FOUND))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "out"), "SQuAD 2.0 (*.json)"))
    window.commands["export_labels"].trigger()
    qtbot.waitUntil(lambda: "1 label written to out.json." in window.services.messages.text)
    assert "2 of 3 labels are left out" in window.services.messages.text
    data = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert data["data"][0]["paragraphs"][0]["qas"][0]["is_impossible"] is True
