"""Models from outside are listed only once they have read a text, in a child process with bounds."""

from __future__ import annotations

import json
import shutil
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qadesk import paths
from qadesk.app.models.import_export import import_model
from qadesk.app.models.manage import list_models
from qadesk.app.reading import model_check
from qadesk.app.reading.model_check import check_model
from qadesk.errors import ModelError
from qadesk.progress import Progress, finish, run_steps
from qadesk.settings import Settings

transformers = pytest.importorskip("transformers")
safetensors = pytest.importorskip("safetensors.numpy")

SMALL = {
    "vocab_size": 30522, "num_hidden_layers": 2, "hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 32,
    "max_position_embeddings": 80,
}  # fmt: skip
Tensors = dict[str, np.ndarray]


def save(folder: Path, kind: str = "Bert") -> Path:
    """A small random model of the architecture ``kind``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = getattr(transformers, f"{kind}Config")(**SMALL)
        getattr(transformers, f"{kind}ForQuestionAnswering")(config).save_pretrained(folder)
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", folder)
    return folder


def change(folder: Path, edit: Callable[[Tensors], object]) -> None:
    path = folder / "model.safetensors"
    tensors = safetensors.load_file(path)
    edit(tensors)
    safetensors.save_file(tensors, path, {"format": "pt"})


def change_config(folder: Path, **values: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def without_layer(tensors: Tensors) -> None:
    for name in [name for name in tensors if "layer.1." in name]:
        del tensors[name]


def without_bias(tensors: Tensors) -> None:
    del tensors["qa_outputs.bias"]


def not_numbers(tensors: Tensors) -> None:
    tensors["qa_outputs.weight"][:] = np.nan


def refusal(folder: Path) -> ModelError:
    with pytest.raises(ModelError) as excinfo:
        finish(import_model(folder, Settings()))
    assert list_models()[1:] == []
    assert list((paths.data_dir() / "models").iterdir()) == []
    return excinfo.value


def test_a_model_that_reads_is_listed(tmp_path: Path) -> None:
    steps: list[Progress] = []
    folder = run_steps(import_model(save(tmp_path / "mine"), Settings()), steps.append)
    assert [model.folder for model in list_models()[1:]] == [folder]
    assert steps[-1] == Progress("Checking", 0, 0)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (without_layer, "The weights of 'mine' are not complete."),
        (without_bias, "The weights of 'mine' are not complete."),
        (not_numbers, "The model 'mine' gave scores that are not numbers."),
    ],
)
def test_weights_that_cannot_answer_are_refused(tmp_path: Path, edit: Callable[[Tensors], object], words: str) -> None:
    folder = save(tmp_path / "mine")
    change(folder, edit)
    assert refusal(folder).message == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("FNet", "The model 'mine' cannot read this text."),
        ("LayoutLM", "The model 'mine' is a LayoutLMForQuestionAnswering, which does not answer questions to a text."),
    ],
)
def test_an_architecture_that_takes_other_inputs_is_refused(tmp_path: Path, kind: str, words: str) -> None:
    assert refusal(save(tmp_path / "mine", kind)).message == words


def test_a_graph_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = save(tmp_path / "mine")
    (folder / "model.onnx").write_bytes(bytes(100))
    assert refusal(folder).message == "The ONNX graph of 'mine' cannot be loaded: it is broken or too new."


@pytest.mark.parametrize("values", [{"hidden_size": 2**20}, {"vocab_size": 2**40}, {"intermediate_size": 2**45}])
def test_a_configuration_that_promises_far_more_than_the_weights_is_refused(
    tmp_path: Path, values: dict[str, int]
) -> None:
    folder = save(tmp_path / "mine")
    change_config(folder, **values)
    started = time.monotonic()
    refusal(folder)
    assert time.monotonic() - started < 60


def test_a_model_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = save(tmp_path / "mine")
    change_config(folder, num_hidden_layers=10**8)
    monkeypatch.setattr(model_check, "LONGEST", 6.0)
    error = refusal(folder)
    assert error.message == "The model 'mine' takes too long to load, and was given up."


def test_a_child_that_dies_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = save(tmp_path / "mine")
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    with pytest.raises(ModelError, match="cannot be loaded") as excinfo:
        finish(check_model(folder))
    assert "exit code -9" in excinfo.value.detail


def test_a_cancelled_check_leaves_nothing(tmp_path: Path) -> None:
    work = import_model(save(tmp_path / "mine"), Settings())
    while next(work).what != "Checking":
        pass
    work.close()
    assert list((paths.data_dir() / "models").iterdir()) == []
