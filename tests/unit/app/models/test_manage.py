"""Listing models; using, rolling back, renaming and removing one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.models import manage, naming
from qadesk.app.models.manage import (
    ListedModel,
    find_listed,
    list_models,
    new_folder,
    previous,
    remove,
    rename,
    roll_back,
    use,
)
from qadesk.errors import ModelError
from qadesk.qa import graphs
from qadesk.qa.graphs import Prepared
from qadesk.sentences import verbatim
from qadesk.settings import Settings

BUNDLED = "QADesk reader 7"


def add_model(folder: Path, **metadata: object) -> Path:
    """The bundled model's weights in the folder ``folder``."""
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (folder / name).symlink_to(paths.bundled_model_dir() / name)
    if metadata:
        (folder / "qadesk.json").write_text(json.dumps(metadata), encoding="utf-8")
    return folder


@pytest.fixture
def models_dir(home: Path) -> Path:
    """The folder of the user's models."""
    return home / "data" / "models"


def listed_model(name: str) -> ListedModel:
    return next(model for model in list_models() if model.name == name)


def test_the_bundled_model_comes_first_and_is_in_use() -> None:
    (model,) = list_models()
    assert (model.name, model.bundled, model.in_use, model.owned, model.problem) == (BUNDLED, True, True, False, None)
    assert model.origin == "Comes with QADesk"
    assert model.size == sum(path.stat().st_size for path in paths.bundled_model_dir().iterdir())


def test_unfinished_and_broken_folders(models_dir: Path) -> None:
    add_model(models_dir / ".part-abc" / "model")
    (models_dir / ".download-1").mkdir()
    (models_dir / "broken").mkdir()
    (models_dir / "a file").write_text("no model")
    assert [model.name for model in list_models()] == [BUNDLED, "broken"]
    assert "no config.json" in str(listed_model("broken").problem)
    with pytest.raises(ModelError, match=r"no config.json"):
        use(Settings(), models_dir / "broken")
    assert Settings()["model.folder"] == ""


def test_a_folder_elsewhere_is_listed_while_it_is_in_use(tmp_path: Path) -> None:
    elsewhere = add_model(tmp_path / "elsewhere")
    settings = Settings()
    use(settings, elsewhere)
    assert settings["model.folder"] == str(elsewhere)
    last = list_models(settings)[-1]
    assert (last.name, last.in_use, last.owned) == ("elsewhere", True, False)
    assert last.origin == f"In {elsewhere}"
    with pytest.raises(ModelError, match="not among QADesk's own models"):
        rename(settings, elsewhere, "Mine")
    use(settings, paths.bundled_model_dir())
    with pytest.raises(ModelError, match="There is no model in"):
        remove(settings, elsewhere)
    assert elsewhere.is_dir()


def test_roll_back_swaps_the_last_two_models(models_dir: Path) -> None:
    first, second = add_model(models_dir / "first"), add_model(models_dir / "second")
    settings = Settings()
    assert previous(settings) is None
    with pytest.raises(ModelError, match="no model to go back to"):
        roll_back(settings)
    use(settings, first)
    use(settings, first)  # again: the one before is still the bundled one
    assert (settings["model.folder"], settings["model.previous"]) == ("first", "")
    use(settings, second)
    before = previous(settings)
    assert before is not None
    assert before.folder == first
    assert roll_back(settings).folder == first
    assert roll_back(settings).folder == second
    assert (Settings()["model.folder"], Settings()["model.previous"]) == ("second", "first")


def test_no_roll_back_to_a_removed_model(models_dir: Path) -> None:
    first, second = add_model(models_dir / "first"), add_model(models_dir / "second")
    settings = Settings()
    use(settings, first)
    use(settings, second)
    remove(settings, first)
    assert previous(settings) is None
    assert not first.exists()
    assert [path.name for path in models_dir.iterdir()] == ["second"]


def test_the_bundled_model_and_the_one_in_use_cannot_be_removed(models_dir: Path) -> None:
    settings = Settings()
    with pytest.raises(ModelError, match="comes with QADesk and cannot be removed"):
        remove(settings, paths.bundled_model_dir())
    folder = add_model(models_dir / "mine")
    use(settings, folder)
    with pytest.raises(ModelError, match="is in use"):
        remove(settings, folder)
    assert folder.is_dir()


