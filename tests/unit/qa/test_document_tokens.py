"""Tokens and their places in the text of a document."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from qadesk import paths
from qadesk.qa.document_tokens import PIECE, DocumentTokens, read_tokens, tokens_of_context
from qadesk.structure import Block, Cell
from qadesk.structure.plain import blocks_of

TABLE = "Year\tStaff\n2019\t47"
BLOCKS = (
    Block(
        "table",
        0,
        len(TABLE),
        rows=((Cell(0, 4, 0, is_header=True), Cell(5, 10, 1, is_header=True)), (Cell(11, 15, 0), Cell(16, 18, 1))),
    ),
)


@pytest.fixture(scope="module")
def bert() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(paths.bundled_model_dir() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def words(tokenizer: Tokenizer, tokens: DocumentTokens) -> list[str]:
    return [tokenizer.id_to_token(int(id_)) for id_ in tokens.ids]


def test_inserted_words_are_read_and_have_no_characters(bert: Tokenizer) -> None:
    tokens = read_tokens(bert, TABLE, BLOCKS)
    assert words(bert, tokens) == ["year", ",", "staff", "2019", ":", "staff", "47", "."]
    assert tokens.offsets.tolist() == [[0, 4], [4, 4], [5, 10], [11, 15], [15, 15], [15, 15], [16, 18], [18, 18]]
    assert tokens.begins.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert tokens.ends.tolist() == [1, 1, 3, 4, 4, 5, 7, 7]
    assert tokens.borders.tolist() == [0, 3]


def test_a_text_without_blocks_is_one(bert: Tokenizer) -> None:
    tokens = read_tokens(bert, "one two\n\nthree")
    assert (tokens.begins.tolist(), tokens.ends.tolist()) == ([0, 0, 0], [3, 3, 3])


def test_blocks_are_bounds_and_change_no_token(bert: Tokenizer) -> None:
    text = "The lamp is lit.\n\nThe keeper sleeps, then.\n\n" * 1000
    plain, structured = read_tokens(bert, text), read_tokens(bert, text, blocks_of(text))
    assert len(text) > 2 * PIECE
    assert structured.ids.tolist() == plain.ids.tolist()
    assert structured.offsets.tolist() == plain.offsets.tolist()
    assert np.unique(structured.ends).tolist() == sorted([*structured.borders.tolist()[1:], len(structured)])


def test_a_block_that_is_tokenised_in_parts_is_one(bert: Tokenizer) -> None:
    text = "word " * PIECE
    tokens = read_tokens(bert, text, [Block("paragraph", 0, len(text) - 1)])
    assert set(tokens.begins.tolist()) == {0}
    assert set(tokens.ends.tolist()) == {len(tokens)} == {PIECE}


def test_a_space_that_is_joined_to_a_token_is_outside_its_block() -> None:
    """A tokenizer that joins the space to the word behind it, as those of RoBERTa do."""
    from tokenizers import models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "▁one": 1, "▁two": 2}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokens = read_tokens(tokenizer, "one two", [Block("paragraph", 0, 3), Block("paragraph", 4, 7)])
    assert tokens.ids.tolist() == [1, 2]
    assert (tokens.offsets[1, 0], tokens.ends.tolist()) == (4, [1, 2])


def test_ligatures_are_read_as_letters(bert: Tokenizer) -> None:
    text = "The o\ufb03ce \ufb01le"
    tokens = read_tokens(bert, text, [Block("paragraph", 0, len(text))])
    assert words(bert, tokens) == ["the", "office", "file"]
    assert [text[start:end] for start, end in tokens.offsets] == ["The", "o\ufb03ce", "\ufb01le"]


def test_the_number_of_an_item_is_read_and_is_no_answer(bert: Tokenizer) -> None:
    text = "2. Close the valve"
    tokens = read_tokens(bert, text, [Block("item", 0, len(text), 1, 3)])
    assert words(bert, tokens) == ["2", ".", "close", "the", "valve"]
    assert (tokens.ends - np.arange(5)).tolist() == [0, 0, 3, 2, 1]


def test_a_context_without_blocks_has_those_that_plain_text_shows(bert: Tokenizer) -> None:
    """Two paragraphs: an answer stays inside one. Of the text as one block it would not."""
    text = "one two\n\nthree"
    assert list(tokens_of_context(bert, text).ends) == [2, 2, 3]
    assert list(tokens_of_context(bert, text, (Block("paragraph", 0, len(text)),)).ends) == [3, 3, 3]
