"""After each attack the next submission has the marks of an undisturbed run, byte for byte.

In one run of one worker an attack and an honest notebook take turns, on every engine; whoever
follows an attack is graded by what the attack left. A fixed sample of each kind, and all of them
under ``make measure``. What the attack itself gets is held elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from hardwired.course.engines.base import Engine, Limits
from tests.conftest import count
from tests.course import attacks, hostile, tiny
from tests.course.graded import grade

pytestmark = [
    pytest.mark.needs("namespaces"),
    pytest.mark.ring("all"),
    pytest.mark.sampled,
]

QUICK = Limits(cell_s=0.5, grace_s=1.0, patience=4.0, wall_s=30, cpu_s=12)
WORDS = {
    "secret_file": "/root/gradebook.sqlite",
    "canary": "/root/canary",
    "socket_file": "/root/socket",
    "abstract": "hardwired-nobody",
    "port": 9,
    "expected": 42.125,
}


def kinds() -> dict[str, list[str]]:
    """Give the cells of each kind of attack."""
    return {
        "reach": [a.code.format(**WORDS) for a in attacks.ATTACKS],
        "leave": [a.code for a, _ in attacks.PERSISTENCE],
        "stay": [code for _, code in attacks.STOPPED],
        "pretend": [code.format() for _, code, _ in attacks.INTEGRITY],
        "forge": [hostile.forging(line) for line in hostile.LINES.values()],
        "encode": list(hostile.CELLS.values()),
    }


def spread(cells: list[str], number: int) -> Iterator[str]:
    """Give so many of them, from the first to the last at equal steps."""
    number = min(number, len(cells))
    yield from (cells[(2 * k + 1) * len(cells) // (2 * number)] for k in range(number))


def marks(out: Path, honest: Iterable[str]) -> dict[str, str]:
    """Give the lines of the table of those named."""
    lines = (out / "marks.csv").read_text(encoding="utf-8").splitlines()[1:]
    found = {line.partition(",")[0]: line for line in lines}
    return {name: found[name] for name in honest}


def hand_in(folder: Path, student: str, code: str = "") -> None:
    """Hand a notebook in, at the same time on every run."""
    path = tiny.write(folder / student / "tiny.ipynb", tiny.filled(student, code))
    os.utime(path, (10**9, 10**9))


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("zygote", 3),
        ("plain_fresh", 1),
        # Every fifth of test_attacks is its sample: here it would take a minute.
        pytest.param("wasm", 1, marks=pytest.mark.ring("measure")),
    ],
)
def test_who_follows_an_attack_has_the_marks_of_an_undisturbed_run(
    name: str, sample: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Of each kind, on each engine."""
    engine: Engine = request.getfixturevalue(name)
    number = count(max(map(len, kinds().values())), sample)
    chosen = [code for cells in kinds().values() for code in spread(cells, number)]
    honest = [f"{n:03d}-next" for n in range(len(chosen))]
    for n, code in enumerate(chosen):
        hand_in(tmp_path / "both", f"{n:03d}-eve", code)
        hand_in(tmp_path / "both", honest[n])
        hand_in(tmp_path / "alone", honest[n])
    print(f"attacks: {len(chosen)} on {engine.name}")
    for top in ("alone", "both"):
        grade(tiny.exercise(), tmp_path / top, tmp_path / f"{top}-out", engine, limits=QUICK)
    table = marks(tmp_path / "both-out", honest)

    assert table == marks(tmp_path / "alone-out", honest)
    assert all(",graded," in line for line in table.values())
