"""The page of models: what is there, what to do with it, and the work that this takes."""
