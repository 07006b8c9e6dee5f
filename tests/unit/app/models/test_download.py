"""Downloads from a hub that runs here: whole, in pieces, over connections that break, and from one that lies."""

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
from qadesk.app.models import download as verb
from qadesk.app.models import hub, import_export
from qadesk.app.models.download import download
from qadesk.app.models.hub import Hub, HubFile
from qadesk.app.models.manage import list_models
from qadesk.errors import DownloadError, ModelError
from qadesk.progress import Progress, finish
from qadesk.settings import Settings

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
    """A hub with one model. ``faults`` change an answer, by the path of the file; ``asked`` keeps what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.listing: Any = None
        self.large = 10**6  # bytes from which a file has a SHA-256
        self.asked: list[tuple[str, str]] = []
        self.faults: dict[str, Callable[[Handler, bytes, int], bool]] = {}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def rows(self) -> Any:
        """The listing of the model."""
        if self.listing is not None:
            return self.listing
        return [{"type": "directory", "path": "onnx"}, *(self.row(name) for name in self.files)]

    def handle_error(self, *_: object) -> None:
        """A connection that the other side closed is what some tests want."""

    def row(self, name: str) -> dict[str, Any]:
        return dict(row_of(name, self.files[name], self.large))


class Handler(BaseHTTPRequestHandler):
    """Answers as the hub does: a listing, and bytes from where ``Range`` says."""

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
        asked = self.headers.get("Range", "")
        self.server.asked.append((name, asked))
        content, start = self.server.files[name], 0
        if found := re.fullmatch(r"bytes=(\d+)-", asked):
            start = int(found[1])
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
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """The hub in the settings, with the bundled reader's weights; only its address can be reached."""
    server = FakeHub()

    def connect(self: socket.socket, address: Any) -> None:
        assert address == server.server_address[:2]
        plain_socket.connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(verb, "_PAUSE", 0.01)
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
def own(home: Path) -> Path:
    """Where the user's models are."""
    return home / "data" / "models"


def steps_of(model: str = MODEL, name: str = "") -> tuple[list[Progress], Path]:
    return drive(download(model, Settings(), name))


def test_a_model_is_fetched_checked_and_listed(place: FakeHub, own: Path) -> None:
    place.files |= {"pytorch_model.bin": b"pickle", "run.py": b"raise", "onnx/model.onnx": bytes(10**6)}
    steps, made = steps_of()
    assert made == own / "reader"
    assert {each.name for each in made.iterdir()} == {*FILES, "qadesk.json"}
    for name in FILES:
        assert (made / name).read_bytes() == place.files[name]
    said = json.loads((made / "qadesk.json").read_text(encoding="utf-8"))
    assert said["origin"]["from"] == MODEL
    assert "Downloaded from anna/reader" in list_models()[1].origin
    assert [each.name for each in own.iterdir()] == ["reader"]
    assert (steps[-1].what, steps[-1].done, steps[-1].total) == ("MB downloaded:", 45, 45)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert {name for name, _ in place.asked} == set(FILES)  # nothing that is not needed
    assert place.asked[-1][0] == "model.safetensors"


@pytest.mark.parametrize("text", ["anna/reader", "  anna/reader/ ", "{url}/anna/reader", "{url}/anna/reader/tree/main"])
def test_a_model_by_its_name_or_address(place: FakeHub, text: str) -> None:
    assert Hub(place.url).model_of(text.format(url=place.url)) == MODEL


@pytest.mark.parametrize(
    "text",
    ["", "a/b/c", "../x", "a/..", "anna/read er", "https://elsewhere/anna/reader", "a?b", "anna/x#y", "é/x"],
)
def test_what_is_no_name_of_a_model(place: FakeHub, text: str) -> None:
    with pytest.raises(DownloadError, match="is not the name of a model"):
        finish(download(text, Settings()))
    assert place.asked == []


