"""The history: questions with their answers, searched, starred, opened, asked again, forgotten and exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import (
    MakeWindow,
    ScriptedReader,
    answers_panel,
    ask,
    ask_session,
    current_place,
    message_button,
    question_field,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from qadesk.records import HistoryEntry
from qadesk.ui.history.asking_again import AskingAgain
from qadesk.ui.history.history_controller import HistoryController
from qadesk.ui.history.history_place import HistoryPlace
from qadesk.ui.history.other_model_dialog import OtherModelDialog
from qadesk.ui.history.then_and_now_dialog import ThenAndNowDialog
from qadesk.ui.services.export_dialog import ExportDialog
from qadesk.ui.shell.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
TEXT = "Ada wrote the note. Bob read it. Ada kept it."


def place(window: MainWindow) -> HistoryPlace:
    history = window.place("history")
    assert isinstance(history, HistoryPlace)
    return history


def controller(window: MainWindow) -> HistoryController:
    return place(window).controller


def listed(window: MainWindow) -> list[HistoryEntry]:
    return controller(window).view.entries.model.entries


def questions(window: MainWindow) -> list[str]:
    return [entry.question for entry in listed(window)]


def show(qtbot: QtBot, window: MainWindow, *expected: str) -> HistoryController:
    """Show the history and wait until it lists the questions ``expected``, the newest first."""
    window.show_place("history")
    qtbot.waitUntil(lambda: questions(window) == list(expected))
    return controller(window)


def open_file(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        window.services.documents.open(path)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow, note: Path) -> MainWindow:
    """A window in which a file was asked two questions."""
    window = make_window(ScriptedReader([("Ada", 0.9), ("Bob", 0.3)]))
    open_file(qtbot, window, note)
    ask(qtbot, window, "Who wrote it?")
    ask(qtbot, window, "Who read it?")
    return window


def test_nothing_was_asked(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    qtbot.keyClick(window, Qt.Key.Key_4, CTRL)
    view = show(qtbot, window).view
    assert current_place(window) is place(window)
    qtbot.waitUntil(lambda: view.empty.isVisible() and view.empty.hasFocus())
    assert "on this computer" in view.empty_hint.text()
    assert not window.commands["history_open"].isEnabled()


def test_a_question_is_listed_with_all_its_answers(qtbot: QtBot, window: MainWindow) -> None:
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    panel = shown.view.entry
    assert panel.question.text() == "Who read it?"
    assert "note.txt · opinions · " in panel.about.text()
    assert [card.accessibleName()[:14] for card in panel.cards] == ["Answer 1: Ada.", "Answer 2: Bob."]
    assert "Very likely" in panel.cards[0].accessibleName()
    assert panel.options.text() == "Asked with: the documents usually hold the answer."
    row = shown.view.entries.model.index(0)
    spoken = row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Who read it?. Ada · Very likely")
    assert window.commands["history_open"].isEnabled()


def test_the_keyboard_goes_through_the_list_and_the_answers(qtbot: QtBot, window: MainWindow) -> None:
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    entries, panel = shown.view.entries, shown.view.entry
    qtbot.waitUntil(entries.list.hasFocus)
    qtbot.keyClick(entries.list, Qt.Key.Key_Down)
    assert panel.question.text() == "Who wrote it?"
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert panel.chosen == 1
    assert panel.cards[1].hasFocus()
    qtbot.keyClick(panel.cards[1], Qt.Key.Key_Up)
    assert panel.chosen == 0
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    assert entries.search.hasFocus()


def test_unlikely_answers_are_shown_on_request(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([("Ada", 0.9), ("Bob", 0.02), ("note", 0.01)]), text=TEXT)
    ask(qtbot, window, "Who?")
    panel = show(qtbot, window, "Who?").view.entry
    assert panel.unlikely.text() == "Show 2 unlikely ones"
    assert [card.isVisible() for card in panel.cards] == [True]
    panel.unlikely.click()
    assert [card.isVisible() for card in panel.cards] == [True, True, True]
    assert (panel.chosen, panel.unlikely.isVisible()) == (1, False)


def test_a_search_and_the_filter(qtbot: QtBot, window: MainWindow) -> None:
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    entries = shown.view.entries
    qtbot.keyClick(window, Qt.Key.Key_D, CTRL)
    qtbot.waitUntil(lambda: listed(window)[0].is_starred)
    assert shown.view.entry.star.text() == "★ Starred"
    entries.search.setText("WROTE")
    qtbot.waitUntil(lambda: questions(window) == ["Who wrote it?"])
    entries.search.setText("")
    entries.starred.setChecked(True)
    qtbot.waitUntil(lambda: questions(window) == ["Who read it?"])
    entries.search.setText("nowhere")
    qtbot.waitUntil(lambda: entries.note.text().startswith("No question is like this."))
    assert not shown.view.empty.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: questions(window) == ["Who read it?", "Who wrote it?"])


def test_an_answer_is_opened_in_its_document_with_its_words_marked(qtbot: QtBot, window: MainWindow) -> None:
    window.services.documents.paste("Other words.")
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    shown.view.entry.cards[1].click()
    qtbot.waitUntil(lambda: ask_session(window).answers is not None, timeout=10_000)
    assert current_place(window) is window.place("ask")
    assert (ask_session(window).span, question_field(window).text()) == ((20, 23), "Who read it?")
    assert "Bob" in answers_panel(window).cards[0].accessibleName()
    assert not window.services.messages.text


def test_an_answer_that_stands_elsewhere_now_is_looked_for(qtbot: QtBot, window: MainWindow, note: Path) -> None:
    note.write_text(f"A line more. {TEXT}", encoding="utf-8")
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    shown.view.entry.cards[1].click()
    qtbot.waitUntil(lambda: ask_session(window).span == (33, 36), timeout=10_000)


def test_an_answer_that_is_gone_is_asked_for_anew(qtbot: QtBot, window: MainWindow, note: Path) -> None:
    note.write_text("Ada is here.", encoding="utf-8")
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    with qtbot.waitSignal(ask_session(window).finished, timeout=10_000):
        shown.view.entry.cards[1].click()
    assert "has changed since then" in window.services.messages.text
    assert ask_session(window).span == (0, 3)


def test_a_file_that_is_gone_says_so(qtbot: QtBot, window: MainWindow, note: Path) -> None:
    note.unlink()
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    shown.open_chosen()
    qtbot.waitUntil(lambda: "note.txt" in window.services.messages.text, timeout=10_000)
    assert current_place(window) is place(window)


def test_a_pasted_text_is_opened_and_asked_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([("Ada", 0.9)]), text=TEXT)
    ask(qtbot, window, "Who?")
    window.services.documents.close()
    shown = show(qtbot, window, "Who?")
    qtbot.keyClick(shown.view.entries.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ask_session(window).span == (0, 3))
    assert "2 places" in answers_panel(window).cards[0].accessibleName()
    window.show_place("history")
    with qtbot.waitSignal(shown.again.answered, timeout=10_000):
        shown.ask_again()
    qtbot.waitUntil(lambda: questions(window) == ["Who?", "Who?"])


def test_asking_again_shows_then_and_now(qtbot: QtBot, window: MainWindow, note: Path) -> None:
    note.write_text("Ada wrote it. Eve read it.", encoding="utf-8")
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    with qtbot.waitSignal(shown.again.answered, timeout=10_000):
        qtbot.keyClick(window, Qt.Key.Key_A, CTRL | Qt.KeyboardModifier.ShiftModifier)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, ThenAndNowDialog)
    rows = [[dialog.rows.topLevelItem(row).text(column) for column in range(3)] for row in range(3)]
    assert [row[0] for row in rows] == ["= same", "− gone", "No answer"]
    assert rows[1][1].startswith("Bob\n30")
    assert rows[1][2] == "–"
    assert "is the same" in dialog.summary.text()
    qtbot.waitUntil(lambda: questions(window) == ["Who read it?", "Who read it?", "Who wrote it?"])
    dialog.open_button.click()
    qtbot.waitUntil(lambda: current_place(window) is window.place("ask"), timeout=10_000)


def test_another_model_is_asked_beside_the_one_in_use(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ScriptedReader([("Bob", 0.8)])
    other.model = type(other.model)(name="other", folder=Path("other"))
    monkeypatch.setattr("qadesk.app.reading.load.load_reader", lambda *_args, **_options: other)
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    shown.again.ask(listed(window)[0], Path("other"))
    qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, ThenAndNowDialog), timeout=10_000)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, ThenAndNowDialog)
    assert dialog.rows.headerItem().text(2) == "Now · other"
    assert dialog.summary.text() == 'The answer has changed: "Ada" then, "Bob" now.'
    assert [dialog.rows.topLevelItem(row).text(0) for row in range(2)] == ["▲ surer", "− gone"]
    qtbot.waitUntil(lambda: listed(window)[0].model == "other")
    assert window.services.reader.model_name == "opinions"


def test_the_other_models_are_offered(qtbot: QtBot, window: MainWindow) -> None:
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    shown.ask_other_model()
    qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, OtherModelDialog), timeout=10_000)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, OtherModelDialog)
    assert not dialog.ask.isEnabled()  # there is only the one in use


def test_a_collection_that_is_gone_is_said(qtbot: QtBot, window: MainWindow) -> None:
    again = AskingAgain(window.services, window)
    entry = HistoryEntry(0, "Who?", 1.0, "Papers", None, "", "reader", (), None, 0.1, ())
    with qtbot.waitSignal(again.failed) as failed:
        again.ask(entry)
    assert "'Papers' is not in the library" in str(failed.args[0])
    assert not again.is_working


def test_forgetting_is_undone(qtbot: QtBot, window: MainWindow) -> None:
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    qtbot.keyClick(shown.view.entries.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: questions(window) == ["Who wrote it?"])
    assert shown.view.entry.question.text() == "Who wrote it?"
    qtbot.waitUntil(lambda: "Forgotten" in window.services.messages.text)
    message_button(window, "Undo").click()
    qtbot.waitUntil(lambda: questions(window) == ["Who read it?", "Who wrote it?"])
    shown.forget_source()
    qtbot.waitUntil(lambda: questions(window) == [])
    qtbot.waitUntil(lambda: "note.txt are forgotten. 2 questions." in window.services.messages.text)
    message_button(window, "Undo").click()
    qtbot.waitUntil(lambda: questions(window) == ["Who read it?", "Who wrote it?"])


def test_all_is_forgotten_after_it_was_confirmed(qtbot: QtBot, window: MainWindow) -> None:
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    shown.view.entries.forget_all.click()
    box = window.services.dialogs.current
    assert box is not None
    next(button for button in box.findChildren(QPushButton) if button.text() == "Forget all").click()
    qtbot.waitUntil(lambda: questions(window) == [], timeout=10_000)
    assert shown.view.empty.isVisible()


def test_what_is_copied_says_where_it_stands(qtbot: QtBot, window: MainWindow) -> None:
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    window.run_command("copy")
    assert QGuiApplication.clipboard().text() == "“Ada” (note.txt, characters 0–3)"
    shown.view.entry.copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "Who read it?",
        "Very likely, 90\u00a0%",
        "Alternative, 30\u00a0%",
    ]


def test_what_is_listed_is_exported(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = show(qtbot, window, "Who read it?", "Who wrote it?")
    target = tmp_path / "answers.md"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    shown.view.entries.export_all.click()
    qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, ExportDialog))
    dialog = window.services.dialogs.current
    assert isinstance(dialog, ExportDialog)
    with qtbot.waitSignal(window.services.export.work_ended, timeout=10_000):
        dialog.save_button.click()
    written = target.read_text(encoding="utf-8")
    assert all(words in written for words in ("Who read it?", "Who wrote it?", "Bob"))


def test_a_question_is_exported_alone_or_with_those_to_its_document(qtbot: QtBot, window: MainWindow) -> None:
    show(qtbot, window, "Who read it?", "Who wrote it?").view.entry.export.click()
    qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, ExportDialog))
    dialog = window.services.dialogs.current
    assert isinstance(dialog, ExportDialog)
    assert [button.text() for button in dialog.what] == ["&This question", "&All 2 questions to note.txt"]


def test_nothing_is_kept_where_the_user_wants_it_so(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([("Ada", 0.9)]), text=TEXT, **{"history.keep": False})
    ask(qtbot, window, "Who?")
    view = show(qtbot, window).view
    qtbot.waitUntil(lambda: view.empty.isVisible() and "history is off" in view.empty_hint.text())


def test_older_questions_are_read_when_the_list_is_scrolled(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qadesk.app.history import history_entries, restore
    from qadesk.records import ForgottenEntry

    (entry, *_rest) = history_of(qtbot, window, history_entries)
    rows = [ForgottenEntry(copy_with_id(entry, number), None) for number in range(100, 550)]
    window.services.store.run(lambda store: restore(store, rows))
    window.show_place("history")
    qtbot.waitUntil(lambda: len(listed(window)) == 200)
    panel = controller(window).view.entries
    panel.list.scrollToBottom()
    qtbot.waitUntil(lambda: len(listed(window)) == 400)
    panel.list.scrollToBottom()
    qtbot.waitUntil(lambda: len(listed(window)) == 452)
    assert [entry.id for entry in listed(window)[:2]] == [549, 548]


def history_of(qtbot: QtBot, window: MainWindow, read: Callable[..., list[HistoryEntry]]) -> list[HistoryEntry]:
    """What the database has now."""
    results: list[list[HistoryEntry]] = []
    window.services.store.run(read, done=results.append)
    qtbot.waitUntil(lambda: bool(results))
    return results[0]


def copy_with_id(entry: HistoryEntry, number: int) -> HistoryEntry:
    from dataclasses import replace

    return replace(entry, id=number)


def test_a_past_answer_leads_back_to_the_history(qtbot: QtBot, window: MainWindow) -> None:
    show(qtbot, window, "Who read it?", "Who wrote it?").open_chosen()
    panel = answers_panel(window)
    qtbot.waitUntil(panel.back.isVisible)
    assert panel.back.text() == "‹ Back to the history"
    panel.back.click()
    assert current_place(window) is window.place("history")


def test_the_buttons_go_on_below_in_a_narrow_window(qtbot: QtBot, window: MainWindow) -> None:
    entry = show(qtbot, window, "Who read it?", "Who wrote it?").view.entry
    window.resize(900, 700)
    entry.resize(360, 500)
    qtbot.waitUntil(lambda: entry.forget.y() > entry.open.y())
    assert entry.area.horizontalScrollBar().maximum() == 0
