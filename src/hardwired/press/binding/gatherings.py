"""The book as gatherings: what is typeset together, and how often until every page number is right.

A book of hundreds of pages in one piece costs the typesetter gigabytes. As a printer does, we make
it of gatherings, each of which starts on a right-hand page: the front matter, each chapter (or
part), the back matter, answers and index. Each is typeset in a process of its own, is told the
pages of the places elsewhere that it names, and tells those of its own that others name. That is
repeated for gatherings that were told something new, until none is. `hardwired.press.binding.bind`
then makes one PDF of them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hardwired.press.binding import net
from hardwired.press.binding.bind import Printed, bind
from hardwired.press.binding.compile import Typeset, TypesettingError
from hardwired.press.binding.workers import workers

__all__ = ["Gathering", "Plan", "read", "typeset_book", "write"]

PLAN = "gatherings.json"
WORKERS = 2
ROUNDS = 8
"""How often a gathering is typeset at most."""
FRONT = 1000
"""Pages that the front matter has at most: its numbers are its own."""
UNKNOWN = (0, 188, "1")
"""What stands for a place before it is known: page from 1, printed number, its style."""


@dataclass(frozen=True)
class Gathering:
    """Pages that are typeset together, from a right-hand page on.

    Attributes
    ----------
    main : str
        Its Typst file, in the root.
    roman : bool
        Whether its pages are numbered i, ii, iii; the first one after such pages starts at 1.
    tells : tuple of str
        Labels in it that other gatherings name.
    asks : tuple of str
        Labels of other gatherings that it names.
    """

    main: str
    roman: bool
    tells: tuple[str, ...]
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A book in the order of its gatherings.

    Attributes
    ----------
    gatherings : tuple of Gathering
        In reading order.
    absent : tuple of str
        Labels that links name and that are not printed.
    date : int
        Seconds since 1970, for the document's date.
    """

    gatherings: tuple[Gathering, ...]
    absent: tuple[str, ...]
    date: int


def write(folder: Path, plan: Plan) -> None:
    """Leave a plan beside the Typst files that it speaks of."""
    (folder / PLAN).write_text(json.dumps(asdict(plan)), encoding="utf-8")


def read(folder: Path) -> Plan:
    """Read the plan that the builder has left."""
    kept = json.loads((folder / PLAN).read_text(encoding="utf-8"))
    gatherings = tuple(
        Gathering(it["main"], it["roman"], tuple(it["tells"]), tuple(it["asks"]))
        for it in kept["gatherings"]
    )
    return Plan(gatherings, tuple(kept["absent"]), kept["date"])


def typeset_book(
    folder: Path, plan: Plan, output: Path, paper: str, checked: bool = True
) -> Typeset:
    """Typeset all gatherings of a book and bind them.

    Parameters
    ----------
    folder : pathlib.Path
        Where the Typst files lie.
    plan : Plan
        What is typeset together.
    output : pathlib.Path
        Where the PDF goes; what stands there stays if the typesetter refuses.
    paper : str
        One of `hardwired.press.template.sources.PAPERS`.
    checked : bool
        Whether the typesetter holds the PDF to PDF/UA-1.

    Returns
    -------
    Typeset
        How many pages the book has, and what the typesetter remarked.

    Raises
    ------
    TypesettingError
        If the typesetter refuses, or page numbers do not come to rest.
    """
    with (
        tempfile.TemporaryDirectory() as scratch,
        workers(WORKERS) as typeset,
        ThreadPoolExecutor(WORKERS) as threads,
    ):
        parts = [Path(scratch) / f"{number}.pdf" for number in range(len(plan.gatherings))]
        told: dict[int, dict[str, Any]] = {}
        done: dict[int, Typeset] = {}
        for turn in range(ROUNDS):
            news = {
                number: inputs
                for number, inputs in enumerate(_inputs(plan, paper, done))
                if (turn or plan.gatherings[number].tells) and (turn < 2 or inputs != told[number])
            }
            if turn and not news:
                break
            news = dict(reversed(news.items()))  # the long back matter early: nobody waits for it
            jobs = [
                {
                    "main": str(folder / plan.gatherings[number].main),
                    "output": str(parts[number]) if turn else None,  # the first only counts pages
                    "date": plan.date,
                    "inputs": inputs,
                    "low": done[number].low if number in done else (),
                    "checked": checked,
                    "promise": str(net.beside(folder / plan.gatherings[number].main)),
                }
                for number, inputs in news.items()
            ]
            told |= news
            done |= dict(zip(news, threads.map(typeset, jobs), strict=True))
        else:
            raise TypesettingError("page numbers do not come to rest")
        printed = []
        for number, gathering in enumerate(plan.gatherings):
            printed.append(Printed(parts[number], done[number].places, gathering.roman))
        bind(printed, output)
    remarks = tuple(remark for number in sorted(done) for remark in done[number].remarks)
    return Typeset(sum(part.pages for part in done.values()), remarks)


def _inputs(plan: Plan, paper: str, done: Mapping[int, Typeset]) -> Sequence[dict[str, Any]]:
    """Say what each gathering has to know of the others, as far as it is known."""
    known: dict[str, tuple[int, int, str]] = {}
    before, folio = [0], [1]
    for number, gathering in enumerate(plan.gatherings):
        # So that no page of the book hangs on how many the front matter has.
        if before[-1] < FRONT and not gathering.roman:
            before[-1] = FRONT
        part = done.get(number)
        style = "i" if gathering.roman else "1"
        for place in part.places if part else ():
            known[place.name] = (before[-1] + place.page, folio[-1] + place.page - 1, style)
        pages = part.pages if part else 0
        before.append(before[-1] + pages)
        folio.append(1 if gathering.roman else folio[-1] + pages)
    return [
        {
            "paper": paper,
            "absent": json.dumps(plan.absent),
            "before": str(before[number]),
            "folio": str(folio[number]),
            "places": json.dumps({name: known.get(name, UNKNOWN) for name in gathering.asks}),
            "tells": json.dumps(gathering.tells),
        }
        for number, gathering in enumerate(plan.gatherings)
    ]
