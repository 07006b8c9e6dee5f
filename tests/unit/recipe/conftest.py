"""Fixtures for the scripts in ``recipe/``, which are imported by their own names, with a run of tiny steps."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from qadesk.app.training.run_folder import as_squad, write_json
from qadesk.qa.windows import Batch, WindowLengths
from qadesk.records import LabeledExample

if TYPE_CHECKING:
    from measure import Questions
    from related_words import RelatedWords

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[3] / "recipe")]

from tiny_run import RECIPE, WORDS, Make, an_example, some_examples  # noqa: E402 - found only from here on


@pytest.fixture
def example() -> Make:
    return an_example


@pytest.fixture
def tokenizer(word_tokenizer: Callable[[Sequence[str]], Tokenizer]) -> Tokenizer:
    return word_tokenizer(WORDS)


@pytest.fixture
def fixed(tokenizer: Tokenizer) -> Callable[[Sequence[LabeledExample], Mapping[str, tuple[int, float]]], Questions]:
    """Makes questions with fixed logits in place of a model's.

    ``logit_of_question`` has by the question the token of the text, from 0, and the logit of that token, as start and
    as end. All other logits are 0.
    """

    def make(examples: Sequence[LabeledExample], logit_of_question: Mapping[str, tuple[int, float]]) -> Questions:
        from measure import Questions

        questions = Questions(examples, tokenizer, WindowLengths(**RECIPE["windows"]))
        owners = {id(window): examples[number].question for window, number in questions._windows}

        def score(batch: Batch) -> np.ndarray:
            logits = np.zeros((2, *batch.input_ids.shape), np.float32)
            for row, (window, at) in enumerate(zip(batch.windows, batch.context_at, strict=True)):
                token, logit = logit_of_question[owners[id(window)]]
                logits[:, row, at + token] = logit
            return logits

        questions.score_with(score)
        return questions

    return make


@pytest.fixture
def related(tmp_path: Path, tokenizer: Tokenizer) -> RelatedWords:
    """A ``RelatedWords`` whose encoder has bread and tea near milk, noon and night less near, and town far."""
    import torch
    from related_words import RelatedWords
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    model = BertModel(BertConfig(vocab_size=len(WORDS), max_position_embeddings=64, **size))
    table = torch.eye(len(WORDS), 32)
    milk = WORDS.index("milk")
    for word, cosine in {"bread": 0.9, "tea": 0.8, "noon": 0.5, "night": 0.4, "town": 0.1}.items():
        row = WORDS.index(word)
        table[row, row], table[row, milk] = (1 - cosine**2) ** 0.5, cosine
    model.get_input_embeddings().weight.data = table
    folder = tmp_path / "encoder"
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return RelatedWords(folder)


@pytest.fixture
def run_folder(tmp_path: Path, tokenizer: Tokenizer) -> Iterator[Path]:
    """A prepared run: a random encoder of two layers, 24 questions in each phase, 12 for development."""
    import prepare
    import samples
    import torch
    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel

    folder = tmp_path / "run"
    folder.mkdir()
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    save_file(BertModel(config).state_dict(), folder / "base-model.safetensors")
    (folder / "base-config.json").write_text(json.dumps(config.to_dict()), encoding="utf-8")
    tokenizer.save(str(folder / "base-tokenizer.json"))
    rows = some_examples()
    sizes: dict[str, Any] = {}
    for phase in prepare.PHASES:
        windows = samples.cut(rows, tokenizer, WindowLengths(**RECIPE["windows"]))
        windows.save(folder / f"{phase}.npz")
        sizes[phase] = {"windows": len(windows), "tokens": int(windows.at[-1]), "without answer": 6}
    write_json(folder / "development-town.json", as_squad(rows[:12]))
    facts = {"recipe": RECIPE, "data": {"squad-a": "0"}, "sizes": sizes}
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so little work takes longer in two
    yield folder
    torch.set_num_threads(threads)


@pytest.fixture
def finished(run_folder: Path) -> Path:
    """The folder of that run, trained to its end."""
    import learn

    run = learn.RecipeRun(run_folder)
    with closing(run.learner):
        learn.learn(run, learn.Length(tokens=1500), lambda: False, lambda _line: None)
    return run_folder
