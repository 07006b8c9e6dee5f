"""Measurements of QADesk. They print numbers, keep them in RESULTS.md, and assert nothing."""
