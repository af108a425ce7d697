"""`hardwired check --retractions FILE`: every work held against a public list of notices."""

import csv
import io

import pytest

from hardwired.evidence.checks import check
from tests.evidence.conftest import DATA
from tests.evidence.test_check import run

PROVENANCE = DATA / "provenance.csv"
LIST = "a public list of retractions and notices (state of 2025-08-22)"


def corrections(repository):
    """Return the column `corrections` by key."""
    rows = csv.DictReader(io.StringIO(repository.read(PROVENANCE)))
    return {row["key"]: row["corrections"] for row in rows}


def notices(repository, text, name="list-2025-08-22.csv"):
    """Write a list of notices and return its path."""
    repository.write(name, text)
    return repository.root / name


def not_checked(repository):
    """Say of the first work that nobody has looked."""
    repository.change(PROVENANCE, '"none found: a list, 2026-11-24"', "not checked")


def test_a_work_that_is_not_in_the_list_says_so_with_list_and_date(repository, capsys):
    """The result, its source with its state, and the day."""
    not_checked(repository)
    file = notices(repository, "doi,retractionwatch\n10.1000/other.1,Retraction\n")

    assert run("--root", repository.root, "--retractions", file) == 0
    assert corrections(repository)["doe2001carers"].startswith(f"none found: DOI in {LIST}, 20")
    assert "2 works looked up by DOI, 0 by title." in capsys.readouterr().out
    assert check(repository.root) == []


@pytest.mark.parametrize(
    ("nature", "said"),
    [
        ("Retraction", "retracted"),
        ("Expression of concern;Retraction", "retracted"),
        ("Expression of concern", "expression of concern"),
        ("Correction", "corrected"),
        ("Reinstatement", "corrected"),
    ],
)
def test_a_work_in_the_list_is_told_by_the_worst_that_it_says(repository, capsys, nature, said):
    """Whatever the letters of its DOI."""
    file = notices(repository, f"DOI,Nature\n10.1000/CARERS.1,{nature}\n")

    assert run("--root", repository.root, "--retractions", file) == 0
    assert corrections(repository)["doe2001carers"].startswith(f"{said}: DOI in {LIST}, ")
    assert f"doe2001carers: {said}: DOI in" in capsys.readouterr().out
    if said == "retracted":
        assert [problem.what for problem in check(repository.root)] == [
            "doe2001carers is retracted and does not say so"
        ]


def test_a_work_without_doi_is_looked_up_by_title_where_the_list_has_titles(repository):
    """Case and punctuation do not matter."""
    text = "Title,OriginalPaperDOI,RetractionNature\nThe Book of Wounds.,,Retraction\n"
    file = notices(repository, text)

    run("--root", repository.root, "--retractions", file)
    assert corrections(repository)["healing1990book"].startswith(f"retracted: title in {LIST}, ")


def test_what_cannot_be_looked_up_is_named_and_left_to_a_person(repository, capsys):
    """Exit code 1: something needs a person."""
    repository.change(PROVENANCE, '"none found: by title, 2026-11-24"', "not checked")
    file = notices(repository, "doi,nature\n10.1000/other.1,Retraction\n")

    assert run("--root", repository.root, "--retractions", file) == 1
    assert "To be looked up by title, by hand: healing1990book." in capsys.readouterr().out


def test_asked_again_it_changes_nothing(repository):
    """The same list says the same: not even the date moves."""
    file = notices(repository, "doi,nature\n10.1000/carers.1,Correction\n")
    run("--root", repository.root, "--retractions", file)
    once = repository.read(PROVENANCE)

    run("--root", repository.root, "--retractions", file)
    assert repository.read(PROVENANCE) == once


def test_what_a_person_found_is_kept(repository):
    """A list that is silent does not unsay a correction, and a look by hand stays named."""
    repository.change(PROVENANCE, "none found: a list", "corrected: table 2, the journal")
    file = notices(repository, "doi,nature\n10.1000/other.1,Retraction\n")
    run("--root", repository.root, "--retractions", file)

    assert corrections(repository)["doe2001carers"] == (
        "corrected: table 2, the journal, 2026-11-24"
    )
    assert corrections(repository)["muller2010null"].startswith(
        f"none found: PubMed, 2026-11-24; DOI in {LIST}, "
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("paper,nature\nx,Retraction\n", "list-2025-08-22.csv:1: no column of DOIs; name one"),
        ("doi,why\n10.1/x,data\n", "list-2025-08-22.csv:1: no column of natures; name one of its"),
        ("doi,nature\n10.1/x\n", "list-2025-08-22.csv:2: 1 cells where the header has 2"),
    ],
)
def test_a_list_that_cannot_be_read_changes_nothing(repository, capsys, text, expected):
    """One line with file and line, and the provenance as it was."""
    before = repository.read(PROVENANCE)

    assert run("--root", repository.root, "--retractions", notices(repository, text)) == 1
    assert capsys.readouterr().out.startswith(expected)
    assert repository.read(PROVENANCE) == before
