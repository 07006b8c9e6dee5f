"""Which files have characters that programs count in different ways: only those are read twice."""

import json

import pytest

from qadesk.labels.formats.content import read_content


def ignore(_where, _what):
    pass


@pytest.mark.parametrize("is_escaped", [True, False])
@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("Ada wrote it.", True),
        ("Ed\u00edth \u2013 Zo\u00eb \u4e00", True),
        ("a boat \U0001f6a4", False),
        ("Edi\u0301th", False),
        ("one\r\ntwo", False),
        ("one\u200dtwo", False),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_plain_if_all_programs_count_its_texts_alike(tmp_path, text, is_plain, is_escaped, encoding):
    path = tmp_path / "set.json"
    path.write_bytes(json.dumps([{"text": text}], ensure_ascii=is_escaped).encode(encoding))
    assert read_content(path, ignore, "").is_plain is is_plain


@pytest.mark.parametrize(("cell", "is_plain"), [("Zo\u00eb", True), ("Zoe\u0308", False), ('"one\r\ntwo"', False)])
def test_a_table_is_plain_if_all_programs_count_its_texts_alike(tmp_path, cell, is_plain):
    path = tmp_path / "set.csv"
    path.write_bytes(f"question,context\nWho?,{cell}\n".encode())
    assert read_content(path, ignore, "").is_plain is is_plain
