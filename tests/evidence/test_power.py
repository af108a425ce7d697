"""Power and sample size against the dossiers, simulation and independent formulas."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from hardwired.evidence import power


@pytest.mark.parametrize(
    ("d", "n80", "n90"),
    [(0.11, 1299, 1738), (0.15, 699, 935), (0.20, 394, 527), (0.30, 176, 235), (0.58, 48, 64)],
)
def test_sizes_for_small_effects_are_those_of_the_dossier(d, n80, n90):
    """People in each group for 80 and 90 % power, by the noncentral t (dossier 08)."""
    assert power.t_test_size(d) == n80
    assert power.t_test_size(d, 0.9) == n90


@pytest.mark.parametrize(("d", "n"), [(0.88, 22), (0.44, 83), (0.20, 394)])
def test_sizes_for_the_carers_study_are_those_of_the_dossier(d, n):
    """22, 83 and 394 in each group (dossier 05)."""
    assert power.t_test_size(d) == n


@pytest.mark.parametrize(
    ("d", "n", "percent"), [(0.88, 13, 58), (0.44, 13, 19), (0.30, 36, 24), (0.15, 36, 10)]
)
def test_power_of_the_studies_is_that_of_the_dossiers(d, n, percent):
    """13 carers a group have 58 %; an average trial of 36 an arm has 24 or 10 %."""
    assert round(100 * power.t_test(d, n)) == percent


def test_power_agrees_with_an_integral_over_the_spread():
    """Independent computation: average the normal power over the chi distribution of the SD."""
    d, n = 0.6, 15
    df = 2 * n - 2
    bound = stats.t.ppf(0.975, df)
    shift = d * math.sqrt(n / 2)

    def part(s):
        tails = stats.norm.sf(bound * s - shift) + stats.norm.cdf(-bound * s - shift)
        return tails * stats.chi.pdf(s * math.sqrt(df), df) * math.sqrt(df)

    expected = integrate.quad(part, 0, 5)[0]
    assert power.t_test(d, n) == pytest.approx(expected, abs=1e-7)


def test_detectable_effect_has_the_wanted_power():
    """The size and the effect are each other's inverse."""
    d = power.detectable_d(13)

    assert power.t_test(d, 13) == pytest.approx(0.8)
    assert power.t_test_size(d - 0.001) == 14


def test_correlation_size_is_the_textbook_one():
    """R = 0.30 needs 84 or 85 people for 80 % power (Fisher's z: 84.9)."""
    exact = ((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) / math.atanh(0.3)) ** 2 + 3

    assert power.correlation_size(0.3) == math.ceil(exact) == 85


def test_proportions_size_is_the_textbook_one():
    """60 against 40 % needs 97 in each group (pooled variance under the null)."""
    z = stats.norm.ppf([0.975, 0.8])
    exact = (z[0] * math.sqrt(2 * 0.5 * 0.5) + z[1] * math.sqrt(0.24 + 0.24)) ** 2 / 0.2**2

    assert power.proportions_size(0.6, 0.4) == math.ceil(exact) == 97


def test_exaggeration_agrees_with_simulation():
    """A true effect of half a standard error: significant results are wrong in size and sign."""
    draws = np.random.default_rng(1).normal(0.5, 1, 2_000_000)
    significant = draws[abs(draws) > stats.norm.ppf(0.975)]

    result = power.exaggeration(0.5, 1)

    assert result.power == pytest.approx(len(significant) / len(draws), abs=6e-4)
    assert result.type_s == pytest.approx((significant < 0).mean(), abs=3e-3)
    assert result.type_m == pytest.approx(abs(significant).mean() / 0.5, rel=3e-3)


def test_no_effect_has_the_power_of_alpha():
    """Without an effect every test rejects in 5 % of cases."""
    assert power.t_test(0, 20) == pytest.approx(0.05)
    assert power.correlation(0, 20) == pytest.approx(0.05)
    assert power.proportions(0.3, 0.3, 50) == pytest.approx(0.05)


@given(d=st.floats(0.05, 2), n=st.integers(2, 200))
@settings(max_examples=50)
def test_power_grows_with_size_and_effect(d, n):
    """More people or a larger effect never lower the power."""
    here = power.t_test(d, n)

    assert power.t_test(d, n + 1) >= here - 1e-9
    assert power.t_test(d + 0.1, n) >= here - 1e-9
    assert power.t_test(-d, n) == pytest.approx(here)


@given(d=st.floats(0.1, 1.5), wanted=st.sampled_from([0.5, 0.8, 0.9]))
@settings(max_examples=40)
def test_the_size_is_the_smallest_that_suffices(d, wanted):
    """One person fewer in each group would not do."""
    n = power.t_test_size(d, wanted)

    assert power.t_test(d, n) >= wanted
    assert n == 2 or power.t_test(d, n - 1) < wanted


@pytest.mark.parametrize(
    "call",
    [
        lambda: power.t_test(0.5, 1),
        lambda: power.t_test_size(0),
        lambda: power.t_test_size(0.5, 1.0),
        lambda: power.t_test_size(1e-5),
        lambda: power.detectable_d(10, power=0.01),
        lambda: power.correlation(0.3, 3),
        lambda: power.exaggeration(0, 1),
    ],
)
def test_impossible_input_is_refused(call):
    """A size of one, an effect of zero and a power of one have no answer."""
    with pytest.raises(ValueError, match=r"\w"):
        call()
