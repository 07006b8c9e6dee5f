"""The programs that are compared: all answer the same questions with the same weights, windows and longest answer.

(a) transformers' question-answering pipeline in float32, torch, at its best batch size; where transformers no longer
    has it, a loop of ours with its steps (``removed_pipeline``).
(b) The plainest loop: float32 torch, a question at a time, a window at a time, in document order. Cut and decoded by
    QADesk's own rules, so that an answer which differs from QADesk's means scores that differ, not another
    selection. (That gives (b) QADesk's tokenising and decoding, which are faster than (a)'s.)
(c) QADesk on each device, with the document cache that a user has: the tokens of the last few texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from benchmarks.timing import settle, timed
from qadesk.progress import finish
from qadesk.qa import devices, models, windows
from qadesk.qa.decode import Rules, decode_windows
from qadesk.qa.document_tokens import read_tokens
from qadesk.qa.engine import Reader, open_reader
from qadesk.qa.processor import physical_cores
from qadesk.qa.ranking import Ranking
from qadesk.qa.reader_options import Options
from qadesk.records import Answers

Item = tuple[str, str]
"""A question and its text."""

WINDOW, STRIDE, LONGEST_ANSWER = 384, 128, 30
"""In tokens."""

OPTIONS = Options(
    max_seq_length=WINDOW, split_length=WINDOW, doc_stride=STRIDE, max_answer_tokens=LONGEST_ANSWER, top_k=1
)


class Peer(Protocol):
    """A program that answers. ``device`` is 'cpu', 'cuda', ..."""

    device: str

    @property
    def name(self) -> str:
        """The name in the tables."""

    def ask(self, question: str, text: str) -> str:
        """The best span for one question."""

    def ask_many(self, items: Sequence[Item]) -> list[str]:
        """The best spans for many."""


class BatchedPeer(Peer, Protocol):
    """A peer with a setting for how many windows it scores at once."""

    batch_size: int


class Pipeline:
    """Peer (a): transformers' question-answering pipeline, in the versions that have it."""

    def __init__(self, network: Any, tokenizer: Any, device: str) -> None:
        from transformers import pipeline

        self.device = device
        self.batch_size = 1
        self._pipe = pipeline("question-answering", model=network, tokenizer=tokenizer, device=device)

    @property
    def name(self) -> str:
        """With the batch size."""
        return f"(a) transformers pipeline, batch {self.batch_size}"

    def ask(self, question: str, text: str) -> str:
        """The best span."""
        return self.ask_many([(question, text)])[0]

    def ask_many(self, items: Sequence[Item]) -> list[str]:
        """The best spans, '' where the pipeline finds none."""
        result = self._pipe(
            question=[question for question, _ in items],
            context=[text for _, text in items],
            batch_size=self.batch_size,
            max_seq_len=WINDOW,
            doc_stride=STRIDE,
            max_answer_len=LONGEST_ANSWER,
        )
        rows = result if len(items) > 1 else [result]
        return [row["answer"] if row else "" for row in rows]


class PlainTorch:
    """Peer (b): the plainest loop in torch, one window at a time."""

    name = "(b) float32 torch, plain loop"

    def __init__(self, network: Any, folder: Path, device: str) -> None:
        self.device = device
        self._network = network
        self._model = models.inspect(folder)
        self._tokenizer = models.load_tokenizer(self._model)
        self._rules = Rules(LONGEST_ANSWER, 1, False, self._model.unanswerable, self._model.calibration)

    def ask(self, question: str, text: str) -> str:
        """The best span."""
        head = windows.tokenize_question(self._tokenizer, question)
        tokens = read_tokens(self._tokenizer, text)
        ranking = Ranking(tokens, text, self._rules)
        for window in windows.cut(head, tokens, windows.WindowLengths(WINDOW, STRIDE)):
            batch = windows.pack([window], self._model.pad_id)
            for decoded in decode_windows(batch, *self._scores(batch), self._rules):
                ranking.add(decoded)
        return next((answer.text for answer in ranking.answers()), "")

    def ask_many(self, items: Sequence[Item]) -> list[str]:
        """One after another."""
        return [self.ask(question, text) for question, text in items]

    def _scores(self, batch: windows.Batch) -> tuple[Any, Any]:
        import torch

        feed = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
        if self._model.token_types:
            feed["token_type_ids"] = batch.token_type_ids
        with torch.inference_mode():
            output = self._network(**{key: torch.from_numpy(rows).to(self.device) for key, rows in feed.items()})
        return output.start_logits.cpu().numpy(), output.end_logits.cpu().numpy()


class Qadesk:
    """Peer (c): one reader of QADesk. A device that fails meanwhile ends the measurement: its notice is raised."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.device = reader.choice.device
        self.name = f"(c) QADesk, {self.device}, {reader.choice.precision}, {reader.choice.backend}"

    def ask(self, question: str, text: str) -> str:
        """The best span."""
        return _best(finish(self.reader.answer(question, text, OPTIONS)))

    def ask_many(self, items: Sequence[Item]) -> list[str]:
        """The best spans, batched across questions."""
        return [_best(answers) for answers in finish(self.reader.answer_many(items, OPTIONS))]


def _best(answers: Answers) -> str:
    if answers.notice:
        raise RuntimeError(answers.notice)
    return answers.best.text if answers.best else ""


def torch_peers(folder: Path, device: str) -> tuple[BatchedPeer, PlainTorch]:
    """Peers (a) and (b) on ``device``, with as many threads as there are cores; they share one network."""
    models.forbid_downloads()
    import torch
    import transformers

    from benchmarks.removed_pipeline import Loop

    transformers.logging.set_verbosity_error()
    torch.set_num_threads(physical_cores())
    network = transformers.AutoModelForQuestionAnswering.from_pretrained(
        folder, local_files_only=True, dtype=torch.float32
    )
    network = network.to(device).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    has_pipeline = hasattr(transformers, "QuestionAnsweringPipeline")
    first = Pipeline(network, tokenizer, device) if has_pipeline else Loop(network, tokenizer, device)
    return first, PlainTorch(network, folder, device)


def readers(folder: Path, names: Sequence[str] = ()) -> list[Qadesk]:
    """Peers (c): QADesk on each usable device, or on those of ``names``; on a GPU in float32 too."""
    peers = []
    for device in devices.listed(models.inspect(folder)):
        if device.problem or (names and device.name not in names):
            continue
        peers.append(Qadesk(open_reader(folder, device=device.name)))
        if device.backend == "torch" and device.name != "cpu":
            peers.append(Qadesk(open_reader(folder, device=device.name, precision="float32")))
    return peers


def choose_batch(peer: BatchedPeer, items: Sequence[Item], sizes: Sequence[int]) -> dict[int, float]:
    """Set the batch size that answers ``items`` fastest, each tried twice; returns the seconds of each."""
    best = dict.fromkeys(sizes, float("inf"))
    for size in (sizes[0], *sizes, *reversed(sizes)):  # the first try warms up: those after it can only be faster
        peer.batch_size = size
        settle()
        best[size] = min(best[size], timed(lambda: peer.ask_many(items))[1])
    peer.batch_size = min(best, key=best.__getitem__)
    return best
