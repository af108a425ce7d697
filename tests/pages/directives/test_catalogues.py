"""The catalogues of models and tables, the second readers' count, the works of a chapter."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from hardwired import evidence, models
from hardwired.pages.directives import model_catalogue, second_readers, table_catalogue
from tests.conftest import ROOT

BIBLIOGRAPHY = "\n```{bibliography}\n:filter: docname in docnames\n```\n"


def measurements(**changed) -> str:
    """Return the stored measurements of the repository, one model's changed."""
    stored = model_catalogue.measured(ROOT / "book") | changed
    return json.dumps(stored)


def test_a_model_that_no_chapter_shows_has_its_equations_in_the_catalogue(build):
    """Kind, paper, equations, parameters with their status, targets with what was measured."""
    text = f"# Models\n\n## Wounds\n\n:::{{models}} wounds\n:::\n{BIBLIOGRAPHY}"
    built = build(files={model_catalogue.MEASURED: measurements()}, index=text)

    entry = built.page().get_element_by_id("catalogue-wounds-margin")
    rows = entry.xpath(".//table//tbody/tr")
    model = models.catalog()["wounds-margin"]
    assert len(rows) == len(model.targets)
    cells = [cell.text_content().strip() for cell in rows[0].xpath("th | td")]
    assert cells == [
        "time to closure, controls",
        "39.3\u00a0days ± 0.1",
        "39.3",
        "calibrated",
        "yes",
    ]
    assert "Ordinary differential equations." in entry.text_content()
    assert "What it leaves out:" in entry.text_content()
    assert entry.xpath(".//a[text()='wounds-margin.xml']/@href") == ["models/wounds-margin.xml"]
    assert (built.folder / "models/wounds-margin.xml").read_text() == model.to_sbml()
    assert entry.xpath(".//*[contains(@class, 'math')]")


def test_a_target_that_was_not_measured_as_declared_stops_the_page(build):
    """Whoever changes a target measures again; the message has the command."""
    text = "# Models\n\n## Wounds\n\n:::{models} wounds\n:::\n"
    changed = {"wounds-margin": []}

    built = build(files={model_catalogue.MEASURED: measurements(**changed)}, index=text)

    assert "of wounds-margin was not measured as it is declared" in built.warnings
    assert model_catalogue.MEASURE in built.warnings


def test_a_table_is_listed_with_columns_sources_and_licence(build):
    """All parts of the data package's description."""
    text = f"# Data\n\n## Wounds\n\n:::{{tables}} 05-wounds\n:::\n{BIBLIOGRAPHY}"
    built = build(index=text)

    info = evidence.tables()["wounds-correlations"]
    entry = built.page().get_element_by_id("table-wounds-correlations").text_content()
    for field in info.fields:
        assert field.title in entry
    assert entry.count("(seen at ") == len(info.sources)
    assert "facts, re-typed from print" in entry
    assert built.warnings == ""


def test_a_source_says_where_and_when_its_record_was_seen():
    """Hosts without www, once each, and the date; a retraction is named."""
    row = evidence.provenance()["ader1975behaviorally"]

    said = table_catalogue.seen_at("ader1975behaviorally")
    assert said.startswith("pubmed.ncbi.nlm.nih.gov, ")
    assert said.endswith(row["date"])
    assert "retracted" in table_catalogue.seen_at("wang2023impact")


def test_a_sheet_is_counted_by_verdict(tmp_path):
    """Rows without a verdict do not count."""
    sheet = tmp_path / "05-wounds.csv"
    sheet.write_text(
        "number,sentence,hash,verdict,after,note\n0,a,1,overstated,mended,x\n1,b,2,supported,,\n"
        "2,c,3,,,\n",
        encoding="utf-8",
    )

    assert second_readers.count(sheet) == (Counter(overstated=1, supported=1), 1)


@pytest.mark.parametrize("directive", ["{models} nowhere", "{tables} 09-nowhere"])
def test_an_unknown_chapter_is_refused_with_those_there_are(build, directive):
    """One line that names the choice."""
    built = build(index=f"# Root\n\n:::{directive}\n:::\n")

    assert "write one of" in built.warnings


def test_the_works_of_a_chapter_link_to_the_list_of_the_page(build):
    """Few words a work; a chapter's name leads to the chapter."""
    built = build(
        **{
            "index": "# Root\n\n```{toctree}\nchapters/05-one\nback/works\n```\n",
            "chapters/05-one": "# One\n\n{cite:p}`walburn2009psychological,ader1975behaviorally`\n",
            "back/works": "# Works\n\n:::{works-by-chapter}\n:::\n\n```{bibliography}\n"
            ":filter: docname in docnames or docnames\n```\n",
        }
    )

    page = built.page("back/works")
    assert page.xpath("//dl//dt/a/text()") == ["5 One: 2 works"]
    links = page.xpath("//dl//dd//a")
    assert [a.text_content() for a in links] == ["Ader and Cohen 1975", "Walburn et al. 2009"]
    for link in links:
        assert page.get_element_by_id(link.get("href").removeprefix("#")) is not None


def test_a_target_whose_words_were_mended_keeps_its_measurement():
    """Kind, value and tolerance say which number was measured; among alike ones, the words do."""
    model = models.catalog()["wounds-margin"]
    stored = model_catalogue.measured(ROOT / "book")["wounds-margin"]
    mended = [{**result, "what": f"now: {result['what']}"} for result in reversed(stored)]

    as_declared = model_catalogue.results_of(model, list(reversed(stored)))
    assert [result["what"] for result in as_declared] == [t.what for t in model.targets]
    assert None not in model_catalogue.results_of(model, mended)
    assert model_catalogue.results_of(model, stored[1:])[0] is None
