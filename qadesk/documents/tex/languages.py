"""The main language of a LaTeX file, and what LaTeX prints of itself in it."""

from __future__ import annotations

import re

_BABEL = re.compile(r"\\(?:usepackage\s*\[([^\]]{0,200})\]\s*\{babel\}|setmainlanguage[^{\n]{0,80}\{(\w+)\})")
_LANGUAGES = {
    "de": "german ngerman austrian naustrian nswissgerman", "fr": "french francais frenchb acadian", "es": "spanish",
    "it": "italian", "en": "english british american UKenglish USenglish australian canadian",
}  # fmt: skip
NAMES = {
    "en": ("Abstract", "References", "Proof"),
    "de": ("Zusammenfassung", "Literatur", "Beweis"),
    "fr": ("Résumé", "Références", "Démonstration"),
    "es": ("Resumen", "Referencias", "Demostración"),
    "it": ("Sommario", "Riferimenti bibliografici", "Dimostrazione"),
}
"""What is printed above an abstract, a list of references and a proof."""


def language_of(text: str) -> str:
    """The code of the main language of ``text``, '' for one that is not known here."""
    options = _BABEL.search(text)
    if options is None:
        return "en"
    main = (options[1] or options[2] or "").split(",")[-1].split("=")[-1].strip()
    return next((code for code, names in _LANGUAGES.items() if main in names.split()), "")
