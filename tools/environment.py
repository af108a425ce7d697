"""Make the virtual environment and fill it, with one line for whatever stops it.

Called by the Makefile, before anything is installed, so with nothing but Python's own library::

    python tools/environment.py make VENV
    VENV/bin/python tools/environment.py install VENV WHAT PIP-ARGUMENTS...

A file in the environment says that somebody is at it; who finds it there knows that the last one
was interrupted, and makes the environment anew.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

BUSY = ".half-made"
LOG = "install.log"
ENOUGH = 16 << 20  # bytes; less is a full disk
FAULTS = (
    (r"No space left on device|Disk quota exceeded", "the disk is full; make room"),
    (
        r"Temporary failure in name resolution|NewConnectionError|Network is unreachable"
        r"|Connection refused|ConnectTimeoutError|Name or service not known|Max retries exceeded"
        r"|from versions: none",
        "no package index answers; this step needs the network, once",
    ),
    (r"THESE PACKAGES DO NOT MATCH THE HASHES", "a package is not the one that the lock pins"),
    (r"Permission denied|Read-only file system", "the folder cannot be written to"),
)


def fail(venv: Path, doing: str, said: str) -> None:
    """Say in one line why it does not go on, and stop."""
    why = next((words for pattern, words in FAULTS if re.search(pattern, said)), None)
    if why is None and shutil.disk_usage(next(filter(Path.is_dir, venv.parents))).free < ENOUGH:
        why = FAULTS[0][1]  # pip and venv do not always say it
    if why is None:
        lines = [line for line in said.splitlines() if line.startswith("ERROR")]
        last = (lines or said.strip().splitlines() or ["no word"])[-1].removeprefix("ERROR: ")
        log = venv / LOG
        why = f"{last} (all of it in {log})" if log.is_file() else last
    sys.exit(f"{doing}: {why}; then run make again")


def run(venv: Path, doing: str, command: list[str]) -> None:
    """Run a command whose words nobody needs while it goes well."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except OSError as error:
        fail(venv, doing, str(error))
    if done.returncode:
        try:
            (venv / LOG).write_text(done.stdout, encoding="utf-8")
        except OSError:
            (venv / LOG).unlink(missing_ok=True)
        fail(venv, doing, done.stdout)


def make(venv: Path) -> None:
    """Make an empty environment; what stood there, half-made, goes."""
    doing = f"Making {venv}"
    run(venv, doing, [sys.executable, "-m", "venv", "--clear", str(venv)])


def install(venv: Path, what: str, arguments: list[str]) -> None:
    """Call pip with these arguments."""
    busy = venv / BUSY
    doing = f"Installing {what}"
    print(f"{doing} into {venv}", flush=True)
    try:
        busy.touch()
    except OSError as error:
        fail(venv, doing, str(error))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "-q"]
    run(venv, doing, [*pip, *arguments])
    busy.unlink()


if __name__ == "__main__":
    job, folder, *more = sys.argv[1:]
    if job == "make":
        make(Path(folder))
    else:
        install(Path(folder), more[0], more[1:])
