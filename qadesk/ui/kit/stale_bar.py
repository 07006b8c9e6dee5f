"""The line above answers that says that they are old: of another model than the one in use, or without new files."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from qadesk.ui.kit.widgets import elided_middle, plain_label, push_button


class StaleBar(QFrame):
    """``again_requested``: the question shall be asked again."""

    again_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("staleBar")
        self.label = plain_label()
        self.button = push_button("Ask again", self.again_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self.label, 1)
        row.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignTop)
        self.show_model("")

    def show_model(self, name: str, *, is_loading: bool = False) -> None:
        """Say that the answers are of the model called ``name``; '' hides the line.

        ``is_loading``: they are asked for again by themselves as soon as the other model is there.
        """
        then = " The question is asked again as soon as the other model is loaded." if is_loading else ""
        self.show_text(f"These answers are of another model, '{elided_middle(name)}'.{then}" if name else "")
        self.button.setVisible(not is_loading)

    def show_text(self, text: str) -> None:
        """Say ``text``; '' hides the line."""
        if text:
            self.label.setText(text)
        self.setVisible(bool(text))
