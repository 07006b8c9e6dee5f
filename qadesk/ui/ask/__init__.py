"""The Ask place: questions to the open document, and their answers."""
