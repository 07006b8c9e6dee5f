"""Lets the tests beside it import what they share: ``bounds``, and the makers of files in ``tests/unit/documents``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "unit" / "documents")]
