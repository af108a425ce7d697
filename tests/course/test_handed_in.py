"""Who is in a course, what was handed in, and the rules of due dates."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from hardwired.course import (
    policy,
    roster,
    submissions,
)
from hardwired.course.errors import CourseError
from tests.course.rosters import CANVAS

WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade
Participant 901,Ann Adams,ann@x.org,Submitted,,10
Participant 902,Bo Berg,bo@x.org,,,10
"""
PARTICIPANTS = (
    "First name,Last name,ID number,Email address\nAnn,Adams,u1,ann@x.org\nBo,Berg,u2,bo@x.org\n"
)
PLAIN = "student_id;name\nann;Ann Adams\nbo;Bo Berg\n"


@pytest.mark.parametrize(
    ("text", "kind", "ids", "key"),
    [
        (CANVAS, "canvas", ["ann", "bo"], "501"),
        (WORKSHEET, "moodle-worksheet", ["ann@x.org", "bo@x.org"], "901"),
        (PARTICIPANTS, "moodle-participants", ["u1", "u2"], "Ann Adams"),
        (PLAIN, "plain", ["ann", "bo"], "ANN"),
    ],
)
def test_a_roster_is_read_by_its_header(
    text: str, kind: str, ids: list[str], key: str, tmp_path: Path
) -> None:
    """Canvas, Moodle's two, and plain; a student is found by the system's own number or name."""
    path = tmp_path / "r.csv"
    path.write_text(text)
    read = roster.read(path)

    assert (read.kind, [s.id for s in read.students]) == (kind, ids)
    assert read.find(key).id == ids[0]


def test_two_students_with_one_identifier_are_refused(tmp_path: Path) -> None:
    """By name, with the file."""
    path = tmp_path / "r.csv"
    path.write_text("student_id\nann\nANN\n")

    with pytest.raises(CourseError, match="two students have the identifier"):
        roster.read(path)


def hand_in(path: Path, files: dict[str, str]) -> Path:
    """Give a zip with files, later ones newer."""
    with zipfile.ZipFile(path, "w") as archive:
        for n, (name, text) in enumerate(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1 + n, 12, 0, 0)), text)
    return path


def test_canvas_and_moodle_zips_are_told_apart_and_the_newest_counts(tmp_path: Path) -> None:
    """Copies, late marks and names with commas; nothing is lost."""
    (tmp_path / "r.csv").write_text(CANVAS)
    (tmp_path / "w.csv").write_text(WORKSHEET)
    canvas = hand_in(
        tmp_path / "c.zip",
        {
            "adamsann_501_9001_tiny-1.ipynb": "new",
            "adamsann_501_9000_tiny.ipynb": "old",
            "bergbo_LATE_502_9002_tiny.ipynb": "late",
            "__MACOSX/x": "",
        },
    )
    moodle = hand_in(
        tmp_path / "m.zip",
        {
            "Ann Adams_901_assignsubmission_file_/a.ipynb": "old",
            "Ann Adams_901_assignsubmission_file_/b.ipynb": "new",
            "Bo Berg_902_assignsubmission_file_/x.pdf": "%PDF",
        },
    )
    first = submissions.collect(canvas, roster.read(tmp_path / "r.csv"))
    second = submissions.collect(moodle, roster.read(tmp_path / "w.csv"))

    assert [(h.student, h.source.read(), h.newest, h.late) for h in first] == [
        ("ann", b"old", False, False),
        ("ann", b"new", True, False),
        ("bo", b"late", True, True),
    ]
    assert [(h.student, h.source.read(), h.newest) for h in second] == [
        ("ann@x.org", b"old", False),
        ("ann@x.org", b"new", True),
        ("bo@x.org", b"%PDF", True),
    ]


def test_an_empty_folder_and_a_missing_one_are_named(tmp_path: Path) -> None:
    """One line, with what to do."""
    with pytest.raises(CourseError, match="holds no file"):
        submissions.collect(tmp_path, None)
    with pytest.raises(CourseError, match="does not exist"):
        submissions.collect(tmp_path / "no", None)


# --- rules of a course


def test_due_dates_extensions_and_the_late_rule(tmp_path: Path) -> None:
    """Days begun, after grace; an extension moves the date; the loss has a bound."""
    path = tmp_path / "course.yml"
    path.write_text(
        "exercises:\n  tiny: {due: 2026-11-10T12:00:00Z, drop: [q1]}\n"
        "extensions: {bo: {tiny: 2026-11-12T12:00:00Z}}\n"
        "late: {per_day: 0.1, most: 0.3, grace_minutes: 10}\n"
    )
    rules = policy.read(path)
    late = {who: rules.days_late("tiny", who, "2026-11-11T12:30:00+00:00") for who in ("ann", "bo")}

    assert late == {"ann": 2, "bo": 0}
    assert rules.days_late("tiny", "ann", "2026-11-10T12:09:00+00:00") == 0
    assert [round(rules.kept(d), 3) for d in (0, 2, 9)] == [1.0, 0.8, 0.7]
    assert rules.dropped("tiny") == {"q1"}
    path.write_text("exrcises: {}\n")
    with pytest.raises(CourseError, match="unknown key 'exrcises'"):
        policy.read(path)
