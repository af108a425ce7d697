"""A command in this process, as the command line gives it."""

from __future__ import annotations

import argparse

from hardwired.course.commands import add_commands

__all__ = ["command_line"]


def command_line(*words: str) -> int:
    """Run a command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="hardwired")
    add_commands(parser.add_subparsers(required=True))
    parsed = parser.parse_args(words)
    return int(parsed.run(parsed))
