"""Whom the desk answers: this machine, a browser that holds the start's token, its own pages.

The token of a start is used once: the browser gets a cookie for it, and a new token takes its
place in a file that only its owner can read. It never stands among the arguments of a process.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import os
import secrets
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hardwired.house.files import write_atomic

__all__ = ["CSP", "LARGEST", "Gate", "Guard", "TooLargeError"]

LARGEST = 512 * 1024 * 1024  # bytes of one upload: a class of 300 with figures
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self';"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
NO_TOKEN = (
    "This is a desk of hardwired, and it does not know this browser."
    " Run `hardwired desk` again in the course's folder: it opens the page for you."
)


class TooLargeError(Exception):
    """More was sent than is taken."""


class Gate:
    """The tokens of one running desk.

    Parameters
    ----------
    file : Path
        Where the address of the next start is kept, for its owner alone.
    port : int
        Where the desk answers.
    """

    def __init__(self, file: Path, port: int) -> None:
        self.file, self.port = file, port
        self.hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self.cookie = f"desk-{port}"
        self.held = secrets.token_urlsafe(32)
        self.renew()

    def renew(self) -> None:
        """Make a new start token, and keep it where a second start finds it."""
        self.token = secrets.token_urlsafe(32)
        told = {"port": self.port, "pid": os.getpid(), "token": self.token}
        write_atomic(self.file, json.dumps(told).encode(), private=True)

    @property
    def address(self) -> str:
        """The address that opens the desk, once."""
        return f"http://127.0.0.1:{self.port}/start?token={self.token}"

    def start(self, token: str) -> str | None:
        """Take a start token; returns the cookie's value, or None if it is not the right one."""
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        self.renew()
        return self.held

    def holds(self, cookies: str) -> bool:
        """Whether a browser's cookies say that it was started from here."""
        given = cookie_parser(cookies).get(self.cookie, "")  # others' cookies may hold anything
        return hmac.compare_digest(given.encode(), self.held.encode())


class Guard:
    """Refuse what is not for this desk, bound what is sent, and put the policy on each answer."""

    def __init__(self, app: ASGIApp, gate: Gate, largest: int = LARGEST) -> None:
        self.app, self.gate, self.largest = app, gate, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        with_headers = _with_headers(send)
        said = self._refusal(scope)
        if said is not None:
            code, text = said
            await PlainTextResponse(text + "\n", code)(scope, receive, with_headers)
            return
        try:
            await self.app(scope, _bounded(receive, self.largest), with_headers)
        except TooLargeError:
            most = f"{self.largest // 1024 // 1024} MB"
            text = f"More than {most} were sent at once; nothing was kept. Send it in parts."
            await PlainTextResponse(text + "\n", 413)(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        client = scope.get("client")
        if not client or not _loopback(client[0]):
            return 403, "This desk answers its own machine only."
        host = headers.get("host", "")
        if host not in self.gate.hosts:
            return 403, "This desk does not answer under that name; use the address it was given."
        origin = headers.get("origin")
        safe = scope["method"] in ("GET", "HEAD")
        if origin != f"http://{host}" and (origin is not None or not safe):
            return 403, "That came from another page; only the desk's own pages may ask for it."
        if scope["path"] == "/start":
            return None
        if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return 403, "That came from another page; only the desk's own pages may ask for it."
        if not self.gate.holds(headers.get("cookie", "")):
            return 403, NO_TOKEN
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.largest:
            most = f"{self.largest // 1024 // 1024} MB"
            return 413, f"More than {most} were sent at once; nothing was kept. Send it in parts."
        return None


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending


def _bounded(receive: Receive, largest: int) -> Receive:
    seen = 0

    async def receiving() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > largest:
            raise TooLargeError
        return message

    return receiving
