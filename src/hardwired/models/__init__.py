"""The quantitative models of the book, each declared once; no drawing and no Sphinx here."""
