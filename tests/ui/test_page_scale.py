"""Pages on screens with more pixels: in a process of its own, as the scale of a screen is fixed at the start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))

from pdf_files import make_pdf

_SHOW = """
import json, sys, time
from pathlib import Path
import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
application = QApplication([])
from qadesk.documents import read
from qadesk.ui.document.pages.page_view import PageView

def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, 2::-1].astype(int)

document = read(Path(sys.argv[1]))
view = PageView()
view.resize(700, 500)
view.show()
view.show_document(document)
until = time.monotonic() + 80
def shown():
    sight = view._sight()
    tiles = [tile for page in sight.pages for tile in sight.tiles(page, sight.scale)]
    return tiles if tiles and all(map(view.store.image, tiles)) and view.store.boxes(0) else []
while not shown() and time.monotonic() < until:
    application.processEvents()
    time.sleep(0.01)
ratio, sight = view.devicePixelRatioF(), view._sight()
seen = {"ratio": ratio, "differences": 0}
screen = pixels(view.viewport().grab().toImage())
for tile in shown():
    if tile.page:
        continue
    rect, place = view.store.rect_of(tile), sight.place(0)
    left, top = round(place.left() * ratio) + rect.left(), round(place.top() * ratio) + rect.top()
    on_screen = screen[top : top + rect.height(), left : left + rect.width()]
    drawn = pixels(view.store.image(tile))[: on_screen.shape[0], : on_screen.shape[1]]
    seen["differences"] += int((on_screen != drawn).sum())
start = document.text.index("Isaac")
view.mark_answers([[(start, start + 5)]], 0, doubtful=False)
(rect,) = view.answer_rects(0)
yellow = np.argwhere((abs(pixels(view.viewport().grab().toImage()) - (255, 224, 138)) < 12).all(-1)) / ratio
seen["mark"] = [*yellow.min(0)[::-1], *yellow.max(0)[::-1]]
seen["rect"] = [rect.left(), rect.top(), rect.right(), rect.bottom()]
ends = [QPointF(rect.left() + 1, rect.center().y()), QPointF(rect.right() - 1, rect.center().y())]
seen["selected"] = document.text[view._offset_at(ends[0]) : view._offset_at(ends[1])]
view.process.close()
print(json.dumps(seen))
"""


@pytest.mark.parametrize("scale", [1.25, 2.0])
def test_tiles_are_sharp_and_marks_and_selection_on_the_words(tmp_path: Path, scale: float) -> None:
    path = tmp_path / "tower.pdf"
    path.write_bytes(make_pdf([["The lamp was lit by Isaac Penhale."] * 30]))
    process = subprocess.run(
        [sys.executable, "-c", _SHOW, str(path)],
        env={**os.environ, "QT_SCALE_FACTOR": str(scale)},
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    seen = json.loads(process.stdout)
    assert seen["ratio"] == scale
    assert seen["differences"] == 0  # each pixel of the process that draws is one of the screen
    assert seen["mark"] == pytest.approx(seen["rect"], abs=4)  # it is a little wider than the words
    assert seen["selected"] == "Isaac"
