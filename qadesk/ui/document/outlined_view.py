"""Views of a document, one of which is shown, with its outline beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from qadesk.structure import OutlineEntry
from qadesk.ui.document.document_view import DocumentView
from qadesk.ui.document.outline_panel import OutlinePanel
from qadesk.ui.document.pages.page_view import PageView
from qadesk.ui.kit import icons
from qadesk.ui.kit.saved_state import state_from, state_text
from qadesk.ui.kit.widgets import tool_button


class OutlinedView(QSplitter):
    """Shows a ``view`` and, if the user wants it and the document has headings, the ``outline`` to the left of it.

    ``pages`` can take the place of ``text``; they are in ``pages_box``, if one is given, with what is beside them.

    ``button`` shows or hides the outline; it is for the head of the document, and is there only for one with headings.
    """

    def __init__(
        self,
        text: DocumentView,
        pages: PageView | None = None,
        pages_box: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.view: DocumentView | PageView = text
        self._views: list[DocumentView | PageView] = [text, pages] if pages else [text]
        self._stack = QStackedWidget()
        self.outline = OutlinePanel()
        self.button = tool_button("Outline", self.toggle_outline, "F9")
        self.has_outline = False
        self._is_outline_wanted = False
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.addWidget(self.outline)
        self.addWidget(self._stack)
        self.setStretchFactor(1, 1)
        self.restore_outline("", is_wanted=False)
        self.outline.heading_chosen.connect(self._go_to)
        self.outline.left.connect(self.focus_view)
        for view in self._views:
            self._stack.addWidget(pages_box if pages_box and view is pages else view)
            view.scrolled.connect(self._show_position)

    def show_view(self, view: DocumentView | PageView) -> None:
        """Show ``view`` in the place of the other one, with the keyboard in it if that was there."""
        has_focus = self.view.hasFocus()
        self.view = view
        self._stack.setCurrentIndex(self._views.index(view))
        if has_focus:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_view(self) -> None:
        """Put the keyboard into the view that is shown."""
        self.view.setFocus()

    def _go_to(self, offset: int) -> None:
        self.view.go_to(offset)

    def _show_position(self, offset: int) -> None:
        if self.sender() is self.view:
            self.outline.show_position(offset)

    def show_outline(self, outline: Sequence[OutlineEntry]) -> None:
        """List the headings of the document that the view shows, which may be none."""
        self.has_outline = bool(outline)
        self.outline.show_outline(outline)
        self.outline.setVisible(self._is_outline_wanted and self.has_outline)
        self.button.setVisible(self.has_outline)

    def toggle_outline(self) -> None:
        """Show the outline and put the keyboard into it, or hide it."""
        if not self.has_outline:
            return
        self._is_outline_wanted = not self._is_outline_wanted
        was_in_outline = self.outline.tree.hasFocus()
        self.outline.setVisible(self._is_outline_wanted)
        if self._is_outline_wanted:
            self.outline.show_position(self.view.top_offset())
            self.outline.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif was_in_outline:
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def restore_outline(self, layout: str, *, is_wanted: bool) -> None:
        """Show or hide the outline, and divide the view as ``saved_outline`` gave it."""
        self.setSizes([200, 580])
        self.restoreState(state_from(layout))
        self._is_outline_wanted = is_wanted
        self.outline.setVisible(is_wanted and self.has_outline)

    def saved_outline(self) -> tuple[str, bool]:
        """How the view is divided, as text, and whether the user wants the outline."""
        return state_text(self.saveState()), self._is_outline_wanted

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        for view in self._views:
            view.restyle()
        self.outline.restyle()
        self.button.setIcon(icons.icon("outline"))
