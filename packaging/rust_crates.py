"""Makes ``licences/rust.json``: the Rust crates inside the libraries of tokenizers and safetensors.

    python packaging/rust_crates.py CRATES tokenizers=Cargo.lock safetensors=Cargo.lock

A Cargo.lock lies in ``bindings/python`` of the source archive on PyPI; CRATES is a folder with the sources of crates,
each in a folder of its name, as ``cargo vendor`` makes it. To be run again, by hand, for another version of the two.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from qadesk.app.licences import Package, as_json, by_name

LIST = Path(__file__).parent / "licences" / "rust.json"
NOT_INSIDE = {
    # run while it is built, or make code for others: nothing of theirs is in the library
    *("autocfg", "cc", "darling", "darling_core", "darling_macro", "derive_builder", "derive_builder_core"),
    *("derive_builder_macro", "find-msvc-tools", "fnv", "futures-macro", "heck", "ident_case", "indoc", "jiff-static"),
    *("macro_rules_attribute-proc_macro", "monostate-impl", "paste", "pkg-config", "proc-macro2", "pyo3-build-config"),
    *("pyo3-macros", "pyo3-macros-backend", "quote", "rustversion", "serde_derive", "shlex", "strsim", "syn"),
    *("target-lexicon", "thiserror-impl", "tokio-macros", "unicode-ident", "unindent", "version_check"),
    *("zerocopy-derive",),
    # of their tests
    *("errno", "fastrand", "linux-raw-sys", "rustix", "tempfile"),
    # for WebAssembly and UEFI, and what these need
    *("allocator-api2", "anyhow", "bumpalo", "equivalent", "foldhash", "id-arena", "indexmap", "js-sys", "leb128fmt"),
    *("prettyplease", "r-efi", "semver", "unicode-xid", "wasi", "wasip2", "wasip3", "wasm-bindgen"),
    *("wasm-bindgen-macro", "wasm-bindgen-macro-support", "wasm-bindgen-shared", "wasm-encoder", "wasm-metadata"),
    *("wasmparser", "web-time", "wit-bindgen", "wit-bindgen-core", "wit-bindgen-rust", "wit-bindgen-rust-macro"),
    *("wit-component", "wit-parser"),
    # bindings to the system, in the libraries for Windows and macOS alone: not yet listed there
    *("anstyle-wincon", "once_cell_polyfill", "windows-link", "windows-sys"),
    *("block2", "dispatch2", "objc2", "objc2-core-foundation", "objc2-encode", "objc2-foundation", "objc2-metal"),
}


def crates(library: str, lock: Path, sources: Path) -> Iterator[Package]:
    """What ``lock`` names and is inside ``library``, with the texts that lie in the folder ``sources``.

    Raises ``SystemExit`` for a crate whose text is not there.
    """
    for row in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]:
        if "source" not in row or row["name"] in NOT_INSIDE:  # without a source: the library's own
            continue
        folder = sources / row["name"]
        texts = tuple(_texts(folder))
        if not texts:
            raise SystemExit(f"There is no text of a licence in {folder}.")
        about = tomllib.loads((folder / "Cargo.toml").read_text(encoding="utf-8"))["package"]
        yield Package(row["name"], row["version"], about["license"], about.get("repository", ""), library, texts)


def _texts(folder: Path) -> Iterator[str]:
    """The texts in ``folder``: the one of the MIT licence alone where there is a choice, as it is the shortest."""
    found = [file for name in ("LICEN[CS]E*", "COPYING*", "NOTICE*") for file in sorted(folder.glob(name))]
    for file in [each for each in found if each.name.endswith("-MIT")] or found:
        yield file.read_text(encoding="utf-8", errors="replace").strip()


if __name__ == "__main__":
    named = (each.split("=", 1) for each in sys.argv[2:])
    inside = [package for library, lock in named for package in crates(library, Path(lock), Path(sys.argv[1]))]
    LIST.write_text(as_json(by_name(inside)), encoding="utf-8")
