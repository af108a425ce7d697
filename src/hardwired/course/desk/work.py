"""A command of hardwired as a process of its own, which says how far it is without a terminal.

``python -m hardwired.course.desk.work grade ...`` does what ``hardwired grade ...`` does; a desk
reads what it prints. Called by :mod:`hardwired.course.desk.jobs` alone.
"""

from __future__ import annotations

import argparse
import io
import sys

from hardwired.course.commands import grade, release

__all__ = ["main"]


class _Told(io.TextIOWrapper):
    """Standard error that claims to be a terminal, so that progress is written to it."""

    def isatty(self) -> bool:
        """Say yes: whoever reads takes the last line for the state."""
        return True


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    assert isinstance(sys.stderr, io.TextIOWrapper)
    sys.stderr = _Told(sys.stderr.detach(), encoding="utf-8", errors="replace", write_through=True)
    parser = argparse.ArgumentParser(prog="hardwired")
    subparsers = parser.add_subparsers(required=True)
    for command in (grade, release):
        command.add(subparsers)
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
