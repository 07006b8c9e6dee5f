"""Checks a graph: does it say what the model itself says, in torch's float32?

Both read the same windows: the sample document, and short texts in other languages. Of these those count that the
model's tokenizer is made for; what it does not know, or cuts into letters, is nothing that the model has learned, and
logits there are noise. Two things are measured, and both must hold:

- **Drift**: how far the logits move (root mean square), as a part of how far they differ among the tokens of a window.
  It has no unit, so it means the same for logits between -10 and 10 and for those of random weights.
- **Agreement**: the official F1 between the answers of the two, one a window, where no answer is an answer too. An
  answer that float32 scores about as high as its own is as good as the same: between two that are level, either wins.

The bundled reader, 39 windows, measured:

    graph                                      drift          agreement      same answers as float32, of 1,767
    float32, fused                             under 0.00001  100 %          100 %
    int8, as shipped                           0.031          100 %          95 % (of every second one)
    int8, dynamic, some matrices in float32    0.056          100 %          95 %
    int8, dynamic                              0.067          97 %           93 %
    int8, dynamic, outliers left in            0.11           100 %          88 %
    one matrix too large by a quarter          0.06 to 0.19   96 to 100 %
    one matrix too large by half               0.07 to 0.35   86 to 100 %
    one matrix zeroed                          0.23 to 2.0    49 to 99 %

The limit on the drift lies where the answers begin to change. The agreement is there for what moves few logits, but
those that matter.
"""

from __future__ import annotations

import json
import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qadesk import paths
from qadesk.progress import Clock, Progress
from qadesk.qa import models, windows
from qadesk.qa.decode import DecodedWindow, Rules, decode_windows
from qadesk.qa.devices import Choice
from qadesk.qa.equivalence import snap
from qadesk.qa.graphs import GraphComparison
from qadesk.qa.models import Model
from qadesk.qa.onnx_backend import OnnxBackend
from qadesk.qa.torch_backend import TorchBackend
from qadesk.qa.windows import Batch, Window
from qadesk.train import metrics

MOST_DRIFT = 0.1
LEAST_AGREEMENT = 0.9

_LEVEL = 0.3  # of the spread: what two answers may differ by where four logits drift as far as they may
_WINDOW = 256  # tokens
_WINDOWS_AT_ONCE = 4
_TOKENS_A_WORD = 2.0  # a tokenizer needs 1.1 to 1.5 in its own language, about 1.8 in related ones, else 3 to 6
_UNKNOWN = ("[UNK]", "<unk>")

Logits = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """The answers of both to one window, '' for none; ``loss`` is what float32 has against the graph's, in logits."""

    floating: str
    fast: str
    loss: float


def is_good(comparison: GraphComparison) -> bool:
    """Whether the graph may answer in the model's place."""
    return comparison.drift <= MOST_DRIFT and comparison.agreement >= LEAST_AGREEMENT


def compare(model: Model, graph: Path) -> Generator[Progress, None, GraphComparison]:
    """Compare ``graph`` with ``model`` in torch: yields progress in windows. Raises ``ModelError``."""
    fast = OnnxBackend(replace(model, onnx=graph))
    floating = TorchBackend(model, Choice("cpu", "torch", "float32", "to compare with"))
    batches = list(_batches(model))
    clock = Clock("Checking", sum(len(batch.windows) for batch, _ in batches))
    pairs: list[_Pair] = []
    differences: list[npt.NDArray[np.float64]] = []
    spreads: list[npt.NDArray[np.float64]] = []
    for batch, text in batches:
        theirs, ours = floating.scores(batch), fast.scores(batch)
        if not all(np.isfinite(each[batch.attention_mask == 1]).all() for each in (*theirs, *ours)):
            return GraphComparison(len(pairs), math.inf, math.inf, math.inf, 0.0)
        differences.append(_differences(batch, theirs, ours))
        spreads.append(_spreads(batch, theirs))
        pairs += _pairs(batch, text, theirs, ours, model)
        yield clock.at(len(pairs))
    return _summed(np.concatenate(differences), np.concatenate(spreads), pairs)


def _summed(
    differences: npt.NDArray[np.float64], spreads: npt.NDArray[np.float64], pairs: list[_Pair]
) -> GraphComparison:
    spread, moved = _root_mean_square(spreads), _root_mean_square(differences)
    drift = moved / spread if spread else math.inf if moved else 0.0
    same = [1.0 if each.loss <= _LEVEL * spread else metrics.f1(each.fast, [each.floating]) for each in pairs]
    return GraphComparison(len(pairs), float(differences.max()), float(differences.mean()), drift, float(np.mean(same)))


