"""Two real nodes of Ray on this computer.

As root on Linux, where namespaces may be made, each is in a network namespace of its own, joined by a pair of virtual
network cards, so that they meet as two computers do. Elsewhere they are made by ``ray.cluster_utils``.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import psutil

ENVIRONMENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
PATIENCE = 90  # seconds in which a node starts
STORE = 80 * 2**20  # bytes
CLUSTER = f"""
import sys
from ray.cluster_utils import Cluster
cluster = Cluster()
cluster.add_node(num_cpus=1, include_dashboard=False, object_store_memory={STORE})
second = cluster.add_node(num_cpus=1, object_store_memory={STORE})
print(cluster.address, flush=True)
sys.stdin.readline()
cluster.remove_node(second, allow_graceful=False)
sys.stdin.readline()
"""


class Nodes(Protocol):
    """Two nodes with one processor each."""

    address: str
    hidden: Path | None
    """A folder that the second node does not see; None where that cannot be done."""

    def command(self, arguments: Sequence[str]) -> list[str]:
        """How ``arguments`` are run on the first node."""

    def actors(self) -> list[psutil.Process]:
        """The processes of the actors that answer."""

    def kill_second(self) -> None:
        """End the second node as a power cut would."""

    def close(self) -> None:
        """End both."""


class NamespaceNodes:
    def __init__(self, folder: Path) -> None:
        self.hidden = folder / "hidden"
        self.hidden.mkdir()
        self._folder = folder
        self._names = [f"qad{os.getpid()}{side}" for side in "ab"]
        self._processes: list[subprocess.Popen[bytes]] = []
        self.address = "10.77.0.1:6379"
        try:
            self._join()
            self._start(0, f"exec {self._ray()} start --head --port 6379 --include-dashboard false")
            hide = f"mount -t tmpfs none '{self.hidden}'"  # in the namespace of its mounts, which 'ip netns exec' makes
            self._start(1, f"{hide} && exec {self._ray()} start --address {self.address}")
        except BaseException:
            self.close()
            raise

    def _join(self) -> None:
        one, two = self._names
        for name in self._names:
            _run("ip", "netns", "add", name)
        _run("ip", "link", "add", f"{one}0", "netns", one, "type", "veth", "peer", "name", f"{two}0", "netns", two)
        for number, name in enumerate(self._names, 1):
            _run("ip", "-n", name, "addr", "add", f"10.77.0.{number}/24", "dev", f"{name}0")
            _run("ip", "-n", name, "link", "set", "lo", "up")
            _run("ip", "-n", name, "link", "set", f"{name}0", "up")

    def _ray(self) -> str:
        return f"'{sys.executable}' -W ignore -c 'from ray.scripts.scripts import main; main()'"

    def _start(self, number: int, command: str) -> None:
        options = (
            f"--node-ip-address 10.77.0.{number + 1} --num-cpus 1 --object-store-memory {STORE} --disable-usage-stats "
            f"--temp-dir '{self._folder / f'node{number}'}' --block"
        )
        log = self._folder / f"node{number}.log"
        with log.open("wb") as out:
            self._processes.append(
                subprocess.Popen(
                    ["ip", "netns", "exec", self._names[number], "sh", "-c", f"{command} {options}"],
                    stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={**os.environ, **ENVIRONMENT},
                )
            )  # fmt: skip
        end = time.monotonic() + PATIENCE
        while b"Ray runtime started" not in log.read_bytes():
            if time.monotonic() > end or self._processes[-1].poll() is not None:
                raise OSError(f"node {number} did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.2)

    def command(self, arguments: Sequence[str]) -> list[str]:
        return ["ip", "netns", "exec", self._names[0], *arguments]

    def actors(self) -> list[psutil.Process]:
        return [process for node in (0, 1) for process in self._processes_of(node) if is_actor(process)]

    def kill_second(self) -> None:
        for process in self._processes_of(1):
            process.kill()

    def _processes_of(self, node: int) -> list[psutil.Process]:
        with contextlib.suppress(subprocess.CalledProcessError):
            pids = _run("ip", "netns", "pids", self._names[node]).split()
            return [process for pid in pids for process in of_pid(int(pid))]
        return []

    def close(self) -> None:
        for node, name in enumerate(self._names):
            while processes := self._processes_of(node):
                for process in processes:
                    with contextlib.suppress(psutil.Error):
                        process.kill()
                psutil.wait_procs(processes, timeout=5)
            with contextlib.suppress(subprocess.CalledProcessError):
                _run("ip", "netns", "delete", name)
        for process in self._processes:
            process.wait()


class PlainNodes:
    hidden = None

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", CLUSTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={**os.environ, **ENVIRONMENT},
        )  # fmt: skip
        assert self._process.stdout
        self.address = self._process.stdout.readline().decode().strip()
        assert self.address, "Ray did not start"

    def command(self, arguments: Sequence[str]) -> list[str]:
        return list(arguments)

    def actors(self) -> list[psutil.Process]:
        return [one for one in psutil.Process(self._process.pid).children(recursive=True) if is_actor(one)]

    def kill_second(self) -> None:
        assert self._process.stdin
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()

    def close(self) -> None:
        children = psutil.Process(self._process.pid).children(recursive=True)
        for process in children:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self._process.kill()
        self._process.communicate()


def is_actor(process: psutil.Process) -> bool:
    """Whether it is one of Ray's actors that answer, past its start."""
    with contextlib.suppress(psutil.Error):
        return any("ray::ChunkActor" in word for word in process.cmdline())
    return False


def of_pid(pid: int) -> Iterator[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        yield psutil.Process(pid)


def may_make_namespaces() -> bool:
    """Whether this process may make a network namespace: root on Linux, in most containers not."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("ip"):
        return False
    name = f"qad{os.getpid()}t"
    try:
        _run("ip", "netns", "add", name)
        try:
            _run("ip", "netns", "exec", name, "true")
        finally:
            _run("ip", "netns", "delete", name)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def start_nodes(folder: Path) -> Nodes:
    """In namespaces, and where that fails without."""
    if may_make_namespaces():
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            return NamespaceNodes(folder)
    return PlainNodes()
