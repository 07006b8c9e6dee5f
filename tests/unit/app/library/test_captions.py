"""What is said of the library, in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.app.library import captions
from qadesk.progress import Progress
from qadesk.records import (
    AnswerItem,
    AnswerPlace,
    FolderSurvey,
    IndexStep,
    LibraryAnswer,
    LibraryAnswers,
    LibraryCounts,
    LibraryFile,
)

PLACE = AnswerPlace(Path("/papers/lease.pdf"), "lease.pdf", "pdf", "page 3", "3", 1204, 1228)
OTHER = AnswerPlace(Path("/papers/copy.txt"), "copy.txt", "text", "", "", 4, 9)
ANSWER = LibraryAnswer("31 March\n2027", 0.82, 0.9, 0.9, 5.0, 5.0, 0.0, (PLACE, OTHER, replace(PLACE, start=2000)))
ANSWERS = LibraryAnswers("When?", (ANSWER,), 0.1, 20, 143, 1204, 0, 0.8)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, ""),
        ({"no_answer": 0.81}, "Probably in none of the 1,204 files that were searched (81\xa0%)."),
        ({"no_answer": 0.81, "waiting": 35}, "Probably in none of the 1,204 files that were searched (81\xa0%); "
         "35 are not indexed yet."),
        ({"no_answer": 0.81, "files": 1}, "Probably not in the file that was searched (81\xa0%)."),
        ({"answers": (), "matches": 0},
         "Nothing in the 1,204 files that were searched shares words with the question."),
        ({"answers": ()}, "No answer in the 1,204 files that were searched."),
        ({"answers": (), "files": 0, "waiting": 35}, "No file is indexed yet: 35 are waiting."),
        ({"answers": (), "files": 0, "waiting": 1}, "No file is indexed yet: 1 is waiting."),
        ({"answers": (), "files": 0, "is_filtered": True}, "No searchable file has this type, name or folder."),
    ],
)  # fmt: skip
def test_where_there_is_no_answer_it_says_what_was_searched(changes, sentence):
    assert captions.no_answer_line(replace(ANSWERS, **changes)) == sentence


def test_what_was_read_is_told():
    assert captions.searched_line(ANSWERS) == "Read 20 of 143 passages from 1,204 files in 0.8 s."
    one = replace(ANSWERS, read=1, matches=1, files=1, waiting=1)
    assert captions.searched_line(one) == "Read 1 passage from 1 file in 0.8 s. 1 file is not indexed yet."


def test_where_nothing_was_read_nothing_is_told_of_it():
    assert captions.searched_line(replace(ANSWERS, answers=(), read=0, matches=0)) == ""


def test_an_answer_is_likely_an_alternative_or_the_closest():
    two = replace(ANSWERS, answers=(ANSWER, replace(ANSWER, confidence=0.07)))
    assert captions.likelihood_of(two, 0, 0.4) == "Likely · 82\xa0%"
    assert captions.likelihood_of(two, 1, 0.4) == "Alternative · 7\xa0%"
    assert captions.likelihood_of(replace(two, no_answer=0.8), 0, 0.4) == "Closest · 82\xa0%"


def test_an_answer_is_copied_with_its_source():
    assert captions.quoted_answer(ANSWER) == "“31 March 2027” (lease.pdf, page 3)"
    assert captions.full_citation(ANSWER) == f"“31 March 2027” ({PLACE.path}, page 3, characters 1,204–1,228)"
    assert captions.other_documents(ANSWER) == [OTHER]
    items = replace(ANSWER, items=(AnswerItem(0, 4, "flour"), AnswerItem(5, 9, "two\neggs")))
    assert captions.shown_lines(items) == ["flour", "two eggs"]


def test_counts_of_files_are_told():
    counts = LibraryCounts(files=44, indexed=30, pictures=1, waiting=8, failed=1, missing=1, left_out=3)
    assert (
        captions.counts_line(counts) == "31 files are searchable, 8 are waiting, 1 could not be read, 1 is not there."
    )
    assert captions.short_counts(counts) == "41 files · 8 waiting · 1 not read · 1 not there"
    assert captions.counts_line(LibraryCounts()) == "No files yet."
    assert captions.file_reason(LibraryFile(Path("a"), 1, 0.0, "waiting")) == "Waiting"
    assert captions.file_reason(LibraryFile(Path("a"), 1, 0.0, "failed", "It is damaged.")) == "It is damaged."


def test_how_far_indexing_is():
    step = IndexStep(Progress("Reading files", 312, 1204, 180.0), Path("a"), LibraryCounts(), 24.2, 410.0)
    line = "312 of 1,204 files · 24 pages a second · 410 passages a second · 3 min left"
    assert captions.index_progress(step) == line
    assert captions.files_done(step) == line.partition(" · ")[0]
    assert captions.index_progress(IndexStep(Progress("Looking", 0, 0), None, LibraryCounts())) == "Looking"


def test_what_is_in_a_folder():
    survey = FolderSurvey((("PDF", 3, 2_000_000),), ((".jpg", 2, 9), ("", 1, 1)), 4, 1)
    assert captions.survey_line(survey) == "3 documents, 2 MB, in 4 folders"
    assert captions.survey_others(survey) == (
        "3 other files are read if they hold text: 2 .jpg, 1 without a type. "
        "1 folder whose name begins with a point is left out."
    )
    assert captions.survey_line(FolderSurvey((), (), 1)) == "There is no file of a type that QADesk knows."
    assert captions.survey_others(FolderSurvey((), (), 1)) == ""


def test_files_that_came_since_are_told():
    assert captions.newer_line(0) == ""
    assert captions.newer_line(1) == "1 file has become searchable, or changed, since this was asked."
    assert captions.newer_line(1204) == "1,204 files have become searchable, or changed, since this was asked."
