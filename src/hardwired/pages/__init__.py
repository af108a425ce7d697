"""The Sphinx extension of the book: what authors write, and what becomes of a page on its way.

This is the only place that connects anything to Sphinx: the tables below name every directive,
transform and listener, with its order in words. The rooms:

- ``directives``: what an author writes as ``{claim}`` or ``{model}``; one base, `base`.
- ``text``: what is done to a text whatever it is written to.
- ``web``, ``epub``: what only the pages, and only the EPUB, have.
- ``building``: what is built again, and the jobs around a build.

The PDF is made next door (`hardwired.press`), which knows nothing of this room.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection
from typing import Any

from docutils import nodes
from docutils.transforms import Transform
from sphinx.application import Sphinx

from hardwired import __version__
from hardwired.formulas.words import TABLE_NAME
from hardwired.pages.building import failing_cells, kernel, made_of, notes, stale_outputs
from hardwired.pages.directives import (
    boxes,
    claims,
    exercise,
    map_parts,
    model,
    model_catalogue,
    model_files,
    objectives,
    pathway,
    quiz,
    references,
    searches,
    second_readers,
    studies,
    table_catalogue,
    verdict_strip,
    works_by_chapter,
)
from hardwired.pages.epub import builder as epub
from hardwired.pages.text import (
    alternative_text,
    bibliography_style,
    book_index,
    formula_words,
    glossary_terms,
    mathml,
    objective_keys,
    unique_ids,
    work_letters,
)
from hardwired.pages.web import (
    captions,
    citation_cards,
    code_folds,
    code_style,
    glossary_cards,
    head,
    inline_svg,
    missing_page,
    page_assets,
    policy,
    preview,
    reading,
    search,
    table_heads,
    works_files,
)

__all__ = ["DIRECTIVES", "LISTENERS", "POST_TRANSFORMS", "ROOMS", "TRANSFORMS", "connect", "setup"]

ROOMS = ("directives", "text", "web", "epub", "building")

#: What an author writes, by its name; the author's guide shows each.
DIRECTIVES: dict[str, type] = {
    "box": boxes.Box,
    "claim": claims.ClaimCard,
    "claims": claims.Ledger,
    "exercise": exercise.ExerciseDirective,
    "ledger-data": searches.LedgerData,
    "map-parts": map_parts.MapParts,
    "margin": boxes.Margin,
    "model": model.ModelDirective,
    "models": model_catalogue.ModelsDirective,
    "models-summary": model_catalogue.SummaryDirective,
    "objectives": objectives.ObjectivesDirective,
    "pathway": pathway.Pathway,
    "quiz": quiz.QuizDirective,
    "references": references.References,
    "searches": searches.Searches,
    "second-readers": second_readers.SecondReadersDirective,
    "studies": studies.Studies,
    "tables": table_catalogue.TablesDirective,
    "verdict-strip": verdict_strip.VerdictStrip,
    "verdicts": searches.Verdicts,
    "works-by-chapter": works_by_chapter.WorksByChapter,
}
ROLES: dict[str, Callable[..., Any]] = {"searched": searches.Searched()}

#: Places that are filled when all pages have been read, and are gone before anything is written.
PLACES: tuple[type[nodes.Element], ...] = (
    claims.chapter_link,
    model_catalogue.model_place,
    model_files.model_file,
    objectives.section_link,
    works_by_chapter.works_place,
)

#: While a page is read; the first of two at one moment goes first.
TRANSFORMS: tuple[tuple[str, type[Transform]], ...] = (
    ("after smart quotes", glossary_terms.FirstUses),
    ("after smart quotes", objective_keys.WithoutKeys),
    ("before the domains collect, after terms are linked", book_index.CollectIndex),
)

#: When a page is written.
POST_TRANSFORMS: tuple[tuple[str, type[Transform]], ...] = (
    ("before references are resolved", claims.FinishLedger),
    ("before references are resolved", epub.WithoutScripts),
    ("before references are resolved", model.MediumOfCaption),
    ("before references are resolved", model_catalogue.PlaceModels),
    ("before references are resolved", model_files.PlaceFiles),
    ("before references are resolved", objectives.LinkSections),
    ("after bibliographies are filled", references.PlainReferenceList),
    ("after bibliographies are plain lists", works_by_chapter.FillWorks),
    ("after references are resolved", citation_cards.CitationCards),
    ("after references are resolved", formula_words.SayFormulas),
    ("after the theme has wrapped tables and formulas", unique_ids.UniqueIds),
)

#: The moments of the two tables above, as docutils counts them.
MOMENTS = {
    "after smart quotes": 800,  # smart quotes 750
    "before the domains collect, after terms are linked": 830,  # domains 850
    "before references are resolved": 8,  # references 10
    "after bibliographies are filled": 10,  # sphinxcontrib-bibtex 5
    "after bibliographies are plain lists": 12,
    "after references are resolved": 20,
    "after the theme has wrapped tables and formulas": 510,  # furo 500
}

#: Event, order and function, in the order in which they happen.
LISTENERS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("config-inited", "among others", epub.describe),
    ("config-inited", "among others", policy.use),
    ("builder-inited", "first", code_style.set_dark_style),
    ("builder-inited", "among others", kernel.own_profile),
    ("builder-inited", "among others", work_letters.give_letters),
    ("builder-inited", "among others", search.replace),
    # What is read again, and what is forgotten before it is.
    ("env-get-outdated", "among others", glossary_terms.read_again),
    ("env-get-outdated", "among others", stale_outputs.outdated),
    ("env-purge-doc", "among others", notes.forget),
    # A page has been read.
    ("doctree-read", "among others", alternative_text.check),
    ("doctree-read", "among others", formula_words.depend_on_table),
    ("doctree-read", "among others", model_catalogue.note_shown),
    ("doctree-read", "after others", book_index.put_into_contents),
    ("env-merge-info", "among others", notes.merge),
    # All pages have been read.
    ("env-updated", "among others", failing_cells.report),
    ("env-updated", "among others", stale_outputs.gathered),
    # A page is about to be written: its words are taken before pictures and lines go in.
    ("doctree-resolved", "before others", search.note),
    ("doctree-resolved", "among others", inline_svg.put_in),
    ("doctree-resolved", "among others", reading.add_line),
    ("html-collect-pages", "among others", missing_page.pages),
    ("html-collect-pages", "among others", search.pages),
    ("html-page-context", "among others", book_index.give_locators),
    ("html-page-context", "among others", missing_page.start_from_the_book),
    ("html-page-context", "among others", reading.add_citation),
    ("html-page-context", "among others", works_files.offer),
    ("html-page-context", "among others", head.tell),
    ("html-page-context", "last", page_assets.keep_known_assets),
    # All pages have been written; what we write ourselves comes after the sweep.
    ("build-finished", "among others", exercise.write_notebooks),
    ("build-finished", "among others", searches.write_data),
    ("build-finished", "among others", works_files.write),
    ("build-finished", "last", page_assets.remove_unused_files),
    ("build-finished", "last", page_assets.ship_licence),
    ("build-finished", "last", preview.write),
    ("build-finished", "last", glossary_cards.write),
    ("build-finished", "last", search.write),
)

#: The orders above as Sphinx counts them; at one order the table's own order holds.
ORDERS = {
    "first": 0,
    "before others": 400,
    "among others": 500,
    "after others": 900,
    "last": 10_000,
}


def connect(app: Sphinx, rooms: Collection[str] = ROOMS) -> None:
    """Connect what the named rooms have."""

    def ours(thing: object) -> bool:
        module = getattr(thing, "__module__", "")
        return module.removeprefix(f"{__name__}.").partition(".")[0] in rooms

    for name, directive in DIRECTIVES.items():
        if ours(directive):
            app.add_directive(name, directive, override=True)
    for name, role in ROLES.items():
        if ours(type(role)):
            app.add_role(name, role)
    for place in filter(ours, PLACES):
        app.add_node(place)
    for moment, transform in TRANSFORMS:
        if ours(transform):
            transform.default_priority = MOMENTS[moment]
            app.add_transform(transform)
    for moment, transform in POST_TRANSFORMS:
        if ours(transform):
            transform.default_priority = MOMENTS[moment]
            app.add_post_transform(transform)
    for event, order, listener in LISTENERS:
        if ours(listener):
            app.connect(event, listener, priority=ORDERS[order])


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the book's pages, and the press beside them.

    Reading and writing run in parallel: what is noted of a page is kept by `building.notes`.
    Garbage is looked for seldom: a page is a million objects that live as long as the build, and
    walking them took more than half of its time.
    """
    gc.set_threshold(100_000, 20, 100)
    app.setup_extension("myst_nb")
    app.setup_extension("sphinxcontrib.bibtex")
    app.setup_extension("sphinx.builders.epub3")
    app.setup_extension("hardwired.press")
    # Jupyter Book sets this for an extension that the book does not use.
    app.add_config_value("comments_config", {}, "")
    app.add_config_value("hardwired_formula_words", TABLE_NAME, "html")
    app.add_builder(epub.AccessibleEpubBuilder, override=True)
    app.add_html_math_renderer("mathml", *mathml.RENDERER)
    app.add_node(nodes.title, override=True, html=(captions.visit_title, captions.depart_title))
    app.add_node(nodes.entry, override=True, html=(table_heads.visit, table_heads.depart))
    folds = (code_folds.visit, code_folds.depart)
    app.add_node(code_folds.NODE, override=True, html=folds)
    bibliography_style.register()
    connect(app)
    return {
        "version": __version__,
        "env_version": made_of.common(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
