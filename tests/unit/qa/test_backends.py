"""The table of backends: its rows, and a backend added as one more row."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from qadesk.errors import DeviceError
from qadesk.qa import devices
from qadesk.qa.backends import BACKENDS, BackendRow, gains_from_graph, open_backend
from qadesk.qa.devices import Choice
from qadesk.qa.engine import Reader
from qadesk.qa.models import Model

MODEL = Model(Path("fake"), "fake", "Fake", None, (), 24, 32, 2, True, True)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Choice:
    """A row more in the table; the choice of it."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    monkeypatch.setitem(BACKENDS, "toy", BackendRow("toy_backend:ToyBackend", ("cpu",), ("float32",)))
    monkeypatch.delitem(sys.modules, "toy_backend", raising=False)
    return Choice("cpu", "toy", "float32", "it is a test")


def test_a_backend_is_one_file_and_one_row(toy: Choice, tokenizer: Tokenizer) -> None:
    backend = open_backend(MODEL, toy, 3)
    assert backend.arguments == (MODEL, toy, 3)
    answers = Reader(MODEL, toy, tokenizer, backend).ask("what", "The man went to the store and bought milk")
    assert answers.best is not None
    assert (answers.best.text, answers.best.score) == ("bought", 12)


@pytest.mark.parametrize(("device", "precision"), [("mps", "float32"), ("cpu", "int8")])
def test_a_backend_is_not_opened_for_what_its_row_lacks(toy: Choice, device: str, precision: str) -> None:
    with pytest.raises(DeviceError, match="'toy' does not run a model") as excinfo:
        open_backend(MODEL, Choice(device, "toy", precision, ""))
    assert excinfo.value.hint
    assert "toy_backend" not in sys.modules


@pytest.mark.parametrize("name", list(BACKENDS))
def test_a_factory_takes_model_choice_and_threads(name: str) -> None:
    module, _, factory = BACKENDS[name].factory.partition(":")
    parameters = inspect.signature(getattr(importlib.import_module(module), factory)).parameters
    assert list(parameters) == ["model", "choice", "threads"]


def test_each_device_has_a_backend() -> None:
    kinds = {name.partition(":")[0] for name in devices.NAMES} - {"auto"}
    assert kinds == {kind for row in BACKENDS.values() for kind in row.devices}


@pytest.mark.parametrize(
    ("device", "backend", "expected"),
    [("cpu", "torch", True), ("cuda:1", "torch", False), ("mps", "torch", False), ("cpu", "onnx", False)],
)
def test_which_choices_gain_from_a_graph(device: str, backend: str, expected: bool) -> None:
    assert gains_from_graph(Choice(device, backend, "float32", "")) is expected
