"""The words and columns that the evidence files may use.

`data/README.md` says the same for people who fill the files. No reading and no checking here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CHAPTERS = (
    "01-hardwired",
    "02-sickness",
    "03-skin",
    "04-relaxation",
    "05-wounds",
    "06-appetite",
    "07-hiv",
    "08-balance",
)

CLAIM_CHAPTERS = {
    "C1": "01-hardwired",
    "C2": "01-hardwired",
    "C3": "02-sickness",
    "C4": "02-sickness",
    "C5": "03-skin",
    "C6": "03-skin",
    "C7": "04-relaxation",
    "C8": "04-relaxation",
    "C9": "04-relaxation",
    "C10": "04-relaxation",
    "C11": "05-wounds",
    "C12": "05-wounds",
    "C13": "05-wounds",
    "C14": "05-wounds",
    "C15": "06-appetite",
    "C16": "06-appetite",
    "C17": "06-appetite",
    "C18": "06-appetite",
    "C19": "07-hiv",
    "C20": "07-hiv",
    "C21": "07-hiv",
    "C22": "08-balance",
}
"""The article's 22 claims and the chapter that weighs each."""

VERDICTS = {
    "supported": "Supported",
    "supported-with-limits": "Supported, with limits",
    "oversimplified": "Oversimplified",
    "contested": "Contested",
    "not-shown": "Not shown",
    "incorrect": "Incorrect",
}
CERTAINTIES = {"high": "High", "moderate": "Moderate", "low": "Low", "very-low": "Very low"}
CERTAINTY_LEVELS = {name: 4 - place for place, name in enumerate(CERTAINTIES)}
STARTS = {"high": "randomised or experiment", "low": "observed"}
"""Where the certainty of an outcome starts, and the kind of evidence that starts there."""

LOWERING_REASONS = {
    "risk-of-bias": "Risk of bias",
    "inconsistency": "Inconsistency",
    "indirectness": "Indirectness",
    "imprecision": "Imprecision",
    "publication-bias": "Publication bias",
}
RAISING_REASONS = {"large-effect": "Large effect", "dose-response": "Dose and response"}
CERTAINTY_REASONS = LOWERING_REASONS | RAISING_REASONS
ROLES = {"for": "For", "against": "Against", "qualifies": "Qualifies"}
OUTCOMES = {
    "human": "the claim's own outcome, in people",
    "human-mechanism": "a step on the way, in people",
    "animal": "in animals",
    "cell": "in cells",
    "context": "background",
}
TEACHER_WORDS = (60, 120)

DESIGNS = (
    "rct",
    "crossover",
    "experiment",
    "quasi-experiment",
    "case-control",
    "cohort",
    "cross-sectional",
    "case-series",
    "meta-analysis",
    "systematic-review",
    "surveillance",
    "diagnostic",
    "pharmacokinetic",
    "other",
)
SUBJECTS = ("people", "animals", "cells")
DIRECTIONS = ("higher", "lower", "none", "mixed", "not-applicable")
ORIGINS = ("printed", "computed")
CONTRASTS = ("between", "within", "association", "pooled", "single")
"""What a result compares: arms or groups; before and after in one arm; a degree of exposure with
the outcome; what a synthesis pooled; nothing (a single group)."""

ADJUSTMENTS = ("crude", "adjusted")
PRIMARY = ("yes", "no", "unknown")
OBSERVED = ("cohort", "case-control", "cross-sectional", "case-series", "surveillance")
"""Designs in which nothing was assigned, so that certainty starts low."""

TRIALS = ("rct", "crossover")
"""Designs whose primary outcome must be named, or be said to be unknown."""

SPREADS = ("sd", "se")

RATIO_SCALES = ("odds-ratio", "risk-ratio", "hazard-ratio", "rate-ratio")
"""Scales whose intervals are symmetric after taking logarithms, and whose null is 1."""

DIFFERENCE_SCALES = ("mean-difference", "d", "g", "smd", "slope", "risk-difference")
"""Scales whose intervals are symmetric as they stand, and whose null is 0."""

DIRECTION_ONLY = "direction-only"
"""The scale of a result printed in words alone: no value, no limits, unit `none`."""

SCALES = {
    "mean": "mean",
    "median": "median",
    "proportion": "proportion",
    "rate": "rate",
    "count": "count",
    "mean-difference": "mean difference",
    "median-difference": "difference of medians",
    "percent-change": "change",
    "ratio-of-means": "ratio of means",
    "ratio-of-medians": "ratio of medians",
    "d": "d",
    "g": "g",
    "smd": "standardised difference",
    "r": "r",
    "beta": "beta",
    "slope": "slope",
    "auc": "area under the curve",
    "eta2": "partial eta squared",
    "odds-ratio": "odds ratio",
    "risk-ratio": "risk ratio",
    "hazard-ratio": "hazard ratio",
    "rate-ratio": "rate ratio",
    "risk-difference": "risk difference",
    "number-needed-to-treat": "number needed to treat",
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "time": "time",
    "concentration": "concentration",
    "test-statistic": "test statistic",
    DIRECTION_ONLY: "direction only",
}
"""Kinds of measure, and the words a table shows for them."""

