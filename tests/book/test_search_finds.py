"""The built book's search finds a place as readers spell it, among the first three hits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.book.test_pages import HTML
from tests.waiting import until

pytestmark = [pytest.mark.needs("book"), pytest.mark.browser]

#: As somebody writes it, and the title of the place that is meant.
SPELLED = {
    "hemostasis": "haemostasis",
    "IL6": "interleukin-6",
    "Il-6": "interleukin-6",
    "interleukin 6": "interleukin-6",
    "TNF-alpha": "tumour necrosis factor",
    "TNFα": "tumour necrosis factor",
    "tumor necrosis factor": "tumour necrosis factor",
    "IFN-gamma": "interferon-gamma",
    "interferon γ": "interferon-gamma",
    "oxytocine": "oxytocin",
    "kortisol": "cortisol",
    "regresion to the mean": "regression to the mean",
    "hypotalamus": "hypothalamus",
    "inflamation": "inflammation",
    "glucocorticoide": "glucocorticoid",
    "NK cells": "natural killer cell",
    "natural killer": "natural killer cell",
    "norepinephrine": "noradrenaline",
    "epinephrine": "adrenaline",
    "eczema": "atopic dermatitis",
    "confidence intervals": "confidence interval",
    "macrophages": "macrophage",
    "sickness behavior": "sickness behaviour",
    "tumor": "tumour necrosis factor",
    "CD4": "CD4 cell",
    "claim C11": "Claim C11",
    "C10": "Claim C10",
    "Cohen 1991": "Cohen, Tyrrell and Smith (1991)",
    "Kiecolt-Glaser 1995": "Kiecolt-Glaser, Marucha, Mercado et al. (1995)",
    "dexamethason": "dexamethasone",
    "TNF alfa": "tumour necrosis factor",
    "acetyl choline": "acetylcholine",
    "heterogenity": "heterogeneity",
    "IL-8": "interleukin-8",
    "PNI": "psychoneuroimmunology",
    "leukocytes": "leucocyte",
    "vagal nerve": "vagus nerve",
    "funnelplot": "funnel plot",
    "effectsize": "effect size",
    "HPA-axis": "HPA axis",
    "C reactive protein": "C-reactive protein",
    "IL 17": "Skin with two stable states",
    "mindfullness": "mindfulness",
    "odd ratio": "odds ratio",
}


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """Return a page of a fresh browser."""
    view = browser.new_page()
    view.complaints = []
    view.on("pageerror", lambda error: view.complaints.append(str(error)))
    yield view
    view.close()


def ask(page: Any, words: str) -> str:
    """Search the book; return what the status says."""
    page.goto(f"{(HTML / 'search.html').as_uri()}?q={quote(words)}")
    until(page, "/found/i.test(document.getElementById('search-status').textContent)")
    return str(page.locator("#search-status").text_content())


@pytest.mark.parametrize("spelling", SPELLED)
def test_a_spelling_finds_its_place(page: Any, spelling: str) -> None:
    """British or American, with or without hyphen, sign or name of a letter, one letter wrong."""
    ask(page, spelling)
    titles = [link.inner_text() for link in page.locator("#search-results a").all()[:3]]

    assert any(title.startswith(SPELLED[spelling]) for title in titles), titles
    assert page.complaints == []


def test_ten_thousand_characters_are_answered_with_a_sentence(page: Any) -> None:
    """The page says what it did not look for."""
    assert "first 200 characters" in ask(page, "x" * 10_000)


def test_a_link_to_a_place_lets_the_browser_mark_the_word(page: Any) -> None:
    """A hit in running text carries the word, with what stands before it, behind its anchor."""
    ask(page, "margin of the wound")
    found = [link.get_attribute("href") for link in page.locator("#search-results a").all()]

    assert any(re.search(r"#[\w-]+:~:text=[^,]+-,\w+$", address) for address in found), found
