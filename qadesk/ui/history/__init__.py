"""The place History: asked questions with their answers."""
