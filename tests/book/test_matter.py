"""Front and back matter, held on the built book: terms, index, objectives, catalogues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from hardwired import evidence, models
from hardwired.pages.directives import objectives
from hardwired.pages.directives.model_catalogue import measured, results_of
from hardwired.pages.text.book_index import directions
from hardwired.pages.text.glossary_terms import EVERYDAY, NOT_TEXT, OTHER_SENSES, glossary, pattern
from tests.book.reading import NOT_MAIN_TEXT, read
from tests.conftest import ROOT

pytestmark = pytest.mark.needs("book")

BOOK = ROOT / "book"
HTML = BOOK / "_build/html"
CHAPTERS = sorted((HTML / "chapters").glob("*.html"))
OBJECTIVES = [o for chapter in objectives.chapters(BOOK) for o in objectives.read(BOOK, chapter)]

chapters = pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)


def soup(name: str) -> BeautifulSoup:
    """Return a built page as it is read."""
    return BeautifulSoup((HTML / name).read_text(encoding="utf-8"), "html.parser")


def running_text(path: Path) -> str:
    """Return a chapter's main text with links to the glossary written as ``⟦term⟧``."""
    page = read(path)
    for title, section in page.sections().items():
        if title in NOT_TEXT:
            section.decompose()
    for node in page.article.select(f"{NOT_MAIN_TEXT}, h1, h2, h3, sub, sup, code"):
        if not node.decomposed:
            node.decompose()
    for link in page.article.select("a"):
        term = link.get("href", "").partition("glossary.html#term-")[2]
        link.replace_with(f"⟦{link.get_text()}⟧" if term else "")
    paragraphs = page.article.select("p")
    return "\n".join(p.get_text() for p in paragraphs)


@chapters
def test_the_first_use_of_a_term_on_a_page_is_a_link_to_the_glossary(path):
    """Every term of the glossary that the main text uses; everyday words are the author's."""
    terms = tuple(glossary(BOOK))
    expression, of_form = pattern(terms)
    text = running_text(path)
    first: dict[str, bool] = {}
    for match in expression.finditer(text):
        term = of_form[match.group()]
        inside = text[: match.start()].rfind("⟦") > text[: match.start()].rfind("⟧")
        linked = inside or text[: match.start()].endswith("⟦")
        other = OTHER_SENSES.get(term, ())
        if term in EVERYDAY or text[: match.start()].lower().endswith(other or "\0"):
            continue
        first.setdefault(term, linked)

    assert len(first) >= 20
    assert [term for term, linked in first.items() if not linked] == []


def test_every_term_of_the_glossary_is_linked_from_a_chapter():
    """A term that no chapter uses does not belong into the book's glossary."""
    linked = {
        a["href"].partition("#term-")[2].lower()
        for path in CHAPTERS
        for a in read(path).article.select("a[href*='glossary.html#term-']")
    }
    ids = {dt["id"].removeprefix("term-").lower() for dt in soup("back/glossary.html").select("dt")}

    assert ids - linked == set()


def index_rows() -> list[tuple[str, list[str], str]]:
    """Return each entry and sub-entry: its name, its locators, the direction that it gives."""
    rows = []
    for item in soup("genindex.html").select(".hw-index-list li"):
        below = item.find("ul")
        if below:
            below.extract()
        locators = [a.get_text().strip() for a in item.find_all("a")]
        text = " ".join(item.get_text().split())
        name = re.split(r", (?:\d|Glossary)|\. See ", text)[0]
        rows.append((name, locators, text.partition(". See ")[2]))
        if below:
            item.append(below)
    return rows


def test_the_index_has_about_400_entries():
    """Entries, sub-entries and directions, as a reader counts them."""
    assert len(index_rows()) >= 380


def test_no_entry_of_the_index_leads_to_the_glossary_alone():
    """An entry that points only to its own heading or meaning helps nobody."""
    assert [name for name, locators, _ in index_rows() if locators == ["Glossary"]] == []


def test_no_entry_of_the_index_leads_only_to_a_section_of_its_own_name():
    """The reader of the contents has found that section already."""
    headings = {}
    for path in CHAPTERS:
        for heading in read(path).article.select("h2, h3"):
            number, _, title = heading.get_text().strip().rstrip("#").partition(" ")
            headings[number.rstrip(".")] = title.strip().lower()

    only = [
        name
        for name, locators, _ in index_rows()
        if locators and all(headings.get(number) == name.lower() for number in locators)
    ]
    assert only == []


