"""Model folders and archives made to do harm: each is refused in words, and nothing of it stays."""

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
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (small_model() if files is None else files).items():
            made.writestr(folder + name, content)
        for fill in fills:
            fill(made)
    return path


def refusal(source: Path) -> str:
    with pytest.raises(ModelError) as caught:
        finish(import_model(source, Settings()))
    assert list_models()[1:] == []
    assert list((paths.data_dir() / "models").iterdir()) == []
    return caught.value.message


def member(name: str, mode: int = 0o644) -> Fill:
    row = zipfile.ZipInfo(name)
    row.external_attr = mode << 16
    return lambda made: made.writestr(row, b"../../../etc/passwd")


def test_the_small_model_is_a_good_one(tmp_path: Path) -> None:
    made = finish(import_model(archive(tmp_path / "a.zip"), Settings()))
    assert made.name == "a"
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
    said = refusal(archive(tmp_path / "a.zip", member(name)))
    assert said == "'a.zip' holds a file that would lie outside of it."
    assert [each for each in tmp_path.rglob("*evil*") if each not in before] == []


@pytest.mark.parametrize("name", ["m/README.md", "m/other", "top"])
def test_links_in_an_archive(tmp_path: Path, name: str) -> None:
    assert "holds a link" in refusal(archive(tmp_path / "a.zip", member(name, stat.S_IFLNK | 0o777)))


def test_programs_and_pickles_in_an_archive_are_left_there(tmp_path: Path) -> None:
    names = ("m/modeling.py", "m/pytorch_model.bin", "m/.git/config", "m/sub/config.json", "m/onnx/run.sh")
    made = finish(import_model(archive(tmp_path / "a.zip", *map(member, names)), Settings()))
    assert {each.name for each in made.rglob("*")} == {*FILES, "qadesk.json"}


def test_an_archive_with_pickles_alone(tmp_path: Path) -> None:
    files = {name: content for name, content in small_model().items() if name != "model.safetensors"}
    said = refusal(archive(tmp_path / "a.zip", member("m/pytorch_model.bin"), files=files))
    assert "only as 'pytorch_model.bin', a format that can run code" in said
    assert "holds no weights" in refusal(archive(tmp_path / "b.zip", files=files))


def test_a_model_that_brings_code(tmp_path: Path) -> None:
    files = small_model()
    files["config.json"] = json.dumps({**json.loads(files["config.json"]), "auto_map": {"AutoModel": "x.Y"}}).encode()
    assert "brings its own program code" in refusal(archive(tmp_path / "a.zip", files=files))


def test_a_bomb(tmp_path: Path) -> None:
    def bomb(made: zipfile.ZipFile) -> None:
        with made.open("m/README.md", "w") as target:
            for _ in range(30):
                target.write(bytes(10**6))

    assert "would grow far too large" in refusal(archive(tmp_path / "a.zip", bomb))


def test_a_text_that_is_too_large(tmp_path: Path) -> None:
    def noise(made: zipfile.ZipFile) -> None:
        block = random.Random(4).randbytes(2**20)
        with made.open(zipfile.ZipInfo("m/vocab.txt"), "w") as target:
            for _ in range(65):
                target.write(block)

    assert refusal(archive(tmp_path / "a.zip", noise)) == "The file 'vocab.txt' of this model is too large to be right."


def rewritten(path: Path, pattern: bytes, change: Callable[[bytearray, int], None]) -> Path:
    """``path`` with a change at each place of ``pattern``."""
    data = bytearray(path.read_bytes())
    at = data.find(pattern)
    assert at >= 0
    while at >= 0:
        change(data, at)
        at = data.find(pattern, at + 4)
    path.write_bytes(data)
    return path


CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


def test_sizes_that_are_lies(tmp_path: Path) -> None:
    """The directory says that each member has 3 GB."""
    path = archive(tmp_path / "a.zip")
    rewritten(path, CENTRAL, lambda data, at: struct.pack_into("<I", data, at + 24, 3 * 10**9))
    refusal(path)


def test_fewer_bytes_than_said(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip")
    rewritten(path, CENTRAL, lambda data, at: struct.pack_into("<I", data, at + 24, 4000))
    refusal(path)


def test_a_password(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip")
    rewritten(path, CENTRAL, lambda data, at: struct.pack_into("<H", data, at + 8, 1))
    assert refusal(path) == "'a.zip' is a zip archive with a password."


def test_an_odd_way_of_packing(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip")
    rewritten(path, CENTRAL, lambda data, at: struct.pack_into("<H", data, at + 10, 14))
    assert refusal(path) == "'a.zip' is packed in a way that QADesk does not read."


def test_a_directory_as_large_as_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(20_000):
            made.writestr(f"m/{number:0200}", b"")
    assert refusal(path) == "'a.zip' is not a zip archive, or it is damaged."


def test_many_members(tmp_path: Path) -> None:
    def many(made: zipfile.ZipFile) -> None:
        for number in range(10_001):
            made.writestr(str(number), b"")

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
    whole = archive(tmp_path / "whole.zip").read_bytes()
    chance = random.Random(11)
    for number in range(60):
        data = bytearray(whole)
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
    made = tmp_path / "m"
    made.mkdir()
    for name, content in small_model().items():
        (made / name).write_bytes(content)
    return made


@unix
def test_links_in_a_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    made = folder(tmp_path)
    (made / "README.md").symlink_to(secret)
    assert refusal(made) == "'README.md' is a link to another place."
    (made / "README.md").unlink()
    (made / "vocab.txt").symlink_to("nowhere")
    assert refusal(made) == "'vocab.txt' is a link to another place."


@unix
def test_a_cache_that_is_none(tmp_path: Path) -> None:
    """Looks like the cache of the hub's client, but its links lead elsewhere."""
    secret = tmp_path / "secret"
    secret.write_text("key")
    (tmp_path / "x" / "blobs").mkdir(parents=True)
    (tmp_path / "x" / "snapshots").mkdir()
    made = folder(tmp_path / "x" / "snapshots")
    (made / "README.md").symlink_to(secret)
    assert "is a link to another place" in refusal(made)


@unix
def test_a_pipe_in_a_folder_does_not_hang(tmp_path: Path) -> None:
    made = folder(tmp_path)
    os.mkfifo(made / "README.md")
    assert refusal(made) == "'README.md' is not a file."
    os.mkfifo(tmp_path / "pipe.zip")
    assert refusal(tmp_path / "pipe.zip") == "There is no file 'pipe.zip'."


@unix
def test_a_file_in_the_place_of_the_folder_of_graphs(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "onnx").write_text("no folder")
    assert finish(import_model(made, Settings())).is_dir()


def test_a_name_that_would_lead_out(tmp_path: Path) -> None:
    files = {**small_model(), "qadesk.json": json.dumps({"name": "../../evil\n\u202e"}).encode()}
    made = finish(import_model(archive(tmp_path / "a.zip", files=files), Settings()))
    assert made.parent == paths.data_dir() / "models"
    assert made.name == "-..-evil"
