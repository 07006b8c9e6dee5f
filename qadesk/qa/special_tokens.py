"""Keeps special tokens out of texts: a "[SEP]" that somebody wrote is four letters and brackets, not the end of a part.

Only the template of a tokenizer adds [CLS], [SEP] and the like, by their numbers.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from tokenizers import Tokenizer

_UNMATCHED = "\ufdd0"  # a noncharacter: no text is meant to hold it (Unicode, section 23.7)


def tokenizer_of(text: str) -> Tokenizer:
    """The tokenizer in ``text``, a tokenizer.json, which reads the names of special tokens as text; offsets stay.

    Raises exceptions of any class, as the library does, for what is no tokenizer.
    """
    if '"Unigram"' in text:  # SentencePiece has them among its pieces
        content = json.loads(text)
        text = _hide(content, {token["content"] for token in content["added_tokens"] if token["special"]})
    tokenizer: Tokenizer = Tokenizer.from_str(text)
    tokenizer.encode_special_tokens = True  # despite its name: they are encoded as the text that they are
    special = {token.content: number for number, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    special.pop(getattr(tokenizer.model, "unk_token", None) or "", None)
    if any(number in tokenizer.encode(f"a {name}", add_special_tokens=False).ids for name, number in special.items()):
        tokenizer = Tokenizer.from_str(_hide(json.loads(text), special.keys()))
        tokenizer.encode_special_tokens = True
    return tokenizer


def _hide(content: dict[str, Any], names: Collection[str]) -> str:
    """A tokenizer.json with other names, which no text has, for the pieces ``names``. Their numbers stay."""
    content["added_tokens"] = [token for token in content["added_tokens"] if token["content"] not in names]
    model = content["model"]
    if isinstance(model["vocab"], list):
        for row in model["vocab"]:  # piece and score, by number
            row[0] = _renamed(row[0], names)
    else:
        model["vocab"] = {_renamed(piece, names): number for piece, number in model["vocab"].items()}
    return json.dumps(content)


def _renamed(piece: str, names: Collection[str]) -> str:
    return f"{_UNMATCHED}{piece}" if piece in names else piece
