"""``hardwired release``, ``grade``, ``report``, ``export``, ``validate``: a face over this room.

Exit codes: 0 done, 1 something needs a person, 2 wrong usage. Errors are one line on standard
error.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hardwired.course.errors import CourseError

if TYPE_CHECKING:
    from hardwired.course.authoring.exercise import Exercise
    from hardwired.course.engines.base import Limits
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.policy import Policy
    from hardwired.course.roster import Roster
    from hardwired.course.standing import Standing

__all__ = ["add_commands"]

ENGINES = ("auto", "bubblewrap-zygote", "bubblewrap-fresh", "wasm")
FORMATS = ("canvas", "moodle", "gradescope", "nbgrader", "csv")
CODES = "Exit codes: 0 done, 1 something needs a person, 2 wrong usage."


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the commands; the parsed arguments carry ``run``, which returns the exit code."""
    _release(subparsers)
    _grade(subparsers)
    _report(subparsers)
    _export(subparsers)
    _validate(subparsers)


def _parser(
    subparsers: argparse._SubParsersAction,
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
    many: bool,
) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=text, description=text, epilog=CODES)
    parser.add_argument(
        "exercise", nargs="?" if many else None, metavar="NN-slug", help="the exercise's folder"
    )
    parser.add_argument(
        "--exercises",
        type=Path,
        default=Path("exercises"),
        metavar="DIR",
        help="folder of exercises, the book's or your own (default: exercises)",
    )
    parser.add_argument(
        "--roster",
        type=Path,
        metavar="FILE",
        help="Canvas gradebook, Moodle participants or grading worksheet, or a CSV with student_id",
    )
    parser.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help="key of the students' data, yours alone (default: the roster's name with .key)",
    )
    parser.set_defaults(run=lambda arguments: _guarded(run, arguments))
    return parser


def _guarded(run: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    try:
        return run(arguments)
    except CourseError as error:
        said = str(error)
    except sqlite3.Error as error:
        said = (
            f"the gradebook could not be written ({error}); make room and start again,"
            " what was graded is kept"
        )
    except OSError as error:
        said = f"{error.filename or 'a file'}: {error.strerror or error}; mend that and start again"
    except KeyboardInterrupt:
        said = "stopped; start again to go on where it was"
    print(f"hardwired: {' '.join(said.split())}", file=sys.stderr)
    return 1


def _engine_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="auto",
        help="sandbox (default: the first that runs here)",
    )
    parser.add_argument(
        "--cell-seconds",
        type=float,
        default=10.0,
        metavar="S",
        help="soft limit of a cell (default: 10)",
    )
    parser.add_argument(
        "--memory",
        type=int,
        default=2048,
        metavar="MB",
        help="memory of a submission (default: 2048)",
    )


def _limits(arguments: argparse.Namespace) -> Limits:
    from hardwired.course.engines.base import Limits

    cell = arguments.cell_seconds
    return Limits(
        cell_s=cell,
        wall_s=max(60.0, 9 * cell),
        cpu_s=int(max(40, 6 * cell)),
        memory_mb=arguments.memory,
    )


def _read(arguments: argparse.Namespace, slug: str | None = None) -> Exercise:
    from hardwired.course.authoring import exercise

    return exercise.read(exercise.find(slug or arguments.exercise, arguments.exercises))


def _slugs(arguments: argparse.Namespace) -> list[str]:
    return sorted(p.parent.name for p in arguments.exercises.glob("*/exercise.md"))


def _chosen(arguments: argparse.Namespace) -> list[Exercise]:
    """Give the exercise named, or with ``--all`` every one of the folder."""
    slugs = _slugs(arguments) if arguments.all else [arguments.exercise]
    if not slugs:
        raise CourseError(
            f"{arguments.exercises}: holds no exercise; give the folder with --exercises"
        )
    return [_read(arguments, slug) for slug in slugs]


def _policy(arguments: argparse.Namespace) -> Policy:
    from hardwired.course import policy

    rules = policy.read(arguments.course)
    rules.check_slugs(_slugs(arguments))
    return rules


def _roster(arguments: argparse.Namespace) -> Roster | None:
    from hardwired.course import roster

    return roster.read(arguments.roster) if arguments.roster else None


def _key_path(arguments: argparse.Namespace) -> Path:
    return arguments.key or arguments.roster.with_suffix(".key")


# --- release


def _release(subparsers: argparse._SubParsersAction) -> None:
    parser = _parser(
        subparsers,
        "release",
        _run_release,
        "write student notebooks, a sheet, a zip with the wheel, and the instructor's notebook",
        True,
    )
    parser.add_argument("--all", action="store_true", help="every exercise of the folder")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument(
        "--format",
        choices=("hardwired", "nbgrader"),
        default="hardwired",
        help="nbgrader adds its cell metadata",
    )
    parser.add_argument(
        "--gradescope",
        action="store_true",
        help="also write the autograder zip for Gradescope, which holds the solution",
    )
    _engine_options(parser)


