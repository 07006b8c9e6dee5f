"""Reads one text in a process of its own, so that nothing before it has used memory.

    python benchmarks/fresh.py '{"text": "file.txt", ...}'        (started by ``in_fresh_process``)

Also follows a question from Enter to the end, in this and in any other process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from benchmarks import card
from benchmarks.facts import Fact
from benchmarks.memory import Peak
from benchmarks.timing import timed
from qadesk.progress import finish
from qadesk.qa.engine import Reader, open_reader
from qadesk.records import Answers


@dataclass(frozen=True, slots=True)
class QuestionTiming:
    """A question from Enter to the end. ``right`` is the seconds until the best answer holds the right one.

    It is None if it never does; ``stays`` tells whether the best answer at the end does.
    """

    right: float | None
    end: float
    stays: bool
    windows: int


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """The file of the text, the facts to ask for, and the reader's model and device."""

    text: str
    facts: tuple[tuple[str, str, str], ...]
    model: str
    device: str


@dataclass(frozen=True, slots=True)
class TextMeasurement:
    """Times in seconds, memory in bytes above the idle reader; ``card_memory`` is 0 without a graphics card.

    Idle is a reader that has answered a short question. ``size`` is that of the text (``sys.getsizeof``), which is
    read after that and so counts as memory above idle.
    """

    prepared: float
    memory: int
    card_memory: int
    size: int
    questions: tuple[QuestionTiming, ...]


def follow(reader: Reader, fact: Fact, text: str) -> QuestionTiming:
    """Ask as the window does, and check each ranking that it would show."""
    right: float | None = None
    start = time.perf_counter()
    readings = reader.answer(fact.question, text)
    while True:
        try:
            reading = next(readings)
        except StopIteration as end:
            answers: Answers = end.value
            break
        if right is None and _is_right(reading.answers, fact):
            right = time.perf_counter() - start
    seconds = time.perf_counter() - start
    if answers.notice:  # a device failed: this would not be its time
        raise RuntimeError(answers.notice)
    stays = _is_right(answers, fact)
    return QuestionTiming(seconds if stays and right is None else right, seconds, stays, answers.windows)


def _is_right(answers: Answers | None, fact: Fact) -> bool:
    return bool(answers and answers.best and fact.answer in answers.best.text)


def open_and_ask(task: ReadingTask) -> TextMeasurement:
    """Read the text and ask for the facts, in this process."""
    reader = open_reader(Path(task.model), device=task.device)
    reader.ask("Who wrote the letter?", "The letter was written by a clerk in the spring of 1871.")
    results: list[tuple[float, int, tuple[QuestionTiming, ...]]] = []

    def work() -> None:
        text = Path(task.text).read_bytes().decode()
        prepared = timed(lambda: finish(reader.prepare(text)))[1]
        timings = tuple(follow(reader, Fact(*fact), text) for fact in task.facts)
        results.append((prepared, sys.getsizeof(text), timings))

    with Peak() as peak:
        if reader.choice.device.startswith("cuda"):
            card_memory = card.peak(work)
        else:
            work()
            card_memory = 0
    prepared, size, timings = results[0]
    return TextMeasurement(prepared, peak.above, card_memory, size, timings)


def in_fresh_process(text: str, facts: Sequence[Fact], model: Path, device: str) -> TextMeasurement:
    """``open_and_ask`` in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text"
        path.write_bytes(text.encode())
        rows = tuple((fact.sentence, fact.question, fact.answer) for fact in facts)
        task = json.dumps(asdict(ReadingTask(str(path), rows, str(model.resolve()), device)))
        process = subprocess.run([sys.executable, __file__, task], capture_output=True, text=True, check=False)
    if process.returncode:
        raise RuntimeError(f"The process that reads one text failed:\n{process.stderr}")
    row = json.loads(process.stdout.splitlines()[-1])
    return TextMeasurement(**{**row, "questions": tuple(QuestionTiming(**question) for question in row["questions"])})


if __name__ == "__main__":
    print(json.dumps(asdict(open_and_ask(ReadingTask(**json.loads(sys.argv[1]))))))
