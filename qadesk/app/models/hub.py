"""The client of a model hub such as huggingface.co: the files of a model, and their contents.

These are the only network connections that QADesk opens, and only ``app.models.download`` uses them. A hub is not
trusted: its listing is bounded and checked, and a redirect may not leave https.

    GET <hub>/api/models/<model>/tree/main?recursive=true    [{"type": "file", "path", "size", "oid", "lfs": {"oid"}}]
    GET <hub>/<model>/resolve/main/<file>                    the contents; with ``Range``, from there on

``lfs.oid`` is the SHA-256 of a large file, ``oid`` the SHA-1 that git gives a small one.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import qadesk
from qadesk.errors import DownloadError

TIMEOUT = 10.0
"""Seconds without data after which a connection is broken."""

BROKEN = (TimeoutError, ConnectionError, http.client.HTTPException, URLError)
"""Errors of a connection that another attempt may not have."""

_MAX_LISTING = 16 * 2**20  # bytes
_MODEL = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
_RANGE = re.compile(r"bytes (\d+)-")
_NO_MODEL = (401, 403, 404, 410, 451)
_TEMPORARY = (408, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a model: path, size in bytes, and one of two hexadecimal checksums; the other is ''."""

    name: str
    size: int
    sha256: str
    git_sha1: str


class Busy(URLError):
    """The hub answers that it cannot serve the request now."""


class _Redirects(HTTPRedirectHandler):
    """Follows redirects, but from https only to https."""

    def redirect_request(  # noqa: PLR0917  the library's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> Request | None:
        """The request to ``newurl``. Raises ``DownloadError`` if it would leave https."""
        allowed = ("https",) if urlsplit(req.full_url).scheme == "https" else ("https", "http")
        if urlsplit(newurl).scheme not in allowed:
            raise DownloadError("The hub sends QADesk to an address that is not safe.", "Try another hub.", newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Hub:
    """The hub at the address ``url``. Raises ``DownloadError`` if it is not one; its methods raise ``BROKEN`` too."""

    def __init__(self, url: str) -> None:
        self.url = url.strip().rstrip("/")
        with contextlib.suppress(ValueError):
            parts = urlsplit(self.url)
            if parts.scheme in ("http", "https") and parts.hostname:
                self._opener = build_opener(_Redirects)
                return
        raise DownloadError(f"'{url}' is not the address of a hub.", "It begins with https://. See Settings, Model.")

    def model_of(self, text: str) -> str:
        """The model 'owner/model' that ``text`` names, or whose address it is. Raises ``DownloadError``."""
        path = text.strip().rstrip("/")
        if path.startswith(f"{self.url}/"):
            path = path.removeprefix(f"{self.url}/").partition("/tree/")[0].partition("/resolve/")[0]
        if not _MODEL.fullmatch(path) or ".." in path:
            raise DownloadError(
                f"'{text.strip()[:80]}' is not the name of a model on {self.url}.",
                "It looks like 'owner/model', as the hub writes it above the model's page.",
            )
        return path

    def files(self, model: str) -> list[HubFile]:
        """The files of ``model``. Raises ``DownloadError`` if there is no such model."""
        with self._get(f"{self.url}/api/models/{model}/tree/main?recursive=true", model) as response:
            content = response.read(_MAX_LISTING + 1)
        try:
            rows = json.loads(content) if len(content) <= _MAX_LISTING else None
            files = [_file(row) for row in rows if row["type"] == "file"] if isinstance(rows, list) else None
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise self._bad_answer(str(error)) from error
        if files is None:
            raise self._bad_answer("no list, or too long")
        return files

    @contextlib.contextmanager
    def open(self, model: str, file: HubFile, start: int) -> Iterator[tuple[http.client.HTTPResponse, int]]:
        """The response with the contents of ``file``, and the offset where they begin: ``start``, or 0 for all."""
        url = f"{self.url}/{model}/resolve/main/{quote(file.name)}"
        with self._get(url, model, {"Range": f"bytes={start}-"} if start else {}) as response:
            match = _RANGE.match(response.headers.get("Content-Range", "")) if response.status == 206 else None
            yield response, int(match[1]) if match else 0

    def _get(self, url: str, model: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
        request = Request(url, headers={"User-Agent": f"qadesk/{qadesk.__version__}", **(headers or {})})  # noqa: S310  the scheme was checked
        try:
            response = self._opener.open(request, timeout=TIMEOUT)
        except HTTPError as error:
            error.close()
            if error.code in _TEMPORARY:
                raise Busy(str(error)) from error
            if error.code not in _NO_MODEL:
                raise self._bad_answer(str(error)) from error
            raise DownloadError(
                f"There is no model '{model}' on {self.url} that is open to everybody.",
                "Check its name on the hub's page. QADesk has no account there.",
                str(error),
            ) from error
        assert isinstance(response, http.client.HTTPResponse)
        return response

    def _bad_answer(self, detail: str) -> DownloadError:
        return DownloadError(f"{self.url} does not answer as a hub of models does.", "See Settings, Model.", detail)


def _file(row: dict[str, Any]) -> HubFile:
    """The file in a row of the listing. Raises ``ValueError``, ``TypeError`` or ``KeyError`` if it is malformed."""
    name, size = row["path"], row["size"]
    if not isinstance(name, str) or type(size) is not int or size < 0:
        raise ValueError("no path or size")
    if "lfs" in row:
        return HubFile(name, size, _hash(row["lfs"]["oid"], 64), "")
    return HubFile(name, size, "", _hash(row["oid"], 40))


def _hash(value: object, length: int) -> str:
    if not isinstance(value, str) or not re.fullmatch(rf"[0-9a-f]{{{length}}}", value):
        raise ValueError("no checksum")
    return value
