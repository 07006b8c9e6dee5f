"""Every encoder with a question-answering head: small random ones, saved by transformers, read by us."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest

from qadesk import paths
from qadesk.errors import ModelError
from qadesk.progress import finish
from qadesk.qa import engine, export, models, windows
from qadesk.qa.document_tokens import read_tokens
from qadesk.qa.reader_options import Options
from qadesk.sentences import verbatim
from qadesk.train.config import Config
from qadesk.train.features import Sample
from qadesk.train.network import Network, Placement

transformers = pytest.importorskip("transformers")
torch = pytest.importorskip("torch")

SMALL = {"vocab_size": 30522, "num_hidden_layers": 2, "hidden_size": 16, "num_attention_heads": 2}
COMMON = {**SMALL, "intermediate_size": 32, "max_position_embeddings": 80}
KINDS = {
    "bert": ("BertConfig", COMMON, 80),
    "distilbert": (
        "DistilBertConfig",
        {"vocab_size": 30522, "n_layers": 2, "dim": 16, "n_heads": 2, "hidden_dim": 32, "max_position_embeddings": 80},
        80,
    ),
    "roberta": ("RobertaConfig", {**COMMON, "type_vocab_size": 1, "pad_token_id": 1}, 78),
    "electra": ("ElectraConfig", {**COMMON, "embedding_size": 16}, 80),
    "albert": ("AlbertConfig", {**COMMON, "embedding_size": 16}, 80),
    "deberta": (
        "DebertaConfig",
        {**COMMON, "relative_attention": True, "pos_att_type": ["c2p", "p2c"], "type_vocab_size": 0},
        80,
    ),
    "deberta-v2": (
        "DebertaV2Config",
        {**COMMON, "relative_attention": True, "pos_att_type": ["c2p", "p2c"], "type_vocab_size": 0},
        80,
    ),
    "mobilebert": (
        "MobileBertConfig",
        {
            **COMMON,
            "embedding_size": 16,
            "intra_bottleneck_size": 16,
            "true_hidden_size": 16,
            "num_feedforward_networks": 1,
        },
        80,
    ),
}
SPECIAL = {"pad_token_id": 0, "bos_token_id": 101, "eos_token_id": 102, "cls_token_id": 101, "sep_token_id": 102}
OTHER_HEADS = {
    "modernbert": ("ModernBertConfig", {**COMMON, **SPECIAL}, 80),
    "big_bird": ("BigBirdConfig", {**COMMON, "attention_type": "original_full"}, 80),
    "splinter": ("SplinterConfig", COMMON, 80),
    "xlnet": ("XLNetConfig", {"vocab_size": 30522, "n_layer": 2, "d_model": 16, "n_head": 2, "d_inner": 32}, 512),
}
KINDS |= OTHER_HEADS
TEXT = "The man went to the store and bought some milk, and then he walked home. " * 8


def save(kind: str, folder: Path) -> None:
    name, values, _ = KINDS[kind]
    torch.manual_seed(7)
    config = getattr(transformers, name)(**values)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers.AutoModelForQuestionAnswering.from_config(config).save_pretrained(folder)
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", folder)


@pytest.mark.parametrize("kind", KINDS)
def test_each_architecture_answers_by_its_own_logits(kind: str, tmp_path: Path) -> None:
    save(kind, tmp_path)
    model = models.inspect(tmp_path)
    assert model.max_tokens == KINDS[kind][2]
    reader = engine.open_reader(tmp_path, device="cpu")
    answers = reader.ask("Who went to the store?", TEXT * (1 if model.max_tokens < 100 else 4))
    assert len(answers) == 3
    assert answers.windows > 1
    # the first window, by transformers alone
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(tmp_path / "tokenizer.json"))
    encoded = tokenizer("Who went to the store?", "The man went to the store.", return_tensors="pt")
    plain = transformers.AutoModelForQuestionAnswering.from_pretrained(tmp_path).eval()
    if not model.token_types:
        encoded.pop("token_type_ids", None)
    with torch.inference_mode():
        expected = plain(**encoded)
    tokens = read_tokens(reader._tokenizer, "The man went to the store.")
    question = windows.tokenize_question(reader._tokenizer, "Who went to the store?")
    logits = reader._backend.scores(windows.pack(windows.cut(question, tokens, windows.WindowLengths(64, 8))))
    assert np.allclose(logits[0], expected.start_logits.numpy(), atol=1e-4)
    assert np.allclose(logits[1], expected.end_logits.numpy(), atol=1e-4)


FUNNEL = {"vocab_size": 30522, "block_sizes": [1, 1], "d_model": 16, "n_head": 2, "d_head": 8, "d_inner": 32}


@pytest.mark.parametrize("shard", ["5GB", "500KB"])
def test_the_libraries_print_nothing_beside_the_answer(shard: str, tmp_path: Path) -> None:
    """Of this architecture torch warns in each forward pass, and of parts transformers shows a progress bar."""
    config = transformers.FunnelConfig(**FUNNEL, num_decoder_layers=1)
    transformers.FunnelForQuestionAnswering(config).save_pretrained(tmp_path, max_shard_size=shard)
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", tmp_path)
    assert len(models.inspect(tmp_path).safetensors) == (1 if shard == "5GB" else 2)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    process = subprocess.run(
        [*paths.own_command(), "ask", str(tmp_path / "a.txt"), "Who went?", "--model", str(tmp_path)],
        env=paths.own_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode in (0, 1)
    assert process.stdout.startswith("Who went?\n")
    assert process.stderr == ""


@pytest.mark.parametrize("kind", OTHER_HEADS)
def test_each_head_is_trained_as_it_answers(kind: str, tmp_path: Path) -> None:
    save(kind, tmp_path)
    model = models.inspect(tmp_path)
    reader = engine.open_reader(tmp_path, device="cpu")
    (window,) = reader.windows_of("Who went to the store?", "The man went to the store.")
    ((_, starts, ends),) = reader.logits([window])
    network = Network(model, Config(frozen_layers=0), Placement("cpu", "float32", verbatim("a test")))
    ((_, _, trained),) = network.score([Sample(window)])
    assert np.allclose(trained[:, :, : len(window)], [starts, ends], atol=1e-4)


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("FNet", {}, "cannot read this text"),  # it takes no mask
        ("LayoutLM", {}, "is a LayoutLMForQuestionAnswering, which does not answer questions to a text"),
        (
            "LayoutLMv3",
            {},
            "is a LayoutLMv3ForQuestionAnswering, but its weights have no question-answering head that QADesk reads",
        ),
    ],
)
def test_an_architecture_that_needs_more_than_text_is_refused_in_true_words(
    kind: str, values: dict[str, object], words: str, tmp_path: Path
) -> None:
    config = getattr(transformers, f"{kind}Config")(**COMMON, **values)
    getattr(transformers, f"{kind}ForQuestionAnswering")(config).save_pretrained(tmp_path)
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", tmp_path)
    with pytest.raises(ModelError, match=words) as excinfo:
        engine.open_reader(tmp_path, device="cpu").ask("Who went?", TEXT)
    assert "Download" not in excinfo.value.hint


def test_padding_changes_nothing(tmp_path: Path) -> None:
    save("bert", tmp_path)
    reader = engine.open_reader(tmp_path, device="cpu")
    items = [("Who went?", TEXT), ("Where is the milk that he bought?", "The milk is here.")]
    batch_answers = finish(reader.answer_many(items, Options(top_k=1)))
    for (question, text), answers in zip(items, batch_answers, strict=True):
        assert answers[0].score == pytest.approx(reader.ask(question, text)[0].score, abs=1e-4)


def test_weights_that_lack_a_layer_are_refused(tmp_path: Path) -> None:
    save("bert", tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 3}))
    with pytest.raises(ModelError, match="not complete"):
        engine.open_reader(tmp_path, device="cpu")


def test_an_architecture_of_unknown_kind_is_refused(tmp_path: Path) -> None:
    save("bert", tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "model_type": "quantumbert"}))
    with pytest.raises(ModelError, match="cannot be loaded"):
        engine.open_reader(tmp_path, device="cpu")


def test_a_graph_that_is_none_is_refused(tmp_path: Path) -> None:
    save("bert", tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"not a graph at all, but long enough")
    with pytest.raises(ModelError, match="cannot be loaded"):
        engine.open_reader(tmp_path, device="cpu")


@pytest.mark.filterwarnings("ignore")  # the exporter warns of itself
@pytest.mark.slow
def test_the_export_follows_the_model(tmp_path: Path) -> None:
    save("bert", tmp_path)
    model = models.inspect(tmp_path)
    floating = engine.open_reader(tmp_path, device="cpu")
    graph = export.export_int8(model, tmp_path)
    assert graph == tmp_path / "model_int8.onnx"
    assert [path.name for path in tmp_path.glob("*.part")] == []
    quantised = engine.open_reader(tmp_path, device="cpu")
    assert (quantised.choice.backend, quantised.choice.precision) == ("onnx", "int8")
    tokens = read_tokens(floating._tokenizer, TEXT)
    question_tokens = windows.tokenize_question(floating._tokenizer, "Who went to the store?")
    batch = windows.pack(windows.cut(question_tokens, tokens, windows.WindowLengths(80, 8))[:2])
    for quantised_logits, floating_logits in zip(
        quantised._backend.scores(batch), floating._backend.scores(batch), strict=True
    ):
        assert np.corrcoef(quantised_logits.ravel(), floating_logits.ravel())[0, 1] > 0.99


def test_a_model_without_safetensors_cannot_be_exported(tmp_path: Path) -> None:
    save("bert", tmp_path)
    (tmp_path / "model.safetensors").rename(tmp_path / "elsewhere")
    (tmp_path / "model.onnx").write_bytes(bytes(100))
    with pytest.raises(ModelError, match="no safetensors"):
        export.export_int8(models.inspect(tmp_path), tmp_path)
