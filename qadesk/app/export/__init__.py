"""Answers as files: documents to read, tables, data, and copies of PDF files with the answers highlighted."""
