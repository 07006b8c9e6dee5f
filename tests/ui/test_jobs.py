"""Lanes: order, progress, cancelling, errors, and an end without a thread left."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Generator, Iterator

import pytest
from pytestqt.qtbot import QtBot

from qadesk.ui.kit.jobs import Job, Jobs, Priority


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs_of_test = Jobs()
    yield jobs_of_test
    jobs_of_test.close()


def test_results_arrive_on_the_main_thread(qtbot: QtBot, jobs: Jobs) -> None:
    deliveries: list[tuple[int, bool]] = []
    main = threading.get_ident()
    jobs.start(
        "files",
        lambda _job: threading.get_ident(),
        done=lambda thread_id: deliveries.append((thread_id, threading.get_ident() == main)),
    )
    qtbot.waitUntil(lambda: bool(deliveries))
    assert deliveries[0][0] != main
    assert deliveries[0][1]


def test_a_generator_is_driven_and_its_progress_is_not_a_flood(qtbot: QtBot, jobs: Jobs) -> None:
    steps: list[int] = []
    results: list[str] = []

    def work(_job: Job) -> Generator[int, None, str]:
        yield from range(10_000)
        return "end"

    job = jobs.start("model", work, progress=steps.append, done=results.append)
    qtbot.waitUntil(lambda: bool(results))
    assert results == ["end"]
    assert steps[0] == 0
    assert len(steps) < 20
    assert job.latest == 9_999


def test_a_cancelled_job_closes_its_generator_and_delivers_nothing(qtbot: QtBot, jobs: Jobs) -> None:
    closed = threading.Event()
    results: list[object] = []

    def work(_job: Job) -> Generator[int, None, None]:
        try:
            while True:
                time.sleep(0.005)
                yield 1
        finally:
            closed.set()

    job = jobs.start("model", work, done=results.append, failed=results.append)
    qtbot.waitUntil(lambda: job.latest == 1)
    job.cancel()
    qtbot.waitUntil(closed.is_set)
    qtbot.wait(50)
    assert not results


def test_a_cancelled_job_that_waits_never_begins(qtbot: QtBot, jobs: Jobs) -> None:
    gate = threading.Event()
    started_jobs: list[str] = []
    deliveries: list[object] = []
    jobs.start("model", lambda _job: gate.wait(5))
    second = jobs.start("model", lambda _job: started_jobs.append("second"))
    jobs.start("model", lambda _job: started_jobs.append("third"), done=deliveries.append)
    second.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(deliveries))
    assert started_jobs == ["third"]


def test_errors_go_to_the_job_or_to_all(qtbot: QtBot, jobs: Jobs) -> None:
    own: list[Exception] = []

    def fail(_job: Job) -> None:
        raise ValueError("no")

    jobs.start("files", fail, failed=own.append)
    qtbot.waitUntil(lambda: bool(own))
    with qtbot.waitSignal(jobs.failed) as blocker:
        jobs.start("files", fail)
    assert isinstance(own[0], ValueError)
    assert isinstance(blocker.args[0], ValueError)


def test_closing_ends_long_work_and_writes_what_must_be_written(qtbot: QtBot) -> None:
    jobs = Jobs()
    rows: list[str] = []

    def write(_job: Job) -> None:
        time.sleep(0.05)
        rows.append("row")

    jobs.start("store", write)
    jobs.start("store", write)
    jobs.at_close("store", lambda: rows.append("closed"))

    def endless(_job: Job) -> Generator[int, None, None]:
        while True:
            time.sleep(0.01)
            yield 1

    jobs.start("model", endless)
    jobs.start("model", endless)
    start = time.perf_counter()
    jobs.close()
    assert time.perf_counter() - start < 1
    assert rows == ["row", "row", "closed"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("qadesk-")]


def test_what_is_asked_for_while_the_window_goes_is_not_begun(qtbot: QtBot) -> None:
    closed_jobs = Jobs()
    closed_jobs.close()
    started_jobs: list[str] = []
    job = closed_jobs.start("files", lambda _job: started_jobs.append("begun"))
    assert job.is_cancelled()
    assert not started_jobs


def test_background_work_gives_way_between_two_yields_and_goes_on(qtbot: QtBot, jobs: Jobs) -> None:
    order: list[str] = []
    gate = threading.Event()
    finished: list[str] = []

    def background(_job: Job[int, str]) -> Generator[int, None, str]:
        order.append("background begins")
        yield 0
        gate.wait(5)
        yield 1
        order.append("background ends")
        return "read"

    slow = jobs.start("model", background, done=finished.append, priority=Priority.BACKGROUND)
    qtbot.waitUntil(lambda: slow.latest == 0)
    jobs.start("model", lambda _job: order.append("the user's"), done=lambda _none: finished.append("the user's"))
    gate.set()
    qtbot.waitUntil(lambda: len(finished) == 2)
    assert order == ["background begins", "the user's", "background ends"]
    assert finished == ["the user's", "read"]


def test_background_work_waits_for_the_users_and_keeps_its_order(qtbot: QtBot, jobs: Jobs) -> None:
    gate = threading.Event()
    order: list[str] = []
    jobs.start("model", lambda _job: gate.wait(5))
    for name in ("first", "second"):
        jobs.start("model", lambda _job, name=name: order.append(name), priority=Priority.BACKGROUND)
    jobs.start("model", lambda _job: order.append("the user's"))
    gate.set()
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order == ["the user's", "first", "second"]


def test_work_that_gave_way_is_closed_where_it_is_cancelled(qtbot: QtBot, jobs: Jobs) -> None:
    gate = threading.Event()
    closed_on: list[str] = []

    def background(_job: Job[int, None]) -> Generator[int, None, None]:
        try:
            while True:
                yield 1
        finally:
            closed_on.append(threading.current_thread().name)

    slow = jobs.start("model", background, priority=Priority.BACKGROUND)
    qtbot.waitUntil(lambda: slow.latest == 1)
    has_started = threading.Event()
    jobs.start("model", lambda _job: (has_started.set(), gate.wait(5)))
    qtbot.waitUntil(has_started.is_set)
    slow.cancel()
    assert not closed_on
    gate.set()
    qtbot.waitUntil(lambda: bool(closed_on))
    assert closed_on == ["qadesk-model"]


def test_every_event_arrives_in_order_and_before_the_result(qtbot: QtBot, jobs: Jobs) -> None:
    deliveries: list[object] = []
    batches: list[int] = []

    def work(_job: Job[int, str]) -> Generator[int, None, str]:
        yield from range(10_000)
        return "end"

    def add_batch(values: list[int]) -> None:
        batches.append(len(values))
        deliveries.extend(values)

    jobs.start("model", work, events=add_batch, done=deliveries.append)
    qtbot.waitUntil(lambda: deliveries[-1:] == ["end"])
    assert deliveries == [*range(10_000), "end"]
    assert len(batches) < 5_000  # values that come while the window is busy come together


def test_events_before_an_error_are_not_lost(qtbot: QtBot, jobs: Jobs) -> None:
    deliveries: list[object] = []

    def work(_job: Job[int, None]) -> Generator[int, None, None]:
        yield 1
        yield 2
        raise ValueError("no")

    jobs.start("files", work, events=deliveries.extend, failed=lambda error: deliveries.append(str(error)))
    qtbot.waitUntil(lambda: deliveries[-1:] == ["no"])
    assert deliveries == [1, 2, "no"]


def test_closing_ends_work_that_gave_way(qtbot: QtBot) -> None:
    jobs = Jobs()
    closed = threading.Event()

    def background(_job: Job[int, None]) -> Generator[int, None, None]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    slow = jobs.start("model", background, priority=Priority.BACKGROUND)
    qtbot.waitUntil(lambda: slow.latest == 1)
    jobs.close()
    assert closed.is_set()


def test_an_event_is_delivered_before_the_next_one_is_there(qtbot: QtBot, jobs: Jobs) -> None:
    events: list[int] = []
    gate = threading.Event()

    def work(_job: Job[int, None]) -> Generator[int, None, None]:
        yield 1
        yield 2
        gate.wait(10)

    job = jobs.start("files", work, events=events.extend)
    qtbot.waitUntil(lambda: events == [1, 2])
    assert not gate.is_set()
    job.cancel()
    gate.set()


def test_a_panic_of_a_library_does_not_end_the_lane(qtbot: QtBot, jobs: Jobs) -> None:
    class PanicException(BaseException):  # as pyo3 derives it
        pass

    def panic(_job: Job[None, None]) -> None:
        raise PanicException("index out of bounds")

    errors: list[Exception] = []
    results: list[str] = []
    jobs.start("files", panic, failed=errors.append)
    jobs.start("files", lambda _job: "next", done=results.append)
    qtbot.waitUntil(lambda: results == ["next"])
    assert str(errors[0]) == "PanicException: index out of bounds"


def test_a_stray_stop_iteration_is_an_error_and_no_result(qtbot: QtBot, jobs: Jobs) -> None:
    errors: list[Exception] = []
    jobs.start("files", lambda _job: next(iter(())), done=errors.append, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], StopIteration)


def test_a_lane_keeps_nothing_of_a_job_that_is_done(qtbot: QtBot, jobs: Jobs) -> None:
    class Text:
        pass

    text = Text()
    reference = weakref.ref(text)
    results: list[object] = []
    jobs.start("files", lambda _job, text=text: None, done=results.append)
    del text
    qtbot.waitUntil(lambda: bool(results))
    qtbot.waitUntil(lambda: (gc.collect(), reference() is None)[1])


def test_the_last_task_of_a_lane_may_fail(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    jobs = Jobs()
    jobs.at_close("files", lambda: 1 / 0)
    jobs.close()
    assert [record.getMessage() for record in caplog.records] == ["the last task of a lane failed"]
    caplog.clear()
