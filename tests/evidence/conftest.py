"""A small repository whose evidence keeps every rule, to be broken one rule at a time."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml

from hardwired.evidence.schema import CLAIM_CHAPTERS, STUDY_COLUMNS

DATA = Path("src/hardwired/evidence/data")

BIB = """@article{doe2001carers,
  author = {Doe, Jane and Roe, Richard},
  title = {Carers heal slowly: a study of {IL-1$\\beta$}},
  journal = {Journal of Wounds}, volume = {4}, pages = {1--9},
  year = {2001},
  doi = {10.1000/carers.1},
}

@article{muller2010null,
  author = {M{\\"u}ller, Anna},
  title = {No delay in a second study},
  journal = {Journal of Wounds}, volume = {13}, pages = {e7},
  year = {2010},
  doi = {10.1000/null.2},
}

@book{healing1990book,
  author = {{Healing Society}},
  title = {The book of wounds},
  year = {1990},
  publisher = {Press},
  note = {No DOI: printed before DOIs were given to books},
}
"""

PROVENANCE_ROWS = [
    "key,record_title,record_author,address,fields_seen,read,date,corrections",
    "doe2001carers,Carers heal slowly: a study of IL-1β | PubMed,Doe J,https://example.org/1,"
    "title;authors;journal;year;volume;pages;doi,abstract,2026-11-24,"
    '"none found: a list, 2026-11-24"',
    'muller2010null,No Delay in a Second Study,"Müller, Anna",'
    "https://example.org/2 ; https://example.org/3,"
    "title;authors;journal;year;volume;pages;doi,abstract,2026-11-24,"
    '"none found: PubMed, 2026-11-24"',
    "healing1990book,The book of wounds,Healing Society,https://example.org/4,"
    "title;authors;year;publisher,part,2026-11-24,"
    '"none found: by title, 2026-11-24"',
]
PROVENANCE = "\n".join(PROVENANCE_ROWS) + "\n"

STUDY = {
    "id": "doe2001-days",
    "reference": "doe2001carers",
    "chapter": "05-wounds",
    "topic": "delay",
    "design": "case-control",
    "subjects": "people",
    "population": "carers and controls",
    "n_total": "26",
    "n_a": "13",
    "n_b": "13",
    "comparison": "caring v not",
    "contrast": "between",
    "adjusted": "crude",
    "primary": "",
    "cohort": "",
    "outcome": "days to heal",
    "scale": "mean-difference",
    "value": "9.4",
    "low": "0.8",
    "high": "18.0",
    "level": "0.95",
    "p": "0.034",
    "unit": "day",
    "direction": "higher",
    "mean_a": "48.7",
    "mean_b": "39.3",
    "spread_a": "2.9",
    "spread_b": "3.0",
    "spread_kind": "se",
    "mean_unit": "day",
    "origin": "computed",
    "certainty": "Not randomised.",
    "used_in": "table 05-wounds",
}

PACKAGE = {
    "profile": "tabular-data-package",
    "name": "hardwired",
    "resources": [
        {
            "name": "wounds-delays",
            "path": "tables/wounds-delays.csv",
            "profile": "tabular-data-resource",
            "title": "Delays",
            "description": "Two rows.",
            "licenses": [{"name": "facts", "title": "facts, re-typed from print"}],
            "sources": [{"title": "doe2001carers"}],
            "chapter": "05-wounds",
            "used_in": "exercise 05-wounds",
            "schema": {
                "fields": [
                    {"name": "reference", "type": "string", "title": "Key", "unit": "none"},
                    {"name": "days", "type": "number", "title": "Days to heal", "unit": "day"},
                    {"name": "human", "type": "boolean", "title": "In people", "unit": "none"},
                    {"name": "n", "type": "integer", "title": "People", "unit": "1"},
                ]
            },
        }
    ],
}
TABLE = "reference,days,human,n\ndoe2001carers,48.7,true,13\nmuller2010null,,false,\n"


def part(letter: str = "a") -> dict:
    """Return a part of a claim that keeps every rule."""
    return {
        "id": letter,
        "statement": "Wounds of carers heal more slowly.",
        "question": "In adults, does caring, compared with not caring, slow healing?",
        "verdict": "supported-with-limits",
        "verdict_reasons": "Two studies disagree.",
        "would_change": "A large trial that finds no delay.",
        "searches": ["c1-carers"],
        "outcomes": [
            {
                "outcome": "days to heal",
                "kind": "human",
                "population": "carers",
                "comparison": "caring v not",
                "studies": 1,
                "people": 26,
                "effect": {"scale": "mean-difference", "value": 9.4, "low": 0.8, "high": 18.0},
                "starts": "low",
                "lowers": {"imprecision": {"steps": 1, "why": "There are 26 people in it."}},
                "raises": {},
                "certainty": "very-low",
                "references": ["doe2001carers"],
            }
        ],
        "references": [
            {
                "key": "doe2001carers",
                "role": "for",
                "outcome": "human",
                "why": "It took 9.4 days longer.",
            },
            {
                "key": "muller2010null",
                "role": "qualifies",
                "outcome": "human",
                "why": "It took no longer.",
            },
        ],
    }


def claim(number: str, chapter: str, *parts: dict) -> dict:
    """Return a claim that keeps every rule."""
    return {
        "id": number,
        "chapter": chapter,
        "article_says": "Wounds of carers heal more slowly.",
        "parts": list(parts) or [part()],
        "teacher": " ".join(["word"] * 59) + " end.",
    }


SEARCHES = (
    "id,date,claim,question,terms,where,seen,taken,left_out,remarks\n"
    "c1-carers,2026-11-30,C1,Does caring slow healing in adults?,caregiver wound | carer biopsy,"
    "an index of stored public pages,12,doe2001carers; muller2010null,"
    "Poe 1999: in mice; Roe 2003: a letter,Abstracts only.\n"
)
REVIEWS = (
    "id,review,place,point,answer,where,record\n"
    "s56-fault-01,science-05-06,4,The second study is missing,accepted,chapter 5,\n"
    "s56-fault-02,science-05-06,4,The title is wrong,refused,,https://example.org/2\n"
)


def study_csv(*rows: dict[str, str]) -> str:
    """Return `studies.csv` with these rows."""
    text = io.StringIO()
    names = [column.name for column in STUDY_COLUMNS]
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class Repository:
    """A folder with evidence, and ways to break it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.claims = [claim(number, chapter) for number, chapter in CLAIM_CHAPTERS.items()]
        self.studies = [dict(STUDY)]
        self.package = json.loads(json.dumps(PACKAGE))
        (root / DATA / "tables").mkdir(parents=True)
        self.write("references.bib", BIB)
        self.write(DATA / "provenance.csv", PROVENANCE)
        self.write(DATA / "tables/wounds-delays.csv", TABLE)
        self.write(DATA / "searches.csv", SEARCHES)
        self.write(DATA / "reviews.csv", REVIEWS)
        self.write(DATA / "absences.csv", "id,file,words,reason\n")
        self.save()

    def save(self) -> None:
        """Write claims, studies and package as they are now."""
        text = yaml.safe_dump(self.claims, sort_keys=False, width=1000)
        self.write(DATA / "claims.yml", text)
        self.write(DATA / "studies.csv", study_csv(*self.studies))
        self.write(DATA / "datapackage.json", json.dumps(self.package, indent=1))

    def write(self, name: str | Path, text: str) -> None:
        """Write a file of the repository."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, name: str | Path) -> str:
        """Read a file of the repository."""
        return (self.root / name).read_text(encoding="utf-8")

    def change(self, name: str | Path, old: str, new: str) -> None:
        """Replace a text that stands exactly once or more in a file."""
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new, 1))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a small repository whose evidence keeps every rule."""
    return Repository(tmp_path)
