"""A roster dropped on the desk: what was understood is shown, corrected, and nothing is lost."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from hardwired.course import roster
from hardwired.course.desk import roster_file, rules
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.downloads import downloads, take, without_times
from hardwired.course.errors import CourseError
from hardwired.course.submissions import collect
from tests.course import tiny

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Tiny (1)\n"
    "    Points Possible,,,,,10\n"
    '"Berg, Ann",11,0011,ann,A,\n'
    '"Berg, Ann",12,0012,ann2,A,\n'
)


def draft(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a file as it was dropped."""
    path = folder / "roster-dropped.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding", "said", "separator", "number"),
    [
        (CANVAS, "utf-8-sig", "UTF-8", "commas", 2),
        ("student_id;name\n1;Ünal\n", "cp1252", "Windows-1252", "semicolons", 1),
        ("student_id\tname\n1\tŁuk\n", "utf-16", "UTF-16", "tabs", 1),
        ("sep=;\nstudent_id;name\n1;A\n2;B\n", "utf-8", "UTF-8", "semicolons", 2),
    ],
)
def test_how_a_file_is_written_is_told(
    tmp_path: Path, text: str, encoding: str, said: str, separator: str, number: int
) -> None:
    """Encoding, separator and the number of students, as a spreadsheet would show them."""
    found = roster_file.understand(draft(tmp_path, text, encoding))

    assert found.problem == ""
    assert (found.encoding, found.separator) == (said, separator)
    assert found.roster is not None
    assert len(found.roster.students) == number


def test_students_of_one_name_are_named(tmp_path: Path) -> None:
    """Two of one name are told, with their identifiers."""
    found = roster_file.understand(draft(tmp_path, CANVAS))

    assert found.twins == {"Berg, Ann": ("ann", "ann2")}
    assert found.kind == "a gradebook of Canvas"


def test_rows_that_share_an_identifier_are_corrected_in_the_page(tmp_path: Path) -> None:
    """Both rows are named; after the correction the file can be used, other cells are kept."""
    path = draft(tmp_path, "student_id,name,note\ns1,Anna,x\nS1 ,Bert,y\n,Carl,z\ns4,Dora,w\n")

    found = roster_file.understand(path)
    assert found.roster is None
    assert sorted(found.faults) == [1, 2, 3]
    assert "no identifier" in found.faults[3]

    roster_file.correct(path, {(2, 0): "s2"}, frozenset({3}))
    after = roster_file.understand(path)
    assert after.roster is not None
    assert [(s.id, s.name, s.row["note"]) for s in after.roster.students] == [
        ("s1", "Anna", "x"),
        ("s2", "Bert", "y"),
        ("s4", "Dora", "w"),
    ]


def test_columns_of_an_unknown_table_are_chosen(tmp_path: Path) -> None:
    """A table of no known kind is read by the columns that somebody names."""
    path = draft(tmp_path, "Kennung;Wer;name\n7;Anna;x\n")
    assert roster_file.understand(path).roster is None

    roster_file.name_columns(path, 0, 1)

    (student,) = roster.read(path).students
    assert (student.id, student.name) == ("7", "Anna")
    assert student.row["name (file)"] == "x"
    with pytest.raises(CourseError, match="choose two"):
        roster_file.name_columns(path, 0, 0)


def test_the_roster_before_is_kept(tmp_path: Path) -> None:
    """Using a newer roster loses none of the older ones."""
    place = tmp_path / "roster.csv"
    texts = [f"student_id,name\ns{n},Ann\n" for n in range(3)]
    for text in texts:
        roster_file.keep(draft(tmp_path, text), place)

    assert place.read_text() == texts[2]
    assert [p.read_text() for p in sorted((tmp_path / "rosters").iterdir())] == texts[:2]


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"PK\x03\x04\x00\x00", b"\x89PNG\r\n\x1a\n\x00"])
def test_what_is_no_table_is_one_sentence(tmp_path: Path, data: bytes) -> None:
    """A picture or a spreadsheet's own file is refused with the mend."""
    path = tmp_path / "x.csv"
    path.write_bytes(data)

    with pytest.raises(CourseError, match="save or export it as CSV"):
        roster_file.understand(path)


def course_in(folder: Path) -> Course:
    """Give a course with the small exercise."""
    tiny.exercise(folder / "exercises")
    course = Course(folder / "course", folder / "exercises")
    course.make("T", "W", "Europe/London")
    return course


