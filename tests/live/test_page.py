"""An exercise done in the page, in Chromium, from a static server.

What is run there, handed in and graded is held against the sandbox; what is typed is never lost.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import find, read
from hardwired.course.engines import runner
from hardwired.course.engines.base import Limits, Said
from hardwired.course.grade import judge, mark_notebook
from hardwired.course.reference import answers_of, asked, modules_of, references
from hardwired.course.variants import public_seed
from hardwired.live import bundle
from tests.conftest import ROOT, count
from tests.course.leaks import find_leaks
from tests.live.served import Server, Sheet, solved_cells

pytestmark = [pytest.mark.ring("all"), pytest.mark.needs("book", "browser")]
SLUGS = ["05-wounds", *(p.name for p in sorted((ROOT / "exercises").iterdir()) if p.name[1] != "5")]
PAIRS = [(slug, student) for student in ("s1", "s2", "s3") for slug in SLUGS]
CLAIMS = """
import json as _json, types as _types
from hardwired.course.codec import decode as _decode, encode as _encode
_Any = CellTimeoutError = type("CellTimeoutError", (BaseException,), {{}})
{claim}
{tried}
_names = globals()
_out = {{}}
for _ask in _json.loads({asks!r}):
    if _ask["kind"] == "function":
        _inputs = _json.loads({inputs!r}).get(_ask["name"])
        _out[_ask["name"]] = tried(
            _names.get(_ask["name"]), _inputs, lambda v: _encode(v, _ask["unit"]), _decode
        )
    elif _ask["kind"] != "figure":
        _out[_ask["name"]] = claim(_ask, _names, _encode)
