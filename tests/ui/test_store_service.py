"""The store service: one owner of the database, and one announcement of what a verb changed."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.app.history import questions, remember_answers, remember_document
from qadesk.errors import StoreError
from qadesk.records import Answers, Changes, Document
from qadesk.store.database import Store
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.services.store_service import StoreService

TEXT = Document("A lamp was lit in 1862.", "A lamp was lit")
ANSWERS = Answers("When?", (), None, 1, 1)


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()


@pytest.fixture
def store(qtbot: QtBot, jobs: Jobs) -> StoreService:
    service = StoreService(jobs)
    with qtbot.waitSignal(service.changed) as signal:
        service.open()
    assert signal.args == [Changes(recent=True, questions=True, labels=True, library=True), None]
    return service


def test_a_verb_is_announced_once_with_all_that_it_changed_and_before_it_is_done(
    qtbot: QtBot, store: StoreService
) -> None:
    deliveries: list[object] = []
    store.changed.connect(lambda changes, initiator: deliveries.append((changes, initiator)))

    def verb(open_database: Store) -> str:
        remember_document(open_database, TEXT)
        remember_answers(open_database, TEXT, ANSWERS)
        return "done"

    store.run(verb, done=deliveries.append, initiator="somebody")
    qtbot.waitUntil(lambda: deliveries[-1:] == ["done"])
    assert deliveries == [(Changes(recent=True, questions=True), "somebody"), "done"]


def test_what_only_reads_announces_nothing(qtbot: QtBot, store: StoreService) -> None:
    deliveries: list[object] = []
    store.changed.connect(lambda *_all: deliveries.append("changed"))
    store.run(questions, done=deliveries.append)
    qtbot.waitUntil(lambda: bool(deliveries))
    assert deliveries == [[]]


def test_what_a_verb_wrote_before_it_failed_is_announced(qtbot: QtBot, store: StoreService) -> None:
    deliveries: list[object] = []
    store.changed.connect(lambda changes, _initiator: deliveries.append(changes))

    def verb(open_database: Store) -> None:
        remember_document(open_database, TEXT)
        raise StoreError("The disk is full.", "")

    store.run(verb, failed=deliveries.append)
    qtbot.waitUntil(lambda: len(deliveries) == 2)
    assert deliveries[0] == Changes(recent=True)
    assert isinstance(deliveries[1], StoreError)


def test_a_long_verb_reports_progress(qtbot: QtBot, store: StoreService) -> None:
    deliveries: list[object] = []

    def verb(open_database: Store) -> Generator[int, None, list[str]]:
        yield 1
        remember_answers(open_database, TEXT, ANSWERS)
        return questions(open_database)

    store.run_long(verb, progress=deliveries.append, done=deliveries.append)
    qtbot.waitUntil(lambda: len(deliveries) == 2)
    assert deliveries == [1, ["When?"]]


def test_without_a_database_verbs_fail_or_are_left_out(qtbot: QtBot, jobs: Jobs) -> None:
    (paths.data_dir() / "qadesk.db").mkdir()
    service = StoreService(jobs)
    errors: list[Exception] = []
    service.failed.connect(errors.append)
    service.open()
    qtbot.waitUntil(lambda: len(errors) == 1)
    service.run(questions)
    qtbot.waitUntil(lambda: len(errors) == 2)
    assert "the database is not open" in str(errors[1])
    service.run_if_open(questions, done=errors.append)
    jobs.close()
    assert len(errors) == 2
