"""What a Sphinx application leaves behind in its process, undone for the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sphinx.config import Config


@pytest.fixture(autouse=True)
def source_suffixes_as_sphinx_ships_them() -> Iterator[None]:
    """Undo what a Sphinx application writes into the default that all later ones share."""
    yield
    suffixes = Config.config_values["source_suffix"].default
    suffixes.clear()
    suffixes[".rst"] = "restructuredtext"
