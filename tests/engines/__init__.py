"""Chromium, Firefox and WebKit with one face, so that one walk is walked in all of them.

Chromium is driven by Playwright. Firefox and WebKit are driven by the commands of W3C WebDriver:
WebKit's driver takes them over HTTP, Firefox takes them itself on its Marionette socket (a
``geckodriver`` would do no more than translate, and Debian has none).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.engines import fonts
from tests.engines.firefox import firefox
from tests.engines.view import PlaywrightView, View
from tests.engines.webkit import webkit
from tests.needs import browser_path

__all__ = ["CHROMIUM_ARGUMENTS", "ENGINES", "View", "started"]

ENGINES = ("chromium", "firefox", "webkit")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def started(
    engine: str,
    home: Path,
    playwright: Callable[[], Any],
    *,
    face: str = "dejavu",
    scheme: str = "light",
    width: int = 1280,
) -> Iterator[View]:
    """Start a browser with a home, a set of fonts and a colour scheme of its own, and end it.

    Parameters
    ----------
    engine : str
        One of `ENGINES`.
    home : Path
        An empty folder: nobody else's settings, and nothing of it outlives the test.
    playwright : callable
        Gives the session's Playwright, asked only for Chromium.
    face : str
        The set of fonts, one of `fonts.SETS`.
    scheme : str
        What the system prefers: "light" or "dark".
    width : int
        Width of the window's inside in pixels; it is 800 high.
    """
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ
    }
    env = kept | {"HOME": str(home), "FONTCONFIG_FILE": str(fonts.written(home, face))}
    if engine == "chromium":
        browser = playwright().chromium.launch(
            executable_path=browser_path(), args=CHROMIUM_ARGUMENTS, env=env
        )
        try:
            context = browser.new_context(
                color_scheme=scheme, viewport={"width": width, "height": 800}
            )
            yield PlaywrightView(context.new_page())
        finally:
            browser.close()
        return
    with (firefox if engine == "firefox" else webkit)(home, env, dark=scheme == "dark") as view:
        view.resize(width, 800)
        yield view
