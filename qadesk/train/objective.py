"""The losses that training minimises, defined once: in numpy for one window to inspect, in torch for a batch.

**Span loss** (BERT paper, 4.2). The start distribution of a window is the softmax of its start logits over *all* its
positions: [CLS], the question, the separators and the slice of the document; only padding is left out. The end
distribution likewise. With the right start a and end b (both inclusive):

    loss = (-log P(start = a) - log P(end = b)) / 2

A question without an answer has a = b = 0, which is [CLS] (4.3). So has a window that does not hold the whole answer,
as in run_squad.py: the model learns to predict no answer there. Of several right answers the first that
lies whole in the window is the target.

**Marginal loss** (Clark & Gardner, Simple and Effective Multi-Paragraph Reading Comprehension; the bundled reader is
trained with it). Where several answers k are right, it is enough to find one of them:

    marginal = -log(sum over k of P(start = a_k) * P(end = b_k)) / 2

With one answer it is the span loss.

Prediction takes the maximum scoring span s_i + e_j over the document's tokens only. The loss does not: it is of two
positions, each against all others.

**Distillation loss** (Li & Hoiem, Learning without Forgetting; Hinton et al.). On windows without labels the tuned
model stays near the original: KL(original || tuned) of the start distribution and of the end distribution, halved:

    distil = (KL(P0_start || P_start) + KL(P0_end || P_end)) / 2

All are means over the windows of a batch, in nats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """The span loss of one window, in nats, and the distributions that it is computed from, each ``[tokens]``."""

    start_loss: float
    end_loss: float
    loss: float
    start_probabilities: Floats
    end_probabilities: Floats


def objective(start_logits: npt.ArrayLike, end_logits: npt.ArrayLike, start: int, end: int) -> Objective:
    """The span loss of one window, whose logits are ``[tokens]`` without padding.

    ``start`` and ``end`` are the columns of the answer's first and last token, 0 and 0 for no answer.
    """
    starts, ends = _log_softmax(start_logits), _log_softmax(end_logits)
    start_loss, end_loss = -float(starts[start]), -float(ends[end])
    return Objective(start_loss, end_loss, (start_loss + end_loss) / 2, np.exp(starts), np.exp(ends))


def _log_softmax(logits: npt.ArrayLike) -> Floats:
    values = np.asarray(logits, dtype=np.float64)
    values = values - values.max()
    logs: Floats = values - np.log(np.exp(values).sum())
    return logs


def span_losses(logits: Any, mask: Any, targets: Any) -> Any:
    """The span loss of each window of a batch: a torch tensor ``[windows]``.

    ``logits`` is ``[2, windows, tokens]`` (starts, ends), ``mask`` ``[windows, tokens]`` is True where there is a
    token and False for padding, ``targets`` ``[2, windows]`` are columns.
    """
    logs = log_distributions(logits, mask)
    return -logs.gather(2, targets[..., None]).squeeze(2).mean(dim=0)


def marginal_losses(logits: Any, mask: Any, spans: Any) -> Any:
    """The marginal loss of each window of a batch: a torch tensor ``[windows]``.

    ``spans`` ``[windows, answers, 2]`` are the columns of each answer's first and last token, -1 where a window has
    fewer answers than another, at least one each. The others are as for ``span_losses``.
    """
    logs = log_distributions(logits, mask)
    joint = logs.gather(2, spans.clamp(min=0).permute(2, 0, 1)).sum(dim=0)
    return -joint.masked_fill(spans[..., 0] < 0, -1e9).logsumexp(dim=1) / 2


def distil_losses(logits: Any, mask: Any, teacher: Any) -> Any:
    """The distillation loss of each window: ``[windows]``. ``teacher`` are the original's logits, shaped as ``logits``.

    The values of ``teacher`` at padding do not matter.
    """
    logs, teacher_logs = log_distributions(logits, mask), log_distributions(teacher, mask)
    parts = teacher_logs.exp() * (teacher_logs - logs)
    return parts.masked_fill(~mask, 0.0).sum(dim=2).mean(dim=0)


def log_distributions(logits: Any, mask: Any) -> Any:
    """The logs of the start and end distributions, float32 ``[2, windows, tokens]``, padding with -inf logits."""
    return logits.float().masked_fill(~mask, -1e9).log_softmax(dim=2)
