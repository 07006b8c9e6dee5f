"""The table of the sizes of a bundle's parts."""

from __future__ import annotations

from pathlib import Path

import pytest
import sizes


@pytest.mark.parametrize(
    ("place", "part"),
    [
        ("qadesk", "compiled modules of all of them, in the program"),
        ("_internal/torch/lib/libc10.so", "PyTorch"),
        ("_internal/libicudata.so.73", "Qt and PySide"),
        ("_internal/resources/models/reader/model.safetensors", "the bundled model"),
        ("_internal/resources/samples/lighthouse.txt", "licences, sample, icons"),
        ("_internal/onnx/onnx_cpp2py_export.so", "ONNX Runtime and ONNX"),
        ("_internal/libgfortran-040039e1.so.5", "NumPy with OpenBLAS"),
        ("_internal/libssl.so.3", "Python and its libraries"),
        ("_internal/yaml/_yaml.so", "other libraries"),
        ("_internal/tesserocr.libs/libtesseract.so.5", "Tesseract, Pillow"),
        ("_internal/resources/tessdata/eng.traineddata", "Tesseract, Pillow"),
    ],
)
def test_each_file_belongs_to_a_part(place: str, part: str, tmp_path: Path) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"12345")
    (tmp_path / "link").symlink_to(path)
    assert sizes.by_part(tmp_path) == {part: 5}


def test_the_table_has_the_sum_and_the_downloads(tmp_path: Path) -> None:
    bundle, out = tmp_path / "bundle", tmp_path / "dist"
    (bundle / "_internal" / "torch").mkdir(parents=True)
    out.mkdir()
    (bundle / "_internal" / "torch" / "a.so").write_bytes(bytes(1_500_000))
    (bundle / "qadesk").write_bytes(bytes(1_000_000))
    (out / "qadesk_1_amd64.deb").write_bytes(bytes(700_000))
    (out / "other.txt").touch()
    text = sizes.write(bundle, out)
    assert text.splitlines() == [
        "Installed",
        "     1.5 MB  PyTorch",
        "     1.0 MB  compiled modules of all of them, in the program",
        "     2.5 MB  together",
        "",
        "Download",
        "     0.7 MB  qadesk_1_amd64.deb",
    ]
    assert (out / "sizes.txt").read_text(encoding="utf-8") == text + "\n"
