"""Meta-analysis against printed results, the output of another program, and its own symmetries."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from hardwired.evidence import effect_size, heterogeneity, meta

# Thirteen trials of BCG vaccine: cases and others, vaccinated then not, re-typed from the printed
# table that every textbook of meta-analysis repeats (Colditz 1994; van Houwelingen 2002, table I).
BCG = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]
ODDS = [effect_size.odds_ratio(*trial) for trial in BCG]
RISKS = [effect_size.risk_ratio(*trial) for trial in BCG]

# Forest bathing and systolic pressure: mean difference with limits (ideno2017blood, table 3).
WALKING = [
    (-5.00, -14.58, 4.58),
    (-1.00, -10.62, 8.62),
    (-2.50, -7.87, 2.87),
    (1.10, -12.64, 14.84),
    (-10.00, -18.35, -1.65),
    (-2.16, -4.28, -0.04),
    (-3.00, -13.33, 7.33),
    (-11.50, -22.87, -0.13),
    (-10.40, -21.43, 0.63),
    (-12.25, -20.36, -4.14),
    (-5.50, -14.73, 3.73),
]
WEIGHTS = [3.1, 3.1, 9.9, 1.5, 4.1, 63.5, 2.7, 2.2, 2.3, 4.3, 3.3]
# The second row is stored as -1.30; its interval and the printed total require +1.30.
NOT_WALKING = [
    (-6.10, -19.02, 6.82),
    (1.30, -7.60, 10.20),
    (-6.20, -11.65, -0.75),
    (-3.90, -7.37, -0.43),
    (-2.16, -3.79, -0.53),
    (-4.00, -9.23, 1.23),
    (-3.00, -5.92, -0.08),
    (-4.00, -9.66, 1.66),
    (-8.70, -16.48, -0.92),
]
# Distress and healing on the scale of r, with the people used (table wounds-correlations).
WOUNDS = [
    (0.404, 26),
    (0.357, 53),
    (0.440, 36),
    (0.590, 24),
    (0.290, 57),
    (0.331, 183),
]
# Conscientiousness and adherence (molloy2014conscientiousness), n and r as printed.
MOLLOY = [
    (109, 0.19),
    (749, 0.16),
    (55, 0.34),
    (72, 0.27),
    (107, 0.32),
    (65, 0.00),
    (174, 0.17),
    (326, 0.05),
    (58, 0.26),
    (771, 0.01),
    (56, -0.09),
    (91, 0.37),
    (116, 0.00),
    (537, 0.15),
    (158, 0.24),
    (65, 0.04),
]


def panel(rows):
    """Return effects and variances of rows with limits."""
    values = [row[0] for row in rows]
    return values, [effect_size.variance_from_interval(*row[1:]) for row in rows]


def split(effects):
    """Return values and variances of effect sizes."""
    return [e.value for e in effects], [e.variance for e in effects]


def rounded(pooled, digits=2):
    """Return estimate and limits as printed."""
    return tuple(round(x, digits) for x in (pooled.estimate, pooled.low, pooled.high))


# --- printed results -----------------------------------------------------------------------------


def test_ideno_walking_panel_is_met_within_two_hundredths():
    """Printed: -3.48 (-5.17 to -1.80), Q 12.85, p 0.23, I2 22 % (ideno2017blood)."""
    pooled = meta.pool(*panel(WALKING), method="fixed")

    assert pooled.estimate == pytest.approx(-3.48, abs=0.02)
    assert pooled.low == pytest.approx(-5.17, abs=0.02)
    assert pooled.high == pytest.approx(-1.80, abs=0.02)
    assert pytest.approx(12.85, abs=0.02) == pooled.Q
    assert pooled.df == 10
    assert round(pooled.p_heterogeneity, 2) == 0.23
    assert round(pooled.I2) == 22


def test_ideno_weights_are_those_printed():
    """Each study's share agrees with the printed percent."""
    pooled = meta.pool(*panel(WALKING), method="fixed")

    assert list(100 * pooled.weights) == pytest.approx(WEIGHTS, abs=0.1)


