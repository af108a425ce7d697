"""Which function writes which node as Typst: text, blocks, tables, cells, and nodes of our own."""
