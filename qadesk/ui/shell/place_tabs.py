"""The places of the window: where one asks and where one labels. One is shown; tabs above it switch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import plain_label


class PlaceTabs(QWidget):
    """``pages`` are names and widgets; ``above`` lies over all of them. ``changed`` gives the widget that is shown now.

    ``remark`` is a quiet word at the right of the tabs.
    """

    changed = Signal(object)

    def __init__(self, pages: Sequence[tuple[str, QWidget]], above: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Places")
        self.tabs.setExpanding(False)
        self.remark = plain_label(tone="muted", wrap=False)
        self._stack = QStackedWidget()
        self._pages = [page for _, page in pages]
        head = QFrame()
        head.setObjectName("places")
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 0, 16, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.remark)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (head, above, self._stack):
            column.addWidget(widget, 1 if widget is self._stack else 0)
        for number, (name, page) in enumerate(pages, 1):
            self._stack.addWidget(page)
            self.tabs.addTab(name)
            self.tabs.setTabToolTip(number - 1, f"{name} (Ctrl+{number})")
        self.tabs.currentChanged.connect(self._go)

    @property
    def current(self) -> QWidget:
        """The widget that is shown."""
        return self._pages[self._stack.currentIndex()]

    def show_page(self, page: QWidget) -> None:
        """Go to ``page``."""
        self.tabs.setCurrentIndex(self._stack.indexOf(page))

    def _go(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self.changed.emit(self.current)
