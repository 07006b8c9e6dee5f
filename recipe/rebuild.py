"""One command from the encoder and the data to the reader: weights, int8 graph, card.

    rebuild.py RUN OUT --base FOLDER --data FOLDER [--name NAME] [--finish-by HH:MM | --tokens N] [--branches N]
               [--eval FILE ...]

RUN holds all intermediate files; the same command resumes from them. ``--tokens`` is the length of the training (by
default 30 million); with ``--finish-by`` the clock decides. ``--branches`` trains the finished reader further so many
times, each time with other questions and itself as the teacher, and takes the mean of it and them.
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


def train_reader(run: Path, base: Path, data: Path, length: Length) -> Path:
    """Train the run in the folder ``run`` from the encoder in ``base`` to its end. Returns ``run``."""
    if not (run / "facts.json").exists():
        prepare.prepare(run, base, data, prepare.recipe(), base)
    return _train(run, length)


def train_branch(run: Path, reader: Path, encoder: Path, data: Path, seed: int) -> Path:
    """Train a branch in ``run`` from the model folder ``reader``. The recipe's seed plus ``seed`` is used."""
    if not (run / "facts.json").exists():
        plan = prepare.recipe(prepare.BRANCH)
        plan["seed"] += seed
        prepare.add_teachers(run, [reader])
        prepare.prepare(run, reader, data, plan, encoder)
    return _train(run, Length(tokens=BRANCH_TOKENS))


def _train(folder: Path, length: Length) -> Path:
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
    arguments = parser.parse_args()
    run = train_reader(
        arguments.run,
        arguments.base,
        arguments.data,
        Length(arguments.finish_by, None if arguments.finish_by else arguments.tokens),
    )
    if not arguments.branches:
        finish.finish(run, arguments.out, arguments.name, arguments.eval)
        return
    reader = run / "reader"
    if not reader.exists():
        finish.finish(run, reader, arguments.name, [])
    branches = [
        train_branch(run / f"branch-{number}", reader, arguments.base, arguments.data, number)
        for number in range(arguments.branches)
    ]
    shares = dict.fromkeys(["base", *map(str, branches)], 1 / (1 + len(branches)))
    finish.finish(branches[0], arguments.out, arguments.name, arguments.eval, shares)


if __name__ == "__main__":
    main()
