"""Rules of the one bibliography: `references.bib` and its provenance agree, entry by entry."""

import csv
import re
import unicodedata
import warnings
from collections import Counter
from pathlib import Path

import pytest
from pybtex.database import BibliographyData, Entry, Person, parse_file

ROOT = Path(__file__).parents[2]
REFERENCES = ROOT / "references.bib"
PROVENANCE = ROOT / "src" / "hardwired" / "evidence" / "data" / "provenance.csv"
KEY = re.compile(r"^([a-z]+)(\d{4})([a-z][a-z0-9]*)$")
DOI = re.compile(r"^10\.\d{4,9}/[^\s\"<>]+$")
OUR_OWN_FIELDS = {"note", "keywords", "urldate", "langid", "ids", "eprinttype"}


def plain(text: str) -> str:
    """Return the text in ASCII lower case letters and digits, without braces or accents."""
    special = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae"})
    greek = {"α": "alpha", "β": "beta", "γ": "gamma", "κ": "kappa"}
    for letter, name in greek.items():
        text = text.replace(letter, name)
    ascii_text = unicodedata.normalize("NFKD", text.translate(special))
    return re.sub(r"[^a-z0-9]+", "", ascii_text.encode("ascii", "ignore").decode().lower())


def family(person: Person) -> str:
    """Return the whole family name of a person, particles included."""
    return plain(" ".join(person.prelast_names + person.last_names))


@pytest.fixture(scope="module")
def bibliography() -> BibliographyData:
    """Parse the bibliography once, with pybtex's warnings as errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return parse_file(str(REFERENCES), bib_format="bibtex")


@pytest.fixture(scope="module")
def entries(bibliography: BibliographyData) -> dict[str, Entry]:
    """Return the entries by key."""
    return dict(bibliography.entries.items())


@pytest.fixture(scope="module")
def provenance() -> list[dict[str, str]]:
    """Return the rows of provenance.csv."""
    with PROVENANCE.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_entries_are_sorted_by_key_and_a_blank_line_apart() -> None:
    """A stable order keeps the differences between two versions readable."""
    text = REFERENCES.read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{([^,]+),$", text, flags=re.M)

    assert sorted(keys) == keys
    assert text.count("\n}\n\n@") == len(keys) - 1


def test_every_key_is_first_author_year_word(entries: dict[str, Entry]) -> None:
    """A key is first author's family name (or a body's initials), year, word of the title."""
    wrong = []
    for key, entry in entries.items():
        match = KEY.match(key)
        first = entry.persons["author"][0]
        initials = "".join(word[0] for word in str(first).strip("{}").split()).lower()
        names = (family(first), initials)
        if not match or match[2] != entry.fields["year"] or not any(match[1] in n for n in names):
            wrong.append(key)

    assert wrong == []


def test_every_entry_has_authors_title_and_year(entries: dict[str, Entry]) -> None:
    """What cannot be attributed cannot be cited."""
    wrong = [
        key
        for key, entry in entries.items()
        if not entry.persons.get("author") or not {"title", "year"} <= set(entry.fields)
    ]

    assert wrong == []


def test_every_entry_has_a_doi_or_says_why_not(entries: dict[str, Entry]) -> None:
    """Without a DOI the note gives the reason and begins with `No DOI:`."""
    wrong = [
        key
        for key, entry in entries.items()
        if "doi" not in entry.fields and not entry.fields.get("note", "").startswith("No DOI: ")
    ]

    assert wrong == []


def test_a_paper_without_a_doi_says_when_it_was_searched_for(entries: dict[str, Entry]) -> None:
    """A page of news has none; a paper has one, and its reason says on what day nobody found it."""
    reason = re.compile(r"No DOI: .*\bsearched by title on \d{4}-\d\d-\d\d\b")
    undated = [
        key
        for key, entry in entries.items()
        if entry.type == "article" and "doi" not in entry.fields
        if not reason.match(entry.fields.get("note", ""))
    ]

    assert undated == []


def test_seven_works_in_eight_have_a_doi(entries: dict[str, Entry]) -> None:
    """The aim is 97 in 100; the records that could be read by 1 December 2026 gave 596 of 677."""
    with_doi = sum("doi" in entry.fields for entry in entries.values())

    assert with_doi / len(entries) >= 7 / 8


def test_dois_are_bare_lower_case_and_unique(entries: dict[str, Entry]) -> None:
    """One work, one DOI, written without the address of a resolver."""
    dois = [entry.fields["doi"] for entry in entries.values() if "doi" in entry.fields]

    assert [doi for doi in dois if not DOI.match(doi) or doi != doi.lower()] == []
    assert [doi for doi, count in Counter(dois).items() if count > 1] == []


def test_no_work_stands_twice(entries: dict[str, Entry]) -> None:
    """The same title in the same year is the same work."""
    works = Counter((plain(e.fields["title"]), e.fields["year"]) for e in entries.values())

    assert [work for work, count in works.items() if count > 1] == []


def test_articles_name_their_journal(entries: dict[str, Entry]) -> None:
    """An article without its journal could not be found."""
    wrong = [k for k, e in entries.items() if e.type == "article" and "journal" not in e.fields]

    assert wrong == []


def test_page_ranges_use_the_en_dash_of_bibtex(entries: dict[str, Entry]) -> None:
    """Pages are a first page, an article number (e00582-17 too), or a range with two hyphens."""
    first = r"[A-Za-z]{0,4}\d+[A-Za-z0-9.]*"
    page = re.compile(rf"^(?:{first}(?:--{first})?|e\d{{5}}-\d\d)$")
    wrong = [
        (key, entry.fields["pages"])
        for key, entry in entries.items()
        if "pages" in entry.fields and not page.match(entry.fields["pages"])
    ]

    assert wrong == []


def test_every_entry_has_one_provenance_row_and_the_other_way_round(
    entries: dict[str, Entry], provenance: list[dict[str, str]]
) -> None:
    """Nothing is cited that was not seen, and nothing seen is left lying about."""
    assert sorted(entries) == sorted(row["key"] for row in provenance)


def test_titles_and_first_authors_agree_with_their_records(
    entries: dict[str, Entry], provenance: list[dict[str, str]]
) -> None:
    """The record's own title line holds the entry's title; its author holds the family name."""
    wrong = []
    for row in provenance:
        entry = entries[row["key"]]
        title, record = plain(entry.fields["title"]), plain(row["record_title"])
        first = entry.persons["author"][0]
        if title not in record or family(first) not in plain(row["record_author"]):
            wrong.append(row["key"])

    assert wrong == []


def test_every_field_was_seen(entries: dict[str, Entry], provenance: list[dict[str, str]]) -> None:
    """Each field of an entry stands in `fields_seen` of its row."""
    wrong = []
    for row in provenance:
        seen = set(row["fields_seen"].split(";"))
        fields = {f.lower() for f in entries[row["key"]].fields} | {"authors"}
        missing = fields - seen - OUR_OWN_FIELDS
        if missing:
            wrong.append((row["key"], sorted(missing)))

    assert wrong == []


def test_provenance_gives_address_date_and_what_is_known_of_corrections(
    provenance: list[dict[str, str]],
) -> None:
    """`none` is never said without a source: the column says what was looked at, or nothing."""
    known = ("not checked", "none found: ", "retracted: ", "corrected: ", "expression of concern: ")
    wrong = [
        row["key"]
        for row in provenance
        if not re.match(r"https?://|none: ", row["address"])
        or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["date"])
        or not row["corrections"].startswith(known)
    ]

    assert wrong == []
