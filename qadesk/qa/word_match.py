"""The parts of a document that share words with a question, and the prior that they give to the spans in them.

Each token of the question counts once in a part that holds it, with the weight ln(1 + parts / parts that hold it): a
token that is everywhere distinguishes nothing. The *match* of a part is the sum of these weights.

**Prior.** Of two spans that a small model finds about as likely, the right one more often stands in a block, or a row
of a table read with its headers (``qadesk.qa.rendering``), that has the words of the question. So a span gets as prior,
in logits, the match of its block or row as a share of the highest that any part could have: 1 where all words of the
question that the document holds are in it, 0 where none is. It only says which span it is: questions that are made to
mislead share words too, and whether there is an answer is told less well with it. ``recipe/README.md`` has what it is
worth.

A worked example, the question "deposit amount" and the rows "Deposit: Paid by Tenants.", "Deposit: Amount 1,675." and
"Rent: Amount 1,340.": each of its two tokens is in 2 of 3 rows and weighs ln(1 + 3/2), so that the rows have the priors
1/2, 1 and 1/2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qadesk.qa.document_tokens import DocumentTokens

Ints = npt.NDArray[np.int64]


def matches(question: Ints, document: DocumentTokens, starts: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """The match of each part of ``document`` ``[k]``, with the token ids ``question``.

    ``starts`` ``[k]``, ascending, are the tokens that begin the parts; tokens before the first one are in none.
    """
    return _matches(question, document, starts)[0]


def word_priors(question: Ints, document: DocumentTokens) -> npt.NDArray[np.float32] | None:
    """The prior of the spans that begin at each token of ``document`` ``[n]``, in logits, 0 to 1.

    None for a document of one part: all its spans would have the same.
    """
    starts = np.union1d(document.borders, 0)
    if len(starts) < 2:
        return None
    match, highest = _matches(question, document, starts)
    return np.repeat((match / (highest or 1.0)).astype(np.float32), np.diff([*starts, len(document)]))


def _matches(
    question: Ints, document: DocumentTokens, starts: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.float64], float]:
    """The match of each part, and the highest that a part could have."""
    places = np.flatnonzero(np.isin(document.ids, question))
    places = places[places >= starts[0]]
    owners = np.searchsorted(starts, places, side="right") - 1
    tokens, holders = np.divmod(np.unique(document.ids[places].astype(np.int64) * len(starts) + owners), len(starts))
    _, token_of, counts = np.unique(tokens, return_inverse=True, return_counts=True)
    weights = np.log1p(len(starts) / counts)
    match = np.zeros(len(starts))
    np.add.at(match, holders, weights[token_of])
    return match, float(weights.sum())
