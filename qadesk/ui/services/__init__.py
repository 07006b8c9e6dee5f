"""What the places share: the reader, the database, the history and the labels, each with one owner."""
