"""A class of forty for the desk: what each of them hands in, and what a person settles for some.

The kinds are those that instructors met; names, rosters and names of files are the guide's week's.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hardwired.course.authoring import strip
from tests.course.test_week import canvas, moodle, of_canvas, people

__all__ = ["LONGER", "SETTLED", "WAITS", "Entry", "handed_in", "held", "identifier", "moodle"]

HELD = {2: "3", 11: "7", 20: "4"}
ON_TIME, LATE = (2027, 3, 5, 17, 30, 0), (2027, 3, 7, 10, 0, 0)
LONGER = 30  # has until the evening on which 29 and 30 hand in
SUM = 'product = len(data["values"]) * data["n"]\ntotal = float(sum(data["values"]))\n'
CODE = {
    17: "total = 10**30",
    18: "total = f'{total}'",
    19: "import collections\ntotal = collections.namedtuple('T', 'x')(total)",
    21: "import numpy as np\ntotal = np.array([total, None], dtype=object)[:1]",
    22: "async def f():\n    return total\ntotal = await f()",
    25: "import matplotlib.pyplot as plt\nplt.subplots(2, 2)",
    31: "total = -total",
    36: "product = 1",
}
FIRST = {23: "from google.colab import drive\n", 24: "import seaborn\n"}
SAID = {
    34: "<script>document.title = 'owned'</script> It hides the spread.",
    35: strip.YOURS_TEXT,
}
ELSEWHERE = {14: ("code",), 15: ("markdown",), 16: ("markdown", "raw")}


@dataclass(frozen=True)
class Entry:
    """What a person enters for a student: a way, for an answer or the whole, with a reason."""

    number: int
    way: str
    why: str
    answer: str = ""
    value: str = ""


SETTLED = (
    Entry(7, "mark", "handed in on paper", value="2"),
    Entry(12, "mark", "read in the PDF", value="4.5"),
    Entry(23, "mark", "right, but for Colab", "total", "3"),
    Entry(23, "mark", "seen in the file", "product", "1.5"),
    Entry(24, "excuse", "the module was allowed", "total"),
    Entry(24, "excuse", "the module was allowed", "product"),
    Entry(26, "accept", "typed the old name"),
    Entry(27, "choose", "asked them", value="tiny.ipynb"),
    Entry(28, "excuse", "ill"),
    Entry(33, "adjust", "found an error in the book", value="1"),
    Entry(36, "adjust", "after the talk", value="-0.5"),
)
"""In the order in which both ways enter them; 26 and 27 are run again afterwards."""
WAITS = (11, 32)  # a document and a damaged file, whose students are asked


def identifier(number: int) -> str:
    """Give the identifier of a student."""
    return f"{number:08d}"


def held() -> str:
    """Give the gradebook of Canvas; for three students it holds a mark already."""
    lines = canvas().splitlines()
    for n, mark in HELD.items():
        (at,) = [i for i, line in enumerate(lines) if f",{500 + n}," in line]
        lines[at] += mark
    return "\n".join([*lines, ""])


def _cell(kind: str, text: str) -> dict[str, Any]:
    extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": text, **extra}


def _notebook(given: Mapping[str, Any], n: int) -> dict[str, Any]:
    """Fill in what a student was given."""
    text = SAID.get(n, f"The sum hides how the {n + 3} values{' of mine' * (n % 7)} lie apart.")
    code = FIRST.get(n, "") + SUM + CODE.get(n, "")
    cells = [dict(cell) for cell in given["cells"]]
    for cell in cells if n != 7 else ():
        question = cell["metadata"].get("hardwired", {}).get("question")
        if question == "q1":
            cell["source"] = code
        elif question == "q2" and n not in ELSEWHERE:
            cell["source"] = text
    more = [_cell(kind, f"{text} {kind}") for kind in ELSEWHERE.get(n, ())]
    notebook = {**given, "cells": [*cells, *more]}
    if n == 26:
        notebook = json.loads(json.dumps(notebook).replace('begin(\\"tiny\\"', 'begin(\\"other\\"'))
    return notebook


def handed_in(given: bytes) -> bytes:
    """Pack what the class hands in as Canvas does; somebody unknown and a stray file among it."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(given)) as whole, zipfile.ZipFile(sink, "w") as out:

        def add(name: str, data: bytes, when: tuple[int, ...] = ON_TIME) -> None:
            year, month, day, hour, minute, second = when
            out.writestr(zipfile.ZipInfo(name, (year, month, day, hour, minute, second)), data)

        for n, first, last, who in people():
            one = zipfile.ZipFile(io.BytesIO(whole.read(f"{who}.zip")))
            blank = one.read("tiny/tiny.ipynb")
            data = json.dumps(_notebook(json.loads(blank), n)).encode()
            kinds = {
                11: ("essay.docx", b"PK\x03\x04x"),
                12: ("tiny.pdf", b"%PDF-1.7"),
                13: ("tiny.ipynb.txt", data),
                28: ("text.html", b"<p>Hi</p>"),
                32: ("tiny.ipynb", data[: len(data) // 2]),
            }
            file, data = kinds.get(n, ("tiny.ipynb", data))
            if n != 20:
                when = LATE if n in (29, LONGER) else (*ON_TIME[:4], n % 29, 0)
                add(of_canvas(n, first, last, file), data, when)
            if n == 27:
                add(of_canvas(n, first, last, "tiny-1.ipynb"), blank, (*ON_TIME[:4], 50, 0))
        add("zoe_99_909_tiny.ipynb", b"{}")
        add("Thumbs.db", b"x")
    return sink.getvalue()
