"""A zygote that dies in the midst of a cell costs nobody an answer, or a person is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hardwired.course import session, submissions
from hardwired.course.engines import probe
from hardwired.course.engines.base import Job, Limits, run
from hardwired.course.engines.protocol import Conversation
from hardwired.course.engines.zygote import TRIES, ZygoteEngine
from hardwired.course.gradebook import Gradebook
from hardwired.course.partial import WAITS
from tests.course import tiny
from tests.course.graded import Kept

pytestmark = pytest.mark.needs("namespaces")

# Long enough on a busy machine: no limit of time has a part in these tests.
PATIENT = Limits(cell_s=60, wall_s=240)
EMPTY: dict[str, Any] = {"t": "dict", "v": []}
Kill = Callable[[int, int], list[int]]


@pytest.fixture
def engine() -> Iterator[ZygoteEngine]:
    """Give an engine of the test's own."""
    with probe.make("bubblewrap-zygote", PATIENT) as made:
        assert isinstance(made, ZygoteEngine)
        yield made


@pytest.fixture
def kill(engine: ZygoteEngine, monkeypatch: pytest.MonkeyPatch) -> Kill:
    """Give what kills the zygote whenever a guest says that it is at a cell, so many times.

    The guest says so just before the cell runs, and these cells take a second: it is at work. Who
    hears the word does the killing, before anything more is heard; returned are the zygotes killed.
    """
    struck: list[int] = []
    heard = Conversation.take

    def arm(at: int, times: int) -> list[int]:
        def take(talk: Conversation, line: bytes) -> None:
            heard(talk, line)
            if line == b'{"at": %d}' % at and len(struck) < times:
                assert engine.process is not None
                struck.append(engine.process.pid)
                os.kill(engine.process.pid, signal.SIGKILL)

        monkeypatch.setattr(Conversation, "take", take)
        return struck

    return arm


def test_a_submission_runs_again_whole(engine: ZygoteEngine, kill: Kill) -> None:
    """Killed in the midst of its second cell, it has all its answers, and no cell was left out."""
    struck = kill(1, TRIES - 1)
    cells = ((0, "x = 20"), (1, "import time\ntime.sleep(1)\nx += 1"), (2, "x *= 2"))
    outcome = run(engine, Job(cells, ({"name": "x", "kind": "number"},), EMPTY), PATIENT)

    assert len(set(struck)) == TRIES - 1
    assert outcome.answers == {"x": {"t": "int", "v": 42}}
    assert outcome.dropped == ()


def test_a_submission_that_loses_every_zygote_waits_for_a_person(
    engine: ZygoteEngine, kill: Kill, tmp_path: Path
) -> None:
    """No points and no nought: it is named to a person, and the other one has its marks."""
    hit, other = tiny.filled("ann"), tiny.filled("zoe")
    number = len(hit["cells"])
    slow = {
        "cell_type": "code",
        "metadata": {},
        "id": "slow",
        "source": "import time\ntime.sleep(1)",
    }
    hit["cells"].append(slow)
    tiny.write(tmp_path / "in" / "ann" / "tiny.ipynb", hit)
    tiny.write(tmp_path / "in" / "zoe" / "tiny.ipynb", other)
    struck = kill(number, TRIES)
    handed = submissions.collect(tmp_path / "in", None)
    with Gradebook(tmp_path / "g.sqlite") as book:
        summary = session.grade_all(tiny.exercise(), handed, book, Kept(engine), PATIENT)
        found = {a.student: a for a in book.attempts("tiny")}
    marks = {
        name: [(m.points, m.rule == WAITS) for m in attempt.marks if m.question == "q1"]
        for name, attempt in found.items()
    }

    assert len(set(struck)) == TRIES
    assert found["ann"].status == "no result"
    assert marks == {"ann": [(0.0, True)] * 2, "zoe": [(3.0, False)] * 2}
    assert [s for s in summary.attention if "ann/tiny.ipynb" in s and "engine failed" in s]
    assert [s for s in summary.attention if "zoe" in s] == []
