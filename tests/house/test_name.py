"""The book has one name, one version and one licence, wherever it says them."""

import tomllib
from importlib.metadata import version

import yaml

import hardwired
from hardwired.house import name


def test_jupyter_book_is_told_the_same_title_and_author(root):
    """What the pages are called is what the PDF and the EPUB are called."""
    config = yaml.safe_load((root / "book/_config.yml").read_text(encoding="utf-8"))

    assert config["title"] == config["sphinx"]["config"]["html_title"] == name.TITLE
    assert config["author"] == name.AUTHOR


def test_the_citation_file_says_what_the_package_says(root):
    """Title, author, version and both licences."""
    cited = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))

    assert cited["title"] == name.full_title()
    assert cited["authors"] == [{"name": name.AUTHOR}]
    assert cited["version"] == hardwired.__version__
    assert set(cited["license"]) == set(name.LICENCES.values())


def test_the_version_stands_once_and_the_package_takes_it(root):
    """pyproject.toml reads it from the package; the installed package has it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert "version" not in project
    assert project["dynamic"] == ["version"]
    assert project["license"] == name.LICENCES["code"]
    assert project["authors"] == [{"name": name.AUTHOR}]
    assert version("hardwired") == hardwired.__version__


def test_pages_that_print_the_version_print_this_one(root):
    """How to cite, the errata and the change log follow a new version or fail here."""
    for page in ("book/index.md", "book/back/errata.md"):
        text = (root / page).read_text(encoding="utf-8")
        assert f"Version {hardwired.__version__}" in text, page
    assert f"## {hardwired.__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_page_that_says_how_to_cite_names_title_and_author(root):
    """A reader copies these lines."""
    text = (root / "book/index.md").read_text(encoding="utf-8")

    assert name.AUTHOR in text
    assert name.full_title() in text