def test_ideno_walking_panel_with_random_effects_is_that_of_the_dossier():
    """tau2 3.65, -4.65 (-7.16 to -2.14), prediction -9.85 to 0.55."""
    pooled = meta.pool(*panel(WALKING), method="DL")

    assert round(pooled.tau2, 2) == 3.65
    assert rounded(pooled) == (-4.65, -7.16, -2.14)
    assert round(pooled.prediction_low, 2) == -9.85
    assert round(pooled.prediction_high, 2) == 0.55


def test_ideno_panel_without_walking_needs_the_corrected_sign():
    """Printed -2.99 (-4.17 to -1.80); with the stored minus sign it would be -3.04."""
    stored = [(-1.30, *NOT_WALKING[1][1:]) if i == 1 else r for i, r in enumerate(NOT_WALKING)]

    assert meta.pool(*panel(NOT_WALKING), method="fixed").estimate == pytest.approx(-2.99, abs=0.02)
    assert round(meta.pool(*panel(stored), method="fixed").estimate, 2) == -3.04


def test_all_twenty_rows_of_ideno_are_those_of_the_dossier():
    """Fixed -3.15 (-4.12 to -2.18), Q 19.11 on 19, p 0.45, I2 1 %."""
    pooled = meta.pool(*panel(WALKING + NOT_WALKING), method="fixed")

    assert rounded(pooled) == (-3.15, -4.12, -2.18)
    assert round(pooled.Q, 2) == 19.11
    assert round(pooled.p_heterogeneity, 2) == 0.45
    assert round(pooled.I2) == 1


def test_egger_on_all_twenty_rows_is_met_by_an_independent_implementation():
    """Intercept -0.94 (SE 0.31), p 0.007, slope -1.49; SciPy's linregress agrees."""
    values, variances = panel(WALKING + NOT_WALKING)
    se = np.sqrt(variances)

    mine = meta.egger(values, variances)
    other = stats.linregress(1 / se, np.array(values) / se)

    assert (round(mine.intercept, 2), round(mine.se, 2), round(mine.p, 3)) == (-0.94, 0.31, 0.007)
    assert round(mine.slope, 2) == -1.49
    assert mine.intercept == pytest.approx(other.intercept)
    assert mine.se == pytest.approx(other.intercept_stderr)
    assert mine.slope == pytest.approx(other.slope)
    assert mine.slope_se == pytest.approx(other.stderr)


def test_egger_on_the_walking_panel_is_that_of_the_dossier():
    """Intercept -1.03 (SE 0.49), p 0.062."""
    mine = meta.egger(*panel(WALKING))

    assert (round(mine.intercept, 2), round(mine.se, 2), round(mine.p, 3)) == (-1.03, 0.49, 0.062)


def test_ideno_without_its_two_heaviest_rows_is_that_of_the_dossier():
    """The dossier's -4.50 (-5.97 to -3.04) keeps the wrong sign; with the right one -4.43."""
    stored = [(-1.30, *NOT_WALKING[1][1:]) if i == 1 else r for i, r in enumerate(NOT_WALKING)]
    rest = [row for row in WALKING + NOT_WALKING if row[0] != -2.16]
    rest_as_stored = [row for row in WALKING + stored if row[0] != -2.16]

    assert rounded(meta.pool(*panel(rest_as_stored), method="fixed")) == (-4.50, -5.97, -3.04)
    assert rounded(meta.pool(*panel(rest), method="fixed")) == (-4.43, -5.90, -2.97)


def test_wound_correlations_scatter_less_than_chance_and_pool_alike_both_ways():
    """By hand: 0.361 (0.268 to 0.447), Q 2.79 below its 5 degrees of freedom, so tau2 is 0."""
    effects = [effect_size.fisher_z(r, n) for r, n in WOUNDS]
    fixed = meta.pool_effects(effects, method="fixed").transformed(math.tanh)
    random = meta.pool_effects(effects, method="DL").transformed(math.tanh)
    bias = meta.egger(*split(effects))

    assert rounded(fixed, 3) == rounded(random, 3) == (0.361, 0.268, 0.447)
    assert (round(random.Q, 2), random.df, random.I2, random.tau2) == (2.79, 5, 0, 0)
    assert (round(bias.intercept, 2), round(bias.se, 2)) == (1.23, 0.64)
    assert (round(bias.t, 2), bias.df, round(bias.p, 3)) == (1.93, 4, 0.125)


