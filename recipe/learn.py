"""The training loop: can be stopped at any time, resumed to the same result, and given an end.

    learn.py RUN [--finish-by HH:MM | --tokens N]

With neither option the constant phase lasts until it is stopped (Ctrl+C or SIGTERM), which writes a checkpoint.
Otherwise the decay phase begins when the rest is as long as the decay should be. The state before the decay stays in
``stem.safetensors``: as ``checkpoint.safetensors`` of a copy of the folder, a longer run can start from there.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import forward
import prepare
import samples
import schedule
import torch
from forward import Dropout, Shape
from learner import AveragingLearner
from safetensors import safe_open
from safetensors.torch import load_file, save_file

SAVE_EVERY = 300.0
PLAN_EVERY = 60.0
"""Seconds between checkpoints, and between updates of the schedule."""


class RecipeRun:
    """A run in a folder. ``position`` is how far it is: steps, tokens, steps of the phase, and the schedule's knots."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recipe = facts(folder)["recipe"]
        self._learning = self.recipe["learning"]
        shape = shape_of(folder)
        weights = forward.fuse(load_file(folder / "base-model.safetensors"), shape)
        teachers = [forward.fuse(load_file(path), shape) for path in sorted(folder.glob("teacher-*.safetensors"))]
        self.learner = AveragingLearner(
            forward.with_head(weights, self.recipe["seed"]), self._learning, shape, teachers
        )
        self.position: dict[str, Any] = {"steps": 0, "tokens": 0, "phase_steps": 0, "knots": []}
        if (folder / "checkpoint.safetensors").exists():
            self.position = read_position(folder / "checkpoint.safetensors")
            self.learner.load(load_file(folder / "checkpoint.safetensors"), self.position["steps"])
        self._epoch: tuple[tuple[str, int], list[Any]] = (("", -1), [])
        self._samples = {phase: samples.Samples.load(folder / f"{phase}.npz") for phase in prepare.PHASES}

    @property
    def is_over(self) -> bool:
        """Whether the learning rate is 0."""
        knots = self.position["knots"]
        return bool(knots) and self.position["tokens"] >= knots[-1][0]

    def step(self) -> float:
        """Make the next step. Returns its loss, in nats."""
        position = self.position
        batches = self._next()
        rate = self._learning["rate"] * schedule.rate_share(
            position["tokens"], self._learning["warmup_tokens"], position["knots"]
        )
        loss = self.learner.step(batches, rate, [self._drop(number) for number in range(len(batches))])
        position["steps"] += 1
        position["phase_steps"] += 1
        position["tokens"] += sum(batch.ids.numel() for batch in batches)
        return loss

    def _drop(self, batch: int) -> Dropout | None:
        plan, position = self._learning, self.position
        if not plan["dropout"] or position["tokens"] < plan["dropout_after"]:
            return None
        return Dropout(plan["dropout"], self.recipe["seed"] + position["steps"] * plan["groups"] + batch)

    def _next(self) -> list[samples.RecipeBatch]:
        phase = prepare.PHASES[bool(self.position["knots"])]
        cut, many = self._samples[phase], self._learning["groups"]
        at, epoch = self.position["phase_steps"], 0
        while True:
            order = self._order(phase, epoch)
            steps = -(-len(order) // many)
            if at < steps:
                return [samples.batch(cut, group) for group in order[at * many : (at + 1) * many]]
            at, epoch = at - steps, epoch + 1

    def _order(self, phase: str, epoch: int) -> list[Any]:
        if self._epoch[0] != (phase, epoch):
            seed = [self.recipe["seed"], prepare.PHASES.index(phase), epoch]
            order = samples.groups(self._samples[phase].lengths, self._learning["group_tokens"], seed)
            self._epoch = ((phase, epoch), order)
        return self._epoch[1]

    def replan(self, left: float) -> None:
        """Plan for ``left`` more tokens: the decay may begin, or its end may move."""
        position = self.position
        knots = schedule.plan(position["knots"], position["tokens"], left, self._learning["decay_share"])
        if knots and not position["knots"]:
            self.save()
            shutil.copyfile(self.folder / "checkpoint.safetensors", self.folder / "stem.safetensors")
            position["phase_steps"] = 0
        position["knots"] = [list(knot) for knot in knots]  # as JSON will have them

    def save(self) -> None:
        """Write a checkpoint, all or nothing."""
        part = self.folder / "checkpoint.part"
        save_file(self.learner.state(), part, metadata={"place": json.dumps(self.position)})
        os.replace(part, self.folder / "checkpoint.safetensors")


def facts(run: Path) -> dict[str, Any]:
    """The facts that ``prepare`` wrote of a run: its recipe, the data's fingerprints, the sizes."""
    facts: dict[str, Any] = json.loads((run / "facts.json").read_text(encoding="utf-8"))
    return facts


def shape_of(run: Path) -> Shape:
    """The shape of a run's encoder."""
    config = json.loads((run / "base-config.json").read_text(encoding="utf-8"))
    return Shape(config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"])


def read_position(path: Path) -> dict[str, Any]:
    """The ``position`` of a run when the checkpoint ``path`` was written."""
    with safe_open(path, "pt") as file:
        position: dict[str, Any] = json.loads(file.metadata()["place"])
    return position


@dataclass(frozen=True, slots=True)
class Length:
    """When a run ends: by the clock ("HH:MM"), after so many tokens, or, with neither, when it is stopped."""

    finish_by: str | None = None
    tokens: int | None = None


def learn(run: RecipeRun, length: Length, stopped: Callable[[], bool], say: Callable[[str], None] = print) -> None:
    """Make steps until the run is over or ``stopped``, then write a checkpoint."""
    speed = schedule.Speed()
    speed.mark(run.position["tokens"])
    saved = planned = time.monotonic()
    losses: list[float] = []
    while not run.is_over and not stopped():
        losses.append(run.step())
        if length.tokens and not run.position["knots"]:
            run.replan(length.tokens - run.position["tokens"])
        now = time.monotonic()
        if now - planned < PLAN_EVERY:
            continue
        planned = now
        speed.mark(run.position["tokens"])
        if length.finish_by:
            run.replan(speed.tokens_a_second * schedule.seconds_until(length.finish_by))
        line = {"clock": time.strftime("%H:%M:%S"), "loss": round(sum(losses) / len(losses), 4)}
        say(json.dumps(line | {"tokens_a_second": round(speed.tokens_a_second), **run.position}))
        losses = []
        if now - saved >= SAVE_EVERY:
            run.save()
            saved = now
    run.save()


def main() -> None:
    """Train the run until its length is reached or a signal stops it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--finish-by", metavar="HH:MM", help="when the decay has to be over")
    length.add_argument("--tokens", type=int, metavar="N", help="how many tokens to read in all")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # of this thread, which only adds up: a second one would wait for the workers
    signals: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: signals.append(received))
    ends = Length(arguments.finish_by, arguments.tokens)
    run = RecipeRun(arguments.run)
    learn(run, ends, lambda: bool(signals), lambda line: print(line, flush=True))
    run.learner.close()


if __name__ == "__main__":
    main()
