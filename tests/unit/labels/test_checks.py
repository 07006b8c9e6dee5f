import pytest

from qadesk.labels import checks
from qadesk.labels.checks import find_mistakes
from qadesk.labels.edges import border_problem, edge_problem
from qadesk.records import GoldSpan, LabeledExample
from qadesk.structure.plain import blocks_of

TEXT = "Ada Lovelace wrote the first program in 1843. Ada was born in London."


def example(key, question, *answers, context=TEXT, title="Ada"):
    spans = tuple(GoldSpan(context.index(answer), context.index(answer) + len(answer), answer) for answer in answers)
    return LabeledExample(key, question, context, title, spans, not spans)


def kinds_and_keys(*examples, losses=None):
    """The findings that name labels: kinds and keys."""
    return [(finding.kind, finding.label_keys) for finding in find_mistakes(examples, losses) if finding.label_keys]


def test_nothing_to_say():
    assert find_mistakes([]) == []
    assert kinds_and_keys(example("a", "Who wrote it?", "Ada Lovelace"), example("b", "When?", "1843")) == []


def test_a_question_twice_with_an_answer_in_common_is_a_duplicate():
    rows = (example("a", "Who wrote it?", "Ada Lovelace"), example("b", "who wrote it", "Ada", "Ada Lovelace"))
    assert kinds_and_keys(*rows) == [("duplicate", ("a", "b"))]
    assert kinds_and_keys(example("a", "Why?"), example("b", "Why?")) == [("duplicate", ("a", "b"))]


@pytest.mark.parametrize("other", [(), ("London",)])
def test_a_question_twice_with_other_answers_is_a_contradiction(other):
    rows = (example("a", "Who wrote it?", "Ada Lovelace"), example("b", "Who wrote it?", *other))
    assert kinds_and_keys(*rows) == [("contradiction", ("a", "b"))]


def test_the_same_question_to_two_texts_is_neither():
    assert kinds_and_keys(example("a", "Who?", "Ada"), example("b", "Who?", "Bob", context="Bob ate.")) == []


def test_a_sentence_names_question_and_answers():
    (finding, *_) = find_mistakes([example("a", "Who wrote it?", "Ada Lovelace"), example("b", "Who wrote it?")])
    assert finding.what == "“Who wrote it?” has answers that differ: “Ada Lovelace” and ‘no answer’."


@pytest.mark.parametrize(
    ("first_question", "second_question", "is_near"),
    [
        ("Who wrote the program?", "Who wrote program?", True),
        ("Who wrote the program?", "The program was written by who?", False),
        ("Who wrote the program?", "The program, who wrote it?", True),
        ("Who wrote the first program?", "Who wrote the first programm?", True),
        ("What was begun in 1843?", "What was begun in 1844?", False),
        ("What did the import cost?", "What did the export cost?", False),
        ("Is it possible to leave?", "Is it impossible to leave?", False),
        ("When did Ada die?", "When did Ada live?", False),
        ("Who?", "Whom?", False),
    ],
)
def test_questions_that_are_nearly_the_same(first_question, second_question, is_near):
    rows = (example("a", first_question, "Ada Lovelace"), example("b", second_question, "London"))
    assert kinds_and_keys(*rows) == ([("near-duplicate question", ("a", "b"))] if is_near else [])
    assert kinds_and_keys(example("a", first_question, "London"), example("b", second_question, "London")) == []


def test_questions_from_a_pattern_are_not_compared_with_each_other(monkeypatch):
    answer_texts = {"Anna": "Ada", "Annas": "1843", "Annan": "London"}
    rows = [example(name, f"Where was {name} born?", answer) for name, answer in answer_texts.items()]
    assert [keys for _, keys in kinds_and_keys(*rows)] == [("Anna", "Annas"), ("Anna", "Annan")]
    monkeypatch.setattr(checks, "_MAX_GROUP", 2)
    assert kinds_and_keys(*rows) == []


@pytest.mark.parametrize(
    ("context", "answer", "fault"),
    [
        (TEXT, " Ada", "begins or ends with a blank"),
        (TEXT, "in 1843.", "ends with the full stop of its sentence"),
        (TEXT, "London.", "ends with the full stop of its sentence"),
        (TEXT, "Ada was born in London.", ""),
        (TEXT, "ovelace", "begins within the word “Lovelace”"),
        (TEXT, "Ada Love", "ends within the word “Lovelace”"),
        (TEXT, "184", "ends within the word “1843”"),
        (TEXT, "1843", ""),
        ("He lived in Paris, France.", "Paris,", "ends with “,”"),
        ("It was - he said - late.", "- he said", "begins with “-”"),
        ("It was -5 degrees.", "-5 degrees", ""),
        ("It cost 5kg of salt.", "5", ""),
        ("They (all of them) left.", "(all of them", "begins with “(” that is not closed"),
        ("They (all of them) left.", "all of them)", "ends with “)” that was not opened"),
        ("They (all of them) left.", "(all of them)", ""),
        ("They (all of them) left.", "They (all", "has “(” that is not closed"),
        ("They (all of them) left.", "them) left", "has “)” that was not opened"),
        ("They (all [of] them) left.", "(all [of] them) left", ""),
        ("Bring a) a pen and b) ink.", "a) a pen and b) ink", ""),
        ('He said "no more" to us.', '"no more', 'has one “"” of two'),
        ('He said "no more" to us.', '"no more"', ""),
        ("He moved to the U.S. in May.", "U.S.", ""),
        ("He sold Acme Inc. in May.", "Acme Inc.", ""),
        ("It is a test. Then it ended.", ". Then", "begins with “.”"),
        ("It lies on the .NET side.", ".NET side", ""),
        ("東京都に住む。", "京都", ""),
    ],
)
def test_edges(context, answer, fault):
    start = context.index(answer)
    assert edge_problem(GoldSpan(start, start + len(answer), answer), context) == fault


