"""Fine-tuning: how long it takes, what it needs, whether the window stays awake, and what it teaches.

    python benchmarks/teach.py window DATASET.json [--labels 200] [--effort balanced] [--write]
    python benchmarks/teach.py learn DATASET.json --general SQUAD.json [--labels 300] [--held-out 300]
                               [--by document] [--unanswered] [--plain] [--keep MODEL]
                               [--effort balanced] [--set option=value ...] [--write]

``window``  opens the real window (offscreen where there is no display), starts a run on some labels of DATASET as the
            wizard does, asks a question every two seconds meanwhile, and measures with a timer of 5 ms for how long the
            event loop was blocked at most. Memory is the highest sum of the resident
            memory of the window and of the child process.
``learn``   trains on some questions of DATASET, and measures the reader before and after on others to other texts of
            it (with --by document: of other documents), and on SQUAD, which nothing is trained or chosen by. Held-out
            questions are answered twice: as in the window, where a refusal counts, and with the best span in any case.
            With --unanswered a quarter of the labels and of the held-out questions are questions to other texts, made
            by the rule of ``qadesk.app.training.unanswered``. With --plain once more without the distillation loss.

Labels come from a home folder of its own; nothing of the user's is touched.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from benchmarks.results import circumstances, megabytes, table, write_section
from qadesk.labels.label_files import read_dataset
from qadesk.progress import finish
from qadesk.records import LabeledExample

WORDS = 250
"""Short paragraphs: texts of fewer words."""


def short(path: Path, count: int) -> list[LabeledExample]:
    """``count`` questions to short texts of the data set, spread over it, the same ones each time."""
    rows = [row for row in read_dataset(path).examples if len(row.context.split()) < WORDS]
    random.Random(1).shuffle(rows)
    return rows[:count]


def parted(parsed: argparse.Namespace) -> tuple[list[LabeledExample], list[LabeledExample]]:
    """Questions to learn from, and held-out questions to other texts, or to texts of other documents."""
    rows = list(read_dataset(parsed.dataset).examples)
    random.Random(1).shuffle(rows)
    if parsed.by == "document":
        titles = list(dict.fromkeys(row.title for row in rows))
        taught = set(titles[: len(titles) * 4 // 5])
        train, others = ([row for row in rows if (row.title in taught) is side] for side in (True, False))
        train, spare = train[: parsed.labels], train[parsed.labels :]
    else:
        train, spare = rows[: parsed.labels], rows[parsed.labels :]
        contexts = {row.context for row in train}
        others = [row for row in spare if row.context not in contexts]
    held_out = others[: parsed.held_out]
    if parsed.unanswered:
        train, held_out = (
            with_unanswered(part, more) for part, more in ((train, spare), (held_out, others[parsed.held_out :]))
        )
    return train, held_out


def with_unanswered(rows: list[LabeledExample], others: list[LabeledExample]) -> list[LabeledExample]:
    """``rows`` with the last quarter of them replaced by questions without an answer, made of ``others`` by rule."""
    from qadesk.app.training.unanswered import unanswered_questions

    labels = rows[: len(rows) * 3 // 4]
    questions = unanswered_questions(labels, others)[: len(rows) - len(labels)]
    return [*labels, *(replace(row, id=f"put-{row.id}") for row in questions)]  # as if a person had labelled them


def learn(parsed: argparse.Namespace) -> str:
    """The table of scores before and after."""
    from qadesk.app.reading.evaluate import evaluate
    from qadesk.app.reading.load import load_reader
    from qadesk.app.training import planning, run_folder, runs
    from qadesk.app.training.outcome import taught_text
    from qadesk.labels.dataset import Dataset
    from qadesk.qa.reader_options import Options

    train, held_out = parted(parsed)
    general = read_dataset(parsed.general)
    own = Dataset("2.0", tuple(held_out), ())
    sets = ((own, Options(top_k=1)), (own, Options(top_k=1, expected=1.0)), (general, Options(top_k=1, expected=1.0)))

    def scores(model: Path | None) -> list[float]:
        reader = load_reader(model, device="cpu")
        reports = [finish(evaluate(reader, rows, options, as_asked=True)).report for rows, options in sets]
        return [value for report in reports for value in (report.exact, report.f1)]

    rows = {"before": scores(None)}
    seconds = {"before": 0.0}
    options = dict(option.split("=", 1) for option in parsed.set)
    runs_to_make = {"after": {}, **({"after, without the term": {"distil_weight": "0"}} if parsed.plain else {})}
    for name, more in runs_to_make.items():
        plan = planning.plan(train, [], effort=parsed.effort, overrides={**options, **more})
        run = run_folder.create(plan)
        start = time.perf_counter()
        outcome = finish(runs.follow(run, runs.Control()))
        seconds[name] = time.perf_counter() - start
        rows[name] = scores(run / "result" if outcome.has_model else None)
        print(f"{name}: {outcome.verdict.text} share {outcome.share:.2f}, best step {outcome.best_step}", flush=True)
        print(taught_text(outcome), flush=True)
        if parsed.keep and outcome.has_model:
            shutil.copytree(run / "result", parsed.keep)
    before = rows["before"]
    lines = [
        [name, f"{seconds[name]:.0f}", *(f"{value:.2f}" for value in values), *_gains(values, before)]
        for name, values in rows.items()
    ]
    header = [
        "", "seconds", "held out EM", "F1", "best span EM", "F1", "general EM", "F1",
        "held out F1, gain", "best span F1, gain", "general F1, gain",
    ]  # fmt: skip
    words = f"{len(train)} questions of {parsed.dataset.name} as labels, {len(held_out)} held out; "
    return f"{words}general: {len(general.examples)} questions of {parsed.general.name}.\n\n{table(header, lines)}"


def _gains(values: list[float], before: list[float]) -> list[str]:
    return [f"{values[column] - before[column]:+.2f}" for column in (1, 3, 5)]


def window(parsed: argparse.Namespace) -> str:
    """The table of one run in the window, with questions asked meanwhile."""
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from qadesk.app.training import planning
    from qadesk.settings import Settings
    from qadesk.ui.shell.main_window import MainWindow

    app = QApplication(sys.argv[:1])
    main_window = MainWindow(Settings())
    main_window.resize(1280, 800)
    main_window.show()
    main_window.begin()
    watch = _Watch(app, main_window)
    watch.until(lambda: main_window.services.reader.is_ready and main_window.place("ask").session.document is not None)
    plan = planning.plan(short(parsed.dataset, parsed.labels), [], effort=parsed.effort)
    watch.start()
    start = time.perf_counter()
    main_window.training.monitor.begin(plan)
    watch.until(
        lambda: main_window.training.monitor.outcome is not None or main_window.training.monitor.error is not None
    )
    seconds = time.perf_counter() - start
    watch.stop()
    outcome, error = main_window.training.monitor.outcome, main_window.training.monitor.error
    main_window.close()
    if outcome is None:
        raise SystemExit(f"The run failed: {error}")
    phases = ", ".join(f"{name} {spent:.0f} s" for name, spent in watch.phases.items())
    rows = [
        ["from Start to the verdict, s", f"{seconds:.1f}"],
        ["window and child, highest memory, MB", megabytes(watch.memory)],
        ["child alone, MB", megabytes(watch.child_memory)],
        ["event loop blocked at most, ms", f"{1000 * watch.longest:.0f}"],
        ["event loop blocked, 99th of 100, ms", f"{1000 * watch.percentile(99):.0f}"],
        ["questions answered meanwhile", str(watch.answered)],
    ]
    words = (
        f"{len(plan.train)} labels of {parsed.dataset.name} to learn from and {len(plan.evaluation)} to measure with, "
    )
    return f"{words}'{parsed.effort}'. {outcome.verdict.text}\n\n{table(['', 'measured'], rows)}\n\nPhases: {phases}."


class _Watch:
    """Samples a window while it runs: gaps between the ticks of a timer, memory, phases; asks every two seconds."""

    def __init__(self, app: Any, main_window: Any) -> None:
        import psutil
        from PySide6.QtCore import QTimer

        self.app, self.shown = app, main_window
        self.gaps: list[float] = []
        self.memory = self.child_memory = self.answered = 0
        self.phases: dict[str, float] = {}
        self._last = 0.0
        self._process = psutil.Process()
        self._timers = [QTimer(), QTimer(), QTimer()]
        for timer, interval, call in zip(
            self._timers, (5, 250, 2000), (self._tick, self._sample, self._ask), strict=True
        ):
            timer.setInterval(interval)
            timer.timeout.connect(call)
        main_window.place("ask").session.finished.connect(self._count_answer)

    def until(self, is_done: Any) -> None:
        while not is_done():
            self.app.processEvents()
            time.sleep(0.001)

    def start(self) -> None:
        self._last = time.perf_counter()
        for timer in self._timers:
            timer.start()

    def stop(self) -> None:
        for timer in self._timers:
            timer.stop()

    @property
    def longest(self) -> float:
        return max(self.gaps)

    def percentile(self, share: float) -> float:
        return sorted(self.gaps)[int(len(self.gaps) * share / 100)]

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(max(0.0, now - self._last - 0.005))
        self._last = now

    def _sample(self) -> None:
        import psutil

        phase = self.shown.training.monitor.phase or "Starting"
        self.phases[phase] = self.phases.get(phase, 0.0) + 0.25
        children = 0
        for child in self._process.children(recursive=True):
            try:
                children += child.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        self.child_memory = max(self.child_memory, children)
        self.memory = max(self.memory, children + self._process.memory_info().rss)

    def _ask(self) -> None:
        if not self.shown.place("ask").session.is_working:
            self.shown.place("ask").session.ask("Who built the lighthouse?")

    def _count_answer(self, _answers: object) -> None:
        self.answered += 1


def main() -> None:
    """Run the measurement that is named, print its table, and keep it with --write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("window", "learn"))
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--general", type=Path)
    parser.add_argument("--labels", type=int)
    parser.add_argument("--held-out", type=int, default=300)
    parser.add_argument("--by", choices=("text", "document"), default="text")
    parser.add_argument("--unanswered", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--keep", type=Path, help="a new folder for the model")
    parser.add_argument("--effort", default="balanced")
    parser.add_argument("--set", nargs="*", default=[], metavar="OPTION=VALUE")
    parser.add_argument("--write", action="store_true", help="keep the table in RESULTS.md")
    parsed = parser.parse_args()
    parsed.labels = parsed.labels or {"window": 200, "learn": 300}[parsed.what]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ["QADESK_HOME"] = home
        body = {"window": window, "learn": learn}[parsed.what](parsed)
    title = {"window": "Fine-tuning in the window", "learn": f"What fine-tuning teaches ({parsed.dataset.stem})"}
    print(body)
    if parsed.write:
        write_section(title[parsed.what], f"{circumstances()}\n\n{body}")


if __name__ == "__main__":
    main()
