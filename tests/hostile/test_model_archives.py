"""Hostile model folders and archives: each is refused with a ``ModelError``, and nothing of it is kept."""

from __future__ import annotations

import contextlib
import json
import os
import random
import stat
import struct
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.models.import_export import import_model
from qadesk.app.models.manage import list_models
from qadesk.errors import ModelError
from qadesk.progress import finish
from qadesk.settings import Settings

pytestmark = pytest.mark.usefixtures("untried_models")

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
FILES = ("config.json", "tokenizer.json", "model.safetensors")

Fill = Callable[[zipfile.ZipFile], object]


def small_model() -> dict[str, bytes]:
    """The files of a model with tiny weights: refused only for what a test adds."""
    bundled = paths.bundled_model_dir()
    config = json.loads((bundled / "config.json").read_text(encoding="utf-8"))
    header = {"qa_outputs.weight": {"dtype": "F16", "shape": [2, 4], "data_offsets": [0, 16]}}
    data = json.dumps(header).encode()
    return {
        "config.json": json.dumps(config).encode(),
        "tokenizer.json": (bundled / "tokenizer.json").read_bytes(),
        "model.safetensors": struct.pack("<Q", len(data)) + data + bytes(16),
    }


def archive(path: Path, *fills: Fill, files: Mapping[str, bytes] | None = None, folder: str = "m/") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in (small_model() if files is None else files).items():
            target.writestr(folder + name, content)
        for fill in fills:
            fill(target)
    return path


def refusal(source: Path) -> str:
    with pytest.raises(ModelError) as excinfo:
        finish(import_model(source, Settings()))
    assert list_models()[1:] == []
    assert list((paths.data_dir() / "models").iterdir()) == []
    return excinfo.value.message


def member(name: str, mode: int = 0o644) -> Fill:
    row = zipfile.ZipInfo(name)
    row.external_attr = mode << 16
    return lambda target: target.writestr(row, b"../../../etc/passwd")


