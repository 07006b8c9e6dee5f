from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app import history
from qadesk.app.labelling import labels
from qadesk.app.labelling.labels import Counts
from qadesk.app.labelling.relocate import relocate_labels
from qadesk.app.open_store import open_store
from qadesk.errors import DataError, QuestionError, StoreError
from qadesk.records import LABELLED, OPEN, SKIPPED, Changes, Document, GoldSpan, Label, LabeledExample, LabelText
from qadesk.sentences import Sentence
from qadesk.structure import Block

WORDS = "The lamp was lit in 1862. Ada Wood paid for it."
FILE = Document(WORDS, "lamps.txt", "text", Path("/docs/lamps.txt"))
PASTED = Document("Nobody was asked.", "Nobody was asked.")
WHEN = GoldSpan(20, 24, "1862")
WHO = GoldSpan(26, 34, "Ada Wood")


@pytest.fixture
def store():
    with closing(open_store()) as store:
        yield store


@pytest.fixture
def text_id(store):
    return labels.keep_text(store, FILE)


@pytest.fixture
def label(store, text_id):
    (added,) = labels.add_questions(store, text_id, ["When?"])
    return added


def row(question, *answers, key="", state=LABELLED, **more):
    return Label(0, 0, key, question, answers, state == LABELLED and not answers, state, origin="set.json", **more)


def text(words=WORDS, title="Article"):
    return LabelText(0, title, "squad", None, title, words)


def test_the_first_answer_to_a_question_makes_a_label(store):
    label = labels.answer(store, FILE, " When? ", [WHEN])
    assert labels.get(store, label.id) == label
    assert (label.question, label.answers, label.is_impossible, label.state) == ("When?", (WHEN,), False, LABELLED)
    assert (label.origin, label.note, label.extra, len(label.key)) == ("ask", "", "", 24)
    text = labels.text(store, label.text_id)
    assert text == LabelText(label.text_id, "lamps.txt", "text", FILE.path, str(FILE.path), WORDS)


def test_the_next_answer_replaces_it(store):
    first = labels.answer(store, FILE, "When?", [WHEN])
    labels.write_note(store, first.id, "sure")
    second = labels.answer(store, FILE, "when  ?".replace("  ", ""), (), is_impossible=True, origin="label")
    assert (second.id, second.question, second.answers, second.is_impossible) == (first.id, "When?", (), True)
    assert (second.note, second.origin, second.key) == ("sure", "ask", first.key)
    labels.answer(store, PASTED, "When?", (), is_impossible=True)
    assert labels.counts(store) == Counts(0, 2, 0, 0, 2, 2, 2)


@pytest.mark.parametrize(
    ("answers", "is_impossible"),
    [
        ((), False),
        ((WHEN,), True),
        ((WHEN, GoldSpan(21, 25, "1862")), False),
        ((GoldSpan(20, 25, "1862"),), False),
        ((GoldSpan(-1, 3, "1862"),), False),
        ((GoldSpan(24, 24, ""),), False),
        ((GoldSpan(25, 26, " "),), False),
    ],
)
def test_what_cannot_be_right_is_reported_and_changes_nothing(store, label, answers, is_impossible):
    with pytest.raises(DataError) as excinfo:
        labels.answer(store, FILE, "Who?", answers, is_impossible=is_impossible)
    assert excinfo.value.hint
    if not is_impossible:
        with pytest.raises(DataError):
            labels.set_answers(store, label.id, answers)
    assert labels.labels(store) == [label]


def test_an_empty_question_is_refused(store, label):
    with pytest.raises(QuestionError, match="empty"):
        labels.answer(store, FILE, " \n", [WHEN])
    with pytest.raises(QuestionError, match="empty"):
        labels.edit_question(store, label.id, "")


