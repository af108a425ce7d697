"""Marking at a running desk: by keys alone, nothing lost that was called saved, nothing runs."""

from __future__ import annotations

import http.client
import io
import random
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from benchmarks.cohort import classes
from PIL import Image

from hardwired.course import entries
from hardwired.course.desk import papers
from hardwired.course.desk.course_folder import Course
from hardwired.course.gradebook import Gradebook
from tests.conftest import count
from tests.course.desk.served import Desk, served

pytestmark = pytest.mark.ring("test")  # starts a server

FIVE = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3, language: python}
hardwired:
  slug: five
  title: Five criteria
  questions:
    q2:
      points: 5
      answers:
        - name: words
          kind: prose
          words: [10, 200]
          rubric:
            - {criterion: Says why, points: 1, levels: [absent, named, explained]}
            - {criterion: Says how, points: 1}
            - {criterion: Says when, points: 1}
            - {criterion: Says where, points: 1}
            - {criterion: Says for whom, points: 1}
---

# Five

+++ {"hardwired": {"prompt": "q1"}}

Draw it.

```{code-cell} ipython3
---
hardwired:
  question: q1
  points: 2
  answers:
    - {name: fig, kind: figure, rubric: [{criterion: Is drawn, points: 2}]}
---
### BEGIN SOLUTION
fig = 1
### END SOLUTION
```

+++ {"hardwired": {"prompt": "q2"}}

Say it.

+++ {"hardwired": {"question": "q2"}}

### BEGIN SOLUTION
It is said.
### END SOLUTION
"""
HOSTILE = (
    "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
    " \u202e{{7*7}}"
)


def made(tmp_path: Path) -> Course:
    """Make a course of eight students, one of whose answers is hostile."""
    (tmp_path / "exercises" / "five").mkdir(parents=True)
    (tmp_path / "exercises" / "five" / "exercise.md").write_text(FIVE, encoding="utf-8")
    course = Course(tmp_path / "course", tmp_path / "exercises")
    course.make("A course", "Ada Marker", "Europe/London")
    course.marks.mkdir()
    exercise = course.exercise("five")
    with Gradebook(course.book_file) as book:
        attempts = [
            classes.graded(
                exercise,
                n,
                text=lambda n: HOSTILE if n == 3 else classes.said(n, 60),
                png=lambda n: classes.picture(n, 40) + b"<script>",
            )
            for n in range(8)
        ]
        for attempt in attempts:
            book.add(attempt)
        book.count("five", {a.student: (a.file_digest, "k") for a in attempts})
    return course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Give a course of one's own."""
    return made(tmp_path)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Give a course in which nothing is entered."""
    return made(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def desk(shown: Course) -> Iterator[Desk]:
    """Give a running desk that let us in."""
    with served(shown.folder, shown.default_exercises) as running:
        yield running


def pile(course: Course, answer: str = "words", who: str = "Ada Marker") -> list[papers.Paper]:
    """Give the papers in a marker's order."""
    question, one = papers.find(course.exercise("five"), answer)
    with course.book() as book:
        return papers.shuffled(papers.papers(question, one, book.attempts("five")), who)


def given(course: Course) -> dict[tuple[str, int], float]:
    """Give the points that hold, by student and criterion."""
    with course.book() as book:
        return {(m.student, m.criterion): m.points for m in entries.criteria(book, "five")}


def test_a_page_shows_no_name_and_every_text_as_text(shown: Course, desk: Desk) -> None:
    """A page shows no name, and a hostile text as text."""
    for paper in pile(shown):
        page = desk.get(f"/x/five/marking/words/{paper.token}")

        assert "Says for whom" in page
        assert paper.student not in page
        assert paper.name not in page
        assert "<script>document" not in page
        assert "<img src=x" not in page
    assert "49" not in re.findall(
        r"\b\d+\b", desk.get(f"/x/five/marking/words/{pile(shown)[0].token}")
    )


