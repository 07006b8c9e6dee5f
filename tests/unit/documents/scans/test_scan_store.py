from __future__ import annotations

import os
from pathlib import Path

import pytest

from qadesk.documents.scans.scan_store import NO_SCANS, ScanStore, store_of
from qadesk.documents.scans.scan_text import ScanLine, ScanText, ScanWord
from qadesk.errors import DocumentError

KEY, OTHER = "0123456789abcdef" * 2, "f" * 32
SCAN = ScanText(100, 200, (ScanWord("ab", 10, 20, 30, 24, 0, 91),), (ScanLine(10, 24, 30, 24, 5),))


@pytest.fixture
def store(tmp_path: Path) -> ScanStore:
    return ScanStore(tmp_path / "scans")


def files_in(store: ScanStore) -> list[str]:
    assert store.folder
    return sorted(path.name for path in store.folder.iterdir())


def test_what_is_written_is_read_under_its_key_and_languages(store: ScanStore) -> None:
    assert store.read(KEY) is None
    store.write(KEY, SCAN)
    assert store.read(KEY) == SCAN
    assert store.read(OTHER) is None
    assert files_in(store) == [f"{KEY}-eng.json"]
    german = ScanStore(store.folder, "eng+deu")
    assert german.read(KEY) is None
    german.write(KEY, ScanText(1, 1))
    assert (german.read(KEY), store.read(KEY)) == (ScanText(1, 1), SCAN)
    store.write(KEY, ScanText(2, 2))
    assert store.read(KEY) == ScanText(2, 2)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff" * 99, SCAN.to_json().replace('"version":1', '"version":2').encode()]
)
def test_a_damaged_file_is_as_if_it_were_not_there(store: ScanStore, data: bytes) -> None:
    store.write(KEY, SCAN)
    assert store.folder
    (store.folder / f"{KEY}-eng.json").write_bytes(data)
    assert store.read(KEY) is None
    store.write(KEY, SCAN)
    assert store.read(KEY) == SCAN


def test_a_file_that_is_far_too_large_is_not_read(store: ScanStore) -> None:
    store.write(KEY, SCAN)
    assert store.folder
    with (store.folder / f"{KEY}-eng.json").open("ab") as file:
        file.truncate(50_000_001)
    assert store.read(KEY) is None


@pytest.mark.parametrize(
    ("key", "languages"),
    [
        ("../escaped", "eng"), ("", "eng"), (KEY.upper(), "eng"), (KEY[:-1], "eng"), (KEY + "0", "eng"),
        (f"{KEY}\n", "eng"),
        (KEY, "../../eng"), (KEY, ""), (KEY, "e" * 101), (KEY, "eng/deu"), (KEY, "eng\0"), (KEY, "eng\n"),
    ],
)  # fmt: skip
def test_keys_that_are_no_names_keep_nothing(tmp_path: Path, key: str, languages: str) -> None:
    store = ScanStore(tmp_path / "scans", languages)
    store.write(key, SCAN)
    assert store.read(key) is None
    assert not list(tmp_path.rglob("*.json*"))


def test_the_oldest_are_dropped(store: ScanStore) -> None:
    keys = [f"{number:032x}" for number in range(5)]
    assert store.folder
    for age, key in enumerate(keys):
        store.write(key, SCAN)
        os.utime(store.folder / f"{key}-eng.json", (1_000_000 - age, 1_000_000 - age))
    store.drop_oldest(5)
    assert len(files_in(store)) == 5
    store.drop_oldest(2)
    assert files_in(store) == [f"{key}-eng.json" for key in keys[:2]]
    store.drop_oldest(0)
    assert files_in(store) == []


def test_dropping_never_fails(tmp_path: Path) -> None:
    ScanStore(tmp_path / "none").drop_oldest(0)
    (tmp_path / "file").write_text("")
    ScanStore(tmp_path / "file").drop_oldest(0)
    NO_SCANS.drop_oldest(0)


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = ScanStore(tmp_path / "file" / "scans")
    assert store.read(KEY) is None
    with pytest.raises(DocumentError, match="The recognised text cannot be kept") as excinfo:
        store.write(KEY, SCAN)
    assert excinfo.value.hint.startswith("Check that ")


def test_no_scans_has_and_keeps_nothing(store: ScanStore) -> None:
    NO_SCANS.write(KEY, SCAN)
    assert NO_SCANS.read(KEY) is None
    assert NO_SCANS.as_request() is None
    assert store_of(None) is NO_SCANS


def test_a_request_names_the_store(store: ScanStore) -> None:
    ScanStore(store.folder, "eng+deu").write(KEY, SCAN)
    named = store_of(ScanStore(store.folder, "eng+deu").as_request())
    assert (named.folder, named.languages) == (store.folder, "eng+deu")
    assert named.read(KEY) == SCAN
