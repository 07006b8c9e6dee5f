"""Models of the user: listed, used, renamed, removed, imported, downloaded and compared."""
