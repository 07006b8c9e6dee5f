"""Measures the weights of a run on its development questions, decoded and scored as ``qadesk eval`` does it.

    measure.py RUN [--checkpoint NAME] [--weights average|weights] [--note TEXT]

Two subsets of the SQuAD articles: *one*, all questions that have an answer, as in SQuAD 1.1, where the best span is the
answer; and *two*, those of the articles with unanswerable questions too, as in SQuAD 2.0. Everyday documents are
measured by ``everyday``. Each measurement is a line of RUN/log.jsonl.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import forward
import learn
import numpy as np
import numpy.typing as npt
import torch
from forward import Shape, Weights
from safetensors.torch import load_file
from tokenizers import Tokenizer

from qadesk.app.reading.evaluate import Evaluation, all_answerable
from qadesk.app.reading.evaluate import score as score_answers
from qadesk.labels.label_files import read_dataset
from qadesk.qa import decode, windows
from qadesk.qa.calibration import Calibration
from qadesk.qa.decode import Rules
from qadesk.qa.document_tokens import tokens_of_context
from qadesk.qa.expectation import EVALUATION
from qadesk.qa.ranking import Ranking
from qadesk.qa.second_look import LOOKS, look_again
from qadesk.qa.window_logits import WindowLogits, rows_of
from qadesk.qa.windows import WindowLengths
from qadesk.records import Answers, LabeledExample
from qadesk.train import metrics

Logits = npt.NDArray[np.float32]
Score = Callable[[windows.Batch], Logits]
"""Returns start and end logits ``[2, windows, tokens]``."""

Scored = tuple[windows.Batch, list[int], Logits]
"""A batch, the numbers of the questions that its windows belong to, and its logits."""

_TOKENS = 4096


def rules(calibration: Calibration, examples: Sequence[LabeledExample]) -> Rules:
    """The rules by which ``qadesk eval`` decodes ``examples``: no answer is not an option where all have one."""
    unanswerable = not all_answerable(examples)
    return Rules(top_k=1, unanswerable=unanswerable, calibration=calibration, expected=EVALUATION)


class Questions:
    """Questions cut into windows, and the logits of a model for them. ``everyday``: titles of everyday documents."""

    def __init__(
        self,
        examples: Sequence[LabeledExample],
        tokenizer: Tokenizer,
        lengths: WindowLengths,
        everyday: Collection[str] = (),
    ) -> None:
        self.examples = examples
        self.everyday = frozenset(everyday)
        documents = {example.context: example.blocks for example in examples}
        tokens = {text: tokens_of_context(tokenizer, text, blocks) for text, blocks in documents.items()}
        self._documents = [tokens[example.context] for example in examples]
        cut = [
            (window, number)
            for number, (example, document) in enumerate(zip(examples, self._documents, strict=True))
            for window in windows.cut(windows.tokenize_question(tokenizer, example.question), document, lengths)
        ]
        self._windows = sorted(cut, key=lambda row: len(row[0]))
        self._scored: list[Scored] = []

    def score_with(self, score: Score) -> None:
        """Compute the logits of a model, in place of those of an earlier one, with the second look of a reader."""
        self._scored = []
        owners = iter(self._windows)
        rows: list[list[WindowLogits]] = [[] for _ in self.examples]
        for batch, logits in _score_all([window for window, _ in self._windows], score):
            self._scored.append((batch, [next(owners)[1] for _ in batch.windows], logits))
            for owner, row in zip(self._scored[-1][1], rows_of(batch, *logits), strict=True):
                rows[owner].append(row)
        best = [ranking.best_spans(LOOKS) for ranking in self.rankings(Rules(top_k=LOOKS))]
        look_again(list(zip(rows, best, strict=True)), lambda excerpts: _rows(excerpts, score))

    def rankings(self, rules: Rules) -> list[Ranking]:
        """The rankings by ``rules``, in the order of ``examples``."""
        pairs = zip(self._documents, self.examples, strict=True)
        rankings = [Ranking(document, example.context, rules) for document, example in pairs]
        for batch, owners, logits in self._scored:
            for owner, decoded in zip(owners, decode.decode_windows(batch, logits[0], logits[1], rules), strict=True):
                rankings[owner].add(decoded)
        return rankings


def _score_all(cut: Sequence[windows.Window], score: Score) -> Iterator[tuple[windows.Batch, Logits]]:
    """The windows in batches, in their order, and the logits of each."""
    for part in windows.batches(cut, _TOKENS):
        batch = windows.pack(part)
        yield batch, score(batch)


def _rows(cut: Sequence[windows.Window], score: Score) -> Iterator[WindowLogits]:
    """The logits of each of ``cut``."""
    for batch, logits in _score_all(cut, score):
        yield from rows_of(batch, *logits)


def evaluate_questions(
    questions: Questions, calibration: Calibration, selects: Callable[[LabeledExample], bool] = bool
) -> tuple[list[LabeledExample], Evaluation]:
    """The questions that ``selects`` is true for, by default all, and their evaluation as by ``qadesk eval``."""
    examples = [example for example in questions.examples if selects(example)]
    rankings = questions.rankings(rules(calibration, examples))
    answers = [
        Answers(example.question, ranking.answers(), ranking.no_answer, ranking.windows_read, ranking.windows_read)
        for example, ranking in zip(questions.examples, rankings, strict=True)
        if selects(example)
    ]
    return examples, score_answers(examples, answers)


def confidence_check(questions: Questions, calibration: Calibration) -> dict[str, float]:
    """The number of questions, the mean confidence of the predictions, and the share that is exactly right."""
    confidences, right = reliability_of(*evaluate_questions(questions, calibration))
    return {"total": len(right), "confidence": sum(confidences) / len(confidences), "right": sum(right) / len(right)}


def reliability_of(examples: Sequence[LabeledExample], evaluation: Evaluation) -> tuple[list[float], list[bool]]:
    """The confidence of each prediction, and whether it is exactly right."""
    right = [metrics.exact_match(evaluation.predictions[example.id], example.gold_texts) == 1 for example in examples]
    return [evaluation.confidences[example.id] for example in examples], right


def development(run: Path) -> Questions:
    """A run's development questions, cut as the reader would cut them."""
    return questions_for(
        run, [example for path in sorted(run.glob("development-*.json")) for example in read_dataset(path).examples]
    )


