"""The lines above and below a chapter, and where their date comes from."""

import subprocess
from datetime import date

import pytest

from hardwired.pages.building import changed
from hardwired.pages.web import reading


@pytest.fixture
def book(tmp_path):
    """Return a book under git whose two pages were changed on different days."""

    def git(*arguments, day=""):
        env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
        env |= {
            f"GIT_{who}_{what}": "x"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        env |= {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": "2031-01-01T12:00:00Z"}
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, env=env)

    folder = tmp_path / "book"
    (folder / "chapters").mkdir(parents=True)
    git("init", "-q")
    for day, texts in (
        ("2026-01-02", {"one": "a", "two": "a", "gone": "a"}),
        ("2026-03-04", {"one": "b"}),
    ):
        for name, text in texts.items():
            (folder / f"chapters/{name}.md").write_text(text, encoding="utf-8")
        git("add", "-A")
        git("commit", "-q", "-m", "change", day=day)
    (folder / "chapters/gone.md").unlink()
    return folder


def test_the_day_is_that_of_the_last_change_of_the_page_itself(book):
    """As its author dated it; a page that is gone has none."""
    assert changed.dates(book) == {
        "chapters/one": date(2026, 3, 4),
        "chapters/two": date(2026, 1, 2),
    }


def test_without_history_the_committed_file_speaks(book, tmp_path):
    """Written from git once, read where there is none: the same days."""
    changed.main(book)
    known = changed.dates(book)
    (tmp_path / ".git").rename(tmp_path / "elsewhere")

    assert changed.from_git(book) == {}
    assert changed.dates(book) == known


def test_a_shallow_history_is_not_believed(book, tmp_path):
    """Its oldest commit would date every page."""
    clone = tmp_path / "clone"
    source = f"file://{tmp_path}"
    subprocess.run(["git", "clone", "-q", "--depth", "1", source, str(clone)], check=True)

    assert changed.from_git(clone / "book") == {}


def test_with_neither_there_is_no_date(tmp_path):
    """And no error."""
    assert changed.dates(tmp_path) == {}


def test_the_committed_file_names_pages_that_are_there(root):
    """With a day each; a page that is not named yet has no date without git."""
    book = root / "book"
    pages = [
        path.relative_to(book).with_suffix("").as_posix()
        for path in book.rglob("*.md")
        if "_build" not in path.parts
    ]
    named = changed.yaml.safe_load((book / changed.FILE).read_text(encoding="utf-8"))

    assert set(named) <= set(pages)
    assert all(isinstance(day, date) for day in named.values())


@pytest.mark.parametrize(("words", "expected"), [(0, 5), (700, 5), (1600, 10), (7000, 35)])
def test_reading_time_goes_in_steps_of_five_minutes(words, expected):
    """At two hundred words a minute; nobody knows it better than that."""
    assert reading.minutes(words) == expected


def test_days_are_spelled_as_the_british_do():
    """No zero before the day."""
    assert reading.spelled(date(2026, 3, 4)) == "4 March 2026"
