"""Prints the pages of a PDF: a process of its own draws them part by part, each part goes to the printer at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtGui import QImage

from qadesk.errors import PrintError, QadeskError
from qadesk.progress import Clock
from qadesk.records import Document
from qadesk.ui.document.highlights import Mark
from qadesk.ui.document.pages.page_process import PageProcess, Reply
from qadesk.ui.document.printing.paper_fit import PART_PIXELS, PaperFit, fit_on_paper
from qadesk.ui.document.printing.print_target import PrintTarget
from qadesk.ui.document.printing.printed_marks import PrintedMarks
from qadesk.ui.document.printing.printing import Printing
from qadesk.ui.document.printing.seamless_parts import SeamlessParts

if TYPE_CHECKING:
    from qadesk.documents.text_on_page import PageRuns

_MOST_TRIES = 3  # of a request
_MOST_DRAWN = 4  # parts that wait for the printer
Sizes = Sequence[tuple[float, float]]


@dataclass(slots=True)
class _PrintRequest:
    message: dict[str, Any]
    keep: Callable[[Reply, int], None]
    tries: int = 0


@dataclass(slots=True)
class _PageOnPaper:
    page: int
    fit: PaperFit
    marks: PrintedMarks
    parts: list[QRect]
    seamless: SeamlessParts


class PagePrinting(Printing):
    """Prints the pages of ``document``, a PDF, with ``marks``, spans of its text, over the words."""

    def __init__(
        self,
        target: PrintTarget,
        document: Document,
        marks: Sequence[Mark] = (),
        password: str | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(target, parent)
        self.process = PageProcess(self, slot=4 * PART_PIXELS)
        self._document, self._marks, self._password = document, marks, password
        self._sizes: Sizes = ()
        self._sheets: list[int] = []
        self._printed = 0  # sheets
        self._waiting: list[_PrintRequest] = []
        self._drawn: deque[Callable[[], None]] = deque()
        self._is_asking = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._guarded(self._go_on))
        self._clock = Clock("Printing", 0)
        self.process.opened.connect(self._guarded(self._begin))
        self.process.freed.connect(self._guarded(self._send))
        self.process.failed.connect(lambda sentence: self.fail(PrintError(sentence)))

    def start(self) -> None:
        """Open the file."""
        self.process.open(self._document, self._password)

    def release(self) -> None:
        """End the process."""
        self._timer.stop()
        self.process.close()

    def _begin(self, sizes: Sizes) -> None:
        if len(sizes) != len(self._document.pages):
            raise PrintError("The file has changed since it was read.", "Load it again (F5).")
        self._sizes = sizes
        self._sheets = self.target.sheets(len(sizes))
        self._clock = Clock("Printing", len(self._sheets))
        self._next_sheet()

    # A sheet

    def _next_sheet(self) -> None:
        if self._printed == len(self._sheets):
            self.finish(self._printed)
            return
        page = self._sheets[self._printed]
        self.progressed.emit(self._clock.at(self._printed))
        self.target.next_sheet()
        fit = fit_on_paper(self._sizes[page], self.target.room, self.target.resolution, self.target.finest)
        runs = self._runs.get(page + 1, ()) if self._marks else ()
        sheet = _PageOnPaper(page, fit, PrintedMarks(fit, self._marks, runs), list(fit.parts()), SeamlessParts())
        if sheet.marks.are_there:
            self._ask({"do": "boxes", "page": page}, partial(self._take_words, sheet))
        else:
            self._ask_for_parts(sheet)

    @cached_property
    def _runs(self) -> PageRuns:
        from qadesk.documents.text_on_page import PageRuns

        return PageRuns(self._document.characters)

    def _take_words(self, sheet: _PageOnPaper, reply: Reply, at: int) -> None:
        sheet.marks.place(self.process.pixels.boxes(at, reply["count"]))
        self._ask_for_parts(sheet)

    def _ask_for_parts(self, sheet: _PageOnPaper) -> None:
        for part in sheet.parts:
            numbers = [sheet.fit.pixels, sheet.fit.turns, part.left(), part.top(), part.width(), part.height()]
            message = {"do": "draw", "page": sheet.page, "look": "paper", "part": numbers}
            self._ask(message, partial(self._take_part, sheet, part))

    def _take_part(self, sheet: _PageOnPaper, part: QRect, _reply: Reply, at: int) -> None:
        image = self.process.pixels.image(at, part.width(), part.height())
        self._drawn.append(partial(self._print_part, sheet, part, image))
        self._timer.start()

    def _go_on(self) -> None:
        """Print one part; then the window has time for something else."""
        if self._drawn:
            self._drawn.popleft()()
            self._send()
        else:
            self._timer.stop()

    def _print_part(self, sheet: _PageOnPaper, part: QRect, image: QImage) -> None:
        sheet.marks.paint(image, part)
        is_last = part == sheet.parts[-1]
        for whole, place in sheet.seamless.add(image, part, is_last=is_last):
            self.target.painter.drawImage(sheet.fit.on_paper(place), whole)
        if is_last:
            self._printed += 1
            self._next_sheet()

    # Requests

    def _ask(self, message: dict[str, Any], keep: Callable[[Reply, int], None]) -> None:
        self._waiting.append(_PrintRequest(message, keep))
        self._send()

    def _send(self) -> None:
        """Send one request; the next one when it has its reply, so that the parts come in their order."""
        is_busy = self._is_asking or len(self._drawn) >= _MOST_DRAWN
        if self._waiting and self.process.has_room and not is_busy:
            self._is_asking = True
            request = self._waiting.pop(0)
            self.process.send(request.message, self._guarded(partial(self._receive, request)))

    def _receive(self, request: _PrintRequest, reply: Reply | None, at: int) -> None:
        self._is_asking = False
        if reply is not None:
            request.keep(reply, at)
            self._send()
            return
        request.tries += 1
        if request.tries == _MOST_TRIES:
            name = self._document.pages[request.message["page"]].name
            raise PrintError(f"The document cannot be printed: {name} cannot be drawn.")
        self._waiting.insert(0, request)  # sent when there is room again

    def _guarded(self, act: Callable[..., object]) -> Callable[..., None]:
        """``act`` as long as there is something to print; its errors end that."""

        def guarded(*arguments: object) -> None:
            if self.is_over:
                return
            try:
                act(*arguments)
            except QadeskError as error:
                self.fail(error)

        return guarded