print(_json.dumps({{"answers": _out, "cells": [], "figures": {{}}}}))
"""


def claims_cell(exercise: Any, solved: Any) -> str:
    """Give a cell that prints the answers as the sandbox would send them."""
    plain = "from __future__ import annotations\n"
    return plain + CLAIMS.format(
        claim=inspect.getsource(runner.claim)
        .replace("-> Any", "")
        .replace("Callable[..., Any]", "0"),
        tried=inspect.getsource(runner.tried),
        asks=json.dumps(asked(answers_of(exercise))),
        inputs=json.dumps(solved["inputs"]),
    )


@pytest.mark.needs("namespaces")
@pytest.mark.sampled
def test_an_exercise_done_in_the_page_gets_the_marks_of_the_sandbox(
    browser: Any, server: Server
) -> None:
    """The values that the page computed, and the notebook that it gives back, graded."""
    from hardwired.course.engines.zygote import ZygoteEngine

    limits, odd = Limits(), {}
    for slug, student in PAIRS[: count(24, 1)]:
        exercise = read(find(slug, ROOT / "exercises"))
        typed = solved_cells(exercise, student)
        context = browser.new_context()
        sheet = Sheet(context.new_page(), server.address, slug)
        sheet.fill(typed)
        sheet.press("Run all")
        assert sheet.page.locator(".hw-error, .hw-warned").all_inner_texts() == []
        handed = sheet.saved()
        with ZygoteEngine(limits, modules=modules_of(exercise)) as engine:
            (solved,) = references(exercise, [public_seed(slug, student)], engine, limits)
            sandbox = mark_notebook(
                exercise, _as_in_jupyter(exercise, typed), solved, engine, limits
            )
            returned = mark_notebook(exercise, handed, solved, engine, limits)
        last = max(typed) + 1  # the check behind the last answer
        sheet.fill({last: claims_cell(exercise, solved)})
        sheet.press(f"Run cell {last}")
        line = sheet.shown(last).encode()
        in_page = judge(exercise, Said(line, "done"), solved, limits)
        context.close()
        for how, judged in (("given back", returned), ("in the page", in_page)):
            if differs := _differences(sandbox, judged):
                odd[slug, student, how] = differs
        assert sum(m.points for m in sandbox.marks.values()) > 10

    assert odd == {}


def _as_in_jupyter(exercise: Any, typed: dict[int, str]) -> bytes:
    notebook = strip.student_notebook(exercise)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, source in typed.items():
        cells[number - 1]["source"] = source
    return json.dumps(notebook).encode()


def _differences(sandbox: Any, other: Any) -> dict[str, tuple[float, float]]:
    return {
        name: (mark.points, other.marks[name].points)
        for name, mark in sandbox.marks.items()
        if mark.points != other.marks[name].points
    }


def test_no_more_is_fetched_than_promised_and_nothing_twice(page: Any, server: Server) -> None:
    """26 MB to the first line of NumPy, 45 MB for an exercise, 1 KB on the second visit."""
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    sheet = Sheet(page, server.address, "05-wounds")
    assert server.bytes_sent() < 30_000
    sheet.fill({1: "import numpy as np\nprint(np.arange(3).sum())"})
    sheet.press("Run cell 1")
    first = server.bytes_sent()
    exercise = read(find("05-wounds", ROOT / "exercises"))
    sheet.fill(solved_cells(exercise, "s1"))
    sheet.press("Run all")
    whole = server.bytes_sent()
    server.sent.clear()
    sheet = Sheet(page, server.address, "05-wounds")
    sheet.press("Run all")

    print(
        f"{first / 1e6:.1f} MB to NumPy, {whole / 1e6:.1f} MB in all, {server.bytes_sent()} again"
    )
    assert first <= 26e6
    assert whole <= 45e6
    assert server.bytes_sent() <= 1024
    assert [url for url in asked_for if not url.startswith((server.address, "blob:"))] == []


def test_what_was_typed_outlives_the_page_a_stop_and_an_endless_cell(
    page: Any, server: Server
) -> None:
    """Kept in this browser; stopped and started again; put back and erased only when asked."""
    sheet = Sheet(page, server.address, "05-wounds")
    given = sheet.area(1).input_value()
    sheet.fill({1: "print('before')\nwhile True:\n    pass"})
    sheet.button("Run cell 1").click()
    sheet.output(1).get_by_text("before").wait_for()
    sheet.button("Stop").click()
    page.locator('main[data-runs="1"]').wait_for(state="attached")
    assert "Stopped" in sheet.status()
    sheet.fill({1: "print(6 * 7)"})
    sheet.press("Run cell 1")
    assert sheet.shown(1) == "42"
    page.wait_for_timeout(400)

    sheet = Sheet(page, server.address, "05-wounds")
    assert sheet.area(1).input_value() == "print(6 * 7)"
    sheet.button("Erase my work").click()
    assert sheet.area(1).input_value() == given
    assert page.evaluate("localStorage.length") == 0
    sheet.button("Back to my earlier work").click()
    assert sheet.area(1).input_value() == "print(6 * 7)"
    sheet.button("Put cell 1 back as it was given").click()
    assert sheet.area(1).input_value() == given


def test_a_notebook_that_was_given_out_is_opened_and_another_refused(
    page: Any, server: Server, tmp_path: Path
) -> None:
    """Own identifier, own data; what was typed before is kept, and cells keep what marks them."""
    exercise = read(find("05-wounds", ROOT / "exercises"))
    file = strip.data_file(exercise)
    own = strip.student_notebook(exercise, student="s7", data_file=file)
    other = strip.student_notebook(read(find("03-skin", ROOT / "exercises")))
    data = {"student": "s7", "data": {"t": "dict", "v": []}}
    for name, blob in (("mine.ipynb", own), ("other.ipynb", other), (file, data)):
        (tmp_path / name).write_text(json.dumps(blob), encoding="utf-8")
    (tmp_path / "none.ipynb").write_text("no notebook", encoding="utf-8")
    sheet = Sheet(page, server.address, "05-wounds")
    sheet.fill({5: "print('typed')"})
    chooser = page.locator("input[type=file]")

    chooser.set_input_files(tmp_path / "other.ipynb")
    page.get_by_text("belongs to the exercise 03-skin").wait_for()
    chooser.set_input_files(tmp_path / "none.ipynb")
    page.get_by_text("is no notebook and no data file").wait_for()
    assert sheet.area(5).input_value() == "print('typed')"
    chooser.set_input_files([tmp_path / "mine.ipynb", tmp_path / file])
    page.get_by_text("mine.ipynb is open").wait_for()
    saved = json.loads(sheet.saved())
    sheet.press("Run all cells to cell 3")

    assert saved["metadata"] == own["metadata"]
    assert [(c["id"], c["metadata"], c["source"]) for c in saved["cells"]] == [
        (c["id"], c["metadata"], c["source"]) for c in own["cells"]
    ]
    assert page.locator(".hw-error").all_inner_texts() == []
    sheet.button("Back to my earlier work").click()
    assert sheet.area(5).input_value() == "print('typed')"


def test_a_figure_is_redrawn_in_its_chapter_and_put_back(page: Any, server: Server) -> None:
    """The cell can be edited where it stands; the chapter's own figure comes back."""
    page.set_default_timeout(120_000)
    page.goto(f"{server.address}/chapters/05-wounds.html")
    assert server.bytes_sent() <= 3 * 1024
    cell = page.locator(".cell", has=page.locator("#fig-wounds-delays"))
    picture = cell.locator("figure .hw-svg").first
    before = picture.inner_html().strip()
    cell.get_by_role("button", name="Code of Figure").click()
    cell.get_by_role("button", name="Run it here").click()
    cell.get_by_text("Done in").wait_for()
    again = picture.locator("svg:not(.hw-away)")
    redrawn = [again.count(), again.first.inner_html()]
    # Other figures of the page use letters of the first one.
    letters = page.evaluate(
        "[...document.querySelectorAll('article svg use')]"
        ".every((use) => document.querySelector(use.getAttribute('href')))"
    )
    told = cell.get_by_text("have 32 bits unless").count()
    area = cell.locator("textarea")
    area.fill(area.input_value() + "\nraise ValueError('mine')")
    cell.get_by_role("button", name="Run: ").click()
    cell.get_by_text("ValueError", exact=True).wait_for()
    cell.get_by_role("button", name="Put it back").click()

    assert redrawn[0] == 1
    assert redrawn[1] not in before
    assert "var(--hw-" in redrawn[1]
    assert letters
    assert told == 1
    assert picture.inner_html().replace(' class="hw-figure"', "").strip() == before.replace(
        ' class="hw-figure"', ""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_narrow(browser: Any, server: Server, scheme: str) -> None:
    """Axe finds nothing, 320 px are enough, and Escape then Tab leaves an editor."""
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": 320, "height": 700}, bypass_csp=True
    )
    page = context.new_page()
    sheet = Sheet(page, server.address, "05-wounds")
    sheet.fill({1: "import pandas as pd\nprint('x')\npd.DataFrame({'a': [1]})"})
    sheet.press("Run cell 1")
    sheet.fill({5: "1 / 0"})
    sheet.press("Run cell 5")
    found = Axe().run(page).response["violations"]
    area = sheet.area(5)
    area.fill("")
    area.press("Tab")
    indented = area.input_value()
    area.press("Escape")
    area.press("Tab")
    left = page.evaluate("document.activeElement.tagName")
    sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()

    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []
    assert indented == "    "
    assert left != "TEXTAREA"
    assert sideways <= 0


