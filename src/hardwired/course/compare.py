"""Is a claimed answer the expected one? The expected side decides type, shape and tolerance.

Both sides arrive as encoded values (`hardwired.course.codec`); the claimed one may be hostile.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hardwired.course.authoring.exercise import Answer
from hardwired.course.border.text import cut
from hardwired.course.codec import Refused, decode

__all__ = ["Match", "close", "compare"]


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
        return Match(0.0, f"{answer.name} cannot be read: {error}.", False)
    return _KINDS[answer.kind](answer, decode(expected), value)


def _clip(text: Any) -> str:
    return cut(str(text), 160).rstrip(".")


def _wrong_kind(answer: Answer, value: Any) -> Match:
    return Match(0.0, f"{answer.name} is {_a(value)}, but {_A[answer.kind]} is asked for.", False)


_A = {
    "number": "a number",
    "array": "an array of numbers",
    "table": "a table",
    "choice": "one of the given words",
    "function": "a function",
}


def _a(value: Any) -> str:
    names = {
        bool: "a truth value",
        str: "a text",
        list: "a list",
        dict: "a dictionary",
        type(None): "None",
    }
    return names.get(
        type(value),
        {"ndarray": "an array", "DataFrame": "a table"}.get(type(value).__name__, "a number"),
    )


def _scalar(value: Any) -> float | None:
    if type(value) in (int, float):
        return float(value)
    if type(value).__name__ == "ndarray" and value.size == 1 and value.dtype.kind in "fi":
        return float(value.reshape(()))
    return None


def _number(answer: Answer, expected: Any, value: Any) -> Match:
    number, wanted = _scalar(value), _scalar(expected)
    if number is None or wanted is None:
        return _wrong_kind(answer, value)
    if close(wanted, number, answer.rel, answer.abs):
        return Match(1.0)
    return Match(0.0, f"{answer.name} is not right.")


def _numbers(value: Any) -> Any:
    import numpy as np

    if type(value) is list:
        if not _plain(value):
            return None  # never given to NumPy: a long text among numbers would cost its length
        try:
            value = np.array(value)
        except ValueError:
            return None
    if type(value).__name__ != "ndarray" or value.dtype.kind not in "fi":
        return None
    return value.astype(float)


def _plain(value: list[Any]) -> bool:
    """Whether a list holds numbers, or such lists, and nothing else."""
    return all(
        _plain(item) if type(item) is list else type(item) in (int, float, bool) for item in value
    )


def _array(answer: Answer, expected: Any, value: Any) -> Match:
    got, wanted = _numbers(value), _numbers(expected)
    if got is None or wanted is None:
        return _wrong_kind(answer, value)
    if got.shape != wanted.shape:
        return Match(0.0, f"{answer.name} has shape {got.shape}, not {wanted.shape}.", False)
    if wanted.size == 0:
        return Match(1.0)
    hits = sum(
        close(e, g, answer.rel, answer.abs) for e, g in zip(wanted.flat, got.flat, strict=True)
    )
    return Match(
        hits / wanted.size,
        f"{wanted.size - hits} of {wanted.size} entries of {answer.name} are not right.",
    )


def _table(answer: Answer, expected: Any, value: Any) -> Match:
    if type(value).__name__ != "DataFrame":
        return _wrong_kind(answer, value)
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
        return type(got) in (int, float) and close(
            float(expected), float(got), answer.rel, answer.abs
        )
    return type(got) is type(expected) and (
        got == expected if type(got) is not str else got.strip() == str(expected).strip()
    )


def _choice(answer: Answer, expected: Any, value: Any) -> Match:
    if type(value) is not str:
        return _wrong_kind(answer, value)
    given = value.strip().casefold()
    if given not in {option.strip().casefold() for option in answer.options}:
        return Match(0.0, f"{answer.name} is none of the given words.", False)
    right = given == str(expected).strip().casefold()
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
    if (wanted := _scalar(expected)) is not None:
        number = _scalar(got)
        return number is not None and close(wanted, number, answer.rel, answer.abs)
    if _numbers(expected) is not None:
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
