"""The certainty that numbers alone suggest, held against GRADE's rules of thumb, case by case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from hardwired.evidence import certainty
from hardwired.evidence.certainty import holds_no_effect, is_wide, suggestion
from hardwired.evidence.claim_ledger import Effect, Move, Numbers, Outcome
from hardwired.evidence.schema import CERTAINTY_LEVELS


def outcome(**parts):
    """Return an outcome of a large randomised trial in people, changed by some parts."""
    known = {
        "outcome": "days",
        "kind": "human",
        "population": "adults",
        "comparison": "a v b",
        "studies": 5,
        "people": 2000,
        "effect": Effect("smd", 0.3, 0.2, 0.4),
        "finding": "",
        "starts": "high",
        "lowers": (),
        "raises": (),
        "certainty": "high",
        "certainty_why": "",
        "numbers": Numbers(),
        "references": (),
    }
    return Outcome(**known | parts)


CASES = [
    ({}, "high"),
    ({"starts": "low"}, "low"),
    ({"people": 300}, "moderate"),
    ({"people": 60}, "low"),
    ({"effect": Effect("smd", 0.3, -0.1, 0.7)}, "moderate"),
    ({"effect": Effect("smd", 0.02, -0.05, 0.09)}, "high"),
    ({"effect": Effect("mean-difference", 3, -1, 7)}, "moderate"),
    ({"effect": None, "finding": "No difference."}, "moderate"),
    ({"effect": None, "people": 30}, "low"),
    ({"effect": Effect("risk-ratio", 0.8, 0.7, 0.9), "numbers": Numbers(events=120)}, "moderate"),
    ({"numbers": Numbers(i2=75)}, "moderate"),
    ({"numbers": Numbers(i2=40)}, "high"),
    ({"numbers": Numbers(small_study_p=0.03)}, "moderate"),
    ({"numbers": Numbers(small_study_p=0.4)}, "high"),
    ({"kind": "human-mechanism"}, "moderate"),
    ({"kind": "animal"}, "low"),
    ({"kind": "cell"}, "very-low"),
    ({"lowers": (Move("risk-of-bias", 2, "Open."),)}, "low"),
    ({"starts": "low", "effect": Effect("odds-ratio", 3.0, 2.1, 4.2)}, "moderate"),
    ({"starts": "low", "effect": Effect("odds-ratio", 0.15, 0.1, 0.2)}, "high"),
    ({"starts": "low", "effect": Effect("odds-ratio", 3.0, 0.9, 9.0)}, "very-low"),
    ({"effect": Effect("odds-ratio", 3.0, 2.1, 4.2)}, "high"),
]


@pytest.mark.parametrize(("parts", "expected"), CASES)
def test_suggested_certainty(parts, expected):
    """One step for what is few, scattered, indirect or one-sided; two where it is much."""
    assert suggestion(outcome(**parts)).certainty == expected


def test_the_judge_s_own_reasons_but_bias_do_not_count():
    """The suggestion is a second opinion: it looks at numbers, not at what was said of them."""
    judged = outcome(lowers=(Move("indirectness", 3, "So it is said."),))

    assert suggestion(judged).certainty == "high"


def test_dose_and_response_is_taken_over():
    """No number here tells it."""
    judged = outcome(starts="low", raises=(Move("dose-response", 1, "Step by step."),))

    assert suggestion(judged).certainty == "moderate"


@pytest.mark.parametrize(
    ("people", "expected"), [(certainty.FEW_PEOPLE, 0.28), (certainty.VERY_FEW_PEOPLE, 0.57)]
)
def test_few_people_are_those_that_find_half_a_standard_deviation_or_less(people, expected):
    """Power of 80 % of a two-sided t test at 0.05, from SciPy's noncentral t."""
    arm = people // 2

    def power(d):
        df = 2 * arm - 2
        return stats.nct.sf(stats.t.ppf(0.975, df), df, d * (arm / 2) ** 0.5) - 0.8

    assert optimize.brentq(power, 0.01, 3) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("effect", "holds", "wide"),
    [
        (Effect("r", 0.1, -0.1, 0.3), True, True),
        (Effect("r", 0.01, -0.1, 0.12), True, False),
        (Effect("hazard-ratio", 1.1, 0.9, 1.6), True, True),
        (Effect("hazard-ratio", 1.0, 0.9, 1.1), True, False),
        (Effect("risk-ratio", 0.7, 0.5, 0.9), False, True),
        (Effect("mean-difference", 1.0, -2.0, 4.0), True, None),
        (Effect("smd", 0.2), None, None),
        (Effect("proportion", 30, 20, 40), None, None),
    ],
)
def test_what_an_interval_holds(effect, holds, wide):
    """No effect, and one that would matter; None where the scale cannot say."""
    assert holds_no_effect(effect) is holds
    assert is_wide(effect) is wide


@given(
    people=st.none() | st.integers(0, 5000),
    low=st.floats(-2, 0.5),
    width=st.floats(0.01, 2),
    i2=st.none() | st.floats(0, 100),
    kind=st.sampled_from(["human", "human-mechanism", "animal", "cell"]),
    starts=st.sampled_from(["high", "low"]),
)
def test_more_people_never_lower_it(people, low, width, i2, kind, starts):
    """With all else the same, ten times the people suggest as much or more."""
    effect = Effect("smd", low + width / 2, low, low + width)
    parts = {"effect": effect, "numbers": Numbers(i2=i2), "kind": kind, "starts": starts}
    fewer = suggestion(outcome(people=people, **parts)).certainty
    more = suggestion(outcome(people=people and people * 10, **parts)).certainty

    assert CERTAINTY_LEVELS[more] >= CERTAINTY_LEVELS[fewer]
