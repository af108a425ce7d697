"""Power and sample size against the dossiers, simulation and independent formulas."""

import math

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


def test_no_effect_has_the_power_of_alpha():
    """Without an effect every test rejects in 5 % of cases."""
    assert power.t_test(0, 20) == pytest.approx(0.05)


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
    ],
)
def test_impossible_input_is_refused(call):
    """A size of one, an effect of zero and a power of one have no answer."""
    with pytest.raises(ValueError, match=r"\w"):
        call()
