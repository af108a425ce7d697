"""How long Python in the page takes, what it fetches, and what memory it holds.

From a static server on this machine, in Chromium; run it after ``make html``:
``python benchmarks/live.py``. The bars are for an idle machine with two cores, so the load stands
beside the figures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BARS = {
    "first output, cold": 6.0,
    "first output, warm": 3.0,
    "imports": 5.0,
    "whole exercise": 8.0,
    "a later cell": 0.05,
}
MEGABYTES_FETCHED, MEGABYTES_HELD = 45, 400


def timed(sheet: Any, name: str) -> float:
    """Press a button that runs cells; seconds until they have run."""
    started = time.perf_counter()
    sheet.press(name)
    return time.perf_counter() - started


def one_exercise(browser: Any, server: Any, slug: str) -> dict[str, float]:
    """Do an exercise with its author's solution, in a browser that has seen nothing yet."""
    from tests.live.served import Sheet, solved_cells

    from hardwired.course.authoring.exercise import find, read

    context = browser.new_context()
    found: dict[str, float] = {}
    server.sent.clear()
    sheet = Sheet(context.new_page(), server.address, slug)
    sheet.fill({1: "print(1)"})
    found["first output, cold"] = timed(sheet, "Run cell 1")
    typed = solved_cells(read(find(slug, ROOT / "exercises")), "s1")
    sheet = Sheet(sheet.page, server.address, slug)
    sheet.fill({**typed, 1: "print(1)"})
    found["first output, warm"] = timed(sheet, "Run cell 1")
    found["imports"] = timed(sheet, "Run cell 2")
    sheet = Sheet(sheet.page, server.address, slug)
    sheet.fill(typed)
    found["whole exercise"] = timed(sheet, "Run all")
    sheet.fill({1: "1 + 1"})
    found["a later cell"] = min(timed(sheet, "Run cell 1") for _ in range(5))
    found["megabytes fetched"] = server.bytes_sent() / 1e6
    held = sheet.page.locator("main").get_attribute("data-megabytes")
    found["megabytes held"] = float(held or 0)
    if failed := sheet.page.locator(".hw-error").all_inner_texts():
        print(f"{slug}: a cell failed: {failed[0]}", file=sys.stderr)
        found["failed"] = len(failed)
    context.close()
    return found


def main(arguments: list[str]) -> int:
    """Print the figures of each exercise; 1 if one failed or one is far from its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exercises", type=int, default=8, help="how many of the eight")
    parser.add_argument("--no-bars", action="store_true", help="figures that say nothing")
    asked = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    from playwright.sync_api import sync_playwright
    from tests.live.served import Server

    from hardwired.live import site

    copy = site.make(ROOT / "book/_build/html", ROOT / "book/_build/live")
    server, bad = Server(copy), False
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for path in sorted((ROOT / "exercises").iterdir())[: asked.exercises]:
            found = one_exercise(browser, server, path.name)
            told = ", ".join(
                f"{name} {found[name]:.2f} s (bar {bar:g} s)" for name, bar in BARS.items()
            )
            print(
                f"{path.name}: {told}, {found['megabytes fetched']:.1f} MB fetched"
                f" (bar {MEGABYTES_FETCHED} MB), {found['megabytes held']:.0f} MB held"
                f" (bar {MEGABYTES_HELD} MB), load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
            bad |= "failed" in found or found["megabytes fetched"] > MEGABYTES_FETCHED
            bad |= found["megabytes held"] > MEGABYTES_HELD
            if not asked.no_bars:
                bad |= any(found[name] > 3 * bar for name, bar in BARS.items())
        browser.close()
    server.close()
    scripts = (copy / "_live").glob("web-*/*.js")
    print(f"scripts of the page: {sum(p.stat().st_size for p in scripts) / 1e3:.0f} KB")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
