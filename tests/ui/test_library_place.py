"""The Library place: a real index, filled by the real indexer or in the test, and asked through the window."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import (
    MakeWindow,
    answer_marks,
    answers_panel,
    ask_session,
    current_place,
    document,
    document_view,
    message_button,
)
from driving import question_field as ask_field
from library_driving import add_folder, ask_library, fill, library_place, refill, wait_indexed
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.app.history import history_entries
from qadesk.records import HistoryEntry
from qadesk.store.database import Store
from qadesk.ui.history.asking_again import AskingAgain
from qadesk.ui.kit.jobs import Priority
from qadesk.ui.library.add_folder_dialog import AddFolderDialog
from qadesk.ui.library.files_model import NAME, STATE
from qadesk.ui.shell.main_window import MainWindow

LEASE = "The tenants pay a monthly rent of 1,140 pounds.\n\nThe deposit is 1,675 pounds.\n"
LETTER = "Dear Anna,\n\nthe boiler in the cellar was mended by Mr Colm Brady on 4 May.\n"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a lease, a letter, a copy of it, and a file that cannot be read."""
    folder = tmp_path / "papers"
    (folder / "old").mkdir(parents=True)
    (folder / "lease.txt").write_text(LEASE)
    (folder / "letter.txt").write_text(LETTER)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    return folder


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> MainWindow:
    """The window with a collection, whose index is filled; its indexer does not run yet."""
    fill("papers", folder)
    window = make_window()
    window.services.library.indexer._start_timer.stop()
    qtbot.waitUntil(lambda: window.services.library.total.indexed == 2)
    window.show_place("library")
    return window


def test_without_a_collection_it_says_what_a_library_is(make_window: MakeWindow) -> None:
    window = make_window()
    window.show_place("library")
    view = library_place(window).parts.view
    assert view.empty.isVisible()
    assert not view.splitter.isVisible()
    assert QApplication.focusWidget() is view.empty.folder_button
    assert not window.commands["library_rescan"].isEnabled()
    assert window.commands["library_add_folder"].isEnabled()