def test_conscientiousness_and_adherence_is_that_of_the_dossier():
    """REML 0.1495 (SE 0.0315; 0.0877 to 0.2113), tau2 0.0081, Q 38.00, I2 60.5 %."""
    pooled = meta.pool_effects([effect_size.fisher_z(r, n) for n, r in MOLLOY])

    assert rounded(pooled, 4) == (0.1495, 0.0877, 0.2113)
    assert round(pooled.se, 4) == 0.0315
    assert round(pooled.tau2, 4) == 0.0081
    assert round(pooled.Q, 2) == 38.00
    assert round(pooled.I2, 1) == 60.5
    assert round(pooled.I2_from_tau2, 1) == pytest.approx(61.7, abs=0.3)


def test_meditation_trials_pool_as_in_the_dossier():
    """Two rate ratios: 0.80 (0.64 to 1.00), heterogeneity p 0.45; exercise 0.85 (0.68 to 1.06)."""
    meditation = [effect_size.rate_ratio(27, 1, 40, 1), effect_size.rate_ratio(112, 1, 134, 1)]
    exercise = [effect_size.rate_ratio(26, 47, 40, 51), effect_size.rate_ratio(120, 1, 134, 1)]

    pooled = meta.pool_effects(meditation, method="fixed").transformed(math.exp)

    assert rounded(pooled) == (0.80, 0.64, 1.00)
    assert round(pooled.p_heterogeneity, 2) == 0.45
    assert rounded(meta.pool_effects(exercise, method="fixed").transformed(math.exp)) == (
        0.85,
        0.68,
        1.06,
    )


def test_two_vagus_trials_pool_as_in_the_dossier():
    """11.8 (0.6 to 23.1) and -1.9 (-18.8 to 14.9): about 7.6 (-1.7 to 17.0), Q 1.8, I2 43 %."""
    rows = [(11.8, 0.6, 23.1), (-1.9, -18.8, 14.9)]

    pooled = meta.pool(*panel(rows), method="fixed")

    assert pooled.estimate == pytest.approx(7.6, abs=0.05)
    assert pooled.low == pytest.approx(-1.7, abs=0.1)
    assert pooled.high == pytest.approx(17.0, abs=0.1)
    assert round(pooled.Q, 1) == 1.8
    assert round(pooled.I2) == pytest.approx(43, abs=2)


# --- another program -----------------------------------------------------------------------------


def test_reml_of_thirteen_odds_ratios_is_that_of_metafor():
    """Output of R's metafor, as published: tau2 0.3378, -0.7452 (SE 0.1860), Q 163.1649."""
    pooled = meta.pool_effects(ODDS)

    assert round(pooled.tau2, 4) == 0.3378
    assert rounded(pooled, 4) == (-0.7452, -1.1098, -0.3806)
    assert round(pooled.se, 4) == 0.1860
    assert round(pooled.Q, 4) == 163.1649
    assert round(pooled.I2_from_tau2, 2) == 92.07


def test_moment_estimate_of_thirteen_odds_ratios_is_that_of_metafor():
    """DerSimonian-Laird, as published: tau2 0.3663, -0.7474 (SE 0.1923)."""
    pooled = meta.pool_effects(ODDS, method="DL")

    assert round(pooled.tau2, 4) == 0.3663
    assert rounded(pooled, 4) == (-0.7474, -1.1242, -0.3706)
    assert round(pooled.se, 4) == 0.1923
    assert round(pooled.I2, 2) == 92.65


def test_reml_of_thirteen_risk_ratios_is_that_of_metafor():
    """As published: tau2 0.3132, -0.7145 (-1.0669 to -0.3622), Q 152.2330, I2 92.22 %."""
    pooled = meta.pool_effects(RISKS)

    assert round(pooled.tau2, 4) == 0.3132
    assert rounded(pooled, 4) == (-0.7145, -1.0669, -0.3622)
    assert round(pooled.Q, 4) == 152.2330
    assert round(pooled.I2_from_tau2, 2) == 92.22


