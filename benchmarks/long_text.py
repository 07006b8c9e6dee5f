"""A text of 300 pages with facts hidden in it: when is the right answer shown, when is the end."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.facts import Fact, make_facts, plant
from benchmarks.fresh import Followed, follow, in_fresh_process
from benchmarks.peers import Peer, Qadesk
from benchmarks.results import megabytes, ratio, table
from benchmarks.texts import QuestionSource, book, pages_of_words
from benchmarks.timing import settle, timed, turns
from qadesk.progress import finish

Say = Callable[[str], None]


def planted_book(source: QuestionSource, pages: int, facts: int, seed: int) -> tuple[str, list[Fact]]:
    """A text of ``pages`` pages with so many facts in it, and the facts."""
    plain = book(source.paragraphs, pages_of_words(pages), seed)
    hidden = make_facts(plain, facts, seed)
    return plant(plain, hidden), hidden


def read_ahead(peers: Sequence[Qadesk], text: str) -> dict[str, float]:
    """The seconds in which each reader makes the text's tokens, as it does when a document is opened."""
    return {peer.name: timed(lambda: finish(peer.reader.prepare(text)))[1] for peer in peers}  # noqa: B023


def ask_all(
    peers: Sequence[Qadesk], others: Sequence[Peer], text: str, facts: Sequence[Fact], *, compare: int, say: Say
) -> dict[str, list[Followed]]:
    """What each peer made of the questions, in turns; the ``others`` are asked the first ``compare`` only."""
    found: dict[str, list[Followed]] = {peer.name: [] for peer in (*others, *peers)}
    everyone: list[Peer] = [*others, *peers]
    for number, fact in enumerate(facts):
        asked = everyone if number < compare else list(peers)
        for peer in list(turns(asked, number + 1))[-1]:
            settle()
            found[peer.name].append(_follow(peer, fact, text))
            say(f"question {number + 1}, {peer.name}: {found[peer.name][-1].end:.1f} s")
    return found


def _follow(peer: Peer, fact: Fact, text: str) -> Followed:
    if isinstance(peer, Qadesk):
        return follow(peer.reader, fact, text)
    answer, seconds = timed(lambda: peer.ask(fact.question, text))
    is_right = fact.answer in answer
    return Followed(seconds if is_right else None, seconds, is_right, 0)


def long_table(found: dict[str, list[Followed]], ahead: dict[str, float], memory: dict[str, int]) -> str:
    """For QADesk's readers: seconds, and memory above idle in MB, from a process of its own."""
    rows = []
    for name, seconds in ahead.items():
        right = [math.inf if each.right is None else each.right for each in found[name]]
        ends = [each.end for each in found[name]]
        rows.append(
            [
                name,
                f"{seconds:.2f}",
                f"{median(right):.2f}",
                f"{max(right):.2f}",
                f"{median(ends):.2f}",
                f"{max(ends):.2f}",
                f"{sum(each.stays for each in found[name])} of {len(ends)}",
                megabytes(memory[name]) if name in memory else "-",
            ]
        )
    header = ["s", "read ahead", "first right: median", "worst", "end: median", "worst", "right at the end"]
    return table([*header, "memory above idle, MB"], rows)


def compared_table(found: dict[str, list[Followed]], base: str, compare: int) -> str:
    """Everyone's time to the end on the questions that all were asked."""
    rows = []
    for name, followed in found.items():
        ends = median(each.end for each in followed[:compare])
        theirs = median(each.end for each in found[base][:compare])
        rows.append([name, f"{ends:.2f}", ratio(ends, theirs), str(sum(each.stays for each in followed[:compare]))])
    return table([f"first {compare} of the questions", "end, s", "to (a)", "right"], rows)


def memory_above_idle(peers: Sequence[Qadesk], text: str, fact: Fact, model: Path) -> dict[str, int]:
    """The highest memory while a fresh process opens the text and answers one question, above its idle reader.

    Only for readers at their device's own precision: the others are for comparison.
    """
    own = {peer.device: peer.name for peer in reversed(peers)}
    return {name: in_fresh_process(text, [fact], model, device).memory for device, name in own.items()}
