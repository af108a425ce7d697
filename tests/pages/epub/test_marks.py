"""What a page tells a reading system, and how the contents name the parts of the book."""

from __future__ import annotations

from hardwired.pages.epub.marks import marked
from hardwired.pages.epub.navigation import landmarks, numbered

WIDE = (
    '<table class="docutils" id="t"><thead><tr><th><p>Study</p></th><th><p>n</p></th>'
    "<th><p>What &amp; how</p></th><th><p>Effect</p></th></tr></thead>"
    "<tbody><tr><th><p>A</p></th><td><p>26</p></td><td>c</td><td>d</td></tr></tbody></table>"
)


def test_options_of_a_quiz_have_the_letters_that_answers_speak_of() -> None:
    """The list says its kind in its markup, once; a list of numbers stays one."""
    lettered = '<ol class="loweralpha simple hw-quiz-options"><li>x</li></ol>'
    counted = '<ol class="arabic"><li>x</li></ol>'

    assert marked(lettered).startswith('<ol type="a" class="loweralpha')
    assert marked(marked(lettered)) == marked(lettered)
    assert marked(counted) == counted


def test_each_cell_of_a_wide_table_says_the_head_of_its_column() -> None:
    """On a narrow page the row is read downwards; a table of few columns stays as it is."""
    table = marked(WIDE)
    narrow = WIDE.replace("<th><p>Effect</p></th>", "").replace("<td>d</td>", "")

    assert table.startswith('<table class="hw-many docutils" id="t">')
    assert '<th data-head="Study"><p>A</p></th><td data-head="n"><p>26</p></td>' in table
    assert '<td data-head="What &amp; how">c</td><td data-head="Effect">d</td>' in table
    assert marked(narrow) == narrow


def test_a_citation_refers_to_a_note() -> None:
    """Reading systems show the work beside the line that cites it."""
    page = (
        '<p><span class="bibtex-citation" id="id1">(<a class="reference internal" href="#id5">A, '
        '1995</a>)</span> <a class="reference internal" href="#fig">Figure</a></p>'
        '<ul class="hw-reference-list simple"><li id="id5"><p>A (1995).</p></li></ul>'
    )

    said = marked(page)

    assert (
        '<a epub:type="noteref" role="doc-biblioref" class="reference internal" href="#id5">'
        in (said)
    )
    assert '<li epub:type="endnote" id="id5">' in said
    assert said.count("noteref") == 1


def test_only_a_formula_that_may_scroll_is_a_stop_of_the_keyboard() -> None:
    """Ace by DAISY fails a part that scrolls and cannot be reached."""
    short = '<div class="math"><math><mi>x</mi></math></div>'
    long = f'<div class="math"><math>{"<mi>x</mi>" * 80}</math></div>'

    assert marked(short) == short
    assert marked(long).startswith('<div tabindex="0" role="group" aria-label="Formula" ')


def test_the_contents_call_a_chapter_by_its_number() -> None:
    """The text says "chapter 5", so the contents must too; the first page is no chapter."""
    numbers = {"c.xhtml": (5,), "c.xhtml#s": (5, 2)}

    def said(address: str) -> str:
        return str(numbered({"refuri": address, "text": "Wounds"}, numbers, "index.xhtml")["text"])

    assert [said(a) for a in ("c.xhtml", "c.xhtml#s", "g.xhtml", "index.xhtml")] == [
        "5 Wounds",
        "5.2 Wounds",
        "Wounds",
        "Title page",
    ]


def test_landmarks_name_only_pages_that_are_there() -> None:
    """A book without a glossary has no landmark of one."""
    found = landmarks(["chapters/01-hardwired.xhtml"], "cover.xhtml", ".xhtml")

    assert found.count("<a ") == 2
    assert 'epub:type="bodymatter" href="chapters/01-hardwired.xhtml"' in found
