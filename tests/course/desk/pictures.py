"""The guide's pictures of the desk, drawn from a course that is made up; nobody in it is real.

``HARDWIRED_RENEW=1 pytest tests/course/desk/test_pictures.py --ring all`` draws them anew.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.cohort import classes
from PIL import Image

from hardwired.course import settle
from hardwired.course.desk import bank, entering, papers
from hardwired.course.desk.course_folder import Course
from hardwired.course.gradebook import Copy
from tests.course.desk.served import served

__all__ = ["FOLDER", "SIZE", "Picture", "drawn"]

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "book" / "front" / "desk"
SIZE = (960, 620)
COLOURS = 48
SLUG = "05-wounds"
PEOPLE = (
    "Adeyemi, Tola", "Berg, Ann", "Carlsen, Mia", "Da Silva, Rui", "Eriksen, Bo", "Fontaine, Luc",
    "Goh, Wei Ling", "Haddad, Samir", "Ito, Ken", "Jansen, Els", "Khan, Ayesha", "Lindqvist, Eva",
)  # fmt: skip
TEXT = (
    "Counting which way trials point says nothing of how large an effect is, nor how sure we are: a"
    " small trial counts as much as a large one, and two of these intervals hold no effect at all."
    " In two trials many of those who were randomised were not analysed; if people who healed"
    " slowly left, what remains looks too good."
)
COMMENT = "You name who is missing; work out their share from the table."


@dataclass(frozen=True)
class Picture:
    """A picture, and what stands on its page for a reader: headings, labels, buttons."""

    name: str
    png: bytes
    says: list[str]


def course(folder: Path) -> Course:
    """Make a small class that has handed in, with two files that wait and one text half marked."""
    made = classes.made(folder, ROOT / "exercises", 0, [])
    held = {2: "21", 3: "12", 6: "25.25"}
    rows = [f'"{name}",{n},u{n},s{n:03d},A,{held.get(n, "")}' for n, name in enumerate(PEOPLE)]
    head = ("Student,ID,SIS User ID,SIS Login ID,Section,Week 5 (77)", "    Points Possible,,,,,40")
    made.roster_file.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")
    exercise = made.exercise(SLUG)
    with made.entering() as book:
        handed = []
        for n, name in enumerate(PEOPLE):
            one = classes.graded(exercise, n, text=lambda _: TEXT, png=classes.picture)
            handed.append(replace(one, name=name, file=f"{name.split(',')[0].casefold()}.ipynb"))
        why = "it is a PDF, which cannot be run; ask for the notebook"
        none = {"marks": (), "prose": {}, "figures": {}}
        handed[3] = replace(handed[3], file="dasilva.pdf", status="unreadable", reason=why, **none)
        for attempt in handed:
            book.add(attempt)
        book.count(SLUG, {a.student: (a.file_digest, a.run_key) for a in handed})
        book.keep_copies(
            SLUG,
            [Copy(a.student, a.file, a.file_digest, a.handed_in, False, True) for a in handed],
        )
        for question, answer in papers.manual(exercise):
            for paper in papers.papers(question, answer, book.attempts(SLUG)):
                n, prose = int(paper.student[1:]), answer.kind == "prose"
                if n == 0 and prose:
                    entering.comment(book, SLUG, answer, paper, COMMENT, who="Ada Marker")
                for k, criterion in enumerate(answer.rubric):
                    if n > 1 or (n == 0 and k < 2) or not prose:
                        points = criterion.points / (1 + (n + k) % 2)
                        entering.give(book, SLUG, answer, paper, k, points, who="Ada Marker")
        settle.adjust(
            book, exercise, "s007", 0.5, who="Ada Marker", why="found an error in the book"
        )
    (answer,) = [a for _, a in papers.manual(exercise) if a.kind == "prose"]
    bank.add(made.folder, SLUG, answer.name, COMMENT)
    bank.add(made.folder, SLUG, answer.name, "Say in which direction this would bend the result.")
    made.rules_file.write_text("timezone: Europe/London\n", encoding="utf-8")
    return made


def pages(made: Course) -> Iterator[tuple[str, str, str]]:
    """Give each picture's name, its page, and what stands at its upper edge."""
    exercise = made.exercise(SLUG)
    with made.book() as book:
        question, answer = next((q, a) for q, a in papers.manual(exercise) if a.kind == "prose")
        pile = papers.papers(question, answer, book.attempts(SLUG))
    (token,) = [paper.token for paper in pile if paper.student == "s000"]
    yield "marking", f"/x/{SLUG}/marking/{answer.name}/{token}", ".strip"
    yield "settling", f"/x/{SLUG}/settling?student=s003", "h1"
    yield "seeing", f"/x/{SLUG}/seeing", "h1"
    yield "back", f"/x/{SLUG}/back?column=Week+5+%2877%29", "h2:text('What will be written')"


SAYS = """() => [...document.querySelectorAll("main :is(h1, h2, h3, legend, label, th, button)")]
  .map(e => e.tagName.toLowerCase() + " " + e.textContent.trim().replace(/\\s+/g, " "))"""


UP = "e => scrollTo(0, scrollY + e.getBoundingClientRect().top - 12)"


def drawn(browser: Any, folder: Path) -> list[Picture]:
    """Draw all pictures at a running desk, in few colours: they are lines and letters."""
    made, out = course(folder), []
    width, height = SIZE
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    with served(made.folder, ROOT / "exercises", enter=False) as desk:
        page.goto(desk.start)
        page.wait_for_url(f"{desk.base}/")
        for name, path, top in pages(made):
            page.goto(desk.base + path)
            page.locator(f"main {top}").first.evaluate(
                "e => scrollTo(0, scrollY + e.getBoundingClientRect().top - 12)"
            )
            sink = io.BytesIO()
            shot = Image.open(io.BytesIO(page.screenshot()))
            few = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(sink, "PNG", optimize=True)
            out.append(Picture(name, sink.getvalue(), page.evaluate(SAYS)))
    context.close()
    return out
