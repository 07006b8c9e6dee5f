"""Question and document to ranked answers: windows, a backend that scores, decoding, the engine."""
