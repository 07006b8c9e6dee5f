from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.app.labelling import labels
from qadesk.app.labelling.relocate import Relocation, relocate_labels
from qadesk.app.open_store import open_store
from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, Document, GoldSpan, Label, LabelText

WORDS = "The harbour was dredged twice. The lamp on the mole was lit in 1862.\nAda Wood, a widow, paid for all of it."
PATH = Path("/docs/lamps.txt")
FILE = Document(WORDS, "lamps.txt", "text", PATH)
LONGER = replace(FILE, text="A title.\n" + WORDS)
GONE = replace(FILE, text="Something else altogether.")
WHEN = GoldSpan(WORDS.index("1862"), WORDS.index("1862") + 4, "1862")
WHO = GoldSpan(WORDS.index("Ada"), WORDS.index("Ada") + 8, "Ada Wood")


def behind(span, by=9):
    return GoldSpan(span.start + by, span.end + by, span.text)


@pytest.fixture
def store():
    with closing(open_store()) as opened:
        yield opened


def steps(store):
    count = 0
    while labels.undo(store):
        count += 1
    for _ in range(count):
        labels.redo(store)
    return count


def test_nothing_to_follow(store):
    assert relocate_labels(store, FILE) == Relocation()
    labels.answer(store, FILE, "When?", [WHEN])
    labels.answer(store, Document("pasted", "pasted"), "Why?", (), is_impossible=True)
    for document in (FILE, Document("pasted", "pasted"), replace(GONE, path=Path("/docs/other.txt"))):
        assert relocate_labels(store, document) == Relocation()
    assert len(labels.texts(store)) == 2
    assert steps(store) == 2


def test_labels_move_with_their_words(store):
    when = labels.answer(store, FILE, "When?", [WHEN, WHO])
    asked = labels.add_questions(store, when.text_id, ["Why?"])[0]
    put_off = labels.skip(store, labels.answer(store, FILE, "Who?", [WHO]).id)
    relocation = relocate_labels(store, LONGER)
    notice = "'lamps.txt' has changed since it was labelled: 3 labels moved to the new text."
    assert relocation == Relocation("lamps.txt", 3, 0)
    assert relocation.notice == notice
    (kept,) = labels.texts(store)
    assert (kept.text, kept.path, kept.group) == (LONGER.text, PATH, str(PATH))
    assert labels.get(store, when.id).answers == (behind(WHEN), behind(WHO))
    states = {label.id: (label.text_id, label.state) for label in labels.labels(store)}
    assert states == {when.id: (kept.id, LABELLED), asked.id: (kept.id, OPEN), put_off.id: (kept.id, SKIPPED)}
    assert relocate_labels(store, LONGER) == Relocation()
    assert labels.answer(store, LONGER, "When?", [behind(WHO)]).id == when.id


def test_what_is_not_found_is_lost_and_says_so(store):
    when = labels.answer(store, FILE, "When?", [WHEN])
    who = labels.answer(store, FILE, "Who?", [WHO, WHEN])
    relocation = relocate_labels(store, replace(FILE, text=WORDS.replace("Ada Wood", "Ida Good")))
    assert (relocation.moved, relocation.lost) == (1, 1)
    assert "1 label could not be found again" in relocation.notice
    lost = labels.get(store, who.id)
    assert (lost.state, lost.answers) == (LOST, (GoldSpan(-1, -1, "Ada Wood"), GoldSpan(-1, -1, "1862")))
    assert labels.get(store, when.id).state == LABELLED
    assert [example.id for example in labels.examples(store)] == [when.key]
    assert labels.counts(store).lost == 1


def test_a_lost_label_is_answered_anew_in_the_new_words(store):
    made = labels.answer(store, FILE, "When?", [WHEN])
    relocation = relocate_labels(store, GONE)
    assert relocation.notice == (
        "'lamps.txt' has changed since it was labelled: "
        "1 label could not be found again and will not count until answered anew."
    )
    assert labels.write_note(store, made.id, "n").state == LOST
    said = labels.set_answers(store, made.id, [GoldSpan(0, 9, "Something")])
    assert (said.state, said.answers) == (LABELLED, (GoldSpan(0, 9, "Something"),))
    labels.undo(store)
    assert labels.answer(store, GONE, "When?", (), is_impossible=True).id == made.id
    assert relocate_labels(store, GONE) == Relocation()


