"""Whether text can be recognised here, and in which languages: files of Tesseract, ours and those that users add."""

from __future__ import annotations

import re
import shutil
from importlib.util import find_spec
from pathlib import Path

from qadesk import paths
from qadesk.errors import DocumentError

_SUFFIX = ".traineddata"
_NAME = re.compile(r"[A-Za-z0-9_]{1,30}")


def own_folder() -> Path:
    """Where users add the files of other languages. It need not be there."""
    return paths.data_dir() / "languages"


def is_available() -> bool:
    """Whether text recognition is installed on this system."""
    return find_spec("tesserocr") is not None


def check_available() -> None:
    """Raise ``DocumentError`` where text recognition is not installed."""
    if not is_available():
        raise DocumentError(
            "Text recognition is not available on this system: there is no package of it for this platform.",
            "Run another program for text recognition (OCR) on the file first, then open the result.",
            "the package 'tesserocr' is not installed",
        )


def languages() -> list[str]:
    """The languages that can be read: 'eng', and those that users added, as 'deu'."""
    added = (path.name.removesuffix(_SUFFIX) for path in sorted(own_folder().glob(f"*{_SUFFIX}")))
    return ["eng", *(name for name in added if name != "eng" and _NAME.fullmatch(name))]


def check(names: str) -> None:
    """Raise ``DocumentError`` if ``names``, as 'eng+deu', has a language of which there is no file."""
    known = languages()
    for name in names_in(names).split("+"):
        if name not in known:
            raise DocumentError(
                f"Text in the language '{name}' cannot be recognised: its file is missing.",
                f"Put {name}{_SUFFIX} into {own_folder()}, or change 'Languages of pictures' in the settings "
                "(Documents).",
            )


def names_in(names: str) -> str:
    """``names``, as 'eng + deu', as Tesseract wants them: 'eng+deu'."""
    parts = (part.strip() for part in names.split("+"))
    return "+".join(dict.fromkeys(part for part in parts if _NAME.fullmatch(part))) or "eng"


def data_folder(names: str) -> Path:
    """The folder with the files of the languages ``names``, which Tesseract wants in one. Raises ``DocumentError``."""
    bundled = paths.resources_dir() / "tessdata"
    if names == "eng":
        return bundled
    own = own_folder()
    if not (own / f"eng{_SUFFIX}").exists():
        try:
            own.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(bundled / f"eng{_SUFFIX}", own / f"eng{_SUFFIX}")
        except OSError as error:
            raise DocumentError(
                f"{own} cannot be written to.", "Check the rights of the folder.", str(error)
            ) from error
    return own
