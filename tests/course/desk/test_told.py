"""What students are told and when: by question, by day, with their code and what to read again."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from benchmarks.cohort import classes

from hardwired.course import csvsafe, policy, settle
from hardwired.course.again import look_again
from hardwired.course.authoring import exercise as authoring
from hardwired.course.desk.course_folder import Course
from hardwired.course.entries import Manual
from hardwired.course.errors import CourseError
from hardwired.course.export import export, gradescope_results
from hardwired.course.gradebook import Gradebook, MarkRow
from hardwired.course.policy import Policy
from hardwired.course.roster import read
from hardwired.course.standing import Standing, standings
from hardwired.course.student_page import student_page
from tests.conftest import ROOT
from tests.course import tiny
from tests.course.commanded import command_line
from tests.course.desk.asked import Asker
from tests.course.entered import enter

TINY = tiny.exercise()
HELD = "exercises: {tiny: {feedback: {hold: [q2]}}}\n"
EARLY = "exercises: {tiny: {feedback: {from: 2999-01-01T09:00:00Z}}}\n"
OPEN = "exercises: {tiny: {feedback: {from: 2001-01-01T09:00:00Z}}}\n"
WORDS = "Says it all, but for the spread."


def row(folder: Path, rules: str = "", code: str = "total = 1") -> Standing:
    """Give one student: 4.5 of 6 points by the machine, 3.5 of 4 by a marker with a comment."""
    path = folder / "course.yml"
    path.write_text(rules)
    one = replace(
        classes.graded(TINY, 0),
        marks=(
            MarkRow("q1", "total", 1.5, 3, "sign", "the sign is wrong", '{"t": "float", "v": -1}'),
            MarkRow("q1", "product", 3, 3, None, "right", '{"t": "float", "v": 8}'),
        ),
        audit={"code": {"q1": code}},
    )
    with Gradebook(folder / "gradebook.sqlite") as book:
        book.add(one)
        book.count("tiny", {one.student: (one.file_digest, "k")})
        digest = one.file_digest
        given = [(0, 2.5), (1, 1.0)]
        enter(book, "tiny", [Manual("s000", "words", n, "AB", p, WORDS, digest) for n, p in given])
        (found,) = standings(TINY, book, None, policy.read(path))
    return found


class Reader(HTMLParser):
    """The text of a page, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags = "", [""]
        self.feed(page)

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Keep what stands in it."""
        self.tags.append(tag)


def test_a_student_reads_points_words_and_their_own_code(tmp_path: Path) -> None:
    """Points by criterion, what the marker said, and the code as it was marked."""
    page = student_page(TINY, row(tmp_path, code="total = -sum(v)  # <b>"))
    text = " ".join(Reader(page).text.split())

    assert "8 of 10 points." in text
    assert "Says what the sum leaves out2.5 of 3" in text
    assert WORDS in text
    assert "total = -sum(v) # <b>" in text
    assert "b" not in Reader(page).tags


def test_of_a_question_that_is_held_nothing_is_told(tmp_path: Path) -> None:
    """Neither points, words, text nor code; and no whole from which they could be reckoned."""
    whole, part = row(tmp_path), row(tmp_path, HELD)
    page = Reader(student_page(TINY, part)).text

    assert "4.5 of 6 points; q2 not counted here, and given back later." in page
    assert "This question is given back later." in page
    assert WORDS not in page
    assert "leaves out" not in page
    assert "the sign is wrong" in page
    assert not re.search(r"\b8 of 10\b|\b3\.5\b|\b2\.5 of 3\b", page)
    assert (part.points, part.so_far) == (whole.points, whole.so_far) == (8.0, 8.0)


def test_a_mark_for_a_held_question_is_not_told_with_what_people_settled(tmp_path: Path) -> None:
    """What a person entered for it waits with it; what they entered for others is told."""
    row(tmp_path)
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        settle.mark(book, TINY, "s000", 1.0, answer="words", who="AB", why="of the held one")
        settle.mark(book, TINY, "s000", 2.0, answer="total", who="AB", why="of the other")
        (s,) = standings(TINY, book, None, policy.read(tmp_path / "course.yml"))
    told = Reader(student_page(TINY, replace(s, held=frozenset({"q2"})))).text

    assert "of the other" in told
    assert "of the held one" not in told


def test_reasons_in_files_for_a_course_system_follow_the_same_rule(tmp_path: Path) -> None:
    """Moodle's comments and Gradescope's tests tell nothing of it; the marks are whole."""
    (tmp_path / "m.csv").write_text(
        "Identifier,Full name,ID number,Email address,Status,Grade,Feedback comments\n"
        "Participant 501,Student Number 0,s000,a@example.org,Submitted,,before\n"
    )
    roster, said = read(tmp_path / "m.csv"), {}
    for name, rules in {"all": "", "held": HELD, "early": EARLY, "open": OPEN}.items():
        s = row(tmp_path, rules)
        (path,) = export("moodle", TINY, [s], tmp_path, roster)
        (line,) = csvsafe.read(path)
        seen = {t["name"] for t in gradescope_results(s)["tests"] if t["visibility"] == "visible"}
        said[name] = (line["Grade"], line["Feedback comments"], seen)

    everything = {"q1: total", "q1: product", "q2: words"}
    assert {mark for mark, _, _ in said.values()} == {"8"}
    assert WORDS in said["all"][1]
    assert said["open"] == said["all"]
    assert said["all"][2] == everything
    assert said["held"][1].startswith("q1: 4.5 of 6")
    assert "q2" not in said["held"][1]
    assert said["held"][2] == everything - {"q2: words"}
    assert said["early"][1:] == ("before", set())


def test_the_command_packs_nothing_before_the_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line with the day and the mend, and no zip; after the day there is one."""
    tiny.exercise(tmp_path)
    options = ("--exercises", str(tmp_path), "--out", str(tmp_path))
    codes = []
    for rules in (EARLY, OPEN):
        row(tmp_path, rules)
        given = ("--course", str(tmp_path / "course.yml"))
        codes.append(command_line("report", "tiny", "--back", *options, *given))
        packed = (tmp_path / "export" / "tiny-feedback.zip").exists()
        codes.append(packed)

    assert codes == [1, False, 0, True]
    assert "feedback is given from 2999-01-01 09:00 UTC on" in capsys.readouterr().err


