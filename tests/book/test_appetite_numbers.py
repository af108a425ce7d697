"""Numbers that stand in the prose of chapter 6 as computed follow from evidence and models."""

import re

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence, models
from tests.book.reading import prose_of
from tests.conftest import ROOT

KCAL = 0.004184


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, without markup."""
    return prose_of("06-appetite", hyphen_for_minus=True)


@pytest.fixture(scope="module")
def rows():
    """Return the printed results of the chapter."""
    return evidence.studies(chapter="06-appetite")


@pytest.fixture(scope="module")
def arms():
    """Return the five groups of the leptin trial after 24 weeks."""
    table = evidence.table("appetite-leptin-trial")
    return table[table["weeks"] == 24].reset_index(drop=True)


@pytest.fixture(scope="module")
def weight():
    """Return the model of body weight."""
    return models.get("appetite-body-weight")


def change(model, days: float, symbol: str = "BW", **given: float) -> float:
    """Return how much a quantity of a model has changed after some days."""
    start, end = model.simulate([0.0, days], **given)[symbol]
    return end - start


def trend(arms, scores) -> tuple[float, float]:
    """Return F and p of a straight line over scores, by one formula independent of the page's."""
    n, mean, sd = (arms[c].to_numpy(float) for c in ("n", "mean_change", "sd"))
    weights = np.asarray(scores, dtype=float) - np.average(scores, weights=n)
    df = n.sum() - len(n)
    within = ((n - 1) * sd**2).sum() / df
    t = (n * weights * mean).sum() / np.sqrt(within * (n * weights**2).sum())
    return t**2, 2 * stats.t.sf(abs(t), df)


def test_obesity_and_normal_weight_differ_by_as_much_as_the_text_says(prose, rows):
    """23.8 (19.5 to 28.1) ng/ml by Welch's t, d = 1.30."""
    row = rows.loc["considine1996-obese"]
    v = np.array([row.spread_a**2 / row.n_a, row.spread_b**2 / row.n_b])
    df = v.sum() ** 2 / (v**2 / np.array([row.n_a - 1, row.n_b - 1])).sum()
    low, high = 23.8 + np.sqrt(v.sum()) * stats.t.ppf([0.025, 0.975], df)
    d = evidence.effect_size.d_from_means(
        row.mean_a, row.spread_a, row.n_a, row.mean_b, row.spread_b, row.n_b
    ).value

    assert (
        f"a difference of 23.8 (95 % CI {low:.1f} to {high:.1f}, computed here), or {d:.2f} "
        in prose
    )


def test_interval_of_the_correlation_in_14_men(prose, rows):
    """Fisher's interval of r = 0.93 with 14 men."""
    row = rows.loc["klein1996-production"]
    low, high = np.tanh(np.arctanh(row.value) + np.array([-1.96, 1.96]) / np.sqrt(14 - 3))

    assert f"r = 0.93, 95 % CI {low:.2f} to {high:.2f}, computed here" in prose


def test_pairs_in_which_the_stressed_person_eats_more(prose, rows):
    """The probability of superiority is the normal integral of g over the root of 2."""
    share = stats.norm.cdf(rows.loc["hill2022-all"].value / np.sqrt(2))

    assert f"would eat more in {100 * share:.0f} of 100 such pairs" in prose


def test_readings_of_the_leptin_trial_with_the_pooled_error_term(prose, arms):
    """F 1.62, line 6.30 (p 0.016), contrast p 0.033, without the top 0.49, over steps 0.058."""
    groups = [
        np.repeat(row.mean_change, row.n)
        + np.sqrt((row.n - 1) / row.n) * row.sd * _shape(int(row.n))
        for row in arms.itertuples()
    ]
    f, p = stats.f_oneway(*groups)
    line, line_p = trend(arms, arms["dose"])
    _, short = trend(arms[:4], arms["dose"][:4])
    _, steps = trend(arms, range(5))
    df = int(arms["n"].sum() - 5)
    se = np.sqrt(((arms["n"] - 1) * arms["sd"] ** 2).sum() / df * (1 / 8 + 1 / 12))
    low, high = -5.8 + se * stats.t.ppf([0.025, 0.975], df)
    contrast_p = 2 * stats.t.sf(5.8 / se, df)

    assert f"F(4, 42) = {f:.2f}, p = {p:.2f}" in prose
    assert f"F(1, 42) = {line:.2f}, p = {line_p:.3f}" in prose
    assert f"By -5.8 kg, from {low:.1f} to {high:.1f} (p = {contrast_p:.3f})" in prose
    assert f"the trend is gone (p = {short:.2f})" in prose
    assert f"the line has p = {steps:.3f} with the pooled term" in prose