def test_lost_labels_come_back_with_their_words(store):
    made = labels.answer(store, FILE, "When?", [WHEN])
    put_off = labels.skip(store, labels.answer(store, FILE, "Who?", [WHO]).id)
    relocate_labels(store, GONE)
    assert labels.get(store, put_off.id).answers == (GoldSpan(-1, -1, "Ada Wood"),)
    assert relocate_labels(store, replace(GONE, text="Still something else.")) == Relocation()
    assert relocate_labels(store, LONGER).moved == 2
    assert (labels.get(store, made.id).state, labels.get(store, made.id).answers) == (LABELLED, (behind(WHEN),))
    relocate_labels(store, GONE)
    assert relocate_labels(store, FILE).moved == 2
    back = labels.get(store, made.id)
    assert back == replace(made, changed=back.changed)
    assert labels.get(store, put_off.id).answers == (WHO,)


def test_no_answer_holds_until_there_is_something_new(store):
    made = labels.answer(store, FILE, "Why?", (), is_impossible=True)
    shorter = replace(FILE, text=WORDS.splitlines()[1])
    assert relocate_labels(store, shorter).moved == 1
    assert labels.get(store, made.id).state == LABELLED
    assert relocate_labels(store, LONGER).lost == 1
    lost = labels.get(store, made.id)
    assert (lost.state, lost.is_impossible, lost.answers) == (LOST, True, ())
    assert labels.set_no_answer(store, made.id).state == LABELLED


def test_following_is_one_step_that_can_be_undone(store):
    labels.answer(store, FILE, "When?", [WHEN])
    labels.answer(store, FILE, "Who?", [WHO])
    before = labels.labels(store)
    relocate_labels(store, GONE)
    assert labels.undo(store).text == "the move of the labels of 'lamps.txt' to its new words"
    assert labels.labels(store) == before
    assert labels.redo(store)
    assert labels.counts(store).lost == 2


def test_labels_follow_a_file_that_was_moved_and_then_changed(store, tmp_path):
    here, there = tmp_path / "a.txt", tmp_path / "b.txt"
    here.write_text(WORDS, encoding="utf-8")
    made = labels.answer(store, replace(FILE, path=here), "When?", [WHEN])
    here.rename(there)
    moved = replace(FILE, path=there, title="b.txt")
    assert relocate_labels(store, moved) == Relocation()
    kept = labels.text(store, made.text_id)
    assert (kept.path, kept.title, kept.group) == (there, "b.txt", str(there))
    assert labels.answer(store, moved, "when?", [WHO]).id == made.id
    assert relocate_labels(store, replace(moved, text=LONGER.text)).moved == 1
    assert labels.get(store, made.id).answers == (behind(WHO),)


def test_a_copy_has_the_same_labels_but_does_not_take_them_away(store, tmp_path):
    here, there = tmp_path / "a.txt", tmp_path / "b.txt"
    here.write_text(WORDS, encoding="utf-8")
    made = labels.answer(store, replace(FILE, path=here), "When?", [WHEN])
    copy = replace(FILE, path=there)
    assert relocate_labels(store, copy) == Relocation()
    assert labels.answer(store, copy, "When?", [WHO]).id == made.id
    assert labels.text(store, made.text_id).path == here
    assert relocate_labels(store, replace(copy, text=GONE.text)) == Relocation()


def test_what_is_out_of_reach_is_not_gone(store, monkeypatch):
    made = labels.answer(store, FILE, "When?", [WHEN])

    def refuse(_path, **_more):
        raise PermissionError

    monkeypatch.setattr(Path, "stat", refuse)
    labels.keep_text(store, replace(FILE, path=Path("/docs/copy.txt")))
    assert labels.text(store, made.text_id).path == PATH


def test_a_pasted_text_that_was_saved_as_a_file(store):
    made = labels.answer(store, Document(WORDS, "The harbour…"), "When?", [WHEN])
    relocate_labels(store, FILE)
    assert labels.text(store, made.text_id) == LabelText(made.text_id, "lamps.txt", "text", PATH, str(PATH), WORDS)
    assert labels.keep_text(store, Document(WORDS, "pasted again")) == made.text_id


def test_imported_texts_and_groups_stay_apart(store):
    rows = [Label(0, 0, "k", "When?", (WHEN,), False, LABELLED)]
    labels.add_labels(store, [(LabelText(0, "lamps", "squad", None, "lamps", WORDS), rows)])
    (imported,) = labels.texts(store)
    made = labels.answer(store, FILE, "When?", [WHEN])
    assert made.text_id != imported.id
    assert labels.text(store, imported.id) == imported
    other = labels.keep_text(store, FILE, "a group")
    assert other == labels.keep_text(store, replace(FILE, path=None), "a group")
    assert len({other, imported.id, made.text_id}) == 3
    relocate_labels(store, LONGER)
    assert labels.text(store, labels.get(store, made.id).text_id).text == LONGER.text
