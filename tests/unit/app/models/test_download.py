"""Downloads from a local hub: whole, in pieces, over broken connections, and from a hub with wrong facts."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import socket
import threading
from _socket import socket as plain_socket
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from generators import drive

from qadesk import paths
from qadesk.app.models import download as module
from qadesk.app.models import hub, staging
from qadesk.app.models.download import download
from qadesk.app.models.hub import Hub, HubFile
from qadesk.app.models.manage import list_models
from qadesk.errors import DownloadError, ModelError
from qadesk.progress import Progress, finish
from qadesk.settings import Settings

pytestmark = pytest.mark.usefixtures("untried_models")

FILES = ("config.json", "tokenizer.json", "model.safetensors", "README.md")
MODEL = "anna/reader"


@functools.cache
def row_of(name: str, content: bytes, large: int) -> dict[str, Any]:
    """The row of a file in the listing."""
    git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    row: dict[str, Any] = {"type": "file", "path": name, "size": len(content), "oid": git}
    if len(content) >= large:
        row["lfs"] = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
    return row


class FakeHub(ThreadingHTTPServer):
    """A hub with one model. ``faults`` change responses by file path; ``requests`` are pairs of path and ``Range``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.listing: Any = None
        self.large = 10**6  # bytes from which a file has a SHA-256
        self.requests: list[tuple[str, str]] = []
        self.faults: dict[str, Callable[[Handler, bytes, int], bool]] = {}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def rows(self) -> Any:
        """The listing of the model."""
        if self.listing is not None:
            return self.listing
        return [{"type": "directory", "path": "onnx"}, *(self.row(name) for name in self.files)]

    def handle_error(self, *_: object) -> None:
        """Ignore connections that the client closed."""

    def row(self, name: str) -> dict[str, Any]:
        return dict(row_of(name, self.files[name], self.large))


class Handler(BaseHTTPRequestHandler):
    """Responds as the hub does: with a listing, and with contents from the offset in ``Range``."""

    server: FakeHub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == f"/api/models/{MODEL}/tree/main":
            self.answer(json.dumps(self.server.rows()).encode())
            return
        name = path.removeprefix(f"/{MODEL}/resolve/main/")
        if name not in self.server.files:
            self.send_error(404)
            return
        requested = self.headers.get("Range", "")
        self.server.requests.append((name, requested))
        content, start = self.server.files[name], 0
        if match := re.fullmatch(r"bytes=(\d+)-", requested):
            start = int(match[1])
        fault = self.server.faults.get(name)
        if not (fault and fault(self, content, start)):
            self.answer(content, start)

    def answer(self, content: bytes, start: int = 0, length: int | None = None) -> None:
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start if length is None else length))
        self.end_headers()
        self.wfile.write(content[start:])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def fake_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """The hub of the settings, with the bundled reader. No other address can be reached."""
    server = FakeHub()

    def connect(self: socket.socket, address: Any) -> None:
        assert address == server.server_address[:2]
        plain_socket.connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(module, "_PAUSE", 0.01)
    for name in FILES:
        server.files[name] = (paths.bundled_model_dir() / name).read_bytes()
    Settings().set("hub.url", server.url)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def models_dir(home: Path) -> Path:
    """The folder of the user's models."""
    return home / "data" / "models"


def steps_of(model: str = MODEL, name: str = "") -> tuple[list[Progress], Path]:
    return drive(download(model, Settings(), name))


def test_a_model_is_downloaded_checked_and_listed(fake_hub: FakeHub, models_dir: Path) -> None:
    fake_hub.files |= {"pytorch_model.bin": b"pickle", "run.py": b"raise", "onnx/model.onnx": bytes(10**6)}
    steps, folder = steps_of()
    assert folder == models_dir / "reader"
    assert {path.name for path in folder.iterdir()} == {*FILES, "qadesk.json"}
    for name in FILES:
        assert (folder / name).read_bytes() == fake_hub.files[name]
    metadata = json.loads((folder / "qadesk.json").read_text(encoding="utf-8"))
    assert metadata["origin"]["from"] == MODEL
    assert "Downloaded from anna/reader" in list_models()[1].origin
    assert [path.name for path in models_dir.iterdir()] == ["reader"]
    assert (steps[-1].what, steps[-1].done, steps[-1].total) == ("MB downloaded:", 45, 45)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert {name for name, _ in fake_hub.requests} == set(FILES)  # and no other file
    assert fake_hub.requests[-1][0] == "model.safetensors"


@pytest.mark.parametrize("text", ["anna/reader", "  anna/reader/ ", "{url}/anna/reader", "{url}/anna/reader/tree/main"])
def test_a_model_by_its_name_or_address(fake_hub: FakeHub, text: str) -> None:
    assert Hub(fake_hub.url).model_of(text.format(url=fake_hub.url)) == MODEL


