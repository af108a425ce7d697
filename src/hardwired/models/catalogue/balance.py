"""Chapter 8: the literature as something with a model of its own.

Pooling real studies, pooling studies of which some are never seen, what significance does to the
size of an effect, and what an unreliable marker does to a correlation. The estimators themselves
live in `hardwired.evidence.meta`.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from hardwired.evidence import meta
from hardwired.evidence.mended import forest_bathing
from hardwired.evidence.small_studies import one_size
from hardwired.models.catalogue.measures import at
from hardwired.models.declaration import Axis, Output, Results, Target
from hardwired.models.model import Model
from hardwired.models.parameters import parameters

IDENO = "ideno2017blood"
SHIELDS = "shields2020psychosocial"
RETEST = "shields2019shortterm"
Z95 = 1.959964
_METHODS = ("fixed", "DL", "REML")

# Pooling studies that were published ------------------------------------------------------------


def _cumulate(t: np.ndarray, p: dict[str, float], rng: np.random.Generator) -> Results:
    """Pool the first studies of a panel, as many as each element of `t` says."""
    y, v = forest_bathing("still" if p["panel"] >= 0.5 else "walking", mended=p["mended"] >= 0.5)
    if p["by_precision"] >= 0.5:
        order = np.argsort(v, kind="stable")
        y, v = y[order], v[order]
    method = _METHODS[int(np.clip(round(p["estimator"]), 0, 2))]
    found = {}
    for k in {int(np.clip(round(x), 3, y.size)) for x in t}:
        found[k] = meta.pool(y[:k], v[:k], method=method, level=p["level"])
    rows = [found[int(np.clip(round(x), 3, y.size))] for x in t]
    spread = [r.estimate if method == "fixed" else r.prediction_low for r in rows]
    upper = [r.estimate if method == "fixed" else r.prediction_high for r in rows]
    return {
        "mu": np.array([r.estimate for r in rows]),
        "low": np.array([r.low for r in rows]),
        "high": np.array([r.high for r in rows]),
        "prediction_low": np.array(spread),
        "prediction_high": np.array(upper),
        "tau": np.sqrt([r.tau2 for r in rows]),
        "I2": np.array([r.I2 for r in rows]),
        "Q": np.array([r.Q for r in rows]),
    }


_FIXED = {"estimator": 0.0}
_STILL = {"estimator": 0.0, "panel": 1.0}

META_ANALYSIS = Model(
    name="balance-meta-analysis",
    title="A meta-analysis is a model of the literature",
    kind="statistical",
    time=Axis("studies pooled", "", 3, 11),
    parameters=parameters("balance-meta-analysis"),
    outputs=(
        Output("mu", "pooled difference", "mmHg", latex=r"\hat\mu", colour="nerve"),
        Output("low", "confidence interval, lower end", "mmHg", colour="immune"),
        Output("high", "confidence interval, upper end", "mmHg", colour="immune"),
        Output("prediction_low", "prediction interval, lower end", "mmHg", colour="tissue"),
        Output("prediction_high", "prediction interval, upper end", "mmHg", colour="tissue"),
        Output("tau", "spread between studies", "mmHg", latex=r"\hat\tau"),
        Output("I2", "share of the variance that lies between studies", "percent", latex="I^2"),
        Output("Q", "Cochran's Q", ""),
    ),
    run=_cumulate,
    formula=r"""\begin{aligned}
