"""Effect sizes against printed results, hand calculation and their own inverses."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwired.evidence import conversions
from hardwired.evidence import effect_size as es

SIZES = st.integers(min_value=2, max_value=400)
CORRELATIONS = st.floats(min_value=-0.99, max_value=0.99)
COUNTS = st.integers(min_value=1, max_value=500)


def test_carers_and_controls_give_the_difference_of_the_dossier():
    """48.7 (SE 2.9) against 39.3 (SE 3.0), 13 each: 9.4 d, 0.8 to 18.0 (kiecolt1995slowing)."""
    sd = [es.sd_from_se(se, 13) for se in (2.9, 3.0)]

    difference = es.mean_difference(48.7, sd[0], 13, 39.3, sd[1], 13)

    assert [round(s, 1) for s in sd] == [10.5, 10.8]
    assert difference.estimate == pytest.approx(9.4)
    assert (round(difference.low, 1), round(difference.high, 1)) == (0.8, 18.0)


def test_carers_and_controls_give_the_d_of_the_dossier():
    """Cohen's d 0.88 from the same four numbers."""
    arms = (48.7, es.sd_from_se(2.9, 13), 13, 39.3, es.sd_from_se(3.0, 13), 13)

    assert round(es.d_from_means(*arms).value, 2) == 0.88


def test_standard_errors_taken_for_standard_deviations_give_the_absurd_d_of_the_dossier():
    """The students' error: SE read as SD makes d about 3.2."""
    assert round(es.d_from_means(48.7, 2.9, 13, 39.3, 3.0, 13).value, 1) == 3.2


def test_writing_trial_has_the_odds_ratio_of_the_dossier():
    """16 of 21 against 8 of 19 healed: odds ratio 4.4 (koschwanez2013expressive)."""
    assert round(es.odds_ratio(16, 5, 8, 11).estimate, 1) == 4.4


def test_start_trial_rates_give_its_hazard_ratio():
    """0.60 against 1.38 per 100 person-years is a ratio of 0.43."""
    assert round(es.rate_ratio(42, 42 / 0.60, 96, 96 / 1.38).estimate, 2) == 0.43


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((27, 1, 40, 1), (0.675, 0.414, 1.100)),
        ((112, 1, 134, 1), (0.836, 0.650, 1.074)),
        ((120, 1, 134, 1), (0.896, 0.700, 1.146)),
    ],
)
def test_meditation_trials_have_the_rate_ratios_of_the_dossier(events, expected):
    """Colds and flu under meditation or exercise, barrett2012meditation, barrett2018meditation."""
    ratio = es.rate_ratio(*events)

    assert [round(x, 3) for x in (ratio.estimate, ratio.low, ratio.high)] == list(expected)


def test_exercise_in_the_first_meditation_trial_counts_its_47_people():
    """26 episodes in 47 against 40 in 51: 0.705 (0.430 to 1.156)."""
    ratio = es.rate_ratio(26, 47, 40, 51)

    assert [round(x, 3) for x in (ratio.estimate, ratio.low, ratio.high)] == [0.705, 0.430, 1.156]


@pytest.mark.parametrize(
    ("r", "n", "low", "high"),
    [
        (0.59, 24, 0.24, 0.80),
        (0.61, 22, 0.25, 0.82),
        (0.23, 94, 0.03, 0.41),
        (0.61, 20, 0.23, 0.83),
        (0.68, 20, 0.34, 0.86),
        (-0.53, 20, -0.79, -0.11),
        (-0.45, 20, -0.74, -0.01),
    ],
)
def test_fisher_intervals_are_those_of_the_dossiers(r, n, low, high):
    """ebrecht2004perceived, chiu2003response, yosipovitch2007study, reichenberg2002endotoxin."""
    z = es.fisher_z(r, n)

    assert z.estimate == pytest.approx(r)
    assert (round(z.low, 2), round(z.high, 2)) == (low, high)


