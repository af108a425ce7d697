"""Releases: what students get works alone, is theirs alone, and holds no answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hardwired.course import reference, release, roster
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.codec import decode
from hardwired.course.engines.base import Engine
from hardwired.course.variants import make_key, secret_seed
from hardwired.course.wheel import build_wheel
from tests.course import leaks, tiny
from tests.course.conftest import SHORT

HERE = Path(__file__).parent
SRC = HERE.parents[1] / "src"
BOOK = HERE.parents[1] / "book" / "_build"


def hardwired(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command."""
    return subprocess.run(
        [sys.executable, str(HERE / "cli.py"), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SRC), **options.pop("environment", {})},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        **options,
    )


def released(tmp_path: Path, engine: Engine) -> tuple[Path, bytes, roster.Roster]:
    """Give the tiny exercise released to Ann and Bo under a key."""
    (tmp_path / "r.csv").write_text("student_id,name\nann,Ann\nbo,Bo\n")
    people, key = roster.read(tmp_path / "r.csv"), make_key(tmp_path / "r.key")
    release.release(
        tiny.exercise(), tmp_path / "out", roster=people, key=key, engine=engine, limits=SHORT
    )
    return tmp_path / "out", key, people


def test_each_student_gets_data_that_only_the_key_gives(zygote: Engine, tmp_path: Path) -> None:
    """The file holds what the key draws; neighbours differ; draw cell and key are nowhere."""
    out, key, _ = released(tmp_path, zygote)
    files = {
        who: json.loads((out / f"students/{who}/tiny-data.json").read_text())
        for who in ("ann", "bo")
    }
    drawn = reference.data_of(tiny.exercise(), [secret_seed(key, "tiny", "ann")], zygote, SHORT)[0]

    assert files["ann"]["data"] == drawn
    assert files["bo"]["data"] != drawn
    for _, text in leaks.texts([out / "public", out / "students"]):
        assert "def draw(rng)" not in text
        assert key.hex() not in text


def test_the_zip_is_all_that_a_student_needs(zygote: Engine, tmp_path: Path) -> None:
    """With the wheel of the zip on the path and nothing else of ours, it runs and checks."""
    out, _, _ = released(tmp_path, zygote)
    home = tmp_path / "laptop"
    with zipfile.ZipFile(out / "students/ann/tiny.zip") as archive:
        archive.extractall(home)
    (wheel,) = (home / "tiny").glob("*.whl")
    notebook = json.loads((home / "tiny/tiny.ipynb").read_text())
    cells = [c["source"] for c in notebook["cells"] if c["cell_type"] == "code"]
    cells = [
        c.replace(
            "# YOUR CODE HERE\nraise NotImplementedError", "total = float(sum(data['values']))"
        )
        for c in cells
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(cells)],
        cwd=home / "tiny",
        env={"PYTHONPATH": str(wheel), "PATH": "/usr/bin", "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "total: can be read (in day).",
        "product: not there yet; give the answer this name.",
    ]


def test_the_wheel_installs_with_the_ordinary_tool(tmp_path: Path) -> None:
    """Pip accepts its names, hashes and metadata."""
    name, data = build_wheel()
    (tmp_path / name).write_bytes(data)
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--target",
        str(tmp_path / "site"),
        str(tmp_path / name),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site/hardwired/course/student.py").is_file()
    assert build_wheel() == (name, data)


def test_marks_by_key_and_a_neighbours_data_earn_nothing(zygote: Engine, tmp_path: Path) -> None:
    """Answers right for one's own data earn all; the same handed in by another earn none."""
    out, _, _ = released(tmp_path, zygote)
    data = decode(json.loads((out / "students/ann/tiny-data.json").read_text())["data"])
    code = f"total = {float(sum(data['values']))!r}\nproduct = {4 * data['n']}"
    for who in ("ann", "bo"):
        tiny.write(
            tmp_path / "in" / who / "tiny.ipynb", tiny.filled(who, code, data_file="tiny-data.json")
        )
    tiny.exercise(tmp_path / "ex")
    done = hardwired(
        "grade",
        "tiny",
        tmp_path / "in",
        "--exercises",
        tmp_path / "ex",
        "--roster",
        tmp_path / "r.csv",
        "--out",
        tmp_path / "g",
    )
    rows = {
        line.split(",")[0]: line.split(",")
        for line in (tmp_path / "g/marks.csv").read_text().splitlines()
    }

    assert done.returncode == 0, done.stderr
    assert rows["ann"][8] == "6"
    assert float(rows["bo"][8]) < 6


