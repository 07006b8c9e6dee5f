"""What is listed, and what can be done with a model: use, go back, rename, remove."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.models import manage, naming
from qadesk.app.models.manage import ListedModel, find, list_models, new_place, previous, remove, rename, roll_back, use
from qadesk.errors import ModelError
from qadesk.qa import graphs
from qadesk.qa.graphs import Prepared
from qadesk.settings import Settings

BUNDLED = "QADesk reader 2"


def add_model(place: Path, **said: object) -> Path:
    """The bundled model's weights in the folder ``place``."""
    place.mkdir(parents=True)
    for each in ("config.json", "tokenizer.json", "model.safetensors"):
        (place / each).symlink_to(paths.bundled_model_dir() / each)
    if said:
        (place / "qadesk.json").write_text(json.dumps(said), encoding="utf-8")
    return place


@pytest.fixture
def own(home: Path) -> Path:
    """Where the user's models are."""
    return home / "data" / "models"


def row(name: str) -> ListedModel:
    return next(each for each in list_models() if each.name == name)


def test_the_bundled_model_comes_first_and_is_in_use() -> None:
    (only,) = list_models()
    assert (only.name, only.bundled, only.in_use, only.owned, only.problem) == (BUNDLED, True, True, False, None)
    assert only.origin == "Comes with QADesk"
    assert only.size == sum(each.stat().st_size for each in paths.bundled_model_dir().iterdir())


def test_unfinished_and_broken_folders(own: Path) -> None:
    add_model(own / ".part-abc" / "model")
    (own / ".download-1").mkdir()
    (own / "broken").mkdir()
    (own / "a file").write_text("no model")
    assert [each.name for each in list_models()] == [BUNDLED, "broken"]
    assert "no config.json" in str(row("broken").problem)
    with pytest.raises(ModelError, match=r"no config.json"):
        use(Settings(), own / "broken")
    assert Settings()["model.folder"] == ""


def test_a_used_folder_elsewhere_is_listed_but_not_ours(tmp_path: Path) -> None:
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


def test_use_and_back_and_forth(own: Path) -> None:
    first, second = add_model(own / "first"), add_model(own / "second")
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


def test_what_was_removed_is_not_gone_back_to(own: Path) -> None:
    first, second = add_model(own / "first"), add_model(own / "second")
    settings = Settings()
    use(settings, first)
    use(settings, second)
    remove(settings, first)
    assert previous(settings) is None
    assert not first.exists()
    assert [each.name for each in own.iterdir()] == ["second"]


def test_remove_refuses_the_bundled_one_and_the_one_in_use(own: Path) -> None:
    settings = Settings()
    with pytest.raises(ModelError, match="comes with QADesk and cannot be removed"):
        remove(settings, paths.bundled_model_dir())
    folder = add_model(own / "mine")
    use(settings, folder)
    with pytest.raises(ModelError, match="is in use"):
        remove(settings, folder)
    assert folder.is_dir()


def test_a_broken_model_can_be_removed(own: Path) -> None:
    (own / "broken").mkdir(parents=True)
    remove(Settings(), own / "broken")
    assert list_models()[1:] == []


def test_the_graph_that_was_made_of_it_goes_too(own: Path) -> None:
    folder = own / "mine"
    folder.mkdir(parents=True)
    for each in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copy(paths.bundled_model_dir() / each, folder)
    model = manage.models.inspect(folder)
    with graphs.work_folder() as work:
        graphs.keep(graphs.fingerprint(model), Prepared(None, "It strays."), work)
    kept = paths.data_dir() / "graphs" / graphs.fingerprint(model)
    assert kept.is_dir()
    remove(Settings(), folder)
    assert not kept.exists()


def test_rename_writes_the_name_and_leaves_the_folder(own: Path) -> None:
    folder = add_model(own / "mine", name="Mine", temperature=1.5, metrics={"a": 1})
    rename(Settings(), folder, "  Contracts é ")
    assert row("Contracts é").folder == folder
    kept = json.loads((folder / "qadesk.json").read_text(encoding="utf-8"))
    assert kept == {"name": "Contracts é", "temperature": 1.5, "metrics": {"a": 1}}
    assert sorted(each.name for each in folder.iterdir())[-1] == "tokenizer.json"  # nothing half written


def test_rename_refuses_what_cannot_be(own: Path) -> None:
    folder = add_model(own / "mine")
    for name in (BUNDLED, BUNDLED.upper()):
        with pytest.raises(ModelError, match="already a model called"):
            rename(Settings(), folder, name)
    with pytest.raises(ModelError, match="comes with QADesk"):
        rename(Settings(), paths.bundled_model_dir(), "Mine")
    (own / "broken").mkdir()
    with pytest.raises(ModelError, match="cannot be renamed"):
        rename(Settings(), own / "broken", "Whole")
    rename(Settings(), folder, "mine")  # its own name again


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\\b", "..", ".hidden", "a:b", "CON", "nul.txt", "x" * 61, "a\nb"])
def test_names_that_no_folder_can_have(name: str) -> None:
    with pytest.raises(ModelError):
        naming.check(name)
    with pytest.raises(ModelError):
        new_place(name)
    plain = naming.folder_name(name)
    assert naming.check(plain) == plain


def test_free_names_are_numbered() -> None:
    assert naming.free("a", []) == "a"
    assert naming.free("a/b", ["A-B", "a-b (2)"]) == "a-b (3)"
    long = naming.free("x" * 90, ["x" * 60])
    assert naming.check(long) == long
    assert long.endswith("x (2)")


def test_a_new_place_is_free(own: Path) -> None:
    add_model(own / "mine", name="Contracts")
    assert new_place("Other ") == own / "Other"
    for name in ("contracts", "MINE", BUNDLED):
        with pytest.raises(ModelError, match="already a model called"):
            new_place(name)


def test_a_model_is_found_by_its_name_its_folder_or_its_path(own: Path) -> None:
    folder = add_model(own / "mine", name="Contracts")
    for name in ("Contracts", "mine", str(folder)):
        assert find(Settings(), name).folder == folder
    add_model(own / "other", name="Contracts")
    with pytest.raises(ModelError, match="2 models are called 'Contracts'"):
        find(Settings(), "Contracts")
    with pytest.raises(ModelError, match="There is no model 'nobody'"):
        find(Settings(), "nobody")


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"name": 5}', "[" * 100_000, '"x"', "\ud800".encode("utf-8", "surrogatepass")]
)
def test_what_qadesk_json_holds_is_not_trusted(own: Path, content: str | bytes) -> None:
    folder = add_model(own / "mine")
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "qadesk.json").write_bytes(data)
    listed = list_models()[1]
    assert listed.folder == folder
    assert (listed.origin, listed.marks) == ("", "")