def _run_release(arguments: argparse.Namespace) -> int:
    from hardwired.course import variants
    from hardwired.course.engines.probe import probe
    from hardwired.course.reference import modules_of
    from hardwired.course.release import release

    if bool(arguments.exercise) == arguments.all:
        print("hardwired release: name one exercise, or give --all", file=sys.stderr)
        return 2
    exercises = _chosen(arguments)
    roster = _roster(arguments)
    key = variants.make_key(_key_path(arguments)) if roster else None
    limits = _limits(arguments)
    for exercise in exercises:
        out = arguments.out / exercise.slug if arguments.all else arguments.out
        engine = None
        if roster:
            engine, _ = probe(arguments.engine, limits, modules_of(exercise))
        try:
            made = release(
                exercise,
                out,
                roster=roster,
                key=key,
                engine=engine,
                limits=limits,
                nbgrader=arguments.format == "nbgrader",
                gradescope=arguments.gradescope,
            )
        finally:
            if engine:
                engine.close()
        print(
            f"{exercise.slug}: {len(made.public)} files for students in {out / 'public'},"
            f" solution in {out / 'instructor'}"
        )
        if roster:
            print(
                f"{exercise.slug}: data of {made.students} students drawn under"
                f" {_key_path(arguments)}; keep it, grade needs it"
            )
        elif exercise.draw:
            print(
                f"{exercise.slug}: data follow from the identifier a student types;"
                " this only discourages copying, --roster prevents it"
            )
    return 0


# --- grade


def _grade(subparsers: argparse._SubParsersAction) -> None:
    parser = _parser(
        subparsers,
        "grade",
        _run_grade,
        "run what was handed in, in a sandbox, and mark it; or read a marking sheet back",
        False,
    )
    parser.add_argument(
        "submissions",
        nargs="?",
        type=Path,
        metavar="SUBMISSIONS",
        help="folder or zip as Canvas or Moodle hands it out, or student_id/...ipynb",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where gradebook.sqlite, marks.csv and marking sheets are",
    )
    parser.add_argument(
        "--merge", type=Path, metavar="SHEET", help="read this marking sheet into the gradebook"
    )
    parser.add_argument(
        "--marker",
        default="marker",
        metavar="NAME",
        help="who filled the sheet in, where it does not say",
    )
    parser.add_argument(
        "--validate", action="store_true", help="check the exercise itself: one line a question"
    )
    parser.add_argument(
        "--course",
        type=Path,
        metavar="course.yml",
        help="due dates, extensions, late rule, weights, dropped questions",
    )
    parser.add_argument(
        "--public",
        action="store_true",
        help="with a roster, but released without one: data follow from the identifier",
    )
    parser.add_argument(
        "--skip-unknown",
        action="store_true",
        help="leave out files of students who are not on the roster",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="submissions at a time (default: the cores)",
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="a Dask scheduler, for example tcp://10.0.0.5:8786"
    )
    _engine_options(parser)


def _run_grade(arguments: argparse.Namespace) -> int:
    exercise = _read(arguments)
    if arguments.validate:
        return _findings(arguments, exercise, None)
    if arguments.out is None or (arguments.submissions is None) == (arguments.merge is None):
        print("hardwired grade: give SUBMISSIONS or --merge, and --out", file=sys.stderr)
        return 2
    rules = _policy(arguments)
    if arguments.merge:
        return _merge(arguments, exercise, rules)
    return _grade_folder(arguments, exercise, rules)


