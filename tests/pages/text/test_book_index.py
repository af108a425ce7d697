"""The index: uses of terms, entries named by hand, directions, and the number of a section."""

from __future__ import annotations

import pytest

from hardwired.pages.text.book_index import IndexFileError, directions, entries, find, plain

CHAPTER = """# One

The fever came first.

## Second

A "round" punch and a fever.
"""
GLOSSARY = "# Glossary\n\n```{glossary}\nfever\n  A rise of temperature.\n```\n"
PAGES = {
    "index": "# Root\n\n```{toctree}\n:numbered:\n\nchapters/05-one\n```\n\n"
    "```{toctree}\n\nback/glossary\n```\n",
    "chapters/05-one": CHAPTER,
    "back/glossary": GLOSSARY,
}


def test_an_entry_leads_to_the_section_whose_paragraph_has_its_words(build):
    """Quotes of either kind count as one; the index prints the section's number."""
    built = build(
        files={
            "back/index/05-one.yml": "wounds:\n  made: A “round” punch\n",
            "back/index/see.yml": "see:\n  pyrexia: fever\n",
        },
        **PAGES,
    )

    page = built.page("genindex")
    rows = [" ".join(li.text_content().split()) for li in page.xpath("//article//li")]
    assert built.warnings == ""
    assert "fever, 1, Glossary" in rows
    assert "made, 1.1" in rows
    assert "pyrexia. See fever" in rows
    anchor = page.xpath("//li[starts-with(., 'made')]/a/@href")[0].partition("#")[2]
    paragraph = built.page("chapters/05-one").get_element_by_id(anchor)
    assert paragraph.text_content().startswith("A “round” punch")


def test_an_entry_whose_words_are_gone_says_so_with_its_line(build):
    """A sentence was rewritten: the build names entry, file and mend."""
    built = build(files={"back/index/05-one.yml": "wounds:\n  made: A square punch\n"}, **PAGES)

    assert "05-one.yml:2" in built.warnings
    assert "index entry 'wounds; made' has lost its place" in built.warnings


def test_entries_are_read_with_their_lines(tmp_path):
    """An entry, a list of places, and sub-entries one deep."""
    path = tmp_path / "one.yml"
    path.write_text("a: x y\nb: [p, q]\nc:\n  d: z\n", encoding="utf-8")

    assert list(entries(path)) == [("a", "x y", 1), ("b", "p", 2), ("b", "q", 2), ("c; d", "z", 4)]


@pytest.mark.parametrize("text", ["- a\n", "a:\n", "a:\n  b:\n    c: d\n"])
def test_a_file_that_is_no_index_is_refused_with_file_and_line(tmp_path, text):
    """A list, an entry without words, and sub-entries of sub-entries."""
    path = tmp_path / "one.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(IndexFileError, match=r"one\.yml:\d"):
        list(entries(path))


def test_a_direction_that_is_neither_see_nor_see_also_is_refused(tmp_path):
    """The two kinds are all there are."""
    path = tmp_path / "see.yml"
    path.write_text("siehe:\n  a: b\n", encoding="utf-8")

    with pytest.raises(IndexFileError, match="write `see` or `see also`"):
        list(directions(path))


def test_signs_that_mean_the_same_compare_as_the_same():
    """Curly quotes, no-break spaces and true minus signs."""
    assert plain("the  article’s −1\u00a0mm") == "the article's -1 mm"


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("A round punch", 1),
        ("the round punch of 3.5 mm took a disc", 1),
        ("nobody ever wrote this sentence", None),
        ("fever", 0),
        ("fevers", None),
    ],
)
def test_a_rewritten_sentence_takes_its_entry_along(words, place):
    """Three words in four are enough to know a paragraph again; a word or two must stand as is."""
    texts = [
        "A fever came, and a round moon.",
        "A round punch of 3.5 mm took a small disc of skin.",
    ]

    assert find(words, [(text, number) for number, text in enumerate(texts)]) == place
