"""Questions as people type them: without a question mark, cut down to what is asked for, with a slip of the fingers.

Data sets hold whole, correct questions. A reader that has seen only those takes haste for a sign that there is no
answer. So a share of all questions, with an answer and without, is reworded by rule; what is asked stays the same.
"""

from __future__ import annotations

import random as randomness
import re
from string import ascii_lowercase

_NOUN = re.compile(r"^(?:what|who|which) (?:is|was|are|were) (?:the )?(?=\S+ \S)", re.IGNORECASE)
_LONG_WORD = re.compile(r"[A-Za-z]{5,}")
_BEFORE = ("I need this for a report.", "Hi,", "Quick question:", "Please tell me,", "Can you tell me")
_AFTER = ("Thanks.", "please", "I could not find it.", "It is for a colleague.")


def casual(question: str, random: randomness.Random) -> str:
    """``question`` as someone in a hurry types it; several changes or none are possible."""
    if random.random() < 0.25:
        question = _NOUN.sub("", question)
    if random.random() < 0.7:
        question = question.rstrip("?. ")
    elif not question.endswith(("?", ".")):
        question = f"{question}?"
    if random.random() < 0.25:
        question = _with_slip(question, random)
    if random.random() < 0.06:
        question = f"{random.choice(_BEFORE)} {question}"
    elif random.random() < 0.06:
        question = f"{question} {random.choice(_AFTER)}"
    return question


def _with_slip(question: str, random: randomness.Random) -> str:
    """``question`` with a letter of one of its long words left out, doubled, wrong, or exchanged with the next one."""
    words = list(_LONG_WORD.finditer(question))
    if not words:
        return question
    word = random.choice(words)
    at = random.randrange(word.start() + 1, word.end() - 1)
    slips = (
        question[:at] + question[at + 1 :],
        question[:at] + question[at] + question[at:],
        question[:at] + question[at + 1] + question[at] + question[at + 2 :],
        question[:at] + random.choice(ascii_lowercase) + question[at + 1 :],
    )
    return random.choice(slips)
