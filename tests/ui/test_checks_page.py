"""The checks page: findings by kind, the way to each label, and asking the model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.app.labelling.inspection import losses
from qadesk.errors import DataError
from qadesk.labels.checks import Finding, check
from qadesk.progress import Progress, finish
from qadesk.qa.engine import Reader
from qadesk.records import GoldSpan, LabeledExample
from qadesk.ui.kit import theme
from qadesk.ui.label.checks_page import ChecksPage

FINDINGS = (
    Finding("punctuation", ("c",), "The answer “Paris,” ends with “,”."),
    Finding("contradiction", ("a", "b"), "“Who?” has answers that differ: “one” and “two”."),
    Finding("punctuation", ("d",), "The answer “a <b>bold</b> one.” ends with the full stop of its sentence."),
    Finding("balance", (), "3 of 24 labels say that the text has no answer."),
    Finding("size", (), "19 labels to learn from and 5 to measure on."),
)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> ChecksPage:
    theme.apply(qapp, "light", 100)
    made = ChecksPage()
    qtbot.addWidget(made)
    made.resize(400, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def rows(page: ChecksPage) -> Iterator[tuple[int, QTreeWidgetItem]]:
    def below(item: QTreeWidgetItem, depth: int) -> Iterator[tuple[int, QTreeWidgetItem]]:
        yield depth, item
        for at in range(item.childCount()):
            yield from below(item.child(at), depth + 1)

    for at in range(page.tree.topLevelItemCount()):
        yield from below(page.tree.topLevelItem(at), 0)


def at(page: ChecksPage, text: str) -> QTreeWidgetItem:
    return next(item for _, item in rows(page) if item.text(0).startswith(text))


def test_findings_stand_under_their_kinds_with_counts(page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    assert [(depth, item.text(0)) for depth, item in rows(page)] == [
        (0, "Contradictions (1)"),
        (1, FINDINGS[1].what),
        (2, "Go to label 1 of 2"),
        (2, "Go to label 2 of 2"),
        (0, "Stray punctuation or spaces (2)"),
        (1, FINDINGS[0].what),
        (1, FINDINGS[2].what),
    ]
    assert page.said.text().startswith("3 things need another look.")


def test_sizes_and_balance_stand_on_top(page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    page.show_findings(FINDINGS)
    QApplication.processEvents()
    on_top = [label.text() for label in page.findChildren(QLabel) if label.isVisible() and "label" in label.text()]
    assert on_top[:2] == [FINDINGS[4].what, FINDINGS[3].what]


def test_enter_and_click_go_to_the_label(qtbot: QtBot, page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    went: list[str] = []
    page.label_wanted.connect(went.append)
    page.tree.setFocus()
    for text in (FINDINGS[1].what, "Go to label 2", FINDINGS[2].what):
        page.tree.setCurrentItem(at(page, text))
        qtbot.keyClick(page.tree, Qt.Key.Key_Return)
    assert went == ["a", "b", "d"]
    place = page.tree.visualItemRect(at(page, FINDINGS[0].what)).center()
    qtbot.mouseClick(page.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert went == ["a", "b", "d", "c"]


def test_enter_on_a_kind_closes_and_opens_it(qtbot: QtBot, page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    went: list[str] = []
    page.label_wanted.connect(went.append)
    group = at(page, "Contradictions")
    page.tree.setCurrentItem(group)
    qtbot.keyClick(page.tree, Qt.Key.Key_Enter)
    assert not group.isExpanded()
    qtbot.keyClick(page.tree, Qt.Key.Key_Enter)
    assert group.isExpanded()
    assert went == []


def test_after_another_check_one_is_where_one_was(page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    page.tree.setCurrentItem(at(page, FINDINGS[2].what))
    page.show_findings([each for each in FINDINGS if each.kind != "contradiction"])
    assert page.tree.currentItem().text(0) == FINDINGS[2].what


def test_nothing_to_mend_is_said(page: ChecksPage) -> None:
    page.show_findings(FINDINGS[3:])
    assert page.said.text() == "Nothing was found that needs another look."
    assert not page.tree.isVisible()
    page.show_findings([])
    assert page.said.text() == "There are no labels to check yet."


def test_long_findings_wrap(page: ChecksPage) -> None:
    page.show_findings([Finding("unlikely", ("k",), "many words " * 30)])
    QApplication.processEvents()
    item = at(page, "many")
    wide = page.tree.visualItemRect(item).height()
    page.resize(280, 600)
    QApplication.processEvents()
    narrow = page.tree.visualItemRect(item).height()
    line = page.tree.fontMetrics().height()
    assert 5 * line < wide < narrow


def test_checking_and_asking_the_model_are_asked_for(qtbot: QtBot, page: ChecksPage) -> None:
    with qtbot.waitSignal(page.wanted):
        qtbot.keyClick(page.check_button, Qt.Key.Key_Space)
    with qtbot.waitSignal(page.losses_wanted):
        qtbot.keyClick(page.model_button, Qt.Key.Key_Space)
    assert page.model_button.text() == "Cancel"
    page.show_progress(Progress("Checking", 30, 120, 9))
    assert page.progress.isVisible()
    assert (page.progress.value(), page.progress.maximum()) == (30, 120)
    assert page.said.text() == "Checking 30 of 120 · 9 s left"
    with qtbot.waitSignal(page.cancel_wanted):
        qtbot.keyClick(page.model_button, Qt.Key.Key_Space)
    assert page.model_button.text() == "Ask the model too"
    assert not page.progress.isVisible()


def test_a_problem_ends_the_progress(page: ChecksPage) -> None:
    page.show_progress(Progress("Checking", 1, 2))
    page.show_problem(DataError("The labels cannot be read.", "Try again."))
    assert page.said.text() == "The labels cannot be read. Try again."
    assert not page.progress.isVisible()
    assert page.model_button.text() == "Ask the model too"


def test_real_labels_of_the_sample_with_the_bundled_reader(page: ChecksPage, bundled_reader: Reader) -> None:
    text = paths.sample_path().read_text(encoding="utf-8")

    def label(key: str, question: str, answer: str) -> LabeledExample:
        start = text.index(answer)
        span = GoldSpan(start, start + len(answer), answer)
        return LabeledExample(key, question, text, "lighthouse.txt", (span,), False)

    examples = [
        label("right", "When was the lamp first lit?", "12 October 1862"),
        label("other", "When was the lamp first lit?", "1857"),
        label("comma", "Who built the lighthouse?", "Thomas Reeve,"),
    ]
    page.show_findings(check(examples, finish(losses(bundled_reader, examples))))
    titles = [item.text(0) for depth, item in rows(page) if depth == 0]
    assert titles == ["Contradictions (1)", "Stray punctuation or spaces (1)", "Unlikely to the model (2)"]
    went: list[str] = []
    page.label_wanted.connect(went.append)
    page.tree.itemClicked.emit(at(page, "The model finds “1857” unlikely"), 0)
    assert went == ["other"]
