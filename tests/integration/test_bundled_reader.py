"""The bundled model, for real: the sample document, languages, sizes, and what gets imported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import qadesk
from qadesk import paths
from qadesk.app import documents
from qadesk.progress import finish
from qadesk.qa import engine
from qadesk.qa.engine import Reader
from qadesk.qa.reader_options import Options
from qadesk.records import Answers


@pytest.fixture(scope="module")
def reader() -> Reader:
    return engine.open_reader(paths.bundled_model_dir(), device="cpu")


def test_the_sample_questions_are_answered_and_the_last_is_not(reader: Reader) -> None:
    text = documents.sample().text
    first, second, third = (reader.ask(question, text) for question in documents.sample_questions())
    assert first[0].text == "12 October 1862"
    assert second[0].text == "eleven nights"
    assert first[0].confidence > 0.5
    assert second[0].confidence > 0.5
    assert not third.is_answered
    assert third.no_answer is not None
    assert third.no_answer > 0.5
    assert third.best is not None  # the list is never empty


def test_the_public_interface_of_the_readme() -> None:
    answers = qadesk.load().ask("Who built it?", "The tower was built by Thomas Reeve in 1862.", top_k=3)
    assert answers[0].text == "Thomas Reeve"
    assert 0 < answers[0].confidence <= answers[0].start_confidence <= 1
    assert answers[0].confidence <= answers[0].end_confidence <= 1


def test_without_calibration_everything_adds_up_to_one(tmp_path: Path) -> None:
    folder = shutil.copytree(paths.bundled_model_dir(), tmp_path / "plain")
    (folder / "qadesk.json").unlink()
    text = documents.sample().text[:200]
    plain = engine.open_reader(folder, device="cpu")
    answers = _last(plain, "What is Harrow Rock?", text, Options(top_k=5000, overlap=True))
    assert answers.no_answer is not None
    assert sum(answer.confidence for answer in answers) + answers.no_answer == pytest.approx(1, abs=0.01)


def test_the_best_answer_and_no_answer_share_what_there_is(reader: Reader) -> None:
    for question in documents.sample_questions():
        answers = reader.ask(question, documents.sample().text)
        assert answers.no_answer is not None
        assert answers[0].confidence + answers.no_answer <= 1
        assert answers[0].start_confidence + answers.no_answer <= 1 + 1e-9
        chances = [answer.confidence for answer in answers]
        assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "😀 The keeper 🏮 was Anna Müller\u00a0from Zürich.\r\nShe was born in 1901. 😀",
        "Ａｎｎａ was the keeper. ﬁrst 日本の首都は東京です。 والحارس كان أنا",
        "The keeper was A\u0301nna.\x00\x07 \ufffd \u2028 Anna\u200dB",
        "x",
        "7",
    ],
)
def test_answers_are_substrings_of_any_text(reader: Reader, text: str) -> None:
    answers = reader.ask("Who was the keeper?", text, top_k=10)
    assert len(answers) > 0
    for answer in answers:
        assert text[answer.start : answer.end] == answer.text
        assert answer.text.strip() == answer.text


def test_a_needle_in_a_long_text_is_found_at_its_place(reader: Reader) -> None:
    hay = "The weather was calm and the harbour lay quiet. Nothing of note was written down that day. "
    needle = "The secret code of the vault is 7351. "
    text = hay * 60 + needle + hay * 60
    answers = reader.ask("What is the secret code of the vault?", text)
    assert answers[0].text == "7351"
    assert answers[0].start == text.index("7351")
    assert answers.windows > 5


def test_short_windows_find_the_same(reader: Reader) -> None:
    text = documents.sample().text
    for length, stride in ((384, 128), (128, 64), (64, 16)):
        answers = _last(reader, "When was the lamp first lit?", text, Options(length, stride))
        assert answers[0].text == "12 October 1862"


def test_the_shipped_graph_follows_float32(reader: Reader) -> None:
    """Not a measure (see docs/measurements.md), only that the two are the same model."""
    pytest.importorskip("torch")
    floating = engine.open_reader(paths.bundled_model_dir(), device="cpu", precision="float32")
    text = documents.sample().text
    for question in documents.sample_questions():
        quantised, exact = reader.ask(question, text), floating.ask(question, text)
        assert quantised.is_answered == exact.is_answered
        if quantised.is_answered:
            assert quantised[0].text == exact[0].text
            assert quantised[0].confidence == pytest.approx(exact[0].confidence, abs=0.2)


def test_neighbouring_weights_never_saturate_without_vnni() -> None:
    """Such a processor adds 255 (a + b) of two neighbours in 16 bits."""
    onnx = pytest.importorskip("onnx")
    graph = onnx.load(str(paths.bundled_model_dir() / "model_int8.onnx")).graph
    initializers = {tensor.name: tensor for tensor in graph.initializer}
    matrices = [node.input[1] for node in graph.node if node.op_type == "MatMulIntegerToFloat"]
    weights = [onnx.numpy_helper.to_array(initializers[name]) for name in matrices]
    assert len(weights) == 34  # 6 layers of 6: query, key, value, output, up, down; but for down in the lower 2
    pairs = [weight[::2].astype(int) + weight[1::2] for weight in weights if weight.dtype == np.int8]
    assert len(pairs) == 34
    assert max(np.abs(pair).max() for pair in pairs) == 128


def test_the_order_of_reading_changes_nothing(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    hay = "The keeper went up the tower at dusk. Nobody saw him come down again, and the lamp burned on. "
    text = hay * 40 + documents.sample().text + hay * 40
    question = documents.sample_questions()[0]
    readings = list(reader.answer(question, text, Options(top_k=5)))
    matched = readings[-1].answers
    monkeypatch.setattr(engine.windows, "by_match", list)
    in_order = _last(reader, question, text, Options(top_k=5))
    first = readings[0].answers
    assert matched is not None
    assert first is not None
    assert first.is_partial
    assert first[0].text == matched[0].text  # found at once
    assert [(answer.start, answer.end) for answer in matched] == [(answer.start, answer.end) for answer in in_order]
    for matched_answer, plain_answer in zip(matched, in_order, strict=True):
        assert matched_answer.confidence == pytest.approx(plain_answer.confidence, rel=1e-4)
    assert matched.no_answer == pytest.approx(in_order.no_answer, rel=1e-4)


_FIRST_ANSWER = """
import sys, qadesk
qadesk.load(device="cpu").ask("Who?", "It was Anna.")
heavy = {"torch", "transformers", "optimum", "onnx", "PySide6"} & set(sys.modules)
sys.exit(", ".join(heavy) if heavy else 0)
"""


@pytest.mark.parametrize("code", [_FIRST_ANSWER, "import qadesk, sys; sys.exit('numpy' in sys.modules)"])
def test_nothing_heavy_is_imported(code: str) -> None:
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (process.returncode, process.stderr) == (0, "")


def _last(reader: Reader, question: str, text: str, options: Options) -> Answers:
    return finish(reader.answer(question, text, options))
