"""The loss of a label, with numbers worked by hand and with the bundled reader."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from generators import drive
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordLevel

from qadesk import paths
from qadesk.app.labelling.inspection import Inspection, inspect_label, losses, margin, suggest
from qadesk.errors import DataError, ModelError, QuestionError
from qadesk.progress import finish
from qadesk.qa.devices import Choice
from qadesk.qa.engine import Reader, open_reader
from qadesk.qa.models import Model
from qadesk.qa.reader_options import Options
from qadesk.qa.windows import Batch
from qadesk.records import LABELLED, OPEN, Answer, Answers, GoldSpan, Label, LabeledExample, LabelText
from qadesk.structure import Block

WORDS = "[CLS] [SEP] [UNK] what which ? a b c d".split()
TEXT = "a b c d"


class FixedWeights:
    """A model with fixed weights of each word as a start and as an end; 1 where none is set."""

    max_tokens, workers = 64, 1

    def __init__(self, starts: dict[str, float], ends: dict[str, float]) -> None:
        self.parts = starts, ends
        self.windows = 0

    def scores(self, batch: Batch, *, alone: bool = True) -> tuple[np.ndarray, np.ndarray]:
        self.windows += len(batch.windows)
        logits = [np.zeros(batch.input_ids.shape, np.float32) for _ in self.parts]
        for table, parts in zip(logits, self.parts, strict=True):
            for word, value in parts.items():
                table[batch.input_ids == WORDS.index(word)] = math.log(value)
        return logits[0], logits[1]


def reader_of(backend: FixedWeights, *, unanswerable: bool = True) -> Reader:
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 0), ("[SEP]", 1)]
    )
    model = Model(Path("chosen"), "chosen", "FixedWeights", None, (), 24, 32, 2, True, unanswerable)
    return Reader(model, Choice("cpu", "onnx", "float32", "it is a test"), tokenizer, backend)


def label_of(*spans: tuple[int, int], text: str = TEXT, question: str = "what", state: str = LABELLED) -> Label:
    answers = tuple(GoldSpan(start, end, text[start:end]) for start, end in spans)
    return Label(7, 1, "key", question, answers, not spans, state)


def text_of(text: str = TEXT, *blocks: Block) -> LabelText:
    return LabelText(1, "t", "text", None, "t", text, blocks)


def inspect(reader: Reader, label: Label, text: str, options: Options | None = None) -> Inspection:
    return inspect_label(reader, label, text_of(text), options)


# [CLS] what [SEP] a b c d [SEP]: eight tokens. Of the starts b has 4 parts and c 6, all others 1: 16 parts. Of the ends
# b has 2 and c 8: 16 again.
BACKEND = {"b": 4.0, "c": 6.0}, {"b": 2.0, "c": 8.0}


@pytest.fixture
def reader() -> Reader:
    return reader_of(FixedWeights(*BACKEND))


def test_the_loss_is_the_mean_of_two_logs(reader: Reader) -> None:
    """'b c': P(start = b) = 4/16, P(end = c) = 8/16."""
    inspection = inspect(reader, label_of((2, 5)), TEXT)
    assert inspection.start_loss == pytest.approx(math.log(4))
    assert inspection.end_loss == pytest.approx(math.log(2))
    assert inspection.loss == pytest.approx(1.5 * math.log(2))
    assert (inspection.label_id, inspection.question, inspection.answers) == (7, "what", 1)
    gold = inspection.gold
    assert (gold.text, gold.start, gold.end, gold.is_right) == ("b c", 2, 5, True)


def test_the_models_own_span_stands_beside_the_labels(reader: Reader) -> None:
    """'c' has 6/16 * 8/16, more than the label's 4/16 * 8/16: the model is wrong, and the loss did not look at it."""
    inspection = inspect(reader, label_of((2, 5)), TEXT)
    best = inspection.best[0]
    assert (best.text, best.start_score, best.end_score) == (
        "c",
        pytest.approx(math.log(6)),
        pytest.approx(math.log(8)),
    )
    assert best.score == pytest.approx(math.log(48))
    assert (best.probability, best.is_right) == (pytest.approx(48 / 256), False)
    assert inspection.gold.score == pytest.approx(math.log(32))
    assert inspection.gold.probability == pytest.approx(32 / 256)
    assert inspection.rank == 2
    assert inspection.best[1] == inspection.gold
    assert -math.log(inspection.gold.probability) / 2 == pytest.approx(inspection.loss)


