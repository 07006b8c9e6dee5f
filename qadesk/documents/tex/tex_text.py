"""The environments of LaTeX, and the whole of what goes through a file."""

from __future__ import annotations

import re

from qadesk.documents.tex.base_story import End
from qadesk.documents.tex.block_story import BlockStory
from qadesk.documents.tex.commands import CODE, ENVIRONMENT_FORMS, FORMULAS, LISTS, NOT_PRINTED, TABLE_FORMS
from qadesk.documents.tex.languages import NAMES
from qadesk.documents.tex.macros import arguments_of, filled_body
from qadesk.documents.tex.tex_tokens import PARAGRAPH, Budget

_MAX_FRAMES = 50  # how far \\end looks for its \\begin


class TexText(BlockStory):
    """Goes through a file and writes what is printed of it to ``tex_flow``."""

    def __init__(self, text: str, name: str, budget: Budget) -> None:
        super().__init__(text, name, budget)
        self._has_title = "\\maketitle" in text or "\\titlepage" in text
        self._frame_level = 1 + len(set(re.findall(r"\\((?:sub)?section)(?![a-zA-Z])", text)))
        self._writers |= {
            **dict.fromkeys(("\\frametitle", "\\framesubtitle"), self._frame_title),
            "\\begin": self._begin,
            "\\end": self._end,
        }

    def write(self) -> None:
        """Write all of it. Raises ``TexTooComplexError``, ``DocumentError`` (``too_long``)."""
        self._run()
        while self._frames:
            self._close()
        self._write_notes()

    def _begin(self, _command: str) -> None:
        name = self._plain(self._tokens.argument())
        if self._is_preamble:
            self._begin_in_preamble(name)
        elif name in self._macros.environments:
            self._begin_own(name)
        elif name in CODE:
            self._code(name)
        elif name in NOT_PRINTED:
            self._leave_out(name)
        elif name.rstrip("*") in FORMULAS:
            self._formula_environment(name)
        else:
            self._begin_text(name)

    def _begin_in_preamble(self, name: str) -> None:
        if name == "document":
            self._is_preamble = False
            self._tokens.set_package_names(is_on=False)
            if not self._has_title:
                self._write_title()
        elif name in NOT_PRINTED:
            self._leave_out(name)

    def _begin_own(self, name: str) -> None:
        begin, end = self._macros.environments[name]
        arguments = arguments_of(begin, self._tokens)
        closing = filled_body(end, arguments, self._tokens)
        self._frames.append((name, lambda: self._tokens.put_back(closing)))
        self._tokens.put_back(filled_body(begin, arguments, self._tokens))

    def _begin_text(self, name: str) -> None:
        if name in TABLE_FORMS:
            self._skip(TABLE_FORMS[name])
            self.flow.start_table()
            self._frames.append((name, self.flow.end_table))
            return
        self._tokens.skip_overlay()
        if name in LISTS:
            self._begin_list(name)
            return
        self.flow.paragraph()
        end: End = self.flow.paragraph
        if name in self._macros.theorems or name == "proof":
            self._begin_theorem(name)
        elif name in ("abstract", "thebibliography"):
            self._begin_named(name)
        elif name in ("frame", "block", "exampleblock", "alertblock"):
            self._begin_frame(name)
        elif name == "tabbing":
            self._tabbing += 1
            end = self._end_tabbing
        else:
            self._skip(ENVIRONMENT_FORMS.get(name, "o"))
        self._frames.append((name, end))

    def _end_tabbing(self) -> None:
        self._tabbing -= 1
        self.flow.paragraph()

    def _begin_theorem(self, name: str) -> None:
        title = self._tokens.option()
        proof = NAMES.get(self._language, NAMES["en"])[2]
        self._run_apart(title if name == "proof" and title else self._macros.theorems.get(name, [proof]))
        if title and name != "proof":
            self.flow.text(" (")
            self._run_apart(title)
            self.flow.text(")")
        self.flow.text(". ")

    def _begin_named(self, name: str) -> None:
        self._write_notes()
        if name == "thebibliography":
            self._tokens.argument()
        names = NAMES.get(self._language)
        if names:
            self._write_block("heading", [names[name == "thebibliography"]], 1)

    def _begin_frame(self, name: str) -> None:
        self._tokens.option()
        self._write_notes()
        if (title := self._tokens.group_argument()) is not None and title:
            self._write_block("heading", title, self._frame_level + (name != "frame"))

    def _frame_title(self, _command: str) -> None:
        self._tokens.skip_overlay()
        self._tokens.option()
        self.flow.start("heading", self._frame_level)
        self._enclose(self.flow.end)

    def _end(self, _command: str) -> None:
        name = self._plain(self._tokens.argument())
        if name == "document":
            self._tokens.rest()
            return
        places = range(len(self._frames) - 1, max(-1, len(self._frames) - 1 - _MAX_FRAMES), -1)
        place = next((place for place in places if self._frames[place][0] == name), None)
        while place is not None and len(self._frames) > place:
            self._close()

    def _code(self, name: str) -> None:
        option = self._tokens.option()
        if name == "minted":
            self._tokens.argument()
        caption = re.search(r"(?:caption|title)\s*=\s*([^,]+)", self._plain(option or []))
        if caption:
            self._write_caption(caption[1])
        code = self._tokens.raw_to(f"\\end{{{name}}}")
        if code is None:
            code = self._tokens.rest()
        self.flow.verbatim(code)

    def _formula_environment(self, name: str) -> None:
        if name.startswith(("alignat", "xalignat", "IEEEeqnarray")):
            self._tokens.argument()
        self._write_formula([token for token in self._to_end(name) if token != PARAGRAPH], is_apart=name != "math")
