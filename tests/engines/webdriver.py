"""The commands of W3C WebDriver, whichever way they are sent."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.engines.view import FIND, UnloadedError, wait

__all__ = ["DriverView", "Send"]

#: Sends a command by its name, with its parameters, and gives what the browser answers.
Send = Callable[[str, dict[str, Any]], Any]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name that the standard gives to its key
POINTER = {"type": "pointer", "id": "mouse"}
MIDDLE = """(node) => {
  const { left, top, width, height } = node.getClientRects()[0];
  return [left + width / 2, top + height / 2].map(Math.round);
}"""
KEYS = {
    "Shift": "\ue008",
    "Control": "\ue009",
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
}


class DriverView:
    """A window that is told what to do by WebDriver's commands."""

    def __init__(self, send: Send) -> None:
        self.send = send

    def open(self, address: str) -> None:
        """See `View`."""
        self.send("Navigate", {"url": address})

    def script(self, code: str, *values: Any) -> Any:
        """See `View`."""
        source = f"return ({code})(...arguments)"
        try:
            return self.send("ExecuteScript", {"script": source, "args": list(values)})
        except AssertionError as error:
            if "unloaded" in str(error):
                raise UnloadedError from None
            raise

    def _at(self, css: str, text: str) -> dict[str, Any]:
        """Give the move of the pointer to the middle of an element's first line, once it rests."""
        before, now = [0, 0], [-1, -1]
        while now != before:
            before, now = now, self.script(MIDDLE, wait(self, FIND, css, text))
            time.sleep(0.03)
        return {"type": "pointerMove", "x": now[0], "y": now[1], "origin": "viewport"}

    def click(self, css: str, text: str = "") -> None:
        """See `View`.

        The driver's own command first scrolls, which a sticky button does not survive in WebKit.
        """
        press = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._act({**POINTER, "actions": [self._at(css, text), *press]})

    def hover(self, css: str, text: str = "") -> None:
        """See `View`."""
        self._act({**POINTER, "actions": [self._at(css, text)]})

    def type(self, text: str) -> None:
        """See `View`."""
        self.press(*text)

    def press(self, *keys: str) -> None:
        """See `View`."""
        actions = []
        for key in keys:
            held = [KEYS.get(name, name) for name in (key.split("+") if len(key) > 1 else [key])]
            actions += [{"type": "keyDown", "value": one} for one in held]
            actions += [{"type": "keyUp", "value": one} for one in reversed(held)]
        self._act({"type": "key", "id": "keys", "actions": actions})

    def _act(self, source: dict[str, Any]) -> None:
        self.send("PerformActions", {"actions": [source]})

    def upload(self, css: str, file: Path) -> None:
        """See `View`."""
        found = wait(self, "(css) => document.querySelector(css)", css)
        self.send("ElementSendKeys", {"id": found[ELEMENT], "text": str(file)})

    def resize(self, width: int, height: int) -> None:
        """See `View`."""
        inside = "() => [innerWidth, innerHeight]"
        rect, end = [width, height], time.monotonic() + 10
        while (now := self.script(inside)) != [width, height]:
            if time.monotonic() > end:
                raise AssertionError(f"the window is {now} and not {[width, height]}")
            frame = [a - b for a, b in zip(rect, now, strict=True)]
            wanted = [width, height]
            if all(0 <= f < 300 for f in frame):  # what the browser draws around the page
                wanted = [w + f for w, f in zip(wanted, frame, strict=True)]
            self.send("SetWindowRect", {"width": wanted[0], "height": wanted[1]})
            rect = wanted
            time.sleep(0.05)

    def picture(self) -> bytes:
        """See `View`."""
        return base64.b64decode(self.send("TakeScreenshot", {"full": False}))
