"""The list of Rust crates in a library, out of its lock file and the sources of the crates."""

from __future__ import annotations

from pathlib import Path

import pytest
import rust_crates

from qadesk.app.licences import Package

LOCK = """
[[package]]
name = "leaf-python"
version = "1.0.0"

[[package]]
name = "oak"
version = "2.1.0"
source = "registry"

[[package]]
name = "syn"
version = "2.0.0"
source = "registry"
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "Cargo.lock"
    path.write_text(LOCK, encoding="utf-8")
    (tmp_path / "oak").mkdir()
    about = '[package]\nname = "oak"\nlicense = "MIT OR Apache-2.0"\nrepository = "https://oak.example"\n'
    (tmp_path / "oak" / "Cargo.toml").write_text(about, encoding="utf-8")
    return path


def test_what_is_inside_is_listed_with_the_shortest_choice(lock: Path) -> None:
    for name in ("LICENSE-APACHE", "LICENSE-MIT"):
        (lock.parent / "oak" / name).write_text(f"Text of {name}.\n", encoding="utf-8")
    packages = list(rust_crates.crates("leaf", lock, lock.parent))
    texts = ("Text of LICENSE-MIT.",)
    assert packages == [Package("oak", "2.1.0", "MIT OR Apache-2.0", "https://oak.example", "leaf", texts)]


def test_without_a_choice_all_texts_are_taken(lock: Path) -> None:
    for name in ("NOTICE", "LICENSE", "COPYING"):
        (lock.parent / "oak" / name).write_text(name, encoding="utf-8")
    assert [package.texts for package in rust_crates.crates("leaf", lock, lock.parent)] == [
        ("LICENSE", "COPYING", "NOTICE")
    ]


def test_a_crate_without_a_text_is_named(lock: Path) -> None:
    with pytest.raises(SystemExit, match=r"no text of a licence in .*oak"):
        list(rust_crates.crates("leaf", lock, lock.parent))
