"""Events as JSON and in the log of a run."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from qadesk.app.training import run_log
from qadesk.app.training.run_events import Phase, RunEvent, as_phase, event_as_json, event_from_json
from qadesk.app.training.run_log import RunLog, elapsed_seconds, read_events
from qadesk.progress import Progress
from qadesk.sentences import TEMPLATES, Sentence, verbatim
from qadesk.train.events import Evaluated, Noted, Saved, Stepped


def step(number: int) -> Stepped:
    return Stepped(number, 40, 1, 2.5, 0.25, 5e-5, 12.5)


EVENTS: list[RunEvent] = [
    step(3),
    Stepped(1, 40, 1, 2.5, 0.0, 5e-5, None),
    Evaluated(3, 2.5, 40.0, 52.5),
    Saved(3, Path("run") / "checkpoints"),
    Noted(verbatim("It is 'well'.")),
    Noted(Sentence("run.resumed", {"step": 3})),
    Phase("Comparing", 3, 20, 4.5),
]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_read_as_it_was_written(event: RunEvent) -> None:
    assert event_from_json(json.loads(json.dumps(event_as_json(event)))) == event


@pytest.mark.parametrize(
    ("id_", "arguments", "text"),
    [
        ("run.preparing", {}, "Preparing the labels and the model."),
        ("run.device", {"device": "the processor"}, "Training on the processor."),
        ("run.left_out", {"left_out": 1, "total": 7}, "1 of 7 labels were left out: their answers do not stand in the "
         "text, or their questions are too long."),
        ("run.resumed", {"step": 12}, "Going on after step 12."),
        ("run.share", {"share": 0.5}, "It forgot too much, so its weights went further back: 50% of what was learned "
         "is in them."),
    ],
)  # fmt: skip
def test_each_note_is_stored_as_its_id(id_: str, arguments: dict[str, str | float], text: str) -> None:
    row = json.loads(json.dumps(event_as_json(Noted(Sentence(id_, arguments)))))
    assert row == {"event": "Noted", "text": [id_, arguments]}
    assert id_ in TEMPLATES
    note = event_from_json(row)
    assert isinstance(note, Noted)
    assert note.text == text


def test_a_note_of_an_older_version_is_kept_word_for_word(tmp_path: Path) -> None:
    (tmp_path / run_log.LOG).write_text('{"at": 1.5, "event": "Noted", "text": "Training on {cpu}."}\n')
    (note,) = read_events(tmp_path)
    assert isinstance(note, Noted)
    assert note.text == "Training on {cpu}."


def test_progress_becomes_a_phase() -> None:
    assert as_phase(Progress("Checking", 4, 39, 2.5)) == Phase("Checking", 4, 39, 2.5)
    assert as_phase(Progress("Answering", 4, 39), "Baseline") == Phase("Baseline", 4, 39)


def test_the_log_holds_all_but_phases(tmp_path: Path) -> None:
    assert read_events(tmp_path) == []
    with RunLog(tmp_path) as log:
        for event in EVENTS:
            log.write(event)
    events = [event for event in EVENTS if not isinstance(event, Phase | Stepped)]
    assert read_events(tmp_path) == [EVENTS[1], *events]  # step 1 was repeated after step 3


def test_repeated_steps_are_read_once(tmp_path: Path) -> None:
    with RunLog(tmp_path) as log:
        for event in (Evaluated(0, 3, 1, 1), step(1), step(2), Evaluated(2, 2, 2, 2), step(3)):
            log.write(event)
    with (tmp_path / run_log.LOG).open("a") as file:
        file.write('{"at": 3.5, "event": "Step')  # killed in the middle of a line
    with RunLog(tmp_path) as log:
        for event in (step(2), Evaluated(2, 1.5, 3, 3), step(3)):
            log.write(event)
    events = read_events(tmp_path)
    assert [event.step for event in events if isinstance(event, Stepped)] == [1, 2, 3]
    assert [event.loss for event in events if isinstance(event, Evaluated)] == [3, 1.5]


DAMAGED = [
    '{"at": 1.0, "event": "Stepped", "step": 9}',
    '{"at": 1.0, "event": "Stepped", "step": "9", "steps": 40, "epoch": 1, "loss": 1, "distil_loss": 0, '
    '"learning_rate": 0, "seconds_left": 1}',
    '{"at": 1.0, "event": "Moved", "step": 9}',
    '{"at": 1.0, "event": ["Stepped"]}',
    '{"at": 1.0, "event": "Noted", "text": 3}',
    '{"at": 1.0, "event": "Noted"}',
    '{"at": 1.0, "event": "Saved", "step": 3, "path": null}',
    '{"at": 1.0, "event": "Evaluated", "step": 3, "loss": [], "exact": 1, "f1": 1}',
    '{"at": null}',
    "{}",
    "[1]",
    "[" * 100_000,
    "\x00\x00",
]


@pytest.mark.parametrize("line", [*(line.encode() for line in DAMAGED), b'{"at": 1.0, "\xff": 1}'])
def test_a_damaged_row_is_left_out(tmp_path: Path, line: bytes) -> None:
    old = b'{"at": 1.5, "event": "Noted", "text": "Training on the processor."}'
    with (tmp_path / run_log.LOG).open("wb") as file:
        file.write(b"\n".join((old, line, b"")))
    with RunLog(tmp_path) as log:
        log.write(step(3))
    assert read_events(tmp_path) == [Noted(verbatim("Training on the processor.")), step(3)]
    assert 1.5 <= elapsed_seconds(tmp_path) < 4


def test_the_time_of_all_processes_adds_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert elapsed_seconds(tmp_path) == 0
    for length in (7.0, 3.0):
        with RunLog(tmp_path) as log:
            log.write(Noted(verbatim("begun")))
            now += length
            log.write(Noted(verbatim("done")))
    assert elapsed_seconds(tmp_path) == 10.0
