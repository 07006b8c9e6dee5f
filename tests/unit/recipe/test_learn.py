"""A stopped and resumed run ends like an undisturbed one; the decay follows the constant phase."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import forward
import learn
import learner
import numpy as np
import pytest
import samples
import torch
from learn import Length, RecipeRun
from safetensors.torch import save_file

from qadesk.train.objective import marginal_losses


@pytest.fixture
def run(run_folder: Path) -> Iterator[RecipeRun]:
    recipe_run = RecipeRun(run_folder)
    with closing(recipe_run.learner):
        yield recipe_run


def test_stopped_and_continued_is_the_same(run: RecipeRun, tmp_path: Path) -> None:
    stopped_run = RecipeRun(shutil.copytree(run.folder, tmp_path / "other"))
    for _ in range(7):
        run.step()
    for _ in range(3):
        stopped_run.step()
    stopped_run.save()
    stopped_run.learner.close()
    resumed_run = RecipeRun(stopped_run.folder)
    with closing(resumed_run.learner):
        assert resumed_run.position["steps"] == 3
        for _ in range(4):
            resumed_run.step()
        assert resumed_run.position == run.position
        for name, tensor in run.learner.state().items():
            assert torch.equal(tensor, resumed_run.learner.state()[name]), name


def test_it_learns(run: RecipeRun) -> None:
    losses = [run.step() for _ in range(30)]
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])


def test_word_embeddings_stay(run: RecipeRun) -> None:
    before = {name: tensor.clone() for name, tensor in run.learner.weights.items()}
    run.step()
    same = {name for name, tensor in run.learner.weights.items() if torch.equal(tensor, before[name])}
    assert same == {"embeddings.word_embeddings.weight"}


def test_a_step_is_the_gradient_of_all_its_windows(run: RecipeRun) -> None:
    """Two groups of unlike size count by their windows, not by half each."""
    windows = samples.Samples.load(run.folder / "constant.npz")
    batches = [samples.batch(windows, np.array([0])), samples.batch(windows, np.array([1, 2, 3]))]
    loss = run.learner.step(batches, 0.0, [None, None])
    parts = []
    for batch in batches:
        working = forward.working_copy(run.learner.weights)
        logits = forward.logits(working, learn.shape_of(run.folder), batch.ids, batch.types, batch.mask)
        parts += marginal_losses(logits, batch.mask, batch.spans).tolist()
    assert loss == pytest.approx(sum(parts) / len(parts), rel=1e-3)


def test_teachers_pull_towards_their_mean(run: RecipeRun) -> None:
    """Beside one teacher that says the same nothing is to be learned; of two, the mean distribution counts."""
    windows = samples.Samples.load(run.folder / "constant.npz")
    batch = samples.batch(windows, np.array([0, 1, 2]))
    shape, plan = learn.shape_of(run.folder), run.recipe["learning"] | {"distil": 1.0}
    own_weights = {name: weights.detach().clone() for name, weights in run.learner.weights.items()}
    other_weights = own_weights | {"qa_outputs.weight": own_weights["qa_outputs.weight"] * 30}
    with closing(learner.AveragingLearner(own_weights, plan, shape, [own_weights])) as alone:
        assert alone.step([batch], 0.0, [None]) == pytest.approx(0, abs=1e-6)
    probabilities, other_probabilities = (
        forward.logits(forward.working_copy(weights), shape, batch.ids, batch.types, batch.mask)
        .masked_fill(~batch.mask, -1e9)
        .softmax(dim=2)
        .detach()
        for weights in (own_weights, other_weights)
    )
    mean = (probabilities + other_probabilities) / 2
    divergence = torch.where(mean > 0, mean * (mean.log() - probabilities.log()), 0.0).sum(dim=2).mean()
    with closing(learner.AveragingLearner(own_weights, plan, shape, [own_weights, other_weights])) as taught_by_two:
        assert taught_by_two.step([batch], 0.0, [None]) == pytest.approx(float(divergence), rel=1e-3)
        half = plan | {"distil": 0.5}
    with closing(learner.AveragingLearner(own_weights, half, shape, [own_weights, other_weights])) as mixed:
        hard = marginal_losses(probabilities.log(), batch.mask, batch.spans).mean()
        assert mixed.step([batch], 0.0, [None]) == pytest.approx(float(hard + divergence) / 2, rel=1e-3)


def test_a_run_learns_from_the_teachers_in_its_folder(run: RecipeRun) -> None:
    save_file(forward.split(run.learner.weights), run.folder / "teacher-0.safetensors")
    facts = json.loads((run.folder / "facts.json").read_text(encoding="utf-8"))
    facts["recipe"]["learning"]["distil"] = 1.0
    (run.folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    distilled_run = RecipeRun(run.folder)
    with closing(distilled_run.learner):
        assert distilled_run.step() < 0.01  # it starts from its teacher's weights, but for what bfloat16 and dropout do


def test_so_many_tokens_with_a_decay_at_the_end(run: RecipeRun) -> None:
    lines: list[str] = []
    learn.learn(run, Length(tokens=3000), lambda: False, lines.append)
    assert run.is_over
    [(decay_start, _), (decay_end, last)] = run.position["knots"]
    assert decay_end == pytest.approx(3000, abs=1)
    assert last == 0.0
    assert 0.6 * 3000 <= decay_start <= 0.6 * 3000 + 2 * 96
    assert learn.read_position(run.folder / "checkpoint.safetensors") == run.position


def test_the_state_before_the_decay_is_kept(run: RecipeRun, tmp_path: Path) -> None:
    learn.learn(run, Length(tokens=2000), lambda: False, lambda _line: None)
    longer = shutil.copytree(run.folder, tmp_path / "longer")
    shutil.copyfile(longer / "stem.safetensors", longer / "checkpoint.safetensors")
    second_decay = RecipeRun(longer)
    with closing(second_decay.learner):
        assert not second_decay.position["knots"]
        assert second_decay.position["tokens"] == run.position["knots"][0][0]
        second_decay.step()


def test_it_stops_when_asked_and_reports_its_progress(run: RecipeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "PLAN_EVERY", 0.0)
    lines: list[str] = []
    learn.learn(run, Length(), lambda: len(lines) == 3, lines.append)
    assert [json.loads(line)["steps"] for line in lines] == [1, 2, 3]
    assert learn.read_position(run.folder / "checkpoint.safetensors")["steps"] == 3


def test_lower_layers_learn_more_slowly() -> None:
    names = ["embeddings.LayerNorm.bias", "encoder.layer.0.x", "encoder.layer.1.x", "qa_outputs.bias"]
    assert [learner._share(name, 2, 0.5) for name in names] == [0.25, 0.5, 1.0, 1.0]
