"""Numbers that stand in the prose of chapter 8 as "computed here" follow from the evidence."""

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence, models
from hardwired.evidence import effect_size, meta, power
from hardwired.evidence.intervals import interval_from_p
from hardwired.evidence.mended import forest_bathing
from hardwired.evidence.rates import pooled_rate, rate_reach
from tests.book.reading import prose_of


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, without markup."""
    return prose_of("08-balance", hyphen_for_minus=True)


@pytest.fixture(scope="module")
def studies():
    """Return the chapter's rows."""
    return evidence.studies(chapter="08-balance")


@pytest.fixture(scope="module")
def brake():
    """Return the rates of the canakinumab trial by dose, with people as numbers."""
    table = evidence.table("balance-canakinumab").set_index("dose")
    return table.assign(people=table["people"].astype(float))


def deaths(rate: float, people: float) -> float:
    """Return the deaths behind a rate per 100 person-years over 3.7 years."""
    return rate * people * 3.7 / 100


def test_all_doses_together_have_172_times_the_fatal_infections(prose, brake, studies):
    """About 77 deaths in 6,717 people on any dose against 22 in 3,344 on placebo."""
    drug = 10061 - brake.people[0]
    doses = brake.drop(index=0)
    rate = pooled_rate([*doses["fatal_infection"]], [*doses["people"]], drug)
    events, none = deaths(rate, drug), deaths(brake.fatal_infection[0], brake.people[0])
    ratio = effect_size.rate_ratio(events, drug, none, brake.people[0])
    row = studies.loc["ridker2017-infection-any"]

    printed = [round(x, 2) for x in (ratio.estimate, ratio.low, ratio.high)]
    assert printed == [1.72, 1.07, 2.76] == [row.value, row.low, row.high]
    assert [round(events), round(none)] == [77, 22]
    assert "All doses together had 1.72 times the rate of placebo (1.07 to 2.76" in prose


def test_a_thousand_people_on_the_brake(prose, brake):
    """24 events fewer (3 to 43) and 3.7 deaths more (-1.3 to 8.7) over 3.7 years."""
    gain = brake.events[0] - brake.events[150]
    loss = brake.fatal_infection[150] - brake.fatal_infection[0]
    reach = np.hypot(
        *(rate_reach(brake.fatal_infection[d], brake.people[d], 3.7) for d in (0, 150))
    )
    fewer = [brake.events[0] * (1 - brake[end][150]) for end in ("high", "low")]

    assert round(gain * 37) == 24
    assert [round(x * 37) for x in fewer] == [3, 43]
    assert [round(37 * x, 1) for x in (loss - reach, loss, loss + reach)] == [-1.3, 3.7, 8.7]
    assert [round(100 / x) for x in (gain, fewer[1], fewer[0], loss)] == [156, 85, 1111, 1000]
    assert "allows 3 to 43" in prose
    assert "anything from 1.3 fewer to 8.7 more" in prose
    assert "about 156 for one event prevented (85 to 1,111) and about 1,000" in prose


def test_a_perfect_ruler_would_have_gone_from_085_to_084(prose, brake):
    """The logarithm of the hazard ratio in step with the fall of CRP, 37 to 41 points."""
    expected = brake.hazard_ratio[150] ** (brake.crp_fall[300] / brake.crp_fall[150])

    assert round(expected, 2) == 0.84
    assert brake.low[300] < expected < brake.high[300]
    assert "should have gone from 0.85 to 0.84" in prose


@pytest.fixture(scope="module")
def severity():
    """Return gap and standard error of severity, meditation less observation, in both trials."""
    table = evidence.table("balance-colds-trials").set_index(["reference", "arm"])
    first, larger = table.loc["barrett2012meditation"], table.loc["barrett2018meditation"]
    gaps = [arm.severity["meditation"] - arm.severity["control"] for arm in (first, larger)]
    means = (larger.severity_high - larger.severity_low).astype(float) / 3.92
    errors = [
        abs(gaps[0]) / stats.norm.isf(0.004 / 2),
        np.hypot(means["meditation"], means["control"]),
    ]
    return first, larger, gaps, errors


