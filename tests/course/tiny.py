"""A small exercise for tests that need many submissions, and notebooks filled in for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise, reads

__all__ = ["SOURCE", "exercise", "filled", "write"]

SOURCE = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3, language: python}
hardwired:
  slug: tiny
  title: Tiny
  questions:
    q2:
      points: 4
      answers:
        - name: words
          kind: prose
          rubric:
            - {criterion: Says what the sum leaves out, points: 3}
            - {criterion: Is written in whole sentences, points: 1}
---

# Tiny

```{code-cell} ipython3
---
hardwired: {role: draw}
---
def draw(rng):
    return {"values": rng.normal(5, 1, 4), "n": int(rng.integers(2, 9))}
```

+++ {"hardwired": {"prompt": "q1"}}

Give the sum of `data["values"]` as `total` (day) and their number times `data["n"]` as `product`.

```{code-cell} ipython3
---
hardwired:
  question: q1
  points: 6
  answers:
    - name: total
      kind: number
      unit: day
      tolerance: {rel: 0.001}
      range: [0, 40]
      partial: [{rule: sign, keep: 0.5}]
    - {name: product, kind: number, tolerance: {abs: 0.001}}
---
### BEGIN SOLUTION
total = float(sum(data["values"]))
product = len(data["values"]) * data["n"]
### END SOLUTION
```

+++ {"hardwired": {"prompt": "q2"}}

Say what a sum leaves out.

+++ {"hardwired": {"question": "q2"}}

### BEGIN SOLUTION
A sum does not tell how the values differ.
### END SOLUTION
"""


def exercise(folder: Path | None = None) -> Exercise:
    """Give the exercise, written to ``folder/tiny/exercise.md`` if a folder is given."""
    path = Path("exercise.md")
    if folder:
        path = folder / "tiny" / "exercise.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOURCE, encoding="utf-8")
    return reads(SOURCE, path)


def filled(student: str, code: str = "", text: str = "Spread.", **options: Any) -> dict[str, Any]:
    """Give a student notebook with code for q1 (the solution by default) and a text for q2."""
    made = exercise()
    notebook = strip.student_notebook(made, student=student, **options)
    for cell in notebook["cells"]:
        question = cell["metadata"].get("hardwired", {}).get("question")
        if question == "q1":
            cell["source"] = code or made.cell_of("q1").source
        elif question == "q2":
            cell["source"] = text
    return notebook


def write(path: Path, notebook: dict[str, Any]) -> Path:
    """Write a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path
