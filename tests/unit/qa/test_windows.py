"""Windows worked by hand, and cutting as transformers does it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from token_documents import one_block
from tokenizers import Tokenizer

from qadesk import paths
from qadesk.errors import ModelError, QuestionError
from qadesk.qa import windows
from qadesk.qa.document_tokens import PIECE, DocumentTokens, pieces, read_tokens, tokens_of
from qadesk.qa.windows import QuestionTokens


def document(count: int) -> DocumentTokens:
    return one_block(np.arange(100, 100 + count, dtype=np.int32), np.zeros((count, 2), np.int32))


def question(words: int = 2) -> QuestionTokens:
    head = np.arange(words + 2)
    return QuestionTokens(head, np.zeros(words + 2, int), np.array([1]), np.array([1]), 1)


def bounds(
    count: int, *, length: int, stride: int, words: int = 2, split: int | None = None
) -> list[tuple[int, int, int, int]]:
    document_windows = windows.cut(question(words), document(count), windows.WindowLengths(length, stride, split))
    return [(window.start, window.end, window.own_start, window.own_end) for window in document_windows]


def test_a_short_document_is_one_window() -> None:
    assert bounds(16, length=32, stride=8) == [(0, 16, 0, 16)]


def test_windows_share_doc_stride_tokens_and_split_them_in_the_middle() -> None:
    # room = 25 - 5 = 20, shared 6, step 14: 0..20, 14..34, 28..40. Of the shared 14..20 the first window keeps
    # 14, 15, 16 (at 16 it sees 3 to the right, the second 2 to the left) and gives up 17 (2 against 3).
    assert bounds(40, length=25, stride=6) == [(0, 20, 0, 17), (14, 34, 17, 31), (28, 40, 31, 40)]


def test_a_document_that_does_not_fit_is_read_in_shorter_windows() -> None:
    # the longest window has room for 45 - 5 = 40 tokens; the others have 25 - 5 = 20
    assert bounds(40, length=45, stride=6, split=25) == [(0, 40, 0, 40)]
    assert bounds(41, length=45, stride=6, split=25) == [(0, 20, 0, 17), (14, 34, 17, 31), (28, 41, 31, 41)]
    assert bounds(41, length=45, stride=6, split=60) == bounds(41, length=45, stride=6)


def test_a_long_question_leaves_shorter_windows_half_of_the_room() -> None:
    # 12 words leave 45 - 15 = 30 tokens, and would leave 25 - 15 = 10
    assert bounds(45, length=45, stride=0, words=12, split=25) == [(0, 15, 0, 15), (15, 30, 15, 30), (30, 45, 30, 45)]


def test_equal_context_belongs_to_the_earlier_window() -> None:
    # run_squad.py keeps the first of equal scores. Shared 17..20 (stride 3): at 18 both see 1 -> earlier.
    assert bounds(30, length=25, stride=3) == [(0, 20, 0, 19), (17, 30, 19, 30)]


def test_no_stride_shares_nothing() -> None:
    assert bounds(45, length=25, stride=0) == [(0, 20, 0, 20), (20, 40, 20, 40), (40, 45, 40, 45)]


def test_a_stride_as_long_as_the_window_still_moves_on() -> None:
    window_bounds = bounds(60, length=25, stride=500)
    assert [start for start, *_ in window_bounds] == [0, 10, 20, 30, 40]


@given(st.integers(1, 300), st.integers(21, 60), st.integers(0, 80))
def test_every_token_is_owned_once_in_order_and_seen_by_its_owner(count: int, length: int, stride: int) -> None:
    window_bounds = bounds(count, length=length, stride=stride)
    owned = [token for _, _, first, last in window_bounds for token in range(first, last)]
    assert owned == list(range(count))
    assert all(start <= first and last <= end <= start + length - 5 for start, end, first, last in window_bounds)


@given(st.integers(20, 300), st.integers(0, 9))
def test_the_owner_sees_most_on_its_shorter_side(count: int, stride: int) -> None:
    window_bounds = bounds(count, length=25, stride=stride)
    for owner in window_bounds:
        for token in range(owner[2], owner[3]):
            context_of = {
                window: min(token - window[0], window[1] - 1 - token)
                for window in window_bounds
                if window[0] <= token < window[1]
            }
            # the last window of a document may see less on its right, and yet be the later of two
            assert context_of[owner] == max(context_of.values()) or owner[1] == count or window_bounds[-1] in context_of


def test_a_question_that_leaves_no_tokens_is_refused_in_words() -> None:
    with pytest.raises(QuestionError, match="too long"):
        bounds(50, length=25, stride=5, words=20)


def test_an_empty_document_is_one_empty_window() -> None:
    assert bounds(0, length=32, stride=8) == [(0, 0, 0, 0)]


def test_question_tokens_are_what_stands_around_the_slice(tokenizer: Tokenizer) -> None:
    question_tokens = windows.tokenize_question(tokenizer, "Who is the man?")
    assert question_tokens.head.tolist() == [0, 3, 5, 6, 7, 23, 1]
    assert question_tokens.head_types.tolist() == [0] * 7
    assert (question_tokens.tail.tolist(), question_tokens.tail_types.tolist(), question_tokens.context_type) == (
        [1],
        [1],
        1,
    )


def test_a_template_without_a_leading_null_token_is_refused(tokenizer: Tokenizer) -> None:
    tokenizer.post_processor = None
    with pytest.raises(ModelError, match="CLS"):
        windows.tokenize_question(tokenizer, "who")


def test_pack_lays_out_question_slice_and_padding(tokenizer: Tokenizer) -> None:
    tokens = read_tokens(tokenizer, "the man went")
    question_tokens = windows.tokenize_question(tokenizer, "who")
    full_window = windows.Window(question_tokens, tokens, 0, 3, 0, 3)
    part_window = windows.Window(question_tokens, tokens, 1, 2, 1, 2)
    batch = windows.pack([full_window, part_window], pad_id=9)
    assert batch.input_ids.tolist() == [[0, 3, 1, 6, 7, 8, 1], [0, 3, 1, 7, 1, 9, 9]]
    assert batch.attention_mask.tolist() == [[1] * 7, [1, 1, 1, 1, 1, 0, 0]]
    assert batch.token_type_ids.tolist() == [[0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0]]
    assert batch.context_at.tolist() == [3, 3]


def test_batches_hold_neighbours_within_the_budget() -> None:
    question_tokens = question()
    all_windows = [windows.Window(question_tokens, document(60), 0, size, 0, size) for size in (60, 59, 11, 10, 60, 10)]
    groups = [[len(window) for window in group] for group in windows.batches(all_windows, max_tokens=130)]
    assert groups == [[65, 64], [16, 15], [65, 15]]


def test_windows_that_share_rare_words_with_the_question_come_first() -> None:
    """The question's 7 stands in one window of four, its 3 in two: ln(1 + 4/1) = 1.61, ln(1 + 4/2) = 1.10."""
    ids = np.array([0, 3, 0, 3, 0, 0, 7, 0], np.int32)
    text = one_block(ids, np.zeros((8, 2), np.int32))
    question_tokens = windows.QuestionTokens(
        np.array([90, 7, 3, 3, 91]), np.zeros(5, int), np.array([91]), np.ones(1, int), 1
    )
    all_windows = [windows.Window(question_tokens, text, at, at + 2, at, at + 2) for at in (0, 2, 4, 6)]
    assert [window.start for window in windows.by_match(all_windows)] == [6, 0, 2, 4]


