"""What goes into the frozen program, and what stays out: the choices that ``qadesk.spec`` makes, as tested functions.

A bundle holds what comes out of wheels, our own code, Python, and the few libraries of Python's own extension modules
that differ between distributions. All else that Qt needs of a system (X11, fontconfig, GLib, GTK) is the system's: it
has to match the display server, the fonts and the themes that are there.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import facts

LEFT_OUT_MODULES = (
    # tests, tools and drawing, which libraries import only where somebody asks for them
    *("pytest", "_pytest", "hypothesis", "setuptools", "pkg_resources", "pip", "tkinter", "IPython", "pydoc_data"),
    *("curses", "readline", "PIL", "scipy", "pandas", "matplotlib", "docx", "lxml", "pygments", "rich", "networkx"),
    *("psutil", "py", "mypy", "grimp", "distutils", "lib2to3", "tensorflow", "jax", "flax"),
    # downloads by chunks, and the graph of another exporter than the one that optimum uses
    *("hf_xet", "onnx_ir", "onnxscript"),
    *("numpy.f2py", "onnx.backend", "onnxruntime.datasets"),
    *("huggingface_hub.inference", "huggingface_hub.cli", "google.protobuf.testing"),
    *("transformers.pipelines", "transformers.trainer", "transformers.trainer_seq2seq", "transformers.commands"),
    *("transformers.data", "transformers.cli", "transformers.modeling_tf_utils", "transformers.modeling_flax_utils"),
    *("transformers.generation.tf_utils", "transformers.generation.flax_utils", "transformers.sagemaker"),
    # optimum's other work
    *("optimum.conftest", "optimum.fx", "optimum.gptq", "optimum.onnxruntime.modeling_diffusion"),
    # torch: its tests, its compiler and its work on several machines, as far as 'import torch' does not need them
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
"""Modules that stay out, with all below them: nothing that QADesk does loads them."""

LEFT_OUT_FILES = (
    "*/__pycache__/*",
    "*.pyi",
    "torch/test/*",
    "torch/include/*",
    "torch/share/*",
    "torch/lib/*test*",
    "torch/lib/*backend_with_compiler*",
    "torch/lib/*aoti_custom_ops*",
    "torch/lib/*.a",
    "PySide6/*translations/*",  # the window speaks one language
    "*/opengl32sw.dll",  # widgets are drawn by the processor
)
"""Files that stay out, as patterns of their places in the bundle."""

STRIPPED = (
    "torch/lib/*.so*",
    "libpython*",
    "python3*/lib-dynload/*",
    "tokenizers/*.so",
    "safetensors/*.so",
    "regex/*.so",
    "yaml/*.so",
)
"""Linux libraries that lose their symbols for debuggers. The others have few, or were changed after they were linked,
as what lies in ``*.libs``: those do not survive it."""

_TOOLS_OF_TORCH = "torch/bin/"
_NEEDED_TOOL = "torch_shm_manager"  # 'import torch' looks for it
_QT_LIBRARY = re.compile(r"(?:^|/)(?:lib)?Qt6?(?:Pdf|Qml|Quick|VirtualKeyboard|Egl|OpenGL)\w*[./]")
_QT_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/([\w-]+)/(?:lib)?([\w-]+)\.\w+$")
_QT_PLUGINS = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg", "qico"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"},
}
_QT_PLUGIN_FOLDERS = {"platformthemes", "styles", "wayland-decoration-client", "wayland-shell-integration"}
_OF_PYTHON = ("libpython", "libssl.", "libcrypto.", "libsqlite3.", "libffi.", "libbz2.", "liblzma.", "libuuid.")

_OTHER_FRAMEWORK = re.compile(r"(modeling_tf|modeling_flax|convert|modular)_")
_NAMED_BY_CLASS = {"pix2struct"}  # optimum imports its class out of transformers itself
_MODEL_IMPORT = re.compile(r"(?:from|import) +(?:\.\.|\.+models\.|transformers\.models\.)(\w+)")


def is_wanted(destination: str, source: str) -> bool:
    """Whether a library or data file goes into the bundle, by its place there and where it comes from."""
    place = destination.replace("\\", "/")
    if place.startswith(_TOOLS_OF_TORCH):
        return place.endswith(_NEEDED_TOOL)
    if any(fnmatch.fnmatchcase(place, pattern) for pattern in LEFT_OUT_FILES) or _QT_LIBRARY.search(place):
        return False
    if plugin := _QT_PLUGIN.search(place):
        folder, name = plugin.groups()
        return folder in _QT_PLUGIN_FOLDERS or name in _QT_PLUGINS.get(folder, ())
    return not _is_of_system(place, source)


def _is_of_system(place: str, source: str) -> bool:
    """Whether it is a library of Linux's: those lie beside the executable's modules and come out of no wheel."""
    if "/" in place or ".so" not in place or "site-packages" in source or not source.startswith("/"):
        return False
    return not place.startswith(_OF_PYTHON)


def distributions(modules: Iterable[str]) -> set[str]:
    """The names of the installed distributions that ``modules`` come from, and of ours, as their folders spell them."""
    owners = metadata.packages_distributions()
    tops = {each.partition(".")[0] for each in modules}
    found = {name for top in tops for name in owners.get(top, ())} | {facts.COMMAND}
    return {re.sub(r"[-_.]+", "_", name).lower() for name in found}


def is_metadata_wanted(destination: str, bundled: set[str]) -> bool:
    """Whether a data file is none of a distribution's own files, or the one that libraries look versions up in."""
    folder, _, name = destination.replace("\\", "/").partition("/")
    if not folder.endswith(".dist-info"):
        return True
    return name == "METADATA" and _as_folder(folder.removesuffix(".dist-info").rpartition("-")[0]) in bundled


