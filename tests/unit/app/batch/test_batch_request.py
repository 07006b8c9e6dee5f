"""Which jobs are begun, which are gone on with, and which are refused with what differs."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.batch_request import BatchRequest, begin_batch
from qadesk.errors import DataError, DeviceError, ModelError
from qadesk.progress import finish
from qadesk.settings import Settings

MakeJob = Callable[..., BatchJob]


@pytest.fixture
def rows(write_rows: Callable[..., Path]) -> Path:
    return write_rows([{"question": "Who?", "context": "Ada."}] * 3)


def begin(source: Path, output: Path, **values: object) -> BatchJob:
    settings = Settings()
    for key, value in values.items():
        settings.override(f"qa.{key}", value)
    return finish(begin_batch(BatchRequest(source, output), settings))


def test_the_same_request_goes_on(make_job: MakeJob, rows: Path) -> None:
    job = make_job(rows)
    (job.folder / "mark").touch()
    assert make_job(rows) == job
    assert (job.folder / "mark").exists()


def test_the_job_knows_how_and_by_what_it_reads(make_job: MakeJob, rows: Path) -> None:
    job = make_job(rows)
    assert (job.reader.device, job.reader.runs_in) == ("cpu", "int8")
    assert job.reading_settings()["qa.top_k"] == 5
    assert len(job.reader.fingerprint) > 20


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("there.jsonl", "There is already something at"),
        ("out.csv", r"The answers cannot be written as 'out.csv'. Give it a name that ends in .jsonl or .parquet."),
        ("in.jsonl/out.jsonl", "The answers could not be written beside"),
    ],
)
def test_an_output_that_cannot_be_is_refused(
    make_job: MakeJob, rows: Path, tmp_path: Path, output: str, sentence: str
) -> None:
    (tmp_path / "there.jsonl").touch()
    with pytest.raises(DataError, match=sentence):
        make_job(rows, output)


def test_an_input_that_cannot_be_is_refused(make_job: MakeJob, rows: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        make_job(tmp_path / "nowhere.jsonl")
    with pytest.raises(DataError, match="also needs --library NAME or --folder FOLDER"):
        make_job(rows.rename(tmp_path / "in.txt"))
    (tmp_path / "empty.jsonl").write_text("\n\n", encoding="utf-8")
    with pytest.raises(DataError, match="There are no rows in"):
        make_job(tmp_path / "empty.jsonl")


def test_a_model_or_device_that_is_not_there_is_refused(make_job: MakeJob, rows: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        make_job(rows, model=str(tmp_path / "nowhere"))
    with pytest.raises(DeviceError):
        make_job(rows, device="cuda:7")


def test_another_input_is_told(make_job: MakeJob, rows: Path, tmp_path: Path) -> None:
    job = make_job(rows)
    other = shutil.copy2(rows, tmp_path / "other.jsonl")
    with pytest.raises(DataError, match=r"'out.jsonl' was begun with another input\. Start it as before"):
        make_job(other)
    status = rows.stat()
    rows.write_text(rows.read_text(encoding="utf-8").replace("Ada", "Bob"), encoding="utf-8")
    os.utime(rows, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(DataError, match=r"begun with an input that has changed since\."):
        make_job(rows)
    assert job.folder.exists()


def test_other_options_are_told(rows: Path, tmp_path: Path) -> None:
    begin(rows, tmp_path / "out.jsonl", top_k=2)
    with pytest.raises(
        DataError, match=r"another value of 'Answers to list' \(2\) and another value of .* \(usually\)"
    ):
        begin(rows, tmp_path / "out.jsonl", top_k=3, expected="maybe")


def test_another_model_is_told(make_job: MakeJob, rows: Path, tmp_path: Path) -> None:
    make_job(rows)
    folder = Path(shutil.copytree(paths.bundled_model_dir(), tmp_path / "model"))
    with pytest.raises(DataError, match=r"begun with the model in '.*reader'"):
        make_job(rows, model=str(folder))
    with pytest.raises(DataError, match="begun with a reader on the device cpu in int8"):
        make_job(rows, precision="float32")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "note": "other"}), encoding="utf-8")
    with pytest.raises(DataError, match="begun with another model"):
        make_job(rows, model=str(folder))


def test_a_model_without_weights_is_told_by_its_graph(make_job: MakeJob, rows: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(paths.bundled_model_dir(), tmp_path / "model"))
    (folder / "model.safetensors").unlink()
    bundled, graph = make_job(rows), make_job(rows, "other.jsonl", model=str(folder))
    assert graph.reader.fingerprint != bundled.reader.fingerprint
    with (folder / "model_int8.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(DataError, match="begun with another model"):
        make_job(rows, "other.jsonl", model=str(folder))
