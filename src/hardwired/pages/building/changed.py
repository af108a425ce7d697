"""When each page was last changed: from git or, where there is no history, from a committed file.

``python -m hardwired.pages.building.changed book`` writes the file, ``book/changed.yml``, from git.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import yaml

__all__ = ["FILE", "dates", "from_git"]

FILE = "changed.yml"
HEAD = """\
# When each page was last changed; used where git has no history.
# To renew it: python -m hardwired.pages.building.changed book
"""


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout


def from_git(book: Path) -> dict[str, date]:
    """Return the day of the last commit of each page, by its name without suffix.

    Empty where there is no git, no repository, or a shallow one, whose dates would be wrong.
    """
    if _git(book, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    found: dict[str, date] = {}
    day = date.min
    log = _git(book, "log", "--format=@%as", "--name-only", "--relative", "--", ".")
    for line in log.splitlines():
        if line.startswith("@"):
            day = date.fromisoformat(line[1:])
        elif line.endswith(".md"):
            name = line.removesuffix(".md")
            found[name] = max(day, found.get(name, day))
    return {name: day for name, day in sorted(found.items()) if (book / f"{name}.md").is_file()}


def dates(book: Path) -> dict[str, date]:
    """Return the day of the last change of each page, from git or else from the committed file."""
    if found := from_git(book):
        return found
    file = book / FILE
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}


def main(book: Path) -> None:
    """Write the committed file from git."""
    lines = [f"{name}: {day.isoformat()}\n" for name, day in from_git(book).items()]
    (book / FILE).write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
