"""Printing into PDF files, which are read again: pages, ranges, marks, turned pages, text, and what goes wrong."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from driving import MakeWindow, ScriptedReader, ask, ask_place, ask_session
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from qadesk.documents import read
from qadesk.errors import PrintError
from qadesk.records import Document
from qadesk.ui.ask.print_controller import PrintController
from qadesk.ui.ask.print_dialog import PrintDialog
from qadesk.ui.document.printing.page_printing import PagePrinting
from qadesk.ui.document.printing.paper_fit import fit_on_paper
from qadesk.ui.document.printing.print_target import PrintTarget
from qadesk.ui.document.printing.seamless_parts import SeamlessParts
from qadesk.ui.shell.main_window import MainWindow

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))

from pdf_files import make_pdf

PAGES = [["The lamp was lit by Isaac Penhale."], ["Thomas Reeve built the tower in 1862."], ["The end."]]
YELLOW, UNDERLINE = (255, 224, 138), (138, 90, 0)  # mark and mark_line of the light theme


@pytest.fixture(scope="module")
def tower(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The document, which is read once."""
    path = tmp_path_factory.mktemp("read") / "tower.pdf"
    path.write_bytes(make_pdf(PAGES))
    return read(path)


@pytest.fixture
def pdf(tmp_path: Path, tower: Document) -> Document:
    """The document with a file of its own."""
    assert tower.path is not None
    path = tmp_path / "tower.pdf"
    path.write_bytes(tower.path.read_bytes())
    return replace(tower, path=path)


def path_of(document: Document) -> Path:
    assert document.path is not None
    return document.path


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    return tmp_path / "printed.pdf"


def printer_for(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def controller_of(window: MainWindow) -> PrintController:
    return ask_place(window).printer


def print_to(qtbot: QtBot, window: MainWindow, printer: QPrinter, *, with_marks: bool = False) -> None:
    """Print the open document, and wait for what is said of it."""
    controller, document = controller_of(window), ask_session(window).document
    assert document is not None
    controller.start(printer, document, ask_place(window).controller.answer_marks() if with_marks else ())
    qtbot.waitUntil(lambda: controller.printing is None, timeout=60_000)


def pixels_of(path: Path, page: int, scale: float = 2.0) -> NDArray[np.uint8]:
    """A page of a file as red, green and blue."""
    with pdfium.PdfDocument(path) as document:
        return document[page].render(scale=scale).to_numpy()[:, :, 2::-1].copy()


def text_of_page(path: Path, page: int) -> str:
    with pdfium.PdfDocument(path) as document:
        return str(document[page].get_textpage().get_text_range())


def page_count(path: Path) -> int:
    with pdfium.PdfDocument(path) as document:
        return len(document)


def place_of(pixels: NDArray[np.uint8], colour: tuple[int, int, int]) -> NDArray[np.intp]:
    """The rows and columns of the pixels that are nearly of ``colour``."""
    return np.argwhere((np.abs(pixels.astype(int) - colour) < 12).all(-1))


# Pages


def test_pages_are_printed_as_they_are_with_marks_on_the_words(
    qtbot: QtBot, make_window: MakeWindow, pdf: Document, printed: Path
) -> None:
    window = make_window(ScriptedReader([("1862", 0.8)]))
    window.services.documents.show_document(pdf)
    ask(qtbot, window, "When was it built?")
    print_to(qtbot, window, printer_for(printed), with_marks=True)
    assert window.services.messages.text == "Printed: 3 sheets to the file 'printed.pdf'."
    assert page_count(printed) == 3
    first, second = pixels_of(printed, 0), pixels_of(printed, 1)
    assert not len(place_of(first, YELLOW))
    yellow = place_of(second, YELLOW)
    with pdfium.PdfDocument(path_of(pdf)) as document:
        text = document[1].get_textpage()
        left, _, _, _ = text.get_charbox(text.get_text_range().index("1862"))
        _, bottom, right, top = text.get_charbox(text.get_text_range().index("2."))
        assert document[1].get_size() == (600, 800)
    with pdfium.PdfDocument(printed) as document:
        width, height = document[1].get_size()
    scale = min(1, (width - 20) / 600, (height - 20) / 800)  # as large as fits beside the margins of the printer
    corner = (width - 600 * scale) / 2, (height - 800 * scale) / 2
    rows, columns = yellow[:, 0] / 2, yellow[:, 1] / 2  # points
    assert columns.min() == pytest.approx(corner[0] + left * scale, abs=4)
    assert columns.max() == pytest.approx(corner[0] + right * scale, abs=4)
    assert rows.min() == pytest.approx(corner[1] + (800 - top) * scale, abs=4)
    assert rows.max() == pytest.approx(corner[1] + (800 - bottom) * scale, abs=5)
    dark = place_of(second, (0, 0, 0))
    assert ((dark[:, 0] > yellow[:, 0].min()) & (dark[:, 1] > yellow[:, 1].min())).any()  # the words show through


def test_a_range_and_the_order_of_pages(qtbot: QtBot, make_window: MakeWindow, pdf: Document, printed: Path) -> None:
    window = make_window(ScriptedReader([("Isaac", 0.8)]))
    window.services.documents.show_document(pdf)
    printer = printer_for(printed)
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    print_to(qtbot, window, printer)
    assert page_count(printed) == 2
    whole = [(pixels_of(printed, page) < 128).sum() for page in (0, 1)]
    assert whole[0] > 2 * whole[1] > 0  # the second page has more words than the third


def test_sheets_are_those_of_the_range_with_copies(tmp_path: Path) -> None:
    printer = printer_for(tmp_path / "x.pdf")
    target = PrintTarget(printer)
    assert target.sheets(3) == [0, 1, 2]
    printer.setCopyCount(2)
    printer.setCollateCopies(True)
    copies = 1 if printer.supportsMultipleCopies() else 2
    assert target.sheets(3) == [0, 1, 2] * copies
    printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 9)
    assert target.sheets(3) == [2, 1] * copies
    with pytest.raises(PrintError, match="There are 1 pages: none"):
        target.sheets(1)


