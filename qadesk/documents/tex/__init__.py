"""The reader of LaTeX: the text as it is printed, without commands. Nothing runs, no other file is opened."""

from __future__ import annotations

import re

from qadesk.documents.encoding.text_label import tex_label
from qadesk.documents.other_files import notes_on_files
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.tex.tex_text import TexText
from qadesk.documents.tex.tex_tokens import Budget, TexTooComplexError
from qadesk.documents.text import as_plain_text, decoded_text

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
    if not _IS_LATEX.search(decoded.text):
        return as_plain_text(decoded)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    story = TexText(text, source.name, Budget(_STEPS + len(text), source.heartbeat))
    try:
        story.write()
    except (TexTooComplexError, RecursionError):
        return as_plain_text(decoded, _TOO_COMPLEX)
    writer = story.flow.writer
    return Parsed(writer.text, (), (*decoded.notes, *notes_on_files(story.other_files)), writer.blocks)
