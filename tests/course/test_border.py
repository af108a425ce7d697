"""The border: whatever one student hands in, the others have the marks of an undisturbed run."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import resource
import time
from pathlib import Path

import pytest

from hardwired.course import csvsafe, loader, session, submissions
from hardwired.course.authoring.exercise import Answer
from hardwired.course.border.guard import Border, Settled
from hardwired.course.border.picture import picture
from hardwired.course.border.source import Source
from hardwired.course.border.text import line, prose
from hardwired.course.compare import compare
from hardwired.course.engines.base import Engine
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook
from hardwired.course.lock import alone
from hardwired.course.numbering import papers
from hardwired.course.reference import inputs_seed
from tests.course import attacks, hostile, tiny
from tests.course.graded import Kept, grade

HONEST = ("ann", "zoe")


@pytest.fixture(scope="module")
def undisturbed(zygote: Engine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the rows of those who hand in what was asked, when nobody else does."""
    folder = tmp_path_factory.mktemp("alone")
    class_of(folder / "in")
    grade(tiny.exercise(), folder / "in", folder / "out", zygote)
    return rows(folder / "out")


def class_of(folder: Path) -> None:
    """Hand in the honest notebooks, at the same time on every run."""
    for name in HONEST:
        path = tiny.write(folder / name / "tiny.ipynb", tiny.filled(name))
        os.utime(path, (10**9, 10**9))


def rows(out: Path) -> dict[str, str]:
    """Lines of marks.csv by student, of the honest ones as they stand."""
    text = (out / "marks.csv").read_text(encoding="utf-8")
    return {text_line.partition(",")[0]: text_line for text_line in text.splitlines()[1:]}


def honest(found: dict[str, str]) -> dict[str, str]:
    """Keep the honest rows."""
    return {name: found[name] for name in HONEST}


def peak_mb() -> float:
    """Most memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_the_corpus_has_at_least_130_attacks() -> None:
    """Cells, files, names, zips, forged answers, figures: each with a name of its own."""
    parts = [
        [a.name for a in attacks.ATTACKS],
        [a.name for a, _ in attacks.PERSISTENCE],
        [name for name, *_ in attacks.STOPPED],
        [name for name, *_ in attacks.INTEGRITY],
        attacks.DOORS,
        *(
            hostile.FILES,
            hostile.NAMES,
            hostile.ZIPS,
            hostile.PICTURES,
            hostile.LINES,
            hostile.CELLS,
        ),
    ]

    assert all(len(set(part)) == len(part) for part in parts)
    print("attacks:", sum(map(len, parts)), [len(part) for part in parts])

    assert sum(map(len, parts)) >= 400
    assert sum(map(len, parts[5:])) >= 200


def test_hostile_files_cost_nobody_else_a_mark(
    zygote: Engine, tmp_path: Path, undisturbed: dict[str, str]
) -> None:
    """Each settles itself, with a reason; none of them is held in the grader's memory."""
    class_of(tmp_path / "in")
    for number, data in enumerate(hostile.FILES.values()):
        path = tmp_path / "in" / f"e{number:02d}" / "tiny.ipynb"
        path.parent.mkdir()
        path.write_bytes(data)
    started, before = time.monotonic(), peak_mb()
    found = {
        row.student: row
        for row in grade(tiny.exercise(), tmp_path / "in", tmp_path / "out", zygote)
    }
    reasons = {name: found[f"e{n:02d}"].reason for n, name in enumerate(hostile.FILES)}

    assert honest(rows(tmp_path / "out")) == honest(undisturbed)
    assert len(found) == len(hostile.FILES) + len(HONEST)
    assert [name for name, reason in reasons.items() if not reason] == []
    assert [r for r in reasons.values() if "grader failed" in r] == []
    assert "more memory" in reasons["small arrays without end"]
    assert "identifier mismatch" in reasons["an identifier behind a million blanks"]
    assert peak_mb() - before < 150
    assert time.monotonic() - started < 240


