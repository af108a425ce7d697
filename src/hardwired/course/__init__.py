"""Exercises for a course: release, grade in a sandbox, report, export; never any Sphinx here."""
