"""Scoring with torch. What is meant for a GPU runs here on tensors of the CPU."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from qadesk import paths
from qadesk.errors import DeviceError, ModelError
from qadesk.qa import models, windows
from qadesk.qa.devices import Choice
from qadesk.qa.document_tokens import read_tokens
from qadesk.qa.torch_backend import TorchBackend, free_memory
from qadesk.qa.windows import Batch

torch = pytest.importorskip("torch")

BUNDLED = models.inspect(paths.bundled_model_dir())


class Echo(torch.nn.Module):
    """Start logits are the token ids, end logits their negatives. Has memory for ``capacity`` tokens."""

    def __init__(self, capacity: int = 10**9, error: type[Exception] = torch.OutOfMemoryError) -> None:
        super().__init__()
        self.capacity, self.error = capacity, error
        self.shapes: list[tuple[int, ...]] = []
        self.seen: list[dict[str, Any]] = []

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> SimpleNamespace:
        self.shapes.append(tuple(input_ids.shape))
        self.seen.append({"ids": input_ids, "mask": attention_mask, "types": token_type_ids})
        if input_ids.numel() > self.capacity:
            raise self.error("no room")
        values = input_ids.to(torch.bfloat16)
        return SimpleNamespace(start_logits=values, end_logits=-values)


@pytest.fixture(scope="module")
def loaded() -> TorchBackend:
    return TorchBackend(BUNDLED, Choice("cpu", "torch", "float32", ""))


@pytest.fixture
def echoing(loaded: TorchBackend) -> Any:
    """Makes a backend around an ``Echo``."""

    def make(module: Echo, kind: str = "cpu") -> TorchBackend:
        backend = object.__new__(TorchBackend)
        backend.__dict__.update(loaded.__dict__, _model=module, kind=kind)
        return backend

    return make


def batch(rows: int, tokens: int) -> Batch:
    ids = np.arange(rows * tokens, dtype=np.int64).reshape(rows, tokens) % 100
    mask = np.ones_like(ids)
    mask[:, -1] = 0
    return Batch((), ids, mask, np.full_like(ids, 1), np.zeros(rows, np.int64))


def real_batch() -> Batch:
    tokenizer = models.load_tokenizer(BUNDLED)
    text = paths.sample_path().read_text(encoding="utf-8")
    tokens = read_tokens(tokenizer, text)
    question = windows.tokenize_question(tokenizer, "Who built the lighthouse?")
    return windows.pack(windows.cut(question, tokens, windows.WindowLengths(60, 8))[:4], BUNDLED.pad_id)


def test_float32_is_transformers_to_the_bit(loaded: TorchBackend) -> None:
    from transformers import AutoModelForQuestionAnswering

    packed = real_batch()
    plain = AutoModelForQuestionAnswering.from_pretrained(BUNDLED.folder, dtype=torch.float32).eval()
    with torch.inference_mode():
        reference = plain(
            input_ids=torch.from_numpy(packed.input_ids),
            attention_mask=torch.from_numpy(packed.attention_mask),
            token_type_ids=torch.from_numpy(packed.token_type_ids),
        )
    start, end = loaded.scores(packed)
    assert start.dtype == end.dtype == np.float32
    assert np.array_equal(start, reference.start_logits.numpy())
    assert np.array_equal(end, reference.end_logits.numpy())


def test_attention_is_the_fused_one(loaded: TorchBackend) -> None:
    assert loaded._model.config._attn_implementation == "sdpa"


def test_bfloat16_gives_float32_logits_close_to_those_of_float32(loaded: TorchBackend) -> None:
    packed = real_batch()
    half = TorchBackend(BUNDLED, Choice("cpu", "torch", "bfloat16", ""))
    assert next(half._model.parameters()).dtype == torch.bfloat16
    for rounded, exact in zip(half.scores(packed), loaded.scores(packed), strict=True):
        assert rounded.dtype == np.float32
        assert not np.array_equal(rounded, exact)
        assert np.corrcoef(rounded.ravel(), exact.ravel())[0, 1] > 0.999


def test_padding_to_a_multiple_changes_nothing(loaded: TorchBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = real_batch()
    exact = loaded.scores(packed)
    monkeypatch.setattr(loaded, "multiple", 64)
    for padded, plain in zip(loaded.scores(packed), exact, strict=True):
        assert padded.shape == plain.shape == packed.input_ids.shape
        assert np.allclose(padded, plain, atol=1e-4)


def test_start_and_end_come_back_in_order_and_unpadded(echoing: Any) -> None:
    module, packed = Echo(), batch(3, 13)
    backend = echoing(module)
    backend.multiple = 8
    start, end = backend.scores(packed)
    assert module.shapes == [(3, 16)]
    assert np.array_equal(start, packed.input_ids)
    assert np.array_equal(end, -packed.input_ids)
    model_input = module.seen[0]
    assert model_input["ids"].dtype == torch.int64
    assert (model_input["ids"][:, 13:] == BUNDLED.pad_id).all()
    assert model_input["mask"].tolist() == [[1] * 12 + [0] * 4] * 3
    assert model_input["types"].tolist() == [[1] * 13 + [0] * 3] * 3


def test_a_batch_that_does_not_fit_is_halved_and_the_rest_is_smaller(echoing: Any) -> None:
    module, packed = Echo(capacity=30), batch(7, 10)
    backend = echoing(module)
    start, end = backend.scores(packed)
    assert np.array_equal(start, packed.input_ids)
    assert np.array_equal(end, -packed.input_ids)
    assert module.shapes == [(7, 10), (3, 10), (3, 10), (1, 10)]
    assert backend.max_tokens == 35
    backend.scores(packed)
    assert module.shapes[4:] == [(3, 10), (3, 10), (1, 10)]
    backend.scores(batch(3, 20))  # longer windows: fewer at once
    assert module.shapes[7:] == [(1, 20)] * 3


def test_halving_goes_down_to_single_windows(echoing: Any) -> None:
    module, packed = Echo(capacity=10), batch(5, 10)
    backend = echoing(module)
    start, _ = backend.scores(packed)
    assert np.array_equal(start, packed.input_ids)
    assert module.shapes == [(5, 10), (2, 10), *[(1, 10)] * 5]
    assert backend.max_tokens == 10
    backend.scores(packed)
    assert module.shapes[7:] == [(1, 10)] * 5


def test_a_single_window_that_does_not_fit_is_reported_in_words(echoing: Any) -> None:
    module = Echo(capacity=5)
    with pytest.raises(DeviceError, match=r"'cpu' cannot be used. A single window does not fit\.") as excinfo:
        echoing(module).scores(batch(2, 10))
    assert "OutOfMemoryError: no room" in excinfo.value.detail
    assert module.shapes == [(2, 10), (1, 10)]


@pytest.mark.parametrize("error", [RuntimeError, torch.AcceleratorError])
def test_any_other_failure_on_a_card_is_reported_in_words_at_once(echoing: Any, error: type[Exception]) -> None:
    module = Echo(capacity=5, error=error)
    backend = echoing(module)
    backend.kind = "mps"  # whose tensors are copied as those of the processor are
    with pytest.raises(DeviceError, match="It failed while it read") as excinfo:
        backend.scores(batch(2, 10))
    assert module.shapes == [(2, 10)]
    assert excinfo.value.hint
    assert "no room" in excinfo.value.detail


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("cpu", RuntimeError),  # on a card it may be the card's
        *((kind, error) for kind in ("cpu", "mps") for error in (TypeError, IndexError, ValueError, AttributeError)),
    ],
)
def test_a_failure_of_the_model_is_not_taken_for_one_of_the_device(
    echoing: Any, kind: str, error: type[Exception]
) -> None:
    module = Echo(capacity=5, error=error)
    backend = echoing(module)
    backend.kind = kind
    with pytest.raises(ModelError, match="cannot read this text") as excinfo:
        backend.scores(batch(2, 10))
    assert module.shapes == [(2, 10)]
    assert f"{error.__name__}: " in excinfo.value.detail
    assert "device" not in str(excinfo.value)


class OtherShape(Echo):
    """Gives one logit a window, as a model with another head does."""

    def forward(self, *arguments: Any, **inputs: Any) -> SimpleNamespace:
        output = super().forward(*arguments, **inputs)
        return SimpleNamespace(start_logits=output.start_logits[:, 0], end_logits=output.end_logits[:, 0])


class NoLogits(Echo):
    """Gives something else than logits of starts and ends."""

    def forward(self, *_: Any, **__: Any) -> SimpleNamespace:
        return SimpleNamespace(start_top_log_probs=torch.zeros(1))


@pytest.mark.parametrize("module", [OtherShape, NoLogits])
def test_logits_that_are_not_one_a_token_are_reported_in_words(echoing: Any, module: type[Echo]) -> None:
    with pytest.raises(ModelError, match="cannot read this text"):
        echoing(module()).scores(batch(2, 10))


def test_on_mps_any_failure_may_be_one_of_memory(echoing: Any) -> None:
    module, packed = Echo(capacity=10, error=RuntimeError), batch(4, 10)
    backend = echoing(module)
    backend._out_of_memory = RuntimeError
    start, _ = backend.scores(packed)
    assert np.array_equal(start, packed.input_ids)


def test_a_device_that_cannot_hold_the_model_is_reported_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, *_: object) -> None:
        raise torch.OutOfMemoryError("2 GB wanted")

    monkeypatch.setattr(torch.nn.Module, "to", full)
    with pytest.raises(DeviceError, match="could not be loaded"):
        TorchBackend(BUNDLED, Choice("cpu", "torch", "float32", ""))


def test_memory_is_given_back_without_loading_torch() -> None:
    free_memory()
    code = "import sys; from qadesk.qa.torch_backend import free_memory; free_memory(); print('torch' in sys.modules)"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "False"