@pytest.mark.parametrize(
    "text",
    ["", "a/b/c", "../x", "a/..", "anna/read er", "https://elsewhere/anna/reader", "a?b", "anna/x#y", "é/x"],
)
def test_an_invalid_model_name(fake_hub: FakeHub, text: str) -> None:
    with pytest.raises(DownloadError, match="is not the name of a model"):
        finish(download(text, Settings()))
    assert fake_hub.requests == []


@pytest.mark.parametrize("url", ["", "huggingface.co", "file:///etc", "ftp://hub", "https://", "http://[x"])
def test_an_invalid_address_of_a_hub(url: str) -> None:
    Settings().set("hub.url", url)
    with pytest.raises(DownloadError, match="is not the address of a hub"):
        finish(download(MODEL, Settings()))


def test_a_cancelled_download_is_resumed(fake_hub: FakeHub, models_dir: Path) -> None:
    work = download(MODEL, Settings())
    while next(work).done < 20:
        pass
    work.close()
    assert list_models()[1:] == []
    (part,) = models_dir.glob(".download-*/reader/*.part")
    size = part.stat().st_size
    assert 19_000_000 <= size < 45_000_000
    fake_hub.requests.clear()
    steps, folder = steps_of()
    assert fake_hub.requests == [("model.safetensors", f"bytes={size}-")]  # the small files are complete
    assert steps[1].done >= 20
    assert (folder / "model.safetensors").read_bytes() == fake_hub.files["model.safetensors"]


def test_a_broken_connection_is_resumed(fake_hub: FakeHub) -> None:
    breaks = iter([True, True, False])

    def cut(handler: Handler, content: bytes, start: int) -> bool:
        if not next(breaks):
            return False
        handler.answer(content[: start + 9_000_000], start, len(content) - start)
        handler.close_connection = True
        return True

    fake_hub.faults["model.safetensors"] = cut
    _, folder = steps_of()
    ranges = [offset for name, offset in fake_hub.requests if name == "model.safetensors"]
    assert ranges == ["", "bytes=9000000-", "bytes=18000000-"]
    assert (folder / "model.safetensors").read_bytes() == fake_hub.files["model.safetensors"]


def test_breaks_with_progress_in_between_are_not_added_up(fake_hub: FakeHub) -> None:
    breaks = 0

    def break_often(handler: Handler, content: bytes, start: int) -> bool:
        nonlocal breaks
        if breaks == 3 * module._ATTEMPTS:
            return False
        breaks += 1
        progress = 100_000 if breaks % (module._ATTEMPTS - 1) == 0 else 0  # never as many breaks in a row as end it
        handler.answer(content[: start + progress], start, len(content) - start)
        handler.close_connection = True
        return True

    fake_hub.faults["model.safetensors"] = break_often
    _, folder = steps_of()
    assert breaks == 3 * module._ATTEMPTS
    assert (folder / "model.safetensors").read_bytes() == fake_hub.files["model.safetensors"]


def test_a_hub_that_is_silent_counts_as_broken(fake_hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "TIMEOUT", 0.4)
    is_over = threading.Event()
    calls: Counter[str] = Counter()

    def sleep(handler: Handler, content: bytes, start: int) -> bool:
        calls["silent"] += 1
        if calls["silent"] > 1:
            return False
        handler.answer(content[:100], 0, len(content))
        is_over.wait(2)
        handler.close_connection = True
        return True

    fake_hub.faults["tokenizer.json"] = sleep
    steps_of()
    is_over.set()
    assert ("tokenizer.json", "bytes=100-") in fake_hub.requests


def test_a_hub_that_stays_busy_is_an_error_and_finished_files_are_kept(fake_hub: FakeHub, models_dir: Path) -> None:
    def busy(handler: Handler, content: bytes, start: int) -> bool:
        handler.send_error(503)
        return True

    fake_hub.faults["model.safetensors"] = busy
    with pytest.raises(DownloadError, match=r"cannot be reached. Check your connection"):
        finish(download(MODEL, Settings()))
    assert Counter(name for name, _ in fake_hub.requests)["model.safetensors"] == 4
    fake_hub.faults.clear()
    fake_hub.requests.clear()
    finish(download(MODEL, Settings()))
    assert {name for name, _ in fake_hub.requests} == {"model.safetensors"}


def test_no_server_at_the_address(fake_hub: FakeHub) -> None:
    with socket.socket() as unused_socket:
        unused_socket.bind(("127.0.0.1", 0))
        address = unused_socket.getsockname()
    Settings().set("hub.url", f"http://127.0.0.1:{address[1]}")
    fake_hub.server_address = address
    with pytest.raises(DownloadError, match="cannot be reached"):
        finish(download(MODEL, Settings()))


