"""What only the web pages have: search, cards, reading aids, inline pictures, colours of code."""