@pytest.mark.parametrize("url", ["", "huggingface.co", "file:///etc", "ftp://hub", "https://", "http://[x"])
def test_what_is_no_hub(url: str) -> None:
    Settings().set("hub.url", url)
    with pytest.raises(DownloadError, match="is not the address of a hub"):
        finish(download(MODEL, Settings()))


def test_a_cancelled_download_goes_on_where_it_was(place: FakeHub, own: Path) -> None:
    work = download(MODEL, Settings())
    while next(work).done < 20:
        pass
    work.close()
    assert list_models()[1:] == []
    (kept,) = own.glob(".download-*/reader/*.part")
    size = kept.stat().st_size
    assert 19_000_000 <= size < 45_000_000
    place.asked.clear()
    steps, made = steps_of()
    assert place.asked == [("model.safetensors", f"bytes={size}-")]  # the small files were there
    assert steps[1].done >= 20
    assert (made / "model.safetensors").read_bytes() == place.files["model.safetensors"]


def test_a_connection_that_breaks_is_taken_up_again(place: FakeHub) -> None:
    breaks = iter([True, True, False])

    def cut(handler: Handler, content: bytes, start: int) -> bool:
        if not next(breaks):
            return False
        handler.answer(content[: start + 9_000_000], start, len(content) - start)
        handler.close_connection = True
        return True

    place.faults["model.safetensors"] = cut
    _, made = steps_of()
    asked = [where for name, where in place.asked if name == "model.safetensors"]
    assert asked == ["", "bytes=9000000-", "bytes=18000000-"]
    assert (made / "model.safetensors").read_bytes() == place.files["model.safetensors"]


def test_breaks_with_progress_in_between_are_not_added_up(place: FakeHub) -> None:
    breaks = 0

    def break_often(handler: Handler, content: bytes, start: int) -> bool:
        nonlocal breaks
        if breaks == 3 * verb._ATTEMPTS:
            return False
        breaks += 1
        progress = 100_000 if breaks % (verb._ATTEMPTS - 1) == 0 else 0  # never as many breaks in a row as end it
        handler.answer(content[: start + progress], start, len(content) - start)
        handler.close_connection = True
        return True

    place.faults["model.safetensors"] = break_often
    _, folder = steps_of()
    assert breaks == 3 * verb._ATTEMPTS
    assert (folder / "model.safetensors").read_bytes() == place.files["model.safetensors"]


def test_a_hub_that_is_silent_counts_as_broken(place: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "TIMEOUT", 0.4)
    quiet = threading.Event()
    calls: Counter[str] = Counter()

    def sleep(handler: Handler, content: bytes, start: int) -> bool:
        calls["silent"] += 1
        if calls["silent"] > 1:
            return False
        handler.answer(content[:100], 0, len(content))
        quiet.wait(2)
        handler.close_connection = True
        return True

    place.faults["tokenizer.json"] = sleep
    steps_of()
    quiet.set()
    assert ("tokenizer.json", "bytes=100-") in place.asked


def test_a_hub_that_stays_away_is_said_and_what_came_is_kept(place: FakeHub, own: Path) -> None:
    def busy(handler: Handler, content: bytes, start: int) -> bool:
        handler.send_error(503)
        return True

    place.faults["model.safetensors"] = busy
    with pytest.raises(DownloadError, match=r"cannot be reached. Check your connection"):
        finish(download(MODEL, Settings()))
    assert Counter(name for name, _ in place.asked)["model.safetensors"] == 4
    place.faults.clear()
    place.asked.clear()
    finish(download(MODEL, Settings()))
    assert {name for name, _ in place.asked} == {"model.safetensors"}


def test_nobody_there(place: FakeHub) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        free = taken.getsockname()
    Settings().set("hub.url", f"http://127.0.0.1:{free[1]}")
    place.server_address = free
    with pytest.raises(DownloadError, match="cannot be reached"):
        finish(download(MODEL, Settings()))


