"""``{exercise} 05-wounds``: what the notebook asks, and the student's copy to download."""

import json
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from hardwired.course.authoring.exercise import find, read
from hardwired.course.authoring.strip import student_notebook
from hardwired.course.errors import CourseError
from hardwired.pages.building.notes import notes
from hardwired.pages.directives.base import HwDirective

FOLDER = "exercises"
NOTE = "exercises"
"""Under which name it is noted what exercises a page offers."""


def sources(app: Sphinx) -> Path:
    """Return the folder that holds the exercises, beside the book's."""
    return Path(app.srcdir).parent / FOLDER


class ExerciseDirective(HwDirective):
    """A table of the questions with their points, and in HTML a link to the student notebook."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a container ``hw-exercise``."""
        slug = self.arguments[0]
        try:
            path = find(slug, sources(self.env.app))
            exercise = read(path)
        except CourseError as error:
            raise self.error(str(error)) from error
        self.env.note_dependency(str(path))
        notes(self.env, NOTE).setdefault(self.env.docname, []).append(slug)
        box = nodes.container(classes=["hw-exercise"])
        self.set_source_info(box)
        box += nodes.paragraph(
            "",
            f"{len(exercise.questions)} questions, {exercise.points:g} points, "
            f"about {exercise.minutes} minutes.",
        )
        box += self.table(
            ("Question", "What it asks", "Points"),
            (12, 68, 20),
            ((q.name, q.title, f"{q.points:g}") for q in exercise.questions),
            classes=["hw-exercise-questions"],
        )
        box += self._download(slug)
        return [box]

    def _download(self, slug: str) -> nodes.Node:
        up = "../" * self.env.docname.count("/")
        name = f"{slug}.ipynb"
        # A browser that is told "this is JSON" would show it, were it not told to save it.
        link = nodes.raw("", f'<a download href="{up}{FOLDER}/{name}">{name}</a>', format="html")
        words = nodes.paragraph("", "Student notebook to download: ", link, nodes.Text("."))
        return addnodes.only("", words, expr="builder_html or builder_dirhtml")


def write_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Write the student notebook of every exercise that a page offers."""
    if exception or app.builder.name not in {"html", "dirhtml"}:
        return
    offered = notes(app.env, NOTE).values()
    for slug in sorted({slug for slugs in offered for slug in slugs}):
        notebook = student_notebook(read(find(slug, sources(app))))
        target = Path(app.outdir) / FOLDER / f"{slug}.ipynb"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
