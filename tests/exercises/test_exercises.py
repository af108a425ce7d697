"""Every exercise keeps the contract of the editorial guide, whoever wrote it."""

from __future__ import annotations

import builtins
import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import pytest
import yaml

from hardwired.course.authoring import exercise as sources
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.authoring.strip import solution_lines, student_notebook
from hardwired.course.authoring.validate import validate
from hardwired.course.engines.base import Limits
from hardwired.course.engines.probe import probe
from hardwired.course.reference import modules_of

ROOT = Path(__file__).parents[2]
PATHS = sorted((ROOT / "exercises").glob("*/exercise.md"))
LIMITS = Limits(cell_s=20, wall_s=300, cpu_s=200)

pytestmark = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parent.name)


def kinds(exercise: Exercise) -> list[str]:
    """Return the kind of every answer."""
    return [answer.kind for question in exercise.questions for answer in question.answers]


def test_an_exercise_has_eight_to_ten_questions_and_forty_points(path):
    """40 points, 60 to 90 minutes, from easy to hard; a folder is named as its slug."""
    exercise = sources.read(path)
    levels = [question.level for question in exercise.questions]

    assert exercise.slug == path.parent.name
    assert 8 <= len(exercise.questions) <= 10
    assert exercise.points == 40
    assert 60 <= exercise.minutes <= 90
    assert levels[0] == 1
    assert max(levels) >= 4, "one question must stretch a strong student: level 4"


def test_an_exercise_asks_for_tables_a_model_a_figure_and_prose(path):
    """Two questions on published rows, two model runs, a figure, 150-250 words of appraisal."""
    exercise = sources.read(path)
    prose = [a for q in exercise.questions for a in q.answers if a.kind == "prose"]
    parts = re.split(r"^## \d+\. ", path.read_text("utf-8"), flags=re.M)[1:]
    cells = ["".join(re.findall(r"^```{code-cell}.*?^```$", x, re.M | re.S)) for x in parts]
    computed = [c for c in cells if re.search(r"kind: (?:number|array|table|choice)", c)]

    assert len(parts) == len(exercise.questions)
    assert sum("evidence.table(" in c or "evidence.studies(" in c for c in computed) >= 2
    assert sum(".simulate(" in c for c in computed) >= 2
    assert kinds(exercise).count("figure") == 1
    assert [answer.words for answer in prose] == [(150, 250)]
    assert 4 <= len(prose[0].rubric) <= 5


def test_a_student_reads_what_the_prose_is_marked_by_and_for_how_much(path):
    """One line of the handed-out notebook names each criterion of the markers, in their order."""
    exercise = sources.read(path)
    (prose,) = [a for q in exercise.questions for a in q.answers if a.kind == "prose"]
    cells = student_notebook(exercise)["cells"]
    lines = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    (told,) = [line for line in lines if line.startswith("Marked: ")]

    points = [float(number) for number in re.findall(r"\(([\d.]+)(?: points)?\)", told)]
    assert points == [criterion.points for criterion in prose.rubric]


def test_most_numbers_have_partial_credit_with_a_reason_of_their_own(path):
    """A real error keeps a share, and the student is told which error it was."""
    exercise = sources.read(path)
    marked = [
        a for q in exercise.questions for a in q.answers if a.kind in ("number", "array", "table")
    ]
    values = [r for a in marked for r in a.partial if r.rule == "value"]

    assert sum(bool(answer.partial) for answer in marked) >= 0.8 * len(marked)
    assert [rule for rule in values if not rule.because] == []


def test_every_objective_of_the_chapter_is_met_by_a_quiz_item_or_a_question(path):
    """The objectives o1, o2 ... of the chapter each stand in the quiz or in a question's note."""
    chapter = (ROOT / "book/chapters" / f"{path.parent.name}.md").read_text("utf-8")
    quiz = yaml.safe_load((path.parent / "quiz.yml").read_text("utf-8"))
    notes = re.findall(r"note: objectives? (.+)", path.read_text("utf-8"))

    stated = set(re.findall(r"^- \*\*(o\d+)\*\*", chapter, re.MULTILINE))
    met = {item["objective"] for item in quiz["items"]} | set(re.findall(r"o\d+", " ".join(notes)))

    assert stated
    assert stated <= met


@pytest.mark.needs("namespaces")
def test_solution_earns_all_points_and_known_errors_their_share_for_two_variants(path):
    """The validator's findings are empty: answers differ between variants, no rule is too close."""
    exercise = sources.read(path)
    engine, _ = probe("auto", LIMITS, modules_of(exercise))
    with contextlib.closing(engine):
        findings = validate(exercise, engine, LIMITS, seeds=(11, 12))

    assert [f.text(exercise) for f in findings if f.faults] == []


def cells_until_unanswered(notebook: dict, student: str) -> Iterator[str]:
    """Run a student's notebook as far as it goes; yield the roles of the code cells that ran."""
    names: dict = {"__name__": "__main__", "__builtins__": builtins}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = cell["source"].replace('STUDENT = ""', f'STUDENT = "{student}"')
        meta = cell["metadata"].get("hardwired", {})
        try:
            exec(compile(source, cell["id"], "exec"), names)
        except NotImplementedError:
            yield meta["question"]
            return
        yield meta.get("role", "text")


def test_the_student_notebook_runs_to_the_first_unanswered_question(path):
    """Nothing but NotImplementedError stops it, and no line of a solution is in it."""
    matplotlib.use("Agg")
    exercise = sources.read(path)
    notebook = student_notebook(exercise)
    shown = "\n".join(cell["source"] for cell in notebook["cells"])

    with contextlib.redirect_stdout(io.StringIO()):
        ran = list(cells_until_unanswered(notebook, "somebody"))

    assert {"identity", "setup", "data"} <= set(ran)
    assert ran[-1] == exercise.questions[0].name
    assert [line for line in solution_lines(exercise) if line in shown] == []
