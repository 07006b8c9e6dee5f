"""The binding to Qt itself."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is never freed there")
def test_calls_that_return_nothing_do_not_use_none_up() -> None:
    """PySide 6.12.0 loses a reference to None with each call under Python 3.11: the window would die in minutes."""
    qt_object = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        qt_object.setObjectName("name")
    assert sys.getrefcount(None) > before - 500
