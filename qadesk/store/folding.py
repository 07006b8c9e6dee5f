"""Words as they are searched for: without case and accents."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """``text`` in small letters without accents, each run of white space as one blank: 'Où Straße' is 'ou strasse'.

    It is stored (``question_words``): who changes it adds a migration that writes these rows anew.
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