def _as_folder(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def graph_tools() -> list[str]:
    """The modules that fuse the nodes of a graph: they import one another by names that PyInstaller does not see."""
    from PyInstaller.utils.hooks import collect_submodules

    def is_no_example(name: str) -> bool:
        return not name.startswith("onnxruntime.transformers.models")

    tools = collect_submodules("onnxruntime.transformers", filter=is_no_example, on_error="ignore")
    return [*tools, "onnxruntime.tools.symbolic_shape_infer"]


def answering_models(transformers: Path, exporter: Path, answering: Iterable[str]) -> set[str]:
    """The folders below ``transformers/models`` that the program can need.

    They are ``answering``, the folders of what has a question-answering head; what the library itself and ``exporter``
    (optimum's folder) import; and what all these import in turn.
    """
    there = {each.name for each in (transformers / "models").iterdir() if each.is_dir()}
    outside = [path for path in transformers.rglob("*.py") if "models" not in path.relative_to(transformers).parts]
    wanted = _models_in([*outside, *exporter.rglob("*.py")]) | {"auto", *answering, *_NAMED_BY_CLASS}
    found: set[str] = set()
    while waiting := (wanted & there) - found:
        found |= waiting
        wanted = _models_in(path for name in waiting for path in (transformers / "models" / name).glob("*.py"))
    return found


def _models_in(sources: Iterable[Path]) -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in sources if not _OTHER_FRAMEWORK.match(path.name))
    return {found for text in texts for found in _MODEL_IMPORT.findall(text)}


def left_out_models(transformers: Path, kept: set[str]) -> list[str]:
    """The modules of all other models, and of the kept ones what is for other frameworks or converts checkpoints."""
    folders = [each for each in sorted((transformers / "models").iterdir()) if (each / "__init__.py").is_file()]
    others = [f"transformers.models.{each.name}" for each in folders if each.name not in kept]
    inside = [path for each in folders if each.name in kept for path in sorted(each.glob("*.py"))]
    return others + [
        f"transformers.models.{path.parent.name}.{path.stem}" for path in inside if _OTHER_FRAMEWORK.match(path.name)
    ]
