"""Slips of the fingers in questions, with the tokenizer of the bundled reader."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from qadesk import paths
from qadesk.qa import models
from qadesk.qa.spelling import mended

TEXT = "The deposit is 900. The tenant pays the caretaker, Mr Kowalski, for the boilers. Die Kaution beträgt 300."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return models.load_tokenizer(models.inspect(paths.bundled_model_dir()))


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("how much is the deposti", "how much is the deposit"),  # exchanged
        ("how much is the deeposit", "how much is the deposit"),  # one too many
        ("how much is the deosit", "how much is the deposit"),  # one left out
        ("how much is the depodit", "how much is the deposit"),  # another one
        ("who pays the caretker and the bolers?", "who pays the caretaker and the boilers?"),
        ("how mcuh is it, wihch day", "how much is it, which day"),  # words of the list
        ("Deposti amount", "Deposit amount"),
        ("HOW MUCH IS THE DEPOSTI", "HOW MUCH IS THE DEPOSIT"),
        ("when do i recieve it back", "when do i receive it back"),
    ],
)
def test_a_slip_is_read_as_the_word_that_was_meant(tokenizer: Tokenizer, question: str, meant: str) -> None:
    assert mended(question, TEXT, tokenizer) == meant


@pytest.mark.parametrize(
    "question",
    [
        "how much is the deposit",
        "do you have wifi",  # "wii" is a word of the list
        "Who is suing the tenant?",  # "using" and "sing" are near, but it is a word
        "Is the tenat's dog allowed?",  # not a plain word
        "Is Mrs Kowalska the caretaker?",  # a name, of somebody else
        'who is "Kovalski" in the text',  # as it is wanted
        "is the deposti2 due",
        "pay the blr for it",  # too short to tell
        "xqzzvw of the tenant",
    ],
)
def test_what_is_no_slip_stays(tokenizer: Tokenizer, question: str) -> None:
    assert mended(question, TEXT, tokenizer) == question


def test_another_language_is_mended_by_the_document_alone(tokenizer: Tokenizer) -> None:
    assert mended("Wie hoch ist die kautoin?", TEXT, tokenizer) == "Wie hoch ist die kaution?"
    assert mended("Wie hoch ist der Zins?", TEXT, tokenizer) == "Wie hoch ist der Zins?"
