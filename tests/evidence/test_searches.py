"""Searches and answers to reviews: what is read, and one line for every rule that is broken."""

import pytest

from hardwired.evidence.checks import check
from hardwired.evidence.search_rows import LeftOut, read_searches
from tests.evidence.conftest import DATA, claim, part

SEARCHES = (DATA / "searches.csv").as_posix()
REVIEWS = (DATA / "reviews.csv").as_posix()
CLAIMS = (DATA / "claims.yml").as_posix()


def said(repository):
    """Return the lines that the check prints."""
    return [str(problem) for problem in check(repository.root)]


def test_a_search_is_read_with_all_that_was_done(repository):
    """Terms, keys and works left out are told apart."""
    searches, problems = read_searches(repository.root / SEARCHES, SEARCHES)
    search = searches["c1-carers"]

    assert problems == []
    assert search.date == "2026-11-30"
    assert search.terms == ("caregiver wound", "carer biopsy")
    assert search.seen == 12
    assert search.taken == ("doe2001carers", "muller2010null")
    assert search.left_out == (LeftOut("Poe 1999", "in mice"), LeftOut("Roe 2003", "a letter"))


SEARCH_RULES = [
    ("caregiver wound | carer biopsy", "", ":2: no terms; fill the column 'terms'"),
    ("caregiver wound |", "|", ":2: c1-carers: an empty term"),
    ("2026-11-30", "", ":2: no date; fill the column 'date'"),
    ("2026-11-30", "30 November", ":2: date '30 November' is no date"),
    ("c1-carers", "carers", ":2: carers: the id is no search's"),
    (",C1,", ",C23,", ":2: c1-carers: unknown claim 'C23'"),
    (",12,", ",1,", ":2: c1-carers: 1 seen, yet more taken"),
    (",12,", ",many,", ":2: seen 'many' is no whole number"),
    ("doe2001carers;", "Doe 2001;", ":2: c1-carers: taken 'Doe 2001' is no bibliography key"),
    ("doe2001carers;", "doe2002carers;", ":2: unknown key doe2002carers"),
    ("Poe 1999: in mice", "Poe 1999", ":2: c1-carers: left out 'Poe 1999'"),
]


@pytest.mark.parametrize(("old", "new", "expected"), SEARCH_RULES)
def test_rules_of_the_searches(repository, old, new, expected):
    """Each broken rule is said with its line."""
    repository.change(DATA / "searches.csv", old, new)

    assert any(line.startswith(SEARCHES + expected) for line in said(repository)), said(repository)


def test_two_searches_of_one_id_are_a_fault(repository):
    """The second of the two is named."""
    text = repository.read(DATA / "searches.csv")
    repository.write(DATA / "searches.csv", text + text.splitlines()[1] + "\n")

    assert said(repository) == [
        f"{SEARCHES}:3: c1-carers stands twice (first at line 2); give each row its own id."
    ]


def test_a_role_that_names_no_search_is_a_fault(repository):
    """With page and line."""
    text = "# A\n\nNobody asked.{searched}`c1-carers`\n\nNor here.{searched}`c1-others`\n"
    repository.write("book/chapters/01-hardwired.md", text)

    assert said(repository) == [
        "book/chapters/01-hardwired.md:5: unknown search 'c1-others'; "
        "correct it, or add the row to searches.csv."
    ]


def test_a_role_in_an_exercise_is_a_fault(repository):
    """Notebooks and question banks leave the book, and the mark would stand there as raw text."""
    repository.write("exercises/05-wounds/quiz.yml", "- text: No.{searched}`c1-carers`\n")

    assert said(repository) == [
        "exercises/05-wounds/quiz.yml:1: a notebook and a question bank cannot show the role "
        "{searched}; rewrite the sentence, or exempt it in absences.csv and name the search there."
    ]


@pytest.mark.parametrize(
    ("searches", "expected"),
    [
        ([], "C1a: no search; name its rows of searches.csv, for and against."),
        (["c1-none"], "C1a: unknown search c1-none; correct it, or add the row to searches.csv."),
    ],
)
def test_a_part_of_a_claim_names_its_searches(repository, searches, expected):
    """A verdict that rests on no search is a fault."""
    repository.claims[0] = claim("C1", "01-hardwired", part() | {"searches": searches})
    repository.save()

    assert len(said(repository)) == 1
    assert said(repository)[0].startswith(CLAIMS)
    assert said(repository)[0].endswith(expected)


REVIEW_RULES = [
    ("s56-fault-01", "fault-01", ":2: fault-01: the id is no point's"),
    ("s56-fault-02", "s56-fault-01", ":3: s56-fault-01: s56-fault-01 stands twice"),
    ("accepted", "perhaps", ":2: unknown answer 'perhaps'; use one of accepted, refused, open"),
    ("chapter 5", "", ":2: s56-fault-01: accepted, and where it was mended is not said"),
    ("https://example.org/2", "", ":3: s56-fault-02: refused without a record"),
    ("The title is wrong", "", ":3: no point; fill the column 'point'"),
]


@pytest.mark.parametrize(("old", "new", "expected"), REVIEW_RULES)
def test_rules_of_the_answers_to_reviews(repository, old, new, expected):
    """Each broken rule is said with its line."""
    repository.change(DATA / "reviews.csv", old, new)
    wanted = REVIEWS + expected.replace("s56-fault-01: s56-fault-01", "s56-fault-01")

    assert any(line.startswith(wanted) for line in said(repository)), said(repository)
