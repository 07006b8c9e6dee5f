"""The weights of runs, alone and mixed."""

from __future__ import annotations

import json
from pathlib import Path

import forward
import measure
import pytest
import soup
import torch
from safetensors.torch import save_file


def logged(run: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_better_weights_are_taken_and_both_are_logged(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind, weights = soup.better_weights(finished, measure.development(finished))
    marks = {line["weights"]: line["one"]["f1"] + line["two"]["best_f1"] for line in logged(finished)}
    assert marks[kind] == max(marks.values())
    assert "qa_outputs.weight" in weights
    assert capsys.readouterr().out


def test_weights_are_mixed_by_their_shares() -> None:
    parts = {"base": {"a": torch.tensor([4.0])}, "x": {"a": torch.tensor([0.0])}, "y": {"a": torch.tensor([8.0])}}
    assert soup.mix(parts, {"base": 0.5, "x": 0.25, "y": 0.25})["a"].item() == 4.0
    assert soup.mix(parts, {"x": 1.0})["a"].item() == 0.0


def test_a_branch_is_mixed_with_the_reader_that_it_started_from(finished: Path) -> None:
    with pytest.raises(ValueError, match="is an encoder"):
        soup.reader_weights(finished / "base-model.safetensors", finished)
    questions = measure.development(finished)
    reader = soup.better_weights(finished, questions)[1]
    save_file(forward.split(reader), finished / "base-model.safetensors")  # as if it had read on
    names = ["base", str(finished)]
    parts = soup.parts_of(finished, names, questions)
    assert list(parts) == names
    name = "encoder.layer.0.attention.self.qkv.weight"
    assert torch.equal(soup.mix(parts, {"base": 0.5, str(finished): 0.5})[name], reader[name])


def test_shares_are_read() -> None:
    assert soup.read_shares("base=0.4,/runs/a=b=0.6") == {"base": 0.4, "/runs/a=b": 0.6}
    with pytest.raises(ValueError, match="not 1 in all"):
        soup.read_shares("base=0.4,run=0.5")