def test_a_hub_that_ignores_range_requests(fake_hub: FakeHub) -> None:
    def ignore_range(handler: Handler, content: bytes, start: int) -> bool:
        handler.answer(content)
        return True

    work = download(MODEL, Settings())
    while next(work).done < 10:
        pass
    work.close()
    fake_hub.faults["model.safetensors"] = ignore_range
    _, folder = steps_of()
    assert (folder / "model.safetensors").read_bytes() == fake_hub.files["model.safetensors"]


def test_bytes_from_the_wrong_offset(fake_hub: FakeHub) -> None:
    work = download(MODEL, Settings())
    while next(work).done < 10:
        pass
    work.close()

    def shift(handler: Handler, content: bytes, start: int) -> bool:
        if start:
            handler.answer(content, start + 5)
        return bool(start)

    fake_hub.faults["model.safetensors"] = shift
    _, folder = steps_of()  # from the beginning, then
    assert (folder / "model.safetensors").read_bytes() == fake_hub.files["model.safetensors"]


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_file_with_the_wrong_checksum_is_deleted(fake_hub: FakeHub, models_dir: Path, name: str) -> None:
    def lie(handler: Handler, content: bytes, start: int) -> bool:
        handler.answer(content[:-1] + b"\0", start)
        return True

    fake_hub.faults[name] = lie
    with pytest.raises(DownloadError, match=f"'{name}' is not what the hub said"):
        finish(download(MODEL, Settings()))
    assert not [*models_dir.glob(f".download-*/reader/{name}*")]
    assert list_models()[1:] == []
    fake_hub.faults.clear()
    finish(download(MODEL, Settings()))


def test_a_file_that_changed_on_the_hub_is_downloaded_again(fake_hub: FakeHub) -> None:
    def busy(handler: Handler, content: bytes, start: int) -> bool:
        handler.send_error(503)
        return True

    fake_hub.faults["model.safetensors"] = busy
    with pytest.raises(DownloadError):
        finish(download(MODEL, Settings()))
    fake_hub.faults.clear()
    fake_hub.files["README.md"] = b"Another card."
    assert (finish(download(MODEL, Settings())) / "README.md").read_bytes() == b"Another card."


def test_no_more_bytes_than_listed_are_stored(fake_hub: FakeHub, models_dir: Path) -> None:
    row = fake_hub.row("README.md")
    row["size"] = 100
    fake_hub.listing = [fake_hub.row(name) for name in FILES if name != "README.md"] + [row]
    with pytest.raises(DownloadError, match="is not what the hub said"):
        finish(download(MODEL, Settings()))
    assert max((path.stat().st_size for path in models_dir.rglob("README*")), default=0) <= 100


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json"])
def test_a_model_without_a_needed_file_is_refused_before_any_download(
    fake_hub: FakeHub, models_dir: Path, missing: str
) -> None:
    del fake_hub.files[missing]
    with pytest.raises(ModelError, match=f"has no {missing}"):
        finish(download(MODEL, Settings()))
    assert fake_hub.requests == []
    assert list(models_dir.iterdir()) == []


def test_pickles_alone_are_refused(fake_hub: FakeHub) -> None:
    fake_hub.files["pytorch_model.bin"] = fake_hub.files.pop("model.safetensors")
    with pytest.raises(ModelError, match=r"only as 'pytorch_model.bin', a format that can run code"):
        finish(download(MODEL, Settings()))
    assert fake_hub.requests == []


def test_a_model_with_another_head_is_refused_before_its_weights_are_downloaded(
    fake_hub: FakeHub, models_dir: Path
) -> None:
    config = json.loads(fake_hub.files["config.json"])
    fake_hub.files["config.json"] = json.dumps({**config, "architectures": ["BertForMaskedLM"]}).encode()
    with pytest.raises(ModelError, match="has no question-answering head"):
        finish(download(MODEL, Settings()))
    assert "model.safetensors" not in {name for name, _ in fake_hub.requests}
    assert list(models_dir.iterdir()) == []


def test_without_safetensors_one_graph_is_downloaded(fake_hub: FakeHub) -> None:
    weights = fake_hub.files.pop("model.safetensors")
    fake_hub.files |= {
        "onnx/model.onnx": weights[:5000],
        "onnx/model_quantized.onnx": b"x",
        "model.onnx": weights[:4000],
    }
    folder = finish(download(MODEL, Settings()))
    assert (folder / "model.onnx").stat().st_size == 4000
    assert not (folder / "onnx").exists()
    del fake_hub.files["model.onnx"]
    folder = finish(download(MODEL, Settings(), "Second"))
    assert (folder / "onnx" / "model.onnx").stat().st_size == 5000


