"""What README, CONTRIBUTING, the instructor's guide and ``make help`` tell people to type is run.

The commands are taken from the text where they stand, in their order. A command that is new there
fails until it has its place here, and one that has gone from the text fails too.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.ring("all")

PAGES = ("README.md", "CONTRIBUTING.md", "book/front/instructors.md", "book/front/reading.md")
STARTS = (
    "make ",
    "hardwired ",
    "python ",
    "git ",
    "rm ",
    "cp ",
    "echo ",
    "touch ",
    "rsync ",
    "ssh ",
)
QUIET = {
    # Where a command is run, if not by a test of this file.
    "make links": "asks every host that the book names; a person runs it before an edition",
    "make clean": "takes away what the other tests look at; below, on a folder of its own",
    "make serve": "below, until its first page",
    "make lock": "below, into a folder of its own",
    "make pdf": "below, on all papers",
    "make bench": "below, in its quick form",
    "hardwired desk": "stays open; tests/course tries its pages",
}
AT_START = dict(os.environ)  # whatever another test of this run has left behind
PAGES_BRANCH = "/tmp/pages"
PUBLISHING = re.compile(rf"{PAGES_BRANCH}|^(?:rsync|ssh) |python -m tests\.course\.published")
ROSTER = """Student,ID,SIS User ID,SIS Login ID,Section,Wounds (1)
    Points Possible,,,,,40
"Kowalska, Zofia",11,s1234567,s1234567,A,
"Tan, Wei",12,s7654321,s7654321,A,
"""


def commands(page: str) -> list[str]:
    """Give the commands of a page, in order: lines of plain blocks, and code within sentences."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = []
    fences = r"^```([^\n]*)\n(.*?)^```|`([^`\n]+)`"
    for match in re.finditer(fences, text, re.MULTILINE | re.DOTALL):
        language, block, inline = match.groups()
        lines = block.splitlines() if block and language in ("", "sh", "bash") else [inline or ""]
        found += [line.strip() for line in lines if line.strip().startswith(STARTS)]
    return found


def advertised() -> Iterator[tuple[str, str]]:
    """Give each command once, with the page where it stands first."""
    seen = set()
    helped = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    listed = [f"make {line.split()[0]}" for line in helped.splitlines() if line]
    for page, found in [*((page, commands(page)) for page in PAGES), ("make help", listed)]:
        for command in found:
            if command not in seen:
                seen.add(command)
                yield page, command


ALL = list(advertised())
MAKES = sorted({c for _, c in ALL if c.startswith("make ")})
COURSE = [c for page, c in ALL if page == PAGES[2] and c.startswith(("hardwired ", "python "))]


