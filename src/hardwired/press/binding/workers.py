"""Typesetters at work beside one another: each a process that forks for every file.

A process of its own for each file gives the memory back; one that has loaded the typesetter and
the readers of PDF already, and forks, does not load them again for each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from hardwired.press.binding.compile import Place, Typeset, TypesettingError, answer

__all__ = ["workers"]


class _Worker:
    """A process that takes jobs as lines and answers each with a line."""

    def __init__(self, errors: IO[bytes]) -> None:
        self.errors = errors
        command = [sys.executable, "-m", "hardwired.press.binding.workers"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )

    def typeset(self, job: dict[str, Any]) -> Typeset:
        """Typeset a file; see `hardwired.press.binding.compile.typeset` for the arguments."""
        assert self.process.stdin
        assert self.process.stdout
        answered = ""
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
            answered = self.process.stdout.readline().strip()
        if not answered:
            raise TypesettingError(
                f"the typesetter stopped: {self._last_words()}", Path(job["main"]).name
            )
        said = json.loads(answered)
        if "reason" in said:
            raise TypesettingError(**said)
        places = tuple(Place(**place) for place in said.pop("places"))
        return Typeset(said["pages"], tuple(said["remarks"]), tuple(said["low"]), places)

    def _last_words(self) -> str:
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it gave no answer"

    def close(self) -> None:
        """Let it end."""
        assert self.process.stdin
        assert self.process.stdout
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


@contextmanager
def workers(count: int) -> Iterator[Callable[[dict[str, Any]], Typeset]]:
    """Start typesetters, and give the function that has one of them do a job.

    Parameters
    ----------
    count : int
        How many there are; as many threads may ask at once.
    """
    with tempfile.TemporaryFile() as errors:
        started = [_Worker(errors) for _ in range(count)]
        idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in started:
            idle.put(worker)

        def typeset(job: dict[str, Any]) -> Typeset:
            worker = idle.get()
            try:
                return worker.typeset(job)
            finally:
                idle.put(worker)

        try:
            yield typeset
        finally:
            for worker in started:
                worker.close()


def main() -> None:
    """Typeset what each line of the input asks for, in a process that ends with it."""
    from hardwired.press.binding import finish, net  # noqa: F401  (loaded once for all)

    for line in sys.stdin:
        if (child := os.fork()) == 0:
            os._exit(_answered(line))
        _, status = os.waitpid(child, 0)
        if status:
            print(f"exit status {os.waitstatus_to_exitcode(status)}", file=sys.stderr, flush=True)
            print(flush=True)


def _answered(line: str) -> int:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
