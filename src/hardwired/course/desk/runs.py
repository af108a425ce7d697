"""With what an exercise is graded: kept beside its downloads, so that every later run takes it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from starlette.datastructures import FormData

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.desk.course_folder import Course
from hardwired.course.engines.base import Limits
from hardwired.course.engines.probe import NAMES
from hardwired.course.errors import CourseError
from hardwired.house.files import write_atomic

__all__ = ["Run", "asked", "keep", "kept", "options"]


@dataclass(frozen=True)
class Run:
    """What a run is given: whether data follow from the identifier, seconds a cell, a sandbox.

    Empty texts stand for the default limit and for the first sandbox that runs here.
    """

    public: bool = False
    seconds: str = ""
    engine: str = ""

    @property
    def cell_s(self) -> float:
        """Seconds that a cell may compute."""
        return float(self.seconds) if self.seconds else Limits().cell_s


def _place(course: Course, slug: str) -> Path:
    return course.handed_in / slug / "run.json"


def kept(course: Course, slug: str) -> Run | None:
    """Give what the last run of an exercise was given; None before the first.

    Raises
    ------
    CourseError
        If the file was changed into something else.
    """
    path = _place(course, slug)
    if not path.is_file():
        return None
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        public, seconds, engine = raw["public"], raw["seconds"], raw["engine"]
        if type(public) is not bool or engine not in ("", *NAMES):
            raise ValueError
        return Run(public, _seconds(seconds), engine)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, CourseError):
        raise CourseError(
            f"{path}: is not what the desk wrote there; take it away, and choose the settings of"
            " the run again where you grade"
        ) from None


def keep(course: Course, slug: str, run: Run) -> None:
    """Keep what a run was given, for the next."""
    path = _place(course, slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, json.dumps(asdict(run)).encode())


def asked(course: Course, slug: str, form: FormData) -> Run:
    """Give what a form asks for; what it does not speak of is as in the last run.

    Before the first run data follow from the identifier if the exercise was given out as one zip
    for all, and in no other way.

    Raises
    ------
    CourseError
        If the seconds are no number, or there is no such sandbox.
    """
    last = kept(course, slug)
    if last is None:
        out = course.released / slug
        last = Run(public=(out / "public").is_dir() and not (out / "students").is_dir())
    spoken = "public" in form or form.get("asked") == "public"
    seconds, engine = form.get("seconds"), form.get("engine")
    if engine is not None and engine not in ("", *NAMES):
        raise CourseError(f"there is no sandbox {str(engine)[:40]!r}; choose one of the list")
    return Run(
        public=form.get("public") == "yes" if spoken else last.public,
        seconds=last.seconds if seconds is None else _seconds(str(seconds).strip()),
        engine=last.engine if engine is None else str(engine),
    )


def options(course: Course, exercise: Exercise, run: Run) -> list[str]:
    """Give the options of ``hardwired grade`` for a run."""
    out = []
    if run.public and exercise.draw and course.roster() is not None:
        out.append("--public")
    if run.seconds:
        out += ["--cell-seconds", run.seconds]
    if run.engine:
        out += ["--engine", run.engine]
    return out


def _seconds(text: str) -> str:
    if not text:
        return ""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = 0.0
    if not 0.1 <= number <= 3600:
        raise CourseError(f"{text[:20]!r} is no number of seconds; give 0.1 to 3600")
    return f"{number:g}"
