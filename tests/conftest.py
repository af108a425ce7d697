"""What all tests share: where things are, the rings, and what a poor machine may lack.

Rings, from the inner to the outer one; ``--ring`` chooses, and each holds those before it:

- ``check``: no book, no sandbox, no server, no browser (tests without needs);
- ``test``: the README's (all but those marked ``ring("all")`` and ``ring("measure")``);
- ``all``: what CI runs;
- ``measure``: only what is marked ``sampled``, in full, and ``ring("measure")``: what takes long.

``--beyond check`` leaves out the rings up to that one: CI has just run them on the same machine.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count as count_up
from pathlib import Path
from typing import Any

import pytest

from tests import engines, needs
from tests.engines import CHROMIUM_ARGUMENTS

ROOT = needs.ROOT
RINGS = ("check", "test", "all", "measure")
REASON = "need: "
# The longest module starts first, and while it makes the book's files again others are tested.
FIRST = ("tests/book/test_advertised.py", "tests/course/", "tests/models/", "tests/live/")
LAST = ("tests/press/", "tests/book/")
BUILDS = {"sink", "build_sink", "small_book"}  # fixtures that build a sample book


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller choose the ring."""
    parser.addoption("--ring", choices=RINGS, default="test", help="which tests: see conftest")
    parser.addoption("--beyond", choices=RINGS, help="without this ring and those before it")


def pytest_configure(config: pytest.Config) -> None:
    """Tell the whole run, its workers and its commands which ring it is."""
    os.environ["HARDWIRED_RING"] = config.getoption("--ring")


def count(full: int, sample: int) -> int:
    """How many to try: a fixed sample, or all of them under ``make measure``; printed."""
    number = full if os.environ.get("HARDWIRED_RING") == "measure" else sample
    print(f"count: {number} of {full}")
    return number


def needs_of(item: pytest.Item) -> set[str]:
    """Return the names of a test's needs, declared or by its fixtures."""
    declared = {str(name) for mark in item.iter_markers("needs") for name in mark.args}
    if unknown := declared - needs.NEEDS.keys():
        raise pytest.UsageError(f"{item.nodeid}: no need is called {min(unknown)!r}")
    if item.get_closest_marker("browser"):
        declared.add("browser")
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return declared | {needs.OF_FIXTURES[name] for name in fixtures if name in needs.OF_FIXTURES}


def ring_of(item: pytest.Item) -> str:
    """Return the innermost ring that runs a test."""
    if mark := item.get_closest_marker("ring"):
        return str(mark.args[0])
    return "test" if needs_of(item) or BUILDS & set(getattr(item, "fixturenames", ())) else "check"


def chosen(of: str, ring: str, beyond: str | None, *, sampled: bool) -> bool:
    """Whether a run of `ring`, beyond another, holds a test of the ring `of`."""
    if ring == "measure":
        return sampled or of == "measure"
    first = RINGS.index(beyond) + 1 if beyond else 0
    return first <= RINGS.index(of) <= RINGS.index(ring)


def _place(item: pytest.Item) -> tuple[int, int]:
    def of(names: tuple[str, ...]) -> int:
        found = [place for place, name in enumerate(names) if item.nodeid.startswith(name)]
        return found[0] if found else len(names)

    first = of(FIRST)
    return first, len(LAST) - of(LAST) if first == len(FIRST) else 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the ring, in the order in which two workers end together."""
    items.sort(key=_place)
    wanted = config.getoption("--ring"), config.getoption("--beyond")
    kept, dropped = [], []
    for item in items:
        sampled = item.get_closest_marker("sampled") is not None
        (kept if chosen(ring_of(item), *wanted, sampled=sampled) else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave a test out for want of something on this machine; in CI that is a failure."""
    for name in sorted(needs_of(item)):
        if not needs.is_there(name):
            if needs.IN_CI:
                need = needs.NEEDS[name]
                pytest.fail(f"CI must have it: {need.lacks} ({need.get})", pytrace=False)
            pytest.skip(f"{REASON}{name}")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was left out, how much of it, and the way to get it."""
    left_out: dict[str, int] = defaultdict(int)
    for report in terminalreporter.stats.get("skipped", []):
        left_out[report.longrepr[2].removeprefix("Skipped: ").removeprefix(REASON)] += 1
    for name, number in sorted(left_out.items()):
        need = needs.NEEDS.get(name)
        said = f"{need.lacks} (need {name!r}: {need.get})" if need else name
        terminalreporter.write_line(f"left out {number} tests: {said}")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def html() -> Path:
    """Return the folder of the built pages."""
    return ROOT / "book/_build/html"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium."""
    return str(needs.browser_path())


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """Return Playwright, of which a process has only one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        yield play


@pytest.fixture(scope="session")
def browser(chromium: str, playwright: Any) -> Iterator[Any]:
    """Return a headless browser for the whole session."""
    running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
    yield running
    running.close()


@pytest.fixture
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that starts Chromium, Firefox or WebKit: see `tests.engines.started`."""
    homes = (tmp_path / f"home{n}" for n in count_up())
    return lambda engine, **asked: engines.started(
        engine, next(homes), lambda: request.getfixturevalue("playwright"), **asked
    )
