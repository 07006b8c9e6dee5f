"""Goes through the tokens of a LaTeX file and writes what is printed. Nothing in the file is executed."""

from __future__ import annotations

import re
from collections.abc import Callable

from qadesk.documents.tex.commands import (
    CITATIONS,
    CODE,
    ENVIRONMENT_FORMS,
    FORMS,
    FORMULAS,
    NAMED_LINES,
    NOT_PRINTED,
    OTHER_FILES,
    REFERENCES,
    SECTIONS,
    TABLES,
)
from qadesk.documents.tex.flow import Flow
from qadesk.documents.tex.formulas import formula_text
from qadesk.documents.tex.lists import OpenList
from qadesk.documents.tex.macros import Macros, arguments_of, filled
from qadesk.documents.tex.symbols import ACCENTS, CHARACTERS, FORMULA_CHARACTERS, accented
from qadesk.documents.tex.tokens import PARAGRAPH, Budget, Tokens
from qadesk.documents.tex.typography import typeset

_LANGUAGES = (
    (r"n?german|austrian|naustrian|nswissgerman", "de"), (r"french|francais|frenchb", "fr"), (r"spanish", "es"),
    (r"italian", "it"),
)  # fmt: skip
_BABEL = re.compile(r"\\(?:usepackage\s*\[([^\]]{0,200})\]\s*\{babel\}|setmainlanguage[^{\n]{0,80}\{(\w+)\})")
_DIMENSION = re.compile(r"\s*=?\s*-?[\d.]+\s*(?:pt|em|ex|cm|mm|in|bp|pc|sp)?(?:\s+(?:plus|minus)\s*[\d.]+\s*\w\w)*\s*")
_MAX_NESTED = 20  # lists in lists
_MAX_FRAMES = 50  # how far \end looks for its \begin

_IN_PREAMBLE = frozenset(("\\title", "\\author", "\\date", "\\makeatletter", "\\makeatother", "\\affil", "\\begin"))
End = Callable[[], None]


