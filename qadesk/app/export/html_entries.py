"""Answers as one web page that needs nothing else: no scripts, nothing that is loaded, and all text escaped."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from qadesk.app.excerpts import Excerpt
from qadesk.app.export import entry_words
from qadesk.app.export.entry_words import EntryWords, on_line
from qadesk.records import HistoryAnswer, HistoryEntry

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 0.2rem; }
.about, .place, .options { color: light-dark(#595959, #a6a6a6); margin: 0.1rem 0; font-size: 0.9rem; }
.answer { font-weight: 600; margin: 1rem 0 0.1rem; white-space: pre-line; }
.confidence { margin: 0.1rem 0; }
blockquote { margin: 0.4rem 0 0; padding-left: 0.8rem; border-left: 3px solid light-dark(#cccccc, #555555); }
mark { background: #ffe08a; color: #1a1a1a; }
"""
_HEAD = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Answers</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Answers</h1>
"""


def write(entries: Sequence[HistoryEntry], words: EntryWords) -> Iterator[str]:
    """The page in pieces: a section a question, and in it its answers with their places."""
    yield _HEAD
    for entry in entries:
        yield f"<section>\n<h2>{_isolated(on_line(entry.question))}</h2>\n"
        yield _line("about", entry_words.asked_in_words(entry))
        yield _line("about", entry_words.no_answer_in_words(entry))
        yield "<ol>\n"
        for index, answer in words.answers(entry):
            yield _answer(answer, words.confidence(entry, index))
        yield "</ol>\n"
        if entry.options:
            yield _line("options", f"Asked with: {entry_words.options_in_words(entry)}")
        yield "</section>\n"
    yield "</body>\n</html>\n"


def _answer(answer: HistoryAnswer, confidence: str) -> str:
    text = _line("answer", entry_words.safe_text(answer.text))
    place = _line("place", entry_words.place_in_words(answer))
    return f"<li>\n{text}{_line('confidence', confidence)}{place}{_sentence(entry_words.around(answer))}</li>\n"


def _sentence(around: Excerpt) -> str:
    if not around.text:
        return ""
    mark = f"<mark>{html.escape(around.answer)}</mark>" if around.answer else ""
    return f'<blockquote dir="auto">{html.escape(around.before)}{mark}{html.escape(around.after)}</blockquote>\n'


def _line(kind: str, text: str) -> str:
    return f'<p class="{kind}">{_isolated(text)}</p>\n' if text else ""


def _isolated(text: str) -> str:
    """``text`` escaped; its direction, and marks in it that change that, concern nothing around it."""
    return f"<bdi>{html.escape(text)}</bdi>"
