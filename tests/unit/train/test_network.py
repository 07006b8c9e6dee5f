from __future__ import annotations

import pytest

from qadesk.errors import DeviceError
from qadesk.train.config import Config

torch = pytest.importorskip("torch")

from qadesk.train.network import choose_placement  # noqa: E402


def test_the_processor_in_the_precision_that_was_asked_for() -> None:
    placement = choose_placement(Config(device="cpu", precision="float32"))
    assert (placement.device, placement.kind, placement.precision) == ("cpu", "cpu", "float32")
    assert "float32" in placement.reason


def test_bfloat16_only_where_the_processor_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    for has_it, precision in ((True, "bfloat16"), (False, "float32")):
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda has_it=has_it: has_it)
        assert choose_placement(Config(device="cpu")).precision == precision


@pytest.mark.parametrize("device", ["tpu", "cuda:99", "cuda:x", "mps:1", "cpu:0", ""])
def test_a_device_that_is_not_there_is_refused(device: str) -> None:
    with pytest.raises(DeviceError, match="cannot train"):
        choose_placement(Config(device=device))
