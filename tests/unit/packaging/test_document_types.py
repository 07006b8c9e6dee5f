"""What the installers list about document formats is what the table of the formats says."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import desktop
import document_types
import platforms
import pytest
import smoke_documents

from qadesk.documents import formats
from qadesk.documents.formats import FORMATS, format_of


def test_a_row_in_the_table_is_all_that_the_installers_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = replace(
        FORMATS[0],
        kind="toy",
        suffixes=(".toy", ".doll"),
        mime_types=("application/x-toy",),
        apple_types=("org.example.toy",),
        open_with=(".toy",),
    )
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, toy))
    desktop.write(tmp_path / "share")
    entry, metainfo = (next((tmp_path / "share").rglob(f"*.{suffix}")) for suffix in ("desktop", "metainfo.xml"))
    assert ";application/x-toy;\n" in entry.read_text(encoding="utf-8")
    assert "<mediatype>application/x-toy</mediatype>" in metainfo.read_text(encoding="utf-8")
    (documents,) = platforms.info_plist()["CFBundleDocumentTypes"]
    assert documents["LSItemContentTypes"][-1] == "org.example.toy"
    assert "public.image" not in documents["LSItemContentTypes"]  # it has many more formats of pictures
    assert documents["LSHandlerRank"] == "Alternate"
    associations = document_types.write_associations(tmp_path / "a.iss").read_text(encoding="utf-8")
    assert r"Classes\.toy\OpenWithProgids" in associations
    assert ".doll" not in associations


def test_every_reader_goes_into_the_bundle() -> None:
    for row in FORMATS:
        assert row.module.startswith("qadesk.")  # the spec collects all modules below it
        assert find_spec(row.module)


def test_the_smoke_test_opens_a_file_of_every_isolated_format(tmp_path: Path) -> None:
    kinds = {format_of(path, BytesIO(path.read_bytes())).kind for path in smoke_documents.write(tmp_path)}
    assert {row.kind for row in FORMATS if row.isolated} <= kinds
