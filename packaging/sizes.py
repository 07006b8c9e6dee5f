"""A table of the sizes of the parts of a bundle, and of the files to download."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

_PARTS = (
    ("PyTorch", r"torch/"),
    ("Qt and PySide", r"(?:PySide6|shiboken6)/|lib(?:Qt6|icu|pyside6|shiboken6)"),
    ("the bundled model", r"resources/models/"),
    ("ONNX Runtime and ONNX", r"(?:onnxruntime|onnx|ml_dtypes|google)/"),
    ("NumPy with OpenBLAS", r"numpy(?:\.libs)?/|lib(?:gfortran|quadmath|scipy_openblas)"),
    ("transformers, tokenizers", r"(?:transformers|tokenizers|safetensors)/"),
    ("PDFium", r"pypdfium2(?:_raw)?/"),
    ("Tesseract, Pillow", r"(?:tesserocr(?:\.libs)?|PIL|pillow\.libs|resources/tessdata)/"),
    ("licences, sample, icons", r"resources/"),
    ("Python and its libraries", r"(?:python3[^/]*|lib-dynload)/|lib|base_library\.zip"),
)
_MODULES = "compiled modules of all of them, in the program"
_DOWNLOADS = (".deb", ".tar.gz", ".exe", ".dmg")


def by_part(bundle: Path) -> dict[str, int]:
    """The bytes of each part of ``bundle``, the largest first. Links do not count."""
    sizes: Counter[str] = Counter()
    for path in bundle.rglob("*"):
        if path.is_file() and not path.is_symlink():
            sizes[_part(path.relative_to(bundle).as_posix())] += path.stat().st_size
    return dict(sizes.most_common())


def _part(path: str) -> str:
    if not path.startswith("_internal/"):
        return _MODULES
    path = path.removeprefix("_internal/")
    return next((part for part, pattern in _PARTS if re.match(pattern, path)), "other libraries")


def write(bundle: Path, out: Path) -> str:
    """Write the table, in MB of 10^6 bytes, to ``sizes.txt`` in ``out``, the folder of the packages. Returns it."""
    parts = by_part(bundle)
    rows = [*parts.items(), ("together", sum(parts.values()))]
    downloads = [(path.name, path.stat().st_size) for path in sorted(out.iterdir()) if path.name.endswith(_DOWNLOADS)]
    lines = [f"{size / 1e6:8.1f} MB  {name}" for name, size in rows]
    text = "\n".join(
        ["Installed", *lines, "", "Download", *(f"{size / 1e6:8.1f} MB  {name}" for name, size in downloads)]
    )
    (out / "sizes.txt").write_text(text + "\n", encoding="utf-8")
    return text
