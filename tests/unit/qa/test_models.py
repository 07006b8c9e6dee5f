"""Which folders are models, and the errors for the others."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.errors import ModelError
from qadesk.qa import models
from qadesk.qa.calibration import UNCALIBRATED, Calibration, Logistic

CONFIG = {
    "model_type": "bert",
    "architectures": ["BertForQuestionAnswering"],
    "vocab_size": 30522,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
    "pad_token_id": 0,
}
HEAD = {"qa_outputs.weight": [2, 4], "bert.embeddings.word_embeddings.weight": [30522, 1]}


def write_safetensors(path: Path, shapes: dict[str, list[int]]) -> None:
    header, at = {}, 0
    for name, shape in shapes.items():
        size = 2
        for side in shape:
            size *= side
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    words = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(words)) + words + bytes(at))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model_folder = tmp_path / "my reader"
    model_folder.mkdir()
    (model_folder / "config.json").write_text(json.dumps(CONFIG))
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", model_folder)
    write_safetensors(model_folder / "model.safetensors", HEAD)
    return model_folder


def change(folder: Path, **values: object) -> None:
    (folder / "config.json").write_text(json.dumps({**CONFIG, **values}))


def test_a_usable_folder(folder: Path) -> None:
    model = models.inspect(folder)
    assert (model.name, model.architecture) == ("my reader", "BertForQuestionAnswering")
    assert (model.max_tokens, model.token_types, model.unanswerable) == (512, True, True)
    assert model.calibration == UNCALIBRATED
    assert model.safetensors == (folder / "model.safetensors",)
    assert model.onnx is None
    assert models.load_tokenizer(model).get_vocab_size() == 30522


def test_the_bundled_model_is_usable_and_small() -> None:
    model = models.inspect(paths.bundled_model_dir())
    assert model.onnx is not None
    assert model.onnx.name == "model_int8.onnx"
    pair = [model.onnx, *model.safetensors]
    assert sum(path.stat().st_size for path in pair) < 75_000_000


def test_qadesk_json_holds_the_calibration(folder: Path) -> None:
    settings = {
        "name": "Mine",
        "temperature": 1.7,
        "unanswerable": False,
        "max_seq_length": 256,
        "null": {"slope": 0.5},
    }
    (folder / "qadesk.json").write_text(json.dumps(settings))
    model = models.inspect(folder)
    assert (model.name, model.unanswerable, model.max_tokens) == ("Mine", False, 256)
    assert model.calibration == Calibration(1.7, null=Logistic(0.5, 0.0))


def test_roberta_counts_positions_from_its_padding(folder: Path) -> None:
    change(folder, model_type="roberta", max_position_embeddings=514, pad_token_id=1, type_vocab_size=1)
    model = models.inspect(folder)
    assert (model.max_tokens, model.pad_id, model.token_types) == (512, 1, False)


@pytest.mark.parametrize(
    ("kind", "types", "takes"), [("distilbert", 2, False), ("electra", 2, True), ("deberta", 0, False)]
)
def test_token_types_only_where_the_model_takes_them(folder: Path, kind: str, types: int, takes: bool) -> None:
    change(folder, model_type=kind, type_vocab_size=types)
    assert models.inspect(folder).token_types is takes


def test_weights_in_parts(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    write_safetensors(folder / "a.safetensors", {"qa_outputs.weight": [2, 4]})
    write_safetensors(folder / "b.safetensors", {"x": [1]})
    index = {"weight_map": {"qa_outputs.weight": "a.safetensors", "x": "b.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert len(models.inspect(folder).safetensors) == 2
    (folder / "b.safetensors").unlink()
    with pytest.raises(ModelError, match=r"missing: b\.safetensors"):
        models.inspect(folder)


def refused(folder: Path, words: str) -> None:
    with pytest.raises(ModelError, match=words) as excinfo:
        models.load_tokenizer(models.inspect(folder))
    assert excinfo.value.hint


def test_no_folder(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "There is no folder")


def test_an_empty_folder(tmp_path: Path) -> None:
    refused(tmp_path, "no config.json")


@pytest.mark.parametrize(
    ("kind", "architecture", "tensor"),
    [
        ("modernbert", "ModernBertForQuestionAnswering", "classifier.weight"),
        ("big_bird", "BigBirdForQuestionAnswering", "qa_classifier.qa_outputs.weight"),
        ("splinter", "SplinterForQuestionAnswering", "splinter_qass.start_classifier.weight"),
    ],
)
def test_heads_of_other_names(folder: Path, kind: str, architecture: str, tensor: str) -> None:
    change(folder, model_type=kind, architectures=[architecture])
    refused(folder, f"is a {architecture}, but its weights have no question-answering head that QADesk reads")
    write_safetensors(folder / "model.safetensors", {tensor: [2, 4]})
    assert models.inspect(folder).architecture == architecture


def test_a_classifier_of_texts_is_no_question_answering_head(folder: Path) -> None:
    change(folder, model_type="modernbert", architectures=["ModernBertForSequenceClassification"])
    write_safetensors(folder / "model.safetensors", {"classifier.weight": [2, 4]})
    refused(folder, "no question-answering head")


def test_positions_under_another_name(folder: Path) -> None:
    values = {key: value for key, value in CONFIG.items() if key != "max_position_embeddings"}
    (folder / "config.json").write_text(json.dumps({**values, "n_positions": 96}))
    assert models.inspect(folder).max_tokens == 96


def test_no_question_answering_head(folder: Path) -> None:
    write_safetensors(folder / "model.safetensors", {"classifier.weight": [2, 4]})
    refused(folder, "no question-answering head")


def test_a_head_of_another_size(folder: Path) -> None:
    write_safetensors(folder / "model.safetensors", {"qa_outputs.weight": [3, 4]})
    refused(folder, "no question-answering head")


def test_an_onnx_graph_of_another_task(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.onnx").write_bytes(bytes(100))
    change(folder, architectures=["BertForSequenceClassification"])
    refused(folder, "no question-answering head")


def test_only_a_pickle(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    refused(folder, "can run code")


def test_no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    refused(folder, "no weights")


def test_code_of_its_own(folder: Path) -> None:
    change(folder, auto_map={"AutoModelForQuestionAnswering": "modeling.Mine"})
    refused(folder, "program code")


def test_no_fast_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    refused(folder, "no fast tokenizer")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"model": {"type": "BPE"}}', "[" * 100_000])
def test_a_broken_tokenizer(folder: Path, content: str) -> None:
    (folder / "tokenizer.json").write_text(content)
    refused(folder, "tokenizer of 'my reader' is broken")


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, "\x00"])
def test_a_broken_configuration(folder: Path, content: str) -> None:
    (folder / "config.json").write_text(content)
    refused(folder, r"'config\.json' of this model is broken")


@pytest.mark.parametrize("values", [{"max_position_embeddings": "many"}, {"vocab_size": -1}, {"pad_token_id": 1.5}])
def test_a_configuration_of_nonsense(folder: Path, values: dict[str, object]) -> None:
    write_safetensors(folder / "model.safetensors", {"qa_outputs.weight": [2, 4]})
    change(folder, **values)
    refused(folder, "is not a number")


@pytest.mark.parametrize("temperature", [0, -1, "warm", True, float("inf")])
def test_a_temperature_that_is_none(folder: Path, temperature: object) -> None:
    (folder / "qadesk.json").write_text(json.dumps({"temperature": temperature}))
    refused(folder, "temperature")


def test_weights_and_configuration_of_different_models(folder: Path) -> None:
    change(folder, vocab_size=50265)
    refused(folder, "does not fit together")


def test_a_tokenizer_with_more_tokens_than_the_model(folder: Path) -> None:
    write_safetensors(folder / "model.safetensors", {"qa_outputs.weight": [2, 4]})
    change(folder, vocab_size=1000)
    refused(folder, "do not belong together")


def test_truncated_weights_at_any_length(folder: Path) -> None:
    path = folder / "model.safetensors"
    write_safetensors(path, {"qa_outputs.weight": [2, 4]})
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        refused(folder, "broken or cut short")


@pytest.mark.parametrize(
    "header", [b"[1, 2]", b'{"a": 1}', b'{"a": {"data_offsets": [0, "x"]}}', b"\xff\xfe", b"[" * 9999]
)
def test_weights_with_a_header_of_nonsense(folder: Path, header: bytes) -> None:
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    refused(folder, "broken or cut short")


def test_weights_with_a_header_longer_than_memory(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 2**60) + bytes(100))
    refused(folder, "broken or cut short")


def test_a_cut_short_graph(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"x")
    refused(folder, "broken or cut short")


def test_a_calibration_that_is_none(folder: Path) -> None:
    (folder / "qadesk.json").write_text(json.dumps({"null": {"slope": -1}}))
    refused(folder, "calibration 'null'")
