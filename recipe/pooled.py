"""Development questions put to many documents at once: the search of the library gives passages, a reader reads them.

Two sets of documents, each in an index of its own: the everyday ones, and paragraphs of SQuAD. The questions are about
those held out for development; all others are there to mislead. Of each question are made

- *with*: the passages as they are found;
- *without*: what is found when its own document is taken out. Then nothing answers it.

Questions about everyday documents were written by people who had the document before them: "how much is the deposit" is
a question to any of them. So one whose own document is not among those of the first ``DEPTH`` passages is left out, as
there is nothing to find; and one whose own document does not come first is used neither without its document nor where
its document does not answer: another may well answer it. An answer is right if it is, in words, one of the accepted
ones; everyday, only if a place of it is in its own document.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qadesk.library.index import FileStamp, LibraryIndex, open_index
from qadesk.qa.calibration import PoolCalibration
from qadesk.qa.clauses import asks_for_clause
from qadesk.qa.decode import Rules
from qadesk.qa.engine import Reader
from qadesk.qa.pool import PassagePool
from qadesk.qa.ranking import Ranking
from qadesk.qa.reader_options import Options
from qadesk.qa.window_logits import Row, WindowLogits, decode_rows, rows_of
from qadesk.qa.windows import Window
from qadesk.records import Answer, Document, LabeledExample, Passage
from qadesk.structure.plain import blocks_or_plain
from qadesk.train import metrics

DEPTH = 20
"""Passages that are read, as in ``qadesk.app.library.asking``."""


@dataclass(frozen=True, slots=True)
class PooledQuestion:
    """A question, the ``passages`` found for it, best first, and the ``own`` document's path."""

    example: LabeledExample
    passages: tuple[Passage, ...]
    own: Path
    is_answerable: bool
    is_everyday: bool

    def is_right(self, pool: PassagePool, answer: Answer) -> bool:
        """Whether ``answer`` is: see the module."""
        if not self.is_answerable or not metrics.exact_match(answer.text, self.example.gold_texts):
            return False
        spans = [(answer.start, answer.end), *answer.places]
        return not self.is_everyday or any(pool.place(*span).passage.document.path == self.own for span in spans)


def open_pool(folder: Path, examples: Sequence[LabeledExample]) -> tuple[LibraryIndex, dict[str, Path]]:
    """An index of all contexts of ``examples``, in ``folder``, and the path of each context in it."""
    index = open_index(folder, writes=True)
    paths: dict[str, Path] = {}
    for example in examples:
        text = example.context
        if text not in paths:
            paths[text] = Path(f"/{len(paths)}.txt").absolute()
            stamp = FileStamp(paths[text], len(text), 1)
            blocks = blocks_or_plain(text, example.blocks)
            document = Document(text, example.title, "text", paths[text], blocks=blocks)
            index.add_document(stamp, len(paths).to_bytes(16, "big"), document)
    index.commit()
    return index, paths


def find(
    index: LibraryIndex, paths: Mapping[str, Path], examples: Sequence[LabeledExample], *, everyday: bool
) -> list[PooledQuestion]:
    """What is found for ``examples``, with and without their own documents."""
    rows = []
    for example in examples:
        own = paths[example.context]
        passages = index.search(example.question, 2 * DEPTH).passages
        first = passages[:DEPTH]
        others = tuple(passage for passage in passages if passage.document.path != own)[:DEPTH]
        comes_first = bool(first) and first[0].document.path == own
        is_found = any(passage.document.path == own for passage in first)
        with_own = PooledQuestion(example, first, own, not example.is_impossible, everyday)
        without = replace(with_own, passages=others, is_answerable=False)
        if not everyday:
            rows += [with_own] if example.is_impossible else [with_own, without]
        elif is_found:
            rows += [with_own] if not example.is_impossible or comes_first else []
            rows += [without] if comes_first and others else []
    return rows


def sample(examples: Sequence[LabeledExample], count: int, seed: int) -> list[LabeledExample]:
    """``count`` of ``examples``, or all, in random order."""
    return randomness.Random(seed).sample(list(examples), min(count, len(examples)))


class PooledLogits:
    """The logits of ``reader`` for the windows of ``questions``, each passage read once for a question."""

    def __init__(self, reader: Reader, questions: Sequence[PooledQuestion], options: Options) -> None:
        self.questions = questions
        self._reader = reader
        self._options = options
        self._rows: dict[tuple[str, str], list[tuple[Row, Row]]] = {}
        owners: list[tuple[Window, tuple[str, str]]] = []
        for question in questions:
            pool = reader.pool(question.passages)
            known = set(self._rows)
            for window in self._cut(question, pool):
                key = question.example.question, pool.passages[pool.number_of(window)].document.text
                if key not in known:
                    self._rows[key] = []
                    owners.append((window, key))
        row = iter(owners)
        for scored in reader.logits([window for window, _ in owners]):
            for _, starts, ends in rows_of(*scored):
                self._rows[next(row)[1]].append((starts.copy(), ends.copy()))

    def _cut(self, question: PooledQuestion, pool: PassagePool) -> list[Window]:
        return self._reader.pool_windows(question.example.question, pool, self._options)

    def ranking(
        self, question: PooledQuestion, calibration: PoolCalibration, top_k: int
    ) -> tuple[Ranking, PassagePool]:
        """All of ``question`` read, by ``calibration``."""
        pool = self._reader.pool(question.passages)
        rules = Rules(self._options.max_answer_tokens, top_k, calibration=calibration.calibration)
        words = question.example.question
        ranking = Ranking(pool.tokens, pool.text, rules, wants_clause=asks_for_clause(words))
        cut = self._cut(question, pool)
        taken: dict[str, int] = {}
        logits: list[WindowLogits] = []
        for window in cut:
            text = pool.passages[pool.number_of(window)].document.text
            rows = self._rows[words, text]
            starts, ends = rows[taken.get(text, 0) % len(rows)]  # the same passage may be in two documents
            logits.append(WindowLogits(window, starts, ends))
            taken[text] = taken.get(text, 0) + 1
        for decoded in decode_rows(logits, rules):
            ranking.add(pool.with_prior(decoded, calibration.prior, rules))
        return ranking, pool
