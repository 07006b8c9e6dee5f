"""Broken and hostile data sets: each is refused in a plain sentence."""

import os
from pathlib import Path

import pytest

from qadesk.errors import DataError
from qadesk.labels.formats.content import MAX_BYTES
from qadesk.labels.label_files import read_dataset, read_labels
from qadesk.progress import finish

ROW = '{"id": "q", "question": "Who?", "answers": [{"text": "Ada", "answer_start": %s}]}'
ONE = '{"data": [{"paragraphs": [{"context": "Ada", "qas": [%s]}]}]}'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"{", "is not valid JSON"),
        (b"\x00\xff\xfe\x80", "is not valid JSON"),
        (b"PK\x03\x04 a zip file", "is a ZIP archive"),
        (b"[" * 200_000, "is not valid JSON"),
        (b'{"data": [' + b'{"paragraphs": [' * 100_000, "is not valid JSON"),
        (b'{"data": [1' + b"0" * 10_000 + b"]}", "is not valid JSON"),  # a number without end
        (b'{"id": "q1"}\n{"id": "q2"}\n', "holds no question"),  # JSON lines
        (b"null", "holds no labels"),
        (b'"data"', "holds no labels"),
        (b"[]", "holds no labels"),
        (b'{"data": {}}', "holds no question"),
        (b'{"data": []}', "holds no labels"),
        (b'{"data": [[], 3, null, {"paragraphs": [{"context": "x", "qas": []}]}]}', "holds no question"),
    ],
)
def test_what_is_not_a_data_set_is_refused_in_words(tmp_path, content, message):
    path = tmp_path / "set.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"'set.json' {message}") as excinfo:
        read_dataset(path)
    assert excinfo.value.hint


@pytest.mark.parametrize("place", ["missing.json", "n" * 5000, "nul\0.json", "a-file/below.json"])
def test_a_file_that_is_not_there(tmp_path, place):
    (tmp_path / "a-file").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match=r"There is no file|cannot be read"):
        read_dataset(tmp_path / place)


def test_a_folder(tmp_path):
    with pytest.raises(DataError, match="is a folder"):
        read_dataset(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(DataError, match="is not an ordinary file"):
        read_dataset(tmp_path / "pipe.json")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # a hole, no bytes on the disk
    with pytest.raises(DataError, match="larger than 500 MB"):
        read_dataset(path)


@pytest.mark.parametrize("start", ["-1", "1e3", "NaN", "null", "[]", "9" * 4000, "true"])
def test_offsets_from_nowhere_are_reported_and_harm_nothing(tmp_path, start):
    path = tmp_path / "set.json"
    path.write_text(ONE % f"{ROW % start}, {ROW.replace('q', 'r', 1) % 0}", encoding="utf-8")
    dataset = read_dataset(path)
    assert bool(dataset.problems) == (start not in ("NaN", "null"))  # these say nothing, and "Ada" stands once
    for example in dataset.examples:
        assert example.gold_texts == ("Ada",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_unicode_encodings_are_read(tmp_path, encoding):
    path = tmp_path / "set.json"
    path.write_bytes((ONE % ROW.replace("Ada", "Zoë") % 0).replace("Ada", "Zoë").encode(encoding))
    assert read_dataset(path).examples[0].gold_texts == ("Zoë",)


@pytest.mark.parametrize("field", ["Ada", "Who?", "q"])
def test_half_characters_do_not_come_in(tmp_path, field):
    path = tmp_path / "set.json"
    content = ONE % f"{ROW % 0}, {ROW.replace('q', 'r', 1) % 0}"
    path.write_text(content.replace(f'"{field}"', f'"{field}\\ud800"'), encoding="utf-8")
    try:
        dataset = read_dataset(path)
    except DataError:
        return  # nothing was left of it
    assert str(dataset).isprintable()


def test_the_error_names_what_was_wrong_with_the_first_row(tmp_path):
    path: Path = tmp_path / "set.json"
    path.write_text(ONE % '{"id": "q", "question": ""}', encoding="utf-8")
    with pytest.raises(DataError) as excinfo:
        read_dataset(path)
    assert excinfo.value.hint == "set, article 1, paragraph 1, question 1 (q): The question is empty and was left out."


@pytest.mark.parametrize(
    "blocks",
    [
        "null", "[]", "{}", "7", '"table"', "[[]]", "[null]", '[{"kind": "table"}]', '[["poem", 0, 3, 0, 0, 0, []]]',
        '[["table", 0, 4, 0, 0, 0, []]]', '[["table", -1, 3, 0, 0, 0, []]]', '[["table", 0, 1e0, 0, 0, 0, []]]',
        '[["table", 0, NaN, 0, 0, 0, []]]', '[["table", 0, true, 0, 0, 0, []]]', '[["pair", 0, 2, 0, 0, 0, []]]',
        '[["pair", 0, 3, 0, %s, 0, []]]' % ("9" * 4000), '[["table", 0, 3, 0, 0, 0, [%s[]]]]' % ("[]," * 100_000),
        '[["table", 0, 3, 0, 0, 0, [[%s[0, 0, 0, 1, 0]]]]]' % ("[0, 0, 0, 1, 0]," * 50_000), "[" * 900 + "]" * 900,
    ],
)  # fmt: skip
def test_blocks_that_do_not_fit_are_reported_and_harm_nothing(tmp_path, blocks):
    path = tmp_path / "set.json"
    content = ONE.replace('"qas"', '"qadesk_blocks": BLOCKS, "qas"') % (ROW % 0)
    path.write_text(content.replace("BLOCKS", blocks), encoding="utf-8")
    dataset = read_dataset(path)
    assert [(example.gold_texts, example.blocks) for example in dataset.examples] == [(("Ada",), ())]
    assert [problem.where for problem in dataset.problems] == ["set, article 1, paragraph 1"]
    label_file = finish(read_labels(path))
    assert [example.blocks for example in label_file.examples] == [()]
    assert [problem.what for problem in label_file.problems] == [problem.what for problem in dataset.problems]
