"""Two processes that train together on the processor do what one does; and what happens when one of them ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qadesk import paths
from qadesk.app.training import planning, run_folder, runs
from qadesk.app.training.ranks import joined_processes
from qadesk.app.training.runs import Control
from qadesk.app.training.stages import base_of, task_of
from qadesk.errors import QadeskError
from qadesk.progress import finish
from qadesk.records import GoldSpan, LabeledExample
from qadesk.train.events import Event, Noted, Saved, Stepped
from qadesk.train.loop import Trained, train
from qadesk.train.preparation import Preparation
from qadesk.train.process_group import ALONE, ProcessGroup

psutil = pytest.importorskip("psutil")
torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
safetensors = pytest.importorskip("safetensors.numpy")
pytest.importorskip("accelerate")

pytestmark = pytest.mark.slow

WatchStarts = Callable[[pytest.MonkeyPatch], list[subprocess.Popen[bytes]]]
OPTIONS = {
    "epochs": "2", "batch_size": "4", "learning_rate": "1e-3", "device": "cpu", "threads": "2", "precision": "float32",
    "max_seq_length": "64", "doc_stride": "16", "distil_weight": "0.5", "frozen_layers": "0",
}  # fmt: skip


def labels() -> tuple[LabeledExample, ...]:
    """Nine questions, to texts of very different lengths: the last batch of an epoch has one window."""
    examples = []
    for number in range(9):
        text = f"The tower was built by Thomas{number} of Holm in {1800 + number}." + " It is tall." * (number % 4)
        start = text.index("Thomas")
        spans = (GoldSpan(start, start + 7, text[start : start + 7]),) if number else ()
        examples.append(LabeledExample(str(number), "Who built it?", text, f"Tower {number}", spans, not spans))
    return tuple(examples)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    torch.manual_seed(7)
    sizes = {"num_hidden_layers": 2, "hidden_size": 32, "num_attention_heads": 2, "intermediate_size": 64}
    config = transformers.BertConfig(vocab_size=30522, max_position_embeddings=128, initializer_range=0.1, **sizes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers.BertForQuestionAnswering(config).save_pretrained(folder)
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", folder)
    return folder


def begin(model: Path, folder: Path, **overrides: str) -> Path:
    options = {**OPTIONS, **overrides}
    plan = planning.plan(labels(), (), base=str(model), overrides=options, evaluation=labels()[:3], processes=2)
    plan = planning.Plan(plan.base, labels(), plan.evaluation, plan.unlabelled, plan.config, plan.effort, processes=2)
    return run_folder.create(plan, folder)


@contextmanager
def training(run: Path, processes: int) -> Iterator[Any]:
    """The events of the training of ``run`` with so many ``processes``, of which this is the first."""
    saved = run_folder.read_plan(run)
    threads = torch.get_num_threads()
    lost: list[QadeskError] = []
    try:
        with joined_processes(run, processes, saved.plan.config, lost.append) as group:
            assert (group is ALONE) == (processes == 1)
            yield train(task_of(run, saved, base_of(saved)), group=group)
    finally:
        torch.set_num_threads(threads)
    assert lost == []


@dataclass
class Course:
    """How a training went."""

    events: list[Event]
    trained: Trained

    @property
    def losses(self) -> dict[int, tuple[float, float]]:
        return {event.step: (event.loss, event.distil_loss) for event in self.events if isinstance(event, Stepped)}

    @property
    def weights(self) -> dict[str, np.ndarray]:
        tensors: dict[str, np.ndarray] = safetensors.load_file(self.trained.weights)
        return tensors


def whole(run: Path, processes: int) -> Course:
    events: list[Event] = []
    with training(run, processes) as work:
        while True:
            try:
                events.append(next(work))
            except StopIteration as end:
                return Course(events, end.value)


WITHOUT_GRADIENT = ("qa_outputs.bias", "layer.1.output.LayerNorm.bias", "key.bias")
"""Weights that move all logits or scores alike, so that nothing depends on them: AdamW follows the rounding there."""


def furthest(one: Course, two: Course) -> float:
    """The greatest difference between two weights that matter."""
    names = [name for name in one.weights if not name.endswith(WITHOUT_GRADIENT)]
    return max(float(np.abs(one.weights[name] - two.weights[name]).max()) for name in names)


@pytest.fixture(scope="module")
def alone(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QADESK_HOME", str(tmp_path_factory.mktemp("home")))
        return whole(begin(model, tmp_path_factory.mktemp("alone") / "run"), 1)


@pytest.fixture(scope="module")
def together(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QADESK_HOME", str(tmp_path_factory.mktemp("home")))
        return whole(begin(model, tmp_path_factory.mktemp("a run # of two") / "run"), 2)


def test_two_processes_make_the_steps_of_one(alone: Course, together: Course) -> None:
    """The last batch of an epoch has one window: none is left for the second process."""
    assert together.losses.keys() == alone.losses.keys() == set(range(1, 7))
    for step, losses in together.losses.items():
        assert losses == pytest.approx(alone.losses[step], rel=1e-4, abs=1e-6)
    assert furthest(alone, together) < 1e-4
    assert together.trained.best_step == alone.trained.best_step > 0
    assert any("2 processes" in event.text for event in together.events if isinstance(event, Noted))


@pytest.mark.parametrize("precision", ["bfloat16", "float32"])
def test_all_compute_in_the_precision_of_the_first(model: Path, tmp_path: Path, precision: str) -> None:
    run = begin(model, tmp_path / "run", precision="auto")
    saved = run_folder.read_plan(run)
    threads = torch.get_num_threads()
    prepared = Preparation(task_of(run, saved, base_of(saved)), ProcessGroup(1, 2, precision=precision))
    torch.set_num_threads(threads)
    assert prepared.network.placement.precision == precision


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch, watch_starts: WatchStarts) -> list[subprocess.Popen[bytes]]:
    return watch_starts(monkeypatch)


@pytest.fixture(scope="module")
def broken(model: Path, tmp_path_factory: pytest.TempPathFactory, watch_starts: WatchStarts) -> Path:
    """A run of two processes, of which the second was killed after the first epoch."""
    run = tmp_path_factory.mktemp("broken") / "run"
    steps: list[int] = []

    def kill_in_the_middle(others: list[subprocess.Popen[bytes]]) -> None:
        with training(run, 2) as work:
            for event in work:
                steps.extend([event.step] if isinstance(event, Stepped) else [])
                if isinstance(event, Saved):
                    os.kill(others[0].pid, signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QADESK_HOME", str(tmp_path_factory.mktemp("home")))
        begin(model, run)
        others = watch_starts(patch)
        with pytest.raises(QadeskError, match="One of the processes that train together ended"):
            kill_in_the_middle(others)
    assert steps == [1, 2, 3]
    return run


def test_a_killed_process_leaves_the_checkpoint(broken: Path) -> None:
    assert [path.name for path in (broken / "checkpoints").iterdir()] == ["step-00000003.safetensors"]
    assert not torch.distributed.is_initialized()


def test_one_process_goes_on_with_a_run_of_two(broken: Path, alone: Course, tmp_path: Path) -> None:
    later = whole(Path(shutil.copytree(broken, tmp_path / "run")), 1)
    assert list(later.losses) == [4, 5, 6]
    assert furthest(alone, later) < 1e-4


def test_two_processes_go_on_to_the_same_weights(broken: Path, together: Course, tmp_path: Path) -> None:
    """To the last bit."""
    later = whole(Path(shutil.copytree(broken, tmp_path / "run")), 2)
    assert later.losses == {step: together.losses[step] for step in (4, 5, 6)}
    assert all(np.array_equal(array, later.weights[name]) for name, array in together.weights.items())


def is_running(process: Any) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def wait_for_end(process: Any) -> None:
    deadline = time.monotonic() + 30
    while is_running(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(process)


def test_one_that_is_killed_in_a_pause_ends_the_run_in_words(
    model: Path, tmp_path: Path, others: list[subprocess.Popen[bytes]]
) -> None:
    control = Control()
    work = runs.follow(begin(model, tmp_path / "run", epochs="90"), control)
    next(event for event in work if isinstance(event, Stepped))
    (second,) = psutil.Process(others[0].pid).children()
    control.pause()
    next(event for event in work if isinstance(event, Saved))
    second.kill()
    with pytest.raises(QadeskError, match="One of the processes that train together ended"):
        finish(work)
    wait_for_end(second)
    assert others[0].poll() is not None


def test_a_cancelled_run_ends_all_processes(model: Path, tmp_path: Path, others: list[subprocess.Popen[bytes]]) -> None:
    work = runs.follow(begin(model, tmp_path / "run", epochs="90"), Control())
    next(event for event in work if isinstance(event, Stepped))
    (second,) = psutil.Process(others[0].pid).children()
    work.close()
    wait_for_end(second)
    assert not list((tmp_path / "run").glob(".child-*"))