def test_a_right_prediction_still_costs(reader: Reader) -> None:
    inspection = inspect(reader, label_of((4, 5)), TEXT)
    assert (inspection.rank, inspection.best[0].is_right) == (1, True)
    assert inspection.loss == pytest.approx((math.log(16 / 6) + math.log(2)) / 2)


def test_probabilities_are_over_all_positions(reader: Reader) -> None:
    inspection = inspect(reader, label_of((2, 5)), TEXT)
    positions = inspection.positions
    starts = [position.start_probability for position in positions]
    ends = [position.end_probability for position in positions]
    assert [position.text for position in positions] == ["", "a", "b", "c", "d"]
    assert [(position.start, position.end) for position in positions] == [(0, 0), (0, 1), (2, 3), (4, 5), (6, 7)]
    assert starts == pytest.approx([1 / 16, 1 / 16, 1 / 4, 3 / 8, 1 / 16])
    assert ends == pytest.approx([1 / 16, 1 / 16, 1 / 8, 1 / 2, 1 / 16])
    assert inspection.elsewhere == pytest.approx((3 / 16, 3 / 16))  # what, [SEP], [SEP]


def test_the_ten_best_spans_are_in_order_and_no_answer_is_one(reader: Reader) -> None:
    """Of a, b, c, d there are ten spans, and no answer: eleven; of equal ones the earlier, then the shorter, is first.

    Products of 256: c 48, b-c 32, a-c and b 8, c-d 6, b-d 4, a-b 2, and 1 for no answer, a, a-d, d.
    """
    inspection = inspect(reader, label_of((2, 5)), TEXT)
    texts = ["c", "b c", "a b c", "b", "c d", "b c d", "a b", "", "a", "a b c d"]
    assert [span.text for span in inspection.best] == texts
    assert [span.probability * 256 for span in inspection.best] == pytest.approx([48, 32, 8, 8, 6, 4, 2, 1, 1, 1])
    assert (inspection.best[7].first, inspection.best[7].last) == (0, 0)


def test_no_answer_is_cls(reader: Reader) -> None:
    inspection = inspect(reader, label_of(), TEXT)
    assert (inspection.gold.text, inspection.gold.first, inspection.gold.last, inspection.answers) == ("", 0, 0, 0)
    assert (inspection.start_loss, inspection.end_loss) == (pytest.approx(math.log(16)), pytest.approx(math.log(16)))
    assert inspection.rank == 8
    assert inspection.best[7].is_right


def test_a_model_that_always_answers_has_no_place_for_no_answer() -> None:
    reader = reader_of(FixedWeights(*BACKEND), unanswerable=False)
    inspection = inspect(reader, label_of(), TEXT)
    assert inspection.rank is None
    assert inspection.loss == pytest.approx(math.log(16))
    assert all(span.text for span in inspection.best)


def test_a_span_longer_than_the_longest_has_no_rank_but_a_loss(reader: Reader) -> None:
    inspection = inspect(reader, label_of((0, 7)), TEXT, Options(max_answer_tokens=3))
    assert inspection.rank is None
    assert inspection.loss == pytest.approx(math.log(16))


def test_any_accepted_answer_is_right_but_the_first_is_asked_for(reader: Reader) -> None:
    inspection = inspect(reader, label_of((2, 5), (4, 5)), TEXT)
    assert (inspection.gold.text, inspection.answers) == ("b c", 2)
    assert [span.is_right for span in inspection.best[:3]] == [True, True, False]


def test_a_label_inside_a_token_is_that_token(reader: Reader) -> None:
    text = "a which d"
    inspection = inspect(reader, label_of((3, 5), text=text), text)
    assert inspection.gold.text == "which"


def test_a_repeated_answer_is_distinguished_by_its_place(reader: Reader) -> None:
    text = "c a c"
    inspection = inspect(reader, label_of((4, 5), text=text), text)
    assert (inspection.gold.first, inspection.gold.start) == (3, 4)
    assert [span.is_right for span in inspection.best[:2]] == [False, False]  # c 0, c a c
    assert inspection.best[2].is_right


LONG = Options(max_seq_length=24, doc_stride=8)  # [CLS] what [SEP] and 20 tokens of the text; a step of 12


