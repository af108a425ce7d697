"""What the book is called, whose it is, and under which licence; its version is the package's.

Who repeats it outside Python (``_config.yml``, ``CITATION.cff``) is held to this by a test.
"""

from __future__ import annotations

__all__ = ["AUTHOR", "LICENCES", "RIGHTS", "SUBTITLE", "TITLE", "full_title"]

TITLE = "Hardwired"
SUBTITLE = "How the nervous and immune systems talk to each other"
AUTHOR = "The Hardwired authors"
#: The licences of text and code, as they are called in metadata (SPDX).
LICENCES = {"text": "CC-BY-4.0", "code": "MIT"}
RIGHTS = "Text and figures are licensed under CC BY 4.0, the code under the MIT licence."


def full_title() -> str:
    """Return title and subtitle in one: ``Hardwired: how the nervous ...``."""
    return f"{TITLE}: {SUBTITLE[:1].lower()}{SUBTITLE[1:]}"