def test_a_hub_that_gives_all_of_it_again(place: FakeHub) -> None:
    def ignore_range(handler: Handler, content: bytes, start: int) -> bool:
        handler.answer(content)
        return True

    work = download(MODEL, Settings())
    while next(work).done < 10:
        pass
    work.close()
    place.faults["model.safetensors"] = ignore_range
    _, made = steps_of()
    assert (made / "model.safetensors").read_bytes() == place.files["model.safetensors"]


def test_bytes_from_the_wrong_place(place: FakeHub) -> None:
    work = download(MODEL, Settings())
    while next(work).done < 10:
        pass
    work.close()

    def shift(handler: Handler, content: bytes, start: int) -> bool:
        if start:
            handler.answer(content, start + 5)
        return bool(start)

    place.faults["model.safetensors"] = shift
    _, made = steps_of()  # from the beginning, then
    assert (made / "model.safetensors").read_bytes() == place.files["model.safetensors"]


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_what_does_not_have_its_checksum_is_thrown_away(place: FakeHub, own: Path, name: str) -> None:
    def lie(handler: Handler, content: bytes, start: int) -> bool:
        handler.answer(content[:-1] + b"\0", start)
        return True

    place.faults[name] = lie
    with pytest.raises(DownloadError, match=f"'{name}' is not what the hub said"):
        finish(download(MODEL, Settings()))
    assert not [*own.glob(f".download-*/reader/{name}*")]
    assert list_models()[1:] == []
    place.faults.clear()
    finish(download(MODEL, Settings()))


def test_a_file_that_changed_on_the_hub_meanwhile_is_fetched_again(place: FakeHub) -> None:
    def busy(handler: Handler, content: bytes, start: int) -> bool:
        handler.send_error(503)
        return True

    place.faults["model.safetensors"] = busy
    with pytest.raises(DownloadError):
        finish(download(MODEL, Settings()))
    place.faults.clear()
    place.files["README.md"] = b"Another card."
    assert (finish(download(MODEL, Settings())) / "README.md").read_bytes() == b"Another card."


def test_more_bytes_than_were_said_are_not_taken(place: FakeHub, own: Path) -> None:
    row = place.row("README.md")
    row["size"] = 100
    place.listing = [place.row(name) for name in FILES if name != "README.md"] + [row]
    with pytest.raises(DownloadError, match="is not what the hub said"):
        finish(download(MODEL, Settings()))
    assert max((each.stat().st_size for each in own.rglob("README*")), default=0) <= 100


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json"])
def test_what_misses_a_file_is_refused_before_anything_comes(place: FakeHub, own: Path, missing: str) -> None:
    del place.files[missing]
    with pytest.raises(ModelError, match=f"has no {missing}"):
        finish(download(MODEL, Settings()))
    assert place.asked == []
    assert list(own.iterdir()) == []


def test_pickles_alone_are_refused(place: FakeHub) -> None:
    place.files["pytorch_model.bin"] = place.files.pop("model.safetensors")
    with pytest.raises(ModelError, match=r"only as 'pytorch_model.bin', a format that can run code"):
        finish(download(MODEL, Settings()))
    assert place.asked == []


def test_a_model_for_something_else_is_refused_before_its_weights_come(place: FakeHub, own: Path) -> None:
    config = json.loads(place.files["config.json"])
    place.files["config.json"] = json.dumps({**config, "architectures": ["BertForMaskedLM"]}).encode()
    with pytest.raises(ModelError, match="has no question-answering head"):
        finish(download(MODEL, Settings()))
    assert "model.safetensors" not in {name for name, _ in place.asked}
    assert list(own.iterdir()) == []


def test_of_graphs_only_one_comes_where_there_are_no_safetensors(place: FakeHub) -> None:
    weights = place.files.pop("model.safetensors")
    place.files |= {"onnx/model.onnx": weights[:5000], "onnx/model_quantized.onnx": b"x", "model.onnx": weights[:4000]}
    made = finish(download(MODEL, Settings()))
    assert (made / "model.onnx").stat().st_size == 4000
    assert not (made / "onnx").exists()
    del place.files["model.onnx"]
    made = finish(download(MODEL, Settings(), "Second"))
    assert (made / "onnx" / "model.onnx").stat().st_size == 5000


