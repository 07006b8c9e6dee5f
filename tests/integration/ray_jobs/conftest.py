"""The nodes of Ray on which the tests beside it run."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.append(str(Path(__file__).parent))

if TYPE_CHECKING:
    from ray_nodes import Nodes


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    """Two nodes, for all tests of a module."""
    if not importlib.util.find_spec("ray"):
        pytest.skip("Ray is not installed: pip install 'qadesk[ray]'")
    from ray_nodes import start_nodes

    folder = Path(tempfile.mkdtemp(prefix="qad-"))  # short: sockets lie below it
    two = start_nodes(folder)
    try:
        yield two
    finally:
        two.close()
        shutil.rmtree(folder, ignore_errors=True)
