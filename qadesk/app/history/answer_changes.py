"""The answers to one question then and now: which are the same, surer, new or gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qadesk.app import phrases
from qadesk.records import HistoryAnswer, HistoryEntry
from qadesk.store.folding import fold

Change = Literal["same", "surer", "less sure", "new", "gone"]
CHANGE_SIGNS: Mapping[Change, str] = {"same": "=", "surer": "▲", "less sure": "▼", "new": "+", "gone": "−"}
_NOTABLE = 0.01  # of confidence


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer before and after; one of them is None where it was not given."""

    before: HistoryAnswer | None
    after: HistoryAnswer | None

    @property
    def change(self) -> Change:
        """What has become of it."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        difference = self.after.confidence - self.before.confidence
        if abs(difference) < _NOTABLE:
            return "same"
        return "surer" if difference > 0 else "less sure"

    @property
    def words(self) -> str:
        """The same with its sign: '▲ surer'."""
        return f"{CHANGE_SIGNS[self.change]} {self.change}"


def changed_answers(before: HistoryEntry, after: HistoryEntry) -> list[ChangedAnswer]:
    """The likely answers of both, those of ``after`` in their order, then those that are gone.

    Answers with the same words, in any case, are one.
    """
    old = _by_words(before)
    rows = [ChangedAnswer(old.pop(words, None), answer) for words, answer in _by_words(after).items()]
    return [*rows, *(ChangedAnswer(answer, None) for answer in old.values())]


def change_summary(before: HistoryEntry, after: HistoryEntry) -> str:
    """What has changed, in a sentence."""
    then, now = _given(before), _given(after)
    if not then and not now:
        return "Now as then there is probably no answer."
    if not then or not now:
        words = now or then
        return f'{"Now there is an answer" if now else "Now there is probably no answer; then it was"}: "{words}".'
    if fold(then) == fold(now):
        chances = [phrases.per_cent(entry.answers[0].confidence) for entry in (before, after)]
        return f'The answer is the same, "{now}": {chances[0]} then, {chances[1]} now.'
    return f'The answer has changed: "{then}" then, "{now}" now.'


def _given(entry: HistoryEntry) -> str:
    return " ".join(entry.answers[0].text.split()) if entry.is_answered else ""


def _by_words(entry: HistoryEntry) -> dict[str, HistoryAnswer]:
    answers: dict[str, HistoryAnswer] = {}
    for answer in entry.likely:
        answers.setdefault(fold(answer.text), answer)
    return answers
