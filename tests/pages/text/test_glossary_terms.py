"""Terms are linked at their first use, plural or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardwired.pages.text.glossary_terms import EVERYDAY, forms, glossary, pattern

GLOSSARY = """# Glossary

```{glossary}
lamellar body
  A small parcel of fats. It has {term}`fever` in it, *once*.

fever
  A rise of temperature.

power
  A probability.
```
"""
CHAPTER = """# One

Without a name, the hay fever in a Fever Club was no fever.
The power of lamellar bodies is that a lamellar body is small.

## Objectives

Nothing of a fever.

## More

The {term}`power` of a test, and the fever again.

## Key terms

{term}`fever`, {term}`power`.
"""


@pytest.fixture(scope="module")
def chapter(build):
    """Return the page of a chapter with a glossary beside it."""
    built = build(
        **{
            "index": "# Root\n\n```{toctree}\nchapters/05-one\nback/glossary\n```\n",
            "chapters/05-one": CHAPTER,
            "back/glossary": GLOSSARY,
        }
    )
    assert built.warnings == ""
    return built.page("chapters/05-one")


def links(page, path: str) -> list[str]:
    """Return the words of the links to the glossary below a place."""
    return [a.text_content() for a in page.xpath(f"{path}//a[contains(@href, '#term-')]")]


def test_a_term_is_linked_where_the_page_first_uses_it(chapter):
    """Another sense of the word does not count, an everyday word is the author's to mark."""
    assert links(chapter, "//section[@id='one']/p") == ["fever", "lamellar bodies"]
    assert links(chapter, "//section[@id='more']") == ["power"]


def test_objectives_are_not_linked(chapter):
    """What is no main text keeps its words as they are."""
    assert links(chapter, "//section[@id='objectives']") == []


def test_a_meaning_is_written_once_for_all_pages(chapter):
    """No page carries meanings; the script asks for them when a reader points at a term."""
    assert "A rise of temperature." not in chapter.text_content()
    assert links(chapter, "//section[@id='key-terms']") == ["fever", "power"]


@pytest.mark.parametrize(
    ("term", "plural"),
    [
        ("antibody", "antibodies"),
        ("T cell", "T cells"),
        ("reflex", "reflexes"),
        ("meta-analysis", "meta-analyses"),
        ("assay", "assays"),
    ],
)
def test_plurals(term, plural):
    """A plural is the same term, at a sentence's start as well."""
    assert forms(term)[:2] == [term, plural]
    assert plural[0].upper() + plural[1:] in forms(term)


def test_the_longest_term_wins():
    """A receptor is not the hormone that it binds."""
    expression, of_form = pattern(("glucocorticoid", "glucocorticoid receptor"))

    found = [of_form[m.group()] for m in expression.finditer("glucocorticoid receptors bind")]
    assert found == ["glucocorticoid receptor"]


def test_the_book_has_150_terms_in_order_and_none_twice(root):
    """Each stands once, in the order of the alphabet, with a meaning that is a sentence."""
    text = (root / "book/back/glossary.md").read_text(encoding="utf-8")
    body = text.split("```{glossary}\n")[1].split("```")[0]
    terms = [line for line in body.splitlines() if line and not line.startswith(" ")]
    meanings = glossary(Path(root / "book"))

    assert len(terms) >= 150
    assert len(terms) == len(set(terms)) == len(meanings)
    assert terms == sorted(terms, key=lambda term: term.lower().replace("’", "'"))
    assert [term for term, said in meanings.items() if not said.endswith(".")] == []
    assert set(meanings) >= EVERYDAY