def test_the_desk_gives_back_by_question_and_day(tmp_path: Path) -> None:
    """Chosen on the page; before the day it says so and packs nothing, and then only the rest."""
    tiny.exercise(tmp_path / "exercises")
    course = classes.made(tmp_path / "course", tmp_path / "exercises", 2)
    course.rules_file.write_text("timezone: Europe/London\nlate: {per_day: 0.1}\n")
    desk = Asker(course, tmp_path / "state")
    told, pages = "/x/tiny/back/told", "/x/tiny/back/pages"

    assert desk.post(told, ("from", "2999-01-01T09:00"), ("hold", "q2")).code == 303
    early, page = desk.post(pages, ("all", "yes")), desk.get("/x/tiny/back").said
    assert early.code == 409
    assert "feedback is given from 2999-01-01 09:00 GMT on" in early.said
    assert "Students are told nothing before Tuesday 01 January 2999, 09:00" in page
    assert "Pages of all" not in page
    assert 'value="q2" checked' in page

    assert desk.post(told, ("from", ""), ("hold", "q2"), ("hold", "q9")).code == 303
    with zipfile.ZipFile(io.BytesIO(desk.post(pages, ("all", "yes")).body)) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist()]
    assert len(texts) == 2
    assert all("This question is given back later." in text for text in texts)
    found = course.rules()
    assert (found.held, found.opens, found.per_day) == ({"tiny": frozenset({"q2"})}, {}, 0.1)

    desk.post(told, ("from", ""))
    assert course.rules_file.read_text() == "timezone: Europe/London\nlate:\n  per_day: 0.1\n"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("exercises: {tiny: {feedback: {hold: [q9]}}}", "has no question 'q9' to hold back"),
        ("exercises: {tiny: {feedback: {hold: q2}}}", "give a list of questions"),
        ("exercises: {tiny: {feedback: {form: 2027-01-01}}}", "unknown key 'form'"),
        ("exercises: {tiny: {feedback: {from: soon}}}", "is not a date"),
        ("exercises: {tiny: {feedback: q2}}", "must be a mapping"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_one_sentence(tmp_path: Path, rules: str, said: str) -> None:
    """With the file, what is wrong and what is known."""
    path = tmp_path / "course.yml"
    path.write_text(rules)

    with pytest.raises(CourseError, match=re.escape(said)):
        policy.read(path).check("tiny", ["q1", "q2"])


def test_a_wrong_answer_leads_back_to_sections_of_its_chapter() -> None:
    """Those that meet the question's objectives; each question of the book leads somewhere."""
    made = authoring.read(ROOT / "exercises" / "05-wounds" / "exercise.md")
    chapter = (ROOT / "book" / "chapters" / "05-wounds.md").read_text(encoding="utf-8")

    found = {q.name: look_again(made, q) for q in made.questions}

    assert found["q1"] == "chapter 5: \u201cOne study taken apart: thirteen carers\u201d"
    for said in found.values():
        headings = re.findall("\u201c(.+?)\u201d", said)
        assert headings
        assert all(re.search(f"^#+ {re.escape(name)}", chapter, re.MULTILINE) for name in headings)
    assert look_again(TINY, TINY.questions[0]) == ""


def test_only_who_lost_points_is_sent_to_read_again(tmp_path: Path) -> None:
    """A right answer needs none, and a question that waits is not judged yet."""
    made = authoring.read(ROOT / "exercises" / "05-wounds" / "exercise.md")
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.add(one := classes.graded(made, 3))
        book.count(made.slug, {one.student: (one.file_digest, "k")})
        (s,) = standings(made, book, None, Policy())
    page = student_page(made, s)

    sent = re.findall(r"<h2>(q\d+)\.(?:(?!<h2>).)*?class=\"again\"", page, re.DOTALL)
    points = {q.name: s.question(q.name) for q in made.questions}
    lost = [q.name for q in made.questions if any(
        x.question == q.name and x.points is not None and x.points < x.most for x in s.lines
    )]  # fmt: skip
    assert sent == lost
    assert None in points.values()


def made_course(folder: Path) -> Course:
    """Give a course with two students on its roster."""
    tiny.exercise(folder / "exercises")
    return classes.made(folder / "course", folder / "exercises", 2)


def test_extensions_and_lateness_are_forms(tmp_path: Path) -> None:
    """Given by name or identifier, listed, taken back; the marks follow, and other rules stay."""
    course = made_course(tmp_path)
    desk = Asker(course, tmp_path / "state")
    desk.post("/x/tiny/due", ("due", "2027-03-03T18:00"))  # they handed in on 5 March, 17:30

    desk.post("/rules/late", ("per_day", "10"), ("most", "50"), ("grace", "15"))
    late = [s.kept for s in course.standings("tiny")]
    longer = ("student", "student number 1"), ("slug", "tiny"), ("until", "2027-03-05T18:00")
    assert desk.post("/rules/extension", *longer).code == 303
    kept, page = [s.kept for s in course.standings("tiny")], desk.get("/rules").said

    assert late == [0.8, 0.8]
    assert kept == [0.8, 1.0]
    assert "Student Number 1</th><td>tiny</td><td>Fri 05 Mar 2027, 18:00" in page
    assert 'name="per_day" inputmode="decimal" value="10"' in page
    assert course.rules().grace_minutes == 15.0
    removed = ("do", "remove"), ("student", "s001"), ("slug", "tiny")
    desk.post("/rules/extension", *removed)
    assert [s.kept for s in course.standings("tiny")] == [0.8, 0.8]
    desk.post("/rules/late", ("per_day", ""), ("most", ""), ("grace", ""))
    assert [s.kept for s in course.standings("tiny")] == [1.0, 1.0]
    assert course.rules().due["tiny"].isoformat() == "2027-03-03T18:00:00+00:00"


def test_an_extension_stands_once_however_the_student_was_named(tmp_path: Path) -> None:
    """What stood under the name is replaced by what is given to the identifier."""
    course = made_course(tmp_path)
    course.rules_file.write_text(
        "# mine\nextensions:\n  Student Number 1: {tiny: 2027-04-01, other: 2027-04-02}\n"
    )
    tiny.write(tmp_path / "x", {})
    given = ("student", "s001"), ("slug", "tiny"), ("until", "2027-05-01T12:00")
    assert Asker(course, tmp_path / "state").post("/rules/extension", *given).code == 303

    found = {key: f"{day:%m-%d}" for key, day in course.rules().extensions.items()}
    assert found == {("s001", "tiny"): "05-01", ("student number 1", "other"): "04-02"}
    assert (course.folder / "course.yml.before").read_text().startswith("# mine")


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("late", {"per_day": "ten"}, "'ten' is no number of per cent a day"),
        ("late", {"per_day": "110"}, "give 0 to 100"),
        ("late", {"grace": "-1"}, "minutes of grace"),
        ("extension", {"student": "nobody", "slug": "tiny", "until": "2027-01-01T00:00"},
         "is nobody on the roster"),
        ("extension", {"student": "s001", "slug": "tiny", "until": "soon"}, "is no date"),
        ("extension", {"student": "s001", "slug": "tiny"}, "give the day"),
        ("extension", {"student": "s001", "slug": "other", "until": "2027-01-01"}, "choose for"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_kept_changes_nothing(
    tmp_path: Path, path: str, fields: dict[str, str], said: str
) -> None:
    """One sentence; the file is as it was."""
    course = made_course(tmp_path)
    before = course.rules_file.read_text()

    answer = Asker(course, tmp_path / "state").post(f"/rules/{path}", *fields.items())

    assert answer.code == 409
    assert said in answer.said
    assert course.rules_file.read_text() == before
