"""The words of a summary-of-findings table: outcome, who, how many, effect, certainty.

No docutils tables here; :mod:`hardwired.pages.directives.claims` sets them.
"""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from hardwired.evidence.certainty import suggestion
from hardwired.evidence.claim_ledger import Effect, Outcome, Part
from hardwired.evidence.schema import (
    CERTAINTIES,
    CERTAINTY_LEVELS,
    CERTAINTY_REASONS,
    OUTCOMES,
    SCALES,
    STARTS,
)
from hardwired.house.numbers import true_minus

HEADINGS = ("Outcome", "In whom, and what was compared", "Found", "Certainty")
WIDTHS = (22, 30, 28, 20)
_FILLED, _EMPTY = "\u25cf", "\u25cb"


def finding_rows(part: Part) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each outcome's row, all but the last, as one line of markup each."""
    for outcome in part.outcomes:
        kind = "" if outcome.kind == "human" else f" ({OUTCOMES[outcome.kind]})"
        yield (
            f"{outcome.outcome}{kind}",
            f"{outcome.population}: {outcome.comparison}{count_words(outcome)}",
            found_words(outcome),
        )


def count_words(outcome: Outcome) -> str:
    """Return how many studies and people, for the end of a sentence: ``; 3 studies, 83 people``."""
    words = []
    if outcome.studies is not None:
        words.append(f"{outcome.studies:,} {'study' if outcome.studies == 1 else 'studies'}")
    if outcome.people is not None:
        people = {"animal": "animals", "cell": "samples"}.get(outcome.kind, "people")
        words.append(f"{outcome.people:,} {people}")
    return f"; {', '.join(words)}" if words else ""


def certainty_range(part: Part) -> str:
    """Return the certainty of a part's outcomes in words: ``very low``, ``very low to low``."""
    levels = sorted({CERTAINTY_LEVELS[outcome.certainty] for outcome in part.outcomes})
    words = {level: CERTAINTIES[name].lower() for name, level in CERTAINTY_LEVELS.items()}
    return " to ".join(dict.fromkeys(words[level] for level in (levels[0], levels[-1])))


def found_words(outcome: Outcome) -> str:
    """Return effect with interval and finding: ``r 0.083 (0.025 to 0.141). ...``."""
    words = [f"{effect_words(outcome.effect)}."] if outcome.effect else []
    return " ".join([*words, *([outcome.finding] if outcome.finding else [])])


def effect_words(effect: Effect) -> str:
    """Return a number with its interval: ``odds ratio 1.08 (1.01 to 1.15)``."""
    text = f"{SCALES[effect.scale]} {true_minus(f'{effect.value:g}')}"
    if effect.low is None or effect.high is None:
        return text
    limits = f"{true_minus(f'{effect.low:g}')} to {true_minus(f'{effect.high:g}')}"
    level = "" if effect.level == 95 else f"{effect.level:g} % interval "
    return f"{text} ({level}{limits})"


def certainty_span(outcome: Outcome) -> list[nodes.Node]:
    """Return the certainty as circles and in words, and what the numbers alone suggest."""
    level = CERTAINTY_LEVELS[outcome.certainty]
    marks = _FILLED * level + _EMPTY * (len(CERTAINTIES) - level)
    suggested = suggestion(outcome).certainty
    differs = suggested != outcome.certainty
    numbers = f" (numbers alone: {suggested_words(outcome)})" if differs else ""
    return [
        nodes.inline("", marks, classes=["hw-certainty-marks"]),
        nodes.Text(f" {outcome.certainty_words}{numbers}"),
    ]


def suggested_words(outcome: Outcome) -> str:
    """Return the computed certainty in words, small."""
    return CERTAINTIES[suggestion(outcome).certainty].lower()


def certainty_reasons(outcome: Outcome) -> str:
    """Return in words how the certainty of an outcome came about, from start to end."""
    words = [f"*{outcome.outcome}.* Starts {outcome.starts} ({STARTS[outcome.starts]})."]
    for sign, moves in (("\u2212", outcome.lowers), ("+", outcome.raises)):
        for move in moves:
            reason = CERTAINTY_REASONS[move.reason]
            words.append(f"{reason} ({sign}{move.steps}): {move.why.rstrip('.')}.")
    words.append(f"Given: {outcome.certainty_words.lower()};")
    words.append(f"the numbers alone suggest {suggested_words(outcome)}.")
    if outcome.certainty_why:
        words.append(outcome.certainty_why)
    return " ".join(words)
