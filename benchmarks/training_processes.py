"""Seconds a training step takes with one process and with several, in turns; the cores are the same in all.

    python benchmarks/training_processes.py [--processes 2] [--turns 3] [--steps 12] [--device cpu]

The bundled reader learns from the general set, in batches of 8. The first two steps, which warm up, do not count.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from qadesk import paths
from qadesk.app.training import planning, run_folder
from qadesk.app.training.ranks import ignore_lost, joined_processes
from qadesk.app.training.stages import base_of, task_of
from qadesk.labels.label_files import read_dataset
from qadesk.train.events import Stepped
from qadesk.train.loop import train

_WARM_UP = 2  # steps


def step_seconds(processes: int, steps: int, device: str) -> list[float]:
    """The seconds of each of ``steps`` steps of a new run with so many ``processes`` on ``device``."""
    rows = read_dataset(paths.general_set_path()).examples
    options = {"device": device, "precision": "float32", "batch_size": "8"}
    plan = planning.plan(
        rows, (), base=str(paths.bundled_model_dir()), evaluation=rows[:2], overrides=options, processes=processes
    )
    with tempfile.TemporaryDirectory() as name:
        run = run_folder.create(plan, Path(name) / "run")
        saved = run_folder.read_plan(run)
        times: list[float] = []
        with joined_processes(run, processes, plan.config, ignore_lost) as group:
            for event in train(task_of(run, saved, base_of(saved)), group=group):
                if isinstance(event, Stepped):
                    times.append(time.monotonic())
                    if event.step == steps + _WARM_UP:
                        break
    return [later - earlier for earlier, later in zip(times[_WARM_UP - 1 :], times[_WARM_UP:], strict=False)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--processes", 2), ("--turns", 3), ("--steps", 12)):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    for _ in range(options.turns):
        for processes in (1, options.processes):
            seconds = step_seconds(processes, options.steps, options.device)
            load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
            print(f"{processes} processes: {statistics.median(seconds):.3f} s a step{load}", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["QADESK_HOME"] = home
        main()
