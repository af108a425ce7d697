"""``hardwired ...``: a thin face over the rooms; each room brings its own commands.

Exit codes: 0 done, 1 something needs a person, 2 wrong usage.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from hardwired import __version__

ROOMS = ("evidence", "course", "course.banks")


def parser() -> argparse.ArgumentParser:
    """Return the parser with the commands of every room."""
    top = argparse.ArgumentParser(prog="hardwired", description=__doc__.partition(":")[2].strip())
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for room in ROOMS:
        import_module(f"hardwired.{room}.commands").add_commands(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Every command sets ``run``, a function that takes the parsed arguments and returns the code;
    it reports its own errors, one line each.
    """
    chosen = parser().parse_args(arguments)
    try:
        return chosen.run(chosen)
    except KeyboardInterrupt:
        print("stopped; what was finished is kept", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
