"""Prints the open document: asks how and where to, shows how far it is, and says what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from qadesk.app.documents import scan_store
from qadesk.documents.formats import pages_can_be_shown
from qadesk.errors import PrintError, QadeskError
from qadesk.records import Document
from qadesk.ui.ask.print_dialog import PrintDialog
from qadesk.ui.document.highlights import Mark
from qadesk.ui.kit.file_chooser import documents_folder
from qadesk.ui.kit.messages import Message
from qadesk.ui.kit.work_line import WorkLine
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from qadesk.ui.document.printing.page_printing import PagePrinting
    from qadesk.ui.document.printing.text_printing import TextPrinting


class PrintController(QObject):
    """``marks`` gives those of the answers that are shown; ``line`` shows the work."""

    def __init__(self, services: Services, line: WorkLine, marks: Callable[[], Sequence[Mark]]) -> None:
        super().__init__(line)
        self._services, self._line, self._marks = services, line, marks
        self.printing: PagePrinting | TextPrinting | None = None
        line.cancel.clicked.connect(lambda _checked: self.stop())
        services.signals.closing.connect(self.stop)

    def commands(self) -> Commands:
        """What prints."""
        return {"print_document": self.open_dialog}

    def stop(self) -> bool:
        """Stop printing. Gives whether there was something to stop."""
        printing = self.printing
        if printing is None:
            return False
        self._end()
        printing.cancel()
        return True

    def open_dialog(self) -> None:
        """Ask what to print, then where to."""
        document = self._services.documents.document
        if document is None:
            return
        if self.printing is not None:
            self._services.report(PrintError("A document is being printed.", "Wait for it, or stop it (Esc)."))
            return
        what = "the pages as they are." if pages_can_be_shown(document) else "the text."
        marks = self._marks()
        dialog = PrintDialog(document.title, what, has_answers=bool(marks), parent=self._services.window)
        dialog.printer_chosen.connect(lambda: self._ask_printer(document, self._marks_to_print(dialog, marks)))
        dialog.file_chosen.connect(lambda: self._ask_file(document, self._marks_to_print(dialog, marks)))
        self._services.dialogs.open(dialog)

    def _marks_to_print(self, dialog: PrintDialog, marks: Sequence[Mark]) -> Sequence[Mark]:
        dialog.accept()
        return marks if dialog.are_marks_wanted else ()

    def _ask_printer(self, document: Document, marks: Sequence[Mark]) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinterInfo

        if sys.platform == "win32" and not QPrinterInfo.availablePrinterNames():  # elsewhere the dialog offers a file
            self._services.report(PrintError("There is no printer on this computer.", "Print into a PDF file instead."))
            return
        printer = new_printer(document)
        dialog = QPrintDialog(printer, self._services.window)
        dialog.setWindowTitle("Print")
        if pages_can_be_shown(document):
            dialog.setMinMax(1, len(document.pages))
        dialog.finished.connect(lambda result: self.start(printer, document, marks) if result else None)
        self._services.dialogs.open(dialog)

    def _ask_file(self, document: Document, marks: Sequence[Mark]) -> None:
        files = self._services.dialogs.files
        path, _ = files.new_file("print", "Print into a PDF file", suggested_file(document), "PDF (*.pdf)")
        if path:
            printer = new_printer(document)
            printer.setOutputFileName(
                str(path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf"))
            )
            printer.setOutputFormat(printer.OutputFormat.PdfFormat)
            self.start(printer, document, marks)

    def start(self, printer: QPrinter, document: Document, marks: Sequence[Mark]) -> None:
        """Print ``document`` with ``marks`` as ``printer`` is set."""
        from qadesk.ui.document.printing.page_printing import PagePrinting
        from qadesk.ui.document.printing.print_target import PrintTarget
        from qadesk.ui.document.printing.text_printing import TextPrinting

        try:
            target = PrintTarget(printer, document.path)
        except QadeskError as error:
            self._services.report(error)
            return
        printing: PagePrinting | TextPrinting
        if pages_can_be_shown(document):
            printing = PagePrinting(target, document, marks, self._services.documents.password, self)
            printing.process.scans = scan_store(self._services.settings)
        else:
            printing = TextPrinting(target, document, marks, self)
        self.printing = printing
        printing.progressed.connect(self._line.report)
        printing.done.connect(self._finish)
        printing.failed.connect(self._fail)
        self._line.begin("Printing…")
        printing.start()

    def _finish(self, sheets: int) -> None:
        assert self.printing is not None
        name = self.printing.target.name
        self._end()
        self._services.messages.show_message(
            Message(f"Printed: {sheets:,} {'sheet' if sheets == 1 else 'sheets'} to {name}.")
        )

    def _fail(self, error: QadeskError) -> None:
        self._end()
        self._services.report(error)

    def _end(self) -> None:
        if self.printing is not None:
            self.printing.deleteLater()
        self.printing = None
        self._line.end()


def new_printer(document: Document) -> QPrinter:
    """The system's printer, or a PDF file where there is none, for ``document``."""
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(document.title)
    printer.setCreator("QADesk")
    if not printer.outputFileName() and printer.outputFormat() == QPrinter.OutputFormat.PdfFormat:
        printer.setOutputFileName(str(suggested_file(document)))
    return printer


def suggested_file(document: Document) -> Path:
    """A PDF file beside the document, or in the user's documents, that is not the document."""
    path = document.path or documents_folder() / "document"
    return path.with_name(f"{path.stem}-printed.pdf")