def test_a_figure_is_drawn_anew(shown: Course, desk: Desk) -> None:
    """Of a figure no byte of the student's reaches the browser, only what it shows."""
    paper = pile(shown, "fig")[0]
    got = desk.raw(f"/x/five/marking/fig/{paper.token}/figure.png")
    number = int(paper.student[1:])

    assert b"<script>" not in got
    wanted = Image.open(io.BytesIO(classes.picture(number, 40))).convert("RGB")
    assert Image.open(io.BytesIO(got)).convert("RGB").tobytes() == wanted.tobytes()
    assert f"fig = draw({number})" in desk.get(f"/x/five/marking/fig/{paper.token}")


def test_what_cannot_be_entered_is_said_in_one_sentence(shown: Course, desk: Desk) -> None:
    """What cannot be entered is answered by one sentence, and nothing is entered."""
    here = f"/x/five/marking/words/{pile(shown)[0].token}"
    for fields in (
        {"criterion": 0, "points": 2},
        {"criterion": 0, "points": "nan"},
        {"criterion": 0, "points": "one"},
        {"criterion": 9, "points": 1},
        {"criterion": "x", "points": 1},
    ):
        assert set(desk.post(f"{here}/points", **fields)) == {"error"}
    assert set(desk.post(f"{here}/undo")) == {"error"}
    assert set(desk.post("/x/five/marking/words/0123456789abcdef/points", criterion=0)) == {"error"}
    assert set(desk.post("/x/five/marking/nothing/bank", do="add", text="a")) == {"error"}
    assert given(shown) == {}


def test_a_comment_of_several_lines_is_kept_changed_and_taken_out(tmp_path: Path) -> None:
    """A form ends lines with two characters; the bank holds, shows and finds one."""
    course = made(tmp_path)
    here, bank = f"/x/five/marking/words/{pile(course)[0].token}", "/x/five/marking/words/bank"
    with served(course.folder, course.default_exercises) as desk:
        assert desk.post(bank, do="add", text="Why?\r\nSay it.") == {"comments": ["Why?\nSay it."]}
        assert desk.post(bank, do="add", text="Why?\nSay it.")["comments"] == ["Why?\nSay it."]
        page = desk.get(here)
        assert "Why?\nSay it." in page
        assert "\N{REPLACEMENT CHARACTER}Say" not in page
        changed = desk.post(bank, do="change", old="Why?\r\nSay it.", text="How?\r\nSay.")
        assert changed == {"comments": ["How?\nSay."]}
        assert desk.post(bank, do="remove", old="How?\r\nSay.") == {"comments": []}


def test_the_flagged_are_led_through_once_in_order(tmp_path: Path) -> None:
    """Whoever looks again is led through what they flagged, marked or not, and then back."""
    course = made(tmp_path)
    flagged = [paper for n, paper in enumerate(pile(course)) if n in (1, 4, 6)]
    with served(course.folder, course.default_exercises) as desk:
        for paper in flagged:
            here = f"/x/five/marking/words/{paper.token}"
            assert set(desk.post(f"{here}/look", look="yes")) == {"saved"}
            for number in range(5):
                desk.post(f"{here}/points", criterion=number, points=1)
        seen, after = [], ""
        for _ in flagged:
            page = desk.get(f"/x/five/marking/words?only=look{after}")
            seen.append(str(re.findall(r'data-here="[^"]*/(\w+)"', page)[0]))
            after = f"&after={seen[-1]}"

        assert seen == [paper.token for paper in flagged]
        assert "You have seen all that you flagged" in desk.get(
            f"/x/five/marking/words?only=look{after}"
        )
        assert "Look again at 3" in desk.get("/x/five/marking")


def named(desk: Desk, name: str) -> str:
    """Say at a browser who one is; gives the cookie by which it is known."""
    connection = http.client.HTTPConnection(desk.base.removeprefix("http://"))
    headers = {"Cookie": desk.cookies, "Origin": desk.base}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST", "/who", urlencode({"who": name}), headers)
    answer = connection.getresponse()
    connection.close()
    return str(answer.headers["set-cookie"]).split(";")[0]


