from __future__ import annotations

import json

import pytest

from qadesk.errors import DeviceError
from qadesk.sentences import Argument, Sentence, from_json
from qadesk.train.config import Config

torch = pytest.importorskip("torch")

from qadesk.train import network  # noqa: E402  only where torch is
from qadesk.train.network import choose_placement  # noqa: E402  only where torch is


def test_the_processor_in_the_precision_that_was_asked_for() -> None:
    placement = choose_placement(Config(device="cpu", precision="float32"))
    assert (placement.device, placement.kind, placement.precision) == ("cpu", "cpu", "float32")
    assert placement.reason.text == "the processor, float32 as asked for"


@pytest.mark.parametrize(
    ("has_tiles", "has_instructions", "is_fast", "precision"),
    [
        (False, False, True, "float32"),
        (False, True, True, "bfloat16"),
        (False, True, False, "float32"),  # it has the instructions, and is slower with them
        (True, True, False, "bfloat16"),
    ],
)
def test_bfloat16_only_where_the_processor_is_faster_with_it(
    monkeypatch: pytest.MonkeyPatch, has_tiles: bool, has_instructions: bool, is_fast: bool, precision: str
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: has_tiles)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has_instructions)
    monkeypatch.setattr(network, "_multiplies_bfloat16_fast", lambda: is_fast)
    placement = choose_placement(Config(device="cpu"))
    assert placement.precision == precision
    reason = "the processor, which has bfloat16" if precision == "bfloat16" else "the processor"
    assert placement.reason.text == reason


def test_timing_a_product_leaves_the_threads_as_they_are() -> None:
    threads = torch.get_num_threads()
    assert network._multiplies_bfloat16_fast.__wrapped__() in (True, False)
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize(
    ("id_", "arguments", "text"),
    [
        ("cpu_set", {"precision": "float32"}, "the processor, float32 as asked for"),
        ("mps", {}, "the Apple GPU"),
        ("cuda", {"card": "NVIDIA A2"}, "NVIDIA A2"),
        ("cuda_has_bfloat16", {"card": "NVIDIA A2"}, "NVIDIA A2, which has bfloat16"),
        ("cuda_set", {"card": "NVIDIA A2", "precision": "float32"}, "NVIDIA A2, float32 as asked for"),
    ],
)
def test_a_note_on_the_device_is_stored_as_ids(id_: str, arguments: dict[str, Argument], text: str) -> None:
    note = Sentence("run.device", {"device": Sentence(f"placement.{id_}", arguments)})
    row = json.loads(json.dumps(note.as_json()))
    assert row == ["run.device", {"device": [f"placement.{id_}", arguments]}]
    assert from_json(row) == note
    assert note.text == f"Training on {text}."


@pytest.mark.parametrize("device", ["tpu", "cuda:99", "cuda:x", "mps:1", "cpu:0", ""])
def test_a_device_that_is_not_there_is_refused(device: str) -> None:
    with pytest.raises(DeviceError, match="cannot train"):
        choose_placement(Config(device=device))


def test_processes_share_the_processor_or_have_a_card_each(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_placement(Config(device="cpu"), 1, 2) == choose_placement(Config(device="cpu"))
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"card {device}")
    config = Config(device="cuda", precision="float32")
    assert [choose_placement(config, rank, 3).device for rank in range(3)] == ["cuda:0", "cuda:1", "cuda:2"]
    assert choose_placement(config, 1, 2).reason.text == "card cuda:1, float32 as asked for"
    with pytest.raises(DeviceError, match="4 processes need 4 cards, and this computer has 3"):
        choose_placement(config, 0, 4)


@pytest.mark.parametrize("device", ["mps", "cuda:1", "tpu"])
def test_processes_cannot_share_another_device(device: str) -> None:
    with pytest.raises(DeviceError, match=f"Several processes cannot train on the device '{device}'"):
        choose_placement(Config(device=device), 0, 2)
