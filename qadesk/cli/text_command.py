"""``qadesk text``: what was read from a document, as text, block by block, and as JSON."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qadesk.cli.document_options import add_document_options, document_from, print_notes
from qadesk.cli.output import DONE
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.records import Document
    from qadesk.structure import Block, Cell, Row

_INDENT = "    "
_MAX_MERGED = 100  # columns that are shown of a merged cell


def print_text(arguments: Sequence[str]) -> int:
    """``qadesk text FILE|-``. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="qadesk text", description="Print the text that QADesk reads in a document.")
    add_document_options(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--blocks", action="store_true", help="print the headings, paragraphs, tables and other blocks")
    form.add_argument("--json", action="store_true", help="print JSON (described in docs/command-line.md)")
    form.add_argument(
        "--source",
        action="store_true",
        help="print the file's own text with its marks, where it is text: of Markdown, HTML, LaTeX",
    )
    options = parser.parse_args(arguments)
    settings = Settings()
    if options.source and options.file != "-":
        _print_whole(_source(options, settings))
        return DONE
    document = document_from(options, settings)
    if options.blocks:
        for block in document.blocks:
            print("\n".join(_block_lines(block, document)))
    elif options.json:
        print(json.dumps(_document_as_json(document), ensure_ascii=False, indent=2))
    else:
        _print_whole(document.text)
    return DONE


def _source(options: argparse.Namespace, settings: Settings) -> str:
    from qadesk.app.documents import file_source

    source = file_source(Path(options.file), settings, encoding=options.encoding)
    print_notes(source.notes)
    return source.text


def _print_whole(text: str) -> None:
    """Print ``text`` as it is, and a line end after it if it has none."""
    sys.stdout.write(text if text.endswith(("\n", "\r")) else f"{text}\n")


def _block_lines(block: Block, document: Document) -> Iterator[str]:
    """What ``block`` is and where, and its text below that: a line of the table a line, header cells in brackets."""
    level = f" {block.level}" if block.level else ""
    page = document.page_at(block.start)
    place = f", {page.name}" if page else ""
    yield f"{block.kind}{level}{place}, {block.start:,} to {block.end:,}"
    if block.rows:
        yield from (f"{_INDENT}{_row_line(row, document.text)}".rstrip() for row in block.rows)
    else:
        text = document.text[block.start : block.end]
        lines = [" ".join(text.split())] if block.is_wrapped else text.splitlines()
        yield from (f"{_INDENT}{line}" for line in lines)


def _row_line(row: Row, text: str) -> str:
    """The cells of a row with ' | ' between the columns, also those that a merged cell covers."""
    columns: list[str] = []
    for cell in row:
        words = " ".join(text[cell.start : cell.end].split())
        columns += [""] * min(cell.column - len(columns), _MAX_MERGED)
        columns.append(f"[{words}]" if cell.is_header else words)
    return " | ".join(columns)


def _document_as_json(document: Document) -> dict[str, Any]:
    """What ``--json`` prints (docs/command-line.md)."""
    return {
        "title": document.title,
        "kind": document.kind,
        "pages": [dataclasses.asdict(page) for page in document.pages],
        "notes": document.notes,
        "scans": document.scans,
        "recognized_pages": document.recognized_pages,
        "outline": [dataclasses.asdict(entry) for entry in document.outline],
        "blocks": [_block_as_json(block, document) for block in document.blocks],
        "text": document.text,
    }


def _block_as_json(block: Block, document: Document) -> dict[str, Any]:
    page = document.page_at(block.start)
    return {
        "kind": block.kind,
        "start": block.start,
        "end": block.end,
        "level": block.level,
        "body": block.body,
        "is_wrapped": block.is_wrapped,
        "page": page.label if page else None,
        "text": document.text[block.start : block.end],
        "rows": [[_cell_as_json(cell, document.text) for cell in row] for row in block.rows],
    }


def _cell_as_json(cell: Cell, text: str) -> dict[str, Any]:
    return {**dataclasses.asdict(cell), "text": text[cell.start : cell.end]}
