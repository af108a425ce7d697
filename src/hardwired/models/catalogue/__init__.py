"""The models of the book, one module a chapter."""
