"""One run of ``hardwired grade``: choose an engine, plan, solve, grade, write down.

Whatever must hold of every run lives here, whoever starts it: engines are not mixed within an
exercise, and a run that marked nobody leaves no gradebook behind.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from hardwired.course import entries, plan, submissions
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.border.guard import Border
from hardwired.course.cluster import ClusterPool
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.engines.probe import probe
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Copy, Gradebook, MarkRow
from hardwired.course.history import Change, changes
from hardwired.course.lock import alone
from hardwired.course.marking import filled_sheets, write_sheets
from hardwired.course.marks_file import write_standings
from hardwired.course.partial import WAITS
from hardwired.course.policy import Policy
from hardwired.course.pool import LocalPool, Pool
from hardwired.course.progress import Bar
from hardwired.course.reference import modules_of
from hardwired.course.roster import Roster
from hardwired.course.standing import Standing

__all__ = ["Done", "Summary", "grade", "grade_all"]


@dataclass(frozen=True)
class Summary:
    """What a run did, and what is left for a person."""

    graded: int
    already: int
    attention: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Done:
    """What `grade` leaves: the summary, each student's standing, sheets, marks that changed.

    ``kept`` are the sheets that somebody has changed, which were left as they are.
    """

    summary: Summary
    rows: Sequence[Standing]
    sheets: Sequence[Path]
    changed: Sequence[Change]
    kept: Sequence[Path]


def grade(
    exercise: Exercise,
    submitted: Path,
    out: Path,
    limits: Limits,
    *,
    wanted: str = "auto",
    roster: Roster | None = None,
    key: bytes | None = None,
    rules: Policy | None = None,
    jobs: int = 1,
    cluster: str | None = None,
    skip_unknown: bool = False,
    progress: TextIO | None = None,
) -> Done:
    """Grade a folder or zip into ``out``: gradebook, marks.csv and marking sheets.

    Parameters
    ----------
    exercise : Exercise
        What was set.
    submitted, out : Path
        What the course system handed out; where everything is written.
    limits : Limits
        What one submission may use.
    wanted : str
        Name of an engine, or ``auto`` for the first that runs here.
    roster, key, rules
        Who is in the course, the key of their data, and its rules, where there are such.
    jobs, cluster
        Submissions at a time, or the address of a Dask scheduler.
    skip_unknown : bool
        Whether nothing is said of files of students who are not on the roster.
    progress : file, optional
        Where to say which engine runs, and how far it is.

    Raises
    ------
    CourseError
        As `grade_all`, or if no engine runs here.
    """
    path = out / "gradebook.sqlite"
    rules = (rules or Policy()).of(roster)
    with contextlib.ExitStack() as stack:
        border = stack.enter_context(Border(exercise))
        handed = submissions.collect(submitted, roster, border)
        plan.refuse_unknown(handed)
        if path.exists():
            Gradebook(path).close()  # one that cannot be used is named before an engine is started
        engine, said = probe(wanted, limits, modules_of(exercise))
        stack.callback(engine.close)
        for line in said:
            if progress:
                print(f"hardwired: not used: {line}", file=progress)
        out.mkdir(parents=True, exist_ok=True)
        with alone(out), _gradebook(path) as book:
            summary = grade_all(
                exercise,
                handed,
                book,
                engine,
                limits,
                key=key,
                jobs=jobs,
                cluster=cluster,
                switch=wanted != "auto",
                skip_unknown=skip_unknown,
                progress=progress,
                border=border,
            )
            sheets = write_sheets(exercise, book, out / "marking")
            return Done(
                summary,
                write_standings(out, exercise, book, roster, rules),
                sheets,
                changes(book.attempts(exercise.slug, counting=False)),
                filled_sheets(book, sheets),
            )


@contextlib.contextmanager
def _gradebook(path: Path) -> Iterator[Gradebook]:
    """Open a gradebook; a new one in which nobody is marked when the run fails is taken away."""
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with Gradebook(path) as book:
        try:
            yield book
        except CourseError:
            if new and not book.exercises():
                path.unlink(missing_ok=True)
            raise


def grade_all(
    exercise: Exercise,
    handed: Sequence[submissions.Handed],
    book: Gradebook,
    engine: Engine,
    limits: Limits,
    *,
    key: bytes | None = None,
    jobs: int = 1,
    cluster: str | None = None,
    switch: bool = False,
    skip_unknown: bool = False,
    progress: TextIO | None = None,
    border: Border | None = None,
) -> Summary:
    """Grade what was handed in and is not in the gradebook yet; the unknown are left out.

    Every submission is one transaction, so that the run may be stopped at any moment; a second run
    goes on where the first was. The engine is closed at the end.

    Parameters
    ----------
    switch : bool
        Whether marks that another engine made may be replaced by this one's.
    skip_unknown : bool
        Whether nothing is said of files of students who are not on the roster.

    Raises
    ------
    CourseError
        If the reference fails, or the marks there are were made by another engine; the gradebook
        is then as it was.
    """
    started = time.monotonic()
    own = None if border else Border(exercise)
    border = border or own
    assert border is not None
    try:
        if not switch:
            _refuse_mixing(exercise, book, engine)
        if progress:
            print(f"engine: {engine.name}", file=progress)
        acts = entries.live(book, exercise.slug)
        choices = entries.chosen(acts)
        done = book.done(exercise.slug)
        handed = _chosen(handed, choices, {(student, digest) for student, digest, _ in done})
        passed = entries.accepted(acts) | set(choices.items())
        planned = plan.make(exercise, handed, engine, limits, key, passed)
        todo = [
            i for i in planned.items if (i.handed.student, i.handed.digest, i.run_key) not in done
        ]
        pool: Pool = (
            ClusterPool(exercise, limits, engine, border, cluster)
            if cluster
            else LocalPool(exercise, limits, engine, border, jobs)
        )
    except BaseException:
        engine.close()
        if own:
            own.close()
        raise
    bar = Bar(progress, len(todo), started)
    try:
        solved = _solved(exercise, book, engine, pool, sorted({i.draw for i in todo}), bar)
        audit = {
            "engine": engine.name,
            "versions": dict(engine.versions()),
            "limits": asdict(limits),
            "exercise_digest": exercise.digest,
            "exercise_version": exercise.version,
        }
        for attempt in planned.settled:
            if (attempt.student, attempt.file_digest, attempt.run_key) not in done:
                _add(book, attempt)
        for attempt in pool.grade([(i, solved[i.draw]) for i in todo], audit):
            _add(book, attempt)
            bar.step()
        bar.end()
    finally:
        pool.close()
        if own:
            own.close()
    wanted = {i.handed.student: (i.handed.digest, i.run_key) for i in planned.items}
    wanted |= {a.student: (a.file_digest, a.run_key) for a in planned.settled}
    book.count(exercise.slug, wanted)
    book.keep_copies(
        exercise.slug,
        (
            Copy(h.student, h.file, h.digest, h.handed_in, h.late, h.newest)
            for h in handed
            if h.known
        ),
    )
    return Summary(
        len(todo),
        len(planned.items) - len(todo),
        tuple(_attention(exercise, handed, planned, book, skip_unknown)),
        time.monotonic() - started,
    )


def _chosen(
    handed: Sequence[submissions.Handed],
    choices: Mapping[str, str],
    graded: Collection[tuple[str, str]],
) -> list[submissions.Handed]:
    """Let the file that a person chose count in place of the newest.

    If it is not among these, but is in the gradebook (``graded``: student and digest), it came with
    another download: then none of these counts.
    """
    there = {(h.student, h.digest) for h in handed}
    out: list[submissions.Handed] = []
    done: set[str] = set()
    for h in handed:
        digest = choices.get(h.student)
        if digest is not None and (h.student, digest) in there:
            out.append(replace(h, newest=h.digest == digest and h.student not in done))
            done |= {h.student} if out[-1].newest else set()
        elif digest is not None and (h.student, digest) in graded:
            out.append(replace(h, newest=False))
        else:
            out.append(h)
    return out


def _attention(
    exercise: Exercise,
    handed: Sequence[submissions.Handed],
    planned: plan.Plan,
    book: Gradebook,
    silent: bool,
) -> Iterator[str]:
    """Yield a line for each thing that waits for a person, but for what is to be marked anyway."""
    acts = entries.live(book, exercise.slug)
    done = {e.student for a in acts if a.kind in ("mark", "excuse") for e in a.entries}
    for a in planned.settled:
        if a.student not in done:
            yield f"{a.file}: {a.reason}"
    for h in handed:
        if not h.known and not silent:
            yield f"{h.file}: {h.stranger or f'{h.student!r} is not on the roster'}; left out"
        elif h.known and h.newest and h.late and h.handed_in is None:
            yield (
                f"{h.file}: Canvas calls it late, and the times in this zip are those of its"
                f" download; take what your rule says with `hardwired settle ... --add`"
            )
    here = {h.student for h in handed if h.known}
    for a in book.attempts(exercise.slug):
        if a.student not in here or a.student in done:
            continue
        waits = [m for m in a.marks if m.rule == WAITS]
        if a.status == "no result":
            yield f"{a.file}: {a.reason}"
        elif a.status == "graded" and (waits or a.audit.get("person")):
            said = said_once(waits)
            found = [f"{name}: {what}" for name, what in a.audit.get("found", {}).items()]
            yield f"{a.file}: {'; '.join([*said, *found])}"


def said_once(waits: Sequence[MarkRow]) -> list[str]:
    """Say what answers wait for, and of several with one cause once."""
    answers: dict[tuple[str, str], list[str]] = {}
    for m in waits:
        cause = m.reason.removeprefix(f"There is no {m.answer}: ").rstrip(".")
        answers.setdefault((m.question, cause), []).append(m.answer)
    return [
        f"{question} ({', '.join(names)}): {cause}" for (question, cause), names in answers.items()
    ]


def _add(book: Gradebook, attempt: Attempt) -> None:
    """Write an attempt down; if that cannot be, only why it cannot."""
    try:
        book.add(attempt)
    except (CourseError, sqlite3.Error):
        raise  # the gradebook itself is at fault: room, rights
    except Exception as error:
        reason = f"no result: it could not be written down ({type(error).__name__})"
        book.add(
            replace(attempt, status="no result", reason=reason, marks=(), prose={}, figures={})
        )


def _refuse_mixing(exercise: Exercise, book: Gradebook, engine: Engine) -> None:
    """Engines differ in their libraries, one in the width of its integers: never mix them."""
    before = {a.audit.get("engine", "") for a in book.attempts(exercise.slug)} - {"", engine.name}
    if before:
        raise CourseError(
            f"{book.path}: marks of {exercise.slug} were made with {', '.join(sorted(before))}, but"
            f" here {engine.name} would run; hand in all files again with --engine {engine.name},"
            " or grade where the other runs"
        )


def _solved(
    exercise: Exercise,
    book: Gradebook,
    engine: Engine,
    pool: Pool,
    draws: Sequence[plan.Draw],
    bar: Bar,
) -> dict[plan.Draw, Mapping[str, Any]]:
    """Solved variants, from the gradebook or the engine; all of them before anybody is graded."""

    def key(draw: plan.Draw) -> str:
        return plan.reference_key(exercise, engine, draw)

    found = {draw: value for draw in draws if (value := book.reference(key(draw))) is not None}
    missing = [draw for draw in draws if draw not in found]
    fresh: dict[plan.Draw, Mapping[str, Any]] = {}
    for draw, value in pool.solve(missing):
        fresh[draw] = value
        bar.say(f"solving variants: {len(fresh)} of {len(missing)}")
    if fresh:
        book.keep_references(exercise.slug, [(key(draw), value) for draw, value in fresh.items()])
    return {**found, **fresh}
