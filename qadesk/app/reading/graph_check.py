"""Compares a graph with the model itself in torch's float32: is it accurate enough to replace it?

Both read the same windows: the sample document, and short texts in other languages, of which only those count that the
model's tokenizer was made for. A text in unknown tokens, or cut into letters, is unlike what the model was trained on,
and its logits are noise. There are two measures, each with a limit:

- **Drift**: the root mean square of the differences of the logits, divided by that of the logits' deviations from the
  mean of their window. It has no unit, so one limit fits logits between -10 and 10 and those of random weights.
- **Agreement**: the mean official F1 between the answers of the two, one answer a window; no answer is one, too. Where
  float32 scores the graph's answer about as high as its own, F1 counts as 1: which of the two wins is chance.

Measured for the bundled reader, 39 windows:

    graph                                      drift          agreement      same answers as float32, of 1,767
    float32, fused                             under 0.00001  100 %          100 %
    int8, as shipped                           0.031          100 %          95 % (of every second one)
    int8, dynamic, some matrices in float32    0.056          100 %          95 %
    int8, dynamic                              0.067          97 %           93 %
    int8, dynamic, outliers left in            0.11           100 %          88 %
    one matrix too large by a quarter          0.06 to 0.19   96 to 100 %
    one matrix too large by half               0.07 to 0.35   86 to 100 %
    one matrix zeroed                          0.23 to 2.0    49 to 99 %

The limit of the drift is where the answers begin to change. The agreement is for errors that move only a few logits,
but important ones.
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
from qadesk.qa.document_tokens import read_tokens
from qadesk.qa.equivalence import widen_to_words
from qadesk.qa.graphs import GraphComparison
from qadesk.qa.models import Model
from qadesk.qa.onnx_backend import OnnxBackend
from qadesk.qa.torch_backend import TorchBackend
from qadesk.qa.windows import Batch, Window
from qadesk.train import metrics

MAX_DRIFT = 0.1
MIN_AGREEMENT = 0.9

_EQUAL = 0.3  # of the spread: two answers differ by so little where their four logits drift as far as they may
_WINDOW = 256  # tokens
_BATCH = 4  # windows
_TOKENS_A_WORD = 2.0  # a tokenizer needs 1.1 to 1.5 in its own language, about 1.8 in related ones, else 3 to 6
_UNKNOWN = ("[UNK]", "<unk>")

Logits = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """The answers of torch and of the graph to one window, '' for none.

    ``loss`` is by how much torch's logits score the graph's answer lower than its own.
    """

    torch: str
    graph: str
    loss: float


def is_good(comparison: GraphComparison) -> bool:
    """Whether the graph may replace the model: both measures are within their limits."""
    return comparison.drift <= MAX_DRIFT and comparison.agreement >= MIN_AGREEMENT


def compare_graph(model: Model, graph: Path) -> Generator[Progress, None, GraphComparison]:
    """Compare ``graph`` with ``model`` in torch. Yields progress in windows. Raises ``ModelError``."""
    graph_backend = OnnxBackend(replace(model, onnx=graph))
    torch_backend = TorchBackend(model, Choice("cpu", "torch", "float32", "to compare with"))
    batches = list(_batches(model))
    clock = Clock("Checking", sum(len(batch.windows) for batch, _ in batches))
    pairs: list[_Pair] = []
    differences: list[npt.NDArray[np.float64]] = []
    spreads: list[npt.NDArray[np.float64]] = []
    for batch, text in batches:
        expected, actual = torch_backend.scores(batch), graph_backend.scores(batch)
        if not all(np.isfinite(logits[batch.attention_mask == 1]).all() for logits in (*expected, *actual)):
            return GraphComparison(len(pairs), math.inf, math.inf, math.inf, 0.0)
        differences.append(_differences(batch, expected, actual))
        spreads.append(_spreads(batch, expected))
        pairs += _pairs(batch, text, expected, actual, model)
        yield clock.at(len(pairs))
    return _summary(np.concatenate(differences), np.concatenate(spreads), pairs)


def _summary(
    differences: npt.NDArray[np.float64], spreads: npt.NDArray[np.float64], pairs: list[_Pair]
) -> GraphComparison:
    """Drift and agreement of all tokens' ``differences`` and ``spreads`` and all windows' ``pairs``."""
    spread, difference = _root_mean_square(spreads), _root_mean_square(differences)
    drift = difference / spread if spread else math.inf if difference else 0.0
    f1s = [1.0 if pair.loss <= _EQUAL * spread else metrics.f1(pair.graph, [pair.torch]) for pair in pairs]
    return GraphComparison(len(pairs), float(differences.max()), float(differences.mean()), drift, float(np.mean(f1s)))


def _root_mean_square(values: npt.NDArray[np.float64]) -> float:
    return math.sqrt(float(np.mean(values**2)))


def _differences(batch: Batch, expected: Logits, actual: Logits) -> npt.NDArray[np.float64]:
    """The absolute difference of each start and end logit, without padding."""
    real = batch.attention_mask == 1
    return np.concatenate([np.abs(a[real].astype(np.float64) - b[real]) for a, b in zip(expected, actual, strict=True)])


def _spreads(batch: Batch, logits: Logits) -> npt.NDArray[np.float64]:
    """The deviation of each start and end logit from the mean of its window, without padding."""
    masks = batch.attention_mask == 1
    rows = [scores[row, masks[row]].astype(np.float64) for scores in logits for row in range(len(scores))]
    return np.concatenate([row - row.mean() for row in rows])


def _pairs(batch: Batch, text: str, expected: Logits, actual: Logits, model: Model) -> Iterator[_Pair]:
    rules = Rules(top_k=1, unanswerable=model.unanswerable)
    decoded = zip(decode_windows(batch, *expected, rules), decode_windows(batch, *actual, rules), strict=True)
    for row, (torch_window, graph_window) in enumerate(decoded):
        best, other = _best(torch_window, rules), _best(graph_window, rules)
        loss = _score(best, batch, row, expected) - _score(other, batch, row, expected)
        yield _Pair(_span_text(best, torch_window.window, text), _span_text(other, graph_window.window, text), loss)


def _best(decoded: DecodedWindow, rules: Rules) -> tuple[int, int] | None:
    """The first and last token of the best span of a window; None for no answer."""
    span = decoded.spans[0] if decoded.spans else None
    if span is None or (rules.unanswerable and span.score < 0):
        return None
    return span.first, span.last


def _score(span: tuple[int, int] | None, batch: Batch, row: int, logits: Logits) -> float:
    """The score of a span less the null score; 0 for no answer."""
    if span is None:
        return 0.0
    column = int(batch.context_at[row]) - batch.windows[row].start
    starts, ends = logits[0][row].astype(np.float64), logits[1][row].astype(np.float64)
    return float(starts[column + span[0]] + ends[column + span[1]] - starts[0] - ends[0])


def _span_text(span: tuple[int, int] | None, window: Window, text: str) -> str:
    if span is None:
        return ""
    offsets = window.document.offsets
    start, end = widen_to_words(text, int(offsets[span[0], 0]), int(offsets[span[1], 1]))
    return text[start:end]


def _batches(model: Model) -> Iterator[tuple[Batch, str]]:
    """Batches of the windows of all questions, each with the text that its windows are from."""
    tokenizer = models.load_tokenizer(model)
    length = min(_WINDOW, model.max_tokens)
    for sample in _suitable(tokenizer, _texts()):
        tokens = read_tokens(tokenizer, sample.text)
        cut: list[Window] = []
        for question in sample.questions:
            question_tokens = windows.tokenize_question(tokenizer, question)
            if question_tokens.room(length) >= windows.MIN_ROOM:
                cut += windows.cut(question_tokens, tokens, windows.WindowLengths(length, length // 4))
        for group in windows.batches(sorted(cut, key=len), _BATCH * length):
            yield windows.pack(group, model.pad_id), sample.text


def _texts() -> list[_Text]:
    rows = json.loads(paths.sample_path().with_name("check.json").read_text(encoding="utf-8"))
    sample = paths.sample_path().read_text(encoding="utf-8")
    return [_Text(row["text"] or sample, tuple(row["questions"])) for row in rows]


def _suitable(tokenizer: Tokenizer, texts: list[_Text]) -> list[_Text]:
    """The texts in languages that the tokenizer was made for; without one, that with the fewest tokens a word."""
    costs = {text: _tokens_a_word(tokenizer, text.text) for text in texts}
    return [text for text in texts if costs[text] <= max(_TOKENS_A_WORD, min(costs.values()))]


def _tokens_a_word(tokenizer: Tokenizer, text: str) -> float:
    """The mean number of tokens of a word; of a character in a text without spaces. Unknown tokens count as ten."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    unknown = {tokenizer.token_to_id(name) for name in _UNKNOWN}
    words = len(text.split())
    units = words if words > len(text) / 20 else len(text)
    return (len(ids) + 9 * sum(id_ in unknown for id_ in ids)) / units
