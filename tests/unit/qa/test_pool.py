"""Passages of several documents read as one: against numbers worked by hand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from qadesk.errors import ModelError, QuestionError
from qadesk.progress import finish
from qadesk.qa.calibration import USUAL_PRIOR, Calibration, Logistic, PoolCalibration, read_pool_calibration
from qadesk.qa.devices import Choice
from qadesk.qa.engine import Reader
from qadesk.qa.models import Model
from qadesk.qa.reader_options import Options
from qadesk.records import Answer, Answers, Document, Passage
from qadesk.structure import Block

MODEL = Model(Path("fake"), "fake", "Fake", None, (), 24, 32, 2, True, True)
CHOICE = Choice("cpu", "onnx", "float32", "it is a test")
STORE, MILK = 10, 13
STARTS = {STORE: math.log(2), MILK: math.log(3)}
WORDS = Options(max_answer_tokens=1, expected=None)
"""Spans are single words: those of "store" weigh 2, of "milk" 3, of any other word 1."""

Make = Callable[..., Reader]


@pytest.fixture
def make_reader(tokenizer: Tokenizer, fake_backend: Callable[..., object]) -> Make:
    """A reader with the prior 0.5, or with the ``calibration`` that is given."""

    def make(calibration: PoolCalibration = PoolCalibration(prior=0.5)) -> Reader:  # noqa: B008
        return Reader(replace(MODEL, pool=calibration), CHOICE, tokenizer, fake_backend(STARTS, {}))  # type: ignore[arg-type]

    return make


def passage(text: str, score: float = 0.0, number: int = 0, text_id: int | None = None, start: int = 0) -> Passage:
    """A passage of a document of its own, which is all of it, unless it begins at ``start``."""
    document = Document(text, f"Document {number}", blocks=(Block("paragraph", 0, len(text)),))
    pieces = ((0, start, len(text)),)
    return Passage(number, number if text_id is None else text_id, document, pieces, score)


def ask(reader: Reader, *passages: Passage, options: Options = WORDS, question: str = "what") -> Answers:
    return finish(reader.answer_pool(question, reader.pool(passages), options))


def by_text(answers: Answers) -> dict[str, Answer]:
    return {answer.text: answer for answer in answers}


def test_two_passages_of_three_tokens_by_hand(make_reader: Make) -> None:
    # a, went and store weigh 1 + 1 + 2. The second matches by 2 points less: (1 + 3 + 1) * exp(0.5 * -2).
    answers = ask(make_reader(), passage("a went store", 4.0), passage("and milk bought", 2.0, 1))
    z = 1 + 4 + 5 / math.e
    assert answers.no_answer == pytest.approx(1 / z)
    assert [answer.text for answer in answers][:2] == ["store", "milk"]
    store, milk = by_text(answers)["store"], by_text(answers)["milk"]
    assert store.confidence == pytest.approx(2 / z)
    assert milk.confidence == pytest.approx(3 / math.e / z)
    assert milk.start_confidence == pytest.approx(3 / math.e / z)
    assert (milk.start_score, milk.end_score, milk.null_score) == (pytest.approx(math.log(3)), 0, 0)
    assert (answers.read, answers.windows) == (2, 2)


def test_without_a_prior_only_the_reader_counts(make_reader: Make) -> None:
    answers = ask(
        make_reader(PoolCalibration(prior=0)), passage("a went store", 4.0), passage("and milk bought", 2.0, 1)
    )
    assert [answer.text for answer in answers][:2] == ["milk", "store"]
    assert answers[0].confidence == pytest.approx(3 / (1 + 4 + 5))


def test_temperature_flattens_the_reader_and_not_the_search(make_reader: Make) -> None:
    reader = make_reader(PoolCalibration(Calibration(2.0), 0.5))
    answers = ask(reader, passage("a went store", 4.0), passage("and milk bought", 2.0, 1))
    store, milk = math.sqrt(2), math.sqrt(3) / math.e
    z = 1 + (2 + store) + (2 / math.e + milk)
    assert answers.no_answer == pytest.approx(1 / z)
    assert by_text(answers)["milk"].confidence == pytest.approx(milk / z)


def test_equal_answers_of_two_documents_add_up(make_reader: Make) -> None:
    pool = passage("went store and", 3.0), passage("the Store", 1.0, 1), passage("bought milk", 1.0, 2)
    answers = ask(make_reader(), *pool)
    weight = 1 / math.e
    z = 1 + 4 + 3 * weight + 4 * weight
    best = answers[0]
    assert best.text == "store"
    assert best.confidence == pytest.approx((2 + 2 * weight) / z)
    assert best.places == ((20, 25),)
    assert make_reader().pool(pool).text[20:25] == "Store"


def test_a_place_is_found_in_its_document(make_reader: Make) -> None:
    reader = make_reader()
    pool = reader.pool([passage("a went store", 4.0), passage("and milk bought", 2.0, 1, start=100)])
    milk = by_text(finish(reader.answer_pool("what", pool, WORDS)))["milk"]
    place = pool.place(milk.start, milk.end)
    assert (place.passage.id, place.passage.document.text[place.start : place.end]) == (1, "milk")
    assert place.in_document == (104, 108)
    assert pool.place(0, 1).passage.id == 0


def test_no_answer_goes_from_one_passage_to_the_next(make_reader: Make) -> None:
    answers = ask(make_reader(), passage("store"), passage("milk", 0.0, 1), options=Options(top_k=100, overlap=True))
    assert {answer.text for answer in answers} == {"store", "milk"}


def test_no_answer_goes_from_one_piece_to_the_next(make_reader: Make) -> None:
    document = Document("store\nmilk", "Split", blocks=(Block("paragraph", 0, 10),))
    split = Passage(1, 1, document, ((0, 0, 5), (6, 50, 4)), 1.0)
    reader = make_reader()
    pool = reader.pool([split])
    answers = finish(reader.answer_pool("what", pool, Options(top_k=100, overlap=True)))
    assert {answer.text: pool.place(answer.start, answer.end).in_document for answer in answers} == {
        "store": (0, 5),
        "milk": (50, 54),
    }


def test_a_heading_above_two_passages_counts_once(make_reader: Make) -> None:
    first = passage("store went", 1.0, 1, text_id=7)
    document = Document("store\nmilk", "Second", blocks=(Block("heading", 0, 5), Block("paragraph", 6, 10)))
    second = Passage(2, 7, document, ((0, 0, 5), (6, 11, 4)), 1.0)
    for order in itertools.permutations((first, second)):
        answers = ask(make_reader(), *order)
        assert answers.no_answer == pytest.approx(1 / (1 + 3 + 3))
        assert by_text(answers)["store"].confidence == pytest.approx(2 / 7)
        assert by_text(answers)["store"].places == ()


def test_the_order_of_passages_does_not_matter(make_reader: Make) -> None:
    texts = ("a man went to store", "who bought milk and milk", "the store is to f", "g h")
    passages = [passage(text, 1.5 * number, number) for number, text in enumerate(texts)]
    seen = []
    for order in itertools.permutations(passages):
        answers = ask(make_reader(), *order, options=Options(top_k=4))
        seen.append([(answer.text.lower(), round(answer.confidence, 9)) for answer in answers] + [answers.no_answer])
    assert all(row[:-1] == seen[0][:-1] and row[-1] == pytest.approx(seen[0][-1]) for row in seen)


@pytest.mark.parametrize("options", [Options(top_k=8), WORDS, Options(expected=1.0)])
def test_one_passage_is_read_as_a_document(make_reader: Make, options: Options) -> None:
    calibration = Calibration(1.3, Logistic(0.6, 0.2), Logistic(0.9, -0.2), Logistic(0.8, 0.3), 0.4)
    reader = make_reader(PoolCalibration(calibration, 0.0))
    reader.model = replace(reader.model, calibration=calibration)
    text = "the man went to store . who bought milk and what is the store ? " * 3
    answers = ask(reader, passage(text.strip(), 3.0), options=options)
    alone = finish(reader.answer("what", passage(text.strip()).document, options))
    assert alone.windows > 1
    assert (answers.spans, answers.no_answer) == (alone.spans, alone.no_answer)


def test_answers_come_while_passages_are_read(make_reader: Make) -> None:
    reader = make_reader()
    pool = reader.pool([passage("man went to store and bought", 9.0 - number, number) for number in range(30)])
    steps = list(reader.answer_pool("what", pool, WORDS))
    counts = [step.progress.done for step in steps]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] == 30
    assert all(step.answers and step.answers[0].text == "store" for step in steps)


def test_items_of_two_passages_are_no_list(make_reader: Make) -> None:
    text = "- store"
    document = Document(text, "Items", blocks=(Block("item", 0, len(text), 1, 2),))
    pool = [Passage(number, number, document, ((0, 0, len(text)),), 1.0) for number in range(2)]
    answers = ask(make_reader(), *pool, question="what items are the milk")
    assert answers[0].items == ()
    both = Document("- store\n- milk", "List", blocks=(Block("item", 0, 7, 1, 2), Block("item", 8, 14, 1, 10)))
    answers = ask(make_reader(), pool[0], Passage(3, 3, both, ((0, 0, 14),), 1.0), question="what items are the milk")
    assert answers[0].items == ((11, 16), (19, 23))


def test_what_cannot_be_asked_is_refused(make_reader: Make) -> None:
    with pytest.raises(QuestionError):
        ask(make_reader(), passage("store"), question="?")
    with pytest.raises(QuestionError):
        ask(make_reader())


def test_the_calibration_of_one_document_is_the_default() -> None:
    values = {"temperature": 1.3, "null": {"slope": 0.5, "bias": 1.0}, "answerable": 0.6}
    pool = read_pool_calibration(values)
    assert (pool.prior, pool.calibration.temperature, pool.calibration.answerable) == (USUAL_PRIOR, 1.3, 0.6)
    own = read_pool_calibration({**values, "pool": {"prior": 0.2, "null": {"slope": 0.7, "bias": 2.0}}})
    assert (own.prior, own.calibration.null, own.calibration.temperature) == (0.2, Logistic(0.7, 2.0), 1.3)


@pytest.mark.parametrize("pool", [5, {"prior": -1}, {"prior": "much"}, {"temperature": 0}, {"null": {"slope": -1}}])
def test_a_wrong_calibration_is_refused(pool: object) -> None:
    with pytest.raises(ModelError):
        read_pool_calibration({"pool": pool})
