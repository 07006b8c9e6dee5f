"""A process that labels is killed at random moments: every label that it reported is stored, none by half."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qadesk.app.labelling import labels
from qadesk.app.open_store import open_store
from qadesk.records import LABELLED
from qadesk.store.database import Store

CHILD = """
import sys
from qadesk.app.open_store import open_store
from qadesk.app.labelling import labels
from qadesk.records import Document, GoldSpan, Label, LabelText, LABELLED
store = open_store()
number = len(labels.labels(store))
while True:
    document = Document(f"Words number {number} were said.", f"text {number}")
    label = labels.answer(store, document, "Which number?", [GoldSpan(0, 5, "Words")])
    labels.write_note(store, label.id, "told")
    text = LabelText(0, "set", "jsonl", None, "set", f"Set {number}.")
    rows = [Label(0, 0, "", f"Question {n}?", (GoldSpan(0, 3, "Set"),), False, LABELLED) for n in range(50)]
    labels.add_labels(store, [(text, rows)])
    labels.undo(store)
    labels.redo(store)
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
    number += 1
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is of Unix")
def test_a_killed_process_loses_nothing_that_it_reported() -> None:
    numbers: list[int] = []
    moments = random.Random(4)
    for _ in range(5):
        child = subprocess.Popen([sys.executable, "-c", CHILD], cwd=Path.cwd(), stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        with child.stdout as lines:
            numbers += [int(lines.readline()) for _ in range(moments.randrange(1, 20))]
            child.kill()
            numbers += [int(line) for line in lines if line.endswith("\n")]
        assert child.wait() == -signal.SIGKILL
        with closing(open_store()) as store:
            assert store.notices == ()
            check(store, numbers)


def check(store: Store, numbers: list[int]) -> None:
    """The labels of ``numbers`` are stored; a batch being written is stored whole or not at all; each can be undone."""
    texts = {text.id: text for text in labels.texts(store)}
    rows = labels.labels(store)
    assert all(answer.stands_in(texts[label.text_id].text) for label in rows for answer in label.answers)
    assert all(label.state == LABELLED for label in rows)
    notes = {texts[label.text_id].title: label.note for label in rows}
    assert [number for number in numbers if notes.get(f"text {number}") != "told"] == []
    sets: dict[str, int] = {}
    for label in rows:
        if texts[label.text_id].kind == "jsonl":
            sets[texts[label.text_id].text] = sets.get(texts[label.text_id].text, 0) + 1
    assert set(sets.values()) == {50}
    assert {f"Set {number}." for number in numbers} <= sets.keys()
    assert labels.undo(store)
    assert labels.redo(store)
    assert labels.labels(store) == rows
