"""The zygote: holds imports and nothing else, and forks a fresh child for every submission.

It never reads a job. For each it receives four file descriptors (job, result, status, lifeline) and
forks a supervisor, which leaves for new namespaces, forks the child that runs the job as process 1
of its own world, keeps its time, and reports how it ended in the words of the kernel.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from typing import Any

from hardwired.course.engines import confine, runner

__all__ = ["main"]

FOLDERS = ("/tmp", "/home/student", "/dev/shm")


def main(config: dict[str, Any], control: int) -> None:
    """Serve until the control socket closes."""
    versions = runner.preload(config["modules"])
    if os.listdir("/proc/self/task") != [str(os.getpid())]:
        sys.exit("zygote: has more than one thread")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    sock = socket.socket(fileno=control)
    sock.sendall(json.dumps(versions).encode() + b"\n")
    runner.hush()
    while True:
        message, descriptors, _, _ = socket.recv_fds(sock, 1, 4)
        if not message:
            return
        if os.fork() == 0:
            sock.close()
            try:
                _supervise(config, *descriptors)
            finally:
                os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def _supervise(config: dict[str, Any], job: int, result: int, status: int, lifeline: int) -> None:
    belts = set(config["belts"])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    confine.die_with_parent()
    started = time.monotonic()
    report: dict[str, Any] = {}
    try:
        confine.enter_namespaces(belts)
        child = os.fork()
        if child == 0:
            _child(config, belts, job, result)
        os.close(job)
        os.close(result)
        watch = os.pidfd_open(child)
        ready, _, _ = select.select([watch, lifeline], [], [], config["wall_s"])
        if watch not in ready:
            report["stopped"] = "host" if ready else "wall"
            os.kill(child, signal.SIGKILL)
        _, code, usage = os.wait4(child, 0)
        report |= {
            "exit": os.waitstatus_to_exitcode(code),
            "cpu_s": round(usage.ru_utime + usage.ru_stime, 4),
            "rss_mb": usage.ru_maxrss // 1024,
        }
    except OSError as error:
        report["failed"] = str(error)
    report["wall_s"] = round(time.monotonic() - started, 4)
    os.write(status, json.dumps(report).encode())


def _child(config: dict[str, Any], belts: set[str], job: int, result: int) -> None:
    code = 70
    try:
        confine.die_with_parent()
        os.setsid()
        source, sink = os.dup2(job, 198), os.dup2(result, 199)
        if "descriptors" in belts:
            os.closerange(3, 198)
            os.closerange(200, 4096)
        confine.mount_private(belts, config["disk_mb"], config["inodes"], FOLDERS)
        confine.link(config["links"])
        os.chdir("/home/student")
        confine.limit(
            belts,
            config["cpu_s"],
            config["memory_mb"],
            config["disk_mb"],
            config["processes"],
            config["files"],
        )
        confine.lock(belts)
        runner.serve(runner.Channel(source, sink), "soft-limit" in belts)
        code = 0
    except MemoryError:
        code = 71
    except BrokenPipeError:
        code = 72
    finally:
        os._exit(code)


if __name__ == "__main__":
    told = sys.argv[1:]
    sys.argv, sys.orig_argv = [""], []  # students' code need not know what the engine was told
    main(json.loads(told[0]), int(told[1]))
