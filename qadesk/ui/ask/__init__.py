"""The place in the window where questions are asked."""