def test_large_cohort_odds_ratio_is_a_correlation_of_four_hundredths():
    """An odds ratio of 1.17 is about r = 0.04 (britteon2017association)."""
    assert round(conversions.r_from_odds_ratio(1.17).value, 2) == 0.04


def test_conversions_of_the_correlation_table_are_those_of_the_dossier():
    """Means to r 0.404; odds ratios 4 and 3.57 to r 0.357 and 0.331 (wounds-correlations)."""
    d = es.d_from_means(48.7, es.sd_from_se(2.9, 13), 13, 39.3, es.sd_from_se(3.0, 13), 13)

    assert round(conversions.r_from_d(d.value).value, 3) == 0.404
    assert round(conversions.r_from_odds_ratio(4).value, 3) == 0.357
    assert round(conversions.r_from_odds_ratio(3.57).value, 3) == 0.331


@pytest.mark.parametrize(("r", "odds"), [(0.059, 1.24), (0.19, 2.02), (0.0, 1.0), (-0.19, 0.50)])
def test_a_correlation_as_an_odds_ratio_between_halves(r, odds):
    """chida2009adverse and gonzalez2011depression; the way back gives the correlation again."""
    ratio = conversions.odds_ratio_from_r(r)

    assert round(ratio.estimate, 2) == odds
    assert conversions.r_from_odds_ratio(ratio.estimate).value == pytest.approx(r)


def test_the_variance_of_a_converted_correlation_is_that_of_the_slope():
    """At r = 0 the logarithm of the odds ratio grows by 2 pi over the root of 3."""
    assert conversions.odds_ratio_from_r(0, 0.01).variance == pytest.approx(
        0.01 * 13.1595, rel=1e-4
    )


def test_a_correlation_beyond_one_is_refused():
    """There is none."""
    with pytest.raises(ValueError, match="between -1 and 1"):
        conversions.odds_ratio_from_r(1.0)


@pytest.mark.parametrize(
    ("low", "high", "se"), [(1.18, 7.30, 0.465), (1.08, 18.69, 0.727), (1.08, 16.71, 0.699)]
)
def test_log_intervals_give_the_standard_errors_of_the_dossier(low, high, se):
    """Sleep and colds, cohen2009sleep and prather2015behaviorally."""
    variance = es.variance_from_interval(low, high, log=True)

    assert round(math.sqrt(variance), 3) == se


def test_ponsegromab_intervals_give_the_standard_errors_of_the_dossier():
    """0.48, 0.52 and 0.65 kg from the credible intervals of groarke2024ponsegromab."""
    limits = [(0.37, 2.25), (0.92, 2.97), (1.55, 4.08)]

    errors = [math.sqrt(es.variance_from_interval(*pair)) for pair in limits]

    assert [round(error, 2) for error in errors] == [0.48, 0.52, 0.65]


def test_hedges_factor_is_that_of_the_gamma_function():
    """J(24) = 0.96841 by the exact formula; the usual short form agrees to four digits."""
    assert es.correction_j(24) == pytest.approx(
        math.gamma(12) / (math.sqrt(12) * math.gamma(11.5)), rel=1e-12
    )
    assert es.correction_j(24) == pytest.approx(1 - 3 / (4 * 24 - 1), abs=1e-4)


def test_number_needed_to_treat_is_one_over_the_difference():
    """A difference of 11.8 points means that about 8.5 people are treated for one more."""
    assert conversions.number_needed_to_treat(0.118) == pytest.approx(8.47, abs=0.01)


