"""The steps of a run: batches, the two losses, AdamW, and the state that a checkpoint stores of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qadesk.errors import DataError
from qadesk.qa.windows import Window
from qadesk.train.checkpoint import Tensors
from qadesk.train.config import Config
from qadesk.train.features import Sample
from qadesk.train.network import Network, as_array, device_failure
from qadesk.train.objective import distil_losses, span_losses
from qadesk.train.process_group import ALONE, ProcessGroup

_LABELLED_PER_UNLABELLED = 2
"""Labelled windows of a step for each unlabelled one."""

_WITHOUT_DECAY = 1  # dimensions: biases and the weights of LayerNorm
_MOMENTS = ("exp_avg", "exp_avg_sq")


def learning_rate(config: Config, step: int, steps: int) -> float:
    """The rate of ``step`` (from 1) of ``steps``: it rises in the share ``warmup`` of them, then falls, both linearly.

    The last step of the rise has the peak; one step after the end it would be 0.
    """
    rise = round(config.warmup * steps)
    part = step / rise if step < rise else (steps + 1 - step) / (steps + 1 - max(rise, 1))
    return config.learning_rate * part


def unlabelled_needed(config: Config, samples: int) -> int:
    """How many unlabelled windows a run with so many labelled ``samples`` takes; 0 where they have no weight."""
    steps = config.epochs * -(-samples // config.batch_size)
    return steps * _unlabelled_per_step(config) if config.distil_weight else 0


def _unlabelled_per_step(config: Config) -> int:
    return max(1, config.batch_size // _LABELLED_PER_UNLABELLED)


class Learner:
    """Makes the steps of a run. Step n does not depend on which steps this object made before.

    ``samples`` have labels. On the ``unlabelled`` windows the distillation loss keeps the model near its first logits.
    The processes of ``group`` make each step together, on the batch that one alone would take: each has a share of it.
    """

    def __init__(
        self,
        network: Network,
        config: Config,
        samples: Sequence[Sample],
        unlabelled: Sequence[Window],
        group: ProcessGroup = ALONE,
    ) -> None:
        import torch

        self.steps_per_epoch = -(-len(samples) // config.batch_size)
        self.steps = config.epochs * self.steps_per_epoch
        self._network = network
        self._config = config
        self._group = group
        self._samples = samples
        self._unlabelled = [Sample(window) for window in unlabelled]
        self._teacher = self._teacher_logits()
        trainable = network.trainable.values()
        decayed = [parameter for parameter in trainable if parameter.dim() > _WITHOUT_DECAY]
        plain = [parameter for parameter in trainable if parameter.dim() <= _WITHOUT_DECAY]
        groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": plain, "weight_decay": 0.0}]
        self._optimizer = torch.optim.AdamW(groups, lr=config.learning_rate)

    def make_step(self, step: int) -> tuple[float, float]:
        """Make ``step`` (from 1). Returns the loss and the distillation loss of the whole batch, before the step.

        Raises ``DataError`` if they are not finite, ``DeviceError`` if the device fails.
        """
        try:
            return self._make_step(step)
        except RuntimeError as error:
            if self._network.placement.kind == "cpu":
                raise  # a bug, not the device
            raise device_failure(self._network.placement, error) from error

    def _make_step(self, step: int) -> tuple[float, float]:
        import torch

        config = self._config
        torch.manual_seed(self._seed_of(step))
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(config, step, self.steps)
        self._network.set_dropout(config.dropout)
        loss = self._backward_labels(self._samples_of(step))
        distil_loss = self._backward_distillation(self._unlabelled_of(step))
        loss, distil_loss = self._group.add_up(self._network.trainable.values(), (loss, distil_loss))
        if not math.isfinite(loss + distil_loss):
            raise DataError("The training went astray: its loss is no number any more.", "Take a lower learning rate.")
        torch.nn.utils.clip_grad_norm_(self._network.trainable.values(), config.clip)
        self._optimizer.step()
        self._optimizer.zero_grad()
        return loss, distil_loss

    def _seed_of(self, step: int) -> int:
        """The seed of the dropout of ``step``.

        Masks are drawn for all windows that are scored at once, with the padding that these have: they cannot be those
        that one process alone would draw. So each process has its own, or windows of two would get the same.
        """
        if not self._group.rank:
            return self._config.seed * 2**31 + step
        words = np.random.SeedSequence([self._config.seed, step, self._group.rank]).generate_state(1, np.uint64)
        return int(words[0])

    def _backward_labels(self, samples: Sequence[Sample]) -> float:
        """Add the gradients of this process's share of the span loss of ``samples``. Returns its share of the loss.

        ``samples`` are the batch of all processes, and each of them weighs the same.
        """
        total = 0.0
        for _, batch in self._network.batches(self._group.share(samples)):
            logits, mask = self._network.logits(batch)
            loss = span_losses(logits, mask, self._network.tensor(batch.targets)).sum() / len(samples)
            loss.backward()
            total += float(loss.detach())
        return total

    def _backward_distillation(self, indexes: Sequence[int]) -> float:
        """The same for the distillation loss of the unlabelled windows ``indexes``, which is returned unweighted."""
        total = 0.0
        share = self._group.share(indexes)
        for part, batch in self._network.batches([self._unlabelled[index] for index in share]):
            logits, mask = self._network.logits(batch)
            teacher = self._network.tensor(_pad([self._teacher[share[row]] for row in part], mask.shape[1]))
            loss = distil_losses(logits, mask, teacher).sum() / len(indexes)
            (self._config.distil_weight * loss).backward()
            total += float(loss.detach())
        return total

    def _samples_of(self, step: int) -> list[Sample]:
        """The labelled windows of ``step``: each epoch has an order of its own."""
        epoch, batch = divmod(step - 1, self.steps_per_epoch)
        order = np.random.default_rng([self._config.seed, epoch]).permutation(len(self._samples))
        size = self._config.batch_size
        return [self._samples[index] for index in order[batch * size : (batch + 1) * size]]

    def _unlabelled_of(self, step: int) -> list[int]:
        """The indexes of the unlabelled windows of ``step``: they are in random order already."""
        if not self._unlabelled:
            return []
        count = _unlabelled_per_step(self._config)
        return [index % len(self._unlabelled) for index in range((step - 1) * count, step * count)]

    def _teacher_logits(self) -> dict[int, npt.NDArray[np.float32]]:
        """The model's logits ``[2, tokens]`` before any step for each unlabelled window that this process takes."""
        indexes: Sequence[int] = range(len(self._unlabelled))
        if self._group.size > 1:
            steps = range(1, self.steps + 1)
            indexes = sorted({index for step in steps for index in self._group.share(self._unlabelled_of(step))})
        logits_of: dict[int, npt.NDArray[np.float32]] = {}
        for part, _, logits in self._network.score([self._unlabelled[index] for index in indexes]):
            for row, at in enumerate(part):
                index = indexes[at]
                logits_of[index] = logits[:, row, : len(self._unlabelled[index])].copy()
        return logits_of

    def state(self) -> dict[str, npt.NDArray[np.float32]]:
        """The trained weights and the optimiser's moments, by name. On the CPU they share memory with those in use."""
        moments = {
            f"{moment}.{name}": as_array(self._optimizer.state[parameter][moment])
            for name, parameter in self._network.trainable.items()
            for moment in _MOMENTS
            if parameter in self._optimizer.state
        }
        return {**{f"weights.{name}": array for name, array in self._network.weights().items()}, **moments}

    def load(self, tensors: Tensors, step: int) -> None:
        """Load what ``state`` gave after ``step``."""
        import torch

        self._network.set_weights({name: tensors[f"weights.{name}"] for name in self._network.trainable})
        for name, parameter in self._network.trainable.items() if step else ():
            moments = {moment: self._network.tensor(tensors[f"{moment}.{name}"]) for moment in _MOMENTS}
            self._optimizer.state[parameter] = {"step": torch.tensor(float(step)), **moments}


def _pad(logits: Sequence[npt.NDArray[np.float32]], width: int) -> npt.NDArray[np.float32]:
    """Logits ``[2, tokens]`` of several windows as ``[2, windows, width]``, 0 where there is padding."""
    padded = np.zeros((2, len(logits), width), dtype=np.float32)
    for row, window in enumerate(logits):
        padded[:, row, : window.shape[1]] = window
    return padded
