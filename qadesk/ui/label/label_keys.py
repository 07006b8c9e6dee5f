"""The keys of the label view, and the action that each stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from qadesk.labels import spans
from qadesk.labels.spans import Span

SpanMove = Callable[[str, Span, int], Span]
"""A function of ``qadesk.labels.spans``: the moved span from a text, a span and a step."""


class KeyAction(Enum):
    """An action without arguments."""

    ACCEPT = auto()
    SET_NO_ANSWER = auto()
    ADD_ANSWER = auto()
    REMOVE_ANSWER = auto()
    SKIP = auto()
    PREVIOUS_QUESTION = auto()
    NEXT_QUESTION = auto()
    EDIT_QUESTION = auto()
    DELETE_QUESTION = auto()
    EDIT_NOTE = auto()


@dataclass(frozen=True, slots=True)
class MoveSpan:
    """Move the marked span, or one end of it, forward (``step`` 1) or back (-1)."""

    move: SpanMove
    step: int


@dataclass(frozen=True, slots=True)
class ChooseAnswer:
    """Choose the answer at ``index``."""

    index: int


Action = KeyAction | MoveSpan | ChooseAnswer

_NONE, _SHIFT, _ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_K = Qt.Key

_ACTIONS: dict[tuple[Qt.Key, Qt.KeyboardModifier], Action] = {
    (_K.Key_Return, _NONE): KeyAction.ACCEPT,
    (_K.Key_Enter, _NONE): KeyAction.ACCEPT,
    (_K.Key_Up, _NONE): KeyAction.PREVIOUS_QUESTION,
    (_K.Key_Down, _NONE): KeyAction.NEXT_QUESTION,
    (_K.Key_Left, _NONE): MoveSpan(spans.moved, -1),
    (_K.Key_Right, _NONE): MoveSpan(spans.moved, 1),
    (_K.Key_Left, _ALT): MoveSpan(spans.moved_by_character, -1),
    (_K.Key_Right, _ALT): MoveSpan(spans.moved_by_character, 1),
    (_K.Key_Left, _SHIFT): MoveSpan(spans.end_moved, -1),
    (_K.Key_Right, _SHIFT): MoveSpan(spans.end_moved, 1),
    (_K.Key_Left, _SHIFT | _ALT): MoveSpan(spans.end_moved_by_character, -1),
    (_K.Key_Right, _SHIFT | _ALT): MoveSpan(spans.end_moved_by_character, 1),
    (_K.Key_N, _NONE): KeyAction.SET_NO_ANSWER,
    (_K.Key_A, _NONE): KeyAction.ADD_ANSWER,
    (_K.Key_S, _NONE): KeyAction.SKIP,
    (_K.Key_E, _NONE): KeyAction.EDIT_QUESTION,
    (_K.Key_M, _NONE): KeyAction.EDIT_NOTE,
    (_K.Key_Delete, _NONE): KeyAction.REMOVE_ANSWER,
    (_K.Key_Backspace, _NONE): KeyAction.REMOVE_ANSWER,
    (_K.Key_Delete, _CTRL): KeyAction.DELETE_QUESTION,
}
_BY_WORD = {
    "[": MoveSpan(spans.start_moved, -1),
    "]": MoveSpan(spans.start_moved, 1),
    "{": MoveSpan(spans.end_moved, -1),
    "}": MoveSpan(spans.end_moved, 1),
}
_BY_CHARACTER = {
    "[": MoveSpan(spans.start_moved_by_character, -1),
    "]": MoveSpan(spans.start_moved_by_character, 1),
    "{": MoveSpan(spans.end_moved_by_character, -1),
    "}": MoveSpan(spans.end_moved_by_character, 1),
}
_BRACKETS = {_K.Key_BracketLeft: "[", _K.Key_BracketRight: "]", _K.Key_BraceLeft: "{", _K.Key_BraceRight: "}"}


def action_of(event: QKeyEvent) -> Action | None:
    """The action of the key, None if it has none.

    Brackets go by the character, as they lie on different keys from country to country. Alt moves by characters, but
    not with Ctrl: that is how AltGr arrives, which some keyboards need for a bracket.
    """
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    moves = _BY_CHARACTER if modifiers & _ALT and not modifiers & _CTRL else _BY_WORD
    for character in (event.text(), _BRACKETS.get(_K(event.key()), "")):
        if character in moves:
            return moves[character]
    if modifiers == _NONE and _K.Key_1 <= event.key() <= _K.Key_9:
        return ChooseAnswer(event.key() - _K.Key_1)
    return _ACTIONS.get((_K(event.key()), modifiers))
