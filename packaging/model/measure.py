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
from dataclasses import asdict, dataclass
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

from qadesk.labels.squad import read_squad
from qadesk.qa import decode, windows
from qadesk.qa.decode import Ranking, Rules
from qadesk.records import LabeledExample
from qadesk.train import metrics

Logits = npt.NDArray[np.float32]
Score = Callable[[windows.Batch], Logits]
"""Gives start and end logits ``[2, windows, tokens]``."""

_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class Said:
    """The best span for a question ('' if there is none), its confidence, and the probability of no answer."""

    span: str
    confidence: float
    no_answer: float


Rows = Sequence[tuple[LabeledExample, Said]]


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

    def said(self, temperature: float) -> list[Said]:
        """What it said, in the order of ``examples``."""
        rules = Rules(top_k=1, temperature=temperature)
        pairs = zip(self._documents, self.examples, strict=True)
        rankings = [Ranking(document, example.context, rules) for document, example in pairs]
        for batch, owners, logits in self._scored:
            for owner, judged in zip(owners, decode.judge(batch, logits[0], logits[1], rules), strict=True):
                rankings[owner].add(judged)
        return [_said(ranking) for ranking in rankings]


def _said(ranking: Ranking) -> Said:
    best = next(iter(ranking.answers()), None)
    return Said(best.text if best else "", best.confidence if best else 0.0, ranking.no_answer or 0.0)


def predicted(rows: Rows) -> list[tuple[str, float]]:
    """What the reader would say to each question, '' for no answer, and how sure it would be.

    Nothing is refused where every question has an answer.
    """
    may_refuse = any(example.is_impossible for example, _ in rows)
    return [
        ("", each.no_answer)
        if not each.span or (may_refuse and each.no_answer > each.confidence)
        else (each.span, each.confidence)
        for _, each in rows
    ]


def judged(rows: Rows) -> tuple[list[float], list[bool]]:
    """How sure the reader is of each thing that it says, and whether that is exactly right."""
    told = predicted(rows)
    right = [
        metrics.exact_match(text, example.gold_texts) == 1 for (text, _), (example, _) in zip(told, rows, strict=True)
    ]
    return [confidence for _, confidence in told], right


def report(rows: Rows) -> metrics.Report:
    """The scores, as ``qadesk eval`` counts them."""
    keys = [example.id for example, _ in rows]
    told = dict(zip(keys, predicted(rows), strict=True))
    may_refuse = any(example.is_impossible for example, _ in rows)
    return metrics.report(
        {example.id: example.gold_texts for example, _ in rows},
        {key: text for key, (text, _) in told.items()},
        {example.id: each.no_answer for example, each in rows} if may_refuse else None,
        {key: confidence for key, (_, confidence) in told.items()},
        spans={example.id: each.span for example, each in rows},
    )


def development(run: Path) -> Questions:
    """A run's development questions, cut as the reader would cut them."""
    examples = [each for path in sorted(run.glob("development-*.json")) for each in read_squad(path).examples]
    tokenizer = Tokenizer.from_file(str(run / "base-tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Questions(examples, tokenizer, learn.facts(run)["recipe"]["windows"])


def parts(examples: Sequence[LabeledExample], said: Sequence[Said]) -> dict[str, Rows]:
    """The questions of the two marks, "one" and "two", with what was said to them; a mark that has none is left out."""
    mixed = {each.title for each in examples if each.is_impossible}
    rows = list(zip(examples, said, strict=True))
    found = {
        "one": [row for row in rows if not row[0].is_impossible],
        "two": [row for row in rows if row[0].title in mixed],
    }
    return {name: part for name, part in found.items() if part}


def marks(examples: Sequence[LabeledExample], said: Sequence[Said]) -> dict[str, dict[str, Any]]:
    """The reports of both marks as tables of numbers."""
    return {name: asdict(report(rows)) for name, rows in parts(examples, said).items()}


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
    log(arguments.run, head | marks(questions.examples, questions.said(1.0)))


if __name__ == "__main__":
    main()
