"""About QADesk: what this is, what it is made of under which licences, and what the bundled model is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

import qadesk
from qadesk import paths
from qadesk.ui.kit.jobs import Job, Jobs
from qadesk.ui.kit.widgets import ListStepper, add_copy_button, font, plain_label, text_view, wrapping_list

if TYPE_CHECKING:
    from qadesk.app.licences import Package

_WHAT = (
    "QADesk answers questions from your own documents. Nothing leaves this computer. "
    "It is free software under the Apache License 2.0."
)
_WAIT = "Looking…"
_ICON = 64  # pixels on a plain screen
_MARGIN = 10  # pixels around a text
_Contents = tuple[dict[str, dict[str, str]], list["Package"], str]


class AboutDialog(QDialog):
    """Three pages: the program, the licences and the model. Their contents are read in ``jobs``."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About QADesk")
        self.facts = _text_view("Versions, devices and paths")
        self.licences = LicencesPage()
        self.card = QTextBrowser()
        self.card.setAccessibleName("The bundled model")
        self.card.setOpenExternalLinks(True)
        self.card.setSearchPaths([str(paths.bundled_model_dir())])  # of the card's picture
        self.card.document().setDocumentMargin(_MARGIN)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Pages about QADesk")
        self.tabs.setDocumentMode(True)
        for page, title in ((self._program(), "Program"), (self.licences, "Licences"), (self._model(), "Model")):
            self.tabs.addTab(page, title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = add_copy_button(buttons, lambda: self.shown_text)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.tabs, 1)
        column.addWidget(buttons)
        self.resize(820, 560)
        self.facts.setPlainText(_WAIT)
        job = jobs.start("files", _read_contents, done=self._show)
        self.finished.connect(job.cancel)

    @property
    def shown_text(self) -> str:
        """The text on the page that is shown."""
        views = (self.facts, self.licences.text, self.card)
        return views[self.tabs.currentIndex()].toPlainText()

    def _program(self) -> QWidget:
        picture = QLabel()
        pixmap = QPixmap(str(paths.resources_dir() / "icons" / f"qadesk-{2 * _ICON}.png"))
        pixmap.setDevicePixelRatio(2)
        picture.setPixmap(pixmap)
        name = plain_label(f"QADesk {qadesk.__version__}", wrap=False)
        name.setFont(font(1.6, strong=True))
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(name)
        words.addWidget(plain_label(_WHAT))
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        page, column = _page()
        column.addLayout(head)
        column.addWidget(self.facts, 1)
        return page

    def _model(self) -> QWidget:
        page, column = _page()
        column.addWidget(self.card)
        return page

    def _show(self, contents: _Contents) -> None:
        facts, packages, card = contents
        lines: list[str] = []
        for heading, rows in facts.items():
            lines += [heading.capitalize(), *(f"    {name}: {value}" for name, value in rows.items()), ""]
        self.facts.setPlainText("\n".join(lines).rstrip())
        self.licences.show_packages(packages)
        self.card.setMarkdown(card)


class LicencesPage(QWidget):
    """Every package that the program is made of, found by typing, and the text of the chosen one."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find a package or a licence")
        self.field.setAccessibleName("Find a package or a licence")
        self.list = wrapping_list("Packages")
        self.text = _text_view("Text of the licence")
        self.count = plain_label(_WAIT, tone="muted", wrap=False)
        self._packages: list[Package] = []
        search = QWidget()
        rows = QVBoxLayout(search)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setSpacing(8)
        for widget in (self.field, self.list, self.count):
            rows.addWidget(widget)
        parts = QSplitter()
        parts.setChildrenCollapsible(False)
        parts.addWidget(search)
        parts.addWidget(self.text)
        parts.setSizes([300, 500])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.addWidget(parts)
        self.field.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._show_text)
        ListStepper(self.field, self.list)

    def show_packages(self, packages: list[Package]) -> None:
        """List ``packages``."""
        self._packages = packages
        self._fill()

    def _fill(self) -> None:
        words = self.field.text().lower().split()
        self.list.clear()
        for package in self._packages:
            row = f"{package.title}\n{package.licence}" + (f"\npart of {package.part_of}" if package.part_of else "")
            if all(word in row.lower() for word in words):
                item = QListWidgetItem(row)
                item.setData(Qt.ItemDataRole.UserRole, package)
                self.list.addItem(item)
        if self._packages:
            self.count.setText(f"{self.list.count():,} of {len(self._packages):,} packages")
        self.list.setCurrentRow(0)

    def _show_text(self, item: QListWidgetItem | None) -> None:
        self.text.setPlainText(item.data(Qt.ItemDataRole.UserRole).full_text if item else "")


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 12, 0, 0)
    column.setSpacing(16)
    return page, column


def _text_view(name: str) -> QPlainTextEdit:
    view = text_view(name)
    view.document().setDocumentMargin(_MARGIN)
    return view


def _read_contents(_job: Job[None, _Contents]) -> _Contents:
    from qadesk.app.about import info
    from qadesk.app.licences import model_card, packages

    return info(), packages(), model_card()
