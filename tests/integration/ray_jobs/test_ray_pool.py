"""Tasks that real actors of Ray are given, some of which die."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SCRIPT = """
import json, os, pathlib, sys, tempfile
import ray
from qadesk.app.batch.ray_pool import ActorPool
from qadesk.errors import QadeskError

class Weak:  # dies once, at the number 3
    def __init__(self, died):
        self.died = pathlib.Path(died)
    def computer(self):
        return "here"
    def answer(self, numbers):
        if 3 in numbers and not self.died.exists():
            self.died.touch()
            os._exit(1)
        return [str(number) for number in numbers]

class Dead(Weak):
    def __init__(self, died):
        os._exit(1)

class Wrong(Weak):
    def answer(self, numbers):
        raise ValueError("a fault of ours")

ray.init(
    address="local", num_cpus=2, include_dashboard=False, object_store_memory=80 * 2**20, log_to_driver=False,
    logging_level="ERROR", _node_ip_address="127.0.0.1", _temp_dir=tempfile.gettempdir(),
)
for kind in (Weak, Dead, Wrong):
    remote = ray.remote(num_cpus=1)(kind)
    pool = ActorPool(ray, lambda: remote.remote(sys.argv[1]), 2, [[0, 1], [2], [3, 4], [5], [6, 7]])
    try:
        print(kind.__name__, sorted(one if isinstance(one, str) else json.dumps(one) for one in pool.messages()))
    except QadeskError as error:
        print(kind.__name__, error.message)
    except ValueError as error:
        print(kind.__name__, "ValueError")
    del pool  # its actors make room
"""


def test_what_becomes_of_tasks_whose_actors_die(nodes: object, tmp_path: Path) -> None:
    """``nodes`` only says whether there is Ray."""
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, os.fspath(tmp_path / "died")],
        check=False, capture_output=True, text=True, env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0"},
    )  # fmt: skip
    notice = '{"notice": "A worker on the computer here has ended: others do its work again."}'
    printed = result.stdout.splitlines()
    assert [line for line in printed if line.startswith(("Weak", "Dead", "Wrong"))] == [  # Ray prints too
        f"Weak {sorted([*map(str, range(8)), notice])}",
        "Dead The workers that Ray starts end before they are ready.",
        "Wrong ValueError",
    ], result.stderr
