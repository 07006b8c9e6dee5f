"""The commands of LaTeX in lists and tables."""

from __future__ import annotations

import re

from qadesk.documents.tex.lists import ListEnvironment
from qadesk.documents.tex.tex_tokens import Budget
from qadesk.documents.tex.word_story import WordStory

_MAX_NESTED = 20  # lists in lists


class BlockStory(WordStory):
    """Adds the commands of lists and tables."""

    def __init__(self, text: str, name: str, budget: Budget) -> None:
        super().__init__(text, name, budget)
        self._lists: list[ListEnvironment] = []
        self._writers |= {
            **dict.fromkeys(("\\setcounter", "\\addtocounter"), self._set_counter),
            "\\multicolumn": self._columns,
            "\\multirow": self._rows,
            **dict.fromkeys(("\\hline", "\\toprule", "\\midrule", "\\bottomrule", "\\Xhline"), self._rule),
            "\\cmidrule": self._part_rule,
            "\\endfirsthead": self._end_first_head,
            "\\endhead": self._end_head,
            "\\item": self._item,
            "\\bibitem": self._bibliography_item,
        }

    def _set_counter(self, command: str) -> None:
        name, value = self._plain(self._tokens.argument()), self._plain(self._tokens.argument())
        if name.startswith("enum") and re.fullmatch(r"-?\d{1,6}", value) and self._lists:
            self._lists[-1].number = int(value) + (self._lists[-1].number if command == "\\addtocounter" else 0)
        elif name == "footnote" and re.fullmatch(r"\d{1,6}", value) and command == "\\setcounter":
            self._note_count = int(value)

    def _columns(self, _command: str) -> None:
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

    def _item(self, _command: str) -> None:
        self._tokens.skip_overlay()
        option = self._tokens.option()
        self._tokens.skip_overlay()
        current = self._lists[-1] if self._lists else ListEnvironment("itemize", 0, "")
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

    def _begin_list(self, name: str) -> None:
        option = self._tokens.option()
        kind = {"compactitem": "itemize", "compactenum": "enumerate", "inparaenum": "enumerate"}.get(name, name)
        if len(self._lists) == _MAX_NESTED:  # its items are those of the list around it
            self._frames.append((name, self.flow.end))
            return
        depth = sum(open_list.kind == kind for open_list in self._lists)
        if not self._lists:
            self.flow.paragraph()
        self._lists.append(ListEnvironment(kind, depth, "".join(option or ())))
        self._frames.append((name, self._end_list))

    def _end_list(self) -> None:
        if self._lists:
            self._lists.pop()
        self.flow.end()
