"""The numbers and bullets of lists as LaTeX prints them."""

from __future__ import annotations

import re

from qadesk.documents.roman import roman

_LABELS = ("\\arabic*.", "(\\alph*)", "\\roman*.", "\\Alph*.")  # of the lists in lists
_COUNTER = re.compile(r"\\(arabic|alph|Alph|roman|Roman)\s*(?:\*|\{[^{}]*\})")
_SHORT = re.compile(r"(?<![A-Za-z])([1aAiI])(?![A-Za-z])")  # of the package enumerate: [(a)]
_SHORT_NAMES = {"1": "arabic", "a": "alph", "A": "Alph", "i": "roman", "I": "Roman"}
_LABEL_KEY = re.compile(r"\blabel\s*=\s*(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|[^,]*)")
_START_KEY = re.compile(r"\bstart\s*=\s*(\d{1,6})")
_FONT = re.compile(
    r"\\(?:bfseries|itshape|textbf|textit|emph|rmfamily|upshape|normalfont|sffamily|textrm|scshape)\b\s*"
)


class ListEnvironment:
    """An open list: how its items are marked, and the number of the last one."""

    def __init__(self, kind: str, depth: int, option: str) -> None:
        self.kind = kind
        self.number = 0
        self._label = _LABELS[min(depth, len(_LABELS) - 1)] if kind == "enumerate" else "•" if kind == "itemize" else ""
        if kind == "enumerate":
            self._read(option)

    def _read(self, option: str) -> None:
        label, start = _LABEL_KEY.search(option), _START_KEY.search(option)
        if start:
            self.number = int(start[1]) - 1
        if label:
            self._label = _FONT.sub("", label[1]).strip()
        elif option and "=" not in option and _SHORT.search(option):
            self._label = _SHORT.sub(lambda kind: f"\\{_SHORT_NAMES[kind[1]]}*", _FONT.sub("", option), count=1)

    def next_label(self) -> str:
        """The number or bullet of the next item."""
        self.number += 1
        label = _COUNTER.sub(lambda counter: list_numeral(self.number, counter[1]), self._label)
        return label.replace("{", "").replace("}", "").strip() or ("•" if self.kind == "itemize" else "")


def list_numeral(number: int, style: str) -> str:
    """``number`` as the counter command ``style`` prints it."""
    if style in ("alph", "Alph") and 0 < number <= 26:
        return chr(ord("a" if style == "alph" else "A") + number - 1)
    if style in ("roman", "Roman") and 0 < number < 4000:
        return roman(number) if style == "roman" else roman(number).upper()
    return str(number)
