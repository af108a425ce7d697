"""Episodes of herpes in windows of six weeks, of people whom nobody treats.

A run of the shedding model at the published rates, kept in a file, with which chapter 4 shows
when regression to the mean can pass for a treatment and when it cannot: `admit` lets the diary
itself decide who is admitted, `recruit` admits first and opens the diary afterwards, as the
study of fox1999immunological did, and `door` gives the first for people who are not alike.
Made by ``python -m hardwired.models.catalogue.waiting``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from scipy import stats

from hardwired.models.catalogue import shedding, shedding_runs

WINDOWS = shedding_runs.DATA / "hsv2-windows.json"
WINDOW_DAYS = 42
PEOPLE, NUMBER = 60, 52
"""People, and windows of each (six years)."""
SEED = 7


@dataclass(frozen=True)
class Waiting:
    """What becomes of those who were admitted with at least `least` episodes in six weeks.

    `admitted` counts windows, `before` and `after` are mean episodes in the two windows that are
    compared, `fall` is the relative fall in per cent with its standard error `error` (jackknife
    over people), `fewer` and `more` are the shares of the admitted, in per cent, with fewer and
    with more episodes than before, and `at_admission` is the mean of the window that decided.
    """

    least: int
    admitted: int
    at_admission: float
    before: float
    after: float
    fall: float
    error: float
    fewer: float
    more: float


def count(swabs: np.ndarray) -> np.ndarray:
    """Count the episodes that begin in each window.

    Parameters
    ----------
    swabs
        Copies on day 0, 1, ..., shape (people, days + 1).

    Returns
    -------
    numpy.ndarray
        Whole numbers, shape (people, whole windows in those days).
    """
    positive = np.atleast_2d(swabs) > shedding.DETECTION
    begun = positive[:, 1:] & ~positive[:, :-1]
    whole = begun.shape[1] // WINDOW_DAYS
    kept = begun[:, : whole * WINDOW_DAYS]
    return np.asarray(kept.reshape(len(begun), whole, WINDOW_DAYS).sum(axis=2))


def windows() -> np.ndarray:
    """Return episodes in each window at the published rates, shape (60 people, 52 windows)."""
    return np.array(json.loads(WINDOWS.read_text(encoding="utf-8"))["episodes"])


def admit(counts: np.ndarray, least: int) -> Waiting:
    """Admit every window with at least `least` episodes, and compare it with the next one.

    Parameters
    ----------
    counts
        Episodes, shape (people, windows).
    least
        Episodes that a clinic asks for.
    """
    return _compare(counts[:, :-1], counts[:, :-1], counts[:, 1:], least)


def recruit(counts: np.ndarray, least: int) -> Waiting:
    """Admit on a window with at least `least` episodes, and compare the two that follow it.

    Parameters
    ----------
    counts
        Episodes, shape (people, windows).
    least
        Episodes that a clinic asks for.
    """
    return _compare(counts[:, :-2], counts[:, 1:-1], counts[:, 2:], least)


def door(mean: float, spread: float, least: int) -> float:
    """Return the fall in per cent if the diary admits people whose rates are not alike.

    Episodes of a person follow a Poisson distribution whose rate stays the same; rates follow a
    gamma distribution. Admitted are all with at least `least` episodes in one window; the fall is
    that from this window to any later one. Between two later windows there is none.

    Parameters
    ----------
    mean
        Mean episodes in a window.
    spread
        Standard deviation of the rates over their mean; nought for people who are all alike.
    least
        Episodes that a clinic asks for.
    """
    numbers = np.arange(least, 400)
    if spread == 0:
        shares, rates = stats.poisson(mean).pmf(numbers), np.full(numbers.size, mean)
    else:
        shape = 1 / spread**2
        shares = stats.nbinom(shape, 1 / (1 + mean / shape)).pmf(numbers)
        rates = (shape + numbers) / (shape / mean + 1)
    return float(100 * (1 - shares @ rates / (shares @ numbers)))


def _compare(entry: np.ndarray, first: np.ndarray, second: np.ndarray, least: int) -> Waiting:
    """Compare two windows of those whose window `entry` held at least `least` episodes."""
    chosen = entry >= least
    was, became = first[chosen], second[chosen]
    totals = [np.where(chosen, window, 0).sum(axis=1) for window in (first, second)]
    leaving_out = [total.sum() - total for total in totals]
    falls = 100 * (1 - leaving_out[1] / np.maximum(leaving_out[0], 1))
    people = falls.size
    return Waiting(
        least=least,
        admitted=int(chosen.sum()),
        at_admission=float(entry[chosen].mean()),
        before=float(was.mean()),
        after=float(became.mean()),
        fall=float(100 * (1 - became.mean() / was.mean())),
        error=float(np.sqrt((people - 1) * falls.var())),
        fewer=float(100 * (became < was).mean()),
        more=float(100 * (became > was).mean()),
    )


def make_windows() -> None:
    """Write the file of `windows`."""
    rng = np.random.default_rng(SEED)
    swabs = shedding_runs.daily_swabs(shedding.published(), PEOPLE, NUMBER * WINDOW_DAYS, rng)
    rows = ",\n".join(json.dumps(row) for row in count(swabs).tolist())
    WINDOWS.write_text(f'{{"episodes": [\n{rows}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    make_windows()