def test_a_second_marker_stays_who_they_are(course: Course) -> None:
    """A name outlives the desk, and another spelling of it is the same person."""
    here = f"/x/five/marking/words/{pile(course)[0].token}/points"
    with served(course.folder, course.default_exercises) as desk:
        cookie = named(desk, "Zo\u00eb Li")
    with served(course.folder, course.default_exercises) as desk:
        alone = desk.cookies
        desk.cookies = f"{alone}; {cookie}"
        assert set(desk.post(here, criterion=0, points=1)) == {"saved"}
        again = named(desk, " ZO\u00cb  li")
        desk.cookies = f"{alone}; {again}"
        assert set(desk.post(here, criterion=1, points=1)) == {"saved"}
    with course.book() as book:
        assert [act.who for act in entries.history(book, "five")] == ["Zo\u00eb Li"] * 2


def test_a_page_that_another_person_opened_enters_nothing(course: Course) -> None:
    """Whoever says their name in another tab does not enter what the first one still marks."""
    here = f"/x/five/marking/words/{pile(course)[0].token}"
    with served(course.folder, course.default_exercises) as desk:
        page = desk.get(here)
        (shown,) = re.findall(r'data-who="([^"]*)"', page)
        assert page.count(f'name="who" value="{shown}"') == 5 + 3  # criteria; comment, look, undo
        assert set(desk.post(f"{here}/points", criterion=0, points=1, who=shown)) == {"saved"}
        desk.cookies += f"; {named(desk, 'Bo')}"
        for path, fields in (
            ("points", {"criterion": 1, "points": 1}),
            ("comment", {"comment": "Why?"}),
            ("look", {"look": "yes"}),
            ("undo", {}),
        ):
            told = desk.post(f"{here}/{path}", who=shown, **fields)
            assert "opened by Ada Marker, and Bo is at this browser now" in told["error"]
        assert "opened by Ada" in desk.post(
            "/x/five/settling", student="s1", way="excuse", why="ill", who=shown
        )["error"]  # fmt: skip
    with course.book() as book:
        assert [(a.who, a.kind) for a in entries.history(book, "five")] == [
            ("Ada Marker", "criteria")
        ]


def test_who_is_at_one_desk_is_not_said_at_another(tmp_path: Path) -> None:
    """A browser that holds the cookies of two desks is one person here and another there."""
    one, other = made(tmp_path / "one"), made(tmp_path / "other")
    with served(one.folder, one.default_exercises) as desk:
        cookie = named(desk, "Bo")
        desk.cookies += f"; {cookie}"
        assert 'value="Bo"' in desk.get("/x/five/marking")
    with served(other.folder, other.default_exercises) as desk:
        desk.cookies += f"; {cookie}"
        assert 'value="Ada Marker"' in desk.get("/x/five/marking")


@pytest.mark.sampled
def test_what_was_called_saved_outlives_a_kill(course: Course) -> None:
    """The desk is killed while somebody marks on: nothing that it called saved is lost.

    What was on its way at that moment is there whole or not at all.
    """
    chance = random.Random(4)
    order, saved = pile(course), {}
    for _ in range(count(30, 3)):
        enough, least = threading.Event(), chance.randint(1, 20)
        with served(course.folder, course.default_exercises) as desk:
            with ThreadPoolExecutor(1) as pool:
                marking = pool.submit(mark_on, desk, order, chance, saved, least, enough)
                enough.wait(60)
                time.sleep(chance.random() / 100)
                desk.process.kill()
                key, points = marking.result(60)
            desk.process.wait()
        found = given(course)
        if found.get(key) == points:
            saved[key] = points

        assert found == saved
        with Gradebook(course.book_file) as book:
            assert book.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def mark_on(
    desk: Desk, order: list[Any], chance: random.Random, saved: dict[tuple[str, int], float],
    least: int, enough: threading.Event,
) -> tuple[tuple[str, int], float]:  # fmt: skip
    """Mark until nobody answers; gives what was on its way then."""
    done = 0
    while True:
        paper, number = chance.choice(order), chance.randrange(5)
        points = chance.choice((0.0, 0.5, 1.0))
        try:
            answer = desk.post(
                f"/x/five/marking/words/{paper.token}/points", criterion=number, points=points
            )
        except (OSError, http.client.HTTPException):
            return (paper.student, number), points
        assert set(answer) == {"saved"}
        saved[paper.student, number] = points
        done += 1
        if done == least:
            enough.set()


