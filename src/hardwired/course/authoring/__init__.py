"""Reading, checking and cutting up ``exercise.md``; nothing here runs a student's code."""
