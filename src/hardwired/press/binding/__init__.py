"""From Typst sources to one tagged PDF: gatherings set side by side, then bound."""
