"""The PDF of the book: from Sphinx's resolved doctree to Typst to a tagged PDF."""
