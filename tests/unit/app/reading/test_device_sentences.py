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
    ("device.unknown", {"device": "tpu"}, "There is no device 'tpu'."),
    ("device.unknown_precision", {"precision": "int4"}, "There is no precision 'int4'."),
    ("device.not_of_backend", {"backend": "onnx", "precision": "bfloat16", "device": "mps"},
     "'onnx' does not run a model in bfloat16 on 'mps'."),
    ("device.has_problem", {"device": "cuda", "problem": Sentence("problem.not_in_torch")},
     "The device 'cuda' cannot be used: the PyTorch that is installed cannot use it."),
    ("problem.not_in_torch", {}, "the PyTorch that is installed cannot use it"),
    ("problem.only_graph", {}, "it has an ONNX graph only, and this takes safetensors"),
    ("problem.no_graph", {}, "it has no ONNX graph"),
    ("problem.graph_in_int8", {}, "its graph is in int8, not in float32"),
    ("model.not_on_device", {"model": "mine", "device": "directml", "problem": Sentence("problem.no_graph")},
     "The model 'mine' cannot run on 'directml': it has no ONNX graph."),
    ("model.not_in_precision", {"model": "mine", "problem": Sentence("problem.graph_in_int8")},
     "The model 'mine' cannot run so: its graph is in int8, not in float32."),
    ("model.no_folder", {"folder": "/x/y"}, "There is no folder '/x/y'."),
    ("model.no_config", {"folder": "y"}, "The folder 'y' holds no model: it has no config.json."),
    ("model.own_code", {"folder": "y"},
     "The model in 'y' brings its own program code, which QADesk does not run."),
    ("model.file_broken", {"file": "config.json"}, "The file 'config.json' of this model is broken."),
    ("model.file_cut_short", {"file": "model.onnx"}, "The file 'model.onnx' of this model is broken or cut short."),
    ("model.file_too_large", {"file": "config.json"},
     "The file 'config.json' of this model is too large to be right."),
    ("model.not_a_number", {"key": "vocab_size"}, "'vocab_size' in this model's configuration is not a number."),
    ("model.no_tokenizer", {"folder": "y"}, "The model in 'y' has no fast tokenizer (tokenizer.json)."),
    ("model.tokenizer_broken", {"folder": "y"}, "The tokenizer of 'y' is broken."),
    ("model.tokenizer_too_large", {"folder": "y", "tokens": 30522, "known": 1000},
     "The tokenizer of 'y' has 30,522 tokens, but the model knows only 1,000: they do not belong together."),
    ("model.no_weights", {"folder": "y"}, "The folder 'y' holds no weights."),
    ("model.weights_as_code", {"folder": "y", "file": "pytorch_model.bin"},
     "The model in 'y' has its weights only as 'pytorch_model.bin', a format that can run code."),
    ("model.weights_missing", {"files": "a.safetensors, b.safetensors"},
     "A part of the weights is missing: a.safetensors, b.safetensors."),
    ("model.weights_cut_short", {"file": "model.safetensors"},
     "The weights file 'model.safetensors' is broken or cut short."),
    ("model.weights_incomplete", {"model": "mine"}, "The weights of 'mine' are not complete."),
    ("model.vocabularies_differ", {"folder": "y", "tokens": 1000, "rows": 30522},
     "The model in 'y' does not fit together: config.json says 1,000 tokens, the weights have 30,522."),
    ("model.no_head", {"folder": "y"},
     "The model in 'y' cannot answer questions: it has no question-answering head."),
    ("model.other_head", {"folder": "y", "architecture": "LxmertForQuestionAnswering"},
     "The model in 'y' is a LxmertForQuestionAnswering, but its weights have no question-answering head that QADesk "
     "reads."),
    ("model.other_architecture", {"model": "mine", "architecture": "LayoutLMForQuestionAnswering"},
     "The model 'mine' is a LayoutLMForQuestionAnswering, which does not answer questions to a text."),
    ("model.cannot_read", {"model": "mine"}, "The model 'mine' cannot read this text."),
    ("model.cannot_load", {"model": "mine"}, "The model 'mine' cannot be loaded."),
    ("model.cannot_load_graph", {"model": "mine"},
     "The ONNX graph of 'mine' cannot be loaded: it is broken or too new."),
    ("model.other_graph", {"model": "mine"}, "The ONNX graph of 'mine' is not one of a question-answering model."),
    ("graph.not_made", {"precision": "int8"}, "No int8 graph can be made of its architecture."),
    ("graph.not_loaded", {"precision": "int8"}, "Its int8 graph was made, but this computer cannot run it."),
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