def test_every_direction_of_the_index_leads_to_an_entry():
    """What ``see`` and ``see also`` name is in the index; names may hold commas."""
    names = {name for name, locators, _ in index_rows()}
    top = [li for li in soup("genindex.html").select(".hw-index-list > li")]
    names |= {" ".join(li.find(string=True, recursive=False).split()) for li in top}
    names = {name.rstrip(",.") for name in names}
    missing = []
    for _, source, target, line in directions(BOOK / "back/index/see.yml"):
        rest = target
        while rest:
            fit = max(
                (n for n in names if rest == n or rest.startswith(f"{n}, ")), key=len, default=""
            )
            if not fit:
                missing.append(f"see.yml:{line}: {source}: {rest}")
                break
            rest = rest[len(fit) :].removeprefix(", ")
    assert missing == []


def test_every_place_of_the_index_exists():
    """A locator leads to a paragraph or to a term that stands on its page."""
    places: dict[str, set[str]] = {}
    for link in soup("genindex.html").select(".hw-index-list a"):
        page, _, anchor = link["href"].partition("#")
        places.setdefault(page, set()).add(anchor)
    lost = []
    for page, anchors in places.items():
        ids = {node["id"] for node in soup(page).find_all(id=True)}
        lost += [f"{page}#{anchor}" for anchor in anchors - ids]
    assert lost == []


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda o: f"{o.chapter}-{o.name}")
def test_every_objective_is_met_by_a_section_and_by_a_quiz_item_or_a_question(objective):
    """Sections stand in front/objectives.yml; quiz items and questions name their objectives."""
    assert objective.sections, "name its section in book/front/objectives.yml"
    assert objective.items or objective.questions


@pytest.mark.parametrize("chapter", objectives.chapters(BOOK))
def test_a_chapter_has_five_to_seven_objectives_and_an_exercise_that_names_them(chapter):
    """Nothing names an objective that the chapter does not state; the notebook trains some."""
    own = [o for o in OBJECTIVES if o.chapter == chapter]
    text, quiz, exercise, _ = objectives.sources(BOOK, chapter)
    stated = {o.name for o in own}
    named = set(re.findall(r"^ +objective: (o\d+)", quiz.read_text("utf-8"), re.MULTILINE))
    assert exercise.is_file(), f"{chapter} has no exercise yet"
    trained = objectives.trained(exercise.read_text("utf-8"))

    assert 5 <= len(own) <= 7
    assert named | set(trained) <= stated
    assert len(trained) >= 4
    assert text.is_file()


def test_the_instructors_guide_shows_every_objective_with_links_to_its_sections():
    """One table a chapter, a row an objective, and a number for each section named."""
    page = soup("front/instructors.html")
    rows = page.select(".hw-objectives tbody tr")

    assert len(rows) == len(OBJECTIVES)
    for row, objective in zip(rows, OBJECTIVES, strict=True):
        cells = row.find_all(["th", "td"])
        assert cells[0].get_text().strip().startswith(objective.name)
        assert [a.get_text() for a in cells[1].find_all("a")] != []
        assert cells[2].get_text().strip() == (", ".join(objective.items) or "–")
        assert cells[3].get_text().strip() == (", ".join(objective.questions) or "–")


def test_the_catalogue_shows_every_model_with_its_targets_measured_and_met():
    """A target counts as declared: whoever changes one measures again."""
    page = soup("back/models.html")
    stored = measured(BOOK)

    for name, model in models.catalog().items():
        entry = page.find(id=f"catalogue-{name}")
        assert entry is not None, name
        assert len(entry.select(".hw-targets tbody tr")) == len(model.targets)
        results = results_of(model, stored[name])
        assert len(stored[name]) == len(results)
        assert all(result and result["met"] for result in results), name
        shows = "Equations and table:" in entry.get_text() or entry.find("math", display="block")
        assert shows or not model.latex(), name
    assert set(stored) == set(models.catalog())


def test_the_catalogue_shows_every_table_with_columns_sources_and_licence():
    """All that the data package says, and where each source was seen."""
    page = soup("back/data.html")

    for name, info in evidence.tables().items():
        entry = page.find(id=f"table-{name}")
        assert entry is not None, name
        text = entry.get_text()
        assert "Licence:" in text
        assert text.count("(seen at ") == len(info.sources)
        assert "no record noted" not in text


def test_the_bibliography_lists_each_work_once():
    """A work that two chapters cite stands once in the whole list."""
    items = soup("back/bibliography.html").select(".hw-reference-list > li")
    texts = [item.get_text() for item in items]

    assert len(texts) >= 250
    assert len(texts) == len(set(texts))


def test_the_book_holds_40000_to_65000_words():
    """Chapters as the contract counts them, at most 7,500 words each, with 5,000 around them."""
    from tests.book.reading import main_text

    front = sorted((HTML / "front").glob("*.html"))
    pages = [*CHAPTERS, *front, HTML / "back/colophon.html", HTML / "back/errata.html"]
    words = sum(len(re.findall(r"[\w’'-]*[A-Za-z0-9][\w’'-]*", main_text(read(p)))) for p in pages)

    print(f"{words} words")
    assert words <= 65_000
    assert len(CHAPTERS) < 8 or words >= 40_000
