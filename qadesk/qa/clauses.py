"""Questions that want a clause as their answer (why, how, can I), and the sentence around an answer."""

from __future__ import annotations

import re

_FAR = 2000  # characters on each side in which the ends of sentences are looked for
_SENTENCE_END = re.compile(r"[.!?][\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]?[^\W\d_a-z])")

_CLAUSE = re.compile(
    r"^\W*(?:(?:and|but|so|please|hi|hello)\W+)?(?:"
    r"why\b|what\s+(?:happens|happened|if|for)\b|under\s+(?:what|which)\b|in\s+(?:what|which)\s+case|"
    r"how\s+(?!many\b|much\b|long\b|old\b|far\b|often\b|big\b|large\b|small\b|tall\b|high\b|deep\b|wide\b|heavy\b|fast\b|"
    r"soon\b|late\b|early\b|hot\b|cold\b|expensive\b)\w+|"
    r"(?:can|could|may|might|must|should|shall|will|would|do|does|did|is|are|was|were|am|has|have)\s+\w+"
    r")",
    re.IGNORECASE,
)


def asks_for_clause(question: str) -> bool:
    """Whether a fragment would not do as the answer: why, how, what happens, can I, is it allowed."""
    return bool(_CLAUSE.match(question))


def sentence_around(text: str, low: int, high: int, start: int, end: int) -> tuple[int, int]:
    """Where the sentence of ``text[start:end]`` begins and ends, inside of ``text[low:high]``."""
    ends = (match.end() for match in _SENTENCE_END.finditer(text, max(low, start - _FAR), min(high, start + 2)))
    first = max([low, *(end_before for end_before in ends if end_before <= start)])
    after = _SENTENCE_END.search(text, max(start, end - 1), min(high, end + _FAR))
    return first, after.start() + len(after[0].rstrip()) if after else high
