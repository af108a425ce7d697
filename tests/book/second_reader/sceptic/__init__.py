"""Sceptical readings of finished chapters: what was missing, what did not follow, what was done."""
