"""A page's works for reference managers: read back by another reader, they are the same works."""

from __future__ import annotations

import pytest
from pybtex.database import BibliographyData, parse_file, parse_string

from hardwired.pages.web.works_files import bibtex, ris
from tests.conftest import ROOT

CHOSEN = ("kiecolt1995slowing", "kiecolt2001hypnosis")


@pytest.fixture(scope="module")
def works() -> BibliographyData:
    """Read the whole bibliography of the book."""
    return parse_file(str(ROOT / "references.bib"))


def test_bibtex_read_back_is_the_same_works(works: BibliographyData) -> None:
    """No field is lost and none is changed, accents and dashes included."""
    again = parse_string(bibtex(works.entries), "bibtex")

    assert set(again.entries) == set(works.entries)
    assert [key for key in again.entries if again.entries[key] != works.entries[key]] == []


def test_ris_says_what_a_reference_manager_asks_for(works: BibliographyData) -> None:
    """The record of Kiecolt-Glaser et al. 1995 as RIS writes it, a tag a line."""
    text = ris({CHOSEN[0]: works.entries[CHOSEN[0]]})

    assert text.splitlines() == [
        "TY  - JOUR",
        "AU  - Kiecolt-Glaser, J. K.",
        "AU  - Marucha, P. T.",
        "AU  - Mercado, A. M.",
        "AU  - Malarkey, W. B.",
        "AU  - Glaser, R.",
        "TI  - Slowing of wound healing by psychological stress",
        "JO  - The Lancet",
        "PY  - 1995",
        "VL  - 346",
        "IS  - 8984",
        "DO  - 10.1016/s0140-6736(95)92899-5",
        "SP  - 1194",
        "EP  - 1196",
        "ER  - ",
        "",
    ]


def test_every_work_is_one_record_with_a_title_and_a_year(works: BibliographyData) -> None:
    """Nothing of TeX is left in what a reference manager shows."""
    records = ris(works.entries).split("ER  - \n")[:-1]

    assert len(records) == len(works.entries)
    for record in records:
        assert "\nTI  - " in record
        assert "\nPY  - " in record
        shown = [line for line in record.splitlines() if not line.startswith(("UR", "DO"))]
        assert "{" not in "".join(shown)
        assert "\\" not in "".join(shown)


@pytest.mark.needs("book")
@pytest.mark.parametrize("page", ["chapters/05-wounds", "back/bibliography"])
def test_a_page_that_lists_works_offers_them(page: str) -> None:
    """Both files lie beside it, and hold as many works as the page lists."""
    built = ROOT / "book/_build/html"
    text = (built / f"{page}.html").read_text(encoding="utf-8")
    name = page.partition("/")[2]
    entries = parse_file(str(built / f"{page}.bib")).entries

    assert f'<a download href="{name}.bib">BibTeX</a>' in text
    assert f'<a download href="{name}.ris">RIS</a>' in text
    assert CHOSEN[0] in entries
    assert (built / f"{page}.ris").read_text(encoding="utf-8").count("TY  - ") == len(entries)
