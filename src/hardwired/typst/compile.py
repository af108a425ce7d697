"""The call of the typesetter: PDF/UA-1, its own fonts only, a date that does not move."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typst

__all__ = ["Typeset", "TypesettingError", "source_date", "typeset"]


@dataclass(frozen=True)
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
    """

    reason: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return self.reason


def source_date(folder: Path) -> int:
    """Give the date that a build carries, in seconds since 1970.

    ``SOURCE_DATE_EPOCH`` if it is set, else the date of the last commit, else 1 January 2026:
    never the clock, so that the same source gives the same bytes.
    """
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(epoch)
    command = ["git", "-C", str(folder), "log", "-1", "--format=%ct"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 1767225600
    return int(answer.stdout.strip() or 1767225600)


PASSES = 6
"""How often the book is typeset at most until no figure floats above a chapter's title."""


@dataclass(frozen=True)
class Typeset:
    """A finished PDF.

    Attributes
    ----------
    pages : int
        How many pages it has.
    remarks : tuple of str
        What the typesetter warned of.
    """

    pages: int
    remarks: tuple[str, ...] = ()


def _floats_above_titles(compiler: typst.Compiler) -> set[str]:
    """Give the figures that a pass has let float above the title of a chapter."""

    def ask(label: str) -> list[dict]:
        return json.loads(compiler.query(f"<{label}>", field="value"))

    openers = {opener["page"]: opener["y"] for opener in ask("hw-opener")}
    return {
        figure["key"] for figure in ask("hw-float") if figure["y"] < openers.get(figure["page"], 0)
    }


_PLACE = re.compile(r"(?:┌─|-->|at)\s*(\S+?):(\d+)")


def typeset(
    main: Path,
    output: Path,
    *,
    date: int,
    inputs: Mapping[str, str] | None = None,
) -> Typeset:
    """Typeset a file and put the PDF in place only when it is whole.

    Parameters
    ----------
    main : pathlib.Path
        The Typst file; its folder is the root of all paths in it.
    output : pathlib.Path
        Where the PDF goes; what stands there stays if the typesetter refuses.
    date : int
        Seconds since 1970, for the document's date.
    inputs : mapping of str to str
        Values that the file reads as ``sys.inputs``.

    Returns
    -------
    Typeset
        How many pages it has, and what the typesetter remarked.

    Raises
    ------
    TypesettingError
        If the typesetter refuses.
    """
    inputs = dict(inputs or {})
    low: set[str] = set()
    try:
        for _ in range(PASSES):
            inputs["low"] = json.dumps(sorted(low))
            compiler = typst.Compiler(
                str(main), root=str(main.parent), ignore_system_fonts=True, sys_inputs=inputs
            )
            above = _floats_above_titles(compiler)
            if above <= low:
                break
            low |= above
        pages = json.loads(compiler.query("<hw-page-count>", field="value"))
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards="ua-1", timestamp=date
        )
    except (typst.TypstError, RuntimeError) as error:
        raise _explained(error) from None
    output.parent.mkdir(parents=True, exist_ok=True)
    draft = output.with_name(output.name + ".part")
    assert isinstance(pdf, bytes)
    draft.write_bytes(pdf)
    draft.replace(output)
    count = pages[-1] if pages else 1
    return Typeset(
        count if inputs.get("paper") == "screen" else count + count % 2,
        tuple(warning.message for warning in warnings),
    )


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
