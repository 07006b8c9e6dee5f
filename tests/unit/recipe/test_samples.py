"""Windows as flat arrays: the columns of whole words, and batches that cover every window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import samples
from tiny_run import WORDS, Make, some_examples
from tokenizers import Tokenizer

from qadesk.qa.windows import WindowLengths

LENGTHS = WindowLengths(32, 8)


def words(ids: np.ndarray) -> str:
    return " ".join(WORDS[number] for number in ids)


def test_a_window_is_what_the_reader_sees(example: Make, tokenizer: Tokenizer) -> None:
    windows = samples.cut([example("Who bought ?", "The man bought milk .", "man", "The man")], tokenizer, LENGTHS)
    assert words(windows.ids) == "[CLS] who bought ? [SEP] the man bought milk . [SEP]"
    assert windows.heads.tolist() == [5]
    assert windows.spans.tolist() == [[5, 6], [6, 6]]
    assert windows.lengths.tolist() == [11]


def test_answers_are_widened_to_words(example: Make, tokenizer: Tokenizer) -> None:
    windows = samples.cut([example("Who ?", "The man bought milk .", "an")], tokenizer, LENGTHS)
    first, last = windows.spans[0]
    assert words(windows.ids[first : last + 1]) == "man"


def test_no_answer_is_the_first_column(example: Make, tokenizer: Tokenizer) -> None:
    windows = samples.cut([example("Who sold ?", "The man bought milk .")], tokenizer, LENGTHS)
    assert windows.spans.tolist() == [[0, 0]]


def test_of_a_long_text_the_windows_with_the_answer_and_one_without(example: Make, tokenizer: Tokenizer) -> None:
    text = "In town at night . " * 8 + "The man bought milk ."
    windows = samples.cut([example("Who bought ?", text, "man")], tokenizer, WindowLengths(26, 6))
    targets = [windows.spans[windows.spans_at[n] : windows.spans_at[n + 1]].tolist() for n in range(len(windows))]
    assert targets.count([[0, 0]]) == 1
    assert len(targets) >= 2
    for number, [[first, last]] in enumerate(targets[:-1]):
        assert words(windows.ids[windows.at[number] :][first : last + 1]) == "man"


def test_they_are_kept(tmp_path: Path, tokenizer: Tokenizer) -> None:
    windows = samples.cut(some_examples(), tokenizer, LENGTHS)
    windows.save(tmp_path / "phase.npz")
    loaded_windows = samples.Samples.load(tmp_path / "phase.npz")
    assert all(
        np.array_equal(getattr(windows, name), getattr(loaded_windows, name)) for name in samples.Samples.__slots__
    )
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["phase.npz"]


def test_a_batch_pads_windows_and_answers(tokenizer: Tokenizer) -> None:
    windows = samples.cut(some_examples(), tokenizer, LENGTHS)
    batch = samples.batch(windows, np.array([0, 1, 3]))
    assert batch.ids.shape == (3, windows.lengths[[0, 1, 3]].max())
    assert batch.mask.sum(dim=1).tolist() == windows.lengths[[0, 1, 3]].tolist()
    assert batch.spans[0].tolist() == [[5, 6], [6, 6]]
    assert batch.spans[2].tolist() == [[0, 0], [-1, -1]]
    assert not batch.types[0, :5].any()
    assert batch.types[0][5 : windows.lengths[0]].all()


def test_groups_hold_every_window_once_and_not_too_many_tokens() -> None:
    lengths = np.random.default_rng(1).integers(10, 300, 9000)
    groups = samples.groups(lengths, 1200, [1, 0])
    assert sorted(np.concatenate(groups).tolist()) == list(range(9000))
    assert all(len(group) * lengths[group].max() <= 1200 for group in groups)
    filled = lengths.sum() / sum(len(group) * lengths[group].max() for group in groups)
    assert filled > 0.97
    assert not np.array_equal(np.concatenate(groups), np.concatenate(samples.groups(lengths, 1200, [1, 1])))
