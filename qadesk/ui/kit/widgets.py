"""Small widgets that several parts of the window use."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, SignalInstance
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

_COPIED = 2500  # milliseconds


def plain_label(text: str = "", *, name: str = "", tone: str = "", wrap: bool = True) -> QLabel:
    """A label that shows ``text`` as plain text, never as markup. ``tone`` is 'muted', 'good' or ''."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    width = QSizePolicy.Policy.Ignored if wrap else QSizePolicy.Policy.Preferred  # it wraps to any width
    label.setSizePolicy(width, QSizePolicy.Policy.Minimum)
    label.setObjectName(name)
    label.setProperty("tone", tone)
    return label


class FullHeightList(QListWidget):
    """A list that is as high as all its rows, also where these wrap: Qt's own hint is of rows that do not."""

    def doItemsLayout(self) -> None:
        """Take the height of the rows as they are laid out."""
        super().doItemsLayout()
        self.setMinimumHeight(self.contentsSize().height() + 2 * self.frameWidth())


def wrapping_list(name: str, *, is_full_height: bool = False) -> QListWidget:
    """A list called ``name`` for screen readers, whose rows wrap to its width."""
    rows = FullHeightList() if is_full_height else QListWidget()
    rows.setAccessibleName(name)
    rows.setWordWrap(True)
    rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows.setResizeMode(QListWidget.ResizeMode.Adjust)
    return rows


def elided_middle(text: str) -> str:
    """``text`` in at most 60 characters, without its middle if need be: names of files can be of any length."""
    return text if len(text) <= 60 else f"{text[:40]}…{text[-19:]}"


def plain_tip(text: str) -> str:
    """``text`` for a tooltip, which would take some of it as markup."""
    return f"<span>{html.escape(text)}</span>"


class Field(QLineEdit):
    """An input line that ignores keys it has no use for, so that the window's shortcuts get them: Ctrl+K, Ctrl+C
    where nothing is selected, and undo and redo where there is nothing in the line to undo.
    """

    def event(self, event: QEvent) -> bool:
        """Ignore the keys that have no use here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            copies_nothing = event.matches(keys.Copy) and not self.hasSelectedText()
            undoes_nothing = event.matches(keys.Undo) and not self.isUndoAvailable()
            redoes_nothing = event.matches(keys.Redo) and not self.isRedoAvailable()
            if event.matches(keys.DeleteEndOfLine) or copies_nothing or undoes_nothing or redoes_nothing:
                event.ignore()
                return False
        return super().event(event)

    def leave_undo(self) -> None:
        """Clear the undo history of the line, so that the next undo is the window's."""
        cursor = self.cursorPosition()
        self.setText(self.text())
        self.setCursorPosition(cursor)


def push_button(text: str, clicked: SignalInstance, kind: str = "") -> QPushButton:
    """A button that emits ``clicked``; ``kind`` selects its style."""
    button = QPushButton(text)
    button.setProperty("kind", kind)
    button.clicked.connect(clicked)
    return button


def tool_button(title: str, act: Callable[[], object], keys: str = "") -> QToolButton:
    """A button with a picture alone: its ``title`` is its tooltip and its name for screen readers."""
    button = QToolButton()
    button.setToolTip(f"{title} ({keys})" if keys else title)
    button.setAccessibleName(title)
    button.clicked.connect(lambda _checked: act())
    return button


def scroll_ground() -> QWidget:
    """A widget to put into a scroll area: its height follows from its width, by the wrapped text in it."""
    ground = QWidget()
    ground.setObjectName("ground")
    ground.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
    return ground


def resized(font: QFont, factor: float) -> QFont:
    """``font`` with ``factor`` times its size, in the unit that its size has."""
    other = QFont(font)
    if font.pixelSize() > 0:
        other.setPixelSize(max(1, round(font.pixelSize() * factor)))
    else:
        other.setPointSizeF(font.pointSizeF() * factor)
    return other


def font(scale: float = 1.0, *, strong: bool = False) -> QFont:
    """The window's font, ``scale`` times as large."""
    scaled = QFont(QApplication.font())
    scaled.setPointSizeF(scaled.pointSizeF() * scale)
    if strong:
        scaled.setWeight(QFont.Weight.DemiBold)
    return scaled


def clear(layout: QBoxLayout) -> None:
    """Take all widgets out of ``layout`` and away."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item else None
        if widget:
            widget.hide()
            widget.deleteLater()


def text_view(name: str) -> QPlainTextEdit:
    """A longer text to read: Tab leaves it."""
    view = QPlainTextEdit()
    view.setReadOnly(True)
    view.setTabChangesFocus(True)
    view.setAccessibleName(name)
    return view


def add_copy_button(buttons: QDialogButtonBox, text: Callable[[], str]) -> QPushButton:
    """A button in ``buttons`` that copies what ``text`` gives, and says so."""
    button = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
    timer = QTimer(button, singleShot=True, interval=_COPIED)
    timer.timeout.connect(lambda: button.setText("Copy"))

    def copy() -> None:
        QGuiApplication.clipboard().setText(text())
        button.setText("Copied")
        timer.start()

    button.clicked.connect(copy)
    return button


class ListStepper(QObject):
    """Up and Down in ``field`` go through ``rows``, and around at the ends."""

    def __init__(self, field: QLineEdit, rows: QListWidget) -> None:
        super().__init__(field)
        self._rows = rows
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the two keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self._rows.count():
                self._rows.setCurrentRow((self._rows.currentRow() + step) % self._rows.count())
                return True
        return super().eventFilter(watched, event)


class TextDialog(QDialog):
    """A longer text to read and to copy."""

    def __init__(self, parent: QWidget | None, title: str, lead: str, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.text = text
        view = text_view(title)
        view.setPlainText(text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        add_copy_button(buttons, lambda: text)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(plain_label(lead))
        column.addWidget(view, 1)
        column.addWidget(buttons)
        self.resize(640, 420)
