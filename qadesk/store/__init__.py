"""The user's database: one SQLite file that keeps what was opened and what was asked."""