def test_the_primary_outcome_did_not_come_again(prose, severity, studies):
    """0.40 and then 0.94 of observation; -214 (-360 to -68), -21 (-119 to 77), apart 17 to 369."""
    first, larger, gaps, errors = severity
    ratios = [arm.severity["meditation"] / arm.severity["control"] for arm in (first, larger)]
    apart, error = gaps[1] - gaps[0], np.hypot(*errors)
    limits = [[g - 1.96 * s, g + 1.96 * s] for g, s in zip(gaps, errors, strict=True)]

    assert [round(x, 2) for x in ratios] == [0.40, 0.94]
    assert [[round(x) for x in pair] for pair in limits] == [[-360, -68], [-119, 77]]
    assert [round(apart + z * error) for z in (-1.96, 0, 1.96)] == [17, 193, 369]
    for trial, gap, pair in zip(("barrett2012", "barrett2018"), gaps, limits, strict=True):
        row = studies.loc[f"{trial}-severity-meditation"]
        assert [row.value, row.low, row.high] == [gap, round(pair[0]), round(pair[1])]
    assert "0.40 of that under observation, and then 0.94 of it" in prose
    assert "differ by 193 points, from 17 to 369" in prose
    assert "about a third less severe and about a quarter more" in prose
    assert limits[1][0] / larger.severity["control"] == pytest.approx(-1 / 3, abs=0.03)
    assert limits[1][1] / larger.severity["control"] == pytest.approx(1 / 4, abs=0.03)


def test_exercise_on_the_primary_outcome(studies):
    """-110 with p = 0.16 is -263 to 43; 256 and 336 with their intervals are -80, -172 to 12."""
    first = studies.loc["barrett2012-severity-exercise"]
    larger = studies.loc["barrett2018-severity-exercise"]
    error = np.hypot((318 - 193) / 3.92, (403 - 268) / 3.92)

    assert interval_from_p(-110, 0.16) == pytest.approx((first.low, first.high), abs=0.5)
    assert [round(-80 + z * error) for z in (-1.96, 1.96)] == [larger.low, larger.high]


def test_colds_do_not_cluster(prose):
    """112, 120 and 134 episodes dropped on 138, 137 and 138 people hit 76.9, 80.1 and 85.9."""
    table = evidence.table("balance-colds-trials").set_index(["reference", "arm"])
    larger = table.loc["barrett2018meditation"].astype(float)
    people, episodes = larger.n, larger.episodes
    hit = people * (1 - (1 - 1 / people) ** episodes)
    both = people * (people - 1) * (1 - 2 / people) ** episodes
    none = people * (1 - 1 / people) ** episodes
    spread = np.sqrt(both + none - none**2)

    assert [round(x, 1) for x in hit] == [76.9, 80.1, 85.9]
    assert round(spread["meditation"], 1) == 3.5
    assert (abs(larger.ill - hit) < 2 * spread).all()
    assert "76.9 would be hit on average (standard deviation 3.5), and 74 were" in prose
    assert "80.1 and 85.9 are expected, and 84 and 82 were seen" in prose


def test_persons_and_episodes_of_the_larger_trial(prose):
    """Any cold 0.90 (0.73 to 1.11) and 1.03 (0.85 to 1.25); episodes 0.84 (0.65 to 1.07)."""
    table = evidence.table("balance-colds-trials").set_index(["reference", "arm"])
    larger = table.loc["barrett2018meditation"].astype(float)
    well = larger.n - larger.ill
    found = []
    for arm in ("meditation", "exercise"):
        cells = (larger.ill[arm], well[arm], larger.ill["control"], well["control"])
        found.append(effect_size.risk_ratio(*cells))
    episodes = effect_size.rate_ratio(
        larger.episodes["meditation"],
        larger.n["meditation"],
        larger.episodes["control"],
        larger.n["control"],
    )
    printed = [[round(x, 2) for x in (e.estimate, e.low, e.high)] for e in (*found, episodes)]

    assert printed == [[0.90, 0.73, 1.11], [1.03, 0.85, 1.25], [0.84, 0.65, 1.07]]
    assert "0.90 with meditation (0.73 to 1.11) and 1.03 with exercise (0.85 to 1.25)" in prose
    assert "that gives 0.84 (0.65 to 1.07)" in prose


def test_the_sexes_cannot_be_told_apart(prose):
    """0.93 less 0.42 is 0.51, with an interval from -0.48 to 1.50 and p = 0.31."""
    rows = evidence.studies(chapter="08-balance").loc[["spiegel2023-men", "spiegel2023-women"]]
    se = np.hypot(*((rows["high"] - rows["low"]) / 3.92))
    gap = rows["value"].iloc[1] - rows["value"].iloc[0]

    assert gap == pytest.approx(0.51)
    assert [gap - 1.96 * se, gap + 1.96 * se] == pytest.approx([-0.48, 1.50], abs=0.005)
    assert 2 * stats.norm.sf(gap / se) == pytest.approx(0.31, abs=0.005)
    assert "from -0.48 to 1.50 (p = 0.31" in prose


