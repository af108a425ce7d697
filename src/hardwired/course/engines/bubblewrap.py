"""The program ``bubblewrap``: the command line that both of its engines share.

What a submission may write to is laid over ``/tmp``, its home and ``/dev``. An interpreter that
lies there is bound elsewhere (`AT`), and a link stands in its old place, so that it still finds
itself.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from hardwired.course.engines.base import EngineUnavailable, Limits
from hardwired.course.engines.confine import BELTS, PROCESSOR
from hardwired.course.engines.program import bubblewrap as program_path

__all__ = ["NOBODY", "Launch", "config", "fonts", "launch"]

NOBODY = 65534
HOME = "/home/student"
AT = "/hw/at"
COVERED = ("/tmp/", "/dev/", f"{HOME}/")
# Of the system: libraries, time zones and fonts. Programs and what administrators add stay outside.
SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/share/zoneinfo", "/usr/share/fonts")
NEEDED = ("bin", "pyvenv.cfg")  # beside the folders of libraries
PASS_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclass(frozen=True)
class Launch:
    """A command ready to start, and the empty folder to remove afterwards, if one was made."""

    command: list[str]
    environment: dict[str, str]
    folder: str | None

    def start(self, descriptors: Sequence[int]) -> subprocess.Popen[bytes]:
        """Start it with these descriptors and no others."""
        return subprocess.Popen(
            self.command,
            env=self.environment,
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
        )

    def clear(self) -> None:
        """Remove the folder."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def config(belts: Collection[str], limits: Limits, modules: Sequence[str] = ()) -> str:
    """Give what the guest must know of belts and limits, as JSON."""
    return json.dumps(
        {
            "belts": sorted(belts),
            "modules": list(modules),
            "cpu_s": limits.cpu_s,
            "wall_s": limits.wall_s + 5,
            "memory_mb": limits.memory_mb,
            "disk_mb": limits.disk_mb,
            "inodes": limits.inodes,
            "processes": limits.processes,
            "files": limits.files,
            "links": links_of(_binds()),
        }
    )


def launch(
    module: str,
    arguments: Sequence[str],
    *,
    zygote: bool,
    limits: Limits,
    belts: Collection[str] = BELTS,
) -> Launch:
    """Build the command that runs ``module`` of ``hardwired.course.engines`` in bubblewrap.

    Raises
    ------
    EngineUnavailable
        If bubblewrap is not installed, or this is not Linux on x86-64.
    """
    program = program_path()
    if platform.machine() != PROCESSOR and "seccomp" in belts:
        raise EngineUnavailable(
            f"the filter of system calls is written for {PROCESSOR}, this is {platform.machine()};"
            " install the extra [wasm]"
        )
    drop = os.geteuid() == 0 and "drop-uid" in belts
    binds = _binds()
    links = links_of(binds)
    package = str(Path(__file__).resolve().parents[2])
    binds.append((package, "/hw/hardwired"))
    staged = drop or not zygote
    folder, made = _stage([source for source, _ in binds]) if staged else (None, False)
    sources = {source: f"{folder}/{n}" if staged else source for n, (source, _) in enumerate(binds)}
    listed = fonts()
    options = ["--unshare-user", "--unshare-pid", "--die-with-parent", "--new-session"]
    for name in ("net", "ipc", "uts"):
        if name in belts:
            options.append(f"--unshare-{name}")
    options.append("--unshare-cgroup-try")
    if "capabilities" in belts:
        options += ["--cap-drop", "ALL"]
    options += ["--hostname", "sandbox"] if "uts" in belts else []
    for name in _system():
        options += ["--ro-bind", name, name]
    for name in ("/lib", "/lib64"):
        if os.path.islink(name):
            options += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            options += ["--ro-bind", name, name]
    bind = "--ro-bind" if "read-only" in belts else "--bind"
    for source, target in binds:
        options += [bind, sources[source], target]
        options += _covered(source, target)
    options += ["--size", "65536", "--tmpfs", "/dev"]
    for name in ("null", "zero", "random", "urandom"):
        options += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    size = str(limits.disk_mb << 20)
    bounded = "tmpfs-size" in belts
    scratch = {"tmp": "/tmp", "home": HOME, "shm": "/dev/shm"}
    for name, path in scratch.items():
        if bounded and not zygote:
            options += ["--bind", f"{folder}/{name}", path]
        else:
            options += ["--perms", "0700", *(["--size", size] if bounded else []), "--tmpfs", path]
    if listed:
        source = f"{folder}/fonts" if staged else str(listed)
        options += ["--dir", f"{HOME}/.mpl", "--ro-bind", source, f"{HOME}/.mpl/{listed.name}"]
    for place, target in links:
        options += ["--symlink", target, place]
    if zygote or "proc" not in belts:
        options += ["--proc", "/proc"]
    if "read-only" in belts:
        options += ["--remount-ro", "/dev", "--remount-ro", "/"]
    if not zygote:
        # bubblewrap stays process 1: it ends with the grader, and everything in it ends with it.
        options += ["--uid", "1000", "--gid", "1000"]
    options += ["--chdir", "/"]
    start = (
        "import runpy, sys; sys.path.insert(0, '/hw'); runpy.run_module("
        f"'hardwired.course.engines.{module}', run_name='__main__', alter_sys=True)"
    )
    inner = [sys.executable, "-I", "-B", "-c", start, *arguments]
    command = [program, *options, "--", *inner]
    if staged:  # nobody may walk to where the wheel lies; to where it is bound, anybody
        command[0] = next(
            (sources[s] + program[len(s) :] for s, _ in binds if program.startswith(f"{s}/")),
            program,
        )
        first = [(source, str(n)) for n, (source, _) in enumerate(binds)]
        first += [(str(listed), "fonts")] if listed else []
        spec = {
            "folder": folder,
            "uid": NOBODY if drop else None,
            "gid": NOBODY if drop else None,
            "binds": first,
            "scratch": list(scratch) if bounded and not zygote else [],
            "options": f"size={size},nr_inodes={limits.inodes}",
        }
        stage = str(Path(__file__).with_name("stage.py"))
        command = [sys.executable, "-I", "-S", stage, json.dumps(spec), *command]
    return Launch(command, _environment("environment" in belts), folder if made else None)


