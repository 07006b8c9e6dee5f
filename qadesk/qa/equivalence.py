"""Where words begin and end, and which spans are equivalent. Offsets are code points of a text, ends exclusive.

**Words.** A word is a run of letters and digits with the apostrophes, points and commas inside it ("don't", "3.5",
"1,000"). In scripts that write no spaces (Chinese, Japanese, Thai, ...) each character is a word.

**Equivalent spans.** Exact match ignores punctuation, white space and English articles
(``qadesk.train.metrics.normalize_answer``). So a character is *significant* if it belongs to none of these, and two
spans of a text are equivalent if, widened to whole words, they have the same first and the same last significant
character: "keeper", "the keeper", "keeper," and "the keep" are one answer.
"""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache

_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Han
)
_ARTICLE_AHEAD = re.compile(r"(?:an?|the)(?=\s)", re.IGNORECASE)
_ARTICLE_BEHIND = re.compile(r"(?<=\s)(?:an?|the)\Z", re.IGNORECASE)
_ARTICLES = frozenset({"a", "an", "the"})
_LONGEST_ARTICLE = 4  # with the space before it
_LONGEST_WORD = 200  # characters on either side: a million of digits with commas are no word
_LONGEST_GAP = 50  # characters without a significant one


def widen_to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """``start:end`` without white space at its ends, widened to whole words."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start == end:
        return start, end
    return _word_start(text, start), _word_end(text, end)


def has_content(text: str) -> bool:
    """Whether ``text`` has a letter, digit, mark or symbol: more than punctuation and white space."""
    return any(unicodedata.category(character)[0] in "LNMS" for character in text)


def significant_start(text: str, start: int) -> int:
    """Offset of the first significant character of a span that begins at ``start``.

    Spans that agree in it and in ``significant_end`` are equivalent. The search starts where the word around ``start``
    does, and ends after ``_LONGEST_GAP`` characters.
    """
    at = _word_start(text, start)
    limit = min(len(text), at + _LONGEST_GAP)
    while at < limit:
        article = _ARTICLE_AHEAD.match(text, at) if at == 0 or not _joined(text, at) else None
        if article:
            at = article.end()
        elif _is_ignored(text[at]):
            at += 1
        else:
            break
    return at


def significant_end(text: str, end: int) -> int:
    """Offset after the last significant character of a span that ends at ``end``; see ``significant_start``."""
    at = _word_end(text, end)
    limit = max(0, at - _LONGEST_GAP)
    while at > limit:
        article = _ARTICLE_BEHIND.search(text[max(0, at - _LONGEST_ARTICLE) : at])
        if article:
            at -= len(article[0])
        elif _is_ignored(text[at - 1]):
            at -= 1
        else:
            break
    return at


def answer_key(text: str) -> str:
    """The words of an answer without articles, case and punctuation around them: equal where two say the same."""
    words = (_strip_ignored(word) for word in text.casefold().split())
    return " ".join(word for word in words if word and word not in _ARTICLES)


def _strip_ignored(word: str) -> str:
    start, end = 0, len(word)
    while start < end and _is_ignored(word[start]):
        start += 1
    while start < end and _is_ignored(word[end - 1]):
        end -= 1
    return word[start:end]


@lru_cache(4096)
def _is_ignored(character: str) -> bool:
    """Whether exact match ignores ``character``: white space and punctuation."""
    return character.isspace() or character in string.punctuation or unicodedata.category(character)[0] == "P"


def _word_start(text: str, start: int) -> int:
    limit = max(0, start - _LONGEST_WORD)
    while start > limit and _joined(text, start):
        start -= 1
    return start


def _word_end(text: str, end: int) -> int:
    limit = min(len(text), end + _LONGEST_WORD)
    while end < limit and _joined(text, end):
        end += 1
    return end


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of position ``at`` belong to one word."""
    left, right = text[at - 1], text[at]
    if _is_mark(right):  # an accent or vowel sign belongs to the character before it
        return True
    if _is_letter(left):
        return _is_letter(right) or _is_inner(text, at)
    return _is_letter(right) and _is_inner(text, at - 1)


@lru_cache(4096)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


@lru_cache(4096)
def _is_letter(character: str) -> bool:
    return (character == "_" or unicodedata.category(character)[0] in "LNM") and not _SPACELESS.match(character)


def _is_inner(text: str, at: int) -> bool:
    """Whether ``text[at]`` is a mark inside a word: a point or comma between digits, an apostrophe between letters."""
    if not 0 < at < len(text) - 1:
        return False
    left, right = text[at - 1], text[at + 1]
    if text[at] in ".,":
        return left.isdigit() and right.isdigit()
    return text[at] in "'\u2019\u200c\u200d" and _is_letter(left) and _is_letter(right)
