"""Labels of other people, and asked questions that become labels, in the real window."""

from __future__ import annotations

import json
from pathlib import Path

from driving import MakeWindow, ScriptedReader, ask, label_answers, label_place, label_session, label_view, queue_panel
from labels_driving import CTRL, FOUND, QUESTIONS, TEXT, kept, opened, press, seed, settle, with_store
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QPushButton
from pytestqt.qtbot import QtBot

from qadesk.app.labelling import labels
from qadesk.records import LABELLED, OPEN
from qadesk.ui.shell.main_window import MainWindow


def question(window: MainWindow) -> str:
    label = label_session(window).label
    return label.question if label else ""


def import_of_bo(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    """Import a file in which Bo has answered the first two questions."""
    rows = [
        {
            "question": asked,
            "author": "Bo",
            "context": TEXT,
            "answers": [{"text": words, "answer_start": TEXT.index(words)}],
        }
        for asked, words in zip(QUESTIONS[:2], ("Penhale", "Thomas Reeve"), strict=True)
    ]
    path = folder / "bo.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    label_place(window).exchange.import_file(path)
    qtbot.waitUntil(lambda: queue_panel(window).author.count() == 2)


def test_the_labels_of_another_person_are_listed_apart(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    seed()
    window = opened(qtbot, make_window)
    queue = queue_panel(window)
    assert not queue.author.isVisible()
    press(window, qtbot, Qt.Key.Key_Return)
    settle(qtbot, window.services.labels)
    import_of_bo(qtbot, window, tmp_path)
    assert queue.author.isVisible()
    assert queue.progress.text() == "2 open, 1 labelled"
    assert len(queue.model.labels) == 3
    queue.author.setCurrentIndex(1)
    qtbot.waitUntil(lambda: [label.author for label in queue.model.labels] == ["Bo", "Bo"])
    qtbot.waitUntil(lambda: "by Bo" in label_answers(window).state.text())
    queue.go_to(1)
    qtbot.waitUntil(lambda: question(window) == QUESTIONS[1])
    press(window, qtbot, Qt.Key.Key_Return)
    settle(qtbot, window.services.labels)
    own = {label.question: label for label in kept()}
    assert [own[asked].state for asked in QUESTIONS] == [LABELLED, LABELLED, OPEN]
    assert len(with_store(lambda store: labels.labels(store, author="Bo"))) == 2


def test_a_file_that_names_nobody_can_be_another_persons(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, Qt.Key.Key_Return)
    settle(qtbot, window.services.labels)
    rows = [{"question": asked, "title": "lamp.txt", "context": TEXT, "is_impossible": True} for asked in QUESTIONS[:2]]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, [*rows, {**rows[0], "question": "Why?"}])), encoding="utf-8")
    label_place(window).exchange.import_file(path)

    def button() -> QPushButton | None:
        buttons = window.services.messages.findChildren(QPushButton)
        return next((button for button in buttons if "another" in button.text()), None)

    qtbot.waitUntil(lambda: button() is not None)
    assert len(kept()) == 4
    clicked = button()
    assert clicked is not None
    clicked.click()
    dialog = window.services.dialogs.current
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue(" Bo ")
    dialog.accept()
    qtbot.waitUntil(lambda: queue_panel(window).author.count() == 2)
    assert len(kept()) == 3
    assert len(with_store(lambda store: labels.labels(store, author="Bo"))) == 3


def test_a_disagreement_leads_to_both_labels(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    seed()
    window = opened(qtbot, make_window)
    press(window, qtbot, "n")
    settle(qtbot, window.services.labels)
    import_of_bo(qtbot, window, tmp_path)
    checks = label_place(window).controller.checks
    label_view(window).side.setCurrentWidget(checks)
    qtbot.waitUntil(lambda: checks.tree.topLevelItemCount() == 1)
    finding = checks.tree.topLevelItem(0).child(0)
    assert finding.text(0) == f"“{QUESTIONS[0]}”: you say ‘no answer’, Bo says “Penhale”."
    checks.tree.itemClicked.emit(finding.child(1), 0)
    qtbot.waitUntil(lambda: label_session(window).label is not None and label_session(window).label.author == "Bo")
    checks.tree.itemClicked.emit(finding.child(0), 0)
    qtbot.waitUntil(lambda: label_session(window).label is not None and label_session(window).label.author == "")


def test_what_was_asked_of_a_labelled_document_comes_and_can_be_taken_out(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    window = make_window(ScriptedReader(FOUND), text=TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    ask(qtbot, window, "Who built the tower?")
    press(window, qtbot, Qt.Key.Key_Return, modifiers=CTRL)  # a label of the second question
    settle(qtbot, window.services.labels)
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    queue = queue_panel(window)
    qtbot.waitUntil(lambda: len(queue.model.labels) == 2)
    assert {label.question: label.state for label in kept()}["Who lit the lamp?"] == OPEN
    assert "1 question that you asked" in window.services.messages.text
    with_store(lambda store: labels.delete(store, [label.id for label in kept() if label.state == OPEN]))
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    settle(qtbot, window.services.labels)
    assert len(kept()) == 1


def test_the_open_document_without_labels_offers_what_was_asked(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(FOUND), text=TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    steps = label_view(window).next_steps
    qtbot.waitUntil(lambda: "take_asked" in steps.buttons)
    assert kept() == []
    steps.buttons["take_asked"].click()
    qtbot.waitUntil(lambda: question(window) == "Who lit the lamp?")


def test_with_the_setting_off_nothing_comes(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(FOUND), text=TEXT, labels__asked=False)
    ask(qtbot, window, "Who lit the lamp?")
    ask(qtbot, window, "Who built the tower?")
    press(window, qtbot, Qt.Key.Key_Return, modifiers=CTRL)
    settle(qtbot, window.services.labels)
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    settle(qtbot, window.services.labels)
    assert len(kept()) == 1
