"""What is done to a text whatever it is written to: numbers, terms, index, formulas."""