def _root_mean_square(values: npt.NDArray[np.float64]) -> float:
    return math.sqrt(float(np.mean(values**2)))


def _differences(batch: Batch, theirs: Logits, ours: Logits) -> npt.NDArray[np.float64]:
    real = batch.attention_mask == 1
    return np.concatenate([np.abs(a[real].astype(np.float64) - b[real]) for a, b in zip(theirs, ours, strict=True)])


def _spreads(batch: Batch, logits: Logits) -> npt.NDArray[np.float64]:
    """How far each token's logits are from the mean of their window."""
    rows = [each[row, batch.attention_mask[row] == 1].astype(np.float64) for each in logits for row in range(len(each))]
    return np.concatenate([row - row.mean() for row in rows])


def _pairs(batch: Batch, text: str, theirs: Logits, ours: Logits, model: Model) -> Iterator[_Pair]:
    rules = Rules(top_k=1, unanswerable=model.unanswerable)
    for row, (floating, fast) in enumerate(
        zip(decode_windows(batch, *theirs, rules), decode_windows(batch, *ours, rules), strict=True)
    ):
        best, other = _best(floating, rules), _best(fast, rules)
        loss = _value(best, batch, row, theirs) - _value(other, batch, row, theirs)
        yield _Pair(_words(best, floating.window, text), _words(other, fast.window, text), loss)


def _best(judged: DecodedWindow, rules: Rules) -> tuple[int, int] | None:
    """The first and last token of the best span of a window; None for no answer."""
    span = judged.spans[0] if judged.spans else None
    if span is None or (rules.unanswerable and span.score < 0):
        return None
    return span.first, span.last


def _value(span: tuple[int, int] | None, batch: Batch, row: int, logits: Logits) -> float:
    """What ``logits`` say for a span, in logits above no answer."""
    if span is None:
        return 0.0
    column = int(batch.context_at[row]) - batch.windows[row].start
    starts, ends = logits[0][row].astype(np.float64), logits[1][row].astype(np.float64)
    return float(starts[column + span[0]] + ends[column + span[1]] - starts[0] - ends[0])


def _words(span: tuple[int, int] | None, window: Window, text: str) -> str:
    if span is None:
        return ""
    offsets = window.document.offsets
    start, end = snap(text, int(offsets[span[0], 0]), int(offsets[span[1], 1]))
    return text[start:end]


def _batches(model: Model) -> Iterator[tuple[Batch, str]]:
    tokenizer = models.load_tokenizer(model)
    length = min(_WINDOW, model.max_tokens)
    for each in _fitting(tokenizer, _texts()):
        tokens = windows.join(list(windows.tokenize_document(tokenizer, each.text)))
        found: list[Window] = []
        for question in each.questions:
            asked = windows.tokenize_question(tokenizer, question)
            if asked.room(length) >= windows.MIN_ROOM:
                found += windows.cut(asked, tokens, max_seq_length=length, doc_stride=length // 4)
        for group in windows.batches(sorted(found, key=len), _WINDOWS_AT_ONCE * length):
            yield windows.pack(group, model.pad_id), each.text


def _texts() -> list[_Text]:
    rows = json.loads(paths.sample_path().with_name("check.json").read_text(encoding="utf-8"))
    sample = paths.sample_path().read_text(encoding="utf-8")
    return [_Text(row["text"] or sample, tuple(row["questions"])) for row in rows]


def _fitting(tokenizer: Tokenizer, texts: list[_Text]) -> list[_Text]:
    """The texts that the tokenizer is made for; the best of them where it is made for none."""
    costs = {each: _tokens_a_word(tokenizer, each.text) for each in texts}
    return [each for each in texts if costs[each] <= max(_TOKENS_A_WORD, min(costs.values()))]


def _tokens_a_word(tokenizer: Tokenizer, text: str) -> float:
    """How many tokens a word takes; a character where words are not spaced. An unknown token counts as ten."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    unknown = {tokenizer.token_to_id(name) for name in _UNKNOWN}
    words = len(text.split())
    return (len(ids) + 9 * sum(each in unknown for each in ids)) / (words if words > len(text) / 20 else len(text))
