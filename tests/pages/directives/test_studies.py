"""The table of studies: numbered, headed, cited, and honest about mistakes."""

import re

import pytest
from docutils import nodes

from hardwired import evidence
from hardwired.evidence.csv_rows import Row
from hardwired.evidence.schema import STUDY_COLUMNS
from hardwired.pages.directives import studies

PAGE = """# Wounds

See {numref}`tab-delay`.

:::{studies} 05-wounds
:where: topic == "delay"
:name: tab-delay

Distress and the time to heal, after {cite:t}`walburn2009psychological`.
:::

:::{studies} 05-wounds
:columns: study people effect p
:where: id == "kiecolt1995-days"
:::

```{references}
```
"""


@pytest.fixture(scope="module")
def tables(build):
    """Build a page with two tables."""
    return build(index=PAGE)


def row(**cells):
    """Return a row with these cells and no others."""
    blank = {column.name: "" for column in STUDY_COLUMNS}
    return Row(2, blank | {"unit": "1"} | cells)


def test_the_build_has_no_warning(tables):
    """Every study's work is in the bibliography."""
    assert tables.warnings == ""


def test_a_table_has_the_rows_that_the_query_selects(tables):
    """In the order of the file, one row a result."""
    table = next(iter(tables.doctree().findall(nodes.table)))
    body = next(iter(table.findall(nodes.tbody)))
    wanted = evidence.studies("05-wounds", topic="delay")

    assert len(body.children) == len(wanted)
    cited = [n.rawsource for n in body.findall(nodes.inline) if "bibtex-citation" in n["classes"]]
    assert cited == list(wanted["reference"])


def test_a_table_is_numbered_and_captioned(tables):
    """The caption may cite; numref gives the number."""
    page = tables.page()
    caption = page.xpath("//table[@id='tab-delay']/caption")[0].text_content()

    assert caption.startswith("Table 1 Distress and the time to heal, after Walburn et al.")
    assert page.xpath("//p/a[@href='#tab-delay']")[0].text_content() == "Table 1"


def test_header_row_and_first_column_are_marked(tables):
    """A screen reader can say to which study and column a cell belongs."""
    table = tables.page().xpath("//table[@id='tab-delay']")[0]

    headings = [" ".join(th.text_content().split()) for th in table.xpath("./thead/tr/th")]
    assert headings == [
        "Study",
        "Design",
        "n",
        "Comparison",
        "Outcome",
        "Effect (95 % interval)",
        "How sure",
    ]
    assert all(line.xpath("./*")[0].tag == "th" for line in table.xpath("./tbody/tr"))


def test_the_carers_stand_in_the_table_as_printed(tables):
    """9.4 days (0.8 to 18.0) in 26 people, p 0.034."""
    line = tables.page().xpath("(//table)[2]/tbody/tr")[0]

    assert [" ".join(cell.text_content().split()) for cell in line.xpath("./td")] == [
        "26 (13 v 13)",
        "mean difference 9.4 days (0.8 to 18.0)",
        "0.034",
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"scale": "r", "value": "-0.42", "low": "-0.51", "high": "-0.32", "level": "0.95"},
         "r \u22120.42 (\u22120.51 to \u22120.32)"),
        ({"scale": "odds-ratio", "value": "3.57"}, "odds ratio 3.57"),
        ({"scale": "risk-difference", "value": "-0.9", "unit": "%", "low": "-2.1", "high": "0.3",
          "level": "0.956"}, "risk difference \u22120.9\u00a0% (95.6 % interval \u22122.1 to 0.3)"),
        ({"scale": "mean-difference", "value": "1", "unit": "day"}, "mean difference 1\u00a0day"),
        ({"scale": "median", "value": "7", "unit": "day"}, "median 7\u00a0days"),
    ],
)  # fmt: skip
def test_effects_are_set_as_print_sets_them(cells, expected):
    """True minus, units with a fixed space, plural days, and levels other than 95 % said."""
    assert studies.effect_words(row(**cells)) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"n_total": "26", "n_a": "13", "n_b": "13"}, "26 (13 v 13)"),
        ({"n_total": "24"}, "24"),
        ({"k": "11"}, "11 studies"),
        ({"n_total": "4060", "k": "56"}, "4,060, 56 studies"),
        ({"n_a": "8", "n_b": "12"}, "8 v 12"),
        ({}, "\u2013"),
    ],
)
def test_people_are_counted_in_words(cells, expected):
    """Total, groups and studies, whichever are known."""
    assert studies.people_words(row(**cells)) == expected


def test_who_was_studied_stands_with_the_number_where_one_is_known():
    """An animal is not taken for a person, and an unknown number leaves no dash behind."""
    assert studies.who_words(row(population="rats given leptin", n_total="9")) == (
        "rats given leptin; n\u00a0=\u00a09"
    )
    assert studies.who_words(row(population="mice without leptin")) == "mice without leptin"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (":where: topic == 'nothing'", r"no study answers .*; loosen the query"),
        (":where: colour == 1", r"the query 'colour == 1' cannot be read \(.*colour"),
        (":where: topic ==", r"the query 'topic ==' cannot be read"),
        (":columns: study colour", r"studies have no column 'colour'; use some of study"),
    ],
)
def test_a_mistake_is_said_with_file_and_line(build, options, expected):
    """With warnings as errors each of them stops the build."""
    page = f"# A\n\n:::{{studies}} 05-wounds\n{options}\n:::\n"

    assert re.search(r"index.md:3: ERROR: .*" + expected, build(index=page).warnings)


def test_an_unknown_chapter_is_said_with_file_and_line(build):
    """The message lists the chapters."""
    warnings = build(index="# A\n\n:::{studies} 09-end\n:::\n").warnings

    assert re.search(r"index.md:3: ERROR: .*unknown chapter '09-end'; use one of 01-har", warnings)


def test_no_id_stands_twice_on_a_page_with_tables(tables):
    """Not even where the theme wraps a table in a container that scrolls."""
    ids = tables.page().xpath("//@id")

    assert "tab-delay" in ids
    assert sorted(set(ids)) == sorted(ids)


def result(name, **cells):
    """Return a row of studies with some cells."""
    empty = {column.name: "" for column in STUDY_COLUMNS}
    return Row(2, empty | {"id": name, "reference": "doe2001carers", "outcome": name} | cells)


def test_the_primary_outcome_of_a_trial_comes_first_in_its_places():
    """Rows of other works stay where they are."""
    other = result("other", reference="roe2003other", primary="yes")
    rows = [result("mood"), other, result("wound", primary="yes"), result("sleep")]

    assert [row["id"] for row in studies.primary_first(rows)] == ["wound", "other", "mood", "sleep"]
    assert studies.outcome_words(rows[2]) == "wound (primary outcome)"
    assert studies.outcome_words(rows[0]) == "mood"


@pytest.mark.parametrize(
    ("cells", "columns", "mixed", "words"),
    [
        ({"contrast": "within"}, ["effect"], False, ", before and after"),
        ({"contrast": "within"}, ["comparison", "effect"], False, ""),
        ({"contrast": "between", "adjusted": "crude"}, ["effect"], True, ", crude"),
        ({"contrast": "between", "adjusted": "crude"}, ["effect"], False, ""),
        ({"contrast": "within", "adjusted": "adjusted"}, [], True, ", before and after, adjusted"),
    ],
)
def test_a_number_says_what_it_is_no_plain_difference_of(cells, columns, mixed, words):
    """Change within an arm where nothing else says so; adjusted and crude where both stand."""
    assert studies.contrast_words(result("a", **cells), columns, mixed) == words
