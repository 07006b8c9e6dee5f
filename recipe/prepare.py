"""Makes a run's folder: the base encoder, the windows of both phases, the development questions, the fingerprints."""

from __future__ import annotations

import argparse
import json
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import data
import mixture
import samples
from related_words import RelatedWords
from tokenizers import Tokenizer

from qadesk.app.training.run_folder import as_squad, write_json
from qadesk.qa.windows import WindowLengths

RECIPE = Path(__file__).with_name("recipe.toml")
BRANCH = Path(__file__).with_name("refine.toml")
PHASES = ("constant", "decay")


def recipe(path: Path = RECIPE) -> dict[str, Any]:
    """The recipe as a table."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def prepare(run: Path, base: Path, folder: Path, plan: dict[str, Any], encoder: Path) -> None:
    """Fill ``run`` from the model in ``base`` and the sets in ``folder``. Existing files are replaced.

    ``encoder`` is the one that ``related_words`` are taken from.
    """
    names = sorted({row["name"] for phase in PHASES for row in plan[phase]["sets"]})
    training, development = data.part(data.read(folder, names), plan["development"])
    run.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copyfile(base / name, run / f"base-{name}")
    tokenizer = Tokenizer.from_file(str(run / "base-tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    sizes = {}
    related = RelatedWords(encoder)
    for number, phase in enumerate(PHASES):
        examples = mixture.phase(training, plan[phase], plan["seed"] + number, related)
        cut = samples.cut(examples, tokenizer, WindowLengths(**plan["windows"]))
        cut.save(run / f"{phase}.npz")
        sizes[phase] = {"windows": len(cut), "tokens": int(cut.at[-1]), "without answer": _empty(cut)}
    for name, examples in development.items():
        write_json(run / f"development-{name}.json", as_squad(examples))
    facts = {"base": _base(base), "recipe": plan, "data": data.fingerprints(folder, names), "sizes": sizes}
    write_json(run / "facts.json", facts)  # last: it marks a complete folder


def add_teachers(run: Path, readers: Sequence[Path]) -> None:
    """Let ``run`` learn from ``readers`` too: see ``learner``."""
    run.mkdir(parents=True, exist_ok=True)
    for number, folder in enumerate(readers):
        shutil.copyfile(folder / "model.safetensors", run / f"teacher-{number}.safetensors")


def _base(folder: Path) -> str:
    """The name of the reader in ``folder``, '' for an encoder."""
    extras = folder / "qadesk.json"
    return str(json.loads(extras.read_text(encoding="utf-8"))["name"]) if extras.exists() else ""


def _empty(cut: samples.Samples) -> int:
    return int((cut.spans[cut.spans_at[:-1], 1] == 0).sum())


def main() -> None:
    """``prepare.py RUN --base FOLDER --data FOLDER``; a branch of a reader also has a recipe, a seed, an encoder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--seed", type=int, help="another than the recipe's")
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="readers to learn from")
    parser.add_argument("--encoder", type=Path, help="what the reader in --base once came from")
    arguments = parser.parse_args()
    plan = recipe(arguments.recipe)
    plan["seed"] = arguments.seed or plan["seed"]
    add_teachers(arguments.run, arguments.teachers)
    prepare(arguments.run, arguments.base, arguments.data, plan, arguments.encoder or arguments.base)


if __name__ == "__main__":
    main()
