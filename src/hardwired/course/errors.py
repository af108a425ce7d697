"""The one error of this room: something that a person can mend, said in one sentence."""

from __future__ import annotations

__all__ = ["CourseError"]


class CourseError(Exception):
    """What is wrong, where, and what to do; the commands print it and end with exit code 1."""
