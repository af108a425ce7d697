"""What a student types in the page is never lost: other files, tabs, versions, caches."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import find, read
from tests.conftest import ROOT
from tests.live.served import Server, Sheet

pytestmark = [pytest.mark.ring("all"), pytest.mark.needs("book", "browser")]
SLUG = "05-wounds"
KEY = f"hardwired-exercise-{SLUG}-"
KEPT = 400  # milliseconds, until what was typed is kept


def given(student: str, own: bool = True, /, **answers: str) -> dict[str, Any]:
    """Give a notebook as it is given out, with a student's own data or not, and answers in it."""
    exercise = read(find(SLUG, ROOT / "exercises"))
    file = strip.data_file(exercise) if own else None
    notebook = strip.student_notebook(exercise, student=student, data_file=file)
    for cell in notebook["cells"]:
        question = cell["metadata"].get("hardwired", {}).get("question")
        cell["source"] = answers.get(question, cell["source"])
    return notebook


def opened(sheet: Sheet, folder: Path, name: str, notebook: dict[str, Any]) -> None:
    """Open a notebook as a file, and wait until the page says so."""
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    sheet.page.locator("input[type=file]").set_input_files(folder / name)
    sheet.page.get_by_text(f"{name} is open").wait_for()


def answer(sheet: Sheet, question: str) -> Any:
    """Find the text area in which a question is answered, by the check that follows it."""
    areas = sheet.page.locator("main textarea")
    sources = [areas.nth(k).input_value() for k in range(areas.count())]
    return areas.nth(sources.index(f'check("{question}")') - 1)


def test_an_own_notebook_reads_as_the_page_does_and_an_answer_is_put_back(
    page: Any, server: Server, tmp_path: Path
) -> None:
    """Its cells are numbered otherwise; each answer goes back to its own, and undo brings it."""
    sheet = Sheet(page, server.address, SLUG)
    headings = page.locator(".hw-cells h2").all_inner_texts()
    opened(sheet, tmp_path, "own.ipynb", given("s7", q2="print('two')", q10="My *words*."))
    changed = page.locator(".hw-changed").count()
    area = answer(sheet, "q2")
    area.locator("..").get_by_role("button", name="Put cell").click()
    back = area.input_value()
    area.press("Control+z")
    first = sheet.area(1).input_value()
    sheet.button("Put cell 1 back as it was given").click()

    assert len(headings) >= 10
    assert page.locator(".hw-cells h2").all_inner_texts() == headings
    assert page.locator(".hw-plain-text").count() == 0
    assert changed == 1
    assert back == "# YOUR CODE HERE\nraise NotImplementedError"
    assert area.input_value() == "print('two')"
    assert 'STUDENT = "s7"' in first
    assert sheet.area(1).input_value() == first


def test_every_work_that_was_typed_comes_back(page: Any, server: Server, tmp_path: Path) -> None:
    """Over two files, one of them changed, and a visit between; what is as opened is no work."""
    sheet = Sheet(page, server.address, SLUG)
    answer(sheet, "q1").fill("print('page')")
    opened(sheet, tmp_path, "one.ipynb", given("s1"))
    opened(sheet, tmp_path, "two.ipynb", given("s2"))
    answer(sheet, "q1").fill("print('two')")
    opened(sheet, tmp_path, "three.ipynb", given("s3"))

    sheet = Sheet(page, server.address, SLUG)
    seen = []
    for _ in range(3):
        sheet.button("Back to my earlier work").click()
        seen.append(answer(sheet, "q1").input_value())

    assert seen == ["print('two')", "print('page')", "print('two')"]


def test_two_tabs_do_not_erase_each_other(page: Any, server: Server) -> None:
    """The later is told, writes nothing over, and can have either work."""
    first = Sheet(page, server.address, SLUG)
    second = Sheet(page.context.new_page(), server.address, SLUG)
    first.area(5).fill("print('first')")
    told = second.page.get_by_text("open in another tab")
    told.wait_for()
    second.area(5).fill("print('second')")
    second.page.wait_for_timeout(KEPT)
    kept = page.evaluate(f"localStorage.getItem('{KEY}1')")
    second.button("Load the work of the other tab").click()
    loaded = second.area(5).input_value()
    second.button("Back to my earlier work").click()

    assert "print('first')" in kept
    assert "print('second')" not in kept
    assert loaded == "print('first')"
    assert second.area(5).input_value() == "print('second')"
    assert told.count() == 0
    first.button("Go on with the work here").click()
    assert first.area(5).input_value() == "print('first')"
    kept = page.evaluate(f"localStorage.getItem('{KEY}1')")
    assert "print('second')" in kept
    told.wait_for()
    second.button("Erase my work").click()
    assert told.count() == 0
    assert page.evaluate("localStorage.length") == 0
    first.page.get_by_text("open in another tab").wait_for()


