"""The built book: its folder, its pages, and a chapter read as text."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def html(root) -> Path:
    """Return the folder of the built pages; `make test` has built it."""
    folder = root / "book/_build/html"
    assert (folder / "index.html").exists(), "the book is not built: run `make book` first"
    return folder