# --- leaks


def secrets(exercise: Exercise) -> list[str]:
    """All that must not be published."""
    return sorted(set(strip.solution_lines(exercise)))


@pytest.mark.parametrize("source", ["bench", "tiny"])
def test_no_solution_and_no_expected_value_is_given_out(
    source: str, bench: Exercise, zygote: Engine, tmp_path: Path
) -> None:
    """Release by roster and without: notebooks, data, sheets, zips and the wheel in them."""
    exercise = bench if source == "bench" else tiny.exercise()
    (tmp_path / "r.csv").write_text("student_id\nann\n")
    people, key = roster.read(tmp_path / "r.csv"), make_key(tmp_path / "k")
    release.release(exercise, tmp_path / "a", roster=people, key=key, engine=zygote, limits=SHORT)
    release.release(exercise, tmp_path / "b", nbgrader=True)
    solved = reference.references(
        exercise, [secret_seed(key, exercise.slug, "ann")], zygote, SHORT
    )[0]
    values = [repr(v["v"]) for v in solved["answers"].values() if v["t"] == "float"]

    assert len(values) >= 1
    assert (
        leaks.find_leaks(
            [tmp_path / name for name in ("a/public", "a/students", "b/public")],
            [*secrets(exercise), *values],
        )
        == []
    )
    assert leaks.find_leaks([tmp_path / "a/instructor"], secrets(exercise)) != []


def test_no_expected_value_stands_in_a_report(zygote: Engine, tmp_path: Path) -> None:
    """A wrong answer's report does not hold the right one, unless the instructor asks."""
    tiny.exercise(tmp_path / "ex")
    tiny.write(tmp_path / "in/s1/tiny.ipynb", tiny.filled("s1", "total = 1.0\nproduct = 1"))
    common = ["tiny", "--exercises", tmp_path / "ex", "--out", tmp_path / "g"]
    hardwired("grade", "tiny", tmp_path / "in", *common[1:])
    from hardwired.course.variants import public_seed

    expected = reference.references(tiny.exercise(), [public_seed("tiny", "s1")], zygote, SHORT)[0][
        "answers"
    ]["total"]["v"]
    hardwired("report", *common)
    silent = leaks.find_leaks([tmp_path / "g/reports"], [repr(expected)])
    hardwired("report", *common, "--show-expected")

    assert silent == []
    assert leaks.find_leaks([tmp_path / "g/reports/students"], [repr(expected)]) != []


LINE = 'carer = days.loc[days["group"] == "carer", "days"]'


def plant(form: str, folder: Path) -> Path:
    """Give a file of that form with a leaked line in it."""
    path = folder / f"leak.{form}"
    if form == "pdf":
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 2))
        figure.text(0.05, 0.5, LINE, family="monospace")
        figure.savefig(path)
    elif form in ("zip", "whl", "epub"):
        import html

        with zipfile.ZipFile(path, "w") as inner:
            inner.writestr("x/page.xhtml", f"<p>{html.escape(LINE)}</p>")
    elif form == "ipynb":
        path.write_text(
            json.dumps({"cells": [{"cell_type": "code", "source": [LINE[:20], LINE[20:]]}]})
        )
    elif form == "html":
        import html

        path.write_text(
            f"<pre><span>{html.escape(LINE[:9])}</span><b>{html.escape(LINE[9:])}</b></pre>"
        )
    elif form == "js":
        path.write_text(f"Search.setIndex({json.dumps({'docs': [LINE]})})")
    else:
        path.write_text(f"text before\n    {LINE}\n")
    return path


