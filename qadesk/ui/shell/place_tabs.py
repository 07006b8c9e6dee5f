"""The tabs above the places, of which one is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import plain_label

_NARROWEST = QSize(480, 200)  # pixels


class _PlacePage(QScrollArea):
    """A page that may be wider than the window: then it is scrolled, and nothing of it is cut off."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)

    def minimumSizeHint(self) -> QSize:
        """Narrower than the page."""
        return _NARROWEST


class PlaceTabs(QWidget):
    """``pages`` are titles and widgets; ``above`` is a widget between the tabs and the pages.

    ``changed`` gives the index of the page that is shown now. ``note`` is a muted label at the right of the tabs.
    """

    changed = Signal(int)

    def __init__(self, pages: Sequence[tuple[str, QWidget]], above: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Places")
        self.tabs.setExpanding(False)
        self.note = plain_label(tone="muted", wrap=False)
        self._stack = QStackedWidget()
        head = QFrame()
        head.setObjectName("places")
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 0, 16, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (head, above, self._stack):
            column.addWidget(widget, 1 if widget is self._stack else 0)
        for number, (title, page) in enumerate(pages, 1):
            self._stack.addWidget(_PlacePage(page))
            self.tabs.addTab(title)
            self.tabs.setTabToolTip(number - 1, f"{title} (Ctrl+{number})")
        self.tabs.currentChanged.connect(self._show)

    def show_index(self, index: int) -> None:
        """Show the page at ``index``."""
        self.tabs.setCurrentIndex(index)

    def _show(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self.changed.emit(index)
