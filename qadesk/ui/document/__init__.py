"""The document as text: its view, find bar and highlights. Positions are offsets of the document."""
