"""Where training looks for a label: tokens by characters, and which windows."""

from __future__ import annotations

import pytest

from qadesk import paths
from qadesk.app.labelling import gold_tokens
from qadesk.errors import DataError
from qadesk.qa.engine import Options, Reader, load
from qadesk.records import GoldSpan, LabeledExample


@pytest.fixture(scope="module")
def bundled() -> Reader:
    return load(paths.bundled_model_dir(), device="cpu")


def test_the_text_of_the_tokens_is_the_answer(bundled: Reader) -> None:
    text = paths.sample_path().read_text(encoding="utf-8")
    for answer in ("12 October 1862", "thirty-one", "biscuit, salted fish and rainwater", "dovetailed"):
        start = text.index(answer)
        example = LabeledExample("k", "what", text, "t", (GoldSpan(start, start + len(answer), answer),), False)
        [found] = gold_tokens.find(bundled, example, Options())
        offsets = found.window.document.offsets
        assert text[offsets[found.first, 0] : offsets[found.last, 1]] == answer
        assert found.column(found.first) == found.first - found.window.start + len(found.window.question.head)


def test_the_first_answer_that_is_in_its_place_counts(bundled: Reader) -> None:
    text = "The lamp was lit in 1862 by Penhale."
    golds = (GoldSpan(0, 4, "1862"), GoldSpan(28, 35, "Penhale"))
    [found] = gold_tokens.find(bundled, LabeledExample("k", "who", text, "t", golds, False), Options())
    assert text[found.window.document.offsets[found.first, 0] :].startswith("Penhale")
    with pytest.raises(DataError, match="not in its place"):
        gold_tokens.find(bundled, LabeledExample("k", "who", text, "t", golds[:1], False), Options())


def test_no_answer_looks_at_a_bounded_number_of_windows_closest_first(bundled: Reader) -> None:
    text = "Nothing of interest is said here. " * 3000 + "The lamp was lit in 1862."
    found = gold_tokens.find(bundled, LabeledExample("k", "Was the lamp lit?", text, "t", (), True), Options())
    assert len(found) == 24
    assert found[0].number == found[0].count > 60
    assert all(each.first is None and each.column(each.first) == 0 for each in found)
