"""Every setting, declared once: the dialog, the checks and ``qadesk settings`` are made from these tables.

The values are stored in ``settings.json`` in the user's config folder. A value that is missing, of the wrong type or
out of range is replaced by its default: a bad setting never keeps the program from starting.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from qadesk import paths
from qadesk.errors import SettingError

_log = logging.getLogger(__name__)

Value = bool | int | float | str
Affects = Literal["", "appearance", "reader", "answers", "question"]
"""What follows a change at once: another look, another reader, the answers shown anew, or the question asked again."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of ``ROWS``. ``page`` is the title of a page of the dialog; '' means stored but not shown.

    ``titles`` are those of ``choices`` that do not say what they are. ``widget`` 'folder' adds a button that chooses
    one to the field; else the field is that of the type. ``unit`` is what the dialog shows after a number: with '%' a
    float is a share of 1. ``automatic``: the lowest number means that QADesk chooses it.
    """

    key: str
    type: type[Value]
    default: Value
    title: str
    help: str
    page: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    widget: Literal["", "folder"] = ""
    unit: Literal["", "%", "MB"] = ""
    automatic: bool = False
    affects: Affects = ""

    def title_of(self, choice: str) -> str:
        """The title of one of ``choices``, as the dialog shows it."""
        return self.titles.get(choice, choice)

    def check(self, value: object) -> Value:
        """``value``, as a float if that is the type. Raises ``SettingError`` if this setting does not take it."""
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
        """The value that ``text`` stands for on a command line. Raises ``SettingError``."""
        if self.type is str:
            return self.check(text)
        try:
            return self.check(json.loads(text.lower()))
        except ValueError:
            raise SettingError(f"'{self.key}' takes a value of type {self.type.__name__}.") from None


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """A page of the dialog: the rows that name it, below them a widget of its own, if it has one.

    ``widget`` is 'module:class' of a ``qadesk.ui.settings.custom_page.CustomPage``, imported when the dialog opens.
    """

    title: str
    widget: str = ""


PAGES: tuple[SettingsPage, ...] = (
    SettingsPage("General"),
    SettingsPage("Answers"),
    SettingsPage("Documents"),
    SettingsPage("Labels"),
    SettingsPage("View"),
    SettingsPage("Model", "qadesk.ui.settings.devices_page:DevicesPage"),
    SettingsPage("Advanced"),
)

ROWS: tuple[Setting, ...] = (
    Setting(
        "start.restore", bool, True, "Go on where I stopped",
        "QADesk starts with the document, the place and the question that were there when it was closed.", "General",
    ),
    Setting(
        "history.keep", bool, True, "Keep the questions and answers",
        "For the History place and for Up and Down in the question. Off: no new ones are written; those that are "
        "there, and the recent documents, stay until you forget them.", "General",
    ),
    Setting(
        "qa.expected", str, "usually", "Answers in my documents",
        "How likely a question is to have its answer in the document. It decides when QADesk says that there is none.",
        "Answers", choices=("usually", "maybe", "surely"),
        titles={
            "usually": "Usually hold the answer", "maybe": "May not hold the answer",
            "surely": "Surely hold the answer",
        },
        affects="question",
    ),
    Setting("qa.top_k", int, 5, "Answers to list", "How many answers a question gets at most.", "Answers", 1, 20),
    Setting(
        "qa.doubtful_below", float, 0.4, "Doubtful below",
        "An answer that is less likely to be right is shown, but marked as doubtful.", "Answers", 0.0, 1.0, unit="%",
        affects="answers",
    ),
    Setting(
        "documents.recognize", str, "ask", "Pages that are pictures",
        "Scans have no text. QADesk can recognise it as soon as they are opened, or when you ask for it.", "Documents",
        choices=("ask", "always"),
        titles={"ask": "Recognise their text when I ask for it", "always": "Recognise their text at once"},
    ),
    Setting(
        "documents.languages", str, "eng", "Languages of pictures",
        "As 'eng+deu'. English is there; for others put their files (deu.traineddata) into the folder 'languages' of "
        "QADesk's data.", "Documents",
    ),
    Setting(
        "documents.max_megabytes", int, 200, "Largest file",
        "Larger files are not opened.", "Documents", 1, 2000, unit="MB",
    ),
    Setting(
        "labels.author", str, "", "Your name",
        "Written beside your labels in exported files, so that others can tell them from theirs. Labels that are "
        "imported with this name are yours.", "Labels",
    ),
    Setting(
        "labels.asked", bool, True, "Label what I ask",
        "Questions that you ask of a document come to the place Label as open ones, as soon as you label that "
        "document. Each comes once.", "Labels",
    ),
    Setting(
        "view.theme", str, "system", "Theme", "Light, dark, or as the system says.", "View",
        choices=("system", "light", "dark"), titles={"system": "As the system", "light": "Light", "dark": "Dark"},
        affects="appearance",
    ),
    Setting(
        "view.text_zoom", int, 100, "Size of the document's text",
        "Also Ctrl+plus, Ctrl+minus and Ctrl+wheel. Menus and answers stay as they are.", "View", 50, 300, unit="%",
        affects="appearance",
    ),
    Setting(
        "view.zoom", int, 100, "Size of the interface",
        "All of the window. Also Ctrl+Alt+plus and Ctrl+Alt+minus.", "View", 50, 300, unit="%", affects="appearance",
    ),
    Setting(
        "view.line_length", int, 76, "Line length",
        "Lines of the document are not made longer than this, in characters.", "View", 40, 200, affects="appearance",
    ),
    Setting(
        "view.dark_pages", str, "invert", "Pages of a PDF in the dark",
        "How printed pages look in a dark window: dark with light letters, darker paper, or as printed.", "View",
        choices=("invert", "dim", "paper"),
        titles={"invert": "Light letters on dark", "dim": "Darker paper", "paper": "As printed"},
        affects="appearance",
    ),
    Setting(
        "model.folder", str, "", "Model folder",
        "Empty means the model that comes with QADesk. Model, Models… in the menu lists all.", "Model",
        widget="folder", affects="reader",
    ),
    Setting("model.previous", str, "", "Model before", "The model that was used before this one, to go back to."),
    Setting(
        "model.device", str, "auto", "Device",
        "Where the model runs. Automatic: the fastest that was measured, else the best that works.", "Model",
        choices=(
            "auto", "cpu", "cuda", "cuda:1", "cuda:2", "cuda:3", "cuda:4", "cuda:5", "cuda:6", "cuda:7", "mps",
            "directml", "coreml", "openvino",
        ),
        titles={
            "auto": "Automatic", "cpu": "Processor", "cuda": "Graphics card", "mps": "Apple GPU",
            "directml": "Graphics card (DirectML)", "coreml": "Core ML", "openvino": "OpenVINO",
        },
        affects="reader",
    ),
    Setting(
        "model.threads", int, 0, "Processor threads",
        "Automatic: as many as there are physical cores that this program may use.", "Advanced", 0, 256,
        automatic=True, affects="reader",
    ),
    Setting(
        "qa.max_answer_tokens", int, 30, "Longest answer (tokens)",
        "Longer spans are not considered. A token is a word or a piece of one.", "Advanced", 1, 200,
    ),
    Setting(
        "qa.overlap", bool, False, "Let answers overlap",
        "List spans that share words with a better one too.", "Advanced",
    ),
    Setting(
        "qa.max_seq_length", int, 384, "Window length (tokens)",
        "How many tokens the model sees at once, question included. A text that fits is read whole.",
        "Advanced", 64, 4096,
    ),
    Setting(
        "qa.split_length", int, 256, "Window length in long texts (tokens)",
        "A text that does not fit in one window is read in several of this length, at most that of a window.",
        "Advanced", 64, 4096,
    ),
    Setting(
        "qa.doc_stride", int, 96, "Shared by neighbouring windows (tokens)",
        "Tokens at the end of a window that the next one reads again.", "Advanced", 0, 2048,
    ),
    Setting(
        "hub.url", str, "https://huggingface.co", "Model hub",
        "Where 'Download a model' looks. QADesk opens no other connection, and this one only when you press it.",
        "Advanced",
    ),
    Setting("state.geometry", str, "", "Window place", "Size and place of the window."),
    Setting("state.layout", str, "", "Window layout", "How the window is divided."),
    Setting("state.library_layout", str, "", "Library layout", "How the library is divided."),
    Setting("state.outline", bool, False, "Outline shown", "Whether a document is shown with its outline."),
    Setting("state.outline_layout", str, "", "Outline layout", "How the document and its outline are divided."),
    Setting("state.history_layout", str, "", "History layout", "How the history is divided."),
    Setting("state.pages", str, "{}", "Documents shown as pages", "Whether, by their paths, the newest last, as JSON."),
    Setting("state.page_strip", bool, False, "Small pages shown", "Whether all pages are shown, small, beside them."),
    Setting("state.devices", str, "", "Devices measured", "How fast each device was when it was measured, as JSON."),
    Setting("state.training_speed", str, "", "Speed of training", "A factor of what is assumed, by device, as JSON."),
    Setting("state.export_format", str, "markdown", "Format of exports", "The one that was chosen last."),
    Setting("state.folders", str, "{}", "Folders chosen last", "For each kind of file, as JSON."),
    Setting("state.place", str, "", "Place shown last", "The name of the place."),
    Setting("state.last", str, "{}", "What was open last", "The document, the place and the question, as JSON."),
    Setting("state.started", bool, False, "Started before", "Whether the first start is over."),
)  # fmt: skip

BY_KEY = {row.key: row for row in ROWS}


def row(key: str) -> Setting:
    """The row of ``key``. Raises ``SettingError`` if there is none."""
    try:
        return BY_KEY[key]
    except KeyError:
        raise SettingError(f"There is no setting '{key}'.", "See 'qadesk settings' for all of them.") from None


def pages() -> dict[SettingsPage, list[Setting]]:
    """The pages of the dialog with their rows, in the order of the tables."""
    return {page: [row for row in ROWS if row.page == page.title] for page in PAGES}


class Settings:
    """The values of all rows. Each change is written at once, to a temporary file that is renamed."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or paths.config_dir() / "settings.json"
        self._values: dict[str, Value] = dict(_valid(_read(self.path)))
        self._overrides: dict[str, Value] = {}

    def __getitem__(self, key: str) -> Any:  # the row says the type; callers know their row
        return self._overrides.get(key, self._values.get(key, row(key).default))

    def set(self, key: str, value: object) -> None:
        """Store ``value``. Raises ``SettingError`` if the row does not take it, or it cannot be written."""
        self._values[key] = row(key).check(value)
        self._write()

    def override(self, key: str, value: object) -> None:
        """Use ``value`` while this object lives, without storing it. Raises ``SettingError``."""
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


def own_name(settings: Settings) -> str:
    """The name of the user in files of labels, '' for none."""
    name: str = settings["labels.author"]
    return " ".join(name.split())


def _read(path: Path) -> dict[str, object]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        _log.warning("settings not readable, defaults used: %s", error)
        return {}
    return values if isinstance(values, dict) else {}


def _valid(values: dict[str, object]) -> Iterable[tuple[str, Value]]:
    """Those of ``values`` that their rows take; keys of other versions are left out."""
    for key, value in values.items():
        if key not in BY_KEY:
            continue
        try:
            yield key, BY_KEY[key].check(value)
        except SettingError as error:
            _log.warning("setting replaced by its default: %s", error)