@pytest.mark.parametrize("form", ["pdf", "zip", "whl", "epub", "ipynb", "html", "js", "md", "txt"])
def test_a_planted_leak_is_found_in_every_format(
    form: str, bench: Exercise, tmp_path: Path
) -> None:
    """Text of PDF, archives, notebooks, pages, index and sources; and nothing without it."""
    plant(form, tmp_path)
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(tmp_path / f"leak.{form}", f"deep/leak.{form}")
    found = leaks.find_leaks([tmp_path], secrets(bench))

    assert {(Path(place.split("!")[0].split(" (")[0]).name, secret) for place, secret in found} == {
        (f"leak.{form}", LINE),
        ("outer.zip", LINE),
    }
    assert leaks.find_leaks([tmp_path], ["a line that stands nowhere at all"]) == []


def test_a_leak_is_found_as_typesetting_leaves_it(bench: Exercise, tmp_path: Path) -> None:
    """Hyphenated in a narrow column of our typesetter; with curly quotes and ligatures."""
    import typst

    criterion = "Names who was studied and how they were chosen"
    page = '#set page(width: 4cm, height: auto, margin: 5mm)\n#set text(lang: "en")\n'
    page += f"#set par(justify: true)\n#set text(hyphenate: true)\n{criterion}."
    (tmp_path / "narrow.typ").write_text(page)
    typst.compile(str(tmp_path / "narrow.typ"), output=str(tmp_path / "narrow.pdf"))
    curly = LINE.replace('"carer"', "\u201ccarer\u201d").replace("-", "\u2013")
    (tmp_path / "curly.xhtml").write_text(f"<p>{curly}</p>")
    (tmp_path / "ligature.md").write_text("Draws a conclusion that the numbers bear, \ufb01rst")
    found = leaks.find_leaks(
        [tmp_path / name for name in ("narrow.pdf", "curly.xhtml", "ligature.md")],
        [*secrets(bench), "that the numbers bear, first"],
    )

    assert {(Path(place).name, secret) for place, secret in found} == {
        ("narrow.pdf", criterion),
        ("curly.xhtml", LINE),
        ("ligature.md", "Draws a conclusion that the numbers bear"),
        ("ligature.md", "that the numbers bear, first"),
    }


@pytest.mark.needs("book")
def test_what_is_published_is_found_in_every_format_of_the_book() -> None:
    """Plain sentences of each chapter are seen in pages, PDF, EPUB and archive."""
    import re

    plain = re.compile(r"[A-Z][A-Za-z ,;']{70,}\.")
    chapters = sorted((HERE.parents[1] / "book" / "chapters").glob("*.md"))
    published = {
        "page": [BOOK / "html" / "chapters"],
        "pdf": [BOOK / "pdf" / "hardwired.pdf"],
        "epub": [BOOK / "epub" / "hardwired.epub"],
        "archive": [BOOK / "hardwired-offline.zip"],
    }

    assert chapters
    known = []
    for chapter in chapters:
        lines = chapter.read_text(encoding="utf-8").splitlines()
        sentences = [line for line in lines if plain.fullmatch(line)]
        assert sentences, chapter
        known += sentences[:2]
    for form, paths in published.items():
        seen = {secret for _, secret in leaks.find_leaks(paths, known)}
        assert seen == set(known), form


@pytest.mark.needs("book")
def test_no_solution_stands_in_the_built_book() -> None:
    """Every published file, PDF, EPUB and zips included, against every exercise there is."""
    from hardwired.course.authoring.exercise import read

    sources = sorted((HERE.parents[1] / "exercises").glob("*/exercise.md"))
    published = [
        BOOK / "html",
        *sorted((BOOK / "pdf").glob("*.pdf")),
        *sorted((BOOK / "epub").glob("*.epub")),
        *sorted(BOOK.glob("*.zip")),
    ]

    # A line that an author has put into a chapter for all to read is no secret of its exercise.
    taught = {
        line.strip()
        for page in (HERE.parents[1] / "book").rglob("*.md")
        for line in page.read_text(encoding="utf-8").splitlines()
    }

    assert sources
    assert (BOOK / "html" / "index.html").is_file()
    hidden = []
    for source in sources:
        own = [secret for secret in secrets(read(source)) if secret not in taught]
        assert len(own) > 20
        hidden += own
    assert leaks.find_leaks(published, hidden) == []
