"""The place Library: collections, their files, and questions to all of them."""