def test_where_it_cannot_run_a_sentence_says_so(browser: Any, server: Server, copy: Path) -> None:
    """From a disk, in an old browser, with storage refused, after a download that broke off."""
    said = []
    for address, script in (
        (f"file://{copy}", ""),
        (server.address, "WebAssembly.validate = () => false"),
    ):
        context = browser.new_context()
        page = context.new_page()
        if script:
            page.add_init_script(script)
        page.goto(f"{address}/exercises/05-wounds.html")
        page.get_by_text("download the notebook.").wait_for()
        said.append(page.locator(".hw-status").inner_text())
        context.close()
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() {throw new DOMException('no')}})"
    )
    sheet = Sheet(page, server.address, "05-wounds")
    said.append(sheet.note())
    context.route("**/numpy-*.bin", lambda route: route.abort())
    sheet.fill({1: "import numpy"})
    sheet.press("Run cell 1")
    said += [sheet.status(), sheet.area(1).input_value()]
    context.unroute("**/numpy-*.bin")
    sheet.press("Run cell 1")
    said.append(sheet.status())
    context.close()

    assert "make serve" in said[0]
    assert "too old" in said[1]
    assert "refuses to keep" in said[2]
    assert said[3].startswith("Failed")
    assert said[4] == "import numpy"
    assert said[5].startswith("Done")


