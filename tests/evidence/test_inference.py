"""Rules of inference that a machine can hold: one line with file and line where one is broken."""

import pytest

from hardwired.evidence.checks import check
from tests.evidence.conftest import DATA, claim, part

STUDIES = (DATA / "studies.csv").as_posix()
CLAIMS = (DATA / "claims.yml").as_posix()


def said(repository):
    """Return the lines that the check prints."""
    return [str(problem) for problem in check(repository.root)]


def add(repository, **cells):
    """Add a second result beside the first."""
    plain = {name: "" for name in ("mean_a", "mean_b", "spread_a", "spread_b", "spread_kind")}
    row = repository.studies[0] | plain | {"id": "second", "mean_unit": ""} | cells
    repository.studies.append(row)
    repository.save()


def test_a_change_within_one_arm_is_not_worded_as_between_arms(repository):
    """`caring v not` compares groups; `after v before` compares times."""
    add(repository, contrast="within")
    assert said(repository) == [
        f"{STUDIES}:3: second: within one arm, yet compared as 'caring v not'; "
        "name the two times (after v before), or correct contrast."
    ]

    repository.studies[1]["comparison"] = "after v before caring"
    repository.save()
    assert said(repository) == []


def test_a_trial_has_one_primary_outcome(repository):
    """The second is named, with the line of the first; two that the registry calls so may be."""
    trial = {"design": "rct", "primary": "yes"}
    repository.studies[0] |= trial
    add(repository, **trial, outcome="days to close")
    assert said(repository) == [
        f"{STUDIES}:3: second: doe2001carers is marked primary twice (first at line 2); "
        "keep one, or say in remarks that they are co-primary."
    ]

    repository.studies[1]["remarks"] = "Registered as co-primary."
    repository.save()
    assert said(repository) == []


def test_several_contrasts_on_the_one_primary_outcome_are_no_fault(repository):
    """Three doses against placebo have one outcome."""
    trial = {"design": "rct", "primary": "yes"}
    repository.studies[0] |= trial
    add(repository, **trial, comparison="caring much v not")

    assert said(repository) == []


def test_adjusted_beside_crude_in_a_figure_is_said_on_the_page(repository):
    """Unless a line of the chapter names both."""
    use = {"used_in": "figure 05-wounds"}
    repository.studies[0] |= use
    add(repository, adjusted="adjusted", **use)
    page = "# A\n\n{cite:p}`doe2001carers,muller2010null,healing1990book`\n\nevidence.x\n"
    repository.write("book/chapters/05-wounds.md", page)
    assert said(repository) == [
        f"{STUDIES}:2: doe2001-days: adjusted and crude mean-difference of delay in figures of "
        "05-wounds; say in the caption which are adjusted and which are crude."
    ]

    page += "\nThe first is adjusted for age and the second is crude.\n"
    repository.write("book/chapters/05-wounds.md", page)
    assert said(repository) == []


def test_a_change_within_an_arm_is_not_drawn_beside_a_difference_between_arms(repository):
    """Unless a line of the chapter says which is which."""
    use = {"used_in": "figure 05-wounds"}
    repository.studies[0] |= use
    add(repository, contrast="within", comparison="after v before caring", **use)
    page = "# A\n\n{cite:p}`doe2001carers,muller2010null,healing1990book`\n\nevidence.x\n"
    repository.write("book/chapters/05-wounds.md", page)
    assert said(repository) == [
        f"{STUDIES}:2: doe2001-days: between and within mean-difference of delay in figures of "
        "05-wounds; say in the caption which are changes within one arm."
    ]

    page += "\nThe lowest is a change within one arm.\n"
    repository.write("book/chapters/05-wounds.md", page)
    assert said(repository) == []


@pytest.fixture
def parted(repository):
    """Return the repository with a claim whose outcome rests on two works."""
    judged = part()
    judged["outcomes"][0] |= {"references": ["doe2001carers", "muller2010null"], "studies": 2}
    repository.claims[0] = claim("C1", "01-hardwired", judged)
    repository.save()
    return repository


def test_the_same_people_in_two_papers_are_one_study(parted):
    """A cohort that stands in both counts once."""
    parted.studies[0]["cohort"] = "carers-of-ohio"
    add(parted, reference="muller2010null", cohort="carers-of-ohio")
    assert [line.partition(": ")[2] for line in said(parted)] == [
        "C1a, outcome 'days to heal': 2 studies, but carers-of-ohio stands in more than one work; "
        "count the same people once: 1."
    ]

    parted.claims[0]["parts"][0]["outcomes"][0]["studies"] = 1
    parted.save()
    assert said(parted) == []


def against(repository, key):
    """Make a work of the first part stand against it."""
    for reference in repository.claims[0]["parts"][0]["references"]:
        if reference["key"] == key:
            reference["role"] = "against"
    repository.save()


def test_a_null_with_a_wide_interval_is_not_against(parted):
    """From -1 to 0.8 standard deviations leaves everything open; -0.05 to 0.05 does not."""
    against(parted, "muller2010null")
    null = {"reference": "muller2010null", "direction": "none", "p": "", "scale": "smd"}
    add(parted, **null, value="-0.1", low="-1.0", high="0.8")
    assert [line.partition(": ")[2] for line in said(parted)] == [
        "C1a: muller2010null stands against it by nulls that leave much open; "
        "a wide null is not against: let it count in its outcome alone."
    ]

    parted.studies[1] |= {"value": "0.0", "low": "-0.05", "high": "0.05"}
    parted.save()
    assert said(parted) == []


