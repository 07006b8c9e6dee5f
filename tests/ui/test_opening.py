"""Opening, pasting, dropping, and what is remembered, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import (
    MakeWindow,
    ScriptedReader,
    answers_panel,
    ask,
    ask_bar,
    ask_place,
    ask_session,
    buttons_in,
    document,
    document_pane,
    document_view,
    empty_view,
    question_field,
)
from pdf_files import PASSWORD, encrypted_pdfs, make_pdf
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from qadesk.app import phrases
from qadesk.errors import DocumentError
from qadesk.records import Document, Page
from qadesk.ui.kit.encoding_dialog import EncodingDialog
from qadesk.ui.kit.password_dialog import PasswordDialog
from qadesk.ui.kit.widgets import TextDialog
from qadesk.ui.shell.main_window import MainWindow


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "a <b>letter.txt"
    path.write_text("Dear Anna,\n\nthe boat comes on Friday.\n", encoding="utf-8")
    return path


def open_and_wait(qtbot: QtBot, window: MainWindow, path: Path) -> Document:
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        window.services.documents.open_files([path])
    return document(window)


def test_a_file_is_opened_shown_and_remembered(qtbot: QtBot, make_window: MakeWindow, letter: Path) -> None:
    window = make_window(ScriptedReader())
    assert empty_view(window).isVisible()
    document_opened = open_and_wait(qtbot, window, letter)
    assert document_opened.text.startswith("Dear Anna")
    assert window.windowTitle() == "a <b>letter.txt — QADesk"
    assert document_pane(window).title.text() == "a <b>letter.txt"
    assert document_pane(window).title.textFormat() == Qt.TextFormat.PlainText
    assert document_view(window).isVisible()
    qtbot.waitUntil(
        lambda: "a <b>letter.txt" in [action.text().split("\t")[0] for action in window.recent_menu.actions()]
    )


def test_a_file_that_cannot_be_opened_leaves_the_open_one(qtbot: QtBot, make_window: MakeWindow, letter: Path) -> None:
    window = make_window(ScriptedReader())
    open_and_wait(qtbot, window, letter)
    with qtbot.waitSignal(window.services.documents.failed, timeout=10_000):
        window.services.documents.open_files([letter.with_name("gone.pdf")])
    assert window.services.messages.isVisible()
    assert "gone.pdf" in window.services.messages.text
    assert document(window).title == letter.name
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.services.messages.isVisible()


def test_reload_reads_the_file_again(qtbot: QtBot, make_window: MakeWindow, letter: Path) -> None:
    window = make_window(ScriptedReader())
    open_and_wait(qtbot, window, letter)
    letter.write_text("Dear Anna, it comes on Monday.", encoding="utf-8")
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        qtbot.keyClick(window, Qt.Key.Key_F5)
    assert "Monday" in document(window).text


def test_a_file_is_read_again_in_a_chosen_encoding(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    path = tmp_path / "greek.txt"
    path.write_bytes("Η λάμπα άναψε. ".encode("cp1253") * 3)
    window = make_window(ScriptedReader())
    open_and_wait(qtbot, window, path)
    notes = document_pane(window).notes
    assert notes.label.text() == "The encoding was guessed as Windows-1253."
    qtbot.mouseClick(notes.encoding, Qt.MouseButton.LeftButton)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, EncodingDialog)
    assert dialog.encoding == ""
    qtbot.keyClicks(dialog.list, "Cyrillic (Windows")
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert document(window).text == ("Η λάμπα άναψε. ".encode("cp1253") * 3).decode("cp1251")
    assert not notes.isVisible()
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        window.commands["reload"].trigger()
    assert document(window).text.startswith("З лЬмрб")  # the choice holds for the document
    window.commands["choose_encoding"].trigger()
    dialog = window.services.dialogs.current
    assert isinstance(dialog, EncodingDialog)
    assert dialog.encoding == "Windows-1251"
    dialog.reject()
    assert window.services.dialogs.current is None
    open_and_wait(qtbot, window, path)
    assert document(window).text.startswith("Η λάμπα")


def test_the_encoding_of_a_file_that_cannot_be_read_is_asked_for(
    qtbot: QtBot, make_window: MakeWindow, letter: Path, tmp_path: Path
) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(b"Caf\x82 \x84\x94\x81 \xe1" * 3)
    window = make_window(ScriptedReader())
    open_and_wait(qtbot, window, letter)
    messages = window.services.messages
    window.services.documents.open(path)
    qtbot.waitUntil(lambda: "'old.txt' does not hold text in any encoding" in messages.text)
    assert document(window).path == letter  # until another can be shown
    [button] = [button for button in messages.findChildren(QPushButton) if button.text() == "Choose encoding…"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, EncodingDialog)
    qtbot.keyClicks(dialog.list, "Cyrillic (IBM866")
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert document(window).text.startswith("CafВ")
    assert window.services.documents.encoding == "IBM866"
    assert not messages.isVisible()


def test_what_is_no_text_is_refused_without_a_choice(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    path = tmp_path / "lamp.txt"
    path.write_bytes(b"GIF89a" + bytes(range(256)) * 4)
    window = make_window(ScriptedReader())
    messages = window.services.messages
    window.services.documents.open(path)
    qtbot.waitUntil(lambda: "'lamp.txt' does not hold text." in messages.text)
    assert [button.text() for button in messages.findChildren(QPushButton)] == ["Open another…"]


def test_only_files_without_a_certain_encoding_have_the_choice(
    qtbot: QtBot, make_window: MakeWindow, letter: Path, tmp_path: Path
) -> None:
    window = make_window(ScriptedReader(), text="Some words.")
    action = window.commands["choose_encoding"]
    assert not action.isEnabled()
    open_and_wait(qtbot, window, letter)
    assert action.isEnabled()
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(make_pdf([["The lamp"]]))
    open_and_wait(qtbot, window, pdf)
    assert not action.isEnabled()
    assert not document_pane(window).notes.encoding.isVisible()


def test_pasting_text_and_files(qtbot: QtBot, make_window: MakeWindow, letter: Path) -> None:
    window = make_window(ScriptedReader())
    QGuiApplication.clipboard().setText("Some words\r\nfrom elsewhere 😀")
    empty_view(window).open_button.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    pasted = document(window)
    assert pasted.kind == "pasted"
    assert pasted.text == "Some words\r\nfrom elsewhere 😀"
    field = question_field(window)
    assert QApplication.focusWidget() is field
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)  # there it is the question that gets it
    assert ask_session(window).document is pasted
    assert "elsewhere" in field.text()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(letter))])
    QGuiApplication.clipboard().setMimeData(data)
    window.run_command("paste")
    question = window.services.dialogs.current
    assert isinstance(question, QMessageBox)
    assert question.text() == f"Open '{letter.name}' in the place of '{pasted.title}'?"
    question.reject()
    assert document(window) is pasted
    window.run_command("paste")
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        window.services.dialogs.current.defaultButton().click()  # type: ignore[union-attr]
    QGuiApplication.clipboard().setText("  ")
    window.run_command("paste")
    assert window.services.messages.isVisible()
    assert document(window).title == letter.name


def test_dropped_files_are_opened_and_links_are_not(qtbot: QtBot, make_window: MakeWindow, letter: Path) -> None:
    window = make_window(ScriptedReader())

    def drag(urls: list[QUrl]) -> tuple[QDragEnterEvent, QDropEvent, QMimeData]:
        data = QMimeData()
        data.setUrls(urls)
        copy_action, left_button, no_modifier = (
            Qt.DropAction.CopyAction,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        enter = QDragEnterEvent(QPoint(300, 300), copy_action, data, left_button, no_modifier)
        return enter, QDropEvent(QPointF(300, 300), copy_action, data, left_button, no_modifier), data

    enter, _, _mime_data = drag([QUrl("https://example.org/a.pdf")])
    enter.ignore()
    window.drops.eventFilter(window, enter)
    assert not enter.isAccepted()
    enter, drop, _mime_data = drag([QUrl.fromLocalFile(str(letter)), QUrl.fromLocalFile("/other.txt")])
    window.drops.eventFilter(window, enter)
    assert enter.isAccepted()
    assert empty_view(window)._zone.property("over")
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        window.drops.eventFilter(window, drop)
    assert not empty_view(window)._zone.property("over")
    assert "One document is open at a time" in window.services.messages.text


def test_recent_documents_come_back_after_a_restart(qtbot: QtBot, make_window: MakeWindow, letter: Path) -> None:
    window = make_window(ScriptedReader([("Friday", 0.9)]))
    open_and_wait(qtbot, window, letter)
    ask(qtbot, window, "When does the boat come?")
    window.services.documents.paste("A text that was pasted.")
    window.close()

    second_window = make_window(ScriptedReader([("Friday", 0.9)]), start__restore=False)
    empty = empty_view(second_window)
    assert empty.isVisible()
    assert ask_session(second_window).document is None
    qtbot.waitUntil(lambda: empty._recent.count() == 2)
    assert question_field(second_window)._history == ["When does the boat come?"]
    recent = buttons_in(empty._recent)
    first_lines = [button.text().splitlines()[0] for button in recent]
    assert first_lines == ["A text that was pasted.", letter.name]
    with qtbot.waitSignal(second_window.services.documents.document_changed):
        qtbot.mouseClick(recent[0], Qt.MouseButton.LeftButton)
    assert document(second_window).text == "A text that was pasted."
    with qtbot.waitSignal(second_window.services.documents.document_changed, timeout=10_000):
        second_window.recent_menu.actions()[1].trigger()
    second_window.services.history.forget_all()
    qtbot.waitUntil(lambda: empty._recent.count() == 0)
    assert not second_window.recent_menu.isEnabled()


def test_the_window_comes_back_where_it_was(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    window.resize(710, 610)
    ask_place(window).view.splitter.setSizes([400, 309])
    sizes = ask_place(window).view.splitter.sizes()
    window.close()
    second_window = MainWindow(window.settings, load=lambda _settings: ScriptedReader())  # type: ignore[arg-type,return-value]
    qtbot.addWidget(second_window)
    second_window.show()
    assert second_window.size() == window.size()
    assert ask_place(second_window).view.splitter.sizes() == sizes
    second_window.close()


def test_the_dialog_offers_what_can_be_read(
    qtbot: QtBot, make_window: MakeWindow, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(ScriptedReader())
    filters_shown: list[str] = []

    def choose(_parent: object, _title: str, folder: str, filters: str) -> tuple[str, str]:
        filters_shown.append(filters)
        return str(letter), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert document(window).title == letter.name
    first = filters_shown[0].split(";;")[0]
    assert all(f"*{suffix}" in first for suffix in (".txt", ".md", ".html", ".pdf", ".docx"))


def test_a_password_is_asked_for_until_it_is_right(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(encrypted_pdfs()["AES-256"])
    window = make_window(ScriptedReader())
    window.services.documents.open_files([locked])
    qtbot.waitUntil(lambda: window.services.dialogs.current is not None, timeout=20_000)
    first = window.services.dialogs.current
    assert isinstance(first, PasswordDialog)
    assert first.field.echoMode() == first.field.EchoMode.Password
    assert first.windowTitle() == "Password"
    first.field.setText("wrong")
    first.accept()
    qtbot.waitUntil(lambda: window.services.dialogs.current not in (first, None), timeout=20_000)
    second = window.services.dialogs.current
    assert isinstance(second, PasswordDialog)
    assert second.windowTitle() == "Wrong password"
    second.field.setText(PASSWORD)
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=20_000):
        second.accept()
    assert "The lamp was lit in 1854." in document(window).text


def test_opening_can_be_stopped(qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    import qadesk.app.documents
    from qadesk.errors import Cancelled

    def slow(_path: Path, _settings: object, *, password: object, cancelled: object, encoding: str) -> Document:
        assert encoding == ""
        assert callable(cancelled)
        while not cancelled():
            pass
        raise Cancelled

    monkeypatch.setattr(qadesk.app.documents, "open_document", slow)
    window = make_window(ScriptedReader())
    window.services.documents.open_files([Path("/somewhere/long.pdf")])
    work = ask_bar(window).work
    qtbot.waitUntil(work.isVisible)
    assert work.text == "Opening long.pdf…"
    qtbot.mouseClick(work.cancel, Qt.MouseButton.LeftButton)
    assert not work.isVisible()
    qtbot.wait(50)
    assert not window.services.messages.isVisible()


def test_notes_are_shown_until_they_are_closed(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    window.services.documents.show_document(Document("Text.", "scan.pdf", "pdf", notes=("Page 2 has no text.",)))
    notes = document_pane(window).notes
    assert notes.isVisible()
    assert notes.label.text() == "Page 2 has no text."
    qtbot.mouseClick(notes._close, Qt.MouseButton.LeftButton)
    assert not notes.isVisible()


def test_pages_are_reported_and_gone_to(qtbot: QtBot, make_window: MakeWindow) -> None:
    parts = [f"Page number {number}.\n" + "Some words.\n" * 60 for number in range(1, 10)]
    starts = [sum(map(len, parts[:index])) for index in range(10)]
    pages = tuple(
        Page(index + 1, "iii" if index == 2 else str(index + 1), starts[index], starts[index + 1]) for index in range(9)
    )
    window = make_window(ScriptedReader([("Page number 7", 0.9)]))
    window.services.documents.show_document(Document("".join(parts), "book.pdf", "pdf", pages=pages))
    assert window.services.status.position.text() == "Page 1 of 9"
    ask(qtbot, window, "Which?")
    assert "Page 7." in answers_panel(window).cards[0].accessibleName()
    start = pages[2].start
    place = f"page iii, characters {start:,}–{start + 4:,}"
    assert phrases.citation(document(window), start, start + 4) == f"“Page” (book.pdf, {place})"
    window.run_command("go_to_page")
    dialog = window.services.dialogs.current
    assert dialog is not None
    dialog.setIntValue(3)  # type: ignore[attr-defined]
    dialog.accept()
    QApplication.processEvents()
    assert document_view(window).top_offset() == starts[2]
    assert window.services.status.position.text() == "Page iii (3 of 9)"


def test_a_model_folder_that_is_none_is_reported_and_the_bundled_model_reads(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    from qadesk.ui.services.reader_service import load_by_settings

    window = make_window(ScriptedReader())
    window.services.reader._reader = None
    window.services.reader._load = load_by_settings
    window.settings.set("model.folder", str(tmp_path / "nothing here"))
    with qtbot.waitSignal(window.services.reader.load_failed, timeout=20_000):
        window.services.reader.load()
    assert window.services.messages.isVisible()
    assert window.services.reader.is_ready
    assert window.services.status.model.text() not in ("", "No model", "Loading the model…")


def test_only_errors_for_the_user_are_shown_as_sentences(qtbot: QtBot, make_window: MakeWindow) -> None:
    from qadesk.errors import Cancelled

    window = make_window(ScriptedReader())
    window.report(Cancelled())
    assert not window.services.messages.isVisible()
    window.report(DocumentError("It is <i>broken</i>.", "Mend it.", "line 3"))
    assert window.services.messages.text == "It is <i>broken</i>. Mend it."
    details = [button for button in window.services.messages.findChildren(QPushButton) if button.text() == "Details"]
    qtbot.mouseClick(details[0], Qt.MouseButton.LeftButton)
    assert window.services.dialogs.current is not None
    assert isinstance(window.services.dialogs.current, TextDialog)
    assert window.services.dialogs.current.text == "line 3"
