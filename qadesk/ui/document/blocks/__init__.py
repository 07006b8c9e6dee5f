"""How the blocks of a document are laid out and painted: headings, lists, tables, code, page rules."""
