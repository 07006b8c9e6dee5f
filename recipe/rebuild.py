"""One command from the encoder and the data to the reader: weights, int8 graph, card.

    rebuild.py RUN OUT --base FOLDER --data FOLDER [--name NAME] [--finish-by HH:MM | --tokens N] [--branches N]
               [--eval FILE ...]

RUN keeps everything on the way; the same command goes on with what is there. ``--tokens`` is the length of the training
(30 million if nothing is said); with ``--finish-by`` the clock decides. ``--branches`` lets the finished reader read on
so many times, each time with other questions and itself as the teacher, and takes the mean of it and them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import finish
import learn
import learner
import prepare
import torch
from learn import Length

BRANCH_TOKENS = 9_000_000


def trained(run: Path, base: Path, data: Path, length: Length) -> Path:
    """The run in ``run``, from the encoder in ``base``, learned to its end."""
    if not (run / "facts.json").exists():
        prepare.prepare(run, base, data, prepare.recipe(), base)
    return _learned(run, length)


def branched(run: Path, reader: Path, encoder: Path, data: Path, seed: int) -> Path:
    """A branch in ``run``, from the model folder ``reader``, learned to its end. ``seed`` is added to the recipe's."""
    if not (run / "facts.json").exists():
        plan = prepare.recipe(prepare.BRANCH)
        plan["seed"] += seed
        prepare.add_teachers(run, [reader])
        prepare.prepare(run, reader, data, plan, encoder)
    return _learned(run, Length(tokens=BRANCH_TOKENS))


def _learned(folder: Path, length: Length) -> Path:
    torch.set_num_threads(1)
    run = learn.RecipeRun(folder)
    learn.learn(run, length, lambda: False)
    run.learner.close()
    torch.set_num_threads(learner.WORKERS)
    return folder


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", type=Path, required=True, help="the encoder: config, tokenizer, safetensors")
    parser.add_argument("--data", type=Path, required=True, help="SQuAD files, by the names in recipe.toml")
    parser.add_argument("--name", default="QADesk reader")
    parser.add_argument("--branches", type=int, default=0)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--finish-by", metavar="HH:MM")
    length.add_argument("--tokens", type=int, default=30_000_000)
    parser.add_argument("--eval", type=Path, nargs="*", default=[])
    asked = parser.parse_args()
    run = trained(asked.run, asked.base, asked.data, Length(asked.finish_by, None if asked.finish_by else asked.tokens))
    if not asked.branches:
        finish.finish(run, asked.out, asked.name, asked.eval)
        return
    reader = run / "reader"
    if not reader.exists():
        finish.finish(run, reader, asked.name, [])
    branches = [
        branched(run / f"branch-{number}", reader, asked.base, asked.data, number) for number in range(asked.branches)
    ]
    shares = dict.fromkeys(["base", *map(str, branches)], 1 / (1 + len(branches)))
    finish.finish(branches[0], asked.out, asked.name, asked.eval, shares)


if __name__ == "__main__":
    main()
