"""Rows, requests and jobs that the tests of batch jobs share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from qadesk import paths
from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.batch_request import BatchRequest, begin_batch
from qadesk.progress import finish
from qadesk.qa.engine import Reader, open_reader
from qadesk.settings import Settings

TOWER = "The tower was built by Thomas Reeve. It was finished in 1862."
MakeJob = Callable[..., BatchJob]


@pytest.fixture(scope="session")
def reader() -> Reader:
    return open_reader(paths.bundled_model_dir(), device="cpu", threads=1)


@pytest.fixture
def write_rows(tmp_path: Path) -> Callable[[Sequence[Mapping[str, Any]]], Path]:
    """Writes rows as JSON lines."""

    def write(rows: Sequence[Mapping[str, Any]], name: str = "in.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def make_job(tmp_path: Path) -> MakeJob:
    """Begins a job, or goes on with it."""

    def make(source: Path, output: str = "out.jsonl", **options: Any) -> BatchJob:
        return finish(begin_batch(BatchRequest(source, tmp_path / output, **options), Settings()))

    return make
