"""Collections of linked folders: adding, indexing, asking all of their documents."""
