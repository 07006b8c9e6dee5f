"""Lets the tests beside it import ``entries_of_tests``, and the makers of PDF files."""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).parent
sys.path += [str(_HERE), str(_HERE.parents[1] / "documents")]
