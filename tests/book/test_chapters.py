"""The chapter contract of CONTRIBUTING, held on the built pages."""

import re

import pytest

from hardwired import evidence
from tests.book.reading import main_text, read
from tests.conftest import ROOT

pytestmark = pytest.mark.needs("book")

CHAPTERS = sorted((ROOT / "book/_build/html/chapters").glob("*.html"))
SOURCES = sorted((ROOT / "book/chapters").glob("*.md"))

EXERCISES = sorted(path.parent.name for path in (ROOT / "exercises").glob("*/exercise.md"))

chapters = pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)


def test_every_chapter_source_has_a_page():
    """A chapter that stands in the folder stands in the book."""
    assert [p.stem for p in CHAPTERS] == [p.stem for p in SOURCES]


@chapters
def test_main_text_has_4500_to_7500_words(path):
    """Parts 1 to 9 as a reader sees them, without code, tables, captions, quiz and references."""
    words = len(re.findall(r"[\w’'-]*[A-Za-z0-9][\w’'-]*", main_text(read(path))))

    print(f"{path.stem}: {words} words")
    assert 4500 <= words <= 7500


@chapters
def test_at_least_25_references_are_listed_and_each_is_cited(path):
    """As many as sentences need, and each stands in the list because a sentence needs it."""
    page = read(path)
    listed = {item["id"] for item in page.article.select(".hw-reference-list > li")}
    cited = {a["href"].removeprefix("#") for a in page.article.select(".bibtex-citation a")}

    print(f"{path.stem}: {len(listed)} references")
    assert len(listed) >= 25
    assert listed <= cited


@chapters
def test_at_least_six_figures_each_with_caption_and_alternative_text(path):
    """What a figure shows is said in words too."""
    figures = read(path).article.select("figure")

    assert len(figures) >= 6
    for figure in figures:
        caption = figure.find("figcaption")
        assert caption is not None
        assert caption.get_text().strip(), figure.get("id")
        picture = figure.select_one("img, svg, [role=img]")
        words = picture.get("alt") or picture.get("aria-label")
        if picture.get("aria-labelledby"):
            words = figure.find(id=picture["aria-labelledby"]).get_text()
        assert words, figure.get("id")
        assert len(words) >= 40, figure.get("id")


@chapters
def test_parts_stand_in_the_order_of_the_contract(path):
    """A reader knows where they are: the same parts in every chapter."""
    titles = list(read(path).sections())
    wanted = [
        "objectives",
        "biology",
        "how it works",
        "studies",
        "model",
        "claims",
        "mistakes",
        "summary",
        "key terms",
        "check yourself",
        "exercise",
        "further reading",
        "references",
    ]
    places = []
    for word in wanted:
        matching = [n for n, title in enumerate(titles) if word in title]
        assert matching, f"no section with '{word}' among {titles}"
        places.append(matching[0])

    assert places == sorted(places)


@chapters
def test_chapter_has_boxes_claims_and_a_quiz(path):
    """3 to 6 boxes, a card for each claim that is the chapter's, ten quiz items."""
    article = read(path).article
    claims = [claim.id for claim in evidence.claims().values() if claim.chapter == path.stem]

    assert 3 <= len(article.select(".hw-box")) <= 6
    assert claims
    assert len(article.select(".hw-claim")) == len(claims)
    assert len(article.select(".hw-quiz-item")) == 10


@pytest.mark.parametrize("slug", EXERCISES)
def test_student_notebook_is_offered_and_holds_no_solution(slug):
    """The page of the chapter links to a notebook with the markers and without the answers."""
    path = ROOT / f"book/_build/html/chapters/{slug}.html"
    article = read(path).article

    links = [a["href"] for a in article.select(".hw-exercise a[href$='.ipynb']")]
    assert links
    notebook = (path.parent / links[0]).read_text(encoding="utf-8")
    assert "BEGIN SOLUTION" not in notebook
    assert "YOUR CODE HERE" in notebook


@pytest.mark.parametrize(
    "path", [*SOURCES, *sorted((ROOT / "book").glob("*.md"))], ids=lambda p: p.stem
)
def test_prose_stands_one_sentence_a_line(path):
    """A line of prose that ends one sentence does not begin another."""
    inside_code = False
    offenders = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.lstrip().startswith(("```", "~~~")):
            inside_code = not inside_code
        if inside_code or line.lstrip().startswith(("|", "-", ":", "#")):
            continue
        plain = re.sub(r"`[^`]*`|\([^)]*\)|\b(?:et al|v|vs|e\.g|i\.e|cf|Fig|Dr|St)\.", "", line)
        if re.search(r"[a-z)][.?] [A-Z][a-z]+ [a-z]", plain):
            offenders.append(f"{path.name}:{number}: {line[:80]}")

    assert offenders == []


#: What only somebody with sliders can do.
INVITES = re.compile(
    r"\b(?:sliders?|move|raise|lower|halve|double|set the|start (?:with|from)|find a setting)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_a_models_caption_is_true_on_paper_and_the_invitation_stands_apart(path):
    """What a reader may do with sliders stands in ``:try:``, which only the web page shows."""
    blocks = re.findall(r"^:::\{model\} (\S+)\n(.*?)^:::$", path.read_text("utf-8"), re.M | re.S)

    assert blocks
    for name, body in blocks:
        options, _, caption = body.partition("\n\n")
        assert caption.strip(), name
        assert not INVITES.search(caption), (name, INVITES.search(caption))
        for line in options.splitlines():
            if line.startswith(":try:"):
                assert ":parameters:" in options, name
