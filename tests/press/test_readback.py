"""The PDF of the test book, read back; each check is shown to find a planted fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from docutils import nodes

from hardwired.formulas.words import words
from hardwired.press.binding.gatherings import read, typeset_book
from hardwired.press.handout import typeset_handout
from hardwired.press.structure import book_order
from tests.press.conftest import Build
from tests.press.readback import (
    A4,
    BOOK,
    alternatives,
    fonts_outside,
    headings,
    outline,
    skipped_levels,
    tables_without_header,
    without_words,
    words_between,
    words_outside,
    wrong_floats,
    wrong_language,
    wrong_pages,
)
from tests.press.sizes import small_formulas

Plant = Callable[..., Path]


@pytest.fixture
def plant(sink: Build, tmp_path: Path) -> Plant:
    """Give a function that compiles the book with changed sources, past the gate of PDF/UA."""

    def make(**changes: Callable[[str], str]) -> Path:
        folder = tmp_path / "planted"
        for path in sink.out.rglob("*"):
            if path.is_file():
                copy = folder / path.relative_to(sink.out)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        files = {
            "words": "chapters/01-words.typ",
            "design": "template.typ",
            "ground": "base.typ",
            "blocks": "blocks.typ",
        }
        for name, change in changes.items():
            path = folder / files[name]
            before = path.read_text(encoding="utf-8")
            after = change(before)
            assert after != before
            path.write_text(after, encoding="utf-8")
        output = tmp_path / "planted.pdf"
        typeset_book(folder, read(folder), output, "a4", checked=False)
        return output

    return make


def replaced(old: str, new: str) -> Callable[[str], str]:
    """Give a change that replaces one text by another."""
    return lambda text: text.replace(old, new)


def test_the_book_builds_without_a_word(sink: Build) -> None:
    """The test book holds every element, and none of them draws a warning."""
    assert (sink.said.strip(), sink.status) == ("", 0)


def test_every_figure_and_formula_has_words(sink: Build, plant: Plant) -> None:
    """A figure or formula without alternative text is found."""
    with pikepdf.open(sink.pdf) as pdf:
        assert without_words(pdf) == []

    faulty = plant(words=lambda text: re.sub(r'#im\("[^"]*"', '#im("")'[:-1], text))
    with pikepdf.open(faulty) as pdf:
        assert "Formula without words" in without_words(pdf)


def test_headings_nest(sink: Build, plant: Plant) -> None:
    """No heading lies two levels below the one before it."""
    with pikepdf.open(sink.pdf) as pdf:
        assert skipped_levels(pdf) == []

    faulty = plant(words=replaced("#sec(2, ", "#sec(4, "))
    with pikepdf.open(faulty) as pdf:
        assert skipped_levels(pdf) != []


def test_tables_have_headers(sink: Build, plant: Plant) -> None:
    """Every table has header cells."""
    with pikepdf.open(sink.pdf) as pdf:
        assert tables_without_header(pdf) == []

    headless = plant(blocks=replaced(", head, ..parts.pos())", ", ..header, ..parts.pos())"))
    with pikepdf.open(headless) as pdf:
        assert set(tables_without_header(pdf)) == {"table without header"}


def test_the_language_is_set(sink: Build, plant: Plant) -> None:
    """A screen reader is told that the book is in British English."""
    with pikepdf.open(sink.pdf) as pdf:
        assert wrong_language(pdf, "en-GB") == []

    with pikepdf.open(plant(design=replaced('language: "en"', 'language: "de"'))) as pdf:
        assert wrong_language(pdf, "en-GB") == ["language is 'de-GB'"]


def _said_in_sources(sink: Build) -> list[str]:
    """List the words of figures and formulas in the order of the doctrees."""
    said = []
    env = sink.app.env
    for entry in book_order(env, "index"):
        tree = env.get_doctree(entry.docname)
        env.resolve_references(tree, entry.docname, sink.app.builder)
        notes = {i: n for n in tree.findall(nodes.footnote) for i in n["ids"]}
        seen: set[str] = set()

        def visit(node: nodes.Node, notes: dict = notes, seen: set = seen) -> None:
            if isinstance(node, nodes.footnote_reference) and node["refid"] not in seen:
                seen.add(node["refid"])
                for child in notes[node["refid"]].children:
                    visit(child)
            elif isinstance(node, nodes.image | nodes.math | nodes.math_block):
                said.append(node.get("alt") or words(node.astext()))
            elif isinstance(node, nodes.Element) and not isinstance(node, nodes.footnote):
                for child in node.children:
                    visit(child)

        visit(tree)
    return said


def test_reading_order_is_the_order_of_the_text(sink: Build, plant: Plant) -> None:
    """Figures that float and notes in the margin are read where the text has them."""
    expected = _said_in_sources(sink)

    with pikepdf.open(sink.pdf) as pdf:
        assert alternatives(pdf) == expected

    def moved(text: str) -> str:
        formula = re.search(r"#bm\(.*?\$\)", text)
        assert formula
        return text.replace(formula[0], "") + "\n\n" + formula[0]

    with pikepdf.open(plant(words=moved)) as pdf:
        assert alternatives(pdf) != expected


def _titles(sink: Build) -> list[tuple[int, str]]:
    listed = []
    env = sink.app.env
    for entry in book_order(env, "index"):
        for section in env.get_doctree(entry.docname).findall(nodes.section):
            depth, parent = 1, section.parent
            while isinstance(parent, nodes.section):
                depth, parent = depth + 1, parent.parent
            listed.append((depth, section.next_node(nodes.title).astext()))
    return listed


def test_bookmarks_are_the_headings_of_the_sources(sink: Build, plant: Plant) -> None:
    """The outline lists every section of every page, at its depth, with its number before it."""
    generated = [
        (1, "Contents"), (1, "Figures"), (1, "Answers to the quizzes"), (1, "Index"),
        (2, "Words, lists and links"),
    ]  # fmt: skip

    def from_pdf(path: Path) -> list[tuple[int, str]]:
        with pikepdf.open(path) as pdf:
            plain = [(depth, re.sub(r"^[\d.]+ ", "", title)) for depth, title in outline(pdf)]
        return [item for item in plain if item not in generated]

    assert from_pdf(sink.pdf) == _titles(sink)
    assert from_pdf(plant(words=replaced("[Mathematics]", "[Sums]"))) != _titles(sink)


def test_headings_in_the_structure_are_the_bookmarks(sink: Build) -> None:
    """What a listener hears as headings is what a reader sees in the outline."""
    with pikepdf.open(sink.pdf) as pdf:
        tagged = [level for level, _ in headings(pdf)]
        assert tagged == [depth for depth, _ in outline(pdf)]


def test_printed_pages_are_where_links_lead(sink: Build, plant: Plant) -> None:
    """Cross-references, the contents and the index name the page that their link opens."""
    assert wrong_pages(sink.pdf) == []

    off_by_one = replaced(
        "numbering(style, ..counter(page).at(loc))",
        "numbering(style, counter(page).at(loc).first() + 1)",
    )
    assert wrong_pages(plant(ground=off_by_one)) != []


def test_links_to_figures_lead_to_where_they_float(sink: Build, plant: Plant) -> None:
    """A figure that floats to another page takes its label along."""
    assert wrong_floats(sink.pdf) == []

    figure, section = '#xref("chapters/01-words#fig-sink"', '#xref("chapters/01-words#sink-boxes"'
    astray = plant(words=replaced(figure, section))
    assert any("Figure 1.1" in finding for finding in wrong_floats(astray))


def test_fonts_are_embedded(sink: Build) -> None:
    """Every font travels with the file; one whose file is taken away is found."""
    with pikepdf.open(sink.pdf) as pdf:
        assert fonts_outside(pdf) == []

        font = next(iter(pdf.pages[2].Resources.Font.values()))
        descriptor = font.DescendantFonts[0].FontDescriptor
        for key in ("/FontFile2", "/FontFile3"):
            if key in descriptor:
                del descriptor[key]
        assert fonts_outside(pdf) != []


def test_every_word_stands_in_its_column(sink: Build, plant: Plant) -> None:
    """No word leaves the text block and its reach by more than three points."""
    assert words_outside(sink.pdf, A4) == []
    assert words_between(sink.pdf, A4) == []

    shifted = plant(words=replaced("Text goes on here", "#move(dx: -40mm)[Text goes on here]"))
    assert words_outside(shifted, A4) != []


def test_a_word_that_strays_over_the_text_edge_is_found(plant: Plant) -> None:
    """A word that sticks out of the text alone is found."""
    crossing = replaced("Text goes on here", "#place(dx: 140mm)[unbreakable]")
    assert any("unbreakable" in finding for finding in words_between(plant(words=crossing), A4))


def test_formulas_are_large_enough_to_be_read(sink: Build, plant: Plant) -> None:
    """None under 8 points, no subscript of one under 5.5."""
    assert small_formulas(sink.pdf) == []

    small = plant(ground=replaced("= math.equation(alt: alt, it.body)", "= text(4pt, it)"))
    assert small_formulas(small) != []


def test_the_same_sources_give_the_same_bytes(
    sink: Build, build_sink: Callable[..., Build], tmp_path: Path
) -> None:
    """A second build in another place is byte-identical."""
    again = build_sink(tmp_path / "elsewhere")
    assert again.pdf.read_bytes() == sink.pdf.read_bytes()


def test_another_date_gives_other_bytes(
    sink: Build,
    build_sink: Callable[..., Build],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The date in the file is the one of the source, not of the clock."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    other = build_sink(tmp_path / "other")
    assert other.pdf.read_bytes() != sink.pdf.read_bytes()
    with pikepdf.open(other.pdf) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20231114")


def test_the_book_has_an_even_number_of_pages(sink: Build) -> None:
    """A sheet has two sides."""
    with pikepdf.open(sink.pdf) as pdf:
        assert len(pdf.pages) % 2 == 0


def test_chapters_open_on_right_hand_pages(sink: Build) -> None:
    """The bookmark of each numbered chapter leads to an odd page."""
    with pikepdf.open(sink.pdf) as pdf:
        numbers = {page.objgen: index + 1 for index, page in enumerate(pdf.pages)}
        with pdf.open_outline() as bookmarks:
            opened = [
                numbers[item.destination[0].objgen]
                for item in bookmarks.root
                if re.match(r"\d", item.title)
            ]
    assert len(opened) == 2
    assert [page % 2 for page in opened] == [1, 1]


@pytest.mark.parametrize(("paper", "width"), [("letter", 612), ("book", 535.75), ("screen", 425.2)])
def test_other_papers_have_their_size(sink: Build, paper: str, width: float) -> None:
    """`typst_paper` chooses the page and the name of the file."""
    path = sink.pdf.with_name(f"hardwired-{paper}.pdf")
    with pikepdf.open(path) as pdf:
        assert float(pdf.pages[0].mediabox[2]) == pytest.approx(width, abs=0.5)
        assert without_words(pdf) == []
    if paper == "book":
        assert words_outside(path, BOOK) == []
    assert wrong_pages(path) == []


def test_the_cover_is_two_pages_and_a_spine_wide(sink: Build) -> None:
    """The cover's width is both sides, the spine of its page count (at least 3 mm), the bleed."""
    with pikepdf.open(sink.pdf.with_name("hardwired-cover.pdf")) as pdf:
        assert float(pdf.pages[0].mediabox[2]) == pytest.approx((420 + 3 + 6) * 72 / 25.4, abs=0.1)


def test_a_handout_holds_one_chapter(sink: Build, tmp_path: Path) -> None:
    """One chapter with its own outline, and the answers to its quiz, from the book's files."""
    path, _ = typeset_handout(sink.out, "01-words", "a4", tmp_path)
    with pikepdf.open(path) as pdf:
        titles = [title for depth, title in outline(pdf) if depth == 1]
        assert titles == ["1 Words, lists and links"]
        assert outline(pdf)[-1] == (2, "Answers to the quiz")
    assert wrong_pages(path) == []
    assert words_outside(path, A4) == []
