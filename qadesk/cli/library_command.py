"""``qadesk library``: collections of linked folders and files, and the index of their documents."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qadesk.cli.output import DONE, show_progress, show_progress_in_json
from qadesk.errors import LibraryError
from qadesk.progress import Progress, map_steps, megabytes

if TYPE_CHECKING:
    from qadesk.library.index import LibraryIndex
    from qadesk.records import Collection, FileState, FolderSurvey, LibraryCounts, LibraryFile, Scope
    from qadesk.store.database import Store

_MOST_SHOWN = 20  # files that failed


def manage_library(arguments: Sequence[str]) -> int:
    """``qadesk library VERB ...``. Returns the exit code."""
    options = _parser().parse_args(arguments)
    verb: Callable[[argparse.Namespace], int] = options.verb
    return verb(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qadesk library", description="Collections of linked folders, asked with 'qadesk ask --library NAME'."
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def add_verb(name: str, verb: Callable[[argparse.Namespace], int], help_: str) -> argparse.ArgumentParser:
        part = verbs.add_parser(name, help=help_, description=help_[:1].upper() + help_[1:] + ".")
        part.set_defaults(verb=verb)
        return part

    part = add_verb("add", _add, "link folders and files to the collection NAME and read them; nothing is copied")
    part.add_argument("name", metavar="NAME")
    part.add_argument("sources", metavar="FOLDER_OR_FILE", type=Path, nargs="+")
    part.add_argument("--yes", action="store_true", help="do not ask, however many files there are")
    part.add_argument("--no-scan", action="store_true", help="only link them; 'scan' reads them later")
    _add_json(part)
    part = add_verb("status", _status, "say how much is indexed, and of which files why not")
    part.add_argument("name", metavar="NAME", nargs="?")
    part.add_argument("--limit", type=int, default=1000, help="list so many files at most (default: 1000)")
    part.add_argument("--offset", type=int, default=0, help="leave out so many files first")
    _add_json(part)
    part = add_verb("scan", _scan, "read what is new or changed in the collection NAME, or in all")
    part.add_argument("name", metavar="NAME", nargs="?")
    part.add_argument("--retry", action="store_true", help="read files that failed again too")
    _add_json(part)
    part = add_verb("remove", _remove, "remove the collection NAME, or one link of it; the files stay where they are")
    part.add_argument("name", metavar="NAME")
    part.add_argument("source", metavar="FOLDER", type=Path, nargs="?")
    _add_json(add_verb("list", _list, "list the collections and what they link to"))
    return parser


def _add_json(part: argparse.ArgumentParser) -> None:
    part.add_argument("--json", action="store_true", help="print JSON")


def _add(options: argparse.Namespace) -> int:
    from qadesk.app.library.collections import add_collection, add_source, collection_named, collections
    from qadesk.app.library.survey import MANY_FILES, survey

    surveys = [show_progress(survey(source), at_once=True) for source in options.sources]
    files, size = sum(each.files for each in surveys), sum(each.size for each in surveys)
    for source, each in zip(options.sources, surveys, strict=True):
        if not options.json:
            _print_survey(source, each)
    if files > MANY_FILES and not options.yes:
        _ask(f"{files:,} files ({megabytes(size)}) are to be read.")
    with _open_store() as store:
        name = " ".join(options.name.split())
        if any(collection.name.casefold() == name.casefold() for collection in collections(store)):
            collection = collection_named(store, name)
        else:
            collection = add_collection(store, name)
        for source in options.sources:
            collection = add_source(store, collection, source)
    if options.no_scan:
        _print_json(options, {"collection": _collection_values(collection), "files": files, "bytes": size})
        return DONE
    return _update(options, collection.sources)


def _print_survey(source: Path, counts: FolderSurvey) -> None:
    from qadesk.app.phrases import counted

    print(f"{source}: {counted(counts.files, 'file')} to read, {megabytes(counts.size)}")
    for title, count, size in counts.kinds:
        print(f"    {title}: {counted(count, 'file')}, {megabytes(size)}")
    others = sum(count for _, count, _ in counts.other)
    if others:
        suffixes = ", ".join(suffix or "no suffix" for suffix, _, _ in counts.other[:6])
        print(f"    Of other names, read where they hold text: {counted(others, 'file')} ({suffixes})")
    if counts.hidden_folders:
        print(f"    Hidden folders, which are not read: {counts.hidden_folders:,}")


def _ask(sentence: str) -> None:
    """Ask whether to go on, on a terminal. Raises ``LibraryError`` for no."""
    if not (sys.stdin and sys.stdin.isatty()):
        raise LibraryError(sentence, "Add --yes if they all are to be read. Nothing was changed.")
    if input(f"{sentence} Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        raise LibraryError("Nothing was changed.")


def _scan(options: argparse.Namespace) -> int:
    return _update(options, _sources(options.name), retries=options.retry)


def _update(options: argparse.Namespace, sources: Sequence[Path], *, retries: bool = False) -> int:
    from qadesk.app.library.indexing import read_again, update
    from qadesk.process_memory import share_free_memory
    from qadesk.records import Scope
    from qadesk.settings import Settings

    share_free_memory()
    with _open_index(writes=True) as index:
        scope = Scope(tuple(sources))
        if retries:
            read_again(index, [file.path for file in _all_files(index, scope, "failed")])
        with contextlib.closing(update(index, sources, Settings(), on_notice=_say)) as work:  # before the index, on ^C
            steps: Generator[Progress, None, LibraryCounts] = map_steps(work, lambda step: step.progress)
            counts = show_progress_in_json(steps) if options.json else show_progress(steps, at_once=True)
        failed = list(_all_files(index, scope, "failed"))
    if options.json:
        print(json.dumps({"counts": dataclasses.asdict(counts), "failed": [_file_values(file) for file in failed]}))
        return DONE
    _print_counts(counts)
    for file in failed[:_MOST_SHOWN]:
        print(f"{file.path}: {file.reason} {file.hint}".rstrip(), file=sys.stderr)
    if len(failed) > _MOST_SHOWN:
        print(f"... and {len(failed) - _MOST_SHOWN:,} more: see 'qadesk library status'.", file=sys.stderr)
    return DONE


def _status(options: argparse.Namespace) -> int:
    from qadesk.records import LibraryCounts, Scope

    sources = _sources(options.name)
    with _open_index() as index:
        scope = Scope(tuple(sources))
        counts = index.counts(scope) if sources else LibraryCounts()
        files = index.files(scope, limit=options.limit, offset=options.offset) if sources else []
    if options.json:
        values = {"offset": options.offset, "limit": options.limit, "files": [_file_values(file) for file in files]}
        print(json.dumps({"counts": dataclasses.asdict(counts), **values}))
        return DONE
    _print_counts(counts)
    for file in files:
        if file.state != "indexed":
            print(f"{file.state:>8}  {file.path}  {file.reason}".rstrip())
    return DONE


def _remove(options: argparse.Namespace) -> int:
    from qadesk.app.library.collections import (
        collection_named,
        collections,
        linked_sources,
        remove_collection,
        remove_source,
    )
    from qadesk.app.library.indexing import forget_others

    with _open_store() as store:
        collection = collection_named(store, options.name)
        if options.source:
            remove_source(store, collection, options.source)
            print(f"{options.source} is not linked to '{collection.name}' any more.")
        else:
            remove_collection(store, collection)
            print(f"The collection '{collection.name}' was removed. Its files are where they were.")
        sources = linked_sources(collections(store))
    try:
        with _open_index(writes=True) as index:
            forget_others(index, sources)
    except LibraryError as error:
        _say(f"{error.message} It is not asked any more; the index is tidied up later.")
    return DONE


def _list(options: argparse.Namespace) -> int:
    from qadesk.app.library.collections import collections

    with _open_store() as store:
        every = collections(store)
    if options.json:
        print(json.dumps([_collection_values(collection) for collection in every]))
        return DONE
    if not every:
        print("There is no collection. 'qadesk library add NAME FOLDER' makes one.")
    for collection in every:
        print(collection.name)
        for source in collection.sources:
            print(f"    {source}")
    return DONE


def _sources(name: str | None) -> list[Path]:
    """What the collection called ``name``, or all of them, link to. Raises ``LibraryError``."""
    from qadesk.app.library.collections import collection_named, collections, linked_sources
    from qadesk.records import EVERYTHING

    with _open_store() as store:
        if name is None or name.casefold() == EVERYTHING:
            return linked_sources(collections(store))
        return linked_sources([collection_named(store, name)])


@contextlib.contextmanager
def _open_store() -> Iterator[Store]:
    from qadesk.app.open_store import open_store

    with contextlib.closing(open_store()) as store:
        for notice in store.notices:
            _say(notice)
        yield store


def _open_index(*, writes: bool = False) -> contextlib.closing[LibraryIndex]:
    from qadesk.cli.library_answers import open_library_index

    return contextlib.closing(open_library_index(writes=writes))


def _all_files(index: LibraryIndex, scope: Scope, state: FileState) -> Iterator[LibraryFile]:
    offset = 0
    while files := index.files(scope, state, 1000, offset):
        yield from files
        offset += len(files)


def _print_counts(counts: LibraryCounts) -> None:
    from qadesk.app.phrases import counted

    parts = [
        f"{count:,} {words}"
        for count, words in (
            (counts.waiting, "waiting"),
            (counts.pictures, "with pictures that were not recognised"),
            (counts.failed, "failed"),
            (counts.left_out, "left out"),
            (counts.missing, "missing"),
        )
        if count
    ]
    print(f"{counted(counts.files, 'file')}: {', '.join([f'{counts.indexed:,} indexed', *parts])}.")
    pages = f"{counted(counts.pages, 'page')}, " if counts.pages else ""
    print(f"{pages}{counted(counts.passages, 'passage')}, {counts.characters:,} characters.")
    if counts.hidden_folders:
        print(f"{counted(counts.hidden_folders, 'hidden folder')} not entered.")


def _file_values(file: LibraryFile) -> dict[str, Any]:
    return {**dataclasses.asdict(file), "path": str(file.path)}


def _collection_values(collection: Collection) -> dict[str, Any]:
    return {"name": collection.name, "sources": [str(source) for source in collection.sources]}


def _print_json(options: argparse.Namespace, values: dict[str, Any]) -> None:
    if options.json:
        print(json.dumps(values))


def _say(sentence: str) -> None:
    print(f"qadesk: {sentence}", file=sys.stderr)