def _stage(bound: Sequence[str]) -> tuple[str, bool]:
    """Give an empty place in which `stage` binds what is needed, in a world of its own.

    A folder that every machine has is only covered there; nothing is left if the grader is killed.
    """
    for place in ("/mnt", "/media", "/srv", "/opt", "/dev/shm"):
        held = (*bound, str(fonts() or ""), program_path(), sys.executable)
        if os.path.isdir(place) and not any(p.startswith(f"{place}/") for p in held):
            return place, False
    return tempfile.mkdtemp(prefix="hardwired-stage-"), True


def _system() -> list[str]:
    """Folders of the system to mount; of ``/usr/lib`` what is there for this processor alone."""
    found = [name for name in SYSTEM if os.path.isdir(name) and not os.path.islink(name)]
    parts = [f"/usr/lib/{name}" for name in sorted(os.listdir("/usr/lib")) if "-linux-" in name]
    if parts:  # as Debian lays it out; others keep their libraries in /usr/lib itself
        found.remove("/usr/lib")
        found += parts
    return found


def _covered(source: str, target: str) -> list[str]:
    """Cover what lies beside an interpreter and its packages and is not needed to run them."""
    out: list[str] = []
    if os.path.basename(target) == "hardwired" or not os.path.isdir(source):
        return out
    for name in sorted(os.listdir(source)):
        path = os.path.join(source, name)
        if name in NEEDED or name.startswith("lib") or os.path.islink(path):
            continue
        if os.path.isdir(path):
            out += ["--perms", "0555", "--size", "4096", "--tmpfs", f"{target}/{name}"]
        else:
            out += ["--ro-bind", "/dev/null", f"{target}/{name}"]
    packages = f"lib/python3.{sys.version_info[1]}/site-packages"
    if (
        source == os.path.realpath(sys.base_prefix)
        and _alone()
        and os.path.isdir(os.path.join(source, packages))
    ):
        out += ["--perms", "0555", "--size", "4096", "--tmpfs", f"{target}/{packages}"]
    return out


def _alone() -> bool:
    """Whether an environment does without the packages of the interpreter that it was made of."""
    if sys.prefix == sys.base_prefix:
        return False
    settings = Path(sys.prefix, "pyvenv.cfg")
    text = settings.read_text(encoding="utf-8") if settings.is_file() else ""
    return "include-system-site-packages = false" in text.casefold()


def _binds() -> list[tuple[str, str]]:
    """Pairs of (folder of the interpreter, where it is bound)."""
    return [
        (path, f"{AT}/{n}" if path.startswith(COVERED) else path)
        for n, path in enumerate(_prefixes())
    ]


def links_of(binds: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of (old place, where it leads) of what a sandbox would not have in its old place.

    That is what lies where the sandbox lays something else, and each link on the way from the
    environment's interpreter to the true one that lies in no folder of theirs.
    """
    moved = [(place, target) for place, target in binds if target.startswith(f"{AT}/")]
    true, link = os.path.realpath(sys.executable), sys.executable
    there = ("/usr/", *(f"{place}/" for place, _ in binds))
    while os.path.islink(link):
        link = os.path.join(os.path.dirname(link), os.readlink(link))
        if link != true and not link.startswith(there):
            moved.append((link, true))
            break
    return moved


@functools.cache
def fonts() -> Path | None:
    """Matplotlib's list of fonts, made once outside and kept; each sandbox gets it read-only."""
    name = f"fonts-{metadata.version('matplotlib')}"
    try:  # there may be no home, or one that cannot be written to
        top = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = top / "hardwired" / name
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError
    except (OSError, RuntimeError):
        folder = Path(tempfile.mkdtemp(prefix=f"hardwired-{name}-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if not any(folder.glob("fontlist-*.json")):
        environment = {"MPLCONFIGDIR": str(folder), "PATH": "/usr/bin", "MPLBACKEND": "Agg"}
        command = [sys.executable, "-I", "-c", "import matplotlib.font_manager"]
        subprocess.run(command, env=environment, check=False, capture_output=True, timeout=120)
    return next(iter(sorted(folder.glob("fontlist-*.json"))), None)


def _environment(minimal: bool) -> dict[str, str]:
    environment = {
        "PATH": "/usr/bin",
        "HOME": HOME,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": f"{HOME}/.mpl",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    environment |= {key: os.environ[key] for key in PASS_ON if key in os.environ}
    return environment if minimal else {**os.environ, **environment}


def _prefixes() -> list[str]:
    """Folders of the interpreter and its packages, outermost first; in /usr its own parts alone."""
    base = os.path.realpath(sys.base_prefix)
    paths = {base, os.path.abspath(sys.prefix), os.path.realpath(sys.prefix)}
    if base == "/usr":
        library = f"/usr/lib/python3.{sys.version_info[1]}"
        own = (os.path.realpath(sys.executable), library, "/usr/lib/python3", "/usr/local/lib")
        paths = {p for p in paths if p != "/usr"} | {p for p in own if os.path.exists(p)}
    return [
        p for p in sorted(paths) if not any(p != q and p.startswith(q + "/") for q in sorted(paths))
    ]
