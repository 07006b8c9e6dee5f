"""The child process that has the chunks of a batch job answered by Ray: ``--answer-on-ray REQUEST``.

Ray is kept out of our own process: it prints on its own, changes the environment and leaves threads. The request is
JSON (``RayRequest``). The first command is a JSON list of chunk numbers; ``stop`` ends the work. The messages are
``{"ready": [actors, computers]}``; ``{"done": [...], "node": "..."}``, a ``ChunkDone`` and the computer that answered
it; ``{"notice": "..."}``; and ``{"error": [kind, message, hint, detail]}``, after which it ends.

A job has its chunks, and only the missing ones are given to Ray. (The checkpoints of Ray Data load the ids of all rows
into memory, read the whole input again and need an id for each row that is no other's.)
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from qadesk.app import child_process
from qadesk.app.batch.job_folder import job_stamp, read_job
from qadesk.app.batch.ray_actor import ActorSetup, ChunkActor
from qadesk.app.batch.ray_pool import ActorPool, tasks_of
from qadesk.app.child_process import Message
from qadesk.errors import Cancelled, DataError, QadeskError
from qadesk.qa.processor import physical_cores
from qadesk.version import __version__

_OBJECT_STORE = 80 * 2**20  # bytes, about the least that Ray takes: only numbers go through it
_CONNECT = 5.0  # seconds
_WATCH = 2.0  # seconds between two looks at the computers of the cluster


@dataclass(frozen=True, slots=True)
class RayRequest:
    """The job's ``folder``; the ``address`` of a Ray that runs ('auto', 'host:port'; '' starts one on this computer);
    the most ``workers`` (0: as many as there are cores or graphics cards), and how many ``cores`` each has.
    """

    folder: str
    address: str = ""
    workers: int = 0
    cores: int = 1


def main(arguments: Sequence[str]) -> int:
    """Have the chunks answered that the parent names. Returns 1 after an error."""
    commands: queue.SimpleQueue[str] = queue.SimpleQueue()

    def take(command: str) -> None:
        if command == "stop":
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            commands.put(command)

    with child_process.connect_to_parent(take, is_background=False) as output:
        try:
            request = RayRequest(**json.loads(arguments[0]))
            numbers: list[int] = json.loads(commands.get())
            _answer(request, numbers, output)
        except Cancelled:
            return 0
        except QadeskError as error:
            child_process.send_message(output, {"error": child_process.error_as_json(error)})
            return 1
    return 0


def _answer(request: RayRequest, numbers: Sequence[int], output: TextIO) -> None:
    job = read_job(Path(request.folder))
    is_gpu = job.reader.device != "cpu"
    with _connected(request) as ray:
        count, most = _actors(ray, request, is_gpu=is_gpu)
        tasks = tasks_of(numbers, max(1, job.rows // len(job.chunks)), count)
        child_process.send_message(output, {"ready": [min(count, len(tasks)), len(_addresses(ray))]})
        setup = ActorSetup(
            request.folder, job_stamp(job.folder), __version__, request.cores, names_computer=bool(request.address)
        )
        share = {"num_gpus": 1} if is_gpu else {"num_cpus": request.cores}
        remote_actor = ray.remote(**share, scheduling_strategy="SPREAD")(ChunkActor)
        pool = ActorPool(ray, lambda: remote_actor.remote(setup), min(most, len(tasks)), tasks)
        with _watching(ray, output) if request.address else contextlib.nullcontext():
            for message in _messages(pool):
                child_process.send_message(output, message)


def _messages(pool: ActorPool) -> Iterator[Message]:
    """What the actors say. Raises ``QadeskError`` where Ray cannot go on: its errors share no base class."""
    try:
        yield from pool.messages()
    except (QadeskError, Cancelled):
        raise
    except Exception as error:
        raise QadeskError(
            "Ray could not go on with the job.",
            "Each computer of the cluster needs the same Python with QADesk, and memory for its workers. What was "
            "answered is kept: the same command goes on.",
            str(error),
        ) from error


def _actors(ray: Any, request: RayRequest, *, is_gpu: bool) -> tuple[int, int]:
    """How many actors there can be now, and at most. Raises ``DataError`` where no computer has room for one."""
    kind, size = ("GPU", 1) if is_gpu else ("CPU", request.cores)
    alive = (node for node in ray.nodes() if node["Alive"])
    room = sum(int(node["Resources"].get(kind, 0)) // size for node in alive)
    if room == 0:
        what = "a graphics card" if is_gpu else f"{request.cores} cores"
        raise DataError(f"No computer that Ray knows has {what}.", "See what 'ray status' lists.")
    return min(room, request.workers or room), request.workers or room


@contextlib.contextmanager
def _connected(request: RayRequest) -> Iterator[Any]:
    """The module ``ray``, connected; the connection ends with the context. Raises ``QadeskError``."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # else Ray tells its makers what it is used for
    if not request.address:  # nobody else may give this Ray work; its workers have the command's priority
        token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        os.environ |= {**token, "RAY_worker_niceness": "0"}
    import ray

    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    try:
        if request.address:
            check_address(request.address)
            ray.init(address=request.address, **quiet)
        else:
            cores = max(physical_cores(), request.workers * request.cores, request.cores)
            ray.init(
                address="local", num_cpus=cores, include_dashboard=False, object_store_memory=_OBJECT_STORE,
                _node_ip_address="127.0.0.1", _temp_dir=tempfile.gettempdir(), **quiet,
            )  # fmt: skip
    except QadeskError:
        raise
    except Exception as error:  # they share no base class
        raise _no_ray(request.address, str(error)) from error
    signal.signal(signal.SIGTERM, _stop)
    try:
        yield ray
    finally:
        ray.shutdown()


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Cancelled


def check_address(address: str) -> None:
    """Raises ``DataError`` for an address where nobody listens: Ray would try for minutes."""
    if address == "auto":
        return
    host, colon, port = address.rpartition(":")
    if not colon or not host or "/" in host or not port.isdecimal():
        raise DataError(f"'{address}' is no address of a Ray.", "Write it as host:port, or auto.")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT).close()
    except (OSError, OverflowError) as error:
        raise _no_ray(address, str(error)) from error


def _no_ray(address: str, detail: str) -> QadeskError:
    if not address:
        return QadeskError(
            "Ray could not be started on this computer.",
            "Close other programs and try again, or use --engine local.",
            detail,
        )
    return DataError(
        f"QADesk could not join the Ray at '{address}'.",
        "Check by 'ray status' that it runs, and that Ray and Python have the same versions here and there; if it asks "
        "for a token, set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN.",
        detail,
    )


@contextlib.contextmanager
def _watching(ray: Any, output: TextIO) -> Iterator[None]:
    """Within the context a notice is sent for each computer that leaves the cluster or joins it."""
    is_over = threading.Event()

    def watch() -> None:
        known = _addresses(ray)
        while not is_over.wait(_WATCH):
            now = _addresses(ray)
            for node in known.keys() - now.keys():
                child_process.send_message(output, {"notice": f"The computer {known[node]} has left the cluster."})
            for node in now.keys() - known.keys():
                child_process.send_message(output, {"notice": f"The computer {now[node]} has joined the cluster."})
            known = now

    thread = threading.Thread(target=watch, name="qadesk-ray-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _addresses(ray: Any) -> dict[str, str]:
    """The addresses of the computers of the cluster, by Ray's name of each."""
    return {node["NodeID"]: node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}
