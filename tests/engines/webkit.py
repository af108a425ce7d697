"""Debian's WebKitGTK: its small browser, on a screen in memory, told what to do over HTTP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.engines.webdriver import DriverView
from tests.needs import webkit_paths

__all__ = ["webkit"]

#: WebDriver's commands as they are asked for over HTTP.
ROUTES = {
    "NewSession": ("POST", "/session"),
    "Navigate": ("POST", "{session}/url"),
    "ExecuteScript": ("POST", "{session}/execute/sync"),
    "ElementClick": ("POST", "{session}/element/{id}/click"),
    "ElementSendKeys": ("POST", "{session}/element/{id}/value"),
    "PerformActions": ("POST", "{session}/actions"),
    "SetWindowRect": ("POST", "{session}/window/rect"),
    "TakeScreenshot": ("GET", "{session}/screenshot"),
    "SetTimeouts": ("POST", "{session}/timeouts"),
    "DeleteSession": ("DELETE", "{session}"),
}
# The browser's own buttons would keep its window wider than a phone.
STYLE = "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px; }"
SETTINGS = {
    "NO_AT_BRIDGE": "1",
    "GSETTINGS_BACKEND": "memory",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
    # The pages are ours, and a container gives no namespaces for the browser's own sandbox.
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
}


class Http:
    """The driver's address; a session's address stands before most commands."""

    def __init__(self, port: int) -> None:
        self.base, self.session = f"http://127.0.0.1:{port}", ""

    def send(self, command: str, parameters: dict[str, Any]) -> Any:
        """Send a command of WebDriver's and give its answer."""
        method, route = ROUTES[command]
        path = route.format(session=self.session, id=parameters.get("id", ""))
        body = json.dumps(parameters).encode() if method == "POST" else None
        asked = urllib.request.Request(self.base + path, body, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=150) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            said = json.load(error)["value"]
            raise AssertionError(
                f"WebKit, {command}: {said['error']}: {said.get('message', '')}"
            ) from None


@contextmanager
def webkit(home: Path, env: dict[str, str], *, dark: bool) -> Iterator[DriverView]:
    """Start screen, driver and browser with their files in `home`, and end them."""
    paths = webkit_paths()
    assert paths, "there is no WebKit"
    driver, browser, screen = paths
    (home / ".config/gtk-3.0").mkdir(parents=True)
    (home / ".config/gtk-3.0/gtk.css").write_text(STYLE, encoding="utf-8")
    (home / "run").mkdir(mode=0o700)
    with ExitStack() as ending, open(home / "webkit.log", "wb") as log:

        def start(command: list[str], **more: Any) -> subprocess.Popen[bytes]:
            running = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, **more
            )
            ending.callback(running.wait)
            ending.callback(os.killpg, running.pid, signal.SIGKILL)
            return running

        reading, writing = os.pipe()
        arguments = ["-displayfd", str(writing), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
        start([screen, *arguments], pass_fds=[writing], env=env)
        os.close(writing)
        with os.fdopen(reading) as told:
            display = f":{told.readline().strip()}"
        around = env | SETTINGS | {"DISPLAY": display, "XDG_RUNTIME_DIR": str(home / "run")}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        start([driver, f"--port={port}"], env=around)
        link = Http(port)
        options = {"binary": browser, "args": ["--automation", *(["--dark-mode"] if dark else [])]}
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}
        link.session = f"/session/{_session(link, wanted)}"
        link.send("SetTimeouts", {"script": 120_000, "pageLoad": 120_000})
        yield DriverView(link.send)
        link.send("DeleteSession", {})


def _session(link: Http, wanted: dict[str, Any]) -> str:
    """Ask for a browser as soon as the driver listens."""
    end = time.monotonic() + 30
    while True:
        try:
            made = link.send("NewSession", {"capabilities": {"alwaysMatch": wanted}})
            return str(made["sessionId"])
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