def test_readings_of_the_leptin_trial_with_each_groups_own_spread(prose, arms):
    """The line has p = 0.091 and the contrast runs from -13.2 to 1.6; spreads differ, p 0.04."""
    n, mean, sd, dose = (arms[c].to_numpy(float) for c in ("n", "mean_change", "sd", "dose"))
    away = dose - np.average(dose, weights=n)
    weights = n * away / (n * away**2).sum()
    parts = weights**2 * sd**2 / n
    df = parts.sum() ** 2 / (parts**2 / (n - 1)).sum()
    p = 2 * stats.t.sf(abs((weights * mean).sum()) / np.sqrt(parts.sum()), df)
    others = ((n[:4] - 1) * sd[:4] ** 2).sum() / (n[:4].sum() - 4)
    ratio = sd[4] ** 2 / others
    spread_p = 2 * stats.f.sf(ratio, 7, n[:4].sum() - 4)

    assert f"the line has p = {p:.3f} and the contrast runs from -13.2 to 1.6" in prose
    assert f"(a ratio of variances of {ratio:.1f}, two-sided p = {spread_p:.2f})" in prose


def _shape(n: int) -> np.ndarray:
    """Return n numbers with mean 0 and mean square 1."""
    x = np.arange(n) - (n - 1) / 2
    return x / np.sqrt((x**2).mean())


