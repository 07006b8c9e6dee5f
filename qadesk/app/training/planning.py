"""The plan of a training run: its data, the model that it starts from and its configuration; and warnings about it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qadesk import paths
from qadesk.app.reading.load import model_folder
from qadesk.app.training.ranks import check_processes
from qadesk.app.training.unanswered import LEARNED, unanswered_questions
from qadesk.errors import DataError, ModelError, QuestionError
from qadesk.labels import split as splits
from qadesk.labels.dataset import Problem
from qadesk.labels.label_files import read_dataset
from qadesk.qa import models, windows
from qadesk.qa.askable import check_question
from qadesk.qa.expectation import USUAL, share_of
from qadesk.qa.models import Model
from qadesk.records import LabeledExample
from qadesk.settings import Settings
from qadesk.train.config import PRESETS, Config, for_few, with_overrides

FEW, FEW_TO_MEASURE = 20, 10
"""Labels that are enough to learn from, and questions that are enough to measure with: below, there is a warning."""

_BYTES_A_PARAMETER = 45  # two checkpoints and a third being written (3 x 12), the best weights (4), the result (3)
_TRAINING_DEVICES = ("cpu", "cuda", "mps")
_LARGE, _LARGE_RATE = 50_000_000, 3  # weights of a model that learns at a rate so many times lower
_MAX_NAMED = 3  # of the labels that are left out: there may be thousands
_SAME_DOCUMENTS = "It is measured on questions to the documents that it learns from: to others it may answer worse."


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run trains, and on what data.

    ``base`` is the folder of the model that it starts from. ``unlabelled`` are texts for the distillation loss.
    ``by`` says how the evaluation part was set aside: by 'document', by 'question', or 'file' if it was given.
    ``left_out`` is the number of labels that cannot be used, ``problems`` say which and why, by id. The
    ``extras`` are questions without an answer, made by rule (``app.training.unanswered``): they are learned from beside
    ``train``, and measured with beside ``evaluation``.
    ``expected`` is the share of questions that have an answer, as the user answers with (``qa.expectation``).
    ``processes`` train it together (``app.training.ranks``).
    """

    base: str
    train: tuple[LabeledExample, ...]
    evaluation: tuple[LabeledExample, ...]
    unlabelled: tuple[str, ...]
    config: Config
    effort: str
    by: str = splits.BY_DOCUMENT
    left_out: int = 0
    problems: tuple[Problem, ...] = ()
    train_extras: tuple[LabeledExample, ...] = ()
    evaluation_extras: tuple[LabeledExample, ...] = ()
    expected: float = USUAL
    processes: int = 1

    @property
    def train_questions(self) -> tuple[LabeledExample, ...]:
        """All questions that the run learns from."""
        return (*self.train, *self.train_extras)

    @property
    def evaluation_questions(self) -> tuple[LabeledExample, ...]:
        """All questions that the run is measured with."""
        return (*self.evaluation, *self.evaluation_extras)


def plan(
    examples: Sequence[LabeledExample],
    texts: Sequence[str],
    *,
    base: str = "",
    effort: str = "balanced",
    overrides: Mapping[str, str] | None = None,
    evaluation: Sequence[LabeledExample] | None = None,
    seed: int = 0,
    processes: int = 1,
) -> Plan:
    """The plan of a run on ``examples``, a fifth of which becomes the evaluation part unless ``evaluation`` is given.

    Questions without an answer are made for both parts, unless the user expects that all have one; none for an
    ``evaluation`` that is given.

    ``texts`` are unlabelled, for the distillation loss; without any, the labelled contexts are used. ``base`` is
    a model as for ``app.reading.load.model_folder``, '' the one in use. ``overrides`` are options as typed: without one
    for the epochs there are more of them where the labels are few, without one for the rate it is lower for a large
    model. Raises ``DataError`` if there are too few labels or an option is wrong, ``ModelError`` if the model cannot be
    trained, ``QadeskError`` if so many ``processes`` cannot train it together.
    """
    settings = Settings()
    folder = model_folder(base or settings["model.folder"])
    model = trainable_model(folder)
    config = with_overrides(PRESETS[effort], {"seed": str(seed), **(overrides or {})})
    check_processes(processes, config)
    rules = _Usability(model, config)
    usable = rules.usable(examples)
    if evaluation is None:
        parts = splits.split(usable, part=0.2, seed=config.seed)
        train, held_out, by = parts.train, parts.evaluation, parts.by
    else:
        train, held_out, by = usable, rules.usable(evaluation), "file"
    if not train or not held_out:
        raise DataError(
            "There are too few labels to learn from and to measure with.",
            f"Label at least two different questions; {FEW} are a sensible start.",
            _named(rules.problems),
        )
    unlabelled = tuple(dict.fromkeys(text for text in texts if text.strip()))
    unlabelled = unlabelled or tuple(dict.fromkeys(example.context for example in train))
    config, problems = _by_settings(config, settings), tuple(rules.problems)
    expected = share_of(settings["qa.expected"])
    extras = _extras(train, held_out, is_given=evaluation is not None) if expected != 1 else ((), ())
    config = _by_size(config, overrides or {}, len(train) + len(extras[0]), model)
    return Plan(
        str(folder),
        train,
        held_out,
        unlabelled,
        config,
        effort,
        by,
        len(problems),
        problems,
        *extras,
        expected,
        processes,
    )