def test_hostile_names_cost_nobody_else_a_mark(
    zygote: Engine, tmp_path: Path, undisturbed: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Names of any bytes, a folder of 1,500 floors, a time in 33,658: each is one file."""
    class_of(tmp_path / "in")
    top = os.fsencode(tmp_path / "in")
    data = json.dumps(tiny.filled("eve")).encode()
    for name in hostile.NAMES.values():
        path = os.path.join(top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
    with contextlib.suppress(OSError, OverflowError):
        os.utime(os.path.join(top, b"in", b"x"), (10**12, 10**12))
    here = os.getcwd()
    os.mkdir(tmp_path / "in" / "deep")
    try:
        os.chdir(tmp_path / "in" / "deep")
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    try:
        found = {
            row.student: row
            for row in grade(tiny.exercise(), tmp_path / "in", tmp_path / "out", zygote)
        }
    finally:  # whoever cleans up goes down by recursion
        _remove(tmp_path / "in" / "deep")
    said = [text for row in found.values() for text in (row.student, row.name)]

    assert honest(rows(tmp_path / "out")) == honest(undisturbed)
    assert all(text.isprintable() for text in said), said
    assert "lies more than 40 folders deep" in found["deep"].reason
    assert len({csvsafe.file_name(name).casefold() for name in found}) == len(found)
    assert all(len(csvsafe.file_name(name)) <= 90 for name in found)


def _remove(folder: Path) -> None:
    """Remove a folder too deep for `shutil`."""
    descriptor = os.open(folder, os.O_RDONLY)
    floors = [descriptor]
    with contextlib.suppress(OSError):
        while True:
            floors.append(os.open("d", os.O_RDONLY, dir_fd=floors[-1]))
            if len(floors) > 900:
                os.rename("d", "/".join(["..", "d2"]), src_dir_fd=floors[-2], dst_dir_fd=floors[1])
                break
    for floor in reversed(floors):
        os.close(floor)


@pytest.mark.parametrize("name", hostile.ZIPS)
def test_a_hostile_zip_costs_nobody_else_a_file(name: str, tmp_path: Path) -> None:
    """The others' notebooks are listed and read; what cannot be has a problem that says why."""
    (tmp_path / "s.zip").write_bytes(hostile.ZIPS[name])
    found = {h.student: h for h in submissions.collect(tmp_path / "s.zip", None)}

    assert [(found[n].typed, found[n].problem) for n in HONEST] == [("ann", ""), ("zoe", "")]
    assert all(h.problem for s, h in found.items() if s not in HONEST)
    assert all(line(h.file, 300) == h.file for h in found.values())
    if name == "an encrypted entry":
        assert "encrypted" in found["eve"].problem


def test_a_zip_of_a_million_entries_is_refused_within_limits(tmp_path: Path) -> None:
    """In one line, in bounded time, and its list is never held by the grader."""
    (tmp_path / "s.zip").write_bytes(hostile.crowd(1_000_000))
    (tmp_path / "few.zip").write_bytes(hostile.crowd(100))
    before, started = peak_mb(), time.monotonic()

    assert len(submissions.collect(tmp_path / "few.zip", None)) == 100
    with pytest.raises(CourseError, match="more memory than a file may"):
        submissions.collect(tmp_path / "s.zip", None)
    assert peak_mb() - before < 100
    assert time.monotonic() - started < 120


def test_a_zip_is_read_in_linear_time(tmp_path: Path) -> None:
    """Ten times as many entries cost no more than some twenty times as much."""
    import zipfile

    seconds = []
    for number in (150, 1500):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for n in range(number):
                archive.writestr(f"s{n}/a.ipynb", b"{}")
        with Border() as border:
            submissions.collect(path, None, border)
            started = time.process_time()
            assert len(submissions.collect(path, None, border)) == number
            seconds.append(time.process_time() - started)

    assert seconds[1] < 20 * seconds[0] + 0.5


def test_forged_and_dishonest_answers_cost_nobody_else_a_mark(
    zygote: Engine, tmp_path: Path, undisturbed: dict[str, str]
) -> None:
    """Whatever a sandbox says: a row, a reason, no point, and text that can be written down."""
    class_of(tmp_path / "in")
    codes = [*map(hostile.forging, hostile.LINES.values()), *hostile.CELLS.values()]
    for number, code in enumerate(codes):
        name = f"e{number:02d}"
        tiny.write(tmp_path / "in" / name / "tiny.ipynb", tiny.filled(name, code))
    before = peak_mb()
    found = {
        row.student: row
        for row in grade(tiny.exercise(), tmp_path / "in", tmp_path / "out", zygote, jobs=4)
    }
    named = dict(
        zip(
            [*hostile.LINES, *hostile.CELLS],
            (found[f"e{n:02d}"] for n in range(len(codes))),
            strict=True,
        )
    )

    assert honest(rows(tmp_path / "out")) == honest(undisturbed)
    assert len(found) == len(codes) + len(HONEST)
    assert {name: row.raw for name, row in named.items() if row.raw} == {}
    assert all(x.reason.isprintable() for row in named.values() for x in row.lines)
    assert peak_mb() - before < 150


def test_long_and_dangerous_prose_goes_out_and_comes_back(zygote: Engine, tmp_path: Path) -> None:
    """No cell begins with a sign, whatever separates them; `plain` gives back what was written."""
    for number, text in enumerate(hostile.PROSE):
        name = f"s{number:02d}"
        tiny.write(tmp_path / "in" / name / "tiny.ipynb", tiny.filled(name, text=text))
    grade(tiny.exercise(), tmp_path / "in", tmp_path / "out", zygote)
    with Gradebook(tmp_path / "out" / "gradebook.sqlite") as book:
        from hardwired.course.marking import write_sheets

        (sheet, *_) = write_sheets(tiny.exercise(), book, tmp_path / "marking")
        kept = {a.student: a.prose["q2", "words"] for a in book.attempts("tiny")}
        of = {paper.number: who for (who, _), paper in papers(book, "tiny").of.items()}
    raw = sheet.read_bytes().decode("utf-8-sig")
    signs = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    begun = [
        cell
        for delimiter in ",;\t|"
        for row in csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter)
        for cell in row
        if cell.lstrip(' "\u00a0\u200b\ufeff').startswith(signs)
    ]
    back = {of[int(row["paper"])]: row["text"] for row in csvsafe.read(sheet)}

    assert begun == []
    assert {s: t for s, t in kept.items() if back[s] != t} == {}
    assert max(map(len, kept.values())) < 32_767
    assert "characters were handed in]" in kept["s21"]