@pytest.mark.parametrize("own_data", [False, True])
def test_work_on_another_version_of_the_exercise_is_offered_and_erased(
    page: Any, server: Server, own_data: bool
) -> None:
    """Answers, the identifier and own data go over into the corrected notebook."""
    older = given("s7", own_data, q2="print('two')", q10="My *words*.")
    for cell in older["cells"]:
        if cell["metadata"].get("hardwired", {}).get("role") == "setup":
            cell["source"] = "a mistake"
    kept = json.dumps({"notebook": older, "files": {}, "before": None})
    Sheet(page, server.address, SLUG)
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [f"{KEY}0", kept])
    sheet = Sheet(page, server.address, SLUG)
    said = sheet.status()
    sheet.button("Back to my earlier work").click()
    sources = page.locator("main textarea").evaluate_all("all => all.map(one => one.value)")
    answered = answer(sheet, "q2").input_value()
    sheet.button("Erase my work").click()

    assert "has changed since you worked on it" in said
    assert answered == "print('two')"
    assert 'STUDENT = "s7"' in sources[0]
    assert sources[-1] == "My *words*."
    assert "a mistake" not in sources
    assert any("load(" in source for source in sources) == own_data
    assert any(source.startswith("def draw") for source in sources) != own_data
    assert page.evaluate("localStorage.length") == 0


def test_a_notebook_of_another_version_than_the_page_is_asked_for_again(
    page: Any, server: Server
) -> None:
    """First past the cache; if it stays another, the page says so and keeps work under its key."""
    notebook = strip.student_notebook(read(find(SLUG, ROOT / "exercises")))
    notebook["metadata"]["hardwired"]["version"] = 7
    headers: list[str | None] = []

    def stale(route: Any) -> None:
        headers.append(route.request.headers.get("cache-control"))
        route.fulfill(body=json.dumps(notebook))

    page.route(f"**/{SLUG}.ipynb", stale)
    sheet = Sheet(page, server.address, SLUG)
    sheet.area(5).fill("print('mine')")
    asked, said = len(headers), sheet.note()
    sheet = Sheet(page, server.address, SLUG)

    assert asked == 2
    assert "of version 1 of the exercise, and its notebook of version 7" in said
    assert sheet.area(5).input_value() == "print('mine')"
    assert page.evaluate("Object.keys(localStorage)") == [f"{KEY}7"]


def test_what_is_no_notebook_is_refused_and_what_is_unwritten_is_told(
    page: Any, server: Server, tmp_path: Path
) -> None:
    """Whatever the JSON is; prose and an empty identifier are told as well as code."""
    sheet = Sheet(page, server.address, SLUG)
    chooser = page.locator("input[type=file]")
    for text in ("7", "null", '"text"', '{"cells": [null]}', '{"cells": 3, "metadata": 4}'):
        sheet.page.locator(".hw-note").evaluate("note => note.textContent = ''")
        (tmp_path / "odd.ipynb").write_text(text, encoding="utf-8")
        chooser.set_input_files(tmp_path / "odd.ipynb")
        page.get_by_text("odd.ipynb is no notebook of this book").wait_for()
    sheet.saved()
    empty = sheet.note()
    code = {f"q{k}": "pass" for k in range(1, 10)}
    opened(sheet, tmp_path, "code.ipynb", given("s7", **code))
    sheet.saved()
    prose = sheet.note()
    opened(sheet, tmp_path, "all.ipynb", given("s7", **code, q10="Words."))
    sheet.saved()

    assert empty.startswith(f"{SLUG}.ipynb is saved. 10 answers still to be written. STUDENT")
    assert prose == f"{SLUG}.ipynb is saved. 1 answer still to be written."
    assert sheet.note() == f"{SLUG}.ipynb is saved: hand in that file."