def run(command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person types it."""
    return subprocess.run(
        command, shell=True, executable="/bin/bash", cwd=cwd, capture_output=True, text=True,
        env={**AT_START, "HARDWIRED_MAKE": "", **environment}, timeout=1800,
    )  # fmt: skip


def made(command: str) -> str:
    """Run a make of the repository, which must end well; return what it said."""
    done = run(command, ROOT, HARDWIRED_MAKE="yes", PYTEST_ADDOPTS="")
    assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout + done.stderr


def test_every_advertised_command_has_its_place_here() -> None:
    """Make targets, the course's commands, and recipes for publishing, which need another host."""
    homeless = [
        (page, command)
        for page, command in ALL
        if command not in MAKES and command not in COURSE and not PUBLISHING.search(command)
        and command not in QUIET and not command.startswith(("hardwired ", "python -m pip"))
        and not command.startswith("python -m hardwired.")
    ]  # fmt: skip

    assert homeless == []
    assert {"make book", "make test", "make forward"} <= set(MAKES)
    assert len(COURSE) >= 8


@pytest.mark.needs("book", "network")
@pytest.mark.parametrize("command", [command for command in MAKES if command not in QUIET])
def test_a_make_that_is_advertised_ends_well(command: str) -> None:
    """Rings of tests are only collected here: this test is in one of them."""
    target = command.split()[1]
    rings = ("check", "test", "test-all", "measure")
    said = made(command + (" PYTEST_ARGS=--collect-only" if target in rings else ""))

    if target in rings:
        assert len(re.findall(r"^tests/", said, re.MULTILINE)) > 3
    if target == "forward":
        assert "built with Sphinx 9" in said


@pytest.mark.needs("book")
@pytest.mark.parametrize("paper", ["a4", "letter", "book", "screen"])
def test_the_book_is_typeset_on_every_paper(paper: str) -> None:
    """The real book, as `make help` says it."""
    made(f"make pdf PAPER={paper}")

    name = "hardwired.pdf" if paper == "a4" else f"hardwired-{paper}.pdf"
    assert (ROOT / "book/_build/pdf" / name).stat().st_size > 1_000_000


@pytest.mark.needs("book")
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_each_chapter_gives_a_handout(paper: str) -> None:
    """`make pdf CHAPTER=...` for every chapter, on two papers."""
    chapters = sorted(path.stem for path in (ROOT / "book/chapters").glob("*.md"))
    for chapter in chapters:
        made(f"make pdf CHAPTER={chapter} PAPER={paper}")

    assert len(chapters) == 8


@pytest.mark.needs("book", "browser", "namespaces")
def test_the_benches_run_in_their_quick_form() -> None:
    """Each bench measures something and says it."""
    said = made("make bench QUICK=yes")

    for name in ("models", "pdf", "papers", "grading", "desk", "live", "pages"):
        assert f"== {name}" in said


@pytest.mark.needs("book")
def test_the_pages_are_served_where_make_help_says() -> None:
    """http://localhost:8000 answers with the book, on this machine only."""
    server = subprocess.Popen(
        ["make", "serve"], cwd=ROOT, env={**AT_START, "HARDWIRED_MAKE": "yes"},
        start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen("http://localhost:8000/index.html") as answer:
                    page = answer.read().decode()
                break
            except urllib.error.URLError:
                time.sleep(0.2)
        assert "<title>" in page
        assert "Hardwired" in page
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


@pytest.mark.needs("network")
def test_the_locks_are_those_of_the_pyproject(tmp_path: Path) -> None:
    """`make lock`, written elsewhere, changes nothing: what holds stays pinned."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    for path in locks:
        shutil.copy(path, tmp_path)
    made(f"make lock LOCKS='{tmp_path}'")

    assert len(locks) == 6
    for path in locks:
        assert (tmp_path / path.name).read_text() == path.read_text(), path.name


@pytest.mark.needs("book")
def test_two_editions_are_published_on_a_branch_of_their_own(tmp_path: Path) -> None:
    """The recipe of CONTRIBUTING, line by line; a bare repository is the remote."""
    named = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    publisher = dict.fromkeys(named, "publisher@example.org")
    clone, remote, folder = (tmp_path / name for name in ("clone", "remote.git", "pages"))
    recipe = [c for c in commands("CONTRIBUTING.md") if PAGES_BRANCH in c]
    make_branch, find_branch, publish = recipe[:2], recipe[2], recipe[3:]
    steps = [
        f"git init -q --bare '{remote}'",
        f"git init -q && git remote add origin '{remote}'",
        f"mkdir book && ln -s '{ROOT / 'book/_build'}' book/_build && touch README.md",
        "git add README.md && git commit -qm Sources",
        *make_branch,
        *publish,
        f"rm -rf {PAGES_BRANCH}",
        find_branch,
        *(step.replace("0.1", "0.2") for step in publish),
    ]
    clone.mkdir()
    for step in steps:
        done = run(step.replace(PAGES_BRANCH, f"'{folder}'"), clone, **publisher)
        assert done.returncode == 0, f"{step}: {done.stderr}"

    listed = run("git ls-tree -r --name-only gh-pages", remote).stdout.splitlines()
    pages = [path for path in (ROOT / "book/_build/html").rglob("*") if path.is_file()]
    assert {".nojekyll", "404.html", "index.html", "current/index.html"} <= set(listed)
    for edition in ("0.1/", "0.2/"):
        assert sum(name.startswith(edition) for name in listed) == len(pages)


def test_clean_takes_away_what_was_built(tmp_path: Path) -> None:
    """`make clean`, on a folder of its own."""
    (tmp_path / "built/html").mkdir(parents=True)
    made(f"make clean BUILD='{tmp_path}/built'")

    assert not (tmp_path / "built").exists()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an instructor's folder of sources with a roster, and an environment of its own."""
    folder = tmp_path_factory.mktemp("an instructor") / "sources"
    for name in ("src", "exercises"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    guide = (ROOT / "book/front/instructors.md").read_text(encoding="utf-8")
    rules = re.search(r"^```yaml\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    assert rules is not None
    (folder / "course.yml").write_text(rules[1], encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "env")], check=True)
    return folder


def hand_in(folder: Path) -> None:
    """Hand in the notebooks that `release` has made, with the students' identifiers."""
    with zipfile.ZipFile(folder / "submissions.zip", "w") as archive:
        for path in sorted((folder / "week5/students").glob("*/*.ipynb")):
            text = path.read_text(encoding="utf-8")
            named = text.replace('STUDENT = \\"\\"', f'STUDENT = \\"{path.parent.name}\\"')
            archive.writestr(f"{path.parent.name}/05-wounds.ipynb", named)


@pytest.mark.needs("network", "namespaces")
def test_the_guides_commands_run_as_they_are_printed(course: Path) -> None:
    """From an installation to the erasure of a student; a sheet and nothing else is filled in."""
    path = f"{course / 'env/bin'}{os.pathsep}{os.environ['PATH']}"
    ran = []
    for command in COURSE:
        if "desk" in command or "[course,wasm]" in command or command.endswith("--help"):
            continue
        if " grade 05-wounds submissions.zip" in command:
            hand_in(course)
        if "SHEET.csv" in command:
            sheets = sorted((course / "marks/marking").glob("*.csv"))
            assert sheets, "grade has written no sheet"
            command = command.replace("SHEET.csv", str(sheets[0].relative_to(course)))
        done = run(command, course, PATH=path, PYTHONPATH="")

        assert done.returncode in (0, 1), f"{command}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, f"{command}: {done.stderr}"
        if done.returncode == 1:
            assert done.stdout + done.stderr, f"{command} ends with 1 and says nothing"
        ran.append(command.split()[1])

    assert {"validate", "release", "grade", "report", "export", "quiz"} <= set(ran)
    assert (course / "marks/marks.csv").is_file()
    assert "s1234567" not in (course / "marks/marks.csv").read_text(encoding="utf-8")
