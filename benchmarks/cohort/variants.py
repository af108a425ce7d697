"""The 30 submissions of the bench: right ones, wrong ones of known points, and two endless loops.

Each is made from the student notebook of the bench exercise, the way a student would fill it in.
"""

# ruff: noqa: E501, PT018 - cells and tables of tests are easier to read in one line

from __future__ import annotations

import json
import re
from pathlib import Path

from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise, read

__all__ = ["EXERCISE", "TEXT", "VARIANTS", "bench", "notebook", "write"]

EXERCISE = Path(__file__).parent / "exercises" / "bench" / "exercise.md"
TEXT = "Nobody was drawn by lot; with so few people in a group the interval is wide, and sleep may explain it."

# name -> (question -> code that replaces the solution, or (old, new) within it), points of the grader out of 29
VARIANTS: dict[str, tuple[dict[str, object], float]] = {
    "right": ({}, 29),
    "right-int-order": ({"q2": (".reset_index()", ".reset_index().iloc[::-1]")}, 29),
    "se-for-sd": ({"q1": ("carer.std()", "carer.sem()")}, 28),
    "both-se": ({"q1": (".std()", ".sem()")}, 27),
    "hours": ({"q1": ("carer.std()", "24 * carer.std()")}, 28.5),
    "rounded": ({"q1": ("carer.std()", "float(f'{carer.std():.2g}')")}, 28.5),
    "population-sd": ({"q1": ("carer.std()", "carer.std(ddof=0)")}, 28.5),
    "columns-swapped": ({"q2": ('n="count", mean="mean", sd="std"', 'n="count", sd="mean", mean="std"')}, 26.5),
    "no-column": ({"q2": ('n="count", ', "")}, 24),
    "limits-swapped": ({"q3": ("carer.sem()))", "carer.sem())[::-1])")}, 28.25),
    "normal-interval": ({"q3": "interval = carer.mean() + np.array([-1.96, 1.96]) * carer.sem()\nslower = 'carer'"}, 27.5),
    "wrong-choice": ({"q3": ('"carer" if carer.mean() > control.mean() else "control"', '"control"')}, 27),
    "linear-model": ({"q4": "radius_10 = data['radius'] * np.exp(-data['rate'] * 10)\nrate = data['rate']\nshrink = solve_ivp(lambda t, r: -rate * r, (0, 30), [2.0], dense_output=True)"}, 26.5),
    "centimetres": ({"q4": ("float(shrink.sol(10.0)[0])", "float(shrink.sol(10.0)[0]) / 10")}, 27.75),
    "default-tolerance": ({"q4": (", rtol=1e-8", "")}, 29),
    "no-pi": ({"q5": ("np.pi * ", "")}, 26),
    "rate-once": ({"q5": ("np.pi * (r0 * np.exp(-k * t)) ** 2", "np.pi * r0**2 * np.exp(-k * t)")}, 26),
    "function-fails": ({"q5": "def area(t, r0):\n    return 0.0"}, 23),
    "one-sided": ({"q6": (".pvalue", ".pvalue / 2")}, 28),
    "log10-ratio": ({"q6": ("np.log(", "np.log10(")}, 28),
    "sign": ({"q6": ("carer.mean() / control.mean()", "control.mean() / carer.mean()")}, 28),
    "number-as-text": ({"q6": "p_value = str(stats.ttest_ind(carer, control).pvalue)\nlog_ratio = np.log(carer.mean() / control.mean())"}, 29),
    "no-figure": ({"q7": "times = 1"}, 29),
    "error-in-one-cell": ({"q6": "1 / 0"}, 25),
    "half-done": ({"q5": None, "q6": None, "q7": None}, 19),
    "blank": ({q: None for q in ("q1", "q2", "q3", "q4", "q5", "q6", "q7")}, 0),
    "names-missing": ({"q1": ("sd_control", "sd_c")}, 27),
    "pint-quantity": ({"q4": ("float(shrink.sol(10.0)[0])", "__import__('pint').get_application_registry().Quantity(float(shrink.sol(10.0)[0]), 'mm').to('cm')")}, 29),
    "loop": ({"q6": "while True:\n    pass"}, 25),
    "loop-swallowing": ({"q5": "while True:\n    try:\n        sum(range(1000))\n    except Exception:\n        pass"}, 23),
}  # fmt: skip


def bench() -> Exercise:
    """Return the bench exercise."""
    return read(EXERCISE)


def _solution(exercise: Exercise, question: str, change: object) -> str:
    source = exercise.cell_of(question).source
    head = strip.cut(source)
    if change is None:
        return head
    inside = re.search(f"{strip.BEGIN}\n(.*?)\n{strip.END}", source, re.DOTALL)
    assert inside is not None
    code = inside[1]
    if isinstance(change, str):
        code = change
    elif change:
        assert isinstance(change, tuple) and change[0] in code, (question, change)
        code = code.replace(*change)
    return source.replace(inside[0], code)


def notebook(exercise: Exercise, student: str, changes: dict[str, object]) -> dict:
    """Give a filled-in student notebook."""
    made = strip.student_notebook(exercise, student=student)
    for cell in made["cells"]:
        meta = cell["metadata"].get("hardwired", {})
        name = meta.get("question")
        if name and cell["cell_type"] == "code":
            cell["source"] = _solution(exercise, name, changes.get(name, ()))
        elif name:
            cell["source"] = TEXT
    return made


def write(folder: Path, *, only: tuple[str, ...] = (), copies: int = 1) -> list[str]:
    """Write submissions as ``student/bench.ipynb``; returns the students."""
    exercise = bench()
    students = []
    for copy in range(copies):
        for number, (name, (changes, _)) in enumerate(VARIANTS.items()):
            if only and name not in only:
                continue
            student = f"s{copy:03d}{number:02d}"
            students.append(student)
            path = folder / student / "bench.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(notebook(exercise, student, changes)), encoding="utf-8")
    return students
