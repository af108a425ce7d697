"""What several rooms must say alike: colours, numbers, units, the book's name, files.

The lowest room: it imports nothing of the house but the version. Not here: anything that only one
room says.
"""
