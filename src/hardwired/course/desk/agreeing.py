"""Two markers beside each other: where they differ, how often they agree, and kappa."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from hardwired.course.authoring.exercise import Answer
from hardwired.course.desk.papers import Key, Paper, Work

__all__ = ["Both", "CriterionAgreement", "compared", "kappa", "pairs_of_markers"]


@dataclass(frozen=True)
class CriterionAgreement:
    """Agreement of two markers in one criterion: papers, share alike, kappa and weighted kappa."""

    papers: int
    equal: float
    mean_difference: float
    kappa: float | None
    weighted: float | None


@dataclass(frozen=True)
class Both:
    """One paper that two markers marked, with the points of each and how far they are apart."""

    paper: Paper
    first: Work
    second: Work

    @property
    def difference(self) -> float:
        """Points by which the two differ, summed over the criteria that both marked."""
        shared = self.first.points.keys() & self.second.points.keys()
        return sum(abs(self.first.points[n] - self.second.points[n]) for n in shared)


def kappa(pairs: Sequence[tuple[float, float]], power: int = 0) -> float | None:
    """Cohen's kappa of two markers over the same papers.

    1 minus the mean disagreement that was seen over the one that is expected if each marker dealt
    out their points by chance. A disagreement of a and b weighs 1 (``power`` 0: kappa), or
    ``abs(a - b) ** power`` (weighted kappa: 1 linear, 2 quadratic).

    Parameters
    ----------
    pairs : sequence of (float, float)
        Points of the first and the second marker, a pair a paper.
    power : int
        0, 1 or 2.

    Returns
    -------
    float or None
        None without papers, or if chance alone could not disagree: all points are the same.

    Notes
    -----
    J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46, doi:10.1177/001316446002000104;
    weighted: J. Cohen, Psychological Bulletin 70 (1968) 213-220, doi:10.1037/h0026256.
    """  # noqa: E501
    if not pairs:
        return None

    def apart(a: float, b: float) -> float:
        return float(a != b) if power == 0 else abs(a - b) ** power

    n = len(pairs)
    seen = sum(apart(a, b) for a, b in pairs) / n
    first, second = _shares([a for a, _ in pairs]), _shares([b for _, b in pairs])
    chance = sum(p * q * apart(a, b) for a, p in first.items() for b, q in second.items())
    return 1 - seen / chance if chance > 0 else None


def _shares(points: Sequence[float]) -> Mapping[float, float]:
    return {value: points.count(value) / len(points) for value in set(points)}


def pairs_of_markers(works: Mapping[tuple[Key, str], Work]) -> list[tuple[str, str]]:
    """Give the pairs of markers who have both given points to at least one paper."""
    by_paper: dict[Key, set[str]] = {}
    for (paper, marker), work in works.items():
        if work.points:
            by_paper.setdefault(paper, set()).add(marker)
    found = {pair for markers in by_paper.values() for pair in combinations(sorted(markers), 2)}
    return sorted(found)


def compared(
    answer: Answer,
    given: Sequence[Paper],
    works: Mapping[tuple[Key, str], Work],
    markers: tuple[str, str],
) -> tuple[list[Both], list[CriterionAgreement]]:
    """Give the papers that two markers both marked, furthest apart first, and their agreement.

    The agreement has an item for each criterion, in the order of the rubric.
    """
    both = []
    for paper in given:
        mine = [works.get((paper.key, m), Work()) for m in markers]
        if all(work.points for work in mine):
            both.append(Both(paper, mine[0], mine[1]))
    both.sort(key=lambda b: (-b.difference, b.paper.token))
    out = []
    for n in range(len(answer.rubric)):
        points = [
            (b.first.points[n], b.second.points[n])
            for b in both
            if n in b.first.points and n in b.second.points
        ]
        count = max(1, len(points))
        out.append(
            CriterionAgreement(
                papers=len(points),
                equal=sum(a == b for a, b in points) / count,
                mean_difference=sum(abs(a - b) for a, b in points) / count,
                kappa=kappa(points),
                weighted=kappa(points, 2),
            )
        )
    return both, out
