"""Partial credit: wrong answers that students really give, what they keep, and the reason told.

Each rule makes the wrong answer out of the right one; a claim that matches earns its share.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hardwired.course.authoring.exercise import Answer, Rule
from hardwired.course.codec import Refused, decode, encode
from hardwired.course.compare import Match, compare

__all__ = ["WAITS", "Mark", "expressions", "mark", "wrong_answer"]

WAITS = "waits"  # in place of a rule: a person must look, and until then there is no mark
TWO = 2  # digits that are fewer than one would print
KEPT_OF_TWO = 0.75

REASONS = {
    "factor": "off by the factor {factor}",
    "unit": "this is the value in {unit}, not in {answer_unit}",
    "sign": "the sign is the wrong way round: check which group is subtracted from which",
    "reciprocal": "this is the reciprocal: numerator and denominator are exchanged",
    "complement": "this is one minus the right value",
    "log_base": "this is a logarithm to base {wrong}, not to base {right}",
    "se_for_sd": "this is the standard error where the standard deviation is asked for",
    "sd_for_se": "this is the standard deviation where the standard error is asked for",
    "one_sided": "this is a one-sided p value; a two-sided one is asked for",
    "two_sided": "this is a two-sided p value; a one-sided one is asked for",
    "rounding": "rounded to {digits} digits; keep more in the variable and round in the text",
    "swapped": "the groups are exchanged",
    "value": "a known wrong way to this answer",
    "convention": "another sound way than the one asked for",
}
HABITS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("sign", {}, REASONS["sign"]),
    ("factor", {"factor": 100.0}, "100 times the right number: per cent where a share belongs?"),
    ("factor", {"factor": 0.01}, "a hundredth of the right number: a share for per cent?"),
)
BASES = {"e": math.e, "2": 2.0, "10": 10.0}


@dataclass(frozen=True)
class Mark:
    """Points of one answer, the rule that fired if any, and the reason shown to the student."""

    points: float
    most: float
    rule: str | None
    reason: str


def expressions(answer: Answer) -> Iterator[dict[str, Any]]:
    """Yield what the reference must compute for the rules of an answer."""
    for number, rule in enumerate(answer.partial):
        for key, value in rule.arguments.items():
            if key in ("value", "n") and isinstance(value, str):
                item = {"id": f"{answer.name}:{number}:{key}", "expression": value}
                if key == "value" and answer.kind == "function":
                    item["function"] = answer.name
                yield item


def mark(answer: Answer, expected: Any, got: Any, wrong: Mapping[str, Any]) -> Mark:
    """Mark one answer: right, partly right by the best rule, or not right."""
    match = compare(answer, expected, got)
    if match.right:
        return Mark(answer.points, answer.points, None, "right")
    best = Mark(0.0, answer.points, None, match.reason)
    if not match.comparable:
        return best
    for number, rule in enumerate(answer.partial):
        if rule.rule == "share":
            points, reason = answer.points * rule.keep * match.share, rule.because or match.reason
        else:
            other = wrong_answer(answer, number, rule, expected, wrong)
            if other is None or not _same(answer, rule, other, got).right:
                continue
            points, reason = answer.points * rule.keep, sentence(answer, rule)
        if points > best.points:
            best = Mark(points, answer.points, rule.rule, reason)
    if best.points:
        return best
    short = dataclasses.replace(answer, rounded=TWO)
    if answer.rounded > TWO and compare(short, expected, got).right:
        said = "right, but rounded to 2 digits; give 3 or more"
        return Mark(KEPT_OF_TWO * answer.points, answer.points, "rounding", said)
    return _by_habit(answer, expected, got) or best


def _by_habit(answer: Answer, expected: Any, got: Any) -> Mark | None:
    """Give what the commonest slips keep where an author has named no other."""
    if answer.kind not in ("number", "array"):
        return None
    plain = dataclasses.replace(answer, whole=None)
    for name, arguments, said in HABITS:
        change = _change(answer, 0, Rule(name, 0.5, said, arguments), {})
        other = _mapped(expected, change)
        if other is not None and compare(plain, other, got).right:
            return Mark(0.5 * answer.points, answer.points, name, said)
    return None


def _same(answer: Answer, rule: Rule, other: Any, got: Any) -> Match:
    """Compare with a wrong answer; that it may be printed as a whole number is no part of it."""
    answer = dataclasses.replace(answer, whole=None)
    if rule.rule == "rounding":
        answer = dataclasses.replace(answer, rel=1e-9, abs=1e-12, rounded=0)
    return compare(answer, other, got)


def sentence(answer: Answer, rule: Rule) -> str:
    """Give the reason of a rule as a student reads it."""
    if rule.because:
        return rule.because
    return REASONS[rule.rule].format(**{"answer_unit": answer.unit, **rule.arguments})


def wrong_answer(
    answer: Answer, number: int, rule: Rule, expected: Any, wrong: Mapping[str, Any]
) -> Any:
    """Give the encoded wrong answer of a rule; None if this expected value allows none."""
    name = rule.rule
    if name in ("value", "convention"):
        return wrong.get(f"{answer.name}:{number}:value")
    if name == "swapped":
        return _swapped(rule, expected)
    change = _change(answer, number, rule, wrong)
    if answer.kind == "function":
        if expected.get("t") != "tried":
            return None
        changed = [_mapped(item, change) for item in expected["v"]]
        return None if any(item is None for item in changed) else {"t": "tried", "v": changed}
    return _mapped(expected, change)


def _change(answer: Answer, number: int, rule: Rule, wrong: Mapping[str, Any]) -> Any:
    name, given = rule.rule, rule.arguments
    if name == "factor":
        return lambda x: x * float(given["factor"])
    if name == "unit":
        factor = _unit_factor(str(answer.unit), str(given["unit"]))
        return lambda x: x * factor
    if name == "log_base":
        ratio = math.log(BASES[str(given["right"])]) / math.log(BASES[str(given["wrong"])])
        return lambda x: x * ratio
    if name in ("se_for_sd", "sd_for_se"):
        n = given["n"]
        if isinstance(n, str):
            try:
                n = decode(wrong.get(f"{answer.name}:{number}:n"))
            except Refused:
                n = math.nan
        root = float(n) ** 0.5
        return (lambda x: x / root) if name == "se_for_sd" else (lambda x: x * root)
    if name == "rounding":
        return lambda x: float(f"{x:.{int(given['digits'])}g}")
    return {
        "sign": lambda x: -x,
        "reciprocal": lambda x: 1 / x if x else math.nan,
        "complement": lambda x: 1 - x,
        "one_sided": lambda x: x / 2,
        "two_sided": lambda x: x * 2,
    }[name]


_units = threading.Lock()


@functools.cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()


@functools.cache
def _factor(right: str, wrong: str) -> float:
    return float(_registry().Quantity(1.0, right).to(wrong).magnitude)


def _unit_factor(right: str, wrong: str) -> float:
    """Give number of ``wrong`` units in one ``right``; Pint's registry is not made for threads."""
    with _units:
        return _factor(right, wrong)


def _mapped(expected: Any, change: Any) -> Any:
    import numpy as np

    try:
        value = decode(expected)
    except Refused:
        return None
    if type(value) in (int, float):
        return encode(change(float(value)))
    if type(value).__name__ == "ndarray" and value.dtype.kind in "fi":
        return encode(np.array([change(float(x)) for x in value.flat]).reshape(value.shape))
    if type(value) is list and all(type(x) in (int, float) for x in value):
        return encode([change(float(x)) for x in value])
    if type(value).__name__ == "DataFrame":
        value = value.copy()
        for name in value.columns:
            if value[name].dtype.kind in "fi":
                value[name] = [change(float(x)) for x in value[name]]
        return encode(value)
    return None


def _swapped(rule: Rule, expected: Any) -> Any:
    try:
        value = decode(expected)
    except Refused:
        return None
    if type(value) is list or type(value).__name__ == "ndarray":
        return encode(value[::-1])
    if type(value).__name__ == "DataFrame" and (pair := rule.arguments.get("columns")):
        a, b = pair
        return encode(value.rename(columns={a: b, b: a}))
    return None
