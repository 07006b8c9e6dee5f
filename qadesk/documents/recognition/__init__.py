"""Text recognition of pages that are pictures: Tesseract in child processes of their own (``recognizer`` runs them)."""
