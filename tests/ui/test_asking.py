"""Asking, in the real window."""

from __future__ import annotations

import time

import pytest
from driving import (
    MakeWindow,
    ScriptedReader,
    answer_marks,
    answers_panel,
    ask,
    ask_bar,
    ask_place,
    ask_session,
    buttons_in,
    document,
    document_pane,
    document_view,
    find_bar,
    question_field,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from qadesk.app import phrases
from qadesk.records import Answer, Answers
from qadesk.ui.ask.answers_panel import _headline_and_detail
from qadesk.ui.shell.main_window import MainWindow

TEXT = (
    "Harrow Rock is a ledge.\r\n\r\n😀 The lamp was lit by Isaac Penhale in 1862.\r\n\r\nThomas Reeve built the tower."
)
PENHALE = (("Isaac Penhale", 0.82), ("Thomas Reeve", 0.07), ("Harrow Rock", 0.06))


def marked(window: MainWindow) -> list[str]:
    """The answers that are marked in the view, strong one first."""
    marks = sorted(answer_marks(document_view(window)), key=lambda mark: not mark.strong)
    return [TEXT[mark.start : mark.end] for mark in marks]


def visible_cards(window: MainWindow) -> list[str]:
    return [card.accessibleName() for card in answers_panel(window).cards if card.isVisible()]


def test_the_real_model_answers_the_sample_by_a_click(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(first=True)
    panel, session = answers_panel(window), ask_session(window)
    qtbot.waitUntil(lambda: session.document is not None)
    chips = buttons_in(panel._chips)
    assert len(chips) == 3
    with qtbot.waitSignal(session.finished, timeout=20_000):
        qtbot.mouseClick(chips[0], Qt.MouseButton.LeftButton)
    assert session.answer is not None
    assert session.answer.text == "12 October 1862"
    assert session.document is not None
    assert session.document.text[session.answer.start : session.answer.end] == "12 October 1862"
    assert document_view(window).answer_rects(0)
    assert "ikely" in visible_cards(window)[0]
    assert panel.headline.text() == ""
    ask(qtbot, window, "How much was a keeper paid?")
    assert panel.headline.text().startswith("Probably not in this document · ")
    assert all(" Closest, " in card or " Alternative, " in card for card in visible_cards(window))
    assert window.settings["state.started"]


def test_best_answer_is_marked_shown_and_announced(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE), text=TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    assert marked(window) == ["Isaac Penhale", "Thomas Reeve", "Harrow Rock"]
    first, second, third = visible_cards(window)
    assert first == (
        f"Answer 1: Isaac Penhale. Likely, {phrases.per_cent(0.82)}. Paragraph 2. "
        f"Start confidence {phrases.per_cent(0.87)}, end confidence {phrases.per_cent(0.87)}."
    )
    assert second.startswith(f"Answer 2: Thomas Reeve. Alternative, {phrases.per_cent(0.07)}. Paragraph 3.")
    assert "Paragraph 1." in third
    assert answers_panel(window).no_answer.text().endswith(phrases.per_cent(0.1))
    assert window.services.status.time.text() == "Read in 0.2 s"
    assert "a test" in window.services.status.device.toolTip()


@pytest.mark.parametrize(
    ("confidence", "no_answer", "below", "headline", "word", "dashed"),
    [
        (0.9, 0.05, 0.4, "", "Very likely", False),
        (0.3, 0.2, 0.4, "", "Doubtful", True),
        (0.3, 0.2, 0.2, "", "Possible", False),
        (0.1, 0.71, 0.4, "Probably not in this document · 71", "Closest", True),
        (0.3, None, 0.4, "", "Doubtful", True),
    ],
)
def test_doubt_and_no_answer_are_reported_in_words(
    qtbot: QtBot,
    make_window: MakeWindow,
    confidence: float,
    no_answer: float | None,
    below: float,
    headline: str,
    word: str,
    dashed: bool,
) -> None:
    window = make_window(
        ScriptedReader([("Isaac Penhale", confidence)], no_answer), text=TEXT, qa__doubtful_below=below
    )
    ask(qtbot, window, "Who lit the lamp?")
    panel = answers_panel(window)
    assert panel.headline.text()[: len(headline)] == headline
    assert bool(panel.headline.text()) == bool(headline)
    assert f"{word}, {phrases.per_cent(confidence)}" in visible_cards(window)[0]
    assert ("oubtful" in panel.detail.text()) == (word == "Doubtful")
    assert marked(window) == ["Isaac Penhale"]  # the best span is shown all the same
    assert answer_marks(document_view(window))[0].doubtful == dashed


def test_a_changed_threshold_is_applied_to_what_is_shown(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE), text=TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    window.show_settings()
    window.services.dialogs.current.editors["qa.doubtful_below"].field.setValue(90)  # type: ignore[union-attr]
    assert "Doubtful, " in visible_cards(window)[0]
    assert len(visible_cards(window)) == 3


def test_no_span_at_all(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([], 0.99), text=TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    assert answers_panel(window).headline.text() == "No answer was found in this document"
    assert not window.commands["next_answer"].isEnabled()


def test_f4_walks_the_answers_and_clicks_choose_them(qtbot: QtBot, make_window: MakeWindow) -> None:
    text = TEXT + "\r\n" * 300 + "At the end: Zanzibar."
    window = make_window(ScriptedReader((*PENHALE, ("Zanzibar", 0.05))), text=text)
    ask(qtbot, window, "Who lit the lamp?")
    session, view = ask_session(window), document_view(window)
    selections = []
    for _ in range(4):
        qtbot.keyClick(window, Qt.Key.Key_F4)
        selections.append(session.answer.text if session.answer else "")
    assert selections == ["Thomas Reeve", "Harrow Rock", "Zanzibar", "Isaac Penhale"]
    qtbot.keyClick(window, Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    assert session.answer is not None
    assert session.answer.text == "Zanzibar"
    rect = view.answer_rects(3)[0]
    assert 0 < rect.top() < view.viewport().height()
    qtbot.mouseClick(answers_panel(window).cards[1], Qt.MouseButton.LeftButton)
    assert session.selected == 1
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.answer_rects(0)[0].center().toPoint())
    assert session.selected == 0
    assert [card.isChecked() for card in answers_panel(window).cards] == [True, False, False, False]


def test_unlikely_answers_are_listed_and_marked_only_on_request(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(
        ScriptedReader((("Isaac Penhale", 0.82), ("Thomas Reeve", 0.04), ("Harrow Rock", 0.01))), text=TEXT
    )
    ask(qtbot, window, "Who lit the lamp?")
    panel = answers_panel(window)
    assert len(visible_cards(window)) == 1
    assert marked(window) == ["Isaac Penhale"]
    assert panel.unlikely.text() == "Show 2 unlikely ones"
    panel.unlikely.click()
    assert marked(window) == ["Isaac Penhale", "Thomas Reeve", "Harrow Rock"]
    assert not panel.unlikely.isVisible()
    ask(qtbot, window, "Who lit the lamp?")
    assert len(visible_cards(window)) == 1


def test_an_answer_in_two_places_is_one_card_with_two_marks_that_f4_walks(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    text = "Reeve lit it." + "\n\nNothing happened." * 60 + "\n\nReeve left."
    window = make_window(ScriptedReader([("Reeve", 0.8)]), text=text)
    ask(qtbot, window, "Who lit it?")
    view, session = document_view(window), ask_session(window)
    assert len(visible_cards(window)) == 1
    assert "2 places" in visible_cards(window)[0]
    assert [mark.number for mark in answer_marks(view)] == [1, 1]
    assert session.span == (0, 5)
    top = view.top_offset()
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert session.span == (text.rindex("Reeve"), text.rindex("Reeve") + 5)
    assert view.top_offset() > top
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert session.span == (0, 5)


def test_a_list_is_one_card_with_all_items_and_is_copied_line_by_line(qtbot: QtBot, make_window: MakeWindow) -> None:
    text = "Bring:\n- ham\n- eggs and milk\n"
    reader = ScriptedReader([("ham", 0.8)], items=("ham", "eggs and milk"))
    window = make_window(reader, text=text)
    ask(qtbot, window, "What things must I bring?")
    assert visible_cards(window)[0].startswith("Answer 1: ham; eggs and milk. Likely")
    assert answers_panel(window).cards[0]._text.text() == "•&nbsp;ham<br>•&nbsp;eggs and milk"
    assert [mark.number for mark in answer_marks(document_view(window))] == [1, 1]
    window.commands["copy"].trigger()
    assert QGuiApplication.clipboard().text() == "ham\neggs and milk"


def test_the_expectation_is_chosen_beside_the_question_and_asks_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(text=TEXT)
    ask(qtbot, window, "What was the colour of the boat?")
    session, box = ask_session(window), ask_place(window).view.ask_bar.expectation
    assert box.currentText() == "Usually in here"
    assert session.answers is not None
    usual = session.answers.no_answer
    with qtbot.waitSignal(session.finished, timeout=20_000):
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert window.settings["qa.expected"] == "maybe"
    assert session.answers.no_answer is not None
    assert usual is not None
    assert session.answers.no_answer > usual
    with qtbot.waitSignal(session.finished, timeout=20_000):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert session.answers.no_answer is None
    assert session.answers.is_answered


def test_a_slip_of_the_fingers_is_mended_and_the_question_shown_as_it_was_read(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    window = make_window(text=TEXT)
    panel = answers_panel(window)
    for question, line in (("Who built the twoer?", 'Read as "Who built the tower?"'), ("Who built the tower?", "")):
        ask(qtbot, window, question)
        assert (panel.read_as.text(), panel.read_as.isVisible()) == (line, bool(line))
        assert question_field(window).text() == question
        assert "Thomas Reeve" in visible_cards(window)[0]


def test_arrows_walk_the_cards(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE), text=TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    cards = answers_panel(window).cards
    cards[0].setFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Down)
    assert ask_session(window).selected == 1
    qtbot.keyClick(cards[1], Qt.Key.Key_Up)
    qtbot.keyClick(cards[0], Qt.Key.Key_Up)
    assert ask_session(window).selected == 0


def test_copying(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE), text=TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    clipboard = QGuiApplication.clipboard()
    qtbot.keyClick(question_field(window), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "Isaac Penhale"
    title = document(window).title
    qtbot.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert clipboard.text() == f"“Isaac Penhale” ({title}, paragraph 2, characters 49–62)"
    view = document_view(window)
    view.selectAll()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == TEXT
    answers_panel(window).cards[0].setFocus()
    qtbot.keyClick(answers_panel(window).cards[0], Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "Isaac Penhale"
    question_field(window).selectAll()
    qtbot.keyClick(question_field(window), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "Who lit the lamp?"


def test_long_reading_shows_progress_and_answers_and_stops_by_escape(qtbot: QtBot, make_window: MakeWindow) -> None:
    reader = ScriptedReader(PENHALE, windows=500, pause=0.02)
    window = make_window(reader, text=TEXT)
    work, session = ask_bar(window).work, ask_session(window)
    answers_seen: list[Answers | None] = []
    session.answers_changed.connect(lambda: answers_seen.append(session.answers))
    question_field(window).setText("Who lit the lamp?")
    qtbot.keyClick(question_field(window), Qt.Key.Key_Return)
    start = time.monotonic()
    qtbot.wait(150)
    assert not work.isVisible()  # quiet for half a second
    qtbot.waitUntil(work.isVisible)
    assert time.monotonic() - start > 0.4
    qtbot.waitUntil(lambda: work.text.startswith("Reading ") and " of 500 · " in work.text, timeout=3000)
    assert visible_cards(window)
    assert "best so far" in answers_panel(window).detail.text()
    assert len(answers_seen) <= 12 * (time.monotonic() - start) + 2
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not session.is_working
    assert not work.isVisible()
    assert marked(window)[0] == "Isaac Penhale"
    assert answers_panel(window).detail.text().startswith("Stopped after ")
    qtbot.waitUntil(lambda: reader.closed == ["Who lit the lamp?"])
    qtbot.keyClick(window, Qt.Key.Key_Escape)  # and then it clears
    assert session.answers is None
    assert question_field(window).text() == ""


def test_a_new_question_takes_the_place_of_the_one_before(qtbot: QtBot, make_window: MakeWindow) -> None:
    reader = ScriptedReader(PENHALE, windows=40, pause=0.01)
    window = make_window(reader, text=TEXT)
    ask_place(window).controller.ask("Who was first?")
    qtbot.waitUntil(lambda: bool(reader.asked))
    with qtbot.waitSignal(ask_session(window).finished, timeout=5000) as finished:
        ask_place(window).controller.ask("Who lit the lamp?")
    assert finished.args[0].question == "Who lit the lamp?"
    qtbot.wait(100)
    assert ask_session(window).answers.question == "Who lit the lamp?"  # type: ignore[union-attr]
    assert reader.closed == ["Who was first?"]


def test_a_document_that_goes_takes_its_question_with_it(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE, windows=40, pause=0.01), text=TEXT)
    ask_place(window).controller.ask("Who lit the lamp?")
    window.run_command("close_document")
    qtbot.wait(150)
    assert ask_session(window).answers is None
    assert not ask_bar(window).button.isEnabled()


def test_a_question_before_the_model_is_there_waits(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE), text=TEXT)

    def slow(_settings: object) -> ScriptedReader:
        time.sleep(0.8)
        return ScriptedReader(PENHALE)

    window.services.reader._load = slow  # type: ignore[assignment]
    window.services.reader.load()
    assert window.services.status.model.text() == "Loading the model…"
    with qtbot.waitSignal(ask_session(window).finished, timeout=5000):
        ask_place(window).controller.ask("Who lit the lamp?")
        assert "loading" in answers_panel(window).hint.text()
        qtbot.waitUntil(ask_bar(window).work.isVisible)
        assert ask_bar(window).work.text == "Waiting for the model to load…"


def test_a_choice_made_while_it_reads_is_kept(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE, windows=30, pause=0.02), text=TEXT)
    session = ask_session(window)
    with qtbot.waitSignal(session.finished, timeout=5000):
        ask_place(window).controller.ask("Who lit the lamp?")
        qtbot.waitUntil(lambda: session.answers is not None)
        session.select(2)
    assert session.selected == 2


@pytest.mark.parametrize("question", ["", "???"])
def test_what_cannot_be_asked_is_shown_in_the_bar(qtbot: QtBot, make_window: MakeWindow, question: str) -> None:
    window = make_window(text=TEXT)
    question_field(window).setText(question)
    qtbot.keyClick(question_field(window), Qt.Key.Key_Return)
    qtbot.waitUntil(window.services.messages.isVisible)
    assert "question" in window.services.messages.text
    assert not ask_session(window).is_working
    ask(qtbot, window, "Who lit the lamp?")
    assert not window.services.messages.isVisible()


def test_history_is_walked_with_up_and_down(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE), text=TEXT)
    field = question_field(window)
    for question in ("Who lit the lamp?", "Who built the tower?"):
        ask(qtbot, window, question)
    qtbot.waitUntil(lambda: field._history == ["Who built the tower?", "Who lit the lamp?"])
    field.setText("Who is")
    field_texts = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(field, key)
        field_texts.append(field.text())
    assert field_texts[:2] == ["Who built the tower?", "Who lit the lamp?"]
    assert field_texts[2] == "Who lit the lamp?"
    assert field_texts[3:] == ["Who built the tower?", "Who is", "Who is"]


def test_another_document_begins_at_the_newest_question(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE), text=TEXT)
    field = question_field(window)
    for question in ("Who lit the lamp?", "Who built the tower?"):
        ask(qtbot, window, question)
    qtbot.waitUntil(lambda: field._history == ["Who built the tower?", "Who lit the lamp?"])
    field.setText("Who is")
    for _ in range(2):
        qtbot.keyClick(field, Qt.Key.Key_Up)
    window.services.documents.paste("Another text.")
    assert field.text() == ""
    qtbot.keyClick(field, Qt.Key.Key_Down)  # nothing comes after the newest question but an empty draft
    assert field.text() == ""
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "Who built the tower?"
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.text() == ""


def test_closing_during_a_long_read_is_quick(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(PENHALE, windows=10_000, pause=0.02), text=TEXT)
    ask_place(window).controller.ask("Who lit the lamp?")
    qtbot.waitUntil(lambda: ask_session(window).answers is not None)
    start = time.monotonic()
    window.close()
    assert time.monotonic() - start < 1


def test_a_part_that_was_read_is_not_the_document() -> None:

    span = (Answer(0, 4, "Anna", 0.01, 0.02, 0.02, 0, 0, 1),)
    headline, detail = _headline_and_detail(Answers("Who?", span, 0.9, 3, 10), "No answer", working=False)
    assert headline.startswith("Probably not in the part that was read · 90")
    assert "Stopped after 3 of 10 parts" in detail


def test_copying_says_so_and_there_is_nothing_to_copy_without_an_answer_or_a_selection(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    window = make_window(ScriptedReader([("Isaac Penhale", 0.9)]), text="The lamp was lit by Isaac Penhale.")
    copy = window.commands["copy"]
    assert not copy.isEnabled()
    document_view(window).selectAll()
    assert copy.isEnabled()
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "The lamp was lit by Isaac Penhale."
    assert "Copied" in window.services.status.currentMessage()
    window.services.status.clearMessage()
    document_view(window).show_at_top(0)
    cursor = document_view(window).textCursor()
    cursor.clearSelection()
    document_view(window).setTextCursor(cursor)
    assert not copy.isEnabled()
    ask(qtbot, window, "Who lit the lamp?")
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "Isaac Penhale"
    assert "Copied" in window.services.status.currentMessage()


def test_the_next_match_is_there_only_where_words_match(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text="The lamp was lit. The lamp was put out.")
    commands, bar = window.commands, find_bar(window)
    assert not commands["find_next"].isEnabled()
    commands["open_find"].trigger()
    bar.field.setText("lamp")
    bar.search()
    assert commands["find_next"].isEnabled()
    assert commands["find_previous"].isEnabled()
    bar.close_bar()
    assert not commands["find_next"].isEnabled()


def test_the_button_for_other_words_says_whether_words_are_selected(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([("lamp", 0.9)]), text="The lamp was lit.")
    ask(qtbot, window, "What was lit?")
    button = answers_panel(window).label_buttons.correct
    assert button.text() == "Wrong: select the right words"
    document_view(window).selectAll()
    assert button.text() == "Wrong: the selected words are right"


def test_the_sample_says_that_it_is_one_and_a_document_does_not(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), first=True)
    bar = document_pane(window).sample_bar
    qtbot.waitUntil(bar.isVisible, timeout=10_000)
    assert bar.open_button.isVisible()
    window.services.documents.paste("Some words.")
    assert not bar.isVisible()


def test_the_best_answer_so_far_is_scrolled_to_at_once_unless_the_user_scrolls(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    text = "\n\n".join(f"Paragraph {number} of a text that goes on for a while." for number in range(80))
    reader = ScriptedReader([("Paragraph 60", 0.9)], windows=8, pause=0.05)
    window = make_window(reader, text=text)
    start = text.index("Paragraph 60")
    session, view = ask_session(window), document_view(window)
    question_field(window).setText("Which?")
    question_field(window).returnPressed.emit()
    qtbot.waitUntil(lambda: view.is_in_view(start, start + 12))
    assert session.is_working
    view.show_at_top(0)
    qtbot.wait(120)
    assert session.is_working
    assert not view.is_in_view(start, start + 12)
    qtbot.waitUntil(lambda: not session.is_working)


def test_where_the_document_does_not_answer_another_one_or_the_library_is_offered(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    window = make_window(ScriptedReader([("lamp", 0.1)], 0.8), text="The lamp was lit.")
    ask(qtbot, window, "What is the rent?")
    elsewhere = answers_panel(window).elsewhere
    assert elsewhere.isVisible()
    assert elsewhere.text() == "Open another document…"
    window.services.signals.open_requested.disconnect()  # it would wait for the user
    with qtbot.waitSignal(window.services.signals.open_requested):
        elsewhere.click()
    window.services.library.collections = [object()]  # type: ignore[list-item]
    window.services.library.collections_changed.disconnect()
    ask_place(window).controller.show_again()
    assert elsewhere.text() == "Ask all documents of the library"
    window.services.library.collections = []
