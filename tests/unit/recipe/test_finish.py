"""A run becomes a model folder that the program loads."""

from __future__ import annotations

from pathlib import Path

import finish
import forward
import learn
import measure
import soup
import torch

from qadesk.qa import models
from qadesk.qa.weights import load_weights


def test_the_folder_is_a_model_that_answers_as_the_weights_do(finished: Path, tmp_path: Path) -> None:
    weights = measure.weights_of(finished, soup.LAST, "average")
    folder = tmp_path / "model"
    finish.write_model(folder, finished, weights, {"name": "Tiny", "temperature": 0.8, "unanswerable": True})
    model = models.inspect(folder)
    assert (model.name, model.calibration.temperature, model.max_tokens) == ("Tiny", 0.8, 64)
    assert models.load_tokenizer(model).get_vocab_size() == model.vocab_size
    loaded = load_weights(model, torch.float32).eval()
    ids = torch.tensor([[0, 3, 7, 1, 9, 10, 12, 1]])
    types = torch.tensor([[0, 0, 0, 0, 1, 1, 1, 1]])
    with torch.no_grad():
        output = loaded(input_ids=ids, token_type_ids=types)
        expected_logits = forward.logits(
            weights, learn.shape_of(finished), ids, types, torch.ones_like(ids, dtype=torch.bool)
        )
    assert torch.allclose(output.start_logits, expected_logits[0], atol=0.02)
    assert torch.allclose(output.end_logits, expected_logits[1], atol=0.02)
