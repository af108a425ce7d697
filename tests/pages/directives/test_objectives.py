"""Objectives are read from chapter, quiz and exercise, and shown with links to their sections."""

from __future__ import annotations

import pytest

from hardwired.pages.directives import objectives

CHAPTER = """# One

## Objectives

- **o1** *explain* a thing;
- **o2** *compute* "another" thing.

## What it is

### A part's part

Text.
"""
QUIZ = """chapter: 05-one
items:
  - id: q1
    objective: o1
    kind: numeric
    question: How many?
    answer: 2
    tolerance: 0.1
    unit: "1"
    why: Count them.
"""
EXERCISE = """---
hardwired:
  questions:
    q2:
      title: In prose
      note: objectives o1 and o2
---
```{code-cell}
hardwired:
  question: q1
  note: objective o2
```
"""
SECTIONS = "05-one:\n  o1: [What it is]\n  o2: [A part’s part]\n"


@pytest.fixture
def book(tmp_path):
    """Return the folder of a small book with one chapter."""
    files = {
        "book/chapters/05-one.md": CHAPTER,
        "book/front/objectives.yml": SECTIONS,
        "exercises/05-one/quiz.yml": QUIZ,
        "exercises/05-one/exercise.md": EXERCISE,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "book"


def test_an_objective_knows_what_meets_it(book):
    """Quiz items by their objective, questions by their note, sections by the list."""
    first, second = objectives.read(book, "05-one")

    assert (first.name, first.sections, first.items, first.questions) == (
        "o1", ("What it is",), ("q1",), ("q2",),
    )  # fmt: skip
    assert (second.name, second.items, second.questions) == ("o2", (), ("q1", "q2"))
    assert second.text == '*compute* "another" thing.'


def test_a_chapter_without_quiz_exercise_or_sections_has_bare_objectives(book):
    """What is missing is empty, so that a test can say so."""
    (book / "front/objectives.yml").unlink()
    (book.parent / "exercises/05-one/quiz.yml").unlink()
    (book.parent / "exercises/05-one/exercise.md").unlink()

    first, _ = objectives.read(book, "05-one")

    assert (first.sections, first.items, first.questions) == ((), (), ())


def page(build, sections: str):
    """Build a page with the table, and the chapter beside it."""
    return build(
        files={"front/objectives.yml": sections},
        **{
            "index": "# Root\n\n```{toctree}\n:numbered:\n\nchapters/05-one\n```\n\n"
            "```{toctree}\n\nfront/guide\n```\n",
            "chapters/05-one": CHAPTER,
            "front/guide": "# Guide\n\n:::{objectives}\n:::\n",
        },
    )


def test_the_table_links_to_the_sections_by_their_numbers(build):
    """An apostrophe of either kind is the same heading."""
    built = page(build, SECTIONS)

    rows = built.page("front/guide").xpath("//div[contains(@class, 'hw-objectives')]//tbody/tr")
    links = [[a.text_content() for a in row.xpath("td[1]//a")] for row in rows]
    assert links == [["1.2"], ["1.2.1"]]
    assert built.warnings == ""


def test_a_heading_that_the_chapter_lost_is_an_error(build):
    """The list of sections follows the chapters."""
    built = page(build, "05-one:\n  o1: [What it was]\n")

    assert "objectives.yml: chapters/05-one has no section 'What it was'" in built.warnings