def test_a_wide_page_is_turned_on_narrow_paper(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, printed: Path
) -> None:
    wide = tmp_path / "wide.pdf"
    wide.write_bytes(make_pdf(PAGES, page=b"/Rotate 90"))  # 800 x 600: the words run downwards
    window = make_window(ScriptedReader([("Isaac Penhale", 0.8)]))
    window.services.documents.show_document(read(wide))
    ask(qtbot, window, "Who lit it?")
    print_to(qtbot, window, printer_for(printed), with_marks=True)
    pixels = pixels_of(printed, 0)
    assert pixels.shape[0] > pixels.shape[1]
    yellow = place_of(pixels, YELLOW)
    rows, columns = np.ptp(yellow[:, 0]), np.ptp(yellow[:, 1])
    assert columns > 3 * rows  # turned back: the words run across again, and so does what marks them
    assert yellow[:, 0].max() < pixels.shape[0] / 4  # at the upper edge, as in the file before its rotation
    landscape = printer_for(printed)
    landscape.setPageOrientation(QPageLayout.Orientation.Landscape)
    print_to(qtbot, window, landscape, with_marks=True)
    yellow = place_of(pixels_of(printed, 0), YELLOW)
    assert np.ptp(yellow[:, 0]) > 3 * np.ptp(yellow[:, 1])  # as the page is


def test_a_process_that_ends_is_replaced_and_the_page_is_whole(
    qtbot: QtBot, make_window: MakeWindow, pdf: Document, printed: Path
) -> None:
    window = make_window(ScriptedReader())
    window.services.documents.show_document(pdf)
    print_to(qtbot, window, printer_for(printed))
    expected = pixels_of(printed, 0)
    document, controller = ask_session(window).document, controller_of(window)
    assert document is not None
    controller.start(printer_for(printed), document, ())
    assert isinstance(controller.printing, PagePrinting)
    process = controller.printing.process
    qtbot.waitUntil(lambda: process.has_room, timeout=60_000)
    process._process.kill()
    qtbot.waitUntil(lambda: controller.printing is None, timeout=60_000)
    assert process._restarts == 1
    assert (pixels_of(printed, 0) == expected).all()


@pytest.mark.parametrize(
    ("contents", "words"),
    [(make_pdf([["Other."]]), "The file has changed since it was read"), (None, "There is no file 'tower.pdf'")],
)
def test_a_file_that_changed_or_went_away_is_said(
    qtbot: QtBot, make_window: MakeWindow, pdf: Document, printed: Path, contents: bytes | None, words: str
) -> None:
    window = make_window(ScriptedReader())
    window.services.documents.show_document(pdf)
    if contents:
        path_of(pdf).write_bytes(contents)
    else:
        path_of(pdf).unlink()
    print_to(qtbot, window, printer_for(printed))
    assert words in window.services.messages.text
    assert not printed.exists()


