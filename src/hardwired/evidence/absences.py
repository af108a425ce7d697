"""Sentences that claim an absence, a uniqueness or a priority: found, and what answers for them.

A sentence such as "nobody has tried it" claims that somebody looked. It is answered for by the
role ``{searched}`` in it, which names a row of `searches.csv`, or, where it claims nothing of the
kind ("nobody should change a medicine"), by a row of `absences.csv` with the reason. The finder
proposes; it takes too many rather than too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hardwired.evidence.csv_rows import Row
from hardwired.evidence.sources import shown

_WORK = (
    r"(?:trials?|stud(?:y|ies)|experiments?|synthes[ie]s|meta-analys[ei]s|reviews?|papers?|works?"
    r"|records?|reports?|cohorts?|surveys?|tests?|comparisons?|repetitions?|replications?"
    r"|evidence|measurements?|register|letters?|authors?|teams?|laborator(?:y|ies)|proof|data)"
)
_DONE = (
    r"(?:tested|shown|studied|measured|tried|done|repeated|replicated|found|published|pooled"
    r"|looked|asked|reported|compared|examined|followed|seen|known|proved|proven|established"
    r"|settled|understood|checked|confirmed|answered|investigated|observed|demonstrated|explained"
    r"|described|traced|randomised|clear|certain|available|been)"
)
_SIGNS = (
    r"nobody|no[- ]one\b|no author|no group has|none (?:has|have|of (?:them|these|the) \w+ (?:has|"
    r"tested|measured|was|were|looked))",
    rf"no (?:\w[\w-]* ){{0,2}}{_WORK}\b",
    rf"(?:has|have|had|'s|is|are) (?:not|never)(?: yet| ever| so far)?(?: \w+)? {_DONE}",
    rf"(?:not|never) (?:yet |been |yet been )?{_DONE} (?:here|in (?:people|humans|women|men|"
    r"animals|patients|any)|so far|yet|again)",
    r"never been|not yet\b|never yet|yet to be|have yet to|has yet to|still (?:waits?|awaits?|to be"
    r"|missing|lacking|unproven)|awaits?\b",
    r"unknown|untested|unstudied|unexplored|unproven|unmeasured|unreplicated|unrepeated|unanswered"
    r"|unsettled|unclear|not known|not shown|not clear|remains? open|open question|is open\b",
    r"know of (?:no|none|only)|knows? of (?:no|none)|(?:found|saw|met|know) (?:no|none|nothing)\b"
    r"|none (?:that )?we (?:found|know|saw)|that we (?:found|know of|saw|could find)"
    r"|we found\b|(?:as|so) far as (?:we|anybody)|to our knowledge|(?:could|did) not find"
    r"|nothing (?:was|is|has been) (?:found|known|published|shown|done)",
    rf"there (?:is|are|was|were|has been|have been) (?:no|none|nothing|neither|never)\b"
    rf"|(?:lacks?|lacking|missing|wanting) (?:\w+ ){{0,2}}{_WORK}|without (?:any|a single) {_WORK}"
    rf"|{_WORK} (?:is|are) (?:lacking|missing|absent|wanting)",
    r"the only\b|the sole\b|unique|alone among|exists? only|only (?:published|known|randomised"
    r"|controlled|human)",
    rf"(?:the|only) (?:one|single|sole|two|three|few)(?: \w[\w-]*){{0,2}} {_WORK}\b|only a (?:"
    rf"single|few)(?: \w[\w-]*){{0,2}} {_WORK}\b|only one(?: \w[\w-]*){{0,2}} {_WORK}\b",
    rf"for the first time|the (?:very )?first(?: \w[\w-]*){{0,2}} (?:{_WORK}|people|person|time|to|"
    r"who|description|drug|model)\b|first (?:to|shown|described|reported|published|measured)\b",
    rf"(?:the|its|their) (?:\w+ )?(?:largest|biggest|newest|latest|longest|oldest|earliest|smallest"
    rf"|strictest|most (?:recent|careful|thorough))(?:[ ,]+\w[\w-]*){{0,3}} {_WORK}\b"
    r"|(?:largest|newest|longest|biggest) (?:so far|yet|ever|of (?:all|its kind))",
)
SIGN = re.compile(rf"\b(?:{'|'.join(_SIGNS)})", re.IGNORECASE)
"""What gives such a sentence away."""

_ROLE = re.compile(r"\{searched\}`[^`]*`")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_OPTION = re.compile(r"^\s*:[\w-]+:(?:\s|$)")
_CODE_TEXT = re.compile(r"`[^`]*`|\$[^$]*\$|\{[\w:-]+\}")
_SENTENCE_END = re.compile(r"[.?!][\"”')*]*(?:\{[\w:]+\}`[^`]*`)*\s+(?=[A-Z\"“*\[{(])")


@dataclass(frozen=True, order=True)
class Absence:
    """A sentence that claims an absence, a uniqueness or a priority.

    Parameters
    ----------
    file, line
        Where it stands.
    sentence
        Its words.
    sign
        The words that gave it away.
    answered
        Whether a search stands in it.
    """

    file: str
    line: int
    sentence: str
    sign: str
    answered: bool

    @property
    def chapter(self) -> str:
        """The chapter that it belongs to, or an empty text for front and back matter."""
        match = re.search(r"0[1-8]-[a-z]+", self.file)
        return match.group() if match else ""


def pages(root: Path) -> Iterator[Path]:
    """Yield the texts of book and exercises that are held to the rule."""
    yield from sorted((root / "book" / "chapters").glob("*.md"))
    for name in ("exercise.md", "quiz.yml"):
        yield from sorted((root / "exercises").glob(f"*/{name}"))


def absences(root: Path) -> Iterator[Absence]:
    """Yield every sentence of book and exercises that claims an absence, in their order.

    Parameters
    ----------
    root
        Top of the repository.
    """
    for path in pages(root):
        name = shown(path, root)
        for line, text in _prose(path):
            for sentence in _sentences(text):
                sign = SIGN.search(_CODE_TEXT.sub(" ", _ROLE.sub("", sentence)))
                if sign:
                    answered = bool(_ROLE.search(sentence))
                    yield Absence(name, line, sentence.strip(), sign.group().lower(), answered)


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a line; a role behind a full stop belongs to what stands before it."""
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        yield text[begin : end.end()]
        begin = end.end()
    yield text[begin:]


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that a reader reads, with their numbers: no code, no options."""
    text = path.read_text(encoding="utf-8", errors="replace")
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        opening = _FENCE.match(line)
        if opening and not fence:
            # A directive in backticks holds text for readers; a cell of code does not.
            code = re.search(r"\{code-cell\}|`{3}\w+\s*$|`{3}\s*$|\{(?:mermaid|math)\}", line)
            fence = opening.group(1) if code else ""
            continue
        if fence:
            closed = line.strip() == fence
            said = re.match(r"#\|\s*(?:caption|alt):\s*(.*)", line)
            if closed:
                fence = ""
            elif said:
                yield number, said.group(1)
            elif re.match(r"\s+(?:caption|alt): ", line):
                yield number, line.partition(": ")[2]
            continue
        if line.strip() and not _OPTION.match(line) and not line.startswith(("%", "(")):
            yield number, line.strip()


def open_absences(root: Path, rows: list[Row]) -> tuple[list[Absence], list[Row]]:
    """Return the sentences that nothing answers for, and the exemptions that fit no sentence.

    Parameters
    ----------
    root
        Top of the repository.
    rows
        Of `absences.csv`: `file` and `words` name a sentence, `reason` says why it is innocent.
    """
    idle = {row["id"]: row for row in rows}
    waiting = []
    for absence in absences(root):
        fitting = [
            row for row in rows if row["file"] == absence.file and row["words"] in absence.sentence
        ]
        for row in fitting:
            idle.pop(row["id"], None)
        if not fitting and not absence.answered:
            waiting.append(absence)
    return waiting, list(idle.values())
