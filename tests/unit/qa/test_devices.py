"""What runs a model here, and why."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.errors import DeviceError, ModelError
from qadesk.qa import devices, models

BUNDLED = models.inspect(paths.bundled_model_dir())


def test_a_processor_takes_the_graph_and_says_so() -> None:
    choice = devices.choose("cpu", BUNDLED)
    assert (choice.device, choice.backend, choice.precision) == ("cpu", "onnx", "int8")
    assert "cores" in choice.reason


def test_float32_is_torch() -> None:
    choice = devices.choose("auto", BUNDLED, "float32")
    assert (choice.backend, choice.precision, choice.reason) == ("torch", "float32", "float32 was asked for")


def test_without_a_graph_torch_runs_the_model() -> None:
    choice = devices.choose("cpu", replace(BUNDLED, onnx=None))
    assert (choice.backend, choice.reason) == ("torch", "this model has no ONNX graph")


def test_a_graph_alone_has_no_float_weights() -> None:
    with pytest.raises(ModelError, match="ONNX graph only"):
        devices.choose("cpu", replace(BUNDLED, safetensors=()), "float32")


@pytest.mark.parametrize("wanted", ["gpu", "", "cuda:9"])
def test_an_unknown_device(wanted: str) -> None:
    with pytest.raises(DeviceError, match="no device"):
        devices.choose(wanted, BUNDLED)


def test_an_unknown_precision() -> None:
    with pytest.raises(DeviceError, match="no precision"):
        devices.choose("cpu", BUNDLED, "int2")


@pytest.mark.skipif(devices.available().keys() != {"cpu"}, reason="this computer has a GPU")
@pytest.mark.parametrize("wanted", ["cuda", "mps"])
def test_a_device_that_is_not_there(wanted: str) -> None:
    with pytest.raises(DeviceError, match="not available"):
        devices.choose(wanted, BUNDLED)


def test_cores_are_those_this_process_may_use() -> None:
    cores = devices.physical_cores()
    assert 1 <= cores <= (os.cpu_count() or 1)
    if hasattr(os, "sched_setaffinity"):
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(allowed)})
        try:
            assert devices.physical_cores() == 1
        finally:
            os.sched_setaffinity(0, allowed)


@pytest.mark.parametrize(
    ("content", "quota"), [("max 100000\n", None), ("150000 100000\n", 1.5), ("nonsense", None), ("", None)]
)
def test_a_control_group_can_grant_less(content: str, quota: float | None, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text(content)
    assert devices._cgroup_quota(tmp_path / "cpu.max") == quota
    assert devices._cgroup_quota(tmp_path / "missing") is None
