"""Slips of the fingers in a question, put right by the words of the document.

A model reads "deposti" as three pieces without a meaning, and one such word costs many answers. So a word that neither
the document, nor the vocabulary of the model, nor a list of English words has is taken for the one that is a slip away
from it: two letters exchanged, a letter too many, one left out, one in the place of another (Damerau 1964), with the
first letter right. Words of the document come first; those of the list only where the rest of the question is English,
and in place of a word of four letters only one with the same: near most of these some other word is ("wifi", "wii").
A word with a capital letter inside a sentence is a name, and stays; so do words in quotation marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from spellchecker import SpellChecker
from tokenizers import Tokenizer

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)?(?!\w)")
_QUOTATION = re.compile(r"[\"“„«][^\"“”„«»]*[\"”“»]")
_SENTENCE_ENDS = ".?!:;"
_LEAST_LETTERS, _LEAST_FOR_LIST = 4, 5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ENGLISH = 0.5
"""The share of its words that makes a question English."""
_CHARACTERS = 4_000_000
"""So much of a document is searched for words."""


def mended(question: str, text: str, tokenizer: Tokenizer) -> str:
    """``question`` as it was meant for the document ``text``; the same where no word needs it."""
    words = list(_WORD.finditer(question))
    quotations = [match.span() for match in _QUOTATION.finditer(question)]
    doubtful = [
        word
        for word in words
        if _may_be_a_slip(word, question, tokenizer)
        and not any(start < word.start() < end for start, end in quotations)
    ]
    if not doubtful:
        return question
    counts = Counter(map(str.lower, _WORD.findall(text, 0, _CHARACTERS)))
    is_english = sum(word[0].lower() in _english() for word in words) >= _ENGLISH * len(words)
    for word in reversed(doubtful):
        correction = _correction(word[0].lower(), counts, is_english)
        if correction:
            question = question[: word.start()] + _in_case_of(word[0], correction) + question[word.end() :]
    return question


def _may_be_a_slip(word: re.Match[str], question: str, tokenizer: Tokenizer) -> bool:
    before = question[: word.start()].rstrip()
    is_name = word[0][0].isupper() and not word[0].isupper() and bool(before) and before[-1] not in _SENTENCE_ENDS
    is_long = len(word[0]) >= _LEAST_LETTERS and word[0].isalpha()
    return is_long and not is_name and len(tokenizer.encode(f" {word[0]}", add_special_tokens=False).ids) > 1


def _correction(word: str, counts: Counter[str], is_english: bool) -> str:
    """The word that ``word`` is a slip for; '' if it is none."""
    if word in counts or word in _english():
        return ""
    slips = list(_slips(word))
    by_document = _first(slips, lambda other: counts[other])
    if by_document or not is_english:
        return by_document
    if len(word) < _LEAST_FOR_LIST:
        slips = [(is_other, slip) for is_other, slip in slips if sorted(slip) == sorted(word)]
    return _first(slips, lambda other: _english().word_usage_frequency(other))


def _first(slips: Sequence[tuple[bool, str]], frequency: Callable[[str], float]) -> str:
    """The most frequent word that needs no other letter, else the most frequent one; '' if there is none at all."""
    ranked = [(not is_other, frequency(word), word) for is_other, word in slips]
    best = max((row for row in ranked if row[1]), default=None)
    return best[2] if best else ""


def _slips(word: str) -> Iterator[tuple[bool, str]]:
    """The words that ``word`` may be a slip for, and whether one of its letters is in the place of another."""
    for at in range(1, len(word)):
        before, after = word[:at], word[at:]
        if len(after) > 1:
            yield False, before + after[1] + after[0] + after[2:]
        yield False, before + after[1:]
        yield from ((True, before + letter + after[1:]) for letter in _LETTERS)
        yield from ((False, before + letter + after) for letter in _LETTERS)
    yield from ((False, word + letter) for letter in _LETTERS)


@cache
def _english() -> SpellChecker:
    """The list of English words, which takes a while to load."""
    return SpellChecker(language="en")


def _in_case_of(word: str, correction: str) -> str:
    if word.isupper():
        return correction.upper()
    return correction.capitalize() if word[0].isupper() else correction
