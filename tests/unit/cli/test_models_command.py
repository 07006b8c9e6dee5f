"""``qadesk models``: every verb, in words and in JSON lines."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from qadesk import paths
from qadesk.app.models import download
from qadesk.cli import main
from qadesk.errors import DownloadError
from qadesk.progress import Progress
from qadesk.settings import Settings

BUNDLED = "QADesk reader 7"


def run(*arguments: str) -> int:
    """``qadesk models`` with ``arguments``."""

    def refuse(files: list[Path], safe_mode: bool) -> int:
        raise AssertionError(f"a window was opened for {files}, {safe_mode}")

    return main.main(["models", *arguments], refuse)


def printed_json(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was printed, a JSON object a line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def user_model(home: Path) -> Path:
    """A model of the user's."""
    folder = home / "data" / "models" / "mine"
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copy(paths.bundled_model_dir() / name, folder)
    metrics = {"own": {"before": {"f1": 54}, "after": {"f1": 81.2}}}
    (folder / "qadesk.json").write_text(json.dumps({"name": "Contracts", "base": BUNDLED, "metrics": metrics}))
    return folder


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_list_prints_what_there_is_and_what_is_wrong(
    arguments: tuple[str, ...], user_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (user_model.parent / "broken").mkdir()
    assert run(*arguments) == 0
    out = capsys.readouterr().out
    first, second, *_ = out.splitlines()
    assert first.startswith(f"* {BUNDLED} (comes with QADesk): BertForQuestionAnswering")
    assert second.strip().startswith("In use · Comes with QADesk · ")
    assert "  broken: The folder 'broken' holds no model" in out
    assert f"Fine-tuned from {BUNDLED} · 45.7 MB\n      F1 on your questions 54.0 → 81.2\n      folder 'mine'" in out


def test_list_in_json_lines(user_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--json") == 0
    bundled, own = printed_json(capsys)
    assert (bundled["name"], bundled["bundled"], bundled["in_use"], bundled["problem"]) == (BUNDLED, True, True, None)
    assert (own["name"], own["folder"], own["owned"], own["in_use"]) == ("Contracts", str(user_model), True, False)
    assert own["size"] == sum(path.stat().st_size for path in user_model.iterdir())


def test_use_rename_roll_back_and_remove(user_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("use", "Contracts") == 0
    assert Settings()["model.folder"] == "mine"
    assert run("remove", "mine") == 2
    assert "is in use" in capsys.readouterr().err
    assert run("rollback", "--json") == 0
    assert printed_json(capsys) == [{"done": f"'{BUNDLED}' answers again.", "model": BUNDLED}]
    assert Settings()["model.folder"] == ""
    assert run("rename", "Contracts", " Policies ") == 0
    assert run("remove", "Contracts") == 2
    assert run("remove", "Policies", "--json") == 0
    assert not user_model.exists()
    assert run("remove", BUNDLED) == 2
    assert "comes with QADesk and cannot be removed" in capsys.readouterr().err
    assert run("rollback") == 2


@pytest.mark.usefixtures("untried_models")
def test_export_and_import(user_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = tmp_path / "contracts.zip"
    assert run("export", "Contracts", str(archive), "--json") == 0
    *progress, last_line = printed_json(capsys)
    assert all(set(line) == {"progress"} for line in progress)
    assert last_line["bytes"] == archive.stat().st_size
    assert run("import", str(archive), "--name", "Again", "--json") == 0
    assert printed_json(capsys)[-1]["folder"] == str(user_model.parent / "Again")
    assert run("import", str(user_model)) == 0
    assert "'Contracts (2)' is there. 'qadesk models use \"Contracts (2)\"'" in capsys.readouterr().out
    assert run("import", str(tmp_path)) == 2
    assert "holds no model" in capsys.readouterr().err


def test_download_passes_its_progress_on(
    user_model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def fetch(model: str, _settings: Settings, name: str) -> Generator[Progress, None, Path]:
        calls.extend((model, name))
        yield Progress("MB downloaded:", 3, 12, 1.5)
        if model == "nobody/there":
            raise DownloadError("There is no such model.", "Check its name.")
        return user_model

    monkeypatch.setattr(download, "download", fetch)
    assert run("download", "anna/reader", "--name", "Contracts", "--json") == 0
    assert calls == ["anna/reader", "Contracts"]
    progress, last_line = printed_json(capsys)
    assert progress == {"progress": {"what": "MB downloaded:", "done": 3, "total": 12, "seconds_left": 1.5}}
    assert last_line["model"] == "Contracts"
    assert run("download", "nobody/there") == 2
    assert capsys.readouterr().err == "qadesk: There is no such model. Check its name.\n"


def test_ctrl_c_is_130(user_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []

    def fetch(*_: object) -> Generator[Progress, None, Path]:
        try:
            yield Progress("MB downloaded:", 3, 12)
            raise KeyboardInterrupt
        finally:
            closed.append(True)

    monkeypatch.setattr(download, "download", fetch)
    assert run("download", "anna/reader") == 130
    assert closed == [True]


def test_compare(user_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "The tower was built by Thomas Reeve. It was finished in 1862."
    questions = [
        {"id": str(number), "question": question, "answers": [{"text": answer, "answer_start": text.index(answer)}]}
        for number, (question, answer) in enumerate(
            [("Who built it?", "Thomas Reeve"), ("When was it finished?", "1862")]
        )
    ]
    dataset = tmp_path / "set.json"
    dataset.write_text(json.dumps({"data": [{"title": "t", "paragraphs": [{"context": text, "qas": questions}]}]}))
    graph = user_model / "model_int8.onnx"
    graph.symlink_to(paths.bundled_model_dir() / graph.name)
    assert run("compare", BUNDLED, "mine", str(dataset)) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(f"{BUNDLED}: exact ")
    assert out[2] == "0 of 2 answers differ."
    assert out[3].startswith("Neither is better for certain")
    assert run("compare", BUNDLED, "mine", str(dataset), "--limit", "1", "--json") == 0
    comparison = printed_json(capsys)[-1]
    assert comparison["names"] == [BUNDLED, "Contracts"]
    assert comparison["reports"][0]["total"] == 1
    assert run("compare", BUNDLED, BUNDLED, str(dataset)) == 2


@pytest.mark.parametrize("arguments", [("rename", "x"), ("nothing",), ("use",)])
def test_bad_use(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as excinfo:
        run(*arguments)
    assert excinfo.value.code == 2


def test_an_unknown_model_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("use", "nobody") == 2
    assert "There is no model 'nobody'" in capsys.readouterr().err