FILES = """
import os, pathlib, time, random
os.makedirs("a/b")
pathlib.Path("a/b/c.txt").write_text("one\\ntwo\\n", encoding="utf-8")
with open("a/b/c.txt", "a", encoding="utf-8") as file:
    file.write("three\\n")
os.rename("a/b/c.txt", "a/d.txt")
with open("a/d.txt", "r+b") as file:
    file.seek(4); file.write(b"TWO"); file.truncate(8)
seen = [os.listdir("a"), pathlib.Path("a/d.txt").read_text(), os.path.getsize("a/d.txt")]
for bad in ("a/d.txt/x", "nowhere", "a"):
    try:
        open(bad)
    except OSError as problem:
        seen.append(type(problem).__name__)
try:
    os.rmdir("a")
except OSError as problem:
    seen.append(problem.errno > 0)
os.rmdir("a/b"); os.remove("a/d.txt"); os.rmdir("a")
start = time.monotonic(); time.sleep(0.05)
seen += [os.path.exists("a"), time.monotonic() - start >= 0.05, len(os.urandom(100_000))]
seen.append(abs(time.time() - NOW) < 600)
print(seen)
"""


def test_files_and_clocks_are_those_of_any_python(page: Any, server: Server) -> None:
    """In a memory of its own: what CPython does on a disk, it does here."""
    import time

    sheet = Sheet(page, server.address, "05-wounds")
    sheet.fill({1: FILES.replace("NOW", str(time.time()))})
    sheet.press("Run cell 1")

    assert sheet.shown(1) == str(
        [
            *[["b", "d.txt"], "one\nTWO\n", 8],
            *["FileNotFoundError", "FileNotFoundError", "IsADirectoryError", True],
            *[False, True, 100_000, True],
        ]
    )


def test_a_cell_that_fills_the_memory_ends_in_a_sentence(page: Any, server: Server) -> None:
    """And the page goes on."""
    sheet = Sheet(page, server.address, "05-wounds")
    sheet.fill({1: "held = [bytearray(1 << 28) for _ in range(9)]"})
    sheet.press("Run cell 1")
    assert "The memory of the page is full" in sheet.shown(1)
    sheet.fill({1: "print(1)"})
    sheet.press("Run cell 1")

    assert sheet.shown(1) == "1"


def test_no_solution_stands_in_what_is_added(copy: Path, html: Path) -> None:
    """Pages of exercises and scripts, against the solutions of all eight."""
    taught = {
        line.strip()
        for path in (ROOT / "book").rglob("*.md")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    added = [path for path in copy.rglob("*.html") if not (html / path.relative_to(copy)).exists()]
    added += [path for path in (copy / bundle.FOLDER).glob("web-*/*") if path.suffix != ".css"]

    assert len(added) >= 8 + 5
    for slug in SLUGS:
        lines = set(strip.solution_lines(read(find(slug, ROOT / "exercises")))) - taught
        assert len(lines) > 20
        assert find_leaks(added, lines) == []