def test_top_dose_against_placebo(prose, arms):
    """-5.8 kg (-13.2 to 1.6), p 0.11; d 0.89, power 0.45, 21 in each group for 80 %."""
    a, b = arms.iloc[4], arms.iloc[0]
    found = stats.ttest_ind_from_stats(
        a.mean_change, a.sd, a.n, b.mean_change, b.sd, b.n, equal_var=False
    )
    v = np.array([a.sd**2 / a.n, b.sd**2 / b.n])
    df = v.sum() ** 2 / (v**2 / np.array([a.n - 1, b.n - 1])).sum()
    low, high = -5.8 + np.sqrt(v.sum()) * stats.t.ppf([0.025, 0.975], df)
    d = 5.8 / np.sqrt(((a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2) / (a.n + b.n - 2))
    power = evidence.power.t_test(d, 8, 12)

    assert f"the contrast runs from {low:.1f} to {high:.1f} (p = {found.pvalue:.2f})" in prose
    assert f"(d = {d:.2f})" in prose
    assert f"would have found it in {100 * power:.0f} of 100 repetitions" in prose
    assert f"{evidence.power.t_test_size(d)} in each group would be needed" in prose


def test_what_the_diet_of_the_trial_should_have_done(prose, weight):
    """500 kcal a day less at 89.8 kg for 24 weeks; 1.3 kg are 84 kcal a day."""
    man = change(weight, 168, BW_0=89.8, dEI=-500 * KCAL)
    woman = change(weight, 168, BW_0=89.8, H=1.65, woman=1.0, dEI=-500 * KCAL)

    assert f"for 24 weeks takes off {-woman:.1f} to {-man:.1f} kg" in prose
    assert change(weight, 168, BW_0=89.8, dEI=-84 * KCAL) == pytest.approx(-1.3, abs=0.05)
    assert "as one would with 84 kcal a day less" in prose


def test_leptin_by_production_and_clearance(prose):
    """53.9 ml/kg, 79 minutes by one pool, 6.5 from other kidneys, 96 instead of 31.3."""
    model = models.get("appetite-leptin")
    needed = 797 * 31.3 / 6.6
    fed = model.simulate([0.0], R=needed)
    given = dict(model.scenarios["volume and clearance of people given leptin"])
    half = float(model.simulate([0.0], **given)["half_life"][0])

    assert f"V$ is {1.5 * 24.9 / np.log(2):.1f} ml/kg" in prose
    assert given["V"] == 150.0
    assert f"79 ml/kg an hour (spread 16), which is {given['CL']:.2f} a minute" in prose
    assert f"the half-life is {half:.0f} minutes" in prose
    assert f"the steady level is {model.simulate([0.0])['S'][0]:.1f} ng/ml" in prose
    assert fed["L"][0] == pytest.approx(31.3, abs=0.01)
    assert f"must make {round(needed, -1):,.0f} ng a minute" in prose
    assert f"leptin climbs to {fed['S'][0]:.0f} ng/ml" in prose


@pytest.mark.parametrize(("dose", "printed"), [(0.1, "0.38"), (1.0, "0.30")])
def test_a_kidney_that_fills_up_clears_a_dose_more_slowly_than_people_do(prose, dose, printed):
    """Dose over the area under its curve, where people cleared 79 (16) ml/kg an hour."""
    model = models.get("appetite-leptin")
    minutes = np.linspace(0.0, 20_000.0, 40_001)
    start = 1e6 * dose / 150.0
    off = {"R": 0.0, "V": 150.0, "t_change": 1e9}
    cleared = {
        symbol: 1e6
        * dose
        / np.trapezoid(model.simulate(minutes, **off, **{symbol: start})[symbol], minutes)
        for symbol in ("L", "S")
    }

    assert f"{cleared['S']:.2f}" == printed
    assert (
        "clears 0.38 ml a minute for each kilogram after the smallest dose and 0.30 after" in prose
    )
    assert cleared["S"] < (79 - 2 * 16) / 60
    assert cleared["L"] == pytest.approx(79 / 60, abs=16 / 60)


def test_the_herbal_trial(prose, rows):
    """1.88 points (-1.3 to 5.1); d 0.42, power 0.21, 90 an arm; each arm by its own t."""
    row = rows.loc["cheon2017-acs"]
    spreads = np.array([row.spread_a, row.spread_b])
    se = np.sqrt((spreads**2 / 16).sum())
    low, high = 1.88 + se * stats.t.ppf([0.025, 0.975], 30)
    d = 1.88 / np.sqrt((spreads**2).mean())
    alone = 2 * stats.t.sf(np.array([row.mean_a, row.mean_b]) / (spreads / 4), 15)

    assert f"is 1.88 points, 95 % CI {low:.1f} to {high:.1f} (p = 0.245)" in prose
    assert f"The difference is {d:.2f} standard deviations" in prose
    assert (
        f"16 against 16 would find it in {100 * evidence.power.t_test(d, 16, 16):.0f} of 100"
        in prose
    )
    assert f"and {evidence.power.t_test_size(d)} an arm would be needed" in prose
    assert alone[0] < 0.001
    assert alone[1] == pytest.approx(0.025, abs=0.0005)


def test_differences_of_anamorelin_are_those_of_the_printed_medians(prose, rows):
    """0.99 + 0.47 and 0.65 + 0.98 kg."""
    row = rows.loc["temel2016-lean"]

    assert f"over placebo by {row.mean_a - row.mean_b:.2f} and {0.65 + 0.98:.2f} kg" in prose


def test_three_days_of_half_rations(prose, weight):
    """1.54 kg, of which fluid 0.63, glycogen with water 0.51, lean 0.14, fat 0.26; rule 0.50."""
    given = dict(weight.scenarios["three days at half intake"])
    parts = {s: -change(weight, 3, s, **given) for s in ("BW", "E", "G", "L", "F")}
    eaten = weight.simulate([0.0])["EI_b"][0]

    assert f"A man of 80 kg eats half of his {round(eaten / KCAL, -1):,.0f} kcal" in prose
    assert f"On the third day he is {parts['BW']:.2f} kg lighter" in prose
    assert (
        f"{parts['E']:.2f} kg is fluid, {3.7 * parts['G']:.2f} kg glycogen with its water, "
        f"{parts['L']:.2f} kg lean tissue and {parts['F']:.2f} kg fat"
    ) in prose
    assert f"would say {3 * eaten / 2 / 32.2:.2f} kg" in prose
    assert f"A month later he is {-change(weight, 33, **given):.2f} kg below" in prose


def test_a_hundred_kilocalories_less(prose, weight):
    """2.72, 4.13 and 4.36 kg by the model, 4.75 and 14.2 by the rule."""
    one, three, end = (-change(weight, years * 365.25) for years in (1, 3, 60))
    rule = [100 * KCAL * 365.25 * years / 32.2 for years in (1, 3)]

    assert (
        f"loses {one:.2f} kg in a year and {three:.2f} in three, and in the end {end:.2f}" in prose
    )
    assert f"the rule says {rule[0]:.2f} kg in the first year and {rule[1]:.1f} in three" in prose


@pytest.mark.parametrize(
    ("kcal", "gain"), [(111, 1.22), (175, 1.92), (257, 2.81)], ids=["100 mg", "200 mg", "400 mg"]
)
def test_food_that_a_gain_on_ponsegromab_takes(prose, weight, kcal, gain):
    """The gains of the three doses, in a man of 54.8 kg, 1.68 m and 67 years."""
    man = {"BW_0": 54.8, "H": 1.68, "age": 67.0}
    eaten = weight.simulate([0.0], **man)["EI_b"][0] / KCAL

    assert change(weight, 84, dEI=kcal * KCAL, **man) == pytest.approx(gain, abs=0.006)
    assert "257 kcal a day more for the man and 282 for the woman" in prose
    assert "it is 111 and 175 kcal in the man" in prose
    assert f"for the man is {100 * 257 / eaten:.0f} % of what he would need" in prose
    assert change(
        weight, 84, BW_0=54.8, H=1.60, age=67.0, woman=1.0, dEI=282 * KCAL
    ) == pytest.approx(2.81, abs=0.006)


def test_operating_point_with_illness_and_resistance(prose):
    """16.71 kg, 0.80 kg lost, 5.0 % overshoot, 42 days; 21.64 kg and 9.73 MJ with resistance."""
    model = models.get("appetite-operating-point")
    days = np.linspace(0, 180, 1801)
    run = model.simulate(days)
    start, low = run["F"][0], run["F"].min()
    after = days > days[run["F"].argmin()]
    back = days[after][run["F"][after] >= (start + low) / 2][0] - 17
    calm = {"t_on": np.inf, "t_off": np.inf}
    resistant = model.simulate([0.0, 20_000.0], rho_res=0.35, **calm)

    assert f"With our numbers fat settles at {start:.2f} kg" in prose
    assert f"A week at half intake takes {start - low:.2f} kg" in prose
    assert f"overshoots by {100 * (run['I'].max() / run['I'][0] - 1):.1f} %" in prose
    assert f"after {back:.0f} days half of the loss is back" in prose
    assert f"fat settles at {resistant['F'][-1]:.2f} kg" in prose
    assert f"{resistant['I'][-1]:.2f} in place of {run['I'][0]:.2f} MJ a day" in prose
    assert "at 62.5 kg" in prose


def test_the_week_of_the_quiz_is_a_run_of_the_model(weight):
    """A man of 95 kg at half intake for five days: 1.96 kg, of which 0.54 fat, 72.4 % not fat."""
    quiz = (ROOT / "exercises/06-appetite/quiz.yml").read_text(encoding="utf-8")
    man = {"BW_0": 95.0, "H": 1.82, "age": 35.0}
    usual = weight.simulate([0.0], **man)["EI_b"][0]
    given = {"dEI": -0.5 * usual, "t_off": 5.0, **man}
    lost, fat = (-change(weight, 5, s, **given) for s in ("BW", "F"))

    assert f"for five days is {lost:.2f} kg lighter, and {fat:.2f} kg of it is fat" in (
        re.sub(r"\s+", " ", quiz)
    )
    assert f"answer: {100 * (1 - round(fat, 2) / round(lost, 2)):.1f}" in quiz
