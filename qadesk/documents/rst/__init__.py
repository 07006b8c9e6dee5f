"""The reader of reStructuredText: the text as it is printed, without marks. No other file is opened."""

from __future__ import annotations

import re

from qadesk.documents.encoding.text_label import coding_label
from qadesk.documents.other_files import notes_on_files
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.rst.page import RstPage
from qadesk.documents.text import as_plain_text, decoded_text

_IS_RST = re.compile(
    r"^[ ]{0,40}\.\. [^\s.]|^(?:={3,}|-{3,}|~{3,}|\^{3,}|\"{3,}|\*{3,}|#{3,}|\+{3,})[ ]*$|::$|``|`_|:`"
    r"|^:[\w -]+:(?: |$)|^[*+-] |\*\w|^={2,} +=|^\+[-=]{2,}\+|^\| |\]_|^#?\(?[\w#]{1,3}[.)] ",
    re.M,
)


def read(source: Source) -> Parsed:
    """What ``source`` prints; a text without marks of reStructuredText as it is. Raises ``DocumentError``."""
    decoded = decoded_text(source, coding_label)
    if not _IS_RST.search(decoded.text):
        return as_plain_text(decoded)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.expandtabs(8).rstrip() for line in text.split("\n")]
    page = RstPage(lines, source.name, source.heartbeat)
    page.write()
    writer = page.flow.writer
    return Parsed(writer.text, (), (*decoded.notes, *notes_on_files(page.other_files)), writer.blocks)
