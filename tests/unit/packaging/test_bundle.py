"""What goes into the bundle: decided by place, source and what imports what."""

from __future__ import annotations

from pathlib import Path

import bundle
import pytest

from qadesk.documents.images import image_pages

WHEEL = "/env/lib/python3.11/site-packages/"
SYSTEM = "/lib/x86_64-linux-gnu/"


@pytest.mark.parametrize(
    "place",
    [
        "torch/lib/libtorch_cpu.so",
        "torch/bin/torch_shm_manager",
        "torch/version.py",
        "PySide6/QtWidgets.abi3.so",
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "libQt6Widgets.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/printsupport/libcupsprintersupport.so",
        "PySide6\\plugins\\printsupport\\windowsprintersupport.dll",
        "PySide6/QtPrintSupport.abi3.so",
        "libQt6PrintSupport.so.6",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "numpy.libs/libscipy_openblas64_-32a4b2a6.so",
        "resources/models/reader/model_int8.onnx",
        "tesserocr.libs/libtesseract-9721d5b3.so.5.5.4",
        "pillow.libs/libtiff-20b7e810.so.6.3.0",
    ],
)
def test_what_is_used_goes_in(place: str) -> None:
    assert bundle.is_needed(place, WHEEL + place)


@pytest.mark.parametrize(
    "place",
    [
        "torch/test/test_api",
        "torch/bin/protoc",
        "torch/include/ATen/ATen.h",
        "torch/lib/libtorchbind_test.so",
        "torch/lib/libc10.a",
        "torch/_C.pyi",
        "tesserocr.libs/libjbig-2504a0c3.so.2.1",
        "libjbig-2504a0c3.so.2.1",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6\\translations\\qtbase_de.qm",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6\\Qt6Qml.dll",
        "PySide6/Qt/lib/QtPdf.framework/Versions/A/QtPdf",
        "libQt6VirtualKeyboard.so.6",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
    ],
)
def test_what_is_not_used_stays_out(place: str) -> None:
    assert not bundle.is_needed(place, WHEEL + place)


@pytest.mark.parametrize("name", ["libssl.so.3", "libcrypto.so.3", "libsqlite3.so.0", "libpython3.11.so.1.0"])
def test_libraries_of_pythons_own_go_in(name: str) -> None:
    assert bundle.is_needed(name, SYSTEM + name)


@pytest.mark.parametrize("name", ["libX11.so.6", "libgtk-3.so.0", "libstdc++.so.6", "libfontconfig.so.1", "libz.so.1"])
def test_the_systems_stay_out(name: str) -> None:
    assert not bundle.is_needed(name, SYSTEM + name)


def test_of_a_distribution_only_its_facts_go_in_and_only_if_its_modules_do() -> None:
    inside = bundle.distributions(["tokenizers", "yaml.nodes", "charset_normalizer.api", "os.path"])
    assert {"tokenizers", "pyyaml", "charset_normalizer", "qadesk"} <= inside
    assert bundle.is_metadata_needed("pyyaml-6.0.3.dist-info/METADATA", inside)
    assert bundle.is_metadata_needed("charset_normalizer-3.5.2.dist-info/METADATA", inside)
    assert not bundle.is_metadata_needed("pyyaml-6.0.3.dist-info/RECORD", inside)
    assert not bundle.is_metadata_needed("pytest-9.2.0.dist-info/METADATA", inside)
    assert bundle.is_metadata_needed("torch/version.py", inside)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library with five models: one answers, one is its base, one is imported by an exporter, two by none."""
    texts = {
        "utils.py": "from .models.auto import modeling_auto",
        "models/__init__.py": "from .seer import *",
        "models/auto/__init__.py": "",
        "models/auto/modeling_auto.py": "",
        "models/answerer/__init__.py": "",
        "models/answerer/modeling_answerer.py": "from ..base.modeling_base import Base\nfrom ...utils import logging",
        "models/answerer/convert_answerer.py": "from ..seer.modeling_seer import Seer",
        "models/answerer/modeling_tf_answerer.py": "from ..seer.modeling_tf_seer import Seer",
        "models/base/__init__.py": "",
        "models/base/modeling_base.py": "",
        "models/exported/__init__.py": "",
        "models/seer/__init__.py": "",
        "models/seer/modeling_seer.py": "",
        "../exporter/patches.py": "from transformers.models.exported.modeling_exported import Exported",
    }
    for name, text in texts.items():
        path = tmp_path / "transformers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "transformers"


def test_models_that_answer_bring_what_they_import(library: Path) -> None:
    models = bundle.answering_models(library, library.parent / "exporter", ["answerer", "not-here"])
    assert models == {"auto", "answerer", "base", "exported"}


def test_all_others_are_left_out_and_what_is_for_other_frameworks(library: Path) -> None:
    assert bundle.excluded_models(library, {"auto", "answerer", "base", "exported"}) == [
        "transformers.models.seer",
        "transformers.models.answerer.convert_answerer",
        "transformers.models.answerer.modeling_tf_answerer",
    ]


def test_what_answers_is_kept_of_the_real_library() -> None:
    transformers = pytest.importorskip("transformers")
    optimum = pytest.importorskip("optimum.exporters")
    models = bundle.answering_models(
        Path(transformers.__file__).parent, Path(optimum.__path__[0]).parent, ["bert", "deberta_v2", "mobilebert"]
    )
    assert {"bert", "deberta_v2", "mobilebert", "auto"} <= models
    assert "vit" not in models


def test_of_pillow_the_formats_that_are_opened_go_in() -> None:
    pillow = pytest.importorskip("PIL")
    excluded = {*bundle.excluded_plugins(Path(pillow.__file__).parent), *bundle.EXCLUDED_MODULES}
    assert {"PIL.WebPImagePlugin", "PIL.AvifImagePlugin", "PIL.GifImagePlugin", "PIL._webp", "PIL._avif"} <= excluded
    assert "PIL" not in excluded
    opened = {"Png", "Jpeg", "Mpo", "Tiff"}
    assert not excluded & {f"PIL.{name}ImagePlugin" for name in opened}
    assert {name.upper() for name in opened} >= set(image_pages.FORMATS)