@pytest.mark.parametrize("name", hostile.PICTURES)
def test_a_picture_is_looked_at(name: str) -> None:
    """Size, parts, sums and what is packed; a good one loses what is no part of the picture."""
    with pytest.raises(ValueError, match=r"^it "):
        picture(hostile.PICTURES[name], 1440)
    text = b"tEXtComment\x00hello"
    chunk = (
        len(text[4:]).to_bytes(4, "big") + text + __import__("zlib").crc32(text).to_bytes(4, "big")
    )

    assert picture(hostile.png(more=chunk) + b"<script>", 1440) == hostile.png()


def test_a_worker_that_dies_or_waits_costs_one_file(tmp_path: Path) -> None:
    """Its memory, its time, its death: the next file is read by another."""
    good, bad = tmp_path / "good.ipynb", tmp_path / "bad.ipynb"
    tiny.write(good, tiny.filled("ann"))
    bad.write_bytes(hostile.FILES["small arrays without end"])
    source, hungry = Source(os.fsencode(good)), Source(os.fsencode(bad))
    with Border() as border:
        assert border.ask("look", source, True)["typed"] == "ann"
        with pytest.raises(Settled, match="more memory than a file may"):
            border.ask("look", hungry, True)
        assert border.ask("look", source, True)["typed"] == "ann"
        with pytest.raises(Settled, match=r"took more than 0\.001 s"):
            border.ask("look", hungry, True, wall_s=0.001)
        (worker,) = border.all or {None}
        if worker is None:
            border.ask("look", source, True)
            (worker,) = border.all
        worker.process.kill()
        with pytest.raises(Settled):
            border.ask("look", source, True)
        assert border.ask("look", source, True)["typed"] == "ann"
        pids = [w.process.pid for w in border.all]
    time.sleep(0.1)

    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_an_identifier_is_found_in_linear_time() -> None:
    """A million blanks cost no more than reading them."""
    started = time.process_time()
    for name in ("an identifier behind a million blanks", "blanks before and behind an identifier"):
        loader.load(hostile.FILES[name])

    assert time.process_time() - started < 1.0


def test_a_text_among_numbers_never_gets_to_numpy() -> None:
    """A list of one long text and many numbers is no array, and costs no memory."""
    value = {"t": "list", "v": [{"t": "str", "v": "x" * 20_000}] + [{"t": "int", "v": 1}] * 19_000}
    expected = {"t": "array", "dtype": "float", "shape": [3], "v": [1.0, 2.0, 3.0]}
    before = peak_mb()
    match = compare(Answer("a", "array", 1.0), expected, value)

    assert not match.right
    assert peak_mb() - before < 100


def test_hidden_inputs_follow_from_the_file() -> None:
    """Whoever saw them at one submission is asked others at the next."""
    assert inputs_seed(7, "a" * 64) != inputs_seed(7, "b" * 64)
    assert inputs_seed(7, "a" * 64) == inputs_seed(7, "a" * 64)


def test_two_commands_do_not_work_in_one_folder(tmp_path: Path) -> None:
    """The second is told so in one line; the lock goes with the first, and leaves no file."""
    with alone(tmp_path), pytest.raises(CourseError, match="another hardwired is at work"):
        alone(tmp_path).__enter__()
    with alone(tmp_path):
        pass

    assert list(tmp_path.iterdir()) == []


def test_text_is_made_clean_once() -> None:
    """Names are one printable line and stay apart when they are cut; prose keeps its lines."""
    names = [line("n" * 400 + end) for end in ("a", "b")]

    assert line("a\x1b[2J\nb\u202e\ud800") == r"a\x1b[2J\x0ab\u202e\ud800"
    assert names[0] != names[1]
    assert all(len(name) <= 200 for name in names)
    assert prose("a\r\nb\x00\ud800") == "a\nb\\x00\\ud800"
    assert csvsafe.plain(csvsafe.safe("'=1")) == "'=1"


def test_a_mark_that_cannot_be_written_costs_its_own(
    zygote: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attempt that the gradebook cannot take becomes one without marks, and the run goes on."""
    class_of(tmp_path / "in")
    write = Gradebook.add_row

    def failing(book: Gradebook, attempt: object) -> int:
        if attempt.student == "ann" and attempt.marks:
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        return write(book, attempt)

    monkeypatch.setattr(Gradebook, "add_row", failing)
    handed = submissions.collect(tmp_path / "in", None)
    with Gradebook(tmp_path / "g.sqlite") as book:
        summary = session.grade_all(tiny.exercise(), handed, book, Kept(zygote), zygote.limits)
        status = {a.student: a.status for a in book.attempts("tiny")}

    assert status == {"ann": "no result", "zoe": "graded"}
    assert any("could not be written down" in said for said in summary.attention)
