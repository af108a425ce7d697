"""Pages that this room writes, in a browser: readable by all, and asking nobody for anything."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from hardwired.course import codec, policy, release
from hardwired.course.entries import Manual
from hardwired.course.gradebook import Attempt, Copy, Gradebook, MarkRow
from hardwired.course.history import Change
from hardwired.course.report import write_reports
from hardwired.course.standing import standings
from tests.course import tiny
from tests.course.entered import enter

pytestmark = pytest.mark.browser
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fccf50cf00000481018196f5a9c90000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give a student's page, the class page and a sheet to print, with all parts they can have."""
    out = tmp_path_factory.mktemp("pages")
    made = tiny.exercise()
    table = codec.encode(pd.DataFrame({"group": ["a", "b"], "mean": [1.5, 2.5]}))
    with Gradebook(out / "g.sqlite") as book:
        for n, who in enumerate(("ann", "bo", "cy")):
            marks = (
                MarkRow("q1", "total", n, 3, "sign" if n == 1 else None, "off", json.dumps(table)),
                MarkRow("q1", "product", 3, 3, None, "right", '{"t": "float", "v": 8.25}'),
            )
            prose, figures = {("q2", "words"): "Spread <b>."}, {("q2", "words"): PIXEL}
            place = (f"{who}.ipynb", who * 9, "k", "graded", "cell 3 was stopped" if n else "")
            book.add(Attempt("tiny", who, who, *place, marks=marks, prose=prose, figures=figures))
            book.count("tiny", {who: (who * 9, "k")})
        manual = [Manual("ann", "words", n, m, 1, "Good.", "ann" * 9) for n in (0, 1) for m in "AB"]
        enter(book, "tiny", manual)
        rows = standings(made, book, None, policy.Policy())
        write_reports(
            made,
            rows,
            out,
            manual=manual,
            changed=[Change("bo", "total", None, 1.0)],
            handed=[Copy("bo", "old.ipynb", "d" * 64, None, False, False)],
            expected={"ann": {"total": table}},
        )
    release.release(made, out / "release")
    return [
        out / "students" / "tiny-ann.html",
        out / "tiny-class.html",
        out / "release" / "public" / "tiny-sheet.html",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("number", range(3), ids=["student", "class", "sheet"])
def test_a_page_has_no_axe_violation_and_asks_nobody(
    number: int, scheme: str, pages: list[Path], browser: object
) -> None:
    """WCAG 2.2 A and AA as far as axe-core can tell; no request but for the page itself."""
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[number].as_uri())
    asked = [url for url in asked if not url.startswith("data:")]
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    context.close()

    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
    assert asked == [pages[number].as_uri()]
