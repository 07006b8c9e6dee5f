"""Questions a second of ``qadesk batch`` by one worker and by several, in turns; the memory of the process that leads.

    python benchmarks/batch.py squad.json                              20,000 rows of at most 60 words, 1 and 2 workers
    python benchmarks/batch.py squad.json --rows 100000 --rounds 2 --write
    python benchmarks/batch.py squad.json --workers 2 --ray --rounds 3 also by Ray on this computer, in turns
    python benchmarks/batch.py squad.json --rows 1000000 --stop-after 120 --workers 2
                                                                       only the first minutes of a large job

The rows are the questions of a data set in SQuAD's format, again and again, each with the ``--words`` words of its
paragraph around the answer, so that a row is a short window; ``--words 0`` takes paragraphs whole. Each turn runs the
real command in a process of its own with a new home, and what it writes must be the same each time. Scaling a core is
the rate of n workers by n times the rate of one, both on their own time: from the first chunk that is done to the last,
and on as many cores as workers (Linux). Rows a second of processor time tell what the work costs where others disturb.
The memory is that of the process that leads, without its workers (Linux): when it has begun, the most, and at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from benchmarks import results
from qadesk import paths
from qadesk.labels.label_files import read_dataset
from qadesk.records import LabeledExample

TITLE = "Batch jobs"
BY_RAY = " by Ray"


@dataclass(frozen=True, slots=True)
class BatchTurn:
    """One run of the command. ``rate`` in rows a second of its own time, ``seconds`` with its start; memory in bytes.

    ``cpu_rate`` is rows by the seconds of processor time of all its processes, with their start; of Ray only what leads
    is known. ``digest`` is that of what was written, '' where the run was stopped.
    """

    name: str
    rate: float
    cpu_rate: float
    seconds: float
    memory: tuple[int, int, int]
    rows: int
    digest: str


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="qadesk-batch-", dir=options.folder) as folder:
        source = Path(folder) / "in.jsonl"
        size = write_rows(source, options.data, options.rows, options.words)
        print(f"{options.rows:,} rows, {size / 1e6:.1f} MB")
        turns = []
        for number in range(options.rounds):
            names = options.workers if number % 2 == 0 else options.workers[::-1]
            for workers, engine in product(names, ("local", "ray") if options.ray else ("local",)):
                name = f"{workers} workers{BY_RAY if engine == 'ray' else ''}"
                more = (f"--engine={engine}",)
                turn = run_turn(source, name, workers, stop_after=options.stop_after, more=more)
                print(f"{turn.name}: {turn.rate:.1f} rows a second, {turn.cpu_rate:.1f} a CPU second", flush=True)
                turns.append(turn)
    what = f"{options.rows:,} rows of at most {options.words or 'all'} words"
    report = f"{what}. {results.circumstances()}\n\n{summary(turns)}{ray_overhead(turns)}"
    print(f"\n{report}")
    if options.write:
        results.write_section(TITLE, report)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a data set in SQuAD's format")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=60, help="of a context, at most; 0 for all")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--ray", action="store_true", help="each number of workers also by Ray on this computer")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--stop-after", type=float, default=0.0, metavar="SECONDS", help="press Ctrl+C then")
    parser.add_argument("--folder", type=Path, help="for the files (default: that of temporary files)")
    parser.add_argument("--write", action="store_true", help="write the results to RESULTS.md")
    return parser


def write_rows(target: Path, data: Path, count: int, words: int) -> int:
    """Write ``count`` rows of the questions in ``data`` to ``target``. Returns its size in bytes."""
    examples = read_dataset(data).examples
    with target.open("w", encoding="utf-8") as file:
        for number, example in enumerate(islice(cycle(examples), count)):
            row = {"id": number, "question": example.question, "context": _around_answer(example, words)}
            file.write(json.dumps(row) + "\n")
    return target.stat().st_size


def _around_answer(example: LabeledExample, words: int) -> str:
    """The ``words`` words of the context around the first answer, or its first ones; all for 0."""
    all_words = example.context.split()
    if not words or len(all_words) <= words:
        return example.context
    before = len(example.context[: example.answers[0].start].split()) if example.answers else 0
    first = max(0, min(before - words // 2, len(all_words) - words))
    return " ".join(all_words[first : first + words])


def run_turn(source: Path, name: str, workers: int, *, stop_after: float = 0.0, more: Sequence[str] = ()) -> BatchTurn:
    """Run the command with so many workers on as many cores, and with ``more`` arguments, in a new home."""
    folder = source.parent
    output = folder / f"out-{time.monotonic_ns()}.jsonl"
    command = [*paths.own_command(), "batch", str(source), str(output), "--json", f"--workers={workers}", *more]
    with tempfile.TemporaryDirectory(dir=folder) as home:
        environment = {**paths.own_environment(), "QADESK_HOME": home}
        began, cpu_before = time.monotonic(), _cpu_seconds()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(process.pid, sorted(os.sched_getaffinity(0))[:workers])
            steps, memory = [], []
            for message in _messages(process):
                if "progress" in message and message["progress"]["what"] == "Answering":
                    steps.append((time.monotonic(), message["progress"]["done"]))
                    memory.append(_resident(process.pid))
                if stop_after and time.monotonic() - began > stop_after:
                    process.send_signal(signal.SIGINT)
                    stop_after = 0.0
            seconds = time.monotonic() - began
    cpu = _cpu_seconds() - cpu_before
    digest = ""
    if output.is_file():
        with output.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        output.unlink()
    working = [step for step in steps if step[1]]
    (first, before), (last, after) = working[0], working[-1]
    rate = (after - before) / (last - first) if last > first else float("nan")
    return BatchTurn(name, rate, after / cpu, seconds, (memory[0], max(memory), memory[-1]), after, digest)


def _cpu_seconds() -> float:
    """The processor time of all processes that this one started and that have ended, with those that they started."""
    import resource  # of Unix

    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _messages(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout
    for line in process.stdout:
        yield json.loads(line)


def _resident(pid: int) -> int:
    """The bytes of memory that the process ``pid`` has now; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def summary(turns: Sequence[BatchTurn]) -> str:
    """The turns as a table, by name, with the median of their rates."""
    by_name: dict[str, list[BatchTurn]] = {}
    for turn in turns:
        by_name.setdefault(turn.name, []).append(turn)
    first = next(iter(by_name))
    base = statistics.median(turn.rate for turn in by_name[first]) / int(first.split()[0])  # of one worker
    rows = []
    for name, group in by_name.items():
        rate = statistics.median(turn.rate for turn in group)
        workers = int(name.split()[0])
        memory = (max(turn.memory[index] for turn in group) for index in range(3))
        rows.append(
            (
                name,
                f"{rate:,.1f}",
                f"{rate / (workers * base):.2f}",
                f"{statistics.median(turn.cpu_rate for turn in group):,.1f}",
                f"{statistics.median(turn.seconds for turn in group):,.1f}",
                *(results.megabytes(value) for value in memory),
            )
        )
    head = (
        "",
        "rows a second",
        "scaling a worker",
        "rows a CPU second",
        "seconds in all",
        "MB at the start",
        "most",
        "at the end",
    )
    digests = {turn.digest for turn in turns if turn.digest}
    same = "All outputs are the same, byte for byte." if len(digests) == 1 else f"There are {len(digests)} outputs."
    return f"{results.table(head, rows)}\n\n{same}"


def ray_overhead(turns: Sequence[BatchTurn]) -> str:
    """What Ray adds to the time of our own workers, a line for each number of them; '' where it had no turn.

    Turns are compared in pairs, as they were run: on their own time, and with the start and the end of all processes.
    """
    lines = []
    for name in dict.fromkeys(turn.name for turn in turns if turn.name.endswith(BY_RAY)):
        pairs = list(
            zip(
                (turn for turn in turns if turn.name == name.removesuffix(BY_RAY)),
                (turn for turn in turns if turn.name == name),
                strict=True,
            )
        )
        working = statistics.median(own.rate / by_ray.rate for own, by_ray in pairs)
        overall = statistics.median(by_ray.seconds / own.seconds for own, by_ray in pairs)
        lines.append(f"{name}, to our own: {working:.3f} of the time without its start, {overall:.3f} with it.")
    return "".join(f"\n\n{line}" for line in lines)


if __name__ == "__main__":
    main()
