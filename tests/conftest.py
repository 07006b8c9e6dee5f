"""Fixtures of every test: a home folder of its own, no network, and, outside ``tests/ui``, no Qt."""

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
from hypothesis import settings

# The same examples in every run; new ones with --hypothesis-profile=default.
settings.register_profile("fixed", derandomize=True)
settings.load_profile("fixed")


class _HideQt(importlib.abc.MetaPathFinder):
    """Makes importing PySide6 fail: everything but the window works without it."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ModuleNotFoundError(f"{name} is hidden from this test", name=name)


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.hasplugin("pytest-qt"):
        sys.meta_path.insert(0, _HideQt())


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder for this test alone, which ``QADESK_HOME`` names. It is not made yet."""
    folder = tmp_path / "qadesk home"
    monkeypatch.setenv("QADESK_HOME", str(folder))
    return folder


@pytest.fixture
def untried_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """New models are listed without having read a text, which takes seconds: for tests of how their files come and go.

    The check itself is in tests/integration/test_model_check.py.
    """
    from qadesk.app.models import staging

    monkeypatch.setattr(staging, "check_model", lambda _folder: iter(()))


@pytest.fixture(autouse=True)
def _no_network(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to the network fails the test.

    ``home`` comes before ``monkeypatch``, so that pytest removes the test's folder when no function is replaced.
    """
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def _nothing_left_over(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A thread that is still alive fails the test, and so does a warning in our log that is not taken out of it."""
    before = set(threading.enumerate())
    logger = logging.getLogger("qadesk")
    yield
    for handler in list(logger.handlers):
        handler.close()
        logger.removeHandler(handler)
    logger.propagate = True
    alive = [
        thread
        for thread in threading.enumerate()
        if thread not in before and (not thread.daemon or thread.name.startswith("qadesk-"))
    ]
    assert not alive, f"threads left over: {alive}"
    lines = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("qadesk") and record.levelno >= logging.WARNING
    ]
    assert not lines, f"log lines left over: {lines}"