def test_a_broken_model_can_be_removed(models_dir: Path) -> None:
    (models_dir / "broken").mkdir(parents=True)
    remove(Settings(), models_dir / "broken")
    assert list_models()[1:] == []


def test_the_graph_of_a_model_is_removed_with_it(models_dir: Path) -> None:
    folder = models_dir / "mine"
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copy(paths.bundled_model_dir() / name, folder)
    model = manage.models.inspect(folder)
    with graphs.work_folder() as work:
        graphs.store_prepared(graphs.fingerprint(model), Prepared(None, (verbatim("It strays."),)), work)
    graph = paths.data_dir() / "graphs" / graphs.fingerprint(model)
    assert graph.is_dir()
    remove(Settings(), folder)
    assert not graph.exists()


def test_rename_changes_the_metadata_and_not_the_folder(models_dir: Path) -> None:
    folder = add_model(models_dir / "mine", name="Mine", temperature=1.5, metrics={"a": 1})
    rename(Settings(), folder, "  Contracts é ")
    assert listed_model("Contracts é").folder == folder
    metadata = json.loads((folder / "qadesk.json").read_text(encoding="utf-8"))
    assert metadata == {"name": "Contracts é", "temperature": 1.5, "metrics": {"a": 1}}
    assert sorted(path.name for path in folder.iterdir())[-1] == "tokenizer.json"  # no partial file


def test_rename_refuses_taken_names_and_models_that_are_not_the_users(models_dir: Path) -> None:
    folder = add_model(models_dir / "mine")
    for name in (BUNDLED, BUNDLED.upper()):
        with pytest.raises(ModelError, match="already a model called"):
            rename(Settings(), folder, name)
    with pytest.raises(ModelError, match="comes with QADesk"):
        rename(Settings(), paths.bundled_model_dir(), "Mine")
    (models_dir / "broken").mkdir()
    with pytest.raises(ModelError, match="cannot be renamed"):
        rename(Settings(), models_dir / "broken", "Whole")
    rename(Settings(), folder, "mine")  # its own name again


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\\b", "..", ".hidden", "a:b", "CON", "nul.txt", "x" * 61, "a\nb"])
def test_names_that_no_folder_can_have(name: str) -> None:
    with pytest.raises(ModelError):
        naming.valid_name(name)
    with pytest.raises(ModelError):
        new_folder(name)
    plain = naming.folder_name(name)
    assert naming.valid_name(plain) == plain


def test_free_names_are_numbered() -> None:
    assert naming.free("a", []) == "a"
    assert naming.free("a/b", ["A-B", "a-b (2)"]) == "a-b (3)"
    long = naming.free("x" * 90, ["x" * 60])
    assert naming.valid_name(long) == long
    assert long.endswith("x (2)")


def test_a_new_folder_is_free(models_dir: Path) -> None:
    add_model(models_dir / "mine", name="Contracts")
    assert new_folder("Other ") == models_dir / "Other"
    for name in ("contracts", "MINE", BUNDLED):
        with pytest.raises(ModelError, match="already a model called"):
            new_folder(name)


def test_a_model_is_found_by_its_name_its_folder_or_its_path(models_dir: Path) -> None:
    folder = add_model(models_dir / "mine", name="Contracts")
    for name in ("Contracts", "mine", str(folder)):
        assert find_listed(Settings(), name).folder == folder
    add_model(models_dir / "other", name="Contracts")
    with pytest.raises(ModelError, match="2 models are called 'Contracts'"):
        find_listed(Settings(), "Contracts")
    with pytest.raises(ModelError, match="There is no model 'nobody'"):
        find_listed(Settings(), "nobody")


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"name": 5}', "[" * 100_000, '"x"', "\ud800".encode("utf-8", "surrogatepass")]
)
def test_malformed_metadata_is_ignored(models_dir: Path, content: str | bytes) -> None:
    folder = add_model(models_dir / "mine")
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "qadesk.json").write_bytes(data)
    listed = list_models()[1]
    assert listed.folder == folder
    assert (listed.origin, listed.scores) == ("", "")
