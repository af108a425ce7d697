"""The commands as a process, without the rest of the command line."""

from __future__ import annotations

import argparse
import os
import sys

from hardwired.course.commands import add_commands
from hardwired.course.engines import program

if __name__ == "__main__":
    if os.environ.get("PATH") == "/nowhere":  # a machine without the sandbox program
        program.of_the_wheel = lambda: None
    parser = argparse.ArgumentParser(prog="hardwired")
    add_commands(parser.add_subparsers(required=True))
    parsed = parser.parse_args()
    sys.exit(parsed.run(parsed))
