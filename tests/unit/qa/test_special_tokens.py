"""The names of special tokens in texts are text, for tokenizers of each kind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers import models as token_models

from qadesk import paths
from qadesk.qa import engine, models, windows
from qadesk.qa.document_tokens import read_tokens
from qadesk.qa.special_tokens import tokenizer_of

TEXT = "The [MASK] is [SEP] here [CLS] and [PAD]there."
LETTERS = "abcdefghijklmnopqrstuvwxyzTCLSEPMAKD[]<>/."


def template(first: tuple[str, int], last: tuple[str, int]) -> processors.TemplateProcessing:
    return processors.TemplateProcessing(
        f"{first[0]} $A {last[0]}", f"{first[0]} $A {last[0]} $B:1 {last[0]}:1", [first, last]
    )


def unigram() -> Tokenizer:
    """As ALBERT and XLM-R have it: the special tokens are pieces among the others."""
    special = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]", "[PAD]"]
    vocabulary = [(name, 0.0) for name in special] + [("▁", -2.0), *((letter, -5.0) for letter in LETTERS)]
    tokenizer = Tokenizer(token_models.Unigram(vocabulary, 1))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    tokenizer.post_processor = template(("[CLS]", 2), ("[SEP]", 3))
    tokenizer.add_special_tokens([*special[:4], AddedToken("[MASK]", lstrip=True), "[PAD]"])
    return tokenizer


def byte_level() -> Tokenizer:
    """As RoBERTa and ModernBERT have it: special tokens beside the merges."""
    special = ["<s>", "</s>", "[CLS]", "[SEP]", "[MASK]", "[PAD]"]
    vocabulary = {name: number for number, name in enumerate([*special, *sorted(pre_tokenizers.ByteLevel.alphabet())])}
    tokenizer = Tokenizer(token_models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = template(("<s>", 0), ("</s>", 1))
    tokenizer.add_special_tokens(special)
    return tokenizer


def whole_words() -> Tokenizer:
    """Words as they stand between blanks, of which special tokens are some."""
    names = ["[UNK]", "[CLS]", "[SEP]", "[MASK]", "[PAD]", "The", "is", "here", "and"]
    tokenizer = Tokenizer(token_models.WordLevel({name: number for number, name in enumerate(names)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = template(("[CLS]", 1), ("[SEP]", 2))
    tokenizer.add_special_tokens(names[:5])
    return tokenizer


def bundled() -> Tokenizer:
    return Tokenizer.from_file(str(paths.bundled_model_dir() / "tokenizer.json"))


@pytest.mark.parametrize("make", [bundled, unigram, byte_level, whole_words])
def test_a_text_has_none_and_the_template_still_adds_them(make) -> None:
    plain, tokenizer = make(), tokenizer_of(make().to_str())
    special = {number for number, token in plain.get_added_tokens_decoder().items() if token.special}
    special -= {plain.token_to_id(getattr(plain.model, "unk_token", None) or "none")}
    assert special & set(plain.encode(TEXT, add_special_tokens=False).ids)  # else there is nothing to keep out
    tokens = read_tokens(tokenizer, TEXT)
    assert not special & set(tokens.ids.tolist())
    assert "".join(TEXT[start:end] for start, end in tokens.offsets).replace(" ", "") == TEXT.replace(" ", "")
    question = windows.tokenize_question(tokenizer, "The [SEP] is [MASK]")
    assert [number for number in question.head.tolist() if number in special] == [question.head[0], question.head[-1]]
    assert tokenizer.encode("The is", "here").ids == plain.encode("The is", "here").ids
    assert tokenizer.get_vocab_size() == plain.get_vocab_size()


def test_the_bundled_reader_answers_with_and_around_them(tmp_path: Path) -> None:
    reader = engine.open_reader(paths.bundled_model_dir(), device="cpu")
    text = "The mill at [SEP] Holm was built by Ada Quill [MASK]. It burned in 1901."
    answers = reader.ask("Who built the mill?", text, top_k=1)
    assert answers[0].text == "Ada Quill"
    assert text[answers[0].start : answers[0].end] == "Ada Quill"


def test_a_model_folder_is_read_so(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(paths.bundled_model_dir(), folder)
    tokenizer = unigram()
    tokenizer.save(str(folder / "tokenizer.json"))
    loaded = models.load_tokenizer(models.inspect(folder))
    assert 3 not in loaded.encode("a[SEP]b", add_special_tokens=False).ids
    saved = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    assert saved["model"]["vocab"][3] == ["[SEP]", 0.0]  # the file is left as it is