def test_a_graph_made_by_qadesk_is_downloaded_with_the_weights(fake_hub: FakeHub) -> None:
    fake_hub.files |= {"qadesk.json": b'{"name": "Contracts"}', "model_int8.onnx": bytes(3000)}
    folder = finish(download(MODEL, Settings()))
    assert folder.name == "Contracts"
    assert (folder / "model_int8.onnx").stat().st_size == 3000


def test_a_model_that_does_not_exist(fake_hub: FakeHub) -> None:
    with pytest.raises(DownloadError, match=r"no model 'anna/other' on .* that is open to everybody"):
        finish(download("anna/other", Settings()))


GOOD = {"type": "file", "path": "config.json", "size": 5, "oid": "a" * 40}


@pytest.mark.parametrize(
    "listing",
    [
        {}, "x", [1], [{"type": "file"}], [{**GOOD, "size": -1}], [{**GOOD, "size": "5"}], [{**GOOD, "oid": "xyz"}],
        [{**GOOD, "oid": None}], [{**GOOD, "lfs": {}}], [{**GOOD, "lfs": "x"}], [{**GOOD, "path": 5}],
        [{**GOOD, "path": "x" * (17 * 2**20)}],
    ],
)  # fmt: skip
def test_a_malformed_listing(fake_hub: FakeHub, listing: Any) -> None:
    fake_hub.listing = listing
    with pytest.raises(DownloadError, match="does not answer as a hub of models does"):
        finish(download(MODEL, Settings()))


def test_paths_that_lead_out_of_the_folder_are_ignored(fake_hub: FakeHub, tmp_path: Path) -> None:
    fake_hub.listing = [fake_hub.row(name) for name in FILES] + [
        {**GOOD, "path": "../../../evil"},
        {**GOOD, "path": "/evil"},
    ]
    finish(download(MODEL, Settings()))
    assert [*tmp_path.rglob("evil")] == []


def test_a_listing_with_impossible_sizes(fake_hub: FakeHub, models_dir: Path) -> None:
    row = fake_hub.row("model.safetensors")
    fake_hub.listing = [fake_hub.row("config.json"), fake_hub.row("tokenizer.json"), {**row, "size": 10**15}]
    with pytest.raises(ModelError, match="Choose a smaller one"):
        finish(download(MODEL, Settings()))
    fake_hub.listing[0]["size"] = 10**9
    with pytest.raises(ModelError, match=r"'config.json' of this model is too large"):
        finish(download(MODEL, Settings()))
    assert fake_hub.requests == []


def test_a_full_disk_is_an_error_before_any_download(fake_hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("usage", (), {"free": 10**8})
    monkeypatch.setattr(staging.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(ModelError, match="too little room"):
        finish(download(MODEL, Settings()))
    assert fake_hub.requests == []


def test_redirects_are_followed_but_not_to_a_less_safe_scheme(fake_hub: FakeHub) -> None:
    targets: list[str] = []

    def redirect(to: str) -> Callable[[Handler, bytes, int], bool]:
        def fault(handler: Handler, content: bytes, start: int) -> bool:
            targets.append(to)
            fake_hub.faults.clear()
            handler.send_response(302)
            handler.send_header("Location", to)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return True

        return fault

    fake_hub.faults["config.json"] = redirect(f"{fake_hub.url}/{MODEL}/resolve/main/config.json")
    finish(download(MODEL, Settings()))
    fake_hub.faults["config.json"] = redirect("ftp://127.0.0.1/config.json")
    with pytest.raises(DownloadError, match="an address that is not safe"):
        finish(download(MODEL, Settings()))
    assert len(targets) == 2
    from_https = hub.Request("https://hub/x")
    for target in ("http://hub/y", "file:///etc/passwd"):
        with pytest.raises(DownloadError, match="not safe"):
            hub._Redirects().redirect_request(from_https, None, 302, "", {}, target)  # type: ignore[arg-type]


def test_the_name_is_the_one_given_or_that_on_the_hub(fake_hub: FakeHub, models_dir: Path) -> None:
    with pytest.raises(ModelError, match="already a model called"):
        finish(download(MODEL, Settings(), "QADesk reader 7"))
    assert finish(download(MODEL, Settings(), "Mine")) == models_dir / "Mine"
    assert finish(download(MODEL, Settings())) == models_dir / "reader"
    assert finish(download(MODEL, Settings())) == models_dir / "reader (2)"


def test_the_listing_is_read_as_documented(fake_hub: FakeHub) -> None:
    files = {file.name: file for file in Hub(fake_hub.url).files(MODEL)}
    content = fake_hub.files["README.md"]
    git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    assert files["README.md"] == HubFile("README.md", len(content), "", git)
    assert len(files["model.safetensors"].sha256) == 64
