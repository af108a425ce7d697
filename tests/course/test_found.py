"""Nothing becomes nought by silence: texts, figures and causes are found wherever they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from hardwired.course import csvsafe, entries, loader, pictures, settle, texts
from hardwired.course.authoring import strip
from hardwired.course.border.guard import Border
from hardwired.course.engines.base import Engine
from hardwired.course.gradebook import Gradebook, MarkRow
from hardwired.course.policy import Policy
from hardwired.course.session import grade_all, said_once
from hardwired.course.standing import Standing, standings
from hardwired.course.submissions import collect
from tests.course import tiny
from tests.course.conftest import SHORT
from tests.course.graded import Kept, grade

TINY = tiny.exercise()
SAID = "A sum hides how far the four values lie apart, and which of them is odd."
PROMPT = TINY.question("q2").prompt


def markdown(source: str, **meta: str) -> dict[str, Any]:
    """Give a text cell."""
    return {"cell_type": "markdown", "metadata": {"hardwired": meta}, "source": source}


def code(source: str, **meta: str) -> dict[str, Any]:
    """Give a code cell that ran as the seventh."""
    return {
        "cell_type": "code",
        "execution_count": 7,
        "metadata": {"hardwired": meta},
        "outputs": [],
        "source": source,
    }


def ours(cell: dict[str, Any]) -> dict[str, Any]:
    """Give what a cell says of itself."""
    return dict(cell["metadata"].get("hardwired", {}))


def with_text(*cells: dict[str, Any]) -> dict[str, Any]:
    """Give the notebook with these cells in place of the one for the text."""
    notebook = tiny.filled("s1")
    kept = [
        c for c in notebook["cells"] if c["metadata"].get("hardwired", {}).get("question") != "q2"
    ]
    return notebook | {"cells": [*kept, *cells]}


PLACES = {
    "below the placeholder": [markdown(strip.YOURS_TEXT, question="q2"), markdown(SAID)],
    "raw": [{"cell_type": "raw", "metadata": {"hardwired": {"question": "q2"}}, "source": SAID}],
    "code": [code(SAID, question="q2")],
    "comment": [code(f"# {SAID}", question="q2")],
    "text variable": [code(f'answer = """{SAID}"""')],
    "printed": [code(f'print("{SAID}")')],
    "the answer's name": [code("x = 1"), code(f'words = "{SAID}"')],
    "magic": [code(f"%%markdown\n{SAID}")],
    "no metadata": [{"cell_type": "markdown", "metadata": {}, "source": SAID}],
}


@pytest.mark.parametrize("place", PLACES)
def test_a_text_is_found_wherever_it_stands_under_its_prompt(place: str) -> None:
    """And where it was is said, unless it stands in the usual place."""
    found = texts.find(TINY, loader.load(json.dumps(with_text(*PLACES[place])).encode()))

    assert " ".join(found.texts["q2", "words"].split()) == SAID
    assert ("words" in found.said) == (place != "no metadata")


def test_a_text_under_the_question_itself_and_in_several_cells_is_whole() -> None:
    """The prompt is taken off, the parts are put together in order."""
    notebook = with_text(markdown(strip.YOURS_TEXT, question="q2"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("hardwired", {}).get("prompt") == "q2":
            cell["source"] += f"\n\n{SAID}"
    under = texts.find(TINY, loader.load(json.dumps(notebook).encode()))
    parts = with_text(markdown(SAID, question="q2"), code("x = 2"), markdown("Second half."))
    several = texts.find(TINY, loader.load(json.dumps(parts).encode()))

    assert under.texts["q2", "words"] == SAID
    assert "the text cell that is" in under.said["words"]
    assert several.texts["q2", "words"] == f"{SAID}\n\nSecond half."


def test_code_between_is_no_text_and_nothing_is_nothing() -> None:
    """Reckoning for the answer is no part of it; a picture in place of a text is told."""
    cells = [markdown(strip.YOURS_TEXT, question="q2"), code("mean = sum([1, 2]) / 2  # ok")]
    nothing = texts.find(TINY, loader.load(json.dumps(with_text(*cells)).encode()))
    cells[0] |= {"attachments": {"a.png": {"image/png": "x"}}}
    picture = texts.find(TINY, loader.load(json.dumps(with_text(*cells)).encode()))

    assert (nothing.texts["q2", "words"], nothing.said) == ("", {})
    assert "a picture is attached" in picture.said["words"]


def run(notebook: dict[str, Any], folder: Path, engine: Engine) -> Standing:
    """Grade one notebook."""
    tiny.write(folder / "in" / "s1" / "tiny.ipynb", notebook)
    (row,) = grade(TINY, folder / "in", folder / "out", engine)
    return row


@pytest.mark.parametrize(
    ("source", "points", "says"),
    [
        ("import seaborn\ntotal = 1", None, "ModuleNotFoundError: No module named 'seaborn'"),
        ("total = undefined_name", 0, "NameError: name 'undefined_name' is not defined"),
        ("total = 3 +", 0, "SyntaxError in its line 1"),
        ("while True: pass", 0, "limit of 0.5 s of processor time"),
        ("x = bytearray(1 << 40)\ntotal = 1", 0, "MemoryError"),
        ("Total = 5", None, "there is Total"),
        ("x = !ls\ntotal = 1", 0, "not right"),
        ("async def f(): return 1\ntotal = await f()", 0, "not right"),
    ],
)
def test_every_cause_is_told_with_the_number_that_jupyter_shows(
    source: str, points: float | None, says: str, zygote: Engine, tmp_path: Path
) -> None:
    """To the student and in the CSV; a missing module and a name misspelt wait for a person."""
    notebook = tiny.filled("s1")
    for number, cell in enumerate(notebook["cells"]):
        if cell["metadata"].get("hardwired", {}).get("question") == "q1":
            notebook["cells"][number] = code(source, question="q1")
    row = run(notebook, tmp_path, zygote)
    line = row.lines[0]
    (told,) = csvsafe.read(tmp_path / "out" / "marks.csv")

    assert line.points == points
    assert says in line.reason
    if "not right" not in says and points is not None:
        assert "cell [7] stopped" in line.reason
        assert says in told["reason"]


def test_a_cause_is_told_of_the_answers_of_its_own_cell_alone(
    zygote: Engine, tmp_path: Path
) -> None:
    """A wrong answer beside a cell that ran for ever is simply not right."""
    notebook = tiny.filled("s1", "total = 1\nproduct = 2")
    notebook["cells"].append(code("while True: pass"))
    row = run(notebook, tmp_path, zygote)

    assert [line.reason for line in row.lines[:2]] == [
        "total is not right.",
        "product is not right.",
    ]
    assert "limit of 0.5 s" in row.reason


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"slug": "other"}, "mismatch", "the notebook of another exercise: other, not tiny"),
        ({"version": 9}, "mismatch", "version 9 of this exercise"),
        ({"blank": True}, "blank", "as it was given out"),
    ],
)
def test_what_is_not_this_exercise_waits_and_can_be_accepted(
    change: dict[str, Any], status: str, says: str, zygote: Engine, tmp_path: Path
) -> None:
    """One line names the file; accepted it is run, taken back it waits again."""
    notebook = tiny.filled("s1")
    if change.get("blank"):
        notebook = strip.student_notebook(TINY, student="s1")
    text = json.dumps(notebook).replace(
        'begin(\\"tiny\\"', f'begin(\\"{change.get("slug", "tiny")}\\"'
    )
    text = text.replace('"version": 1', f'"version": {change.get("version", 1)}')
    tiny.write(tmp_path / "in" / "s1" / "tiny.ipynb", json.loads(text))

    def again(book: Gradebook) -> tuple[Standing, tuple[str, ...]]:
        with Border(TINY) as border:
            handed = collect(tmp_path / "in", None, border)
            summary = grade_all(TINY, handed, book, Kept(zygote), SHORT, border=border)
        return standings(TINY, book, None, Policy())[0], summary.attention

    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        before, lines = again(book)
        settle.accept(book, TINY, "s1", who="C", why="looked at it")
        after, _ = again(book)

    assert (before.status, before.points) == (status, None)
    assert len(lines) == 1
    assert says in lines[0]
    assert lines[0].startswith("s1/tiny.ipynb: ")
    assert after.status == "graded"
    assert after.raw == (0 if change.get("blank") else 6)


def test_a_blank_copy_newer_than_a_full_one_waits_for_a_choice(
    zygote: Engine, tmp_path: Path
) -> None:
    """And the older one counts once it is chosen."""
    import os

    old = tiny.write(tmp_path / "in" / "s1" / "tiny.ipynb", tiny.filled("s1"))
    os.utime(old, (1_700_000_000, 1_700_000_000))
    blank = strip.student_notebook(TINY, student="s1")
    tiny.write(tmp_path / "in" / "s1" / "tiny-Copy1.ipynb", blank)
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        rows = []
        for _ in range(2):
            with Border(TINY) as border:
                handed = collect(tmp_path / "in", None, border)
                grade_all(TINY, handed, book, Kept(zygote), SHORT, border=border)
            rows += standings(TINY, book, None, Policy())
            if len(rows) == 1:
                settle.choose(book, TINY, "s1", "s1/tiny.ipynb", who="C", why="asked him")

    assert rows[0].status == "blank"
    assert "s1/tiny.ipynb, which is older, answers 2 questions" in rows[0].reason
    assert (rows[1].status, rows[1].raw) == ("graded", 6)


def test_a_chosen_copy_counts_whatever_other_download_is_graded_after_it(
    zygote: Engine, tmp_path: Path
) -> None:
    """Everything again runs the downloads in order, and the last of them holds the newer copy."""
    first, second, third = (tmp_path / name / "s1" / "tiny.ipynb" for name in "abc")
    tiny.write(first, tiny.filled("s1"))
    tiny.write(second, tiny.filled("s1", "total = 0\nproduct = 0"))
    tiny.write(third, tiny.filled("s1", "total = 1\nproduct = 1"))
    with Gradebook(tmp_path / "gradebook.sqlite") as book:

        def graded(*names: str) -> float | None:
            for name in names:
                with Border(TINY) as border:
                    handed = collect(tmp_path / name, None, border)
                    grade_all(TINY, handed, book, Kept(zygote), SHORT, border=border)
            (row,) = standings(TINY, book, None, Policy())
            return row.raw

        newest = graded("a", "b")
        one, two = (a.file_digest for a in book.attempts("tiny", counting=False))
        number = settle.choose(book, TINY, "s1", one[:12], who="C", why="asked him")
        chosen = graded("a", "b")
        counting = {c.file_digest for c in book.copies("tiny") if c.counts}
        later = graded("c")
        entries.undo(book, "tiny", number, who="C", why="he asked again")
        undone = graded("a", "b", "c")

    assert (newest, chosen) == (0, 6)
    assert one in counting
    assert two not in counting
    assert later == 6
    assert undone == 0


# --- figures


def drawn() -> Any:
    """Give a figure with a line."""
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1])
    return figure


@pytest.mark.parametrize(
    "form", ["figure", "axes", "subplots", "list", "array", "lines", "grid", "movie"]
)
def test_a_figure_is_a_figure_in_whatever_plotting_returns(form: str) -> None:
    """Axes, the pair of `subplots`, arrays of axes, lines, a grid of another library, a movie."""
    import numpy as np

    figure = drawn()
    axes = figure.axes[0]
    grid = type("Grid", (), {"fig": figure})()
    movie = type("Movie", (), {"_fig": figure})()
    forms = {
        **{"figure": figure, "axes": axes, "subplots": (figure, axes), "list": [axes]},
        **{"array": np.array([axes, axes]), "lines": axes.lines, "grid": grid, "movie": movie},
    }
    forms["lines"] = list(axes.lines)

    assert pictures.figure_of(forms[form]) is figure
    plt.close(figure)


def test_a_figure_of_its_question_is_found_under_another_name() -> None:
    """Drawn in the question's own cells only; what else lies there is named."""
    figure, job = drawn(), {"dpi": 30}
    ask = {"name": "fig", "cells": [4]}
    named = pictures.picture(ask, {"plot1": figure}, {"fig"}, {figure.number: 4}, job)
    bare = pictures.picture(ask, {}, {"fig"}, {figure.number: 4}, job)
    elsewhere = pictures.picture(ask, {}, {"fig"}, {figure.number: 9}, job)
    strange = pictures.picture(ask, {"fig": "see above"}, {"fig"}, {}, job)
    plt.close(figure)

    assert (named["t"], named["found"]) == ("png", "under the name plot1")
    assert (bare["t"], bare["found"]) == ("png", "without a name")
    assert elsewhere == {"t": "missing"}
    assert strange == {"t": "strange", "v": "a str"}


def test_a_cause_of_several_answers_is_said_once() -> None:
    """With the answers that wait for it; another cause has its own words."""
    no = "There is no {}: cell [3] stopped: ModuleNotFoundError: No module named 'seaborn'."
    rows = [MarkRow("q1", n, 0, 1, "waits", no.format(n), "") for n in ("total", "product")]
    other = MarkRow("q2", "fig", 0, 1, "waits", "fig is no figure.", "")

    assert said_once([*rows, other]) == [
        "q1 (total, product): cell [3] stopped: ModuleNotFoundError: No module named 'seaborn'",
        "q2 (fig): fig is no figure",
    ]
