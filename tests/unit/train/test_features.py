from __future__ import annotations

from dataclasses import replace

import numpy as np
from tokenizers import Tokenizer

from qadesk.qa.windows import WindowLengths
from qadesk.records import GoldSpan, LabeledExample
from qadesk.structure import Block
from qadesk.train.features import Cutter, Sample, pack_samples, parts

TEXT = "The man bought milk at noon."
FILLER = "x " * 40


def example(text: str, question: str = "Who?", *answers: tuple[int, str], impossible: bool = False) -> LabeledExample:
    golds = tuple(GoldSpan(start, start + len(words), words) for start, words in answers)
    return LabeledExample("1", question, text, "t", golds, impossible)


def cutter(tokenizer: Tokenizer, longest: int = 64) -> Cutter:
    return Cutter(tokenizer, WindowLengths(longest, 4))


def test_the_target_is_the_columns_of_the_first_and_last_token(tokenizer: Tokenizer) -> None:
    # [CLS] who ? [SEP] the man bought milk at noon . [SEP]
    #   0    1  2   3    4   5    6     7   8   9  10  11
    (sample,) = cutter(tokenizer).samples(example(TEXT, "Who?", (4, "man bought milk")), 2)
    assert (sample.start, sample.end, len(sample)) == (5, 7, 12)


def test_an_answer_inside_a_word_takes_the_whole_token(tokenizer: Tokenizer) -> None:
    (sample,) = cutter(tokenizer).samples(example(TEXT, "Who?", (5, "an bou")), 2)
    assert (sample.start, sample.end) == (5, 6)


def test_no_answer_is_cls(tokenizer: Tokenizer) -> None:
    (sample,) = cutter(tokenizer).samples(example(TEXT, "Who?", impossible=True), 2)
    assert (sample.start, sample.end) == (0, 0)


def test_a_label_whose_answer_stands_elsewhere_is_left_out(tokenizer: Tokenizer) -> None:
    assert cutter(tokenizer).samples(example(TEXT, "Who?", (5, "man")), 2) == []
    assert cutter(tokenizer).samples(example(TEXT, "Who?", (7, " ")), 2) == []


def test_of_several_answers_the_first_that_can_be_used_counts(tokenizer: Tokenizer) -> None:
    (sample,) = cutter(tokenizer).samples(example(TEXT, "Who?", (0, "nowhere"), (15, "milk"), (4, "man")), 2)
    assert (sample.start, sample.end) == (7, 7)


def test_a_question_that_leaves_no_tokens_for_the_text_is_left_out(tokenizer: Tokenizer) -> None:
    assert cutter(tokenizer).samples(example(TEXT, "who " * 60, (4, "man")), 2) == []


def test_a_long_text_gives_the_windows_with_the_answer_and_the_nearest_others(tokenizer: Tokenizer) -> None:
    # windows of 32 tokens hold 27 of the text: [CLS] who ? [SEP] ... [SEP]
    text = FILLER + "The man bought milk. " + FILLER + "who who who " + FILLER
    at = text.index("man")
    samples = cutter(tokenizer, 32).samples(example(text, "Who?", (at, "man")), 1)
    with_answer = [sample for sample in samples if sample.end]
    assert with_answer
    for sample in with_answer:
        token = sample.window.start + sample.start - len(sample.window.question.head)
        assert text[slice(*sample.window.document.offsets[token])] == "man"
    (counterexample,) = [sample for sample in samples if not sample.end]
    first, last = counterexample.window.document.offsets[[counterexample.window.start, counterexample.window.end - 1]]
    assert "who" in text[first[0] : last[1]]


def test_a_window_that_repeats_the_answer_is_no_counterexample(tokenizer: Tokenizer) -> None:
    text = "The man bought milk. " + FILLER + "The MAN. " + FILLER
    samples = cutter(tokenizer, 32).samples(example(text, "Who?", (4, "man")), 100)
    for sample in samples:
        offsets = sample.window.document.offsets
        window_text = text[offsets[sample.window.start, 0] : offsets[sample.window.end - 1, 1]].casefold()
        assert bool(sample.end) == ("man" in window_text)
    assert {bool(sample.end) for sample in samples} == {True, False}


def test_a_label_is_learned_from_one_window_with_its_answer_inside(tokenizer: Tokenizer) -> None:
    def room(sample: Sample) -> int:
        question = sample.window.question
        return min(sample.start - len(question.head), len(sample) - len(question.tail) - 1 - sample.end)

    counts = []
    for before in range(20, 50):
        text = "milk " * before + "man " + "noon " * 30
        label = example(text, "Who?", (5 * before, "man"))
        rooms = [room(sample) for sample in cutter(tokenizer, 32).samples(label, 0)]
        (only,) = cutter(tokenizer, 32).training_samples(label, has_other=False)
        assert room(only) == max(rooms)
        answered, other = cutter(tokenizer, 32).training_samples(label, has_other=True)
        assert (answered.start, answered.end, other.end) == (only.start, only.end, 0)
        counts.append(len(rooms))
    assert max(counts) > 1


def test_a_label_without_an_answer_is_learned_from_one_window(tokenizer: Tokenizer) -> None:
    text = "milk " * 90
    (sample,) = cutter(tokenizer, 32).training_samples(example(text, "Who?", impossible=True), has_other=False)
    assert (sample.start, sample.end) == (0, 0)
    assert cutter(tokenizer, 32).training_samples(example(text, "Who?", (0, "man")), has_other=True) == []


def test_an_empty_text_teaches_silence(tokenizer: Tokenizer) -> None:
    (sample,) = cutter(tokenizer).samples(example("", "Who?", impossible=True), 2)
    assert (sample.start, sample.end, len(sample)) == (0, 0, 5)


