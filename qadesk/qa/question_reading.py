"""One question while a text is read for it: its windows, and the ranking of their spans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from qadesk.qa.decode import DecodedWindow, Rules
from qadesk.qa.ranking import Ranking
from qadesk.qa.second_look import LOOKS, look_again
from qadesk.qa.window_logits import WindowLogits, decode_rows
from qadesk.qa.windows import Window


class QuestionReading:
    """One question put to one text: its ``windows``, and the ``ranking`` of the spans of those that were read.

    ``read_as`` is the question with its slips mended, '' where it is read as it is.
    """

    def __init__(self, windows: Sequence[Window], ranking: Ranking, read_as: str = "") -> None:
        self.windows = windows
        self.ranking = ranking
        self.read_as = read_as
        self.rows: list[WindowLogits] = []

    @property
    def is_complete(self) -> bool:
        """Whether all windows were read."""
        return self.ranking.windows_read == len(self.windows)

    def add(self, row: WindowLogits, decoded: DecodedWindow) -> None:
        """Add one window that was read."""
        self.ranking.add(decoded)
        if len(self.windows) > 1:
            self.rows.append(row)


def finish_readings(
    readings: Sequence[QuestionReading], rules: Rules, score: Callable[[Sequence[Window]], Iterable[WindowLogits]]
) -> bool:
    """Have the best spans of each of ``readings``, which are complete, read again, and rank them anew.

    Returns whether there were some.
    """
    questions = [(reading.rows, reading.ranking.best_spans(LOOKS)) for reading in readings]
    changed = look_again(questions, score)
    for reading, rows in zip(readings, changed, strict=True):
        for decoded in decode_rows(rows, rules):
            reading.ranking.add(decoded)
    return any(changed)
