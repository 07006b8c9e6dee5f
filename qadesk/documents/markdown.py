"""The reader of Markdown: the text as it is shown, without marks.

The Markdown becomes a web page, as everywhere, and is read as one: HTML in it is shown as in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qadesk.documents.html.hiding import shown_page
from qadesk.documents.html.page_writer import PageWriter
from qadesk.documents.parsing import Heartbeat, Parsed, Source
from qadesk.documents.text import as_plain_text, decoded_text
from qadesk.documents.writer import Writer

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TOO_COMPLEX = "The Markdown in this file is too long or too deeply nested: it is shown as it is, with its marks."
_LONGEST = 2_000_000  # characters
_STEPS = 200_000  # looks at a place of the text, besides one for each character
_MAX_NESTED = 100

_TEXT_TAG = re.compile(
    r"<(?=/?(?:iframe|noembed|noframes|noscript|plaintext|textarea|title|xmp)\b)", re.I
)  # GitHub shows them as text: a browser would take all that follows for theirs
_CODE_TAG = re.compile(r"<(/?)(script|style|template)\b", re.I)
_TASK = re.compile(r"\A\[([ xX])\](?=\s)")
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\](?=\s*\Z)")
_KEY = re.compile(r"([\w-][\w .-]{0,60}):[ \t]+(\S.*)")


class _TooComplexError(Exception):
    """The parser looks at the same places again and again, or the text is nested too deep for it."""


def read(source: Source) -> Parsed:
    """What ``source`` shows. Raises ``DocumentError``."""
    decoded = decoded_text(source)
    try:
        tokens, html = _parse(decoded.text, source.heartbeat)
    except (_TooComplexError, RecursionError):
        return as_plain_text(decoded, _TOO_COMPLEX)
    page = PageWriter(source.name, source.heartbeat)
    if tokens and tokens[0].type == "front_matter":
        _write_front_matter(tokens[0].content, page.writer)
    page.write(shown_page(html, source.heartbeat).body)
    return Parsed(page.writer.text, (), decoded.notes, page.writer.blocks)


def _write_front_matter(content: str, writer: Writer) -> None:
    for line in content.splitlines():
        pair = _KEY.fullmatch(line.strip())
        if pair:
            writer.start_block("pair", breaks=1)
            writer.write(f"{pair[1]}: ")
            writer.start_body()
            writer.write(pair[2].strip("\"'"))
        else:
            writer.start_block("paragraph", breaks=1)
            writer.write(line.strip())
    writer.block(2)


def _parse(text: str, heartbeat: Heartbeat) -> tuple[Sequence[Token], str]:
    """The tokens of ``text``, and its HTML. Raises ``_TooComplexError``, always for the same texts."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    if len(text) > _LONGEST:
        raise _TooComplexError
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTED}).enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin, inline=False)
    _limit_steps(parser, _STEPS + len(text), heartbeat)
    for name, rule in (("image", _alternative_text), ("footnote_anchor", _nothing), ("html_block", _html_block)):
        parser.add_render_rule(name, rule)
    tokens = parser.parse(text)
    for before, token in pairwise(tokens):
        if token.type == "inline":
            _change_inline(token.children or [], is_nested=before.level > 0 and before.type == "paragraph_open")
    return tokens, str(parser.renderer.render(tokens, parser.options, {}))


def _limit_steps(parser: MarkdownIt, steps: int, heartbeat: Heartbeat) -> None:
    """Make ``parser`` raise ``_TooComplexError`` after ``steps`` looks, and call ``heartbeat`` on the way."""

    def count(state: Any, *_: Any) -> bool:
        nonlocal steps
        steps -= 1
        if steps < 0 or state.level >= _MAX_NESTED - 2:  # deeper text would be left out
            raise _TooComplexError
        heartbeat()
        return False

    for ruler in (parser.block.ruler, parser.inline.ruler):
        ruler.before(ruler.get_active_rules()[0], "count_steps", count)


def _change_inline(children: Sequence[Token], *, is_nested: bool) -> None:
    """Make check boxes signs and the marks of notes words, and HTML tags that would hide what follows text."""
    first = next((child for child in children if child.type != "text" or child.content), None)
    if is_nested and first and first.type == "text":
        first.content = _TASK.sub(lambda box: "☐" if box[1] == " " else "☑", first.content, count=1)
        first.content = _ALERT.sub(lambda alert: f"{alert[1].capitalize()}:", first.content, count=1)
    last_end: dict[str, int] = {}
    for place, child in enumerate(children):
        if child.type == "html_inline" and (tag := _CODE_TAG.match(child.content)) and tag[1]:
            last_end[tag[2].lower()] = place
    for place, child in enumerate(children):
        if child.type == "html_inline":
            tag = _CODE_TAG.match(child.content)
            is_open = tag and not tag[1] and last_end.get(tag[2].lower(), -1) < place
            if is_open or _TEXT_TAG.match(child.content):
                child.type = "text"


def _alternative_text(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return escape(renderer.renderInlineAsText(tokens[index].children, options, env))


def _nothing(*_: Any) -> str:
    return ""


def _html_block(_renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return _TEXT_TAG.sub("&lt;", tokens[index].content)
