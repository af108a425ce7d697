"""A figure is marked beside the code that drew it: grading keeps the code of each question."""

from __future__ import annotations

import json

from hardwired.course import grade, loader
from hardwired.course.border.source import Source
from hardwired.course.submissions import Handed
from tests.course import tiny

TINY = tiny.exercise()
HANDED = Handed(
    *("s1", "Sam", True, ("s1",), "s1/tiny.ipynb", "d" * 64, None, False, (0.0, "")), Source(b"x")
)


def code(source: str) -> dict[str, str]:
    """Give the code that the attempt of a notebook with this cell for q1 keeps."""
    notebook = loader.load(json.dumps(tiny.filled("s1", code=source)).encode())
    prepared = grade.prepare(TINY, notebook)
    judged = grade.unjudged(TINY, "not run")
    return dict(grade.attempt(TINY, HANDED, prepared, judged, "k", {}).audit["code"])


def test_the_code_of_a_question_is_kept_as_it_was_written() -> None:
    """The code of a question is kept as it was written, that of no question is not."""
    source = "total = 1  # a guess\nproduct = 2"

    assert code(source) == {"q1": source}


def test_what_a_terminal_or_a_page_would_obey_is_shown_by_its_number() -> None:
    """Hidden characters are shown, and a very long cell is cut."""
    assert code("total = '\u202e'") == {"q1": "total = '\\u202e'"}
    assert len(code(f"total = '{'a' * 50_000}'")["q1"]) < 31_000
