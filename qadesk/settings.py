"""Every setting, declared once: the dialog, the checks, ``qadesk settings`` and the docs come from here.

Values lie in ``settings.json`` in the user's config folder. A value that is missing, of the wrong type
or out of range is replaced by its default: a bad setting never keeps the program from starting.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qadesk import paths
from qadesk.errors import SettingError

_log = logging.getLogger(__name__)

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. ``page`` is the page of the dialog; an empty page means stored but not shown."""

    key: str
    type: type[Value]
    default: Value
    title: str
    help: str
    page: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    def check(self, value: object) -> Value:
        """``value`` if this setting takes it. Raises ``SettingError`` in plain words if not."""
        if self.type is float and type(value) is int:
            value = float(value)
        if type(value) is not self.type:
            raise SettingError(f"'{self.key}' takes a value of type {self.type.__name__}.")
        assert isinstance(value, bool | int | float | str)
        if self.choices and value not in self.choices:
            raise SettingError(f"'{self.key}' takes one of: {', '.join(self.choices)}.")
        if not isinstance(value, bool | str) and not self._in_range(value):
            raise SettingError(f"'{self.key}' takes a number from {self.low:g} to {self.high:g}.")
        return value

    def _in_range(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def parse(self, text: str) -> Value:
        """``text``, as typed on a command line, as a value. Raises ``SettingError``."""
        if self.type is str:
            return self.check(text)
        try:
            return self.check(json.loads(text.lower()))
        except ValueError:
            raise SettingError(f"'{self.key}' takes a value of type {self.type.__name__}.") from None


ROWS: tuple[Setting, ...] = (
    Setting("qa.top_k", int, 5, "Answers to list", "How many answers a question gets at most.", "Answers", 1, 20),
    Setting(
        "qa.max_answer_tokens", int, 30, "Longest answer (tokens)",
        "Longer spans are not considered. A token is a word or a piece of one.", "Answers", 1, 200,
    ),
    Setting(
        "qa.overlap", bool, False, "Let answers overlap",
        "List spans that share words with a better one too.", "Answers",
    ),
    Setting(
        "qa.doubtful_below", float, 0.4, "Doubtful below",
        "An answer with a lower confidence is shown, but marked as doubtful.", "Answers", 0.0, 1.0,
    ),
    Setting(
        "qa.max_seq_length", int, 384, "Window length (tokens)",
        "How many tokens the model sees at once, question included.", "Reading", 64, 4096,
    ),
    Setting(
        "qa.doc_stride", int, 128, "Shared by neighbouring windows (tokens)",
        "Tokens at the end of a window that the next one reads again.", "Reading", 0, 2048,
    ),
    Setting("model.folder", str, "", "Model folder", "Empty means the model that comes with QADesk.", "Model"),
    Setting("model.previous", str, "", "Model before", "The model that was used before this one, to go back to."),
    Setting(
        "hub.url", str, "https://huggingface.co", "Model hub",
        "Where 'Download a model' looks. QADesk opens no other connection, and this one only when you press it.",
        "Model",
    ),
    Setting(
        "model.device", str, "auto", "Device",
        "Where the model runs. 'auto' takes the fastest when measured, else the best that works.", "Devices",
        choices=(
            "auto", "cpu", "cuda", "cuda:1", "cuda:2", "cuda:3", "cuda:4", "cuda:5", "cuda:6", "cuda:7", "mps",
            "directml", "coreml", "openvino",
        ),
    ),
    Setting(
        "model.threads", int, 0, "Processor threads",
        "0 takes as many as there are physical cores this program may use.", "Devices", 0, 256,
    ),
    Setting(
        "documents.max_megabytes", int, 200, "Largest file (MB)",
        "Larger files are not opened.", "Documents", 1, 2000,
    ),
    Setting(
        "view.theme", str, "system", "Appearance", "Light, dark, or as the system says.", "View",
        choices=("system", "light", "dark"),
    ),
    Setting("view.zoom", int, 100, "Text size (per cent)", "Also Ctrl+plus and Ctrl+minus.", "View", 50, 300),
    Setting(
        "view.line_length", int, 76, "Line length (characters)",
        "Lines of the document are not made longer than this.", "View", 40, 200,
    ),
    Setting("state.geometry", str, "", "Window place", "Size and place of the window."),
    Setting("state.layout", str, "", "Window layout", "How the window is divided."),
    Setting("state.devices", str, "", "Devices measured", "How fast each device was when it was measured, as JSON."),
    Setting("state.started", bool, False, "Started before", "Whether the first start is over."),
)  # fmt: skip

BY_KEY = {row.key: row for row in ROWS}


def row(key: str) -> Setting:
    """The row of ``key``. Raises ``SettingError`` if there is none."""
    try:
        return BY_KEY[key]
    except KeyError:
        raise SettingError(f"There is no setting '{key}'.", "See 'qadesk settings' for all of them.") from None


def pages() -> dict[str, list[Setting]]:
    """The rows that the dialog shows, by page, in the order of the table."""
    shown: dict[str, list[Setting]] = {}
    for each in ROWS:
        if each.page:
            shown.setdefault(each.page, []).append(each)
    return shown


class Settings:
    """The values. Each ``set`` is written at once, by a temporary file and a rename."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or paths.config_dir() / "settings.json"
        self._values: dict[str, Value] = dict(_valid(_read(self.path)))
        self._overrides: dict[str, Value] = {}

    def __getitem__(self, key: str) -> Any:  # the row says the type; callers know their row
        return self._overrides.get(key, self._values.get(key, row(key).default))

    def set(self, key: str, value: object) -> None:
        """Keep ``value``. Raises ``SettingError`` if it is not one, or cannot be written."""
        self._values[key] = row(key).check(value)
        self._write()

    def override(self, key: str, value: object) -> None:
        """Use ``value`` while this program runs, without keeping it. Raises ``SettingError``."""
        self._overrides[key] = row(key).check(value)

    def reset(self, key: str) -> None:
        """Go back to the default of ``key``."""
        self._values.pop(row(key).key, None)
        self._write()

    def _write(self) -> None:
        part = self.path.with_suffix(".part")
        try:
            part.write_text(json.dumps(self._values, indent=1, sort_keys=True), encoding="utf-8")
            os.replace(part, self.path)
        except OSError as error:
            raise SettingError(
                "The settings could not be saved.", f"Check that {self.path.parent} can be written to.", str(error)
            ) from error


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        _log.warning("settings not readable, defaults used: %s", error)
        return {}
    return found if isinstance(found, dict) else {}


def _valid(found: dict[str, object]) -> Iterable[tuple[str, Value]]:
    for key, value in found.items():
        if key not in BY_KEY:
            continue  # of a newer or older version
        try:
            yield key, BY_KEY[key].check(value)
        except SettingError as error:
            _log.warning("setting replaced by its default: %s", error)
