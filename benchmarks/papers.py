"""The book on each of its papers: typeset, whole, its tags closed, its pages and links right.

Run it after ``make pdf``: ``python benchmarks/papers.py [PAPER ...]``. A text or a label that is
lost, and tags that do not close, stop the typesetter; what it prints wrongly is read back.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pikepdf

from hardwired.press.binding.gatherings import read, typeset_book
from hardwired.press.binding.pdf_tree import elements
from hardwired.press.template.sources import PAPERS

BOOK = Path("book/_build/typst")


def row(paper: str, folder: Path) -> str:
    """Typeset the book on a paper and say how it came out."""
    from tests.press.readback import wrong_floats, wrong_pages

    output = folder / f"{paper}.pdf"
    pages = typeset_book(BOOK, read(BOOK), output, paper).pages
    wrong = len(wrong_pages(output)) + len(wrong_floats(output))
    with pikepdf.open(output) as pdf:
        tags = sum(1 for _ in elements(pdf.Root.StructTreeRoot))
    return f"{paper:<8}{pages:>7}{'yes':>8}{tags:>9}{wrong:>14}"


def main() -> None:
    """Print a row a paper."""
    print(f"{'paper':<8}{'pages':>7}{'whole':>8}{'tags':>9}{'wrong links':>14}")
    with tempfile.TemporaryDirectory() as folder:
        for paper in sys.argv[1:] or PAPERS:
            print(row(paper, Path(folder)), flush=True)


if __name__ == "__main__":
    if not (BOOK / "gatherings.json").exists():
        sys.exit(f"{BOOK} is missing: run 'make pdf' first")
    sys.path.insert(0, ".")  # the checks of the PDF are the tests'
    main()
