"""What `from hardwired import evidence` offers, on the real files."""

import numpy as np
import pandas as pd
import pytest
from frictionless import Package

from hardwired import evidence
from hardwired.evidence import data_package, sources, study_rows
from hardwired.evidence.problems import EvidenceError, raise_if_any
from hardwired.evidence.schema import (
    CLAIM_CHAPTERS,
    PROVENANCE_COLUMNS,
    REVIEW_COLUMNS,
    SEARCH_COLUMNS,
    STUDY_COLUMNS,
    VERDICTS,
)
from tests.conftest import ROOT


def test_claims_are_the_22_of_the_article_in_order():
    """C1 to C22, each in its chapter."""
    claims = evidence.claims()

    assert {number: claim.chapter for number, claim in claims.items()} == CLAIM_CHAPTERS
    assert list(claims) == list(CLAIM_CHAPTERS)


def test_a_claim_is_a_frozen_value_with_words():
    """Verdict and certainty have words for a reader."""
    claim = evidence.claims()["C11"]

    assert claim.parts[0].verdict_words == VERDICTS[claim.verdicts[0]]
    assert claim.references[0].key == "walburn2009psychological"
    with pytest.raises(AttributeError):
        claim.teacher = "Nothing."


def test_studies_are_typed():
    """Whole numbers, numbers and text; an empty cell is missing."""
    studies = evidence.studies()

    assert studies.index.is_unique
    assert studies["n_total"].dtype == "Int64"
    assert studies["value"].dtype == np.float64
    assert studies.loc["kiecolt1995-days", "value"] == 9.4
    assert studies.loc["kiecolt1995-days", "mean_a"] == 48.7
    assert pd.isna(studies.loc["kiecolt1995-days", "q"])


def test_there_are_at_least_150_studies_over_all_chapters():
    """The bar of the evidence: every chapter has rows of its own."""
    studies = evidence.studies()

    assert len(studies) >= 150
    assert set(studies["chapter"]) == set(CLAIM_CHAPTERS.values())


def test_studies_are_selected_by_chapter_and_column():
    """One value, or any of a list."""
    some = evidence.studies("05-wounds", subjects="people", design=["rct", "cohort"])

    assert set(some["chapter"]) == {"05-wounds"}
    assert set(some["subjects"]) == {"people"}
    assert set(some["design"]) <= {"rct", "cohort"}
    assert len(some) > 0


def test_a_selection_is_a_copy():
    """Whoever changes it changes nothing for others."""
    mine = evidence.studies()
    mine.loc["kiecolt1995-days", "value"] = 0.0

    assert evidence.studies().loc["kiecolt1995-days", "value"] == 9.4


def test_an_unknown_column_is_refused_in_words():
    """The message lists the columns."""
    with pytest.raises(ValueError, match="no column 'colour'; use one of reference, chapter"):
        evidence.studies(colour="red")


def test_an_unknown_table_is_refused_in_words():
    """The message lists the tables."""
    with pytest.raises(KeyError, match=r"no table 'wounds-none'; there are .*wounds-correlations"):
        evidence.table("wounds-none")


@pytest.mark.parametrize("name", sorted(evidence.tables()))
def test_every_table_loads_with_the_types_of_its_description(name):
    """Columns in their order, numbers as numbers, and rows."""
    info, table = evidence.tables()[name], evidence.table(name)

    assert list(table.columns) == [field.name for field in info.fields]
    assert len(table) > 0
    for field in info.fields:
        if field.type in ("number", "integer", "year"):
            assert pd.api.types.is_numeric_dtype(table[field.name])


def test_the_data_package_is_valid_for_frictionless():
    """The reference implementation of the standard finds no error."""
    report = Package(str(sources.DATA / "datapackage.json")).validate()

    assert report.flatten(["rowNumber", "fieldNumber", "message"]) == []


def test_every_licence_is_free_for_every_use():
    """Nothing non-commercial or unlicensed is carried along."""
    assert {info.licence for info in evidence.tables().values()} <= {
        "facts",
        "CC0-1.0",
        "CC-BY-4.0",
        "CC-BY-3.0",
        "CC-BY-2.0",
        "MIT",
    }


def test_a_broken_file_is_refused_with_file_line_and_mend(repository):
    """Loading says the first fault and how many more there are."""
    path = repository.root / sources.DATA_IN_REPOSITORY / "studies.csv"
    repository.studies = [repository.studies[0] | {"unit": ""}, repository.studies[0] | {"p": "x"}]
    repository.save()

    _, problems = study_rows.read_studies(path, "studies.csv")
    with pytest.raises(EvidenceError) as caught:
        raise_if_any(problems)

    assert str(caught.value) == (
        "studies.csv:2: no unit; fill the column 'unit'. (1 more: run `hardwired check`)"
    )


def test_empty_cells_of_a_table_are_missing(repository):
    """A text is None, a number NaN, a whole number NA."""
    folder = repository.root / sources.DATA_IN_REPOSITORY
    tables, problems = data_package.read_package(folder / "datapackage.json", "datapackage.json")
    table = data_package.load_table(tables["wounds-delays"])

    assert problems == []
    assert list(table["human"]) == [True, False]
    assert table["n"].dtype == "Int64"
    assert np.isnan(table["days"][1])
    assert pd.isna(table["n"][1])


def test_the_readme_of_the_data_names_every_column():
    """People who fill the files read there what the code demands."""
    text = (ROOT / sources.DATA_IN_REPOSITORY / "README.md").read_text(encoding="utf-8")

    columns = (*STUDY_COLUMNS, *SEARCH_COLUMNS, *REVIEW_COLUMNS, *PROVENANCE_COLUMNS)
    assert [c.name for c in columns if f"`{c.name}`" not in text] == []