def test_questions_are_added_once(store, text_id):
    new_labels = labels.add_questions(store, text_id, ["When?", " ", "Who paid?", "WHO  paid?"])
    assert [(label.question, label.state, label.text_id) for label in new_labels] == [
        ("When?", OPEN, text_id),
        ("Who paid?", OPEN, text_id),
    ]
    assert labels.add_questions(store, text_id, ["who paid?"]) == []
    assert len({label.key for label in labels.labels(store)}) == 2


def test_the_life_of_a_label(store, label):
    changed = labels.set_answers(store, label.id, [WHEN, WHO])
    assert (changed.state, changed.answers) == (LABELLED, (WHEN, WHO))
    changed = labels.skip(store, label.id)
    assert (changed.state, changed.answers) == (SKIPPED, (WHEN, WHO))
    changed = labels.set_no_answer(store, label.id)
    assert (changed.state, changed.answers, changed.is_impossible) == (LABELLED, (), True)
    changed = labels.reopen(store, label.id)
    assert (changed.state, changed.answers, changed.is_impossible) == (OPEN, (), False)
    changed = labels.edit_question(store, label.id, " Since when? ")
    changed = labels.write_note(store, label.id, "ask Ada")
    assert changed == replace(label, question="Since when?", note="ask Ada", changed=changed.changed)


def test_every_verb_is_one_step_with_its_sentence(store, label):
    verbs = [
        (lambda: labels.set_answers(store, label.id, [WHEN]), 'the answer to "When?"'),
        (lambda: labels.set_no_answer(store, label.id), 'the answer to "When?"'),
        (lambda: labels.skip(store, label.id), 'skipping "When?"'),
        (lambda: labels.reopen(store, label.id), 'reopening "When?"'),
        (lambda: labels.write_note(store, label.id, "n"), 'the note on "When?"'),
        (lambda: labels.edit_question(store, label.id, "Who?"), 'the wording of "When?"'),
        (lambda: labels.answer(store, FILE, "who?", [WHO]), 'the answer to "who?"'),
        (lambda: labels.answer(store, PASTED, "Why?", (), is_impossible=True), 'the answer to "Why?"'),
        (lambda: labels.add_questions(store, label.text_id, ["x" * 100]), f'the adding of the question "{"x" * 59}…"'),
        (lambda: labels.add_questions(store, label.text_id, ["A?", "B?"]), "the adding of 2 questions"),
        (lambda: labels.add_labels(store, [(text(), [row("C?", WHEN)])]), "the import of 'set.json'"),
        (lambda: labels.delete(store, [label.id]), 'the deletion of "Who?"'),
        (lambda: labels.delete(store, [entry.id for entry in labels.labels(store)]), "the deletion of 5 labels"),
    ]
    states = [labels.labels(store)]
    for verb, _ in verbs:
        verb()
        states.append(labels.labels(store))
    assert states[-1] == []
    for number, (_, what) in reversed(list(enumerate(verbs))):
        assert labels.can_undo(store)
        assert labels.undo(store).sentence.text == what
        assert labels.labels(store) == states[number]
    for number, (_, what) in enumerate(verbs):
        assert labels.can_redo(store)
        assert labels.redo(store).sentence.text == what
        assert labels.labels(store) == states[number + 1]
    assert not labels.can_redo(store)
    assert labels.redo(store) is None


def test_the_names_of_steps_are_stored_as_ids_with_arguments(store, label):
    labels.set_answers(store, label.id, [WHEN])
    assert labels.undo(store).sentence == Sentence("label.answer", {"question": "When?"})
    assert labels.undo(store).sentence == Sentence("label.add", {"count": 1, "question": "When?"})
    stored = store.connection.execute("select sentence from label_batches").fetchall()
    assert not [column for (column,) in stored if "the " in column]


