"""The reader's speed compared with what it replaces, on the same weights and questions, in turn in one process.

    python benchmarks/reader.py squad.json                              everything; on two cores about half an hour
    python benchmarks/reader.py squad.json --workload many --write      one part, written to RESULTS.md
    python benchmarks/reader.py squad.json --workload single --runs 50
    python benchmarks/reader.py squad.json --workload growth --sizes 10,100,1000
    python benchmarks/reader.py --quick                                 does it run? (the sample document, tiny sizes)

Without a data set in SQuAD's format the sample document is used. ``peers`` describes what is compared. Workloads:

    single    a question on a page of 250 words: new, and again with another question
    many      1,000 questions of the data set, evenly spread, in blocks of 100: speed, equal answers, exact match, F1
    long      300 pages with 20 planted facts: first right answer, end, memory
    growth    10 to 3,000 pages, each in a process of its own: time and memory by length

Asserts nothing. Needs torch, transformers, onnxruntime, tokenizers and numpy.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from benchmarks import card, growth, long_text, results, texts, workloads
from benchmarks.peers import BatchedPeer, Peer, PlainTorch, Qadesk, choose_batch, readers, torch_peers

MODEL = Path(__file__).resolve().parents[1] / "resources" / "models" / "reader"
WORKLOADS = ("single", "many", "long", "growth")
TITLES = {
    "single": "One question on one page",
    "many": "Many questions",
    "long": "A long text",
    "growth": "Growth with the length of the text",
}


@dataclass(frozen=True, slots=True)
class BenchmarkSizes:
    """How much is measured. ``batches`` are the sizes that are tried for (a), ``card_batches`` those on a card."""

    runs: int = 40
    questions: int = 1000
    block: int = 100
    pages: int = 300
    planted: int = 20
    compare: int = 2
    sizes: tuple[int, ...] = (10, 30, 100, 300, 1000, 3000)
    batches: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    card_batches: tuple[int, ...] = (1, 8, 32, 64, 128, 256)
    seed: int = 1


QUICK = BenchmarkSizes(
    4, 20, block=10, pages=6, planted=4, compare=1, sizes=(2, 4), batches=(1, 4), card_batches=(1, 4)
)
WORDS_A_WINDOW = 200
"""About how many words are between the starts of two windows."""


class ReaderBenchmark:
    """The workloads, and what they share. The peers are loaded at their first use."""

    def __init__(self, source: texts.QuestionSource, plan: BenchmarkSizes, model: Path, devices: Sequence[str]) -> None:
        self.source = source
        self.plan = plan
        self.model = model
        self.card = card.name()
        self.readers: list[Qadesk] = readers(model, devices)
        self._torch_peers: tuple[BatchedPeer, PlainTorch] | None = None

    @property
    def torch_peers(self) -> tuple[BatchedPeer, PlainTorch]:
        """Peers (a) and (b), on the graphics card if there is one."""
        if self._torch_peers is None:
            self._torch_peers = torch_peers(self.model, "cuda" if self.card else "cpu")
        return self._torch_peers

    def single(self) -> list[str]:
        """Latency on one page."""
        pages = texts.short_pages(self.source, self.plan.runs + 3)
        batch_sentence = self._choose_batch([(page.question, page.text) for page in pages[:3]])
        peers: list[Peer] = [*self.torch_peers, *self.readers]
        workloads.ask_pages(peers, pages[:3], _quiet)  # warms up
        times = workloads.ask_pages(peers, pages[3:], print_line)
        about = f"{self.plan.runs} pages of {texts.SHORT_PAGE} words of {self.source.name}, a question each."
        return [about, workloads.single_table(*times), batch_sentence]

    def many(self) -> list[str]:
        """Throughput, equal answers and marks."""
        questions = texts.spread(self.source.questions, self.plan.questions)
        sizes = self._batches()
        trial = texts.spread(questions, min(len(questions), 2 * sizes[-1]))
        batch_sentence = self._choose_batch([(question.question, question.text) for question in trial])
        peers: list[Peer] = [*self.torch_peers, *self.readers]
        blocks = workloads.ask_blocks(peers, questions, self.plan.block, print_line)
        plain = self.torch_peers[1].name
        about = f"{len(questions)} questions of {self.source.name}, in blocks of {self.plan.block}."
        on_card = workloads.card_table(peers, questions[: 2 * self.plan.block]) if self.card else ""
        return [about, workloads.many_table(*blocks, questions, peers[0].name, plain), on_card, batch_sentence]

    def long(self) -> list[str]:
        """Answers in a long text."""
        plan = self.plan
        text, facts = long_text.planted_book(self.source, plan.pages, plan.planted, plan.seed)
        trial = texts.first_words(text, WORDS_A_WINDOW * self._batches()[-1])
        batch_sentence = self._choose_batch([(facts[0].question, trial)])
        for peer in self.readers:
            peer.ask(facts[0].question, texts.first_words(text, 1500))  # warms up
        ahead = long_text.read_ahead(self.readers, text)
        times = long_text.ask_all(
            self.readers, self.torch_peers, text, facts, compare=plan.compare, print_line=print_line
        )
        memory = long_text.memory_above_idle(self.readers, text, facts[0], self.model)
        about = (
            f"{plan.pages} pages ({texts.count_words(text):,} words) of {self.source.name} with {plan.planted} "
            "planted facts. (a) and (b) tokenise the text for each question, as they do."
        )
        tables = [long_text.long_table(times, ahead, memory)]
        if plan.compare:
            tables.append(long_text.compared_table(times, self.torch_peers[0].name, plan.compare))
        return [about, *tables, batch_sentence]

    def growth(self) -> list[str]:
        """Time and memory by length."""
        blocks = [f"Texts made of {self.source.name}; each length in a process of its own."]
        for device in dict.fromkeys(peer.device for peer in self.readers):
            measurements = growth.measure(
                self.source, self.plan.sizes, self.plan.seed, model=self.model, device=device, print_line=print_line
            )
            blocks += [f"QADesk, {device}:", growth.growth_table(measurements)]
        return blocks

    def _batches(self) -> tuple[int, ...]:
        return self.plan.card_batches if self.card else self.plan.batches

    def _choose_batch(self, items: Sequence[tuple[str, str]]) -> str:
        peer = self.torch_peers[0]
        seconds_of_size = choose_batch(peer, items, self._batches())
        times = ", ".join(f"{size}: {seconds:.2f} s" for size, seconds in seconds_of_size.items())
        return f"(a) is at its best batch size, {peer.batch_size}, of those tried on a part of this: {times}."


def print_line(text: str) -> None:
    """Print progress."""
    print(text, file=sys.stderr, flush=True)


def _quiet(text: str) -> None:
    """Drop the progress of the warm-up."""


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path, nargs="?", help="a data set in SQuAD's format")
    parser.add_argument("--workload", action="append", choices=WORKLOADS, help="may be given several times")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--runs", type=int, help="pages for single questions")
    parser.add_argument("--questions", type=int)
    parser.add_argument("--pages", type=int, help="pages of the long text")
    parser.add_argument("--planted", type=int, help="questions on the long text")
    parser.add_argument("--compare", type=int, help="questions on the long text for (a) and (b) too: minutes each")
    parser.add_argument("--sizes", type=_numbers, help="pages for growth, as in 10,100,1000")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--devices", default="", help="QADesk's devices, as in cpu,cuda (default: all)")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--write", action="store_true", help="keep the results")
    parser.add_argument("--out", type=Path, default=results.RESULTS, help="where to keep them (default: RESULTS.md)")
    return parser.parse_args(arguments)


def _plan(parsed: argparse.Namespace) -> BenchmarkSizes:
    options = {
        name: value
        for name in ("runs", "questions", "pages", "planted", "compare", "sizes", "seed")
        if (value := getattr(parsed, name)) is not None
    }
    return replace(QUICK if parsed.quick else BenchmarkSizes(), **options)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the results with --write."""
    parsed = _arguments(arguments)
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    plan = _plan(parsed)
    devices = [name for name in parsed.devices.split(",") if name]
    run = ReaderBenchmark(texts.read_source(parsed.dataset), plan, parsed.model, devices)
    work: dict[str, Callable[[], list[str]]] = {name: getattr(run, name) for name in WORKLOADS}
    for name in parsed.workload or WORKLOADS:
        blocks = [results.circumstances(run.card), *work[name]()]
        if parsed.quick:
            blocks.insert(1, "A quick run, to see that it works: not to be compared.")
        title = f"{TITLES[name]} ({run.card or 'processor'})"
        body = "\n\n".join(block for block in blocks if block)
        print(f"## {title}\n\n{body}\n", flush=True)
        if parsed.write:
            results.write_section(title, body, parsed.out)


if __name__ == "__main__":
    main()