def test_a_graph_of_qadesks_own_comes_with_the_weights(place: FakeHub) -> None:
    place.files |= {"qadesk.json": b'{"name": "Contracts"}', "model_int8.onnx": bytes(3000)}
    made = finish(download(MODEL, Settings()))
    assert made.name == "Contracts"
    assert (made / "model_int8.onnx").stat().st_size == 3000


def test_a_model_that_is_not_there(place: FakeHub) -> None:
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
def test_a_listing_that_is_none(place: FakeHub, listing: Any) -> None:
    place.listing = listing
    with pytest.raises(DownloadError, match="does not answer as a hub of models does"):
        finish(download(MODEL, Settings()))


def test_paths_that_lead_out_are_not_files_of_a_model(place: FakeHub, tmp_path: Path) -> None:
    place.listing = [place.row(name) for name in FILES] + [{**GOOD, "path": "../../../evil"}, {**GOOD, "path": "/evil"}]
    finish(download(MODEL, Settings()))
    assert [*tmp_path.rglob("evil")] == []


def test_a_hub_that_says_impossible_sizes(place: FakeHub, own: Path) -> None:
    row = place.row("model.safetensors")
    place.listing = [place.row("config.json"), place.row("tokenizer.json"), {**row, "size": 10**15}]
    with pytest.raises(ModelError, match="Choose a smaller one"):
        finish(download(MODEL, Settings()))
    place.listing[0]["size"] = 10**9
    with pytest.raises(ModelError, match=r"'config.json' of this model is too large"):
        finish(download(MODEL, Settings()))
    assert place.asked == []


def test_a_full_disk_is_told_before_anything_comes(place: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("usage", (), {"free": 10**8})
    monkeypatch.setattr(import_export.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(ModelError, match="too little room"):
        finish(download(MODEL, Settings()))
    assert place.asked == []


def test_a_hub_may_send_elsewhere_but_not_to_a_less_safe_place(place: FakeHub) -> None:
    seen: list[str] = []

    def redirect(to: str) -> Callable[[Handler, bytes, int], bool]:
        def fault(handler: Handler, content: bytes, start: int) -> bool:
            seen.append(to)
            place.faults.clear()
            handler.send_response(302)
            handler.send_header("Location", to)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return True

        return fault

    place.faults["config.json"] = redirect(f"{place.url}/{MODEL}/resolve/main/config.json")
    finish(download(MODEL, Settings()))
    place.faults["config.json"] = redirect("ftp://127.0.0.1/config.json")
    with pytest.raises(DownloadError, match="an address that is not safe"):
        finish(download(MODEL, Settings()))
    assert len(seen) == 2
    from_https = hub.Request("https://hub/x")
    for target in ("http://hub/y", "file:///etc/passwd"):
        with pytest.raises(DownloadError, match="not safe"):
            hub._Redirects().redirect_request(from_https, None, 302, "", {}, target)  # type: ignore[arg-type]


def test_the_names_asked_for_are_those_of_the_hub(place: FakeHub, own: Path) -> None:
    with pytest.raises(ModelError, match="already a model called"):
        finish(download(MODEL, Settings(), "QADesk reader 2"))
    assert finish(download(MODEL, Settings(), "Mine")) == own / "Mine"
    assert finish(download(MODEL, Settings())) == own / "reader"
    assert finish(download(MODEL, Settings())) == own / "reader (2)"


def test_the_listing_is_read_as_documented(place: FakeHub) -> None:
    found = {each.name: each for each in Hub(place.url).files(MODEL)}
    content = place.files["README.md"]
    git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    assert found["README.md"] == HubFile("README.md", len(content), "", git)
    assert len(found["model.safetensors"].sha256) == 64