y_i &= \mu + u_i + e_i,\quad u_i \sim N(0, \tau^2),\quad e_i \sim N(0, s_i^2) \\
\hat\mu &= \frac{\sum w_i\,y_i}{\sum w_i},\quad w_i = \frac{1}{s_i^2 + \hat\tau^2},\quad
\mathrm{SE} = \left(\sum w_i\right)^{-1/2} \\
Q &= \sum \frac{(y_i - \hat\mu_F)^2}{s_i^2},\quad I^2 = \max\left(0, \frac{Q - (k-1)}{Q}\right)
\end{aligned}""",
    plot=("mu", "low", "high"),
    paper=(IDENO, "dersimonian1986metaanalysis"),
    leaves_out=(
        "Studies that were never published, and faults that all studies share (nobody is blind to "
        "a forest): pooling makes both look precise. Standard errors are read back from printed "
        "intervals, and most studies are small crossovers. With fixed effects there is no "
        "prediction interval; both its ends then stand at the estimate."
    ),
    scenarios={
        "walking, random effects": {},
        "walking, fixed effect": _FIXED,
        "still, random effects": {"panel": 1.0},
    },
    targets=(
        *(
            Target(
                f"{what}, walking, fixed effect",
                value,
                tolerance,
                "printed",
                IDENO,
                at(symbol, 11.0, **_FIXED),
                unit=unit,
            )
            for what, symbol, value, tolerance, unit in (
                ("pooled difference", "mu", -3.48, 0.02, "mmHg"),
                ("lower limit", "low", -5.17, 0.02, "mmHg"),
                ("upper limit", "high", -1.80, 0.02, "mmHg"),
                ("Cochran's Q", "Q", 12.85, 0.02, ""),
                ("I2", "I2", 22.0, 1.0, "percent"),
            )
        ),
        *(
            Target(
                f"{what}, still, fixed effect, one sign mended",
                value,
                0.02,
                "printed",
                IDENO,
                at(symbol, 11.0, **_STILL),
                unit="mmHg",
            )
            for what, symbol, value in (
                ("pooled difference", "mu", -2.99),
                ("lower limit", "low", -4.17),
                ("upper limit", "high", -1.80),
            )
        ),
    ),
)

# Studies that are never seen --------------------------------------------------------------------

LITERATURES = 3000
"""Simulated literatures behind every point of a curve: a share of 10 % has an error of 0.6 %."""
LEAST = 0.05
"""The smallest share of results without significance that the simulation lets through."""


def _egger_p(y: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return Egger's p of each row of studies; 1 where all are of one size and nothing is seen."""
    p = np.ones(len(y))
    sizes = ~one_size(v)
    if sizes.any():
        p[sizes] = meta.egger(y[sizes], v[sizes]).p
    return p


def _literatures(t: np.ndarray, p: dict[str, float], rng: np.random.Generator) -> Results:
    """Simulate literatures in which a share `t` of the results without significance is seen.

    All points of a curve use the same studies and the same luck, so that the curve is smooth.
    """
    d, tau, k = p["d"], p["tau"], round(p["k"])
    size = (LITERATURES, 60 + math.ceil(1.6 * k / (0.02 + 0.98 * LEAST)))
    low, high = sorted((p["n_low"], p["n_high"]))
    n = np.exp(rng.uniform(math.log(low), math.log(high), size))
    v = 2 / n
    y = d + tau * rng.standard_normal(size) + np.sqrt(v) * rng.standard_normal(size)
    significant = y / np.sqrt(v) > Z95
    luck = rng.uniform(size=size)
    names = ("g", "g_se", "g_spread", "egger", "egger_se", "drawer")
    rows = {name: np.empty(t.size) for name in names}
    for i, share in enumerate(np.clip(t, LEAST, 1)):
        published = significant | (luck < share)
        rank = published.cumsum(axis=1)
        full = rank[:, -1] >= k
        chosen = (published & (rank <= k))[full]
        ys, vs = (a[full][chosen].reshape(-1, k) for a in (y, v))
        g = meta.pool(ys, vs, method="DL").estimate
        rows["g"][i] = g.mean()
        rows["g_spread"][i] = g.std(ddof=1)
        rows["g_se"][i] = g.std(ddof=1) / math.sqrt(g.size)
        found = float(np.mean(_egger_p(ys, vs) < 0.1))
        rows["egger"][i] = found
        rows["egger_se"][i] = math.sqrt(found * (1 - found) / g.size)
        rows["drawer"][i] = 1 - k / (1 + (rank[full] >= k).argmax(axis=1)).mean()
    return {**rows, "bias": rows["g"] - d, "truth": d}