def test_only_a_drawing_stands_in_for_a_figure(page: Any, server: Server) -> None:
    """What a cell says in the name of the kernel is parsed, and refused if it could act."""
    sheet = Sheet(page, server.address, SLUG)
    figures = ["<svg><g/></svg>", "<svg onload='1'></svg>", "<p>no</p>", "<svg><script/></svg>"]
    sheet.fill(
        {
            1: "import _host, json\n"
            f"for markup in {figures}:\n"
            "    said = {'show': 'figure', 'markup': markup}\n"
            "    _host.call(json.dumps(said).encode())"
        }
    )
    sheet.press("Run cell 1")
    shown = sheet.output(1).locator(".hw-svg")

    assert shown.locator("svg").count() == 1
    assert shown.all_inner_texts()[1:] == ["This is no figure that can stand in the page."] * 3
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.locator(".hw-desk").evaluate("e => getComputedStyle(e).position") == "static"


def test_what_is_different_in_the_page_is_true_and_told(page: Any, server: Server) -> None:
    """A sum that is too large is wrong without an error; a module may be there elsewhere."""
    sheet = Sheet(page, server.address, SLUG)
    sheet.fill({1: "import numpy as np\nn = np.array([50_000])\nprint(n**2, n.astype('int64')**2)"})
    sheet.press("Run cell 1")
    shown = sheet.shown(1)
    sheet.fill({1: "import scipy.signal"})
    sheet.press("Run cell 1")

    assert "scipy.signal is left out of the page; it is there in Jupyter" in sheet.shown(1)
    assert shown == f"[{50_000**2 - 2**32}] [{50_000**2}]"
    assert page.locator("main > .hw-more").get_by_text("have 32 bits unless").count() == 1


def test_another_notebook_begins_without_the_names_and_files_of_the_last(
    page: Any, server: Server, tmp_path: Path
) -> None:
    """What still runs is ended, and data beside the last are not beside the next."""
    sheet = Sheet(page, server.address, SLUG)
    (tmp_path / "more.json").write_text('{"student": "s1", "data": 1}', encoding="utf-8")
    page.locator("input[type=file]").set_input_files(tmp_path / "more.json")
    page.get_by_text("more.json lies beside").wait_for()
    looked = "import os\nprint([name for name in os.listdir() if name.endswith('.json')])"
    sheet.fill({1: f"mine = 1\n{looked}\nwhile True:\n    pass"})
    sheet.button("Run cell 1").click()
    sheet.output(1).get_by_text("['more.json']").wait_for()
    opened(sheet, tmp_path, "own.ipynb", given("s7"))
    page.locator('main[data-runs="1"]').wait_for(state="attached")
    status = sheet.status()
    sheet.fill({1: f"{looked}\nprint('mine' in globals())"})
    sheet.press("Run cell 1")

    shown = sheet.shown(1)

    assert "Stopped" in status
    assert shown.split("\n") == ["[]", "False"]


def test_a_part_that_came_broken_or_not_at_all_is_fetched_again(page: Any, server: Server) -> None:
    """Once, past what is kept; a part that is gone is that of an older edition."""
    sheet = Sheet(page, server.address, SLUG)
    broken = {"pandas": 1, "sympy": 1, "scipy": 99}

    def answered(route: Any) -> None:
        part = route.request.url.rpartition("/")[2].partition("-")[0]
        broken[part] -= 1
        if broken[part] < 0:
            route.continue_()
        elif part == "scipy":
            route.fulfill(status=404)
        else:
            route.fulfill(body="no part")

    page.context.route(re.compile(r"/(pandas|sympy|scipy)-\w+\.bin"), answered)
    # Of SymPy, the page sees nothing coming.
    late = "__import__('sym' + 'py').Integer(7)"
    sheet.fill({1: f"import pandas\nprint(pandas.Series([6]).sum())\n{late}"})
    sheet.press("Run cell 1")
    shown = sheet.shown(1)
    sheet.fill({1: "__import__('sci' + 'py')"})
    sheet.press("Run cell 1")
    late = sheet.shown(1)
    sheet.fill({1: "import scipy"})
    sheet.press("Run cell 1")

    assert shown.split() == ["6", "7"]
    assert broken["pandas"] == broken["sympy"] == -1
    assert "of an older edition: load it again; your work is kept" in late
    assert "of an older edition: load it again; your work is kept" in sheet.status()
