"""The open document on paper or in a PDF file: its pages or its text, in short steps."""
