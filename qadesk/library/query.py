"""What is searched for: the words of a question, words in quotes, and minus words.

who founded "Monaco-Ville" -Nice    words founded; phrase Monaco-Ville; without Nice; asked: who founded Monaco-Ville
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WORDS = """
    a about an and are as at be been being by can could d did do does doing for from had has have he her hers him
    his how i if in into is it its ll m me my no of on or our re s she should so such than that the their them
    then there these they this those to ve was we were what when where which while who whom whose why will with
    would you your
"""
FUNCTION_WORDS = frozenset(_WORDS.split())
"""They are in most passages and say little: left out of a question unless nothing else is left."""

_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"""(?<!\S)(-?)(?:"([^"]*)"|[“„]([^”“"]*)[”“])""")
_MINUS = re.compile(r"(?<!\S)-(?=[^\W\d_])([\w'’-]+)")
_MOST_WORDS = 40


class WordQuery(NamedTuple):
    """A question as it is searched. All words are in small letters, without repetition, in their order.

    ``words`` should be in a passage, ``required`` (those of the phrases) must be, ``without`` must not be. ``phrases``
    stand in a passage as ``normal`` has them, ``no_phrases`` do not. ``question`` is what the reader is asked.
    """

    words: tuple[str, ...]
    required: tuple[str, ...]
    without: tuple[str, ...]
    phrases: tuple[str, ...]
    no_phrases: tuple[str, ...]
    question: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search for."""
        return not (self.words or self.required)

    def suits(self, text: str) -> bool:
        """Whether the phrases are in ``text``, and those that must not be are not."""
        if not self.phrases and not self.no_phrases:
            return True
        plain = normal(text)
        return all(map(plain.__contains__, self.phrases)) and not any(map(plain.__contains__, self.no_phrases))


def normal(text: str) -> str:
    """The words of ``text`` in small letters with a space around each, as phrases are compared; '' without words."""
    words = _WORD.findall(text.lower())
    return f" {' '.join(words)} " if words else ""


def search_words(text: str) -> tuple[str, ...]:
    """The words of ``text`` in small letters, each once, in their order."""
    return tuple(dict.fromkeys(_WORD.findall(text.lower())))


def parse_query(question: str) -> WordQuery:
    """What is searched for ``question``. Any string will do; one without words gives an empty query."""
    phrases: list[str] = []
    no_phrases: list[str] = []

    def take_phrase(match: re.Match[str]) -> str:
        phrase = match[2] if match[2] is not None else match[3]
        (no_phrases if match[1] else phrases).append(phrase)
        return " " if match[1] else phrase

    rest = _QUOTED.sub(take_phrase, question)
    without = [word for minus in _MINUS.findall(rest) for word in search_words(minus)]
    rest = _MINUS.sub(" ", rest)
    is_plain = not (phrases or no_phrases or without)
    required = tuple(dict.fromkeys(word for phrase in phrases for word in search_words(phrase)))[:_MOST_WORDS]
    words = tuple(word for word in search_words(rest) if word not in required)[:_MOST_WORDS]
    telling = tuple(word for word in words if word not in FUNCTION_WORDS)
    return WordQuery(
        telling if telling or required else words,
        required,
        tuple(dict.fromkeys(without)),
        tuple(filter(None, map(normal, phrases))),
        tuple(filter(None, map(normal, no_phrases))),
        question if is_plain else " ".join(rest.split()) or question,
    )
