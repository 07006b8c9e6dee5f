"""A model without a fast graph answers at once, and a faster one takes its place; and reading ahead."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from driving import MakeWindow, ScriptedReader, ask, ask_bar, ask_place, ask_session
from pytestqt.qtbot import QtBot

from qadesk.errors import ModelError
from qadesk.progress import Progress
from qadesk.qa.devices import Choice
from qadesk.qa.graphs import Prepared
from qadesk.sentences import verbatim
from qadesk.ui.shell.main_window import MainWindow

TEXT = "The lamp was lit by Isaac Penhale."
FOUND = (("Isaac Penhale", 0.82),)
STEPS = (Progress("Exporting", 0, 0), Progress("Checking", 20, 50, 40.0))


@dataclass
class Preparation:
    """A preparation that ends with ``verdict``, and runs for as long as ``hold`` is set; counts starts and ends."""

    verdict: Prepared | Exception
    hold: bool = False
    folders: list[Path] = field(default_factory=list)
    end_count: int = 0

    def __call__(self, folder: Path) -> Generator[Progress, None, Prepared]:
        self.folders.append(folder)
        try:
            for step in STEPS:
                time.sleep(0.12)
                yield step
            while self.hold:
                time.sleep(0.02)
                yield STEPS[-1]
            if isinstance(self.verdict, Exception):
                raise self.verdict
            return self.verdict
        finally:
            self.end_count += 1


class SlowOpinions(ScriptedReader):
    """Runs in torch, from a folder that a graph can be made of."""

    choice = Choice("cpu", "torch", "float32", "this model has no ONNX graph")


@pytest.fixture
def slow(tmp_path: Path) -> SlowOpinions:
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (tmp_path / name).write_bytes(b"{}")
    reader = SlowOpinions(FOUND)
    weights = (tmp_path / "model.safetensors",)
    reader.model = SimpleNamespace(name="mine", folder=tmp_path, onnx=None, safetensors=weights)  # type: ignore[misc]
    return reader


def start(qtbot: QtBot, make_window: MakeWindow, readers: list[ScriptedReader], preparation: Preparation) -> MainWindow:
    """A window that loads ``readers`` one after the other, the last one for ever."""
    window = make_window(ScriptedReader(FOUND), text=TEXT)
    window.services.reader._load = lambda _settings: readers.pop(0) if len(readers) > 1 else readers[0]  # type: ignore[assignment,return-value]
    window.services.reader._prepare = preparation
    with qtbot.waitSignal(window.services.reader.loaded):
        window.services.reader.load()
    return window


def test_a_faster_reader_takes_the_place_and_the_answers_stay(
    qtbot: QtBot, make_window: MakeWindow, slow: SlowOpinions, tmp_path: Path
) -> None:
    preparation = Preparation(Prepared(tmp_path / "model_int8.onnx"), hold=True)
    fast = ScriptedReader(FOUND)
    fast.model = SimpleNamespace(**(vars(slow.model) | {"onnx": Path("model_int8.onnx")}))  # type: ignore[misc]
    window = start(qtbot, make_window, [slow, fast], preparation)
    status = window.services.status
    assert status.device.toolTip().count("float32") == 1
    qtbot.waitUntil(status.work.isVisible)
    assert status.work.text() == "Making the model faster"
    assert (status.bar.minimum(), status.bar.maximum()) == (0, 0)
    qtbot.waitUntil(lambda: status.work.text() == "Making the model faster · 40 s left")
    assert status.bar.isVisible()
    assert (status.bar.value(), status.bar.maximum()) == (20, 50)
    assert status.bar.accessibleName()
    ask(qtbot, window, "Who lit the lamp?")  # meanwhile
    assert slow.asked == ["Who lit the lamp?"]
    with qtbot.waitSignal(window.services.reader.loaded):
        preparation.hold = False
    assert "int8" in status.device.toolTip()
    assert not status.work.isVisible()
    assert not status.bar.isVisible()
    assert ask_session(window).answer is not None
    assert ask_session(window).answer.text == "Isaac Penhale"
    assert preparation.folders == [tmp_path]
    assert not window.services.messages.isVisible()


def test_a_model_with_a_drifting_graph_stays_in_float32_and_that_is_reported(
    qtbot: QtBot, make_window: MakeWindow, slow: SlowOpinions
) -> None:
    reasons = (verbatim("Its int8 graph strays too far."),)
    window = start(qtbot, make_window, [slow], Preparation(Prepared(None, reasons)))
    qtbot.waitUntil(window.services.messages.isVisible)
    assert (
        window.services.messages.text
        == "The model answers as it is, more slowly than it might. Its int8 graph strays too far."
    )
    assert window.services.status.device.toolTip().count("float32") == 1
    assert not window.services.status.work.isVisible()
    ask(qtbot, window, "Who lit the lamp?")


def test_a_preparation_that_fails_is_a_quiet_message(qtbot: QtBot, make_window: MakeWindow, slow: SlowOpinions) -> None:
    window = start(qtbot, make_window, [slow], Preparation(ModelError("There is no room.", "Make some.")))
    qtbot.waitUntil(window.services.messages.isVisible)
    assert window.services.messages.text.startswith("The model could not be made faster: it answers as it is.")
    assert window.services.messages.text.endswith("There is no room. Make some.")
    assert window.services.messages._title.property("kind") == "info"
    assert not window.services.status.work.isVisible()


def test_another_model_or_the_end_stops_it(qtbot: QtBot, make_window: MakeWindow, slow: SlowOpinions) -> None:
    preparation = Preparation(Prepared(None), hold=True)
    window = start(qtbot, make_window, [slow], preparation)
    qtbot.waitUntil(window.services.status.work.isVisible)
    window.services.reader._load = lambda _settings: ScriptedReader(FOUND)  # type: ignore[assignment,return-value]
    with qtbot.waitSignal(window.services.reader.loaded):
        window.services.reader.load()
        assert not window.services.status.work.isVisible()
    qtbot.waitUntil(lambda: preparation.end_count == 1)
    window.services.reader._load = lambda _settings: slow  # type: ignore[assignment,return-value]
    window.services.reader.load()
    qtbot.waitUntil(window.services.status.work.isVisible)
    start_time = time.monotonic()
    window.close()
    assert time.monotonic() - start_time < 1
    assert (len(preparation.folders), preparation.end_count) == (2, 2)


def test_a_reader_that_is_fast_is_left_alone(qtbot: QtBot, make_window: MakeWindow) -> None:
    preparation = Preparation(Prepared(None))
    start(qtbot, make_window, [ScriptedReader(FOUND)], preparation)
    qtbot.wait(100)
    assert preparation.folders == []


def test_a_document_is_read_ahead_without_a_word(qtbot: QtBot, make_window: MakeWindow) -> None:
    reader = ScriptedReader(FOUND, pieces=200, pause=0.005)
    window = make_window(reader, text=TEXT)
    work = ask_bar(window).work
    assert not ask_session(window).is_working
    qtbot.wait(600)
    assert not work.isVisible()
    with qtbot.waitSignal(ask_session(window).finished, timeout=5000):  # it waits for its tokens
        ask_place(window).controller.ask("Who lit the lamp?")
        qtbot.waitUntil(lambda: work.text.startswith("Preparing "))
    assert reader.ahead == [TEXT]
    assert ask_session(window).answer is not None


def test_another_document_is_read_ahead_instead(qtbot: QtBot, make_window: MakeWindow) -> None:
    reader = ScriptedReader(FOUND, pieces=100_000, pause=0.005)
    window = make_window(reader, text="The first one.")
    qtbot.wait(50)
    reader.pieces = 1
    window.services.documents.paste(TEXT)
    qtbot.waitUntil(lambda: reader.ahead == [TEXT])


def test_a_notice_is_reported_and_the_device_it_went_to_is_shown(qtbot: QtBot, make_window: MakeWindow) -> None:
    class Failing(ScriptedReader):
        choice = Choice("cuda", "torch", "bfloat16", "a card")

        def answer(self, question: str, text: str, options: object = None):  # type: ignore[no-untyped-def]
            self.choice = Choice("cpu", "onnx", "int8", "the card failed")  # type: ignore[misc]
            return super().answer(question, text, options)

    reader = Failing(FOUND, notice="The graphics card failed; the processor answered.")
    window = make_window(reader, text=TEXT)
    assert window.services.status.device.text() == "Graphics card"
    ask(qtbot, window, "Who lit the lamp?")
    assert window.services.messages.text == "The graphics card failed; the processor answered."
    assert window.services.messages._title.property("kind") == "info"
    assert window.services.status.device.text() == "Processor"
    assert "the card failed" in window.services.status.device.toolTip()
    reader.notice = ""
    window.services.messages.dismiss()
    ask(qtbot, window, "Who lit it?")
    assert not window.services.messages.isVisible()