def test_the_window_is_the_one_with_the_most_context(reader: Reader) -> None:
    """Windows 0..20, 12..32, 24..44: token 18 has 1 after it in the first, 6 before it in the second."""
    text = "a " * 18 + "b " + "a " * 25
    inspection = inspect(reader, label_of((36, 37), text=text), text, LONG)
    assert (inspection.window, inspection.windows) == (2, 3)
    assert (inspection.gold.text, inspection.gold.first, inspection.gold.start) == ("b", 7, 36)
    assert inspection.positions[1].start == 24


def test_without_an_answer_the_window_that_costs_most_is_looked_at(reader: Reader) -> None:
    text = "a " * 40 + "c"
    inspection = inspect(reader, label_of(text=text), text, LONG)
    assert (inspection.window, inspection.windows) == (3, 3)
    assert inspection.best[0].text == "c"


def test_what_cannot_be_looked_at_is_reported_in_words(reader: Reader) -> None:
    with pytest.raises(DataError, match="no label yet"):
        inspect(reader, label_of((2, 5), state=OPEN), TEXT)
    with pytest.raises(DataError, match="not in its place"):
        inspect(reader, label_of((2, 5)), "d d d d")
    with pytest.raises(DataError, match="not in its place"):
        inspect(reader, label_of((1, 2)), TEXT)  # a space
    with pytest.raises(DataError, match="longer than"):
        inspect(reader, label_of((0, 79), text="a " * 40), "a " * 40, LONG)
    with pytest.raises(QuestionError):
        inspect(reader, label_of((2, 5), question="?"), TEXT)


def test_scores_that_are_not_numbers_are_reported() -> None:
    class Broken(FixedWeights):
        def scores(self, batch: Batch, *, alone: bool = True) -> tuple[np.ndarray, np.ndarray]:
            starts, ends = super().scores(batch)
            return starts * np.nan, ends

    with pytest.raises(ModelError, match="not numbers"):
        inspect(reader_of(Broken({}, {})), label_of((2, 5)), TEXT)


def example_of(key: str, *spans: tuple[int, int], text: str = TEXT, question: str = "what") -> LabeledExample:
    label = label_of(*spans, text=text, question=question)
    return LabeledExample(key, question, text, "t", label.answers, label.is_impossible)


def test_losses_of_many_are_those_of_each(reader: Reader) -> None:
    long = "a " * 40 + "c"
    examples = [example_of("1", (2, 5)), example_of("2"), example_of("3", (80, 81), text=long)] + [
        example_of(f"more {number}", (4, 5)) for number in range(40)
    ]
    reports, by_id = drive(losses(reader, examples, LONG))
    assert by_id["1"] == pytest.approx(1.5 * math.log(2))
    assert by_id["2"] == pytest.approx(math.log(16))
    assert by_id["3"] == pytest.approx(inspect(reader, label_of((80, 81), text=long), long, LONG).loss)
    assert len(by_id) == 43
    assert [report.done for report in reports] == sorted(report.done for report in reports)
    assert (reports[-1].done, reports[-1].total) == (43, 43)


def test_what_cannot_be_read_has_no_loss_and_stops_nothing(reader: Reader) -> None:
    bad = [example_of("no words", (2, 5), question="?"), example_of("gone", (2, 5), text="d d d d d")]
    bad[1] = LabeledExample("gone", "what", TEXT, "t", (GoldSpan(0, 1, "z"),), False)
    assert set(finish(losses(reader, [*bad, example_of("good", (2, 5))]))) == {"good"}
    assert finish(losses(reader, bad)) == {}
    assert finish(losses(reader, [])) == {}


def test_losses_stop_when_closed() -> None:
    backend = FixedWeights(*BACKEND)
    steps = losses(reader_of(backend), [example_of(str(number), (2, 5)) for number in range(200)])
    next(steps)
    steps.close()
    assert backend.windows <= 32


def test_what_teaches_most_comes_first(reader: Reader) -> None:
    rows = [(label_of(), "a b d"), (label_of(), "a b c d"), (label_of(question="?"), TEXT)]
    rows = [(Label(number, 1, str(number), label.question, (), False, OPEN), text_of(text)) for number, (label, text) in
            enumerate(rows)]  # fmt: skip
    suggestions = finish(suggest(reader, rows))
    assert sorted(suggestions) == [0, 1]
    margins = [suggestion.margin for suggestion in suggestions.values()]
    assert margins == sorted(margins)
    for number, text in ((0, "a b d"), (1, "a b c d")):
        answers = reader.ask("what", text)
        assert [answer.text for answer in suggestions[number].answers] == [answer.text for answer in answers]
        assert suggestions[number].margin == pytest.approx(margin(answers))


