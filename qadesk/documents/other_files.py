"""The note on files that a file takes in, and that are not read with it."""

from __future__ import annotations

from collections.abc import Sequence

_MAX_NAMED = 5


def notes_on_files(names: Sequence[str]) -> tuple[str, ...]:
    """The note that names the files ``names``, if there are any."""
    if not names:
        return ()
    different = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    listed = ", ".join(f"'{name[:60]}'" for name in different[:_MAX_NAMED])
    count = len(different) - _MAX_NAMED
    more = f" and {count} {'other' if count == 1 else 'others'}" if count > 0 else ""
    return (f"The file takes in other files, which were not read: {listed}{more}.",)
