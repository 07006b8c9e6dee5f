"""Measures text recognition: the pages of a PDF with text are made pictures, clean and degraded, and read again.

python benchmarks/scans.py FILE.pdf [--pages N] [--dpi 200]

Prints pages a minute, the share of the words of the PDF that are in the recognised text as often as in its own, and
how well the boxes of words fit (intersection over union with those of the PDF). Degraded: blurred, with noise, turned
by 1.5 degrees, grey paper. Words are what is between white space, without punctuation, in lower case.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from timing import percentile

from qadesk.documents import read
from qadesk.documents.recognition.recognizer import ScanFile, read_scans
from qadesk.documents.scans.scan_store import ScanStore
from qadesk.documents.scans.scan_text import ScanText
from qadesk.qa.processor import physical_cores

Box = tuple[float, float, float, float]

_POINTS = 72
_SKEW = 1.5  # degrees
_GOOD_FIT = 0.7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--dpi", type=int, default=200)
    arguments = parser.parse_args()
    with closing(pypdfium2.PdfDocument(arguments.file)) as pdf:
        pages = [pdf[number] for number in range(min(len(pdf), arguments.pages))]
        words = [list(_words(page)) for page in pages]
        pictures = [page.render(scale=arguments.dpi / _POINTS, grayscale=True).to_pil() for page in pages]
    document = read(arguments.file)
    text = " ".join(document.text[page.start : page.end] for page in document.pages[: len(pictures)])
    print(f"{arguments.file.name}: {len(pictures)} pages at {arguments.dpi} dpi, {len(text.split()):,} words")
    _measure("clean", pictures, text, words, arguments.dpi)
    generator = np.random.default_rng(1)
    _measure("degraded", [_degraded(picture, generator) for picture in pictures], text, None, arguments.dpi)


def _measure(
    title: str,
    pictures: Sequence[Image.Image],
    text: str,
    words: Sequence[Sequence[tuple[str, Box]]] | None,
    dpi: int,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        pictures[0].save(path, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi)
        store = ScanStore(Path(folder) / "scans")
        document = read(path, scans=store)
        start = time.perf_counter()
        for _page in read_scans(ScanFile(path, "pdf"), document.scans, store, cores=physical_cores()):
            pass
        seconds = time.perf_counter() - start
        scans = list(_texts(path, store))
        recognized = read(path, scans=store).text
    share, english = _recall(text, recognized), _recall(text, recognized, has_english_letters=True)
    print(
        f"{title}: {60 * len(pictures) / seconds:.1f} pages a minute, word recall {100 * share:.2f} %, "
        f"of words in English letters {100 * english:.2f} %"
    )
    if words:
        fits = [fit for true, scan in zip(words, scans, strict=True) for fit in _fits(true, scan)]
        share = float(np.mean(np.array(fits) >= _GOOD_FIT))
        print(
            f"boxes of words overlap by {percentile(fits, 50):.2f} (median); {100 * share:.1f} % by {_GOOD_FIT} or more"
        )


def _texts(path: Path, store: ScanStore) -> Iterator[ScanText]:
    from qadesk.documents.pdf.scan_pages import page_hash

    with closing(pypdfium2.PdfDocument(path)) as pdf:
        for page in pdf:
            yield store.read(page_hash(page)) or ScanText(0, 0)


def _words(page: pypdfium2.PdfPage) -> Iterator[tuple[str, Box]]:
    """The words of a page of a PDF with their boxes, in points from the upper left corner."""
    text, height = page.get_textpage(), page.get_height()
    for match in re.finditer(r"\S+", text.get_text_range()):
        word = _plain(match[0])
        if not word:
            continue
        boxes = np.array([text.get_charbox(index) for index in range(*match.span())])
        left, bottom, right, top = *boxes[:, :2].min(0), *boxes[:, 2:].max(0)
        yield word, (left, height - top, right, height - bottom)


def _plain(word: str) -> str:
    return "".join(filter(str.isalnum, word)).lower()


def _recall(text: str, recognized: str, *, has_english_letters: bool = False) -> float:
    """The share of the words of ``text`` that are recognised, or of those of letters that the language data know."""
    one, other = (Counter(filter(None, map(_plain, part.split()))) for part in (text, recognized))
    if has_english_letters:
        one = Counter({word: count for word, count in one.items() if word.isascii()})
    return sum((one & other).values()) / sum(one.values())


def _fits(words: Sequence[tuple[str, Box]], text: ScanText) -> Iterator[float]:
    """For each word that stands once on the page and was found: how much the two boxes overlap."""
    places: dict[str, list[Box]] = defaultdict(list)
    for word in text.words:
        places[_plain(word.text)].append((word.left, word.top, word.right, word.bottom))
    counts = Counter(word for word, _ in words)
    for word, box in words:
        if counts[word] == 1 and len(places[word]) == 1:
            yield _overlap(box, places[word][0])


def _overlap(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0.0, across) * max(0.0, down)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return both / (areas - both) if both else 0.0


def _degraded(picture: Image.Image, generator: np.random.Generator) -> Image.Image:
    turned = picture.rotate(_SKEW, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.8))
    values: NDArray[np.float64] = 40 + np.asarray(turned, np.float64) * 0.7  # grey paper, pale ink
    return Image.fromarray(np.clip(values + generator.normal(0, 14, values.shape), 0, 255).astype(np.uint8))


if __name__ == "__main__":
    main()
