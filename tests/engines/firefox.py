"""Debian's Firefox, without a screen, on its Marionette socket."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.engines.webdriver import DriverView
from tests.needs import firefox_path

__all__ = ["firefox"]

PREFERENCES = {
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.legacyUserProfileCustomizations.stylesheets": True,
}
# As narrow as a phone, and nothing but the page in it.
CHROME = "#main-window { min-width: 0 !important } #navigator-toolbox { display: none !important }"


class Marionette:
    """The socket: ``LENGTH:[0, NUMBER, COMMAND, PARAMETERS]`` there, ``[1, NUMBER, ...]`` back."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=150)
        self.stream = self.socket.makefile("rb")
        self.number = 0
        self._received()  # it says who it is

    def _received(self) -> Any:
        size = b""
        while (byte := self.stream.read(1)) != b":":
            if not byte:
                raise ConnectionError("Firefox has closed its socket")
            size += byte
        return json.loads(self.stream.read(int(size)))

    def send(self, command: str, parameters: dict[str, Any]) -> Any:
        """Send a command of WebDriver's and give its answer."""
        self.number += 1
        told = json.dumps([0, self.number, f"WebDriver:{command}", parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(told), told))
        _, _, error, answer = self._received()
        if error:
            raise AssertionError(f"Firefox, {command}: {error['error']}: {error['message']}")
        return answer["value"] if isinstance(answer, dict) and "value" in answer else answer


@contextmanager
def firefox(home: Path, env: dict[str, str], *, dark: bool) -> Iterator[DriverView]:
    """Start it with a profile in `home`, and end it."""
    profile = home / "profile"
    (profile / "chrome").mkdir(parents=True)
    (profile / "chrome/userChrome.css").write_text(CHROME, encoding="utf-8")
    chosen = PREFERENCES | {"layout.css.prefers-color-scheme.content-override": 0 if dark else 1}
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in chosen.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [str(firefox_path()), "--headless", "--marionette", "--profile", str(profile)]
    with open(home / "firefox.log", "wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        link = Marionette(_port(profile, process))
        link.send("NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": False}}})
        yield DriverView(link.send)
        link.socket.close()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _port(profile: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait until Firefox has written down where it listens."""
    file, end = profile / "MarionetteActivePort", time.monotonic() + 60
    while not (file.is_file() and file.read_text().strip().isdigit()):
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError(f"Firefox did not start: {process.args!r}")
        time.sleep(0.05)
    return int(file.read_text())