def test_a_window_larger_than_the_budget_is_still_read() -> None:
    all_windows = [windows.Window(question(), document(60), 0, 60, 0, 60)] * 2
    assert [len(group) for group in windows.batches(all_windows, max_tokens=10)] == [1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "word " * 3000,
        "tab\tand\nnewline \n\n double  spaces " * 300,
        "x" * 5000,
        "naïve café 日本語のテキスト 😀 " * 200,
    ],
)
def test_pieces_cover_the_text_and_tokenise_as_the_whole(text: str) -> None:
    spans = list(pieces(text, size=1000))
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(end - start <= 2000 for start, end in spans)
    bert = Tokenizer.from_file(str(paths.bundled_model_dir() / "tokenizer.json"))
    bert.no_truncation()
    if " " in text:  # a 'word' without end is cut inside, where BERT makes one [UNK] of each part
        parts = [bert.encode(text[start:end], add_special_tokens=False).ids for start, end in spans]
        assert [token for part in parts for token in part] == bert.encode(text, add_special_tokens=False).ids


def test_offsets_count_characters_of_the_whole_text(tokenizer: Tokenizer) -> None:
    text = "The man 😀 went\r\nto the store. " * 2000
    tokens = read_tokens(tokenizer, text)
    assert len(text) > PIECE
    at = [int(start) for start, _ in tokens.offsets[tokens.ids == 8]]
    assert len(at) == 2000
    assert {text[start : start + 4] for start in at} == {"went"}


