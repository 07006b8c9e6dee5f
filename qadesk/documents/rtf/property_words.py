"""Control words that change the state of their group, or the table that is open."""

from __future__ import annotations

from collections.abc import Callable

from qadesk.documents.raised import Position
from qadesk.documents.rtf.groups import GroupState
from qadesk.documents.rtf.table import Merge, RowLayout

Change = Callable[[GroupState, int | None], None]

_MAX_LIST_LEVEL = 8
_MAX_FALLBACK = 20


def _reset_paragraph(state: GroupState, _number: int | None) -> None:
    text = state.text
    text.is_in_table, text.nesting, text.style, text.outline, text.list_level = False, 1, 0, None, 0


def _reset_run(state: GroupState, _number: int | None) -> None:
    text = state.text
    text.font, text.is_hidden, text.is_deleted, text.position = -1, False, False, ""


def _set_font(state: GroupState, number: int | None) -> None:
    state.text.font = number or 0


def _set_fallback(state: GroupState, number: int | None) -> None:
    state.text.fallback = max(0, min(1 if number is None else number, _MAX_FALLBACK))


def _set_hidden(state: GroupState, number: int | None) -> None:
    state.text.is_hidden = number != 0


def _set_deleted(state: GroupState, number: int | None) -> None:
    state.text.is_deleted = number != 0


def _position(position: Position) -> Change:
    def change(state: GroupState, number: int | None) -> None:
        state.text.position = "" if number == 0 else position

    return change


def _set_in_table(state: GroupState, number: int | None) -> None:
    state.text.is_in_table = number != 0


def _set_nesting(state: GroupState, number: int | None) -> None:
    state.text.nesting = 1 if number is None else number


def _set_style(state: GroupState, number: int | None) -> None:
    state.text.style = number or 0


def _set_outline(state: GroupState, number: int | None) -> None:
    state.text.outline = 0 if number is None else number


def _set_list_level(state: GroupState, number: int | None) -> None:
    state.text.list_level = max(0, min(number or 0, _MAX_LIST_LEVEL))


def _start_layout(state: GroupState, _number: int | None) -> None:
    state.story.layout = RowLayout()


def _mark_header(state: GroupState, _number: int | None) -> None:
    state.story.layout.is_header = True


def _add_edge(state: GroupState, number: int | None) -> None:
    state.story.layout.add_edge(number or 0)


def _merge(merge: Merge) -> Change:
    def change(state: GroupState, _number: int | None) -> None:
        state.story.layout.merge = merge

    return change


def _mark_page_number(state: GroupState, _number: int | None) -> None:
    state.story.has_page_number = True


PROPERTIES: dict[str, Change] = {
    "pard": _reset_paragraph, "plain": _reset_run, "f": _set_font, "uc": _set_fallback, "v": _set_hidden,
    "deleted": _set_deleted, "super": _position("superscript"), "sub": _position("subscript"),
    "nosupersub": _position(""), "intbl": _set_in_table, "itap": _set_nesting, "s": _set_style,
    "outlinelevel": _set_outline, "ilvl": _set_list_level, "trowd": _start_layout, "trhdr": _mark_header,
    "cellx": _add_edge, "clmrg": _merge("left"), "clvmrg": _merge("above"), "chpgn": _mark_page_number,
}  # fmt: skip
