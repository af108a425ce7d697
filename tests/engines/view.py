"""What a walk asks of a browser, whichever it is; and the answers of Playwright's."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any, Protocol

__all__ = ["FIND", "PlaywrightView", "UnloadedError", "View", "fill", "wait"]


class UnloadedError(Exception):
    """The page went away while a script ran in it, as a click may have wished."""


#: Gives the first element of a selector that is seen and called by a text, or has it in its name.
FIND = """(css, text) => {
  const named = (node) => node.getAttribute("aria-label") || node.innerText || "";
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  const nodes = [...document.querySelectorAll(css)].filter(seen);
  const node = nodes.find((node) => named(node).trim() === text)
    ?? nodes.find((node) => named(node).includes(text));
  const box = node?.getBoundingClientRect();
  if (box && (box.top < 64 || box.bottom > innerHeight) && !node.closest("header"))
    node.scrollIntoView({ behavior: "instant", block: "center" });
  return node ?? null;
}"""
FILL = """(css, text) => {
  const node = document.querySelector(css);
  node.value = text;
  node.dispatchEvent(new Event("input", { bubbles: true }));
}"""
PATIENCE = 20.0


class View(Protocol):
    """A window of a browser with one page."""

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""

    def script(self, code: str, *values: Any) -> Any:
        """Call a JavaScript function with values and give what it returns, once it is there."""

    def click(self, css: str, text: str = "") -> None:
        """Click what a selector finds, with the text in its name."""

    def hover(self, css: str, text: str = "") -> None:
        """Move the pointer onto it."""

    def type(self, text: str) -> None:
        """Press the keys of a text where the focus is."""

    def press(self, *keys: str) -> None:
        """Press keys by name, one after the other; ``Control+v`` is one."""

    def upload(self, css: str, file: Path) -> None:
        """Choose a file in a field for files."""

    def resize(self, width: int, height: int) -> None:
        """Give the inside of the window a size in pixels."""

    def picture(self) -> bytes:
        """Give what is seen as PNG."""


def wait(view: View, code: str, *values: Any, seconds: float = PATIENCE) -> Any:
    """Wait until a JavaScript function returns something true, and give it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(UnloadedError):
            if found := view.script(code, *values):
                return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds:g} s: {code} with {values}")


def fill(view: View, css: str, text: str) -> None:
    """Put a text into a field at once, as if it had been pasted."""
    wait(view, "(css) => !!document.querySelector(css)", css)
    view.script(FILL, css, text)


class PlaywrightView:
    """A page of Playwright's."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def open(self, address: str) -> None:
        """See `View`."""
        self.page.goto(address)

    def script(self, code: str, *values: Any) -> Any:
        """See `View`."""
        try:
            return self.page.evaluate(f"(values) => ({code})(...values)", list(values))
        except Exception as error:
            if "context was destroyed" in str(error):
                raise UnloadedError from None
            raise

    def _found(self, css: str, text: str) -> Any:
        wait(self, f"(...asked) => !!({FIND})(...asked)", css, text)
        return self.page.evaluate_handle(f"(values) => ({FIND})(...values)", [css, text])

    def click(self, css: str, text: str = "") -> None:
        """See `View`."""
        self._found(css, text).as_element().click()

    def hover(self, css: str, text: str = "") -> None:
        """See `View`."""
        self._found(css, text).as_element().hover()

    def type(self, text: str) -> None:
        """See `View`."""
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        """See `View`."""
        for key in keys:
            self.page.keyboard.press(key)

    def upload(self, css: str, file: Path) -> None:
        """See `View`."""
        self.page.set_input_files(css, file)

    def resize(self, width: int, height: int) -> None:
        """See `View`."""
        self.page.set_viewport_size({"width": width, "height": height})

    def picture(self) -> bytes:
        """See `View`."""
        return bytes(self.page.screenshot())