def test_half_a_surrogate_pair_does_no_harm(tokenizer: Tokenizer) -> None:
    tokens = read_tokens(tokenizer, "the \ud83d man")
    assert tokens.offsets.tolist() == [[0, 3], [4, 5], [6, 9]]
    assert len(windows.tokenize_question(tokenizer, "who \udc00").head) == 4


def test_cuts_where_transformers_cuts() -> None:
    """doc_stride as transformers means it: the same slices as its fast tokenizer with overflow."""
    bert = Tokenizer.from_file(str(paths.bundled_model_dir() / "tokenizer.json"))
    bert.no_padding()
    text, question_text = "one two three four five six seven eight nine ten " * 40, "What comes after nine?"
    bert.no_truncation()
    tokens = read_tokens(bert, text)
    document_windows = windows.cut(
        windows.tokenize_question(bert, question_text), tokens, windows.WindowLengths(100, 32)
    )
    bert.enable_truncation(100, stride=32, strategy="only_second")
    first = bert.encode(question_text, text)
    expected_ids = [encoding.ids for encoding in (first, *first.overflowing)]
    batch = windows.pack(document_windows)
    window_ids = [row[mask == 1].tolist() for row, mask in zip(batch.input_ids, batch.attention_mask, strict=True)]
    assert window_ids == expected_ids


#                          word    word    mark    an emoji that is two tokens
OFFSETS = np.array([[0, 4], [5, 9], [9, 10], [11, 12], [11, 12]], dtype=np.int32)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 4, (0, 0)), (0, 9, (0, 1)), (6, 7, (1, 1)), (4, 9, (1, 1)), (9, 12, (2, 4)), (11, 12, (3, 4)), (4, 5, (1, 0))],
    ids=["word", "words", "part", "with a space", "mark on", "emoji", "space"],
)
def test_an_answer_is_the_tokens_that_it_touches(start: int, end: int, expected: tuple[int, int]) -> None:
    tokens = one_block(np.zeros(5, np.int32), OFFSETS)
    assert tokens_of(tokens, start, end) == expected


def bounded(count: int, *borders: int) -> DocumentTokens:
    """A document of ``count`` tokens with borders of blocks at some of them."""
    return replace(document(count), borders=np.array((0, *borders), np.int32))


def cut_bounds(tokens: DocumentTokens) -> list[tuple[int, int]]:
    """The slices for a room of 40 tokens, of which neighbours share 8."""
    room = 40 + len(question().head) + len(question().tail)
    cut = windows.cut(question(), tokens, windows.WindowLengths(room, 8))
    assert [window.own_start for window in cut[1:]] == [window.own_end for window in cut[:-1]]
    return [(window.start, window.end) for window in cut]


def test_windows_break_at_borders_that_are_near() -> None:
    assert cut_bounds(bounded(100)) == [(0, 40), (32, 72), (64, 100)]
    # 35 is in the last quarter of 0:40; 27 tokens before that there is no border, 8 before it the window goes on.
    assert cut_bounds(bounded(100, 35)) == [(0, 35), (27, 67), (59, 99), (91, 100)]
    # 30 is not in the last quarter. The window after 40 would begin at 32; the border at 30 is near enough.
    assert cut_bounds(bounded(100, 30)) == [(0, 40), (30, 70), (62, 100)]
    assert cut_bounds(bounded(100, 27)) == [(0, 40), (32, 72), (64, 100)]


def test_windows_of_many_short_blocks_move_on() -> None:
    slices = cut_bounds(bounded(400, *range(1, 400)))
    assert all(later[0] >= earlier[0] + 10 for earlier, later in pairwise(slices))
    assert all(later[0] <= earlier[1] - 8 for earlier, later in pairwise(slices))
