"""No file, class or public function of the program has the name of another one, so that a name means one thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import qadesk

PROTOCOLS = {
    "main": "the entry point of a process",
    "read": "of a document format (qadesk.documents.formats)",
    "open_pages": "of a document format with pages",
    "rows": "of a label format (qadesk.labels.formats.registry)",
    "write": "of a label format, and of a format for answers",
    "keeps": "of a label format",
}
"""Function names that a table or the start of a process asks for: each module that takes part has one."""


def _modules() -> dict[Path, ast.Module]:
    package = Path(qadesk.__file__).parent
    return {
        path.relative_to(package): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(package.rglob("*.py"))
    }


def _doubles(names: Iterable[tuple[str, Path]]) -> dict[str, list[str]]:
    """The names that stand in more than one place, each with the files."""
    files = defaultdict(list)
    for name, path in names:
        files[name].append(path.as_posix())
    return {name: paths for name, paths in files.items() if len(paths) > 1}


def _public_functions() -> dict[str, list[str]]:
    return _doubles(
        (node.name, path)
        for path, module in _modules().items()
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
    )


def test_a_public_function_has_a_name_of_its_own():
    assert _public_functions().keys() - PROTOCOLS.keys() == set()


def test_every_exception_is_needed():
    assert PROTOCOLS.keys() - _public_functions().keys() == set()


def test_a_class_has_a_name_of_its_own():
    classes = (
        (node.name.lstrip("_"), path)
        for path, module in _modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    )
    assert _doubles(classes) == {}


def test_a_file_has_a_name_of_its_own():
    files = ((path.name, path) for path in _modules() if path.name != "__init__.py")
    assert _doubles(files) == {}
