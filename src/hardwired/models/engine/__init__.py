"""What a declaration means, in numbers: equations read, lowered, compiled, integrated."""
