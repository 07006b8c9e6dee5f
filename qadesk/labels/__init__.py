"""Gold labels: their files, their checks, the split for training, and answers in changed texts."""
