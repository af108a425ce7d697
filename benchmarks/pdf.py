"""How long the typesetter takes for the whole book, how much memory, and xelatex beside it.

Run it after ``make pdf``: ``python benchmarks/pdf.py``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

BOOK = Path("book/_build/typst")
BAR_SECONDS, BAR_MEGABYTES = 10, 600

JUPYTER_BOOK = str(Path(sys.executable).with_name("jupyter-book"))


class Memory(threading.Thread):
    """Look a hundred times a second how much memory this process and those below it take."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = self.largest = 0
        self.done = threading.Event()

    def run(self) -> None:
        """Look until `done` is set."""
        here = psutil.Process()
        while not self.done.wait(0.01):
            sizes = []
            for process in (here, *here.children(recursive=True)):
                try:
                    sizes.append(process.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, sum(sizes))
            self.largest = max(self.largest, *sizes)


def processor_seconds() -> float:
    """Give what this process and those that it ended have worked, whoever else was at work."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def typeset_once(target: Path) -> None:
    """Typeset the book and print pages, seconds and megabytes."""
    from hardwired.press.binding.gatherings import read, typeset_book

    memory = Memory()
    memory.start()
    started, worked = time.perf_counter(), processor_seconds()
    done = typeset_book(BOOK, read(BOOK), target, "a4")
    seconds, worked = time.perf_counter() - started, processor_seconds() - worked
    memory.done.set()
    print(
        f"typst: {done.pages} pages, {seconds:.1f} s (bar {BAR_SECONDS} s), "
        f"{worked:.1f} s of processors (load {os.getloadavg()[0]:.1f} on {os.cpu_count()}), "
        f"{memory.most / 1e6:.0f} MB in all processes together (bar {BAR_MEGABYTES} MB), "
        f"{memory.largest / 1e6:.0f} MB in the largest, {target.stat().st_size / 1e6:.1f} MB of PDF"
    )


def xelatex() -> None:
    """Build the same sources with Sphinx's LaTeX builder, if xelatex is installed."""
    if shutil.which("latexmk") is None or shutil.which("xelatex") is None:
        print("xelatex: not installed here, left out")
        return
    build = [
        JUPYTER_BOOK,
        "build",
        "book/",
        "-q",
        "--builder",
        "latex",
    ]
    subprocess.run(build, check=True)
    folder = Path("book/_build/latex")
    started = time.perf_counter()
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-f"]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    print(f"xelatex: {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    if not (BOOK / "gatherings.json").exists():
        sys.exit(f"{BOOK} is missing: run 'make pdf' first")
    typeset_once(Path("book/_build/pdf/hardwired.bench.pdf"))
    xelatex()
