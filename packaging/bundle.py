"""Decides what goes into the frozen program, as tested functions for ``qadesk.spec``.

A bundle has the files of wheels, QADesk's code, Python, and the few libraries of Python's extension modules that differ
between distributions. The other libraries that Qt needs (X11, fontconfig, GLib, GTK) are not in it: they must match the
display server, the fonts and the themes of the system.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import facts

EXCLUDED_MODULES = (
    # tests, tools and drawing, which libraries import on demand only
    *("pytest", "_pytest", "hypothesis", "setuptools", "pkg_resources", "pip", "tkinter", "IPython", "pydoc_data"),
    *("curses", "readline", "scipy", "pandas", "matplotlib", "docx", "lxml", "pygments", "rich", "networkx"),
    *("accelerate", "psutil", "py", "mypy", "grimp", "distutils", "lib2to3", "tensorflow", "jax", "flax"),
    *("pyarrow", "ray"),  # Parquet and clusters, for those who install them
    # downloads in chunks; an exporter that optimum does not use
    *("hf_xet", "onnx_ir", "onnxscript"),
    *("numpy.f2py", "onnx.backend", "onnxruntime.datasets"),
    *("huggingface_hub.inference", "huggingface_hub.cli", "google.protobuf.testing"),
    *("transformers.pipelines", "transformers.trainer", "transformers.trainer_seq2seq", "transformers.commands"),
    *("transformers.data", "transformers.cli", "transformers.modeling_tf_utils", "transformers.modeling_flax_utils"),
    *("transformers.generation.tf_utils", "transformers.generation.flax_utils", "transformers.sagemaker"),
    # Pillow: fonts, screens, windows, and the libraries of formats that are not opened
    *("PIL._avif", "PIL._imagingft", "PIL._imagingtk", "PIL._webp", "PIL.ImageGrab", "PIL.ImageQt", "PIL.ImageShow"),
    *("PIL.ImageTk", "PIL._tkinter_finder"),
    # features of optimum that are not used
    *("optimum.conftest", "optimum.fx", "optimum.gptq", "optimum.onnxruntime.modeling_diffusion"),
    # torch: tests, compiler and distributed training, except for what 'import torch' needs
    *("torch.testing._internal.common_methods_invocations", "torch.testing._internal.generated"),
    *("torch.testing._internal.opinfo", "torch.testing._internal.distributed.rpc"),
    *("torch.testing._internal.distributed.distributed_test", "torch.testing._internal.common_modules"),
    *("torch._inductor.codegen", "torch._inductor.fx_passes", "torch._inductor.kernel", "torch._inductor.ir"),
    *("torch._inductor.scheduler", "torch._inductor.lowering", "torch._inductor.select_algorithm"),
    *("torch._inductor.template_heuristics", "torch._vendor.quack", "torch._export.serde"),
    *("torch.ao.quantization.fx", "torch.ao.ns", "torch.ao.pruning", "torch.distributed.checkpoint"),
    *("torch.distributed.elastic", "torch.distributed.pipelining", "torch.distributed._tools"),
    *("torch.utils.benchmark", "torch.utils.hipify", "torch.utils.tensorboard", "torch.utils.bottleneck"),
)
"""Modules that stay out, with all below them: QADesk never imports them."""

EXCLUDED_FILES = (
    "*/__pycache__/*",
    "*.pyi",
    "torch/test/*",
    "torch/include/*",
    "torch/share/*",
    "torch/lib/*test*",
    "torch/lib/*backend_with_compiler*",
    "torch/lib/*aoti_custom_ops*",
    "torch/lib/*.a",
    "PySide6/*translations/*",  # the window is in English only
    "*/opengl32sw.dll",  # widgets are drawn without OpenGL
    "*libjbig-*",  # its licence is the GPL: ``build.slim`` makes libtiff do without
)
"""Files that stay out, as patterns of their paths in the bundle."""

STRIPPED = (
    "torch/lib/*.so*",
    "libpython*",
    "python3*/lib-dynload/*",
    "tokenizers/*.so",
    "safetensors/*.so",
    "regex/*.so",
    "yaml/*.so",
)
"""Linux libraries whose debug symbols are removed. The others have few, or were changed after linking, like those in
``*.libs``, and would break."""

_TORCH_TOOLS = "torch/bin/"
_NEEDED_TORCH_TOOL = "torch_shm_manager"  # 'import torch' looks for it
_QT_LIBRARY = re.compile(r"(?:^|/)(?:lib)?Qt6?(?:Pdf|Qml|Quick|VirtualKeyboard|Egl|OpenGL)\w*[./]")
_QT_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/([\w-]+)/(?:lib)?([\w-]+)\.\w+$")
_QT_PLUGINS = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg", "qico"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "printsupport": {"cupsprintersupport", "windowsprintersupport", "cocoaprintersupport"},
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"},
}
_QT_PLUGIN_FOLDERS = {"platformthemes", "styles", "wayland-decoration-client", "wayland-shell-integration"}
_PYTHON_LIBRARIES = ("libpython", "libssl.", "libcrypto.", "libsqlite3.", "libffi.", "libbz2.", "liblzma.", "libuuid.")

_PICTURE_PLUGINS = {"JpegImagePlugin", "MpoImagePlugin", "PngImagePlugin", "TiffImagePlugin"}
"""Modules of Pillow. MPO is what some cameras write as JPEG."""

_OTHER_FRAMEWORK = re.compile(r"(modeling_tf|modeling_flax|convert|modular)_")
_IMPORTED_BY_CLASS = {"pix2struct"}  # optimum imports its class from the package transformers
_MODEL_IMPORT = re.compile(r"(?:from|import) +(?:\.\.|\.+models\.|transformers\.models\.)(\w+)")


def is_needed(destination: str, source: str) -> bool:
    """Whether a library or data file goes into the bundle, by its path there and its path on this machine."""
    path = destination.replace("\\", "/")
    if path.startswith(_TORCH_TOOLS):
        return path.endswith(_NEEDED_TORCH_TOOL)
    if any(fnmatch.fnmatchcase(path, pattern) for pattern in EXCLUDED_FILES) or _QT_LIBRARY.search(path):
        return False
    if plugin := _QT_PLUGIN.search(path):
        folder, name = plugin.groups()
        return folder in _QT_PLUGIN_FOLDERS or name in _QT_PLUGINS.get(folder, ())
    return not _is_system_library(path, source)


def _is_system_library(path: str, source: str) -> bool:
    """Whether it is a library of the Linux system: not in a folder of the bundle and not from a wheel."""
    if "/" in path or ".so" not in path or "site-packages" in source or not source.startswith("/"):
        return False
    return not path.startswith(_PYTHON_LIBRARIES)


def distributions(modules: Iterable[str]) -> set[str]:
    """The installed distributions of ``modules`` and that of QADesk, spelled as the names of their folders."""
    owners = metadata.packages_distributions()
    packages = {module.partition(".")[0] for module in modules}
    names = {name for package in packages for name in owners.get(package, ())} | {facts.COMMAND}
    return {_as_folder(name) for name in names}


def is_metadata_needed(destination: str, bundled: set[str]) -> bool:
    """Whether a data file is not in the ``.dist-info`` of a distribution, or is the METADATA of one in ``bundled``."""
    folder, _, name = destination.replace("\\", "/").partition("/")
    if not folder.endswith(".dist-info"):
        return True
    return name == "METADATA" and _as_folder(folder.removesuffix(".dist-info").rpartition("-")[0]) in bundled


def _as_folder(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def graph_tools() -> list[str]:
    """The modules of ONNX Runtime that fuse nodes of a graph: PyInstaller does not see how they import one another."""
    from PyInstaller.utils.hooks import collect_submodules

    def is_needed(name: str) -> bool:
        return not name.startswith("onnxruntime.transformers.models")

    tools = collect_submodules("onnxruntime.transformers", filter=is_needed, on_error="ignore")
    return [*tools, "onnxruntime.tools.symbolic_shape_infer"]


def answering_models(transformers: Path, exporter: Path, answering: Iterable[str]) -> set[str]:
    """The folders below ``transformers/models`` that the program may import.

    They are ``answering``, those of models with a question-answering head; those that the library itself and
    ``exporter`` (optimum's folder) import; and those that all these import.
    """
    folders = {path.name for path in (transformers / "models").iterdir() if path.is_dir()}
    outside = [path for path in transformers.rglob("*.py") if "models" not in path.relative_to(transformers).parts]
    needed = _models_in([*outside, *exporter.rglob("*.py")]) | {"auto", *answering, *_IMPORTED_BY_CLASS}
    models: set[str] = set()
    while new := (needed & folders) - models:
        models |= new
        needed = _models_in(path for name in new for path in (transformers / "models" / name).glob("*.py"))
    return models


def excluded_plugins(pillow: Path) -> list[str]:
    """The modules of Pillow, in the folder ``pillow``, for formats that QADesk does not open."""
    names = (path.stem for path in sorted(pillow.glob("*ImagePlugin.py")))
    return [f"PIL.{name}" for name in names if name not in _PICTURE_PLUGINS]


def _models_in(sources: Iterable[Path]) -> set[str]:
    """The folders of models that ``sources`` import."""
    texts = (path.read_text(encoding="utf-8") for path in sources if not _OTHER_FRAMEWORK.match(path.name))
    return {name for text in texts for name in _MODEL_IMPORT.findall(text)}


def excluded_models(transformers: Path, needed: set[str]) -> list[str]:
    """The modules of models that are not ``needed``, and of those that are the ones for other frameworks."""
    folders = [path for path in sorted((transformers / "models").iterdir()) if (path / "__init__.py").is_file()]
    others = [f"transformers.models.{folder.name}" for folder in folders if folder.name not in needed]
    files = [path for folder in folders if folder.name in needed for path in sorted(folder.glob("*.py"))]
    return others + [
        f"transformers.models.{path.parent.name}.{path.stem}" for path in files if _OTHER_FRAMEWORK.match(path.name)
    ]
