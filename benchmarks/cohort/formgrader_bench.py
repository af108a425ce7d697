"""nbgrader's formgrader: how long a submission takes to open for marking.

Run by the python of an environment that holds nbgrader; prints one line of JSON. Called as
``python formgrader_bench.py FOLDER SOURCE SUBMISSIONS ROUNDS``: the submissions are autograded in
one course, formgrader is started on it as its users start it, and each submission is asked for.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from nbgrader_bench import course, nbgrader

TOKEN, PATIENCE = "bench", 240
SERVER = """
c = get_config()
c.ServerApp.jpserver_extensions = {"nbgrader.server_extensions.formgrader": True}
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = PORT
c.IdentityProvider.token = "bench"
"""


def opened(address: str) -> tuple[float, str]:
    """Give the milliseconds until a whole page is there, and the page."""
    asked = urllib.request.Request(address, headers={"Authorization": f"token {TOKEN}"})
    started = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=60) as answer:
        body = answer.read().decode()
    return 1000 * (time.perf_counter() - started), body


def served(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the server in a course; gives it and its address, once formgrader answers there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "server.py").write_text(SERVER.replace("PORT", str(port)))
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", "--config", "server.py"],
            cwd=folder,
            stderr=log,
            text=True,
        )
    base = f"http://127.0.0.1:{port}/"
    for _ in range(PATIENCE):
        try:
            opened(f"{base}formgrader/api/status")
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
        else:
            return process, base
    process.kill()
    raise SystemExit(f"formgrader did not start: {(folder / 'server.log').read_text()[-800:]}")


def run(top: Path, *words: str) -> None:
    """Run a command of nbgrader in the course."""
    done = subprocess.run(nbgrader(*words), cwd=top, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"nbgrader {words[0]}: {done.stderr[-800:]}")


def main(folder: Path, source: Path, submissions: Path, rounds: int) -> None:
    """Open every submission, `rounds` times, and print the milliseconds of each."""
    students = sorted(p for p in submissions.iterdir() if p.is_dir())
    top = course(folder, source, students)
    run(top, "generate_assignment", "bench", "--create", "--force")
    run(top, "autograde", "bench", "--create")
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{top / 'gradebook.db'}") as book:
        ids = [one.id for one in book.notebook_submissions("bench", "bench")]
    process, base = served(top)
    took: list[float] = []
    try:
        for _ in range(rounds):
            for one in ids:
                milliseconds, page = opened(f"{base}formgrader/submissions/{one}/?index=0")
                if "sd_carer" not in page:
                    raise SystemExit("formgrader did not show the notebook")
                took.append(milliseconds)
    finally:
        process.terminate()
        process.wait()
    print(json.dumps({"milliseconds": took, "submissions": len(ids)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
