"""A text to copy, by which a student is asked about what waits: what is the matter, what to do."""

from __future__ import annotations

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.settle import Case
from hardwired.course.standing import Standing

__all__ = ["letter"]

WHAT = {
    "unreadable": (
        "Please hand in the notebook itself: open it in Jupyter, save it, and send the file whose"
        " name ends in .ipynb."
    ),
    "mismatch": (
        "Please tell me whether this notebook is the one you meant, and which identifier you typed"
        " into its first cell; if it is another, hand in the right one."
    ),
    "blank": (
        "Please look whether you saved your answers in another copy of the notebook, and hand that"
        " one in."
    ),
}
REST = (
    "Please restart the notebook, run all its cells from the top, and look at what this question"
    " gives; then hand it in again, or tell me what you meant."
)


def letter(case: Case, exercise: Exercise, s: Standing, who: str) -> str:
    """Give the text: the student's file, the reason in the grader's words, and what they can do."""
    about = f"question {case.question} ({case.answer}) of " if case.answer else ""
    reason = case.reason.rstrip(".")
    return (
        f"Dear {case.name},\n\n"
        f"I have your file {case.file} and cannot mark {about}\u201c{exercise.title}\u201d yet:"
        f" {reason}.\n\n"
        f"{WHAT.get(s.status, REST)} Nothing is lost meanwhile.\n\n"
        f"{who}\n"
    )
