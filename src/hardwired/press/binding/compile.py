"""The call of the typesetter: PDF/UA-1, its own fonts only, a date that does not move.

`hardwired.press.binding.workers` calls it in processes of their own, which give the memory back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

if TYPE_CHECKING:
    from hardwired.press.promise import Promise

__all__ = ["Place", "Typeset", "TypesettingError", "answer", "typeset"]


@dataclass(eq=False)  # the interpreter writes its traceback into it
class TypesettingError(Exception):
    """The typesetter refused.

    Attributes
    ----------
    reason : str
        What it said, one line.
    file : str
        The Typst file, relative to the root, or empty.
    line : int
        The line there, from 1; 0 if unknown.
    source : str
        The place in the book's sources, ``file:line``, if it is known.
    """

    reason: str
    file: str = ""
    line: int = 0
    source: str = ""

    def __str__(self) -> str:
        return self.reason


PASSES = 6
"""How often the book is typeset at most until no figure floats above a chapter's title."""


PATIENCE = 4
"""After how many other layouts a loss that stays the same is none of the layout's."""


@dataclass(frozen=True)
class Place:
    """Where a label stands.

    Attributes
    ----------
    name : str
        The label.
    page : int
        Its page in the file, from 1.
    x, y : float
        Points from the upper left corner.
    """

    name: str
    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Typeset:
    """What was typeset.

    Attributes
    ----------
    pages : int
        How many pages it has.
    remarks : tuple of str
        What the typesetter warned of.
    low : tuple of str
        The figures that had to be kept from floating above a title.
    places : tuple of Place
        The labels that it was asked for.
    """

    pages: int
    remarks: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


def _ask(compiler: typst.Compiler, label: str) -> list[Any]:
    """Give the values that the file has noted under a label."""
    found: list[Any] = json.loads(compiler.query(f"<{label}>", field="value"))
    return found


def _settle(
    main: Path, inputs: Mapping[str, str], low: set[str]
) -> tuple[typst.Compiler, set[str]]:
    """Lay out a file so that no figure floats above the title of a chapter.

    Gives the compiler that did it, and the figures that had to be set low for it.
    """
    for _ in range(PASSES):
        compiler = typst.Compiler(
            str(main),
            root=str(main.parent),
            ignore_system_fonts=True,
            sys_inputs={**inputs, "low": json.dumps(sorted(low))},
        )
        openers = {opener["page"]: opener["y"] for opener in _ask(compiler, "hw-opener")}
        floats = _ask(compiler, "hw-float")
        above = {it["key"] for it in floats if it["y"] < openers.get(it["page"], 0)}
        if above <= low:
            break
        low = low | above
    return compiler, low


_TAG_FAULT = "tags weren't properly closed"
"""What Typst 0.15 says of pages that it cannot tag (its issue 8776): a figure and a note that meet
at a page's foot in an unlucky way. Any other arrangement of the page does."""


@dataclass(frozen=True)
class _Exported:
    """A PDF whose pages hold all that they should."""

    pdf: bytes
    remarks: tuple[str, ...]
    low: set[str]
    compiler: typst.Compiler


def _export(
    main: Path,
    inputs: Mapping[str, str],
    low: set[str],
    date: int,
    checked: bool,
    promise: Promise | None,
) -> _Exported:
    """Write the PDF, if need be with one figure that does not float.

    What the typesetter cannot tag and what it loses are faults of a layout: another layout of the
    same text is without them.
    """
    from hardwired.press.binding.finish import finished  # what only counts does without

    compiler, low = _settle(main, inputs, low)
    tries = [[], *([figure["key"]] for figure in _ask(compiler, "hw-float"))]
    fault: Exception | None = None
    same = 0
    for still in tries:
        if still:
            compiler, low = _settle(main, {**inputs, "still": json.dumps(still)}, low)
        try:
            pdf, warnings = compiler.compile_with_warnings(
                format="pdf", pdf_standards="ua-1" if checked else None, timestamp=date
            )
        except (typst.TypstError, RuntimeError) as error:
            if _TAG_FAULT not in str(error):
                raise
            fault = fault or error
            continue
        assert isinstance(pdf, bytes)
        pdf = finished(pdf, _ask(compiler, "hw-rows-named"), promise)
        loss = _loss(pdf, compiler, inputs, promise)
        if loss is None:
            remarks = tuple(warning.message for warning in warnings)
            return _Exported(pdf, remarks, low, compiler)
        same = same + 1 if str(loss) == str(fault) else 0
        fault = loss
        if same == PATIENCE:
            break
    assert fault is not None
    raise fault


