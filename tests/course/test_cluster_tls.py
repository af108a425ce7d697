"""A cluster beyond this machine is spoken to by TLS alone, with certificates on both sides."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardwired.course.cluster import refuse_open_wire
from hardwired.course.errors import CourseError
from tests.course import tiny
from tests.course.certificates import Authority

pytestmark = [pytest.mark.needs("namespaces"), pytest.mark.ring("all")]

NAME = "sigrid-undset-1882"  # looked for on the wire


def outward() -> str:
    """Give an address of this machine that is not the loopback one, or all that it has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # documentation's own net: nothing is sent
        return str(probe.getsockname()[0])
    return socket.gethostname()


class Wire:
    """Hands bytes on between whoever connects and a port, and keeps them."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.server = socket.create_server((host, 0))
        self.port = self.server.getsockname()[1]
        self.seen = bytearray()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.server.accept()
                far = socket.create_connection(self.target)
                for a, b in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(a, b), daemon=True).start()

    def _pass(self, a: socket.socket, b: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := a.recv(1 << 16):
                self.seen += block
                b.sendall(block)
        with contextlib.suppress(OSError):
            b.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Take nobody any more."""
        self.server.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an exercise and one that is handed in."""
    top = tmp_path_factory.mktemp("tls")
    tiny.exercise(top / "ex")
    tiny.write(top / "in" / NAME / "tiny.ipynb", tiny.filled(NAME))
    return top


def settings(ca: Authority, name: str) -> dict[str, str]:
    """Give the variables by which Dask finds certificates, in all of its parts."""
    certificate, key = ca.certificate(name)
    out = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(ca.file)}
    for part in ("SCHEDULER", "WORKER", "CLIENT"):
        out[f"DASK_DISTRIBUTED__COMM__TLS__{part}__CERT"] = str(certificate)
        out[f"DASK_DISTRIBUTED__COMM__TLS__{part}__KEY"] = str(key)
    return out


def grade(course: Path, address: str, out: str, env: dict[str, str]) -> tuple[int, str]:
    """Run the command; give its exit code and what it said."""
    command = [sys.executable, "-m", "hardwired.cli", "grade", "tiny", str(course / "in")]
    command += ["--exercises", str(course / "ex"), "--out", str(course / out)]
    done = subprocess.run(
        [*command, "--engine", "bubblewrap-zygote", *(["--cluster", address] if address else [])],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=240,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Authority, str, Wire]]:
    """Run a scheduler and a worker on two ports of an address that others can reach."""
    ca, host = Authority(tmp_path_factory.mktemp("ca"), "course"), outward()
    env = {**os.environ, **settings(ca, "cluster")}
    start = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    start += ["--host", f"tls://{host}", "--port", "0", "--no-dashboard", "--no-show"]
    port = _free(host)
    start[start.index("--port") + 1] = str(port)
    scheduler = subprocess.Popen(start, env=env, stderr=subprocess.DEVNULL)
    wire = Wire(host, port)
    work = [sys.executable, "-m", "distributed.cli.dask_worker", f"tls://{host}:{port}"]
    work += ["--host", host, "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
    worker = subprocess.Popen(
        [*work, "--no-nanny"], env=env, stderr=subprocess.DEVNULL, cwd=ca.folder
    )
    yield ca, f"tls://{host}:{wire.port}", wire
    for process in (worker, scheduler):
        process.kill()
        process.wait(30)
    wire.close()


def _free(host: str) -> int:
    with socket.create_server((host, 0)) as server:
        return int(server.getsockname()[1])


def test_marks_are_made_and_nothing_is_to_be_read_on_the_way(
    cluster: tuple[Authority, str, Wire], course: Path
) -> None:
    """The marks are those of this machine; a recorder on the way sees TLS and no name."""
    ca, address, wire = cluster
    said = [
        grade(course, address, "far", settings(ca, "grader")),
        grade(course, "", "near", {}),
    ]
    marks = [(course / out / "marks.csv").read_bytes() for out in ("far", "near")]

    assert [code for code, _ in said] == [0, 0], said
    assert marks[0] == marks[1]
    assert NAME.encode() in marks[0]
    assert wire.seen[0:2] == b"\x16\x03"
    assert len(wire.seen) > 10_000
    assert NAME.encode() not in wire.seen
    assert b"data[" not in wire.seen


def test_a_certificate_of_somebody_else_gets_no_answer(
    cluster: tuple[Authority, str, Wire], course: Path, tmp_path: Path
) -> None:
    """Who was not signed by the course is refused in one line, and nothing is written."""
    _, address, _ = cluster
    other = Authority(tmp_path, "other")
    code, said = grade(course, address, "other", settings(other, "grader"))

    assert code == 1
    assert "no Dask scheduler answers" in said
    assert "Traceback" not in said
    assert not (course / "other" / "marks.csv").exists()


def test_without_certificates_it_is_said_what_to_set(course: Path) -> None:
    """Dask's own words would be about a context; ours name the three variables."""
    code, said = grade(course, "tls://192.0.2.1:8786", "none", {})

    assert code == 1
    assert "asks for certificates; set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, DASK" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "address",
    [
        "tcp://10.0.0.5:8786",
        "10.0.0.5:8786",
        "ucx://10.0.0.5:1",
        "ws://10.0.0.5:1",
        "tcp://127.0.0.1.example.org:1",
        "tcp://[::2]:1",
        "tcp://tls://x:1",
        "TLS://x:1",
    ],
)
def test_an_open_address_beyond_this_machine_is_refused(address: str) -> None:
    """Whatever it is called; nothing is sent there."""
    with pytest.raises(CourseError, match="not enciphered"):
        refuse_open_wire(address)
