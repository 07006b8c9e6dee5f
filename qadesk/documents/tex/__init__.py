"""The reader of LaTeX: the text as it is printed, without commands. Nothing runs, no other file is opened."""

from __future__ import annotations

import re

from qadesk.documents.encoding.text_label import tex_label
from qadesk.documents.other_files import about_files
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.tex.story import Story
from qadesk.documents.tex.tokens import Budget, TooComplexError
from qadesk.documents.text import decoded_text
from qadesk.structure.plain import blocks_of

_TOO_COMPLEX = "The LaTeX in this file is too complex: it is shown as it is, with its commands."
_STEPS = 400_000  # besides those for the characters of the file
_IS_LATEX = re.compile(
    r"\\(?:documentclass|documentstyle|usepackage|begin|end|(?:sub)*section|chapter|part|item|input|include|def|newcommand"
    r"|title|emph|text[a-z]{2}|cite[a-z]?|ref|label|footnote|index|par|bye|it|bf|em|ldots|href|url|caption|noindent)"
    r"(?![a-zA-Z])|\\[\"'`^~=.]\{?\\?[a-zA-Z]"
)


def read(source: Source) -> Parsed:
    """What ``source`` prints; a text without commands of LaTeX as it is. Raises ``DocumentError``."""
    decoded = decoded_text(source, tex_label)
    notes: tuple[str, ...] = (decoded.note,) if decoded.note else ()
    if not _IS_LATEX.search(decoded.text):
        return Parsed(decoded.text, (), notes, blocks_of(decoded.text))
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    story = Story(text, source.name, Budget(_STEPS + len(text), source.heartbeat))
    try:
        story.write()
    except (TooComplexError, RecursionError):
        return Parsed(decoded.text, (), (*notes, _TOO_COMPLEX), blocks_of(decoded.text))
    if story.other_files:
        notes += (about_files(story.other_files),)
    writer = story.flow.writer
    return Parsed(writer.text, (), notes, writer.blocks)