def test_what_writes_labels_is_recorded_and_nothing_else_does(store, label, text_id):
    assert store.take_changes() == Changes(labels=True)
    for verb in (
        lambda: labels.keep_text(store, FILE),
        lambda: labels.add_questions(store, text_id, ["when?", " "]),
        lambda: labels.write_note(store, label.id, ""),
        lambda: labels.delete(store, [7]),
        lambda: labels.redo(store),
        lambda: relocate_labels(store, FILE),
        lambda: labels.labels(store),
    ):
        verb()
        assert not store.take_changes()
    with pytest.raises(DataError):
        labels.set_answers(store, label.id, [])
    assert not store.take_changes()
    for verb in (
        lambda: labels.skip(store, label.id),
        lambda: labels.undo(store),
        lambda: labels.redo(store),
        lambda: labels.answer(store, FILE, "When?", [WHEN]),
        lambda: relocate_labels(store, replace(FILE, text="Other words.")),
        lambda: labels.keep_text(store, PASTED),
        lambda: labels.add_questions(store, text_id, ["Why?"]),
        lambda: labels.add_labels(store, [(text(), [row("C?", WHEN)])]),
        lambda: labels.delete(store, [label.id]),
    ):
        verb()
        assert store.take_changes() == Changes(labels=True)


def test_nothing_to_undo(store, text_id):
    assert not labels.can_undo(store)
    assert labels.undo(store) is None
    labels.keep_text(store, PASTED)
    labels.add_questions(store, text_id, [])
    labels.delete(store, [7])
    labels.add_labels(store, [])
    assert labels.undo(store) is None


def test_a_label_that_is_gone_is_reported_in_words(store, label):
    labels.delete(store, [label.id])
    for verb in (labels.get, labels.skip, labels.reopen, labels.set_no_answer):
        with pytest.raises(StoreError, match="gone"):
            verb(store, label.id)
    with pytest.raises(StoreError, match="not kept"):
        labels.text(store, 77)
    with pytest.raises(StoreError, match="not kept"):
        labels.add_questions(store, 77, ["When?"])
    assert labels.undo(store)
    assert labels.get(store, label.id) == label


def test_many_are_added_at_once(store):
    sets = [
        (text(), [row("When?", WHEN, WHEN, key="a", extra='{"x": 1}', note="n", made=1.0, changed=2.0), row("Why?")]),
        (text("Other words."), [row("When?", state=OPEN), row("Where?", GoldSpan(0, 5, "Other"), state=SKIPPED)]),
    ]
    assert labels.add_labels(store, sets) == 4
    first, second, third, fourth = sorted(labels.labels(store), key=lambda label: label.id)
    assert first == replace(sets[0][1][0], id=first.id, text_id=first.text_id)
    assert (second.text_id, second.question, second.is_impossible) == (first.text_id, "Why?", True)
    assert (third.state, fourth.state) == (OPEN, SKIPPED)
    assert labels.text(store, third.text_id).text == "Other words."
    assert labels.counts(store) == Counts(1, 2, 1, 0, 1, 2, 1)


def test_what_is_there_already_is_left_out(store):
    rows = [row("When?", WHEN, key="a"), row("Who?", WHO)]
    assert labels.add_labels(store, [(text(), rows)]) == 2
    assert labels.add_labels(store, [(text(), rows)]) == 0
    assert labels.add_labels(store, [(text(), [*rows, row("what?")]), (text(title="Other"), rows)]) == 3
    keys = [label.key for label in labels.labels(store)]
    assert len(set(keys)) == 5
    assert keys.count("a") == 1


def test_questions_that_come_twice_in_one_data_set(store):
    rows = [row("When?", WHEN, key="a"), row("When?", WHEN, key="b"), row("When?", WHEN, key="b")]
    rows += [row("Who?", WHO), row("who?", WHO)]
    assert labels.add_labels(store, [(text(), rows[:2]), (text(), rows[2:])]) == 3
    assert [label.key for label in labels.labels(store)][:2] == ["a", "b"]


def test_adding_to_a_kept_text(store, text_id):
    kept_text = labels.text(store, text_id)
    assert labels.add_labels(store, [(kept_text, [row("When?", WHEN)]), (text("never kept"), [])]) == 1
    assert labels.texts(store) == [kept_text]


