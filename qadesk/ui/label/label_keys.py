"""The keys of the label view: what each does, by the name of the method."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_NONE, _SHIFT, _ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_K = Qt.Key

_NAMES: dict[tuple[Qt.Key, Qt.KeyboardModifier], str] = {
    (_K.Key_Return, _NONE): "accept",
    (_K.Key_Enter, _NONE): "accept",
    (_K.Key_Up, _NONE): "previous_question",
    (_K.Key_Down, _NONE): "next_question",
    (_K.Key_Left, _NONE): "move_left",
    (_K.Key_Right, _NONE): "move_right",
    (_K.Key_Left, _ALT): "move_left_by_character",
    (_K.Key_Right, _ALT): "move_right_by_character",
    (_K.Key_Left, _SHIFT): "end_left",
    (_K.Key_Right, _SHIFT): "end_right",
    (_K.Key_Left, _SHIFT | _ALT): "end_left_by_character",
    (_K.Key_Right, _SHIFT | _ALT): "end_right_by_character",
    (_K.Key_N, _NONE): "no_answer",
    (_K.Key_A, _NONE): "add_answer",
    (_K.Key_S, _NONE): "skip",
    (_K.Key_E, _NONE): "edit_question",
    (_K.Key_M, _NONE): "write_note",
    (_K.Key_Delete, _NONE): "remove_answer",
    (_K.Key_Backspace, _NONE): "remove_answer",
    (_K.Key_Delete, _CTRL): "delete_question",
}
_BRACKETS = {"[": "start_left", "]": "start_right", "{": "end_left", "}": "end_right"}


def name_of(event: QKeyEvent) -> str:
    """The method that the key is for, '' for none; 'choose:2' for the digit 3.

    Brackets go by what they write, as they lie on different keys from country to country.
    """
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    by_character = "_by_character" if modifiers & _ALT and not modifiers & _CTRL else ""
    bracket = _BRACKETS.get(event.text()) or _BRACKETS.get(_sign(event))
    if bracket:
        return bracket + by_character
    if modifiers == _NONE and _K.Key_1 <= event.key() <= _K.Key_9:
        return f"choose:{event.key() - _K.Key_1}"
    return _NAMES.get((_K(event.key()), modifiers), "")


def _sign(event: QKeyEvent) -> str:
    signs = {_K.Key_BracketLeft: "[", _K.Key_BracketRight: "]", _K.Key_BraceLeft: "{", _K.Key_BraceRight: "}"}
    return signs.get(_K(event.key()), "")
