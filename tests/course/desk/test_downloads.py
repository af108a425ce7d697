"""What is dropped at the desk is kept whole, or not at all."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from benchmarks.cohort import classes

from hardwired.course.desk.downloads import downloads, take
from hardwired.course.errors import CourseError
from tests.course import tiny


def test_of_two_zips_neither_is_kept_if_one_is_none(tmp_path: Path) -> None:
    """What the page says of the one, that nothing was kept, is true of both."""
    tiny.exercise(tmp_path / "exercises")
    course = classes.made(tmp_path / "course", tmp_path / "exercises", 1, [])
    good = io.BytesIO()
    with zipfile.ZipFile(good, "w") as archive:
        archive.writestr("s000/tiny.ipynb", json.dumps(tiny.filled("s000")))
    good.seek(0)

    with pytest.raises(CourseError, match=r"broken\.zip.*nothing was kept"):
        take(course, "tiny", [("good.zip", good), ("broken.zip", io.BytesIO(b"no zip"))])
    assert downloads(course, "tiny") == []
    assert list((course.handed_in / "tiny").iterdir()) == []

    good.seek(0)
    assert [d.name for d in take(course, "tiny", [("good.zip", good)])] == ["good.zip"]
