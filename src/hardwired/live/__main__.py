"""``python -m hardwired.live HTML OUT``: the built pages, with Python in them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from hardwired.live import site
from hardwired.live.interpreter import LiveError


def main(arguments: Sequence[str]) -> int:
    """Make the copy; 0 done, 2 what is missing."""
    if len(arguments) != 2:
        print("usage: python -m hardwired.live HTML OUT", file=sys.stderr)
        return 2
    try:
        out = site.make(Path(arguments[0]), Path(arguments[1]))
    except LiveError as error:
        print(f"{error}.", file=sys.stderr)
        return 2
    print(f"Python runs in the pages of {out}; make serve shows them.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
