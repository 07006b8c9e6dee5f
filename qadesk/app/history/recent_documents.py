"""The documents that were open before."""

from __future__ import annotations

from qadesk.errors import StoreError
from qadesk.records import Changes, Document, RecentDocument
from qadesk.store import recent
from qadesk.store.database import Store
from qadesk.structure import outline_of
from qadesk.structure.plain import blocks_or_plain


def remember_document(store: Store, document: Document) -> None:
    """Put ``document`` first among the recent ones; the content of pasted text is stored."""
    with store.writing(Changes(recent=True)) as connection:
        recent.add_document(connection, document)


def recent_documents(store: Store, limit: int = 15) -> list[RecentDocument]:
    """The documents that were opened last, the newest first. Their files may not exist any more."""
    with store.reading() as connection:
        return recent.newest_documents(connection, limit)


def pasted_text(store: Store, document: RecentDocument) -> Document:
    """The document of a pasted text. Raises ``StoreError`` if it was forgotten."""
    with store.reading() as connection:
        stored = recent.stored_text(connection, document.id)
    if stored is None:
        raise StoreError("This text is no longer kept.", "Paste it again.")
    text, blocks = stored[0], blocks_or_plain(*stored)
    return Document(text, document.title, document.kind, blocks=blocks, outline=outline_of(text, blocks))


def pasted_text_of(store: Store, entry_id: int) -> Document:
    """The pasted text that an entry of the history was asked of. Raises ``StoreError`` if it is no longer kept."""
    with store.reading() as connection:
        document = recent.pasted_document_of(connection, entry_id)
    if document is None:
        raise StoreError("This text is no longer kept.", "Paste it again, then ask the question.")
    return pasted_text(store, document)
