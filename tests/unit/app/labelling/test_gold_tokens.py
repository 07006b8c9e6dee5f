"""The gold tokens of a label: tokens by characters, and in which windows."""

from __future__ import annotations

import pytest

from qadesk import paths
from qadesk.app.labelling.gold_tokens import find_gold_tokens
from qadesk.errors import DataError
from qadesk.qa.engine import Reader, open_reader
from qadesk.qa.reader_options import Options
from qadesk.records import GoldSpan, LabeledExample


@pytest.fixture(scope="module")
def bundled() -> Reader:
    return open_reader(paths.bundled_model_dir(), device="cpu")


def test_the_text_of_the_tokens_is_the_answer(bundled: Reader) -> None:
    text = paths.sample_path().read_text(encoding="utf-8")
    for answer in ("12 October 1862", "thirty-one", "biscuit, salted fish and rainwater", "dovetailed"):
        start = text.index(answer)
        example = LabeledExample("k", "what", text, "t", (GoldSpan(start, start + len(answer), answer),), False)
        [gold] = find_gold_tokens(bundled, example, Options())
        offsets = gold.window.document.offsets
        assert text[offsets[gold.first, 0] : offsets[gold.last, 1]] == answer
        assert gold.column(gold.first) == gold.first - gold.window.start + len(gold.window.question.head)


def test_the_first_answer_that_is_in_its_place_counts(bundled: Reader) -> None:
    text = "The lamp was lit in 1862 by Penhale."
    spans = (GoldSpan(0, 4, "1862"), GoldSpan(28, 35, "Penhale"))
    [gold] = find_gold_tokens(bundled, LabeledExample("k", "who", text, "t", spans, False), Options())
    assert text[gold.window.document.offsets[gold.first, 0] :].startswith("Penhale")
    with pytest.raises(DataError, match="not in its place"):
        find_gold_tokens(bundled, LabeledExample("k", "who", text, "t", spans[:1], False), Options())


def test_no_answer_looks_at_a_bounded_number_of_windows_closest_first(bundled: Reader) -> None:
    text = "Nothing of interest is said here. " * 3000 + "The lamp was lit in 1862."
    golds = find_gold_tokens(bundled, LabeledExample("k", "Was the lamp lit?", text, "t", (), True), Options())
    assert len(golds) == 24
    assert golds[0].number == golds[0].count > 60
    assert all(gold.first is None and gold.column(gold.first) == 0 for gold in golds)