class Story:
    """Writes the text of a file to ``flow``."""

    def __init__(self, text: str, name: str, budget: Budget) -> None:
        self.flow = Flow(name)
        self.other_files: list[str] = []
        self._text = text
        self._budget = budget
        self._tokens = Tokens(text, budget)
        self._macros = Macros(frozenset(_COMMANDS) | {"\\document", "\\abstract", "\\item"})
        self._frames: list[tuple[str, End | None]] = []  # open braces and environments
        self._lists: list[OpenList] = []
        self._notes: list[tuple[int, list[str]]] = []
        self._note_count = 0
        self._is_writing_notes = False
        self._titles: dict[str, list[list[str]]] = {}
        self._typewriter = 0
        self._tabbing = 0
        self._is_preamble = has_body(text)
        used = set(re.findall(r"\\(part|chapter|section|subsection)(?![a-zA-Z])", text))
        self._levels = {
            name: place for place, name in enumerate(n for n in SECTIONS if n in used or n not in SECTIONS[:2])
        }
        self._frame_level = 1 + len(used & {"section", "subsection"})
        options = _BABEL.search(text)
        main = ((options[1] or options[2] or "").split(",") if options else [""])[-1].split("=")[-1].strip()
        self._language = next((code for names, code in _LANGUAGES if re.fullmatch(names, main)), "" if main else "en")
        if main in ("english", "british", "american", "UKenglish", "USenglish"):
            self._language = "en"

    def write(self) -> None:
        """Write all of it. Raises ``TooComplexError``, ``DocumentError`` (``too_long``)."""
        self._run()
        while self._frames:
            self._close()
        self._write_notes()

    def _run(self) -> None:
        while token := self._tokens.next():
            if token[0] == "\\" and len(token) > 1:
                self._command(token)
            elif not self._is_preamble:
                self._sign(token)

    def _run_apart(self, tokens: list[str]) -> None:
        """Write ``tokens`` before the next ones."""
        outer, self._tokens = self._tokens, Tokens.of(tokens, self._budget)
        depth = len(self._frames)
        self._run()
        while len(self._frames) > depth:
            self._close()
        self._tokens = outer

    def _sign(self, token: str) -> None:
        if token == "{":
            self._frames.append(("{", None))
        elif token == "}":
            if self._frames and self._frames[-1][0] == "{":
                self._close()
        elif token == PARAGRAPH:
            self.flow.paragraph()
        elif token in ("$", "$$"):
            self._formula_between(token)
        elif token == "~":
            self.flow.text(" ")
        elif token == "&" and self.flow.is_in_table:
            self.flow.next_cell()
        elif token not in ("#", "##"):
            self.flow.text(token if self._typewriter else typeset(token, is_german=self._language == "de"))

    def _close(self) -> None:
        end = self._frames.pop()[1]
        if end:
            end()

    def _enclose(self, end: End) -> None:
        """Call ``end`` when the next argument has been written."""
        token = self._tokens.after_space()
        if token in ("", "}"):
            self._tokens.put_back([token] if token else [])
            end()
            return
        if token != "{":
            run = token.lstrip() if token[0] != "\\" else token
            first, rest = (run, "") if run[0] == "\\" else (run[0], run[1:])
            self._tokens.put_back([first, "}", *([rest] if rest else [])])
        self._frames.append(("{", end))

    def _plain(self, tokens: list[str]) -> str:
        """``tokens`` as text on one line, for labels and names."""
        return " ".join(
            "".join("" if token in ("{", "}") else " " if token == "~" else token for token in tokens).split()
        )

    def _skip(self, form: str) -> None:
        for part in form:
            if part == "s":
                self._tokens.has_star()
            elif part == "o":
                self._tokens.option()
            else:
                self._tokens.argument()

    # Commands

    def _command(self, token: str) -> None:
        if self._macros.define(token, self._tokens):
            return
        if self._is_preamble and token not in _IN_PREAMBLE:
            if token in OTHER_FILES:
                self._name_file(token)
            return
        if self._macros.expand(token, self._tokens):
            return
        write = _COMMANDS.get(token)
        name = token[1:]
        if write:
            write(self, token)
        elif name in ACCENTS and not (self._tabbing and name in "=>'`"):
            self.flow.text(accented(name, self._characters(self._tokens.argument())))
        elif name in CHARACTERS:
            self.flow.text(CHARACTERS[name])
        elif token in FORMS or name.startswith(("index", "nomencl")):
            self._skip(FORMS.get(token, "od"))
        elif name in FORMULA_CHARACTERS:
            self.flow.text(FORMULA_CHARACTERS[name])
        elif name.startswith("if") and name not in ("iff",):
            self._condition(name)
        else:
            self._tokens.option()

    def _characters(self, tokens: list[str]) -> str:
        """The few characters that ``tokens`` are."""
        pieces = []
        for token in tokens:
            if token in ("\\i", "\\j", "\\ae", "\\o", "\\aa"):
                pieces.append(token if len(tokens) == 1 else token[1:])
            elif token[0] == "\\":
                pieces.append(CHARACTERS.get(token[1:], ""))
            elif token not in ("{", "}"):
                pieces.append(token)
        return "".join(pieces)

    def _condition(self, name: str) -> None:
        """Leave out the second branch of a condition, and both where it is \\iffalse."""
        if name in ("ifthenelse", "iftoggle", "ifdefined@", "ifbool"):
            self._tokens.argument()
            shown = self._tokens.argument()
            self._tokens.argument()
            self._tokens.put_back(shown)
        elif name == "iffalse":
            self._skip_branch()
        elif name in ("ifx", "if", "ifcat"):
            self._tokens.argument()
            self._tokens.argument()
        elif name == "ifdefined":
            self._tokens.argument()

    def _skip_branch(self, _command: str = "") -> None:
        depth = 1
        while depth and (token := self._tokens.next()):
            if token == "\\fi":
                depth -= 1
            elif token == "\\else" and depth == 1:
                return
            elif token.startswith("\\if") and token not in ("\\iff", "\\ifthenelse", "\\iftoggle", "\\ifbool"):
                depth += 1

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
            self._tokens.put_back([rest] if rest else [])
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
        self.flow.start("heading", min(6, 1 + self._levels.get(command[1:], 0)))
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

    def _space(self, _command: str) -> None:
        self.flow.text(" ")

    def _nothing(self, _command: str) -> None:
        self._tokens.skip_overlay()

    def _set_names(self, command: str) -> None:
        self._tokens.set_package_names(is_on=command == "\\makeatletter")

    def _picture(self, _command: str) -> None:
        self._skip("s")
        self._tokens.skip_overlay()
        self._skip("ood")

    def _skip_dimension(self, _command: str) -> None:
        """Leave out the dimension of \\vskip 1em and the like."""
        token = self._tokens.next()
        match = _DIMENSION.match(token)
        if match and match.end():
            token = token[match.end() :]
        self._tokens.put_back([token] if token else [])

    def _set_counter(self, command: str) -> None:
        name, value = self._plain(self._tokens.argument()), self._plain(self._tokens.argument())
        if name.startswith("enum") and re.fullmatch(r"-?\d{1,6}", value) and self._lists:
            self._lists[-1].number = int(value) + (self._lists[-1].number if command == "\\addtocounter" else 0)
        elif name == "footnote" and re.fullmatch(r"\d{1,6}", value) and command == "\\setcounter":
            self._note_count = int(value)

    # Formulas

    def _formula_between(self, opening: str) -> None:
        closing = {"\\(": "\\)", "\\[": "\\]"}.get(opening, opening)
        tokens = self._tokens.until(closing)
        if tokens is None:
            self.flow.text(opening if opening[0] == "$" else "")
            return
        self._write_formula(tokens, is_apart=opening in ("$$", "\\["))

    def _write_formula(self, tokens: list[str], *, is_apart: bool) -> None:
        if not is_apart and tokens and tokens[0] in ("^", "_"):
            self._write_script(tokens)
            return
        text = formula_text(Tokens.of(tokens, self._budget), self._macros)
        if is_apart:
            self.flow.line()
        for number, line in enumerate(text.split("\n")):
            if number:
                self.flow.line()
            self.flow.text(line)
        if is_apart:
            self.flow.line()

    def _write_script(self, tokens: list[str]) -> None:
        """Write a formula that is only a power or an index: m$^2$, H$_2$O, a mark of a note."""
        source = Tokens.of(tokens[1:], self._budget)
        text = formula_text(Tokens.of(source.argument(), self._budget), self._macros)
        (self.flow.raised if tokens[0] == "^" else self.flow.lowered)(text.replace("∘", "°"))
        rest = formula_text(source, self._macros)
        self.flow.text(rest)

    # Tables

    def _columns(self, command: str) -> None:
        count = self._plain(self._tokens.argument())
        self._tokens.argument()
        self.flow.merge_columns(min(int(count), 100) if count.isdecimal() and len(count) < 4 else 1)

    def _rows(self, _command: str) -> None:
        self._tokens.option()
        count = self._plain(self._tokens.argument()).strip("- ")
        self._skip("odo")
        self.flow.merge_rows(min(int(count), 1000) if count.isdecimal() and len(count) < 5 else 1)

    def _rule(self, _command: str) -> None:
        self._tokens.option()
        self.flow.rule()

    def _part_rule(self, _command: str) -> None:
        self._tokens.option()
        if (trim := self._tokens.next()) and not trim.startswith("("):  # \cmidrule(lr){1-2}
            self._tokens.put_back([trim])
        self._tokens.argument()

    def _end_first_head(self, _command: str) -> None:
        """Leave out the header that a long table repeats on the next pages."""
        self._tokens.raw_to("\\endhead", longest=20_000)
        self._end_head("")

    def _end_head(self, _command: str) -> None:
        """Leave out what a long table prints at the end of its pages."""
        self.flow.end_row()
        self.flow.rule()
        for end in ("\\endfoot", "\\endlastfoot"):
            self._tokens.raw_to(end, longest=5000)

    # Lists

    def _item(self, _command: str) -> None:
        self._tokens.skip_overlay()
        option = self._tokens.option()
        self._tokens.skip_overlay()
        current = self._lists[-1] if self._lists else OpenList("itemize", 0, "")
        level = max(1, len(self._lists))
        if option is None:
            self.flow.start_item(current.next_label(), level)
        elif current.kind == "description":
            self._start_term(option, level)
        else:
            label = self._characters(option).strip()
            self.flow.start_item(" ".join(label.split()) or "•", level)

    def _start_term(self, term: list[str], level: int) -> None:
        self.flow.start_item("", level)
        self._run_apart(term)
        self.flow.start_body()

    def _bibliography_item(self, _command: str) -> None:
        self._tokens.option()
        self.flow.start_item(f"[{self._plain(self._tokens.argument())}]", 1)

    # Environments

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
            if "\\maketitle" not in self._text and "\\titlepage" not in self._text:
                self._write_title()
        elif name in NOT_PRINTED:
            self._leave_out(name)

    def _begin_own(self, name: str) -> None:
        begin, end = self._macros.environments[name]
        arguments = arguments_of(begin, self._tokens)
        closing = filled(end, arguments, self._tokens)
        self._frames.append((name, lambda: self._tokens.put_back(closing)))
        self._tokens.put_back(filled(begin, arguments, self._tokens))

    def _begin_text(self, name: str) -> None:
        if name in TABLES and name != "array":
            self._skip(ENVIRONMENT_FORMS[name])
            self.flow.start_table()
            self._frames.append((name, self.flow.end_table))
            return
        self._tokens.skip_overlay()
        if name in ("itemize", "enumerate", "description", "compactitem", "compactenum", "inparaenum"):
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

    def _begin_list(self, name: str) -> None:
        option = self._tokens.option()
        kind = {"compactitem": "itemize", "compactenum": "enumerate", "inparaenum": "enumerate"}.get(name, name)
        if len(self._lists) == _MAX_NESTED:  # its items are those of the list around it
            self._frames.append((name, self.flow.end))
            return
        depth = sum(open_list.kind == kind for open_list in self._lists)
        if not self._lists:
            self.flow.paragraph()
        self._lists.append(OpenList(kind, depth, "".join(option or ())))
        self._frames.append((name, self._end_list))

    def _end_list(self) -> None:
        if self._lists:
            self._lists.pop()
        self.flow.end()

    def _begin_theorem(self, name: str) -> None:
        title = self._tokens.option()
        proof = NAMED_LINES.get(self._language, NAMED_LINES["en"])[2]
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
        names = NAMED_LINES.get(self._language)
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

    def _write_caption(self, text: str) -> None:
        self.flow.start("caption")
        self.flow.text(typeset(text))
        self.flow.end()

    def _leave_out(self, name: str) -> None:
        if self._tokens.raw_to(f"\\end{{{name}}}") is None:
            self._to_end(name)

    def _to_end(self, name: str) -> list[str]:
        tokens: list[str] = []
        while token := self._tokens.next():
            if token == "\\end":
                ended = self._tokens.argument()
                if self._plain(ended) == name:
                    break
                tokens += [token, "{", *ended, "}"]
            else:
                tokens.append(token)
        return tokens

    def _formula_environment(self, name: str) -> None:
        if name.startswith(("alignat", "xalignat", "IEEEeqnarray")):
            self._tokens.argument()
        self._write_formula([token for token in self._to_end(name) if token != PARAGRAPH], is_apart=name != "math")