def test_the_small_model_itself_is_accepted(tmp_path: Path) -> None:
    imported = finish(import_model(archive(tmp_path / "a.zip"), Settings()))
    assert imported.name == "a"
    assert list_models()[1].problem is None


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json", "m/../../evil", "/etc/cron.d/evil", "m\\..\\evil", "C:/evil", "m/onnx/../../../evil",
        "../m/config.json",
    ],
)  # fmt: skip
def test_paths_that_lead_out(tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    message = refusal(archive(tmp_path / "a.zip", member(name)))
    assert message == "'a.zip' holds a file that would lie outside of it."
    assert [path for path in tmp_path.rglob("*evil*") if path not in before] == []


@pytest.mark.parametrize("name", ["m/README.md", "m/other", "top"])
def test_links_in_an_archive(tmp_path: Path, name: str) -> None:
    assert "holds a link" in refusal(archive(tmp_path / "a.zip", member(name, stat.S_IFLNK | 0o777)))


def test_programs_and_pickles_in_an_archive_are_ignored(tmp_path: Path) -> None:
    names = ("m/modeling.py", "m/pytorch_model.bin", "m/.git/config", "m/sub/config.json", "m/onnx/run.sh")
    imported = finish(import_model(archive(tmp_path / "a.zip", *map(member, names)), Settings()))
    assert {path.name for path in imported.rglob("*")} == {*FILES, "qadesk.json"}


def test_an_archive_with_pickles_alone(tmp_path: Path) -> None:
    files = {name: content for name, content in small_model().items() if name != "model.safetensors"}
    message = refusal(archive(tmp_path / "a.zip", member("m/pytorch_model.bin"), files=files))
    assert "only as 'pytorch_model.bin', a format that can run code" in message
    assert "holds no weights" in refusal(archive(tmp_path / "b.zip", files=files))


def test_a_model_that_brings_code(tmp_path: Path) -> None:
    files = small_model()
    files["config.json"] = json.dumps({**json.loads(files["config.json"]), "auto_map": {"AutoModel": "x.Y"}}).encode()
    assert "brings its own program code" in refusal(archive(tmp_path / "a.zip", files=files))


def test_a_bomb(tmp_path: Path) -> None:
    def bomb(target: zipfile.ZipFile) -> None:
        with target.open("m/README.md", "w") as member:
            for _ in range(30):
                member.write(bytes(10**6))

    assert "would grow far too large" in refusal(archive(tmp_path / "a.zip", bomb))


def test_a_text_that_is_too_large(tmp_path: Path) -> None:
    def noise(target: zipfile.ZipFile) -> None:
        block = random.Random(4).randbytes(2**20)
        with target.open(zipfile.ZipInfo("m/vocab.txt"), "w") as member:
            for _ in range(65):
                member.write(block)

    assert refusal(archive(tmp_path / "a.zip", noise)) == "The file 'vocab.txt' of this model is too large to be right."


def rewrite(path: Path, pattern: bytes, change: Callable[[bytearray, int], None]) -> Path:
    """Apply ``change`` to the file ``path`` at each offset of ``pattern``."""
    data = bytearray(path.read_bytes())
    at = data.find(pattern)
    assert at >= 0
    while at >= 0:
        change(data, at)
        at = data.find(pattern, at + 4)
    path.write_bytes(data)
    return path


CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


def test_declared_sizes_that_are_too_large(tmp_path: Path) -> None:
    """The directory declares 3 GB for each member."""
    path = archive(tmp_path / "a.zip")
    rewrite(path, CENTRAL, lambda data, at: struct.pack_into("<I", data, at + 24, 3 * 10**9))
    refusal(path)


def test_declared_sizes_that_are_too_small(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip")
    rewrite(path, CENTRAL, lambda data, at: struct.pack_into("<I", data, at + 24, 4000))
    refusal(path)


def test_a_password(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip")
    rewrite(path, CENTRAL, lambda data, at: struct.pack_into("<H", data, at + 8, 1))
    assert refusal(path) == "'a.zip' is a zip archive with a password."


def test_an_unknown_compression(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip")
    rewrite(path, CENTRAL, lambda data, at: struct.pack_into("<H", data, at + 10, 14))
    assert refusal(path) == "'a.zip' is packed in a way that QADesk does not read."


def test_a_directory_as_large_as_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as target:
        for number in range(20_000):
            target.writestr(f"m/{number:0200}", b"")
    assert refusal(path) == "'a.zip' is not a zip archive, or it is damaged."


def test_many_members(tmp_path: Path) -> None:
    def many(target: zipfile.ZipFile) -> None:
        for number in range(10_001):
            target.writestr(str(number), b"")

    assert "too many for a model" in refusal(archive(tmp_path / "a.zip", many))


def test_two_models_and_none(tmp_path: Path) -> None:
    assert "more than one model" in refusal(archive(tmp_path / "a.zip", member("n/config.json")))
    assert "no config.json" in refusal(archive(tmp_path / "b.zip", files={"a": b"x"}))
    assert "no config.json" in refusal(archive(tmp_path / "c.zip", files={}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_twice(tmp_path: Path) -> None:
    assert "holds a file twice" in refusal(archive(tmp_path / "a.zip", member("m/tokenizer.json")))


@pytest.mark.parametrize("content", [b"", b"no zip", END, END + bytes(18), b"PK\x03\x04" * 100, bytes(10**5)])
def test_no_archive_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    refusal(path)


def test_damage_anywhere(tmp_path: Path) -> None:
    """Bytes flipped and archives cut short, at random: refused, or as good as before; never anything else."""
    content = archive(tmp_path / "whole.zip").read_bytes()
    chance = random.Random(11)
    for number in range(60):
        data = bytearray(content)
        if number % 3 == 0:
            del data[chance.randrange(len(data)) :]
        else:
            region = len(data) - 600 if number % 3 == 1 else 0  # the directory, or anywhere
            for _ in range(3):
                data[chance.randrange(region, len(data))] ^= chance.randrange(1, 256)
        path = tmp_path / f"{number}.zip"
        path.write_bytes(data)
        with contextlib.suppress(ModelError):
            finish(import_model(path, Settings()))
        assert not [*(paths.data_dir() / "models").glob(".*")]


def folder(tmp_path: Path) -> Path:
    path = tmp_path / "m"
    path.mkdir()
    for name, content in small_model().items():
        (path / name).write_bytes(content)
    return path


@unix
def test_links_in_a_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    model = folder(tmp_path)
    (model / "README.md").symlink_to(secret)
    assert refusal(model) == "'README.md' is a link to another place."
    (model / "README.md").unlink()
    (model / "vocab.txt").symlink_to("nowhere")
    assert refusal(model) == "'vocab.txt' is a link to another place."


@unix
def test_a_forged_cache(tmp_path: Path) -> None:
    """A folder like the cache of huggingface_hub, but its links lead elsewhere."""
    secret = tmp_path / "secret"
    secret.write_text("key")
    (tmp_path / "x" / "blobs").mkdir(parents=True)
    (tmp_path / "x" / "snapshots").mkdir()
    model = folder(tmp_path / "x" / "snapshots")
    (model / "README.md").symlink_to(secret)
    assert "is a link to another place" in refusal(model)


@unix
def test_a_pipe_in_a_folder_does_not_hang(tmp_path: Path) -> None:
    model = folder(tmp_path)
    os.mkfifo(model / "README.md")
    assert refusal(model) == "'README.md' is not a file."
    os.mkfifo(tmp_path / "pipe.zip")
    assert refusal(tmp_path / "pipe.zip") == "There is no file 'pipe.zip'."


@unix
def test_a_file_instead_of_the_folder_onnx(tmp_path: Path) -> None:
    model = folder(tmp_path)
    (model / "onnx").write_text("no folder")
    assert finish(import_model(model, Settings())).is_dir()


def test_a_name_that_would_lead_out(tmp_path: Path) -> None:
    files = {**small_model(), "qadesk.json": json.dumps({"name": "../../evil\n\u202e"}).encode()}
    imported = finish(import_model(archive(tmp_path / "a.zip", files=files), Settings()))
    assert imported.parent == paths.data_dir() / "models"
    assert imported.name == "-..-evil"
