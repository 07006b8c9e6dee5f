"""One step: gradients of several groups at once, AdamW in float32, a running average of the weights.

With teachers, a part of the loss is how far the learner is from what they say together (their mean distribution): soft
targets tell it what else could be right, which the one answer in the data does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import forward
import samples
import torch
from forward import Dropout, Shape, Weights

from qadesk.train.objective import distil_losses, log_distributions, marginal_losses

WORKERS = 2
"""Each computes with one thread: so none waits for another inside a product."""

_FROZEN = "embeddings.word_embeddings.weight"
_MOMENTS = ("exp_avg", "exp_avg_sq")


class AveragingLearner:
    """The weights, their running average, and the optimiser. A step depends on nothing else."""

    def __init__(self, weights: Weights, plan: dict[str, Any], shape: Shape, teachers: Sequence[Weights] = ()) -> None:
        self._plan = plan
        self._teachers = [forward.working_copy(each) for each in teachers]
        self._shape = shape
        self.weights = weights
        self.learned = [name for name in weights if name != _FROZEN]
        self.average = {name: weights[name].clone() for name in self.learned}
        self._working = forward.working_copy(weights)
        for name in self.learned:
            self._working[name].requires_grad_(True)
            weights[name].grad = torch.zeros_like(weights[name])
        rows = [
            {
                "params": [weights[name]],
                "share": _share(name, shape.layers, plan["layer_decay"]),
                "weight_decay": plan["weight_decay"] if weights[name].dim() > 1 else 0.0,
            }
            for name in self.learned
        ]
        self._optimizer = torch.optim.AdamW(rows, lr=0.0, betas=tuple(plan["betas"]), fused=True)
        self._pool = ThreadPoolExecutor(WORKERS, initializer=torch.set_num_threads, initargs=(1,))

    def step(self, batches: Sequence[samples.RecipeBatch], rate: float, drops: Sequence[Dropout | None]) -> float:
        """Learn from ``batches`` as from one, at ``rate``. Gives the mean loss before the step, in nats.

        ``drops`` has one entry a batch.
        """
        total = sum(len(batch.ids) for batch in batches)
        wanted = [self.weights[name].grad for name in self.learned]
        torch._foreach_zero_(wanted)
        loss = 0.0
        for part, gradients in self._pool.map(lambda batch, drop: self._gradients(batch, total, drop), batches, drops):
            torch._foreach_add_(wanted, gradients)
            loss += part
        torch.nn.utils.clip_grad_norm_([self.weights[name] for name in self.learned], self._plan["clip"])
        for group in self._optimizer.param_groups:
            group["lr"] = rate * group["share"]
        self._optimizer.step()
        weights = [self.weights[name] for name in self.learned]
        with torch.no_grad():
            torch._foreach_copy_([self._working[name] for name in self.learned], weights)
            torch._foreach_lerp_([self.average[name] for name in self.learned], weights, 1 - self._plan["average"])
        return loss

    def _gradients(
        self, batch: samples.RecipeBatch, total: int, drop: Dropout | None
    ) -> tuple[float, tuple[torch.Tensor, ...]]:
        logits = forward.logits(self._working, self._shape, batch.ids, batch.types, batch.mask, drop=drop)
        loss = marginal_losses(logits, batch.mask, batch.spans).sum() / total
        if self._teachers:
            distil = distil_losses(logits, batch.mask, self._taught(batch)).sum() / total
            loss = torch.lerp(loss, distil, self._plan["distil"])
        return float(loss.detach()), torch.autograd.grad(loss, [self._working[name] for name in self.learned])

    @torch.no_grad()
    def _taught(self, batch: samples.RecipeBatch) -> torch.Tensor:
        """The logs of the teachers' mean distributions, ``[2, windows, tokens]``."""
        said = [forward.logits(each, self._shape, batch.ids, batch.types, batch.mask) for each in self._teachers]
        logs = torch.stack([log_distributions(each, batch.mask) for each in said])
        return logs.logsumexp(dim=0)

    def close(self) -> None:
        """End the workers."""
        self._pool.shutdown()

    def state(self) -> Weights:
        """All tensors that a checkpoint needs."""
        found = {f"weights.{name}": self.weights[name] for name in self.learned}
        found |= {f"average.{name}": self.average[name] for name in self.learned}
        for name in self.learned:
            kept = self._optimizer.state.get(self.weights[name], {})
            found |= {f"{moment}.{name}": kept[moment] for moment in _MOMENTS if moment in kept}
        return {name: each.detach() for name, each in found.items()}

    def load(self, tensors: Weights, steps: int) -> None:
        """Go back to what ``state`` gave after ``steps``."""
        with torch.no_grad():
            for name in self.learned:
                self.weights[name].copy_(tensors[f"weights.{name}"])
                self.average[name].copy_(tensors[f"average.{name}"])
                self._working[name].copy_(self.weights[name])
        for name in self.learned if steps else ():
            moments = {moment: tensors[f"{moment}.{name}"] for moment in _MOMENTS}
            self._optimizer.state[self.weights[name]] = {"step": torch.tensor(float(steps)), **moments}


def _share(name: str, layers: int, decay: float) -> float:
    """The share of the rate at which a weight learns: the lower, the less."""
    if name.startswith("embeddings."):
        return decay**layers
    if name.startswith("encoder.layer."):
        return decay ** (layers - 1 - int(name.split(".")[2]))
    return 1.0
