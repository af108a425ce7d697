"""The BibTeX reader against pybtex, and names and titles as they are compared."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pybtex.database import parse_file

from hardwired.evidence.bib_reader import read_bib
from hardwired.evidence.bibliography import normalised, plain, surname
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def both():
    """Return the book's bibliography as we and as pybtex read it."""
    path = ROOT / "references.bib"
    mine, problems = read_bib(path, "references.bib")
    assert problems == []
    return mine, parse_file(str(path), bib_format="bibtex")


def test_every_field_is_read_as_pybtex_reads_it(both):
    """Keys, types and fields of the whole bibliography agree."""
    mine, theirs = both

    assert list(mine) == list(theirs.entries)
    for key, entry in mine.items():
        other = theirs.entries[key]
        fields = {k: v for k, v in entry.fields.items() if k not in ("author", "editor")}
        assert entry.kind == other.type
        assert fields == {k.lower(): " ".join(v.split()) for k, v in other.fields.items()}


def test_first_surnames_are_those_of_pybtex(both):
    """Particles belong to the name."""
    mine, theirs = both

    for key, entry in mine.items():
        people = theirs.entries[key].persons.get("author") or theirs.entries[key].persons["editor"]
        expected = " ".join([*people[0].prelast_names, *people[0].last_names])
        assert normalised(surname(entry.authors[0])) == normalised(expected), key


def test_lines_are_those_of_the_file(both):
    """Each entry and field knows where it stands."""
    lines = (ROOT / "references.bib").read_text(encoding="utf-8").splitlines()
    mine, _ = both

    for key, entry in mine.items():
        assert key in lines[entry.line - 1]
        for name, line in entry.lines.items():
            assert lines[line - 1].strip().startswith(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"M{\"u}ller", "Müller"),
        (r"Fr{\'e}d{\'e}ric", "Frédéric"),
        (r"{\O}stergaard and S{\o}ren", "Østergaard and Søren"),
        (r"Dvo\v{r}{\'a}k", "Dvořák"),
        (r"Gar{\c c}on", "Garçon"),
        (r"Stra{\ss}e", "Straße"),
        (r"Mart{\'\i}n", "Martín"),
        (r"Physiology \& Behavior", "Physiology & Behavior"),
        (r"The {DNA} of {\em mice}", "The DNA of mice"),
        (r"IL-1$\beta$", "IL-1β"),
        ("5 % of mice {\\em b}", "5 % of mice b"),
        ("1--5", "1–5"),
    ],
)
def test_latex_becomes_plain_text(text, expected):
    """Accents are composed; braces and commands go."""
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kiecolt-Glaser, Janice K.", "Kiecolt-Glaser"),
        ("Janice K. Kiecolt-Glaser", "Kiecolt-Glaser"),
        ("Anna van der Meer", "van der Meer"),
        ("{World Health Organization}", "World Health Organization"),
    ],
)
def test_surnames(name, expected):
    """Both orders of BibTeX, particles and bodies."""
    assert surname(name) == expected


@given(st.text())
@example("\N{MATHEMATICAL BOLD SCRIPT CAPITAL A}")
def test_normalising_twice_changes_nothing(text):
    """The normal form is plain ASCII letters and digits, and stays as it is."""
    once = normalised(text)

    assert normalised(once) == once
    assert once.isascii()


def test_a_file_without_an_entry_has_none_and_no_fault(tmp_path):
    """A bibliography begins empty; that is no fault of it."""
    path = tmp_path / "references.bib"
    path.write_text("", encoding="utf-8")

    assert read_bib(path, "references.bib") == ({}, [])
