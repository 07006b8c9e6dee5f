"""Pages that are pictures: what text recognition found on them, where that is kept, and how such pages are drawn."""
