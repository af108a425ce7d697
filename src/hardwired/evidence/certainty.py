"""A certainty of an outcome suggested from its numbers alone, after the rules of thumb of GRADE.

Nobody's judgement is in it: it knows how the evidence starts, what kind it is, whether its interval
holds no effect, how many people and events there are, how much the studies differ and whether small
ones stand out. Risk of bias it cannot see, so it takes what the judge says of it. What differs from
the given certainty has to be argued in `certainty_why`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hardwired.evidence.claim_ledger import Effect, Move, Outcome, moved
from hardwired.evidence.schema import DIFFERENCE_SCALES, RATIO_SCALES

FEW_PEOPLE = 400
"""Fewer people than this are few for a mean or a correlation: about the number with which a trial
of two arms finds 0.28 standard deviations with 80 % power."""

VERY_FEW_PEOPLE = 100
"""Fewer than this, and one more or less can change the answer: 0.57 standard deviations."""

FEW_EVENTS = 300
"""Fewer events than this are few for a ratio of risks."""

MUCH_SCATTER = 50.0
"""From this share of scatter beyond chance (I2, percent) studies differ in earnest."""

SMALL_STUDY_P = 0.10
"""Below this p the test for small-study effects, which has little power, is a warning."""

LARGE, VERY_LARGE = 2.0, 5.0
"""Ratios (or their inverse) that an observed association must reach to count as large."""

MATTERS = {"standardised": 0.5, "r": 0.24, "ratio": 1.5}
"""Effects that would matter if they were true: half a standard deviation, the same as a
correlation, half as often again. An interval that holds no effect and such a one says little."""

_STANDARDISED = ("d", "g", "smd")
_INDIRECT = {"human": 0, "human-mechanism": 1, "animal": 2, "cell": 3}


@dataclass(frozen=True)
class Suggestion:
    """A certainty computed from numbers, and the steps that led there."""

    certainty: str
    steps: tuple[Move, ...]


def suggestion(outcome: Outcome) -> Suggestion:
    """Return the certainty that the numbers of an outcome suggest.

    Parameters
    ----------
    outcome
        As judged; of its judgement only what no number tells is taken over: risk of bias, dose
        and response, and a large effect where no effect is printed.
    """
    down = [*_bias(outcome), *_imprecision(outcome), *_inconsistency(outcome)]
    down += [*_indirectness(outcome), *_small_studies(outcome)]
    up = list(_large(outcome, down))
    unseen = {"dose-response"} | ({"large-effect"} if outcome.effect is None else set())
    up += [move for move in outcome.raises if move.reason in unseen]
    steps = sum(move.steps for move in up) - sum(move.steps for move in down)
    return Suggestion(moved(outcome.starts, steps), (*down, *up))


def holds_no_effect(effect: Effect) -> bool | None:
    """Return whether an interval contains no effect; None where there is no interval."""
    null = null_of(effect.scale)
    if null is None or effect.low is None or effect.high is None:
        return None
    return effect.low <= null <= effect.high


def null_of(scale: str) -> float | None:
    """Return the value of no effect on a scale, or None where a scale has none."""
    if scale in RATIO_SCALES or scale.startswith("ratio-of-"):
        return 1.0
    differences = (*DIFFERENCE_SCALES, "r", "beta", "median-difference", "percent-change")
    return 0.0 if scale in differences else None


def is_wide(effect: Effect) -> bool | None:
    """Return whether an interval reaches an effect that would matter.

    None where there is no interval, or where the scale has units of its own, so that nobody can
    say without the subject what matters.
    """
    if effect.low is None or effect.high is None:
        return None
    if effect.scale in RATIO_SCALES or effect.scale.startswith("ratio-of-"):
        return effect.high >= MATTERS["ratio"] or effect.low <= 1 / MATTERS["ratio"]
    if effect.scale in _STANDARDISED:
        return max(-effect.low, effect.high) >= MATTERS["standardised"]
    if effect.scale == "r":
        return max(-effect.low, effect.high) >= MATTERS["r"]
    return None


def _bias(outcome: Outcome) -> Iterator[Move]:
    for move in outcome.lowers:
        if move.reason == "risk-of-bias":
            yield move


def _imprecision(outcome: Outcome) -> Iterator[Move]:
    """Yield one step, or two, for an interval or a number of people that leaves much open.

    An interval that holds no effect and nothing that matters is an exact null: no step.
    """
    effect, people, events = outcome.effect, outcome.people, outcome.numbers.events
    steps, why = 0, []
    held = holds_no_effect(effect) if effect is not None else None
    if effect is None or held is None:
        steps, why = 1, ["there is no interval"]
    elif held and is_wide(effect) is not False:
        steps, why = 1, ["the interval holds no effect and one that would matter"]
        if is_wide(effect) is None:
            why = ["the interval holds no effect"]
    if people is not None and people < VERY_FEW_PEOPLE:
        steps, why = 2, [*why, f"under {VERY_FEW_PEOPLE} people"]
    elif people is not None and people < FEW_PEOPLE and not steps:
        steps, why = 1, [f"under {FEW_PEOPLE} people"]
    elif events is not None and events < FEW_EVENTS and not steps:
        steps, why = 1, [f"under {FEW_EVENTS} events"]
    if steps:
        yield Move("imprecision", steps, "; ".join(why))


def _inconsistency(outcome: Outcome) -> Iterator[Move]:
    i2 = outcome.numbers.i2
    if i2 is not None and i2 >= MUCH_SCATTER:
        yield Move("inconsistency", 1, f"I2 is {i2:g} %")


def _indirectness(outcome: Outcome) -> Iterator[Move]:
    steps = _INDIRECT[outcome.kind]
    if steps:
        yield Move("indirectness", steps, f"measured {outcome.kind}")


def _small_studies(outcome: Outcome) -> Iterator[Move]:
    p = outcome.numbers.small_study_p
    if p is not None and p < SMALL_STUDY_P:
        yield Move("publication-bias", 1, f"small studies stand out (p = {p:g})")


def _large(outcome: Outcome, down: list[Move]) -> Iterator[Move]:
    """Yield a step up for a large ratio that was observed, is exact, and is not in doubt."""
    effect = outcome.effect
    if outcome.starts == "high" or down or effect is None or effect.scale not in RATIO_SCALES:
        return
    if effect.low is None or effect.high is None or holds_no_effect(effect):
        return
    ratio = max(effect.value, 1 / effect.value)
    if ratio >= LARGE:
        yield Move("large-effect", 2 if ratio >= VERY_LARGE else 1, f"a ratio of {effect.value:g}")
