"""Download a model from a hub: the files that QADesk can use, each checked against the hub's checksum.

Files are downloaded to a hidden folder among the user's models, with '.part' after the name of an incomplete one. The
folder is kept when a download ends early, and the next attempt resumes from it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Generator, Sequence
from pathlib import Path

from qadesk.app.models import hub, naming
from qadesk.app.models.hub import Hub, HubFile
from qadesk.app.models.manage import models_dir, new_folder
from qadesk.app.models.model_files import check_sizes, check_weights, is_known, is_weights
from qadesk.app.models.staging import add_model, check_room, remove_stale
from qadesk.errors import DownloadError, ModelError
from qadesk.progress import Clock, Progress
from qadesk.qa.models import INT8_GRAPH, ONNX_NAMES
from qadesk.settings import Settings

_CHUNK = 2**18  # bytes
_ATTEMPTS = 4  # in a row without progress
_PAUSE = 1.0  # seconds after the first of them; doubled after each


def download(model: str, settings: Settings, name: str = "") -> Generator[Progress, None, Path]:
    """Download ``model`` ('owner/model' or its address) from the hub in the settings; returns its folder.

    It is called ``name``, or else as it names itself, or as on the hub. Yields progress in megabytes. If the generator
    is closed or the connection breaks, what was downloaded is kept for the next attempt. Raises ``DownloadError`` if
    the hub fails, and ``ModelError`` for a model that cannot be used, of which nothing is kept.
    """
    source = Hub(settings["hub.url"])
    model = source.model_of(model)
    if name:
        new_folder(name, settings)
    remove_stale()
    yield Progress("Asking the hub", 0, 0)
    files = _choose(_list(source, model), model)
    total = check_sizes((file.name, file.size) for file in files)
    work = _work_folder(source, model)
    folder = work / naming.folder_name(model.rpartition("/")[2])
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    transfer = _Transfer(source, model, folder, files)
    check_room(total - transfer.resumed)
    try:
        yield from transfer.run()
        with contextlib.suppress(OSError):  # not empty
            (folder / "onnx").rmdir()
        listed = yield from add_model(folder, settings, {"kind": "downloaded", "from": model}, name)
    except ModelError:
        shutil.rmtree(work, ignore_errors=True)
        raise
    shutil.rmtree(work, ignore_errors=True)
    return listed


def _list(source: Hub, model: str) -> list[HubFile]:
    try:
        return source.files(model)
    except hub.BROKEN as error:
        raise _unreachable(source, error) from error


def _unreachable(source: Hub, error: Exception) -> DownloadError:
    return DownloadError(
        f"{source.url} cannot be reached.",
        "Check your connection to the internet and try again: what has come is kept.",
        str(error),
    )


def _choose(files: Sequence[HubFile], model: str) -> list[HubFile]:
    """The files to download, small ones first and weights last. Raises ``ModelError`` if they make no model.

    With safetensors no graph is downloaded, as QADesk makes a faster one; except a graph that QADesk made.
    """
    names = {file.name for file in files}
    for needed in ("config.json", "tokenizer.json"):
        if needed not in names:
            raise ModelError(f"'{model}' has no {needed}.", "Choose a model that transformers can load.")
    check_weights(names, model)
    if any(name.endswith(".safetensors") and is_weights(name) for name in names):
        graphs = {INT8_GRAPH} if "qadesk.json" in names else set()
    else:
        candidates = [f"{prefix}{name}" for name in ONNX_NAMES for prefix in ("", "onnx/")]
        graph = next(name for name in candidates if name in names)
        graphs = {graph, f"{graph}_data", f"{graph}.data"}
    usable = [file for file in files if is_known(file.name) and (".onnx" not in file.name or file.name in graphs)]
    return sorted(usable, key=lambda file: (is_weights(file.name), file.size))


def _work_folder(source: Hub, model: str) -> Path:
    """The hidden folder for the files of ``model``: the same in each attempt."""
    key = hashlib.sha256(f"{source.url} {model}".encode()).hexdigest()[:16]
    folder = models_dir() / f"{naming.HIDDEN}download-{key}"
    folder.mkdir(exist_ok=True)
    os.utime(folder)  # not stale (``remove_stale``)
    return folder


class _Transfer:
    """Downloads ``files``, in their order, into ``folder``. ``resumed`` bytes of them are there already."""

    def __init__(self, source: Hub, model: str, folder: Path, files: Sequence[HubFile]) -> None:
        self._hub, self._model, self._folder, self._files = source, model, folder, files
        self.resumed = sum(min(file.size, max(_size(path) for path in self._paths(file))) for file in files)
        self._total = sum(file.size for file in files)
        self._received = 0
        self._clock = Clock("MB downloaded:", self._total - self.resumed)

    def run(self) -> Generator[Progress, None, None]:
        """Download what is missing, and check every file."""
        for file in self._files:
            if is_weights(file.name):
                _check_architecture(self._folder, self._model)
            yield from self._download(file)

    def _download(self, file: HubFile) -> Generator[Progress, None, None]:
        whole, part = self._paths(file)
        with _storage_errors():
            if whole.exists():
                whole.replace(part)  # check it again: the hub may have another version by now
            failures = 0
            while _size(part) != file.size:
                before = _size(part)
                try:
                    yield from self._attempt(file, part)
                except hub.BROKEN as error:
                    failures = failures + 1 if _size(part) <= before else 1
                    if failures == _ATTEMPTS:
                        raise _unreachable(self._hub, error) from error
                    yield from self._wait(_PAUSE * 2 ** (failures - 1))
            part.touch()  # for an empty file there was no attempt
            yield from self._check(file, part)
            part.replace(whole)

    def _attempt(self, file: HubFile, part: Path) -> Generator[Progress, None, None]:
        start = _size(part)
        if start > file.size:
            part.unlink()
            start = 0
        with self._hub.open(self._model, file, start) as (response, offset):
            if offset not in (0, start):
                part.unlink()
                raise ConnectionError(f"asked for bytes from {start}, got them from {offset}")
            with part.open("ab" if offset else "wb") as target:
                while chunk := response.read1(min(_CHUNK, file.size - target.tell())):  # not more than was listed
                    target.write(chunk)
                    self._received += len(chunk)
                    yield self._progress()
        if _size(part) < file.size:
            raise ConnectionError("the connection ended before the file did")

    def _wait(self, seconds: float) -> Generator[Progress, None, None]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.05)
            yield self._progress()

    def _check(self, file: HubFile, part: Path) -> Generator[Progress, None, None]:
        """Compare the checksum. That of git is over a header with the size, then the contents."""
        header = f"blob {file.size}\0".encode()
        checksum = hashlib.sha256() if file.sha256 else hashlib.sha1(header, usedforsecurity=False)
        with part.open("rb") as content:
            while chunk := content.read(_CHUNK):
                checksum.update(chunk)
                yield self._progress()
        if checksum.hexdigest() != (file.sha256 or file.git_sha1):
            part.unlink()
            raise DownloadError(
                f"'{file.name}' is not what the hub said that it is.", "Try again: the files that were good are kept."
            )

    def _progress(self) -> Progress:
        progress = self._clock.at(self._received)
        done = min(self._total, self.resumed + self._received)
        return Progress(progress.what, done // 10**6, max(1, self._total // 10**6), progress.seconds_left)

    def _paths(self, file: HubFile) -> tuple[Path, Path]:
        """The paths of ``file`` when it is whole, and before."""
        whole = self._folder / file.name
        return whole, whole.with_name(f"{whole.name}.part")


def _check_architecture(folder: Path, model: str) -> None:
    """Raises ``ModelError`` if ``config.json`` says that the model has another head than question answering."""
    try:
        names = json.loads((folder / "config.json").read_text(encoding="utf-8"))["architectures"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return  # ``add_model`` checks the whole model
    if isinstance(names, list) and names and not any("ForQuestionAnswering" in str(name) for name in names):
        raise ModelError(
            f"'{model}' cannot answer questions: it has no question-answering head.",
            "Choose a model that was fine-tuned for extractive question answering (on SQuAD, for example).",
        )


@contextlib.contextmanager
def _storage_errors() -> Generator[None, None, None]:
    """Raises ``DownloadError`` for an ``OSError`` that is not one of the connection."""
    try:
        yield
    except hub.BROKEN:
        raise
    except OSError as error:
        raise DownloadError(
            "What comes from the hub could not be stored.",
            "Check that there is room on the disk. What has come is kept.",
            str(error),
        ) from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
