"""Whether a row of `studies.csv` follows from its own means, spreads, counts and limits.

Every printed number stands for all numbers that round to it: `48.7` is anything from 48.65 to
48.75. A rule is broken only when no choice within these margins agrees with what is printed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

from scipy import stats

from hardwired.evidence import effect_size, significance
from hardwired.evidence.csv_rows import Row
from hardwired.evidence.schema import DIFFERENCE_SCALES, RATIO_SCALES

_PAIRED = ("crossover", "meta-analysis", "systematic-review")
"""Designs whose groups are not independent people, so that no t or chi-squared test fits."""

_ASYMMETRY = 0.04
"""Part of an interval's width by which exact and small-sample intervals may be off centre."""


def half_unit(text: str) -> float:
    """Return half a unit of the last digit of a printed number.

    Parameters
    ----------
    text
        ``"48.7"`` gives 0.05, ``"394"`` gives 0.5.
    """
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - decimals)


def margin(text: str) -> tuple[float, float]:
    """Return the smallest and largest number that a printed one may stand for."""
    return float(text) - half_unit(text), float(text) + half_unit(text)


def reach(function: Callable[..., float], *texts: str) -> tuple[float, float]:
    """Return the range of a function over the margins of its printed arguments.

    Parameters
    ----------
    function
        Monotone in each argument over their margins.
    *texts
        The arguments as printed.

    Returns
    -------
    low, high
        Corners where the function has no value are left out; NaN when none has.
    """
    values = []
    for corner in itertools.product(*map(margin, texts)):
        try:
            value = function(*corner)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        if math.isfinite(value):
            values.append(value)
    return (min(values), max(values)) if values else (math.nan, math.nan)


def disagreements(row: Row) -> list[str]:
    """Say where a row contradicts itself.

    Parameters
    ----------
    row
        A row of `studies.csv` without fault of its own.

    Returns
    -------
    list of str
        One sentence a contradiction, without a full stop; the row's `exception` is not heeded.
    """
    if not row["value"]:
        return [*_p(row)]
    return [*_limits(row), *_means(row), *_counts(row), *_p(row), *_heterogeneity(row)]


def _limits(row: Row) -> Iterator[str]:
    """Hold the value against its interval."""
    if not row["low"]:
        return
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    slack = half_unit(row["value"])
    if not low - slack - half_unit(row["low"]) <= value <= high + slack + half_unit(row["high"]):
        yield f"{row['value']} lies outside its own limits {row['low']} to {row['high']}"
        return
    bend = _bend(row["scale"])
    if bend is None or high == low:
        return
    try:
        width = bend(high) - bend(low)
        centre_low, centre_high = reach(
            lambda v, a, b: (bend(a) + bend(b)) / 2 - bend(v), row["value"], row["low"], row["high"]
        )
    except ValueError:
        return
    if math.isnan(centre_low):
        return
    if centre_low > _ASYMMETRY * width or centre_high < -_ASYMMETRY * width:
        yield f"{row['value']} is not in the middle of {row['low']} to {row['high']}"


def _bend(scale: str) -> Callable[[float], float] | None:
    """Return the function after which intervals of this scale are symmetric."""
    if scale in RATIO_SCALES:
        return math.log
    if scale in DIFFERENCE_SCALES:
        return float
    return math.atanh if scale == "r" else None


def _means(row: Row) -> Iterator[str]:
    """Recompute differences, ratios and standardised differences of two means."""
    if not (row["mean_a"] and row["mean_b"]):
        return
    scale = row["scale"]
    plain: dict[str, Callable[[float, float], float]] = {
        "mean-difference": lambda a, b: a - b,
        "ratio-of-means": lambda a, b: a / b,
        "percent-change": lambda a, b: 100 * (a / b - 1),
    }
    if scale in plain:
        yield from _compare(row, reach(plain[scale], row["mean_a"], row["mean_b"]), "the means")
    if not _has_spreads(row):
        return
    if scale in ("d", "g", "smd"):
        texts = [row[name] for name in ("mean_a", "spread_a", "mean_b", "spread_b")]
        ranges = {"d": reach(_standardised(row, "d"), *texts)}
        ranges["g"] = reach(_standardised(row, "g"), *texts)
        wanted = [ranges[scale]] if scale in ranges else list(ranges.values())
        if not any(_meets(row["value"], low, high) for low, high in wanted):
            low, high = wanted[0]
            yield f"{scale} {row['value']}, but means and spreads give {_span(low, high)}"


def _has_spreads(row: Row) -> bool:
    names = ("spread_a", "spread_b", "n_a", "n_b")
    return all(row[name] for name in names) and row["design"] not in _PAIRED


def _sd(row: Row, spread: float, arm: str) -> float:
    n = int(row[f"n_{arm}"])
    return effect_size.sd_from_se(spread, n) if row["spread_kind"] == "se" else spread


def _standardised(row: Row, kind: str) -> Callable[[float, float, float, float], float]:
    make = effect_size.d_from_means if kind == "d" else effect_size.hedges_g

    def compute(m1: float, s1: float, m2: float, s2: float) -> float:
        n1, n2 = int(row["n_a"]), int(row["n_b"])
        return make(m1, _sd(row, s1, "a"), n1, m2, _sd(row, s2, "b"), n2).value

    return compute


