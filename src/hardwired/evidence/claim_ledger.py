"""The article's claims, weighed, as frozen values: a claim, its parts, the outcomes of a part.

What reads them from `claims.yml` lives in :mod:`hardwired.evidence.claim_reading`; what holds them
to the rules of evidence, in :mod:`hardwired.evidence.checks`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hardwired.evidence.schema import CERTAINTIES, CERTAINTY_LEVELS, VERDICTS


@dataclass(frozen=True)
class ClaimReference:
    """A work that speaks to a claim.

    Parameters
    ----------
    key
        Bibliography key.
    role
        ``for``, ``against`` or ``qualifies``.
    why
        One sentence: what it found that matters here.
    outcome
        What the work measured: ``human``, ``human-mechanism``, ``animal``, ``cell``, ``context``.
    line
        Line in `claims.yml`.
    """

    key: str
    role: str
    why: str
    outcome: str
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Effect:
    """A number with its interval, as printed or computed for an outcome.

    Parameters
    ----------
    scale
        A key of :data:`hardwired.evidence.schema.SCALES`.
    value
        The estimate on that scale.
    low, high
        Limits of the interval, or None where none is known.
    level
        Level of the interval in percent.
    """

    scale: str
    value: float
    low: float | None = None
    high: float | None = None
    level: float = 95.0


@dataclass(frozen=True)
class Move:
    """A reason that moves the certainty of an outcome, by how many steps, and why."""

    reason: str
    steps: int
    why: str


@dataclass(frozen=True)
class Numbers:
    """What a synthesis prints beside its effect, for the suggestion of certainty.

    Parameters
    ----------
    events
        People with the event in all arms together.
    i2
        Share of the scatter that is not chance, in percent.
    tau2
        Variance between studies on the scale of the effect.
    small_study_p
        p of the test for small-study effects (Egger's, Begg's).
    """

    events: int | None = None
    i2: float | None = None
    tau2: float | None = None
    small_study_p: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What was found on one outcome, and how certain that is.

    Parameters
    ----------
    outcome
        What was measured.
    kind
        ``human``, ``human-mechanism``, ``animal`` or ``cell``.
    population, comparison
        In whom; what with what.
    studies, people
        How many of each, counted once; None where it is not known.
    effect
        The pooled or only number, or None.
    finding
        The result in words, or empty.
    starts
        ``high`` (randomised, experiment) or ``low`` (observed).
    lowers, raises
        What moves the certainty down and up.
    certainty
        A key of :data:`hardwired.evidence.schema.CERTAINTIES`.
    certainty_why
        Why the certainty is not what the moves, or the computed suggestion, give; may be empty.
    numbers
        What a synthesis prints beside its effect.
    references
        Bibliography keys.
    line, lines
        Where it stands in `claims.yml`, and where each part of it.
    """

    outcome: str
    kind: str
    population: str
    comparison: str
    studies: int | None
    people: int | None
    effect: Effect | None
    finding: str
    starts: str
    lowers: tuple[Move, ...]
    raises: tuple[Move, ...]
    certainty: str
    certainty_why: str
    numbers: Numbers
    references: tuple[str, ...]
    line: int = field(default=0, compare=False, repr=False)
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False, hash=False)

    @property
    def certainty_words(self) -> str:
        """The certainty as a reader sees it."""
        return CERTAINTIES[self.certainty]

    @property
    def certainty_by_moves(self) -> str:
        """The certainty that the start, minus what lowers, plus what raises, gives."""
        steps = sum(move.steps for move in self.raises) - sum(move.steps for move in self.lowers)
        return moved(self.starts, steps)

    def at(self, name: str) -> int:
        """Return the line of a part, or that of the outcome when it has no such part."""
        return self.lines.get(name, self.line)


@dataclass(frozen=True)
class Part:
    """A part of a claim that is judged by itself.

    Parameters
    ----------
    id
        ``a``, ``b``, ...
    statement
        What is judged, in our words.
    question
        Who, what, compared with what, which outcome.
    verdict
        A key of :data:`hardwired.evidence.schema.VERDICTS`.
    verdict_reasons
        Why that verdict.
    would_change
        What result would change the verdict.
    searches
        Ids of `searches.csv`.
    outcomes
        What was found, outcome by outcome.
    references
        Works for, against and qualifying.
    line, lines
        Where it stands in `claims.yml`, and where each piece of it.
    """

    id: str
    statement: str
    question: str
    verdict: str
    verdict_reasons: str
    would_change: str
    searches: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    references: tuple[ClaimReference, ...]
    line: int = field(default=0, compare=False, repr=False)
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False, hash=False)

    @property
    def verdict_words(self) -> str:
        """The verdict as a reader sees it."""
        return VERDICTS[self.verdict]

    def at(self, name: str) -> int:
        """Return the line of a piece, or that of the part when it has no such piece."""
        return self.lines.get(name, self.line)


@dataclass(frozen=True)
class Claim:
    """One statement of the article and what the evidence makes of it.

    Parameters
    ----------
    id
        ``C1`` to ``C22``.
    chapter
        Chapter that weighs it, ``05-wounds``.
    article_says
        The statement in our words.
    parts
        What is judged, part by part; at least one.
    teacher
        What a careful teacher would say instead.
    line, lines
        Where it stands in `claims.yml`, and where each part of it.
    """

    id: str
    chapter: str
    article_says: str
    parts: tuple[Part, ...]
    teacher: str
    line: int = field(default=0, compare=False, repr=False)
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False, hash=False)

    @property
    def number(self) -> int:
        """The number in the id, for sorting."""
        return int(self.id[1:])

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The verdicts of its parts, each once, in the order of the parts."""
        return tuple(dict.fromkeys(part.verdict for part in self.parts))

    @property
    def references(self) -> tuple[ClaimReference, ...]:
        """The references of all its parts."""
        return tuple(reference for part in self.parts for reference in part.references)

    def at(self, name: str) -> int:
        """Return the line of a part, or that of the claim when it has no such part."""
        return self.lines.get(name, self.line)


def moved(starts: str, steps: int) -> str:
    """Return the certainty some steps above (or, negative, below) a start, within the scale.

    Parameters
    ----------
    starts
        A key of :data:`hardwired.evidence.schema.CERTAINTIES`.
    steps
        Whole number.
    """
    level = CERTAINTY_LEVELS[starts] + steps
    return list(CERTAINTIES)[4 - min(4, max(1, level))]
