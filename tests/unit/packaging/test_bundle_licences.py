"""The licences of a bundle: each file has a component, each component a licence text, and none is forbidden."""

from __future__ import annotations

import json
import platform
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import bundle
import facts
import licences
import pytest

import qadesk
from qadesk.app.licences import Package, installed, packages_from_json

TABLE = tomllib.loads((licences.TEXTS / "components.toml").read_text(encoding="utf-8"))
OF_RUST = packages_from_json((licences.TEXTS / "rust.json").read_text(encoding="utf-8"))
OF_QT = packages_from_json((licences.TEXTS / "qt.json").read_text(encoding="utf-8"))

LEFT_OUT = [name for name in bundle.EXCLUDED_MODULES if name.startswith("PIL.")]


def a_file_of(name: str, ending: str = ".py") -> Path:
    """A file of the distribution ``name``, whose name ends with ``ending``."""
    listed = metadata.distribution(name).files or []
    return next(Path(str(file.locate())) for file in listed if file.name.endswith(ending))


def write(folder: Path, *sources: Path) -> dict[str, Package]:
    """What ``licences.write`` finds, by name."""
    return {package.name: package for package in licences.write(sources, folder)}


def test_everything_that_the_program_needs_has_an_owner_and_a_text(tmp_path: Path) -> None:
    needed = [package for package in installed() if package.name not in ("qadesk", "Python")]
    sources = [a_file_of(package.name, "METADATA") for package in needed]
    packages = write(tmp_path, *sources, Path(json.__file__), Path(qadesk.__file__))
    assert {package.name for package in needed} < set(packages)
    assert all(len(package.full_text) > 300 for package in packages.values())
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in packages["PySide6"].full_text
    assert "GNU GENERAL PUBLIC LICENSE" in packages["PySide6"].full_text
    version = metadata.version("pyside6")
    assert (
        f"https://download.qt.io/official_releases/qt/{version.rpartition('.')[0]}/{version}/"
        in packages["PySide6"].full_text
    )
    assert packages["QADesk"] == Package("QADesk", facts.version(), "Apache-2.0", texts=packages["QADesk"].texts)
    assert packages["Python"].version == platform.python_version()


def test_both_files_are_written_and_say_the_same_every_time(tmp_path: Path) -> None:
    sources = [a_file_of("idna"), a_file_of("tokenizers")]
    packages = licences.write(sources, tmp_path / "one")
    licences.write(reversed(sources), tmp_path / "two")
    for name in ("licences.json", "THIRD-PARTY.txt"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert packages_from_json((tmp_path / "one/licences.json").read_text(encoding="utf-8")) == packages
    text = (tmp_path / "one/THIRD-PARTY.txt").read_text(encoding="utf-8")
    assert all(package.title in text and part in text for package in packages for part in package.texts)
    assert text.count("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION") == 1  # QADesk's and tokenizers'


def test_what_is_compiled_into_a_library_is_listed_with_it(tmp_path: Path) -> None:
    names = set(write(tmp_path, a_file_of("numpy")))
    assert not names & {"HarfBuzz-NG", "PCRE2", "Intel oneAPI Math Kernel Library"}
    core, gui = (a_file_of("pyside6_essentials", _library(f"Qt6{name}")) for name in ("Core", "Gui"))
    packages = write(tmp_path, core, gui)
    assert {"HarfBuzz-NG", "PCRE2", "Freetype 2", "PySide6_Essentials"} <= set(packages)
    assert packages["HarfBuzz-NG"].part_of == "QtGui"
    assert packages["MD5"].version == f"(in PySide6_Essentials {metadata.version('pyside6')})"
    assert not any(package.part_of == "QtWaylandClient" for package in packages.values())


@pytest.mark.skipif(sys.platform != "linux", reason="the libraries are the system's on Linux only")
def test_a_library_of_the_system_has_the_version_of_its_package(tmp_path: Path) -> None:
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    found_at = re.search(r"/\S+/libffi\.so\S*", maps + _with_ctypes())
    assert found_at is not None
    packages = write(tmp_path, Path(found_at[0]))
    assert re.match(r"\d", packages["libffi"].version)
    assert packages["libffi"].part_of == "Python"


def _with_ctypes() -> str:
    import ctypes  # loads libffi

    assert ctypes.sizeof(ctypes.c_int) == 4
    return Path("/proc/self/maps").read_text(encoding="utf-8")


def _library(name: str) -> str:
    return f"{name}.dll" if sys.platform == "win32" else f"lib{name}.so.6" if sys.platform == "linux" else name[3:]


def test_the_crates_in_a_library_are_listed_with_it(tmp_path: Path) -> None:
    listed = metadata.distribution("tokenizers").files or []
    library = next(file for file in listed if "tokenizers." in file.name and file.suffix in (".so", ".pyd"))
    packages = write(tmp_path, Path(str(library.locate())))
    assert {"regex", "rayon", "Oniguruma", "Rust standard library"} <= set(packages)
    assert {"tokenizers", "Python", ""} >= {package.part_of for package in packages.values()}


def test_lists_for_another_version_are_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: {"tokenizers": "0.22.20"}.get(name, "6.11.3"))
    with pytest.raises(
        SystemExit, match=r"tokenizers is 0\.22\.20, but what others wrote in it is listed for 0\.22\.2:"
    ):
        licences.write([], tmp_path)