# With the blocks of the text. Of a key with its value a full stop is read, too, which is one part more: 17, not 16.
PAIR = Block("pair", 0, 7, body=2)
PAIR_LOSS = (math.log(17 / 4) + math.log(17 / 8)) / 2


def test_a_label_is_inspected_in_the_blocks_of_its_text(reader: Reader) -> None:
    assert inspect_label(reader, label_of((2, 5)), text_of(TEXT, PAIR)).loss == pytest.approx(PAIR_LOSS)


def test_losses_are_those_in_the_blocks_of_the_text(reader: Reader) -> None:
    in_pair = replace(example_of("pair", (2, 5)), blocks=(PAIR,))
    by_id = finish(losses(reader, [example_of("plain", (2, 5)), in_pair, example_of("plain again", (2, 5))]))
    plain = pytest.approx(1.5 * math.log(2))
    assert by_id == {"plain": plain, "pair": pytest.approx(PAIR_LOSS), "plain again": plain}


def test_a_suggestion_stays_in_a_block_of_the_text() -> None:
    """'b c' is best, with 6 * 8 parts, but goes from one block into another. 'c' alone has 1 * 8."""
    reader = reader_of(FixedWeights({"b": 6.0}, {"c": 8.0}))
    label = label_of(state=OPEN)
    texts = text_of(TEXT), text_of(TEXT, Block("paragraph", 0, 3), Block("paragraph", 4, 7))
    suggestions = [finish(suggest(reader, [(label, text)]))[label.id] for text in texts]
    assert [suggestion.answers[0].text for suggestion in suggestions] == ["b c", "c"]


@pytest.mark.parametrize(
    ("confidences", "no_answer", "expected"),
    [((0.5, 0.2), 0.3, 0.2), ((0.2, 0.1), 0.7, 0.5), ((0.6, 0.4), None, 0.2), ((), 0.9, 0.9), ((0.8,), None, 0.8)],
)
def test_the_margin_is_that_between_the_two_best_options(
    confidences: tuple[float, ...], no_answer: float | None, expected: float
) -> None:
    spans = tuple(Answer(0, 1, "a", confidence, confidence, confidence, 0, 0, 0) for confidence in confidences)
    assert margin(Answers("what", spans, no_answer, 1, 1)) == pytest.approx(expected)


# With the reader that comes with the program


@pytest.fixture(scope="module")
def bundled() -> Reader:
    return open_reader(paths.bundled_model_dir(), device="cpu")


def on_the_sample(bundled: Reader, question: str, answer: str) -> tuple[str, Inspection]:
    """Its beginning, which is one window: the reader has a second look at the best spans of several."""
    text = paths.sample_path().read_text(encoding="utf-8")[:1200]
    start = text.index(answer)
    label = label_of((start, start + len(answer)), text=text, question=question)
    return text, inspect(bundled, label, text)


def test_the_bundled_readers_best_span_is_the_one_that_it_answers_with(bundled: Reader) -> None:
    text, inspection = on_the_sample(bundled, "When was the lamp first lit?", "12 October 1862")
    predicted = bundled.ask(inspection.question, text).best
    assert predicted is not None
    best = inspection.best[0]
    assert (best.start, best.end, best.text) == (predicted.start, predicted.end, predicted.text)
    assert best.score == pytest.approx(predicted.start_score + predicted.end_score, abs=1e-4)
    assert best.is_right
    assert inspection.loss == pytest.approx(-math.log(best.probability) / 2)
    assert 0 < inspection.loss < 1


def test_a_wrong_label_costs_the_bundled_reader_more(bundled: Reader) -> None:
    _, right = on_the_sample(bundled, "When was the lamp first lit?", "12 October 1862")
    text, wrong = on_the_sample(bundled, "When was the lamp first lit?", "May 1858")
    assert wrong.loss > right.loss + 2
    assert not wrong.best[0].is_right
    assert wrong.gold.text == "May 1858"
    assert wrong.rank is None or wrong.rank > 1
    assert all(position.text == text[position.start : position.end] for position in wrong.positions)
    for side in (0, 1):
        total = sum((position.start_probability, position.end_probability)[side] for position in wrong.positions)
        assert total + wrong.elsewhere[side] == pytest.approx(1)
