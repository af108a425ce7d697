"""The attack corpus, on every engine: nothing is read, reached, written, left behind or earned.

Where it is safe to show, an attack is shown to succeed once its defence is off; so the corpus
proves that it attacks, and each belt proves that it is needed.
"""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardwired.course.authoring.exercise import Answer
from hardwired.course.engines.base import Engine, Job, Outcome, run
from hardwired.course.engines.confine import BELTS
from hardwired.course.partial import mark
from tests.course.attacks import ATTACKS, DOORS, INTEGRITY, PERSISTENCE, STOPPED, Attack
from tests.course.conftest import SHORT

pytestmark = [pytest.mark.needs("namespaces"), pytest.mark.sampled]

EMPTY = {"t": "dict", "v": []}
EXPECTED = 42.125
ENGINES = ("zygote", "plain_fresh", "wasm")
QUESTION = Answer("q", "number", 1.0)
# Which attacks the slower engines take: every third, every fifth; all of them under `make measure`.
MEASURED = os.environ.get("HARDWIRED_RING") == "measure"
EVERY = dict.fromkeys(ENGINES, 1) if MEASURED else {"zygote": 1, "plain_fresh": 3, "wasm": 5}
FUNCTION = Answer("f", "function", 1.0, rel=1e-9)


@pytest.fixture(scope="module")
def world() -> Iterator[dict[str, object]]:
    """Secrets of this test on the host: a file, two sockets, a listener on loopback."""
    with tempfile.TemporaryDirectory(prefix="hardwired-attack-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "gradebook.sqlite").write_text("marks of everybody")
        name = f"hardwired-{folder.name}"
        tcp = socket.create_server(("127.0.0.1", 0))
        abstract, file = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        abstract.bind(f"\0{name}")
        file.bind(str(folder / "sock"))
        (folder / "sock").chmod(0o777)
        reached: list[str] = []
        for server in (tcp, abstract, file):
            server.listen(8)
            threading.Thread(target=_greet, args=(server, reached), daemon=True).start()
        yield {
            "secret_file": folder / "gradebook.sqlite",
            "canary": folder / "canary",
            "socket_file": folder / "sock",
            "abstract": name,
            "port": tcp.getsockname()[1],
            "expected": EXPECTED,
            "reached": reached,
        }
        for server in (tcp, abstract, file):
            server.close()


def _greet(server: socket.socket, reached: list[str]) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = server.accept()
            reached.append("reached")
            connection.sendall(b"hello")
            connection.close()


def _each(cases: list) -> list:
    """Pairs of case and engine; on the slower ones a sample; `make test` has one engine."""
    return [
        pytest.param(
            case,
            name,
            id=f"{getattr(_named(case), 'name', _named(case))}-{name}",
            marks=[] if name == "zygote" else [pytest.mark.ring("all")],
        )
        for number, case in enumerate(cases)
        for name in ENGINES
        if number % EVERY[name] == 0
    ]


def _named(case: object) -> object:
    return case[0] if isinstance(case, tuple) else case


def attack(engine: Engine, *cells: str, asks: tuple[str, ...] = ("loot",)) -> Outcome:
    """Run cells as a submission, the honest one of cell 0 first."""
    job = Job(
        tuple(enumerate(cells)),
        tuple({"name": name, "kind": "function" if name == "f" else "number"} for name in asks),
        EMPTY,
        inputs={"f": [{"t": "list", "v": [{"t": "float", "v": 3.5}]}]},
    )
    return run(engine, job, SHORT)


def got(outcome: Outcome, name: str = "loot") -> bool:
    """Whether the attack has its loot."""
    return outcome.answers.get(name, {"t": "missing"})["t"] not in ("missing", "none")


def honest(engine: Engine) -> None:
    """Give the next submission is untouched."""
    outcome = attack(engine, "q = 42 + 0.125", asks=("q",))

    assert outcome.answers == {"q": {"t": "float", "v": EXPECTED}}


@functools.lru_cache(maxsize=2)
def _without(belts: frozenset[str]) -> Engine:
    from hardwired.course.engines.zygote import ZygoteEngine

    return ZygoteEngine(SHORT, BELTS - belts)


def test_the_corpus_has_at_least_sixty_mechanisms() -> None:
    """Every entry has a name and a text of its own."""
    names = [a.name for a in ATTACKS] + [a.name for a, _ in PERSISTENCE]
    names += [name for name, *_ in STOPPED] + [name for name, *_ in INTEGRITY]
    codes = {a.code for a in ATTACKS}

    assert len(set(names)) == len(names) >= 60
    assert len(codes) == len(ATTACKS) >= 60


@pytest.mark.parametrize(("case", "engine_name"), _each(ATTACKS))
def test_an_attack_gets_nothing(
    case: Attack, engine_name: str, world: dict, request: pytest.FixtureRequest
) -> None:
    """No secret is read, nobody reached, nothing written outside."""
    engine = request.getfixturevalue(engine_name)
    outcome = attack(engine, case.code.format(**world))

    assert not got(outcome), outcome.answers
    assert world["reached"] == []
    assert not world["canary"].exists()


@pytest.mark.parametrize(
    "engine_name", ["zygote", pytest.param("plain_fresh", marks=pytest.mark.ring("all"))]
)
def test_no_further_door_of_the_kernel_opens(
    engine_name: str, request: pytest.FixtureRequest
) -> None:
    """The filter answers each call itself: EPERM, or ENOSYS as for one that does not exist."""
    engine = request.getfixturevalue(engine_name)
    code = (
        "import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\nopened = []\n"
        f"for name, number in {DOORS!r}.items():\n"
        "    done = libc.syscall(number, 0, 0, 0, 0, 0, 0)\n"
        "    if done >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):\n"
        "        opened.append(name)\nopened = ' '.join(opened)"
    )
    outcome = attack(engine, code, asks=("opened",))

    assert outcome.answers == {"opened": {"t": "str", "v": ""}}


@pytest.mark.parametrize(
    "case", sorted((a for a in ATTACKS if a.off), key=lambda a: sorted(a.off)), ids=lambda a: a.name
)
def test_an_attack_succeeds_without_its_belt(case: Attack, world: dict) -> None:
    """With the belt off the attack has its loot: the corpus attacks, and the belt is needed."""
    outcome = attack(_without(case.off), case.code.format(**world))
    world["reached"].clear()

    assert got(outcome), (outcome.ended, outcome.cells)


@pytest.mark.parametrize(("pair", "engine_name"), _each(PERSISTENCE))
def test_nothing_is_left_for_the_next(
    pair: tuple[Attack, str], engine_name: str, request: pytest.FixtureRequest
) -> None:
    """Neither files nor memory nor names pass from one submission to the next."""
    case, look = pair
    engine = request.getfixturevalue(engine_name)
    attack(engine, case.code)

    assert not got(attack(engine, look))


@pytest.mark.parametrize(
    ("case", "look"),
    [(c, look) for c, look in PERSISTENCE if c.off and "thread" not in c.name],
    ids=lambda x: getattr(x, "name", ""),
)
def test_something_is_left_without_its_belt(case: Attack, look: str) -> None:
    """With the belt off the next submission finds what was left."""
    engine = _without(case.off)
    attack(engine, case.code)

    assert got(attack(engine, look))


@pytest.mark.parametrize(("pair", "engine_name"), _each(STOPPED))
def test_a_submission_ends_within_its_limit(
    pair: tuple[str, str], engine_name: str, request: pytest.FixtureRequest
) -> None:
    """It is stopped, costs only its own cell, and the next submission is untouched."""
    _, code = pair
    engine = request.getfixturevalue(engine_name)
    outcome = attack(engine, "q = 42 + 0.125", code, "r = 1", asks=("q", "r"))

    assert outcome.answers["q"] == {"t": "float", "v": EXPECTED}
    assert outcome.answers["r"] == {"t": "int", "v": 1}
    assert outcome.usage.get("cpu_s", 0) <= SHORT.cpu_s + 6  # the kernel's own count
    honest(engine)


@pytest.mark.parametrize("engine_name", ENGINES)
def test_what_notebooks_show_is_passed_over(
    engine_name: str, request: pytest.FixtureRequest
) -> None:
    """Names that Jupyter gives are there and do nothing, so that no cell fails for showing."""
    engine = request.getfixturevalue(engine_name)
    code = (
        "display(1)\nfrom IPython.display import HTML, Markdown, display\nimport IPython\n"
        "display(Markdown('x'), HTML('<b>'))\nIPython.display.clear_output(wait=True)\n"
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "get_ipython().ast_node_interactivity = 'all'\nq = 42 + 0.125"
    )
    outcome = attack(engine, code, asks=("q",))

    assert [cell["error"] for cell in outcome.cells] == [""]
    assert outcome.answers == {"q": {"t": "float", "v": EXPECTED}}


@pytest.mark.parametrize("engine_name", ENGINES)
def test_many_submissions_may_warn(engine_name: str, request: pytest.FixtureRequest) -> None:
    """What goes to standard error is dropped: no pipe fills up, for oneself or for the next."""
    engine = request.getfixturevalue(engine_name)
    code = "import sys\nprint('x' * 70000, file=sys.stderr, flush=True)\nq = 42 + 0.125"
    for _ in range(3):
        outcome = attack(engine, code, asks=("q",))

        assert outcome.answers == {"q": {"t": "float", "v": EXPECTED}}
        assert [cell["status"] for cell in outcome.cells] == ["ok"]


@pytest.mark.parametrize(("triple", "engine_name"), _each(INTEGRITY))
def test_no_point_is_earned_dishonestly(
    triple: tuple[str, str, str], engine_name: str, request: pytest.FixtureRequest
) -> None:
    """Whatever the sandbox says, a wrong value earns nothing."""
    _, code, _ = triple
    engine = request.getfixturevalue(engine_name)
    outcome = attack(engine, code.format(), asks=("q", "f"))
    points = mark(QUESTION, {"t": "float", "v": EXPECTED}, outcome.answers.get("q"), {}).points
    squared = {"t": "tried", "v": [{"t": "float", "v": 12.25}]}

    assert points == 0
    assert mark(FUNCTION, squared, outcome.answers.get("f"), {}).points == 0
    honest(engine)


@pytest.mark.parametrize(
    ("name", "code", "naive"), [c for c in INTEGRITY if c[2]], ids=[c[0] for c in INTEGRITY if c[2]]
)
def test_a_grader_inside_the_process_would_be_taken_in(name: str, code: str, naive: str) -> None:
    """The same cell passes a test that runs beside it: the comparison outside is the defence."""
    program = f"import numpy as np, math, sys\n{code.format()}\nsys.exit(0 if {naive} else 1)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr.decode()[-300:]


@pytest.mark.parametrize("engine_name", ENGINES)
def test_hidden_inputs_come_after_the_cells(
    engine_name: str, request: pytest.FixtureRequest
) -> None:
    """An honest function is called on the hidden inputs, and its values come back."""
    engine = request.getfixturevalue(engine_name)
    outcome = attack(engine, "def f(x): return x * x", asks=("f",))

    assert outcome.answers["f"] == {"t": "tried", "v": [{"t": "float", "v": 12.25}]}
