"""Linux belts, put on from inside: namespaces, mounts, capabilities, limits, seccomp.

Runs in the sandbox only, before any student code, as plain ctypes; it needs no library and no root.
Every belt has a name, so that a test can leave one out and show that an attack then succeeds.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
from collections.abc import Collection, Iterable

from hardwired.course.engines.calls import filter_program

__all__ = ["BELTS", "enter_namespaces", "limit", "link", "lock", "mount_private", "seccomp"]

BELTS = frozenset(
    {
        *("pid", "net", "ipc", "uts", "user"),  # namespaces of a submission's own
        *("tmpfs", "tmpfs-size", "proc"),  # file systems of its own, bounded; no /proc
        *("capabilities", "no-new-privs", "seccomp", "dumpable"),
        *("cpu", "memory", "processes", "files", "file-size", "core", "descriptors"),
        *("soft-limit", "environment", "read-only"),  # see runner and bubblewrap
        *("drop-uid", "output"),
    }
)
NS = {
    "pid": 0x20000000,
    "net": 0x40000000,
    "ipc": 0x08000000,
    "uts": 0x04000000,
    "user": 0x10000000,
}
NEWNS = 0x00020000
PROCESSOR = "x86_64"  # the filter below knows its system call numbers alone
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_CAP_AMBIENT = 38, 22, 47

_libc = ctypes.CDLL(None, use_errno=True)
_PRCTL = [ctypes.c_int] + [ctypes.c_ulong] * 4
_libc.prctl.argtypes = _PRCTL


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def prctl(option: int, value: int = 0) -> None:
    """Call prctl(2) or raise OSError."""
    _check(_libc.prctl(option, value, 0, 0, 0), f"prctl {option}")


def die_with_parent() -> None:
    """Be killed when the parent ends."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def enter_namespaces(belts: Collection[str]) -> None:
    """Leave the zygote's namespaces for fresh ones; needs a single thread and /proc.

    A user namespace is always made, since the others need it.
    """
    uid, gid = os.getuid(), os.getgid()
    flags = NEWNS | NS["user"]
    for name in ("pid", "net", "ipc", "uts"):
        if name in belts:
            flags |= NS[name]
    _check(_libc.unshare(flags), "unshare")
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"1000 {uid} 1"),
        ("gid_map", f"1000 {gid} 1"),
    ):
        descriptor = os.open(f"/proc/self/{file}", os.O_WRONLY)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def mount_private(
    belts: Collection[str], size_mb: int, inodes: int, folders: Collection[str]
) -> None:
    """Give the submission empty, bounded folders of its own and hide /proc."""
    if "tmpfs" in belts:
        options = (
            f"size={size_mb}m,nr_inodes={inodes},mode=0700"
            if "tmpfs-size" in belts
            else "mode=0700"
        )
        for folder in folders:
            _mount(folder, options, MS_NOSUID | MS_NODEV)
    if "proc" in belts:
        _mount(
            "/proc", "size=4k,nr_inodes=2,mode=0555", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC
        )


def link(links: Iterable[tuple[str, str]]) -> None:
    """Let an interpreter whose folder was just covered find itself again where it is bound."""
    for place, target in links:
        if os.path.islink(place):  # nothing was laid over it
            continue
        os.makedirs(os.path.dirname(place), mode=0o755, exist_ok=True)
        os.symlink(target, place)


def _mount(folder: str, options: str, flags: int) -> None:
    done = _libc.mount(b"tmpfs", folder.encode(), b"tmpfs", ctypes.c_ulong(flags), options.encode())
    _check(done, f"mount tmpfs on {folder}")


def limit(
    belts: Collection[str], cpu_s: int, memory_mb: int, file_mb: int, processes: int, files: int
) -> None:
    """Set resource limits; soft equals hard but for CPU time, whose hard end kills even pid 1."""
    wanted = [
        ("cpu", resource.RLIMIT_CPU, (cpu_s, cpu_s + 1)),
        ("memory", resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20)),
        ("processes", resource.RLIMIT_NPROC, (processes, processes)),
        ("files", resource.RLIMIT_NOFILE, (files, files)),
        ("file-size", resource.RLIMIT_FSIZE, (file_mb << 20, file_mb << 20)),
        ("core", resource.RLIMIT_CORE, (0, 0)),
        ("memory", resource.RLIMIT_MEMLOCK, (0, 0)),
        ("memory", resource.RLIMIT_MSGQUEUE, (0, 0)),
    ]
    for belt, which, pair in wanted:
        if belt in belts:
            hard = resource.getrlimit(which)[1]
            most = pair[1] if hard == resource.RLIM_INFINITY else min(pair[1], hard)
            resource.setrlimit(which, (min(pair[0], most), most))


def lock(belts: Collection[str]) -> None:
    """Give up every capability and close the door to new privileges."""
    if "no-new-privs" in belts:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
    if "capabilities" in belts:
        for capability in range(64):
            if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
                break
        _libc.prctl(PR_CAP_AMBIENT, 4, 0, 0, 0)
        header = struct.pack("=Ii", 0x20080522, 0)
        _check(_libc.capset(header, struct.pack("=6I", *[0] * 6)), "capset")
    if "dumpable" in belts:
        prctl(PR_SET_DUMPABLE, 0)
    if "seccomp" in belts:
        seccomp()


def seccomp() -> None:
    """Load the filter of system calls; only x86-64 is known to it.

    Raises
    ------
    OSError
        On another processor, or if the kernel refuses.
    """
    if platform.machine() != PROCESSOR:
        raise OSError(f"seccomp filter is written for {PROCESSOR}, this is {platform.machine()}")
    code = filter_program(os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("=HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
    _libc.prctl.argtypes = [
        ctypes.c_int,
        ctypes.c_ulong,
        ctypes.c_char_p,
        ctypes.c_ulong,
        ctypes.c_ulong,
    ]
    try:
        _check(_libc.prctl(PR_SET_SECCOMP, 2, program, 0, 0), "seccomp")
    finally:
        _libc.prctl.argtypes = _PRCTL
