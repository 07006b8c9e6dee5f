"""The checks page: findings by kind, the way to each label, and the losses of the model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.app.labelling.inspection import losses
from qadesk.errors import DataError
from qadesk.labels.checks import Finding, find_mistakes
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
    widget = ChecksPage()
    qtbot.addWidget(widget)
    widget.resize(400, 600)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def rows(page: ChecksPage) -> Iterator[tuple[int, QTreeWidgetItem]]:
    def below(item: QTreeWidgetItem, depth: int) -> Iterator[tuple[int, QTreeWidgetItem]]:
        yield depth, item
        for row in range(item.childCount()):
            yield from below(item.child(row), depth + 1)

    for row in range(page.tree.topLevelItemCount()):
        yield from below(page.tree.topLevelItem(row), 0)


def row_with(page: ChecksPage, text: str) -> QTreeWidgetItem:
    return next(item for _, item in rows(page) if item.text(0).startswith(text))


def test_findings_are_listed_by_kind_with_counts(page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    assert [(depth, item.text(0)) for depth, item in rows(page)] == [
        (0, "Contradictions (1)"),
        (1, FINDINGS[1].what),
        (2, "Go to label 1 of 2"),
        (2, "Go to label 2 of 2"),
        (0, "Cut words, stray punctuation, single brackets (2)"),
        (1, FINDINGS[0].what),
        (1, FINDINGS[2].what),
    ]
    assert page.message.text().startswith("3 things need another look.")


def test_size_and_balance_are_above(page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    page.show_findings(FINDINGS)
    QApplication.processEvents()
    texts = [label.text() for label in page.findChildren(QLabel) if label.isVisible() and "label" in label.text()]
    assert texts[:2] == [FINDINGS[4].what, FINDINGS[3].what]


def test_enter_and_click_go_to_the_label(qtbot: QtBot, page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    keys: list[str] = []
    page.label_requested.connect(keys.append)
    page.tree.setFocus()
    for text in (FINDINGS[1].what, "Go to label 2", FINDINGS[2].what):
        page.tree.setCurrentItem(row_with(page, text))
        qtbot.keyClick(page.tree, Qt.Key.Key_Return)
    assert keys == ["a", "b", "d"]
    point = page.tree.visualItemRect(row_with(page, FINDINGS[0].what)).center()
    qtbot.mouseClick(page.tree.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert keys == ["a", "b", "d", "c"]


def test_enter_on_a_kind_closes_and_opens_it(qtbot: QtBot, page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    keys: list[str] = []
    page.label_requested.connect(keys.append)
    group = row_with(page, "Contradictions")
    page.tree.setCurrentItem(group)
    qtbot.keyClick(page.tree, Qt.Key.Key_Enter)
    assert not group.isExpanded()
    qtbot.keyClick(page.tree, Qt.Key.Key_Enter)
    assert group.isExpanded()
    assert keys == []


def test_after_another_check_the_same_finding_is_current(page: ChecksPage) -> None:
    page.show_findings(FINDINGS)
    page.tree.setCurrentItem(row_with(page, FINDINGS[2].what))
    page.show_findings([finding for finding in FINDINGS if finding.kind != "contradiction"])
    assert page.tree.currentItem().text(0) == FINDINGS[2].what


def test_no_findings_are_a_sentence(page: ChecksPage) -> None:
    page.show_findings(FINDINGS[3:])
    assert page.message.text() == "Nothing was found that needs another look."
    assert not page.tree.isVisible()
    page.show_findings([])
    assert page.message.text() == "There are no labels to check yet."


def test_long_findings_wrap(page: ChecksPage) -> None:
    page.show_findings([Finding("unlikely", ("k",), "many words " * 30)])
    QApplication.processEvents()
    item = row_with(page, "many")
    wide = page.tree.visualItemRect(item).height()
    page.resize(280, 600)
    QApplication.processEvents()
    narrow = page.tree.visualItemRect(item).height()
    line = page.tree.fontMetrics().height()
    assert 5 * line < wide < narrow


def test_the_buttons_request_checks(qtbot: QtBot, page: ChecksPage) -> None:
    with qtbot.waitSignal(page.check_requested):
        qtbot.keyClick(page.check_button, Qt.Key.Key_Space)
    with qtbot.waitSignal(page.losses_requested):
        qtbot.keyClick(page.model_button, Qt.Key.Key_Space)
    assert page.model_button.text() == "Cancel"
    page.show_progress(Progress("Checking", 30, 120, 9))
    assert page.progress.isVisible()
    assert (page.progress.value(), page.progress.maximum()) == (30, 120)
    assert page.message.text() == "Checking 30 of 120 · 9 s left"
    with qtbot.waitSignal(page.cancel_requested):
        qtbot.keyClick(page.model_button, Qt.Key.Key_Space)
    assert page.model_button.text() == "Ask the model too"
    assert not page.progress.isVisible()


def test_a_problem_ends_the_progress(page: ChecksPage) -> None:
    page.show_progress(Progress("Checking", 1, 2))
    page.show_problem(DataError("The labels cannot be read.", "Try again."))
    assert page.message.text() == "The labels cannot be read. Try again."
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
    page.show_findings(find_mistakes(examples, finish(losses(bundled_reader, examples))))
    titles = [item.text(0) for depth, item in rows(page) if depth == 0]
    assert titles == [
        "Contradictions (1)",
        "Cut words, stray punctuation, single brackets (1)",
        "Unlikely to the model (2)",
    ]
    keys: list[str] = []
    page.label_requested.connect(keys.append)
    page.tree.itemClicked.emit(row_with(page, "The model finds “1857” unlikely"), 0)
    assert keys == ["other"]
