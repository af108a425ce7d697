"""A whole week at the desk, in a real browser, from an empty folder, with no command typed."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from hardwired.course import csvsafe
from tests.course import tiny
from tests.course.desk.served import served

pytestmark = [pytest.mark.ring("all"), pytest.mark.needs("browser", "namespaces")]

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Week 5 notebook (77),Final exam (78)\n"
    "    Points Possible,,,,,10,20\n"
    '"Berg, Ann",11,0011,ann,A,,\n'
    '"<b>Bobby</b>, Bea",12,0012,bea,A,3,\n'
    '"Carlsen, Carl",13,0013,carl,A,7,\n'
    '"Dunn, Dora",14,0014,dora,A,4,\n'
)
MOODLE = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Feedback comments\n"
    "Participant 501,Ann Berg,ann,ann@example.org,Submitted,,\n"
    "Participant 502,Bea Bobby,bea,bea@example.org,Submitted,3,\n"
    "Participant 503,Carl Carlsen,carl,carl@example.org,Submitted,7,\n"
    "Participant 504,Dora Dunn,dora,dora@example.org,No submission,,\n"
)
TEXT = "A sum hides how the values differ. <script>document.title = 'owned'</script>"
ANSWERS = {
    "ann": ('total = float(sum(data["values"]))\nproduct = len(data["values"]) * data["n"]', TEXT),
    "bea": ('total = -float(sum(data["values"]))\nproduct = 1', "It hides the spread."),
    "carl": ("", ""),
}


def handed_in(given: bytes) -> bytes:
    """Fill in what was given out, and pack it as Canvas does; somebody unknown is among it."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(given)) as whole, zipfile.ZipFile(sink, "w") as out:
        for number, (student, (code, text)) in enumerate(ANSWERS.items()):
            one = zipfile.ZipFile(io.BytesIO(whole.read(f"{student}.zip")))
            notebook = json.loads(one.read("tiny/tiny.ipynb"))
            for cell in notebook["cells"]:
                question = cell["metadata"].get("hardwired", {}).get("question")
                if code and question in ("q1", "q2"):
                    cell["source"] = code if question == "q1" else text
            name = f"{student}{student}_{11 + number}_90{number}_tiny.ipynb"
            stamp = (2027, 3, 5, 9 + number, 0, 0)
            out.writestr(zipfile.ZipInfo(name, stamp), json.dumps(notebook))
        out.writestr(zipfile.ZipInfo("zoe_99_909_tiny.ipynb", (2027, 3, 5, 9, 0, 0)), "{}")
    return sink.getvalue()


