"""Training for real, with a tiny random BERT: it learns, is repeatable, and resumes from a checkpoint."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qadesk import paths
from qadesk.app.labelling.inspection import losses as label_losses
from qadesk.errors import DataError, ModelError
from qadesk.progress import finish
from qadesk.qa import models
from qadesk.qa.engine import open_reader
from qadesk.records import GoldSpan, LabeledExample
from qadesk.sentences import Sentence
from qadesk.structure import Block, Cell
from qadesk.train import loop
from qadesk.train.config import Config
from qadesk.train.events import Evaluated, Event, Noted, Saved, Stepped
from qadesk.train.loop import Trained, measure_steps, train
from qadesk.train.preparation import TrainingTask

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
safetensors = pytest.importorskip("safetensors.numpy")

pytestmark = pytest.mark.slow

TEXTS = (
    "Mira keeps nine goats and a grey donkey in the valley. The well was dug in 1911 by her grandfather.",
    "The ferry to Skaro leaves at noon. A ticket costs four crowns, and dogs travel free of charge.",
)
QUESTIONS = (
    ("Who keeps goats?", 0, "Mira"),
    ("When was the well dug?", 0, "1911"),
    ("What colour is the donkey?", 0, "grey"),
    ("When does the ferry leave?", 1, "noon"),
    ("What does a ticket cost?", 1, "four crowns"),
    ("Who was the captain?", 1, ""),
)
CONFIG = Config(
    learning_rate=4e-3,
    epochs=20,
    batch_size=3,
    distil_weight=0.0,
    frozen_layers=0,
    device="cpu",
    threads=1,
    precision="float32",
)


def example(number: int, question: str, text: str, words: str) -> LabeledExample:
    golds = (GoldSpan(text.index(words), text.index(words) + len(words), words),) if words else ()
    return LabeledExample(str(number), question, text, "t", golds, not words)


EXAMPLES = tuple(example(number, ask, TEXTS[at], words) for number, (ask, at, words) in enumerate(QUESTIONS))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    model_folder = tmp_path_factory.mktemp("model")
    torch.manual_seed(7)
    config = transformers.BertConfig(
        vocab_size=30522,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        initializer_range=0.2,  # a table of words that can be told apart from the start
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers.BertForQuestionAnswering(config).save_pretrained(model_folder)
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", model_folder)
    return model_folder


@pytest.fixture
def task(folder: Path, tmp_path: Path) -> TrainingTask:
    return TrainingTask(models.inspect(folder), EXAMPLES, EXAMPLES, TEXTS, CONFIG, tmp_path / "checkpoints")


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def run(task: TrainingTask, control: Callable[[], str] = lambda: "") -> tuple[list[Event], Trained]:
    events: list[Event] = []
    work = train(task, control)
    while True:
        try:
            events.append(next(work))
        except StopIteration as end:
            return events, end.value


def until(work: Generator[Event, None, Trained], step: int) -> None:
    """Go on until ``step`` was made and whatever belongs to it was done."""
    for event in work:
        if isinstance(event, Stepped) and event.step > step:
            return


def losses(events: list[Event]) -> list[float]:
    return [event.loss for event in events if isinstance(event, Stepped)]


def weights(trained: Trained) -> dict[str, np.ndarray]:
    tensors: dict[str, np.ndarray] = safetensors.load_file(trained.weights)
    return tensors


def same(tensors: dict[str, np.ndarray], others: dict[str, np.ndarray]) -> bool:
    return tensors.keys() == others.keys() and all(np.array_equal(tensors[name], others[name]) for name in tensors)


def with_config(task: TrainingTask, **changes: object) -> TrainingTask:
    return replace(task, config=replace(task.config, **changes))


def test_a_few_questions_are_learned_by_heart(task: TrainingTask) -> None:
    events, trained = run(task)
    marks = [event for event in events if isinstance(event, Evaluated)]
    assert marks[0].step == 0
    assert marks[0].exact < 50
    assert trained.best_exact == trained.best_f1 == 100
    assert losses(events)[-1] < 0.2
    assert trained.steps == 40
    assert trained.stopped == ""
    assert trained.unanswerable
    assert 0.1 < trained.calibration.temperature < 10
    best = next(mark for mark in marks if mark.step == trained.best_step)
    assert (best.exact, best.f1) == (100, 100)


def test_the_weights_are_those_of_a_plain_model(task: TrainingTask, folder: Path, tmp_path: Path) -> None:
    _, trained = run(task)
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(folder / name, tmp_path)
    shutil.copy(trained.weights, tmp_path / "model.safetensors")
    plain, info = transformers.AutoModelForQuestionAnswering.from_pretrained(tmp_path, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(tmp_path / "tokenizer.json"))
    question, at, words = QUESTIONS[4]
    encoded = tokenizer(question, TEXTS[at], return_tensors="pt")
    with torch.inference_mode():
        output = plain.eval()(**encoded)
    first, last = int(output.start_logits.argmax()), int(output.end_logits.argmax())
    assert tokenizer.decode(encoded["input_ids"][0, first : last + 1]) == words


def test_a_seed_makes_a_run_repeat_to_the_bit(task: TrainingTask, tmp_path: Path) -> None:
    short = with_config(task, epochs=2, dropout=True, distil_weight=1.0)
    first = weights(run(short)[1])
    repeated = weights(run(replace(short, folder=tmp_path / "again"))[1])
    other_seed = weights(run(replace(with_config(short, seed=1), folder=tmp_path / "other"))[1])
    assert same(first, repeated)
    assert not same(first, other_seed)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_resumed_run_equals_an_undisturbed_one_to_the_bit(task: TrainingTask, tmp_path: Path, step: int) -> None:
    short = with_config(task, epochs=3, dropout=True, distil_weight=1.0)
    events, undisturbed = run(short)
    broken = replace(short, folder=tmp_path / "broken")
    work = train(broken)
    until(work, step)  # the checkpoint of the last epoch's end is there; steps after it are lost
    work.close()
    later, resumed = run(broken)
    assert same(weights(undisturbed), weights(resumed))
    assert replace(resumed, weights=undisturbed.weights) == undisturbed
    repeated_losses = losses(later)
    assert repeated_losses == losses(events)[-len(repeated_losses) :]
    assert len(repeated_losses) == (6 if step == 1 else 4)


def test_the_weights_do_not_depend_on_where_a_run_is_paused(task: TrainingTask, tmp_path: Path) -> None:
    short = with_config(task, epochs=2, distil_weight=1.0)
    _, undisturbed = run(short)
    commands = iter(["", "pause", "pause", "", ""])
    paused = replace(short, folder=tmp_path / "paused")
    work = train(paused, lambda: next(commands, ""))
    saves = [event for event in work if isinstance(event, Saved)]
    assert [event.step for event in saves] == [1, 2, 4]
    assert same(weights(undisturbed), safetensors.load_file(paused.folder / loop.WEIGHTS))


def test_a_damaged_newest_checkpoint_costs_only_its_own_steps(task: TrainingTask, tmp_path: Path) -> None:
    short = with_config(task, epochs=3)
    _, undisturbed = run(short)
    broken = replace(short, folder=tmp_path / "broken")
    work = train(broken)
    until(work, 4)
    work.close()
    older, newest = sorted(broken.folder.glob("step-*"))
    newest.write_bytes(newest.read_bytes()[:-1000])
    events, resumed = run(broken)
    assert Noted(Sentence("run.resumed", {"step": 2})) in events
    assert same(weights(undisturbed), weights(resumed))
    assert not older.exists()


def test_a_finished_run_gives_its_result_again_without_training(task: TrainingTask) -> None:
    short = with_config(task, epochs=2)
    _, first = run(short)
    before = weights(first)
    first.weights.unlink()
    events, repeated = run(short)
    assert not losses(events)
    assert repeated == first
    assert same(weights(repeated), before)


def test_a_checkpoint_of_another_run_is_not_taken_up(task: TrainingTask) -> None:
    run(with_config(task, epochs=2))
    events, trained = run(with_config(task, epochs=1, learning_rate=1e-3))
    assert [event.step for event in events if isinstance(event, Stepped)] == [1, 2]
    assert trained.steps == 2


def test_a_checkpoint_of_other_blocks_is_not_taken_up(task: TrainingTask) -> None:
    run(with_config(task, epochs=1))
    as_pair = tuple(replace(label, blocks=(Block("pair", 0, len(label.context), body=4),)) for label in EXAMPLES)
    events, _ = run(replace(with_config(task, epochs=1), train=as_pair))
    assert [event.step for event in events if isinstance(event, Stepped)] == [1, 2]


# The words of a table with a header: nothing in the text says that it is one.
FEES = "Fee Charge\nTicket four crowns\nDog none"
FEE_ROWS = (
    (Cell(0, 3, is_header=True), Cell(4, 10, 1, is_header=True)),
    (Cell(11, 17), Cell(18, 29, 1)),
    (Cell(30, 33), Cell(34, 38, 1)),
)
IN_TABLE = tuple(
    replace(example(number, question, FEES, words), blocks=(Block("table", 0, len(FEES), rows=FEE_ROWS),))
    for number, (question, words) in enumerate(
        [("What is the fee for a ticket?", "four crowns"), ("For a dog?", "none")]
    )
)


def test_training_and_evaluation_read_with_the_blocks_of_the_context(task: TrainingTask, folder: Path) -> None:
    """As the reader does: the losses before the first step are those that the inspector shows."""
    events, trained = run(replace(task, train=IN_TABLE, evaluation=IN_TABLE))
    reader = open_reader(folder, device="cpu", precision="float32")
    as_text = [replace(label, blocks=()) for label in IN_TABLE]
    in_table, in_text = (np.mean([*finish(label_losses(reader, labels)).values()]) for labels in (IN_TABLE, as_text))
    first_evaluation = next(event for event in events if isinstance(event, Evaluated))
    assert first_evaluation.loss == pytest.approx(in_table, abs=1e-4)
    assert abs(in_text - in_table) > 0.01
    assert trained.best_exact == 100
    assert losses(events)[0] != losses(run(replace(task, train=tuple(as_text), evaluation=()))[0])[0]


def test_stopping_keeps_the_best(task: TrainingTask) -> None:
    commands = iter(["", "", "", "stop"])
    events, trained = run(task, lambda: next(commands))
    assert (trained.steps, trained.stopped) == (3, "stop")
    assert [event.step for event in events if isinstance(event, Evaluated)] == [0, 2, 3]
    assert run(task)[1] == trained


def test_a_run_that_brings_nothing_leaves_the_model_as_it_was(task: TrainingTask, folder: Path) -> None:
    contrary = LabeledExample("7", QUESTIONS[0][0], TEXTS[0], "t", (), is_impossible=True)
    contrary_task = replace(with_config(task, epochs=2), train=(contrary,) * 6, evaluation=EXAMPLES[:1])
    events, trained = run(contrary_task)
    marks = [event for event in events if isinstance(event, Evaluated)]
    assert marks[-1].loss > marks[0].loss
    assert trained.best_step == 0
    assert same(weights(trained), safetensors.load_file(folder / "model.safetensors"))


def test_patience_ends_a_run_that_gains_nothing(task: TrainingTask) -> None:
    # what is learned is silence, what is asked for is an answer
    unanswerable = tuple(replace(example, answers=(), is_impossible=True) for example in EXAMPLES[:3])
    silent_task = replace(task, train=unanswerable, evaluation=EXAMPLES[3:5])
    events, trained = run(with_config(silent_task, patience=2, epochs=20, learning_rate=2e-2))
    marks = [event for event in events if isinstance(event, Evaluated)]
    assert trained.stopped == "patience"
    assert trained.steps < 20
    assert all(mark.f1 <= trained.best_f1 for mark in marks[-2:])


def test_frozen_parts_do_not_move(task: TrainingTask, folder: Path) -> None:
    before = safetensors.load_file(folder / "model.safetensors")
    after = weights(run(with_config(task, epochs=3, frozen_layers=1))[1])
    changed_names = {name for name in before if not np.array_equal(before[name], after[name])}
    assert not [name for name in changed_names if "embeddings" in name or "layer.0." in name]
    assert [name for name in changed_names if "layer.1." in name]
    assert "qa_outputs.weight" in changed_names


def test_half_of_the_layers_are_frozen_by_default(task: TrainingTask, folder: Path) -> None:
    before = safetensors.load_file(folder / "model.safetensors")
    half = replace(with_config(task, epochs=1, frozen_layers=Config().frozen_layers), evaluation=())
    after = weights(run(half)[1])
    name = "bert.encoder.layer.{}.attention.self.query.weight"
    assert np.array_equal(before[name.format(0)], after[name.format(0)])
    assert not np.array_equal(before[name.format(1)], after[name.format(1)])


def test_the_word_table_moves_only_where_it_may(task: TrainingTask, folder: Path, tmp_path: Path) -> None:
    name = "bert.embeddings.word_embeddings.weight"
    before = safetensors.load_file(folder / "model.safetensors")[name]
    frozen = weights(run(with_config(task, epochs=1, frozen_embeddings=True))[1])
    free = weights(run(replace(with_config(task, epochs=1, frozen_embeddings=False), folder=tmp_path / "2"))[1])
    assert np.array_equal(frozen[name], before)
    assert not np.array_equal(free[name], before)


def test_more_frozen_layers_than_there_are_is_refused(task: TrainingTask) -> None:
    with pytest.raises(DataError, match="2 layers"):
        run(with_config(task, frozen_layers=3))


def test_distillation_keeps_the_model_nearer_to_what_it_was(task: TrainingTask, tmp_path: Path) -> None:
    def drift(weight: float) -> float:
        distilled_task = with_config(task, epochs=10, distil_weight=weight)
        events, _ = run(replace(distilled_task, folder=tmp_path / str(weight), evaluation=()))
        return [event.distil_loss for event in events if isinstance(event, Stepped)][-1]

    assert drift(5.0) < drift(0.05) / 2


def test_bfloat16_learns_too(task: TrainingTask) -> None:
    _, trained = run(with_config(task, precision="bfloat16"))
    assert trained.best_f1 == 100


def test_without_an_evaluation_part_the_last_weights_are_taken(task: TrainingTask) -> None:
    events, trained = run(replace(with_config(task, epochs=1), evaluation=()))
    assert not [event for event in events if isinstance(event, Evaluated)]
    assert (trained.best_step, trained.calibration.temperature) == (2, 1.0)


def test_labels_that_teach_nothing_are_reported(task: TrainingTask) -> None:
    wrong = replace(EXAMPLES[0], answers=(GoldSpan(3, 7, "Mira"),))
    events, _ = run(replace(with_config(task, epochs=1), train=(*EXAMPLES, wrong)))
    assert any("1 of 7 labels" in event.text for event in events if isinstance(event, Noted))
    with pytest.raises(DataError, match="nothing to learn"):
        run(replace(task, train=(wrong,)))


def test_a_loss_that_is_no_number_ends_the_run_in_words(task: TrainingTask, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "odd")
    tensors = safetensors.load_file(folder / "model.safetensors")
    tensors["qa_outputs.bias"] = np.full(2, np.nan, np.float32)
    safetensors.save_file(tensors, tmp_path / "odd" / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(DataError, match="no number"):
        run(replace(task, model=models.inspect(tmp_path / "odd"), evaluation=()))


def test_a_model_without_safetensors_cannot_be_trained(task: TrainingTask) -> None:
    with pytest.raises(ModelError, match="no safetensors"):
        run(replace(task, model=replace(task.model, safetensors=())))


def test_an_estimate_writes_nothing_and_covers_the_whole_run(task: TrainingTask) -> None:
    run_estimate = measure_steps(with_config(task, distil_weight=1.0))
    assert run_estimate.steps == 40
    assert run_estimate.seconds > 0
    assert run_estimate.placement.device == "cpu"
    assert not task.folder.exists()


FULL = """
import os, pickle, shutil, sys
from qadesk.errors import DataError
from qadesk.train.loop import train
task = pickle.load(open(sys.argv[1], "rb"))
try:
    list(train(task))
