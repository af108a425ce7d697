"""The ledger as data for others: claims, parts, outcomes, works and searches as tables and JSON-LD.

:func:`files` makes a Frictionless data package of them, together with the tables and studies that
the book draws on; what writes it to a folder lives with the pages.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hardwired.evidence.certainty import suggestion
from hardwired.evidence.claim_ledger import Claim, Move, Outcome, Part
from hardwired.evidence.schema import CERTAINTIES, VERDICTS
from hardwired.evidence.search_rows import Search

_CLAIM = ("claim", "chapter", "article_says", "verdicts", "teacher")
_PART = (
    *("claim", "part", "statement", "question", "verdict", "verdict_reasons"),
    *("would_change", "searches", "last_searched"),
)
_OUTCOME = (
    *("claim", "part", "outcome", "kind", "population", "comparison", "studies", "people"),
    *("scale", "value", "low", "high", "level", "finding", "starts", "lowers", "raises"),
    *("certainty", "suggested", "certainty_why", "works"),
)
_WORK = ("claim", "part", "key", "role", "outcome", "why")
_SEARCH = (
    *("id", "date", "claim", "question", "terms", "where", "seen", "taken", "left_out"),
    "remarks",
)
TITLES = {
    "claims": "The article's claims",
    "parts": "Their parts, each with its verdict",
    "outcomes": "What was found, outcome by outcome, and how certain it is",
    "works": "Works for and against each part, and why each counts",
    "searches": "What was searched for",
    "studies": "Published results, one a row",
}


def tables(
    claims: Iterable[Claim], searches: Mapping[str, Search]
) -> dict[str, tuple[tuple[str, ...], list[tuple[object, ...]]]]:
    """Return header and rows of each table of the ledger, by its name.

    Parameters
    ----------
    claims
        In their order.
    searches
        By id.
    """
    claims = list(claims)
    parts = [(claim, part) for claim in claims for part in claim.parts]
    return {
        "claims": (_CLAIM, [_claim(claim) for claim in claims]),
        "parts": (_PART, [_part(claim, part, searches) for claim, part in parts]),
        "outcomes": (
            _OUTCOME,
            [_outcome(claim, part, found) for claim, part in parts for found in part.outcomes],
        ),
        "works": (
            _WORK,
            [
                (claim.id, part.id, work.key, work.role, work.outcome, work.why)
                for claim, part in parts
                for work in part.references
            ],
        ),
        "searches": (_SEARCH, [_search(search) for search in searches.values()]),
    }


def _claim(claim: Claim) -> tuple[object, ...]:
    return claim.id, claim.chapter, claim.article_says, "; ".join(claim.verdicts), claim.teacher


def _part(claim: Claim, part: Part, searches: Mapping[str, Search]) -> tuple[object, ...]:
    return (
        *(claim.id, part.id, part.statement, part.question, part.verdict, part.verdict_reasons),
        *(part.would_change, "; ".join(part.searches), last_searched(part, searches)),
    )


def last_searched(part: Part, searches: Mapping[str, Search]) -> str:
    """Return the ISO date of the newest search for a part, or an empty text."""
    return max((searches[name].date for name in part.searches if name in searches), default="")


def _outcome(claim: Claim, part: Part, found: Outcome) -> tuple[object, ...]:
    effect = found.effect
    numbers = (
        (effect.scale, effect.value, effect.low, effect.high, effect.level)
        if effect
        else ("", "", "", "", "")
    )
    return (
        *(claim.id, part.id, found.outcome, found.kind, found.population, found.comparison),
        *(found.studies, found.people, *numbers, found.finding, found.starts),
        *(_moves(found.lowers), _moves(found.raises), found.certainty),
        *(suggestion(found).certainty, found.certainty_why, "; ".join(found.references)),
    )


def _moves(moves: Iterable[Move]) -> str:
    return "; ".join(f"{move.reason} {move.steps}: {move.why}" for move in moves)


def _search(search: Search) -> tuple[object, ...]:
    left_out = "; ".join(f"{work.work}: {work.reason}" for work in search.left_out)
    return (
        *(search.id, search.date, search.claim, search.question, " | ".join(search.terms)),
        *(search.where, search.seen, "; ".join(search.taken), left_out, search.remarks),
    )


def json_ld(
    claims: Iterable[Claim], searches: Mapping[str, Search], dois: Mapping[str, str]
) -> str:
    """Return the ledger as JSON-LD: a schema.org ``ClaimReview`` a part.

    Parameters
    ----------
    claims
        In their order.
    searches
        By id.
    dois
        DOI by bibliography key, of the works that have one.
    """
    graph = [_review(claim, part, searches, dois) for claim in claims for part in claim.parts]
    text = {"@context": "https://schema.org", "@graph": graph}
    return json.dumps(text, ensure_ascii=False, indent=1) + "\n"


def _review(
    claim: Claim, part: Part, searches: Mapping[str, Search], dois: Mapping[str, str]
) -> dict[str, Any]:
    review: dict[str, Any] = {
        "@type": "ClaimReview",
        "@id": f"#{claim.id}{part.id}",
        "claimReviewed": part.statement,
        "reviewBody": part.verdict_reasons,
        "reviewRating": {"@type": "Rating", "alternateName": VERDICTS[part.verdict]},
        "author": {"@type": "Organization", "name": "The Hardwired authors"},
        "citation": [_work(work.key, dois) for work in part.references],
        "additionalProperty": [
            {
                "@type": "PropertyValue",
                "name": found.outcome,
                "description": found.finding or found.comparison,
                "value": CERTAINTIES[found.certainty],
                "propertyID": "certainty of the evidence",
            }
            for found in part.outcomes
        ],
    }
    if date := last_searched(part, searches):
        review["datePublished"] = date
    return review


def _work(key: str, dois: Mapping[str, str]) -> dict[str, str]:
    work = {"@type": "ScholarlyArticle", "identifier": key}
    return work | ({"sameAs": f"https://doi.org/{dois[key]}"} if key in dois else {})


def files(
    data: Path, claims: Iterable[Claim], searches: Mapping[str, Search], dois: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file of the data package.

    Parameters
    ----------
    data
        Folder of the evidence files.
    claims, searches, dois
        As for :func:`json_ld`.
    """
    claims = list(claims)
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    made = {name: csv_text(*table) for name, table in tables(claims, searches).items()}
    made["studies"] = (data / "studies.csv").read_text(encoding="utf-8")
    for name, text in made.items():
        header = next(csv.reader(io.StringIO(text)))
        package["resources"].append(_resource(name, header))
        yield f"{name}.csv", text
    for path in sorted((data / "tables").glob("*.csv")):
        yield f"tables/{path.name}", path.read_text(encoding="utf-8")
    yield "ledger.jsonld", json_ld(claims, searches, dois)
    yield "datapackage.json", json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(name: str, header: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "title": TITLES[name],
        "licenses": [{"name": "CC-BY-4.0"}],
        "schema": {
            "fields": [{"name": column, "type": "string"} for column in header],
            "missingValues": [""],
        },
    }


def csv_text(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """Return a table as CSV; what is None stays empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue()
