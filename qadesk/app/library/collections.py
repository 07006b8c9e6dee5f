"""The collections of the library: named sets of linked folders and files, in the user's database.

When a verb returns, what it wrote is on the disk. All raise ``StoreError`` if the database cannot be read or written,
and must be called on the thread that opened it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qadesk.app.library.scanning import is_there, without_dots
from qadesk.documents.open_file import quoted_name
from qadesk.errors import LibraryError
from qadesk.records import EVERYTHING, Changes, Collection
from qadesk.store import collection_rows
from qadesk.store.database import Store

_LONGEST_NAME = 100
_WRITES = Changes(library=True)


def collections(store: Store) -> list[Collection]:
    """All collections, by name."""
    with store.reading() as connection:
        return collection_rows.select_collections(connection)


def collection_named(store: Store, name: str) -> Collection:
    """The collection called ``name``, in any case of its letters. Raises ``LibraryError`` if there is none."""
    every = collections(store)
    folded = name.strip().casefold()
    for collection in every:
        if collection.name.casefold() == folded:
            return collection
    names = ", ".join(f"'{collection.name}'" for collection in every)
    raise LibraryError(
        f"There is no collection '{name}'.", f"There are: {names}." if names else "Add a folder to the library first."
    )


def add_collection(store: Store, name: str, sources: Iterable[Path] = ()) -> Collection:
    """A new collection that links to ``sources``, folders and files.

    Raises ``LibraryError`` if the name is taken or cannot be one, or a source is not there.
    """
    name = _checked_name(store, name)
    return _insert(store, name, [_checked_source(source) for source in sources])


def add_source(store: Store, collection: Collection, source: Path) -> Collection:
    """``collection`` with a link to the folder or file ``source``. Raises ``LibraryError`` if that is not there.

    A link to what lies in one of its folders changes nothing, and one to a folder takes the place of those inside.
    """
    source = _checked_source(source)
    if not any(source.is_relative_to(other) for other in collection.sources):
        with store.writing(_WRITES) as connection:
            for other in collection.sources:
                if other.is_relative_to(source):
                    collection_rows.delete_source(connection, collection.id, other)
            collection_rows.insert_sources(connection, collection.id, [source])
    return collection_named(store, collection.name)


def remove_source(store: Store, collection: Collection, source: Path) -> Collection:
    """``collection`` without the link to ``source``. Raises ``LibraryError`` if it has none."""
    source = without_dots(source)
    if source not in collection.sources:
        raise LibraryError(
            f"{quoted_name(source)} is not linked to '{collection.name}'.", "See 'qadesk library list' for what is."
        )
    with store.writing(_WRITES) as connection:
        collection_rows.delete_source(connection, collection.id, source)
    return collection_named(store, collection.name)


def remove_collection(store: Store, collection: Collection) -> None:
    """Delete ``collection``. The files stay where they are."""
    with store.writing(_WRITES) as connection:
        collection_rows.delete_collection(connection, collection.id)


def restore_collection(store: Store, collection: Collection) -> Collection:
    """A new collection as ``collection`` was, which was removed, also with links to what is not there now.

    Raises ``LibraryError`` if its name was given to another one since.
    """
    return _insert(store, _checked_name(store, collection.name), collection.sources)


def rename_collection(store: Store, collection: Collection, name: str) -> Collection:
    """``collection`` under another name. Raises ``LibraryError`` if it is taken or cannot be one."""
    name = _checked_name(store, name, but=collection)
    with store.writing(_WRITES) as connection:
        collection_rows.update_name(connection, collection.id, name)
    return collection_named(store, name)


def linked_sources(every: Iterable[Collection]) -> list[Path]:
    """The folders and files that the collections ``every`` link to, without those that lie in another one."""
    sources = sorted({source for collection in every for source in collection.sources})
    outermost: list[Path] = []
    for source in sources:  # what lies in a folder comes right behind it
        if not (outermost and source.is_relative_to(outermost[-1])):
            outermost.append(source)
    return outermost


def _insert(store: Store, name: str, sources: Iterable[Path]) -> Collection:
    with store.writing(_WRITES) as connection:
        collection_rows.insert_sources(connection, collection_rows.insert_collection(connection, name), sources)
    return collection_named(store, name)


def _checked_name(store: Store, name: str, but: Collection | None = None) -> str:
    """``name`` with single spaces."""
    name = " ".join(name.split())
    if not name or not name.isprintable() or len(name) > _LONGEST_NAME or name.casefold() == EVERYTHING:
        raise LibraryError(
            f"A collection cannot be called '{name[:_LONGEST_NAME]}'.",
            f"Choose a name of 1 to {_LONGEST_NAME} characters; '{EVERYTHING}' means all collections.",
        )
    for other in collections(store):
        if other.name.casefold() == name.casefold() and (but is None or other.id != but.id):
            raise LibraryError(f"There is a collection '{other.name}' already.", "Choose another name.")
    return name


def _checked_source(source: Path) -> Path:
    source = without_dots(source)
    if not is_there(source):
        raise LibraryError(f"There is no folder or file {quoted_name(source)}.", "Check its name.", str(source))
    return source
