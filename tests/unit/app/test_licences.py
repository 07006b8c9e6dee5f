"""The list of packages with licences: from distributions, and in the file of a frozen program."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app import licences
from qadesk.app.licences import Package

PACKAGES = [
    Package("Ash", "1.0", "MIT", "https://ash.example", "", ("One.", "Two.")),
    Package("elm", "2", "BSD-3-Clause", part_of="Ash", texts=("Two.",)),
]


def distribution(folder: Path, about: str, files: dict[str, str]) -> metadata.Distribution:
    """One that is installed in ``folder``, with ``about`` as its metadata and ``files`` by their paths."""
    inside = {
        "leaf-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: leaf\nVersion: 1.0\n{about}\n\nA leaf.",
        **files,
    }
    for name, text in inside.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "leaf-1.0.dist-info/RECORD").write_text("".join(f"{name},,\n" for name in inside), encoding="utf-8")
    return metadata.Distribution.at(folder / "leaf-1.0.dist-info")


@pytest.mark.parametrize(
    ("about", "licence"),
    [
        ("License-Expression: MIT AND Zlib\nLicense: other", "MIT AND Zlib"),
        ("License: Apache 2.0 License", "Apache-2.0"),
        ("License: MIT-0", "MIT-0"),
        ("License: " + "word " * 60 + "\nClassifier: License :: OSI Approved :: MIT License", "MIT"),
        ("Classifier: License :: OSI Approved :: BSD License\nClassifier: Topic :: Trees", "BSD License"),
        ("Summary: none", "see its text"),
    ],
)
def test_a_distribution_names_its_licence_in_many_ways(tmp_path: Path, about: str, licence: str) -> None:
    assert licences.of_distribution(distribution(tmp_path, about, {})).licence == licence


@pytest.mark.parametrize(
    ("about", "page"),
    [
        ("Home-page: https://leaf.example\nProject-URL: Source, https://git.example", "https://leaf.example"),
        ("Project-URL: Changelog, https://log.example\nProject-URL: Homepage, https://A.example", "https://A.example"),
        ("Project-URL: Changelog, https://log.example", "https://pypi.org/project/leaf/"),
    ],
)
def test_its_page_is_its_home_or_its_sources(tmp_path: Path, about: str, page: str) -> None:
    assert licences.of_distribution(distribution(tmp_path, about, {})).page == page


def test_every_text_is_found_wherever_it_lies_and_once(tmp_path: Path) -> None:
    files = {
        "leaf-1.0.dist-info/licenses/LICENSE": "Ours.\n",
        "leaf-1.0.dist-info/licenses/third_party/fmt/LICENSE.rst": "Theirs.",
        "leaf-1.0.dist-info/licenses/BUILD/zlib.txt": "Of zlib.",
        "leaf/ThirdPartyNotices.txt": "Notices.",
        "leaf/vendored/COPYING": "Theirs.",
        "leaf/license.py": "code = 1",
        "leaf/data.txt": "data",
    }
    package = licences.of_distribution(distribution(tmp_path, "License: MIT", files))
    assert package.texts == (
        "[leaf/ThirdPartyNotices.txt]\n\nNotices.",
        "[LICENSE]\n\nOurs.",
        "[leaf/vendored/COPYING, third_party/fmt/LICENSE.rst]\n\nTheirs.",
        "[BUILD/zlib.txt]\n\nOf zlib.",
    )


def test_a_single_text_is_given_as_it_is(tmp_path: Path) -> None:
    only = distribution(tmp_path, "License: MIT", {"leaf-1.0.dist-info/LICENCE": "Ours."})
    assert licences.of_distribution(only).texts == ("Ours.",)


def test_a_package_reads_as_what_it_is_and_its_texts() -> None:
    assert PACKAGES[0].full_text == "Ash 1.0\nLicence: MIT\nPage: https://ash.example\n\nOne.\n\nTwo."
    assert PACKAGES[1].full_text == "elm 2\nLicence: BSD-3-Clause\nPart of: Ash\n\nTwo."
    assert Package("oak", "", "MIT").full_text == f"oak\nLicence: MIT\n\n{licences.NO_TEXT}"


def test_the_file_gives_back_what_was_put_in_and_holds_each_text_once() -> None:
    text = licences.packages_as_json(PACKAGES)
    assert licences.packages_from_json(text) == PACKAGES
    assert text.count("Two.") == 1


def test_a_frozen_program_reads_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences/licences.json").write_text(licences.packages_as_json(PACKAGES), encoding="utf-8")
    monkeypatch.setattr(paths, "resources_dir", lambda: tmp_path)
    assert licences.packages() == PACKAGES


def test_an_installation_lists_what_it_needs_and_python() -> None:
    listed = licences.packages()
    packages = {package.name.lower(): package for package in listed}
    needed = {"qadesk", "python", "numpy", "onnxruntime", "torch", "tokenizers", "transformers", "requests"}
    assert needed <= set(packages)
    assert "pytest-qt" not in packages  # of an extra
    assert packages["numpy"].version == metadata.version("numpy")
    assert "Redistribution and use in source and binary forms" in packages["numpy"].full_text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in packages["python"].full_text
    assert listed == licences.by_name(reversed(listed))


def test_what_is_part_of_another_comes_behind() -> None:
    ash = Package("ash", "", "MIT", part_of="oak")
    assert licences.by_name([ash, Package("Oak", "", "MIT"), Package("elm", "", "MIT")])[-1] == ash


def test_the_card_of_the_bundled_model_names_the_licences_of_its_data() -> None:
    assert "CC BY-SA 4.0" in licences.model_card()
