"""The commands of LaTeX inside and between paragraphs: titles, notes, citations, references, addresses."""

from __future__ import annotations

import re

from qadesk.documents.tex.base_story import BaseStory
from qadesk.documents.tex.commands import CITATIONS, OTHER_FILES, REFERENCES, SECTIONS
from qadesk.documents.tex.tex_tokens import Budget
from qadesk.documents.tex.typography import typeset
from qadesk.documents.tex.units import unit_text


class WordStory(BaseStory):
    """Adds the commands of words and titles."""

    def __init__(self, text: str, name: str, budget: Budget) -> None:
        super().__init__(text, name, budget)
        self.other_files: list[str] = []
        self._notes: list[tuple[int, list[str]]] = []  # that are not written yet, with their numbers
        self._note_count = 0
        self._is_writing_notes = False
        self._titles: dict[str, list[list[str]]] = {}
        used = set(re.findall(r"\\(part|chapter)(?![a-zA-Z])", text))
        kept = (name for name in SECTIONS if name in used or name not in SECTIONS[:2])
        self._levels = {name: level for level, name in enumerate(kept, 1)}
        self._writers |= {
            **dict.fromkeys((f"\\{name}" for name in SECTIONS), self._section),
            **dict.fromkeys(("\\title", "\\author", "\\date", "\\affil"), self._title_part),
            **dict.fromkeys(("\\maketitle", "\\titlepage"), self._write_title),
            **dict.fromkeys(("\\caption", "\\captionof", "\\subcaption"), self._caption),
            **dict.fromkeys(("\\footnote", "\\thanks", "\\endnote", "\\footnotetext"), self._footnote),
            "\\footnotemark": self._footnote_mark,
            **dict.fromkeys(CITATIONS, self._cite),
            **dict.fromkeys(REFERENCES, self._refer),
            **dict.fromkeys(OTHER_FILES, self._name_file),
            **dict.fromkeys(("\\url", "\\path", "\\nolinkurl", "\\href"), self._address),
            **dict.fromkeys(("\\verb", "\\lstinline", "\\mintinline"), self._inline_code),
            **dict.fromkeys(("\\texttt", "\\code"), self._typewriter_text),
            **dict.fromkeys(("\\SI", "\\qty", "\\si", "\\unit", "\\SIrange", "\\qtyrange"), self._quantity),
            "\\num": self._number,
            "\\enquote": self._quoted,
            "\\textsuperscript": self._raised,
            "\\textsubscript": self._lowered,
            **dict.fromkeys(("\\\\", "\\tabularnewline", "\\cr"), self._break_line),
            **dict.fromkeys(
                ("\\newline", "\\linebreak", "\\State", "\\hrule", "\\and", "\\And", "\\AND"), self._new_line
            ),
            **dict.fromkeys(("\\par", "\\newpage", "\\clearpage", "\\bigskip", "\\medskip"), self._paragraph),
            "\\includegraphics": self._picture,
        }

    def _name_file(self, command: str) -> None:
        self._tokens.has_star()
        self._tokens.option()
        if command in ("\\import", "\\subimport", "\\inputminted"):
            self._tokens.argument()
        token = self._tokens.after_space()
        if token == "{":
            self._tokens.put_back([token])
            name = self._plain(self._tokens.argument())
        else:  # \input name
            word, _, rest = token.lstrip().partition(" ")
            name = word.strip()
            self._tokens.put_back_token(rest)
        if name and not name.startswith("\\"):
            self.other_files += [part.strip() for part in name.split(",") if part.strip()]

    def _title_part(self, command: str) -> None:
        self._tokens.option()
        self._titles.setdefault(command, []).append(self._tokens.argument())

    def _write_title(self, _command: str = "") -> None:
        for title in self._titles.pop("\\title", [])[-1:]:
            self._write_block("heading", title, 1)
        for part in ("\\author", "\\affil", "\\date"):
            for tokens in self._titles.pop(part, []):
                if tokens not in (["\\today"], []):
                    self._write_block("paragraph", tokens)

    def _write_block(self, kind: str, tokens: list[str], level: int = 0) -> None:
        self.flow.start("heading" if kind == "heading" else "paragraph", level)
        self._run_apart(tokens)
        self.flow.end()

    def _section(self, command: str) -> None:
        self._write_notes()
        self._tokens.has_star()
        self._tokens.option()
        self.flow.start("heading", min(6, self._levels.get(command[1:], 1)))
        self._enclose(self.flow.end)

    def _caption(self, command: str) -> None:
        self._tokens.has_star()
        if command == "\\captionof":
            self._tokens.argument()
        self._tokens.option()
        self.flow.start_caption()
        self._enclose(self.flow.end_caption)

    def _footnote(self, command: str) -> None:
        self._tokens.option()
        self._note_count += command != "\\footnotetext"
        self._notes.append((self._note_count, self._tokens.argument()))
        if command != "\\footnotetext":
            self.flow.text(f"[{self._note_count}]")

    def _footnote_mark(self, _command: str) -> None:
        self._tokens.option()
        self._note_count += 1
        self.flow.text(f"[{self._note_count}]")

    def _write_notes(self) -> None:
        if self._is_writing_notes or self.flow.is_in_table:
            return
        self._is_writing_notes = True
        while self._notes:
            notes, self._notes = self._notes, []
            self.flow.paragraph()
            for number, tokens in notes:
                self.flow.start_item(f"{number}.", 0, "footnote")
                self._run_apart(tokens)
                self.flow.end()
        self._is_writing_notes = False

    def _cite(self, command: str) -> None:
        self._tokens.has_star()
        notes = [self._tokens.option(), self._tokens.option()]
        given = [self._plain(note) for note in notes if note]
        keys = ", ".join(key.strip() for key in self._plain(self._tokens.argument()).split(","))
        before = f"{given[0]} " if notes[1] is not None and notes[0] else ""
        after = f", {given[-1]}" if given and (notes[1] or notes[1] is None) else ""
        is_name = command in ("\\citeauthor", "\\citeyear")
        self.flow.text(keys if is_name else f"[{typeset(before + keys + after)}]")

    def _refer(self, command: str) -> None:
        self._tokens.has_star()
        keys = ", ".join(key.strip() for key in self._plain(self._tokens.argument()).split(","))
        self.flow.text(f"({keys})" if command == "\\eqref" else keys)

    def _address(self, command: str) -> None:
        if command == "\\href":
            self._tokens.option()
            self._tokens.raw_argument()
            return
        self.flow.raw(self._tokens.raw_argument().replace("\\", ""))

    def _inline_code(self, command: str) -> None:
        if command != "\\verb":
            self._tokens.option()
        else:
            self._tokens.has_star()
        if command == "\\mintinline":
            self._tokens.argument()
        self.flow.raw(self._tokens.raw_argument())

    def _typewriter_text(self, _command: str) -> None:
        self._typewriter += 1
        self._enclose(self._end_typewriter)

    def _end_typewriter(self) -> None:
        self._typewriter -= 1

    def _quoted(self, _command: str) -> None:
        self._tokens.has_star()
        opening, closing = ("„", "“") if self._language == "de" else ("“", "”")
        self.flow.text(opening)
        self._enclose(lambda: self.flow.text(closing))

    def _quantity(self, command: str) -> None:
        self._tokens.option()
        if command not in ("\\si", "\\unit"):
            self._run_apart(self._tokens.argument())
            if command.endswith("range"):
                self.flow.text("–")
                self._run_apart(self._tokens.argument())
            self.flow.text(" ")
        self.flow.text(unit_text(self._tokens.argument()))

    def _number(self, _command: str) -> None:
        self._tokens.option()

    def _raised(self, _command: str) -> None:
        self.flow.raised(self._characters(self._tokens.argument()))

    def _lowered(self, _command: str) -> None:
        self.flow.lowered(self._characters(self._tokens.argument()))

    def _break_line(self, _command: str) -> None:
        self._tokens.has_star()
        self._tokens.option()
        if self.flow.is_in_table:
            self.flow.end_row()
        else:
            self.flow.line()

    def _new_line(self, _command: str) -> None:
        self.flow.line()

    def _paragraph(self, _command: str) -> None:
        self.flow.paragraph()

    def _picture(self, _command: str) -> None:
        self._skip("s")
        self._tokens.skip_overlay()
        self._skip("ood")

    def _write_caption(self, text: str) -> None:
        self.flow.start("caption")
        self.flow.text(typeset(text))
        self.flow.end()