def has_body(text: str) -> bool:
    """Whether ``text`` has a preamble, and a body after it."""
    return re.search(r"^[^%\n]*\\begin[ \t]*\{document\}", text, re.M) is not None


_COMMANDS: dict[str, Callable[[Story, str], None]] = {
    **dict.fromkeys((f"\\{name}" for name in SECTIONS), Story._section),
    **dict.fromkeys(("\\title", "\\author", "\\date", "\\affil"), Story._title_part),
    **dict.fromkeys(("\\maketitle", "\\titlepage"), Story._write_title),
    **dict.fromkeys(("\\caption", "\\captionof", "\\subcaption"), Story._caption),
    **dict.fromkeys(("\\footnote", "\\thanks", "\\endnote", "\\footnotetext"), Story._footnote),
    "\\footnotemark": Story._footnote_mark,
    **dict.fromkeys(CITATIONS, Story._cite),
    **dict.fromkeys(REFERENCES, Story._refer),
    **dict.fromkeys(OTHER_FILES, Story._name_file),
    **dict.fromkeys(("\\url", "\\path", "\\nolinkurl", "\\href"), Story._address),
    **dict.fromkeys(("\\verb", "\\lstinline", "\\mintinline"), Story._inline_code),
    **dict.fromkeys(("\\texttt", "\\code"), Story._typewriter_text),
    "\\enquote": Story._quoted,
    "\\textsuperscript": Story._raised,
    "\\textsubscript": Story._lowered,
    **dict.fromkeys(("\\\\", "\\tabularnewline", "\\cr"), Story._break_line),
    **dict.fromkeys(("\\newline", "\\linebreak", "\\State", "\\hrule"), Story._new_line),
    **dict.fromkeys(("\\par", "\\newpage", "\\clearpage", "\\bigskip", "\\medskip"), Story._paragraph),
    **dict.fromkeys(("\\and", "\\And", "\\AND"), Story._new_line),
    "\\includegraphics": Story._picture,
    **dict.fromkeys(("\\only", "\\uncover", "\\visible", "\\alert", "\\onslide", "\\pause"), Story._nothing),
    **dict.fromkeys(("\\makeatletter", "\\makeatother"), Story._set_names),
    **dict.fromkeys(("\\vskip", "\\hskip", "\\kern", "\\parindent", "\\parskip"), Story._skip_dimension),
    **dict.fromkeys(("\\setcounter", "\\addtocounter"), Story._set_counter),
    **dict.fromkeys(("\\(", "\\["), Story._formula_between),
    "\\multicolumn": Story._columns,
    "\\multirow": Story._rows,
    **dict.fromkeys(("\\hline", "\\toprule", "\\midrule", "\\bottomrule", "\\Xhline"), Story._rule),
    "\\cmidrule": Story._part_rule,
    "\\endfirsthead": Story._end_first_head,
    "\\endhead": Story._end_head,
    "\\item": Story._item,
    "\\bibitem": Story._bibliography_item,
    **dict.fromkeys(("\\frametitle", "\\framesubtitle"), Story._frame_title),
    "\\else": Story._skip_branch,
    "\\begin": Story._begin,
    "\\end": Story._end,
}
