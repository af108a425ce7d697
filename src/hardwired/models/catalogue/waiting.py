"""Episodes of herpes in windows of six weeks, of people whom nobody treats.

A run of the shedding model at the published rates, kept in a file, with which chapter 4 shows
regression to the mean: whoever is chosen for many episodes has fewer afterwards.
Made by ``python -m hardwired.models.catalogue.waiting``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from hardwired.models.catalogue import shedding, shedding_runs

WINDOWS = shedding_runs.DATA / "hsv2-windows.json"
WINDOW_DAYS = 42
PEOPLE, NUMBER = 60, 52
"""People, and windows of each (six years)."""
SEED = 7


@dataclass(frozen=True)
class Waiting:
    """What becomes of those who were admitted with at least `least` episodes in six weeks.

    `admitted` counts windows, `before` and `after` are mean episodes in them and in the six weeks
    that follow, `fall` is the relative fall in per cent and `fewer` the share of the admitted, in
    per cent, with fewer episodes than before.
    """

    least: int
    admitted: int
    before: float
    after: float
    fall: float
    fewer: float


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
    return kept.reshape(len(begun), whole, WINDOW_DAYS).sum(axis=2)


def windows() -> np.ndarray:
    """Return episodes in each window at the published rates, shape (60 people, 52 windows)."""
    return np.array(json.loads(WINDOWS.read_text(encoding="utf-8"))["episodes"])


def admit(counts: np.ndarray, least: int) -> Waiting:
    """Admit every window with at least `least` episodes, and look at the next one.

    Parameters
    ----------
    counts
        Episodes, shape (people, windows).
    least
        Episodes that a clinic asks for.
    """
    before, after = counts[:, :-1].ravel(), counts[:, 1:].ravel()
    chosen = before >= least
    was, became = before[chosen], after[chosen]
    return Waiting(
        least,
        int(chosen.sum()),
        float(was.mean()),
        float(became.mean()),
        float(100 * (1 - became.mean() / was.mean())),
        float(100 * (became < was).mean()),
    )


def make_windows() -> None:
    """Write the file of `windows`."""
    rng = np.random.default_rng(SEED)
    swabs = shedding_runs.daily_swabs(shedding.Rates(), PEOPLE, NUMBER * WINDOW_DAYS, rng)
    rows = ",\n".join(json.dumps(row) for row in count(swabs).tolist())
    WINDOWS.write_text(f'{{"episodes": [\n{rows}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    make_windows()
