"""``qadesk labels``, as it is typed."""

import json

import pytest

from qadesk.cli import main

TEXT = "Ada Lovelace wrote the first program in 1843. Ada was born in London."
GOOD = {"id": "q1", "question": "Who wrote it?", "answers": [{"text": "Ada Lovelace", "answer_start": 0}]}
BAD = {"id": "q2", "question": "Where?", "answers": [{"text": "Paris", "answer_start": 3}]}


def run(*arguments):
    def refuse(files, safe_mode):
        raise AssertionError(f"a window was opened for {files}, {safe_mode}")

    return main.main(["labels", *map(str, arguments)], refuse)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "set.json"
    content = {"version": "1.1", "data": [{"title": "Ada", "paragraphs": [{"context": TEXT, "qas": [GOOD, BAD]}]}]}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def lines(capsys):
    return [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "progress" not in line]


def test_import_shows_all_problems_and_takes_the_good_rows(file, capsys):
    assert run("import", file) == 0
    output = capsys.readouterr()
    assert output.out == "1 label to 1 text imported (squad-1.1).\n"
    assert "Ada, paragraph 1, question 2 (q2): The answer 'Paris' is not in the text" in output.err
    assert run("import", file) == 0
    assert "1 label to 1 text found, 0 of them new and imported" in capsys.readouterr().out


def test_a_dry_run_changes_nothing(file, capsys, tmp_path):
    assert run("import", "--dry-run", file) == 0
    assert "1 label to 1 text found that can be imported" in capsys.readouterr().out
    assert run("export", tmp_path / "out.json") == 2
    assert "There is no label to export" in capsys.readouterr().err


def test_import_in_json(file, capsys):
    assert run("import", "--json", file) == 0
    problem, last_line = lines(capsys)
    assert problem["problem"]["where"] == "Ada, paragraph 1, question 2 (q2)"
    assert problem["problem"]["what"] == "The answer 'Paris' is not in the text. The question was left out."
    assert last_line == {"added": 1, "labels": 1, "texts": 1, "format": "squad-1.1", "problems": 1}


def test_a_file_without_a_good_row_is_bad_input(file, capsys):
    file.write_text(file.read_text(encoding="utf-8").replace('Ada Lovelace"', 'Babbage"'), encoding="utf-8")
    assert run("import", file) == 2
    assert "No label in 'set.json' can be imported. Nothing was changed." in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{", "what is this?", "[]", "[1, 2]"])
def test_what_holds_no_labels_is_bad_input(tmp_path, capsys, content):
    path = tmp_path / "set.json"
    path.write_text(content, encoding="utf-8")
    assert run("import", path) == 2
    output = capsys.readouterr().err
    assert output.startswith("qadesk: 'set.json' ")
    assert "Traceback" not in output


def test_export_by_suffix_and_by_name(file, capsys, tmp_path):
    run("import", file)
    capsys.readouterr()
    assert run("export", tmp_path / "out.csv") == 0
    assert capsys.readouterr().out == f"1 label written to {tmp_path / 'out.csv'}.\n"
    assert run("export", tmp_path / "tasks.json", "--format", "label-studio", "--json") == 0
    assert lines(capsys) == [{"labels": 1, "left_out": ""}]
    assert json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))[0]["data"]["question"] == "Who wrote it?"
    assert run("export", tmp_path / "out.txt") == 2
    assert run("export", tmp_path / "out.json", "--format", "word") == 2
    assert "There is no format 'word'" in capsys.readouterr().err


def test_export_prints_what_is_left_out(capsys, tmp_path):
    path = tmp_path / "set.jsonl"
    rows = [{"context": TEXT, **GOOD}, {"context": TEXT, "question": "When?"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run("import", path)
    assert run("export", tmp_path / "out.json") == 0
    assert "qadesk: 1 of 2 labels is left out. SQuAD 1.1 does not hold" in capsys.readouterr().err


def test_check_prints_what_to_look_at_and_exits_1(file, capsys):
    content = file.read_text(encoding="utf-8").replace("Ada Lovelace", "Ada Lovelac")
    file.write_text(content.replace('"context": "Ada Lovelac ', '"context": "Ada Lovelace '), encoding="utf-8")
    assert run("check", file) == 1
    out = capsys.readouterr().out
    assert "punctuation: The answer “Ada Lovelac” to “Who wrote it?” ends within the word “Lovelace”.  [q1]\n" in out
    assert "size: 1 label to learn from" in out
    assert run("check", file, "--json") == 1
    assert [line["finding"]["kind"] for line in lines(capsys) if "finding" in line] == [
        "punctuation",
        "balance",
        "size",
    ]


def test_check_of_good_labels_and_of_none(file, capsys):
    assert run("check") == 0
    assert "There is no label to check." in capsys.readouterr().out
    run("import", file)
    assert run("check") == 0
    assert "balance: 0 of 1 label " in capsys.readouterr().out


def test_check_can_ask_the_model(file, capsys):
    content = file.read_text(encoding="utf-8").replace(
        '"Ada Lovelace", "answer_start": 0', '"first", "answer_start": 23'
    )
    file.write_text(content, encoding="utf-8")
    assert run("check", file, "--losses") == 1
    assert "unlikely: The model finds “first” unlikely for “Who wrote it?” (loss " in capsys.readouterr().out


def test_a_verb_is_needed(capsys):
    with pytest.raises(SystemExit) as excinfo:
        run()
    assert excinfo.value.code == 2
    assert "VERB" in capsys.readouterr().err


def test_import_lists_the_choices_of_annotators_and_takes_what_the_user_says_of_them(capsys, tmp_path):
    path = tmp_path / "tasks.json"
    result = [{"type": "choices", "value": {"choices": ["Keine Antwort"]}}]
    path.write_text(
        json.dumps([{"data": {"text": TEXT, "question": "Why?"}, "annotations": [{"result": result}]}]),
        encoding="utf-8",
    )
    assert run("import", "--dry-run", path) == 0
    assert capsys.readouterr().err.splitlines()[-1] == (
        "choice 'Keine Antwort' (once): if it means 'not in the text', add --no-answer 'Keine Antwort'"
    )
    assert run("import", path, "--json", "--no-answer", "keine antwort") == 0
    assert lines(capsys)[0] == {"choice": {"words": "Keine Antwort", "count": 1, "means_none": True}}
    assert run("export", tmp_path / "out.json") == 0
    assert '"is_impossible": true' in (tmp_path / "out.json").read_text(encoding="utf-8")
