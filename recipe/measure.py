"""What the weights of a run are worth on its development questions, measured and decoded as ``qadesk eval`` does it.

    measure.py RUN [--checkpoint NAME] [--weights average|weights] [--note TEXT]

Two marks: *one*, all questions that have an answer, as in SQuAD 1.1, where the best span is the answer; and *two*,
those of the articles with unanswerable questions too, as in SQuAD 2.0. Each measurement is a line of RUN/log.jsonl.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
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
from qadesk.labels.squad_files import read_squad
from qadesk.qa import decode, windows
from qadesk.qa.calibration import Calibration
from qadesk.qa.decode import Rules
from qadesk.qa.ranking import Ranking
from qadesk.records import Answers, LabeledExample
from qadesk.train import metrics

Logits = npt.NDArray[np.float32]
Score = Callable[[windows.Batch], Logits]
"""Gives start and end logits ``[2, windows, tokens]``."""

_TOKENS = 4096


def rules(calibration: Calibration, examples: Sequence[LabeledExample]) -> Rules:
    """As ``qadesk eval`` would decode ``examples``: no answer is no option where all have one."""
    return Rules(top_k=1, unanswerable=not all_answerable(examples), calibration=calibration)


class Questions:
    """Questions cut into windows, and what a model says to them."""

    def __init__(self, examples: Sequence[LabeledExample], tokenizer: Tokenizer, lengths: Mapping[str, int]) -> None:
        self.examples = examples
        self._documents = [windows.join(list(windows.tokenize_document(tokenizer, each.context))) for each in examples]
        cut = [
            (window, number)
            for number, (each, document) in enumerate(zip(examples, self._documents, strict=True))
            for window in windows.cut(windows.tokenize_question(tokenizer, each.question), document, **lengths)
        ]
        self._windows = sorted(cut, key=lambda row: len(row[0]))
        self._scored: list[tuple[windows.Batch, list[int], Logits]] = []

    def put(self, score: Score) -> None:
        """Put them to a model."""
        self._scored = []
        owners = iter(self._windows)
        for part in windows.batches([window for window, _ in self._windows], _TOKENS):
            batch = windows.pack(part)
            self._scored.append((batch, [next(owners)[1] for _ in part], score(batch)))

    def rankings(self, wanted: Rules) -> list[Ranking]:
        """What it said, in the order of ``examples``."""
        pairs = zip(self._documents, self.examples, strict=True)
        found = [Ranking(document, example.context, wanted) for document, example in pairs]
        for batch, owners, logits in self._scored:
            for owner, judged in zip(owners, decode.decode_windows(batch, logits[0], logits[1], wanted), strict=True):
                found[owner].add(judged)
        return found


def evaluated(
    questions: Questions, calibration: Calibration, wanted: Callable[[LabeledExample], bool] = bool
) -> tuple[list[LabeledExample], Evaluation]:
    """The ``wanted`` of the questions (all if nothing is said) and what ``qadesk eval`` would say of them."""
    examples = [each for each in questions.examples if wanted(each)]
    rankings = questions.rankings(rules(calibration, examples))
    found = [
        Answers(each.question, ranking.answers(), ranking.no_answer, ranking.windows_read, ranking.windows_read)
        for each, ranking in zip(questions.examples, rankings, strict=True)
        if wanted(each)
    ]
    return examples, score_answers(examples, found)


def trust(questions: Questions, calibration: Calibration) -> dict[str, float]:
    """How many questions, how sure the reader is of what it says, and how much of that is exactly right, 0 to 1."""
    sure, right = judged(*evaluated(questions, calibration))
    return {"total": len(right), "confidence": sum(sure) / len(sure), "right": sum(right) / len(right)}


def judged(examples: Sequence[LabeledExample], found: Evaluation) -> tuple[list[float], list[bool]]:
    """How sure the reader is of each thing that it says, and whether that is exactly right."""
    right = [metrics.exact_match(found.predictions[each.id], each.gold_texts) == 1 for each in examples]
    return [found.confidences[each.id] for each in examples], right


def development(run: Path) -> Questions:
    """A run's development questions, cut as the reader would cut them."""
    return asked(run, [each for path in sorted(run.glob("development-*.json")) for each in read_squad(path).examples])


def asked(run: Path, examples: Sequence[LabeledExample]) -> Questions:
    """``examples``, cut as the reader of ``run`` would cut them."""
    tokenizer = Tokenizer.from_file(str(run / "base-tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Questions(examples, tokenizer, learn.facts(run)["recipe"]["windows"])


def parts(examples: Sequence[LabeledExample]) -> dict[str, Callable[[LabeledExample], bool]]:
    """What chooses the questions of the marks "one" and "two"; a mark that has none is left out."""
    mixed = {each.title for each in examples if each.is_impossible}
    found: dict[str, Callable[[LabeledExample], bool]] = {
        "one": lambda each: not each.is_impossible,
        "two": lambda each: each.title in mixed,
    }
    return {name: wanted for name, wanted in found.items() if any(map(wanted, examples))}


def by_mark(questions: Questions, calibration: Calibration) -> dict[str, tuple[list[LabeledExample], Evaluation]]:
    """``evaluated`` for the questions of each mark."""
    return {name: evaluated(questions, calibration, wanted) for name, wanted in parts(questions.examples).items()}


def marks(questions: Questions, calibration: Calibration) -> dict[str, dict[str, Any]]:
    """The reports of both marks as tables of numbers."""
    return {name: asdict(found.report) for name, (_, found) in by_mark(questions, calibration).items()}


def weights_of(run: Path, checkpoint: str, kind: str) -> Weights:
    """The weights ("weights" or "average") in a run's checkpoint, in the form of ``forward``."""
    kept = load_file(run / checkpoint)
    base = forward.fuse(load_file(run / "base-model.safetensors"), learn.shape_of(run))
    learned = {name.removeprefix(f"{kind}."): each for name, each in kept.items() if name.startswith(f"{kind}.")}
    return {**base, **learned}


def scorer(weights: Weights, shape: Shape) -> Score:
    """A model with ``weights``, which are in the form of ``forward``."""

    def score(batch: windows.Batch) -> Logits:
        mask = torch.from_numpy(batch.attention_mask).bool()
        ids, types = torch.from_numpy(batch.input_ids), torch.from_numpy(batch.token_type_ids)
        with torch.inference_mode():
            found: Logits = forward.logits(weights, shape, ids, types, mask).numpy()
        return found

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
    place = learn.read_place(arguments.run / arguments.checkpoint)
    questions = development(arguments.run)
    weights = weights_of(arguments.run, arguments.checkpoint, arguments.weights)
    questions.put(scorer(forward.working_copy(weights), learn.shape_of(arguments.run)))
    head = {"note": arguments.note, "weights": arguments.weights, "steps": place["steps"], "tokens": place["tokens"]}
    log(arguments.run, head | marks(questions, Calibration()))


if __name__ == "__main__":
    main()