def test_q_profile_is_that_of_metafor():
    """Limits of tau2 for thirteen odds ratios, as published: 0.1302 to 1.1812."""
    low, high = heterogeneity.q_profile(*split(ODDS))

    assert low == pytest.approx(0.1302, abs=1e-4)
    assert high == pytest.approx(1.1812, abs=1e-4)


def test_egger_of_thirteen_risk_ratios_is_that_of_metafor():
    """As published: t -1.4013 on 11, p 0.1887, limit estimate -0.1909."""
    mine = meta.egger(*split(RISKS))

    assert (round(mine.t, 4), mine.df, round(mine.p, 4)) == (-1.4013, 11, 0.1887)
    assert round(mine.slope, 4) == -0.1909


# --- independent computation ---------------------------------------------------------------------


def restricted_likelihood(tau2, y, v):
    """Return minus the restricted likelihood from k - 1 contrasts and SciPy's normal density."""
    k = len(y)
    contrasts = np.eye(k)[1:] - np.eye(k)[0]
    covariance = contrasts @ np.diag(np.asarray(v) + tau2) @ contrasts.T
    return -stats.multivariate_normal(np.zeros(k - 1), covariance).logpdf(contrasts @ np.asarray(y))


@pytest.mark.parametrize("effects", [ODDS, RISKS])
def test_reml_maximises_the_density_of_contrasts(effects):
    """Independent route: the density of all differences to the first study."""
    y, v = split(effects)

    found = optimize.minimize_scalar(
        lambda t: restricted_likelihood(t, y, v),
        bounds=(0, 5),
        method="bounded",
        options={"xatol": 1e-9},
    )

    assert heterogeneity.tau2_reml(y, v) == pytest.approx(found.x, abs=1e-5)


def test_hartung_knapp_of_equal_variances_is_a_plain_t_interval():
    """With equal variances it is the t interval of the mean of the effects."""
    y = [0.1, 0.5, 0.3, 0.9, 0.2]
    expected = stats.t.interval(0.95, 4, np.mean(y), stats.sem(y))

    pooled = meta.pool(y, [0.04] * 5, hartung_knapp=True)

    assert (pooled.low, pooled.high) == pytest.approx(expected)
    assert pooled.p == pytest.approx(stats.ttest_1samp(y, 0).pvalue)


# --- symmetries ----------------------------------------------------------------------------------

STUDIES = st.lists(
    st.tuples(
        st.floats(-3, 3).map(lambda x: round(x, 3)), st.floats(0.01, 4).map(lambda x: round(x, 3))
    ),
    min_size=3,
    max_size=15,
)
METHODS = st.sampled_from(meta.METHODS)


@given(studies=STUDIES, method=METHODS, seed=st.integers(0, 1000))
@settings(max_examples=60)
def test_pooling_does_not_depend_on_the_order(studies, method, seed):
    """Shuffled studies pool to the same result."""
    y, v = map(np.array, zip(*studies, strict=True))
    order = np.random.default_rng(seed).permutation(len(y))

    one, other = meta.pool(y, v, method=method), meta.pool(y[order], v[order], method=method)

    for name in ("estimate", "low", "high", "Q", "tau2"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-6, abs=1e-8)


@given(studies=STUDIES, method=METHODS)
@settings(max_examples=60)
def test_weights_are_positive_and_sum_to_one(studies, method):
    """Every study counts, and together they count once."""
    weights = meta.pool(*zip(*studies, strict=True), method=method).weights

    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(1)


@given(studies=STUDIES, method=METHODS, shift=st.floats(-5, 5), factor=st.floats(0.1, 10))
@settings(max_examples=60)
def test_pooling_follows_a_change_of_unit(studies, method, shift, factor):
    """Shifting and stretching all effects shifts and stretches the result; I2 stays."""
    y, v = map(np.array, zip(*studies, strict=True))

    one = meta.pool(y, v, method=method)
    other = meta.pool(factor * y + shift, factor**2 * v, method=method)

    assert other.estimate == pytest.approx(factor * one.estimate + shift, rel=1e-6, abs=1e-6)
    assert other.tau2 == pytest.approx(factor**2 * one.tau2, rel=1e-5, abs=1e-7)
    assert pytest.approx(one.I2, abs=1e-5) == other.I2


