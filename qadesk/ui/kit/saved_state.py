"""The state of windows and splitters as text in the settings, kept from one start to the next."""

from __future__ import annotations

import logging

from PySide6.QtCore import QByteArray

from qadesk.errors import SettingError
from qadesk.settings import Settings

_log = logging.getLogger(__name__)


def state_from(text: str) -> QByteArray:
    """The state that ``state_text`` gave; Qt ignores what makes no sense."""
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))


def state_text(state: QByteArray) -> str:
    """``state`` as ASCII text."""
    return bytes(state.toBase64().data()).decode("ascii")


def save_state(settings: Settings, key: str, state: str | bool) -> None:
    """Store ``state``, if it has changed. An error is only logged: it is no reason to keep a window from closing."""
    if state == settings[key]:
        return
    try:
        settings.set(key, state)
    except SettingError as error:
        _log.warning("%s not kept: %s", key, error.detail)
