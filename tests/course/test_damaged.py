"""Damaged notebooks: each gets a mark or a named reason, and none stops the run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardwired.course import loader
from hardwired.course.engines.base import Engine
from hardwired.course.grade import mark_notebook
from hardwired.course.reference import references
from hardwired.course.variants import public_seed
from tests.conftest import count
from tests.course import tiny
from tests.course.conftest import SHORT

RIGHT = json.dumps(tiny.filled("s1")).encode()
NAMED = {
    b"": "empty",
    b"   \n": "empty",
    b"{": "not valid JSON",
    b"[]": "not a notebook",
    b'"text"': "not a notebook",
    b"{}": "no list of cells",
    b'{"cells": []}': "no cell",
    b'{"cells": 7}': "no list of cells",
    b'{"cells": [null, 7, {"cell_type": "code"}]}': "no cell",
    b"[" * 200_000: "nested too deeply",
    b"PK\x03\x04rest": "zip",
    b"%PDF-1.7": "PDF",
    b"<!doctype html><p>": "web page",
    b"\xff\xfe\x00": "not text",
    b'{"cells": [' + b"1" * 5000 + b"]}": "number",
    b" " + b"x" * (loader.MAX_BYTES + 1): "larger than",
}


@pytest.mark.parametrize("data", NAMED, ids=NAMED.values())
def test_what_is_no_notebook_gets_a_named_reason(data: bytes) -> None:
    """Size first, then JSON, then shape."""
    with pytest.raises(loader.UnreadableError, match=NAMED[data]):
        loader.load(data)


def _variant(change: Any) -> bytes:
    notebook = json.loads(RIGHT)
    change(notebook)
    return json.dumps(notebook).encode()


READABLE = {
    "equal ids": lambda nb: [c.update(id="x") for c in nb["cells"]],
    "no ids": lambda nb: [c.pop("id") for c in nb["cells"]],
    "no metadata": lambda nb: [c.pop("metadata") for c in nb["cells"]],
    "metadata of the wrong kind": lambda nb: [c.update(metadata=7) for c in nb["cells"]],
    "sources as lists": lambda nb: [
        c.update(source=c["source"].splitlines(True)) for c in nb["cells"]
    ],
    "a cell split": lambda nb: nb["cells"].insert(5, {**nb["cells"][4], "source": ""}),
    "cells doubled": lambda nb: nb.update(cells=[*nb["cells"], *nb["cells"]]),
    "version 3": lambda nb: nb.update(nbformat=3, worksheets=[{"cells": nb.pop("cells")}]),
    "version 99": lambda nb: nb.update(nbformat=99),
    "a null cell": lambda nb: nb["cells"].append(None),
    "a lone surrogate": lambda nb: nb["cells"].append(
        {"cell_type": "code", "source": "s = '\ud800'"}
    ),
    "a NUL": lambda nb: nb["cells"].append({"cell_type": "code", "source": "s = 1\x00"}),
    "magics": lambda nb: nb["cells"].insert(
        3, {"cell_type": "code", "source": "%matplotlib inline\n!pip install x\ny = 1"}
    ),
}


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read_is_marked_in_full(name: str, zygote: Engine) -> None:
    """Damage beside the answers costs nothing."""
    exercise = tiny.exercise()
    solved = references(exercise, [public_seed("tiny", "s1")], zygote, SHORT)[0]
    graded = mark_notebook(exercise, _variant(READABLE[name]), solved, zygote, SHORT)

    assert {n: m.points for n, m in graded.marks.items()} == {"total": 3, "product": 3}


def test_text_with_a_byte_order_mark_is_read() -> None:
    """Three encodings with their marks give the same cells."""
    text = RIGHT.decode()
    cells = loader.load(RIGHT).cells

    assert loader.load(b"\xef\xbb\xbf" + RIGHT).cells == cells
    assert loader.load(text.encode("utf-16")).cells == cells


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Give a right notebook, hurt in its structure or in its bytes."""
    notebook = json.loads(RIGHT)
    for _ in range(draw(st.integers(0, 4))):
        cells = notebook.get("cells")
        if not isinstance(cells, list) or not cells:
            break
        at = draw(st.integers(0, len(cells) - 1))
        what = draw(
            st.sampled_from(["drop", "double", "junk", "key", "source", "cut", "top", "swap"])
        )
        if what == "drop":
            del cells[at]
        elif what == "double":
            cells.insert(at, cells[draw(st.integers(0, len(cells) - 1))])
        elif what == "junk":
            cells[at] = draw(JUNK)
        elif what == "top":
            notebook[draw(st.sampled_from(["cells", "nbformat", "metadata", "worksheets"]))] = draw(
                JUNK
            )
        elif what == "swap":
            cells[0], cells[at] = cells[at], cells[0]
        elif isinstance(cells[at], dict):
            key = draw(st.sampled_from(["source", "metadata", "cell_type", "id", "outputs"]))
            if what == "key":
                cells[at][key] = draw(JUNK)
            elif what == "source":
                cells[at]["source"] = draw(st.text(max_size=60))
            elif isinstance(cells[at].get("source"), str):
                cells[at]["source"] = cells[at]["source"][: draw(st.integers(0, 80))]
    data = json.dumps(notebook).encode()
    if draw(st.integers(0, 3)) == 0:
        data = data[: draw(st.integers(0, len(data)))]
    if draw(st.integers(0, 3)) == 0 and data:
        at = draw(st.integers(0, len(data) - 1))
        data = data[:at] + draw(st.binary(max_size=6)) + data[at + draw(st.integers(0, 3)) :]
    return data


@pytest.mark.sampled
def test_each_damaged_notebook_gets_a_mark_or_a_named_reason(zygote: Engine) -> None:
    """A thousand of them in full; points lie between none and all, nothing else is raised."""
    exercise = tiny.exercise()
    solved = references(exercise, [public_seed("tiny", "s1")], zygote, SHORT)[0]
    number = count(1000, 80)
    seen = {"marked": 0, "named": 0, "unnamed": 0}

    @settings(
        max_examples=number,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(damaged())
    def each(data: bytes) -> None:
        try:
            loader.load(data)
        except loader.UnreadableError as error:
            seen["named" if str(error) else "unnamed"] += 1
            return
        graded = mark_notebook(exercise, data, solved, zygote, SHORT)
        assert set(graded.marks) == {"total", "product"}
        assert all(0 <= m.points <= m.most and m.reason for m in graded.marks.values())
        assert graded.outcome.usage["cpu_s"] <= SHORT.cpu_s + 1
        seen["marked"] += 1

    each()

    assert seen["unnamed"] == 0
    assert seen["marked"] > number // 4
    assert seen["named"] > number // 50
