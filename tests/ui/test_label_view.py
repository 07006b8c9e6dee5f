"""The label view in the real window: all of it works by the keyboard, and all is written at once."""

from __future__ import annotations

from typing import Literal

import pytest
from driving import (
    MakeWindow,
    ScriptedReader,
    answer_marks,
    ask_place,
    current_place,
    label_answers,
    label_place,
    label_session,
    label_view,
    question_field,
    queue_panel,
    span_view,
)
from labels_driving import (
    ALT,
    CTRL,
    FOUND,
    QUESTIONS,
    SHIFT,
    TEXT,
    kept,
    marked,
    opened,
    press,
    seed,
    settle,
    with_store,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_accessibility import nameless

from qadesk.app.labelling import labels
from qadesk.app.labelling.relocate import relocate_labels
from qadesk.labels import spans
from qadesk.qa.engine import Reader
from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, Document, GoldSpan
from qadesk.ui.label.label_keys import Action, ChooseAnswer, KeyAction, MoveSpan, action_of
from qadesk.ui.shell.main_window import MainWindow

RETURN, LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down


def question(window: MainWindow) -> str:
    label = label_session(window).label
    return label.question if label else ""


def texts_of(number: int) -> list[str]:
    return [answer.text for answer in kept()[number].answers]


def by_question() -> dict[str, str]:
    return {label.question: label.state for label in kept()}


def test_enter_accepts_what_the_model_suggests_and_goes_on(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    assert queue_panel(window).progress.text() == "3 open"
    assert (question(window), marked(window)) == (QUESTIONS[0], "Isaac Penhale")
    press(window, qtbot, RETURN)
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[1])
    press(window, qtbot, "2", RETURN)
    settle(qtbot, window.services.labels)
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[2])
    assert queue_panel(window).progress.text() == "1 open, 2 labelled"
    start = TEXT.index("Isaac")
    answers = {label.question: label.answers for label in kept() if label.state == LABELLED}
    assert answers[QUESTIONS[0]] == (GoldSpan(start, start + 13, "Isaac Penhale"),)
    reeve = TEXT.index("Thomas")  # after an emoji and a line end, which Qt counts differently
    assert answers[QUESTIONS[1]] == (GoldSpan(reeve, reeve + 12, "Thomas Reeve"),)


