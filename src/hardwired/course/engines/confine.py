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


# x86-64 system call numbers that a notebook has no business with; each answers EPERM.
DENIED = {
    "fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "ptrace": 101,
    "process_vm_readv": 310, "process_vm_writev": 311, "unshare": 272, "setns": 308, "mount": 165,
    "umount2": 166, "pivot_root": 155, "chroot": 161, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442,
    "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425,
    "io_uring_enter": 426, "io_uring_register": 427, "keyctl": 250, "add_key": 248,
    "request_key": 249, "memfd_create": 319, "memfd_secret": 447, "open_by_handle_at": 304,
    "name_to_handle_at": 303, "pidfd_open": 434, "pidfd_getfd": 438, "pidfd_send_signal": 424,
    "process_madvise": 440, "kcmp": 312, "init_module": 175, "finit_module": 313,
    "delete_module": 176, "kexec_load": 246, "kexec_file_load": 320, "reboot": 169, "swapon": 167,
    "swapoff": 168, "acct": 163, "syslog": 103, "settimeofday": 164, "clock_settime": 227,
    "adjtimex": 159, "clock_adjtime": 305, "sethostname": 170, "setdomainname": 171, "iopl": 172,
    "ioperm": 173, "modify_ldt": 154, "personality": 135, "quotactl": 179, "lookup_dcookie": 212,
    "vhangup": 153, "fanotify_init": 300, "shmget": 29, "shmat": 30, "semget": 64, "msgget": 68,
    "mq_open": 240, "mbind": 237, "set_mempolicy": 238, "migrate_pages": 256, "move_pages": 279,
    "uselib": 134, "setuid": 105, "setgid": 106, "setresuid": 117, "setresgid": 119,
    "setgroups": 116, "capset": 126, "mknod": 133, "mknodat": 259,
}  # fmt: skip
SOCKET, CLONE, CLONE3 = 41, 56, 435
AUDIT_ARCH_X86_64 = 0xC000003E
RET_ALLOW, RET_ERRNO, RET_KILL = 0x7FFF0000, 0x00050000, 0x80000000
LD, JEQ, JGE, JSET, RET = 0x20, 0x15, 0x35, 0x45, 0x06
EPERM, ENOSYS = 1, 38


def filter_program() -> bytes:
    """Give the seccomp filter as BPF: a deny list, threads but no processes, AF_UNIX only."""

    def op(code: int, k: int, jt: int = 0, jf: int = 0) -> bytes:
        return struct.pack("=HBBI", code, jt, jf, k)

    out = [op(LD, 4), op(JEQ, AUDIT_ARCH_X86_64, 1, 0), op(RET, RET_KILL)]
    out += [op(LD, 0), op(JGE, 0x40000000, 0, 1), op(RET, RET_ERRNO | ENOSYS)]
    out += [op(JEQ, CLONE3, 0, 1), op(RET, RET_ERRNO | ENOSYS)]
    # clone: only threads
    out += [
        op(JEQ, CLONE, 0, 4),
        op(LD, 16),
        op(JSET, 0x00010000, 1, 0),
        op(RET, RET_ERRNO | EPERM),
        op(RET, RET_ALLOW),
    ]
    # socket: only AF_UNIX (asyncio needs it); the network namespace is empty besides
    out += [
        op(JEQ, SOCKET, 0, 4),
        op(LD, 16),
        op(JEQ, 1, 1, 0),
        op(RET, RET_ERRNO | EPERM),
        op(RET, RET_ALLOW),
    ]
    for number in sorted(DENIED.values()):
        out += [op(JEQ, number, 0, 1), op(RET, RET_ERRNO | EPERM)]
    out.append(op(RET, RET_ALLOW))
    return b"".join(out)


def seccomp() -> None:
    """Load the filter; only x86-64 is known here.

    Raises
    ------
    OSError
        On another processor, or if the kernel refuses.
    """
    if platform.machine() != PROCESSOR:
        raise OSError(f"seccomp filter is written for {PROCESSOR}, this is {platform.machine()}")
    code = filter_program()
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