def _mean_if_published(d: float, n: float, share: float) -> float:
    """Return the mean of the effects that are seen, in closed form (all studies of one size)."""
    s = math.sqrt(2 / n)
    bound = Z95 - d / s
    above = stats.norm.sf(bound)
    sum_above = d * above + s * stats.norm.pdf(bound)
    return float((sum_above + share * (d - sum_above)) / (above + share * (1 - above)))


_ONE_SIZE = {"n_low": 36.0, "n_high": 36.0, "tau": 0.0}

PUBLICATION_BIAS = Model(
    name="balance-publication-bias",
    title="What a meta-analysis finds when some results are never seen",
    kind="stochastic",
    time=Axis("share of results without significance that are published", "", 0.05, 1),
    parameters=parameters("balance-publication-bias"),
    outputs=(
        Output("g", "pooled effect, mean of many literatures", "", colour="immune"),
        Output("truth", "true effect", "", colour="nerve"),
        Output("bias", "pooled less true effect", "", colour="immune"),
        Output("g_spread", "spread of the pooled effect between literatures", "", latex="s_g"),
        Output("g_se", "Monte-Carlo error of the mean", "", latex=r"\mathrm{SE}_g"),
        Output(
            "egger", "share of literatures that Egger's test finds (p < 0.1)", "", colour="tissue"
        ),
        Output(
            "egger_se",
            "Monte-Carlo error of that share",
            "",
            latex=r"\mathrm{SE}_{\mathrm{Egger}}",
        ),
        Output("drawer", "share of studies in the drawer", "", colour="mind"),
    ),
    run=_literatures,
    formula=r"""\begin{aligned}
n_i &\sim \text{log-uniform}(n_{\mathrm{low}}, n_{\mathrm{high}}),\quad s_i^2 = 2/n_i \\
y_i &= d + u_i + e_i,\quad u_i \sim N(0, \tau^2),\quad e_i \sim N(0, s_i^2) \\
P(\text{published}) &= \begin{cases} 1 & y_i/s_i > 1.96 \\ w & \text{otherwise} \end{cases}
\end{aligned}""",
    plot=("g", "truth"),
    paper=("button2013power", "egger1997bias"),
    teaching=(
        "A simulation of ours; how results come to be published is far less tidy than one cut "
        "at p = 0.05."
    ),
    leaves_out=(
        "Authors who measure ten markers and report one, results between the extremes, small "
        "trials that are worse trials, and reviewers who search the registers."
    ),
    scenarios={
        "d = 0.15": {},
        "no effect at all": {"d": 0.0},
        "true effects differ": {"tau": 0.2},
    },
    targets=(
        *(
            Target(
                f"mean effect seen, studies of 36 an arm, d = {d:g}, {share:g} of the rest seen",
                _mean_if_published(d, 36, share),
                0.012,
                "closed-form",
                "mean of a normal distribution, thinned below its cut",
                at("g", share, d=d, **_ONE_SIZE),
            )
            for d, share in ((0.15, 0.1), (0.15, 0.5), (0.3, 0.2))
        ),
        Target(
            "bias if all results are published",
            0.0,
            0.015,
            "closed-form",
            "an unbiased estimator",
            at("bias", 1.0),
        ),
        Target(
            "share that Egger's test finds if all results are published",
            0.1,
            0.0165,
            "closed-form",
            "the test's own level, within 3 standard errors of 3,000 literatures",
            at("egger", 1.0),
        ),
    ),
)

# What significance does to size -----------------------------------------------------------------


