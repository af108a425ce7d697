"""What all tests share: where things are, and what may be left out on a poor machine."""

import os
import shutil
from pathlib import Path

import pytest
from sphinx.config import Config

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def leave_out(reason: str) -> None:
    """Leave a test out for want of something on this machine; in CI that is a failure."""
    if IN_CI:
        pytest.fail(f"in CI nothing may be left out: {reason}")
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def source_suffixes_as_sphinx_ships_them():
    """Undo what a Sphinx application writes into the default that all later ones share."""
    yield
    suffixes = Config.config_values["source_suffix"].default
    suffixes.clear()
    suffixes[".rst"] = "restructuredtext"


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def html() -> Path:
    """Return the folder of the built pages; `make test` has built it."""
    folder = ROOT / "book/_build/html"
    assert (folder / "index.html").exists(), "the book is not built: run `make book` first"
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        path = shutil.which(name)
        if path:
            return path
    leave_out("no Chromium on this machine (Debian: apt install chromium)")
    raise AssertionError  # not reached


@pytest.fixture(scope="session")
def browser(chromium):
    """Return a headless browser for the whole session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield running
        running.close()


def pytest_terminal_summary(terminalreporter) -> None:
    """Say what was left out, and why, in words."""
    left_out = terminalreporter.stats.get("skipped", [])
    if left_out:
        reasons = {report.longrepr[2] for report in left_out}
        terminalreporter.write_line(f"left out {len(left_out)} tests:")
        for reason in sorted(reasons):
            terminalreporter.write_line(f"  {reason.removeprefix('Skipped: ')}")
