"""The index of the library: files, texts and passages of linked folders, and the search in them."""
