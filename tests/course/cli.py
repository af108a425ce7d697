"""The commands as a process, without the rest of the command line."""

from __future__ import annotations

import argparse
import sys

from hardwired.course.commands import add_commands

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="hardwired")
    add_commands(parser.add_subparsers(required=True))
    parsed = parser.parse_args()
    sys.exit(parsed.run(parsed))
