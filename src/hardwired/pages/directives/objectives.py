"""``{objectives}``: which section, quiz item and question meets each objective of each chapter.

The objectives stand in the chapters, each quiz item names its own (``objective: o3``), and each
question of an exercise names its own in its note (``note: objectives o1 and o3``). Which section
meets an objective is said in ``front/objectives.yml``, by the section's heading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from hardwired.course.quiz import QuizError
from hardwired.course.quiz import load as load_quiz
from hardwired.pages.directives.base import Cell, HwDirective
from hardwired.pages.text.book_index import plain

logger = logging.getLogger(__name__)

SECTIONS = "front/objectives.yml"
_OBJECTIVE = re.compile(r"^- \*\*(o\d+)\*\* (.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^ *question: (q\d+)\s*$|^ +(q\d+):\s*$", re.MULTILINE)
_NOTE = re.compile(r"^ *note: objectives? (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Objective:
    """One objective of a chapter and what meets it.

    Attributes
    ----------
    chapter
        ``05-wounds``.
    name
        ``o3``.
    text
        As the chapter states it, in MyST.
    sections
        Headings of the sections that meet it.
    items
        Quiz items that test it.
    questions
        Questions of the exercise that train it.
    """

    chapter: str
    name: str
    text: str
    sections: tuple[str, ...]
    items: tuple[str, ...]
    questions: tuple[str, ...]


def stated(chapter: str) -> dict[str, str]:
    """Return the objectives that a chapter's source states, by name."""
    return dict(_OBJECTIVE.findall(chapter))


def trained(exercise: str) -> dict[str, list[str]]:
    """Return the questions of an exercise's source that name each objective."""
    found: dict[str, list[str]] = {}
    question = ""
    for line in exercise.splitlines():
        if match := _QUESTION.match(line):
            question = match.group(1) or match.group(2)
        elif (match := _NOTE.match(line)) and question:
            for name in re.findall(r"o\d+", match.group(1)):
                found.setdefault(name, []).append(question)
    return {
        name: sorted(set(questions), key=lambda q: int(q[1:])) for name, questions in found.items()
    }


def sources(book: Path, chapter: str) -> tuple[Path, Path, Path, Path]:
    """Return the files that speak of a chapter's objectives: text, quiz, exercise, sections."""
    exercises = book.parent / "exercises" / chapter
    return (
        book / "chapters" / f"{chapter}.md",
        exercises / "quiz.yml",
        exercises / "exercise.md",
        book / SECTIONS,
    )


def read(book: Path, chapter: str) -> list[Objective]:
    """Return the objectives of a chapter with all that meets them.

    Parameters
    ----------
    book
        The book's source folder; the exercises lie beside it.
    chapter
        ``05-wounds``.

    Raises
    ------
    QuizError
        When the quiz cannot be read.
    """
    text, quiz, exercise, sections = sources(book, chapter)
    items: dict[str, list[str]] = {}
    if quiz.is_file():
        for item in load_quiz(quiz).items:
            items.setdefault(item.objective, []).append(item.id)
    questions = trained(exercise.read_text(encoding="utf-8")) if exercise.is_file() else {}
    named: Mapping[str, Any] = {}
    if sections.is_file():
        named = (yaml.safe_load(sections.read_text(encoding="utf-8")) or {}).get(chapter) or {}
    return [
        Objective(
            chapter,
            name,
            words,
            tuple(named.get(name) or ()),
            tuple(items.get(name, ())),
            tuple(questions.get(name, ())),
        )
        for name, words in stated(text.read_text(encoding="utf-8")).items()
    ]


def chapters(book: Path) -> list[str]:
    """Return the chapters that are written."""
    return sorted(path.stem for path in (book / "chapters").glob("[0-9][0-9]-*.md"))


class section_link(nodes.inline):  # noqa: N801 - docutils names its nodes so
    """A place for a link to a section: `page` and `heading` say which."""


class ObjectivesDirective(HwDirective):
    """A table for each chapter: its objectives and what meets them."""

    def run(self) -> list[nodes.Node]:
        """Return a table a chapter, in a container ``hw-objectives``."""
        box = nodes.container(classes=["hw-objectives"])
        self.set_source_info(box)
        book = Path(self.env.srcdir)
        for chapter in chapters(book):
            for path in sources(book, chapter):
                self.env.note_dependency(str(path))
            try:
                box += self._table(chapter, read(book, chapter))
            except QuizError as error:
                raise self.error(str(error)) from error
        return [box]

    def _table(self, chapter: str, objectives: list[Objective]) -> nodes.table:
        rows: list[Sequence[Cell]] = []
        for objective in objectives:
            words = objective.text.rstrip(";.")
            where: list[nodes.Node] = []
            for heading in objective.sections:
                where += [nodes.Text(", ")] if where else []
                where.append(
                    section_link("", page=f"chapters/{objective.chapter}", heading=heading)
                )
            rows.append(
                (
                    self.inline(f"**{objective.name}** {words}"),
                    where or "\u2013",
                    ", ".join(objective.items) or "\u2013",
                    ", ".join(objective.questions) or "\u2013",
                )
            )
        return self.table(
            ("Objective", "Section", "Quiz", "Exercise"),
            (46, 26, 12, 16),
            rows,
            title=self.inline(f"Chapter {int(chapter[:2])}, {{doc}}`/chapters/{chapter}`"),
            classes=["hw-objectives-table"],
        )


class LinkSections(SphinxPostTransform):
    """Turn every :class:`section_link` into a link that shows the section's number."""

    def run(self, **kwargs: Any) -> None:
        """Replace the places; a heading that its chapter does not have is an error."""
        for place in list(self.document.findall(section_link)):
            page, heading = place["page"], place["heading"]
            found = find_section(self.env, page, heading)
            if found is None:
                logger.error(
                    "objectives.yml: %s has no section %r; write one of its headings",
                    page, heading, location=place,
                )  # fmt: skip
                place.replace_self(nodes.Text(heading))
                continue
            anchor, number = found
            link = nodes.reference("", number or heading, internal=True)
            link["refuri"] = self.app.builder.get_relative_uri(self.env.docname, page) + anchor
            place.replace_self(link)


def find_section(env: BuildEnvironment, page: str, heading: str) -> tuple[str, str] | None:
    """Return the anchor and the number of the section of a page that has this heading."""
    wanted = plain(heading)
    for entry in env.tocs[page].findall(nodes.reference) if page in env.tocs else ():
        if plain(entry.astext()) == wanted and entry["anchorname"]:
            number = env.toc_secnumbers.get(page, {}).get(entry["anchorname"]) or ()
            return entry["anchorname"], ".".join(map(str, number))
    return None
