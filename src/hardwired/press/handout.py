"""One chapter as a PDF of its own, from the Typst files that the whole book was typeset from.

``python -m hardwired.press.handout CHAPTER BUILD``, where BUILD is the folder ``book/_build`` after
``make pdf``; the paper comes from the environment (``PAPER``). Neither Sphinx nor Jupyter Book
has to start for it.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from hardwired.press.binding import net
from hardwired.press.binding.compile import Typeset, TypesettingError, typeset
from hardwired.press.promise import Promise
from hardwired.press.template.sources import PAPERS

__all__ = ["Handout", "HandoutError", "read", "typeset_handout", "write"]

LIST = "handouts.json"


class HandoutError(Exception):
    """A handout that cannot be made; says why, and what can."""


@dataclass(frozen=True)
class Handout:
    """What a chapter needs to be typeset alone.

    Attributes
    ----------
    date : int
        Seconds since 1970, for the document's date.
    absent : tuple of str
        The labels that its links name and that stand in other chapters.
    """

    date: int
    absent: tuple[str, ...]


def write(
    folder: Path,
    sources: dict[str, str],
    handouts: dict[str, Handout],
    promises: dict[str, Promise],
) -> None:
    """Write the main files of all handouts and the list of what they need, by chapter."""
    for chapter, source in sources.items():
        main = folder / f"hardwired-{chapter}.typ"
        main.write_text(source, encoding="utf-8")
        net.write(net.beside(main), promises[chapter])
    listed = {chapter: asdict(handout) for chapter, handout in handouts.items()}
    (folder / LIST).write_text(json.dumps(listed), encoding="utf-8")


def read(folder: Path) -> dict[str, Handout]:
    """Read the list of handouts that the whole book has left; empty if it was not typeset."""
    path = folder / LIST
    listed = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: Handout(it["date"], tuple(it["absent"])) for name, it in listed.items()}


def typeset_handout(folder: Path, chapter: str, paper: str, target: Path) -> tuple[Path, Typeset]:
    """Typeset one chapter.

    Parameters
    ----------
    folder : pathlib.Path
        Where the whole book's Typst files lie.
    chapter : str
        The chapter's slug, ``05-wounds``.
    paper : str
        One of `hardwired.press.template.sources.PAPERS`.
    target : pathlib.Path
        The folder for the PDF.

    Returns
    -------
    tuple of (pathlib.Path, Typeset)
        The PDF, and how many pages it has.

    Raises
    ------
    HandoutError
        If there is no such chapter or paper, or the typesetter refuses.
    """
    handouts = read(folder)
    if chapter not in handouts:
        known = ", ".join(handouts) or "none, because the whole book is not typeset yet"
        raise HandoutError(f"there is no chapter '{chapter}': choose from {known}")
    if paper not in PAPERS:
        raise HandoutError(f"there is no paper '{paper}': choose from {', '.join(PAPERS)}")
    suffix = "" if paper == "a4" else f"-{paper}"
    output = target / f"hardwired-{chapter}{suffix}.pdf"
    handout = handouts[chapter]
    inputs = {"paper": paper, "handout": "yes", "absent": json.dumps(handout.absent)}
    try:
        main = folder / f"hardwired-{chapter}.typ"
        promise = net.read(net.beside(main))
        done = typeset(main, output, date=handout.date, inputs=inputs, promise=promise)
    except TypesettingError as error:
        raise HandoutError(f"the typesetter refuses {chapter}: {error}") from None
    return output, done


def main(arguments: list[str]) -> int:
    """Make the handout that the command line asks for."""
    chapter, build = arguments
    try:
        output, done = typeset_handout(
            Path(build) / "typst", chapter, os.environ.get("PAPER") or "a4", Path(build) / "pdf"
        )
    except HandoutError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{output} ({done.pages} pages)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