def test_a_folder_is_looked_at_then_added_then_indexed(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    window = make_window()
    window.show_place("library")
    dialog = add_folder(qtbot, window, folder)
    assert dialog.summary.text().startswith("3 documents")
    assert not dialog.question.isVisible()
    kinds = {dialog.kinds.item(row, 0).text() for row in range(dialog.kinds.rowCount())}
    assert kinds == {"Text", "PDF"} or len(kinds) == 2
    dialog.name.setText("Flat")
    dialog.add_button.click()
    wait_indexed(qtbot, window, 2)
    parts = library_place(window).parts
    assert parts.collections.current is not None
    assert parts.collections.current.name == "Flat"
    assert parts.view.strip.text.text() == "2 files are searchable."
    assert parts.view.strip.failed_button.text() == "1 file could not be read"


def test_many_files_are_asked_about(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    from qadesk.records import FolderSurvey

    window = make_window()
    window.show_place("library")
    dialog = AddFolderDialog(folder, (), window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_survey(FolderSurvey((("PDF", 18_204, 10**9),), ((".zip", 3, 5),), 12), 2000)
    assert dialog.question.isVisible()
    assert "18,204 files" in dialog.question.text()
    assert dialog.add_button.text() == "Add 18,204 documents"
    assert dialog.others.text() == "3 other files are read if they hold text: 3 .zip."


def test_an_answer_is_found_in_its_document_and_opened_there(qtbot: QtBot, window: MainWindow) -> None:
    ask_library(qtbot, window, "How much is the deposit?")
    place = library_place(window)
    card = place.parts.view.answers.cards[0]
    assert "1,675 pounds" in card.accessibleName()
    assert "lease.txt" in card.accessibleName()
    card.click()
    qtbot.waitUntil(lambda: ask_session(window).document is not None)
    qtbot.waitUntil(lambda: ask_session(window).answer is not None)
    assert document(window).text == LEASE
    assert ask_field(window).text() == "How much is the deposit?"
    assert "1,675 pounds" in ask_session(window).answer.text
    assert answer_marks(document_view(window))
    assert answers_panel(window).back.isVisible()
    answers_panel(window).back.click()
    assert current_place(window) is place
    assert place.parts.asking.session.answer is not None
    assert place.parts.view.bar.field.text() == "How much is the deposit?"


def test_the_next_answer_of_the_open_document_does_not_open_it_again(qtbot: QtBot, window: MainWindow) -> None:
    ask_library(qtbot, window, "How much is the deposit?")
    library_place(window).parts.asking.open_chosen()
    qtbot.waitUntil(lambda: ask_session(window).answer is not None)
    opened = document(window)
    window.show_place("library")
    ask_library(qtbot, window, "What is the monthly rent?")
    library_place(window).parts.asking.open_chosen()
    qtbot.waitUntil(lambda: "1,140" in getattr(ask_session(window).answer, "text", ""))
    assert document(window) is opened
    assert current_place(window).name == "ask"
    assert ask_field(window).text() == "What is the monthly rent?"


@pytest.fixture
def long_window(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> MainWindow:
    """A window with a library in which the lease stands in the middle of a long text."""
    owls = "The owl sleeps. 🦉 It hunts at dusk.\n\n" * 1500
    (folder / "lease.txt").write_text(owls + LEASE + "\n\n" + owls)
    fill("papers", folder)
    window = make_window(view__zoom=120)
    window.services.library.indexer._start_timer.stop()
    qtbot.waitUntil(lambda: window.services.library.total.indexed == 2)
    window.show_place("library")
    return window


def test_a_long_text_is_made_ready_to_show_on_a_lane(qtbot: QtBot, long_window: MainWindow, folder: Path) -> None:
    library, given = long_window.services.library, []
    library.open_document(folder / "lease.txt", given.append, long_window.services.report)
    qtbot.waitUntil(lambda: bool(given))
    contents, view = given[0].contents, document_view(long_window)
    assert contents.document.thread() is QApplication.instance().thread()
    long_window.services.documents.show_document(given[0].document, contents=contents)
    assert view.document() is contents.document
    assert 0 < len(view.toPlainText()) < len(given[0].document.text) / 2
    qtbot.waitUntil(lambda: view.toPlainText() == given[0].document.text)
    assert view.document().thread() is QApplication.instance().thread()


def test_the_words_in_a_long_text_stay_where_they_are_when_the_rest_comes(
    qtbot: QtBot, long_window: MainWindow
) -> None:
    view, states = document_view(long_window), []

    def keep_state() -> None:
        states.append((len(view.toPlainText()), view.top_offset(), view.answer_rects(0)))

    long_window.services.signals.answer_given.connect(keep_state)
    long_window.services.documents.contents_completed.connect(keep_state)
    ask_library(qtbot, long_window, "How much is the deposit?")
    library_place(long_window).parts.asking.open_chosen()
    qtbot.waitUntil(lambda: len(states) == 2)
    text, start = document(long_window).text, ask_session(long_window).answer.start
    (part_length, top, rects), whole = states
    assert "1,675 pounds" in ask_session(long_window).answer.text
    assert part_length < len(text) / 2
    assert 0 < start - top < 4000
    assert rects
    assert whole == (len(text), top, rects)
    assert view._map.offset(view.textCursor().position()) == start


@pytest.mark.parametrize("is_begun", [False, True], ids=["before it is begun", "while it is made"])
def test_the_rest_of_a_long_text_does_not_come_into_another_document(
    qtbot: QtBot, long_window: MainWindow, folder: Path, is_begun: bool
) -> None:
    view, documents, ends = document_view(long_window), long_window.services.documents, []
    library_place(long_window).parts.asking._opener.open_file(folder / "lease.txt")
    qtbot.waitUntil(lambda: documents.document is not None)
    if is_begun:
        qtbot.waitUntil(lambda: documents._completion is not None)
    documents.paste("Another text.")
    qtbot.waitUntil(lambda: not documents._rest_timer.isActive())
    documents._jobs.start("files", lambda _job: None, done=ends.append, priority=Priority.BACKGROUND)
    qtbot.waitUntil(lambda: bool(ends))  # on the lane that makes the rest
    QApplication.processEvents()
    assert view.toPlainText() == "Another text."


def test_more_of_a_long_text_takes_the_place_of_all_of_it_at_once(
    qtbot: QtBot, long_window: MainWindow, folder: Path
) -> None:
    """A part would not have the page where the user is, which the next reading would forget."""
    view, documents, shown = document_view(long_window), long_window.services.documents, []
    documents.open(folder / "lease.txt")
    qtbot.waitUntil(lambda: view.toPlainText() == (folder / "lease.txt").read_text())
    documents.document_refreshed.connect(lambda document: shown.append((view.toPlainText(), document.text)))
    documents.refresh()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0][0] == shown[0][1]


def test_going_back_to_a_long_text_shows_it_as_before(qtbot: QtBot, long_window: MainWindow, folder: Path) -> None:
    view, asking = document_view(long_window), library_place(long_window).parts.asking
    ask_library(qtbot, long_window, "How much is the deposit?")
    asking.open_chosen()
    qtbot.waitUntil(lambda: view.toPlainText() == (folder / "lease.txt").read_text())
    top, rects, size = view.top_offset(), view.answer_rects(0), view.font().pixelSize()
    asking._opener.open_file(folder / "letter.txt")
    qtbot.waitUntil(lambda: document(long_window).path == folder / "letter.txt")
    asking.open_chosen()
    qtbot.waitUntil(lambda: view.toPlainText() == (folder / "lease.txt").read_text())
    assert (view.top_offset(), view.answer_rects(0), view.font().pixelSize()) == (top, rects, size)


def test_the_view_is_made_before_it_is_shown_piece_by_piece(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    place = library_place(window)
    place._ahead_timer.start(0)
    qtbot.waitUntil(lambda: place._parts is not None)
    assert not place._parts.view.isVisible()
    window.show_place("library")
    assert place._parts.view.isVisible()


def test_a_file_that_changed_is_read_anew(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    ask_library(qtbot, window, "How much is the deposit?")
    (folder / "lease.txt").write_text("A new first paragraph.\n\n" + LEASE)
    library_place(window).parts.asking.open_chosen()
    qtbot.waitUntil(lambda: ask_session(window).answer is not None, timeout=20_000)
    assert document(window).text.startswith("A new first paragraph.")
    answer = ask_session(window).answer
    assert answer is not None
    assert "1,675 pounds" in document(window).text[answer.start : answer.end]
    assert ask_session(window).origin == "library"


def test_where_the_answer_is_gone_the_new_text_is_asked(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    ask_library(qtbot, window, "How much is the deposit?")
    (folder / "lease.txt").write_text("No deposit is taken any more, but 300 pounds are paid for the keys.\n")
    library_place(window).parts.asking.open_chosen()
    qtbot.waitUntil(
        lambda: ask_session(window).answers is not None and not ask_session(window).is_working, timeout=20_000
    )
    assert answers_panel(window).back.isVisible()
    assert "has changed" in window.services.messages.text


def test_of_a_file_that_is_gone_the_indexed_text_is_shown(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    ask_library(qtbot, window, "How much is the deposit?")
    (folder / "lease.txt").unlink()
    library_place(window).parts.asking.open_chosen()
    qtbot.waitUntil(lambda: ask_session(window).answer is not None)
    assert document(window).text == LEASE
    assert "'lease.txt' is not there any more." in window.services.messages.text


def test_in_a_file_that_was_indexed_anew_since_the_same_words_are_marked(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    ask_library(qtbot, window, "How much is the deposit?")
    (folder / "lease.txt").write_text("A new first paragraph.\n\n" + LEASE)
    fill("papers again", folder)
    library_place(window).parts.asking.open_chosen()
    qtbot.waitUntil(lambda: ask_session(window).answer is not None)
    answer = ask_session(window).answer
    assert answer is not None
    assert "1,675 pounds" in document(window).text[answer.start : answer.end]
    assert ask_session(window).origin == "library"


def test_no_answer_says_how_many_files_were_searched(qtbot: QtBot, window: MainWindow) -> None:
    ask_library(qtbot, window, "Who invented the telephone in the cellar?")
    panel = library_place(window).parts.view.answers
    assert "the 2 files that were searched" in panel.headline.text()
    ask_library(qtbot, window, "zebra xylophone?")
    assert "shares words with the question" in panel.headline.text()
    assert not panel.cards[0].isVisible()


def test_filters_and_collections_say_what_is_searched(qtbot: QtBot, window: MainWindow) -> None:
    parts = library_place(window).parts
    ask_library(qtbot, window, "Who mended the boiler?")
    assert parts.asking.session.answer is not None
    with qtbot.waitSignal(parts.asking.session.finished, timeout=20_000):
        parts.view.bar.path.setText("lease")
    assert parts.asking.session.answers.files == 1
    with qtbot.waitSignal(parts.asking.session.finished, timeout=20_000):
        parts.view.bar.kind.setCurrentIndex(0)
        parts.view.bar.path.clear()
    assert parts.asking.session.answers.files == 2
    parts.view.collections.choose(window.services.library.collections[0].id)
    assert parts.asking.scope.sources
    assert parts.view.bar.field.placeholderText() == "Ask a question of 'papers'"


def test_answers_are_walked_and_copied(qtbot: QtBot, window: MainWindow) -> None:
    ask_library(qtbot, window, "How many pounds are the rent and the deposit?")
    place = library_place(window)
    session = place.parts.asking.session
    session.show_unlikely()
    assert len(session.visible_answers) > 1
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert session.selected == 1
    qtbot.keyClick(window, Qt.Key.Key_F4, SHIFT)
    assert session.selected == 0
    window.commands["copy"].trigger()
    assert QGuiApplication.clipboard().text().endswith("(lease.txt)")
    window.commands["copy_with_source"].trigger()
    assert "lease.txt, characters" in QGuiApplication.clipboard().text()
    assert not window.commands["label_right"].isEnabled()
    qtbot.keyClick(place.parts.view.answers.cards[0], Qt.Key.Key_Down)
    assert session.selected == 1
    qtbot.keyClick(place.parts.view.answers.cards[1], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ask_session(window).answer is not None)


def test_files_stand_in_a_table_with_their_states(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    page = library_place(window).parts.view.files
    qtbot.mouseClick(library_place(window).parts.view.strip.failed_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.model.files) == 1)
    model = page.model
    assert model.data(model.index(0, NAME)) == "broken.pdf"
    assert "broken.pdf" in model.data(model.index(0, STATE))
    page.table.setCurrentIndex(model.index(0, 0))
    assert page.retry_button.isVisible()
    assert page.hint.text()
    page.show_state(None)
    qtbot.waitUntil(lambda: len(model.files) == 3)
    row = [file.path.name for file in model.files].index("letter.txt")
    page.table.setCurrentIndex(model.index(row, 0))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ask_session(window).document is not None)
    assert document(window).text == LETTER


def test_a_file_is_read_again_when_the_user_says_so(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    page = library_place(window).parts.view.files
    library_place(window).parts.view.show_files(True)
    window.services.library.indexer.start()
    (folder / "broken.pdf").write_bytes(b"")  # as its stamp says it is another file, it is read in any case
    shutil.copy(folder / "letter.txt", folder / "copy.txt")
    window.services.library.indexer.rescan()
    wait_indexed(qtbot, window, 3)
    page.refresh()
    qtbot.waitUntil(lambda: len(page.model.files) == 4)
    window.services.library.retry(())
    qtbot.waitUntil(lambda: window.services.library.indexer.step is None, timeout=20_000)


def test_the_indexer_is_paused_and_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    library = window.services.library
    window.commands["library_pause"].trigger()
    assert library.indexer.is_paused
    assert library_place(window).parts.view.strip.text.text() == "Paused."
    assert library_place(window).parts.view.strip.pause_button.text() == "Go on"
    library_place(window).parts.view.strip.pause_button.click()
    assert not library.indexer.is_paused


def test_a_collection_is_renamed_and_removed(qtbot: QtBot, window: MainWindow) -> None:
    library, parts = window.services.library, library_place(window).parts
    assert not window.commands["library_remove"].isEnabled()
    parts.view.collections.choose(library.collections[0].id)
    assert window.commands["library_remove"].isEnabled()
    library.rename(library.collections[0], "Flat")
    qtbot.waitUntil(lambda: library.collections[0].name == "Flat")
    assert parts.collections.current is not None
    flat = library.collections[0]
    window.commands["library_remove"].trigger()
    qtbot.waitUntil(lambda: not library.collections)
    assert parts.view.empty.isVisible()
    qtbot.waitUntil(lambda: library.total.files == 0, timeout=20_000)
    qtbot.waitUntil(lambda: "removed" in window.services.messages.text)
    message_button(window, "Undo").click()
    qtbot.waitUntil(lambda: bool(library.collections))
    assert library.collections[0].name == "Flat"
    assert library.collections[0].sources == flat.sources
    wait_indexed(qtbot, window, 2)


def test_folders_that_are_dropped_together_are_added_one_after_another(
    qtbot: QtBot, make_window: MakeWindow, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "letters"
    other.mkdir()
    (other / "note.txt").write_text("The key is under the mat.\n")
    window = make_window()
    window.show_place("library")
    library_place(window).parts.view.drops.dropped.emit([folder, other])
    for name in ("papers", "letters"):
        qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, AddFolderDialog))
        dialog = window.services.dialogs.current
        assert isinstance(dialog, AddFolderDialog)
        qtbot.waitUntil(dialog.add_button.isEnabled)
        assert dialog.name.text() == name
        dialog.add_button.click()
    qtbot.waitUntil(lambda: len(window.services.library.collections) == 2)


def test_a_folder_that_is_dropped_is_looked_at(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    view = library_place(window).parts.view
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    buttons, keys, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    QApplication.sendEvent(view, QDragEnterEvent(QPoint(9, 9), copy, data, buttons, keys))
    QApplication.sendEvent(view, QDropEvent(QPointF(9, 9), copy, data, buttons, keys))
    dialog = window.services.dialogs.current
    assert isinstance(dialog, AddFolderDialog)
    qtbot.waitUntil(dialog.add_button.isEnabled)
    assert dialog.target.count() == 2
    dialog.reject()
    assert ask_session(window).document is None


def test_a_folder_that_is_dropped_elsewhere_is_for_the_library(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.show_place("ask")
    window.drops.dropped.emit([folder])
    assert current_place(window) is library_place(window)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, AddFolderDialog)
    qtbot.waitUntil(dialog.add_button.isEnabled)
    dialog.reject()


def test_an_indexer_that_ends_is_said_once_and_started_again(qtbot: QtBot, window: MainWindow) -> None:
    library = window.services.library
    indexer = library.indexer
    indexer._start_timer.setInterval(10)
    indexer.start()
    qtbot.waitUntil(lambda: indexer._control is not None and bool(children()), timeout=20_000)
    errors: list[Exception] = []
    library.failed.connect(errors.append)
    for pid in children():
        os.kill(pid, 9)
    qtbot.waitUntil(lambda: indexer._restarts == 1, timeout=20_000)
    qtbot.waitUntil(lambda: indexer._job is not None, timeout=20_000)
    assert len(errors) == 1
    qtbot.waitUntil(lambda: indexer._restarts == 0 and indexer.step is None, timeout=20_000)


def test_questions_are_kept_in_the_history(qtbot: QtBot, window: MainWindow) -> None:
    ask_library(qtbot, window, "How much is the deposit?")
    kept: list[list[HistoryEntry]] = []
    verb: Callable[[Store], list[HistoryEntry]] = history_entries
    window.services.store.run(verb, done=kept.append)
    qtbot.waitUntil(lambda: bool(kept))
    assert [(entry.library, entry.question) for entry in kept[0]] == [("all", "How much is the deposit?")]


def children() -> list[int]:
    """The processes of this one that index."""
    pids = []
    for stat in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = stat.read_bytes().split(b"\0")
            parent = int((stat.parent / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if b"--index-library" in words and parent == os.getpid():
            pids.append(int(stat.parent.name))
    return pids


def test_the_index_lies_in_the_data_folder(window: MainWindow) -> None:
    assert (paths.data_dir() / "library" / "index.db").is_file()


def test_a_name_that_is_taken_is_said_before_the_folder_is_added(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    dialog = add_folder(qtbot, window, folder)
    assert dialog.name.text() == "papers 2"
    dialog.name.setText("Papers")
    assert not dialog.add_button.isEnabled()
    assert dialog.problem.text() == "There is a collection 'Papers' already. Choose another name."
    dialog.target.setCurrentIndex(1)
    assert dialog.add_button.isEnabled()
    assert not dialog.problem.isVisible()


def test_a_folder_for_a_collection_is_looked_at_too(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    parts = library_place(window).parts
    parts.view.collections.choose(window.services.library.collections[0].id)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(empty))
    parts.collections.extend_folder()
    dialog = window.services.dialogs.current
    assert isinstance(dialog, AddFolderDialog)
    qtbot.waitUntil(dialog.add_button.isEnabled)
    assert dialog.target.currentData().name == "papers"
    assert dialog.add_button.text() == "Add it anyway"
    assert not dialog.add_button.isDefault()


def test_counts_are_those_of_the_filters(qtbot: QtBot, window: MainWindow) -> None:
    view = library_place(window).parts.view
    view.show_files(True)
    assert view.files.summary.text() == "2 files are searchable, 1 could not be read."
    view.bar.path.setText("lease")
    qtbot.waitUntil(lambda: view.files.summary.text() == "1 file is searchable.")
    assert view.files.state.itemText(0) == "All files (1)"
    view.bar.path.clear()
    qtbot.waitUntil(lambda: view.files.state.itemText(0) == "All files (3)")


def test_filters_that_no_file_passes_are_said(qtbot: QtBot, window: MainWindow) -> None:
    parts = library_place(window).parts
    parts.view.bar.path.setText("nowhere")
    ask_library(qtbot, window, "Who mended the boiler?")
    assert parts.view.answers.headline.text() == "No searchable file has this type, name or folder."
    assert not parts.view.answers.searched.isVisible()


def test_a_question_of_minus_words_alone_is_refused(qtbot: QtBot, window: MainWindow) -> None:
    parts = library_place(window).parts
    parts.view.bar.field.setText("-boiler")
    with qtbot.waitSignal(parts.asking.session.failed):
        parts.view.bar.field.returnPressed.emit()
    assert "only words that must not be there" in window.services.messages.text


def test_tab_goes_from_the_filters_through_the_answers_in_their_order(qtbot: QtBot, window: MainWindow) -> None:
    view = library_place(window).parts.view
    ask_library(qtbot, window, "How much is the deposit or the rent?")
    wanted = [card for card in view.answers.cards if card.isVisible()]
    assert wanted
    chain, widget = [], view.tabs.nextInFocusChain()
    while widget is not view.tabs:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    order = [chain.index(widget) for widget in (*wanted, view.answers.unlikely, view.answers.more)]
    assert order == sorted(order)
    assert order[-1] < chain.index(view.strip.pause_button)


def test_a_question_that_is_narrowed_is_one_question_of_the_history(qtbot: QtBot, window: MainWindow) -> None:
    parts = library_place(window).parts
    with qtbot.waitSignal(window.services.history.questions_changed):
        ask_library(qtbot, window, "Who mended the boiler?")
    with qtbot.waitSignal(parts.asking.session.finished):
        parts.view.bar.path.setText("letter")
    assert [entry.options[7:] for entry in _entries(qtbot, window)] == [()]
    with qtbot.waitSignal(window.services.history.questions_changed):
        ask_library(qtbot, window, "Who mended the boiler?")
    assert [entry.options[7:] for entry in _entries(qtbot, window)] == [(("library.name", "letter"),), ()]


def test_files_that_came_since_are_said_and_asked_again(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    parts = library_place(window).parts
    ask_library(qtbot, window, "Who mended the boiler?")
    newer = parts.view.answers.newer
    qtbot.waitUntil(lambda: parts.asking.newer._counting is None)
    assert not newer.isVisible()
    (folder / "note.txt").write_text("The boiler was mended again by Mr Ian Hay on 9 June.\n")
    refill(folder)
    window.services.library._count()
    qtbot.waitUntil(newer.isVisible)
    assert newer.label.text() == "1 file has become searchable, or changed, since this was asked."
    assert "from 2 files" in parts.view.answers.searched.text()
    with qtbot.waitSignal(parts.asking.session.finished, timeout=20_000):
        qtbot.keyClick(window, Qt.Key.Key_F5, CTRL)
    assert not newer.isVisible()
    assert "Mr Ian Hay" in " ".join(answer.text for answer in parts.asking.session.answers.answers)
    assert "from 3 files" in parts.view.answers.searched.text()
    qtbot.waitUntil(lambda: parts.asking.newer._counting is None)
    assert not newer.isVisible()
    assert len(_entries(qtbot, window)) == 2


def test_a_file_that_was_changed_and_indexed_since_is_said(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    parts = library_place(window).parts
    ask_library(qtbot, window, "Who mended the boiler?")
    (folder / "letter.txt").write_text("The boiler in the cellar was mended by Mr Ian Hay.\n")
    refill(folder)
    window.services.library._count()
    qtbot.waitUntil(parts.view.answers.newer.isVisible)
    with qtbot.waitSignal(parts.asking.session.finished):
        parts.view.bar.path.setText("lease")  # narrowed: of these none came since
    qtbot.waitUntil(lambda: parts.asking.newer._counting is None)
    assert not parts.view.answers.newer.isVisible()


def test_the_files_that_are_not_indexed_are_those_of_now(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    (folder / "new.txt").write_text("The key is under the mat.\n")
    refill(folder, waiting=True)
    parts = library_place(window).parts
    ask_library(qtbot, window, "Who mended the boiler?")
    assert parts.view.answers.searched.text().endswith("1 file is not indexed yet.")
    refill(folder)
    window.services.library._count()
    qtbot.waitUntil(lambda: "not indexed" not in parts.view.answers.searched.text())
    assert parts.view.answers.newer.isVisible()


def test_a_question_that_is_read_on_is_one_question_of_the_history_with_its_depth(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"The boiler of house {number} was mended by Mr Colm Brady.\n")
    fill("reports", folder)
    window = make_window()
    window.services.library.indexer._start_timer.stop()
    qtbot.waitUntil(lambda: window.services.library.total.indexed == 30)
    window.show_place("library")
    session = library_place(window).parts.asking.session
    ask_library(qtbot, window, "Who mended the boiler?")
    assert session.answers.read == 20
    with qtbot.waitSignal(session.finished, timeout=20_000):
        session.read_on()
    qtbot.waitUntil(lambda: bool(_entries(qtbot, window)[0].options[7:]))
    (entry,) = _entries(qtbot, window)
    assert entry.options[7:] == (("library.depth", "60"),)
    assert len({place.path for place in (entry.answers[0], *entry.answers[0].others)}) > 20
    again = AskingAgain(window.services, window)
    with qtbot.waitSignal(again.answered, timeout=20_000) as answered:
        again.ask(entry)
    after = answered.args[1]
    assert after.options == entry.options
    assert len(after.answers[0].others) == len(entry.answers[0].others)


def _entries(qtbot: QtBot, window: MainWindow) -> list[HistoryEntry]:
    entries: list[list[HistoryEntry]] = []
    window.services.history.read_entries(entries.append)
    qtbot.waitUntil(lambda: bool(entries))
    return entries[0]
