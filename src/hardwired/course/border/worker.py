"""The worker: does one task after another, each within its own processor time and memory."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import queue
import struct
import threading
from typing import Any

from hardwired.course.border import tasks
from hardwired.course.border.text import cut
from hardwired.course.errors import CourseError
from hardwired.course.loader import UnreadableError

__all__ = ["main"]

MEMORY_MB = 256  # what a task may take beyond what the worker holds when it is ready


def main() -> None:
    """Read requests from standard input until it ends, and answer on standard output."""
    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(null, descriptor)
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(source, requests), daemon=True).start()
    exercise = pickle.loads(requests.get())
    tasks.get_ready(exercise)
    _bound_memory()
    while True:
        name, arguments, cpu_s = pickle.loads(requests.get())
        _bound_time(cpu_s)
        answer = _answer(exercise, name, arguments)
        _send(sink, answer)


def _answer(exercise: Any, name: str, arguments: Any) -> bytes:
    """Do a task; whatever goes wrong is an answer too, and after some of it the worker is spent."""
    try:
        done = tasks.TASKS[name](exercise, *arguments)
        return _encoded({"done": done})
    except (CourseError, UnreadableError) as error:
        return _encoded({"failed": cut(str(error), 300)})
    except MemoryError:
        said = "reading it takes more memory than a file may"
    except RecursionError:
        said = "it is nested too deeply"
    except Exception as error:
        said = f"it cannot be read ({type(error).__name__})"
        with contextlib.suppress(Exception):
            said = f"it cannot be read ({type(error).__name__}: {cut(str(error), 120)})"
    return _encoded({"failed": said, "spent": True})


def _encoded(answer: dict[str, Any]) -> bytes:
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "hardwired-border")


def _listen(source: int, requests: queue.SimpleQueue[bytes]) -> None:
    """Hand requests over; when the grader has ended, so does this process, whatever it is at."""
    with open(source, "rb", buffering=0) as stream:
        while len(head := _whole(stream, 8)) == 8:
            requests.put(_whole(stream, struct.unpack("!Q", head)[0]))
    os._exit(0)


def _whole(stream: Any, size: int) -> bytes:
    parts: list[bytes] = []
    while size and (block := stream.read(size)):
        parts.append(block)
        size -= len(block)
    return b"".join(parts)


def _send(sink: int, data: bytes) -> None:
    data = struct.pack("!Q", len(data)) + data
    view = memoryview(data)
    while view:
        view = view[os.write(sink, view) :]


def _bound_memory() -> None:
    """Bound the address space where there is such a limit; elsewhere the clock alone holds."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        most = now + (MEMORY_MB << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_time(cpu_s: int) -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + 1 + cpu_s
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
