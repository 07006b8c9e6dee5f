"""The dialog of an import: what annotators chose, and what the user says that it means."""

from __future__ import annotations

import json
from pathlib import Path

from driving import MakeWindow, ScriptedReader, label_place
from labels_driving import FOUND, kept, settle
from pytestqt.qtbot import QtBot

from qadesk.ui.label.import_dialog import ImportProblems


def tasks(tmp_path: Path, *choices: str) -> Path:
    rows = [
        {"data": {"text": "Ada in 1843.", "question": f"Who, {number}?"},
         "annotations": [{"result": [{"type": "choices", "value": {"choices": [choice]}}]}]}
        for number, choice in enumerate(choices)
    ]  # fmt: skip
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_the_user_says_which_choices_mean_not_in_the_text(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(ScriptedReader(FOUND))
    place = label_place(window)
    place.exchange.import_file(tasks(tmp_path, "Keine Antwort", "Keine Antwort", "Schwer", "Not in the text"))
    qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, ImportProblems))
    dialog = window.services.dialogs.current
    assert isinstance(dialog, ImportProblems)
    boxes = dialog.boxes
    assert [(box.text(), box.isChecked(), box.isEnabled()) for box in boxes.values()] == [
        ("Keine Antwort (2 times)", False, True),
        ("Schwer (once)", False, True),
        ("Not in the text (once)", True, False),
    ]
    assert all(box.accessibleName() for box in boxes.values())
    boxes["Keine Antwort"].click()
    assert dialog.no_answer == ["Keine Antwort"]
    dialog.import_button.click()
    qtbot.waitUntil(lambda: "4 labels imported." in window.services.messages.text)
    settle(qtbot, window.services.labels)
    assert [(label.is_impossible, label.state) for label in kept()] == [
        (True, "labelled"), (True, "labelled"), (False, "open"), (True, "labelled"),
    ]  # fmt: skip


def test_choices_that_are_known_are_not_asked_about(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window(ScriptedReader(FOUND))
    label_place(window).exchange.import_file(tasks(tmp_path, "No answer"))
    qtbot.waitUntil(lambda: "1 label imported." in window.services.messages.text)
    settle(qtbot, window.services.labels)
    assert [label.is_impossible for label in kept()] == [True]
