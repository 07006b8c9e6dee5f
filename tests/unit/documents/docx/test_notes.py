"""Footnotes and endnotes: found by relation, marked in the text, at the end."""

from __future__ import annotations

from word_files import W, blocks, paragraph, parsed, run, word_file


def note(identifier: int, text: str, kind: str = "footnote", more: str = "") -> str:
    mark = f"<w:r><w:{kind}Ref/></w:r>"
    return f'<w:{kind} w:id="{identifier}"{more}><w:p>{mark}{run(f" {text}")}</w:p></w:{kind}>'


def reference(identifier: int, kind: str = "footnote", more: str = "", properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:{kind}Reference w:id="{identifier}"{more}/></w:r>'


def test_notes_are_marked_in_the_text_and_come_at_its_end() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    body = f"<w:p>{run('In 2019')}{reference(2, properties=raised)}{run(' or later')}{reference(7, 'endnote')}</w:p>"
    separator = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>line</w:t></w:r></w:p></w:footnote>'
    data = word_file(body, footnotes=separator + note(2, "By his heirs."), endnotes=note(7, "See page 3.", "endnote"))
    assert parsed(data).text == "In 2019[1] or later[i]\n\n[1] By his heirs.\n\n[i] See page 3."
    assert [block[0] for block in blocks(data)] == ["paragraph", "footnote", "footnote"]


def test_notes_are_found_by_relation_and_not_by_name() -> None:
    notes = f'<w:footnotes xmlns:w="{W}">{note(2, "Found.")}</w:footnotes>'.encode()
    stray = {"word/footnotes.xml": notes.replace(b"Found", b"Stray")}
    embedded = {"x": ("footnotes", "other/my notes.xml", notes), "y": ("theme", "footnotes.xml", *stray.values())}
    body = f"<w:p>{run('Text')}{reference(2)}</w:p>"
    assert parsed(word_file(body, embedded=embedded)).text == "Text[1]\n\n[1] Found."


def test_a_mark_of_ones_own_stays() -> None:
    own = ' w:customMarkFollows="1"'
    body = f"<w:p>{run('A')}{reference(2, more=own)}{run('*')}{run(' and B')}{reference(3)}</w:p>"
    text = parsed(word_file(body, footnotes=note(2, "* Own.") + note(3, "Counted."))).text
    assert text == "A* and B[1]\n\n* Own.\n\n[1] Counted."


def test_the_format_of_the_numbers_is_that_of_the_settings() -> None:
    settings = '<w:footnotePr><w:numFmt w:val="chicago"/></w:footnotePr>'
    body = f"<w:p>{run('A')}{reference(1)}{reference(2)}</w:p>"
    text = parsed(word_file(body, settings=settings, footnotes=note(1, "a") + note(2, "b"))).text
    assert text == "A[*][†]\n\n[*] a\n\n[†] b"


def test_a_note_of_deleted_or_hidden_text_is_left_out() -> None:
    deleted, hidden = reference(2), reference(3, properties="<w:vanish/>")
    body = f"<w:p>{run('A')}<w:del>{deleted}</w:del>{hidden}{reference(4)}</w:p>"
    notes = note(2, "deleted") + note(3, "hidden") + note(4, "shown")
    assert parsed(word_file(body, footnotes=notes)).text == "A[1]\n\n[1] shown"


def test_a_note_that_nothing_names_is_not_lost() -> None:
    assert parsed(word_file(paragraph("A"), footnotes=note(2, "stray"))).text == "A\n\nstray"


def test_a_note_of_two_paragraphs_has_one_mark() -> None:
    footnote = f'<w:footnote w:id="1">{paragraph("one")}{paragraph("two")}</w:footnote>'
    body = f"<w:p>{run('A')}{reference(1)}</w:p>"
    assert parsed(word_file(body, footnotes=footnote)).text == "A[1]\n\n[1] one\n\ntwo"
