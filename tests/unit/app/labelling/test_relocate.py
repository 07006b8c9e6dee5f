from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.app.labelling import labels
from qadesk.app.labelling.relocate import Relocation, relocate_labels
from qadesk.app.open_store import open_store
from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, Document, GoldSpan, Label, LabelText
from qadesk.structure import Block
from qadesk.structure.plain import blocks_of

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
    with closing(open_store()) as store:
        yield store


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
    open_label = labels.add_questions(store, when.text_id, ["Why?"])[0]
    put_off = labels.skip(store, labels.answer(store, FILE, "Who?", [WHO]).id)
    relocation = relocate_labels(store, LONGER)
    notice = "The text of 'lamps.txt' has changed since it was labelled: 3 labels moved to the new text."
    assert relocation == Relocation("lamps.txt", 3, 0)
    assert relocation.notice == notice
    (text,) = labels.texts(store)
    assert (text.text, text.path, text.group) == (LONGER.text, PATH, str(PATH))
    assert labels.get(store, when.id).answers == (behind(WHEN), behind(WHO))
    states = {label.id: (label.text_id, label.state) for label in labels.labels(store)}
    assert states == {
        when.id: (text.id, LABELLED),
        open_label.id: (text.id, OPEN),
        put_off.id: (text.id, SKIPPED),
    }
    assert relocate_labels(store, LONGER) == Relocation()
    assert labels.answer(store, LONGER, "When?", [behind(WHO)]).id == when.id


def test_what_is_not_found_is_lost_and_marked_so(store):
    when = labels.answer(store, FILE, "When?", [WHEN])
    who = labels.answer(store, FILE, "Who?", [WHO, WHEN])
    relocation = relocate_labels(store, replace(FILE, text=WORDS.replace("Ada Wood", "Ida Good")))
    assert (relocation.moved, relocation.lost) == (1, 1)
    assert "1 label could not be found again" in relocation.notice
    lost_label = labels.get(store, who.id)
    assert (lost_label.state, lost_label.answers) == (LOST, (GoldSpan(-1, -1, "Ada Wood"), GoldSpan(-1, -1, "1862")))
    assert labels.get(store, when.id).state == LABELLED
    assert [example.id for example in labels.examples(store)] == [when.key]
    assert labels.counts(store).lost == 1


def test_a_lost_label_is_answered_anew_in_the_new_words(store):
    label = labels.answer(store, FILE, "When?", [WHEN])
    relocation = relocate_labels(store, GONE)
    assert relocation.notice == (
        "The text of 'lamps.txt' has changed since it was labelled: "
        "1 label could not be found again and will not count until answered anew."
    )
    assert labels.write_note(store, label.id, "n").state == LOST
    label_with_answer = labels.set_answers(store, label.id, [GoldSpan(0, 9, "Something")])
    assert (label_with_answer.state, label_with_answer.answers) == (LABELLED, (GoldSpan(0, 9, "Something"),))
    labels.undo(store)
    assert labels.answer(store, GONE, "When?", (), is_impossible=True).id == label.id
    assert relocate_labels(store, GONE) == Relocation()


def test_lost_labels_come_back_with_their_words(store):
    label = labels.answer(store, FILE, "When?", [WHEN])
    put_off = labels.skip(store, labels.answer(store, FILE, "Who?", [WHO]).id)
    relocate_labels(store, GONE)
    assert labels.get(store, put_off.id).answers == (GoldSpan(-1, -1, "Ada Wood"),)
    assert relocate_labels(store, replace(GONE, text="Still something else.")) == Relocation()
    assert relocate_labels(store, LONGER).moved == 2
    assert (labels.get(store, label.id).state, labels.get(store, label.id).answers) == (LABELLED, (behind(WHEN),))
    relocate_labels(store, GONE)
    assert relocate_labels(store, FILE).moved == 2
    restored = labels.get(store, label.id)
    assert restored == replace(label, changed=restored.changed)
    assert labels.get(store, put_off.id).answers == (WHO,)


def test_no_answer_holds_until_there_is_something_new(store):
    label = labels.answer(store, FILE, "Why?", (), is_impossible=True)
    shorter = replace(FILE, text=WORDS.splitlines()[1])
    assert relocate_labels(store, shorter).moved == 1
    assert labels.get(store, label.id).state == LABELLED
    assert relocate_labels(store, LONGER).lost == 1
    lost_label = labels.get(store, label.id)
    assert (lost_label.state, lost_label.is_impossible, lost_label.answers) == (LOST, True, ())
    assert labels.set_no_answer(store, label.id).state == LABELLED