WINNERS_CURSE = Model(
    name="balance-winners-curse",
    title="The effects that reach significance are too large",
    kind="statistical",
    time=Axis("people in each arm", "", 8, 400, log=True),
    parameters=parameters("balance-winners-curse"),
    equations="""
        s = sqrt(2/t)
        z = d/s
        A = 0.5*(1 + erf((z - z_c)/sqrt(2)))
        B = 0.5*(1 + erf((-z - z_c)/sqrt(2)))
        power = A + B
        S = B/power
        M = (z*(A - B) + (exp(-(z_c - z)**2/2) + exp(-(z_c + z)**2/2))/sqrt(2*pi))/(power*z)
        d_seen = M*d
        d_min = z_c*s
    """,
    outputs=(
        Output("s", "standard error of the effect", ""),
        Output("z", "true effect over its standard error", ""),
        Output("A", "chance of significance in the right direction", ""),
        Output("B", "chance of significance in the wrong direction", ""),
        Output("power", "power", "", colour="tissue"),
        Output("S", "share of significant results with the wrong sign", "", colour="mind"),
        Output("M", "size of significant results over the true size", ""),
        Output(
            "d_seen",
            "mean size of significant results",
            "",
            colour="immune",
            latex=r"d_{\mathrm{seen}}",
        ),
        Output(
            "d_min", "least effect that reaches significance", "", colour="nerve", latex=r"d_{\min}"
        ),
    ),
    plot=("d_seen", "d_min"),
    paper=("button2013power", SHIELDS),
    leaves_out=(
        "Everything but chance: no flexible analysis, no choice of outcomes. The standard error "
        "is taken as known (normal instead of t), which matters below some ten people an arm."
    ),
    scenarios={"d = 0.30": {}, "d = 0.15": {"d": 0.15}, "d = 0.58": {"d": 0.58}},
    targets=(
        *(
            Target(
                f"power with {2 * (2.8016 / d) ** 2:.0f} people an arm, d = {d:.2f}",
                0.80,
                0.001,
                "closed-form",
                "2 ((1.96 + 0.84)/d)**2 people an arm have a power of 80 per cent",
                at("power", 2 * ((1.959964 + 0.841621) / d) ** 2, d=d),
            )
            for d in (0.30, 0.15)
        ),
        Target(
            "power without a true effect",
            0.05,
            1e-4,
            "closed-form",
            "the level of the test",
            at("power", 36.0, d=1e-9),
        ),
    ),
)

# Unreliable markers -----------------------------------------------------------------------------


UNRELIABLE_MARKERS = Model(
    name="balance-unreliable-markers",
    title="An unreliable marker hides a correlation",
    kind="statistical",
    time=Axis("samples averaged", "", 1, 10),
    parameters=parameters("balance-unreliable-markers"),
    equations="""
        rho_k = t*rho/(1 + (t - 1)*rho)
        r_obs = r*sqrt(rho_k*rho_y)
        n_80 = 3 + ((1.959964 + 0.841621)/(0.5*log((1 + r_obs)/(1 - r_obs))))**2
    """,
    outputs=(
        Output("rho_k", "reliability of the average", "", colour="tissue"),
        Output("r_obs", "correlation that is seen", "", latex=r"r_{\mathrm{obs}}", colour="immune"),
        Output("n_80", "people needed for a power of 80 per cent", "", colour="mind"),
    ),
    plot=("rho_k", "r_obs"),
    paper=(RETEST,),
    leaves_out=(
        "Errors that samples share: what disturbs one sample of a session (a cold, a meal) "
        "disturbs the other. The rule is for samples spread over days; for two samples of one "
        "session their correlation with each other has to come in."
    ),
    scenarios={
        "18 months apart": {},
        "two hours apart": {"rho": 0.67},
        "a perfect questionnaire": {"rho_y": 1.0},
    },
    targets=(
        Target(
            "reliability of two samples",
            0.305,
            0.001,
            "closed-form",
            "2 x 0.18/(1 + 0.18)",
            at("rho_k", 2.0),
        ),
        Target(
            "correlation seen with one sample and a perfect questionnaire",
            0.127,
            0.001,
            "closed-form",
            "0.30 x root of 0.18",
            at("r_obs", 1.0, rho_y=1.0),
        ),
        Target(
            "correlation seen over two hours",
            0.220,
            0.001,
            "closed-form",
            "0.30 x root of 0.67 x 0.80",
            at("r_obs", 1.0, rho=0.67),
        ),
    ),
)

MODELS = (META_ANALYSIS, PUBLICATION_BIAS, WINNERS_CURSE, UNRELIABLE_MARKERS)
