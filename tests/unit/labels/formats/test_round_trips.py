"""What is exported is imported again equal, in every format, whatever the text and wherever the answers are."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qadesk.labels.formats import registry
from qadesk.labels.formats.writing import entries
from qadesk.records import LABELLED, OPEN, SKIPPED, GoldSpan, Label, LabelText

from .conftest import collect

PIECES = [
    "Ida", "Berg", " ", "\n", "\r\n", "\r", "\t", "\U0001f6a2", "\U0001f468\U0001f3fb\u200d\U0001f692", "e\u0301",
    "\u00e9", "\u4e00\u4e8c", ".", "\u2028", "'", '"', "=1", "-", "\\n", "1843", "[{", "No answer",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=2, max_size=14).map("".join).filter(str.strip)
WORDS = st.sampled_from(["Who?", " When \u00e9? ", "=1+1?", "-", "No answer", "a\r\nb"])


@st.composite
def a_label(draw, number, text):
    state = draw(st.sampled_from([LABELLED, LABELLED, OPEN, SKIPPED]))
    spans = []
    for _ in range(draw(st.integers(1, 3)) if state == LABELLED else 0):
        start = draw(st.integers(0, len(text) - 1))
        words = text[start : draw(st.integers(start + 1, len(text)))]
        spans += [GoldSpan(start, start + len(words), words)] if words.strip() else []
    answers = tuple(dict.fromkeys(spans))
    note = draw(st.sampled_from(["", "sure", "=2"]))
    is_impossible = state == LABELLED and not answers
    return Label(number, 1, f"k{number}", f"{number}{draw(WORDS)}", answers, is_impossible, state, note)


@st.composite
def a_text_with_labels(draw):
    text = draw(TEXTS)
    labels = [draw(a_label(number, text)) for number in range(1, draw(st.integers(1, 4)) + 1)]
    return LabelText(1, "T", "text", None, "T", text), labels


def compared(label):
    return replace(label, id=0, text_id=0, origin="", extra="", made=0.0, changed=0.0)


@pytest.mark.parametrize("row", registry.FORMATS, ids=lambda row: row.name)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(content=a_text_with_labels())
def test_labels_come_back_as_they_went_out(tmp_path_factory, row, content):
    text, labels = content
    kept = [label for label in labels if row.keeps(label)]
    path = tmp_path_factory.mktemp("set") / f"set{row.suffix}"
    path.write_bytes("".join(row.write(entries(kept, {1: text}))).encode(row.encoding))
    if not kept:
        return
    contents = collect(path)
    assert [problem.what for problem in contents.problems if "no words" not in problem.what] == []
    assert [part.text for part, _ in contents.texts] == [text.text]
    read = [compared(label) for _, part in contents.texts for label in part]
    has_notes = not row.name.startswith("squad")
    assert read == [compared(label if has_notes else replace(label, note="")) for label in kept]
