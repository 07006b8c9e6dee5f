"""A reader is trained from an encoder, and branches from the reader."""

from __future__ import annotations

import shutil
from pathlib import Path

import finish
import learn
import measure
import prepare
import pytest
import rebuild
import soup
from learn import Length
from tiny_run import RECIPE, some_examples

from qadesk.app.training.run_folder import as_squad, write_json

PHASE = {"sets": [{"name": "squad-a"}], "negatives_from": [], "neighbours": 0, "swaps": 0, "negatives_crop": 0.0}


def test_a_branch_reads_on_from_the_reader_with_it_as_its_teacher(
    tmp_path: Path, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, sets = tmp_path / "base", tmp_path / "sets"
    base.mkdir()
    sets.mkdir()
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copyfile(run_folder / f"base-{name}", base / name)
    write_json(sets / "squad-a.json", as_squad(some_examples()))
    learning = RECIPE["learning"] | {"distil": 0.5}
    plan = RECIPE | {"constant": PHASE, "decay": PHASE, "learning": learning, "development": {"squad-a": ["Other"]}}
    monkeypatch.setattr(prepare, "recipe", lambda _path=None: dict(plan))
    monkeypatch.setattr(rebuild, "BRANCH_TOKENS", 600)
    run = rebuild.train_reader(tmp_path / "new", base, sets, Length(tokens=900))
    reader = tmp_path / "reader"
    weights = measure.weights_of(run, soup.LAST, "weights")
    finish.write_model(reader, run, weights, {"name": "Tiny", "unanswerable": True})
    branch = rebuild.train_branch(tmp_path / "branch", reader, base, sets, 1)
    facts = learn.facts(branch)
    assert (facts["base"], facts["recipe"]["seed"]) == ("Tiny", RECIPE["seed"] + 1)
    assert (branch / "teacher-0.safetensors").read_bytes() == (reader / "model.safetensors").read_bytes()
    start_weights, end_weights = (
        soup.reader_weights(branch / "base-model.safetensors", branch),
        measure.weights_of(branch, soup.LAST, "weights"),
    )
    assert start_weights["qa_outputs.weight"] == pytest.approx(
        weights["qa_outputs.weight"].numpy(), abs=1e-3
    )  # float16
    assert (start_weights["qa_outputs.weight"] != end_weights["qa_outputs.weight"]).any()
    position = learn.read_position(branch / soup.LAST)
    assert rebuild.train_branch(branch, reader, base, sets, 1) == branch  # it is over: nothing more is learned
    assert learn.read_position(branch / soup.LAST) == position