except DataError as error:
    print(error.message, sorted(path.name for path in task.folder.iterdir()))
os.system(f"mount -o remount,size=20m {task.folder}")
print([event.text for event in train(task) if hasattr(event, "text")])
shutil.copy(task.folder / "best.safetensors", sys.argv[2])
"""


def can_mount() -> bool:
    command = ["unshare", "--mount", "--map-root-user", "true"]
    return bool(shutil.which("unshare")) and not subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.skipif(not can_mount(), reason="needs a small disk of its own")
def test_a_full_disk_is_reported_and_the_run_goes_on_when_there_is_room(task: TrainingTask, tmp_path: Path) -> None:
    short = with_config(task, epochs=3)
    _, undisturbed = run(short)
    small = tmp_path / "small"
    small.mkdir()
    (tmp_path / "task").write_bytes(pickle.dumps(replace(short, folder=small)))
    mounted = f'mount -t tmpfs -o size=500k tmpfs "{small}" && exec "{sys.executable}" -c "$1" "$2" "$3"'
    arguments = [FULL, str(tmp_path / "task"), str(tmp_path / "result")]
    child = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", mounted, "sh", *arguments],
        capture_output=True,
        text=True,
        env=paths.own_environment(),
        check=False,
    )
    assert "The disk is full" in child.stdout, child.stderr
    assert "['step-00000002.safetensors']" in child.stdout
    assert "Going on after step 2." in child.stdout
    assert same(weights(undisturbed), safetensors.load_file(tmp_path / "result"))