def test_a_null_of_few_people_without_an_interval_is_not_against(parted):
    """Under a hundred people a direction alone decides nothing."""
    against(parted, "muller2010null")
    words = {"value": "", "low": "", "high": "", "level": "", "p": "", "scale": "direction-only"}
    null = words | {"reference": "muller2010null", "direction": "none", "unit": "none"}
    add(parted, **null, n_total="40", n_a="", n_b="")
    assert any("muller2010null stands against it by nulls" in line for line in said(parted))

    parted.studies[1]["n_total"] = "4000"
    parted.save()
    assert said(parted) == []


def test_an_outcome_s_own_wide_null_does_not_stand_against(parted):
    """Where the effect of an outcome is a wide null, its works are not against by it."""
    outcome = parted.claims[0]["parts"][0]["outcomes"][0]
    outcome["effect"] = {"scale": "smd", "value": 0.1, "low": -0.6, "high": 0.8}
    against(parted, "muller2010null")

    assert any("by an interval that leaves much open" in line for line in said(parted))


def test_what_was_only_observed_does_not_start_high(parted):
    """A case-control study assigned nothing."""
    outcome = parted.claims[0]["parts"][0]["outcomes"][0]
    why = {"certainty_why": "It was seen in every carer.", "certainty": "low"}
    outcome |= {"starts": "high", "references": ["doe2001carers"], "studies": 1} | why
    parted.save()
    assert [line.partition(": ")[2] for line in said(parted)] == [
        "C1a, outcome 'days to heal': starts high, yet nothing was assigned; "
        "start low, or correct the design in studies.csv."
    ]

    parted.studies[0]["design"] = "experiment"
    parted.save()
    assert not any("starts high" in line for line in said(parted))


def test_a_certainty_that_its_numbers_do_not_carry_needs_a_reason(parted):
    """26 people are few: randomised and unbiased, they suggest low and not moderate."""
    outcome = parted.claims[0]["parts"][0]["outcomes"][0]
    outcome |= {"starts": "high", "certainty": "moderate"}
    parted.save()
    lines = said(parted)
    assert len(lines) == 1
    assert (
        "C1a, outcome 'days to heal': certainty moderate, but the numbers suggest low "
        "(imprecision 2: under 100 people); correct it, or say why in certainty_why."
    ) in lines[0]

    outcome["certainty_why"] = "The delay was seen in every carer."
    parted.save()
    assert said(parted) == []


def test_a_reason_to_differ_where_nothing_differs_is_a_fault(parted):
    """Left over from an earlier judgement, it would puzzle."""
    outcome = parted.claims[0]["parts"][0]["outcomes"][0]
    outcome["certainty_why"] = "It was seen in every carer."
    parted.save()

    assert any("a reason to differ, and nothing differs" in line for line in said(parted))


def interval_table(repository, row, **parts):
    """Give the little table limits and a p."""
    resource = repository.package["resources"][0] | parts
    columns = {"reference": "string", "hazard_ratio": "number", "low": "number", "high": "number"}
    resource["schema"] = {
        "fields": [
            {"name": name, "type": kind, "title": name, "unit": "1" if kind != "string" else "none"}
            for name, kind in (columns | {"p": "number"}).items()
        ]
    }
    repository.package["resources"][0] = resource
    repository.write(DATA / "tables/wounds-delays.csv", f"{','.join(columns)},p\n{row}\n")
    repository.save()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("doe2001carers,2.0,1.0,4.0,0.05", None),
        ("doe2001carers,2.0,1.5,4.0,", "2.0 is not in the middle of 1.5 to 4.0"),
        ("doe2001carers,2.0,1.0,4.0,0.4", "p 0.4, but the limits give 0.0"),
        ("doe2001carers,5.0,1.0,4.0,", "5.0 lies outside its own limits 1.0 to 4.0"),
    ],
)
def test_limits_of_a_table_are_recomputed(repository, row, expected):
    """What a figure draws follows from estimate, limits and p; ratios on the log scale."""
    interval_table(repository, row)
    lines = said(repository)

    if expected is None:
        assert lines == []
    else:
        assert expected in lines[0]
        assert lines[0].startswith(f"{(DATA / 'tables/wounds-delays.csv').as_posix()}:2: ")


def test_an_exception_of_a_table_is_explained_and_needed(repository):
    """One that fits nothing any more is a fault."""
    why = {"exceptions": {"2.0": "Credible limits."}}
    interval_table(repository, "doe2001carers,2.0,1.5,4.0,", **why)
    assert said(repository) == []

    interval_table(repository, "doe2001carers,2.0,1.0,4.0,", **why)
    assert "2.0 has an exception and yet agrees with itself" in said(repository)[0]


def test_a_result_in_two_places_has_the_same_limits(repository):
    """A table and studies.csv cannot tell two stories."""
    repository.studies[0] |= {"scale": "hazard-ratio", "value": "2.0", "low": "1.0", "high": "4.0"}
    repository.studies[0] |= {"mean_a": "", "mean_b": "", "spread_a": "", "spread_b": "", "p": ""}
    repository.studies[0] |= {"spread_kind": "", "mean_unit": ""}
    interval_table(repository, "doe2001carers,2.0,1.1,3.6,")

    assert "2.0 has limits 1.1 to 3.6 here; studies.csv has 1.0 to 4.0" in said(repository)[0]