def test_an_empty_cell_gets_one_half_in_each():
    """8 of 12 against 0 of 12 mice: (8.5 x 12.5) / (4.5 x 0.5) = 47.2."""
    assert es.odds_ratio(8, 4, 0, 12).estimate == pytest.approx(8.5 * 12.5 / (4.5 * 0.5))


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: es.fisher_z(1.0, 10), "correlation"),
        (lambda: es.fisher_z(0.5, 3), "four"),
        (lambda: es.odds_ratio(-1, 2, 3, 4), "negative"),
        (lambda: es.risk_ratio(0, 0, 3, 4), "empty"),
        (lambda: es.d_from_means(1, 1, 1, 2, 1, 5), "two people"),
        (lambda: conversions.number_needed_to_treat(0), "no risk difference"),
        (lambda: es.EffectSize(1.0, -1.0, "d"), "negative variance"),
        (lambda: conversions.risk_ratio_from_odds_ratio(2, 1.5), "between 0 and 1"),
        (lambda: es.fisher_z(0.5, 10).interval(95), "write 0.95"),
    ],
)
def test_impossible_input_is_refused_in_words(call, word):
    """The message says what is wrong."""
    with pytest.raises(ValueError, match=word):
        call()


@given(ratio=st.floats(0.05, 1.5), risk=st.floats(0.01, 0.6), variance=st.floats(0.001, 1))
def test_risk_ratios_to_odds_ratios_and_back_are_the_same(ratio, risk, variance):
    """The two conversions undo each other at the same baseline risk, variance included."""
    odds = conversions.odds_ratio_from_risk_ratio(ratio, risk, variance)
    back = conversions.risk_ratio_from_odds_ratio(odds.estimate, risk, odds.variance)

    assert back.estimate == pytest.approx(ratio)
    assert back.variance == pytest.approx(variance)


def test_the_risk_ratio_of_a_table_is_that_of_its_odds_ratio():
    """16 of 21 against 8 of 19: 1.81 by counting, and by way of 4.4 at a risk of 8/19."""
    odds, risk = es.odds_ratio(16, 5, 8, 11), es.risk_ratio(16, 5, 8, 11)

    assert conversions.risk_ratio_from_odds_ratio(odds.estimate, 8 / 19).value == pytest.approx(
        risk.value
    )
    assert round(risk.estimate, 2) == 1.81


@given(a=COUNTS, b=COUNTS, c=COUNTS, d=COUNTS)
def test_swapping_the_groups_turns_every_effect_round(a, b, c, d):
    """Ratios become their inverses and differences change sign; the variance stays."""
    for measure in (es.odds_ratio, es.risk_ratio, es.risk_difference):
        one, other = measure(a, b, c, d), measure(c, d, a, b)

        assert one.value == pytest.approx(-other.value, abs=1e-12)
        assert one.variance == pytest.approx(other.variance)


@given(a=COUNTS, b=COUNTS, c=COUNTS, d=COUNTS)
def test_odds_ratio_lies_further_from_one_than_the_risk_ratio(a, b, c, d):
    """An odds ratio always overstates the risk ratio, in the same direction."""
    odds, risk = es.odds_ratio(a, b, c, d).value, es.risk_ratio(a, b, c, d).value

    assert abs(odds) >= abs(risk) - 1e-12
    assert odds * risk >= -1e-12


@given(
    value=st.floats(0.1, 10),
    width=st.floats(0.01, 2),
    measure=st.sampled_from(["odds ratio", "hazard ratio", "mean difference"]),
)
def test_an_interval_read_from_print_is_given_back(value, width, measure):
    """from_interval and interval undo each other."""
    variance = width**2
    effect = es.EffectSize(math.log(value) if "ratio" in measure else value, variance, measure)

    back = es.from_interval(effect.estimate, effect.low, effect.high, measure)

    assert back.value == pytest.approx(effect.value, abs=1e-9)
    assert back.variance == pytest.approx(variance, rel=1e-6)


@given(n1=SIZES, n2=SIZES, d=st.floats(-3, 3))
def test_hedges_g_is_never_larger_than_d(n1, n2, d):
    """The correction shrinks, in the same direction."""
    if n1 + n2 - 2 >= 2:
        g = es.g_from_d(d, n1, n2).value

        assert abs(g) <= abs(d)
        assert g * d >= 0