def test_a_due_date_leaves_the_other_rules(tmp_path: Path) -> None:
    """It is read in the course's zone; extensions and the late rule stay."""
    course = course_in(tmp_path)
    text = (
        "# mine\ntimezone: Europe/London\nlate: {per_day: 0.1}\n"
        "extensions:\n  a: {tiny: 2027-04-01}\n"
    )
    course.rules_file.write_text(text)

    rules.set_due(course.rules_file, "tiny", "2027-03-28T18:00")

    found = course.rules()
    assert found.due["tiny"].isoformat() == "2027-03-28T18:00:00+01:00"
    assert found.per_day == 0.1
    assert ("a", "tiny") in found.extensions
    assert (course.folder / "course.yml.before").read_text() == text
    rules.set_due(course.rules_file, "tiny", "")
    assert not course.rules().due
    with pytest.raises(CourseError, match="is no date"):
        rules.set_due(course.rules_file, "tiny", "next week")


def test_a_due_date_leaves_identifiers_as_they_were_typed(tmp_path: Path) -> None:
    """A login of digits keeps its zeros (as a number it would be octal), and `no` is a login."""
    course = course_in(tmp_path)
    course.rules_file.write_text(
        "timezone: Europe/London\n"
        "extensions:\n  00004711: {tiny: 2027-04-01}\n  no: {tiny: 2027-04-02T12:00:00+02:00}\n"
        "  1_000: {tiny: 2027-04-03}\n"
    )

    rules.set_due(course.rules_file, "tiny", "2027-03-28T18:00")

    found = {who: date.isoformat() for (who, _), date in course.rules().extensions.items()}
    assert found == {
        "00004711": "2027-04-01T23:59:00+01:00",
        "no": "2027-04-02T12:00:00+02:00",
        "1_000": "2027-04-03T23:59:00+01:00",
    }


def test_no_file_with_comments_that_was_kept_is_written_over(tmp_path: Path) -> None:
    """Two texts of somebody's own lie side by side; the same one is kept once."""
    course = course_in(tmp_path)
    texts = ["# first\ntimezone: Europe/London\n", "# second\ntimezone: Europe/Berlin\n"]
    for text in (*texts, texts[1]):
        course.rules_file.write_text(text)
        rules.set_due(course.rules_file, "tiny", "2027-03-28T18:00")

    kept = sorted(path.name for path in course.folder.glob("course.yml.before*"))
    assert kept == ["course.yml.before", "course.yml.before-2"]
    assert [(course.folder / name).read_text() for name in kept] == texts


def test_a_notebook_that_comes_alone_is_late_only_where_its_name_says_so(tmp_path: Path) -> None:
    """The moment of the drop says nothing of the student; Blackboard's names tell the true one."""
    course = course_in(tmp_path)
    told = "T_bo_attempt_2027-03-07-17-30-22_tiny.ipynb"
    names = ("ann.ipynb", told)
    files = [(name, io.BytesIO(json.dumps(tiny.filled("x")).encode())) for name in names]
    (made,) = take(course, "tiny", files)
    course.rules_file.write_text("exercises: {tiny: {due: 2001-01-01T12:00:00Z}}\n")
    for path in made.path.iterdir():
        path.touch()  # as in a backup that was put back
    graded = collect(without_times(made), None)  # as the command reads it that grades

    assert {s.student: s.handed_in for s in made.files} == {
        "ann": None,
        "bo": "2027-03-07T17:30:22",
    }
    late = {h.student: course.rules().days_late("tiny", h.student, h.handed_in) for h in graded}
    assert late["ann"] == 0
    assert late["bo"] == 9562  # days begun from noon of 2001-01-01 to 2027-03-07, 17:30


def test_every_file_of_a_download_has_its_row(tmp_path: Path) -> None:
    """Known and unknown, readable and not: each is listed; the download is kept as it came."""
    course = course_in(tmp_path)
    course.roster_file.write_text("student_id,name\ns1,Ann\ns2,Bea\n")
    given = {
        "s1": tiny.write(tmp_path / "in" / "s1.ipynb", tiny.filled("s1")).read_bytes(),
        "s2": b"no notebook",
        "who": b"{}",
    }

    with (tmp_path / "in" / "s2.ipynb").open("wb") as file:
        file.write(given["s2"])
    with (tmp_path / "in" / "who.ipynb").open("wb") as file:
        file.write(given["who"])
    paths = sorted((tmp_path / "in").iterdir())
    streams = [path.open("rb") for path in paths]
    (made,) = take(course, "tiny", [(p.name, s) for p, s in zip(paths, streams, strict=True)])
    for stream in streams:
        stream.close()

    rows = {seen.student: seen for seen in made.files}
    assert set(rows) == {"s1", "s2", "who"}
    assert rows["s1"].known
    assert not rows["s1"].problem
    assert rows["s2"].problem
    assert not rows["who"].known
    assert {p.stem: p.read_bytes() for p in made.path.iterdir()} == given
    assert downloads(course, "tiny") == [made]
