"""The house style and the diagrams of the book, drawn from models and evidence; no Sphinx here."""
