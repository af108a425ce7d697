"""The page design in Typst, and the files round the text."""
