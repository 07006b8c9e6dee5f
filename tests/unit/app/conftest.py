"""Lets the tests beside it import ``training_data`` and ``generators``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
