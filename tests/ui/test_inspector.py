"""The loss inspector: the loss as a sum, the strip and its keys, and the ten best spans."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.app.labelling.inspection import Inspection, Position, ScoredSpan, inspect_label
from qadesk.errors import DataError
from qadesk.qa.engine import Reader
from qadesk.records import LABELLED, GoldSpan, Label, LabelText
from qadesk.ui.kit import theme
from qadesk.ui.label.inspector import Inspector
from qadesk.ui.label.probability_strip import in_per_cent

NO_BREAK = "\N{NO-BREAK SPACE}"

#                 [CLS] Of    212   were  nineteen saved
STARTS = (0.05, 0.00, 0.30, 0.00, 0.44, 0.01)
ENDS = (0.05, 0.00, 0.20, 0.00, 0.40, 0.147)


def example() -> Inspection:
    """The label is 'nineteen saved', the model predicts '212': -log 0.44 = 0.82, -log 0.147 = 1.92."""
    text = "Of 212 were nineteen saved"
    words = [(text.index(word), word) for word in text.split()]
    spans = [(0, 0, ""), *((start, start + len(word), word) for start, word in words)]
    positions = tuple(Position(*span, *probabilities) for span, *probabilities in zip(spans, STARTS, ENDS, strict=True))
    best = (
        ScoredSpan(2, 2, 3, 6, "212", 4.5, 3.25, 0.06, False),
        ScoredSpan(4, 5, 12, 26, "nineteen saved", 5.0, -1.25, 0.0647, True),
        ScoredSpan(0, 0, 0, 0, "", 1.0, 1.0, 0.0025, False),
    )
    return Inspection(7, "How many?", 0.82, 1.92, 1.37, positions, (0.2, 0.203), best[1], 2, best, 1, 1, 1)


@pytest.fixture
def inspector(qtbot: QtBot, qapp: QApplication) -> Inspector:
    theme.apply(qapp, "light", 100)
    widget = Inspector()
    qtbot.addWidget(widget)
    widget.resize(400, 900)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def inspect_sample(reader: Reader, question: str, answer: str) -> Inspection:
    text = paths.sample_path().read_text(encoding="utf-8")
    start = text.index(answer)
    label = Label(1, 1, "k", question, (GoldSpan(start, start + len(answer), answer),), False, LABELLED)
    return inspect_label(reader, label, LabelText(1, "t", "text", None, "t", text))


def test_the_loss_is_a_sum_in_words(inspector: Inspector) -> None:
    inspector.show_inspection(example())
    assert inspector.headline.text() == "Loss 1.37 = (0.82 + 1.92) / 2"
    assert inspector.start_loss.text() == "Start, “nineteen”: −log P(start) = −log 0.440 = 0.82"
    assert inspector.end_loss.text() == "End, “saved”: −log P(end) = −log 0.147 = 1.92"


def test_the_models_span_is_compared_with_the_labels(inspector: Inspector) -> None:
    inspector.show_inspection(example())
    assert inspector.prediction.text() == (
        "The model's own maximum scoring span is “212”: S·Tᵢ + E·Tⱼ = 4.50 + 3.25 = 7.75. "
        "The label's span “nineteen saved” scores 5.00 − 1.25 = 3.75 and is number 2 of all spans."
    )


def test_a_right_prediction_is_called_right(inspector: Inspector) -> None:
    inspection = example()
    inspector.show_inspection(replace(inspection, best=(inspection.gold,), rank=1))
    assert inspector.prediction.text() == (
        "The model's own maximum scoring span is the label's: S·Tᵢ + E·Tⱼ = 5.00 − 1.25 = 3.75."
    )


def test_a_span_without_a_rank_is_explained(inspector: Inspector) -> None:
    inspection = example()
    inspector.show_inspection(replace(inspection, rank=None))
    assert inspector.prediction.text().endswith("and is longer than the longest answer that the reader looks for.")
    inspector.show_inspection(replace(inspection, rank=None, gold=inspection.best[2]))
    assert inspector.prediction.text().endswith("and cannot be predicted: this model always gives an answer.")


def test_the_notes_explain_what_is_not_shown(inspector: Inspector) -> None:
    inspector.show_inspection(replace(example(), window=2, windows=7, answers=3))
    notes = inspector.notes.text()
    assert "part 2 of 7" in notes
    assert "3 accepted answers. Training asks for the first." in notes
    assert f"have 20{NO_BREAK}% of the start, 20{NO_BREAK}% of the end" in notes


def test_no_answer_is_cls_everywhere(inspector: Inspector) -> None:
    inspection = example()
    inspector.show_inspection(
        replace(inspection, gold=replace(inspection.best[2], is_right=True), start_loss=3.0, end_loss=3.0)
    )
    assert "Start, no answer, [CLS]: −log P(start) = −log 0.050 = 3.00" in inspector.start_loss.text()
    assert "The label's span no answer, [CLS] scores" in inspector.prediction.text()
    assert inspector.strip.current == 0
    assert inspector.position.text().startswith("[CLS], which is no answer: start 5.0")


def test_nothing_to_show_offers_the_button(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_inspection(example())
    inspector.show_inspection(None)
    assert not inspector.headline.isVisible()
    inspector.button.setFocus()
    with qtbot.waitSignal(inspector.inspection_requested):
        qtbot.keyClick(inspector.button, Qt.Key.Key_Space)
    inspector.show_working()
    assert not inspector.button.isEnabled()
    inspector.show_problem(DataError("The answer is gone.", "Choose again."))
    assert inspector.message.text() == "The answer is gone. Choose again."
    assert inspector.button.isEnabled()
    inspector.show_inspection(example())
    assert not inspector.button.isVisible()
    assert inspector.headline.isVisible()


def test_keys_go_from_word_to_word(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_inspection(example())
    strip = inspector.strip
    strip.setFocus()
    positions = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_End,
                Qt.Key.Key_M, Qt.Key.Key_L, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):  # fmt: skip
        qtbot.keyClick(strip, key)
        positions.append(strip.current)
    assert positions == [5, 5, 4, 0, 0, 5, 2, 4, 0, 5]
    assert strip.description(5) in inspector.position.text()


def test_a_word_has_a_description(inspector: Inspector) -> None:
    inspector.show_inspection(example())
    descriptions = [inspector.strip.description(index).replace(NO_BREAK, " ") for index in range(6)]
    assert descriptions[1] == "“Of”: start under 0.1 %, end under 0.1 %"
    assert descriptions[2] == "“212”: start 30 %, end 20 %, the model's start, the model's end"
    assert descriptions[4] == "“nineteen”: start 44 %, end 40 %, the label's start"
    assert descriptions[5] == "“saved”: start 1.0 %, end 15 %, the label's end"
    inspector.strip.go_to(2)
    interface = QAccessible.queryAccessibleInterface(inspector.strip)
    assert interface.text(QAccessible.Text.Name) == "Start and end probability, word by word"
    assert interface.text(QAccessible.Text.Description).replace(NO_BREAK, " ").startswith(descriptions[2])


@pytest.mark.qt_log_ignore("does not support (raise|propagate)")  # tooltips offscreen
def test_a_click_chooses_and_hovering_shows_a_tooltip(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_inspection(example())
    strip = inspector.strip
    point = strip.cell(2).center().toPoint()
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=point)
    assert strip.current == 2
    QApplication.sendEvent(strip, QHelpEvent(QEvent.Type.ToolTip, point, strip.mapToGlobal(point)))
    assert "212" in QToolTip.text()
    QToolTip.hideText()


def test_bars_are_as_long_as_the_probability(inspector: Inspector) -> None:
    inspector.show_inspection(example())
    strip = inspector.strip
    strip.go_to(0)
    image = strip.grab().toImage()
    scale = image.devicePixelRatio()

    def length(index: int, name: str) -> int:
        """The pixels of one colour in the middle line of a cell, marks left out."""
        x = round(strip.cell(index).center().x() * scale) - round(4 * scale)
        margin = round((strip._mark + 8) * scale)
        rows = range(margin, image.height() - margin)
        return sum(image.pixelColor(x, y) == theme.colour(name) for y in rows)

    starts = [length(index, "accent") for index in range(6)]
    assert starts[4] == pytest.approx(0.44 * strip._bar * scale, abs=4)
    assert starts[2] == pytest.approx(0.30 * strip._bar * scale, abs=4)
    assert starts[1] == 0
    assert length(5, "mark_line") == pytest.approx(0.147 * strip._bar * scale, abs=4)


def test_the_label_and_the_model_have_marks_of_different_shape(inspector: Inspector) -> None:
    """A square fills its corners, a circle does not."""
    inspector.show_inspection(example())
    strip = inspector.strip
    strip.go_to(0)
    image = strip.grab().toImage()

    def corner(index: int) -> str:
        point = QPoint(round(strip.cell(index).center().x() - strip._mark / 2) + 1, 5 + 1)
        return image.pixelColor(point * image.devicePixelRatio()).name()

    assert corner(4) == theme.colour("mark_line").name()  # L
    assert corner(2) != theme.colour("accent").name()  # M


def test_the_ten_best_spans_are_a_table_that_leads_to_the_strip(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_inspection(example())
    table = inspector.table
    rows = [[table.topLevelItem(row).text(column) for column in range(6)] for row in range(table.topLevelItemCount())]
    assert rows[0] == ["1 M", "212", "4.50", "3.25", "7.75", f"6.0{NO_BREAK}%"]
    assert rows[1] == ["2 L", "nineteen saved", "5.00", "−1.25", "3.75", f"6.5{NO_BREAK}%"]
    assert rows[2][1] == "no answer [CLS]"
    table.setFocus()
    table.setCurrentItem(table.topLevelItem(1))
    assert inspector.strip.current == 4
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert inspector.strip.current == 2


def test_the_current_word_stays_visible(qtbot: QtBot, inspector: Inspector, bundled_reader: Reader) -> None:
    inspector.show_inspection(inspect_sample(bundled_reader, "When was the lamp first lit?", "12 October 1862"))
    strip, area = inspector.strip, inspector.strip_area
    assert strip.width() > 5 * area.viewport().width()
    for index in (strip.current, 0, len(strip._edges) - 2, 40):
        strip.go_to(index)
        visible = -strip.x(), -strip.x() + area.viewport().width()
        assert visible[0] <= strip.cell(index).left() + 6
        assert strip.cell(index).right() <= visible[1] + 6
    assert area.height() >= strip.height()


def test_on_the_sample_a_right_prediction_has_a_loss(inspector: Inspector, bundled_reader: Reader) -> None:
    inspector.show_inspection(inspect_sample(bundled_reader, "When was the lamp first lit?", "12 October 1862"))
    assert inspector.headline.text().startswith("Loss 0.")
    assert "is the label's" in inspector.prediction.text()
    assert inspector.table.topLevelItemCount() == 10
    assert inspector.table.topLevelItem(0).text(0) == "1 L M"
    assert inspector.position.text().startswith("“12”: start ")


@pytest.mark.parametrize("zoom", [100, 200])
def test_it_fits_beside_the_text_and_grows_with_the_letters(
    inspector: Inspector, qapp: QApplication, zoom: int
) -> None:
    inspector.show_inspection(example())
    height = inspector.strip.height()
    theme.apply(qapp, "dark", zoom)
    inspector.restyle()
    QApplication.processEvents()
    assert inspector.minimumSizeHint().width() <= 340
    assert inspector.strip_area.height() >= inspector.strip.height()
    assert (inspector.strip.height() > 1.5 * height) is (zoom == 200)
    theme.apply(qapp, "light", 100)


@pytest.mark.parametrize(
    ("probability", "words"), [(0.0, "under 0.1 %"), (0.031, "3.1 %"), (0.44, "44 %"), (0.999, "over 99 %")]
)
def test_small_probabilities_keep_a_digit(probability: float, words: str) -> None:
    assert in_per_cent(probability).replace(NO_BREAK, " ") == words
