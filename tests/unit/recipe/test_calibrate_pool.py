"""The calibration for many documents: which questions are used, what is right, and what the fit finds."""

from __future__ import annotations

import json
import math
import random
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import calibrate_pool
import numpy as np
import pooled
import pytest
from calibrate_pool import Outcome
from pooled import PooledLogits, PooledQuestion
from tiny_run import Make
from tokenizers import Tokenizer

from qadesk.qa.calibration import Calibration, PoolCalibration, read_pool_calibration
from qadesk.qa.devices import Choice
from qadesk.qa.engine import Reader
from qadesk.qa.models import Model
from qadesk.qa.reader_options import Options
from qadesk.qa.windows import Batch
from qadesk.records import Document, LabeledExample, Passage

TEXTS = (
    "The man bought milk in the store .",
    "The woman bought milk and bread at night in town , at noon too .",
    "The store is in town .",
)


class EvenBackend:
    """All logits are 0: each span weighs 1."""

    workers = 1
    max_tokens = 64

    def scores(self, batch: Batch, *, alone: bool = True) -> tuple[np.ndarray, np.ndarray]:
        logits = np.zeros(batch.input_ids.shape, np.float32)
        return logits, logits


@pytest.fixture
def reader(tokenizer: Tokenizer) -> Reader:
    model = Model(Path("fake"), "fake", "Fake", None, (), tokenizer.get_vocab_size(), 64, 2, True, True)
    return Reader(model, Choice("cpu", "onnx", "float32", "a test"), tokenizer, EvenBackend())


def find(tmp_path: Path, examples: list[LabeledExample], *, everyday: bool) -> list[PooledQuestion]:
    index, paths = pooled.open_pool(tmp_path / "index", examples)
    with closing(index):
        return pooled.find(index, paths, examples, everyday=everyday)


def examples_of(example: Make) -> list[LabeledExample]:
    return [
        example("What did the man buy in the store ?", TEXTS[0], "milk", title="a", key="1"),
        example("Who bought bread ?", TEXTS[1], "The woman", title="b", key="2"),
        example("When did the woman go to the store ?", TEXTS[1], title="b", key="3"),
        example("What is in Paris ?", TEXTS[2], title="c", key="4"),
    ]


def test_a_question_is_asked_with_and_without_its_document(tmp_path: Path, example: Make) -> None:
    rows = find(tmp_path, examples_of(example), everyday=False)
    assert [(row.example.id, row.is_answerable) for row in rows] == [
        ("1", True), ("1", False), ("2", True), ("2", False), ("3", False), ("4", False),
    ]  # fmt: skip
    assert all(passage.document.path != rows[1].own for passage in rows[1].passages)
    assert rows[0].passages[0].document.path == rows[0].own


def test_an_everyday_question_must_lead_to_its_document(tmp_path: Path, example: Make) -> None:
    rows = find(tmp_path, examples_of(example), everyday=True)
    assert "4" not in {row.example.id for row in rows}
    assert {row.example.id for row in rows if row.is_answerable} == {"1", "2"}


def test_an_everyday_answer_is_right_in_its_own_document_only(tmp_path: Path, example: Make, reader: Reader) -> None:
    question = find(tmp_path, examples_of(example), everyday=True)[0]
    pool = reader.pool(question.passages)
    for answer in PooledLogits(reader, [question], Options()).ranking(question, PoolCalibration(), 50)[0].answers():
        place = pool.place(answer.start, answer.end).passage.document.path
        others = [pool.place(*span).passage.document.path for span in answer.places]
        is_milk = answer.text.lower() == "milk"
        assert question.is_right(pool, answer) == (is_milk and question.own in (place, *others))
        assert not replace(question, is_answerable=False).is_right(pool, answer)


def test_the_logits_are_those_of_the_reader(tmp_path: Path, example: Make, reader: Reader) -> None:
    rows = find(tmp_path, examples_of(example), everyday=False)
    logits = PooledLogits(reader, rows, Options())
    for row in filter(lambda row: row.passages, rows):
        ranking, pool = logits.ranking(row, reader.model.pool, 5)
        answers = list(reader.answer_pool(row.example.question, pool, Options(expected=None)))[-1].answers
        assert answers is not None
        assert (answers.spans, answers.no_answer) == (ranking.answers(), ranking.no_answer)


def outcome(
    key: str, log_mass: float, shares: tuple[float, ...], right: tuple[bool, ...], *, answerable: bool
) -> Outcome:
    example = LabeledExample(key, "Who ?", "The man .", "a", (), not answerable)
    return Outcome(PooledQuestion(example, (), Path("a"), answerable, is_everyday=False), log_mass, shares, right)


def test_the_regressions_find_what_made_the_outcomes() -> None:
    rolls = random.Random(5)
    rows = []
    for number in range(4000):
        log_mass, share = rolls.uniform(-2, 8), rolls.uniform(0.05, 0.95)
        answerable = rolls.random() < 1 / (1 + math.exp(2 - 0.6 * log_mass))
        is_best = answerable and rolls.random() < share
        rows.append(
            outcome(
                str(number), log_mass, (share, 1 - share), (is_best, answerable and not is_best), answerable=answerable
            )
        )
    fit = calibrate_pool.fit_chances(rows, PoolCalibration(Calibration(1.5), 0.2))
    assert (fit.prior, fit.calibration.temperature) == (0.2, 1.5)
    assert fit.calibration.null.slope == pytest.approx(0.6, abs=0.06)
    assert fit.calibration.null.bias == pytest.approx(2, abs=0.2)
    assert fit.calibration.best.slope == pytest.approx(1, abs=0.12)
    assert fit.calibration.best.bias == pytest.approx(0, abs=0.12)
    errors = calibrate_pool.errors(rows, fit)
    assert errors["null error"] < 0.03
    assert errors["best error"] < 0.03


def test_the_prior_is_large_where_the_search_is_right(example: Make, reader: Reader) -> None:
    """The reader says nothing: what is left is the search, which puts the right document first."""
    passages = tuple(
        Passage(number, number, Document(text, text, "text", Path(text)), ((0, 0, len(text)),), 10.0 * (number == 0))
        for number, text in enumerate(("milk", "bread", "tea"))
    )
    question = PooledQuestion(example("What ?", "milk", "milk"), passages, Path("milk"), True, False)
    fit = calibrate_pool.fit_weights(PooledLogits(reader, [question], Options()), 1.0)
    assert fit.prior == max(calibrate_pool.PRIORS)


def test_only_the_entry_pool_is_written(tmp_path: Path) -> None:
    path = tmp_path / "qadesk.json"
    path.write_text(json.dumps({"name": "A reader", "temperature": 1.3}), encoding="utf-8")
    fit = PoolCalibration(Calibration(2.0, answerable=0.4), 0.15)
    calibrate_pool.write_pool(tmp_path, fit)
    values = json.loads(path.read_text(encoding="utf-8"))
    assert {name: values[name] for name in ("name", "temperature")} == {"name": "A reader", "temperature": 1.3}
    assert read_pool_calibration(values) == fit
    assert [file.name for file in tmp_path.iterdir()] == ["qadesk.json"]
