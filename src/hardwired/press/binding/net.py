"""The net under the typesetter: what the sources promise and the PDF does not hold.

A typesetter that lays pages out again may lose lines without a word. So every text of the sources,
sign by sign, and the words of every formula and picture are looked for in the finished PDF, in the
order in which it is read aloud; a text counts once, so that its twin elsewhere does not stand for
it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from hardwired.press.binding.tagged_text import Tagged
from hardwired.press.binding.tagged_text import read as read_pdf
from hardwired.press.promise import Block, Promise, signs

__all__ = ["Lost", "beside", "lost", "missing", "read", "write"]

_WITHIN = 2500
"""Signs that print may add between two runs of a text: a formula, an address, a note."""
_BETWEEN = 4000
"""Signs that print may add between two texts: the small contents of a chapter, a note."""
_SHORT = 12
"""A text of fewer signs is looked for between its neighbours; it would be found anywhere else."""
_NEAR = 300
"""Signs that print may add beside a short text whose neighbours stand in another order."""
_TRIES = 200

Span = tuple[int, int]


@dataclass(frozen=True)
class Lost:
    """A text that is not on paper.

    Attributes
    ----------
    place : str
        Where it stands in the sources.
    what : str
        How it begins, in signs alone.
    """

    place: str
    what: str


def beside(main: Path) -> Path:
    """Give the file of the promise that belongs to a Typst file."""
    return main.with_suffix(".promise.json")


def write(path: Path, promise: Promise) -> None:
    """Leave a promise for whoever typesets."""
    path.write_text(json.dumps(asdict(promise)), encoding="utf-8")


def read(path: Path) -> Promise:
    """Read a promise."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    blocks = tuple(Block(it["place"], tuple(it["runs"])) for it in kept["blocks"])
    said = tuple((place, words, latex) for place, words, latex in kept["said"])
    return Promise(blocks, said, kept["named"])


def lost(pdf: bytes, promise: Promise) -> list[Lost]:
    """Name what a promise holds and a PDF does not.

    Parameters
    ----------
    pdf : bytes
        A tagged PDF.
    promise : Promise
        What it is to hold.
    """
    return missing(read_pdf(pdf), promise)


def missing(told: Tagged, promise: Promise) -> list[Lost]:
    """Name what a promise holds and what is read aloud from a PDF does not."""
    texts = _missing(promise.blocks, signs(told.text))
    found = [Lost(it.place, _beginning(it)) for it in texts]
    unsaid = Counter(words for _, words, _ in promise.said)
    unsaid.subtract(told.said)
    for place, words, _ in promise.said:
        if unsaid[words] > 0:
            unsaid[words] -= 1
            found.append(Lost(place, words))
    return found


def _beginning(block: Block) -> str:
    return " ... ".join(block.runs)[:60]


def _missing(blocks: Sequence[Block], text: str) -> Iterator[Block]:
    """Give the texts that are not found: first the long ones, then the short ones among them."""
    taken: set[int] = set()
    spans: list[Span | None] = [None] * len(blocks)
    position = 0
    for number, block in enumerate(blocks):
        if _is_short(block):
            continue
        span = _find(block.runs, text, position, position + _BETWEEN, taken)
        if span is not None:
            position = span[1]
        else:
            span = _find(block.runs, text, 0, len(text), taken)
        if span is not None:
            spans[number] = span
            taken.add(span[0])
    following = _following(spans, len(text))
    before = (0, 0)
    for number, block in enumerate(blocks):
        if _is_short(block):
            spans[number] = _among(block.runs, text, before, following[number], taken)
        span = spans[number]
        if span is None:
            yield block
            continue
        taken.add(span[0])
        before = span


def _is_short(block: Block) -> bool:
    return sum(map(len, block.runs)) < _SHORT


def _following(spans: Sequence[Span | None], end: int) -> list[int]:
    """Give for each text where the next one that has been found begins."""
    starts = []
    for span in reversed(spans):
        starts.append(end)
        end = end if span is None else span[0]
    return starts[::-1]


def _among(
    runs: Sequence[str], text: str, before: Span, following: int, taken: set[int]
) -> Span | None:
    """Find a short text after the one before it, or close before the one that follows.

    Where these two have twins and were found at each other's places, it stands round about them.
    """
    stop = following if following > before[1] else before[1] + _NEAR
    return (
        _find(runs, text, before[1], stop, taken)
        or _find(runs, text, max(following - _NEAR, 0), following, taken)
        or _find(runs, text, max(before[0] - _BETWEEN, 0), before[1] + _BETWEEN, taken)
    )


def _find(runs: Sequence[str], text: str, start: int, stop: int, taken: set[int]) -> Span | None:
    """Find runs one after the other; give where they begin and end."""
    longest = max(range(len(runs)), key=lambda number: len(runs[number]))
    at = start
    for _ in range(_TRIES):
        at = text.find(runs[longest], at, stop + _WITHIN if longest else stop + len(runs[0]))
        if at < 0:
            return None
        span = _around(runs, longest, at, text, start)
        if span is not None and span[0] not in taken and span[0] <= stop:
            return span
        at += 1
    return None


def _around(runs: Sequence[str], longest: int, at: int, text: str, start: int) -> Span | None:
    """Find the runs before and after the longest one."""
    begin = at
    for run in reversed(runs[:longest]):
        begin = text.rfind(run, max(start, begin - _WITHIN - len(run)), begin)
        if begin < 0:
            return None
    end = at + len(runs[longest])
    for run in runs[longest + 1 :]:
        after = text.find(run, end, end + _WITHIN + len(run))
        if after < 0:
            return None
        end = after + len(run)
    return begin, end
