"""A run's folder from data on disk."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import learn
import prepare
import pytest
import samples
from tiny_run import RECIPE, Make

from qadesk.app.training.run_folder import as_squad, write_json
from qadesk.labels.label_files import read_dataset

PHASE = {"negatives_from": ["squad-a"], "neighbours": 1, "swaps": 0, "negatives_crop": 0.0}


def test_a_run_has_all_it_needs(tmp_path: Path, run_folder: Path, example: Make) -> None:
    base, sets = tmp_path / "base", tmp_path / "sets"
    base.mkdir()
    sets.mkdir()
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copyfile(run_folder / f"base-{name}", base / name)
    noon_text = "The man bought milk at noon ."
    night_text = "The woman sold tea at night in town ."
    rows = [
        example("Who bought milk ?", noon_text, "man", title="Town", key="1"),
        example("Who sold tea ?", night_text, "woman", title="Night", key="2"),
        example("What did the woman sold at noon ?", night_text, title="Night", key="3"),
    ]
    write_json(sets / "squad-a.json", as_squad(rows))
    plan = RECIPE | {
        "constant": PHASE | {"sets": [{"name": "squad-a"}]},
        "decay": PHASE | {"sets": [{"name": "squad-a", "kind": "answered"}]},
    }
    prepare.prepare(tmp_path / "new", base, sets, plan, base)
    development = read_dataset(tmp_path / "new" / "development-squad-a.json").examples
    assert [(row.id, row.title, row.gold_texts) for row in development] == [("1", "Town", ("man",))]
    facts = json.loads((tmp_path / "new" / "facts.json").read_text(encoding="utf-8"))
    assert facts["sizes"]["constant"]["windows"] == len(samples.Samples.load(tmp_path / "new" / "constant.npz")) == 2
    assert facts["sizes"]["constant"]["without answer"] == 1
    assert facts["sizes"]["decay"]["windows"] == 1
    assert len(facts["data"]["squad-a"]) == 64
    run = learn.RecipeRun(tmp_path / "new")
    run.step()
    run.learner.close()


@pytest.mark.parametrize("path", [prepare.RECIPE, prepare.BRANCH])
def test_the_recipe_is_whole(path: Path) -> None:
    plan = prepare.recipe(path)
    for phase in prepare.PHASES:
        assert plan[phase]["sets"]
        assert {"negatives_from", "neighbours", "swaps", "negatives_crop"} <= plan[phase].keys()
    assert 0 < plan["learning"]["decay_share"] < 1
