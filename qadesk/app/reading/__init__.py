"""Reading: a reader is loaded, asked, measured, and given a faster graph."""
