"""Which cells of a submission run, and what is said of the others; what holds for every run."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardwired.course import session, submissions
from hardwired.course.engines.base import Engine
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook
from tests.course import tiny
from tests.course.conftest import SHORT
from tests.course.graded import Kept, automatic, grade


@pytest.mark.parametrize(
    ("role", "source"),
    [
        ("check", "check('q1'); total = float(sum(data['values']))"),
        ("data", "{given}\ntotal = float(sum(data['values']))"),
        ("draw", "{given}\ntotal = float(sum(data['values']))"),
        (
            "data",
            "from hardwired.course.student import load\ndata = load('x.json', STUDENT)\n"
            "total = float(sum(data['values']))",
        ),
    ],
)
def test_an_answer_written_into_a_cell_of_the_exercise_counts(
    zygote: Engine, tmp_path: Path, role: str, source: str
) -> None:
    """Neither a cell's text nor what it says of itself keeps it from running."""
    notebook = tiny.filled("s1", "product = 4 * data['n']")
    for cell in notebook["cells"]:
        if cell["metadata"].get("hardwired", {}).get("role") == role:
            cell["source"] = source.replace("{given}", cell["source"])
    tiny.write(tmp_path / "in" / "s1" / "tiny.ipynb", notebook)
    (row,) = grade(tiny.exercise(), tmp_path / "in", tmp_path / "out", zygote)

    assert automatic(row) == 6
    assert ("changed were cells that give the data" in row.reason) == (role != "check")


def test_a_cell_that_is_left_out_is_named(zygote: Engine, tmp_path: Path) -> None:
    """A cell of another language is no Python: it does not run, and the marks say which it was."""
    notebook = tiny.filled("s1")
    other = {"cell_type": "code", "metadata": {}, "id": "x", "source": "%%bash\necho 1"}
    notebook["cells"].insert(1, other)
    tiny.write(tmp_path / "in" / "s1" / "tiny.ipynb", notebook)
    (row,) = grade(tiny.exercise(), tmp_path / "in", tmp_path / "out", zygote)

    assert (automatic(row), row.reason) == (6, "cell 2 is no Python and was left out")


def test_whoever_grades_cannot_mix_engines(zygote: Engine, tmp_path: Path) -> None:
    """The rule holds for every caller of the library, unless the change is asked for."""

    class Other(Kept):
        def __init__(self, engine: Engine) -> None:
            super().__init__(engine)
            self.name = "wasm"

    tiny.write(tmp_path / "in" / "s1" / "tiny.ipynb", tiny.filled("s1"))
    grade(tiny.exercise(), tmp_path / "in", tmp_path / "out", zygote)
    handed = submissions.collect(tmp_path / "in", None)
    with Gradebook(tmp_path / "out" / "gradebook.sqlite") as book:
        with pytest.raises(CourseError, match="marks of tiny were made with bubblewrap-zygote"):
            session.grade_all(tiny.exercise(), handed, book, Other(zygote), SHORT)
        session.grade_all(tiny.exercise(), handed, book, Other(zygote), SHORT, switch=True)
        (counting,) = book.attempts("tiny")

    assert counting.audit["engine"] == "wasm"
