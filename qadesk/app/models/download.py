"""Download a model from a hub: the files that QADesk can use, each checked against the hub's checksum.

What has come stays in a hidden folder among the user's models, under the file's name and '.part' until it is whole, so
that the next attempt goes on from there. Nothing is listed before the whole model is there and usable.
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
from qadesk.app.models.import_export import check_room, settle, tidy
from qadesk.app.models.manage import models_dir, new_place
from qadesk.app.models.model_files import check_sizes, check_weights, is_known, is_weights
from qadesk.errors import DownloadError, ModelError
from qadesk.progress import Clock, Progress
from qadesk.qa.models import INT8_GRAPH, ONNX_NAMES
from qadesk.settings import Settings

_CHUNK = 2**18
_ATTEMPTS = 4  # that bring nothing, one after the other
_PAUSE = 1.0  # seconds before the next one; then twice as long


def download(model: str, settings: Settings, name: str = "") -> Generator[Progress, None, Path]:
    """Fetch ``model`` ('owner/model' or its address) from the hub in the settings; gives its folder.

    It is called ``name``, or else as it calls itself, or as on the hub. Yields progress in megabytes. Closing the
    generator, or a broken connection, keeps what has come for the next time. Raises ``DownloadError`` where the hub
    does not give what it should, ``ModelError`` for a model that cannot be used: then nothing is kept.
    """
    place = Hub(settings["hub.url"])
    wanted = place.model_of(model)
    if name:
        new_place(name, settings)
    tidy()
    yield Progress("Asking the hub", 0, 0)
    files = _wanted(_list(place, wanted), wanted)
    total = check_sizes((each.name, each.size) for each in files)
    work = _work_folder(place, wanted)
    folder = work / naming.folder_name(wanted.rpartition("/")[2])
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    fetching = _Fetching(place, wanted, folder, files)
    check_room(total - fetching.there)
    try:
        yield from fetching.run()
        with contextlib.suppress(OSError):  # it is empty, or not
            (folder / "onnx").rmdir()
        made = settle(folder, settings, {"kind": "downloaded", "from": wanted}, name)
    except ModelError:
        shutil.rmtree(work, ignore_errors=True)
        raise
    shutil.rmtree(work, ignore_errors=True)
    return made


def _list(place: Hub, model: str) -> list[HubFile]:
    try:
        return place.files(model)
    except hub.BROKEN as error:
        raise _unreachable(place, error) from error


def _unreachable(place: Hub, error: Exception) -> DownloadError:
    return DownloadError(
        f"{place.url} cannot be reached.",
        "Check your connection to the internet and try again: what has come is kept.",
        str(error),
    )


def _wanted(files: Sequence[HubFile], model: str) -> list[HubFile]:
    """The files to fetch, small ones first. Raises ``ModelError`` where they cannot make a model.

    Where there are safetensors no graph is needed: QADesk makes a faster one. Only one of its own is taken.
    """
    names = {each.name for each in files}
    for needed in ("config.json", "tokenizer.json"):
        if needed not in names:
            raise ModelError(f"'{model}' has no {needed}.", "Choose a model that transformers can load.")
    check_weights(names, model)
    if any(name.endswith(".safetensors") and is_weights(name) for name in names):
        graphs = {INT8_GRAPH} if "qadesk.json" in names else set()
    else:
        places = [f"{place}{name}" for name in ONNX_NAMES for place in ("", "onnx/")]
        graph = next(name for name in places if name in names)
        graphs = {graph, f"{graph}_data", f"{graph}.data"}
    known = [each for each in files if is_known(each.name) and (".onnx" not in each.name or each.name in graphs)]
    return sorted(known, key=lambda each: (is_weights(each.name), each.size))


def _work_folder(place: Hub, model: str) -> Path:
    """Where the files of ``model`` lie until they are all there; the same one the next time."""
    key = hashlib.sha256(f"{place.url} {model}".encode()).hexdigest()[:16]
    folder = models_dir() / f"{naming.UNFINISHED}download-{key}"
    folder.mkdir(exist_ok=True)
    os.utime(folder)  # somebody's, again
    return folder


class _Fetching:
    """Fetches ``files``, weights last, into ``folder``; ``there`` bytes of them were there before."""

    def __init__(self, place: Hub, model: str, folder: Path, files: Sequence[HubFile]) -> None:
        self._hub, self._model, self._folder, self._files = place, model, folder, files
        self.there = sum(min(each.size, max(_size(path) for path in self._paths(each))) for each in files)
        self._total = sum(each.size for each in files)
        self._came = 0
        self._clock = Clock("MB downloaded:", self._total - self.there)

    def run(self) -> Generator[Progress, None, None]:
        """Fetch what is missing, and check everything."""
        for each in self._files:
            if is_weights(each.name):
                _check_kind(self._folder, self._model)
            yield from self._one(each)

    def _one(self, file: HubFile) -> Generator[Progress, None, None]:
        whole, part = self._paths(file)
        with _disk_in_words():
            if whole.exists():
                whole.replace(part)  # checked again: the hub may have another one by now
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
            part.touch()  # an empty file has no bytes to come
            yield from self._check(file, part)
            part.replace(whole)

    def _attempt(self, file: HubFile, part: Path) -> Generator[Progress, None, None]:
        start = _size(part)
        if start > file.size:
            part.unlink()
            start = 0
        with self._hub.open(self._model, file, start) as (response, begins):
            if begins not in (0, start):
                part.unlink()
                raise ConnectionError(f"asked for bytes from {start}, got them from {begins}")
            with part.open("ab" if begins else "wb") as target:
                while chunk := response.read1(min(_CHUNK, file.size - target.tell())):  # never more than was said
                    target.write(chunk)
                    self._came += len(chunk)
                    yield self._progress()
        if _size(part) < file.size:
            raise ConnectionError("the connection ended before the file did")

    def _wait(self, seconds: float) -> Generator[Progress, None, None]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.05)
            yield self._progress()

    def _check(self, file: HubFile, part: Path) -> Generator[Progress, None, None]:
        """Compare the checksum; git hashes a small file with its length before it."""
        found = hashlib.sha256() if file.sha256 else hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
        with part.open("rb") as content:
            while chunk := content.read(_CHUNK):
                found.update(chunk)
                yield self._progress()
        if found.hexdigest() != (file.sha256 or file.git_sha1):
            part.unlink()
            raise DownloadError(
                f"'{file.name}' is not what the hub said that it is.", "Try again: the files that were good are kept."
            )

    def _progress(self) -> Progress:
        step = self._clock.at(self._came)
        done = min(self._total, self.there + self._came)
        return Progress(step.what, done // 10**6, max(1, self._total // 10**6), step.seconds_left)

    def _paths(self, file: HubFile) -> tuple[Path, Path]:
        whole = self._folder / file.name
        return whole, whole.with_name(f"{whole.name}.part")


def _check_kind(folder: Path, model: str) -> None:
    """Raises ``ModelError`` if the configuration says that the model was made for something else."""
    try:
        kinds = json.loads((folder / "config.json").read_text(encoding="utf-8"))["architectures"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return  # what it is is found out when it is there
    if isinstance(kinds, list) and kinds and not any("ForQuestionAnswering" in str(each) for each in kinds):
        raise ModelError(
            f"'{model}' cannot answer questions: it has no question-answering head.",
            "Choose a model that was fine-tuned for extractive question answering (on SQuAD, for example).",
        )


@contextlib.contextmanager
def _disk_in_words() -> Generator[None, None, None]:
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
