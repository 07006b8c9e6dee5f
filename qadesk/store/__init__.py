"""The user's database: one SQLite file with recent documents, asked questions, and labels with their texts."""