def test_a_file_without_a_component_is_named(tmp_path: Path) -> None:
    stray = tmp_path / "libstray.so.1"
    stray.touch()
    with pytest.raises(SystemExit, match=r"belong to no package(.|\n)*libstray\.so\.1(.|\n)*components\.toml"):
        licences.write([stray, a_file_of("numpy")], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "name",
    [
        "libQt6Pdf.so.6",
        "Qt6WebEngineCore.dll",
        "libqtiff.so",
        "libreadline.so.8",
        "readline.cpython-311.so",
        "libjbig-2504a0c3.so.2.1",
        "PIL/_webp.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_what_may_not_be_in_a_bundle_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SystemExit, match=f"{re.escape(name)} may not be in the bundle: "):
        licences.write([tmp_path / name], tmp_path / "out")


def test_a_package_without_a_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    about = tmp_path / "nolicence-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: nolicence\nVersion: 1.0\n", encoding="utf-8")
    (about / "RECORD").write_text("nolicence.py,,\n", encoding="utf-8")
    (tmp_path / "nolicence.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(SystemExit, match=r"No text of the licence of nolicence 1\.0"):
        licences.write([tmp_path / "nolicence.py"], tmp_path / "out")


def test_a_file_in_the_checkout_is_ours_only_where_our_files_are(tmp_path: Path) -> None:
    assert "QADesk" in write(tmp_path, facts.ROOT / "resources" / "general.json")
    with pytest.raises(SystemExit, match="belong to no package"):
        licences.write([facts.ROOT / "build" / "made.so"], tmp_path)


def test_the_model_comes_with_its_card_and_the_licence_of_its_data(tmp_path: Path) -> None:
    packages = write(tmp_path, facts.RESOURCES / "models" / "reader" / "config.json")
    model = packages["QADesk reader (the model) and its training data"]
    assert (facts.RESOURCES / "models/reader/README.md").read_text(encoding="utf-8").strip() in model.texts
    assert any("Attribution-ShareAlike 4.0 International" in text for text in model.texts)


def test_every_text_is_there_and_used() -> None:
    texts_in_table = {text for row in TABLE["component"] for text in row["texts"]}
    assert all((licences.TEXTS / text).stat().st_size > 100 for text in texts_in_table)
    assert {path.name for path in licences.TEXTS.glob("*.txt")} <= texts_in_table


def test_the_software_inside_qt_has_texts_and_is_in_a_library_that_may_be_there() -> None:
    allowed = " ".join(pattern for row in TABLE["refused"] for pattern in row.get("unless", ()))
    assert {"QtCore", "QtGui", "QtNetwork", "QtDBus", "QtWaylandClient"} == {package.part_of for package in OF_QT}
    assert all(any(len(text) > 100 for text in package.texts) for package in OF_QT)
    assert all(f"Qt6{package.part_of.removeprefix('Qt')}." in allowed for package in OF_QT)


def test_the_crates_have_texts() -> None:
    assert {"tokenizers", "safetensors"} == {package.part_of for package in OF_RUST}
    assert all(len(text) > 900 for package in OF_RUST for text in package.texts)


def test_the_libraries_in_the_wheels_of_text_recognition_are_listed(tmp_path: Path) -> None:
    folders = ("tesserocr.libs/", "pillow.libs/", "PIL/", "tesserocr/")
    sources = [
        Path(str(file.locate()))
        for name in ("tesserocr", "pillow")
        for file in metadata.distribution(name).files or ()
        if str(file).startswith(folders) and file.suffix != ".pyc" and bundle.is_needed(str(file), str(file.locate()))
    ]
    sources = [path for path in sources if f"PIL.{path.name.partition('.')[0]}" not in LEFT_OUT]
    packages = licences.write([*sources, facts.RESOURCES / "tessdata" / "eng.traineddata"], tmp_path)
    of_recognition = {package.name for package in packages if package.part_of == "tesserocr"}
    assert {"Tesseract", "Leptonica", "libjpeg-turbo", "libpng", "LibTIFF", "libwebp"} <= of_recognition
    of_pictures = {package.name for package in packages if package.part_of == "pillow"}
    assert {"libjpeg-turbo", "LibTIFF", "OpenJPEG", "Little CMS", "Zstandard", "XZ Utils (liblzma)"} <= of_pictures
    english = next(package for package in packages if package.name == "English for Tesseract (tessdata_fast)")
    assert english.version == "4.1.0"
    assert "Apache License" in english.full_text


def test_a_library_in_two_packages_is_listed_for_those_that_are_there(tmp_path: Path) -> None:
    libraries = [tmp_path / "libcrypto.so.3", tmp_path / "liblzma.so.5"]
    for path in libraries:
        path.touch()
    packages = licences.write(libraries, tmp_path / "out")
    found = [(package.name, package.part_of) for package in packages if package.part_of]
    assert found == [("OpenSSL", "Python"), ("XZ Utils (liblzma)", "Python")]
