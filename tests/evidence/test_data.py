"""The evidence itself: what was typed into claims, studies and tables, against its own arithmetic.

The rules of the files are tested elsewhere; here nothing of `hardwired` computes, so that a wrong
formula there cannot excuse a wrong number here.
"""

import csv
import itertools
import json
import math
import re
from collections import Counter

import pytest
import yaml
from scipy import stats

from tests.conftest import ROOT

DATA = ROOT / "src" / "hardwired" / "evidence" / "data"
CHAPTERS = (
    "01-hardwired",
    "02-sickness",
    "03-skin",
    "04-relaxation",
    "05-wounds",
    "06-appetite",
    "07-hiv",
    "08-balance",
)
STEPS = {"high": 0, "moderate": 1, "low": 2, "very-low": 3}


def read(name):
    """Return the rows of a CSV file of the data folder."""
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


CLAIMS = yaml.safe_load((DATA / "claims.yml").read_text(encoding="utf-8"))
STUDIES = read("studies.csv")
BY_ID = {row["id"]: row for row in STUDIES}
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
TABLES = {resource["name"]: read(resource["path"]) for resource in PACKAGE["resources"]}


def words(text):
    """Return the words of a text in lower case, without its numbers."""
    return re.findall(r"[a-z]+", text.lower())


def grams(text, n=8):
    """Return all runs of n words."""
    run = words(text)
    return {tuple(run[i : i + n]) for i in range(len(run) - n + 1)}


# --- claims --------------------------------------------------------------------------------------


def test_the_claims_are_c1_to_c22():
    """All of them, in order, and none twice."""
    assert [claim["id"] for claim in CLAIMS] == [f"C{number}" for number in range(1, 23)]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["id"])
def test_a_claim_is_weighed(claim):
    """Verdict, certainty with its reasons, two references or more, one on people, and a teacher."""
    assert claim["chapter"] in CHAPTERS
    assert 60 <= len(claim["teacher"].split()) <= 120
    for part in claim["parts"]:
        assert part["verdict"] in {
            "supported",
            "supported-with-limits",
            "oversimplified",
            "contested",
            "not-shown",
            "incorrect",
        }
        assert len(part["verdict_reasons"].split()) >= 15
        references = part["references"]
        keys = [reference["key"] for reference in references]
        assert len(keys) == len(set(keys)) >= 2
        assert any(reference["outcome"] == "human" for reference in references)
        assert {reference["role"] for reference in references} <= {"for", "against", "qualifies"}
        for text in (reference["why"] for reference in references):
            assert len(text.split()) >= 6
            assert text.endswith(".")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["id"])
def test_certainty_has_its_reasons(claim):
    """It is its start, less what lowers it and more what raises it, or says why it is not."""
    for part in claim["parts"]:
        for outcome in part["outcomes"]:
            steps = sum(move["steps"] for move in outcome["lowers"].values())
            raised = sum(move["steps"] for move in (outcome.get("raises") or {}).values())
            start = {"high": 0, "low": 2}[outcome["starts"]]
            expected = min(3, max(0, start + steps - raised))
            assert STEPS[outcome["certainty"]] == expected or outcome["certainty_why"]


def test_a_verdict_is_not_one_sided_where_the_references_are_not():
    """What is contested has both sides; what is incorrect has something against it."""
    for claim in CLAIMS:
        for part in claim["parts"]:
            roles = {reference["role"] for reference in part["references"]}
            if part["verdict"] == "contested":
                assert "for" in roles, claim["id"]
                assert roles & {"against", "qualifies"}, claim["id"]
            if part["verdict"] == "incorrect":
                assert "against" in roles, claim["id"]
            if part["verdict"].startswith("supported"):
                assert "for" in roles, claim["id"]


def test_teachers_speak_in_their_own_words():
    """No run of eight words is shared by two claims or by a claim and its teacher."""
    seen = Counter()
    for claim in CLAIMS:
        parts = [claim["article_says"], claim["teacher"]]
        parts += [part["verdict_reasons"] for part in claim["parts"]]
        parts += [work["why"] for part in claim["parts"] for work in part["references"]]
        for part in parts:
            seen.update(grams(part))

    assert [" ".join(run) for run, count in seen.items() if count > 1] == []


# --- studies -------------------------------------------------------------------------------------


