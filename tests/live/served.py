"""A copy of the book with Python in it, on a static server that counts, and a page of it."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise

__all__ = ["Server", "Sheet", "solved_cells"]

LONG_MS = 120_000


class Server:
    """A static server, as plain as they come; ``sent`` is what it sent since it was emptied."""

    def __init__(self, folder: Path) -> None:
        self.sent: list[tuple[str, int]] = []
        sent = self.sent

        class Quiet(SimpleHTTPRequestHandler):
            def log_message(self, *words: object) -> None:
                pass

            def copyfile(self, source: Any, outputfile: Any) -> None:
                data = source.read()
                sent.append((self.path, len(data)))
                with contextlib.suppress(OSError):  # the page may be closed meanwhile
                    outputfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def bytes_sent(self) -> int:
        """Sum of all bodies that belong to Python."""
        return sum(size for path, size in self.sent if "/_live/" in path)

    def close(self) -> None:
        """Stop it."""
        self.server.shutdown()
        self.server.server_close()


class Sheet:
    """The page of an exercise in a browser: what a student sees and does there."""

    def __init__(self, page: Any, address: str, slug: str) -> None:
        self.page, self.slug = page, slug
        page.set_default_timeout(LONG_MS)
        page.goto(f"{address}/exercises/{slug}.html")
        self.button("Run all").wait_for()

    def button(self, name: str) -> Any:
        """Find a button by its whole name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def area(self, number: int) -> Any:
        """Find the text area of a code cell, counted from 1."""
        return self.page.locator(f'section[aria-label="Cell {number}"] textarea')

    def shown(self, number: int) -> str:
        """Read what a code cell shows."""
        return str(self.output(number).inner_text()).strip()

    def output(self, number: int) -> Any:
        """Find what a code cell shows."""
        return self.page.locator(f'section[aria-label="Cell {number}"] .hw-output')

    def status(self) -> str:
        """Read the live status."""
        return str(self.page.locator(".hw-status").inner_text())

    def note(self) -> str:
        """Read the sentence below the status."""
        return str(self.page.locator(".hw-note").inner_text())

    def press(self, name: str) -> None:
        """Press a button that runs cells, and wait until they have run."""
        runs = int(self.page.locator("main").get_attribute("data-runs") or 0)
        self.button(name).click()
        self.page.locator(f'main[data-runs="{runs + 1}"]').wait_for(state="attached")

    def fill(self, cells: Mapping[int, str]) -> None:
        """Type cells."""
        for number, source in cells.items():
            self.area(number).fill(source)

    def saved(self) -> bytes:
        """Give the notebook that is saved for handing in."""
        with self.page.expect_download() as waiting:
            self.button("Save for handing in").click()
        return Path(waiting.value.path()).read_bytes()


def solved_cells(exercise: Exercise, student: str) -> dict[int, str]:
    """Give what a student with the author's solution types, by the number of the code cell."""
    solutions = {
        cell.question: cell.source.replace(strip.BEGIN, "# mine").replace(strip.END, "# so far")
        for cell in exercise.cells
        if cell.question and cell.kind == "code"
    }
    typed, number = {}, 0
    for cell in strip.student_notebook(exercise)["cells"]:
        if cell["cell_type"] != "code":
            continue
        number += 1
        told = cell["metadata"].get("hardwired", {})
        if told.get("role") == "identity":
            typed[number] = cell["source"].replace(
                'STUDENT = ""', f"STUDENT = {json.dumps(student)}"
            )
        elif told.get("question") in solutions:
            typed[number] = solutions[told["question"]]
    return typed
