"""The folder of a trained model: its files, their precision, interpolated weights, metadata and card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from training_data import examples, outcome

from qadesk import paths
from qadesk.app.training import model_writer, planning, run_folder
from qadesk.qa import models
from qadesk.qa.calibration import Calibration, Logistic
from qadesk.qa.models import Model
from qadesk.train.loop import Trained


@pytest.fixture
def base(tmp_path: Path) -> Model:
    """The bundled reader as transformers saves a model, with a smaller maximum length and few weights."""
    folder = tmp_path / "base"
    shutil.copytree(paths.bundled_model_dir(), folder, ignore=shutil.ignore_patterns("*.onnx", "*.safetensors"))
    rows = np.random.default_rng(0)
    weights = {"embeddings": rows.normal(size=(100, 4)), "qa_outputs.weight": rows.normal(size=(2, 4))}
    halves = {name: values.astype(np.float16) for name, values in weights.items()}
    save_file({**halves, "positions": np.arange(9)}, folder / "model.safetensors")
    values = {"name": "Base", "max_seq_length": 256, "secret": 1, "pool": {"prior": 0.2, "temperature": 2.0}}
    (folder / "qadesk.json").write_text(json.dumps(values))
    (folder / "vocab.txt").write_text("[PAD]\n")
    (folder / "pytorch_model.bin").write_bytes(b"code")
    return models.inspect(folder)


@pytest.fixture
def trained(base: Model, tmp_path: Path) -> Trained:
    """Weights that are all larger by 1 than those of ``base``."""
    old = load_file(base.safetensors[0])
    path = tmp_path / "best.safetensors"
    new = {name: values.astype(np.float32) + 1 for name, values in old.items() if name != "positions"}
    save_file({**new, "positions": old["positions"]}, path)
    return Trained(path, 40, 30, 50.0, 60.0, "", Calibration(1.75, Logistic(0.5, 0.25)), True)


def test_the_model_has_the_properties_of_its_base(base: Model, trained: Trained, tmp_path: Path) -> None:
    model = model_writer.write_model(tmp_path / "model", base, trained, 1.0)
    assert (model.architecture, model.vocab_size, model.max_tokens) == (base.architecture, base.vocab_size, 256)
    assert (model.calibration, model.unanswerable, model.onnx) == (trained.calibration, True, None)
    assert (model.pool.prior, model.pool.calibration.temperature) == (0.2, 3.5)
    names = {path.name for path in model.folder.iterdir()}
    assert names == {"config.json", "model.safetensors", "qadesk.json", "tokenizer.json", "vocab.txt"}
    config = json.loads((model.folder / "config.json").read_text())
    assert config["dtype"] == "float16"
    assert "secret" not in json.loads((model.folder / "qadesk.json").read_text())


@pytest.mark.parametrize("share", [1.0, 0.5, 0.25])
def test_the_weights_are_interpolated(base: Model, trained: Trained, tmp_path: Path, share: float) -> None:
    model = model_writer.write_model(tmp_path / "model", base, trained, share)
    old, new = load_file(base.safetensors[0]), load_file(model.safetensors[0])
    assert old.keys() == new.keys()
    assert np.array_equal(new.pop("positions"), old["positions"])
    for name, values in new.items():
        assert values.dtype == np.float16
        assert np.allclose(values.astype(np.float32), old[name].astype(np.float32) + share, atol=2e-3), name


def test_its_metadata_and_card(base: Model, trained: Trained, tmp_path: Path) -> None:
    run = run_folder.create(planning.plan(examples(), (), base=str(base.folder)), tmp_path / "run")
    model = model_writer.write_model(tmp_path / "model", base, trained, 1.0)
    model_writer.describe(model.folder, run_folder.read_plan(run), outcome(), "abc")
    about = json.loads((model.folder / "qadesk.json").read_text())
    assert about["base"] == {"name": "Base", "fingerprint": run_folder.read_plan(run).base_fingerprint}
    assert about["data"] == {
        "fingerprint": "abc", "train": 160, "evaluation": 40, "unanswerable": 2, "made": 1, "split": "document"
    }  # fmt: skip
    assert about["metrics"]["own"] == {
        "questions": 40, "before": {"exact": 49, "f1": 54}, "after": {"exact": 76, "f1": 81}
    }  # fmt: skip
    training = about["training"]
    assert (training["learning_rate"], training["seed"], training["best_step"]) == (
        outcome().config.learning_rate, 0, 30
    )  # fmt: skip
    assert about["temperature"] == 1.75
    assert {"qadesk", "torch", "transformers"} <= about["versions"].keys()
    card = (model.folder / "README.md").read_text()
    assert card.startswith("# Base, trained\n")
    assert "Better on yours: F1 54 → 81. General: 78 → 77." in card
    assert "| the user's | 40 | 49 | 76 | 54 | 81 |" in card
    assert models.inspect(model.folder).name == "Base, trained"


def test_it_can_be_renamed(base: Model, trained: Trained, tmp_path: Path) -> None:
    run = run_folder.create(planning.plan(examples(), (), base=str(base.folder)), tmp_path / "run")
    model = model_writer.write_model(tmp_path / "model", base, trained, 1.0)
    model_writer.describe(model.folder, run_folder.read_plan(run), outcome(), "abc")
    before = (model.folder / "README.md").read_text().splitlines()[1:]
    model_writer.set_name(model.folder, "Policies")
    assert (model.folder / "README.md").read_text().splitlines() == ["# Policies", *before]
    assert models.inspect(model.folder).name == "Policies"