# Text


def test_text_is_printed_with_title_numbers_and_marks(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, printed: Path
) -> None:
    path = tmp_path / "log.md"
    paragraphs = "\n\n".join(f"Entry {number}: the lamp was lit at dusk and burned all night." for number in range(120))
    path.write_text(f"# The log of the tower\n\n{paragraphs}\n\nThe keeper was Isaac Penhale.\n")
    window = make_window(ScriptedReader([("Isaac Penhale", 0.9)]), view__theme="dark")
    window.services.documents.show_document(read(path))
    ask(qtbot, window, "Who was the keeper?")
    print_to(qtbot, window, printer_for(printed), with_marks=True)
    count = page_count(printed)
    assert count > 2
    texts = [text_of_page(printed, page) for page in range(count)]
    assert all(text.count("log.md") == 1 and f"{page} / {count}" in text for page, text in enumerate(texts, 1))
    assert "The log of the tower" in texts[0]
    whole = "\n".join(texts)
    assert [whole.count(f"Entry {number}:") for number in range(120)] == [1] * 120  # no line twice, none left out
    last = pixels_of(printed, count - 1)
    assert len(place_of(last, YELLOW)) > 50
    assert tuple(last[2, 2]) == (255, 255, 255)  # not the colours of the dark window
    assert not len(place_of(pixels_of(printed, 0), YELLOW))


def test_a_heading_is_not_left_alone_at_the_end_of_a_page(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, printed: Path
) -> None:
    path = tmp_path / "parts.md"
    path.write_text("".join(f"## Part {number}\n\nWords of part {number}.\n\n" for number in range(40)))
    window = make_window(ScriptedReader())
    window.services.documents.show_document(read(path))
    print_to(qtbot, window, printer_for(printed))
    count = page_count(printed)
    assert count > 2
    for text in (text_of_page(printed, page) for page in range(count)):
        for number in range(40):
            assert (f"Part {number}\r" in text) == (f"Words of part {number}." in text)


def test_pasted_text_is_printed_in_a_range(qtbot: QtBot, make_window: MakeWindow, printed: Path) -> None:
    text = "\n\n".join(f"Line {number}." for number in range(200))
    window = make_window(ScriptedReader(), text=text)
    printer = printer_for(printed)
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 2)
    print_to(qtbot, window, printer)
    assert page_count(printed) == 1
    text = text_of_page(printed, 0)
    assert "2 / " in text
    assert "Line 30." in text
    assert "Line 9." not in text


# Dialogs, stopping, and what goes wrong


def open_print_dialog(window: MainWindow) -> PrintDialog:
    window.commands["print_document"].trigger()
    dialog = window.services.dialogs.current
    assert isinstance(dialog, PrintDialog)
    return dialog


