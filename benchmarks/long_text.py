"""A text of 300 pages with inserted facts: the time until the right answer is shown, and until the end."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.facts import Fact, make_facts, plant
from benchmarks.fresh import QuestionTiming, follow, in_fresh_process
from benchmarks.peers import Peer, Qadesk
from benchmarks.results import megabytes, ratio, table
from benchmarks.texts import QuestionSource, book, pages_of_words
from benchmarks.timing import settle, timed, turns
from qadesk.progress import finish

PrintLine = Callable[[str], None]


def planted_book(source: QuestionSource, pages: int, facts: int, seed: int) -> tuple[str, list[Fact]]:
    """A text of ``pages`` pages with so many facts in it, and the facts."""
    plain = book(source.paragraphs, pages_of_words(pages), seed)
    hidden = make_facts(plain, facts, seed)
    return plant(plain, hidden), hidden


def read_ahead(peers: Sequence[Qadesk], text: str) -> dict[str, float]:
    """The seconds in which each reader tokenises the text, as it does when a document is opened."""
    return {peer.name: timed(lambda: finish(peer.reader.prepare(text)))[1] for peer in peers}  # noqa: B023


def ask_all(
    peers: Sequence[Qadesk],
    torch_peers: Sequence[Peer],
    text: str,
    facts: Sequence[Fact],
    *,
    compare: int,
    print_line: PrintLine,
) -> dict[str, list[QuestionTiming]]:
    """The times of each peer for the questions, in turns; the ``torch_peers`` are asked the first ``compare`` only."""
    times: dict[str, list[QuestionTiming]] = {peer.name: [] for peer in (*torch_peers, *peers)}
    everyone: list[Peer] = [*torch_peers, *peers]
    for number, fact in enumerate(facts):
        round_peers = everyone if number < compare else list(peers)
        for peer in list(turns(round_peers, number + 1))[-1]:
            settle()
            times[peer.name].append(_follow(peer, fact, text))
            print_line(f"question {number + 1}, {peer.name}: {times[peer.name][-1].end:.1f} s")
    return times


def _follow(peer: Peer, fact: Fact, text: str) -> QuestionTiming:
    if isinstance(peer, Qadesk):
        return follow(peer.reader, fact, text)
    answer, seconds = timed(lambda: peer.ask(fact.question, text))
    is_right = fact.answer in answer
    return QuestionTiming(seconds if is_right else None, seconds, is_right, 0)


def long_table(times: dict[str, list[QuestionTiming]], ahead: dict[str, float], memory: dict[str, int]) -> str:
    """For QADesk's readers: seconds, and memory above idle in MB, from a process of its own."""
    rows = []
    for name, seconds in ahead.items():
        questions = times[name]
        right = [math.inf if question.right is None else question.right for question in questions]
        ends = [question.end for question in questions]
        rows.append(
            [
                name,
                f"{seconds:.2f}",
                f"{median(right):.2f}",
                f"{max(right):.2f}",
                f"{median(ends):.2f}",
                f"{max(ends):.2f}",
                f"{sum(question.stays for question in questions)} of {len(ends)}",
                megabytes(memory[name]) if name in memory else "-",
            ]
        )
    header = ["s", "read ahead", "first right: median", "worst", "end: median", "worst", "right at the end"]
    return table([*header, "memory above idle, MB"], rows)


def compared_table(times: dict[str, list[QuestionTiming]], base: str, compare: int) -> str:
    """The time of each peer to the end of the questions that all were asked."""
    rows = []
    for name, timings in times.items():
        end = median(question.end for question in timings[:compare])
        base_end = median(question.end for question in times[base][:compare])
        right = sum(question.stays for question in timings[:compare])
        rows.append([name, f"{end:.2f}", ratio(end, base_end), str(right)])
    return table([f"first {compare} of the questions", "end, s", "to (a)", "right"], rows)


def memory_above_idle(peers: Sequence[Qadesk], text: str, fact: Fact, model: Path) -> dict[str, int]:
    """The highest memory while a fresh process opens the text and answers one question, above its idle reader.

    Only for readers at their device's own precision: the others are for comparison.
    """
    own = {peer.device: peer.name for peer in reversed(peers)}
    return {name: in_fresh_process(text, [fact], model, device).memory for device, name in own.items()}
