"""The table of settings, and the handling of bad values."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import pytest

from qadesk import settings
from qadesk.errors import SettingError
from qadesk.settings import ROWS, Setting, Settings


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_each_row_is_whole(row: Setting, tmp_path: Path) -> None:
    assert row.check(row.default) == row.default
    assert row.title
    assert row.help.endswith(".")
    assert not row.title.endswith(".")
    values = Settings(tmp_path / "settings.json")
    values.set(row.key, row.default)
    assert Settings(tmp_path / "settings.json")[row.key] == row.default
    assert row.parse(str(row.default)) == row.default


def test_keys_are_unique() -> None:
    assert len(settings.BY_KEY) == len(ROWS)


def test_titles_are_of_choices_and_pages_are_of_the_table() -> None:
    titles = [page.title for page in settings.PAGES]
    assert len(set(titles)) == len(titles)
    for row in ROWS:
        assert row.page in ("", *titles), row.key
        assert set(row.titles) <= set(row.choices), row.key
        assert not row.widget or row.type is str, row.key
    assert settings.row("view.theme").title_of("system") == "As the system"
    assert settings.row("model.device").title_of("cuda:1") == "cuda:1"


@pytest.mark.parametrize(
    ("affects", "keys"),
    [
        ("appearance", ["view.theme", "view.text_zoom", "view.zoom", "view.line_length", "view.dark_pages"]),
        ("reader", ["model.folder", "model.device", "model.threads"]),
        ("answers", ["qa.doubtful_below"]),
    ],
)
def test_a_row_names_what_a_change_affects(affects: str, keys: list[str]) -> None:
    assert [row.key for row in ROWS if row.affects == affects] == keys


def test_pages_hold_the_rows_that_are_shown() -> None:
    visible = [row for rows in settings.pages().values() for row in rows]
    assert visible == [row for row in ROWS if row.page]
    assert not any(row.key.startswith("state.") for row in visible)


def test_a_value_survives_a_restart_and_can_be_reset(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    Settings(path).set("qa.top_k", 7)
    reopened = Settings(path)
    assert reopened["qa.top_k"] == 7
    reopened.reset("qa.top_k")
    assert Settings(path)["qa.top_k"] == 5


def test_an_override_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    values = Settings(path)
    values.override("qa.top_k", 9)
    values.set("view.zoom", 120)
    assert values["qa.top_k"] == 9
    assert Settings(path)["qa.top_k"] == 5


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("qa.top_k", 0, "from 1 to 20"),
        ("qa.top_k", "5", "type int"),
        ("qa.top_k", True, "type int"),
        ("qa.overlap", 1, "type bool"),
        ("view.theme", "pink", "one of: system, light, dark"),
        ("qa.doubtful_below", float("nan"), "from 0 to 1"),
        ("no.such", 1, "no setting"),
    ],
)
def test_bad_values_are_refused_in_words(key: str, value: object, words: str, tmp_path: Path) -> None:
    values = Settings(tmp_path / "settings.json")
    with pytest.raises(SettingError, match=words):
        values.set(key, value)
    assert not (tmp_path / "settings.json").exists()


def test_a_whole_number_will_do_for_a_fraction(tmp_path: Path) -> None:
    values = Settings(tmp_path / "settings.json")
    values.set("qa.doubtful_below", 1)
    assert values["qa.doubtful_below"] == 1.0


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00\xff", '{"qa.top_k": "many", "view.zoom": 9000}', '{"x": 1}'])
def test_a_bad_file_never_keeps_the_program_from_starting(
    content: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "settings.json"
    path.write_text(content, encoding="latin-1")
    with caplog.at_level(logging.WARNING):
        values = Settings(path)
    caplog.clear()
    assert (values["qa.top_k"], values["view.zoom"]) == (5, 100)
    values.set("qa.top_k", 6)
    assert json.loads(path.read_text())["qa.top_k"] == 6


def test_a_folder_that_cannot_be_written_is_reported_in_words(tmp_path: Path) -> None:
    values = Settings(tmp_path / "missing" / "settings.json")
    with pytest.raises(SettingError, match="could not be saved"):
        values.set("qa.top_k", 6)


def test_the_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    values = Settings(path)
    values.set("qa.top_k", 6)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(SettingError):
        values.set("qa.top_k", 7)
    assert json.loads(path.read_text())["qa.top_k"] == 6
