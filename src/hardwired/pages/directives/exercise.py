"""``{exercise} 05-wounds``: what the notebook asks, and the student's copy to download."""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from hardwired.course.authoring.exercise import Exercise, find, read
from hardwired.course.authoring.strip import student_notebook
from hardwired.course.errors import CourseError
from hardwired.pages.directives.columns import columns

FOLDER = "exercises"


def sources(app: Sphinx) -> Path:
    """Return the folder that holds the exercises, beside the book's."""
    return Path(app.srcdir).parent / FOLDER


def offered(env: Any) -> dict[str, set[str]]:
    """Return which pages offer which exercise; kept with the environment."""
    if not hasattr(env, "hardwired_exercises"):
        env.hardwired_exercises = {}
    return env.hardwired_exercises


class ExerciseDirective(SphinxDirective):
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
        offered(self.env).setdefault(slug, set()).add(self.env.docname)
        box = nodes.container(classes=["hw-exercise"])
        self.set_source_info(box)
        box += nodes.paragraph(
            "",
            f"{len(exercise.questions)} questions, {exercise.points:g} points, "
            f"about {exercise.minutes} minutes.",
        )
        box += _table(exercise)
        box += self._download(slug)
        return [box]

    def _download(self, slug: str) -> nodes.Node:
        up = "../" * self.env.docname.count("/")
        link = nodes.reference("", f"{slug}.ipynb", refuri=f"{up}{FOLDER}/{slug}.ipynb")
        words = nodes.paragraph("", "Student notebook to download: ", link, nodes.Text("."))
        return addnodes.only("", words, expr="builder_html or builder_dirhtml")


def _row(cells: list[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in cells))


def _table(exercise: Exercise) -> nodes.table:
    group = nodes.tgroup("", cols=3)
    group += columns(12, 68, 20)
    group += nodes.thead("", _row(["Question", "What it asks", "Points"]))
    rows = [[q.name, q.title, f"{q.points:g}"] for q in exercise.questions]
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=["hw-exercise-questions"])


def forget(app: Sphinx, env: Any, docname: str) -> None:
    """Forget what a page offered, before it is read again."""
    for pages in offered(env).values():
        pages.discard(docname)


def write_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Write the student notebook of every exercise that a page offers."""
    if exception or app.builder.name not in {"html", "dirhtml"}:
        return
    for slug, pages in sorted(offered(app.env).items()):
        if not pages:
            continue
        notebook = student_notebook(read(find(slug, sources(app))))
        target = Path(app.outdir) / FOLDER / f"{slug}.ipynb"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the writing of the notebooks."""
    app.add_directive("exercise", ExerciseDirective, override=True)
    app.connect("env-purge-doc", forget)
    app.connect("build-finished", write_notebooks)
    return {"env_version": 1, "parallel_read_safe": False, "parallel_write_safe": True}
