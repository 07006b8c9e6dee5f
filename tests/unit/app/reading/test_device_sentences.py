"""The stored sentences about devices and graphs: each id reads as the English that was stored before."""

from __future__ import annotations

import json

import pytest

from qadesk import sentences
from qadesk.sentences import Argument, Sentence, from_json

SENTENCES: list[tuple[str, dict[str, Argument], str]] = [
    ("device.not_available", {"device": "cuda"}, "The device 'cuda' is not available on this computer."),
    ("device.provider_does_not_start", {"provider": "Dml"}, "'Dml' does not start on this computer."),
    ("device.cannot_load", {"device": "mps"}, "The device 'mps' cannot be used. The model could not be loaded."),
    ("device.too_little_memory", {"device": "mps"},
     "The device 'mps' cannot be used. A single window does not fit."),
    ("device.failed_in_torch", {"device": "mps"}, "The device 'mps' cannot be used. It failed while it read."),
    ("device.failed_in_onnx", {}, "The device failed while it read."),
    ("device.replaced", {"device": "cuda"}, "The device 'cuda' failed, so the processor goes on."),
    ("model.scores_not_numbers", {"model": "mine"}, "The model 'mine' gave scores that are not numbers."),
    ("graph.not_made", {"precision": "int8"}, "No int8 graph can be made of its architecture."),
    ("graph.drifts", {"precision": "int8", "drift": 12.6, "agreement": 92.51},
     "Its int8 graph strays too far from the model: by 13 % of the spread of its scores, and 93 % of its answers "
     "agree."),
    ("graph.scores_not_numbers", {"precision": "float32"},
     "Its float32 graph strays too far from the model: its scores are not numbers."),
]  # fmt: skip


@pytest.mark.parametrize(("id_", "arguments", "text"), SENTENCES, ids=[id_ for id_, _, _ in SENTENCES])
def test_a_sentence_is_stored_and_read_again(id_: str, arguments: dict[str, Argument], text: str) -> None:
    sentence = from_json(json.loads(json.dumps(Sentence(id_, arguments).as_json())))
    assert sentence == Sentence(id_, arguments)
    assert sentence.text == text


def test_every_id_is_here() -> None:
    assert {id_ for id_, _, _ in SENTENCES} == set(sentences._DEVICES)
