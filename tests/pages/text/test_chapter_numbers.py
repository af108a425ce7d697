"""Chapters carry the number of their file name."""

import pytest

from hardwired.pages.text.chapter_numbers import chapter_number


@pytest.mark.parametrize(
    ("docname", "number"),
    [
        ("chapters/05-wounds", 5),
        ("chapters/08-balance", 8),
        ("back/glossary", None),
        ("index", None),
        ("chapters/notes", None),
    ],
)
def test_number_comes_from_the_file_name(docname, number):
    """05-wounds is chapter 5, whatever stands before it; other pages have none."""
    assert chapter_number(docname) == number


def test_figures_and_sections_follow_the_file_name(html):
    """The contents number chapters in the order of their files."""
    page = (html / "chapters/05-wounds.html").read_text(encoding="utf-8")

    assert '<span class="section-number">5. </span>' in page
    assert '<span class="caption-number">Figure 5.1 </span>' in page
    assert '<span class="caption-number">Figure 1.' not in page
