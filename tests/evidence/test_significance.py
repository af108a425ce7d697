"""p values from printed summaries, against print, the dossiers and SciPy's own tests."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hardwired.evidence import effect_size, significance

COUNTS = st.integers(min_value=0, max_value=60)


def test_writing_trial_has_three_p_values():
    """Koschwanez 2013: printed chi-squared 4.83, p 0.028; Fisher 0.051 from the same table."""
    plain = significance.chi_squared(16, 5, 8, 11)

    assert round(plain.statistic, 2) == 4.83
    assert round(plain.p, 3) == 0.028
    assert round(significance.fisher_exact(16, 5, 8, 11).p, 3) == 0.051
    assert significance.chi_squared(16, 5, 8, 11, corrected=True).p > 0.05


def test_carers_and_controls_have_the_t_of_the_dossier():
    """T 2.25 on 24 degrees of freedom, p 0.034 (kiecolt1995slowing)."""
    sd = [effect_size.sd_from_se(se, 13) for se in (2.9, 3.0)]

    result = significance.t_test(48.7, sd[0], 13, 39.3, sd[1], 13)

    assert (round(result.statistic, 2), result.df, round(result.p, 3)) == (2.25, 24, 0.034)


@pytest.mark.parametrize(
    ("table", "p"), [((8, 4, 0, 12), 0.0013), ((14, 2, 7, 9), 0.023), ((13, 7, 3, 17), 0.003)]
)
def test_fisher_p_values_of_the_dossiers(table, p):
    """8/12 v 0/12, rice2001effect; 13/20 v 3/20 is exactly 0.0031."""
    assert significance.fisher_exact(*table).p == pytest.approx(p, abs=6e-4 if p > 0.01 else 1.1e-4)


def test_raison_responders_have_the_fisher_p_of_the_dossier():
    """8 of 13 against 3 of 9 responders: p 0.19 by chi-squared."""
    assert round(significance.chi_squared(8, 5, 3, 6).p, 2) == 0.19


@pytest.mark.parametrize(
    ("r", "n", "p"), [(0.23, 94, "<0.05"), (0.439, 51, "<0.005"), (0.42, 44, "<0.01")]
)
def test_correlations_reach_the_printed_bounds(r, n, p):
    """yosipovitch2007study, tian2026sympathetic, mars2006fasting."""
    assert significance.correlation_test(r, n).p < float(p[1:])


def test_marsland_interval_contradicts_its_printed_p():
    """D 0.28 (0.05 to 0.51) is p of about 0.02, not under 0.001: a check set to students."""
    assert round(significance.from_interval(0.28, 0.05, 0.51).p, 2) == 0.02


def test_reset_ra_interval_gives_twice_its_one_sided_p():
    """11.8 (0.6 to 23.1) is two-sided p 0.040; the trial printed the one-sided 0.0209."""
    assert significance.from_interval(11.8, 0.6, 23.1).p == pytest.approx(2 * 0.0209, abs=0.003)


@pytest.mark.parametrize(
    ("arms", "t", "p"),
    [((-7.1, 8.5, 8, -1.3, 4.9, 12), -1.75, 0.11), ((-1.9, 1.6, 29, -0.4, 2.0, 36), -3.36, 0.0013)],
)
def test_leptin_trial_has_the_welch_tests_of_the_dossier(arms, t, p):
    """heymsfield1999recombinant at 24 and 4 weeks against placebo."""
    result = significance.t_test(*arms, pooled=False)

    assert round(result.statistic, 2) == t
    assert result.p == pytest.approx(p, rel=0.05)


@given(a=COUNTS, b=COUNTS, c=COUNTS, d=COUNTS)
def test_fisher_agrees_with_scipy(a, b, c, d):
    """An independent implementation gives the same p."""
    if a + b and c + d:
        expected = stats.fisher_exact([[a, b], [c, d]])[1]

        assert significance.fisher_exact(a, b, c, d).p == pytest.approx(expected, rel=1e-7)


@given(a=COUNTS, b=COUNTS, c=COUNTS, d=COUNTS, corrected=st.booleans())
def test_chi_squared_agrees_with_scipy(a, b, c, d, corrected):
    """An independent implementation gives the same statistic and p."""
    if min(a + b, c + d, a + c, b + d):
        expected = stats.chi2_contingency([[a, b], [c, d]], correction=corrected)

        mine = significance.chi_squared(a, b, c, d, corrected=corrected)

        assert mine.statistic == pytest.approx(expected.statistic, abs=1e-9)
        assert mine.p == pytest.approx(expected.pvalue, abs=1e-12)


@given(
    m=st.floats(-5, 5),
    s=st.floats(0.5, 5),
    n1=st.integers(2, 50),
    n2=st.integers(2, 50),
    pooled=st.booleans(),
)
def test_t_test_agrees_with_scipy(m, s, n1, n2, pooled):
    """An independent implementation gives the same t and p."""
    expected = stats.ttest_ind_from_stats(m, s, n1, 0.3, 1.7, n2, equal_var=pooled)

    mine = significance.t_test(m, s, n1, 0.3, 1.7, n2, pooled=pooled)

    assert mine.statistic == pytest.approx(expected.statistic)
    assert mine.p == pytest.approx(expected.pvalue)


@given(seed=st.integers(0, 10_000), n=st.integers(4, 40))
def test_correlation_test_agrees_with_scipy(seed, n):
    """The p of r and n is that of the raw data they came from."""
    x, y = np.random.default_rng(seed).normal(size=(2, n))
    expected = stats.pearsonr(x, y)

    assert significance.correlation_test(expected.statistic, n).p == pytest.approx(expected.pvalue)
