from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.documents.recognition import language_files
from qadesk.errors import DocumentError


def add(name: str, data: bytes = b"x") -> Path:
    folder = language_files.own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.traineddata"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("eng", "eng"), ("eng+deu", "eng+deu"), (" eng + deu ", "eng+deu"), ("deu+eng+deu", "deu+eng"), ("", "eng"),
        ("+", "eng"), ("../x", "eng"), ("deu+../x", "deu"), ("chi_sim", "chi_sim"), ("d" * 31, "eng"), ("de\nu", "eng"),
    ],
)  # fmt: skip
def test_names_become_those_of_tesseract(given: str, names: str) -> None:
    assert language_files.names_in(given) == names


def test_languages_are_english_and_those_that_were_added() -> None:
    assert language_files.languages() == ["eng"]
    for name in ("fra", "deu", "eng", "no name"):
        add(name)
    (language_files.own_folder() / "readme.txt").write_text("x")
    assert language_files.languages() == ["eng", "deu", "fra"]


def test_a_missing_language_is_said_with_its_file_and_folder() -> None:
    language_files.check("eng")
    with pytest.raises(DocumentError) as excinfo:
        language_files.check("eng + deu")
    assert excinfo.value.message == "Text in the language 'deu' cannot be recognised: its file is missing."
    assert f"Put deu.traineddata into {language_files.own_folder()}" in excinfo.value.hint
    add("deu")
    language_files.check("eng + deu")


def test_english_alone_is_read_from_the_program_and_more_from_the_users_folder() -> None:
    bundled = paths.resources_dir() / "tessdata"
    assert language_files.data_folder("eng") == bundled
    assert not language_files.own_folder().exists()
    own = language_files.data_folder("eng+deu")
    assert own == language_files.own_folder()
    assert (own / "eng.traineddata").read_bytes() == (bundled / "eng.traineddata").read_bytes()
    add("eng", b"of the user")
    language_files.data_folder("eng+deu")
    assert (own / "eng.traineddata").read_bytes() == b"of the user"


def test_a_folder_that_cannot_be_written_to_is_said() -> None:
    paths.data_dir().mkdir(parents=True, exist_ok=True)
    language_files.own_folder().write_text("a file in its place")
    with pytest.raises(DocumentError, match="cannot be written to"):
        language_files.data_folder("deu")
    assert language_files.languages() == ["eng"]


def test_where_tesseract_is_not_installed_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    language_files.check_available()
    monkeypatch.setitem(sys.modules, "tesserocr", None)  # what importlib takes for a module that is not there
    with pytest.raises(DocumentError, match="not available on this system"):
        language_files.check_available()