def test_arrows_and_brackets_move_the_span(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    steps: list[tuple[Qt.Key | str, Qt.KeyboardModifier, str]] = [
        (RIGHT, Qt.KeyboardModifier.NoModifier, "Penhale in"),
        (LEFT, Qt.KeyboardModifier.NoModifier, "Isaac Penhale"),
        (RIGHT, SHIFT, "Isaac Penhale in"),
        (LEFT, SHIFT, "Isaac Penhale"),
        ("[", Qt.KeyboardModifier.NoModifier, "by Isaac Penhale"),
        ("]", Qt.KeyboardModifier.NoModifier, "Isaac Penhale"),
        ("}", Qt.KeyboardModifier.NoModifier, "Isaac Penhale in"),
        ("{", Qt.KeyboardModifier.NoModifier, "Isaac Penhale"),
        (RIGHT, SHIFT | ALT, "Isaac Penhale "),
        (LEFT, SHIFT | ALT, "Isaac Penhale"),
        ("[", ALT, " Isaac Penhale"),
        (RIGHT, ALT, "Isaac Penhale "),
    ]
    for key, modifiers, words in steps:
        press(window, qtbot, key, modifiers=modifiers)
        assert marked(window) == words, (key, modifiers)
    press(window, qtbot, RETURN)
    settle(qtbot, window.services.labels)
    assert texts_of(0) == ["Isaac Penhale"]  # without the white space at its end


def test_n_s_a_and_delete(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, "a")
    settle(qtbot, window.services.labels)
    assert question(window) == QUESTIONS[0]  # more can be added
    press(window, qtbot, RIGHT, RIGHT, "a")
    settle(qtbot, window.services.labels)
    assert sorted(texts_of(0)) == ["Isaac Penhale", "in 1862"]
    press(window, qtbot, "a")
    assert "Mark other words" in label_answers(window).message.text()
    press(window, qtbot, Qt.Key.Key_Delete)
    settle(qtbot, window.services.labels)
    assert texts_of(0) == ["Isaac Penhale"]
    press(window, qtbot, Qt.Key.Key_Backspace)
    settle(qtbot, window.services.labels)
    assert by_question()[QUESTIONS[0]] == OPEN
    press(window, qtbot, "n")
    settle(qtbot, window.services.labels)
    assert question(window) == QUESTIONS[1]
    press(window, qtbot, "s")
    settle(qtbot, window.services.labels)
    assert by_question() == {QUESTIONS[0]: LABELLED, QUESTIONS[1]: SKIPPED, QUESTIONS[2]: OPEN}
    assert next(label for label in kept() if label.question == QUESTIONS[0]).is_impossible


def test_keys_faster_than_the_disk_lose_nothing(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, "a", RIGHT, "a", RIGHT, "a", RETURN)
    settle(qtbot, window.services.labels)
    assert texts_of(0) == ["Isaac Penhale", "Penhale in", "in 1862"]


def test_undo_and_redo_without_limit_and_after_a_restart(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, RETURN)
    press(window, qtbot, "n")
    press(window, qtbot, "s")
    settle(qtbot, window.services.labels)
    assert set(by_question().values()) == {LABELLED, SKIPPED}
    window.close()
    second_window = opened(qtbot, make_window)
    for _ in range(3):
        qtbot.waitUntil(second_window.commands["undo"].isEnabled)
        press(second_window, qtbot, Qt.Key.Key_Z, modifiers=CTRL)
        settle(qtbot, second_window.services.labels)
    assert set(by_question().values()) == {OPEN}
    qtbot.waitUntil(lambda: "Undone: " in label_answers(second_window).message.text())
    for _ in range(3):
        press(second_window, qtbot, Qt.Key.Key_Z, modifiers=CTRL | SHIFT)
        settle(qtbot, second_window.services.labels)
    assert set(by_question().values()) == {LABELLED, SKIPPED}
    settle(qtbot, second_window.services.labels)
    label = label_session(second_window).label
    assert label is not None
    assert (label.question, label.state) == (QUESTIONS[2], SKIPPED)  # what was done again last is shown


def test_up_and_down_go_through_the_queue_from_the_text_and_from_the_list(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    seed()
    window = opened(qtbot, make_window)
    view = label_view(window)
    for target in (view.view, view.queue.list):
        target.setFocus()
        press(window, qtbot, DOWN)
        assert question(window) == QUESTIONS[1]
        press(window, qtbot, UP, UP)
        assert question(window) == QUESTIONS[0]


def test_the_question_is_edited_in_place(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    line = label_view(window).question
    press(window, qtbot, "e")
    assert QApplication.focusWidget() is line.field
    line.field.setText("never mind")
    press(window, qtbot, Qt.Key.Key_Escape)
    assert line.label.text() == QUESTIONS[0]
    assert QApplication.focusWidget() is span_view(window)
    press(window, qtbot, "e", "Who first lit it?", RETURN)
    settle(qtbot, window.services.labels)
    assert kept()[0].question == "Who first lit it?"
    assert line.label.text() == "Who first lit it?"
    assert question(window) == "Who first lit it?"  # the field handled Enter
    press(window, qtbot, "e", "Who?")
    queue_panel(window).list.setFocus()  # to leave the field finishes the editing
    settle(qtbot, window.services.labels)
    assert kept()[0].question == "Who?"


def test_a_note_is_saved_soon_and_when_another_label_is_shown(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, "m", "ask Anna, n")
    assert label_answers(window).note.toPlainText() == "ask Anna, n"
    queue_panel(window).go_to(1)
    settle(qtbot, window.services.labels)
    assert kept()[0].note == "ask Anna, n"
    assert kept()[0].state == OPEN
    assert label_answers(window).note.toPlainText() == ""
    label_answers(window).note.setPlainText("typed, and the window closed")
    window.close()
    assert kept()[1].note == "typed, and the window closed"


def test_a_selection_by_mouse_snaps_to_words(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    view = span_view(window)
    start = TEXT.index("Thomas")
    cursor = view.textCursor()
    cursor.setPosition(view._map.position(start + 2))
    cursor.setPosition(view._map.position(start + 8), cursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=view.cursorRect(cursor).center())
    assert marked(window) == "Thomas Reeve"
    assert not view.textCursor().hasSelection()
    cursor.setPosition(view._map.position(start + 2))
    cursor.setPosition(view._map.position(start + 8), cursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, ALT, view.cursorRect(cursor).center())
    assert marked(window) == "omas R"


def drag(qtbot: QtBot, window: MainWindow, side: Literal["start", "end"], offset: int) -> None:
    """Drag the handle at ``side`` to the left edge of the character at ``offset``."""
    view = span_view(window)
    handle = view.handles()[side].center().toPoint()
    cursor = view.textCursor()
    cursor.setPosition(view._map.position(offset))
    target = view.cursorRect(cursor).center()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=handle)
    assert view.is_dragging
    qtbot.mouseMove(view.viewport(), target)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=target)
    assert not view.is_dragging


def test_the_ends_of_the_span_are_dragged(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    view = span_view(window)
    drag(qtbot, window, "start", TEXT.index("by") + 1)
    assert marked(window) == "by Isaac Penhale"
    drag(qtbot, window, "end", TEXT.index("Isaac") + 3)
    assert marked(window) == "by Isaac"
    drag(qtbot, window, "end", TEXT.index("The"))  # beyond the other end
    assert marked(window) == "by"
    assert [mark.strong for mark in answer_marks(view)].count(True) == 1
    qtbot.mouseMove(view.viewport(), view.handles()["end"].center().toPoint())
    assert view.viewport().cursor().shape() == Qt.CursorShape.SizeHorCursor
    assert not view.textCursor().hasSelection()
    assert kept()[0].state == OPEN
    press(window, qtbot, RETURN)
    settle(qtbot, window.services.labels)
    assert texts_of(0) == ["by"]


def test_focus_on_a_button_keeps_enter(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    label_answers(window).skip.setFocus()
    press(window, qtbot, RETURN)
    settle(qtbot, window.services.labels)
    assert by_question()[QUESTIONS[0]] == SKIPPED


def test_without_a_suggestion_the_arrows_begin_at_the_top_of_the_screen(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed(QUESTIONS[:1])
    window = opened(qtbot, make_window, ScriptedReader([], None))
    assert marked(window) == ""
    press(window, qtbot, RETURN)
    assert "Mark the right words first" in label_answers(window).message.text()
    press(window, qtbot, RIGHT)
    assert marked(window) == "The"
    press(window, qtbot, RIGHT)
    assert marked(window) == "lamp"


def test_where_the_model_finds_no_answer_enter_says_so(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window, ScriptedReader([("Isaac Penhale", 0.2)], 0.7))
    panel = label_answers(window)
    assert "finds no answer" in panel.remark.text()
    assert "Isaac Penhale" in panel.remark.text()
    assert (marked(window), panel.marked.text()) == ("", "∅  Not in the text")
    assert [(mark.strong, mark.doubtful) for mark in answer_marks(span_view(window))] == [(False, True)]
    press(window, qtbot, RETURN)
    settle(qtbot, window.services.labels)
    assert (kept()[0].state, kept()[0].is_impossible) == (LABELLED, True)


@pytest.mark.parametrize("key", ["1", RIGHT])
def test_its_guess_is_one_more_key_away(qtbot: QtBot, make_window: MakeWindow, key: Qt.Key | str) -> None:
    seed()
    window = opened(qtbot, make_window, ScriptedReader([("Isaac Penhale", 0.2)], 0.7))
    assert label_answers(window).guess.isVisible()
    press(window, qtbot, key)
    assert marked(window) == "Isaac Penhale"
    assert all(mark.doubtful for mark in answer_marks(span_view(window)))
    assert label_answers(window).no_answer.isVisible()
    press(window, qtbot, RETURN)
    settle(qtbot, window.services.labels)
    assert texts_of(0) == ["Isaac Penhale"]
    press(window, qtbot, UP)
    assert not any(mark.doubtful for mark in answer_marks(span_view(window)))  # a person accepted it


def test_a_moved_span_is_one_mark(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, RIGHT, modifiers=SHIFT)
    marks = answer_marks(span_view(window))
    assert marked(window) == "Isaac Penhale in"
    assert [(mark.number, mark.strong) for mark in marks] == [(1, True), (2, False)]
    assert marks[0].end - marks[0].start == len("Isaac Penhale in")
    label_session(window).set_span(0, 3)  # elsewhere: the suggestions stay
    assert [mark.strong for mark in answer_marks(span_view(window))] == [False, False, True]


def test_after_the_last_question_there_are_next_steps(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed(QUESTIONS[:2])
    window = opened(qtbot, make_window)
    steps = label_view(window).next_steps
    press(window, qtbot, "s")
    settle(qtbot, window.services.labels)
    qtbot.waitUntil(lambda: marked(window) != "" and question(window) == QUESTIONS[1])
    press(window, qtbot, RETURN)
    settle(qtbot, window.services.labels)
    assert steps.isVisible()
    qtbot.waitUntil(lambda: steps.title.text() == "All labelled")
    assert list(steps.buttons) == ["check", "fine_tune", "add", "skipped"]
    press(window, qtbot, Qt.Key.Key_Escape)
    assert not steps.isVisible()
    press(window, qtbot, UP)
    qtbot.waitUntil(lambda: marked(window) != "" and question(window) == QUESTIONS[0])
    press(window, qtbot, RETURN, RETURN)  # what was skipped, and then again the last one
    settle(qtbot, window.services.labels)
    assert steps.isVisible()
    assert list(steps.buttons) == ["check", "fine_tune", "add"]
    steps.buttons["check"].click()
    assert label_place(window).controller.checks.isVisible()
    assert not steps.isVisible()


def test_the_end_of_a_list_with_a_filter_leads_to_the_rest(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed(QUESTIONS[:1])
    seed(QUESTIONS[1:2], f"{TEXT} Again.", "other.txt")
    window = opened(qtbot, make_window)
    document = queue_panel(window).document
    assert [document.itemText(row) for row in range(document.count())] == [
        "All documents",
        "lamp.txt (1)",
        "other.txt (1)",
    ]
    document.setCurrentIndex(2)
    qtbot.waitUntil(lambda: marked(window) != "" and question(window) == QUESTIONS[1])
    press(window, qtbot, RETURN)
    steps = label_view(window).next_steps
    qtbot.waitUntil(lambda: "1 question elsewhere" in steps.sentence.text())
    steps.buttons["open"].click()
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[0])


def test_undo_goes_to_what_it_undoes(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, RETURN)
    settle(qtbot, window.services.labels)
    queue = queue_panel(window)
    queue.state.setCurrentIndex(queue.state.findData(LABELLED))
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[0])
    queue.state.setCurrentIndex(queue.state.findData(OPEN))
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[1])
    press(window, qtbot, DOWN)
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[2])
    press(window, qtbot, Qt.Key.Key_Z, modifiers=CTRL)
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[0])
    qtbot.waitUntil(lambda: "Undone" in label_answers(window).message.text())
    press(window, qtbot, DOWN)
    press(window, qtbot, Qt.Key.Key_Z, modifiers=CTRL | SHIFT)
    queue.show_only("")
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[0])


def test_a_late_suggestion_leaves_a_moved_span_alone(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    session = label_session(window)
    press(window, qtbot, RIGHT)
    assert session.suggestion is not None
    session.set_suggestion(session.suggestion)
    assert marked(window) == "Penhale in"


def test_lost_labels_show_their_words_and_mark_nothing(
    qtbot: QtBot, make_window: MakeWindow, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("files") / "lamp.txt"
    document = Document(TEXT, path.name, "text", path)

    def lose(store: object) -> None:
        start = TEXT.index("Isaac")
        labels.answer(store, document, QUESTIONS[0], [GoldSpan(start, start + 13, "Isaac Penhale")])  # type: ignore[arg-type]
        relocate_labels(store, Document("Thomas Reeve and others.", path.name, "text", path))  # type: ignore[arg-type]

    with_store(lose)
    window = opened(qtbot, make_window, ScriptedReader([("Thomas Reeve", 0.4)]))
    assert label_session(window).label is not None
    assert label_session(window).label.state == LOST
    assert "Isaac Penhale" in label_answers(window).remark.text()
    assert marked(window) == "Thomas Reeve"


def test_fields_keep_their_keys(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    queue = queue_panel(window)
    for field in (queue.search, queue.state, label_answers(window).note):
        field.setFocus()
        press(window, qtbot, Qt.Key.Key_Delete, RETURN)
        settle(qtbot, window.services.labels)
        assert set(by_question().values()) == {OPEN}, field
    queue.search.setFocus()
    press(window, qtbot, "tower", RETURN)
    assert QApplication.focusWidget() is queue.list
    qtbot.waitUntil(lambda: [label.question for label in queue.model.labels] == [QUESTIONS[1]])


def test_copy_and_find_are_about_the_label(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, Qt.Key.Key_C, modifiers=CTRL)
    assert QGuiApplication.clipboard().text() == "Isaac Penhale"
    press(window, qtbot, Qt.Key.Key_F, modifiers=CTRL)
    bar = label_view(window).find_bar
    assert QApplication.focusWidget() is bar.field
    bar.field.setText("1862")
    bar.search()
    assert bar.count.text() == "1 of 2"
    press(window, qtbot, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_the_places_and_their_keys(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = make_window(ScriptedReader(FOUND), text="Some words.")
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    assert current_place(window) is label_place(window)
    assert window.tabs.tabs.currentIndex() == 1
    assert not window.commands["close_document"].isEnabled()
    assert window.commands["open_find"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    assert current_place(window) is ask_place(window)
    assert QApplication.focusWidget() is question_field(window)
    window.tabs.tabs.setCurrentIndex(1)
    window.services.documents.paste("Another text.")
    assert current_place(window) is ask_place(window)  # an opened document is for questions


def test_all_in_the_label_view_has_a_name(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, "e")
    for tab in range(label_view(window).side.count()):
        label_view(window).side.setCurrentIndex(tab)
        assert nameless(label_place(window).widget) == [], tab


def test_tab_reaches_all_parts(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window)
    view = label_view(window)
    view.queue.search.setFocus()
    visited = []
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget())
        if visited[-1] is view.queue.search:
            break
    assert visited[-1] is view.queue.search
    parts = (
        view.queue.list,
        view.question.edit_button,
        view.view,
        view.answers.accept,
        view.answers.list,
        view.answers.note,
    )
    assert set(parts) <= set(visited)


def test_nothing_is_cut_off_at_large_text(qtbot: QtBot, make_window: MakeWindow) -> None:
    seed()
    window = opened(qtbot, make_window, view__zoom=200)
    panel = label_answers(window)
    assert panel.horizontalScrollBar().maximum() == 0
    window.services.appearance.zoom_reset()


def test_the_loss_of_the_label_is_shown_when_it_is_looked_at(
    qtbot: QtBot, make_window: MakeWindow, bundled_reader: Reader
) -> None:
    seed(QUESTIONS[:2])
    window = opened(qtbot, make_window, bundled_reader)
    inspector = label_place(window).controller.inspector
    press(window, qtbot, "a")
    settle(qtbot, window.services.labels)
    label_view(window).side.setCurrentWidget(inspector)
    qtbot.waitUntil(lambda: inspector.headline.isVisible() and "Loss" in inspector.headline.text(), timeout=20_000)


def test_a_finding_leads_to_its_label(qtbot: QtBot, make_window: MakeWindow) -> None:
    labels_ = seed()
    window = opened(qtbot, make_window)
    queue = queue_panel(window)
    queue.state.setCurrentIndex(queue.state.findData(LABELLED))
    qtbot.waitUntil(lambda: queue.model.labels == [])
    assert label_session(window).label is None
    label_place(window).controller.checks.label_requested.emit(labels_[2].key)
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[2])
    assert queue.state_filter == ""


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "action"),
    [
        (
            Qt.Key.Key_8,
            Qt.KeyboardModifier.GroupSwitchModifier,
            "[",
            MoveSpan(spans.start_moved, -1),
        ),  # German keyboards
        (Qt.Key.Key_9, CTRL | ALT, "]", MoveSpan(spans.start_moved, 1)),  # AltGr on Windows
        (Qt.Key.Key_BracketLeft, ALT, "", MoveSpan(spans.start_moved_by_character, -1)),
        (Qt.Key.Key_3, Qt.KeyboardModifier.KeypadModifier, "3", ChooseAnswer(2)),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "\r", KeyAction.ACCEPT),
        (Qt.Key.Key_N, CTRL, "", None),
        (Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier, "", None),
    ],
)
def test_keys_of_other_keyboards(key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, action: Action | None) -> None:
    assert action_of(QKeyEvent(QKeyEvent.Type.KeyPress, key, modifiers, text)) == action


def test_every_command_has_a_method(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(FOUND))
    assert set(label_view(window)._actions) == set(KeyAction)
