"""A Gradescope autograder that runs this grader: the zip to upload, and what it does there.

In the container lie solution, roster and key; student code is run in a sandbox that sees none of
them, and not at all where no sandbox can be had. Tried was the documented layout of folders, not a
live course.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hardwired.course import roster, session, variants
from hardwired.course.authoring.exercise import Exercise, read
from hardwired.course.border.guard import Border
from hardwired.course.border.source import Source
from hardwired.course.border.text import line
from hardwired.course.engines.base import Limits
from hardwired.course.engines.probe import probe
from hardwired.course.errors import CourseError
from hardwired.course.export import gradescope_results
from hardwired.course.gradebook import Gradebook
from hardwired.course.policy import Policy
from hardwired.course.reference import modules_of
from hardwired.course.standing import standings
from hardwired.course.submissions import NO_NOTEBOOK, Handed, looked_at
from hardwired.course.wheel import build_wheel
from hardwired.house.files import pack, write_atomic

__all__ = ["autograder", "main", "results"]

LIMITS = Limits(cell_s=60.0, wall_s=600.0, cpu_s=360)  # containers are slow
SETUP = """#!/usr/bin/env bash
# Runs once, as root, when the container is made: an environment for the grader.
set -euo pipefail
apt-get update -qq || echo "the list of packages is not to be had; what is here must do"
apt-get install -y -qq bubblewrap || echo "bubblewrap is not to be had; WebAssembly will do"
pick() { for p in python3.13 python3.12 python3.11; do
  command -v "$p" >/dev/null && "$p" -c 'import ensurepip, venv' && echo "$p" && return; done; }
if [ -z "$(pick || true)" ]; then
  apt-get install -y -qq python3.11 python3.11-venv \\
  || apt-get install -y -qq python3 python3-venv || true
fi
python="$(pick || true)"
[ -n "$python" ] || { echo "Python 3.11, 3.12 or 3.13 is needed; choose a newer image"; exit 1; }
"$python" -m venv /autograder/venv
/autograder/venv/bin/python -m pip install -q "/autograder/source/WHEEL[course,wasm]"
"""
RUN = """#!/usr/bin/env bash
# Runs for each submission; without a sandbox it writes no result, and the course staff is told.
exec /autograder/venv/bin/python -m hardwired.course.gradescope /autograder
"""


def autograder(exercise: Exercise, people: roster.Roster | None, key: bytes | None) -> bytes:
    """Give the zip to upload; it holds the solution (and roster and key), so it is yours alone."""
    name, wheel = build_wheel()
    files = {
        "setup.sh": SETUP.replace("WHEEL", name).encode(),
        "run_autograder": RUN.encode(),
        f"exercises/{exercise.slug}/exercise.md": exercise.path.read_bytes(),
        name: wheel,
    }
    if people and key:
        files["roster.csv"] = people.path.read_bytes()
        files["roster.key"] = f"{key.hex()}\n".encode()
    return pack(files, programs=("setup.sh", "run_autograder"))


def results(top: Path, limits: Limits = LIMITS) -> dict[str, Any]:
    """Grade the one submission in a container's folders and give its ``results.json``.

    Raises
    ------
    CourseError
        If no sandbox is to be had, or the exercise itself fails: nothing is graded then.
    """
    source = top / "source"
    exercise = read(next(iter(sorted(source.glob("exercises/*/exercise.md"))), source))
    people = roster.read(source / "roster.csv") if (source / "roster.csv").is_file() else None
    key = variants.read_key(source / "roster.key") if people else None
    handed = _handed(exercise, top, people)
    if not handed.known:
        return {"score": 0, "output": f"{handed.name} is not on the roster; ask the staff."}
    engine, said = probe("auto", limits, modules_of(exercise))
    for reason in said:
        print(f"hardwired: not used: {reason}", file=sys.stderr)
    with (
        tempfile.TemporaryDirectory() as folder,
        Gradebook(Path(folder) / "gradebook.sqlite") as book,
    ):
        session.grade_all(exercise, [handed], book, engine, limits, key=key)
        (row,) = standings(exercise, book, None, Policy())
    return gradescope_results(row, so_far=True) | {"extra_data": {"engine": engine.name}}


def _handed(exercise: Exercise, top: Path, people: roster.Roster | None) -> Handed:
    try:
        said = json.loads((top / "submission_metadata.json").read_text(encoding="utf-8"))
        users = [user for user in said["users"] if isinstance(user, Mapping)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{top}/submission_metadata.json: does not say who handed in ({type(error).__name__});"
            " this program is for Gradescope's container"
        ) from None
    keys = [
        line(str(user[k])) for user in users for k in ("email", "sid", "id", "name") if user.get(k)
    ]
    told = [line(str(user[k])) for user in users for k in ("email", "sid", "id") if user.get(k)]
    found = people.find(*told) if people else None  # a name is what somebody calls themselves
    path = _notebook(exercise, top / "submission")
    handed = Handed(
        student=found.id if found else (keys or ["?"])[0],
        name=found.name if found else (keys or ["?"])[-1],
        known=found is not None or people is None,
        aliases=found.keys if found else tuple(map(variants.normalise, keys)),
        file=line(path.name) if path else "no notebook",
        digest=hashlib.sha256(b"").hexdigest(),
        handed_in=said.get("created_at") if isinstance(said.get("created_at"), str) else None,
        late=False,
        order=(0, ""),
        source=Source(os.fsencode(path or top)),
        newest=True,
        problem="" if path else NO_NOTEBOOK,
    )
    with Border(exercise) as border:
        return looked_at(handed, border)


def _notebook(exercise: Exercise, folder: Path) -> Path | None:
    """Give the notebook of the exercise's own name, else the first there is."""
    found = sorted(p for p in folder.rglob("*.ipynb") if p.is_file() and not p.is_symlink())
    own = [p for p in found if p.name == f"{exercise.slug}.ipynb"]
    return next(iter(own or found), None)


def main(arguments: Sequence[str]) -> int:
    """Write ``results/results.json`` below the folder given; 1 and no file if it cannot be."""
    top = Path(arguments[0])
    try:
        said = results(top)
    except CourseError as error:
        print(f"hardwired: nothing was graded: {' '.join(str(error).split())}")
        return 1
    write_atomic(top / "results" / "results.json", json.dumps(said, indent=1).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
