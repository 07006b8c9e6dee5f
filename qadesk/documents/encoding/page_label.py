"""The encoding that a web page names itself."""

from __future__ import annotations

import re

_HEAD = 4096  # bytes
_LABEL = re.compile(rb"""<(?:meta|\?xml)\s[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_WIDE_LABEL = re.compile(rb"utf-?(?:16|32)|ucs-?[24]|iso-10646-ucs-?[24]", re.I)


def page_label(data: bytes) -> str:
    """The label in a page's head, '' if it has none. One that a page in ASCII characters cannot have is no label."""
    label = _LABEL.search(data, 0, _HEAD)
    return label[1].decode("ascii", "replace") if label and not _WIDE_LABEL.fullmatch(label[1]) else ""
