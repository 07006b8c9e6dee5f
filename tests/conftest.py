"""What every test gets: a home of its own, no network, and, outside the window's tests, no Qt."""

from __future__ import annotations

import importlib.abc
import logging
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest


class _HideQt(importlib.abc.MetaPathFinder):
    """The plan: everything but the window works where PySide6 is not installed."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ModuleNotFoundError(f"{name} is hidden from this test", name=name)


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.hasplugin("pytest-qt"):
        sys.meta_path.insert(0, _HideQt())


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home of the test's own."""
    folder = tmp_path / "qadesk home"
    monkeypatch.setenv("QADESK_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network call unless the user asks for a download."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def _nothing_left_over(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A thread left alive, or a log line of ours that the test did not take away, fails the test."""
    before = set(threading.enumerate())
    logger = logging.getLogger("qadesk")
    yield
    for handler in list(logger.handlers):
        handler.close()
        logger.removeHandler(handler)
    logger.propagate = True
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    assert not left, f"threads left over: {left}"
    loud = [
        row.getMessage() for row in caplog.records if row.name.startswith("qadesk") and row.levelno >= logging.WARNING
    ]
    assert not loud, f"log lines left over: {loud}"
