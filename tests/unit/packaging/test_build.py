"""The build script around PyInstaller: when a bundle is still good, and what is done to it afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import build
import bundle
import facts
import pytest


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of three files."""
    monkeypatch.setattr(facts, "ROOT", tmp_path)
    for name in ("qadesk/ui/shell/launch.py", "resources/sample.txt", "packaging/build.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "name", ["qadesk/ui/shell/launch.py", "resources/sample.txt", "packaging/build.py", "qadesk/new.py"]
)
def test_a_bundle_is_made_of_our_files(name: str, project: Path) -> None:
    before = build.inputs()
    assert build.inputs() == before
    (project / name).write_text("changed", encoding="utf-8")
    assert build.inputs() != before


def test_what_python_compiled_is_none_of_them(project: Path) -> None:
    before = build.inputs()
    (project / "qadesk" / "__pycache__").mkdir()
    (project / "qadesk" / "__pycache__" / "app.pyc").touch()
    assert build.inputs() == before


def test_an_unchanged_bundle_is_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Path] = []
    monkeypatch.setattr(build, "PROGRAM", project / "dist" / "qadesk")
    monkeypatch.setattr(build, "INPUTS_FILE", project / "build" / "made-of.txt")

    def make(target: Path, _work: Path) -> None:
        built.append(target)
        target.mkdir(parents=True, exist_ok=True)
        (project / "build").mkdir(exist_ok=True)

    monkeypatch.setattr(build, "make_bundle", make)
    build.main(["bundle", "--if-changed"])
    build.main(["bundle", "--if-changed"])
    assert len(built) == 1
    (project / "qadesk" / "ui" / "app.py").write_text("changed", encoding="utf-8")
    build.main(["bundle", "--if-changed"])
    build.main(["bundle"])
    assert len(built) == 3


def test_a_torch_with_a_graphics_cards_libraries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(build.metadata, "packages_distributions", lambda: {"nvidia": ["nvidia-cublas-cu12"]})
    with pytest.raises(SystemExit, match="NVIDIA"):
        build.check_torch()


@pytest.mark.skipif(not shutil.which("strip") or sys.platform != "linux", reason="needs Linux's strip")
def test_symbols_go_and_two_equal_programs_become_one(tmp_path: Path) -> None:
    library = tmp_path / "_internal" / "torch" / "lib" / "libtorch.so"
    library.parent.mkdir(parents=True)
    source = next(path for path in Path(sys.base_prefix).rglob("lib-dynload/*.so"))
    shutil.copy(source, library)
    for name in ("qadesk", "qadesk-window"):
        (tmp_path / name).write_bytes(b"program")
    build.slim(tmp_path)
    sections = subprocess.run(["readelf", "--sections", str(library)], capture_output=True, text=True, check=True)
    assert ".symtab" not in sections.stdout
    assert (tmp_path / "qadesk-window").readlink() == Path("qadesk")
    assert (tmp_path / "qadesk").read_bytes() == b"program"


def test_libtiff_does_without_the_library_that_is_under_the_gpl(tmp_path: Path) -> None:
    spec = find_spec("tesserocr")
    if sys.platform != "linux" or spec is None or spec.origin is None:
        pytest.skip("there is a wheel with libjbig on Linux only")
    for name in ("tesserocr", "tesserocr.libs"):
        shutil.copytree(Path(spec.origin).parents[1] / name, tmp_path / name)
    libraries = tmp_path / "tesserocr.libs"
    assert not bundle.is_needed(f"tesserocr.libs/{next(libraries.glob('libjbig-*')).name}", "/site-packages/")
    for path in libraries.glob("libjbig-*"):
        path.unlink()
    build.drop_jbig(next(libraries.glob("libtiff-*")))
    build.drop_jbig(next(libraries.glob("libtiff-*")))  # changes nothing any more
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import tesserocr; print(tesserocr.__file__)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.startswith(str(tmp_path))
