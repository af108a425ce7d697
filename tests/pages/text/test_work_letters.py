"""Two works by the same people in the same year are told apart; names are sorted as people do."""

from __future__ import annotations

from pybtex.database import Entry, Person

from hardwired.pages.text.work_letters import BySurname, letter


def work(authors: str, year: str = "2001", title: str = "T") -> Entry:
    """Make a work of authors with commas between their names."""
    people = [Person(name) for name in authors.split(", and ")]
    return Entry("article", fields={"year": year, "title": title}, persons={"author": people})


def test_what_a_citation_would_not_tell_apart_has_letters() -> None:
    """In the order of the list; other years, names and numbers of authors need none."""
    works = {
        "later": work("Gruzelier, J, and Smith, A, and Zorn, B", title="B"),
        "first": work("Gruzelier, J, and Levy, J, and Williams, J", title="Z"),
        "alone": work("Gruzelier, J"),
        "other year": work("Gruzelier, J, and Levy, J, and Williams, J", year="2002"),
        "two": work("Gruzelier, J, and Levy, J"),
    }

    assert letter(works) == {"first": "a", "later": "b"}


def test_names_seen_in_part_are_et_al() -> None:
    """A first author with others is cited as three authors are."""
    works = {"a": work("Robinson, H, and others"), "b": work("Robinson, H, and A, B, and C, D")}

    assert sorted(letter(works).values()) == ["a", "b"]


def test_names_are_sorted_as_people_do() -> None:
    """Braces, capitals and accents move no name behind Z."""
    names = ["Zhang, A", "{da Paz Filho}, J", "{UNAIDS}", "Émond, C", "{INSIGHT START}", "Ader, R"]
    key = BySurname().sorting_key

    ordered = sorted((work(name) for name in names), key=key)

    assert [str(entry.persons["author"][0]) for entry in ordered] == [
        "Ader, R", "{da Paz Filho}, J", "Émond, C", "{INSIGHT START}", "{UNAIDS}", "Zhang, A",
    ]  # fmt: skip
