"""Reads and writes label files: a module for each format, and ``registry`` with the table of all formats."""
