"""A desk's application asked without a server: quick, and the same answers byte for byte."""

from __future__ import annotations

import asyncio
import urllib.parse
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from hardwired.course.desk.app import make_app
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.safety import Gate
from tests.course.desk.served import awaited

__all__ = ["Answer", "Asker"]

PORT = 8000


@dataclass
class Answer:
    """What the desk answered."""

    code: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page as it is sent."""
        return self.body.decode()

    @property
    def said(self) -> str:
        """The page with its characters as a reader sees them."""
        return unescape(self.text)


class Asker:
    """The one browser that the desk knows."""

    def __init__(self, course: Course, state: Path) -> None:
        self.gate = Gate(state, PORT)
        self.app = make_app(course, self.gate)

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path)

    def post(self, path: str, *fields: tuple[str, str]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urllib.parse.urlencode(fields).encode())

    def _ask(self, method: str, address: str, body: bytes = b"") -> Answer:
        path, _, query = address.partition("?")
        origin = f"127.0.0.1:{PORT}"
        headers = {
            "host": origin,
            "origin": f"http://{origin}",
            "cookie": f"{self.gate.cookie}={self.gate.held}",
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(len(body)),
        }
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": urllib.parse.unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", PORT),
        }
        got, sent = Answer(0, {}, b""), []

        async def receive() -> dict[str, Any]:
            if sent:
                await asyncio.Event().wait()  # the browser stays
            sent.append(True)
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                got.code = message["status"]
                got.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            else:
                got.body += message.get("body", b"")

        awaited(self.app(scope, receive, send))
        return got
