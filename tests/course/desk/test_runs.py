"""The settings of a run hold for every later run of the exercise, wherever it is started."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest
from benchmarks.cohort import classes
from starlette.applications import Starlette

from hardwired.course.desk import pages_files, pages_settling, pages_trial, runs
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.downloads import downloads, note, take
from hardwired.course.desk.jobs import Job
from hardwired.course.errors import CourseError
from tests.course import tiny
from tests.course.desk.served import awaited


class Heard:
    """Jobs that are heard and not run."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.now = None

    def of(self, slug: str, kind: str) -> None:
        """Give no job: none was run."""

    def start(self, job: Job) -> None:
        """Hear of a job."""
        self.jobs.append(job)


class Pages:
    """The desk's pages of an exercise, without a server."""

    def __init__(self, course: Course) -> None:
        routes = [*pages_files.ROUTES, *pages_settling.ROUTES, *pages_trial.ROUTES]
        self.app, self.heard = Starlette(routes=routes), Heard()
        self.app.state.course, self.app.state.jobs, self.app.state.tabs = course, self.heard, ()

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> str:
        """Open a page, or send a form."""
        sent: list[bytes] = []
        kind = (b"content-type", b"application/x-www-form-urlencoded")
        scope = {
            "type": "http",
            "method": "GET" if form is None else "POST",
            "path": path,
            "query_string": b"",
            "headers": [kind],
            "app": self.app,
        }

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": urlencode(form or {}).encode()}

        async def send(message: dict) -> None:
            sent.append(message.get("body", b""))

        awaited(self.app(scope, receive, send))
        return b"".join(sent).decode()

    def options(self, path: str, form: Mapping[str, str]) -> list[str]:
        """Send a form that starts a job; gives what its command is given beside its files."""
        before = len(self.heard.jobs)
        self.ask(path, form)
        (job,) = self.heard.jobs[before:]
        command = job.commands[0]
        at = [i for i, word in enumerate(command) if word in ("--cell-seconds", "--engine")]
        pairs = [word for i in at for word in command[i : i + 2]]
        return [*(["--public"] if "--public" in command else []), *pairs]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Give a graded course with a roster and a key; the exercise was given out as one zip."""
    tiny.exercise(tmp_path / "exercises")
    made = classes.made(tmp_path / "course", tmp_path / "exercises", 2)
    made.key_file.write_text("00" * 32, encoding="ascii")
    (made.released / "tiny" / "public").mkdir(parents=True)
    take(made, "tiny", [("s000.ipynb", io.BytesIO(json.dumps(tiny.filled("s000")).encode()))])
    note(downloads(made, "tiny")[0], True, ())
    return made


def test_more_time_and_public_data_hold_where_nothing_is_said_of_them(course: Course) -> None:
    """After more time was given, a later run has it too, and so has a trial."""
    pages = Pages(course)
    given = {"asked": "public", "public": "yes", "seconds": "", "engine": "wasm", "again": "yes"}
    first = pages.options("/x/tiny/grade", given)
    more = pages.options("/x/tiny/grade", {"again": "yes", "seconds": "20"})
    later = pages.options("/x/tiny/grade", {"again": "yes"})
    trial = pages.options("/x/tiny/trial", {"asked": "public", "public": "yes"})

    assert first == ["--public", "--engine", "wasm"]
    assert more == later == trial == ["--public", "--cell-seconds", "20", "--engine", "wasm"]
    assert re.search(r'name="seconds"[^>]* value="20"', pages.ask("/x/tiny/files"))
    assert re.search(r'name="seconds"[^>]* value="40"', pages.ask("/x/tiny/settling"))

    cleared = {"asked": "public", "seconds": "", "engine": "", "again": "yes"}
    assert pages.options("/x/tiny/grade", cleared) == []
    assert pages.options("/x/tiny/grade", {"again": "yes"}) == []


def test_one_zip_for_all_is_graded_on_its_data_though_there_is_a_key(course: Course) -> None:
    """Before anything was chosen; where students were given data of their own, it is on these."""
    pages = Pages(course)
    box = re.compile(r'name="public" value="yes" checked')

    assert box.search(pages.ask("/x/tiny/files"))
    assert box.search(pages.ask("/x/tiny/trial"))
    assert pages.options("/x/tiny/grade", {"again": "yes"}) == ["--public"]

    (course.handed_in / "tiny" / "run.json").unlink()
    (course.released / "tiny" / "students").mkdir()
    assert not box.search(pages.ask("/x/tiny/files"))
    assert pages.options("/x/tiny/grade", {"again": "yes"}) == []


def test_settings_that_somebody_spoilt_are_not_guessed(course: Course) -> None:
    """A run on other data than it was would change every mark."""
    place = course.handed_in / "tiny" / "run.json"
    for text in ("{", "[]", '{"public": "no", "seconds": "", "engine": ""}'):
        place.write_text(text, encoding="utf-8")
        with pytest.raises(CourseError, match=r"run\.json: is not what the desk wrote"):
            runs.kept(course, "tiny")
