"""One command from the encoder and the data to the reader: weights, int8 graph, card.

    rebuild.py RUN OUT --base FOLDER --data FOLDER [--name NAME] [--finish-by HH:MM | --tokens N] [--eval FILE ...]

RUN keeps everything on the way; the same command goes on with what is there. ``--tokens`` is the length of the training
(30 million if nothing is said); with ``--finish-by`` the clock decides.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import finish
import learn
import learner
import prepare
import torch


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", type=Path, required=True, help="the encoder: config, tokenizer, safetensors")
    parser.add_argument("--data", type=Path, required=True, help="SQuAD files, by the names in recipe.toml")
    parser.add_argument("--name", default="QADesk reader 2")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--finish-by", metavar="HH:MM")
    length.add_argument("--tokens", type=int, default=30_000_000)
    parser.add_argument("--eval", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    if not (arguments.run / "facts.json").exists():
        prepare.prepare(arguments.run, arguments.base, arguments.data, prepare.recipe(), arguments.base)
    torch.set_num_threads(1)
    run = learn.Run(arguments.run)
    learn.learn(run, learn.Length(arguments.finish_by, arguments.tokens), lambda: False)
    run.learner.close()
    torch.set_num_threads(learner.WORKERS)
    finish.finish(arguments.run, arguments.out, arguments.name, arguments.eval)


if __name__ == "__main__":
    main()