def _grade_folder(arguments: argparse.Namespace, exercise: Exercise, rules: Policy) -> int:
    from hardwired.course import plan, session, submissions, variants
    from hardwired.course.engines.probe import probe
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.history import changes
    from hardwired.course.marking import write_sheets
    from hardwired.course.reference import modules_of

    roster = _roster(arguments)
    key = (
        variants.read_key(_key_path(arguments))
        if roster and exercise.draw and not arguments.public
        else None
    )
    limits = _limits(arguments)
    handed = submissions.collect(arguments.submissions, roster)
    if not arguments.skip_unknown:
        plan.refuse_unknown(handed)
    path = arguments.out / "gradebook.sqlite"
    new = not path.exists()
    before: set[str] = set()
    if not new:
        with Gradebook(path) as book:
            before = {a.audit.get("engine", "") for a in book.attempts(exercise.slug)} - {""}
    engine, said = probe(arguments.engine, limits, modules_of(exercise))
    for line in said:
        print(f"hardwired: not used: {line}", file=sys.stderr)
    if arguments.engine == "auto" and before - {engine.name}:
        engine.close()
        raise CourseError(
            f"{path}: marks of {exercise.slug} were made with {', '.join(sorted(before))}, but here"
            f" {engine.name} would run; hand in all files again with --engine {engine.name},"
            " or grade where the other runs"
        )
    print(f"engine: {engine.name}", file=sys.stderr)
    arguments.out.mkdir(parents=True, exist_ok=True)
    try:
        with Gradebook(path) as book:
            summary = session.grade_all(
                exercise,
                handed,
                book,
                engine,
                limits,
                roster=roster,
                key=key,
                jobs=max(1, arguments.jobs),
                cluster=arguments.cluster,
                skip_unknown=arguments.skip_unknown,
                progress=sys.stderr,
            )
            rows = _write(arguments.out, exercise, book, roster, rules)
            sheets = write_sheets(exercise, book, arguments.out / "marking")
            changed = changes(book.attempts(exercise.slug, counting=False))
    except CourseError:
        if new and not _has_marks(path):
            path.unlink(missing_ok=True)
        raise
    finally:
        engine.close()
    for line in summary.attention:
        print(f"for a person: {line}", file=sys.stderr)
    rate = 60 * summary.graded / max(summary.seconds, 1e-9)
    print(
        f"{summary.graded} graded in {summary.seconds:.1f} s ({rate:.0f} a minute),"
        f" {summary.already} were graded before"
    )
    if summary.graded and changed:
        print(f"{len(changed)} marks differ from those before; the report's class page has them")
    print(f"{len(rows)} rows in {arguments.out / 'marks.csv'}")
    print(f"{len(sheets)} marking sheets in {arguments.out / 'marking'}")
    return int(bool(summary.attention))


def _has_marks(path: Path) -> bool:
    try:
        with sqlite3.connect(path) as db:
            return bool(db.execute("SELECT count(*) FROM attempt").fetchone()[0])
    except sqlite3.Error:
        return False


def _merge(arguments: argparse.Namespace, exercise: Exercise, rules: Policy) -> int:
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.marking import agreement, merge

    with Gradebook(arguments.out / "gradebook.sqlite", create=False) as book:
        number = merge(exercise, book, arguments.merge, arguments.marker)
        rows = _write(arguments.out, exercise, book, _roster(arguments), rules)
        pairs = agreement(book.manual(exercise.slug))
    print(
        f"{number} points read from {arguments.merge};"
        f" {sum(bool(s.waiting) for s in rows)} students still wait"
    )
    for pair in pairs:
        kappa = "" if pair.kappa is None else f", weighted kappa {pair.kappa:.2f}"
        print(
            f"{pair.markers[0]} and {pair.markers[1]}: {pair.criteria} criteria,"
            f" {pair.equal:.0%} equal{kappa}"
        )
    return 0


def _write(
    out: Path, exercise: Exercise, book: Gradebook, roster: Roster | None, rules: Policy
) -> list[Standing]:
    from hardwired.course.standing import standings, write_marks

    rows = standings(exercise, book, roster, rules)
    write_marks(out / "marks.csv", exercise, rows)
    return rows


# --- report and export


def _report(subparsers: argparse._SubParsersAction) -> None:
    parser = _parser(
        subparsers,
        "report",
        _run_report,
        "write a page a student and a page for the class; or forget a student",
        True,
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder that grade wrote"
    )
    parser.add_argument("--course", type=Path, metavar="course.yml", help="as for grade")
    parser.add_argument(
        "--show-expected",
        action="store_true",
        help="put the expected values into the students' pages",
    )
    parser.add_argument(
        "--forget",
        metavar="STUDENT",
        help="erase everything about this student from the gradebook and the folder",
    )


def _run_report(arguments: argparse.Namespace) -> int:
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.history import changes
    from hardwired.course.report import write_reports
    from hardwired.course.standing import standings

    with Gradebook(arguments.out / "gradebook.sqlite", create=False) as book:
        if arguments.forget:
            return _forget(arguments, book)
        if not arguments.exercise:
            print("hardwired report: name an exercise, or give --forget STUDENT", file=sys.stderr)
            return 2
        exercise = _read(arguments)
        rows = standings(exercise, book, _roster(arguments), _policy(arguments))
        if not rows:
            raise CourseError(
                f"{book.path}: has no submission of {exercise.slug}; run `hardwired grade` first"
            )
        expected = {}
        if arguments.show_expected:
            for s in rows:
                solved = book.reference(s.attempt.audit.get("reference", "")) if s.attempt else None
                if solved:
                    expected[s.student] = solved["answers"]
        files = write_reports(
            exercise,
            rows,
            arguments.out / "reports",
            manual=book.manual(exercise.slug),
            changed=changes(book.attempts(exercise.slug, counting=False)),
            handed=book.copies(exercise.slug),
            expected=expected,
        )
    print(f"{len(files)} pages in {arguments.out / 'reports'}")
    return 0


