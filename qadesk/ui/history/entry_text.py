"""What the history shows of an entry, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qadesk.app import phrases
from qadesk.app.excerpts import Excerpt
from qadesk.app.export.entry_words import EntryWords, around, asked_of, on_line, place_in_words, title_in_words
from qadesk.records import EVERYTHING, HistoryAnswer, HistoryEntry
from qadesk.ui.kit.cards import AnswerWords

STAR = "★"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAnswerText(AnswerWords):
    """What a card shows of an answer. ``others`` is the same answer in other documents."""

    source: str  # 'lease.pdf, page 3'
    others: Sequence[HistoryAnswer]

    @property
    def spoken(self) -> str:
        """All of it, for a screen reader."""
        parts = (self.spoken_answer, self.source, self.around.text)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


def past_answer_lines(answer: HistoryAnswer) -> str:
    """The words of ``answer``; the items of a list are a line each."""
    return "\n".join(on_line(line) for line in answer.text.splitlines())


def answer_source(answer: HistoryAnswer) -> str:
    """The document and the page: 'lease.pdf, page 3'."""
    return ", ".join(filter(None, (title_in_words(answer), on_line(answer.page))))


def card_texts(entry: HistoryEntry, doubtful_below: float) -> list[PastAnswerText]:
    """What the cards of the answers of ``entry`` show."""
    return [
        PastAnswerText(
            number=index + 1,
            headline=phrases.rank_and_chance(index, answer.confidence, doubtful_below, is_answered=entry.is_answered),
            text=past_answer_lines(answer),
            around=_around(answer),
            source=answer_source(answer),
            others=answer.others,
        )
        for index, answer in enumerate(entry.answers)
    ]


def _around(answer: HistoryAnswer) -> Excerpt:
    """The sentence with the answer; of an older entry the words are looked for in it."""
    sentence = around(answer)
    if not sentence.answer and answer.text and answer.text in sentence.before:
        return Excerpt(*sentence.before.partition(answer.text))
    return sentence


def answer_line(entry: HistoryEntry, doubtful_below: float) -> str:
    """The best answer on one line with how sure it was: '1,200 pounds · Likely, 82 %'; or that there was none."""
    if entry.is_answered:
        return f"{on_line(entry.answers[0].text)} · {EntryWords(doubtful_below).confidence(entry, 0)}"
    return "No answer" if entry.no_answer is None else f"No answer · {phrases.per_cent(entry.no_answer)}"


def asked_in_sentence(entry: HistoryEntry) -> str:
    """The same within a sentence: 'lease.pdf', or 'the collection 'Contracts''."""
    if entry.library == EVERYTHING:
        return "the whole library"
    return f"the collection '{on_line(entry.library)}'" if entry.library else title_in_words(entry)


def time_of(entry: HistoryEntry) -> str:
    """The time of day: '14:05'."""
    return f"{datetime.fromtimestamp(entry.asked):%H:%M}"


def day_of_entry(entry: HistoryEntry) -> date:
    """The day on which it was asked, where the computer is."""
    return datetime.fromtimestamp(entry.asked).date()


def day_title(day: date, today: date) -> str:
    """'Today', 'Yesterday', else the date."""
    if day == today:
        return "Today"
    return "Yesterday" if day == today - timedelta(days=1) else phrases.long_date(day)


def spoken_entry(entry: HistoryEntry, doubtful_below: float) -> str:
    """All of a row of the list, for a screen reader."""
    star = "Starred. " if entry.is_starred else ""
    when = phrases.date_and_time(entry.asked)
    return f"{star}{on_line(entry.question)}. {answer_line(entry, doubtful_below)}. {asked_of(entry)}. {when}."


def copied_answer(answer: HistoryAnswer) -> str:
    """An answer to copy with its document, page and characters."""
    return f"“{'; '.join(past_answer_lines(answer).splitlines())}” ({place_in_words(answer)})"


def copied_entry(entry: HistoryEntry, doubtful_below: float) -> str:
    """A question to copy with its likely answers, each with how sure it was and where it stands."""
    words = EntryWords(doubtful_below)
    lines = [on_line(entry.question)]
    if not entry.is_answered:
        lines.append(answer_line(entry, doubtful_below))
    lines += [f"{words.confidence(entry, index)}: {copied_answer(answer)}" for index, answer in words.answers(entry)]
    return "\n".join(lines)