def test_ctrl_p_prints_into_a_file(
    qtbot: QtBot, make_window: MakeWindow, printed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(ScriptedReader([("lamp", 0.9)]))
    assert not window.commands["print_document"].isEnabled()
    window.services.documents.paste("The lamp was lit.")
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, PrintDialog)
    assert not dialog.marks.isVisible()  # there are none
    dialog.reject()
    ask(qtbot, window, "What was lit?")
    dialog = open_print_dialog(window)
    assert dialog.marks.isVisible()
    assert dialog.marks.isChecked()
    chosen = str(printed.with_suffix(""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (chosen, ""))
    qtbot.mouseClick(dialog.to_file, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Printed: 1 sheet" in window.services.messages.text, timeout=60_000)
    assert len(place_of(pixels_of(printed, 0), YELLOW))
    dialog = open_print_dialog(window)
    dialog.marks.setChecked(False)
    qtbot.mouseClick(dialog.to_file, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: controller_of(window).printing is None, timeout=60_000)
    assert not len(place_of(pixels_of(printed, 0), YELLOW))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the dialog there is the system's")
def test_without_printers_the_dialog_of_the_system_prints_into_a_file(
    qtbot: QtBot, make_window: MakeWindow, pdf: Document
) -> None:
    window = make_window(ScriptedReader())
    window.services.documents.show_document(pdf)
    qtbot.mouseClick(open_print_dialog(window).to_printer, Qt.MouseButton.LeftButton)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, QPrintDialog)
    assert (dialog.minPage(), dialog.maxPage()) == (1, 3)
    if dialog.printer().outputFormat() != QPrinter.OutputFormat.PdfFormat:
        pytest.skip("there is a printer here")
    box = dialog.findChild(QDialogButtonBox)
    qtbot.mouseClick(box.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Printed: 3 sheets" in window.services.messages.text, timeout=60_000)
    assert page_count(path_of(pdf).with_name("tower-printed.pdf")) == 3


def test_esc_stops_and_leaves_what_was_there(
    qtbot: QtBot, make_window: MakeWindow, pdf: Document, printed: Path
) -> None:
    printed.write_bytes(b"before")
    window = make_window(ScriptedReader())
    window.services.documents.show_document(pdf)
    document, controller = ask_session(window).document, controller_of(window)
    assert document is not None
    controller.start(printer_for(printed), document, ())
    printing = controller.printing
    assert printing is not None
    with qtbot.waitSignal(printing.progressed, timeout=60_000):
        pass
    controller.open_dialog()
    assert "A document is being printed" in window.services.messages.text
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert controller.printing is None
    assert printed.read_bytes() == b"before"
    assert sorted(path.name for path in printed.parent.glob("*.pdf")) == ["printed.pdf", "tower.pdf"]
    assert not [path for path in printed.parent.iterdir() if path.name.startswith(".")]


def test_a_file_that_cannot_be_written_is_said(
    qtbot: QtBot, make_window: MakeWindow, pdf: Document, tmp_path: Path
) -> None:
    window = make_window(ScriptedReader())
    window.services.documents.show_document(pdf)
    print_to(qtbot, window, printer_for(tmp_path / "nowhere" / "x.pdf"))
    assert "The file 'x.pdf' cannot be written." in window.services.messages.text
    print_to(qtbot, window, printer_for(path_of(pdf)))
    assert "The file 'tower.pdf' is the document itself." in window.services.messages.text
    assert page_count(path_of(pdf)) == 3


def test_the_window_closes_while_it_prints(qtbot: QtBot, make_window: MakeWindow, pdf: Document, printed: Path) -> None:
    window = make_window(ScriptedReader())
    window.services.documents.show_document(pdf)
    document, controller = ask_session(window).document, controller_of(window)
    assert document is not None
    controller.start(printer_for(printed), document, ())
    window.close()
    assert controller.printing is None
    assert not printed.exists()


# Numbers worked out by hand


def test_a_page_is_made_smaller_or_turned_to_fit_never_larger() -> None:
    small = fit_on_paper((100, 200), QSizeF(600, 900), 144, 72)
    assert (small.turns, small.scale, small.pixels, small.dots) == (0, 2, 1, 2)
    assert small.place.getRect() == (200, 250, 200, 400)
    assert [part.getRect() for part in small.parts()] == [(0, 0, 100, 200)]
    wide = fit_on_paper((900, 300), QSizeF(300, 450), 72, 600)
    assert (wide.turns, wide.scale, wide.pixels) == (3, 0.5, 0.5)
    assert wide.place.getRect() == (75, 0, 150, 450)
    assert wide.turn().map(0.0, 0.0) == (0, 450)  # the upper left corner is at the lower left
    large = fit_on_paper((2000, 3000), QSizeF(2000, 3000), 72, 600)
    parts = list(large.parts())
    assert parts[0].getRect() == (0, 0, 2000, 524)
    assert sum(part.height() for part in parts) == 3000


def test_parts_meet_where_least_is_printed() -> None:
    page = np.full((30, 4), 0xFFFFFFFF, np.uint32)
    page[3:9] = page[12:19] = 0xFF000000  # two lines of words; the parts end inside each
    page[22:30, 1] = 0xFF000000  # a rule that goes on to the end
    seamless, pieces = SeamlessParts(), []
    for top in range(0, 30, 7):
        part = QRect(0, top, 4, min(7, 30 - top))
        rows = page[top : top + part.height()]
        image = QImage(rows.tobytes(), 4, part.height(), 16, QImage.Format.Format_RGB32)
        pieces += list(seamless.add(image, part, is_last=top == 28))
    again = np.full_like(page, 0xFFFFFFFF)
    for image, place in pieces:
        rows = np.frombuffer(image.constBits(), np.uint32).reshape(-1, 4)
        again[place.top() : place.top() + place.height()] = rows
    assert ((again ^ page) & 0xFFFFFF == 0).all()
    borders = [place.top() for _, place in pieces]
    assert not any(3 < border < 9 or 12 < border < 19 for border in borders)
