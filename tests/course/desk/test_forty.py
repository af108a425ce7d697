"""The whole week of forty students at the desk, in a real browser; and the same by commands."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hardwired.course import csvsafe
from tests.course import tiny
from tests.course.desk import forty
from tests.course.desk.forty import Entry
from tests.course.desk.served import served
from tests.course.desk.test_week import downloaded, untimed, usable

pytestmark = [pytest.mark.ring("measure"), pytest.mark.needs("browser", "namespaces")]

COLUMN, MARKER = "Week 5 (77)", "Ann Berg"
SAYS = {
    5: "late",
    7: "it is as it was given out",
    11: "waits for a person",
    12: "waits for a person",
    17: "graded; q2 wait",
    23: "graded; q1, q2 wait",
    26: "the notebook of another exercise: other",
    28: "waits for a person",
    32: "waits for a person",
}


class Week:
    """One browser at one desk."""

    def __init__(self, page: Any, base: str, folder: Path) -> None:
        self.page, self.base, self.folder = page, base, folder
        self.given: dict[str, tuple[str, str, str]] = {}

    def roster(self, name: str, text: str) -> None:
        """Drop a roster and take it as it was understood."""
        (self.folder / name).write_text(text, encoding="utf-8-sig")
        self.page.goto(f"{self.base}/roster")
        self.page.set_input_files("#file", self.folder / name)
        self.page.click("text=Read it")
        self.page.click("text=This is right")

    def rules(self) -> None:
        """Set when it is due, what lateness costs and who has longer."""
        self.page.goto(f"{self.base}/x/tiny")
        self.page.fill("#due", "2027-03-05T18:00")
        self.page.click("text=Keep it")
        self.page.goto(f"{self.base}/rules")
        self.page.fill("#per_day", "10")
        self.page.click("text=Keep it")
        self.page.fill("#student", forty.identifier(forty.LONGER))
        self.page.fill("#until", "2027-03-08T12:00")
        self.page.click("text=Give longer")
        self.page.locator("td", has_text="08 Mar 2027, 12:00").wait_for()

    def give_out(self) -> bytes:
        """Make the notebooks, and take the zip with one for each student."""
        self.page.goto(f"{self.base}/x/tiny/release")
        self.page.click("text=Make the notebooks")
        self.page.locator("text=Done in").wait_for(timeout=120_000)
        return downloaded(self.page, lambda: self.page.click("text=A zip a student"))

    def collect(self, zipped: bytes) -> dict[str, str]:
        """Drop the download, grade it, and read what became of each file."""
        (self.folder / "submissions.zip").write_bytes(zipped)
        self.page.goto(f"{self.base}/x/tiny/files")
        self.page.set_input_files("#files", self.folder / "submissions.zip")
        self.page.click("text=Read it")
        self.page.click("text=Grade what is new")
        self.page.locator("[data-running=no]").wait_for(timeout=180_000)
        rows = self.page.locator("table.files tbody tr")
        cells = rows.evaluate_all("rows => rows.map(r => [...r.cells].map(c => c.innerText))")
        return {file: f"{when} {said}" for _, file, when, said in cells}

    def settle(self, entry: Entry) -> None:
        """Enter one case, on the page of its student."""
        self.page.goto(f"{self.base}/x/tiny/settling?student={forty.identifier(entry.number)}")
        way = f"input[name=way][value={entry.way}]"
        case = self.page.locator(f"section.case:has(input[name=answer][value='{entry.answer}'])")
        form = case.filter(has=self.page.locator(way)).first
        if entry.way == "adjust":
            form = self.page.locator("section[aria-labelledby=any]")
        elif not form.locator(way).is_visible():
            form.locator("summary", has_text="Settle it").click()
        form.locator(way).check()
        if entry.way == "choose":
            form.locator("select[name=file]").select_option(index=0)
        elif entry.value:
            form.locator("input[name=points]").fill(entry.value)
        form.locator("input[name=why]").fill(entry.why)
        form.locator("button.main").click()
        self.page.locator(".said", has_text="Entered as").wait_for()

    def again(self) -> None:
        """Run what was accepted and chosen."""
        self.page.goto(f"{self.base}/x/tiny/settling")
        self.page.click("button:text-is('Grade again')")
        self.page.locator("[data-running=no]").wait_for(timeout=180_000)

    def mark(self) -> None:
        """Mark every text by keys, as its length tells; comment some, and take one key back."""
        page = self.page
        page.goto(f"{self.base}/x/tiny/marking/words")
        while "/marking/words/" in page.url:
            text, here = page.inner_text("#text"), page.url
            keys = [
                form.locator("button[data-key]").nth(len(text) % form.locator("[data-key]").count())
                for form in page.locator("form.criterion").all()
            ]
            points = [str(key.get_attribute("value")) for key in keys]
            comment = f"About {len(text)}: see the spread." if len(text) % 3 == 0 else ""
            for key in keys:
                page.keyboard.press(str(key.get_attribute("data-key")))
            page.locator("#saved", has_text="Saved: 2 of 2").wait_for()
            if not self.given:
                page.keyboard.press("u")
                page.locator("#saved", has_text="1 of 2").wait_for()
                keys[1].click()
                page.locator("#saved", has_text="Saved: 2 of 2").wait_for()
            if comment:
                page.fill("#comment", comment)
                page.click("text=Save the comment")
                page.locator("#saved", has_text="Saved").wait_for()
                page.keyboard.press("Escape")
            self.given[" ".join(text.split())] = (points[0], points[1], comment)
            page.keyboard.press("n")
            page.wait_for_url(
                lambda url, here=here: url.partition("?")[0] != here.partition("?")[0]
            )

    def file(self, column: str = "") -> bytes:
        """Take the file for the course system."""
        self.page.goto(f"{self.base}/x/tiny/back")
        if column:
            self.page.select_option("#column", column)
            self.page.wait_for_url("**column=**")
        return downloaded(self.page, lambda: self.page.click("text=Download the file"))


def run(*arguments: str) -> None:
    """Run a command of the instructor."""
    command = [sys.executable, "-m", "hardwired.cli", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ended.returncode in (0, 1), ended.stderr


def by_commands(
    course: Path, out: Path, exercises: Path, given: dict[str, tuple[str, str, str]]
) -> None:
    """Do the same week by commands: grade, settle, grade again, fill the sheet in, merge."""
    rules = (
        "--exercises",
        str(exercises),
        "--out",
        str(out),
        "--course",
        str(course / "course.yml"),
    )
    (download,) = (course / "handed-in" / "tiny" / "001").glob("*.zip")
    roster = ("--roster", str(course / "roster-canvas.csv"), "--key", str(course / "roster.key"))
    grade = ("grade", "tiny", str(download), *rules, *roster, "--skip-unknown")
    run(*grade)
    for one in forty.SETTLED:
        how = {"mark": "--points", "adjust": "--add"}.get(one.way, f"--{one.way}")
        value = [] if one.way in ("accept", "excuse") else [one.value]
        if one.way == "choose":
            with zipfile.ZipFile(download) as archive:
                value = [
                    n for n in archive.namelist() if "_527_" in n and n.endswith("_tiny.ipynb")
                ]
        words = [f"{how}={value[0]}"] if value else [how]
        question = ("--question", one.answer) if one.answer else ()
        student = ("--student", forty.identifier(one.number), *question)
        run("settle", "tiny", *student, *words, "--why", one.why, "--who", MARKER, *rules)
    run(*grade)
    (sheet,) = (out / "marking").glob("*.csv")
    filled = csvsafe.read(sheet)
    names, rows = list(filled[0]), []
    for row in filled:
        cells = list(row.values())
        (of,) = [v for k, v in given.items() if k in {" ".join(c.split()) for c in cells[:5]}]
        rows.append([*cells[:5], *of, MARKER])
    csvsafe.write(sheet, names, rows)
    run("grade", "tiny", "--merge", str(sheet), *rules)


def test_a_week_of_forty_is_the_same_by_hand_and_by_commands(tmp_path: Path, browser: Any) -> None:
    """From an empty folder to the files of Canvas and Moodle, byte for byte."""
    exercises, course, faults = tmp_path / "exercises", tmp_path / "course", []
    tiny.exercise(exercises)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    with served(course, exercises, enter=False) as desk:
        page.goto(desk.start)
        page.fill("#title", "Psychoneuroimmunology")
        page.fill("#name", MARKER)
        page.fill("#zone", "Europe/London")
        page.click("text=Make the course")
        week = Week(page, desk.base, tmp_path)
        week.roster("canvas.csv", forty.held())
        week.rules()
        zipped = forty.handed_in(week.give_out())
        became = week.collect(zipped)
        for entry in forty.SETTLED:
            week.settle(entry)
        week.again()
        week.mark()
        for path in ("/class", "/seeing", "/settling", "/marking", "/files", "/back"):
            page.goto(f"{desk.base}/x/tiny{path}")
            usable(page, faults)
        canvas = week.file(COLUMN)
        pages = downloaded(page, lambda: page.click("text=Pages of all"))
        sheet = csvsafe.read(course / "marks" / "marks-tiny.csv")
        (course / "roster-canvas.csv").write_bytes((tmp_path / "canvas.csv").read_bytes())
        week.roster("moodle.csv", forty.moodle())
        moodle = week.file()
    context.close()

    assert "\n".join(faults) == ""
    assert len(became) == 42
    for n, said in SAYS.items():
        assert said in next(v for k, v in became.items() if f"_{500 + n}_" in k)
    assert "left out: nobody on the roster" in became["zoe_99_909_tiny.ipynb"]
    marks = {row["student"]: row for row in sheet}
    assert len(marks) == 40
    open_ = [s for s, row in marks.items() if row["status"] != "missing" and row["points"] == ""]
    excused = forty.identifier(28)
    assert sorted(open_) == sorted([*map(forty.identifier, forty.WAITS), excused])
    days = {n: marks[forty.identifier(n)]["days_late"] for n in (5, 29, forty.LONGER, 38)}
    assert days == {5: "0", 29: "2", forty.LONGER: "0", 38: "0"}

    out = tmp_path / "marks"
    by_commands(course, out, exercises, week.given)
    again = csvsafe.read(out / "marks-tiny.csv")
    assert [untimed(row) for row in again] == [untimed(row) for row in sheet]
    options = ("--exercises", str(exercises), "--course", str(course / "course.yml"))
    for system, desks in (("canvas", canvas), ("moodle", moodle)):
        column = ("--column", COLUMN) if system == "canvas" else ()
        roster = ("--roster", str(tmp_path / f"{system}.csv"))
        run("export", "tiny", "--format", system, *roster, *column, "--out", str(out), *options)
        (file,) = (out / "export").glob(f"*{system}*.csv")
        assert re.sub(TIME, b"", file.read_bytes()) == re.sub(TIME, b"", desks)
    names = zipfile.ZipFile(io.BytesIO(pages)).namelist()
    assert len(names) == len(set(names)) == 40


TIME = rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
