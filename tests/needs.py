"""What a machine may lack: each need has a name, a question to the machine, and a way to get it.

A test declares its needs with ``@pytest.mark.needs("browser")``, or by asking for a fixture that
has one (`OF_FIXTURES`). Where a need is missing the test is left out, with a line at the end of
the run; with ``CI=true`` a missing need fails. There is no other way of leaving a test out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = [
    "IN_CI",
    "NEEDS",
    "OF_FIXTURES",
    "Need",
    "browser_path",
    "firefox_path",
    "is_there",
    "webkit_paths",
]

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


@dataclass(frozen=True)
class Need:
    """Something that no wheel brings.

    Attributes
    ----------
    name : str
        What tests call it.
    lacks : str
        What is said of a machine without it.
    get : str
        The way to get it.
    found : callable
        Whether it is there; asked once.
    """

    name: str
    lacks: str
    get: str
    found: Callable[[], bool]


def browser_path() -> str | None:
    """Give the path of the system's Chromium, if it has one."""
    return _first("chromium", "chromium-browser", "google-chrome", "chrome")


def firefox_path() -> str | None:
    """Give the path of the system's Firefox, if it has one."""
    return _first("firefox-esr", "firefox")


def webkit_paths() -> tuple[str, str, str] | None:
    """Give the paths of WebKit's driver, its browser and a screen in memory, if all are there."""
    browsers = Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")
    found = (_first("WebKitWebDriver"), next(map(str, browsers), None), _first("Xvfb"))
    driver, browser, screen = found
    return (driver, browser, screen) if driver and browser and screen else None


def _first(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def _book() -> bool:
    return (ROOT / "book/_build/hardwired-offline.zip").is_file()


def _java() -> bool:
    try:
        return subprocess.run(["java", "-version"], capture_output=True).returncode == 0
    except OSError:
        return False


def _namespaces() -> bool:
    """Whether the kernel lets this user make the namespaces that the sandbox is made of."""
    if not sys.platform.startswith("linux"):
        return False
    code = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10020000) != 0)"
    return subprocess.run([sys.executable, "-c", code]).returncode == 0


def _network() -> bool:
    """Whether pip reaches its index; pip itself knows where that is."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-cache-dir"]
    asked = [*command, "--timeout", "20", "--retries", "0", "-d", os.devnull, "iniconfig==2.1.0"]
    said = subprocess.run(asked, capture_output=True, text=True).stderr
    return "No matching distribution" not in said and "Could not find a version" not in said


def _history() -> bool:
    command = ["git", "-C", str(ROOT), "rev-parse", "--is-shallow-repository"]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip() == "false"
    except OSError:
        return False


NEEDS = {
    need.name: need
    for need in (
        Need("book", "the book is not built", "make book", _book),
        Need("browser", "no Chromium", "apt install chromium", lambda: bool(browser_path())),
        Need("firefox", "no Firefox", "apt install firefox-esr", lambda: bool(firefox_path())),
        Need("history", "no git history of the book", "git clone without --depth", _history),
        Need("java", "no Java", "apt install default-jre-headless", _java),
        Need(
            "namespaces",
            "the kernel gives this user no namespaces",
            "sysctl kernel.unprivileged_userns_clone=1, or a container that allows them",
            _namespaces,
        ),
        Need("network", "pip reaches no package index", "a connection", _network),
        Need("root", "not run by root", "sudo", lambda: os.geteuid() == 0),
        Need(
            "webkit",
            "no WebKit",
            "apt install webkit2gtk-driver xvfb",
            lambda: bool(webkit_paths()),
        ),
    )
}

OF_FIXTURES = {
    "html": "book",
    "chromium": "browser",
    "browser": "browser",
    "zygote": "namespaces",
    "fresh": "namespaces",
    "plain_fresh": "namespaces",
}


@cache
def is_there(name: str) -> bool:
    """Whether this machine has what a need asks for."""
    return NEEDS[name].found()
