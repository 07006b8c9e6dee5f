"""Which devices the workers of a job get, and that none of them answers in another precision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.job_reader import devices_of, load_job_reader
from qadesk.errors import ModelError
from qadesk.qa import devices
from qadesk.qa.devices import Device
from qadesk.sentences import verbatim


@pytest.fixture
def job(make_job: Callable[..., BatchJob], write_rows: Callable[..., Path]) -> BatchJob:
    return make_job(write_rows([{"question": "Who?", "context": "Ada."}]))


def test_a_processor_is_one_device(job: BatchJob) -> None:
    assert devices_of(job) == ["cpu"]


def test_all_usable_cards_of_the_kind_are_used(job: BatchJob, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [
        Device("cpu", "P", "onnx"),
        *(Device(name, "Card", "torch") for name in ("cuda", "cuda:1", "cuda:2", "mps")),
    ]
    cards[2] = replace(cards[2], problem=verbatim("it is broken"))
    monkeypatch.setattr(devices, "listed", lambda *_arguments: tuple(cards))
    on_cards = replace(job, reader=replace(job.reader, device="cuda"))
    assert devices_of(on_cards) == ["cuda", "cuda:2"]
    monkeypatch.setattr(devices, "listed", lambda *_arguments: ())
    assert devices_of(on_cards) == ["cuda"]  # loading it says what is wrong


def test_the_reader_is_that_of_the_job(job: BatchJob) -> None:
    reader = load_job_reader(job, threads=1)
    assert (reader.choice.device, reader.choice.precision) == ("cpu", "int8")


def test_another_precision_is_refused(job: BatchJob) -> None:
    other = replace(job, reader=replace(job.reader, runs_in="bfloat16"))
    with pytest.raises(ModelError, match="runs in int8 now, and in bfloat16 when the job began"):
        load_job_reader(other, threads=1)