def test_an_answer_out_of_place_is_judged_by_its_own_words():
    assert edge_problem(GoldSpan(5, 8, "Ada"), TEXT) == ""
    assert edge_problem(GoldSpan(-1, -1, "Ada,"), TEXT) == "ends with “,”"


def test_a_label_with_stray_punctuation_is_named_once_an_answer():
    row = example("a", "Where?", "London.", "London.", "1843.")
    assert kinds_and_keys(row) == [("punctuation", ("a",))] * 2
    assert find_mistakes([row])[0].what == "The answer “London.” to “Where?” ends with the full stop of its sentence."


def test_labels_that_the_model_finds_unlikely_the_worst_first():
    rows = [example(f"q{number}", f"What is number {number}?", "1843") for number in range(60)]
    losses = {row.id: number / 10 for number, row in enumerate(rows)} | {"gone": 9.0}
    unlikely = [keys for kind, keys in kinds_and_keys(*rows, losses=losses) if kind == "unlikely"]
    assert unlikely == [(f"q{number}",) for number in range(59, 29, -1)]
    assert len(kinds_and_keys(*rows, losses=dict.fromkeys(losses, 5.0))) == checks.MAX_UNLIKELY
    assert kinds_and_keys(*rows) == []


@pytest.mark.parametrize(
    ("answerable", "impossible", "words"),
    [
        (
            30,
            0,
            "0 of 30 labels (0\N{NO-BREAK SPACE}%) say that the text has no answer.",
        ),
        (20, 10, "10 of 30 labels (33\N{NO-BREAK SPACE}%) say that the text has no answer."),
        (
            5,
            25,
            "25 of 30 labels (83\N{NO-BREAK SPACE}%) say that the text has no answer.",
        ),
    ],
)
def test_balance(answerable, impossible, words):
    rows = [example(f"a{number}", f"What is {number}?", "1843") for number in range(answerable)]
    rows += [example(f"b{number}", f"What was {number}?") for number in range(impossible)]
    (finding,) = [finding for finding in find_mistakes(rows) if finding.kind == "balance"]
    assert finding.what.startswith(words)
    assert ("can forget" in finding.what, "can refuse" in finding.what) == (not impossible, impossible > 20)


def test_one_document_that_outweighs_the_others_is_reported():
    rows = [example(f"a{number}", f"What is {number}?", "1843") for number in range(9)]
    rows.append(example("b", "Who?", "Bob", context="Bob ate.", title="Bob"))
    (finding,) = [finding for finding in find_mistakes(rows) if finding.kind == "balance"]
    assert finding.what.endswith("90\N{NO-BREAK SPACE}% of them are from “Ada”.")


def test_size():
    rows = [example(f"a{number}", f"What is {number}?", "1843") for number in range(10)]
    assert find_mistakes(rows)[-1].what == (
        "8 labels to learn from and 2 to measure on, split by question. Fewer than 20 labels teach a model little."
    )
    rows = [example(f"a{number}", f"What is {number}?", "1843") for number in range(100)]
    assert find_mistakes(rows)[-1].what == "80 labels to learn from and 20 to measure on, split by question."


def test_one_label_is_one_label():
    assert [finding.what.split(".")[0] for finding in find_mistakes([example("a", "Why?")])] == [
        "1 of 1 label (100\N{NO-BREAK SPACE}%) say that the text has no answer",
        "1 label to learn from and 0 to measure on, split by question",
    ]


def test_findings_come_in_one_order():
    rows = [example("a", "Who?", "Ada"), example("b", "Who?", "London."), example("c", "Who?", "Ada")]
    assert [finding.kind for finding in find_mistakes(rows, {"a": 7.0})] == [
        "contradiction", "punctuation", "unlikely", "balance", "size",
    ]  # fmt: skip


def test_many_and_long_questions_are_checked_in_time_and_space_that_grow_with_them():
    rows = [example(f"q{number}", "Who wrote it?", "Ada") for number in range(5000)]
    rows.append(example("long", " ".join(f"word{number}" for number in range(5000)), "Ada"))
    assert kinds_and_keys(*rows)[0] == ("duplicate", tuple(row.id for row in rows[:-1]))


TABLE = (
    "Bills\n\nAllowed on the balcony.\n\nOne cat may be kept\nif it is quiet.\n\n"
    "Bill\tPaid by\nWater\tTenants\nmeter\tLandlord\n"
)


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        ("Allowed", "balcony", ""),
        ("balcony", "One cat", "runs over the end of a paragraph"),
        ("One cat", "is quiet", ""),
        ("Water", "Tenants", "runs over the border of a table cell"),
        ("Tenants", "meter", "runs over the border of a table cell"),
        ("quiet", "Paid by", "runs over the end of a paragraph"),
    ],
)
def test_answers_over_the_border_of_a_block_or_a_cell(first, last, problem):
    start, end = TABLE.index(first), TABLE.index(last) + len(last)
    answer = GoldSpan(start, end, TABLE[start:end])
    blocks = blocks_of(TABLE)
    assert [block.kind for block in blocks][-1] == "table"
    assert border_problem(answer, blocks) == problem
    row = LabeledExample("a", "What?", TABLE, "", (answer,), False)
    assert [finding.kind for finding in find_mistakes([row]) if "runs over" in finding.what] == ["border"] * bool(
        problem
    )
