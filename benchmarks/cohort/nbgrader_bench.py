"""The bench exercise as an nbgrader course: its tests stand beside the student's code.

Run by the python of an environment that holds nbgrader; prints one line of JSON. Called as
``python nbgrader_bench.py FOLDER SOURCE SUBMISSIONS PROCESSES``: SUBMISSIONS holds
student/bench.ipynb, made from nbgrader's release version; they are dealt out to PROCESSES
gradebooks that run at a time.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "bench"
c.ExecutePreprocessor.timeout = 30
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
"""


def course(folder: Path, source: Path, students: list[Path]) -> Path:
    """Lay out one course with the students dealt to it."""
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG)
    (folder / "source" / "bench").mkdir(parents=True)
    shutil.copy(source, folder / "source" / "bench" / "bench.ipynb")
    for student in students:
        shutil.copytree(student, folder / "submitted" / student.name / "bench")
    return folder


def nbgrader(*arguments: str) -> list[str]:
    """Give the command line of nbgrader in this environment."""
    return [sys.executable, "-m", "nbgrader", *arguments]


def main(folder: Path, source: Path, submissions: Path, processes: int) -> None:
    """Grade all and print what it took."""
    students = sorted(p for p in submissions.iterdir() if p.is_dir())
    parts = [course(folder / f"part{n}", source, students[n::processes]) for n in range(processes)]
    for part in parts:
        subprocess.run(
            nbgrader("generate_assignment", "bench", "--create", "--force"),
            cwd=part,
            check=True,
            capture_output=True,
        )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    running = [
        subprocess.Popen(
            nbgrader("autograde", "bench", "--create"),
            cwd=part,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for part in parts
    ]
    for process in running:
        process.wait()
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    graded = sum(1 for part in parts for _ in part.glob("autograded/*/bench/bench.ipynb"))
    print(
        json.dumps(
            {"seconds": seconds, "cpu_s": cpu, "submissions": len(students), "graded": graded}
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