def test_the_steroid_does_more_on_a_ventilator_than_without_oxygen(prose, studies):
    """1.19 is 1.86 times 0.64, with an interval from 1.31 to 2.63: the two are compared."""
    rows = np.log(studies.loc[["horby2021-none", "horby2021-ventilated"], ["value", "low", "high"]])
    gap = rows["value"].iloc[0] - rows["value"].iloc[1]
    reach = 1.96 * np.hypot(*((rows["high"] - rows["low"]) / 3.92))

    expected = [1.86, 1.31, 2.63]
    assert np.exp([gap, gap - reach, gap + reach]) == pytest.approx(expected, abs=0.005)
    assert "1.86 times the first (1.31 to 2.63, computed here)" in prose


def test_the_number_five_rests_on_a_p_of_039(prose):
    """8 of 13 against 3 of 9 give 0.19 by chi-squared and 0.39 by Fisher's exact test."""
    table = [[8, 5], [3, 6]]

    assert stats.chi2_contingency(table, correction=False).pvalue == pytest.approx(0.19, abs=0.005)
    assert stats.fisher_exact(table).pvalue == pytest.approx(0.39, abs=0.005)
    assert "0.39 by Fisher's exact test" in prose


def test_survivors_behind_an_odds_ratio(prose):
    """With 29 % dead and halves of equal size, 1.50 means 75 survivors in a hundred against 67."""
    weak = 0.668
    strong = 1.5 * weak / (1 - weak) / (1 + 1.5 * weak / (1 - weak))

    assert (weak + strong) / 2 == pytest.approx(0.71, abs=0.001)
    assert [round(100 * strong), round(100 * weak)] == [75, 67]
    assert "75 survivors in a hundred against 67" in prose


def test_the_funnel_of_twenty_rows_leans(prose):
    """Egger's intercept -0.94 (0.31), p 0.007, slope -1.49; without two rows -0.70, p 0.15."""
    panels = [forest_bathing("walking"), forest_bathing("still")]
    y, v = (np.concatenate([panel[i] for panel in panels]) for i in (0, 1))
    egger = meta.egger(y, v)
    rest = meta.egger(np.delete(y, [5, 15]), np.delete(v, [5, 15]))

    assert [egger.intercept, egger.se, egger.slope] == pytest.approx([-0.94, 0.31, -1.49], abs=5e-3)
    assert egger.p == pytest.approx(0.007, abs=0.0005)
    assert [rest.intercept, rest.p] == pytest.approx([-0.70, 0.15], abs=0.005)
    assert "the intercept is -0.70 with p = 0.15" in prose


def test_unmended_panel_does_not_reproduce(prose):
    """As read, the panel at rest pools to -3.04; with one sign turned to -2.99."""
    as_read = meta.pool(*forest_bathing("still", mended=False), method="fixed")
    mended = meta.pool(*forest_bathing("still"), method="fixed")

    assert as_read.estimate == pytest.approx(-3.04, abs=0.005)
    assert mended.estimate == pytest.approx(-2.99, abs=0.005)
    assert "-3.04 mmHg; the paper prints -2.99" in prose


def test_tau_of_the_newer_synthesis(prose):
    """Confidence and prediction interval of 21 studies give a spread of about 4.6 mmHg."""
    se = (5.74 - 1.14) / 3.92
    half = (6.42 + 13.30) / 2

    assert np.sqrt((half / stats.t.ppf(0.975, 19)) ** 2 - se**2) == pytest.approx(4.6, abs=0.05)
    assert r"$\tau \approx 4.6$ mmHg" in prose


def test_power_of_the_average_trial_and_people_needed(prose):
    """36 an arm reach 24 % and 10 %; 80 % takes 48, 176 and 699 an arm."""
    assert [round(100 * power.t_test(d, 36)) for d in (0.30, 0.15)] == [24, 10]
    for d, n in ((0.58, 48), (0.30, 176), (0.15, 699)):
        assert power.t_test(d, n - 1) < 0.80 <= power.t_test(d, n)
    assert "48 people an arm for an effect of 0.58, 176 for 0.30 and 699 for 0.15" in prose


def test_winners(prose):
    """Significant results average 0.60 and 0.57; one in twenty of the latter points wrongly."""
    curse = models.catalog()["balance-winners-curse"]
    runs = [curse.simulate([36.0], d=d) for d in (0.30, 0.15)]

    assert [run["d_seen"][0] for run in runs] == pytest.approx([0.60, 0.57], abs=0.005)
    assert runs[1]["S"][0] == pytest.approx(0.05, abs=0.005)
    assert "the mean size of significant results is 0.60 if the truth is 0.30" in prose


