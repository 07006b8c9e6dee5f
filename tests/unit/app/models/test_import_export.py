"""Import from a folder and from a zip archive, export as one: the same files, and nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import time
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest
from generators import drive

from qadesk import paths
from qadesk.app.models import staging
from qadesk.app.models.import_export import export_model, import_model
from qadesk.app.models.manage import list_models
from qadesk.errors import ModelError
from qadesk.progress import finish
from qadesk.settings import Settings

pytestmark = pytest.mark.usefixtures("untried_models")

FILES = ("config.json", "tokenizer.json", "model.safetensors")


@pytest.fixture
def models_dir(home: Path) -> Path:
    """The folder of the user's models."""
    return home / "data" / "models"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with a model, and with files that no model needs."""
    folder = tmp_path / "reader of anna"
    folder.mkdir()
    for name in FILES:
        shutil.copy(paths.bundled_model_dir() / name, folder)
    (folder / "README.md").write_text("A card.", encoding="utf-8")
    (folder / "training_args.bin").write_bytes(b"pickle")
    (folder / "run.py").write_text("raise SystemExit")
    (folder / "logs").mkdir()
    return folder


def test_a_folder_is_copied_without_unknown_files(source: Path, models_dir: Path) -> None:
    steps, folder = drive(import_model(source, Settings()))
    assert folder == models_dir / "reader of anna"
    assert {path.name for path in folder.iterdir()} == {*FILES, "README.md", "qadesk.json"}
    assert (folder / "model.safetensors").read_bytes() == (source / "model.safetensors").read_bytes()
    metadata = json.loads((folder / "qadesk.json").read_text(encoding="utf-8"))
    assert metadata["name"] == "reader of anna"
    assert (metadata["origin"]["kind"], metadata["origin"]["from"]) == ("imported", "reader of anna")
    assert [path.name for path in models_dir.iterdir()] == ["reader of anna"]
    assert (steps[-1].done, steps[-1].total) == (45, 45)  # MB
    assert [step.done for step in steps] == sorted(step.done for step in steps)


def test_an_exported_model_can_be_imported_again(source: Path, models_dir: Path, tmp_path: Path) -> None:
    (source / "qadesk.json").write_text('{"name": "Contracts", "temperature": 1.25, "base": "x"}', encoding="utf-8")
    first = finish(import_model(source, Settings()))
    archive = tmp_path / "out.zip"
    size = finish(export_model(first, archive))
    assert size == archive.stat().st_size
    assert not archive.with_name("out.zip.part").exists()
    second = finish(import_model(archive, Settings(), "Second"))
    assert second == models_dir / "Second"
    for name in (*FILES, "README.md"):
        assert (second / name).read_bytes() == (source / name).read_bytes()
    metadata = json.loads((second / "qadesk.json").read_text(encoding="utf-8"))
    assert (metadata["name"], metadata["temperature"], metadata["base"]) == ("Second", 1.25, "x")
    assert metadata["origin"]["from"] == "out.zip"


def test_the_bundled_model_can_be_exported(tmp_path: Path) -> None:
    archive = tmp_path / "reader.zip"
    finish(export_model(paths.bundled_model_dir(), archive))
    with zipfile.ZipFile(archive) as content:
        assert content.testzip() is None
        assert sorted(content.namelist()) == sorted(
            f"reader/{path.name}" for path in paths.bundled_model_dir().iterdir()
        )


def test_a_zip_with_the_files_at_its_top(source: Path, models_dir: Path, tmp_path: Path) -> None:
    archive = tmp_path / "flat.zip"
    with zipfile.ZipFile(archive, "w") as content:
        for name in FILES:
            content.write(source / name, name)
        content.writestr("__MACOSX/._config.json", "x")
    assert finish(import_model(archive, Settings())) == models_dir / "flat"


def test_a_taken_name_gets_a_number_and_a_name_that_is_given_must_be_free(source: Path, models_dir: Path) -> None:
    finish(import_model(source, Settings()))
    assert finish(import_model(source, Settings())) == models_dir / "reader of anna (2)"
    with pytest.raises(ModelError, match="already a model called"):
        finish(import_model(source, Settings(), "Reader of Anna"))
    with pytest.raises(ModelError, match="cannot be called"):
        finish(import_model(source, Settings(), "../x"))


@pytest.mark.parametrize("kind", ["import", "export"])
def test_a_cancelled_import_or_export_leaves_nothing(kind: str, source: Path, models_dir: Path, tmp_path: Path) -> None:
    archive = tmp_path / "out.zip"
    work = import_model(source, Settings()) if kind == "import" else export_model(source, archive)
    for _ in range(5):
        next(work)
    unfinished = list(models_dir.iterdir()) if kind == "import" else [*tmp_path.glob("*.part")]
    assert len(unfinished) == 1
    assert list_models()[1:] == []
    work.close()
    assert not models_dir.exists() or list(models_dir.iterdir()) == []
    assert [*tmp_path.glob("out*")] == []


def test_the_work_folder_of_a_killed_process_is_not_listed_and_removed_after_a_week(
    source: Path, models_dir: Path
) -> None:
    leftover = models_dir / ".part-killed"
    (leftover / "model").mkdir(parents=True)
    finish(import_model(source, Settings()))
    assert leftover.exists()
    assert [model.name for model in list_models()[1:]] == ["reader of anna"]
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(leftover, (long_ago, long_ago))
    finish(import_model(source, Settings()))
    assert not leftover.exists()


def test_a_full_disk_is_an_error_before_anything_is_copied(
    source: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(staging.shutil, "disk_usage", lambda _path: usage(10**9, 10**9, 10**8))
    with pytest.raises(ModelError, match=r"too little room on the disk: 100 MB, and the model takes 45.7 MB"):
        finish(import_model(source, Settings()))
    assert list(models_dir.iterdir()) == []


def test_an_unusable_model_is_refused_with_the_reason(source: Path, models_dir: Path) -> None:
    (source / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"only as 'training_args.bin', a format that can run code"):
        finish(import_model(source, Settings()))
    shutil.copy(paths.bundled_model_dir() / "model.safetensors", source)
    (source / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match="The tokenizer of 'reader of anna' is broken"):
        finish(import_model(source, Settings()))
    with pytest.raises(ModelError, match="There is no file 'nowhere'"):
        finish(import_model(source / "nowhere", Settings()))
    assert list(models_dir.iterdir()) == []


def test_an_export_that_cannot_be_written_is_an_error(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"'a.zip' could not be written"):
        finish(export_model(source, tmp_path / "nowhere" / "a.zip"))
    with pytest.raises(ModelError, match=r"no config.json"):
        finish(export_model(source / "logs", tmp_path / "a.zip"))


def test_a_snapshot_in_the_cache_of_huggingface_hub_can_be_imported(tmp_path: Path, models_dir: Path) -> None:
    blobs, snapshot = tmp_path / "models--a--b" / "blobs", tmp_path / "models--a--b" / "snapshots" / "0a1b"
    blobs.mkdir(parents=True)
    snapshot.mkdir(parents=True)
    for number, name in enumerate(FILES):
        shutil.copy(paths.bundled_model_dir() / name, blobs / str(number))
        (snapshot / name).symlink_to(f"../../blobs/{number}")
    folder = finish(import_model(snapshot, Settings(), "From the cache"))
    assert not any(path.is_symlink() for path in folder.iterdir())
    assert (folder / "config.json").read_bytes() == (paths.bundled_model_dir() / "config.json").read_bytes()
