"""Which words of annotators mean that the text does not answer the question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_KNOWN = re.compile(
    r"(there is |has )?no (valid |possible )?answers?( (possible|given|exists|here|in (the |this )?\w+))?"
    r"|(is )?impossible( to answer)?|unanswerable|(is )?not answerable|no span"
    r"|cannot ?(be )?answer(ed)?|can ?t (be )?answer(ed)?|can not be answered"
    r"|(the )?(answer |it )?(is )?not (mentioned |given |stated |found |there |contained |answered )?"
    r"(in|by) (the |this )?(given )?(text|document|context|passage|paragraph|page|file)"
    r"|(answer )?not (given|mentioned|stated|found|present|available)"
)


class NoAnswerWords:
    """The words that mean 'not in the text': those that are well known, and those that the user says, in ``own``."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._own = {_plain(words) for words in own}

    def includes(self, value: Any) -> bool:
        """Whether ``value`` is a text that means 'not in the text'."""
        if not isinstance(value, str) or len(value) > 200:
            return False
        words = _plain(value)
        return words in self._own or bool(_KNOWN.fullmatch(words))


def _plain(words: str) -> str:
    """``words`` without case, punctuation and double blanks, which people write differently."""
    letters = re.sub(r"[^\w]+|_+", " ", words.casefold()).strip()
    return letters or words.casefold().strip()