def test_drawers_with_their_monte_carlo_error(prose):
    """A fifth published turns 0.15 into 0.26, one in twenty into 0.37; 11 % alarms, error 0.6."""
    drawer = models.catalog()["balance-publication-bias"]
    run = drawer.simulate([0.05, 0.2, 0.3, 1.0], d=0.15)

    assert run["g"][:2] == pytest.approx([0.37, 0.26], abs=0.005)
    assert (run["g_se"] < 0.0015).all()
    assert [round(100 * x) for x in run["egger"]] == [37, 11, 10, 10]
    assert round(100 * run["egger_se"][1], 1) == 0.6
    assert "to 0.37 (Monte-Carlo error 0.001)" in prose
    assert "an alarm in 11 % of literatures (Monte-Carlo error 0.6)" in prose


def test_alternative_text_of_the_drawer(prose):
    """Alarms at 5 and 30 % published for true effects of 0.30, 0.15 and 0."""
    drawer = models.catalog()["balance-publication-bias"]
    runs = [drawer.simulate([0.05, 0.3], d=d)["egger"] for d in (0.30, 0.15, 0.0)]
    left, right = ([round(100 * run[i]) for run in runs] for i in (0, 1))

    assert "are {}, {} and {} percent".format(*left) in prose
    assert "they are {}, {} and {} percent, and they end at 10 percent".format(*right) in prose


def test_hartung_and_knapp_beside_dersimonian_and_laird(prose):
    """-4.65 (-7.39 to -1.91), and by REML -4.86 (-7.67 to -2.05)."""
    y, v = forest_bathing("walking")
    found = [meta.pool(y, v, method=m, hartung_knapp=True) for m in ("DL", "REML")]
    printed = [[round(x, 2) for x in (r.estimate, r.low, r.high)] for r in found]

    assert printed == [[-4.65, -7.39, -1.91], [-4.86, -7.67, -2.05]]
    assert "it runs from -7.39 to -1.91 around the same -4.65" in prose
    assert "from -7.67 to -2.05 around -4.86" in prose


def test_two_samples_of_one_session(prose, studies):
    """0.18/((1 + 0.67)/2) is 0.216, independent samples 0.305; 0.27 in 113 girls 0.09 to 0.43."""
    single, within = studies.loc["shields2019-18m"].value, studies.loc["shields2019-2h"].value
    two = studies.loc["shields2019-18m-two"]
    seen = effect_size.fisher_z(two.value, int(two.n_total))
    same_session = single / ((1 + within) / 2)
    apart = models.catalog()["balance-unreliable-markers"].simulate([2.0])["rho_k"][0]

    assert round(same_session, 3) == 0.216
    assert round(apart, 3) == 0.305
    assert [round(seen.low, 2), round(seen.high, 2)] == [0.09, 0.43]
    assert seen.low < same_session < apart < seen.high
    assert "= 0.216$" in prose
    assert "the rule would give 0.305" in prose


def test_a_simulated_session_gives_0216():
    """People with a stable part, a part of the session and a part of the sample."""
    rng = np.random.default_rng(4)
    people = 400_000
    stable = rng.normal(0, np.sqrt(0.18), people)

    def session() -> np.ndarray:
        day = rng.normal(0, np.sqrt(0.67 - 0.18), people)
        noise = rng.normal(0, np.sqrt(1 - 0.67), (2, people))
        return stable + day + noise.mean(axis=0)

    assert np.corrcoef(session(), session())[0, 1] == pytest.approx(0.216, abs=0.005)


def test_people_needed_with_a_blurred_marker(prose):
    """603 with the reliability of 18 months, 160 with that of two hours."""
    model = models.catalog()["balance-unreliable-markers"]
    long, short = (model.simulate([1.0], rho=rho) for rho in (0.18, 0.67))

    assert [round(run["n_80"][0]) for run in (long, short)] == [603, 160]
    assert round(long["r_obs"][0], 2) == 0.11
    assert "about 603 people to see it; with the reliability of two hours, 160" in prose


def test_implied_interval_of_the_breast_cancer_trial(studies):
    """0.44 with p = 0.016 is 0.23 to 0.86."""
    low, high = interval_from_p(np.log(0.44), 0.016)

    assert [round(np.exp(low), 2), round(np.exp(high), 2)] == [0.23, 0.86]
    assert "0.23 to 0.86" in studies.loc["andersen2008-death"].remarks