def _forget(arguments: argparse.Namespace, book: Gradebook) -> int:
    from hardwired.course.forget import forget

    gone = forget(arguments.forget, book, arguments.out)
    if not gone:
        raise CourseError(f"{book.path}: knows no student {arguments.forget!r}; nothing was erased")
    print(
        f"erased {arguments.forget}: {gone} entries and files;"
        " backups and what you exported are yours to erase"
    )
    return 0


def _export(subparsers: argparse._SubParsersAction) -> None:
    parser = _parser(
        subparsers,
        "export",
        _run_export,
        "write marks as a file that a course system imports; csv without an exercise: the course",
        True,
    )
    parser.add_argument("--format", choices=FORMATS, required=True, help="the course system")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="the folder that grade wrote; files go to DIR/export",
    )
    parser.add_argument("--course", type=Path, metavar="course.yml", help="as for grade")


def _run_export(arguments: argparse.Namespace) -> int:
    from hardwired.course.export import export
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.standing import standings

    if not arguments.exercise:
        return _run_totals(arguments)
    exercise, roster = _read(arguments), _roster(arguments)
    with Gradebook(arguments.out / "gradebook.sqlite", create=False) as book:
        rows = standings(exercise, book, roster, _policy(arguments))
    files = export(arguments.format, exercise, rows, arguments.out / "export", roster)
    waiting = [s.student for s in rows if s.waiting or s.status in ("unreadable", "mismatch")]
    for file in files[:3]:
        print(file)
    if len(files) > 3:
        print(f"... {len(files)} files in all")
    return _still_waiting(waiting)


def _run_totals(arguments: argparse.Namespace) -> int:
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.totals import totals, write_totals

    if arguments.format != "csv":
        print("hardwired export: name an exercise; only csv is for a course", file=sys.stderr)
        return 2
    with Gradebook(arguments.out / "gradebook.sqlite", create=False) as book:
        exercises = [_read(arguments, slug) for slug in book.exercises()]
        if not exercises:
            raise CourseError(f"{book.path}: holds no submission; run `hardwired grade` first")
        rows = totals(exercises, book, _roster(arguments), _policy(arguments))
    path = arguments.out / "export" / "course.csv"
    write_totals(path, exercises, rows)
    print(path)
    return _still_waiting([t.student for t in rows if t.share is None])


def _still_waiting(students: Sequence[str]) -> int:
    if students:
        print(
            f"for a person: {len(students)} students have no final mark yet, {students[0]} first",
            file=sys.stderr,
        )
    return int(bool(students))


# --- validate


def _validate(subparsers: argparse._SubParsersAction) -> None:
    text = "check exercises before they are released: one line a question, on one engine or two"
    parser = subparsers.add_parser("validate", help=text, description=text, epilog=CODES)
    parser.add_argument("exercise", nargs="?", metavar="NN-slug", help="the exercise's folder")
    parser.add_argument("--all", action="store_true", help="every exercise of the folder")
    parser.add_argument(
        "--exercises",
        type=Path,
        default=Path("exercises"),
        metavar="DIR",
        help="folder of exercises, the book's or your own (default: exercises)",
    )
    parser.add_argument(
        "--second",
        choices=(*ENGINES[1:], "none"),
        default="wasm",
        help="engine on which the reference must give the same answers (default: wasm)",
    )
    _engine_options(parser)
    parser.set_defaults(run=lambda arguments: _guarded(_run_validate, arguments))


def _run_validate(arguments: argparse.Namespace) -> int:
    if bool(arguments.exercise) == arguments.all:
        print("hardwired validate: name one exercise, or give --all", file=sys.stderr)
        return 2
    second = None if arguments.second == "none" else arguments.second
    return max(_findings(arguments, exercise, second) for exercise in _chosen(arguments))


def _findings(arguments: argparse.Namespace, exercise: Exercise, second: str | None) -> int:
    from hardwired.course.authoring.validate import validate
    from hardwired.course.engines.probe import make, probe
    from hardwired.course.reference import modules_of

    limits, modules = _limits(arguments), modules_of(exercise)
    with contextlib.ExitStack() as stack:
        engine, _ = probe(arguments.engine, limits, modules)
        stack.callback(engine.close)
        other = None
        if second and second != engine.name:
            try:
                other = make(second, limits, modules)
            except CourseError as error:
                raise CourseError(f"{error}; or check on one engine: --second none") from None
            stack.callback(other.close)
        findings = validate(exercise, engine, limits, other=other)
    for finding in findings:
        print(finding.text(exercise))
    return int(any(finding.faults for finding in findings))
