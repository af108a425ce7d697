"""How long the typesetter takes for the whole book, how much memory, and xelatex beside it.

Run it after ``make pdf``: ``python benchmarks/pdf.py``.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

BOOK = Path("book/_build/typst/hardwired.typ")
BAR_SECONDS, BAR_MEGABYTES = 10, 600


def typeset_once(target: Path) -> None:
    """Typeset the book in this process and print pages, seconds, processor seconds, megabytes."""
    from hardwired.typst.compile import typeset

    started, busy = time.perf_counter(), time.process_time()
    done = typeset(BOOK, target, date=0, inputs={"paper": "a4"})
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"typst: {done.pages} pages, {time.perf_counter() - started:.1f} s "
        f"({time.process_time() - busy:.1f} s of processor; bar {BAR_SECONDS} s), "
        f"{memory:.0f} MB (bar {BAR_MEGABYTES} MB), "
        f"{target.stat().st_size / 1e6:.1f} MB of PDF"
    )


def xelatex() -> None:
    """Build the same sources with Sphinx's LaTeX builder, if xelatex is installed."""
    if shutil.which("latexmk") is None or shutil.which("xelatex") is None:
        print("xelatex: not installed here, left out")
        return
    build = [sys.executable, "-m", "jupyter_book", "build", "book/", "-q", "--builder", "latex"]
    subprocess.run(build, check=True)
    folder = Path("book/_build/latex")
    started = time.perf_counter()
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-f"]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    print(f"xelatex: {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    if not BOOK.exists():
        sys.exit(f"{BOOK} is missing: run 'make pdf' first")
    typeset_once(BOOK.with_suffix(".bench.pdf"))
    xelatex()
