"""Opening the user's database, for the window and the command line."""

from __future__ import annotations

from qadesk import layout, paths
from qadesk.store import database
from qadesk.store.database import Store
from qadesk.version import __version__


def open_store() -> Store:
    """Open the user's database, and create or repair it as needed: its ``notices`` are to be shown.

    Raises ``StoreError`` if it is from a newer version, in use or out of reach.
    """
    layout.check_version()
    store = database.open_database(paths.data_dir())
    layout.mark(__version__)
    return store