def test_studies_are_many_and_each_is_one():
    """At least 150 rows, every chapter, 25 for chapter 5, ids unique, no result typed twice."""
    chapters = Counter(row["chapter"] for row in STUDIES)

    assert len(STUDIES) >= 150
    assert set(chapters) == set(CHAPTERS)
    assert chapters["05-wounds"] >= 25
    assert len(BY_ID) == len(STUDIES)
    what = ("reference", "topic", "population", "comparison", "outcome", "scale")
    same = Counter(tuple(row[name] for name in what) for row in STUDIES)
    assert [result for result, count in same.items() if count > 1] == []


def test_nulls_stand_beside_the_classics():
    """Each chapter has results without a clear difference."""
    nulls = Counter(row["chapter"] for row in STUDIES if row["direction"] == "none")

    assert set(nulls) == set(CHAPTERS)
    assert nulls["05-wounds"] >= 10


def test_a_result_without_a_number_says_so():
    """Value empty and unit `none` go together with the scale `direction-only`, and only with it."""
    for row in STUDIES:
        silent = row["scale"] == "direction-only"
        assert (row["value"] == "") == silent, row["id"]
        assert (row["unit"] == "none") == silent, row["id"]
        if silent:
            assert row["direction"] in {"higher", "lower", "none", "mixed"}, row["id"]


def test_signs_agree_with_directions():
    """A difference below 0 or a ratio below 1 is not called higher, nor the other way round."""
    wrong = []
    for row in STUDIES:
        ratio = row["scale"].endswith("-ratio") or row["scale"].startswith("ratio-of")
        null = 1 if ratio else 0
        signed = {"mean-difference", "median-difference", "percent-change", "d", "g", "smd", "r"}
        signed |= {"beta", "slope", "risk-difference"}
        if not (ratio or row["scale"] in signed):
            continue
        value = float(row["value"])
        if row["direction"] == "higher" and value <= null:
            wrong.append(row["id"])
        if row["direction"] == "lower" and value >= null:
            wrong.append(row["id"])

    assert wrong == []


def test_a_clear_direction_does_not_rest_on_an_interval_round_the_null():
    """An interval on both sides of the null is called no clear difference."""
    wrong = []
    for row in STUDIES:
        if not row["low"] or row["direction"] not in {"higher", "lower"}:
            continue
        ratio = row["scale"].endswith("-ratio")
        null = 1 if ratio else 0
        if float(row["low"]) < null < float(row["high"]):
            wrong.append(row["id"])

    assert wrong == []


def test_a_direction_agrees_with_its_p():
    """Nothing is called higher or lower whose p is above 0.05, nor unclear with a p below it."""
    wrong = []
    for row in STUDIES:
        if not row["p"]:
            continue
        p = float(row["p"].lstrip("<>"))
        clear = row["direction"] in {"higher", "lower"}
        if (clear and p > 0.05) or (row["direction"] == "none" and p < 0.05):
            wrong.append(row["id"])

    assert wrong == []


def half(text):
    """Return half a unit of the last printed digit."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2])


def span(formula, *texts):
    """Return smallest and largest value over the roundings of printed numbers."""
    ends = [(float(text) - half(text), float(text) + half(text)) for text in texts]
    values = [formula(*corner) for corner in itertools.product(*ends)]
    return min(values), max(values)


def recomputed(row):
    """Return the span in which `value` must lie by the row's own numbers, or None."""
    scale = row["scale"]
    if row["mean_a"] and row["mean_b"]:
        means = row["mean_a"], row["mean_b"]
        if scale == "mean-difference":
            return span(lambda a, b: a - b, *means)
        if scale == "percent-change":
            return span(lambda a, b: 100 * (a / b - 1), *means)
        if scale == "ratio-of-means":
            return span(lambda a, b: a / b, *means)
    counts = [row[name] for name in ("events_a", "n_a", "events_b", "n_b")]
    if not all(counts) or row["design"] in {"crossover", "meta-analysis", "systematic-review"}:
        return None
    a, n1, c, n2 = map(int, counts)
    factor = 100 if row["unit"] == "%" else 1
    exact = {
        "risk-difference": lambda: factor * (a / n1 - c / n2),
        "risk-ratio": lambda: (a / n1) / (c / n2),
        "odds-ratio": lambda: a * (n2 - c) / (c * (n1 - a)),
        "proportion": lambda: factor * a / n1,
    }
    return (exact[scale](), exact[scale]()) if scale in exact else None


