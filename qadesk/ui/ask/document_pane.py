"""The open document with its title, notes, outline and find bar, or the empty view."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.documents.formats import encoding_can_be_chosen, pages_can_be_shown
from qadesk.records import Document
from qadesk.ui.ask.empty_view import EmptyView
from qadesk.ui.ask.sample_bar import SampleBar
from qadesk.ui.ask.scan_bar import ScanBar
from qadesk.ui.document.answer_view import show_matches
from qadesk.ui.document.document_view import DocumentView
from qadesk.ui.document.find_bar import FindBar
from qadesk.ui.document.outlined_view import OutlinedView
from qadesk.ui.document.pages.page_strip import WIDTH, PageStrip
from qadesk.ui.document.pages.page_view import PageView
from qadesk.ui.document.text_contents import TextContents
from qadesk.ui.kit import icons
from qadesk.ui.kit.widgets import font, plain_label, tool_button
from qadesk.ui.kit.work_line import WorkLine


class DocumentPane(QWidget):
    """Shows a document or none, its text or its pages. ``view_changed``: the other one is shown.

    ``pages_requested``: the user wants the other one.
    """

    view_changed = Signal()
    pages_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documentPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._head = QFrame()
        self._head.setObjectName("documentHead")
        self.title = plain_label()
        self._about = plain_label(tone="muted", wrap=False)
        self.notes = NoteLine()
        self.scan_bar = ScanBar()
        self.sample_bar = SampleBar()
        self.text = DocumentView()
        self.pages = PageView()
        self.page_strip = PageStrip(self.pages)
        self.page_strip.page_chosen.connect(lambda index: self.go_to_page(index + 1))
        self.page_strip.hide()
        pages_box = QSplitter(Qt.Orientation.Horizontal)
        pages_box.setHandleWidth(1)
        pages_box.addWidget(self.page_strip)
        pages_box.addWidget(self.pages)
        pages_box.setStretchFactor(1, 1)
        pages_box.setSizes([WIDTH, 4 * WIDTH])
        self._document: Document | None = None
        self.empty = EmptyView()
        self.find_bar = FindBar()
        self.print_line = WorkLine()
        self.print_line.setContentsMargins(16, 4, 16, 4)
        self.outlined = OutlinedView(self.text, self.pages, pages_box)
        self.pages_button = tool_button("Pages as printed", self.pages_requested.emit, "F8")
        self.pages_button.setCheckable(True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.outlined)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(16, 6, 24, 6)
        row.setSpacing(8)
        row.addWidget(self.outlined.button)
        row.addWidget(self.pages_button)
        row.addWidget(self.title, 1)
        row.addWidget(self._about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (
            self.sample_bar,
            self._head,
            self.notes,
            self.scan_bar,
            self.print_line,
            self._stack,
            self.find_bar,
        ):
            column.addWidget(widget, 1 if widget is self._stack else 0)
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text.setMinimumWidth(240)
        self.find_bar.matches_changed.connect(self._show_matches)
        self.show_document(None)
        self.restyle()

    @property
    def view(self) -> DocumentView | PageView:
        """The view that is shown."""
        return self.outlined.view

    @property
    def shows_pages(self) -> bool:
        """Whether the pages are shown, and not the text."""
        return self.view is self.pages

    def show_document(
        self, document: Document | None, contents: TextContents | None = None, *, is_sample: bool = False
    ) -> None:
        """Show the text of ``document``, by ``contents`` where they were made ahead; None shows the empty view.

        Above the sample it says that it ``is_sample``.
        """
        self._document = document
        self.sample_bar.setVisible(is_sample)
        self.pages.close_document()
        self.outlined.show_view(self.text)
        self.pages_button.setVisible(pages_can_be_shown(document))
        self.pages_button.setChecked(False)
        self._head.setVisible(document is not None)
        self._stack.setCurrentWidget(self.outlined if document else self.empty)
        self.notes.show_notes(document)
        self.find_bar.close_bar()
        self.text.show_document(document or Document("", ""), contents)
        self.find_bar.set_text(document.text if document else "")
        self.outlined.show_outline(document.outline if document else ())
        if document:
            self.title.setText(document.title)
            self._about.setText(phrases.description(document))

    def show_pages(self, shown: bool, password: str | None = None) -> None:
        """Show the pages of the document, which has some, or its text, at the same place."""
        if shown == self.shows_pages or self._document is None:
            return
        offset = self.view.top_offset()
        if shown and self.pages.document is not self._document:
            self.pages.show_document(self._document, password)
        self.outlined.show_view(self.pages if shown else self.text)
        self.pages_button.setChecked(shown)
        self.view.show_at_top(offset)
        self.find_bar.mark_again()
        self.view_changed.emit()

    def page_in_view(self) -> int:
        """The number of the page at the top of what is shown; 1 where the document has none."""
        if self.shows_pages:
            return self.pages.page_in_view() + 1
        page = self._document.page_at(self.text.top_offset()) if self._document else None
        return page.number if page else 1

    def go_to_page(self, number: int) -> None:
        """Show the page with this number at the top."""
        if self._document is None or not 0 < number <= len(self._document.pages):
            return
        if self.shows_pages:
            self.pages.go_to_page(number - 1)
        else:
            self.text.show_at_top(self._document.pages[number - 1].start)

    def open_find(self) -> None:
        """Open the find bar with what is selected, if it is short."""
        span = self.view.selected()
        text = self.view.text_of(*span) if span and span[1] - span[0] <= 100 else ""
        self.find_bar.open_at(span[0] if span else self.view.top_offset(), text)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.title.setFont(font(strong=True))
        self.outlined.restyle()
        self.page_strip.restyle()
        self.pages_button.setIcon(icons.icon("page"))
        self.empty.restyle()
        self.sample_bar.restyle()
        self.find_bar.restyle()
        self.notes.restyle()

    def _show_matches(self, matches: list[tuple[int, int]], index: int) -> None:
        show_matches(self.view, matches, index)


class NoteLine(QFrame):
    """Notes on how the file was read, until the user closes them.

    ``encoding_requested``: the user wants to choose another encoding.
    """

    encoding_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noteLine")
        self.label = plain_label(tone="muted")
        self.encoding = QPushButton("Another encoding…")
        self.encoding.clicked.connect(lambda _checked: self.encoding_requested.emit())
        self._close = tool_button("Close the notes", self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 4, 8, 4)
        row.addWidget(self.label, 1)
        row.addWidget(self.encoding, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._close, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_notes(self, document: Document | None) -> None:
        """Show the notes of ``document``, each on a line."""
        notes = document.notes if document else ()
        self.label.setText("\n".join(notes))
        self.encoding.setVisible(encoding_can_be_chosen(document))
        self.setVisible(bool(notes))

    def restyle(self) -> None:
        """Take the theme's colours."""
        self._close.setIcon(icons.icon("close"))