def usable(page: Any, faults: list[str]) -> None:
    """Hold a page to axe in light and dark, and to a phone's width."""
    page.wait_for_load_state()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        faults += [f"{page.url} {scheme} {v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    faults += [f"{page.url}: {wide} pixels wide at 320"] * (wide > 320)
    page.set_viewport_size({"width": 1280, "height": 900})


def downloaded(page: Any, do: Callable[[], None]) -> bytes:
    """Give the bytes of the file that an action downloads."""
    with page.expect_download() as info:
        do()
    return Path(info.value.path()).read_bytes()


def mark_all(page: Any, base: str) -> None:
    """Give each answer of q2 all its points, by keys."""
    page.goto(f"{base}/x/tiny/marking")
    page.click("text=Begin marking")
    page.wait_for_url("**/marking/words/*")
    for _ in range(2):
        for number in range(2):
            form = page.locator("form.criterion").nth(number)
            form.locator("button[data-key]").last.wait_for()
            key = form.locator("button[data-key]").last.get_attribute("data-key")
            page.keyboard.press(key)
        page.locator("#saved", has_text="Saved: 2 of 2").wait_for()
        here = page.url
        page.keyboard.press("n")
        page.wait_for_url(lambda url, here=here: url != here)


def by_commands(course: Path, out: Path, exercises: Path) -> list[Any]:
    """Do the same week by commands; gives the rows of the marks."""

    def run(*arguments: str) -> None:
        command = [sys.executable, "-m", "hardwired.cli", *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert ended.returncode in (0, 1), ended.stderr

    options = ("--exercises", str(exercises), "--out", str(out), "--course")
    rules = str(course / "course.yml")
    (download,) = (course / "handed-in" / "tiny" / "001").glob("*.zip")
    roster = ("--roster", str(course / "canvas.csv"), "--key", str(course / "roster.key"))
    run("grade", "tiny", str(download), *options, rules, *roster)
    (sheet,) = (out / "marking").glob("*.csv")
    filled = csvsafe.read(sheet)
    names = list(filled[0])
    rows = [[*list(row.values())[:5], "3", "1", "", "Ann Berg"] for row in filled]
    csvsafe.write(sheet, names, rows)
    run("grade", "tiny", "--merge", str(sheet), *options, rules)
    settled = ("--student", "carl", "--points", "2", "--why", "handed in on paper")
    run("settle", "tiny", *settled, "--who", "Ann Berg", *options, rules)
    return csvsafe.read(out / "marks-tiny.csv")


def untimed(row: Any) -> dict[str, str]:
    """Give a row of marks without the minute in which somebody settled it."""
    return {k: re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "", v) for k, v in row.items()}


def test_a_week_without_a_command(tmp_path: Path, browser: Any) -> None:
    """From three questions to the files of Canvas and Moodle; the same as by commands."""
    exercises, course, faults = tmp_path / "exercises", tmp_path / "course", []
    tiny.exercise(exercises)
    files = {"canvas.csv": CANVAS.encode(), "moodle.csv": MOODLE.encode()}
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on(
        "console",
        lambda said: faults.append(f"console: {said.text}") if said.type == "error" else 0,
    )
    with served(course, exercises, enter=False) as desk:
        page.goto(desk.start)
        page.wait_for_url(f"{desk.base}/")
        usable(page, faults)
        page.fill("#title", "Psychoneuroimmunology")
        page.fill("#name", "Ann Berg")
        page.fill("#zone", "Europe/London")
        page.click("text=Make the course")
        for name, data in files.items():
            (course / name).write_bytes(data)

        page.click("text=Add the roster")
        usable(page, faults)
        page.set_input_files("#file", course / "canvas.csv")
        page.click("text=Read it")
        page.locator("text=a gradebook of Canvas with 4 students").wait_for()
        usable(page, faults)
        page.click("text=This is right")
        usable(page, faults)

        page.click("a:text-is('Tiny')")
        page.fill("#due", "2027-03-05T18:00")
        page.click("text=Keep it")
        usable(page, faults)
        page.click(".next >> text=Give out")
        page.click("text=Make the notebooks")
        page.locator("text=Done in").wait_for(timeout=60_000)
        usable(page, faults)
        given = downloaded(page, lambda: page.click("text=A zip a student"))
        assert zipfile.ZipFile(io.BytesIO(given)).namelist() == [
            f"{name}.zip" for name in ("ann", "bea", "carl", "dora")
        ]

        page.click("nav >> text=Collect and grade")
        usable(page, faults)
        (tmp_path / "submissions.zip").write_bytes(handed_in(given))
        page.set_input_files("#files", tmp_path / "submissions.zip")
        page.click("text=Read it")
        page.click("text=Grade what is new")
        page.locator("[data-running=no]").wait_for(timeout=60_000)
        became = {
            row.locator("td").first.inner_text(): row.locator("td").last.inner_text()
            for row in page.locator("table.files tbody tr").all()
        }
        usable(page, faults)
        mark_all(page, desk.base)
        page.goto(f"{desk.base}/x/tiny/class")
        usable(page, faults)
        page.click("text=Berg, Ann")
        page.locator("h1", has_text="Berg, Ann").wait_for()
        assert "<script>document.title" in page.inner_text("blockquote")
        assert page.title().startswith("Berg, Ann")
        usable(page, faults)

        page.goto(f"{desk.base}/x/tiny/settling")
        page.check("input[name=way][value=mark]")
        page.fill("input[name=points]", "2")
        page.fill("input[name=why]", "handed in on paper")
        usable(page, faults)
        page.click("button:text-is('Settle')")
        page.locator("text=everybody who handed in has a mark").wait_for()
        page.goto(f"{desk.base}/x/tiny/seeing")
        usable(page, faults)

        page.click("nav >> text=Hand back")
        page.wait_for_url("**/back")
        page.select_option("#column", "Week 5 notebook (77)")
        page.locator("td >> text=3 becomes 5.5").wait_for()
        usable(page, faults)
        canvas = downloaded(page, lambda: page.click("text=Download the file"))
        pages = downloaded(page, lambda: page.click("text=Pages of those who have a mark"))
        marks = csvsafe.read(course / "marks" / "marks-tiny.csv")
        page.goto(f"{desk.base}/roster")
        page.set_input_files("#file", course / "moodle.csv")
        page.click("text=Read it")
        page.click("text=This is right")
        page.goto(f"{desk.base}/x/tiny/back")
        moodle = downloaded(page, lambda: page.click("text=Download the file"))
        page.goto(desk.base)
        usable(page, faults)
    context.close()

    assert "\n".join(faults) == ""
    assert became["zoe_99_909_tiny.ipynb"].startswith("left out: nobody on the roster")
    assert became["annann_11_900_tiny.ipynb"] == "graded; q2 wait for a person"
    assert became["carlcarl_13_902_tiny.ipynb"].startswith("waits for a person: it is as it was")
    rows = canvas.decode().splitlines()
    assert rows[0].endswith("Section,Week 5 notebook (77)")
    assert [row.rsplit(",", 1)[1] for row in rows[2:]] == ["10", "5.5", "2", "4"]
    taken = zipfile.ZipFile(io.BytesIO(pages))
    assert sorted(taken.namelist()) == [
        "annann_11_900_tiny.html", "beabea_12_901_tiny.html", "carlcarl_13_902_tiny.html",
        "tiny-dora.html",
    ]  # fmt: skip
    assert "<script>" not in taken.read("annann_11_900_tiny.html").decode()
    lines = moodle.decode()
    assert "Participant 501,Ann Berg,ann,ann@example.org,Submitted,10," in lines
    assert "Participant 503,Carl Carlsen,carl,carl@example.org,Submitted,2," in lines

    again = by_commands(course, tmp_path / "marks", exercises)
    assert [untimed(row) for row in again] == [untimed(row) for row in marks]
    assert "handed in on paper" in marks[2]["settled_by_hand"]
