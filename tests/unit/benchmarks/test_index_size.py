"""How large an index is: its text is measured in bytes, and each text once."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from benchmarks.index_size import size_report, text_size
from qadesk.library.index import FileStamp, open_index
from qadesk.records import Document


def test_texts_are_counted_in_bytes_each_once(tmp_path: Path) -> None:
    texts = {"a.txt": "Straße und Öl, immer Öl.", "copy.txt": "Straße und Öl, immer Öl.", "b.txt": "x" * 40_000}
    with closing(open_index(tmp_path, writes=True)) as index:
        for name, text in texts.items():
            path = tmp_path / name
            index.add_document(FileStamp(path, len(text), 1), text[:16].encode(), Document(text, name, "text", path))
        index.commit()
    assert text_size(tmp_path) == 24 + 3 + 40_000
    assert "of 0.0 MB of text: texts 0." in size_report(tmp_path)
