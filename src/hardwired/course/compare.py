"""Is a claimed answer the expected one? The expected side decides type, shape and tolerance.

Both sides arrive as encoded values (`hardwired.course.codec`); the claimed one may be hostile.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hardwired.course import forms
from hardwired.course.authoring.exercise import Answer
from hardwired.course.border.text import cut
from hardwired.course.codec import Refused, decode

__all__ = ["Match", "close", "compare", "near", "rounds_to"]


@dataclass(frozen=True)
class Match:
    """Share of the entries that are right (1.0: all of them), and the reason if not all are."""

    share: float
    reason: str = ""
    comparable: bool = True

    @property
    def right(self) -> bool:
        """Whether everything is right."""
        return self.share == 1.0


def close(expected: float, got: float, rel: float, absolute: float) -> bool:
    """Within either tolerance; NaN equals only an expected NaN, an infinity only itself."""
    if math.isnan(expected) or math.isnan(got):
        return math.isnan(expected) and math.isnan(got)
    if math.isinf(expected) or math.isinf(got):
        return expected == got
    return abs(expected - got) <= max(rel * abs(expected), absolute)


def near(answer: Answer, expected: float, got: float, scale: float | None = None) -> bool:
    """Whether a number is right: within its tolerance, or the right one in three digits or more."""
    if close(expected, got, answer.rel, answer.abs):
        return True
    return answer.rounded > 0 and (
        rounds_to(expected, got, answer.rounded, scale) or _as_whole(answer, expected, got)
    )


def rounds_to(expected: float, got: float, digits: int, scale: float | None = None) -> bool:
    """Whether ``got`` is ``expected`` rounded to so many significant digits, or to more.

    A whole number has no digits to lose. The digits are those of the number itself, or of
    ``scale``, a larger number beside it.
    """
    if not (math.isfinite(expected) and math.isfinite(got)) or expected == 0:
        return False
    if float(expected).is_integer():
        return False
    first = math.floor(math.log10(max(abs(expected), abs(scale or 0.0))))
    for more in range(10):
        unit = 10.0 ** (first - digits + 1 - more)
        whole = got / unit
        if abs(whole - round(whole)) < 1e-6 and abs(got - expected) <= 0.5000001 * unit:
            return True
    return False


def _as_whole(answer: Answer, expected: float, got: float) -> bool:
    """Whether ``got`` is the whole number that the field prints for ``expected``."""
    if not answer.whole or not float(got).is_integer() or not math.isfinite(expected):
        return False
    printed = {math.floor(expected + 0.5), round(expected)}
    if answer.whole == "up":
        printed.add(math.ceil(expected - 1e-9))
    return int(got) in printed


def compare(answer: Answer, expected: Any, got: Any) -> Match:
    """Compare a claimed answer with the expected one.

    Parameters
    ----------
    answer : Answer
        Its kind, tolerance, columns and key.
    expected, got : dict
        Encoded values; ``got`` may be anything at all.

    Returns
    -------
    Match
        ``comparable`` is False if the claim has the wrong type or shape.
    """
    kind = got.get("t") if type(got) is dict else None
    if kind == "missing" or got is None:
        return Match(0.0, f"There is no {answer.name}.", False)
    if kind == "refused":
        return Match(0.0, f"{answer.name} {_clip(got.get('v'))}.", False)
    if answer.kind == "function":
        return _function(answer, expected, got)
    try:
        value = decode(got)
    except Refused as error:
        return Match(0.0, f"{answer.name} {error}.", False)
    return _KINDS[answer.kind](answer, decode(expected), value)


def _clip(text: Any) -> str:
    return cut(str(text), 200).rstrip(".")


def _wrong_kind(answer: Answer, value: Any) -> Match:
    said = f"{answer.name} is {forms.kind_of(value)}, but {forms.A[answer.kind]} is asked for."
    return Match(0.0, said, False)


def _number(answer: Answer, expected: Any, value: Any) -> Match:
    got, wanted = forms.number(value, answer.unit), forms.number(expected)
    if got is None or wanted is None:
        return _wrong_kind(answer, value)
    if near(answer, wanted, got):
        return Match(1.0)
    if math.isnan(got):
        return Match(0.0, f"{answer.name} is NaN, not a number.", False)
    return Match(0.0, f"{answer.name} is not right.")


def _array(answer: Answer, expected: Any, value: Any) -> Match:
    wanted = forms.array(expected)
    got = forms.array(value, None if wanted is None else wanted.shape, answer.unit)
    if got is None or wanted is None:
        return _wrong_kind(answer, value)
    if got.shape != wanted.shape:
        said = f"{answer.name} has {_shape(got.shape)}, not {_shape(wanted.shape)}."
        return Match(0.0, said, False)
    if wanted.size == 0:
        return Match(1.0)
    pair = wanted.size <= 2  # of an interval the ends are rounded alike
    unit = float(abs(wanted).max()) if pair else None
    hits = sum(near(answer, e, g, unit) for e, g in zip(wanted.flat, got.flat, strict=True))
    return Match(
        hits / wanted.size,
        f"{wanted.size - hits} of {wanted.size} entries of {answer.name} are not right.",
    )


def _shape(shape: tuple[int, ...]) -> str:
    if len(shape) == 1:
        return f"{shape[0]} entries"
    return f"the shape {shape}"


def _table(answer: Answer, expected: Any, value: Any) -> Match:
    given, value = value, forms.table(value)
    if value is None:
        return _wrong_kind(answer, given)
    columns = list(answer.columns or expected.columns)
    missing = [name for name in columns if name not in value.columns]
    if missing:
        return Match(0.0, f"{answer.name} has no column {missing[0]!r}.", False)
    if len(value) != len(expected):
        return Match(0.0, f"{answer.name} has {len(value)} rows, not {len(expected)}.", False)
    if answer.key:
        try:
            value = value.sort_values(list(answer.key), kind="stable")
            expected = expected.sort_values(list(answer.key), kind="stable")
        except (KeyError, TypeError, ValueError):
            return Match(
                0.0,
                f"the rows of {answer.name} cannot be matched by {', '.join(answer.key)}.",
                False,
            )
    hits = total = 0
    for name in columns:
        for e, g in zip(expected[name].tolist(), value[name].tolist(), strict=True):
            total += 1
            hits += _entry(e, g, answer)
    if total == 0:
        return Match(1.0)
    return Match(hits / total, f"{total - hits} of {total} entries of {answer.name} are not right.")


def _entry(expected: Any, got: Any, answer: Answer) -> bool:
    if type(expected) in (int, float):
        return type(got) in (int, float) and near(answer, float(expected), float(got))
    if type(expected) is str:
        return forms.choice(got, [expected]) is not None
    return type(got) is type(expected) and bool(got == expected)


def _choice(answer: Answer, expected: Any, value: Any) -> Match:
    given = forms.choice(value, answer.options)
    if given is None:
        if type(value) is not str:
            return _wrong_kind(answer, value)
        return Match(0.0, f"{answer.name} is none of the given words.", False)
    right = given == forms.choice(expected, answer.options)
    return Match(1.0 if right else 0.0, "" if right else f"{answer.name} is not right.")


def _function(answer: Answer, expected: Any, got: Any) -> Match:
    wanted = expected["v"]
    claims = got.get("v") if type(got) is dict and got.get("t") == "tried" else None
    if type(claims) is not list or len(claims) != len(wanted):
        return Match(0.0, f"{answer.name} could not be called.", False)
    hits = 0
    for e, g in zip(wanted, claims, strict=True):
        try:
            hits += _value(answer, decode(e), decode(g))
        except Refused:
            continue
    return Match(
        hits / len(wanted),
        f"{answer.name} is wrong for {len(wanted) - hits} of {len(wanted)} inputs.",
    )


def _value(answer: Answer, expected: Any, got: Any) -> bool:
    if (wanted := forms.number(expected)) is not None:
        number = forms.number(got, answer.unit)
        return number is not None and near(answer, wanted, number)
    if forms.array(expected) is not None:
        return _array(answer, expected, got).right
    if type(expected).__name__ == "DataFrame":
        return _table(answer, expected, got).right
    return type(expected) is type(got) and bool(expected == got)


_KINDS: Mapping[str, Callable[[Answer, Any, Any], Match]] = {
    "number": _number,
    "array": _array,
    "table": _table,
    "choice": _choice,
}