def _by_size(config: Config, overrides: Mapping[str, str], samples: int, model: Model) -> Config:
    """``config`` with what few ``samples`` and a large ``model`` need, unless ``overrides`` say it."""
    if "epochs" not in overrides:
        config = for_few(config, samples)
    if "learning_rate" not in overrides and parameter_count(model) > _LARGE:
        config = dataclasses.replace(config, learning_rate=config.learning_rate / _LARGE_RATE)
    return config


def _extras(
    train: Sequence[LabeledExample], evaluation: Sequence[LabeledExample], *, is_given: bool
) -> tuple[tuple[LabeledExample, ...], tuple[LabeledExample, ...]]:
    """Questions without an answer to learn from, and to measure with; none of these if the evaluation part is given."""
    replayed = read_dataset(paths.replay_set_path()).examples
    train_extras = unanswered_questions(train, (), replayed, LEARNED, also_asked=evaluation)
    if is_given:
        return tuple(train_extras), ()
    spare = read_dataset(paths.general_set_path()).examples
    return tuple(train_extras), tuple(unanswered_questions(evaluation, train, spare))


def trainable_model(folder: Path) -> Model:
    """The model in ``folder``. Raises ``ModelError`` if it is not usable, or has no weights to train."""
    model = models.inspect(folder)
    if not model.safetensors:
        raise ModelError(
            f"The model '{model.name}' cannot be trained: it has only a finished graph.",
            "Choose a model that has its weights as safetensors.",
        )
    models.load_tokenizer(model)  # raises ``ModelError`` if it is broken
    return model


def _by_settings(config: Config, settings: Settings) -> Config:
    """``config`` with the device and the threads of ``settings`` where it leaves them open."""
    device = settings["model.device"]
    if config.device == "auto" and device.partition(":")[0] in _TRAINING_DEVICES:
        config = dataclasses.replace(config, device=device)
    return dataclasses.replace(config, threads=config.threads or settings["model.threads"])


class _Usability:
    """Which labels ``model`` can learn from, in windows as ``config`` says; collects the ``problems`` of the others."""

    def __init__(self, model: Model, config: Config) -> None:
        self.problems: list[Problem] = []
        self._tokenizer = models.load_tokenizer(model)
        self._length = min(config.max_seq_length, model.max_tokens)

    def usable(self, examples: Sequence[LabeledExample]) -> tuple[LabeledExample, ...]:
        """Those of ``examples`` whose question can be asked, and with a gold answer that stands in the context."""
        problems = [(example, self._problem(example)) for example in examples]
        self.problems += [Problem(example.id, problem) for example, problem in problems if problem]
        return tuple(example for example, problem in problems if not problem)

    def _problem(self, example: LabeledExample) -> str:
        """Why ``example`` cannot be used, in a sentence; '' if it can."""
        try:
            check_question(example.question, example.context)
            if 4 * len(example.question) + windows.MIN_ROOM > self._length:  # else it fits in any case: it saves time
                head = windows.tokenize_question(self._tokenizer, example.question)
                windows.question_room(head, self._length)
        except QuestionError as error:
            return error.message
        if example.is_impossible or any(answer.stands_in(example.context) for answer in example.answers):
            return ""
        return "Its answer does not stand in the text at its offset."


def _named(problems: Sequence[Problem]) -> str:
    """The first of ``problems`` with the ids of their labels, and how many more there are."""
    named = [f"'{problem.where}': {problem.what}" for problem in problems[:_MAX_NAMED]]
    more = len(problems) - len(named)
    return " ".join([*named, *([f"And {more:,} more."] if more else [])])


def warnings(plan: Plan) -> list[str]:
    """Sentences for the user about weaknesses of ``plan``. A run with warnings can be started."""
    everything = (*plan.train, *plan.evaluation)
    sentences = []
    if plan.left_out:
        noun = "label is" if plan.left_out == 1 else "labels are"
        sentences.append(f"{plan.left_out:,} {noun} left out. {_named(plan.problems)}".rstrip())
    if len(everything) < FEW:
        sentences.append(f"There are only {len(everything)} labels. From about {FEW} on there is something to learn.")
    if not any(example.is_impossible for example in everything):
        sentences.append("No label says 'not in this document': the model may become too ready to answer.")
    if plan.by == splits.BY_QUESTION:
        sentences.append(_SAME_DOCUMENTS)
    if len(plan.evaluation) < FEW_TO_MEASURE:
        aside = "question is" if len(plan.evaluation) == 1 else "questions are"
        sentences.append(f"Only {len(plan.evaluation)} {aside} there to measure with: the verdict will be rough.")
    return sentences


def parameter_count(model: Model) -> int:
    """The number of weights of ``model``."""
    rows = [row for path in model.safetensors for row in models.read_safetensors_header(path).values()]
    return sum(math.prod(row["shape"]) for row in rows)


def disk_bytes(model: Model) -> int:
    """The most bytes of disk that a run with ``model`` takes."""
    return _BYTES_A_PARAMETER * parameter_count(model)