def _counts(row: Row) -> Iterator[str]:
    """Recompute proportions, ratios and differences of counts, with their limits."""
    scale = row["scale"]
    if scale == "proportion" and row["events_a"] and (row["n_a"] or row["n_total"]):
        share = int(row["events_a"]) / int(row["n_a"] or row["n_total"])
        share *= 100 if row["unit"] == "%" else 1
        yield from _compare(row, (share, share), "the counts")
    table = _table(row)
    makers = {
        "odds-ratio": effect_size.odds_ratio,
        "risk-ratio": effect_size.risk_ratio,
        "risk-difference": effect_size.risk_difference,
    }
    if table is None or scale not in makers:
        return
    effect = makers[scale](*table)
    factor = 100 if row["unit"] == "%" else 1
    here = effect.estimate * factor
    before = [*_compare(row, (here, here), "the counts")]
    yield from before
    if before or not row["low"]:
        return
    for name, limit in zip(("low", "high"), effect.interval(float(row["level"])), strict=True):
        bend = _bend(scale)
        assert bend is not None
        printed, computed = float(row[name]), limit * factor
        # Wald, Woolf, score and exact limits differ; a tenth of the half-width covers them.
        room = 0.1 * abs(bend(float(row["high"])) - bend(float(row["low"]))) / 2
        rounding = half_unit(row[name])
        if scale in RATIO_SCALES:
            rounding /= max(printed - rounding, 1e-9)
        if abs(bend(printed) - bend(computed)) > room + rounding:
            yield f"{name} {row[name]}, but the counts give {computed:.3g}"


def _table(row: Row) -> tuple[int, int, int, int] | None:
    names = ("events_a", "n_a", "events_b", "n_b")
    if not all(row[name] for name in names) or row["design"] in _PAIRED:
        return None
    a, n1, c, n2 = (int(row[name]) for name in names)
    return a, n1 - a, c, n2 - c


def _p(row: Row) -> Iterator[str]:
    """Hold the p value against means, counts, correlation or interval, whichever there is."""
    if not row["p"]:
        return
    sources: list[tuple[str, list[tuple[float, float]]]] = []
    if row["mean_a"] and row["mean_b"] and _has_spreads(row):
        texts = [row[name] for name in ("mean_a", "spread_a", "mean_b", "spread_b")]
        ranges = [reach(_t_test(row, pooled), *texts) for pooled in (True, False)]
        sources.append(("means and spreads", ranges))
    table = _table(row)
    if table is not None:
        sources.append(("the counts", [(p, p) for p in _count_tests(table)]))
    if row["scale"] == "r" and row["n_total"] and row["design"] not in _PAIRED:
        n = int(row["n_total"])
        low, high = reach(lambda r: significance.correlation_test(r, n).p, row["value"])
        sources.append(("r and n", [(low, high)]))
    if row["low"] and not sources and _bend(row["scale"]) is not None:
        sources.append(("the limits", [_widened(*_p_from_limits(row))]))
    for name, ranges in sources:
        if ranges and not any(_p_meets(row["p"], low, high) for low, high in ranges):
            low, high = ranges[0]
            yield f"p {row['p']}, but {name} give {_span(low, high)}"


def _t_test(row: Row, pooled: bool) -> Callable[[float, float, float, float], float]:
    def compute(m1: float, s1: float, m2: float, s2: float) -> float:
        n1, n2 = int(row["n_a"]), int(row["n_b"])
        s1, s2 = _sd(row, s1, "a"), _sd(row, s2, "b")
        return significance.t_test(m1, s1, n1, m2, s2, n2, pooled=pooled).p

    return compute


def _count_tests(table: tuple[int, int, int, int]) -> list[float]:
    tests = [significance.fisher_exact(*table).p]
    if all((table[0] + table[2], table[1] + table[3])):
        tests += [
            significance.chi_squared(*table).p,
            significance.chi_squared(*table, corrected=True).p,
        ]
    return tests


def _p_from_limits(row: Row) -> tuple[float, float]:
    bend = _bend(row["scale"])
    assert bend is not None
    level = float(row["level"])
    z = float(stats.norm.ppf((1 + level) / 2))

    def ratio(value: float, low: float, high: float) -> float:
        return bend(value) / ((bend(high) - bend(low)) / (2 * z))

    low, high = reach(ratio, row["value"], row["low"], row["high"])
    tails = [2 * float(stats.norm.sf(abs(t))) for t in (low, high)]
    if low <= 0 <= high:
        tails.append(1.0)
    return min(tails), max(tails)


def _widened(low: float, high: float) -> tuple[float, float]:
    """Leave room for t instead of normal quantiles and for likelihood intervals."""
    return low / 2, min(1.0, high * 2 + 0.005)


def _heterogeneity(row: Row) -> Iterator[str]:
    """Recompute I2 from Q and the number of studies."""
    if not (row["q"] and row["i2"] and row["k"]):
        return
    df = int(row["k"]) - 1
    low, high = reach(lambda q: max(0.0, 100 * (q - df) / q), row["q"])
    if not _meets(row["i2"], low, high):
        yield f"I2 {row['i2']}, but Q and k give {_span(low, high)}"


def _compare(row: Row, computed: tuple[float, float], source: str) -> Iterator[str]:
    low, high = computed
    if math.isnan(low) or not _meets(row["value"], low, high):
        yield f"{row['scale']} {row['value']}, but {source} give {_span(low, high)}"


def _meets(text: str, low: float, high: float) -> bool:
    first, last = margin(text)
    room = 1e-9 * max(1.0, abs(first))
    return first - room <= high and last + room >= low


def _p_meets(text: str, low: float, high: float) -> bool:
    if math.isnan(low):
        return False
    if text.startswith("<"):
        return low < float(text[1:])
    if text.startswith(">"):
        return high > float(text[1:]) - 1e-12
    return _meets(text, low, high)


def _span(low: float, high: float) -> str:
    first, last = f"{low:.3g}", f"{high:.3g}"
    return first if first == last else f"{first} to {last}"
