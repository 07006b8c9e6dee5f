"""What the label view says in words: where the text is from, the state of the label, and what the model thinks."""

from __future__ import annotations

from qadesk.app import phrases
from qadesk.labels.edges import border_problem
from qadesk.labels.wording import shortened
from qadesk.records import LABELLED, LOST, OPEN, Document, GoldSpan, Label, LabelText
from qadesk.ui.label.label_session import LabelSession

_GUESS = 60  # characters of the model's guess in a sentence


def text_source(text: LabelText, label: Label, open_document: Document | None) -> str:
    """The title of the text, and the page or line that the answer is on; the pages are those of ``open_document``."""
    if not label.answers or label.answers[0].start < 0:
        return text.title
    is_open = open_document is not None and open_document.text == text.text
    document = open_document if open_document is not None and is_open else text.document
    return " · ".join(filter(None, (text.title, phrases.location(document, label.answers[0].start))))


def state_and_remark(session: LabelSession) -> tuple[str, str]:
    """The state of the label in words, and a remark on what is marked."""
    label = session.label
    if label is None:
        return "", ""
    model = " ".join(filter(None, (_border_remark(session), _model_remark(session))))
    if label.state == LABELLED:
        state = "Not in the text" if label.is_impossible else "Labelled"
        if label.author:
            state += f" by {label.author}"
            model = f"What you say about it is saved as your own label. {model}"
        return state, model
    if label.state == LOST:
        answers = ", ".join(f"“{' '.join(answer.text.split())}”" for answer in label.answers[:3])
        return "Lost: the text has changed", f"It was {answers}." if answers else model
    return ("Skipped" if label.state != OPEN else "Open"), model


def _border_remark(session: LabelSession) -> str:
    """Whether the marked words run over the end of a block: answers never do."""
    if session.text is None or session.span is None:
        return ""
    problem = border_problem(GoldSpan(*session.span, session.marked_text), session.text.blocks)
    return f"What is marked {problem}." if problem else ""


def _model_remark(session: LabelSession) -> str:
    """How confident the model is of its best answer, and of no answer; '' where it suggests nothing."""
    if session.suggestion is None or session.suggestion.answers.best is None:
        return ""
    answers, best = session.suggestion.answers, session.suggestion.answers.best
    if session.is_doubtful and answers.no_answer is not None:
        guess = f"Its best guess is “{shortened(' '.join(best.text.split()), _GUESS)}”"
        chances = [phrases.per_cent(chance) for chance in (answers.no_answer, best.confidence)]
        return f"The model finds no answer: {chances[0]}. {guess}: {chances[1]}."
    no_answer = "" if answers.no_answer is None else f", no answer {phrases.per_cent(answers.no_answer)}"
    return f"The model: {phrases.per_cent(best.confidence)}{no_answer}."