def questions_for(run: Path, examples: Sequence[LabeledExample]) -> Questions:
    """``examples``, cut as the reader of ``run`` would cut them."""
    tokenizer = Tokenizer.from_file(str(run / "base-tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    recipe = learn.facts(run)["recipe"]
    return Questions(examples, tokenizer, WindowLengths(**recipe["windows"]), recipe["development"].get("everyday", ()))


def subsets(questions: Questions) -> dict[str, Callable[[LabeledExample], bool]]:
    """The tests that select the questions of the subsets "one" and "two"; an empty subset is left out."""
    examples = [example for example in questions.examples if example.title not in questions.everyday]
    mixed = {example.title for example in examples if example.is_impossible}
    titles = {example.title for example in examples}
    tests: dict[str, Callable[[LabeledExample], bool]] = {
        "one": lambda example: example.title in titles and not example.is_impossible,
        "two": lambda example: example.title in mixed,
    }
    return {name: selects for name, selects in tests.items() if any(map(selects, examples))}


def evaluations(questions: Questions, calibration: Calibration) -> dict[str, tuple[list[LabeledExample], Evaluation]]:
    """``evaluate_questions`` for each subset."""
    return {name: evaluate_questions(questions, calibration, selects) for name, selects in subsets(questions).items()}


def reports(questions: Questions, calibration: Calibration) -> dict[str, dict[str, Any]]:
    """The reports of both subsets as tables of numbers."""
    return {name: asdict(evaluation.report) for name, (_, evaluation) in evaluations(questions, calibration).items()}


def weights_of(run: Path, checkpoint: str, kind: str) -> Weights:
    """The weights ("weights" or "average") in a run's checkpoint, in the form of ``forward``."""
    tensors = load_file(run / checkpoint)
    base = forward.fuse(load_file(run / "base-model.safetensors"), learn.shape_of(run))
    prefix = f"{kind}."
    return {**base, **{name.removeprefix(prefix): tensors[name] for name in tensors if name.startswith(prefix)}}


def scorer(weights: Weights, shape: Shape) -> Score:
    """A model with ``weights``, which are in the form of ``forward``."""

    def score(batch: windows.Batch) -> Logits:
        mask = torch.from_numpy(batch.attention_mask).bool()
        ids, types = torch.from_numpy(batch.input_ids), torch.from_numpy(batch.token_type_ids)
        with torch.inference_mode():
            logits: Logits = forward.logits(weights, shape, ids, types, mask).numpy()
        return logits

    return score


def log(run: Path, line: Mapping[str, Any]) -> None:
    """Add ``line`` with the time to RUN/log.jsonl, and print it."""
    text = json.dumps({"clock": time.strftime("%Y-%m-%d %H:%M"), **line})
    with (run / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(text + "\n")
    print(text)


def main() -> None:
    """Measure, print, and add a line to the log."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--checkpoint", default="checkpoint.safetensors")
    parser.add_argument("--weights", choices=("average", "weights"), default="average")
    parser.add_argument("--note", default="")
    arguments = parser.parse_args()
    place = learn.read_position(arguments.run / arguments.checkpoint)
    questions = development(arguments.run)
    weights = weights_of(arguments.run, arguments.checkpoint, arguments.weights)
    questions.score_with(scorer(forward.working_copy(weights), learn.shape_of(arguments.run)))
    head = {"note": arguments.note, "weights": arguments.weights, "steps": place["steps"], "tokens": place["tokens"]}
    log(arguments.run, head | reports(questions, Calibration()))


if __name__ == "__main__":
    main()