def _loss(
    pdf: bytes, compiler: typst.Compiler, inputs: Mapping[str, str], promise: Promise | None
) -> TypesettingError | None:
    """Say what is not on paper: a text of the sources, or a place that others ask for."""
    from hardwired.press.binding.net import lost

    missing = lost(pdf, promise) if promise else []
    if missing:
        first, more = missing[0], len(missing) - 1
        others = f", and {more} more" if more else ""
        return TypesettingError(
            f"the typesetter lost a text, '{first.what}'{others}: change the text before it",
            source=first.place,
        )
    told = {place["name"] for told in _ask(compiler, "hw-places") for place in told}
    unsaid = set(json.loads(inputs.get("tells", "[]"))) - told
    return TypesettingError(f"label '{min(unsaid)}' is not on paper") if unsaid else None


_PLACE = re.compile(r"(?:┌─|-->|at)\s*(\S+?):(\d+)")


def typeset(
    main: Path,
    output: Path | None,
    *,
    date: int,
    inputs: Mapping[str, str] | None = None,
    low: Iterable[str] = (),
    checked: bool = True,
    promise: Promise | None = None,
) -> Typeset:
    """Typeset a file and put the PDF in place only when it is whole.

    Parameters
    ----------
    main : pathlib.Path
        The Typst file; its folder is the root of all paths in it.
    output : pathlib.Path or None
        Where the PDF goes; what stands there stays if the typesetter refuses. None writes no PDF
        and only tells what it would hold.
    date : int
        Seconds since 1970, for the document's date.
    inputs : mapping of str to str
        Values that the file reads as ``sys.inputs``.
    low : iterable of str
        Figures that are known to float above a title.
    checked : bool
        Whether the typesetter holds the PDF to PDF/UA-1; tests that plant faults do without.
    promise : Promise, optional
        What the PDF is to hold.

    Returns
    -------
    Typeset
        How many pages it has, what the typesetter remarked, where its places are.

    Raises
    ------
    TypesettingError
        If the typesetter refuses, or loses a text or a label on every layout.
    """
    remarks: tuple[str, ...] = ()
    try:
        if output is None:
            compiler, kept = _settle(main, inputs or {}, set(low))
        else:
            done = _export(main, inputs or {}, set(low), date, checked, promise)
            remarks, kept, compiler = done.remarks, done.low, done.compiler
            _put(done.pdf, output)
        pages = (_ask(compiler, "hw-page-count") or [1])[-1]
        places = tuple(Place(**place) for told in _ask(compiler, "hw-places") for place in told)
    except (typst.TypstError, RuntimeError) as error:
        raise _explained(error) from None
    return Typeset(pages, remarks, tuple(sorted(kept)), places)


def _put(pdf: bytes, output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    draft = output.with_name(output.name + ".part")
    draft.write_bytes(pdf)
    draft.replace(output)


def _explained(error: Exception) -> TypesettingError:
    text = "\n".join(str(part) for part in (error, getattr(error, "diagnostic", "")))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    reason = lines[0].removeprefix("error: ") if lines else "unknown reason"
    hints = [line.partition("hint: ")[2] for line in lines if "hint: " in line]
    if hints:
        reason += f" ({hints[0]})"
    place = _PLACE.search(text)
    if place is None:
        return TypesettingError(reason)
    return TypesettingError(reason, place[1], int(place[2]))


def answer(job: Mapping[str, Any]) -> dict[str, Any]:
    """Typeset what a job in JSON asks for; give what came of it, or the error, for JSON."""
    output = Path(job["output"]) if job["output"] else None
    promise = None
    if output and job["checked"]:
        from hardwired.press.binding.net import read

        promise = read(Path(job["promise"]))
    try:
        return asdict(
            typeset(
                Path(job["main"]),
                output,
                date=job["date"],
                inputs=job["inputs"],
                low=job["low"],
                checked=job["checked"],
                promise=promise,
            )
        )
    except TypesettingError as error:
        return asdict(error)
