"""Claims with parts and outcomes: what is read, and one line for every rule that is broken."""

import re

import pytest

from hardwired.evidence.checks import check
from hardwired.evidence.claim_ledger import moved
from hardwired.evidence.claim_reading import read_claims
from tests.evidence.conftest import DATA, claim, part

CLAIMS = (DATA / "claims.yml").as_posix()


def said(repository):
    """Return the lines that the check prints."""
    return [str(problem) for problem in check(repository.root)]


@pytest.fixture
def parted(repository):
    """Return the little repository with its first claim in two parts."""
    parts = [part("a"), part("b") | {"verdict": "not-shown"}]
    repository.claims[0] = claim("C1", "01-hardwired", *parts)
    repository.save()
    return repository


def test_a_claim_keeps_the_rules_beside_claims_in_one_piece(parted):
    """Both forms stand in one file."""
    claims, problems = read_claims(parted.root / CLAIMS, CLAIMS)

    assert said(parted) == []
    assert problems == []
    assert claims["C1"].verdicts == ("supported-with-limits", "not-shown")


def test_an_outcome_is_read_with_its_numbers(parted):
    """Effect, limits, steps and works."""
    claims, _ = read_claims(parted.root / CLAIMS, CLAIMS)
    outcome = claims["C1"].parts[0].outcomes[0]

    assert (outcome.effect.value, outcome.effect.low, outcome.effect.high) == (9.4, 0.8, 18.0)
    assert outcome.effect.level == 95
    assert [(move.reason, move.steps) for move in outcome.lowers] == [("imprecision", 1)]
    assert outcome.references == ("doe2001carers",)
    assert (outcome.studies, outcome.people) == (1, 26)


@pytest.mark.parametrize(
    ("starts", "steps", "certainty"),
    [
        ("high", 0, "high"),
        ("high", -1, "moderate"),
        ("high", -4, "very-low"),
        ("low", 0, "low"),
        ("low", -3, "very-low"),
        ("low", 2, "high"),
        ("high", 1, "high"),
    ],
)
def test_certainty_moves_by_steps_within_four_levels(starts, steps, certainty):
    """Four steps down from high are very low, never low."""
    assert moved(starts, steps) == certainty


def change_part(**pieces):
    """Return a change to the first part."""
    return lambda first: first.update(pieces)


def change_outcome(**pieces):
    """Return a change to the first outcome of the first part."""
    return lambda first: first["outcomes"][0].update(pieces)


def drop(piece):
    """Return a change that takes a piece out of the first outcome."""
    return lambda first: first["outcomes"][0].pop(piece)


RULES = [
    (change_part(outcomes=[]), "C1a: a part without an outcome"),
    (change_part(verdict="unproven"), "C1a: unknown verdict 'unproven'; use one of supported"),
    (change_part(id="first"), "C1first: the id is no letter"),
    (change_part(id="b"), "C1b stands twice"),
    (change_part(would_change=""), "C1a: would_change is not a text"),
    (change_part(searches=["hypnosis"]), "C1a: 'hypnosis' is not an id of searches.csv"),
    (change_part(mood="good"), "C1a: unknown part 'mood'"),
    (change_outcome(kind="context"), "C1a, outcome 'days to heal': unknown kind 'context'"),
    (change_outcome(people=-1), "C1a, outcome 'days to heal': people -1 is no whole number"),
    (change_outcome(starts="middle"), "C1a, outcome 'days to heal': unknown starts 'middle'"),
    (change_outcome(references=[]), "C1a, outcome 'days to heal': no works"),
    (change_outcome(references=["doe2009x"]), "unknown key doe2009x"),
    (drop("effect"), "C1a, outcome 'days to heal': neither effect nor finding"),
    (drop("comparison"), "C1a, outcome 'days to heal': no comparison"),
    (change_outcome(effect={"scale": "x", "value": 1}), ".*: unknown scale 'x'"),
    (change_outcome(effect={"scale": "r", "value": "few"}), ".*: a number of the effect is no num"),
    (change_outcome(effect={"scale": "r", "value": 0.1, "low": 0.0}), ".*: only one of low and hi"),
    (
        change_outcome(effect={"scale": "r", "value": 0.9, "low": 0.0, "high": 0.1}),
        ".*: 0.9 lies outside its own limits 0.0 to 0.1",
    ),
    (change_outcome(numbers={"q": 3}), ".*: numbers cannot be read; use events, i2, tau2, small"),
    (
        change_outcome(lowers={"luck": {"steps": 1, "why": "It is."}}),
        ".*: 'luck' does not stand among what lowers certainty",
    ),
    (change_outcome(lowers={"imprecision": "few"}), ".*: imprecision is not steps and why"),
    (
        change_outcome(lowers={"imprecision": {"steps": 0, "why": "Few."}}),
        ".*: imprecision has no steps from 1 to 3",
    ),
    (
        change_outcome(certainty="low"),
        ".*: certainty low, but start and reasons give very-low; correct it, or say why in cert",
    ),
]


@pytest.mark.parametrize(("change", "expected"), RULES)
def test_rules_of_parts_and_outcomes(parted, change, expected):
    """Each broken rule is said with file, line, part and outcome."""
    change(parted.claims[0]["parts"][0])
    parted.save()
    lines = said(parted)

    assert any(re.match(rf"{CLAIMS}:\d+: {expected}", line) for line in lines), lines


def test_a_certainty_that_differs_with_its_reason_is_no_fault(parted):
    """Steps are a rule of thumb: who leaves it says why."""
    change_outcome(certainty="low", certainty_why="The delay was large.")(
        parted.claims[0]["parts"][0]
    )
    parted.save()

    assert said(parted) == []
