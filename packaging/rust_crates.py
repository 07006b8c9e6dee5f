"""Writes ``licences/rust.json``: the Rust crates inside the libraries of tokenizers and safetensors.

    python packaging/rust_crates.py CRATES tokenizers=Cargo.lock safetensors=Cargo.lock

The Cargo.lock is in ``bindings/python`` of the source archive on PyPI. CRATES is a folder with the sources of crates,
each in a folder of its name, as ``cargo vendor`` makes it. Run it by hand for another version of one of the two.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from qadesk.app.licences import Package, by_name, packages_as_json

LIST = Path(__file__).parent / "licences" / "rust.json"
NOT_INCLUDED = {
    # run at build time or generate code: they are not in the library
    *("autocfg", "cc", "darling", "darling_core", "darling_macro", "derive_builder", "derive_builder_core"),
    *("derive_builder_macro", "find-msvc-tools", "fnv", "futures-macro", "heck", "ident_case", "indoc", "jiff-static"),
    *("macro_rules_attribute-proc_macro", "monostate-impl", "paste", "pkg-config", "proc-macro2", "pyo3-build-config"),
    *("pyo3-macros", "pyo3-macros-backend", "quote", "rustversion", "serde_derive", "shlex", "strsim", "syn"),
    *("target-lexicon", "thiserror-impl", "tokio-macros", "unicode-ident", "unindent", "version_check"),
    *("zerocopy-derive",),
    # for tests
    *("errno", "fastrand", "linux-raw-sys", "rustix", "tempfile"),
    # for WebAssembly and UEFI, with their dependencies
    *("allocator-api2", "anyhow", "bumpalo", "equivalent", "foldhash", "id-arena", "indexmap", "js-sys", "leb128fmt"),
    *("prettyplease", "r-efi", "semver", "unicode-xid", "wasi", "wasip2", "wasip3", "wasm-bindgen"),
    *("wasm-bindgen-macro", "wasm-bindgen-macro-support", "wasm-bindgen-shared", "wasm-encoder", "wasm-metadata"),
    *("wasmparser", "web-time", "wit-bindgen", "wit-bindgen-core", "wit-bindgen-rust", "wit-bindgen-rust-macro"),
    *("wit-component", "wit-parser"),
    # system bindings for Windows and macOS: not listed yet
    *("anstyle-wincon", "once_cell_polyfill", "windows-link", "windows-sys"),
    *("block2", "dispatch2", "objc2", "objc2-core-foundation", "objc2-encode", "objc2-foundation", "objc2-metal"),
}


def crates(library: str, lock: Path, sources: Path) -> Iterator[Package]:
    """The crates of ``lock`` that are inside ``library``, with the licence texts in the folder ``sources``.

    Raises ``SystemExit`` for a crate without a text.
    """
    for row in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]:
        if "source" not in row or row["name"] in NOT_INCLUDED:  # the library's own crates have no source
            continue
        folder = sources / row["name"]
        texts = tuple(_texts(folder))
        if not texts:
            raise SystemExit(f"There is no text of a licence in {folder}.")
        about = tomllib.loads((folder / "Cargo.toml").read_text(encoding="utf-8"))["package"]
        yield Package(row["name"], row["version"], about["license"], about.get("repository", ""), library, texts)


def _texts(folder: Path) -> Iterator[str]:
    """The licence texts in ``folder``; of several licences to choose from only that of MIT, the shortest."""
    files = [file for name in ("LICEN[CS]E*", "COPYING*", "NOTICE*") for file in sorted(folder.glob(name))]
    for file in [file for file in files if file.name.endswith("-MIT")] or files:
        yield file.read_text(encoding="utf-8", errors="replace").strip()


if __name__ == "__main__":
    locks = (argument.split("=", 1) for argument in sys.argv[2:])
    packages = [package for library, lock in locks for package in crates(library, Path(lock), Path(sys.argv[1]))]
    LIST.write_text(packages_as_json(by_name(packages)), encoding="utf-8")