def test_passages_repeat_with_their_seed(tokenizer: Tokenizer) -> None:
    texts = [TEXT, "who what " * 1000, ""]
    passage_cutter = cutter(tokenizer)
    unlabelled_windows = passage_cutter.unlabelled_windows(texts, ["Who?", "What?"], 6, 3)
    same_seed = passage_cutter.unlabelled_windows(texts, ["Who?", "What?"], 6, 3)
    other_seed = passage_cutter.unlabelled_windows(texts, ["Who?", "What?"], 6, 4)
    assert len(unlabelled_windows) == 6
    assert [list(excerpt.document.ids) for excerpt in unlabelled_windows] == [
        list(excerpt.document.ids) for excerpt in same_seed
    ]
    assert [list(excerpt.document.ids) for excerpt in unlabelled_windows] != [
        list(excerpt.document.ids) for excerpt in other_seed
    ]


def test_without_texts_or_questions_there_are_no_passages(tokenizer: Tokenizer) -> None:
    assert cutter(tokenizer).unlabelled_windows([], ["Who?"], 5, 0) == []
    assert cutter(tokenizer).unlabelled_windows([""], ["Who?"], 5, 0) == []
    assert cutter(tokenizer).unlabelled_windows([TEXT], [], 5, 0) == []


def test_a_batch_is_padded_to_its_bucket_but_no_longer_than_the_model(tokenizer: Tokenizer) -> None:
    (sample,) = cutter(tokenizer).samples(example(TEXT, "Who?", (4, "man")), 2)
    wide = pack_samples([sample, sample], pad_id=9, longest=512)
    assert wide.packed.input_ids.shape == (2, 32)
    assert list(wide.packed.input_ids[0, 12:]) == [9] * 20
    assert wide.packed.attention_mask.sum() == 24
    assert np.array_equal(wide.targets, [[5, 5], [5, 5]])
    assert pack_samples([sample], pad_id=9, longest=20).packed.input_ids.shape == (1, 20)
    assert pack_samples([sample], pad_id=9, longest=12).packed.input_ids.shape == (1, 12)


def test_parts_hold_like_lengths_and_not_too_much(tokenizer: Tokenizer) -> None:
    sample_cutter = cutter(tokenizer, 128)
    texts = [" ".join(["man"] * count) for count in (10, 100, 11, 60, 12)]
    samples = [sample for text in texts for sample in sample_cutter.samples(example(text, "Who?", impossible=True), 1)]
    assert list(parts(samples, 64)) == [[1], [3], [4, 2], [0]]
    assert list(parts(samples, 1)) == [[1], [3], [4], [2], [0]]
    assert list(parts([], 64)) == []


def test_every_other_passage_is_asked_about_a_gap_in_its_own_sentence(tokenizer: Tokenizer) -> None:
    unlabelled_windows = cutter(tokenizer).unlabelled_windows([TEXT], ["Who?"], 8, 0)
    questions = [
        tokenizer.decode(list(excerpt.question.head), skip_special_tokens=False).split()
        for excerpt in unlabelled_windows
    ]
    assert questions[0::2] == [["[CLS]", "who", "?", "[SEP]"]] * 4
    for words in questions[1::2]:
        assert words.count("what") == 1
        gap = words.index("what")
        before, after = " ".join(words[1:gap]), " ".join(words[gap + 1 : -2])
        plain = "the man bought milk at noon"
        assert plain.startswith(before)
        assert plain.endswith(after)
        assert 1 <= len(plain.split()) - len(before.split()) - len(after.split()) <= 4


def test_a_passage_without_sentences_is_asked_the_questions(tokenizer: Tokenizer) -> None:
    unlabelled_windows = cutter(tokenizer).unlabelled_windows(["milk", "noon"], ["Who?"], 4, 0)
    assert [len(excerpt.question.head) for excerpt in unlabelled_windows] == [4] * 4


def test_a_label_is_cut_in_the_blocks_of_its_context(tokenizer: Tokenizer) -> None:
    """After a key with its value a full stop is read, too."""
    plain = example("the man bought milk", "Who?", (4, "man"))
    pair = replace(plain, blocks=(Block("pair", 0, 19, body=4),))
    shared = cutter(tokenizer)
    lengths = [len(shared.samples(label, 2)[0]) for label in (plain, pair, plain, pair)]
    assert lengths == [9, 10, 9, 10]  # [CLS] who ? [SEP] the man bought milk [.] [SEP]
    (sample,) = shared.samples(pair, 2)
    assert (sample.start, sample.end) == (5, 5)


def test_labels_of_one_context_share_its_tokens(tokenizer: Tokenizer) -> None:
    first, second = example(TEXT, "Who?", (4, "man")), example(TEXT, "What?", (15, "milk"))
    shared = cutter(tokenizer)
    assert shared.tokens(first) is shared.tokens(second)


def test_replayed_questions_stand_in_turn_with_unlabelled_windows(tokenizer: Tokenizer) -> None:
    replay = [LabeledExample(f"{n}", "Who bought milk?", TEXT, "", (), True) for n in range(3)]
    both = cutter(tokenizer).distilled_windows([TEXT], ["Who?"], replay, 10, 0)
    heads = [tokenizer.decode(list(window.question.head), skip_special_tokens=False) for window in both]
    is_replayed = [head.startswith("[CLS] who bought milk ?") for head in heads]
    assert is_replayed == [False, True] * 3 + [False] * 2  # there are no more than three
    alone = cutter(tokenizer).distilled_windows([TEXT], ["Who?"], (), 4, 0)
    same = cutter(tokenizer).unlabelled_windows([TEXT], ["Who?"], 4, 0)
    assert [list(window.question.head) for window in alone] == [list(window.question.head) for window in same]