def test_following_is_one_step_that_can_be_undone(store):
    labels.answer(store, FILE, "When?", [WHEN])
    labels.answer(store, FILE, "Who?", [WHO])
    before = labels.labels(store)
    relocate_labels(store, GONE)
    assert labels.undo(store).sentence.text == "the move of the labels of 'lamps.txt' to its new words"
    assert labels.labels(store) == before
    assert labels.redo(store)
    assert labels.counts(store).lost == 2


def test_labels_follow_a_file_that_was_moved_and_then_changed(store, tmp_path):
    old_path, new_path = tmp_path / "a.txt", tmp_path / "b.txt"
    old_path.write_text(WORDS, encoding="utf-8")
    label = labels.answer(store, replace(FILE, path=old_path), "When?", [WHEN])
    old_path.rename(new_path)
    moved_file = replace(FILE, path=new_path, title="b.txt")
    assert relocate_labels(store, moved_file) == Relocation()
    text = labels.text(store, label.text_id)
    assert (text.path, text.title, text.group) == (new_path, "b.txt", str(new_path))
    assert labels.answer(store, moved_file, "when?", [WHO]).id == label.id
    assert relocate_labels(store, replace(moved_file, text=LONGER.text)).moved == 1
    assert labels.get(store, label.id).answers == (behind(WHO),)


def test_a_copy_has_the_same_labels_but_does_not_take_them_away(store, tmp_path):
    path, copy_path = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_text(WORDS, encoding="utf-8")
    label = labels.answer(store, replace(FILE, path=path), "When?", [WHEN])
    copy = replace(FILE, path=copy_path)
    assert relocate_labels(store, copy) == Relocation()
    assert labels.answer(store, copy, "When?", [WHO]).id == label.id
    assert labels.text(store, label.text_id).path == path
    assert relocate_labels(store, replace(copy, text=GONE.text)) == Relocation()


def test_what_is_out_of_reach_is_not_gone(store, monkeypatch):
    label = labels.answer(store, FILE, "When?", [WHEN])

    def refuse(_path, **_more):
        raise PermissionError

    monkeypatch.setattr(Path, "stat", refuse)
    labels.keep_text(store, replace(FILE, path=Path("/docs/copy.txt")))
    assert labels.text(store, label.text_id).path == PATH


def test_a_pasted_text_that_was_saved_as_a_file(store):
    label = labels.answer(store, Document(WORDS, "The harbour…"), "When?", [WHEN])
    relocate_labels(store, FILE)
    assert labels.text(store, label.text_id) == LabelText(label.text_id, "lamps.txt", "text", PATH, str(PATH), WORDS)
    assert labels.keep_text(store, Document(WORDS, "pasted again")) == label.text_id


def test_a_text_of_labels_has_the_structure_of_its_document(store):
    blocks = (Block("heading", 0, 30, 1), Block("paragraph", 31, len(WORDS)))
    label = labels.answer(store, replace(FILE, blocks=blocks), "When?", [WHEN])
    assert labels.text(store, label.text_id).blocks == blocks
    relocate_labels(store, replace(LONGER, blocks=blocks[:1]))
    assert labels.text(store, labels.get(store, label.id).text_id).blocks == blocks[:1]


def test_a_text_that_was_stored_without_structure_gets_it_when_its_file_is_opened(store):
    label = labels.answer(store, FILE, "When?", [WHEN])
    assert labels.text(store, label.text_id).blocks == blocks_of(WORDS)
    blocks = (Block("heading", 0, 30, 1), Block("paragraph", 31, len(WORDS)))
    assert relocate_labels(store, replace(FILE, blocks=blocks)) == Relocation()
    assert labels.text(store, label.text_id).blocks == blocks


def test_imported_texts_and_groups_stay_apart(store):
    rows = [Label(0, 0, "k", "When?", (WHEN,), False, LABELLED)]
    labels.add_labels(store, [(LabelText(0, "lamps", "squad", None, "lamps", WORDS), rows)])
    (imported,) = labels.texts(store)
    label = labels.answer(store, FILE, "When?", [WHEN])
    assert label.text_id != imported.id
    assert labels.text(store, imported.id) == imported
    other_text = labels.keep_text(store, FILE, "a group")
    assert other_text == labels.keep_text(store, replace(FILE, path=None), "a group")
    assert len({other_text, imported.id, label.text_id}) == 3
    relocate_labels(store, LONGER)
    assert labels.text(store, labels.get(store, label.id).text_id).text == LONGER.text
