"""Which step of a run is kept: the last one that is as good as the best, as far as the evaluation part can tell.

F1 of a few dozen questions is uncertain by several points, so that the highest of a few evaluations is often chance. At
the end of a run the rate has gone down to nothing and the weights have settled: of two steps that cannot be told apart
the later one has learned more and forgotten less. So the last step is kept whose F1 is within two standard errors of
the highest one, as Breiman et al. take the simplest tree within one ("Classification and Regression Trees", 1984,
3.4.3), and better than that of the model as it was. With one, a run on abstracts kept the step of the first epoch
(70.0, the last one 64.0, standard error 5): on 200 others F1 was 65 and 67, but on the general set 66 and 71.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from qadesk.train.evaluation import EvaluationScores

_ERRORS = 2


@dataclass(frozen=True, slots=True)
class StepChoice:
    """The highest ``f1`` so far in per cent, its standard ``error`` and its ``loss``, and those of the first step."""

    f1: float = -1.0
    loss: float = 0.0
    error: float = 0.0
    first_f1: float = -1.0
    first_loss: float = 0.0

    def is_gain(self, scores: EvaluationScores) -> bool:
        """Whether ``scores`` are higher than all before: of equal F1 the smaller loss counts."""
        return (scores.f1, -scores.loss) > (self.f1, -self.loss)

    def keeps(self, scores: EvaluationScores) -> bool:
        """Whether the step with ``scores`` is kept in place of the one before."""
        is_better = (scores.f1, -scores.loss) > (self.first_f1, -self.first_loss)
        return self.is_gain(scores) or (is_better and scores.f1 >= self.f1 - _ERRORS * self.error)

    def after(self, scores: EvaluationScores) -> StepChoice:
        """The choice once the step with ``scores`` is evaluated."""
        choice = replace(self, first_f1=scores.f1, first_loss=scores.loss) if self.first_f1 < 0 else self
        return replace(choice, f1=scores.f1, loss=scores.loss, error=scores.error) if self.is_gain(scores) else choice