LICENCES = ("facts", "CC0-1.0", "CC-BY-4.0", "CC-BY-3.0", "CC-BY-2.0", "MIT")
TABLE_TYPES = ("string", "integer", "number", "boolean", "year", "date")
OWN_FIELDS = frozenset(
    {"note", "keywords", "urldate", "ids", "langid", "eprinttype", "eprintclass"}
)
"""Bib fields that are ours to write and need not have been seen in a record."""

FIELD_NAMES = {"author": "authors", "editor": "editors"}
"""Bib field to its word in the `fields_seen` column, where they differ."""

SEEN_WORDS = frozenset(
    [
        "title",
        "authors",
        "editors",
        "year",
        "month",
        "journal",
        "volume",
        "number",
        "pages",
        "doi",
        "publisher",
        "booktitle",
        "url",
        "institution",
        "edition",
        "chapter",
        "address",
        "howpublished",
        "series",
        "school",
        "isbn",
        "issn",
        "eprint",
        "type",
        "organization",
    ]
)

KEY = re.compile(r"[a-z]+(?:18|19|20)\d\d[a-z0-9]+")
"""A bibliography key: first author, year, word."""

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}]+")
USE = re.compile(r"(table|figure|exercise) (0[1-8]-[a-z]+)")
SEARCH_ID = re.compile(r"(?:c[1-9]\d?|ch0[1-8])(?:-[a-z0-9]+)+")
"""Id of a row of `searches.csv`: its claim or chapter, then a word or two."""

REVIEW_ID = re.compile(r"(?:s12|s34|s56|s78|rd|pr|in|st|se|co)(?:-[A-Za-z0-9]+)+")
"""Id of a row of `reviews.csv`: its review, then its place."""

ANSWERS = ("accepted", "refused", "open")
MOST_AUTHORS = 20
"""As many authors are named before a list may end in `and others`."""

P_VALUE = re.compile(r"([<>])?(0?\.\d+|\d(?:\.\d+)?e-\d+|0|1(?:\.0+)?)")
NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?")


@dataclass(frozen=True)
class Column:
    """One column of a CSV file.

    Parameters
    ----------
    name
        Header cell.
    kind
        ``text``, ``key``, ``integer``, ``number``, ``p`` or ``date``.
    must
        Whether an empty cell is a fault.
    choices
        Allowed words, or empty for any.
    """

    name: str
    kind: str = "text"
    must: bool = False
    choices: tuple[str, ...] = ()


STUDY_COLUMNS = (
    Column("id", must=True),
    Column("reference", "key", must=True),
    Column("chapter", must=True, choices=CHAPTERS),
    Column("topic", must=True),
    Column("design", must=True, choices=DESIGNS),
    Column("subjects", must=True, choices=SUBJECTS),
    Column("population", must=True),
    Column("n_total", "integer"),
    Column("n_a", "integer"),
    Column("n_b", "integer"),
    Column("k", "integer"),
    Column("comparison", must=True),
    Column("contrast", must=True, choices=CONTRASTS),
    Column("adjusted", choices=ADJUSTMENTS),
    Column("primary", choices=PRIMARY),
    Column("cohort"),
    Column("outcome", must=True),
    Column("scale", must=True, choices=tuple(SCALES)),
    Column("value", "number"),
    Column("low", "number"),
    Column("high", "number"),
    Column("level", "number"),
    Column("p", "p"),
    Column("unit", must=True),
    Column("direction", must=True, choices=DIRECTIONS),
    Column("mean_a", "number"),
    Column("mean_b", "number"),
    Column("spread_a", "number"),
    Column("spread_b", "number"),
    Column("spread_kind", choices=SPREADS),
    Column("mean_unit"),
    Column("events_a", "integer"),
    Column("events_b", "integer"),
    Column("q", "number"),
    Column("i2", "number"),
    Column("origin", must=True, choices=ORIGINS),
    Column("certainty", must=True),
    Column("remarks"),
    Column("exception"),
    Column("used_in", must=True),
)

READ = ("record", "abstract", "part", "full text")
"""How much of a work was read, at the least; `record`: only its entry in a list of works."""

PROVENANCE_COLUMNS = (
    Column("key", "key", must=True),
    Column("record_title", must=True),
    Column("record_author", must=True),
    Column("address", must=True),
    Column("fields_seen", must=True),
    Column("read", must=True, choices=READ),
    Column("date", "date", must=True),
    Column("corrections", must=True),
)

SEARCH_COLUMNS = (
    Column("id", must=True),
    Column("date", "date", must=True),
    Column("claim"),
    Column("question", must=True),
    Column("terms", must=True),
    Column("where", must=True),
    Column("seen", "integer", must=True),
    Column("taken"),
    Column("left_out"),
    Column("remarks"),
)

REVIEW_COLUMNS = (
    Column("id", must=True),
    Column("review", must=True),
    Column("place", must=True),
    Column("point", must=True),
    Column("answer", must=True, choices=ANSWERS),
    Column("where"),
    Column("record"),
)

ABSENCE_COLUMNS = (
    Column("id", must=True),
    Column("file", must=True),
    Column("words", must=True),
    Column("reason", must=True),
)