@pytest.mark.ring("all")
@pytest.mark.browser
def test_a_class_is_marked_by_keys_alone(course: Course, browser: Any) -> None:
    """Five criteria take six keys an answer; comment, flag, typed points and undo are keys too."""
    with served(course.folder, course.default_exercises, enter=False) as desk:
        page = browser.new_page()
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(desk.start)
        page.wait_for_url(f"{desk.base}/")
        page.goto(f"{desk.base}/x/five/marking/words")
        order, keys = pile(course), 0
        for paper in order[:-1]:
            page.wait_for_url(f"**/{paper.token}*")
            for key in "21120n":
                page.keyboard.press(key)
                keys += 1
        page.wait_for_url(f"**/{order[-1].token}*")

        assert keys == 6 * 7
        assert page.title() != "ran"
        wanted = dict(enumerate((1.0, 0.5, 0.5, 1.0, 0.0)))
        marks = given(course)
        assert all(marks[p.student, n] == wanted[n] for p in order[:-1] for n in wanted)

        page.keyboard.press("1")
        page.keyboard.press(".")
        page.keyboard.type("0.25")
        page.keyboard.press("Enter")
        page.keyboard.press("g")
        page.keyboard.press("c")
        page.keyboard.type("Say when.")
        page.keyboard.press("Escape")
        page.locator("#saved", has_text="Saved: 2 of 5").wait_for()
        page.keyboard.press("u")
        page.wait_for_url("**said=*")

        assert page.input_value("#comment") == ""
        assert page.get_attribute("#look", "aria-pressed") == "true"
        student = order[-1].student
        assert {n: p for (s, n), p in given(course).items() if s == student} == {0: 0.5, 1: 0.25}
        with course.book() as book:
            kinds = [act.kind for act in entries.history(book, "five")]
        assert kinds[-4:] == ["criteria", "look", "criteria", "undo"]
        assert failures == []
        page.close()


@contextmanager
def opened(course: Course, browser: Any) -> Iterator[tuple[Any, str]]:
    """Open the first answer in a browser; gives the page, and the student whose answer it is."""
    first = pile(course)[0]
    with served(course.folder, course.default_exercises, enter=False) as desk:
        page = browser.new_page()
        page.set_default_timeout(10_000)
        page.goto(desk.start)
        page.wait_for_url(f"{desk.base}/")
        page.goto(f"{desk.base}/x/five/marking/words/{first.token}")
        yield page, first.student
        page.close()


def typed(page: Any, number: int, text: str) -> None:
    """Type other points for a criterion, and Enter."""
    page.locator(".number").nth(number).fill(text)
    page.locator(".number").nth(number).press("Enter")


def says(page: Any, text: str) -> None:
    """Wait until the page says so of what is saved."""
    page.locator("#saved", has_text=text).wait_for()


@pytest.mark.ring("all")
@pytest.mark.browser
def test_a_refused_number_is_never_shown_as_given(course: Course, browser: Any) -> None:
    """Too many points and letters are said until mended; the sum is what the desk holds."""
    with opened(course, browser) as (page, student):
        page.keyboard.press("2")
        says(page, "Saved: 1 of 5 criteria given, 1 points")
        typed(page, 1, "50")
        says(page, "Not saved. Criterion 2: 50 points, but 0 to 1 are possible")
        assert page.locator(".number").nth(1).input_value() == ""
        page.locator("fieldset").nth(2).focus()
        with page.expect_response("**/points"):
            page.keyboard.press("1")
        page.evaluate("chain")
        says(page, "Not saved. Criterion 2: 50 points")
        typed(page, 1, "0,25")
        says(page, "Saved: 3 of 5 criteria given, 1.75 points")

        here = page.url
        typed(page, 3, "abc")
        says(page, "Not saved. Criterion 4: abc is no number of points; correct it.")
        page.locator("fieldset").nth(0).focus()
        page.keyboard.press("n")
        page.evaluate("chain")
        assert page.url == here
        typed(page, 3, "1")
        says(page, "Saved: 4 of 5 criteria given, 2.75 points")
        assert {n: p for (s, n), p in given(course).items() if s == student} == {
            0: 1, 1: 0.25, 2: 0.5, 3: 1,
        }  # fmt: skip