@given(studies=STUDIES, method=METHODS)
@settings(max_examples=60)
def test_the_pooled_effect_lies_among_the_effects(studies, method):
    """A weighted mean never leaves the range of what it averages."""
    y, v = zip(*studies, strict=True)

    assert min(y) - 1e-9 <= meta.pool(y, v, method=method).estimate <= max(y) + 1e-9


@given(studies=STUDIES)
@settings(max_examples=60)
def test_prediction_is_never_narrower_than_the_interval(studies):
    """A new study's effect is less certain than the mean effect."""
    pooled = meta.pool(*zip(*studies, strict=True))

    assert pooled.prediction_low <= pooled.low + 1e-9
    assert pooled.prediction_high >= pooled.high - 1e-9


@given(studies=STUDIES)
@settings(max_examples=60)
def test_q_profile_encloses_where_q_equals_its_degrees_of_freedom(studies):
    """The generalised Q meets its expectation between the two limits."""
    y, v = zip(*studies, strict=True)
    low, high = heterogeneity.q_profile(y, v)

    assert 0 <= low <= high
    if high > 0:
        assert heterogeneity.cochran_q(y, v, high) == pytest.approx(
            stats.chi2.ppf(0.025, len(y) - 1), rel=1e-6
        )


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: meta.pool([1.0], [0.1, 0.2]), "one variance each"),
        (lambda: meta.pool([], []), "one variance each"),
        (lambda: meta.pool([1.0, 2.0], [0.1, 0.0]), "not positive"),
        (lambda: meta.pool([1.0, math.nan], [0.1, 0.2]), "missing"),
        (lambda: meta.pool([1.0, 2.0], [0.1, 0.2], method="PM"), "unknown method"),
        (lambda: meta.pool([1.0, 2.0], [0.1, 0.2], level=95), "write 0.95"),
        (lambda: meta.pool([1.0], [0.1], hartung_knapp=True), "two studies"),
        (lambda: meta.egger([1.0, 2.0], [0.1, 0.2]), "three studies"),
        (lambda: meta.egger([1.0, 2.0, 3.0], [0.1, 0.1, 0.1]), "one size"),
        (lambda: meta.pool_effects([ODDS[0], effect_size.fisher_z(0.3, 20)]), "cannot pool"),
    ],
)
def test_impossible_input_is_refused_in_words(call, word):
    """The message says what is wrong."""
    with pytest.raises(ValueError, match=word):
        call()


@pytest.fixture(name="literatures")
def literatures_fixture():
    """Return five literatures of twelve studies: effects and variances."""
    rng = np.random.default_rng(3)
    v = rng.uniform(0.02, 0.2, (5, 12))
    return 0.2 + rng.normal(0, np.sqrt(v + 0.05)), v


@pytest.mark.parametrize("method", meta.METHODS)
@pytest.mark.parametrize("hartung_knapp", [False, True])
def test_many_literatures_are_pooled_as_each_of_them(literatures, method, hartung_knapp):
    """One call along the last axis gives what a call a literature gives."""
    options = {"method": method, "hartung_knapp": hartung_knapp and method != "fixed"}
    together = meta.pool(*literatures, **options)
    alone = [meta.pool(y, v, **options) for y, v in zip(*literatures, strict=True)]

    for name in ("estimate", "se", "low", "high", "p", "tau2", "Q", "I2", "prediction_low"):
        expected = [getattr(one, name) for one in alone]
        assert getattr(together, name) == pytest.approx(expected, rel=1e-9, nan_ok=True), name
    assert together.weights.shape == literatures[0].shape


def test_many_literatures_are_tested_as_each_of_them(literatures):
    """The regression test along the last axis."""
    together = meta.egger(*literatures)
    alone = [meta.egger(y, v) for y, v in zip(*literatures, strict=True)]

    for name in ("intercept", "se", "t", "p", "slope", "slope_se"):
        assert getattr(together, name) == pytest.approx([getattr(one, name) for one in alone]), name
