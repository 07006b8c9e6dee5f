"""What is said of the library: files and their states, how far indexing is, how sure an answer is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qadesk.app import phrases
from qadesk.app.phrases import counted
from qadesk.documents.open_file import title_of
from qadesk.progress import megabytes, rough_duration
from qadesk.records import (
    AnswerPlace,
    FileState,
    FolderSurvey,
    IndexStep,
    LibraryAnswer,
    LibraryAnswers,
    LibraryCounts,
    LibraryFile,
)

_MOST_KINDS = 5

STATE_TITLES: Mapping[FileState, str] = {
    "indexed": "Searchable",
    "waiting": "Waiting",
    "pictures": "Searchable, but for pictures",
    "failed": "Could not be read",
    "left out": "Left out",
    "missing": "Not there",
}
"""The states of a file, in the order in which they are offered as a filter."""


def counts_line(counts: LibraryCounts) -> str:
    """How many files are searchable and what of the others: '1,204 files are searchable, 35 are waiting.'"""
    if not counts.files:
        return "No files yet."
    parts = [f"{counted(counts.searchable, 'file')} {_is(counts.searchable)} searchable"]
    parts += [f"{counts.waiting:,} {_is(counts.waiting)} waiting"] if counts.waiting else []
    parts += [f"{counts.failed:,} could not be read"] if counts.failed else []
    parts += [f"{counts.missing:,} {_is(counts.missing)} not there"] if counts.missing else []
    return ", ".join(parts) + "."


def short_counts(counts: LibraryCounts) -> str:
    """The same for a narrow place: '1,204 files · 35 waiting · 3 not read'."""
    parts = [counted(counts.files - counts.left_out, "file")]
    parts += [f"{counts.waiting:,} waiting"] if counts.waiting else []
    parts += [f"{counts.failed:,} not read"] if counts.failed else []
    parts += [f"{counts.missing:,} not there"] if counts.missing else []
    return " · ".join(parts)


def files_done(step: IndexStep) -> str:
    """How many files are read, without how fast: '312 of 1,204 files'; what is done where they are not counted yet."""
    progress = step.progress
    return (
        f"{progress.done:,} of {counted(progress.total, 'file')}" if progress.total or step.current else progress.what
    )


def index_progress(step: IndexStep) -> str:
    """How far indexing is: '312 of 1,204 files · 24 pages a second · 410 passages a second · 3 min left'."""
    progress = step.progress
    parts = [files_done(step)]
    for rate, noun in ((step.pages_a_second, "page"), (step.passages_a_second, "passage")):
        parts += [f"{counted(round(rate), noun)} a second"] if rate >= 1 else []
    parts += [f"{rough_duration(progress.seconds_left)} left"] if progress.seconds_left is not None else []
    return " · ".join(parts)


def file_reason(file: LibraryFile) -> str:
    """The state of ``file`` in words, with the reason where it has one."""
    return file.reason or STATE_TITLES[file.state]


def shown_name(path: Path) -> str:
    """The last name of ``path`` as it can be shown on one line: without what is no text in it."""
    return title_of(path)


def survey_line(survey: FolderSurvey) -> str:
    """How much a folder holds: '1,204 documents, 2.1 GB, in 87 folders'."""
    if not survey.files:
        return "There is no file of a type that QADesk knows."
    return f"{counted(survey.files, 'document')}, {megabytes(survey.size)}, in {counted(survey.folders, 'folder')}"


def survey_others(survey: FolderSurvey) -> str:
    """What else is in the folder: '212 other files are read if they hold text: 120 .log ...'; '' for none."""
    lines = []
    if survey.other:
        total = sum(count for _, count, _ in survey.other)
        kinds = [f"{count:,} {suffix or 'without a type'}" for suffix, count, _ in survey.other[:_MOST_KINDS]]
        more = " …" if len(survey.other) > _MOST_KINDS else ""
        noun = "other file is read if it holds" if total == 1 else "other files are read if they hold"
        lines.append(f"{total:,} {noun} text: {', '.join(kinds)}{more}.")
    if survey.hidden_folders:
        count = survey.hidden_folders
        noun = "folder whose name begins" if count == 1 else "folders whose names begin"
        lines.append(f"{count:,} {noun} with a point {_is(count)} left out.")
    return " ".join(lines)


def many_files(survey: FolderSurvey) -> str:
    """The question before very many files are added."""
    return (
        f"These are {counted(survey.files, 'file')}. Reading them takes a while. It goes on beside your work, can "
        "be paused, and what is read already can be asked at once. Add all of them?"
    )


# Answers


def no_answer_line(answers: LibraryAnswers) -> str:
    """What stands above the answers where none is likely: 'Probably in none of the 1,204 files ... (81 %)'; else ''."""
    waiting = f"; {answers.waiting:,} {_is(answers.waiting)} not indexed yet" if answers.waiting else ""
    if not answers.files and answers.is_filtered:
        return f"No searchable file has this type, name or folder{waiting}."
    if not answers.files:
        return f"No file is indexed yet{waiting.replace('; ', ': ').replace('not indexed yet', 'waiting')}."
    searched = "the file that was searched" if answers.files == 1 else f"the {answers.files:,} files that were searched"
    if not answers.answers:
        none = (
            f"Nothing in {searched} shares words with the question"
            if not answers.matches
            else f"No answer in {searched}"
        )
        return f"{none}{waiting}."
    if answers.is_answered:
        return ""
    chance = f" ({phrases.per_cent(answers.no_answer)})" if answers.no_answer is not None else ""
    place = f"Probably not in {searched}" if answers.files == 1 else f"Probably in none of {searched}"
    return f"{place}{chance}{waiting}."


def searched_line(answers: LibraryAnswers) -> str:
    """What was read for the answers: 'Read 20 of 143 passages from 1,204 files in 0.8 s.', and what is not indexed;
    '' where there was nothing to read.
    """
    if not answers.read:
        return ""
    read = f"{answers.read:,} of {answers.matches:,}" if answers.matches > answers.read else f"{answers.read:,}"
    noun = "passage" if max(answers.matches, answers.read) == 1 else "passages"
    line = f"Read {read} {noun} from {counted(answers.files, 'file')} in {phrases.duration(answers.seconds)}."
    waiting = f" {counted(answers.waiting, 'file')} {_is(answers.waiting)} not indexed yet." if answers.waiting else ""
    return line + waiting


def newer_line(count: int) -> str:
    """What stands above answers that lack files: '12 files have become searchable since ...'; '' for none."""
    have = "has" if count == 1 else "have"
    return f"{counted(count, 'file')} {have} become searchable, or changed, since this was asked." if count else ""


def likelihood_of(answers: LibraryAnswers, index: int, doubtful_below: float) -> str:
    """What the answer at ``index`` is, and how sure: 'Likely · 82 %', 'Alternative · 7 %', 'Closest · 12 %'."""
    confidence = answers.answers[index].confidence
    return phrases.rank_and_chance(index, confidence, doubtful_below, is_answered=answers.is_answered)


def other_documents(answer: LibraryAnswer) -> list[AnswerPlace]:
    """The places of ``answer`` in documents other than its first one's, one for each document, the best first."""
    places: dict[Path, AnswerPlace] = {}
    for place in answer.places:
        places.setdefault(place.path, place)
    return list(places.values())[1:]


def shown_lines(answer: LibraryAnswer) -> list[str]:
    """The words of ``answer``; the items of a list are a line each."""
    texts = [item.text for item in answer.items] or [answer.text]
    return [" ".join(text.split()) for text in texts]


def place_name(place: AnswerPlace) -> str:
    """The document and the page: 'Contract.pdf, page 3'."""
    return f"{place.title}, {place.page}" if place.page else place.title


def quoted_answer(answer: LibraryAnswer) -> str:
    """An answer to copy, with file and page: '“text” (Contract.pdf, page 3)'."""
    return f"“{', '.join(shown_lines(answer))}” ({place_name(answer.places[0])})"


def full_citation(answer: LibraryAnswer) -> str:
    """An answer to copy with all that says where it stands: path, page, characters."""
    place = answer.places[0]
    where = [str(place.path), *filter(None, [place.page]), phrases.characters(place.start, place.end)]
    return f"“{', '.join(shown_lines(answer))}” ({', '.join(where)})"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
