"""Batch jobs: answers to the rows of a file, by many workers, into a file. What was answered survives a kill."""