def test_values_follow_from_means_and_counts():
    """Within rounding, unless the row explains why it does not; and enough rows can be tried."""
    tried, wrong = 0, []
    for row in STUDIES:
        reach = recomputed(row)
        if reach is None:
            continue
        tried += 1
        value, room = float(row["value"]), half(row["value"]) + 1e-9
        if not reach[0] - room <= value <= reach[1] + room and not row["exception"]:
            wrong.append((row["id"], row["value"], reach))

    assert wrong == []
    assert tried >= 30


def test_standardised_differences_follow_from_means_and_spreads():
    """Cohen's d or Hedges' g of two independent groups, within rounding."""
    tried, wrong = 0, []
    for row in STUDIES:
        names = ("mean_a", "spread_a", "mean_b", "spread_b")
        if row["scale"] not in {"d", "g", "smd"} or not all(row[name] for name in names):
            continue
        if not (row["n_a"] and row["n_b"]) or row["exception"] or row["design"] == "crossover":
            continue
        n1, n2 = int(row["n_a"]), int(row["n_b"])
        scale = (math.sqrt(n1), math.sqrt(n2)) if row["spread_kind"] == "se" else (1, 1)
        small = 1 - 3 / (4 * (n1 + n2 - 2) - 1)

        def d(m1, s1, m2, s2, n1=n1, n2=n2, scale=scale):
            s1, s2 = s1 * scale[0], s2 * scale[1]
            pooled = ((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2)
            return (m1 - m2) / math.sqrt(pooled)

        low, high = span(d, *(row[name] for name in names))
        tried += 1
        room = half(row["value"]) + 1e-9
        spans = {"d": [(low, high)], "g": [(low * small, high * small)]}
        wanted = spans.get(row["scale"], [*spans["d"], *spans["g"]])
        if not any(a - room <= float(row["value"]) <= b + room for a, b in wanted):
            wrong.append((row["id"], row["value"], wanted))

    assert wrong == []


def test_limits_enclose_their_value():
    """On every scale, and every exception explains itself in a sentence."""
    for row in STUDIES:
        if row["low"]:
            low, value, high = (float(row[name]) for name in ("low", "value", "high"))
            assert low - half(row["low"]) <= value <= high + half(row["high"]), row["id"]
        if row["exception"]:
            assert len(row["exception"].split()) >= 6, row["id"]


def test_heterogeneity_follows_from_q():
    """I2 is (Q - (k - 1)) / Q in percent."""
    rows = [row for row in STUDIES if row["q"] and row["i2"] and row["k"] and not row["exception"]]

    assert rows
    for row in rows:
        q, free = float(row["q"]), int(row["k"]) - 1
        assert abs(max(0, 100 * (q - free) / q) - float(row["i2"])) <= 1, row["id"]


# --- single numbers, as a reader would look them up ----------------------------------------------


def test_wounds_of_carers():
    """Means and standard errors as printed give 9.4 days, t = 2.25 and p = 0.034."""
    row = BY_ID["kiecolt1995-days"]
    m1, m2, s1, s2 = (float(row[n]) for n in ("mean_a", "mean_b", "spread_a", "spread_b"))
    t = (m1 - m2) / math.hypot(s1, s2)

    assert (m1, s1, m2, s2, row["spread_kind"]) == (48.7, 2.9, 39.3, 3.0, "se")
    assert round(t, 2) == 2.25
    assert round(2 * stats.t.sf(t, 24), 3) == 0.034 == float(row["p"])
    assert round(t * math.sqrt(2 / 13), 2) == 0.88
    carers, controls = TABLES["wounds-caregivers"]
    assert (carers["mean_days"], controls["mean_days"]) == ("48.7", "39.3")


def test_writing_and_wounds():
    """16 of 21 against 8 of 19: chi-squared as printed, and Fisher on the other side of 0.05."""
    row = BY_ID["koschwanez2013-healed"]
    a, n1, c, n2 = (int(row[n]) for n in ("events_a", "n_a", "events_b", "n_b"))
    counts = [[a, n1 - a], [c, n2 - c]]
    plain = stats.chi2_contingency(counts, correction=False)

    assert (a, n1, c, n2) == (16, 21, 8, 19)
    assert round(plain.statistic, 2) == 4.83
    assert round(plain.pvalue, 3) == float(row["p"]) == 0.028
    assert round(stats.fisher_exact(counts).pvalue, 3) == 0.051


def test_the_forest_of_chapter_5_is_its_table():
    """Six results, row and table alike, and the totals pooled by DerSimonian and Laird."""
    rows = [row for row in STUDIES if row["topic"] == "stress-forest"]
    table = {line["reference"]: line for line in TABLES["wounds-correlations"]}

    assert len(rows) == len(table) == 6
    for row in rows:
        line = table[row["reference"]]
        assert abs(float(row["value"]) - float(line["r"])) < 0.0006, row["id"]
        assert row["n_total"] == line["n_used"], row["id"]
    z = [math.atanh(float(line["r"])) for line in table.values()]
    w = [int(line["n_used"]) - 3 for line in table.values()]
    fixed = sum(a * b for a, b in zip(w, z, strict=True)) / sum(w)
    q = sum(a * (b - fixed) ** 2 for a, b in zip(w, z, strict=True))
    spare = sum(w) - sum(a * a for a in w) / sum(w)
    tau2 = max(0, (q - 5) / spare)
    w = [1 / (1 / a + tau2) for a in w]
    pooled = sum(a * b for a, b in zip(w, z, strict=True)) / sum(w)
    assert round(math.tanh(pooled), 2) == 0.36
    assert round(math.tanh(pooled - 1.96 / math.sqrt(sum(w))), 2) == 0.27
    assert round(math.tanh(pooled + 1.96 / math.sqrt(sum(w))), 2) == 0.45


def test_the_sign_that_is_wrong_in_print():
    """The walking rows give their printed total; the others only if one sign is turned."""

    def pool(rows, turned=None):
        """Return DerSimonian and Laird's estimate and limits, and Q."""
        y, w = [], []
        for row in rows:
            value = float(row["difference"])
            y.append(-value if row["study"] == turned else value)
            w.append((3.92 / (float(row["high"]) - float(row["low"]))) ** 2)
        fixed = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
        q = sum(a * (b - fixed) ** 2 for a, b in zip(w, y, strict=True))
        tau2 = max(0, (q - len(y) + 1) / (sum(w) - sum(a * a for a in w) / sum(w)))
        w = [1 / (1 / a + tau2) for a in w]
        return sum(a * b for a, b in zip(w, y, strict=True)) / sum(w), 1 / math.sqrt(sum(w)), q

    walking, still = (
        [row for row in TABLES["balance-forest-bathing"] if row["panel"] == panel]
        for panel in ("walking", "still")
    )
    assert round(pool(walking)[2], 1) == 12.8
    fixed = [(3.92 / (float(r["high"]) - float(r["low"]))) ** 2 for r in walking]
    plain = sum(w * float(r["difference"]) for w, r in zip(fixed, walking, strict=True))
    assert round(plain / sum(fixed), 1) == round(float(BY_ID["ideno2017-walking"]["value"]), 1)
    printed = float(BY_ID["ideno2017-still"]["value"])
    assert abs(pool(still, "Kozaki 2007-2")[0] - printed) < 0.02
    assert abs(pool(still)[0] - printed) > 0.02


# --- tables --------------------------------------------------------------------------------------


def test_tables_and_package_name_each_other():
    """Every file is described, every description has a file, every chapter has a table."""
    paths = {resource["path"] for resource in PACKAGE["resources"]}

    assert paths == {f"tables/{path.name}" for path in (DATA / "tables").iterdir()}
    assert {resource["chapter"] for resource in PACKAGE["resources"]} == set(CHAPTERS)
    assert sum(name.startswith("wounds-") for name in TABLES) == 9


@pytest.mark.parametrize("resource", PACKAGE["resources"], ids=lambda resource: resource["name"])
def test_a_table_is_described(resource):
    """Columns in order, a unit each, a free licence, and sources that stand in the bibliography."""
    bibliography = (ROOT / "references.bib").read_text(encoding="utf-8")
    rows = TABLES[resource["name"]]
    fields = resource["schema"]["fields"]

    assert rows
    assert list(rows[0]) == [field["name"] for field in fields]
    assert all(field["unit"] and field["title"] for field in fields)
    assert {licence["name"] for licence in resource["licenses"]} <= {
        "facts",
        "CC0-1.0",
        "CC-BY-4.0",
        "CC-BY-3.0",
        "CC-BY-2.0",
        "MIT",
    }
    for source in resource["sources"]:
        assert f"{{{source['title']}," in bibliography, source["title"]
    for row in rows:
        if "reference" in row:
            assert row["reference"] in {source["title"] for source in resource["sources"]}
        if row.get("low") and row.get("high"):
            assert float(row["low"]) <= float(row["high"])