def test_a_wrong_row_adds_nothing(store):
    for wrong in (row("Who?", GoldSpan(1, 9, "Ada Wood")), replace(row("Who?", WHO), is_impossible=True)):
        with pytest.raises(DataError):
            labels.add_labels(store, [(text(), [row("When?", WHEN), wrong])])
    assert labels.labels(store) == labels.texts(store) == []


def test_examples(store, text_id):
    labels.add_questions(store, text_id, ["Open?"])
    when = labels.answer(store, FILE, "When?", [WHEN])
    who = labels.answer(store, FILE, "Who?", [WHO])
    labels.skip(store, labels.answer(store, FILE, "Skipped?", [WHO]).id)
    why = labels.answer(store, PASTED, "Why?", (), is_impossible=True)
    examples = labels.examples(store)
    assert examples == [
        LabeledExample(when.key, "When?", WORDS, str(FILE.path), (WHEN,), False),
        LabeledExample(who.key, "Who?", WORDS, str(FILE.path), (WHO,), False),
        LabeledExample(why.key, "Why?", PASTED.text, PASTED.title, (), True),
    ]
    assert examples[0].context is examples[1].context


def test_examples_have_the_blocks_of_their_texts(store):
    blocks = (Block("pair", 0, len(WORDS), body=4),)
    labels.answer(store, replace(FILE, blocks=blocks), "When?", [WHEN])
    labels.answer(store, FILE, "Who?", [WHO])
    labels.answer(store, PASTED, "Why?", (), is_impossible=True)
    examples = labels.examples(store)
    assert [example.blocks for example in examples] == [blocks, blocks, ()]
    assert examples[0].blocks is examples[1].blocks
    assert [example.document.blocks for example in examples] == [blocks, blocks, ()]
    assert [example.blocks for example in labels.examples(store, has_blocks=False)] == [(), (), ()]


def test_labels_are_listed_searched_and_counted(store, label, text_id):
    labels.answer(store, FILE, "Who paid?", [WHO])
    assert [entry.question for entry in labels.labels(store)] == ["Who paid?", "When?"]
    assert labels.labels(store, state=OPEN) == labels.labels(store, search="when") == [label]
    assert len(labels.labels(store, text_id=text_id)) == 2
    assert labels.counts(store) == Counts(1, 1, 0, 0, 0, 1, 1)
    assert [text.id for text in labels.texts(store)] == [text_id]


def test_halves_of_characters_do_no_harm(store):
    odd = Document("a\ud83d b", "t\ud83d")
    label = labels.answer(store, odd, "W\ud83dy?", [GoldSpan(0, 2, "a\ud83d")])
    assert labels.set_answers(store, label.id, [GoldSpan(0, 2, "a?")]).answers == (GoldSpan(0, 2, "a?"),)
    assert labels.answer(store, odd, "W\ud83dy?", [GoldSpan(3, 4, "b")]).id == label.id


def test_the_history_is_forgotten_but_not_the_labels(store):
    history.remember_document(store, PASTED)
    label = labels.answer(store, PASTED, "Why?", (), is_impossible=True)
    history.forget_document(store, history.recent_documents(store)[0])
    history.forget_all(store)
    assert labels.labels(store) == [label]
    assert labels.text(store, label.text_id).text == PASTED.text


def test_after_forgetting_the_labels_have_a_backup_that_holds_nothing_else(store):
    secret = Document("A secret that is to be forgotten.", "secret")
    label = labels.answer(store, PASTED, "Why?", (), is_impossible=True)
    history.remember_document(store, secret)
    open_store().close()  # makes a backup
    (folder,) = paths.data_dir().glob("backups")
    (folder / "qadesk-2020-01-01.db").write_text(secret.text, encoding="utf-8")
    history.forget_all(store)
    (backup,) = folder.iterdir()
    assert secret.text.encode() not in backup.read_bytes()
    store.close()
    store.path.write_bytes(b"damaged" * 1000)
    with closing(open_store()) as reopened:
        assert "The backup of" in reopened.notices[0]
        assert labels.labels(reopened) == [label]
        assert labels.can_undo(reopened)
