"""Single questions on one page, and many questions of a data set. The peers take turns in one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import card
from benchmarks.peers import Item, Peer
from benchmarks.results import megabytes, milliseconds, ratio, table
from benchmarks.texts import Question
from benchmarks.timing import percentile, settle, timed, turns
from qadesk.train.metrics import report

PrintLine = Callable[[str], None]
Times = dict[str, list[float]]


def ask_pages(peers: Sequence[Peer], pages: Sequence[Question], print_line: PrintLine) -> tuple[Times, Times]:
    """The seconds of each peer for each page: for a first question, and for another one right after it.

    The other question is that of the next page, so that no answer can come from a cache.
    """
    first: Times = {peer.name: [] for peer in peers}
    second: Times = {peer.name: [] for peer in peers}
    for number, (page, order) in enumerate(zip(pages, turns(peers, len(pages)), strict=True)):
        other_question = pages[(number + 1) % len(pages)].question
        for peer in order:
            settle()
            first[peer.name].append(timed(lambda: peer.ask(page.question, page.text))[1])  # noqa: B023  runs at once
            second[peer.name].append(timed(lambda: peer.ask(other_question, page.text))[1])  # noqa: B023
        print_line(f"page {number + 1} of {len(pages)}")
    return first, second


def single_table(first: Times, second: Times) -> str:
    """Milliseconds and ratios, all to the first peer's."""
    base = next(iter(first))
    rows = []
    for name in first:
        row = [name]
        for times in (first, second):
            middle = percentile(times[name], 50)
            row += [milliseconds(middle), milliseconds(percentile(times[name], 95))]
            row += [ratio(middle, percentile(times[base], 50))]
        rows.append(row)
    header = ["ms", "new page: p50", "p95", "p50 to (a)", "same page again: p50", "p95", "p50 to (a)"]
    return table(header, rows)


def ask_blocks(
    peers: Sequence[Peer], questions: Sequence[Question], block: int, print_line: PrintLine
) -> tuple[Times, dict[str, list[str]]]:
    """The seconds of each block of questions, and all answers, by peer. Blocks are asked in turns.

    The first block is asked twice: once unmeasured, to warm up.
    """
    items: list[Item] = [(question.question, question.text) for question in questions]
    blocks = [items[at : at + block] for at in range(0, len(items), block)]
    seconds: Times = {peer.name: [] for peer in peers}
    answers: dict[str, list[str]] = {peer.name: [] for peer in peers}
    for peer in peers:
        peer.ask_many(blocks[0])
    for number, (part, order) in enumerate(zip(blocks, turns(peers, len(blocks)), strict=True)):
        for peer in order:
            settle()
            texts, block_seconds = timed(lambda: peer.ask_many(part))  # noqa: B023  runs at once
            seconds[peer.name].append(block_seconds)
            answers[peer.name] += texts
        print_line(f"block {number + 1} of {len(blocks)}")
    return seconds, answers


def many_table(
    seconds: Times, answers: dict[str, list[str]], questions: Sequence[Question], base: str, reference: str
) -> str:
    """Questions a second, as multiples of those of ``base`` and ``reference``; answers against ``reference`` and gold.

    The range is that of the ratios of single blocks.
    """
    total = {name: sum(times) for name, times in seconds.items()}
    rows = []
    for name, times in seconds.items():
        ratios = [base_time / time for base_time, time in zip(seconds[base], times, strict=True)]
        same = sum(text == expected for text, expected in zip(answers[name], answers[reference], strict=True))
        rows.append(
            [
                name,
                f"{len(questions) / total[name]:.1f}",
                ratio(total[base], total[name]),
                f"{min(ratios):.2f}–{max(ratios):.2f}",
                ratio(total[reference], total[name]),
                f"{same / len(questions):.1%}",
                *_scores(questions, answers[name]),
            ]
        )
    return table(["", "questions/s", "to (a)", "blocks", "to (b)", "answers equal to (b)", "EM", "F1"], rows)


def _scores(questions: Sequence[Question], answers: Sequence[str]) -> list[str]:
    """Exact match and F1 by the official rules; '-' where no right answers are known."""
    golds = {str(number): question.golds for number, question in enumerate(questions) if question.golds}
    if not golds:
        return ["-", "-"]
    scores = report(golds, {key: answers[int(key)] for key in golds})
    return [f"{scores.exact:.2f}", f"{scores.f1:.2f}"]


def card_table(peers: Sequence[Peer], questions: Sequence[Question]) -> str:
    """For peers on a graphics card: the share of time in which it computes, and its peak memory."""
    items: list[Item] = [(question.question, question.text) for question in questions]
    rows = []
    for peer in peers:
        if peer.device.startswith("cuda"):
            work = _many(peer, items)
            rows.append([peer.name, f"{card.computing_share(work):.0%}", megabytes(card.peak(work))])
    return table(["", "card computes", "card's memory above idle, MB"], rows) if rows else ""


def _many(peer: Peer, items: Sequence[Item]) -> Callable[[], object]:
    return lambda: peer.ask_many(items)