@pytest.mark.ring("all")
@pytest.mark.browser
def test_what_was_not_saved_is_said_until_it_is_sent_again(course: Course, browser: Any) -> None:
    """One lost entry among five stays named, and two in a row leave what the desk holds."""
    with opened(course, browser) as (page, student):
        here = page.url
        page.keyboard.press("2")
        says(page, "Saved: 1 of 5")
        page.route("**/points", lambda route: route.abort())
        for key in ("1", "0"):
            page.locator("fieldset").nth(0).focus()
            page.keyboard.press(key)
        says(page, "Not saved. Criterion 1: The desk does not answer")
        pressed = page.locator("form[data-criterion='0'] [aria-pressed=true]")
        page.evaluate("chain")
        assert [b.get_attribute("data-key") for b in pressed.all()] == ["2"]

        page.unroute("**/points")
        with page.expect_response("**/points"):
            page.keyboard.press("1")
        page.locator("form[data-criterion='1'] [data-key='1'][aria-pressed=true]").wait_for()
        page.keyboard.press("n")
        page.evaluate("chain")
        says(page, "Not saved. Criterion 1")
        assert page.url == here

        page.locator("fieldset").nth(0).focus()
        page.keyboard.press("0")
        says(page, "Saved: 2 of 5")
        page.keyboard.press("n")
        page.wait_for_url(lambda url: url != here)
        assert {n: p for (s, n), p in given(course).items() if s == student} == {0: 0, 1: 0.5}


@pytest.mark.ring("all")
@pytest.mark.browser
def test_a_refused_undo_or_comment_of_the_bank_holds_nobody_up(
    course: Course, browser: Any
) -> None:
    """Undo on a fresh paper and a comment too long for the bank are told, and n leads on."""
    with opened(course, browser) as (page, _):
        here = page.url
        page.keyboard.press("u")
        says(page, "Not done. there is nothing left of yours to take back here")
        page.locator("#comment").fill("a" * 2001)
        page.locator("#keep").click()
        says(page, "Not done. the comment has 2001 characters")
        page.keyboard.press("Escape")
        page.locator("fieldset").nth(0).focus()
        page.keyboard.press("n")
        page.wait_for_url(lambda url: url != here)


@pytest.mark.ring("all")
@pytest.mark.browser
def test_marking_pages_are_usable_by_all(course: Course, browser: Any) -> None:
    """No violation of WCAG 2.2 A or AA, light and dark, and no page wider than a narrow screen."""
    first = pile(course)[0].token
    with served(course.folder, course.default_exercises, enter=False) as desk:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        page.goto(desk.start)
        page.wait_for_url(f"{desk.base}/")
        for who in ("Ada Marker", "Bo"):
            page.goto(f"{desk.base}/x/five/marking")
            page.fill("#who", who)
            page.press("#who", "Enter")
            page.goto(f"{desk.base}/x/five/marking/words/{first}")
            page.keyboard.press("1" if who == "Bo" else "2")
            page.locator("#saved", has_text="Saved: 1 of 5").wait_for()
        figure = pile(course, "fig")[0].token
        for path in ("", f"/words/{first}", f"/fig/{figure}", "/words/compare"):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.goto(f"{desk.base}/x/five/marking{path}")
                found = Axe().run(page).response["violations"]

                assert [v["id"] for v in found] == []
                assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.close()
